/** StartCategoryScan ([MS-WUSP] 3.1.5.6): which of the categories an agent asks for it is to scan by. */
import { categoryTypes } from '../../catalog/store/revisions/category-types.ts';
import type { CategoryType } from '../../catalog/metadata/model.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Read } from '../../protocol/soap/table.ts';
import { StartCategoryScan, type CategoryRelationship } from '../../protocol/wusp/client.ts';
import { implement, type ImplementedOperation } from '../soap/implementation.ts';
import type { ClientContext } from './context.ts';

/** WSUS refuses as many ([MS-WUSP] 3.1.5.6, note 52). */
const TOO_MANY_CATEGORIES = 200;

export const startCategoryScan = ({ db }: ClientContext): ImplementedOperation =>
  implement(StartCategoryScan, ({ requestedCategories }) => {
    if (requestedCategories === undefined || requestedCategories.length >= TOO_MANY_CATEGORIES)
      throw new SoapFault('InvalidParameters', 'requestedCategories');
    const requested = [...new Set(requestedCategories.map(({ CategoryId }) => CategoryId))];
    const types = categoryTypes(db, requested);
    return {
      preferredCategoryIds: preferredCategories(requestedCategories, types),
      requestedCategoryIdsInError: requested.filter((id) => !types.has(id)),
    };
  });

/** Groups are ORed, categories of equal IndexOfAndGroup ANDed; a group with an unknown category is left out. */
function preferredCategories(
  requested: readonly Read<typeof CategoryRelationship>[],
  types: ReadonlyMap<string, CategoryType | null>,
): string[] {
  const preferred = new Set<string>();
  for (const group of Map.groupBy(requested, ({ IndexOfAndGroup }) => IndexOfAndGroup).values()) {
    const categoryIds = [...new Set(group.map(({ CategoryId }) => CategoryId))];
    if (!categoryIds.every((id) => types.has(id))) continue;
    const products = categoryIds.filter((id) => types.get(id) === 'Product');
    const classifications = categoryIds.filter((id) => types.get(id) === 'UpdateClassification');
    const [product] = products;
    const isAllowed =
      products.length === 1 &&
      classifications.length <= 1 &&
      categoryIds.length === 1 + classifications.length;
    // "All other cases are not allowed": the list is emptied and processing stops.
    if (product === undefined || !isAllowed) return [];
    preferred.add(product);
  }
  return [...preferred];
}
