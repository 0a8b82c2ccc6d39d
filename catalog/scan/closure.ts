/**
 * Everything a scan can ever speak of: the revisions that somebody is offered and what is reached from them over
 * prerequisites and bundles. Revisions and updates are dense integers in here (nodes and marks), and stay what they are
 * when a closure grows.
 */
import type { Clauses, RevisionShelf, ScannedRevision } from './revision-shelf.ts';

/** What a closure hands on to one that grows out of it, beside what everybody may read. */
interface Inside {
  /** The same one in all that grew out of one another. */
  readonly origin: object;
  /** By update. */
  readonly marks: ReadonlyMap<string, number>;
  readonly nodesOfUpdate: ReadonlyMap<string, readonly number[]>;
  readonly latestNode: ReadonlyMap<string, number>;
  /** By RevisionID; -1 where there is none. */
  readonly nodeOfRevision: Int32Array;
  readonly markOfRevision: Int32Array;
  readonly categories: ReadonlySet<string>;
  /** Clauses of all nodes end to end: for each clause its length, then its marks. */
  readonly clauses: Int32Array;
  /** By node. */
  readonly clausesStart: Int32Array;
}

/** What everybody may read of a closure. */
type Seen = Pick<
  Closure,
  'revisions' | 'isLeaf' | 'categoryIds' | 'prerequisites' | 'members' | 'markOf' | 'inIdOrder' | 'rootCount'
>;

/** Of a closure that nothing is in. */
const NOTHING: Inside = {
  origin: {},
  marks: new Map(),
  nodesOfUpdate: new Map(),
  latestNode: new Map(),
  nodeOfRevision: Int32Array.of(),
  markOfRevision: Int32Array.of(),
  categories: new Set(),
  clauses: Int32Array.of(),
  clausesStart: Int32Array.of(0),
};

export class Closure {
  /** By node. */
  readonly revisions: readonly ScannedRevision[];
  /** By node: whether no prerequisite in the whole catalogue names the update. */
  readonly isLeaf: readonly boolean[];
  /** By node: the categories it is in, which may grow when categories arrive after it. */
  readonly categoryIds: readonly ReadonlySet<string>[];
  /** By node: the nodes that its prerequisites mean, clause by clause, and that are here. */
  readonly prerequisites: readonly (readonly number[])[];
  /** By node: the nodes that it bundles and that are here. */
  readonly members: readonly (readonly number[])[];
  /** How many marks there are; one an update, also for updates of which only the name is known. */
  readonly markCount: number;
  /** By node: the mark of its update. */
  readonly markOf: Int32Array;
  /** All nodes, by RevisionID. */
  readonly inIdOrder: Int32Array;
  /** How many revisions it was ever asked to hold, what they need not counted. */
  readonly rootCount: number;
  readonly #inside: Inside;

  private constructor(seen: Seen, inside: Inside) {
    this.revisions = seen.revisions;
    this.isLeaf = seen.isLeaf;
    this.categoryIds = seen.categoryIds;
    this.prerequisites = seen.prerequisites;
    this.members = seen.members;
    this.markOf = seen.markOf;
    this.inIdOrder = seen.inIdOrder;
    this.rootCount = seen.rootCount;
    this.markCount = inside.marks.size;
    this.#inside = inside;
  }

