/** What an upstream server can answer instead of what was asked for, over real HTTP, and what is done and said then. */
import { jest } from '@jest/globals';
import { readFailureDetail } from '../catalog/store/upstream/synchronization.ts';
import { ERROR_CODES } from '../protocol/soap/fault.ts';
import { syntheticCatalogue } from '../scripts/fixtures/synthetic-catalogue.ts';
import { catalogueDigest } from '../scripts/testing/catalogue-digest.ts';
import { chooseAll, openRelay, synchronizeWhole } from '../scripts/testing/test-relay.ts';
import type { TestRelay } from '../scripts/testing/test-relay.ts';
import { faultOf } from '../scripts/testing/upstream-answers.ts';
import { startTestUpstream } from '../scripts/testing/upstream-server.ts';
import type { Spoil, Spoiled, TestUpstream } from '../scripts/testing/upstream-server.ts';
import { MOST_RETRIES } from './conversation/retry.ts';

/** Milliseconds; a busy machine takes its time, and nothing here depends on it. */
const PATIENCE = 60_000;
jest.setTimeout(PATIENCE);

const MINUTE = 60_000;
const catalogue = [
  ...new Map([...syntheticCatalogue(7, 200)].map((update) => [update.updateId, update])).values(),
];

let upstream: TestUpstream;
beforeAll(async () => {
  upstream = await startTestUpstream(catalogue.map(({ document }) => document));
}, PATIENCE);
afterAll(() => upstream.close());

const closers: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closers.splice(0).toReversed()) close();
});

function relayOf(spoil?: Spoil): TestRelay {
  upstream.spoil = spoil;
  upstream.calls.length = 0;
  const relay = openRelay(upstream);
  closers.push(() => relay.close());
  return relay;
}

/** Answers one operation so, the first times or always. */
const answering = (operation: string, answer: Spoiled, times = Number.POSITIVE_INFINITY): Spoil => {
  let left = times;
  return (called) => {
    if (called !== operation || left <= 0) return undefined;
    left -= 1;
    return answer;
  };
};
const fault = (errorCode: string): Spoiled => ({ status: 500, body: faultOf(errorCode) });
const callsOf = (operation: string): number => upstream.calls.filter((name) => name === operation).length;

describe('a fault that the upstream server does not cease to answer', () => {
  it.each(ERROR_CODES)(
    '%s fails the synchronization with one sentence that says what to do',
    async (code) => {
      const relay = relayOf(answering('GetConfigData', fault(code)));
      const run = await relay.synchronize();
      expect(run).toMatchObject({ state: 'failed', failedCheck: 'fault' });
      expect(run.failureMessage?.match(/\. /g)).toBeNull();
      expect(run.failureMessage).toMatch(new RegExp(`the fault ${code}: .{25,}`));
      expect(readFailureDetail(relay.db, run.runId)).toMatchObject({ errorCode: code });
    },
  );

  it('is told from every other by its sentence', async () => {
    const said = new Set<string | undefined>();
    for (const code of ERROR_CODES) {
      const run = await relayOf(answering('GetConfigData', fault(code))).synchronize();
      said.add(run.failureMessage);
    }
    expect(said.size).toBe(ERROR_CODES.length);
  });
});

