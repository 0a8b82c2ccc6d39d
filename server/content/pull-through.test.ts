import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import http, { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createLogger } from '../../config/logging.ts';
import { Endpoint, Upstream } from '../../config/schema.ts';
import { contentPath, incomingPath } from '../../catalog/content-path.ts';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { portOf } from '../../scripts/testing/port-of.ts';
import { ContentDownloads } from '../../sync/content/content-downloads.ts';
import { createDispatcher } from '../http/dispatcher.ts';
import { listen } from '../http/listener.ts';
import type { Listener } from '../http/listener.ts';
import { RateLimit } from '../http/rate-limit.ts';
import { CONTENT_PREFIX, createContentEndpoint } from './content-endpoint.ts';
import { PullThrough } from './pull-through.ts';
import type { Pulled } from './pull-through.ts';
import { ContentStore } from './stored-file.ts';

const log = createLogger({ level: 'error', terminal: false });
const content = randomBytes(1_000_000);
const digest = (algorithm: string): string => createHash(algorithm).update(content).digest('hex');
const sha1 = digest('sha1');
const path = `/Content/${contentPath(sha1, '.cab')}`;

let folder: string;
let db: Database;
let upstream: Server;
let downloads: ContentDownloads;
let relay: Listener;
/** What the upstream server does with a request for the file. */
let answer: (request: IncomingMessage, response: ServerResponse) => void;
let asked: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-pull-'));
  db = openDatabase(join(folder, 'sluice.db'));
  asked = 0;
  upstream = createServer((request, response) => {
    asked += 1;
    answer(request, response);
  });
  await once(upstream.listen(0, '127.0.0.1'), 'listening');
  downloads = new ContentDownloads({
    db,
    log,
    now: () => new Date(),
    send: () => undefined,
    upstream: Upstream.parse({
      url: 'https://upstream.invalid',
      pins: [`sha256/${'A'.repeat(43)}=`],
      timeout: 2000,
      contentUrl: `http://127.0.0.1:${portOf(upstream)}/Content`,
    }),
    folder: join(folder, 'content'),
    isStored: true,
    onRequest: true,
    parallelDownloads: 2,
  });
  const contentWanted = (): void => downloads.wake();
  const shared = { db, log, now: () => new Date(), contentWanted };
  relay = await listen({
    endpoint: Endpoint.parse({ address: '127.0.0.1', port: 0, protocol: 'http' }),
    key: 'listeners.content.0',
    handler: createDispatcher(
      {
        exact: new Map(),
        prefixes: [
          {
            prefix: CONTENT_PREFIX,
            handler: createContentEndpoint({
              store: new ContentStore({ ...shared, dataDirectory: folder }),
              pull: new PullThrough({ ...shared, folder: join(folder, 'content'), patience: 5000 }),
            }),
          },
        ],
      },
      new RateLimit(0),
      log,
    ),
  });
});
afterEach(async () => {
  await relay.close(0);
  await downloads.stop();
  upstream.closeAllConnections();
  await new Promise((resolve) => upstream.close(resolve));
  db.close();
  rmSync(folder, { recursive: true });
});

const know = (state: string): void => {
  db.prepare(
    `INSERT INTO file (sha1, sha256, size, extension, content_state, changed_at) VALUES (?, ?, ?, '.cab', ?, '')`,
  ).run(sha1, digest('sha256'), content.length, state);
};
const stateNow = (): unknown => db.prepare('SELECT content_state FROM file').pluck().get();

interface Download {
  readonly status: number | undefined;
  readonly received: () => Buffer;
  /** Settles with how it ended. */
  readonly ended: Promise<'whole' | 'cut'>;
  readonly headers: http.IncomingHttpHeaders;
}

const begin = (headers: Record<string, string> = {}, method = 'GET'): Promise<Download> =>
  new Promise((resolve, reject) => {
    http
      .request({ host: '127.0.0.1', port: relay.port, path, headers, method }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        const ended = new Promise<'whole' | 'cut'>((settle) => {
          response.on('end', () => settle('whole'));
          response.on('error', () => settle('cut'));
        });
        const received = (): Buffer => Buffer.concat(chunks);
        resolve({ status: response.statusCode, headers: response.headers, received, ended });
      })
      .on('error', reject)
      .end();
  });

const until = async (holds: () => boolean): Promise<void> => {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
};
const head = (response: ServerResponse): void =>
  void response.writeHead(200, { 'Content-Length': content.length });

/** Answers with so many bytes, and with the others when it is told to. */
function answerInTwo(bytes: number, whole = content): () => void {
  let sendRest: (() => void) | undefined;
  answer = (_request, response) => {
    head(response);
    response.write(whole.subarray(0, bytes));
    sendRest = () => response.end(whole.subarray(bytes));
  };
  return () => sendRest?.();
}