  /** @param added whatever `collect` found that `before` has not */
  static *#grow(
    shelf: RevisionShelf,
    added: readonly ScannedRevision[],
    addedRoots: number,
    before?: Closure,
  ): Generator<void, Closure> {
    const inside = before === undefined ? NOTHING : before.#inside;
    const first = before?.revisions.length ?? 0;
    const standings = added.map(({ revisionId }) => shelf.standingOf(revisionId));
    const marks = withNamesOf(added, inside.marks);
    const markOf = (updateId: string): number => marks.get(updateId) ?? -1;
    yield;
    const nodeOfRevision = placed(
      inside.nodeOfRevision,
      added.map(({ revisionId }, index) => [revisionId, first + index]),
    );
    const allClauses = [...new Set(added.map(({ clauses }) => clauses))];
    const latestNode = new Map(inside.latestNode);
    for (const updateId of new Set(allClauses.flatMap((clauses) => clauses.flat()))) {
      const node = nodeOfRevision[shelf.identitiesOf(updateId).at(-1)?.revisionId ?? -1] ?? -1;
      if (node >= 0) latestNode.set(updateId, node);
    }
    const nodesOfClauses = new Map(
      allClauses.map((clauses) => [clauses, clauses.flat().flatMap((id) => latestNode.get(id) ?? [])]),
    );
    const members = added.map((revision) =>
      bundledIds(shelf, revision)
        .map((id) => nodeOfRevision[id] ?? -1)
        .filter((node) => node >= 0),
    );
    yield;
    const nodesOfUpdate = withNodesOf(added, first, inside.nodesOfUpdate);
    yield;
    const markOfRevision = placed(
      inside.markOfRevision,
      [...marks.keys()]
        .slice(inside.marks.size)
        .flatMap((id) => shelf.identitiesOf(id).map(({ revisionId }) => [revisionId, markOf(id)] as const)),
    );
    yield;
    const categories = new Set([...inside.categories, ...added.map(({ updateId }) => updateId)]);
    for (const ids of new Set(standings.map(({ categoryIds }) => categoryIds))) {
      for (const id of ids) categories.add(id);
    }
    const clauses = withClausesOf(added, markOf, inside);
    yield;
    const revisions = joined(before?.revisions, added);
    const idOf = (node: number): number => revisions[node]?.revisionId ?? -1;
    const inIdOrder = Int32Array.from(revisions.keys()).sort((a, b) => idOf(a) - idOf(b));
    yield;
    return new Closure(
      {
        revisions,
        inIdOrder,
        isLeaf: joined(
          before?.isLeaf,
          standings.map(({ isLeaf }) => isLeaf),
        ),
        categoryIds: joined(
          before?.categoryIds,
          standings.map(({ categoryIds }) => categoryIds),
        ),
        prerequisites: joined(
          before?.prerequisites,
          added.map((revision) => nodesOfClauses.get(revision.clauses) ?? []),
        ),
        members: joined(before?.members, members),
        markOf: grown(
          before?.markOf,
          added.map(({ updateId }) => markOf(updateId)),
        ),
        rootCount: (before?.rootCount ?? 0) + addedRoots,
      },
      {
        origin: before === undefined ? {} : inside.origin,
        marks,
        nodesOfUpdate,
        latestNode,
        nodeOfRevision,
        markOfRevision,
        categories,
        ...clauses,
      },
    );
  }

  /**
   * Walks level by level, so that each level is read in few statements.
   *
   * @param rootIds RevisionIDs that a decision names
   * @param before holds part of it already: the catalogue did not change since, and its nodes stay what they are
   */
  static *collect(
    shelf: RevisionShelf,
    rootIds: Iterable<number>,
    before?: Closure,
  ): Generator<void, Closure> {
    const seen = new Set<number>();
    const added: ScannedRevision[] = [];
    const isNew = (id: number): boolean =>
      !seen.has(id) && (before === undefined || before.nodeOfRevision(id) < 0);
    let level = [...new Set(rootIds)].filter(isNew);
    const addedRoots = level.length;
    while (level.length > 0) {
      for (const id of level) seen.add(id);
      yield* shelf.fetch(level);
      const revisions = level.flatMap((id) => shelf.get(id) ?? []);
      added.push(...revisions);
      yield* shelf.fetchIdentities([...namesOf(revisions), ...revisions.flatMap(bundledUpdateIds)]);
      const named = [...new Set(revisions.map(({ clauses }) => clauses))].flatMap((clauses) =>
        clauses.flat(),
      );
      const reached = [
        ...named.flatMap((id) => shelf.identitiesOf(id).at(-1)?.revisionId ?? []),
        ...revisions.flatMap((revision) => bundledIds(shelf, revision)),
      ];
      level = [...new Set(reached)].filter(isNew);
      yield;
    }
    if (added.length === 0 && before !== undefined) return before;
    return yield* Closure.#grow(shelf, added, addedRoots, before);
  }

  /** Updates that it names, of which there may be no revision. */
  get updateIds(): Iterable<string> {
    return this.#inside.marks.keys();
  }

  /** Whether what a node or mark of the other is, it is here too. */
  continues(other: Closure): boolean {
    return this.#inside.origin === other.#inside.origin;
  }

  /** -1 where the revision is not here; whatever number a client sends. */
  nodeOfRevision(revisionId: number): number {
    return this.#inside.nodeOfRevision[revisionId] ?? -1;
  }

  /** The mark of the update that a revision belongs to, older revisions included; -1 where nothing here names it. */
  markOfRevision(revisionId: number): number {
    return this.#inside.markOfRevision[revisionId] ?? -1;
  }

  /** The node that a prerequisite on this update means. */
  latestNodeOf(updateId: string): number | undefined {
    return this.#inside.latestNode.get(updateId);
  }

  revisionIdOf(updateId: string, revisionNumber: number): number | undefined {
    const revisions = this.nodesOf(updateId).map((node) => this.revisions[node]);
    return revisions.find((revision) => revision?.revisionNumber === revisionNumber)?.revisionId;
  }

  /** The nodes of an update's revisions. */
  nodesOf(updateId: string): readonly number[] {
    return this.#inside.nodesOfUpdate.get(updateId) ?? [];
  }

  /** Whether filtering by this category can leave anything. */
  hasCategory(updateId: string): boolean {
    return this.#inside.categories.has(updateId);
  }

  /** Whether each clause has an item among the updates stamped as installed. */
  prerequisitesMet(node: number, installed: Uint32Array, stamp: number): boolean {
    const clauses = this.#inside.clauses;
    const end = this.#inside.clausesStart[node + 1] ?? 0;
    for (let at = this.#inside.clausesStart[node] ?? 0; at < end;) {
      const next = at + 1 + (clauses[at] ?? 0);
      let met = false;
      for (at += 1; at < next && !met; at += 1) met = installed[clauses[at] ?? -1] === stamp;
      if (!met) return false;
      at = next;
    }
    return true;
  }
}

