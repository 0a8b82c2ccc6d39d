/**
 * The obvious reference that tests hold the engine against: sets and loops straight from [MS-WUSP] 3.1.5.7, over plain
 * values, slow and plainly right. Nothing of the product uses it.
 */
import type { DecisionRow } from '../store/scan-rows.ts';

export interface ReferenceRevision {
  readonly revisionId: number;
  readonly updateId: string;
  readonly revisionNumber: number;
  readonly updateType: 'Software' | 'Driver' | 'Category' | 'Detectoid';
  readonly clauses: readonly (readonly string[])[];
  readonly bundled: readonly { readonly updateId: string; readonly revisionNumber: number }[];
  readonly categoryIds: readonly string[];
}

export interface ReferenceWorld {
  readonly revisions: readonly ReferenceRevision[];
  readonly groups: readonly { readonly groupId: string; readonly parentId: string | null }[];
  readonly decisions: readonly DecisionRow[];
  readonly declined: readonly string[];
}

export interface ReferenceOffer {
  readonly revisionId: number;
  readonly action: string;
  readonly deadline: string | undefined;
}

const STRENGTH = ['Install', 'OptionalInstall', 'Uninstall', 'PreDeploymentCheck', 'Block'];

const latest = (world: ReferenceWorld, updateId: string): ReferenceRevision | undefined =>
  world.revisions
    .filter((revision) => revision.updateId === updateId)
    .sort((a, b) => b.revisionNumber - a.revisionNumber)[0];

const byId = (world: ReferenceWorld, revisionId: number): ReferenceRevision | undefined =>
  world.revisions.find((revision) => revision.revisionId === revisionId);

/** The decision that holds for one group: its own, or its parent's. */
function decisionFor(world: ReferenceWorld, groupId: string, updateId: string): DecisionRow | undefined {
  const own = world.decisions.find((row) => row.groupId === groupId && row.updateId === updateId);
  if (own !== undefined) return own;
  const parentId = world.groups.find((group) => group.groupId === groupId)?.parentId;
  return parentId === undefined || parentId === null ? undefined : decisionFor(world, parentId, updateId);
}

function explicitOffers(world: ReferenceWorld, groupIds: readonly string[]): ReferenceOffer[] {
  const updateIds = new Set(world.decisions.map(({ updateId }) => updateId));
  const offers: ReferenceOffer[] = [];
  for (const updateId of updateIds) {
    if (world.declined.includes(updateId)) continue;
    const rows = groupIds
      .map((groupId) => decisionFor(world, groupId, updateId))
      .filter((row) => row !== undefined)
      .filter((row) => row.action !== 'NotApproved');
    if (rows.length === 0) continue;
    const strongest = Math.min(...rows.map(({ action }) => STRENGTH.indexOf(action)));
    const alike = rows.filter(({ action }) => STRENGTH.indexOf(action) === strongest);
    const highest = Math.max(...alike.map((row) => byId(world, row.revisionId)?.revisionNumber ?? 0));
    const chosen = alike.filter((row) => byId(world, row.revisionId)?.revisionNumber === highest);
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

/** All that these groups are offered, whether its prerequisites are met or not. */
export function referenceOffers(
  world: ReferenceWorld,
  groupIds: readonly string[],
  categoryIds?: readonly string[],
): ReferenceOffer[] {
  const explicit = explicitOffers(world, groupIds).filter(({ revisionId }) => {
    const revision = byId(world, revisionId);
    if (categoryIds === undefined || revision === undefined) return revision !== undefined;
    return (
      categoryIds.includes(revision.updateId) || revision.categoryIds.some((id) => categoryIds.includes(id))
    );
  });
  const membersOf = (revision: ReferenceRevision): ReferenceRevision[] =>
    world.revisions.filter((other) =>
      revision.bundled.some(
        (member) => member.updateId === other.updateId && member.revisionNumber === other.revisionNumber,
      ),
    );
  const roots = explicit.flatMap(({ revisionId }) => byId(world, revisionId) ?? []);
  const bundled = new Set(roots.flatMap(membersOf));
  grow(bundled, membersOf);
  const reached = new Set(roots);
  grow(reached, (revision) => [
    ...revision.clauses.flat().map((updateId) => latest(world, updateId)),
    ...membersOf(revision),
  ]);

  const offers: ReferenceOffer[] = [...explicit];
  for (const updateId of new Set([...reached].map((revision) => revision.updateId))) {
    if (explicit.some(({ revisionId }) => byId(world, revisionId)?.updateId === updateId)) continue;
    const [highest] = [...reached]
      .filter((revision) => revision.updateId === updateId)
      .sort((a, b) => b.revisionNumber - a.revisionNumber);
    if (highest !== undefined)
      offers.push({
        revisionId: highest.revisionId,
        action: bundled.has(highest) ? 'Bundle' : 'Evaluate',
        deadline: undefined,
      });
  }
  return offers;
}

/** Those of the offers that a software scan needs now, given what is installed. */
export function referenceNeeded(
  world: ReferenceWorld,
  offers: readonly ReferenceOffer[],
  installedRevisionIds: readonly number[],
): ReferenceOffer[] {
  const installedUpdates = installedRevisionIds.map((revisionId) => byId(world, revisionId)?.updateId);
  return offers.filter(({ revisionId }) => {
    const revision = byId(world, revisionId);
    return (
      revision !== undefined &&
      revision.updateType !== 'Driver' &&
      revision.clauses.every((clause) => clause.some((updateId) => installedUpdates.includes(updateId)))
    );
  });
}
