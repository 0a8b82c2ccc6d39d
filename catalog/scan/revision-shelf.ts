/**
 * What the engine knows of the catalogue, in the form it works on, kept from one snapshot to the next. What a document
 * says never changes once it is imported; what else is known of it (whether it is a leaf, its categories, what other
 * revisions its update has, what bundles it) is looked at again when the catalogue changed.
 *
 * Reading is done by generators that yield between batches, so that whoever runs them can do other things meanwhile.
 */
import { escapeText } from '../../protocol/xml/escape-text.ts';
import type { UpdateIdentity, UpdateType } from '../metadata/model.ts';
import type { Arrival, RevisionRow, ScanRows, StandingRow, StoredIdentity } from '../store/scan-rows.ts';
import { readDriver, type ScannedDriver } from './scanned-driver.ts';

/** An AND of clauses, each an OR of UpdateIDs. One object for all revisions that have the same. */
export type Clauses = readonly (readonly string[])[];

export interface ScannedRevision {
  readonly revisionId: number;
  readonly updateId: string;
  readonly revisionNumber: number;
  readonly updateType: UpdateType;
  readonly arrivedAt: string;
  /** The Core fragment, escaped for element content, UTF-8. */
  readonly core: Buffer;
  readonly clauses: Clauses;
  readonly bundled: readonly UpdateIdentity[];
  readonly drivers: readonly ScannedDriver[];
}

export interface Standing {
  readonly isLeaf: boolean;
  /** Which may grow when categories arrive after a revision. */
  readonly categoryIds: ReadonlySet<string>;
}

/** Rows read before others get their turn: half a millisecond, a few where pages are not in memory. */
const BATCH = 50;

const NO_STANDING: Standing = { isLeaf: true, categoryIds: new Set() };

/** A revision whose Core fragment is escaped when it is first sent: most never are before the next change. */
class ShelvedRevision implements ScannedRevision {
  readonly revisionId: number;
  readonly updateId: string;
  readonly revisionNumber: number;
  readonly updateType: UpdateType;
  readonly arrivedAt: string;
  readonly clauses: Clauses;
  readonly bundled: readonly UpdateIdentity[];
  readonly drivers: readonly ScannedDriver[];
  #core: string | Buffer;

  constructor(row: RevisionRow, clauses: Clauses, drivers: readonly ScannedDriver[]) {
    this.revisionId = row.revisionId;
    this.updateId = row.updateId;
    this.revisionNumber = row.revisionNumber;
    this.updateType = row.updateType;
    this.arrivedAt = row.arrivedAt;
    this.clauses = clauses;
    this.bundled = row.bundled;
    this.drivers = drivers;
    this.#core = row.core;
  }

  get core(): Buffer {
    if (typeof this.#core === 'string') this.#core = Buffer.from(escapeText(this.#core));
    return this.#core;
  }
}

export class RevisionShelf {
  readonly #rows: ScanRows;
  /** By their text, of which there are few. */
  #clauses = new Map<string, Clauses>();
  #categories = new Map<string, ReadonlySet<string>>();
  #revisions = new Map<number, ScannedRevision>();
  #standings = new Map<number, Standing>();
  /** Those of an update by RevisionNumber; none where only its name is known. */
  #identities = new Map<string, readonly StoredIdentity[]>();
  #bundles = new Map<string, readonly string[]>();

  constructor(rows: ScanRows) {
    this.#rows = rows;
  }

  get(revisionId: number): ScannedRevision | undefined {
    return this.#revisions.get(revisionId);
  }

  standingOf(revisionId: number): Standing {
    return this.#standings.get(revisionId) ?? NO_STANDING;
  }

  /** Of an update that was fetched, by RevisionNumber. */
  identitiesOf(updateId: string): readonly StoredIdentity[] {
    return this.#identities.get(updateId) ?? [];
  }

  /** By update, those of which any revision bundles any revision of it. Entries are added, but never changed. */
  get bundles(): ReadonlyMap<string, readonly string[]> {
    return this.#bundles;
  }

