/** RollupDownstreamServers: those below first, parents before their children, this relay last ([MS-WSUSSS] 3.2.4.5). */
import { readFileSync } from 'node:fs';
import { z } from 'zod';
import type { Database } from '../../catalog/store/database/database.ts';
import {
  clientSummariesBelow,
  noteActivitySent,
  ownClientSummaries,
} from '../../catalog/store/rollup/rollup-clients.ts';
import { activityToldUntil, noteActivityTold } from '../../catalog/store/rollup/rollup-sent.ts';
import { ownServerSummary } from '../../catalog/store/rollup/server-summary.ts';
import type { ServerSummary } from '../../catalog/store/rollup/server-summary.ts';
import { serversBelow } from '../../catalog/store/rollup/servers-below.ts';
import type { ServerBelow } from '../../catalog/store/rollup/servers-below.ts';
import { NO_SERVER } from '../../protocol/wsusss/rollup.ts';
import type { Account } from '../conversation/authorization.ts';
import { batchesOf } from '../conversation/batches.ts';
import type { RollupCalls, ServerInfo } from './rollup-calls.ts';

export interface RollUpServersOptions {
  readonly db: Database;
  readonly calls: RollupCalls;
  readonly account: Account;
  readonly isReplica: boolean;
  readonly now: () => Date;
  /** Client summaries in one request. */
  readonly batch: number;
}

/** Servers in one request; each takes two kilobytes. */
const MOST_SERVERS = 500;

const VERSION = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))).version;

export async function rollUpServers(options: RollUpServersOptions): Promise<void> {
  const { db, calls, batch, account } = options;
  const until = options.now().toISOString();
  const below = serversBelow(db);
  const infos = [
    ...below.map((server) => infoBelow(db, server, account.guid)),
    ownInfo(options, until),
  ].flatMap((info) => splitClients(info, batch));
  for (const request of requestsOf(infos, batch)) await calls.servers(request);
  for (const { serverId, lastRollup } of below) noteActivitySent(db, serverId, lastRollup);
  noteActivityTold(db, until);
}

function ownInfo({ db, account, isReplica }: RollUpServersOptions, until: string): ServerInfo {
  return {
    ServerId: account.guid,
    FullDomainName: account.name,
    LastSyncTime: until,
    ParentServerId: NO_SERVER,
    Version: VERSION,
    IsReplica: isReplica,
    LastRollupTime: until,
    ServerSummary: ownServerSummary(db),
    ClientSummaries: ownClientSummaries(db, activityToldUntil(db), until),
  };
}

function infoBelow(db: Database, server: ServerBelow, ownId: string): ServerInfo {
  return {
    ServerId: server.serverId,
    FullDomainName: server.fullDomainName,
    LastSyncTime: server.lastSync,
    ParentServerId: server.parentId ?? ownId,
    Version: server.version,
    IsReplica: server.isReplica,
    LastRollupTime: server.lastRollup,
    ServerSummary: { ...NOTHING, ...server.summary },
    ClientSummaries: clientSummariesBelow(db, server.serverId),
  };
}

/** Of a server that was heard of and has not reported itself yet. */
const NOTHING: ServerSummary = {
  UpdateCount: 0,
  DeclinedUpdateCount: 0,
  ApprovedUpdateCount: 0,
  NotApprovedUpdateCount: 0,
  UpdatesWithStaleUpdateApprovalsCount: 0,
  ExpiredUpdateCount: 0,
  CriticalOrSecurityUpdatesNotApprovedForInstallCount: 0,
  WsusInfrastructureUpdatesNotApprovedForInstallCount: 0,
  UpdatesWithClientErrorsCount: 0,
  UpdatesWithServerErrorsCount: 0,
  UpdatesNeedingFilesCount: 0,
  UpdatesNeededByComputersCount: 0,
  UpdatesUpToDateCount: 0,
  CustomComputerTargetGroupCount: 0,
  ComputerTargetCount: 0,
  ComputerTargetsNeedingUpdatesCount: 0,
  ComputerTargetsWithUpdateErrorsCount: 0,
  ComputersUpToDateCount: 0,
};

/** "Split the offending structure into two or more", each with all other fields (3.2.4.5). */
function splitClients(info: ServerInfo, batch: number): ServerInfo[] {
  const clients = info.ClientSummaries ?? [];
  if (clients.length <= batch) return [info];
  return batchesOf(clients, batch).map((part) => ({ ...info, ClientSummaries: part }));
}

/** In their order, as many in a request as it may hold. */
function requestsOf(infos: readonly ServerInfo[], batch: number): ServerInfo[][] {
  const requests: ServerInfo[][] = [];
  let room = 0;
  for (const info of infos) {
    const size = Math.max(1, info.ClientSummaries?.length ?? 0);
    const last = requests.at(-1);
    if (last === undefined || size > room || last.length === MOST_SERVERS) {
      requests.push([info]);
      room = batch - size;
    } else {
      last.push(info);
      room -= size;
    }
  }
  return requests;
}
