/**
 * The scan engine on one update and all it needs: what a scan of a computer in these groups would come to, as far as this
 * update is concerned, with each prerequisite it met or missed. The very code that answers agents, on a part of the
 * catalogue; another update's approval can only change how dependencies are deployed, never whether prerequisites are met.
 */
import type { DecisionRow, ScanRows } from '../store/scan-rows.ts';
import { Closure } from './closure.ts';
import { Decisions, byUpdateAndGroup } from './decisions.ts';
import type { ResolvedDecision } from './decisions.ts';
import { EntryPool, PlanEntries } from './plan-entries.ts';
import type { ChangeLog } from './plan-entries.ts';
import { Plan } from './plan.ts';
import { PlanShelf } from './plan-shelf.ts';
import { RevisionShelf } from './revision-shelf.ts';
import { Snapshot } from './snapshot.ts';

/** One alternative of a prerequisite. */
export interface Alternative {
  readonly updateId: string;
  /** The computer said that it has it. */
  readonly isInstalled: boolean;
  /** The engine offers it to the computer, so that the agent itself finds out whether it has it. */
  readonly isOffered: boolean;
}

/** An OR of alternatives; all of a revision's must be met ([MS-WUSP] 3.1.5.7). */
export type Clause = readonly Alternative[];

export interface SingleUpdateScan {
  /** What the computer's groups decide together; undefined where nothing is offered to them. */
  readonly decision: ResolvedDecision | undefined;
  /** The revision that was looked at: the one that is deployed, or the latest. */
  readonly revisionId: number;
  /** Whether the engine offers the revision; for what nobody decided on, whether it would. */
  readonly isOffered: boolean;
  readonly clauses: readonly Clause[];
  /** The same of what a prerequisite of it waits for, by UpdateID. */
  readonly clausesBelow: ReadonlyMap<string, readonly Clause[]>;
}

/** Prerequisites of prerequisites that are looked at: what an update waits for is near it. */
const MOST_BELOW = 200;

/** Nothing is told of changes here. */
const NO_CHANGES: ChangeLog = { changeOf: () => 0, changeOfDependency: () => 0 };

const NO_LIMITS = { pageSize: Number.MAX_SAFE_INTEGER, pageBytes: Number.MAX_SAFE_INTEGER };

/**
 * Within `begin` and `end` of the rows.
 *
 * @param latestRevisionId of the update
 * @param installed RevisionIDs of non-leaf revisions that the computer said it has
 */
export function scanSingleUpdate(
  rows: ScanRows,
  { updateId, latestRevisionId }: { readonly updateId: string; readonly latestRevisionId: number },
  groupIds: readonly string[],
  installed: readonly number[],
): SingleUpdateScan {
  const tree = rows.groupTree();
  const own = rows.decisionsAbout([updateId]);
  const shelf = new RevisionShelf(rows);
  const closure = finish(
    Closure.collect(shelf, [latestRevisionId, ...own.map(({ revisionId }) => revisionId)]),
  );
  const numberOf = (revisionId: number): number =>
    closure.revisions[closure.nodeOfRevision(revisionId)]?.revisionNumber ?? 0;
  const resolve = (decisions: readonly DecisionRow[]): Map<string, ResolvedDecision> =>
    new Decisions(byUpdateAndGroup(decisions), tree, numberOf).resolve(groupIds);
  const decision = resolve(own).get(updateId);
  const revisionId = decision?.revisionId ?? latestRevisionId;
  const isDecided = decision !== undefined;
  const entries = new PlanEntries(closure, NO_CHANGES, new EntryPool());
  const plans = new PlanShelf(() =>
    Plan.build(
      closure,
      isDecided ? resolve(own) : new Map([[updateId, supposed(latestRevisionId)]]),
      entries,
    ),
  );
  const answer = new Snapshot(rows.generation(), closure, plans).scan({
    ...NO_LIMITS,
    groupIds,
    installedNonLeafRevisionIds: installed,
    otherCachedRevisionIds: [],
    cachedDriverRevisionIds: [],
  });
  const offered = new Set(answer.newUpdates.map((one) => one.updateId));
  const updateOf = new Map(
    [...closure.updateIds].flatMap((id) =>
      shelf.identitiesOf(id).map(({ revisionId: one }) => [one, id] as const),
    ),
  );
  const has = new Set(installed.flatMap((id) => updateOf.get(id) ?? []));
  const read = (node: number): Clause[] =>
    (closure.revisions[node]?.clauses ?? []).map((clause) =>
      clause.map((id) => ({
        updateId: id,
        isInstalled: has.has(id),
        isOffered: offered.has(id),
      })),
    );
  const clauses = read(closure.nodeOfRevision(revisionId));
  return {
    decision,
    revisionId,
    isOffered: answer.newUpdates.some((one) => one.revisionId === revisionId),
    clauses,
    clausesBelow: below(closure, clauses, read),
  };
}

/** As if it were approved, to tell whether it would be offered. */
const supposed = (revisionId: number): ResolvedDecision => ({
  revisionId,
  deploymentId: 0,
  action: 'Install',
  changedAt: '',
});

const isMissed = (clause: Clause): boolean => !clause.some(({ isInstalled }) => isInstalled);

/** Of each alternative that the engine holds back, what it waits for itself. */
function below(
  closure: Closure,
  clauses: readonly Clause[],
  read: (node: number) => Clause[],
): Map<string, readonly Clause[]> {
  const found = new Map<string, readonly Clause[]>();
  const waiting = clauses.filter(isMissed).flat();
  for (const { updateId, isInstalled, isOffered } of waiting) {
    if (isInstalled || isOffered || found.has(updateId) || found.size >= MOST_BELOW) continue;
    const node = closure.latestNodeOf(updateId);
    if (node === undefined) continue;
    const own = read(node);
    found.set(updateId, own);
    waiting.push(...own.filter(isMissed).flat());
  }
  return found;
}

/** To its end at once: one update's closure is small. */
function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done === true) return step.value;
  }
}