  /** Reads those that are not here yet. */
  *fetch(revisionIds: readonly number[]): Generator<void, void> {
    // In the order in which they lie in the file.
    const missing = revisionIds.filter((id) => !this.#revisions.has(id)).sort((a, b) => a - b);
    for (const batch of batches(missing)) {
      const rows = this.#rows.revisions(batch);
      const drivers = this.#driversOf(rows);
      for (const row of rows) {
        const clauses = known(this.#clauses, row.prerequisites, readClauses);
        const revision = new ShelvedRevision(row, clauses, drivers.get(row.revisionId) ?? []);
        this.#revisions.set(row.revisionId, revision);
        this.#standings.set(row.revisionId, this.#standingIn(row));
      }
      yield;
    }
  }

  /** Reads of which revisions these updates have, where it is not known yet. */
  *fetchIdentities(updateIds: readonly string[]): Generator<void, void> {
    const missing = updateIds.filter((id) => !this.#identities.has(id));
    for (const batch of batches(missing)) {
      for (const [id, identities] of this.#readIdentities(batch)) this.#identities.set(id, identities);
      yield;
    }
  }

  /** Reads which updates bundle these, and which bundle those, where it is not known yet. */
  *fetchBundles(updateIds: readonly string[]): Generator<void, void> {
    const seen = new Set(updateIds);
    let level: readonly string[] = updateIds;
    while (level.length > 0) {
      for (const batch of batches(level.filter((id) => !this.#bundles.has(id)))) {
        for (const [id, bundles] of this.#readBundles(batch)) this.#bundles.set(id, bundles);
        yield;
      }
      const above = new Set(level.flatMap((id) => this.#bundles.get(id) ?? []));
      level = [...above.difference(seen)];
      for (const id of level) seen.add(id);
    }
  }

  /**
   * Looks again at what may have changed, of everything that is here.
   *
   * @returns whether anything did
   */
  *refresh(): Generator<void, boolean> {
    const isOther = [
      yield* this.refreshStandings([...this.#revisions.keys()]),
      yield* this.#refreshIdentities([...this.#identities.keys()]),
      yield* this.#refreshBundles([...this.#bundles.keys()]),
    ];
    return isOther.includes(true);
  }

  /**
   * The same where all that happened is that revisions arrived: looks at what these may have changed. That is the
   * identities of their own updates, the bundles of what they bundle, and, where a category is among them, which
   * categories anything is in. Leaves are counted by update; who calls refreshes the standings of these.
   *
   * @param after the highest RevisionID when it was last looked
   */
  *noticeArrivals(after: number): Generator<void, boolean> {
    const updateIds = new Set<string>();
    const memberIds = new Set<string>();
    let mayCategorize = false;
    for (let last: number | undefined = after; last !== undefined;) {
      const arrivals: readonly Arrival[] = this.#rows.arrivalsAfter(last, BATCH);
      for (const id of this.#rows.memberIdsOf(arrivals.map(({ revisionId }) => revisionId)))
        memberIds.add(id);
      for (const { updateId, updateType } of arrivals) {
        updateIds.add(updateId);
        mayCategorize ||= updateType === 'Category';
      }
      last = arrivals.at(-1)?.revisionId;
      yield;
    }
    const isOther = [
      mayCategorize && (yield* this.refreshStandings([...this.#revisions.keys()])),
      yield* this.#refreshIdentities([...updateIds].filter((id) => this.#identities.has(id))),
      yield* this.#refreshBundles([...memberIds].filter((id) => this.#bundles.has(id))),
    ];
    return isOther.includes(true);
  }

  /** The same for the standings of some. */
  *refreshStandings(revisionIds: readonly number[]): Generator<void, boolean> {
    let changed = false;
    for (const batch of batches(revisionIds.filter((id) => this.#revisions.has(id)))) {
      const rows = new Map(this.#rows.standings(batch).map((row) => [row.revisionId, row]));
      for (const id of batch) {
        const row = rows.get(id);
        const now = row === undefined ? undefined : this.#standingIn(row);
        if (now !== undefined && isSameStanding(now, this.standingOf(id))) continue;
        changed = true;
        if (now === undefined) this.#revisions.delete(id);
        else this.#standings.set(id, now);
      }
      yield;
    }
    return changed;
  }

  /** Forgets what no snapshot needs any more; what bundles what is to be fetched anew. */
  keepOnly(revisions: readonly ScannedRevision[], updateIds: Iterable<string>): void {
    this.#bundles = new Map();
    this.#clauses = new Map();
    this.#categories = new Map();
    this.#revisions = new Map(revisions.map((revision) => [revision.revisionId, revision]));
    this.#standings = new Map(revisions.map(({ revisionId }) => [revisionId, this.standingOf(revisionId)]));
    // Also of members that did not arrive yet: that they do is to be noticed.
    const members = revisions.flatMap(({ bundled }) => bundled.map(({ updateId }) => updateId));
    this.#identities = new Map([...updateIds, ...members].map((id) => [id, this.identitiesOf(id)]));
  }

  *#refreshIdentities(updateIds: readonly string[]): Generator<void, boolean> {
    const now = new Map<string, readonly StoredIdentity[]>();
    for (const batch of batches(updateIds)) {
      for (const [id, identities] of this.#readIdentities(batch)) now.set(id, identities);
      yield;
    }
    const changed = [...now].some(
      ([id, identities]) =>
        identities.map(({ revisionId }) => revisionId).join() !==
        this.identitiesOf(id)
          .map(({ revisionId }) => revisionId)
          .join(),
    );
    if (changed) this.#identities = new Map([...this.#identities, ...now]);
    return changed;
  }

  *#refreshBundles(updateIds: readonly string[]): Generator<void, boolean> {
    const before = this.#bundles;
    const now = new Map<string, readonly string[]>();
    for (const batch of batches(updateIds)) {
      for (const [id, bundles] of this.#readBundles(batch)) now.set(id, bundles);
      yield;
    }
    const changed = [...now].some(([id, bundles]) => bundles.join() !== before.get(id)?.join());
    if (changed) this.#bundles = new Map([...before, ...now]);
    return changed;
  }

  #standingIn({ isLeaf, categories }: StandingRow): Standing {
    return { isLeaf, categoryIds: known(this.#categories, categories, readCategories) };
  }

  #driversOf(rows: readonly RevisionRow[]): Map<number, ScannedDriver[]> {
    const drivers = new Map<number, ScannedDriver[]>();
    const ids = rows.filter(({ updateType }) => updateType === 'Driver').map(({ revisionId }) => revisionId);
    if (ids.length === 0) return drivers;
    for (const [revisionId, metadata] of this.#rows.driverMetadataOf(ids)) {
      push(drivers, revisionId, readDriver(metadata));
    }
    return drivers;
  }

  #readIdentities(updateIds: readonly string[]): Map<string, StoredIdentity[]> {
    const found = new Map<string, StoredIdentity[]>(updateIds.map((id) => [id, []]));
    for (const identity of this.#rows.identitiesOf(updateIds)) push(found, identity.updateId, identity);
    return found;
  }

  #readBundles(updateIds: readonly string[]): Map<string, string[]> {
    const found = new Map<string, string[]>(updateIds.map((id) => [id, []]));
    for (const [member, bundle] of this.#rows.bundling(updateIds)) push(found, member, bundle);
    return found;
  }
}

function readClauses(text: string): Clauses {
  const words = text === '' ? [] : text.split(' ');
  const clauses: string[][] = [];
  let last: string | undefined;
  for (let at = 0; at + 1 < words.length; at += 2) {
    const updateId = words[at + 1] ?? '';
    if (words[at] === last) clauses.at(-1)?.push(updateId);
    else clauses.push([updateId]);
    last = words[at];
  }
  return clauses;
}

const readCategories = (text: string): ReadonlySet<string> => new Set(text === '' ? [] : text.split(' '));

function known<T>(values: Map<string, T>, text: string, read: (text: string) => T): T {
  const value = values.get(text) ?? read(text);
  values.set(text, value);
  return value;
}

const isSameStanding = (one: Standing, other: Standing): boolean =>
  one.isLeaf === other.isLeaf &&
  one.categoryIds.size === other.categoryIds.size &&
  one.categoryIds.isSubsetOf(other.categoryIds);

function* batches<T>(items: readonly T[]): Generator<readonly T[], void> {
  for (let at = 0; at < items.length; at += BATCH) yield items.slice(at, at + BATCH);
}

function push<K, T>(lists: Map<K, T[]>, key: K, item: T): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}
