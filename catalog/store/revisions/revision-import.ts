/**
 * Imports: revisions are written one by one; what depends on all of them is settled at the end. There is one for each
 * connection, its statements prepared once for all batches of a synchronization.
 */
import type { Database, Statement } from 'better-sqlite3';
import type { ParsedUpdate } from '../../metadata/model.ts';
import { CategoryMembership } from './category-membership.ts';
import type { WrittenRevision } from './category-membership.ts';
import type { StoredText } from '../database/deflated-text.ts';
import { FileImport } from './file-import.ts';
import type { FileUrls } from './file-import.ts';
import { FragmentWriter } from './fragments.ts';
import { countArrivals } from '../database/generation.ts';
import { nextSequence } from './import-sequence.ts';
import type { PreparedRevision } from './prepared-revision.ts';
import { RevisionRows } from './revision-rows.ts';

/** What became of the documents; each is counted once. */
export interface ImportResult {
  /** Revisions of updates that were not here before. */
  readonly added: number;
  /** Further revisions of updates that were, newer or older. */
  readonly revised: number;
  /** New revisions, of whichever updates, that say the update is expired. */
  readonly expired: number;
  /** Revisions that were here already. */
  readonly ignored: number;
}

interface Known {
  /** RevisionNumber; null where no revision of the update is here. */
  readonly highest: number | null;
  readonly isHere: number | null;
}

export class RevisionImport {
  static readonly #ofConnections = new WeakMap<Database, RevisionImport>();
  readonly #db: Database;
  readonly #rows: RevisionRows;
  readonly #fragments: FragmentWriter;
  readonly #files: FileImport;
  readonly #categories: CategoryMembership;
  readonly #known: Statement<[number, string], Known>;
  readonly #isPrerequisite: Statement<[string], number>;
  readonly #noLongerLatest: Statement<[string]>;
  readonly #noLongerLeaf: Statement<[string]>;
  #arrivedAt = '';
  #importSequence = 0;
  #written: WrittenRevision[] = [];
  /** UpdateIDs whose revisions are known to be no leaves. */
  readonly #notLeaves = new Set<string>();
  #counts = { added: 0, revised: 0, expired: 0, ignored: 0 };

  private constructor(db: Database) {
    this.#db = db;
    this.#rows = new RevisionRows(db);
    this.#fragments = new FragmentWriter(db);
    this.#files = new FileImport(db);
    this.#categories = new CategoryMembership(db);
    this.#known = db.prepare(
      `SELECT max(revision_number) AS highest, max(revision_number = ?) AS isHere
       FROM revision WHERE update_id = ?`,
    );
    this.#isPrerequisite = db
      .prepare<[string], number>('SELECT EXISTS (SELECT 1 FROM prerequisite WHERE update_id = ?)')
      .pluck();
    this.#noLongerLatest = db.prepare(
      'UPDATE revision SET is_latest = 0 WHERE update_id = ? AND is_latest = 1',
    );
    this.#noLongerLeaf = db.prepare('UPDATE revision SET is_leaf = 0 WHERE update_id = ? AND is_leaf = 1');
  }

  /** Within the transaction that it works in; the one before has ended, however it did. */
  static begin(db: Database, now: Date): RevisionImport {
    const work = RevisionImport.#ofConnections.get(db) ?? new RevisionImport(db);
    RevisionImport.#ofConnections.set(db, work);
    work.#arrivedAt = now.toISOString();
    work.#importSequence = nextSequence(db);
    work.#written = [];
    work.#notLeaves.clear();
    work.#counts = { added: 0, revised: 0, expired: 0, ignored: 0 };
    work.#files.begin(now);
    work.#categories.begin();
    return work;
  }

  /** @throws UpdateDocumentError where what it says of a file contradicts another document */
  add({ update, core, fragments, document }: PreparedRevision, urls: FileUrls): void {
    const { updateId, revisionNumber } = update.identity;
    const { highest = null, isHere = null } = this.#known.get(revisionNumber, updateId) ?? {};
    if (isHere === 1) {
      this.#files.refreshUrls(update, urls);
      this.#counts.ignored += 1;
      return;
    }
    const revisionId = this.#writeRow(update, core, document, highest);
    this.#fragments.write(revisionId, fragments);
    this.#files.import(revisionId, update, urls);
    this.#makeNonLeaves(update);
    this.#written.push({ revisionId, prerequisites: update.prerequisites });
  }

  finish(): ImportResult {
    if (this.#written.length > 0) {
      this.#categories.settle(this.#written);
      countArrivals(this.#db);
    }
    return this.#counts;
  }

  #writeRow(update: ParsedUpdate, core: string, document: StoredText, highest: number | null): number {
    const { updateId, revisionNumber } = update.identity;
    const isLatest = highest === null || highest < revisionNumber;
    if (update.updateType === 'Category') this.#categories.expect(updateId);
    if (isLatest && highest !== null) this.#noLongerLatest.run(updateId);
    this.#count(update, highest !== null);
    return this.#rows.write(update, core, document, {
      isLatest,
      isLeaf: this.#isPrerequisite.get(updateId) !== 1,
      importSequence: this.#importSequence,
      arrivedAt: this.#arrivedAt,
    });
  }

  #count({ publicationState }: ParsedUpdate, isKnown: boolean): void {
    if (publicationState === 'Expired') this.#counts.expired += 1;
    else if (isKnown) this.#counts.revised += 1;
    else this.#counts.added += 1;
  }

  /** "There are no entries in the … Prerequisite table that have this revision's UpdateID" ([MS-WUSP] 3.1.5.7). */
  #makeNonLeaves({ prerequisites }: ParsedUpdate): void {
    for (const updateId of prerequisites.flatMap(({ updateIds }) => updateIds)) {
      if (this.#notLeaves.has(updateId)) continue;
      this.#noLongerLeaf.run(updateId);
      this.#notLeaves.add(updateId);
    }
  }
}
