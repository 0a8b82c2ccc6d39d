import fc from 'fast-check';
import { createHash } from 'node:crypto';
import type { Database } from 'better-sqlite3';
import { CONTENT_SORTS, ContentFilesQuery, VERDICTS } from '../../../protocol/console/content.ts';
import { emptyDatabase } from '../../../scripts/testing/empty-database.ts';
import { guidOf, writeDocument } from '../../../scripts/testing/update-documents.ts';
import { importRevisions } from '../revisions/revisions.ts';
import { listContentFiles, pageOf } from './file-listing.ts';

const NOW = new Date('2026-06-01T12:00:00Z');

let db: Database;
beforeEach(() => {
  db = emptyDatabase();
});
afterEach(() => db.close());

interface Known {
  readonly sha1: string;
  readonly state: 'absent' | 'wanted' | 'present' | 'quarantined';
  readonly size: number;
  readonly changedAt: string;
  readonly retryAt: string | null;
  readonly error: string | null;
  readonly requestedAt: string | null;
  readonly verdict: (typeof VERDICTS)[number] | null;
  readonly isRefused: boolean;
}

const time = (minutes: number): string => new Date(NOW.getTime() + minutes * 60_000).toISOString();

const anyFile = fc.record({
  state: fc.constantFrom('absent', 'wanted', 'present', 'quarantined'),
  size: fc.integer({ min: 0, max: 3 }),
  changedAt: fc.integer({ min: 0, max: 3 }).map(time),
  retryAt: fc.option(fc.integer({ min: 0, max: 3 }).map(time)),
  error: fc.option(fc.constant('it did not come')),
  requestedAt: fc.option(fc.constant(time(0))),
  verdict: fc.option(fc.constantFrom('TRUSTED' as const, 'NOT_SIGNED' as const)),
  isRefused: fc.boolean(),
});

const anyFiles = fc.array(anyFile, { maxLength: 30 }).map((files) =>
  files.map((file, index): Known => ({
    ...file,
    sha1: createHash('sha1').update(String(index)).digest('hex'),
  })),
);

function know(files: readonly Known[]): void {
  db.exec('DELETE FROM content_signature; DELETE FROM file');
  const file = db.prepare(
    `INSERT INTO file (sha1, size, extension, content_state, content_error, retry_at, requested_at, changed_at)
     VALUES (@sha1, @size, '.cab', @state, @error, @retryAt, @requestedAt, @changedAt)`,
  );
  const signature = db.prepare(
    `INSERT INTO content_signature (sha1, kind, signed, verdict, message, refused, policy, judged_at)
     VALUES (?, 'cab', 'no', ?, '', ?, '', '')`,
  );
  for (const { verdict, isRefused, ...row } of files) {
    file.run(row);
    if (verdict !== null) signature.run(row.sha1, verdict, isRefused ? 1 : 0);
  }
}

function read(query: Record<string, unknown>): { readonly sha1s: string[]; readonly totals: number[] } {
  const sha1s: string[] = [];
  const totals: number[] = [];
  for (let cursor: string | undefined; ;) {
    const page = listContentFiles(db, ContentFilesQuery.parse({ ...query, cursor }));
    sha1s.push(...page.items.map((item) => item.sha1));
    totals.push(page.total);
    cursor = page.nextCursor;
    if (cursor === undefined) return { sha1s, totals };
  }
}

const KEYS = {
  turn: (file: Known) => file.retryAt ?? '',
  changed: (file: Known) => file.changedAt,
  size: (file: Known) => file.size,
};

function expected(
  files: readonly Known[],
  state: string,
  sort: (typeof CONTENT_SORTS)[number],
  filter: (file: Known) => boolean,
): string[] {
  const name = sort.replace('-', '');
  const key = KEYS[name === 'turn' || name === 'size' ? name : 'changed'];
  const direction = sort.startsWith('-') ? -1 : 1;
  const compare = (one: string | number, other: string | number): number =>
    one < other ? -direction : one > other ? direction : 0;
  return files
    .filter((file) => file.state === state && filter(file))
    .toSorted((one, other) => compare(key(one), key(other)) || compare(one.sha1, other.sha1))
    .map(({ sha1 }) => sha1);
}

