import { addRunNote, finishRun, startRun } from '../../catalog/store/upstream/synchronization.ts';
import { api } from '../../protocol/console/api.ts';
import { SchedulePlanBody, type PlannedRun } from '../../protocol/console/schedule.ts';
import { loggedLines } from '../../scripts/testing/logged-lines.ts';
import { ConsoleHarness, type ConsoleClient } from '../../scripts/fixtures/console-harness.ts';

const ANY_VERSION = { 'if-match': '*' };

const CLEAN_LISTENERS = {
  client: [{ port: 0, protocol: 'https' as const }],
  content: [{ port: 0, protocol: 'https' as const }],
  downstream: [{ port: 0, protocol: 'https' as const }],
  console: [{ port: 0, protocol: 'https' as const }],
};

describe('synchronization in the console', () => {
  let harness: ConsoleHarness;
  let admin: ConsoleClient;
  beforeEach(async () => {
    harness = await ConsoleHarness.start({ catalogue: false });
    admin = harness.signedInClient();
  });
  afterEach(() => harness.close());

  it('is started once at a time, shows how far it is, and is cancelled', async () => {
    expect(await admin.refused(api.cancelSync)).toMatchObject({ status: 409, code: 'SYNC_NOT_RUNNING' });
    expect(await admin.call(api.startSync)).toEqual({ started: true });
    const runId = startRun(harness.db, 'manual', harness.clock.now);
    expect(await admin.call(api.startSync)).toEqual({ started: false });
    expect((await admin.call(api.synchronization)).running).toMatchObject({
      runId,
      phase: 'connect',
      done: 0,
    });
    harness.tell({ type: 'progress', runId, phase: 'update-data', done: 12, total: 40 });
    expect((await admin.call(api.synchronization)).running).toEqual({
      runId,
      phase: 'update-data',
      done: 12,
      total: 40,
      startedAt: '2026-06-01T12:00:00.000Z',
    });
    await admin.call(api.cancelSync);
    expect(harness.sent).toEqual([{ type: 'synchronize' }, { type: 'cancel' }]);
  });

  it('keeps a history in pages, with the reason and the chain of every failure', async () => {
    const chain = [{ subject: 'CN=mitm', issuer: 'CN=other', validFrom: 'a', validTo: 'b', pin: 'sha256/x' }];
    for (let index = 0; index < 7; index += 1) {
      const runId = startRun(harness.db, 'schedule', harness.clock.now);
      if (index < 6) finishRun(harness.db, runId, 'succeeded', harness.clock.now);
      else {
        finishRun(harness.db, runId, 'failed', harness.clock.now, {
          check: 'pin',
          message: 'The chain has no pinned issuer.',
          detail: { chain },
        });
      }
    }
    const first = await admin.call(api.syncRuns, { query: { limit: 3 } });
    expect(first.items[0]).toMatchObject({ state: 'failed', failedCheck: 'pin', chain });
    const second = await admin.call(api.syncRuns, { query: { limit: 3, cursor: first.nextCursor } });
    const third = await admin.call(api.syncRuns, { query: { limit: 3, cursor: second.nextCursor } });
    expect([...first.items, ...second.items, ...third.items].map(({ runId }) => runId)).toEqual([
      7, 6, 5, 4, 3, 2, 1,
    ]);
    expect(third.nextCursor).toBeUndefined();
    const overview = await admin.call(api.overview);
    expect(overview.lastRun?.runId).toBe(7);
    expect(overview.risks.find(({ code }) => code === 'SYNC_FAILED')?.text).toContain('no pinned issuer');
  });

  it('moves approvals to newer revisions and declines what expires, until somebody sets it otherwise, who is then named', async () => {
    const { log, lines } = loggedLines('debug');
    const logged = await ConsoleHarness.start({ catalogue: false, context: { log } });
    const ada = logged.signedInClient('ada');
    expect(await ada.call(api.revisionRules)).toEqual({ moveApprovals: true, declineExpired: true });
    const body = { moveApprovals: false, declineExpired: true };
    expect(await ada.call(api.setRevisionRules, { body })).toEqual(body);
    expect(await ada.call(api.revisionRules)).toEqual(body);
    expect(
      lines.filter((line) => line.includes('newer revisions')).map((line): unknown => JSON.parse(line)),
    ).toEqual([
      expect.objectContaining({
        userName: 'ada',
        before: { moveApprovals: true, declineExpired: true },
        after: body,
      }),
    ]);
    const unfit = { moveApprovals: 'no' };
    expect(await ada.refused(api.setRevisionRules, { body: unfit })).toMatchObject({ status: 400 });
    expect(await ada.call(api.revisionRules)).toEqual(body);
    await logged.close();
  });

  const startsOf = (runs: readonly PlannedRun[]): string[] =>
    runs.map(({ startsAt, scope, trigger }) => `${startsAt} ${scope} ${trigger}`);

  it('runs when the plan says, whose next ten runs are shown before it is set', async () => {
    const nothing = SchedulePlanBody.parse({});
    expect(await admin.call(api.schedule)).toEqual({ plan: nothing, nextRuns: [] });
    const body = {
      timeZone: 'Europe/Berlin',
      main: { mode: 'timesPerDay', count: 2, firstAt: '03:30' },
      fast: {
        timing: { mode: 'cron', expression: '0 * * * *' },
        classifications: ['e0789628-ce08-4437-be74-2495b842f43b'],
      },
      pauseWindows: [{ days: ['monday'], from: '14:30', to: '17:10' }],
    };
    const preview = await admin.call(api.previewSchedule, { body });
    expect(startsOf(preview.nextRuns).slice(0, 2)).toEqual([
      '2026-06-01T15:10:00.000Z main schedule',
      '2026-06-01T16:00:00.000Z fast schedule',
    ]);
    expect(preview.nextRuns[0]).toMatchObject({ isHeldBack: true, dueAt: '2026-06-01T13:30:00.000Z' });
    expect(preview.nextRuns).toHaveLength(10);
    expect((await admin.call(api.schedule)).plan).toEqual(nothing);
    expect(await admin.call(api.setSchedule, { body, headers: ANY_VERSION })).toEqual(preview);
    expect(harness.sent).toEqual([{ type: 'schedule-changed' }]);
    expect((await admin.call(api.synchronization)).nextRuns).toEqual(preview.nextRuns);
  });

  it('says that a pause window lasts, lists the retry that waits behind it, and is started by hand in it', async () => {
    await admin.call(api.setSchedule, {
      headers: ANY_VERSION,
      body: { pauseWindows: [{ days: ['monday'], from: '11:00', to: '13:00' }] },
    });
    const runId = startRun(harness.db, 'schedule', harness.clock.now);
    finishRun(harness.db, runId, 'failed', harness.clock.now, {
      check: 'timeout',
      message: 'No answer came.',
      mayPass: true,
    });
    expect(await admin.call(api.synchronization)).toMatchObject({
      pausedUntil: '2026-06-01T13:00:00.000Z',
      nextRuns: [{ trigger: 'retry', attempt: 2, startsAt: '2026-06-01T13:00:00.000Z', isHeldBack: true }],
    });
    expect(await admin.call(api.startSync)).toEqual({ started: true });
  });

  it('keeps in the history what a run asked for, of which run it is a retry, and why it began when it did', async () => {
    startRun(harness.db, 'schedule', harness.clock.now);
    const runId = startRun(harness.db, 'schedule', harness.clock.now, {
      scope: 'fast',
      attempt: 2,
      retryOf: 1,
      notes: [{ kind: 'paused', count: 3, dueAt: '2026-06-01T01:00:00.000Z' }],
    });
    for (let index = 0; index < 30; index += 1)
      addRunNote(harness.db, runId, { kind: 'skipped', scope: 'fast', dueAt: '2026-06-01T02:00:00.000Z' });
    const [run] = (await admin.call(api.syncRuns)).items;
    expect(run).toMatchObject({ scope: 'fast', attempt: 2, retryOf: 1 });
    expect(run?.notes.slice(0, 2).map(({ kind }) => kind)).toEqual(['paused', 'skipped']);
    expect(run?.notes).toHaveLength(20);
  });

  const refusal = async (body: object) => {
    const problem = await admin.refused(api.setSchedule, { body, headers: ANY_VERSION });
    expect(problem).toMatchObject({ status: 400, code: 'SCHEMA_MISMATCH' });
    return problem.errors?.map(({ path }) => path);
  };
  const cron = (expression: string) => ({ mode: 'cron', expression });

  it('refuses what makes no sense, saying at which field', async () => {
    expect(await refusal({ main: cron('0 3 30 2 *') })).toEqual(['body.main.expression']);
    expect(await refusal({ main: cron('0 3 * * *'), timeZone: 'Mars/Olympus' })).toEqual(['body.timeZone']);
    expect(await refusal({ fast: { timing: cron('0 * * * *'), classifications: [] } })).toEqual([
      'body.fast.classifications',
    ]);
    expect(await refusal({ retry: { attempts: 99, firstDelayMinutes: 5 } })).toEqual(['body.retry.attempts']);
    expect(harness.sent).toEqual([]);
  });

  it('says how to set an upstream server where none is configured', async () => {
    const bare = await ConsoleHarness.start({ catalogue: false, config: { upstream: undefined } });
    const client = bare.signedInClient();
    const view = await client.call(api.synchronization);
    expect(view.upstream).toBeUndefined();
    expect(view.howToSetUpstream).toContain('upstream.url');
    expect(await client.refused(api.startSync)).toMatchObject({ status: 409, code: 'SYNC_NO_UPSTREAM' });
    expect((await client.call(api.overview)).risks.map(({ code }) => code)).toContain('NO_UPSTREAM');
    await bare.close();
  });
});

