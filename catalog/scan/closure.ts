/**
 * Everything a scan can ever speak of: the revisions that somebody is offered and what is reached from them over
 * prerequisites and bundles. Revisions and updates are dense integers in here (nodes and marks).
 */
import type { ScanRows } from '../store/scan-rows.ts';
import type { RevisionShelf, ScannedRevision } from './revision-shelf.ts';

export class Closure {
  /** By node. */
  readonly revisions: readonly ScannedRevision[];
  /** By node: whether no prerequisite in the whole catalogue names the update. */
  readonly isLeaf: readonly boolean[];
  /** By node: the categories it is in, which may grow when categories arrive after it. */
  readonly categoryIds: readonly ReadonlySet<string>[];
  /** By node: the nodes that it bundles and that are here. */
  readonly members: readonly (readonly number[])[];
  /** How many marks there are; one an update, also for updates of which only the name is known. */
  readonly markCount: number;
  /** By node: the mark of its update. */
  readonly markOf: Int32Array;
  readonly #nodeOfRevision: Int32Array;
  readonly #markOfRevision: Int32Array;
  readonly #categories: ReadonlySet<string>;
  readonly #latestNode: ReadonlyMap<string, number>;
  readonly #revisionIdOfIdentity: ReadonlyMap<string, number>;
  /** Clauses of all nodes end to end: for each clause its length, then its marks. */
  readonly #clauses: Int32Array;
  readonly #clausesStart: Int32Array;

  /** @param rootIds RevisionIDs that a decision names */
  constructor(rows: ScanRows, shelf: RevisionShelf, rootIds: Iterable<number>) {
    const collected = collect(rows, shelf, rootIds);
    this.revisions = collected.revisions;
    this.#latestNode = collected.latestNode;
    this.members = this.revisions.map((revision) =>
      revision.bundled.flatMap((identity) => {
        const revisionId = rows.revisionIdOf(identity);
        const node = revisionId === undefined ? undefined : collected.nodeOf.get(revisionId);
        return node === undefined ? [] : [node];
      }),
    );
    this.#revisionIdOfIdentity = new Map(
      this.revisions.map(({ updateId, revisionNumber, revisionId }) => [
        `${updateId}/${revisionNumber}`,
        revisionId,
      ]),
    );
    this.isLeaf = this.revisions.map(({ revisionId }) => rows.isLeaf(revisionId));
    this.categoryIds = this.revisions.map(({ revisionId }) => new Set(rows.categoriesOf(revisionId)));

    const marks = new Map<string, number>();
    const markOf = (updateId: string): number => {
      const known = marks.get(updateId);
      if (known !== undefined) return known;
      marks.set(updateId, marks.size);
      return marks.size - 1;
    };
    this.markOf = Int32Array.from(this.revisions, ({ updateId }) => markOf(updateId));
    const flat: number[] = [];
    this.#clausesStart = Int32Array.from([
      0,
      ...this.revisions.map(({ clauses }) => {
        for (const clause of clauses) flat.push(clause.length, ...clause.map(markOf));
        return flat.length;
      }),
    ]);
    this.#clauses = Int32Array.from(flat);
    this.markCount = marks.size;
    this.#categories = new Set(
      this.revisions.flatMap(({ updateId }, node) => [updateId, ...(this.categoryIds[node] ?? [])]),
    );

    const ofUpdates = [...marks].flatMap(([updateId, mark]) =>
      rows.revisionIdsOf(updateId).map((revisionId) => [revisionId, mark] as const),
    );
    const size = ofUpdates.reduce((most, [revisionId]) => Math.max(most, revisionId + 1), 0);
    this.#nodeOfRevision = new Int32Array(size).fill(-1);
    this.#markOfRevision = new Int32Array(size).fill(-1);
    for (const [revisionId, mark] of ofUpdates) this.#markOfRevision[revisionId] = mark;
    for (const [revisionId, node] of collected.nodeOf) this.#nodeOfRevision[revisionId] = node;
  }

  /** -1 where the revision is not here; whatever number a client sends. */
  nodeOfRevision(revisionId: number): number {
    return this.#nodeOfRevision[revisionId] ?? -1;
  }

  /** The mark of the update that a revision belongs to, older revisions included; -1 where nothing here names it. */
  markOfRevision(revisionId: number): number {
    return this.#markOfRevision[revisionId] ?? -1;
  }

  /** The node that a prerequisite on this update means. */
  latestNodeOf(updateId: string): number | undefined {
    return this.#latestNode.get(updateId);
  }

  revisionIdOf(updateId: string, revisionNumber: number): number | undefined {
    return this.#revisionIdOfIdentity.get(`${updateId}/${revisionNumber}`);
  }

  /** Whether filtering by this category can leave anything. */
  hasCategory(updateId: string): boolean {
    return this.#categories.has(updateId);
  }

  /** Whether each clause has an item among the updates stamped as installed. */
  prerequisitesMet(node: number, installed: Uint32Array, stamp: number): boolean {
    const clauses = this.#clauses;
    const end = this.#clausesStart[node + 1] ?? 0;
    for (let at = this.#clausesStart[node] ?? 0; at < end;) {
      const next = at + 1 + (clauses[at] ?? 0);
      let met = false;
      for (at += 1; at < next && !met; at += 1) met = installed[clauses[at] ?? -1] === stamp;
      if (!met) return false;
      at = next;
    }
    return true;
  }
}

interface Collected {
  readonly revisions: readonly ScannedRevision[];
  readonly nodeOf: ReadonlyMap<number, number>;
  readonly latestNode: ReadonlyMap<string, number>;
}

function collect(rows: ScanRows, shelf: RevisionShelf, rootIds: Iterable<number>): Collected {
  const revisions: ScannedRevision[] = [];
  const nodeOf = new Map<number, number>();
  const latestId = new Map<string, number | undefined>();
  const waiting: number[] = [...rootIds];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const revision = nodeOf.has(id) ? undefined : shelf.take(id);
    if (revision === undefined) continue;
    nodeOf.set(id, revisions.length);
    revisions.push(revision);
    for (const updateId of revision.clauses.flat()) {
      if (!latestId.has(updateId)) latestId.set(updateId, rows.latestRevisionId(updateId));
      const latest = latestId.get(updateId);
      if (latest !== undefined) waiting.push(latest);
    }
    for (const identity of revision.bundled) {
      const member = rows.revisionIdOf(identity);
      if (member !== undefined) waiting.push(member);
    }
  }
  const latestNode = new Map<string, number>();
  for (const [updateId, revisionId] of latestId) {
    const node = revisionId === undefined ? undefined : nodeOf.get(revisionId);
    if (node !== undefined) latestNode.set(updateId, node);
  }
  return { revisions, nodeOf, latestNode };
}
