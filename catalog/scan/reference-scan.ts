/**
 * The obvious reference that tests hold the engine against: sets and loops straight from [MS-WUSP] 3.1.5.7, over plain
 * values, slow and plainly right. Nothing of the product uses it.
 */
import type { DriverMetadata } from '../metadata/model.ts';
import type { DecisionRow } from '../store/scan-rows.ts';
import { referenceDrivers } from './reference-drivers.ts';
import type { PageLimits, ScanRequest } from './scan.ts';

export interface ReferenceRevision {
  readonly revisionId: number;
  readonly updateId: string;
  readonly revisionNumber: number;
  readonly updateType: 'Software' | 'Driver' | 'Category' | 'Detectoid';
  readonly clauses: readonly (readonly string[])[];
  readonly bundled: readonly { readonly updateId: string; readonly revisionNumber: number }[];
  readonly categoryIds: readonly string[];
  readonly core: string;
  readonly drivers: readonly DriverMetadata[];
}

export interface ReferenceWorld {
  readonly revisions: readonly ReferenceRevision[];
  readonly groups: readonly { readonly groupId: string; readonly parentId: string | null }[];
  readonly decisions: readonly DecisionRow[];
  readonly declined: readonly string[];
}

/** One revision as it is deployed to a computer. */
export interface ReferenceOffer {
  readonly revisionId: number;
  readonly action: string;
  readonly deadline: string | undefined;
  readonly isLeaf: boolean;
  /** Of drivers that were found: the ids, in no order. */
  readonly hardwareIds?: ReadonlySet<string>;
}

/** What an answer without limits would bring, in no order. */
export interface ReferenceAnswer {
  readonly newUpdates: readonly ReferenceOffer[];
  /** In NeededRevisions and in CachedRevisions. */
  readonly kept: readonly ReferenceOffer[];
  readonly outOfScope: ReadonlySet<number>;
  readonly deployedOutOfScope: ReadonlySet<number>;
  readonly driverSyncNotNeeded: boolean;
}

const STRENGTH = ['Install', 'OptionalInstall', 'Uninstall', 'PreDeploymentCheck', 'Block'];

const latest = (world: ReferenceWorld, updateId: string): ReferenceRevision | undefined =>
  world.revisions
    .filter((revision) => revision.updateId === updateId)
    .sort((a, b) => b.revisionNumber - a.revisionNumber)[0];

export const revisionOf = (world: ReferenceWorld, revisionId: number): ReferenceRevision | undefined =>
  world.revisions.find((revision) => revision.revisionId === revisionId);

/** A revision that no prerequisite of any revision names. */
export const isLeafIn = (world: ReferenceWorld, updateId: string): boolean =>
  !world.revisions.some(({ clauses }) => clauses.some((clause) => clause.includes(updateId)));

/** The decision that holds for one group: its own, or its parent's. */
function decisionFor(world: ReferenceWorld, groupId: string, updateId: string): DecisionRow | undefined {
  const own = world.decisions.find((row) => row.groupId === groupId && row.updateId === updateId);
  if (own !== undefined) return own;
  const parentId = world.groups.find((group) => group.groupId === groupId)?.parentId;
  return parentId === undefined || parentId === null ? undefined : decisionFor(world, parentId, updateId);
}

type Decided = Pick<ReferenceOffer, 'revisionId' | 'action' | 'deadline'>;

/** What administrators decided for a computer in these groups. */
function explicitOffers(world: ReferenceWorld, groupIds: readonly string[]): Decided[] {
  const offers: Decided[] = [];
  for (const updateId of new Set(world.decisions.map((row) => row.updateId))) {
    if (world.declined.includes(updateId)) continue;
    const rows = groupIds
      .map((groupId) => decisionFor(world, groupId, updateId))
      .filter((row) => row !== undefined)
      .filter((row) => row.action !== 'NotApproved');
    if (rows.length === 0) continue;
    const strongest = Math.min(...rows.map(({ action }) => STRENGTH.indexOf(action)));
    const alike = rows.filter(({ action }) => STRENGTH.indexOf(action) === strongest);
    const numberOf = (row: DecisionRow): number => revisionOf(world, row.revisionId)?.revisionNumber ?? 0;
    const highest = Math.max(...alike.map(numberOf));
    const chosen = alike.filter((row) => numberOf(row) === highest);
    const deadlines = chosen.flatMap(({ deadline }) => (deadline === null ? [] : [deadline])).sort();
    const action = STRENGTH[strongest] ?? '';
    offers.push({
      revisionId: chosen[0]?.revisionId ?? 0,
      action: action === 'Block' ? 'PreDeploymentCheck' : action,
      deadline: deadlines[0],
    });
  }
  return offers;
}

