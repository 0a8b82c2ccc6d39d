import fc from 'fast-check';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UPDATE_STATES } from '../../../protocol/console/status.ts';
import { ApprovalState, UpdatesQuery, type UpdateSummary } from '../../../protocol/console/updates.ts';
import { demoCatalogue } from '../../../scripts/fixtures/demo-catalogue.ts';
import { updateFilters } from './category-counts.ts';
import { openDatabase, type Database } from '../database/database.ts';
import { approve, decline } from '../decisions/deployments.ts';
import { ALL_COMPUTERS, GroupTree } from '../groups/group-tree.ts';
import { importRevisions } from '../revisions/revisions.ts';
import { createGroup } from '../groups/target-groups.ts';
import { listUpdates } from './update-listing.ts';

const NOW = new Date('2026-06-01T12:00:00Z');
const DECIDER = { adminName: 'ada', now: NOW, storesContent: false };

/** Letters and digits in their order, all else a space. */
const tokens = (text: string): string =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, ' ')
    .trim();

describe('the list of updates', () => {
  let db: Database;

  beforeAll(() => {
    db = openDatabase(join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.db'));
    const { documents } = demoCatalogue(1);
    for (let start = 0; start < documents.length; start += 60) {
      importRevisions(
        db,
        documents.slice(start, start + 60).map(({ document }) => ({ document, fileUrls: new Map() })),
        new Date(NOW.getTime() + start),
      );
    }
    const servers = createGroup(db, 'Servers', ALL_COMPUTERS).groupId;
    const install = (
      updateIds: string[],
      groupIds: string[],
      action: 'Install' | 'NotApproved' = 'Install',
    ) => approve(db, { updateIds, groupIds, action, acceptEulaIds: [] }, DECIDER);
    const ids = db
      .prepare<[], string>(
        `SELECT update_id FROM revision WHERE is_latest = 1 AND explicitly_deployable = 1 AND eula_id IS NULL
           AND publication_state = 'Published' ORDER BY update_id`,
      )
      .pluck()
      .all();
    install(ids.slice(0, 20), [ALL_COMPUTERS]);
    install(ids.slice(10, 20), [servers], 'NotApproved');
    install(ids.slice(20, 30), [servers]);
    decline(db, ids.slice(30, 40), DECIDER);
    approve(
      db,
      {
        updateIds: db
          .prepare<[], string>(
            'SELECT update_id FROM revision WHERE is_latest = 1 AND explicitly_deployable = 1 AND can_uninstall = 1 LIMIT 5',
          )
          .pluck()
          .all(),
        groupIds: GroupTree.read(db).groups.map(({ groupId }) => groupId),
        action: 'Uninstall',
        acceptEulaIds: [],
      },
      DECIDER,
    );
    const states = UPDATE_STATES.filter((state) => state !== 'Unknown');
    for (let computer = 0; computer < 4; computer += 1) {
      db.prepare('INSERT INTO computer (computer_id, first_contact, last_contact) VALUES (?, ?, ?)').run(
        `c${computer}`,
        NOW.toISOString(),
        NOW.toISOString(),
      );
      for (const [index, updateId] of ids.entries()) {
        if ((index + computer) % 5 === 0) continue;
        db.prepare(
          `INSERT INTO computer_update_status (computer_id, update_id, revision_number, state, changed_at)
           VALUES (?, ?, 1, ?, ?)`,
        ).run(`c${computer}`, updateId, states[(index * (computer + 1)) % 6], NOW.toISOString());
      }
    }
  }, 60_000);
  afterAll(() => db.close());

  function walk(query: UpdatesQuery): { items: UpdateSummary[]; totals: Set<number> } {
    const items: UpdateSummary[] = [];
    const totals = new Set<number>();
    for (let cursor: string | undefined, more = true; more;) {
      const page = listUpdates(db, { ...query, cursor });
      items.push(...page.items);
      totals.add(page.total);
      cursor = page.nextCursor;
      more = cursor !== undefined;
    }
    return { items, totals };
  }

  const everything = (): UpdateSummary[] => walk(UpdatesQuery.parse({ limit: 500 })).items;

  it('holds the latest revision of each update that can be decided on, once', () => {
    const expected = db
      .prepare<[], number>(
        `SELECT max(revision_id) FROM revision WHERE explicitly_deployable = 1
           AND update_type IN ('Software', 'Driver') GROUP BY update_id`,
      )
      .pluck()
      .all();
    const found = everything();
    expect(new Set(found.map(({ revisionId }) => revisionId))).toEqual(new Set(expected));
    expect(found).toHaveLength(expected.length);
    expect(found.length).toBeGreaterThan(80);
  });

  const someOf = <T>(values: readonly T[]) =>
    fc.option(fc.uniqueArray(fc.constantFrom(...values), { minLength: 1, maxLength: 2 }), {
      nil: undefined,
    });

  it('is walked in pages over every row that fits the filters, exactly once and in order', () => {
    const all = everything();
    const filters = updateFilters(db);
    const query = fc.record({
      classification: someOf(filters.classifications.map(({ updateId }) => updateId)),
      product: someOf(filters.products.map(({ updateId }) => updateId)),
      approval: someOf(ApprovalState.options),
      status: someOf(UPDATE_STATES),
      severity: someOf(filters.severities.map(({ severity }) => severity)),
      superseded: fc.constantFrom('show', 'hide'),
      expired: fc.constantFrom('show', 'hide'),
      search: fc.option(fc.constantFrom('cumulative', 'x64 KB50', '.net', 'CVE-2026', 'windows 11'), {
        nil: undefined,
      }),
      sort: fc.constantFrom(...UpdatesQuery.shape.sort.unwrap().options),
      limit: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(query, (filter) => {
        const parsed = UpdatesQuery.parse(filter);
        const { items, totals } = walk(parsed);
        const expected = all.filter((one) => fits(one, parsed));
        expect(new Set(items.map(({ updateId }) => updateId)).size).toBe(items.length);
        expect(items.map(({ updateId }) => updateId).sort()).toEqual(
          expected.map(({ updateId }) => updateId).sort(),
        );
        expect([...totals]).toEqual([expected.length]);
        const keys = items.map((one) => keyOf(one, parsed.sort));
        const ascending = parsed.sort.startsWith('-') ? keys.toReversed() : keys;
        expect(ascending).toEqual(ascending.toSorted((a, b) => (a < b ? -1 : Number(a > b))));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  /** What the filters mean, in the plainest words. */
  function fits(one: UpdateSummary, query: UpdatesQuery): boolean {
    const texts = db
      .prepare<[number], { title: string; kb: string; cve: string }>(
        'SELECT title, kb_article_ids AS kb, cve_ids AS cve FROM revision WHERE revision_id = ?',
      )
      .get(one.revisionId)!;
    const columns = [
      texts.title,
      ...texts.kb.split(' ').flatMap((kb) => [kb, `KB${kb}`]),
      ...texts.cve.split(' '),
    ];
    const words = columns.map((column) => ` ${tokens(column)}`);
    return (
      (query.classification?.includes(one.classification?.updateId ?? '') ?? true) &&
      (query.product?.some((id) => one.products.some(({ updateId }) => updateId === id)) ?? true) &&
      (query.approval?.includes(one.approval) ?? true) &&
      (query.status?.some((state) => one.status[state] > 0) ?? true) &&
      (query.severity?.includes(one.msrcSeverity ?? '') ?? true) &&
      (query.superseded === 'show' || !one.isSuperseded) &&
      (query.expired === 'show' || !one.isExpired) &&
      (query.search ?? '')
        .split(' ')
        .every((word) => words.some((candidate) => candidate.includes(` ${tokens(word)}`)))
    );
  }

  const RANKS = ['', 'Low', 'Moderate', 'Important', 'Critical'];
  function keyOf(one: UpdateSummary, sort: string): string | number {
    if (sort.endsWith('arrived')) return one.arrivedAt;
    if (sort.endsWith('released')) return one.creationDate;
    if (sort.endsWith('title')) return one.title.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    return RANKS.indexOf(one.msrcSeverity ?? '');
  }

  const found = (filter: object): string[] =>
    walk(UpdatesQuery.parse(filter)).items.map(({ updateId }) => updateId);

  it('finds KB articles and CVEs by number, by beginning and with their letters, and nothing that only looks alike', () => {
    const [one] = everything().filter(({ kbArticleIds }) => kbArticleIds.length > 0);
    const kb = one?.kbArticleIds[0] ?? '';
    for (const search of [kb, `KB${kb}`, `kb${kb}`, kb.slice(0, 5)]) {
      expect(found({ search })).toContain(one?.updateId);
    }
    expect(found({ kb })).toContain(one?.updateId);
    expect(found({ kb: `kb${kb}` })).toEqual(found({ kb }));
    expect(found({ kb: kb.slice(0, 5) })).toEqual([]);
    expect(found({ kb: 'none' })).toEqual([]);
    const cve = db
      .prepare<[], string>("SELECT cve_ids FROM revision WHERE cve_ids <> '' AND is_latest = 1")
      .pluck()
      .get()!;
    expect(found({ search: cve.split(' ')[0] }).length).toBeGreaterThan(0);
  });

  it('takes whatever is typed as words, never as a query language', () => {
    for (const search of [
      '"',
      '"" OR *',
      'title:x',
      'a" OR "b',
      '* ^ - ( )',
      '\0',
      'a\0b',
      'NEAR(a b)',
      "'; DROP TABLE",
    ]) {
      expect(() => listUpdates(db, UpdatesQuery.parse({ search }))).not.toThrow();
    }
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (search) => {
        expect(listUpdates(db, UpdatesQuery.parse({ search })).total).toBeGreaterThanOrEqual(0);
      }),
      { numRuns: 200 },
    );
  }, 60_000);

  it('finds an update by the title of its newest revision only', () => {
    const older = db.prepare<[], number>('SELECT count(*) FROM revision WHERE is_latest = 0').pluck().get();
    expect(older).toBeGreaterThan(0);
    const rows = db
      .prepare<[], number>(
        `SELECT count(*) FROM update_words WHERE rowid NOT IN
           (SELECT revision_id FROM revision WHERE is_latest = 1 AND explicitly_deployable = 1)`,
      )
      .pluck()
      .get();
    expect(rows).toBe(0);
  });

  it('refuses a cursor that is not its own', () => {
    const { nextCursor } = listUpdates(db, UpdatesQuery.parse({ limit: 1, sort: 'title' }));
    for (const cursor of [
      nextCursor,
      'rubbish',
      '',
      Buffer.from('["updates -arrived",99999999]').toString('base64url'),
    ]) {
      expect(() => listUpdates(db, UpdatesQuery.parse({ cursor }))).toThrow(
        'The cursor is none of this list',
      );
    }
  });

  const planFor = (order: string): string =>
    db
      .prepare<[], { detail: string }>(
        `EXPLAIN QUERY PLAN SELECT revision_id FROM revision WHERE revision.is_latest = 1
           AND revision.explicitly_deployable = 1 AND revision.update_type in ('Software', 'Driver')
           AND msrc_severity = 'Critical' AND publication_state = 'Published' ORDER BY ${order} LIMIT 100`,
      )
      .all()
      .map(({ detail }) => detail)
      .join();

  it('is read in the order of its indexes, without sorting and as a rule without reading the long rows', () => {
    expect(planFor('arrived_at DESC, revision_id DESC')).toBe(
      'SCAN revision USING COVERING INDEX listed_by_arrival',
    );
    expect(planFor('title, revision_id')).toBe('SCAN revision USING COVERING INDEX listed_by_title');
    expect(planFor('creation_date, revision_id')).toBe(
      'SCAN revision USING COVERING INDEX listed_by_release',
    );
    expect(planFor('severity_rank DESC, revision_id DESC')).toBe(
      'SCAN revision USING INDEX listed_by_severity',
    );
  });
});
