/** RollupComputers, GetOutOfSyncComputers and RollupComputerStatus ([MS-WSUSSS] 3.1.4.15 to 3.1.4.17). */
import { ReceivedComputers } from '../../catalog/store/rollup/received-computers.ts';
import type {
  Kept,
  ReportedComputer,
  ReportedDetails,
} from '../../catalog/store/rollup/received-computers.ts';
import { ReceivedServers } from '../../catalog/store/rollup/received-servers.ts';
import { ReceivedStatus } from '../../catalog/store/rollup/received-status.ts';
import type { ReportedStatus } from '../../catalog/store/rollup/received-status.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Read } from '../../protocol/soap/table.ts';
import {
  GetOutOfSyncComputers,
  RollupComputers,
  RollupComputerStatus,
  type ComputerRollupDetails,
  type ComputerRollupInfo,
  type ComputerStatusRollupInfo,
} from '../../protocol/wsusss/rollup.ts';
import { durably } from '../soap/durably.ts';
import { implement } from '../soap/implementation.ts';
import type { Call } from '../soap/implementation.ts';
import type { DownstreamParts } from './context.ts';
import { callerOf, checkCaller, checkDetailed, computerIdOf, timeOf } from './rollup-caller.ts';
import { asFault, batchSize } from './rollup-servers.ts';

export const rollupComputers = (parts: DownstreamParts) => {
  const received = new ReceivedComputers(parts.db);
  const servers = new ReceivedServers(parts.db);
  return implement(RollupComputers, async ({ cookie, computers }, call) => {
    const callerId = callerOf(parts, cookie, call);
    checkDetailed(parts);
    if (computers === undefined || computers.length > batchSize(parts.config, 'computers'))
      throw new SoapFault('InvalidParameters', 'computers');
    const now = parts.now();
    const reported = computers.map((info) => reportedComputer(info, now));
    const kept = await durably(parts, () => {
      const parents = new Set(reported.map(({ parentId }) => parentId));
      if ([...parents].some((parentId) => !servers.isKnown(parentId)))
        throw new SoapFault('InternalServerError', 'computers');
      // Those of a server that stands elsewhere are passed over as it was.
      const within = new Set([...parents].filter((parentId) => servers.isWithin(callerId, parentId)));
      return asFault('computers', () =>
        received.keep(
          callerId,
          reported.filter(({ parentId }) => within.has(parentId)),
        ),
      );
    });
    if (kept.moved.length > 0) tellMoves(parts, callerId, call, kept);
    const lacking = new Set(kept.lacking);
    const asSent = new Set(computers.map(({ ComputerId }) => ComputerId ?? ''));
    return {
      RollupComputersResult: [...asSent]
        .filter((id) => lacking.has(id.toLowerCase()))
        .map((ComputerId) => ({ ComputerId, Change: 'NewParent' as const })),
    };
  });
};

/** Computers named in one line of the log. */
const MOST_NAMED = 5;

/** Computers do move; but whoever knows an id can also take another server's computer. */
const tellMoves = (
  { log }: DownstreamParts,
  callerId: string,
  { remoteAddress }: Call,
  { moved }: Kept,
): void =>
  void log.info('Computers moved between downstream servers', {
    reporter: callerId,
    remoteAddress,
    count: moved.length,
    among: moved.slice(0, MOST_NAMED),
  });

export const getOutOfSyncComputers = (parts: DownstreamParts) => {
  const received = new ReceivedComputers(parts.db);
  return implement(GetOutOfSyncComputers, async ({ cookie, parentServerId, lastRollupNumbers }, call) => {
    const callerId = callerOf(parts, cookie, call);
    checkDetailed(parts);
    if (lastRollupNumbers === undefined || lastRollupNumbers.length > batchSize(parts.config, 'numbers'))
      throw new SoapFault('InvalidParameters', 'lastRollupNumbers');
    checkCaller(callerId, parentServerId);
    const numbers = lastRollupNumbers.map(({ ComputerId, RollupNumber }) => ({
      computerId: computerIdOf(ComputerId, 'lastRollupNumbers'),
      rollupNumber: RollupNumber,
    }));
    const differing = new Set(await durably(parts, () => received.outOfSync(callerId, numbers)));
    return {
      GetOutOfSyncComputersResult: lastRollupNumbers.flatMap(({ ComputerId: id }) =>
        id !== undefined && differing.has(id.toLowerCase()) ? [id] : [],
      ),
    };
  });
};

export const rollupComputerStatus = (parts: DownstreamParts) => {
  const received = new ReceivedStatus(parts.db);
  return implement(RollupComputerStatus, async ({ cookie, parentServerId, computers }, call) => {
    const callerId = callerOf(parts, cookie, call);
    checkDetailed(parts);
    if (computers === undefined || computers.length > batchSize(parts.config, 'statuses'))
      throw new SoapFault('InvalidParameters', 'computers');
    checkCaller(callerId, parentServerId);
    const now = parts.now();
    const statuses = computers.map((info) => reportedStatus(info, now));
    await durably(parts, () => received.keep(callerId, statuses));
    return { RollupComputerStatusResult: true };
  });
};

function reportedComputer(info: Read<typeof ComputerRollupInfo>, now: Date): ReportedComputer {
  const time = (dateTime: string): string => timeOf(dateTime, 'computers', now);
  return {
    computerId: computerIdOf(info.ComputerId, 'computers'),
    parentId: info.ParentServerId,
    lastSync: time(info.LastSyncTime),
    lastSyncResult: info.LastSyncResult,
    lastReboot: time(info.LastReportedRebootTime),
    lastStatus: time(info.LastReportedStatusTime),
    lastInventory: time(info.LastInventoryTime),
    ...(info.Details === undefined ? {} : { details: reportedDetails(info.Details) }),
  };
}

/** Characters of any one text ([MS-WSUSSS] 3.1.4.15.3.3 has 256 at most), and entries of a list. */
const LONGEST_TEXT = 1024;
const MOST_GROUPS = 1000;

function reportedDetails(details: Read<typeof ComputerRollupDetails>): ReportedDetails {
  const names = details.RequestedTargetGroupNames ?? [];
  const texts = [...Object.values(details), ...names].filter((value) => typeof value === 'string');
  const isTooMuch =
    texts.some((text) => text.length > LONGEST_TEXT) ||
    names.length > MOST_GROUPS ||
    (details.TargetGroupIdList ?? []).length > MOST_GROUPS;
  if (isTooMuch) throw new SoapFault('InvalidParameters', 'computers');
  return {
    dnsName: details.FullDomainName ?? '',
    ipAddress: details.IPAddress ?? '',
    osDescription: details.OSDescription ?? '',
    osVersion: [details.OSMajorVersion, details.OSMinorVersion, details.OSBuildNumber].join('.'),
    whole: details,
  };
}

const HIGHEST_STATE = 6;

function reportedStatus(info: Read<typeof ComputerStatusRollupInfo>, now: Date): ReportedStatus {
  const updates = info.UpdateStatus ?? [];
  if (updates.some(({ SummarizationState: state }) => state < 0 || state > HIGHEST_STATE))
    throw new SoapFault('InvalidParameters', 'computers');
  return {
    computerId: computerIdOf(info.ComputerId, 'computers'),
    rollupNumber: info.RollupNumber,
    effectiveDetection: timeOf(info.EffectiveLastDetectionTime, 'computers', now),
    isFull: info.IsFullRollup,
    updates: updates.map(({ UpdateId, SummarizationState, LastChangeTime }) => ({
      updateId: UpdateId,
      state: SummarizationState,
      changedAt: timeOf(LastChangeTime, 'computers', now),
    })),
  };
}