describe('Content that an update needs and that is not here yet', () => {
  it('is served while it arrives, and whole only when it is verified', async () => {
    know('wanted');
    const sendRest = answerInTwo(400_000);
    const download = await begin();
    expect(download.status).toBe(200);
    expect(download.headers).toMatchObject({ etag: `"${sha1}"`, 'content-length': String(content.length) });
    await until(() => download.received().length === 400_000);
    expect(stateNow()).toBe('wanted');
    sendRest();
    expect(await download.ended).toBe('whole');
    expect(download.received().equals(content)).toBe(true);
    expect(stateNow()).toBe('present');
    expect(asked).toBe(1);
    const again = await begin({ Range: 'bytes=10-19', 'If-Range': `"${sha1}"` });
    expect(await again.ended).toBe('whole');
    expect(again.received().equals(content.subarray(10, 20))).toBe(true);
    expect(again.headers['last-modified']).toBe(download.headers['last-modified']);
  });

  it('is fetched once for all who wait, each range as soon as it is there', async () => {
    know('wanted');
    const sendRest = answerInTwo(300_000);
    const early = await begin({ Range: 'bytes=1000-1999' });
    expect(await early.ended).toBe('whole');
    expect(early.received().equals(content.subarray(1000, 2000))).toBe(true);
    const late = await Promise.all([
      begin({ Range: 'bytes=900000-999999' }),
      begin({ Range: 'bytes=250000-350000' }),
      begin(),
    ]);
    sendRest();
    expect(await Promise.all(late.map(({ ended }) => ended))).toEqual(['whole', 'whole', 'whole']);
    expect(late[0].received().equals(content.subarray(900_000))).toBe(true);
    expect(late[1].received().equals(content.subarray(250_000, 350_001))).toBe(true);
    expect(late[2].received().equals(content)).toBe(true);
    expect(asked).toBe(1);
  });

  it.each([
    ['at its end', 999_999],
    ['in its second half', 500_001],
    ['at its beginning', 0],
  ])(
    'that turns out to be altered %s is cut off for whoever has received most of it, and nothing stays',
    async (_where, position) => {
      know('wanted');
      const altered = Buffer.from(content);
      altered.writeUInt8(altered.readUInt8(position) ^ 1, position);
      const sendRest = answerInTwo(400_000, altered);
      const download = await begin();
      expect(download.status).toBe(200);
      await until(() => download.received().length === 400_000);
      sendRest();
      expect(await download.ended).toBe('cut');
      expect(download.received().length).toBeLessThan(content.length);
      await until(() => stateNow() === 'quarantined');
      expect(readdirSync(join(folder, 'content')).filter((name) => name !== '.incoming')).toEqual([]);
    },
  );

  it('is asked for again later where its source does not have it', async () => {
    know('wanted');
    answer = (_request, response) => void response.writeHead(500).end();
    expect(await begin()).toMatchObject({ status: 503, headers: { 'retry-after': '30' } });
    const before = asked;
    expect(await begin()).toMatchObject({ status: 503 });
    expect(asked).toBe(before);
  });

  it('is described to HEAD while it arrives', async () => {
    know('wanted');
    answer = (_request, response) => {
      head(response);
      response.write(content.subarray(0, 200_000));
    };
    const described = await begin({}, 'HEAD');
    expect(described).toMatchObject({ status: 200, headers: { 'content-length': '1000000' } });
  });

  it('goes on arriving when the client that asked first has left', async () => {
    know('wanted');
    const sendRest = answerInTwo(300_000);
    const client = http.get({ host: '127.0.0.1', port: relay.port, path }, (response) => {
      response.on('error', () => undefined);
      client.destroy();
    });
    client.on('error', () => undefined);
    await once(client, 'close');
    sendRest();
    await until(() => stateNow() === 'present');
    const download = await begin();
    expect(await download.ended).toBe('whole');
    expect(asked).toBe(1);
  });
});

it.each(['absent', 'quarantined'])(
  'A file that is %s is not fetched because somebody asks',
  async (state) => {
    know(state);
    answer = (_request, response) => void response.end(content);
    expect(await begin()).toMatchObject({ status: 404 });
    expect(stateNow()).toBe(state);
  },
);

it('What nobody asked for is not fetched where content is fetched on request', async () => {
  know('wanted');
  answer = (_request, response) => void response.end(content);
  downloads.wake();
  await downloads.settled();
  expect(asked).toBe(0);
});

describe('Where nothing is sent before the whole was judged', () => {
  it('whoever asks first is told to come again, however much of it is there', async () => {
    know('wanted');
    const incoming = join(folder, 'content', incomingPath(sha1));
    mkdirSync(dirname(incoming), { recursive: true });
    writeFileSync(incoming, content.subarray(0, content.length - 1));
    const shared = { db, folder: join(folder, 'content'), now: () => new Date(), patience: 400 };
    const pulled = (waitsForWhole: boolean): Promise<Pulled | undefined> =>
      new PullThrough({ ...shared, contentWanted: () => undefined, waitsForWhole }).open(sha1, '.cab');
    const streamed = await pulled(false);
    expect(streamed).toMatchObject({ isArriving: true });
    if (typeof streamed === 'object') streamed.release();
    expect(await pulled(true)).toBe('later');
  });
});