describe('a status without a message of the protocol', () => {
  const statuses = [
    301, 400, 401, 403, 404, 405, 407, 408, 410, 411, 413, 415, 418, 429, 500, 501, 502, 503, 504, 507,
  ];
  it.each(statuses)('%d fails the synchronization with one sentence that says what to do', async (status) => {
    const relay = relayOf(
      answering('GetConfigData', {
        status,
        body: Buffer.from('<html><body>Sorry</body></html>'),
        headers: { location: 'https://elsewhere/path' },
      }),
    );
    const run = await relay.synchronize();
    expect(run).toMatchObject({ state: 'failed', failedCheck: 'http' });
    expect(run.failureMessage).toMatch(
      new RegExp(`answered GetConfigData with HTTP status ${status}: [a-z].{25,}\\.$`),
    );
    expect(run.failureMessage?.match(/\. /g)).toBeNull();
    expect(readFailureDetail(relay.db, run.runId)).toMatchObject({ status });
    const passes = [408, 429, 502, 503, 504].includes(status);
    expect(callsOf('GetConfigData')).toBe(passes ? 1 + MOST_RETRIES : 1);
  });

  it('that points elsewhere is not followed, and the sentence names the place', async () => {
    const redirect = { status: 302, headers: { location: 'https://elsewhere/path' }, body: Buffer.alloc(0) };
    const run = await relayOf(answering('GetAuthConfig', redirect)).synchronize();
    expect(run.failureMessage).toContain('https://elsewhere/path');
  });

  it('that goes with a fault is not what is told: the fault is', async () => {
    const relay = relayOf(
      answering('GetConfigData', { status: 400, body: faultOf('IncompatibleProtocolVersion') }),
    );
    expect(await relay.synchronize()).toMatchObject({
      failedCheck: 'fault',
      failureMessage: expect.stringMatching(/IncompatibleProtocolVersion/),
    });
  });
});

describe('what passes by itself', () => {
  it.each<[string, Spoiled]>([
    ['a busy server', fault('ServerBusy')],
    ['a service that starts', { status: 503, body: Buffer.from('Service Unavailable') }],
    ['a balancer that lost its server', { status: 502, body: Buffer.alloc(0) }],
    ['a connection that is cut', { cutAt: 0.5 }],
    ['a connection that is cut before the answer', { cutAt: 0 }],
  ])('%s is asked again after waits that grow, and the synchronization succeeds', async (_, answer) => {
    const relay = relayOf();
    await relay.synchronize();
    chooseAll(relay.db);
    upstream.spoil = answering('GetUpdateData', answer, 3);
    expect((await relay.synchronize()).state).toBe('succeeded');
    expect(relay.waits.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...relay.waits)).toBeLessThanOrEqual(2 * MINUTE);
    expect(catalogueDigest(relay.db)).toEqual(catalogueDigest(upstream.db));
  });

  it('is waited for as long as the server asks', async () => {
    const busy = { status: 503, headers: { 'retry-after': '240' }, body: Buffer.alloc(0) };
    const relay = relayOf(answering('GetConfigData', busy, 1));
    expect((await relay.synchronize()).state).toBe('succeeded');
    expect(relay.waits).toEqual([4 * MINUTE]);
  });

  it('is left to the next synchronization where the server asks for hours', async () => {
    const busy = { status: 503, headers: { 'retry-after': '7200' }, body: Buffer.alloc(0) };
    const relay = relayOf(answering('GetConfigData', busy, 1));
    expect(await relay.synchronize()).toMatchObject({ state: 'failed', failedCheck: 'http' });
    expect(relay.waits).toEqual([]);
  });
});

describe('a cookie', () => {
  it.each(['InvalidCookie', 'CookieExpired'])(
    'that the server refuses (%s) in the midst of the updates is renewed once, however many batches are in flight',
    async (code) => {
      const relay = relayOf();
      await relay.synchronize();
      chooseAll(relay.db);
      upstream.calls.length = 0;
      let answers = 0;
      let refused: string | undefined;
      upstream.spoil = (operation, body, request) => {
        if (operation === 'GetConfigData')
          return {
            body: Buffer.from(body.toString().replace(/(<MaxNumberOfUpdatesPerRequest>)\d+/, '$110')),
          };
        if (operation !== 'GetUpdateData') return undefined;
        const cookie = /<EncryptedData>(.*?)</.exec(request.toString())?.[1];
        if ((answers += 1) === 4) refused = cookie;
        return cookie === refused ? fault(code) : undefined;
      };
      expect((await relay.synchronize()).state).toBe('succeeded');
      expect(refused).toBeDefined();
      expect(callsOf('GetAuthorizationCookie')).toBe(2);
      expect(catalogueDigest(relay.db)).toEqual(catalogueDigest(upstream.db));
    },
  );

  it('is asked for again, authorization first, where the authorization is refused', async () => {
    const relay = relayOf(answering('GetCookie', fault('InvalidAuthorizationCookie'), 1));
    expect((await relay.synchronize()).state).toBe('succeeded');
    expect(upstream.calls.slice(0, 6)).toEqual([
      'GetAuthConfig',
      'GetAuthorizationCookie',
      'GetCookie',
      'GetAuthConfig',
      'GetAuthorizationCookie',
      'GetCookie',
    ]);
  });
});

