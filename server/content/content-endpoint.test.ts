import fc from 'fast-check';
import { createHash, randomBytes } from 'node:crypto';
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import http from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { HandOver } from '../../config/content.ts';
import { createLogger } from '../../config/logging.ts';
import { Endpoint } from '../../config/schema.ts';
import { contentPath } from '../../catalog/content-path.ts';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { createDispatcher } from '../http/dispatcher.ts';
import { listen } from '../http/listener.ts';
import type { Listener } from '../http/listener.ts';
import { RateLimit } from '../http/rate-limit.ts';
import { policyId } from '../../catalog/authenticode/content-signature-policy.ts';
import type { ContentSignaturePolicy } from '../../catalog/authenticode/content-signature-policy.ts';
import { followSignaturePolicy, signatureOf } from '../../catalog/store/content/signatures.ts';
import { writeCabinet } from '../../protocol/cabinet/write-cabinet.ts';
import { roots } from '../../scripts/testing/authenticode/publishers.ts';
import { signedCabinet } from '../../scripts/testing/authenticode/signed-samples.ts';
import { openDescriptors } from '../../scripts/testing/open-descriptors.ts';
import { CONTENT_PREFIX, createContentEndpoint } from './content-endpoint.ts';
import type { ContentEndpointOptions } from './content-endpoint.ts';
import { ContentStore } from './stored-file.ts';

const log = createLogger({ level: 'error', terminal: false });
const digest = (algorithm: string, bytes: Buffer): string =>
  createHash(algorithm).update(bytes).digest('hex');

let folder: string;
let db: Database;
let listener: Listener;
let wanted: number;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-content-'));
  db = openDatabase(join(folder, 'sluice.db'));
  const store = new ContentStore({
    db,
    dataDirectory: folder,
    log,
    now: () => new Date('2026-03-01T12:00:00Z'),
    contentWanted: () => void (wanted += 1),
  });
  listener = await listen({
    endpoint: Endpoint.parse({ address: '127.0.0.1', port: 0, protocol: 'http' }),
    key: 'listeners.content.0',
    handler: createDispatcher(
      { exact: new Map(), prefixes: [{ prefix: CONTENT_PREFIX, handler: createContentEndpoint({ store }) }] },
      new RateLimit(0),
      log,
    ),
  });
});
beforeEach(() => (wanted = 0));
afterAll(async () => {
  await listener.close(0);
  db.close();
  rmSync(folder, { recursive: true });
});

interface Stored {
  readonly bytes: Buffer;
  readonly sha1: string;
  readonly path: string;
  readonly file: string;
}

/** A file whose metadata speak of `bytes`; on disk lies `onDisk`. */
const place = (
  bytes: Buffer,
  { onDisk = bytes, state = 'present', extension = '.cab', sha256 = digest('sha256', bytes) } = {},
): Stored => {
  const sha1 = digest('sha1', bytes);
  const path = contentPath(sha1, extension);
  const file = join(folder, 'content', path);
  db.prepare(
    'INSERT INTO file (sha1, sha256, size, extension, content_state, changed_at) VALUES (?, ?, ?, ?, ?, ?)',
  ).run(sha1, sha256, bytes.length, extension, state, '2026-01-01T00:00:00Z');
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, onDisk);
  return { bytes, sha1, path: `/Content/${path}`, file };
};

const FileState = z.object({
  content_state: z.string(),
  content_error: z.string().nullable(),
  verified_stat: z.string().nullable(),
});

const stateOf = (sha1: string): z.infer<typeof FileState> =>
  FileState.parse(
    db.prepare('SELECT content_state, content_error, verified_stat FROM file WHERE sha1 = ?').get(sha1),
  );

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

const get = async (
  path: string,
  headers: Record<string, string> = {},
  method = 'GET',
  port = listener.port,
): Promise<Answer> =>
  await new Promise((resolve, reject) => {
    http
      .request({ port, host: '127.0.0.1', path, headers, method }, (response) => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
        );
        response.on('error', reject);
      })
      .on('error', reject)
      .end();
  });

const openContentFiles = (): string[] => openDescriptors(join(folder, 'content'));

