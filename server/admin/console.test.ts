import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDatabase } from '../../catalog/store/database/database.ts';
import { api } from '../../protocol/console/api.ts';
import { Problem } from '../../protocol/console/problem.ts';
import { ConsoleHarness, type ConsoleClient } from '../../scripts/fixtures/console-harness.ts';

const ALL_COMPUTERS = 'a0a08746-4dbe-4a37-9adf-9e7652c0b421';

function buildPages(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-pages-'));
  writeFileSync(join(folder, 'index.html'), '<!doctype html><title>Sluice</title>');
  mkdirSync(join(folder, 'assets'));
  writeFileSync(join(folder, 'assets', 'index-1a2b3c.js'), 'export {};');
  return folder;
}

/** A request whose path is sent as it stands, without the clean-up that fetch does. */
const rawStatus = (harness: ConsoleHarness, path: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const { hostname, port } = new URL(harness.url);
    request({ hostname, port, path }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    })
      .on('error', reject)
      .end();
  });

describe('the console’s pages', () => {
  let harness: ConsoleHarness;
  beforeAll(async () => {
    harness = await ConsoleHarness.start({ catalogue: false, context: { pagesFolder: buildPages() } });
  }, 60_000);
  afterAll(() => harness.close());

  it('are one document for every address of a page, never kept by the browser', async () => {
    for (const path of ['/', '/updates', '/updates/1?approval=Install', '/groups/a/b']) {
      const response = await fetch(harness.url + path);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('<title>Sluice</title>');
      expect(response.headers.get('cache-control')).toBe('no-cache');
    }
  });

  it('come with a policy that allows nothing but this host, and no script that is written into a page', async () => {
    for (const path of ['/', '/assets/index-1a2b3c.js', '/api/session', '/missing.js']) {
      const { headers } = await fetch(harness.url + path);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).toContain("script-src 'self';");
      expect(policy).toContain("frame-ancestors 'none'");
      expect(policy).toContain("base-uri 'none'");
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('x-powered-by')).toBeNull();
    }
  });

  it('let browsers keep assets for good, since their names change with them', async () => {
    const response = await fetch(`${harness.url}/assets/index-1a2b3c.js`);
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(response.headers.get('content-type')).toContain('javascript');
  });

  it('answer 404 for a file that is missing, and never leave their folder', async () => {
    expect((await fetch(`${harness.url}/assets/gone.js`)).status).toBe(404);
    for (const path of ['/../package.json', '/%2e%2e/package.json', '/..%2fpackage.json', '/%00.js']) {
      expect([400, 403, 404]).toContain(await rawStatus(harness, path));
    }
  });

  it('say how to get them where they are not built', async () => {
    const bare = await ConsoleHarness.start({
      catalogue: false,
      context: { pagesFolder: join(tmpdir(), 'sluice-no-such-folder') },
    });
    const response = await fetch(`${bare.url}/updates`);
    expect(response.status).toBe(503);
    expect(await response.text()).toContain('./scripts/start');
    await bare.close();
  });
});

const hsts = async (console: object): Promise<string | null> => {
  const harness = await ConsoleHarness.start({
    catalogue: false,
    config: { listeners: { console: [{ port: 0, protocol: 'https', ...console }] } },
  });
  const { headers } = await fetch(`${harness.url}/api/session`);
  await harness.close();
  return headers.get('strict-transport-security');
};

describe('strict transport security', () => {
  it('is asked for with a certificate of one’s own, and not under the private authority', async () => {
    expect(await hsts({})).toBeNull();
    expect(await hsts({ certificateFile: 'c.pem', keyFile: 'k.pem' })).toContain('max-age=');
  });
});

