/** To whom a relay rolls up after a synchronization. */
import winston from 'winston';
import { isMicrosoft } from '../../config/microsoft.ts';
import { Upstream } from '../../config/schema.ts';
import { emptyDatabase } from '../../scripts/testing/empty-database.ts';
import { startTestUpstream } from '../../scripts/testing/upstream-server.ts';
import type { TestUpstream } from '../../scripts/testing/upstream-server.ts';
import { Authorization, readAccount } from '../conversation/authorization.ts';
import { openUpstream } from '../upstream-client.ts';
import { rollUpAfter } from './roll-up-after.ts';

let server: TestUpstream;
beforeEach(async () => {
  server = await startTestUpstream([]);
});
afterEach(() => server.close());

/** Over a connection to the test server, whoever the configuration says it is. */
async function rollUpWith(changes: object): Promise<void> {
  const { signal } = new AbortController();
  const now = (): Date => new Date();
  const own = { url: server.url, pins: [server.pin], trustAnchors: [server.trustAnchorFile] };
  const db = emptyDatabase();
  await using connection = openUpstream({ upstream: Upstream.parse(own), signal, now });
  const { client } = connection;
  const failures = await rollUpAfter({
    db,
    client,
    authorization: new Authorization(client, await readAccount(db, {}), now),
    upstream: Upstream.parse({ ...own, ...changes }),
    log: winston.createLogger({ silent: true }),
    signal,
    now,
  });
  expect(failures).toEqual([]);
}

describe('A rollup', () => {
  it('goes to the upstream server', async () => {
    await rollUpWith({});
    expect(server.calls).toContain('RollupDownstreamServers');
  });

  it.each([
    { rollup: false },
    { url: 'https://sws.update.microsoft.com' },
    { url: 'https://SWS.Update.Microsoft.com.:443/' },
    { url: 'https://fe2.update.microsoft.com' },
  ])('goes nowhere with %j', async (changes) => {
    await rollUpWith(changes);
    expect(server.calls).toEqual([]);
  });
});

it.each([
  ['https://sws.update.microsoft.com', true],
  ['https://microsoft.com', true],
  ['https://wsus.example.org:8531', false],
  ['https://microsoft.com.example.org', false],
  ['https://notmicrosoft.com', false],
])('whether %s is a server of Microsoft: %p', (url, is) => {
  expect(isMicrosoft(url)).toBe(is);
});