/** Adds what each member leads to, until nothing is added. */
const grow = (
  set: Set<ReferenceRevision>,
  more: (revision: ReferenceRevision) => (ReferenceRevision | undefined)[],
): void => {
  for (const revision of set) for (const next of more(revision)) if (next !== undefined) set.add(next);
};

const membersOf = (world: ReferenceWorld, { bundled }: ReferenceRevision): ReferenceRevision[] =>
  world.revisions.filter((other) =>
    bundled.some(
      (member) => member.updateId === other.updateId && member.revisionNumber === other.revisionNumber,
    ),
  );

const namedBy = ({ clauses }: ReferenceRevision): string[] => clauses.flat();

/** "Deployed to the client computer's target group, combined with any dependencies", one revision an update. */
function deployedTo(world: ReferenceWorld, groupIds: readonly string[]): ReferenceOffer[] {
  const explicit = explicitOffers(world, groupIds);
  const roots = explicit.flatMap(({ revisionId }) => revisionOf(world, revisionId) ?? []);
  const bundled = new Set(roots.flatMap((root) => membersOf(world, root)));
  grow(bundled, (revision) => membersOf(world, revision));
  const reached = new Set(roots);
  grow(reached, (revision) => [
    ...namedBy(revision).map((updateId) => latest(world, updateId)),
    ...membersOf(world, revision),
  ]);

  const offers: ReferenceOffer[] = [];
  for (const updateId of new Set([...reached].map((revision) => revision.updateId))) {
    const isLeaf = isLeafIn(world, updateId);
    const own = explicit.find(({ revisionId }) => revisionOf(world, revisionId)?.updateId === updateId);
    const [highest] = [...reached]
      .filter((revision) => revision.updateId === updateId)
      .sort((a, b) => b.revisionNumber - a.revisionNumber);
    if (own !== undefined) offers.push({ ...own, isLeaf });
    else if (highest !== undefined)
      offers.push({
        revisionId: highest.revisionId,
        action: bundled.has(highest) ? 'Bundle' : 'Evaluate',
        deadline: undefined,
        isLeaf,
      });
  }
  return offers;
}

/** Of what is deployed, what was decided on and is related to the categories, and what that depends on. */
function relatedTo(
  world: ReferenceWorld,
  groupIds: readonly string[],
  categoryIds: readonly string[],
): ReferenceOffer[] {
  const offers = deployedTo(world, groupIds);
  const offered = offers.flatMap(({ revisionId }) => revisionOf(world, revisionId) ?? []);
  const explicit = explicitOffers(world, groupIds).map(({ revisionId }) => revisionId);
  const related = new Set(
    offered.filter(
      (revision) =>
        explicit.includes(revision.revisionId) &&
        [revision.updateId, ...revision.categoryIds].some((id) => categoryIds.includes(id)),
    ),
  );
  grow(related, (revision) =>
    [...namedBy(revision), ...membersOf(world, revision).map(({ updateId }) => updateId)].map((updateId) =>
      offered.find((other) => other.updateId === updateId),
    ),
  );
  return offers.filter(({ revisionId }) => [...related].some((one) => one.revisionId === revisionId));
}

/** All that these groups are offered, whether its prerequisites are met or not. */
export const referenceOffers = (
  world: ReferenceWorld,
  groupIds: readonly string[],
  categoryIds?: readonly string[],
): ReferenceOffer[] =>
  categoryIds === undefined ? deployedTo(world, groupIds) : relatedTo(world, groupIds, categoryIds);

/** Whether each clause names an update of which some revision is among the installed. */
function isSatisfied(
  world: ReferenceWorld,
  revision: ReferenceRevision,
  installedRevisionIds: readonly number[],
): boolean {
  const installed = installedRevisionIds.map((revisionId) => revisionOf(world, revisionId)?.updateId);
  return revision.clauses.every((clause) => clause.some((updateId) => installed.includes(updateId)));
}

export type ReferenceRequest = Omit<ScanRequest, keyof PageLimits | 'knownChange'>;

