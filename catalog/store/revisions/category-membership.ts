/**
 * Which categories each revision belongs to: those its prerequisites name (in a clause marked so, or by naming a category
 * plainly, as members of bundles do) and, over any number of steps, those that these categories name in their latest
 * revision. It depends on what is stored alone, not on the order in which it came.
 */
import type { Database, Statement } from 'better-sqlite3';
import type { PrerequisiteClause } from '../../metadata/model.ts';

interface PrerequisiteRow {
  readonly updateId: string;
  readonly isCategory: number;
}

/** One that the import has just written. */
export interface WrittenRevision {
  readonly revisionId: number;
  readonly prerequisites: readonly PrerequisiteClause[];
}

/** The categories right above one, as it stood before an import; undefined where it was no known category. */
type Standing = string | undefined;

export class CategoryMembership {
  readonly #isCategory: Statement<[string], number>;
  readonly #ofLatest: Statement<[string], PrerequisiteRow>;
  readonly #ofRevision: Statement<[number], PrerequisiteRow>;
  readonly #below: Statement<[string], number>;
  readonly #members: Statement<[number], string>;
  readonly #remove: Statement<[number]>;
  readonly #insert: Statement<[number, string]>;
  readonly #before = new Map<string, Standing>();
  readonly #parents = new Map<string, readonly string[]>();
  /** Whether an UpdateID is a category's, of those that were asked for since all revisions are written. */
  readonly #asked = new Map<string, boolean>();

  constructor(db: Database) {
    this.#isCategory = db
      .prepare<[string], number>(
        "SELECT EXISTS (SELECT 1 FROM revision WHERE update_id = ? AND update_type = 'Category')",
      )
      .pluck();
    this.#ofLatest = db.prepare(
      `SELECT prerequisite.update_id AS updateId, is_category AS isCategory
       FROM revision JOIN prerequisite ON prerequisite.revision_id = revision.revision_id
       WHERE revision.update_id = ? AND is_latest = 1 AND update_type = 'Category'`,
    );
    this.#ofRevision = db.prepare(
      'SELECT DISTINCT update_id AS updateId, is_category AS isCategory FROM prerequisite WHERE revision_id = ?',
    );
    this.#below = db
      .prepare<[string], number>(
        `WITH RECURSIVE changed (update_id) AS (
           SELECT value FROM json_each(?)
           UNION
           SELECT revision.update_id FROM changed
             JOIN prerequisite ON prerequisite.update_id = changed.update_id
             JOIN revision ON revision.revision_id = prerequisite.revision_id AND update_type = 'Category'
         )
         SELECT DISTINCT revision_id FROM prerequisite WHERE update_id IN (SELECT update_id FROM changed)`,
      )
      .pluck();
    this.#members = db
      .prepare<[number], string>(
        'SELECT category_update_id FROM revision_category WHERE revision_id = ? ORDER BY category_update_id',
      )
      .pluck();
    this.#remove = db.prepare('DELETE FROM revision_category WHERE revision_id = ?');
    this.#insert = db.prepare('INSERT INTO revision_category VALUES (?, ?)');
  }

  begin(): void {
    this.#before.clear();
  }

  /** To be called before a revision of a category is written. */
  expect(categoryId: string): void {
    if (!this.#before.has(categoryId)) this.#before.set(categoryId, this.#standing(categoryId));
  }

  /** To be called when all revisions are written. */
  settle(added: readonly WrittenRevision[]): void {
    this.#parents.clear();
    this.#asked.clear();
    const changed = [...this.#before.keys()].filter((id) => this.#standing(id) !== this.#before.get(id));
    const own = new Set<number>();
    for (const { revisionId, prerequisites } of added) {
      own.add(revisionId);
      // Nobody wrote any for it yet.
      for (const id of this.#above(this.#namedBy(prerequisites))) this.#insert.run(revisionId, id);
    }
    if (changed.length === 0) return;
    for (const revisionId of this.#below.all(JSON.stringify(changed))) {
      if (!own.has(revisionId))
        this.#write(revisionId, this.#above(this.#categoriesAmong(this.#ofRevision.all(revisionId))));
    }
  }

  #standing(categoryId: string): Standing {
    if (this.#isCategory.get(categoryId) !== 1) return undefined;
    return this.#ofLatest
      .all(categoryId)
      .map(({ updateId, isCategory }) => `${updateId} ${isCategory}`)
      .sort()
      .join();
  }

  /** These categories and all above them. */
  #above(categoryIds: readonly string[]): string[] {
    const found = new Set<string>();
    const waiting = [...categoryIds];
    for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
      if (found.has(id)) continue;
      found.add(id);
      waiting.push(...this.#parentsOf(id));
    }
    return [...found].sort();
  }

  #parentsOf(categoryId: string): readonly string[] {
    const known = this.#parents.get(categoryId);
    if (known !== undefined) return known;
    const parents = this.#categoriesAmong(this.#ofLatest.all(categoryId));
    this.#parents.set(categoryId, parents);
    return parents;
  }

  #namedBy(prerequisites: readonly PrerequisiteClause[]): string[] {
    return prerequisites.flatMap(({ isCategory, updateIds }) =>
      isCategory ? updateIds : updateIds.filter((id) => this.#isKnownCategory(id)),
    );
  }

  #isKnownCategory(updateId: string): boolean {
    const asked = this.#asked.get(updateId);
    if (asked !== undefined) return asked;
    const isCategory = this.#isCategory.get(updateId) === 1;
    this.#asked.set(updateId, isCategory);
    return isCategory;
  }

  #categoriesAmong(prerequisites: readonly PrerequisiteRow[]): string[] {
    return prerequisites
      .filter(({ updateId, isCategory }) => isCategory === 1 || this.#isKnownCategory(updateId))
      .map(({ updateId }) => updateId);
  }

  #write(revisionId: number, categoryIds: readonly string[]): void {
    const present = this.#members.all(revisionId);
    if (present.length === categoryIds.length && present.every((id, index) => id === categoryIds[index]))
      return;
    if (present.length > 0) this.#remove.run(revisionId);
    for (const id of categoryIds) this.#insert.run(revisionId, id);
  }
}
