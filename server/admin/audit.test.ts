import { dirname } from 'node:path';
import fc from 'fast-check';
import { appendAudit, auditHead } from '../../catalog/store/audit/audit-log.ts';
import type { AuditEntry } from '../../catalog/store/audit/audit-log.ts';
import { listAudit } from '../../catalog/store/audit/audit-listing.ts';
import { api } from '../../protocol/console/api.ts';
import { AUDIT_ACTOR_KINDS } from '../../protocol/console/audit.ts';
import type { AuditFilters } from '../../protocol/console/audit.ts';
import { ConsoleHarness } from '../../scripts/fixtures/console-harness.ts';
import type { ConsoleClient } from '../../scripts/fixtures/console-harness.ts';
import { keepPresentHead } from '../audit/verify-log.ts';

let harness: ConsoleHarness;
let client: ConsoleClient;
beforeEach(async () => {
  harness = await ConsoleHarness.start({ catalogue: false });
  client = harness.signedInClient();
});
afterEach(async () => await harness.close());

const DAY = 86_400_000;
const START = Date.UTC(2026, 4, 1);

const append = (entry: Partial<AuditEntry> = {}): number =>
  harness.db
    .transaction(() =>
      appendAudit(harness.db, {
        at: new Date(START),
        actor: { kind: 'user', name: 'Kim', accountId: 2 },
        remoteAddress: '192.0.2.7',
        action: 'update.approve',
        subjects: [
          { kind: 'update', id: 'AB-1', name: 'Cumulative Update (KB5044284)' },
          { kind: 'group', id: 'g1' },
        ],
        before: { approval: null },
        after: { approval: 'Install' },
        ...entry,
      }),
    )
    .immediate();

const keepHead = async (): Promise<unknown> =>
  await keepPresentHead(harness.db, dirname(harness.db.name), harness.clock.now);