describe('products and classifications', () => {
  it('are a tree with what is chosen and how many updates are here, and are chosen as a whole', async () => {
    const harness = await ConsoleHarness.start();
    const admin = harness.signedInClient();
    const { products, classifications } = await admin.call(api.categories);
    const byTitle = new Map(products.map((product) => [product.title, product]));
    const windows11 = byTitle.get('Windows 11');
    expect(windows11?.parentId).toBe(byTitle.get('Windows')?.updateId);
    expect(byTitle.get('Windows')?.parentId).toBe(byTitle.get('Microsoft')?.updateId);
    expect(byTitle.get('Microsoft')?.parentId).toBeUndefined();
    const filters = await admin.call(api.updateFilters);
    for (const { updateId, count } of [...filters.products, ...filters.classifications]) {
      const field = filters.products.some((product) => product.updateId === updateId)
        ? 'product'
        : 'classification';
      expect((await admin.call(api.updates, { query: { [field]: updateId, limit: 1 } })).total).toBe(count);
      expect([...products, ...classifications].find((one) => one.updateId === updateId)?.updates).toBe(count);
    }
    const chosen = [windows11?.updateId ?? '', classifications[0]?.updateId ?? ''];
    const after = await admin.call(api.selectCategories, { body: { updateIds: chosen } });
    const selected = [...after.products, ...after.classifications].filter((one) => one.selected);
    expect(selected.map(({ updateId }) => updateId)).toEqual(chosen);
    const unknown = '00000000-1111-4222-8333-444444444444';
    expect(await admin.refused(api.selectCategories, { body: { updateIds: [unknown] } })).toMatchObject({
      status: 404,
      code: 'CATEGORY_UNKNOWN',
    });
    await harness.close();
  });
});

