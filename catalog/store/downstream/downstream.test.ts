import fc from 'fast-check';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../database/database.ts';
import type { Database } from '../database/database.ts';
import {
  categoriesAfter,
  fileUrlsOf,
  latestPoint,
  recordDownstreamServer,
  updatesMatching,
  wantFiles,
} from './downstream.ts';
import type { CategoryFilter, RevisionFilter } from './downstream.ts';

let folder: string;
let db: Database;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-downstream-'));
  db = openDatabase(join(folder, 'sluice.db'));
  // Nothing here has to survive a power cut, and the property test writes much.
  db.pragma('synchronous = OFF');
});
afterEach(() => {
  db.close();
  rmSync(folder, { recursive: true });
});

const NOW = new Date('2026-03-01T12:00:00Z');
const idOf = (name: string): string => `00000000-0000-4000-8000-${name.padStart(12, '0')}`;

interface Row {
  readonly name: string;
  readonly type?: string;
  readonly revision?: number;
  readonly sequence: number;
  readonly latest?: boolean;
  readonly categories?: readonly string[];
  readonly languages?: readonly string[];
  /** `name` or `name@revision`. */
  readonly members?: readonly string[];
}

const add = (row: Row): void => {
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO revision (update_id, revision_number, update_type, publication_state, is_latest, is_leaf,
         explicitly_deployable, creation_date, arrived_at, import_sequence, default_language, title, core, document)
       VALUES (?, ?, ?, 'Published', ?, 1, 1, '2026-01-01', ?, ?, 'en', ?, '', '')`,
    )
    .run(
      idOf(row.name),
      row.revision ?? 1,
      row.type ?? 'Software',
      row.latest === false ? 0 : 1,
      `2026-02-0${row.sequence}T00:00:00.000Z`,
      row.sequence,
      row.name,
    );
  for (const category of row.categories ?? []) {
    db.prepare('INSERT INTO revision_category VALUES (?, ?)').run(lastInsertRowid, idOf(category));
  }
  for (const language of row.languages ?? [])
    db.prepare('INSERT INTO revision_language VALUES (?, ?)').run(lastInsertRowid, language);
  for (const [clause, member] of (row.members ?? []).entries()) {
    const [name = '', revision = '1'] = member.split('@');
    db.prepare('INSERT INTO bundled_update VALUES (?, ?, ?, ?)').run(
      lastInsertRowid,
      clause,
      idOf(name),
      Number(revision),
    );
  }
};

const filter = (...names: string[]): CategoryFilter[] =>
  names.map((name) => ({ id: idOf(name.replace('!', '')), delta: !name.startsWith('!') }));

/** Names of the updates that match; `name@revision` where it is not the first. */
const matching = (newerThan: number, categories: string[] = [], classifications: string[] = []): string[] =>
  updatesMatching(db, {
    newerThan,
    categories: filter(...categories),
    classifications: filter(...classifications),
  }).map(({ updateId, revisionNumber }) => {
    const name = updateId.slice(-12).replace(/^0+/, '');
    return revisionNumber === 1 ? name : `${name}@${revisionNumber}`;
  });

const chosen = (list: string[]) =>
  fc
    .subarray(list)
    .chain((subset) =>
      fc.tuple(...subset.map((name) => fc.record({ id: fc.constant(idOf(name)), delta: fc.boolean() }))),
    );

/** The rules of the filter, read plainly. */
const expected = (
  all: readonly Required<Pick<Row, 'name' | 'sequence' | 'categories' | 'languages' | 'members'>>[],
  { newerThan, categories, classifications, languages = [] }: RevisionFilter,
) => {
  const listed = new Set<string>();
  const take = (name: string): void => {
    if (listed.has(name)) return;
    listed.add(name);
    for (const member of all.find((row) => row.name === name)?.members ?? []) take(member);
  };
  for (const row of all) {
    const own = new Set(row.categories.map(idOf));
    const asked = languages.filter(({ language }) => row.languages.includes(language));
    if (languages.length > 0 && row.languages.length > 0 && asked.length === 0) continue;
    const newer = row.sequence > newerThan || asked.some(({ delta }) => !delta);
    const matches =
      categories.length + classifications.length === 0
        ? newer
        : categories.some((category) =>
            classifications.some(
              (classification) =>
                own.has(category.id) &&
                own.has(classification.id) &&
                (newer || !category.delta || !classification.delta),
            ),
          );
    if (matches) take(row.name);
  }
  return [...listed].map(idOf).sort();
};

describe('A downstream server', () => {
  it('finds an empty catalogue at no point at all', () => {
    expect(latestPoint(db)).toBeUndefined();
    expect(matching(0)).toEqual([]);
  });

  it('is told of categories and detectoids that came after its anchor, the newest revision of each', () => {
    add({ name: 'c1', type: 'Category', sequence: 1 });
    add({ name: 'c2', type: 'Category', sequence: 1, latest: false });
    add({ name: 'c2', type: 'Category', sequence: 2, revision: 2 });
    add({ name: 'd1', type: 'Detectoid', sequence: 2 });
    add({ name: 'a1', sequence: 2 });
    const names = (sequence: number) =>
      categoriesAfter(db, sequence).map(
        ({ updateId, revisionNumber }) => `${updateId.slice(-2)}@${revisionNumber}`,
      );
    expect(names(0)).toEqual(['c1@1', 'c2@2', 'd1@1']);
    expect(names(1)).toEqual(['c2@2', 'd1@1']);
    expect(names(2)).toEqual([]);
    expect(latestPoint(db)).toEqual({ sequence: 2, arrivedAt: '2026-02-02T00:00:00.000Z' });
  });

  it('is told of updates that came after its anchor', () => {
    add({ name: 'a1', sequence: 1 });
    add({ name: 'a2', sequence: 1, latest: false });
    add({ name: 'a2', sequence: 2, revision: 2 });
    add({ name: 'a3', type: 'Driver', sequence: 3 });
    add({ name: 'c1', type: 'Category', sequence: 3 });
    expect(matching(0)).toEqual(['a1', 'a2@2', 'a3']);
    expect(matching(1)).toEqual(['a2@2', 'a3']);
    expect(matching(3)).toEqual([]);
  });

  it('is told only of what belongs to one of its products and to one of its classifications', () => {
    add({ name: 'a1', sequence: 1, categories: ['c1', 'f1'] });
    add({ name: 'a2', sequence: 1, categories: ['c1'] });
    add({ name: 'a3', sequence: 1, categories: ['f1'] });
    add({ name: 'a4', sequence: 1, categories: ['c2', 'f2'] });
    expect(matching(0, ['c1', 'c2'], ['f1'])).toEqual(['a1']);
    expect(matching(0, ['c1', 'c2'], ['f1', 'f2'])).toEqual(['a1', 'a4']);
    expect(matching(0, ['c1'], [])).toEqual([]);
    expect(matching(0, [], ['f1'])).toEqual([]);
  });

  it('gets everything of a product that it chose anew, and only what is newer of the others', () => {
    add({ name: 'a1', sequence: 1, categories: ['c1', 'f1'] });
    add({ name: 'a2', sequence: 1, categories: ['c2', 'f1'] });
    add({ name: 'a3', sequence: 2, categories: ['c1', 'f1'] });
    expect(matching(1, ['c1', 'c2'], ['f1'])).toEqual(['a3']);
    expect(matching(1, ['c1', '!c2'], ['f1'])).toEqual(['a2', 'a3']);
    expect(matching(2, ['c1', 'c2'], ['!f1'])).toEqual(['a1', 'a2', 'a3']);
  });

  it('gets the members of a bundle with it, whatever they belong to and however deep they lie', () => {
    add({ name: 'e1', sequence: 1, latest: false });
    add({ name: 'e1', sequence: 2, revision: 2 });
    add({ name: 'e2', sequence: 1, members: ['e3'] });
    add({ name: 'e3', sequence: 1, members: ['b1'] });
    add({ name: 'b1', sequence: 3, categories: ['c1', 'f1'], members: ['e1', 'e2', 'e9'] });
    add({ name: 'b2', sequence: 3, categories: ['c2', 'f1'], members: ['e1@2'] });
    expect(matching(2, ['c1'], ['f1'])).toEqual(['e1', 'e2', 'e3', 'b1']);
  });

  it('gets what a plain reading of the rules says, for any catalogue and filter', () => {
    const names = ['1', '2', '3', '4', '5', '6'];
    const rows = fc.tuple(
      ...names.map((name) =>
        fc.record({
          name: fc.constant(name),
          sequence: fc.integer({ min: 1, max: 3 }),
          categories: fc.subarray(['a', 'b', 'c', 'd']),
          languages: fc.subarray(['de', 'en', 'fr']),
          members: fc.subarray(names.filter((other) => other > name)),
        }),
      ),
    );
    const filters: fc.Arbitrary<RevisionFilter> = fc.record({
      newerThan: fc.nat(3),
      categories: chosen(['a', 'b']),
      classifications: chosen(['c', 'd']),
      languages: fc
        .subarray(['de', 'en', 'ja'])
        .chain((subset) =>
          fc.tuple(
            ...subset.map((language) => fc.record({ language: fc.constant(language), delta: fc.boolean() })),
          ),
        ),
    });
    fc.assert(
      fc.property(rows, filters, (all, wanted) => {
        db.exec('DELETE FROM revision');
        for (const row of all) add(row);
        expect(
          updatesMatching(db, wanted)
            .map(({ updateId }) => updateId)
            .sort(),
        ).toEqual(expected(all, wanted));
      }),
      { numRuns: 150 },
    );
  });
});

const sha1Of = (name: string): string => Buffer.from(name).toString('hex').padEnd(40, '0');

describe('A file that a downstream server asks for', () => {
  const files = ['absent', 'wanted', 'present', 'quarantined'];

  beforeEach(() => {
    for (const state of files) {
      db.prepare(
        "INSERT INTO file (sha1, size, extension, content_state, changed_at, mu_url) VALUES (?, 1, '.cab', ?, '', ?)",
      ).run(sha1Of(state), state, state === 'present' ? 'http://mu.test/a.cab' : null);
    }
  });

  const states = (): string[] =>
    files.map((name) =>
      String(db.prepare('SELECT content_state FROM file WHERE sha1 = ?').pluck().get(sha1Of(name))),
    );

  it('becomes wanted where it is absent, comes first where it was wanted, and stays what it is otherwise', () => {
    expect(wantFiles(db, files.map(sha1Of), NOW)).toEqual({ unknown: [], wanted: 2 });
    expect(wantFiles(db, files.map(sha1Of), NOW)).toEqual({ unknown: [], wanted: 0 });
    expect(states()).toEqual(['wanted', 'wanted', 'present', 'quarantined']);
  });

  it('that nothing names is told, and the others become wanted', () => {
    expect(wantFiles(db, [sha1Of('absent'), sha1Of('x')], NOW)).toEqual({
      unknown: [sha1Of('x')],
      wanted: 1,
    });
    expect(states()).toEqual(['wanted', ...files.slice(1)]);
  });

  it('is named once for its revision, with its URL where there is one', () => {
    add({ name: 'a1', sequence: 1 });
    const insert = db.prepare('INSERT INTO revision_file (revision_id, sha1, file_name) VALUES (1, ?, ?)');
    insert.run(sha1Of('present'), 'one.cab');
    insert.run(sha1Of('present'), 'two.cab');
    insert.run(sha1Of('absent'), 'three.cab');
    expect(fileUrlsOf(db, { updateId: idOf('a1'), revisionNumber: 1 })).toEqual([
      { sha1: sha1Of('absent') },
      { sha1: sha1Of('present'), muUrl: 'http://mu.test/a.cab' },
    ]);
  });
});

it('A downstream server that calls again is the same row with its newest name', () => {
  const server = { accountGuid: idOf('1'), accountName: 'dss.test', ipAddress: '10.0.0.1' };
  recordDownstreamServer(db, server, NOW);
  recordDownstreamServer(db, { ...server, accountName: 'dss2.test' }, new Date('2026-03-02T00:00:00Z'));
  expect(db.prepare('SELECT * FROM downstream_server').all()).toEqual([
    {
      account_guid: idOf('1'),
      account_name: 'dss2.test',
      ip_address: '10.0.0.1',
      first_contact: '2026-03-01T12:00:00.000Z',
      last_contact: '2026-03-02T00:00:00.000Z',
    },
  ]);
});