describe('The audit log in the API', () => {
  it('lists the newest first, in pages that nothing new disturbs', async () => {
    for (let count = 0; count < 7; count += 1) append();
    const first = await client.call(api.audit, { query: { limit: 3 } });
    append();
    const second = await client.call(api.audit, { query: { limit: 3, cursor: first.nextCursor } });
    const third = await client.call(api.audit, { query: { limit: 3, cursor: second.nextCursor } });
    const seen = [first, second, third].flatMap(({ items }) => items.map(({ sequence }) => sequence));
    expect(seen).toEqual([7, 6, 5, 4, 3, 2, 1]);
    expect([first.total, third.nextCursor]).toEqual([7, undefined]);
    expect(first.items[0]).toEqual({
      sequence: 7,
      at: '2026-05-01T00:00:00.000Z',
      actor: { kind: 'user', name: 'Kim', accountId: 2 },
      remoteAddress: '192.0.2.7',
      action: 'update.approve',
      subject: { kind: 'update', id: 'AB-1', name: 'Cumulative Update (KB5044284)' },
      subjects: 2,
    });
    expect(await client.refused(api.audit, { query: { cursor: 'eA' } })).toMatchObject({
      code: 'CURSOR_INVALID',
    });
  });

  it('finds what a walk over all entries finds, whatever is asked for', () => {
    const names = ['Kim', 'kim', 'Lee', "O'Neil%"];
    const actions = ['update.approve', 'update.decline', 'update', 'updates.x', 'group.create'];
    const ids = ['1', 'a', 'A'];
    for (let count = 0; count < 60; count += 1) {
      append({
        at: new Date(START + ((count * 7) % 10) * DAY),
        actor: { kind: AUDIT_ACTOR_KINDS[count % 6]!, name: names[count % 4]! },
        action: actions[(count * 3) % 5]!,
        subjects: ids
          .filter((_, index) => (count >> index) % 2 === 1)
          .map((id) => ({ kind: count % 2 ? 'group' : 'update', id })),
      });
    }
    const all = listAudit(harness.db, { limit: 500 }).items.map(({ sequence }) => sequence);
    const day = fc.nat(10).map((days) => new Date(START + days * DAY).toISOString());
    const some = <T>(values: readonly T[]): fc.Arbitrary<T[]> => fc.subarray([...values], { minLength: 1 });
    const filters = fc.record(
      {
        from: day,
        to: day,
        actorKind: some(AUDIT_ACTOR_KINDS),
        actor: some(names),
        action: some([...actions, 'group', 'updat']),
        subjectKind: fc.constantFrom('update', 'group', 'rule'),
        subjectId: fc.constantFrom(...ids),
      },
      { requiredKeys: [] },
    );
    const whole = all.map((sequence) => ({
      sequence,
      row: listAudit(harness.db, {
        limit: 1,
        cursor: Buffer.from(JSON.stringify(['audit', sequence + 1])).toString('base64url'),
      }).items[0]!,
      subjects: harness.db
        .prepare<[number], { kind: string; id: string }>(
          'SELECT kind, id FROM audit_subject WHERE sequence = ?',
        )
        .all(sequence),
    }));
    const fits = ({ row, subjects }: (typeof whole)[number], asked: AuditFilters): boolean =>
      (asked.from === undefined || row.at >= asked.from) &&
      (asked.to === undefined || row.at < asked.to) &&
      (asked.actorKind?.includes(row.actor.kind) ?? true) &&
      (asked.actor?.some((name) => name.toLowerCase() === row.actor.name.toLowerCase()) ?? true) &&
      (asked.action?.some((name) => row.action === name || row.action.startsWith(`${name}.`)) ?? true) &&
      ((asked.subjectKind === undefined && asked.subjectId === undefined) ||
        subjects.some(
          ({ kind, id }) =>
            (asked.subjectKind ?? kind) === kind &&
            (asked.subjectId ?? id).toLowerCase() === id.toLowerCase(),
        ));
    fc.assert(
      fc.property(filters, (asked) => {
        const { items, total } = listAudit(harness.db, { ...asked, limit: 500 });
        const wanted = whole.filter((one) => fits(one, asked)).map(({ sequence }) => sequence);
        expect(items.map(({ sequence }) => sequence)).toEqual(wanted);
        expect(total).toBe(wanted.length);
      }),
    );
  });

  it('searches names, addresses, subjects and values by words, whatever signs are typed', async () => {
    append();
    append({
      actor: { kind: 'command', name: 'root' },
      subjects: [],
      before: null,
      after: { file: '/etc/sluice.yaml' },
    });
    const found = async (search: string): Promise<number[]> =>
      (await client.call(api.audit, { query: { search } })).items.map(({ sequence }) => sequence);
    expect(await found('kb5044284')).toEqual([1]);
    expect(await found('cumul INSTALL')).toEqual([1]);
    expect(await found('192.0.2.7')).toEqual([2, 1]);
    expect(await found('/etc/sluice.yaml')).toEqual([2]);
    expect(await found('root nobody')).toEqual([]);
    for (const search of ['"', '* OR x', 'NEAR(', '\0', '-']) expect(await found(search)).toEqual([]);
  });

  it('shows an entry whole, and whether its fields make its hash', async () => {
    append();
    append();
    const { hash } = auditHead(harness.db);
    const second = await client.call(api.auditEntry, { params: { sequence: '2' } });
    expect(second).toMatchObject({
      before: { approval: null },
      after: { approval: 'Install' },
      hash,
      isIntact: true,
    });
    expect(second.subjects).toHaveLength(2);
    harness.db.exec(`DROP TRIGGER audit_entry_kept_as_it_is; PRAGMA ignore_check_constraints = ON;
      UPDATE audit_entry SET subjects = 'none', value_after = '{' WHERE sequence = 1`);
    expect(await client.call(api.auditEntry, { params: { sequence: '1' } })).toMatchObject({
      isIntact: false,
      subjects: [],
      after: '{',
    });
    expect((await client.call(api.audit)).items).toMatchObject([{ subjects: 2 }, { subjects: 0 }]);
    expect(await client.refused(api.auditEntry, { params: { sequence: '3' } })).toMatchObject({
      status: 404,
      code: 'AUDIT_ENTRY_UNKNOWN',
    });
    expect(await client.refused(api.auditEntry, { params: { sequence: '0' } })).toMatchObject({
      status: 400,
    });
  });

  it('says where the log ends, what there is to filter by, and what came out when it was verified', async () => {
    expect(await client.call(api.auditState)).toMatchObject({
      sequence: 0,
      actors: [],
      actions: [],
      subjectKinds: [],
    });
    append();
    append({
      actor: { kind: 'system', name: 'clean-up' },
      action: 'computer.delete',
      subjects: [{ kind: 'computer', id: 'x' }],
    });
    await keepHead();
    const state = await client.call(api.verifyAudit);
    expect(state).toEqual({
      ...auditHead(harness.db),
      verified: { at: harness.clock.now.toISOString(), sequence: 2, found: 0, findings: [] },
      actors: ['clean-up', 'Kim'],
      actions: ['computer.delete', 'update.approve'],
      subjectKinds: ['computer', 'group', 'update'],
    });
    expect((await client.call(api.overview)).risks.map(({ code }) => code)).not.toContain(
      'AUDIT_LOG_ALTERED',
    );
    harness.db.exec(
      "DROP TRIGGER audit_entry_kept_as_it_is; UPDATE audit_entry SET actor_name = 'Lee' WHERE sequence = 1",
    );
    const altered = (await client.call(api.verifyAudit)).verified;
    expect(altered).toMatchObject({
      found: 2,
      findings: [expect.any(String), expect.stringContaining('Entry 1')],
    });
    expect((await client.call(api.overview)).risks.map(({ code }) => code)).toContain('AUDIT_LOG_ALTERED');
  });

  it('comes as a file, the oldest entry first, narrowed as the list is', async () => {
    for (let count = 0; count < 250; count += 1)
      append({ actor: { kind: 'user', name: count % 2 === 0 ? 'Kim' : 'Lee' } });
    const answer = await client.send('GET', '/api/audit/export', {
      query: { format: 'jsonl', actor: ['Kim'] },
    });
    expect(answer.headers.get('content-disposition')).toBe(
      'attachment; filename="sluice-audit-2026-06-01.jsonl"',
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
    const lines = (await answer.text()).split('\n').slice(0, -1);
    expect(lines).toHaveLength(125);
    expect(JSON.parse(lines[1]!)).toMatchObject({
      sequence: 3,
      actorName: 'Kim',
      after: { approval: 'Install' },
    });
    const csv = await client.send('GET', '/api/audit/export', { query: { format: 'csv' } });
    expect((await csv.text()).split('\r\n')).toHaveLength(252);
    expect((await client.send('GET', '/api/audit/export', { query: { format: 'xml' } })).status).toBe(400);
    client.cookie = undefined;
    expect((await client.send('GET', '/api/audit/export', { query: { format: 'csv' } })).status).toBe(401);
  });

  it('is read by nobody who is not signed in, and verified only by a call that was meant', async () => {
    client.csrfToken = undefined;
    expect(await client.refused(api.verifyAudit)).toMatchObject({ code: 'CSRF_TOKEN_WRONG' });
    client.cookie = undefined;
    for (const route of [api.audit, api.auditState, api.verifyAudit])
      expect(await client.refused(route)).toMatchObject({ status: 401 });
    expect(await client.refused(api.auditEntry, { params: { sequence: '1' } })).toMatchObject({
      status: 401,
    });
  });
});