describe('a relay with nothing chosen', () => {
  it('says so on its overview and beside its runs, with where to choose, until a product and a classification are', async () => {
    const harness = await ConsoleHarness.start();
    const admin = harness.signedInClient();
    const codes = async () => (await admin.call(api.overview)).risks.map(({ code }) => code);
    expect(await codes()).not.toContain('NOTHING_CHOSEN');
    finishRun(harness.db, startRun(harness.db, 'manual', harness.clock.now), 'succeeded', harness.clock.now);
    const { risks } = await admin.call(api.overview);
    const where = 'Choose both in the console under Synchronization, Products and classifications';
    expect(risks.find(({ code }) => code === 'NOTHING_CHOSEN')?.text).toContain(where);
    expect((await admin.call(api.synchronization)).nothingChosen).toContain('No product and no class');

    const { products, classifications } = await admin.call(api.categories);
    const [product, classification] = [products[0]?.updateId, classifications[0]?.updateId];
    await admin.call(api.selectCategories, { body: { updateIds: [product] } });
    expect((await admin.call(api.synchronization)).nothingChosen).toContain('No classification is chosen');
    expect(await codes()).toContain('NOTHING_CHOSEN');
    await admin.call(api.selectCategories, { body: { updateIds: [product, classification] } });
    expect((await admin.call(api.synchronization)).nothingChosen).toBeUndefined();
    expect(await codes()).not.toContain('NOTHING_CHOSEN');
    await harness.close();
  });

  it('is warned of nothing as a replica, which takes everything', async () => {
    const harness = await ConsoleHarness.start({
      config: {
        upstream: { url: 'https://up.example', pins: [`sha256/${'A'.repeat(43)}=`], mode: 'replica' },
      },
    });
    finishRun(harness.db, startRun(harness.db, 'manual', harness.clock.now), 'succeeded', harness.clock.now);
    const admin = harness.signedInClient();
    expect((await admin.call(api.overview)).risks.map(({ code }) => code)).not.toContain('NOTHING_CHOSEN');
    expect((await admin.call(api.synchronization)).nothingChosen).toBeUndefined();
    await harness.close();
  });
});