describe('the API', () => {
  let harness: ConsoleHarness;
  let admin: ConsoleClient;
  beforeAll(async () => {
    harness = await ConsoleHarness.start();
    admin = harness.signedInClient();
  }, 60_000);
  afterAll(() => harness.close());

  const problem = async (method: string, path: string, options = {}): Promise<Problem> => {
    const response = await admin.send(method, path, options);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    return Problem.parse(await response.json());
  };

  it('answers a problem for what is not there, for another method, and for a body that is none', async () => {
    expect(await problem('GET', '/api/nothing')).toMatchObject({ status: 404, code: 'ROUTE_UNKNOWN' });
    expect(await problem('PUT', '/api/groups')).toMatchObject({ status: 405, code: 'METHOD_NOT_ALLOWED' });
    expect(await problem('POST', '/api/groups', { body: '{"name":' })).toMatchObject({
      status: 400,
      code: 'BODY_NOT_JSON',
    });
    expect(
      await problem('POST', '/api/groups', { body: 'name=x', headers: { 'content-type': 'text/plain' } }),
    ).toMatchObject({ status: 415 });
    expect(
      await problem('POST', '/api/groups', {
        body: { name: 'x'.repeat(2_100_000), parentId: ALL_COMPUTERS },
      }),
    ).toMatchObject({ status: 413, code: 'BODY_TOO_LARGE' });
  });

  it('answers a problem, and logs no failure, for an address or a packing that cannot be read', async () => {
    expect(await problem('GET', '/api/updates/%E0%A4%A')).toMatchObject({
      status: 400,
      code: 'REQUEST_UNREADABLE',
    });
    for (const encoding of ['gzip', 'br']) {
      const options = { body: '{"name":"x"}', headers: { 'content-encoding': encoding } };
      expect(await problem('POST', '/api/groups', options)).toMatchObject({
        status: 400,
        code: 'REQUEST_UNREADABLE',
      });
    }
    expect(await rawStatus(harness, 'http://x:99999999/api/session')).toBe(401);
  });

  it('names every place where a body or a query does not fit', async () => {
    const body = await admin.refused(api.createGroup, { body: { name: ' ', parentId: 'x', colour: 'red' } });
    expect(body).toMatchObject({
      status: 400,
      code: 'SCHEMA_MISMATCH',
      type: 'urn:sluice:problem:schema_mismatch',
    });
    expect(body.errors?.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['body.name', 'body.parentId', 'body']),
    );
    const query = await admin.refused(api.updates, { query: { limit: 0, approval: ['Install', 'Perhaps'] } });
    expect(query.errors?.map(({ path }) => path)).toEqual(['query.limit', 'query.approval.1']);
    expect(await admin.refused(api.update, { params: { updateId: 'not-a-guid' } })).toMatchObject({
      code: 'SCHEMA_MISMATCH',
    });
  });

  it('reads a filter that is there once as it reads one that is repeated', async () => {
    const [one] = (await admin.call(api.updates, { query: { approval: 'NotApproved' } })).items;
    const [other] = (await admin.call(api.updates, { query: { approval: ['NotApproved', 'Declined'] } }))
      .items;
    expect(one).toBeDefined();
    expect(other).toEqual(one);
    expect(await admin.refused(api.updates, { query: { search: ['a', 'b'] } })).toMatchObject({
      code: 'SCHEMA_MISMATCH',
    });
  });

  it('asks to come again where another process keeps the database', async () => {
    const busy = await ConsoleHarness.start({ catalogue: false });
    const client = busy.signedInClient();
    busy.db.pragma('busy_timeout = 0');
    const other = openDatabase(busy.db.name);
    other.exec('BEGIN IMMEDIATE');
    expect(
      await client.refused(api.createGroup, { body: { name: 'Pilot', parentId: ALL_COMPUTERS } }),
    ).toMatchObject({ status: 503, code: 'DATABASE_BUSY' });
    other.close();
    await busy.close();
  });

  it('tells nothing of the inside when something fails that nobody foresaw', async () => {
    const broken = await ConsoleHarness.start({ catalogue: false });
    const client = broken.signedInClient();
    broken.db.exec('DROP TABLE sync_run');
    const response = await client.send('GET', '/api/overview');
    expect(response.status).toBe(500);
    const text = await response.text();
    expect(JSON.parse(text)).toMatchObject({ code: 'INTERNAL_ERROR' });
    expect(text).not.toMatch(/sync_run|SqliteError|\.ts/);
    await broken.close();
  });
});

/** Reads until the text has come. */
async function readUntil(response: Response, text: string): Promise<string> {
  const reader = response.body!.pipeThrough(new TextDecoderStream()).getReader();
  let read = '';
  while (!read.includes(text)) {
    const { value, done } = await reader.read();
    if (done) throw new Error(`The stream ended after ${JSON.stringify(read)}`);
    read += value;
  }
  await reader.cancel();
  return read;
}

describe('the stream of events', () => {
  let harness: ConsoleHarness;
  let admin: ConsoleClient;
  beforeEach(async () => {
    harness = await ConsoleHarness.start({ catalogue: false });
    admin = harness.signedInClient();
  }, 60_000);
  afterEach(() => harness.close());

  it('tells of progress and of the end of a synchronization, the running one first', async () => {
    harness.tell({ type: 'progress', runId: 7, phase: 'updates', done: 1, total: 3 });
    const response = await admin.send('GET', '/api/events');
    expect(response.headers.get('content-type')).toContain('text/event-stream');
    const reading = readUntil(response, 'event: finished');
    harness.tell({ type: 'progress', runId: 7, phase: 'finish', done: 3, total: 3 });
    harness.tell({ type: 'finished', runId: 7, state: 'succeeded' });
    const text = await reading;
    expect(text).toContain('"phase":"updates"');
    expect(text).toContain(
      'event: progress\ndata: {"type":"progress","runId":7,"phase":"finish","done":3,"total":3}\n\n',
    );
  });

  it('tells other consoles at once of a change that was made in one', async () => {
    const response = await admin.send('GET', '/api/events');
    const reading = readUntil(response, 'event: changed');
    await admin.call(api.createGroup, { body: { name: 'Pilot', parentId: ALL_COMPUTERS } });
    expect(await reading).toContain('event: changed');
  });

  it('tells of what another process wrote', async () => {
    const response = await admin.send('GET', '/api/events');
    const reading = readUntil(response, 'event: changed');
    harness.writeFromElsewhere();
    expect(await reading).toContain('event: changed');
  });

  it('is not opened before the one-time password was changed', async () => {
    harness.db.exec('UPDATE account SET must_change_password = 1');
    expect((await admin.send('GET', '/api/events')).status).toBe(403);
  });
});
