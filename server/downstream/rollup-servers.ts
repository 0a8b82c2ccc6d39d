/** GetRollupConfiguration and RollupDownstreamServers ([MS-WSUSSS] 3.1.4.13 and 3.1.4.14). */
import { accountGuid } from '../../catalog/store/access/account-guid.ts';
import { RefusalError } from '../../catalog/store/database/refusal.ts';
import { accountNameOf } from '../../catalog/store/rollup/downstream-account.ts';
import { ReceivedServers } from '../../catalog/store/rollup/received-servers.ts';
import type { ReportedClients, ReportedServer } from '../../catalog/store/rollup/received-servers.ts';
import { rollupResetGuid } from '../../catalog/store/rollup/reset-guid.ts';
import { beginRound } from '../../catalog/store/rollup/rollup-round.ts';
import type { Config } from '../../config/schema.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Read } from '../../protocol/soap/table.ts';
import {
  GetRollupConfiguration,
  NO_SERVER,
  RollupDownstreamServers,
  type DownstreamServerRollupClientSummary,
  type DownstreamServerRollupInfo,
} from '../../protocol/wsusss/rollup.ts';
import { durably } from '../soap/durably.ts';
import { implement } from '../soap/implementation.ts';
import type { DownstreamParts } from './context.ts';
import { refusalLog } from './visit-log.ts';
import { callerOf, timeOf } from './rollup-caller.ts';

/** What Windows servers allow (notes 46 to 49), and bytes that one of each may take in a request. */
const BATCHES = {
  servers: { most: 5000, bytes: 2_000 },
  computers: { most: 1500, bytes: 2_500 },
  numbers: { most: 20_000, bytes: 200 },
  /** Three hundred updates on each. */
  statuses: { most: 500, bytes: 80_000 },
} as const;

/** Structures that one request may hold: no more than fit into what a request may be. */
export function batchSize({ limits }: Config, kind: keyof typeof BATCHES): number {
  const { most, bytes } = BATCHES[kind];
  return Math.max(1, Math.min(most, Math.floor(limits.requestBytes / bytes)));
}

export const getRollupConfiguration = (parts: DownstreamParts) =>
  implement(GetRollupConfiguration, async ({ cookie }, call) => {
    const { db, config } = parts;
    const callerId = callerOf(parts, cookie, call);
    const answer = await durably(parts, () => {
      beginRound(db, callerId);
      return { RollupResetGuid: rollupResetGuid(db), ServerId: accountGuid(db) };
    });
    return {
      GetRollupConfigurationResult: {
        DoDetailedRollup: config.rollup.detailed,
        ...answer,
        RollupDownstreamServersMaxBatchSize: batchSize(config, 'servers'),
        RollupComputersMaxBatchSize: batchSize(config, 'computers'),
        GetOutOfSyncComputersMaxBatchSize: batchSize(config, 'numbers'),
        RollupComputerStatusMaxBatchSize: batchSize(config, 'statuses'),
      },
    };
  });

export const rollupDownstreamServers = (parts: DownstreamParts) => {
  const received = new ReceivedServers(parts.db);
  const refusals = refusalLog(parts.log, parts.now);
  return implement(RollupDownstreamServers, async ({ cookie, downstreamServers }, call) => {
    const { db, config, now } = parts;
    const callerId = callerOf(parts, cookie, call);
    const summaries = (downstreamServers ?? []).reduce(
      (sum, { ClientSummaries: own }) => sum + Math.max(1, own?.length ?? 0),
      0,
    );
    if (downstreamServers === undefined || summaries > batchSize(config, 'servers'))
      throw new SoapFault('InvalidParameters', 'downstreamServers');
    const own = accountGuid(db);
    const servers = downstreamServers.map((info) => reportedServer(info, own, now()));
    if (servers.some(({ serverId }) => serverId === own || serverId === NO_SERVER))
      throw new SoapFault('InvalidParameters', 'downstreamServers');
    const accountName = accountNameOf(db, callerId);
    const passedOver = await durably(parts, () =>
      asFault('downstreamServers', () => received.keep(callerId, accountName, servers, now())),
    );
    if (passedOver.length > 0) {
      refusals.note({
        accountName,
        accountGuid: callerId,
        remoteAddress: call.remoteAddress,
        operation: RollupDownstreamServers.name,
        refusal: 'SERVER_STANDS_ELSEWHERE',
        why: `It reported ${passedOver.length} servers below it that stand elsewhere here, among them ${String(passedOver[0])}. If that server was moved below it, remove it in the console where it stands.`,
      });
    }
    return {};
  });
};

/** What the store refuses is the fault of this parameter. */
export function asFault<T>(parameter: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RefusalError) throw new SoapFault('InvalidParameters', parameter, { cause: error });
    throw error;
  }
}

/** Characters of a name or version that are kept. */
const LONGEST_NAME = 255;

function reportedServer(
  info: Read<typeof DownstreamServerRollupInfo>,
  own: string,
  now: Date,
): ReportedServer {
  const isOurs = info.ParentServerId === NO_SERVER || info.ParentServerId === own;
  return {
    serverId: info.ServerId,
    parentId: isOurs ? undefined : info.ParentServerId,
    fullDomainName: (info.FullDomainName ?? '').slice(0, LONGEST_NAME),
    version: (info.Version ?? '').slice(0, LONGEST_NAME),
    isReplica: info.IsReplica,
    lastSync: timeOf(info.LastSyncTime, 'downstreamServers', now),
    lastRollup: timeOf(info.LastRollupTime, 'downstreamServers', now),
    summary: info.ServerSummary ?? {},
    clients: (info.ClientSummaries ?? []).map(reportedClients),
  };
}

function reportedClients(summary: Read<typeof DownstreamServerRollupClientSummary>): ReportedClients {
  const { Count, ActivitySummaries, ...kind } = summary;
  return {
    kind: JSON.stringify(kind),
    computers: Math.max(0, Count),
    activities: (ActivitySummaries ?? []).map((activity) => ({
      updateId: activity.UpdateId,
      revisionNumber: activity.RevisionNumber,
      successes: Math.max(0, activity.InstallSuccessCount),
      failures: Math.max(0, activity.InstallFailureCount),
    })),
  };
}