describe('Content', () => {
  it('is served by its digest, with what a cache and a download manager want to know', async () => {
    const { path, bytes, sha1 } = place(randomBytes(100_000));
    const { status, headers, body } = await get(path);
    expect(status).toBe(200);
    expect(body.equals(bytes)).toBe(true);
    expect(headers).toMatchObject({
      'content-type': 'application/octet-stream',
      'content-length': '100000',
      'accept-ranges': 'bytes',
      etag: `"${sha1}"`,
      'last-modified': expect.stringMatching(/GMT$/),
    });
  });

  it('is found whatever the case of its path, and with a query behind it', async () => {
    const { path, bytes } = place(randomBytes(100));
    for (const variant of [path.toLowerCase(), path.toUpperCase(), `${path}?P1=1`]) {
      expect((await get(variant)).body.equals(bytes)).toBe(true);
    }
  });

  it('may be empty, and without an extension', async () => {
    const { path } = place(Buffer.alloc(0), { extension: '' });
    expect(await get(path)).toMatchObject({
      status: 200,
      body: Buffer.alloc(0),
      headers: { 'content-length': '0' },
    });
  });

  it('is described to HEAD, which ranges do not concern', async () => {
    const { path } = place(randomBytes(1000));
    const answer = await get(path, { Range: 'bytes=0-9' }, 'HEAD');
    expect(answer).toMatchObject({
      status: 200,
      body: Buffer.alloc(0),
      headers: { 'content-length': '1000' },
    });
  });

  it.each(['POST', 'PUT', 'DELETE'])('is not there for a %s', async (method) => {
    const { path } = place(randomBytes(30));
    expect(await get(path, {}, method)).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } });
  });

  it('is not sent again to who has it', async () => {
    const { path, sha1 } = place(randomBytes(1000));
    const { headers } = await get(path);
    expect(await get(path, { 'If-None-Match': `"${sha1}"` })).toMatchObject({
      status: 304,
      body: Buffer.alloc(0),
    });
    expect(await get(path, { 'If-Modified-Since': headers['last-modified'] ?? '' })).toMatchObject({
      status: 304,
    });
    expect(await get(path, { 'If-Match': '"other"' })).toMatchObject({ status: 412 });
  });
});

