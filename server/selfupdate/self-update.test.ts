import { mkdirSync, mkdtempSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Endpoint } from '../../config/schema.ts';
import { loggedLines } from '../../scripts/testing/logged-lines.ts';
import { createDispatcher } from '../http/dispatcher.ts';
import { listen } from '../http/listener.ts';
import type { Listener } from '../http/listener.ts';
import { RateLimit } from '../http/rate-limit.ts';
import { selfUpdateRoutes } from './self-update-endpoint.ts';
import { SelfUpdateFolder } from './self-update-folder.ts';

const { log, lines: logged } = loggedLines('debug');

let data: string;
let folder: string;
let listener: Listener;

beforeAll(async () => {
  data = mkdtempSync(join(tmpdir(), 'sluice-selfupdate-'));
  folder = join(data, 'selfupdate');
  const { exact, prefixes } = selfUpdateRoutes(new SelfUpdateFolder(folder));
  listener = await listen({
    endpoint: Endpoint.parse({ address: '127.0.0.1', port: 0, protocol: 'http' }),
    key: 'listeners.client.0',
    handler: createDispatcher(
      {
        exact: new Map(exact),
        prefixes,
        // As where the console shares the agents' socket.
        rest: (_request, response) => response.end('the console'),
      },
      new RateLimit(0),
      log,
    ),
  });
});
afterAll(async () => {
  await listener.close(0);
  rmSync(data, { recursive: true });
});
beforeEach(() => void (logged.length = 0));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const ask = async (
  path: string,
  options: { method?: string; headers?: http.OutgoingHttpHeaders } = {},
): Promise<Answer> =>
  await new Promise((resolve, reject) => {
    const request = http.request(
      { port: listener.port, host: '127.0.0.1', path, agent: false, ...options },
      (response) => {
        let body = '';
        response.setEncoding('latin1').on('data', (text: string) => (body += text));
        response.on('end', () => resolve({ status: response.statusCode, headers: response.headers, body }));
      },
    );
    request.on('error', reject);
    request.end();
  });

const put = (name: string, content: string): void => {
  const path = join(folder, name);
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, content);
  utimesSync(path, new Date('2013-05-01T00:00:00Z'), new Date('2013-05-01T00:00:00Z'));
};

/** What agents of each generation were seen or are said to ask for. */
const PROBES = [
  '/selfupdate/wuident.cab',
  '/SelfUpdate/wuident.cab?1911201530',
  '/selfupdate/wsus3setup.cab?0912251430',
  '/selfupdate/WSUS3/x64/Vista/wsus3setup.cab?0912251430',
  '/SelfUpdate/AU/x86/W2K/mui/wuaueng_en.cab',
  '/SelfUpdate/WUClient-SelfUpdate-ActiveX~31bf3856ad364e35~amd64~~7.6.7600.320.cab',
  '/selfupdate',
  '/selfupdate/',
  '/iuident.cab?1911201530',
  '/wuident.cab',
  '/wutrack.bin?U=0&C=iu',
  '/wusetup.cab',
  '/autoupdate/getmanifest.asp',
];

describe('Self-update without a genuine copy', () => {
  it.each(PROBES)('answers %s with a bare 404, and says nothing of it in the log', async (path) => {
    for (const method of ['GET', 'HEAD']) {
      for (const headers of [{}, { Range: 'bytes=0-99' }]) {
        const answer = await ask(path, { method, headers });
        expect(answer).toMatchObject({ status: 404, body: '', headers: { 'content-length': '0' } });
        expect(answer.headers['content-type']).toBeUndefined();
      }
    }
    expect(logged).toEqual([]);
  });

  it('takes no other method', async () => {
    expect(await ask(PROBES[0]!, { method: 'POST' })).toMatchObject({
      status: 405,
      body: '',
      headers: { allow: 'GET, HEAD' },
    });
  });
});