const FILTERS: readonly (readonly [Record<string, unknown>, (file: Known) => boolean])[] = [
  [{}, () => true],
  [{ aspect: 'later' }, ({ retryAt }) => retryAt !== null],
  [{ aspect: 'due' }, ({ retryAt }) => retryAt === null],
  [{ aspect: 'requested' }, ({ requestedAt }) => requestedAt !== null],
  [{ aspect: 'refused' }, ({ verdict, isRefused }) => verdict !== null && isRefused],
  [{ aspect: 'differs' }, ({ verdict, isRefused }) => verdict === null || !isRefused],
  [{ verdict: 'NOT_SIGNED' }, ({ verdict }) => verdict === 'NOT_SIGNED'],
];

it('pages through exactly the files of a state and filter, each once, in every order', () => {
  fc.assert(
    fc.property(
      anyFiles,
      fc.constantFrom('wanted', 'present', 'quarantined'),
      fc.constantFrom(...CONTENT_SORTS),
      fc.constantFrom(...FILTERS),
      fc.integer({ min: 1, max: 7 }),
      (files, state, sort, [filter, isMeant], limit) => {
        know(files);
        const { sha1s, totals } = read({ state, sort, limit, ...filter });
        expect(sha1s).toEqual(expected(files, state, sort, isMeant));
        expect(new Set(totals)).toEqual(new Set([sha1s.length]));
      },
    ),
  );
});

it('finds files by the words of an update that bundles what has them, and by the beginning of the digest', () => {
  const files = [{ fileName: 'inner.cab', content: 'one' }];
  const texts = (title: string) => [{ language: 'en', title }];
  const inner = writeDocument({ updateId: guidOf(2), texts: texts('Part'), files });
  const outer = writeDocument({
    updateId: guidOf(1),
    properties: { ExplicitlyDeployable: 'true' },
    texts: texts('Cumulative Update for Windows (KB5034123)'),
    bundledUpdates: [[{ updateId: guidOf(2), revisionNumber: 1 }]],
  });
  const documents = [inner, outer].map((document) => ({ document, fileUrls: new Map() }));
  importRevisions(db, documents, NOW);
  db.exec("UPDATE file SET content_state = 'wanted'");
  const sha1 = createHash('sha1').update('one').digest('hex');
  for (const search of ['cumulative kb5034123', sha1, sha1.slice(0, 6).toUpperCase()])
    expect(read({ state: 'wanted', search }).sha1s).toEqual([sha1]);
  for (const search of ['absent', '"', '000000', 'Cumulative Nothing'])
    expect(read({ state: 'wanted', search }).sha1s).toEqual([]);
  const [item] = listContentFiles(db, ContentFilesQuery.parse({ state: 'wanted' })).items;
  expect(item).toMatchObject({ fileName: 'inner.cab', update: { updateId: guidOf(1) } });
});

it('refuses a cursor of another order', () => {
  know([0, 1].map((index) => ({ ...BLANK, sha1: createHash('sha1').update(`${index}`).digest('hex') })));
  const { nextCursor } = listContentFiles(db, ContentFilesQuery.parse({ state: 'wanted', limit: 1 }));
  expect(() =>
    listContentFiles(
      db,
      ContentFilesQuery.parse({ state: 'wanted', sort: 'size', ...(nextCursor && { cursor: nextCursor }) }),
    ),
  ).toThrow('The cursor is none of this list in this order');
});

const BLANK: Omit<Known, 'sha1'> = {
  state: 'wanted',
  size: 1,
  changedAt: time(0),
  retryAt: null,
  error: null,
  requestedAt: null,
  verdict: null,
  isRefused: false,
};

it.each(CONTENT_SORTS)('reads a page by an index, without sorting: %s', (sort) => {
  know([0, 1].map((index) => ({ ...BLANK, sha1: createHash('sha1').update(`${index}`).digest('hex') })));
  const { nextCursor } = listContentFiles(db, ContentFilesQuery.parse({ state: 'wanted', sort, limit: 1 }));
  for (const cursor of [undefined, nextCursor]) {
    const { sql, parameters } = pageOf(ContentFilesQuery.parse({ state: 'wanted', sort, cursor })).compile();
    const plan = db
      .prepare<unknown[], { detail: string }>(`EXPLAIN QUERY PLAN ${sql}`)
      .all(...parameters)
      .map(({ detail }) => detail);
    const index = { turn: 'file_by_turn', changed: 'file_by_change', size: 'file_by_size' }[
      sort.replace('-', '')
    ];
    // Those without a time are one run of the index, in which the place is not looked up.
    const place = cursor === undefined || sort === 'turn' ? '' : ' AND ';
    expect(plan).toEqual([
      expect.stringContaining(`SEARCH file USING COVERING INDEX ${index} (content_state=?${place}`),
    ]);
  }
});
