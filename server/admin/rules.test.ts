import { api } from '../../protocol/console/api.ts';
import type { RuleBody } from '../../protocol/console/rules.ts';
import { ALL_COMPUTERS } from '../../catalog/store/groups/group-tree.ts';
import { ConsoleHarness, type ConsoleClient } from '../../scripts/fixtures/console-harness.ts';
import { demoCatalogue } from '../../scripts/fixtures/demo-catalogue.ts';
import { runToEnd } from '../../scripts/testing/rule-world.ts';

const SECURITY = '0fa1201d-4330-4fa8-8ae9-b877473b6441';

const security: RuleBody = {
  name: 'Security',
  enabled: false,
  conditions: {
    classifications: [SECURITY],
    products: [],
    titleIncludes: [],
    titleExcludes: [],
    severities: [],
    updateTypes: [],
    superseded: 'include',
    ageDays: 0,
  },
  groupIds: [ALL_COMPUTERS],
  action: 'Install',
  acceptTerms: false,
};

/** Made before anything is connected: it takes long enough for an idle connection to be closed. */
demoCatalogue(1);

describe('the API of rules', () => {
  let harness: ConsoleHarness;
  let admin: ConsoleClient;
  beforeEach(async () => {
    harness = await ConsoleHarness.start();
    admin = harness.signedInClient('ada');
  }, 60_000);
  afterEach(() => harness.close());

  const tagOf = async (ruleId: number): Promise<string> =>
    (await admin.send('GET', `/api/rules/${ruleId}`)).headers.get('etag') ?? '';
  const paramsOf = (ruleId: number) => ({ params: { ruleId: String(ruleId) } });

  it('makes, changes, switches, runs and deletes one, and an update says why it was approved', async () => {
    const made = await admin.call(api.createRule, { body: security });
    expect(made).toMatchObject({ version: 1, enabled: false, createdBy: 'ada', approvedUpdates: 0 });
    const { ruleId } = made;

    const preview = await admin.call(api.previewRule, { body: { ...without(security, 'enabled'), ruleId } });
    expect(preview.updates).toBeGreaterThan(3);
    expect(preview.groups).toEqual([
      { groupId: ALL_COMPUTERS, groupName: 'All Computers', updates: preview.updates },
    ]);
    expect(preview.items.length).toBe(Math.min(50, preview.updates));
    expect(harness.db.prepare('SELECT count(*) FROM deployment').pluck().get()).toBe(0);

    expect(await admin.call(api.runRule, paramsOf(ruleId))).toEqual({ started: true });
    expect(await admin.call(api.runRule, paramsOf(ruleId))).toEqual({ started: false });
    expect(harness.sent).toContainEqual({ type: 'rules-wanted' });
    expect(runToEnd(harness.db, { now: harness.clock.now, storesContent: true })).toBe(preview.updates);

    const updateId = preview.items[0]?.updateId ?? '';
    const update = await admin.call(api.update, { params: { updateId } });
    expect(update.ruleTraces).toMatchObject([{ ruleId, ruleName: 'Security', ruleVersion: 1, stands: true }]);
    expect(update.groups[0]?.own?.rule).toEqual({ ruleId, name: 'Security', version: 1 });

    const renamed = await admin.call(api.changeRule, {
      ...paramsOf(ruleId),
      body: { ...security, name: 'Renamed' },
      headers: { 'if-match': await tagOf(ruleId) },
    });
    expect(renamed).toMatchObject({ name: 'Renamed', version: 2, approvedUpdates: preview.updates });
    const on = await admin.call(api.setRuleState, {
      ...paramsOf(ruleId),
      body: { enabled: true },
      headers: { 'if-match': await tagOf(ruleId) },
    });
    expect(on).toMatchObject({ enabled: true, version: 3 });
    const history = await admin.call(api.ruleHistory, paramsOf(ruleId));
    expect(history.versions.map(({ version, enabled }) => [version, enabled])).toEqual([
      [3, true],
      [2, false],
      [1, false],
    ]);
    expect(history.runs).toMatchObject([{ trigger: 'manual', requestedBy: 'ada', updates: preview.updates }]);

    await admin.call(api.deleteRule, { ...paramsOf(ruleId), headers: { 'if-match': await tagOf(ruleId) } });
    expect((await admin.call(api.rules)).rules).toEqual([]);
    expect((await admin.refused(api.rule, paramsOf(ruleId))).code).toBe('RULE_UNKNOWN');
    const after = await admin.call(api.update, { params: { updateId } });
    expect(after.ruleTraces).toMatchObject([{ ruleName: 'Security', stands: true }]);
    expect(after.ruleTraces[0]?.presentName).toBeUndefined();
  }, 60_000);

  it('tells the second of two who edit at once, and undoes nothing that the first did', async () => {
    const { ruleId } = await admin.call(api.createRule, { body: security });
    const tag = await tagOf(ruleId);
    const edit = (name: string, headers: Record<string, string>) => ({
      ...paramsOf(ruleId),
      body: { ...security, name },
      headers,
    });
    await admin.call(api.changeRule, edit('First', { 'if-match': tag }));
    expect((await admin.refused(api.changeRule, edit('Second', { 'if-match': tag }))).code).toBe(
      'EDIT_OUTDATED',
    );
    expect((await admin.refused(api.changeRule, edit('Second', {}))).code).toBe('EDIT_WITHOUT_VERSION');
    expect(
      (await admin.refused(api.deleteRule, { ...paramsOf(ruleId), headers: { 'if-match': tag } })).code,
    ).toBe('EDIT_OUTDATED');
    expect((await admin.call(api.rule, paramsOf(ruleId))).name).toBe('First');
  });

  it('puts rules in another order, all of them or none', async () => {
    const ids: number[] = [];
    for (const name of ['a', 'b', 'c'])
      ids.push((await admin.call(api.createRule, { body: { ...security, name } })).ruleId);
    const [a = 0, b = 0, c = 0] = ids;
    const tag = (await admin.send('GET', '/api/rules')).headers.get('etag') ?? '';
    const ordered = await admin.call(api.orderRules, {
      body: { ruleIds: [c, a, b] },
      headers: { 'if-match': tag },
    });
    expect(ordered.rules.map(({ ruleId }) => ruleId)).toEqual([c, a, b]);
    const refused = async (ruleIds: number[], ifMatch: string): Promise<string> =>
      (await admin.refused(api.orderRules, { body: { ruleIds }, headers: { 'if-match': ifMatch } })).code;
    expect(await refused([a, b, c], tag)).toBe('EDIT_OUTDATED');
    expect(await refused([a, b], '*')).toBe('RULES_CHANGED');
    expect(await refused([a, a, b], '*')).toBe('RULES_CHANGED');
  });

  it('refuses what is no rule, and rules that are not here', async () => {
    const make = async (change: object): Promise<string> =>
      (await admin.refused(api.createRule, { body: { ...security, ...change } })).code;
    expect(await make({ groupIds: [] })).toBe('SCHEMA_MISMATCH');
    expect(await make({ action: 'Uninstall' })).toBe('SCHEMA_MISMATCH');
    expect(await make({ conditions: { titleIncludes: ['(a+)+$'.repeat(40)] } })).toBe('SCHEMA_MISMATCH');
    expect(await make({ unknown: 1 })).toBe('SCHEMA_MISMATCH');
    expect(await make({ groupIds: ['00000000-0000-4000-8000-000000000000'] })).toBe('GROUP_UNKNOWN');
    expect(await make({ conditions: { products: ['00000000-0000-4000-8000-000000000000'] } })).toBe(
      'CATEGORY_UNKNOWN',
    );
    expect(await make({ deadline: { days: 1, timeZone: 'Nowhere' } })).toBe('TIME_ZONE_UNKNOWN');
    for (const route of [api.rule, api.ruleHistory, api.runRule])
      expect((await admin.refused(route, paramsOf(7))).code).toBe('RULE_UNKNOWN');
    expect((await admin.refused(api.rule, { params: { ruleId: '7x' } })).code).toBe('SCHEMA_MISMATCH');
  });

  it('on a replica shows what there is and decides nothing', async () => {
    const replica = await ConsoleHarness.start({
      config: {
        upstream: { url: 'https://top.example', pins: [`sha256/${'A'.repeat(43)}=`], mode: 'replica' },
      },
    });
    try {
      const client = replica.signedInClient('ada');
      expect(await client.call(api.rules)).toEqual({ rules: [], replicaOf: 'top.example' });
      expect((await client.refused(api.createRule, { body: security })).code).toBe('REPLICA_READ_ONLY');
      expect((await client.refused(api.runRule, paramsOf(1))).code).toBe('REPLICA_READ_ONLY');
    } finally {
      await replica.close();
    }
  });
});

function without<T extends object, K extends keyof T>(value: T, key: K): Omit<T, K> {
  const { [key]: _, ...rest } = value;
  return rest;
}