/** The updates themselves, and those that their prerequisites name. */
function namesOf(revisions: readonly ScannedRevision[]): string[] {
  const names = new Set(revisions.map(({ updateId }) => updateId));
  for (const clauses of new Set(revisions.map((revision) => revision.clauses))) {
    for (const clause of clauses) for (const id of clause) names.add(id);
  }
  return [...names];
}

const bundledUpdateIds = ({ bundled }: ScannedRevision): string[] => bundled.map(({ updateId }) => updateId);

/** RevisionIDs of the very revisions that it bundles, as far as they were imported. */
const bundledIds = (shelf: RevisionShelf, { bundled }: ScannedRevision): number[] =>
  bundled.flatMap(
    ({ updateId, revisionNumber }) =>
      shelf.identitiesOf(updateId).find((one) => one.revisionNumber === revisionNumber)?.revisionId ?? [],
  );

const joined = <T>(before: readonly T[] | undefined, added: readonly T[]): readonly T[] =>
  before === undefined ? added : [...before, ...added];

function withNamesOf(
  added: readonly ScannedRevision[],
  before: ReadonlyMap<string, number>,
): ReadonlyMap<string, number> {
  const marks = new Map(before);
  for (const updateId of namesOf(added)) if (!marks.has(updateId)) marks.set(updateId, marks.size);
  return marks;
}

function withNodesOf(
  added: readonly ScannedRevision[],
  first: number,
  before: ReadonlyMap<string, readonly number[]>,
): ReadonlyMap<string, readonly number[]> {
  const nodes = new Map(before);
  for (const [index, { updateId }] of added.entries()) {
    nodes.set(updateId, [...(nodes.get(updateId) ?? []), first + index]);
  }
  return nodes;
}

function withClausesOf(
  added: readonly ScannedRevision[],
  markOf: (updateId: string) => number,
  before: Pick<Inside, 'clauses' | 'clausesStart'>,
): Pick<Inside, 'clauses' | 'clausesStart'> {
  const written = new Map<Clauses, readonly number[]>();
  const flat: number[] = [];
  const ends = added.map(({ clauses }) => {
    const marks = written.get(clauses) ?? clauses.flatMap((clause) => [clause.length, ...clause.map(markOf)]);
    written.set(clauses, marks);
    for (const mark of marks) flat.push(mark);
    return before.clauses.length + flat.length;
  });
  return { clauses: grown(before.clauses, flat), clausesStart: grown(before.clausesStart, ends) };
}

function grown(before: Int32Array | undefined, added: readonly number[]): Int32Array {
  const length = before?.length ?? 0;
  const all = new Int32Array(length + added.length);
  if (before !== undefined) all.set(before);
  all.set(added, length);
  return all;
}

/** A copy with more values at their places, and -1 where there is none. */
function placed(
  before: Int32Array,
  values: readonly (readonly [place: number, value: number])[],
): Int32Array {
  const size = values.reduce((most, [place]) => Math.max(most, place + 1), before.length);
  const all = new Int32Array(size).fill(-1);
  all.set(before);
  for (const [place, value] of values) all[place] = value;
  return all;
}