describe('Self-update from a genuine copy', () => {
  beforeEach(() => {
    put('wuident.cab', '0123456789');
    put('iuident.cab', 'old');
    put('WSUS3/x64/Vista/wsus3setup.cab', 'setup');
    put('WUClient~31bf~x86.cab', 'client');
  });

  it('serves a file whatever the case of its path and whatever is asked behind it', async () => {
    for (const path of ['/selfupdate/wuident.cab', '/SelfUpdate/WUIDENT.CAB?1911201530', '/wuident.cab']) {
      expect(await ask(path)).toMatchObject({
        status: 200,
        body: '0123456789',
        headers: { 'content-length': '10', 'accept-ranges': 'bytes', 'cache-control': 'no-cache' },
      });
    }
    expect((await ask('/selfupdate/wsus3/X64/vista/WSUS3setup.cab')).body).toBe('setup');
    expect((await ask('/selfupdate/WUClient%7E31bf%7ex86.cab')).body).toBe('client');
    expect((await ask('/IUIdent.cab?1911201530')).body).toBe('old');
  });

  it('never compresses it', async () => {
    put('wuident.cab', 'x'.repeat(10_000));
    const answer = await ask('/selfupdate/wuident.cab', { headers: { 'Accept-Encoding': 'xpress, gzip' } });
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.body.length).toBe(10_000);
  });

  it('answers HEAD as GET, but for the body', async () => {
    const get = await ask('/selfupdate/wuident.cab');
    const head = await ask('/selfupdate/wuident.cab', { method: 'HEAD' });
    expect(head).toMatchObject({ status: 200, body: '' });
    for (const name of ['content-length', 'etag', 'last-modified', 'content-type']) {
      expect(head.headers[name]).toBe(get.headers[name]);
    }
  });

  it('serves ranges of it', async () => {
    expect(await ask('/selfupdate/wuident.cab', { headers: { Range: 'bytes=2-4' } })).toMatchObject({
      status: 206,
      body: '234',
      headers: { 'content-range': 'bytes 2-4/10', 'content-length': '3' },
    });
    expect(await ask('/selfupdate/wuident.cab', { headers: { Range: 'bytes=10-' } })).toMatchObject({
      status: 416,
    });
  });

  it('knows a copy that the agent has by its tag and by its date, until it is another file', async () => {
    const { headers } = await ask('/selfupdate/wuident.cab');
    const conditions = [{ 'If-None-Match': headers.etag }, { 'If-Modified-Since': headers['last-modified'] }];
    for (const condition of conditions) {
      expect(await ask('/selfupdate/wuident.cab', { headers: condition })).toMatchObject({
        status: 304,
        body: '',
      });
    }
    put('wuident.cab', 'another one');
    const changed = await ask('/selfupdate/wuident.cab', { headers: { 'If-None-Match': headers.etag } });
    expect(changed).toMatchObject({ status: 200, body: 'another one' });
  });

  it.each([
    '/selfupdate/../secret.cab',
    '/selfupdate/..%2fsecret.cab',
    '/selfupdate/%2e%2e/secret.cab',
    '/selfupdate/..\\secret.cab',
    '/selfupdate/..%5csecret.cab',
    '/selfupdate/wsus3/../../secret.cab',
    '/selfupdate//secret.cab',
    '/selfupdate/./wuident.cab',
    '/selfupdate/wuident.cab/',
    '/selfupdate/wuident.cab%00',
    '/selfupdate/wuident.cab/x',
    '/selfupdate/%',
    '/selfupdate/%c0%ae',
    '/selfupdate/wsus3',
    '/selfupdate/wsus3/',
    '/selfupdate/linked.cab',
    '/selfupdate/linked/secret.cab',
    `/selfupdate/${'wsus3/'.repeat(50)}x.cab`,
  ])('holds nothing at %s', async (path) => {
    writeFileSync(join(data, 'secret.cab'), 'secret');
    symlinkSync(join(data, 'secret.cab'), join(folder, 'linked.cab'));
    symlinkSync(data, join(folder, 'linked'));
    expect(await ask(path)).toMatchObject({ status: 404, body: '' });
    expect(logged).toEqual([]);
  });
});