describe('A range of content', () => {
  it('is exactly the bytes that were asked for, wherever it lies', async () => {
    const { path, bytes } = place(randomBytes(700_000));
    const position = fc.nat(bytes.length - 1);
    await fc.assert(
      fc.asyncProperty(position, position, async (a, b) => {
        const [first, last] = a < b ? [a, b] : [b, a];
        const { status, headers, body } = await get(path, { Range: `bytes=${first}-${last}` });
        expect(status).toBe(206);
        expect(headers['content-range']).toBe(`bytes ${first}-${last}/${bytes.length}`);
        expect(headers['content-length']).toBe(String(last - first + 1));
        expect(body.equals(bytes.subarray(first, last + 1))).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it('that lies behind the end is refused with the size', async () => {
    const { path } = place(randomBytes(1000));
    const answer = await get(path, { Range: 'bytes=1000-' });
    expect(answer).toMatchObject({
      status: 416,
      body: Buffer.alloc(0),
      headers: { 'content-range': 'bytes */1000' },
    });
  });

  it('comes with others in several parts', async () => {
    const { path, bytes } = place(randomBytes(300_000));
    const { status, headers, body } = await get(path, { Range: 'bytes=0-9, 100000-299998, -1' });
    expect(status).toBe(206);
    expect(headers['content-length']).toBe(String(body.length));
    const boundary = /^multipart\/byteranges; boundary=(.+)$/.exec(headers['content-type'] ?? '')?.[1] ?? '';
    const text = body.toString('latin1');
    const parts = text.split(`--${boundary}`);
    expect(parts[0]).toBe('');
    expect(parts.at(-1)).toBe('--\r\n');
    const contents = parts.slice(1, -1).map((part) => {
      const [head = '', ...rest] = part.split('\r\n\r\n');
      return {
        range: /Content-Range: (.*)/.exec(head)?.[1]?.trim(),
        data: Buffer.from(rest.join('\r\n\r\n').slice(0, -2), 'latin1'),
      };
    });
    expect(contents.map(({ range }) => range)).toEqual([
      'bytes 0-9/300000',
      'bytes 100000-299998/300000',
      'bytes 299999-299999/300000',
    ]);
    expect(contents[0]?.data.equals(bytes.subarray(0, 10))).toBe(true);
    expect(contents[1]?.data.equals(bytes.subarray(100_000, 299_999))).toBe(true);
    expect(contents[2]?.data.equals(bytes.subarray(299_999))).toBe(true);
  });

  it('goes on with a download only where the file is still the same', async () => {
    const { path, sha1 } = place(randomBytes(1000));
    const headers = { Range: 'bytes=500-' };
    expect(await get(path, { ...headers, 'If-Range': `"${sha1}"` })).toMatchObject({ status: 206 });
    expect(await get(path, { ...headers, 'If-Range': '"other"' })).toMatchObject({ status: 200 });
  });
});

describe('What is not content', () => {
  it.each([
    '/Content/',
    '/Content/AB/',
    '/Content/../sluice.db',
    '/Content/%2e%2e/sluice.db',
    '/Content/AB/../../sluice.db',
    '/Content/00/0000000000000000000000000000000000000000.cab',
    `/Content/ZZ/${'Z'.repeat(40)}.cab`,
    `/Content/AB/${'A'.repeat(38)}AB.cab/`,
    `/Content/AB/${'A'.repeat(38)}AB.cab%00`,
  ])('is a bare 404: %s', async (path) => {
    expect(await get(path)).toMatchObject({ status: 404, body: Buffer.alloc(0) });
  });

  it.each(['absent', 'wanted', 'quarantined'])(
    'is a 404 while its state is %s, though the file lies there',
    async (state) => {
      const { path } = place(randomBytes(100), { state });
      expect(await get(path)).toMatchObject({ status: 404 });
    },
  );

  it('is a 404 in another folder or with another extension', async () => {
    const { path, sha1 } = place(randomBytes(100));
    expect(await get(path.replace(/\/Content\/../, '/Content/00'))).toMatchObject({ status: 404 });
    expect(await get(path.replace('.cab', '.exe'))).toMatchObject({ status: 404 });
    expect(await get(`/Content/${contentPath(sha1, '')}`)).toMatchObject({ status: 404 });
  });
});

describe('A file on disk', () => {
  it('is read through once and then known by its inode, size and time', async () => {
    const { path, sha1, file } = place(randomBytes(1000));
    await get(path);
    const { verified_stat: verified } = stateOf(sha1);
    expect(verified).toMatch(/^\d+:1000:\d+$/);
    utimesSync(file, new Date('2020-01-01'), new Date('2020-01-01'));
    expect(await get(path)).toMatchObject({ status: 200 });
    expect(stateOf(sha1).verified_stat).not.toBe(verified);
  });

  it.each<[string, (stored: Stored) => void, RegExp]>([
    [
      'whose bytes were changed',
      ({ file, bytes }) => writeFileSync(file, Buffer.from(bytes).fill(1, 0, 1).fill(2, 1, 2)),
      /has SHA-1/,
    ],
    [
      'that was made longer',
      ({ file }) => appendFileSync(file, 'x'),
      /has 1001 bytes, the metadata says 1000/,
    ],
    ['that was made shorter', ({ file }) => truncateSync(file, 999), /has 999 bytes/],
  ])('%s since it was verified is never served again', async (_what, damage, reason) => {
    const stored = place(randomBytes(1000));
    expect(await get(stored.path)).toMatchObject({ status: 200 });
    damage(stored);
    expect(await get(stored.path)).toMatchObject({ status: 404, body: Buffer.alloc(0) });
    expect(stateOf(stored.sha1)).toMatchObject({ content_state: 'quarantined', verified_stat: null });
    expect(stateOf(stored.sha1).content_error).toMatch(reason);
    expect(existsSync(stored.file)).toBe(false);
    expect(wanted).toBe(1);
    expect(await get(stored.path)).toMatchObject({ status: 404 });
  });

  it('that has the right SHA-1 and the wrong SHA-256 is never served', async () => {
    const { path, sha1 } = place(randomBytes(1000), { sha256: '0'.repeat(64) });
    expect(await get(path)).toMatchObject({ status: 404 });
    expect(stateOf(sha1).content_error).toMatch(/has SHA-256/);
  });

  it('that is gone is a 404, and is fetched again', async () => {
    const { path, file, sha1 } = place(randomBytes(1000));
    rmSync(file);
    expect(await get(path)).toMatchObject({ status: 404 });
    expect(stateOf(sha1).content_state).toBe('quarantined');
    expect(wanted).toBe(1);
  });

  it('that many ask for at once is verified for all of them', async () => {
    const { path, bytes } = place(randomBytes(2_000_000));
    const answers = await Promise.all(Array.from({ length: 10 }, async () => await get(path)));
    expect(answers.every(({ status, body }) => status === 200 && body.equals(bytes))).toBe(true);
  });

  it('that shrinks while it is sent ends the connection instead of the answer', async () => {
    const { path, file } = place(randomBytes(50_000_000));
    await get(path, { Range: 'bytes=0-0' });
    const outcome = await new Promise<string>((resolve) => {
      http
        .get({ port: listener.port, host: '127.0.0.1', path }, (response) => {
          response.pause();
          truncateSync(file, 1000);
          response.on('error', (error) => resolve(String(error)));
          response.on('end', () => resolve('ended'));
          response.resume();
        })
        .on('error', (error) => resolve(String(error)));
    });
    expect(outcome).toMatch(/aborted|ECONNRESET|hang up/);
  });

  it('is closed again when clients go away in the middle', async () => {
    const { path } = place(randomBytes(20_000_000));
    for (let index = 0; index < 20; index += 1) {
      const socket = net.connect(listener.port, '127.0.0.1');
      socket.on('error', () => {});
      await once(socket, 'connect');
      socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`);
      await once(socket, 'data');
      socket.destroy();
    }
    for (let tries = 0; openContentFiles().length > 0 && tries < 100; tries += 1) {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(openContentFiles()).toEqual([]);
  });
});

/** A listener of its own with an endpoint of its own over the same files, while it is used. */
async function serving(
  options: Partial<ContentEndpointOptions>,
  policy: { readonly signatures?: ContentSignaturePolicy },
  use: (port: number) => Promise<void>,
): Promise<void> {
  const store = new ContentStore({
    db,
    dataDirectory: folder,
    log,
    now: () => new Date(),
    contentWanted: () => undefined,
    ...policy,
  });
  const own = await listen({
    endpoint: Endpoint.parse({ address: '127.0.0.1', port: 0, protocol: 'http' }),
    key: 'listeners.content.0',
    handler: createDispatcher(
      {
        exact: new Map(),
        prefixes: [{ prefix: CONTENT_PREFIX, handler: createContentEndpoint({ store, ...options }) }],
      },
      new RateLimit(0),
      log,
    ),
  });
  try {
    await use(own.port);
  } finally {
    await own.close(0);
  }
}

describe('Where signatures are required', () => {
  it('content that nobody judged yet is served only where its signature is believed', async () => {
    const signatures = { isRequired: true, roots, acceptsSha1: false };
    const cases: [Stored, number][] = [
      [place(await signedCabinet()), 200],
      [place(await writeCabinet(Buffer.from('not signed'))), 404],
    ];
    followSignaturePolicy(db, policyId(signatures), true);
    await serving({}, { signatures }, async (port) => {
      for (const [{ path, file, sha1 }, status] of cases) {
        // The second time it is known what was found.
        for (let time = 0; time < 2; time += 1)
          expect((await fetch(`http://127.0.0.1:${port}${path}`)).status).toBe(status);
        expect(existsSync(file)).toBe(status === 200);
        expect(signatureOf(db, sha1)).toMatchObject({ isRefused: status === 404 });
      }
    });
  });
});

describe('A reader that takes next to nothing', () => {
  it('is cut off, and the file is open no longer', async () => {
    const { file, path } = place(randomBytes(16 * 1024 * 1024));
    const isOpen = (): boolean => openDescriptors(file).length > 0;
    const until = async (holds: () => boolean): Promise<void> => {
      while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
    };
    await serving({ patience: 300 }, {}, async (port) => {
      // It is verified then, and what is open from here on is open for readers.
      await get(path, { Range: 'bytes=0-0' }, 'GET', port);
      const socket = net.connect(port, '127.0.0.1');
      socket.on('error', () => undefined).pause();
      socket.write(`GET ${path} HTTP/1.1\r\nHost: relay\r\n\r\n`);
      await until(isOpen);
      await until(() => !isOpen());
      const closed = once(socket, 'close');
      let received = 0;
      socket.on('data', (chunk: Buffer) => (received += chunk.length)).resume();
      await closed;
      expect(received).toBeLessThan(16 * 1024 * 1024);
    });
  });
});

describe('A front web server', () => {
  const withFront = async (from: string, use: (port: number) => Promise<void>): Promise<void> => {
    const handOver = HandOver.parse({ header: 'X-Accel-Redirect', location: '/internal', from: [from] });
    await serving({ handOver }, {}, use);
  };

  it('is told where the file is, once it was looked at like any other', async () => {
    const good = place(randomBytes(1000));
    const damaged = place(randomBytes(1000), { onDisk: randomBytes(1000) });
    await withFront('127.0.0.0/8', async (port) => {
      expect(await get(good.path, {}, 'GET', port)).toMatchObject({
        status: 200,
        body: Buffer.alloc(0),
        headers: {
          'x-accel-redirect': `/internal/${contentPath(good.sha1, '.cab')}`,
          etag: `"${good.sha1}"`,
        },
      });
      expect(await get(damaged.path, {}, 'GET', port)).toMatchObject({ status: 404 });
    });
  });

  it('is not believed to be one from anywhere else', async () => {
    const { path, bytes } = place(randomBytes(1000));
    await withFront('192.0.2.1', async (port) => {
      const answer = await get(path, {}, 'GET', port);
      expect(answer.body.equals(bytes)).toBe(true);
      expect(answer.headers).not.toHaveProperty('x-accel-redirect');
    });
  });
});

describe('A file that is served', () => {
  it('is known to have been of use that day', async () => {
    const { path, sha1 } = place(randomBytes(1000));
    const usedOn = (): unknown =>
      db.prepare('SELECT last_used_on FROM file WHERE sha1 = ?').pluck().get(sha1);
    const until = async (holds: () => boolean): Promise<void> => {
      while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    expect(usedOn()).toBeNull();
    await get(path);
    await until(() => usedOn() !== null);
    expect(usedOn()).toBe('2026-03-01');
  });
});
