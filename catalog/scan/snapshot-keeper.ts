/** Holds the present snapshot and makes the next one when the catalogue's generation moved. */
import type { Database } from '../store/database/database.ts';
import { ScanRows } from '../store/scan-rows.ts';
import { Closure } from './closure.ts';
import { Decisions } from './decisions.ts';
import type { ChangeLog } from './plan.ts';
import { RevisionShelf } from './revision-shelf.ts';
import { Snapshot } from './snapshot.ts';

export class SnapshotKeeper {
  readonly #rows: ScanRows;
  readonly #shelf: RevisionShelf;
  #snapshot: Snapshot | undefined;

  constructor(db: Database) {
    this.#rows = new ScanRows(db);
    this.#shelf = new RevisionShelf(this.#rows);
  }

  /**
   * The snapshot of what is committed now. One indexed read asks whether anything changed; a request keeps the
   * snapshot it began with.
   */
  current(): Snapshot {
    if (this.#snapshot?.generation !== this.#rows.generation()) {
      this.#snapshot = this.#rows.atOneState(() => buildSnapshot(this.#rows, this.#shelf));
    }
    return this.#snapshot;
  }
}

function buildSnapshot(rows: ScanRows, shelf: RevisionShelf): Snapshot {
  const decisionRows = rows.decisions();
  const rootIds = new Set(
    decisionRows.filter(({ action }) => action !== 'NotApproved').map(({ revisionId }) => revisionId),
  );
  const closure = new Closure(rows, shelf, rootIds);
  shelf.keepOnly(closure.revisions);
  const revisionNumbers = new Map(
    closure.revisions.map(({ revisionId, revisionNumber }) => [revisionId, revisionNumber]),
  );
  const decisions = new Decisions(decisionRows, rows.groupTree(), revisionNumbers);
  return new Snapshot(rows.generation(), closure, decisions, changeLog(rows, closure));
}

/** Bundles are asked for here, at one state of the database: plans are built later. */
function changeLog(rows: ScanRows, closure: Closure): ChangeLog {
  const changes = rows.changes();
  const changeOf = (updateId: string): number => changes.get(updateId) ?? 0;
  const ofDependency = new Map<string, number>();
  for (const { updateId, updateType } of closure.revisions) {
    if (updateType !== 'Category' && updateType !== 'Detectoid' && !ofDependency.has(updateId)) {
      ofDependency.set(updateId, changeAbove(rows, changeOf, updateId));
    }
  }
  return { changeOf, changeOfDependency: (updateId) => ofDependency.get(updateId) ?? changeOf(updateId) };
}

/** The latest change of an update and of all that bundle it, directly or not, deployed or no more. */
function changeAbove(rows: ScanRows, changeOf: (updateId: string) => number, updateId: string): number {
  const seen = new Set([updateId]);
  for (const each of seen) for (const bundle of rows.updatesBundling(each)) seen.add(bundle);
  return Math.max(...[...seen].map(changeOf));
}