/** NeededRevisions. */
export function referenceNeeded(world: ReferenceWorld, request: ReferenceRequest): ReferenceOffer[] {
  const satisfied = referenceOffers(world, request.groupIds, request.categoryIds).flatMap((offer) => {
    const revision = revisionOf(world, offer.revisionId);
    const isMet = revision !== undefined && isSatisfied(world, revision, request.installedNonLeafRevisionIds);
    return isMet ? [{ offer, revision }] : [];
  });
  if (request.drivers === undefined)
    return satisfied.filter(({ revision }) => revision.updateType !== 'Driver').map(({ offer }) => offer);
  const drivers = satisfied
    .filter(({ revision }) => revision.updateType === 'Driver')
    .map(({ offer, revision }) => ({ ...revision, action: offer.action }));
  const found = referenceDrivers(drivers, request.drivers);
  return satisfied.flatMap(({ offer }) => {
    const hardwareIds = found.get(offer.revisionId);
    return hardwareIds === undefined ? [] : [{ ...offer, hardwareIds }];
  });
}

export function referenceAnswer(world: ReferenceWorld, request: ReferenceRequest): ReferenceAnswer {
  const needed = referenceNeeded(world, request);
  const cached = new Set(
    request.drivers === undefined
      ? [...request.installedNonLeafRevisionIds, ...request.otherCachedRevisionIds]
      : request.cachedDriverRevisionIds,
  );
  const unneeded = [...cached].filter((id) => !needed.some(({ revisionId }) => revisionId === id));
  const deployed = referenceOffers(world, request.groupIds).map(({ revisionId }) => revisionId);
  const isOutsideFilter = (id: number): boolean => request.categoryIds !== undefined && deployed.includes(id);
  const drivers = referenceOffers(world, request.groupIds, request.categoryIds).filter(
    ({ revisionId }) => revisionOf(world, revisionId)?.updateType === 'Driver',
  );
  return {
    newUpdates: needed.filter(({ revisionId }) => !cached.has(revisionId)),
    kept: needed.filter(({ revisionId }) => cached.has(revisionId)),
    outOfScope: new Set(unneeded.filter((id) => !isOutsideFilter(id))),
    deployedOutOfScope: new Set(unneeded.filter(isOutsideFilter)),
    driverSyncNotNeeded: drivers.length === 0 && request.cachedDriverRevisionIds.length === 0,
  };
}

/** NeededRevisions of SyncPrinterCatalog: every driver of class Printer, with its hardware ids of that class. */
export function referencePrinters(
  world: ReferenceWorld,
  groupIds: readonly string[],
  installedRevisionIds: readonly number[],
): ReferenceOffer[] {
  return referenceOffers(world, groupIds).flatMap((offer) => {
    const revision = revisionOf(world, offer.revisionId);
    const printers = (revision?.drivers ?? []).filter(
      (entry) => entry.driverClass?.toLowerCase() === 'printer',
    );
    const isNeeded =
      revision?.updateType === 'Driver' &&
      printers.length > 0 &&
      isSatisfied(world, revision, installedRevisionIds);
    const hardwareIds = new Set(printers.map(({ hardwareId }) => hardwareId.toLowerCase()));
    return isNeeded ? [{ ...offer, hardwareIds }] : [];
  });
}

/**
 * Pairs of these updates in which the first comes before the second: it is named as a prerequisite, or bundled, and does
 * not itself depend on the second over any number of steps among what the groups are offered.
 */
export function referenceOrder(
  world: ReferenceWorld,
  groupIds: readonly string[],
  updates: readonly { readonly revisionId: number }[],
): (readonly [first: number, second: number])[] {
  const offered = deployedTo(world, groupIds).flatMap(
    ({ revisionId }) => revisionOf(world, revisionId) ?? [],
  );
  const dependencies = (revision: ReferenceRevision): ReferenceRevision[] => {
    const updateIds = [...namedBy(revision), ...membersOf(world, revision).map(({ updateId }) => updateId)];
    return offered.filter(({ updateId }) => updateIds.includes(updateId));
  };
  const isIn = (revision: ReferenceRevision): boolean =>
    updates.some(({ revisionId }) => revisionId === revision.revisionId);
  return offered.filter(isIn).flatMap((second) =>
    dependencies(second)
      .filter(isIn)
      .flatMap((first) => {
        const below = new Set(dependencies(first));
        grow(below, dependencies);
        return below.has(second) ? [] : [[first.revisionId, second.revisionId] as const];
      }),
  );
}

/** What of these, in this order, one answer may bring: at least one, and then as long as both limits hold. */
export function referencePage<T extends { readonly core: Buffer }>(
  ordered: readonly T[],
  { pageSize, pageBytes }: PageLimits,
): readonly T[] {
  let page = ordered.slice(0, 1);
  for (let length = 2; length <= Math.min(pageSize, ordered.length); length += 1) {
    const longer = ordered.slice(0, length);
    if (longer.reduce((bytes, { core }) => bytes + core.length, 0) > pageBytes) break;
    page = longer;
  }
  return page;
}
