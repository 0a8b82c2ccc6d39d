import { emptyDatabase } from '../../../scripts/testing/empty-database.ts';
import { guidOf } from '../../../scripts/testing/update-documents.ts';
import { countPending, readAnchor, readPending, removePending, storePending } from './revision-list.ts';

const identities = [4, 2, 9, 1, 7].map((number) => ({ updateId: guidOf(number), revisionNumber: 100 }));
const inOrder = [1, 2, 4, 7, 9].map((number) => ({ updateId: guidOf(number), revisionNumber: 100 }));

it('what pends is given a few at a time until nothing does, and the anchor moves with the last', () => {
  const db = emptyDatabase();
  storePending(db, 'updates', { anchor: 'at five', filterHash: 'hash' }, identities);
  storePending(db, 'categories', { anchor: 'of others', filterHash: '' }, identities.slice(0, 1));
  const given = [];
  for (let left = 5; left > 0; left = countPending(db, 'updates')) {
    expect(readAnchor(db, 'updates')).toBeUndefined();
    const few = readPending(db, 'updates', 2);
    expect(few).toHaveLength(Math.min(2, left));
    given.push(...few);
    removePending(db, 'updates', few);
  }
  expect(given).toEqual(inOrder);
  expect(readAnchor(db, 'updates')).toEqual({ anchor: 'at five', filterHash: 'hash' });
  expect(readPending(db, 'categories')).toEqual(identities.slice(0, 1));
});
