/** The SyncUpdates loop: software level by level until nothing new comes, then one pass for drivers ([MS-WUSP] 3.2.4). */
import type { Read } from '../../protocol/soap/table.ts';
import { clientService, RefreshCache, SyncUpdates } from '../../protocol/wusp/client.ts';
import type { SyncInfo } from '../../protocol/wusp/client.ts';
import { featureScoreKey, systemSpec } from './computer-info.ts';
import { AgentError, expectPart } from './error.ts';
import type { SimulatedMachine } from './machine.ts';
import type { AgentSession } from './session.ts';
import type { SoapClient } from './soap-client.ts';
import type { CachedRevision, UpdateCache } from './update-cache.ts';

/** SyncUpdates calls in one scan after which something must be wrong. */
const MOST_CALLS = 300;

export interface ScanParts {
  readonly client: SoapClient;
  readonly session: AgentSession;
  readonly cache: UpdateCache;
  readonly machine: SimulatedMachine;
}

/** How many SyncUpdates calls the scan took. */
export async function scan(parts: ScanParts): Promise<number> {
  const software = await repeat(() => softwareCall(parts));
  if (parts.machine.devices.length === 0) return software.calls;
  const drivers = await repeat(() => driverCall(parts));
  return software.calls + drivers.calls;
}

/** After the server has forgotten this agent: the same revisions under the ids they have there now. */
export async function refreshCache({ client, session, cache }: ScanParts): Promise<void> {
  const identities = cache
    .all()
    .map(({ core }) => ({ UpdateID: core.updateId, RevisionNumber: core.revisionNumber }));
  if (identities.length === 0) return;
  const { RefreshCacheResult } = await session.withCookie((cookie) =>
    client.call(clientService, RefreshCache, { cookie, globalIDs: identities }),
  );
  cache.rebuild(RefreshCacheResult ?? []);
}

async function repeat(call: () => Promise<boolean>): Promise<{ readonly calls: number }> {
  for (let calls = 1; calls <= MOST_CALLS; calls += 1) {
    if (!(await call())) return { calls };
  }
  throw new AgentError(
    'SCAN_ENDLESS',
    `The scan had not come to an end after ${MOST_CALLS} SyncUpdates calls.`,
  );
}

const isDriver = ({ core }: CachedRevision): boolean => core.updateType === 'Driver';
const idsOf = (revisions: readonly CachedRevision[]): readonly number[] =>
  revisions.map(({ revisionId }) => revisionId);

/** An empty list is left out, as agents leave it out. */
const listed = <K extends string>(
  name: K,
  ids: readonly number[],
): { readonly [N in K]?: readonly number[] } => {
  const lists: { [N in K]?: readonly number[] } = {};
  if (ids.length > 0) lists[name] = ids;
  return lists;
};

function installedNonLeaves(cache: UpdateCache): readonly CachedRevision[] {
  return cache.all().filter((one) => !isDriver(one) && !one.isLeaf && cache.assess(one) === 'Installed');
}

/** Whether to call again. */
async function softwareCall({ client, session, cache }: ScanParts): Promise<boolean> {
  const info = await session.withCookie(async (cookie) => {
    const installed = installedNonLeaves(cache);
    const others = cache.all().filter((one) => !isDriver(one) && !installed.includes(one));
    const { SyncUpdatesResult } = await client.call(clientService, SyncUpdates, {
      cookie,
      parameters: {
        ExpressQuery: false,
        ...listed('InstalledNonLeafUpdateIDs', idsOf(installed)),
        ...listed('OtherCachedUpdateIDs', idsOf(others)),
        SkipSoftwareSync: false,
        NeedTwoGroupOutOfScopeUpdates: true,
      },
    });
    return expectPart(SyncUpdatesResult, 'SyncUpdatesResult');
  });
  return take(info, session, cache);
}

async function driverCall({ client, session, cache, machine }: ScanParts): Promise<boolean> {
  const info = await session.withCookie(async (cookie) => {
    const { SyncUpdatesResult } = await client.call(clientService, SyncUpdates, {
      cookie,
      parameters: {
        ExpressQuery: false,
        ...listed('InstalledNonLeafUpdateIDs', idsOf(installedNonLeaves(cache))),
        SystemSpec: systemSpec(machine),
        ...listed('CachedDriverIDs', idsOf(cache.all().filter(isDriver))),
        SkipSoftwareSync: true,
        NeedTwoGroupOutOfScopeUpdates: true,
        ComputerSpec: { HardwareIDs: machine.profile.computerHardwareIds ?? [] },
        FeatureScoreMatchingKey: featureScoreKey(machine),
      },
    });
    return expectPart(SyncUpdatesResult, 'SyncUpdatesResult');
  });
  return take(info, session, cache);
}

/** Whether more is to be expected: the answer was cut short, or what is new lets further revisions in. */
function take(info: Read<typeof SyncInfo>, session: AgentSession, cache: UpdateCache): boolean {
  session.keep(info.NewCookie);
  cache.remove([...(info.OutOfScopeRevisionIDs ?? []), ...(info.DeployedOutOfScopeRevisionIds ?? [])]);
  for (const changed of info.ChangedUpdates ?? []) cache.change(changed);
  const added = (info.NewUpdates ?? []).map((update) => cache.add(update));
  return info.Truncated || added.some((one) => !one.isLeaf && cache.assess(one) === 'Installed');
}