describe('a server that says that it changed', () => {
  it.each(['GetConfigData', 'GetRevisionIdList', 'GetUpdateData'])(
    'in answer to %s is asked for everything again, and what is here is not fetched twice',
    async (operation) => {
      const relay = relayOf();
      await relay.synchronize();
      chooseAll(relay.db);
      const change = answering(operation, fault('ServerChanged'), 1);
      const isHere = relay.db.prepare('SELECT 1 FROM revision WHERE update_id = ?').pluck();
      let asked = 0;
      const again: string[] = [];
      upstream.spoil = (called, body, request) => {
        if (called === 'GetUpdateData') {
          const ids = [...request.toString().matchAll(/<UpdateID>([^<]+)/g)].map(([, id = '']) => id);
          asked += ids.length;
          again.push(...ids.filter((id) => isHere.get(id) !== undefined));
        }
        return change(called, body, request);
      };
      expect((await relay.synchronize()).state).toBe('succeeded');
      expect(asked).toBeGreaterThan(0);
      expect(again).toEqual([]);
      expect(catalogueDigest(relay.db)).toEqual(catalogueDigest(upstream.db));
    },
  );

  it('in its configuration is asked for that again, and believed', async () => {
    const relay = relayOf();
    await relay.synchronize();
    chooseAll(relay.db);
    upstream.calls.length = 0;
    upstream.spoil = answering('GetUpdateData', fault('ConfigChanged'), 1);
    expect((await relay.synchronize()).state).toBe('succeeded');
    expect(callsOf('GetConfigData')).toBe(2);
    expect(catalogueDigest(relay.db)).toEqual(catalogueDigest(upstream.db));
  });
});

describe('the limit of documents in a request', () => {
  it.each([
    ['is kept', 7, 7],
    ['of 0 is taken for 1', 0, 1],
    ['below 0 is taken for 1', -5, 1],
    ['of 2147483647 is not used up', 2_147_483_647, 100],
  ])('%s', async (_, limit, most) => {
    let largest = 0;
    const relay = relayOf((operation, body) => {
      if (operation === 'GetConfigData')
        return {
          body: Buffer.from(body.toString().replace(/(<MaxNumberOfUpdatesPerRequest>)\d+/, `$1${limit}`)),
        };
      if (operation === 'GetUpdateData')
        largest = Math.max(largest, body.toString().match(/<ServerSyncUpdateData>/g)?.length ?? 0);
      return undefined;
    });
    expect((await synchronizeWhole(relay)).state).toBe('succeeded');
    expect(largest).toBeGreaterThan(0);
    expect(largest).toBeLessThanOrEqual(most);
    expect(catalogueDigest(relay.db)).toEqual(catalogueDigest(upstream.db));
  });
});

it('an unchanged upstream server costs the next synchronization six requests, and two that report to it', async () => {
  const relay = relayOf();
  await synchronizeWhole(relay);
  upstream.calls.length = 0;
  expect((await relay.synchronize()).state).toBe('succeeded');
  expect(upstream.calls).toEqual([
    'GetAuthConfig',
    'GetAuthorizationCookie',
    'GetCookie',
    'GetConfigData',
    'GetRevisionIdList',
    'GetRevisionIdList',
    'GetRollupConfiguration',
    'RollupDownstreamServers',
  ]);
});
