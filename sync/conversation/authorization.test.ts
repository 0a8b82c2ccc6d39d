/** The cookie for the upstream server, and when it is renewed. */
import { jest } from '@jest/globals';
import { Upstream as UpstreamConfig } from '../../config/schema.ts';
import { startTestUpstream } from '../../scripts/testing/upstream-server.ts';
import type { TestUpstream } from '../../scripts/testing/upstream-server.ts';
import { openUpstream } from '../upstream-client.ts';
import { Authorization } from './authorization.ts';
import { Upstream } from './upstream.ts';

jest.setTimeout(60_000);

const HOUR = 3_600_000;
const ACCOUNT = { name: 'relay.example', guid: '11111111-2222-4333-8444-555555555555' };

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

interface Conversing {
  readonly upstream: TestUpstream;
  readonly conversation: Upstream;
  /** Moves the relay's clock on. */
  readonly later: (milliseconds: number) => void;
  readonly introductions: () => number;
}

async function converse(): Promise<Conversing> {
  const upstream = await startTestUpstream([]);
  closers.push(() => upstream.close());
  const connection = openUpstream({
    upstream: UpstreamConfig.parse({
      url: upstream.url,
      pins: [upstream.pin],
      trustAnchors: [upstream.trustAnchorFile],
    }),
    signal: new AbortController().signal,
    now: () => new Date(),
  });
  closers.push(() => connection[Symbol.asyncDispose]());
  let offset = 0;
  const now = (): Date => new Date(Date.now() + offset);
  return {
    upstream,
    conversation: new Upstream(connection.client, new Authorization(connection.client, ACCOUNT, now)),
    later: (milliseconds) => (offset += milliseconds),
    introductions: () => upstream.calls.filter((name) => name === 'GetAuthorizationCookie').length,
  };
}

const threeCalls = async ({ conversation }: Conversing): Promise<void> => {
  await Promise.all([conversation.configData(), conversation.configData(), conversation.configData()]);
};

/** The server's cookies are good for four hours. */
const NEARLY_ITS_LIFE = 4 * HOUR - 30_000;

describe('calls at the same time', () => {
  it('share the first cookie', async () => {
    const conversing = await converse();
    await threeCalls(conversing);
    expect(conversing.introductions()).toBe(1);
  });

  it('in the last minute of a cookie share one renewal', async () => {
    const conversing = await converse();
    await conversing.conversation.configData();
    conversing.later(NEARLY_ITS_LIFE);
    await threeCalls(conversing);
    expect(conversing.introductions()).toBe(2);
  });
});

it('a renewal that fails is begun again by the next call', async () => {
  const conversing = await converse();
  await conversing.conversation.configData();
  conversing.later(NEARLY_ITS_LIFE);
  conversing.upstream.spoil = (operation) =>
    operation === 'GetAuthorizationCookie' ? { body: Buffer.from('<no'), status: 200 } : undefined;
  await expect(conversing.conversation.configData()).rejects.toThrow();
  conversing.upstream.spoil = undefined;
  await conversing.conversation.configData();
  expect(conversing.introductions()).toBe(3);
});

it.each(['https://elsewhere.example/DssAuthWebService/DssAuthWebService.asmx', 'http://localhost/Auth.asmx'])(
  'an authorization service on another server (%s) is not asked',
  async (address) => {
    const { conversation, introductions, upstream } = await converse();
    upstream.spoil = (operation, body) =>
      operation === 'GetAuthConfig'
        ? { body: Buffer.from(body.toString().replace(/(<ServiceUrl>)[^<]+/, `$1${address}`)) }
        : undefined;
    await expect(conversation.configData()).rejects.toMatchObject({
      check: 'response',
      message: expect.stringMatching(/names a service on another server, https?:\/\/\w+/),
    });
    expect(introductions()).toBe(0);
  },
);

it('an authorization service that is named with leading slashes is asked where the rest is', async () => {
  const { conversation, introductions, upstream } = await converse();
  upstream.spoil = (operation, body) =>
    operation === 'GetAuthConfig'
      ? { body: Buffer.from(body.toString().replace(/(<ServiceUrl>)\/*/, '$1//')) }
      : undefined;
  await conversation.configData();
  expect(introductions()).toBe(1);
});