describe('the overview', () => {
  it('says where computers are to be pointed at: the name in the certificate and the real ports, HTTPS first', async () => {
    const harness = await ConsoleHarness.start({
      catalogue: false,
      config: {
        serverNames: ['relay.example.org'],
        listeners: {
          client: [
            { port: 38530, protocol: 'http' },
            { port: 38531, protocol: 'https' },
          ],
        },
      },
    });
    const { clientAddresses } = await harness.signedInClient().call(api.overview);
    expect(clientAddresses).toEqual(['https://relay.example.org:38531', 'http://relay.example.org:38530']);
    await harness.close();
  });

  it('names what is risky, and nothing where nothing is', async () => {
    const validTo = new Date('2026-06-11T12:00:00Z');
    const risky = await ConsoleHarness.start({
      context: { certificates: () => [{ role: 'console', validTo }] },
    });
    risky.db.exec("UPDATE file SET content_state = 'quarantined' WHERE sha1 = (SELECT min(sha1) FROM file)");
    const { risks } = await risky.signedInClient().call(api.overview);
    expect(risks.map(({ code }) => code)).toEqual([
      'PLAIN_HTTP',
      'PLAIN_HTTP',
      'CERTIFICATE_EXPIRES',
      'CONTENT_QUARANTINED',
    ]);
    expect(risks[0]?.text).toContain('8530');
    expect(risks[2]?.text).toContain('ends in 10 days');
    await risky.close();

    const calm = await ConsoleHarness.start({
      catalogue: false,
      config: { listeners: CLEAN_LISTENERS },
      context: { certificates: () => [{ role: 'console', validTo: new Date('2027-01-01') }] },
    });
    expect((await calm.signedInClient().call(api.overview)).risks).toEqual([]);
    await calm.close();
  });

  it('counts updates by what was decided, and what is new', async () => {
    const harness = await ConsoleHarness.start();
    const admin = harness.signedInClient();
    const { total, items } = await admin.call(api.updates, { query: { expired: 'hide', limit: 8 } });
    const ids = items.map(({ updateId }) => updateId);
    await admin.call(api.decline, { body: { updateIds: ids.slice(0, 3) } });
    const before = await admin.call(api.overview);
    expect(before.updates.declined).toBe(3);
    expect(before.updates.arrivedLast7Days).toBe(before.updates.total);
    expect(before.updates.total).toBeGreaterThan(total);
    harness.pass(7 * 86_400_000 + 1);
    const fresh = harness.signedInClient('later');
    expect((await fresh.call(api.overview)).updates.arrivedLast7Days).toBe(0);
    await harness.close();
  });
});
