import { markServed, readSchedule } from '../../catalog/store/upstream/schedule-record.ts';
import { api } from '../../protocol/console/api.ts';
import { ConsoleHarness, type ConsoleClient } from '../../scripts/fixtures/console-harness.ts';

const PATH = '/api/synchronization/schedule';
const daily = (firstAt: string) => ({ main: { mode: 'timesPerDay' as const, count: 1, firstAt } });

describe('two people who edit the schedule at once', () => {
  let harness: ConsoleHarness;
  let ada: ConsoleClient;
  let bob: ConsoleClient;
  beforeEach(async () => {
    harness = await ConsoleHarness.start({ catalogue: false });
    ada = harness.signedInClient('ada');
    bob = harness.signedInClient('bob');
  });
  afterEach(() => harness.close());

  const read = async (client: ConsoleClient): Promise<string> =>
    (await client.send('GET', PATH)).headers.get('etag') ?? '';
  const save = (client: ConsoleClient, firstAt: string, version: string): Promise<Response> =>
    client.send('PUT', PATH, { body: daily(firstAt), headers: { 'if-match': version } });
  const firstAt = (): unknown => {
    const { main } = readSchedule(harness.db).plan;
    return main.mode === 'timesPerDay' ? main.firstAt : undefined;
  };

  it('cannot undo each other unseen: the second is told to reload, and can save then', async () => {
    const [asAda, asBob] = [await read(ada), await read(bob)];
    expect(asAda).toMatch(/^"[\w-]{22}"$/);
    expect(asBob).toBe(asAda);
    const saved = await save(ada, '01:00', asAda);
    expect(saved.status).toBe(200);

    const refused = await save(bob, '02:00', asBob);
    expect(refused.status).toBe(412);
    expect(await refused.json()).toMatchObject({
      code: 'EDIT_OUTDATED',
      detail: expect.stringContaining('Reload it and make your change again'),
    });
    expect(firstAt()).toBe('01:00');
    expect(harness.sent).toEqual([{ type: 'schedule-changed' }]);

    const reloaded = await read(bob);
    expect(reloaded).toBe(saved.headers.get('etag'));
    expect((await save(bob, '02:00', reloaded)).status).toBe(200);
    expect(firstAt()).toBe('02:00');
  });

  it('are refused where they do not say what they read, and may say that it does not matter', async () => {
    const body = daily('01:00');
    expect(await ada.refused(api.setSchedule, { body })).toMatchObject({
      status: 428,
      code: 'EDIT_WITHOUT_VERSION',
    });
    expect(firstAt()).toBeUndefined();
    expect((await save(ada, '01:00', '*')).status).toBe(200);
    expect((await save(bob, '02:00', '"another"')).status).toBe(412);
    expect(firstAt()).toBe('01:00');
  });

  it('need not reload where the first saved what was there, or runs came due meanwhile', async () => {
    const version = await read(bob);
    const { plan } = await ada.call(api.schedule);
    const saved = await ada.send('PUT', PATH, { body: plan, headers: { 'if-match': version } });
    expect(saved.status).toBe(200);
    markServed(harness.db, 'main', harness.clock.now.getTime());
    expect(await read(bob)).toBe(version);
  });
});
