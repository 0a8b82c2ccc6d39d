/** One import: revisions are written one by one; what depends on all of them is settled at the end. */
import type { Database, Statement } from 'better-sqlite3';
import type { ParsedUpdate, UpdateIdentity } from '../../metadata/model.ts';
import { CategoryMembership } from './category-membership.ts';
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

export class RevisionImport {
  readonly #db: Database;
  readonly #rows: RevisionRows;
  readonly #fragments: FragmentWriter;
  readonly #files: FileImport;
  readonly #categories: CategoryMembership;
  readonly #exists: Statement<[string, number], number>;
  readonly #highest: Statement<[string], number | null>;
  readonly #isPrerequisite: Statement<[string], number>;
  readonly #noLongerLatest: Statement<[string]>;
  readonly #noLongerLeaf: Statement<[string]>;
  readonly #arrivedAt: string;
  readonly #importSequence: number;
  readonly #written: number[] = [];
  /** UpdateIDs whose revisions are known to be no leaves. */
  readonly #notLeaves = new Set<string>();
  #counts = { added: 0, revised: 0, expired: 0, ignored: 0 };

  /** Within the transaction that it works in. */
  constructor(db: Database, now: Date) {
    this.#db = db;
    this.#rows = new RevisionRows(db);
    this.#fragments = new FragmentWriter(db);
    this.#files = new FileImport(db, now);
    this.#categories = new CategoryMembership(db);
    this.#exists = db
      .prepare<[string, number], number>('SELECT 1 FROM revision WHERE update_id = ? AND revision_number = ?')
      .pluck();
    this.#highest = db
      .prepare<[string], number | null>('SELECT max(revision_number) FROM revision WHERE update_id = ?')
      .pluck();
    this.#isPrerequisite = db
      .prepare<[string], number>('SELECT EXISTS (SELECT 1 FROM prerequisite WHERE update_id = ?)')
      .pluck();
    this.#noLongerLatest = db.prepare(
      'UPDATE revision SET is_latest = 0 WHERE update_id = ? AND is_latest = 1',
    );
    this.#noLongerLeaf = db.prepare('UPDATE revision SET is_leaf = 0 WHERE update_id = ? AND is_leaf = 1');
    this.#arrivedAt = now.toISOString();
    this.#importSequence = nextSequence(db);
  }

  /** @throws UpdateDocumentError where what it says of a file contradicts another document */
  add({ update, core, fragments, document }: PreparedRevision, urls: FileUrls): void {
    if (this.#isHere(update.identity)) {
      this.#files.refreshUrls(update, urls);
      this.#counts.ignored += 1;
      return;
    }
    const revisionId = this.#writeRow(update, core, document);
    this.#fragments.write(revisionId, fragments);
    this.#files.import(revisionId, update, urls);
    this.#makeNonLeaves(update);
    this.#written.push(revisionId);
  }

  finish(): ImportResult {
    if (this.#written.length > 0) {
      this.#categories.settle(this.#written);
      countArrivals(this.#db);
    }
    return this.#counts;
  }

  #isHere({ updateId, revisionNumber }: UpdateIdentity): boolean {
    return this.#exists.get(updateId, revisionNumber) !== undefined;
  }

  #writeRow(update: ParsedUpdate, core: string, document: StoredText): number {
    const { updateId, revisionNumber } = update.identity;
    const highest = this.#highest.get(updateId) ?? undefined;
    const isLatest = highest === undefined || highest < revisionNumber;
    if (update.updateType === 'Category') this.#categories.expect(updateId);
    if (isLatest && highest !== undefined) this.#noLongerLatest.run(updateId);
    this.#count(update, highest !== undefined);
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
