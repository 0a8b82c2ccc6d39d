import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { guidOf, writeDocument } from '../../../scripts/testing/update-documents.ts';
import type { DocumentSpec } from '../../../scripts/testing/update-documents.ts';
import { openDatabase } from '../database/database.ts';
import type { Database } from '../database/database.ts';
import { importRevisions } from './revisions.ts';

const NOW = new Date('2026-11-10T18:00:00Z');

/** One revision of a small catalogue: categories have the low numbers, so that updates and categories name them. */
interface Arrival {
  readonly update: number;
  readonly revision: number;
  readonly clauses: readonly { readonly isCategory: boolean; readonly updates: readonly number[] }[];
}

const CATEGORIES = 5;
const UPDATES = 9;
const isCategory = (update: number): boolean => update < CATEGORIES;

const anyArrival: fc.Arbitrary<Arrival> = fc.record({
  update: fc.nat(UPDATES - 1),
  revision: fc.integer({ min: 1, max: 3 }),
  clauses: fc.array(
    fc.record({
      isCategory: fc.boolean(),
      updates: fc.uniqueArray(fc.nat(UPDATES - 1), { minLength: 1, maxLength: 2 }),
    }),
    { maxLength: 2 },
  ),
});

/** Each revision once, in some order, cut into imports. */
const anyCatalogue = fc.record({
  arrivals: fc.uniqueArray(anyArrival, {
    selector: ({ update, revision }) => `${update}/${revision}`,
    maxLength: 14,
  }),
  importSize: fc.integer({ min: 1, max: 14 }),
});

const specOf = ({ update, revision, clauses }: Arrival): DocumentSpec => ({
  updateId: guidOf(update),
  revisionNumber: revision,
  updateType: isCategory(update) ? 'Category' : 'Software',
  prerequisites: clauses.map((clause) => ({
    ...(clause.isCategory ? { isCategory: true } : {}),
    updateIds: clause.updates.map(guidOf),
  })),
});

/** What must hold, worked out from the whole at once. */
function expected(arrivals: readonly Arrival[]): unknown[] {
  const latest = (update: number): Arrival | undefined =>
    arrivals.filter((arrival) => arrival.update === update).sort((a, b) => b.revision - a.revision)[0];
  const isPrerequisite = (update: number): boolean =>
    arrivals.some(({ clauses }) => clauses.some(({ updates }) => updates.includes(update)));
  const isKnownCategory = (update: number): boolean => isCategory(update) && latest(update) !== undefined;
  const named = ({ clauses }: Arrival): number[] =>
    clauses.flatMap((clause) =>
      clause.updates.filter((update) => clause.isCategory || isKnownCategory(update)),
    );
  const above = (arrival: Arrival): Set<number> => {
    const found = new Set(named(arrival));
    for (const update of found) {
      const category = isKnownCategory(update) ? latest(update) : undefined;
      if (category !== undefined) for (const next of named(category)) found.add(next);
    }
    return found;
  };
  return arrivals
    .map((arrival) => ({
      update: guidOf(arrival.update),
      revision: arrival.revision,
      isLatest: latest(arrival.update) === arrival ? 1 : 0,
      isLeaf: isPrerequisite(arrival.update) ? 0 : 1,
      categories: [...above(arrival)].map(guidOf).sort().join(),
    }))
    .sort((a, b) => (a.update === b.update ? a.revision - b.revision : a.update < b.update ? -1 : 1));
}

const found = (db: Database): unknown[] =>
  db
    .prepare(
      `SELECT update_id AS "update", revision_number AS revision, is_latest AS isLatest, is_leaf AS isLeaf,
         coalesce((SELECT group_concat(category_update_id ORDER BY category_update_id) FROM revision_category
                   WHERE revision_category.revision_id = revision.revision_id), '') AS categories
       FROM revision ORDER BY update_id, revision_number`,
    )
    .all();

describe('Whatever the order in which revisions arrive', () => {
  it('the latest, the leaves and the categories of each are the same', () => {
    const db = openDatabase(join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.db'));
    // Each run is undone, which is a good deal faster than a new file.
    const undone = new Error('undone');
    fc.assert(
      fc.property(anyCatalogue, ({ arrivals, importSize }) => {
        let stored: unknown[] = [];
        const run = db.transaction(() => {
          for (let start = 0; start < arrivals.length; start += importSize) {
            const some = arrivals.slice(start, start + importSize);
            importRevisions(
              db,
              some.map((arrival) => ({ document: writeDocument(specOf(arrival)), fileUrls: new Map() })),
              NOW,
            );
          }
          stored = found(db);
          throw undone;
        });
        expect(run).toThrow(undone);
        expect(stored).toEqual(expected(arrivals));
      }),
      // Bounds how long a counterexample is made smaller.
      { numRuns: 150, interruptAfterTimeLimit: 30_000 },
    );
    db.close();
  });
});
