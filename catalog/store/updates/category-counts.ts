/** Categories with how many updates are in each: what can be filtered by, and what can be chosen. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { SelectableCategories, SelectableCategory } from '../../../protocol/console/synchronization.ts';
import type { UpdateFilters } from '../../../protocol/console/updates.ts';
import { RefusalError, nameSome } from '../database/refusal.ts';
import { IS_LISTED } from '../revisions/revision-conditions.ts';

const CategoryType = z.enum(['Company', 'ProductFamily', 'Product', 'UpdateClassification']);

const CategoryRow = z.object({
  revision_id: z.int(),
  update_id: z.string(),
  title: z.string(),
  category_type: CategoryType,
  selected: z.int(),
});
type CategoryRow = z.infer<typeof CategoryRow>;

const CountRow = z.object({ category_update_id: z.string(), updates: z.int() });
const SeverityRow = z.object({ severity: z.string(), count: z.int() });
const ParentRow = z.object({ revision_id: z.int(), update_id: z.string() });

/** Categories that an update of the list is in, and severities that one has. */
export function updateFilters(db: Database): UpdateFilters {
  const counts = updatesByCategory(db);
  const rows = readCategories(db);
  const counted = (type: CategoryRow['category_type']): UpdateFilters['products'] =>
    rows
      .filter((row) => row.category_type === type)
      .flatMap((row) => {
        const count = counts.get(row.update_id);
        return count === undefined ? [] : [{ updateId: row.update_id, title: row.title, count }];
      });
  const severities = db
    .prepare(
      `SELECT msrc_severity AS severity, count(*) AS count FROM revision
       WHERE ${IS_LISTED} AND msrc_severity IS NOT NULL
       GROUP BY msrc_severity ORDER BY max(severity_rank) DESC, msrc_severity`,
    )
    .all();
  return {
    classifications: counted('UpdateClassification'),
    products: counted('Product'),
    severities: z.array(SeverityRow).parse(severities),
  };
}

/** The tree of products and the classifications, by title. */
export function selectableCategories(db: Database): SelectableCategories {
  const counts = updatesByCategory(db);
  const rows = readCategories(db);
  const parents = parentsOf(db, rows);
  const view = (row: CategoryRow): SelectableCategory => {
    const parentId = parents.get(row.revision_id);
    return {
      updateId: row.update_id,
      ...(parentId === undefined ? {} : { parentId }),
      title: row.title,
      categoryType: row.category_type,
      selected: row.selected !== 0,
      updates: counts.get(row.update_id) ?? 0,
    };
  };
  const [classifications, products] = [
    rows.filter((row) => row.category_type === 'UpdateClassification'),
    rows.filter((row) => row.category_type !== 'UpdateClassification'),
  ];
  return { products: products.map(view), classifications: classifications.map(view) };
}

/** @throws RefusalError naming ids that are no product and no classification here */
export function refuseUnknownCategories(db: Database, updateIds: readonly string[]): void {
  const known = new Set(readCategories(db).map((row) => row.update_id));
  const unknown = updateIds.filter((updateId) => !known.has(updateId.toLowerCase()));
  if (unknown.length === 0) return;
  throw new RefusalError(
    'unknown',
    'CATEGORY_UNKNOWN',
    `There is no product or classification ${nameSome(unknown)}. Nothing was changed; read the list again.`,
  );
}

/** The list's own indexes give its rows; their categories are found from there. */
function updatesByCategory(db: Database): Map<string, number> {
  const rows = db
    .prepare(
      `SELECT category_update_id, count(*) AS updates
       FROM revision INDEXED BY listed_by_arrival CROSS JOIN revision_category USING (revision_id)
       WHERE ${IS_LISTED} GROUP BY category_update_id`,
    )
    .all();
  return new Map(
    z
      .array(CountRow)
      .parse(rows)
      .map((row) => [row.category_update_id, row.updates]),
  );
}

function readCategories(db: Database): CategoryRow[] {
  const rows = db
    .prepare(
      `SELECT revision_id, update_id, title, category_type,
              EXISTS (SELECT 1 FROM selected_category WHERE selected_category.update_id = revision.update_id) AS selected
       FROM revision
       WHERE is_latest = 1 AND update_type = 'Category'
         AND category_type IN ('Company', 'ProductFamily', 'Product', 'UpdateClassification')
       ORDER BY title, update_id`,
    )
    .all();
  return z.array(CategoryRow).parse(rows);
}

/** The product family of a product, the company of a family: whichever of its prerequisites is one. */
function parentsOf(db: Database, rows: readonly CategoryRow[]): Map<number, string> {
  const typeOf = new Map(rows.map((row) => [row.update_id, row.category_type]));
  const links = db
    .prepare(
      `SELECT revision_id, update_id FROM prerequisite
       WHERE revision_id IN (SELECT revision_id FROM revision WHERE is_latest = 1 AND update_type = 'Category')
       ORDER BY clause`,
    )
    .all();
  const byRevision = Map.groupBy(z.array(ParentRow).parse(links), (link) => link.revision_id);
  return new Map(
    rows.flatMap((row) => {
      const parent = (byRevision.get(row.revision_id) ?? []).find((link) => {
        const type = typeOf.get(link.update_id);
        return link.update_id !== row.update_id && type !== undefined && type !== 'UpdateClassification';
      });
      return parent === undefined ? [] : [[row.revision_id, parent.update_id] as const];
    }),
  );
}
