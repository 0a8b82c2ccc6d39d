/** Updates: the list, what it can be filtered by, one update, its computers here and below. */
import { updateBelow } from '../../catalog/store/rollup/update-below.ts';
import { updateFilters } from '../../catalog/store/updates/category-counts.ts';
import { listUpdateComputers } from '../../catalog/store/updates/update-computers.ts';
import { updateDetails } from '../../catalog/store/updates/update-details.ts';
import { listUpdates } from '../../catalog/store/updates/update-listing.ts';
import type { ConsoleContext } from './context.ts';
import { signedIn, type SomeHandlers } from './handlers.ts';
import { measured } from './measured-answer.ts';
import { readLicenceText } from './licence-text.ts';

export function updateRoutes({
  db,
  config,
}: ConsoleContext): SomeHandlers<'updates' | 'updateFilters' | 'update' | 'updateComputers' | 'updateBelow'> {
  const readFilters = measured(() => updateFilters(db));
  return {
    updates: signedIn('updates', ({ query }) => listUpdates(db, query)),
    updateFilters: signedIn('updateFilters', readFilters),
    update: signedIn('update', ({ params }) =>
      updateDetails(db, params.updateId, (terms) => readLicenceText(config.dataDirectory, terms)),
    ),
    updateComputers: signedIn('updateComputers', ({ params, query }) =>
      listUpdateComputers(db, params.updateId, query),
    ),
    updateBelow: signedIn('updateBelow', ({ params, query }) => updateBelow(db, params.updateId, query)),
  };
}
