/** What the demonstration's administrator decides: groups, approvals with and without deadline, a decline. */
import { api } from '../../protocol/console/api.ts';
import { ALL_COMPUTERS } from '../../catalog/store/groups/group-tree.ts';
import type { UpdateSummary } from '../../protocol/console/updates.ts';
import type { ConsoleClient } from './console-client.ts';
import { FLEET, GROUPS } from './fleet.ts';
import type { GroupName } from './fleet.ts';
import { must } from './step.ts';

const DAY = 86_400_000;
const PAGE = '500';

interface Decision {
  readonly groups: readonly GroupName[];
  readonly action: 'Install' | 'NotApproved';
  readonly deadlineDays?: number;
  readonly appliesTo: (update: UpdateSummary) => boolean;
}

const isCurrent = (update: UpdateSummary): boolean => !update.isSuperseded && !update.isExpired;
const isIn = (update: UpdateSummary, ...classifications: readonly string[]): boolean =>
  classifications.includes(update.classification?.title ?? '');
const isFor = (update: UpdateSummary, pattern: RegExp): boolean =>
  update.products.some(({ title }) => pattern.test(title));

const CLIENT = /^(Windows 1[01]|Office|Microsoft Defender|\.NET)/;
const SERVER = /^(Microsoft Server operating system|Microsoft Defender|\.NET)/;

/** In the order they are taken; a later one overrides an earlier one for the same group. */
const DECISIONS: readonly Decision[] = [
  { groups: ['Pilot'], action: 'Install', appliesTo: isCurrent },
  {
    groups: ['Workstations'],
    action: 'Install',
    deadlineDays: 7,
    appliesTo: (one) =>
      isCurrent(one) &&
      isIn(one, 'Security Updates', 'Definition Updates', 'Update Rollups') &&
      isFor(one, CLIENT),
  },
  {
    groups: ['Workstations'],
    action: 'Install',
    appliesTo: (one) => one.title.startsWith('2026-10 Cumulative Update for Windows'),
  },
  {
    groups: ['Engineering'],
    action: 'Install',
    appliesTo: (one) => isCurrent(one) && isIn(one, 'Updates', 'Drivers'),
  },
  {
    groups: ['Finance'],
    action: 'NotApproved',
    appliesTo: (one) => one.title.startsWith('Windows Malicious Software Removal'),
  },
  {
    groups: ['Servers'],
    action: 'Install',
    appliesTo: (one) =>
      isCurrent(one) &&
      isIn(one, 'Security Updates', 'Definition Updates', 'Update Rollups') &&
      isFor(one, SERVER),
  },
  {
    groups: ['Database servers'],
    action: 'Install',
    deadlineDays: 14,
    appliesTo: (one) => isCurrent(one) && isFor(one, /SQL Server/),
  },
];

export interface Decided {
  readonly approvals: number;
  readonly declined: number;
  /** UpdateIDs offered to the members of each group, inheritance included. */
  readonly offeredTo: ReadonlyMap<GroupName, ReadonlySet<string>>;
}

/** The ids of the groups by name. */
export async function createGroups(console: ConsoleClient): Promise<ReadonlyMap<GroupName, string>> {
  const ids = new Map<GroupName, string>();
  for (const { name, parent } of GROUPS) {
    const parentId = (parent === undefined ? undefined : ids.get(parent)) ?? ALL_COMPUTERS;
    const { groupId } = await console.call(api.createGroup, { body: { name, parentId } });
    ids.set(name, groupId);
  }
  return ids;
}

/** How many computers were put into their groups. */
export async function assignComputers(
  console: ConsoleClient,
  groups: ReadonlyMap<GroupName, string>,
): Promise<number> {
  let assigned = 0;
  for (const [name, groupId] of groups) {
    const computerIds = FLEET.filter(({ group }) => group === name).map(({ profile }) => profile.computerId);
    if (computerIds.length === 0) continue;
    const { changed } = await console.call(api.assignGroups, { body: { computerIds, groupIds: [groupId] } });
    assigned += changed;
  }
  return assigned;
}

export async function decide(
  console: ConsoleClient,
  groups: ReadonlyMap<GroupName, string>,
  now: Date,
): Promise<Decided> {
  const updates = await allUpdates(console);
  const withdrawn = updates.filter((one) => one.isExpired || one.title.includes('Preview'));
  await console.call(api.decline, { body: { updateIds: withdrawn.map(({ updateId }) => updateId) } });
  const open = updates.filter((one) => !withdrawn.includes(one));
  const own = new Map<GroupName, Map<string, Decision['action']>>(
    GROUPS.map(({ name }) => [name, new Map()]),
  );
  let approvals = 0;
  for (const { groups: names, action, deadlineDays, appliesTo } of DECISIONS) {
    const chosen = open.filter(appliesTo);
    must(
      'approve',
      chosen.length > 0,
      () => `nothing in the catalogue suits a decision for ${names.join(', ')}.`,
    );
    const updateIds = chosen.map(({ updateId }) => updateId);
    const { changed } = await console.call(api.approve, {
      body: {
        updateIds,
        groupIds: names.flatMap((name) => groups.get(name) ?? []),
        action,
        ...(deadlineDays === undefined
          ? {}
          : { deadline: new Date(now.getTime() + deadlineDays * DAY).toISOString() }),
        acceptEulaIds: action === 'Install' ? await licencesOf(console, chosen) : [],
      },
    });
    must('approve', changed > 0, () => `the server changed nothing for ${names.join(', ')}.`);
    if (action === 'Install') approvals += changed;
    for (const name of names) for (const id of updateIds) own.get(name)?.set(id, action);
  }
  return { approvals, declined: withdrawn.length, offeredTo: withInheritance(own) };
}

async function allUpdates(console: ConsoleClient): Promise<readonly UpdateSummary[]> {
  const updates: UpdateSummary[] = [];
  let cursor: string | undefined;
  do {
    const page = await console.call(api.updates, {
      query: {
        limit: PAGE,
        superseded: 'show',
        expired: 'show',
        ...(cursor === undefined ? {} : { cursor }),
      },
    });
    updates.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return updates;
}

/** Only upgrades have licence terms here. */
async function licencesOf(console: ConsoleClient, updates: readonly UpdateSummary[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { updateId } of updates.filter((one) => isIn(one, 'Upgrades'))) {
    const { eula } = await console.call(api.update, { path: { updateId } });
    if (eula !== undefined) ids.push(eula.eulaId);
  }
  return ids;
}

/** A group's own decision holds; where it has none, its parent's does. */
function withInheritance(
  own: ReadonlyMap<GroupName, ReadonlyMap<string, Decision['action']>>,
): ReadonlyMap<GroupName, ReadonlySet<string>> {
  const effective = new Map<GroupName, Map<string, Decision['action']>>();
  for (const { name, parent } of GROUPS) {
    const inherited = parent === undefined ? undefined : effective.get(parent);
    effective.set(name, new Map([...(inherited ?? []), ...(own.get(name) ?? [])]));
  }
  return new Map(
    [...effective].map(([name, actions]) => [
      name,
      new Set([...actions].filter(([, action]) => action === 'Install').map(([id]) => id)),
    ]),
  );
}
