/** Which categories are known, and of what kind each is. */
import type { Database } from 'better-sqlite3';
import type { CategoryType } from '../../metadata/model.ts';

interface Row {
  readonly updateId: string;
  readonly categoryType: CategoryType | null;
}

/**
 * By UpdateID; ids that name no category are not in the answer, a category whose document names no kind has `null`.
 *
 * @param updateIds lower case
 */
export function categoryTypes(db: Database, updateIds: readonly string[]): Map<string, CategoryType | null> {
  const rows = db
    .prepare<[string], Row>(
      `SELECT update_id AS updateId, category_type AS categoryType FROM revision
       WHERE is_latest = 1 AND update_type = 'Category' AND update_id IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(updateIds));
  return new Map(rows.map(({ updateId, categoryType }) => [updateId, categoryType]));
}
