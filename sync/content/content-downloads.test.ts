import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import winston from 'winston';
import { contentPath } from '../../catalog/content-path.ts';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { writeSetting } from '../../catalog/store/database/settings.ts';
import { Upstream } from '../../config/schema.ts';
import type { WorkerMessage } from '../../protocol/channel/messages.ts';
import { serveContent, servesRanges } from '../../scripts/testing/content-relay.ts';
import type { ContentHandler, ContentServer } from '../../scripts/testing/content-relay.ts';
import { UPSTREAM_CONTENT_SETTING } from '../conversation/upstream-content.ts';
import { ContentDownloads } from './content-downloads.ts';
import { DigestFile } from './digest-file.ts';
import { contentDispatcher, fetchContent } from './fetch-content.ts';
import { isInternal } from './internal-addresses.ts';
import { sourcesOf } from './sources.ts';

const PIN = `sha256/${'A'.repeat(43)}=`;
const HOUR = 3_600_000;
const content = randomBytes(100_000);
const sha1 = createHash('sha1').update(content).digest('hex');
const sha256 = createHash('sha256').update(content).digest('hex');

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** A content server that answers what the test says. */
async function serve(handler: ContentHandler): Promise<ContentServer> {
  const server = await serveContent(handler);
  closers.push(() => server.close());
  return server;
}

interface Relay {
  readonly db: Database;
  readonly folder: string;
  readonly downloads: ContentDownloads;
  readonly sent: WorkerMessage[];
  /** Moves the clock on, so that what waits for its retry is due. */
  readonly later: (milliseconds: number) => void;
  readonly row: () => Record<string, unknown>;
}

function relayOf(
  contentUrl: string | undefined,
  file: Partial<Record<string, unknown>> = {},
  url = 'https://upstream.invalid',
): Relay {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-'));
  const db = openDatabase(join(folder, 'sluice.db'));
  closers.push(() => db.close());
  const row = { sha1, sha256, size: content.length, extension: '.cab', mu_url: null, ...file };
  db.prepare(
    `INSERT INTO file (sha1, sha256, size, extension, mu_url, content_state, changed_at)
     VALUES (:sha1, :sha256, :size, :extension, :mu_url, 'wanted', '')`,
  ).run(row);
  let now = Date.parse('2026-05-01T12:00:00Z');
  const relay = { db, folder: join(folder, 'content'), now: () => new Date(now) };
  const sent: WorkerMessage[] = [];
  const upstream = Upstream.parse({
    url,
    pins: [PIN],
    timeout: 2000,
    contentUrl,
  });
  return {
    db,
    folder: relay.folder,
    downloads: startDownloads(relay, upstream, sent),
    sent,
    later: (milliseconds) => (now += milliseconds),
    row: () => db.prepare<[], Record<string, unknown>>('SELECT * FROM file').get()!,
  };
}

function startDownloads(
  relay: { db: Database; folder: string; now: () => Date },
  upstream: Upstream,
  sent: WorkerMessage[],
): ContentDownloads {
  const downloads = new ContentDownloads({
    ...relay,
    upstream,
    log: winston.createLogger({ silent: true }),
    send: (message) => sent.push(message),
    isStored: true,
    onRequest: false,
    parallelDownloads: 2,
  });
  closers.push(() => downloads.stop());
  return downloads;
}

async function run({ downloads }: Relay): Promise<void> {
  downloads.wake();
  await downloads.settled();
}

const finalPath = (relay: Relay): string => join(relay.folder, contentPath(sha1, '.cab'));
const incoming = (relay: Relay): string[] => {
  const folder = join(relay.folder, '.incoming');
  return existsSync(folder)
    ? readdirSync(folder).filter((name) => statSync(join(folder, name)).size > 0)
    : [];
};

describe('a URL of the metadata that points into this network', () => {
  const inside = (url: string): readonly string[] => {
    const { port } = new URL(url);
    return [
      `http://127.0.0.1:${port}/admin/delete?all=1`,
      `http://user:password@127.0.0.1:${port}/admin`,
      `http://2130706433:${port}/x`,
      `http://[::ffff:127.0.0.1]:${port}/x`,
      // Its address is seen when it was looked up.
      `http://localhost:${port}/x`,
    ];
  };

  it('is not asked, whichever way it is written', async () => {
    const { url, asked } = await serve(servesRanges(content));
    const empty = await serve((_, response) => response.writeHead(404).end());
    const elsewhere = empty.url.replace('127.0.0.1', 'localhost');
    for (const named of inside(url)) {
      const own = named.includes('localhost') ? empty.url : elsewhere;
      const relay = relayOf(own, { mu_url: named });
      await run(relay);
      expect(relay.row()).toMatchObject({ content_state: 'wanted' });
    }
    expect(asked).toEqual([]);
    expect(empty.asked).toHaveLength(inside(url).length);
  });

  it('is asked where its host is the one that the configuration names', async () => {
    const { url } = await serve(servesRanges(content));
    const empty = await serve((_, response) => response.writeHead(404).end());
    const byName = (address: string): string => address.replace('127.0.0.1', 'localhost');
    const relay = relayOf(byName(empty.url), { mu_url: byName(url) });
    await run(relay);
    expect(relay.row()).toMatchObject({ content_state: 'present' });
  });
});

it.each([
  ['8.8.8.8', false],
  ['172.32.0.1', false],
  ['2606:4700::1111', false],
  ['0.0.0.0', true],
  ['10.1.2.3', true],
  ['100.100.0.1', true],
  ['127.255.0.1', true],
  ['169.254.169.254', true],
  ['172.31.255.255', true],
  ['192.168.0.1', true],
  ['224.0.0.1', true],
  ['255.255.255.255', true],
  ['::', true],
  ['::1', true],
  ['::ffff:10.0.0.1', true],
  ['::ffff:8.8.8.8', false],
  ['fd00::1', true],
  ['fe80::1', true],
  ['ff02::1', true],
])('whether %s is within a network: %p', (address, expected) => expect(isInternal(address)).toBe(expected));

describe('a wanted content file', () => {
  it('comes from the upstream server, is verified, and gets its final name', async () => {
    const { url, asked } = await serve(servesRanges(content));
    const relay = relayOf(url);
    await run(relay);
    expect(asked).toEqual([`/Content/${contentPath(sha1, '.cab')}`]);
    expect(readFileSync(finalPath(relay)).equals(content)).toBe(true);
    const { ino, size, mtimeNs } = statSync(finalPath(relay), { bigint: true });
    expect(relay.row()).toMatchObject({
      content_state: 'present',
      content_error: null,
      verified_stat: `${ino}:${size}:${mtimeNs}`,
    });
    expect(relay.sent).toEqual([{ type: 'content', sha1, state: 'present' }]);
    expect(incoming(relay)).toEqual([]);
  });

  it('comes from the URL in the metadata when the upstream server has no content of its own', async () => {
    const { url, asked } = await serve(servesRanges(content));
    const relay = relayOf(undefined, { mu_url: `${url}/from-cdn.cab` }, 'https://127.0.0.1');
    writeSetting(relay.db, UPSTREAM_CONTENT_SETTING, { catalogOnly: true });
    await run(relay);
    expect(asked).toEqual(['/Content/from-cdn.cab']);
    expect(relay.row()).toMatchObject({ content_state: 'present' });
  });

  it('comes from the next source when the first does not have it', async () => {
    const empty = await serve((_, response) => response.writeHead(404).end());
    const { url } = await serve(servesRanges(content));
    const relay = relayOf(empty.url, { mu_url: `${url}/x` });
    await run(relay);
    expect(relay.row()).toMatchObject({ content_state: 'present' });
  });

  it('may be empty', async () => {
    const nothing = Buffer.alloc(0);
    const { url } = await serve(servesRanges(nothing));
    const relay = relayOf(url, {
      sha1: createHash('sha1').update(nothing).digest('hex'),
      sha256: createHash('sha256').update(nothing).digest('hex'),
      size: 0,
    });
    await run(relay);
    expect(relay.row()).toMatchObject({ content_state: 'present' });
  });

  it('is not fetched again when it is here already', async () => {
    const { url, asked } = await serve(servesRanges(content));
    const relay = relayOf(url);
    mkdirSync(dirname(finalPath(relay)), { recursive: true });
    writeFileSync(finalPath(relay), content);
    await run(relay);
    expect(asked).toEqual([]);
    expect(relay.row()).toMatchObject({ content_state: 'present' });
  });

  it('is fetched when what lies under its name is something else', async () => {
    const { url } = await serve(servesRanges(content));
    const relay = relayOf(url);
    mkdirSync(dirname(finalPath(relay)), { recursive: true });
    writeFileSync(finalPath(relay), randomBytes(content.length));
    await run(relay);
    expect(readFileSync(finalPath(relay)).equals(content)).toBe(true);
  });
});

describe('content that is not what the metadata says never gets its name and is quarantined with the reason, when', () => {
  const altered = Buffer.from(content);
  altered[50_000]! ^= 1;

  it.each<[string, ContentHandler, RegExp, Partial<Record<string, unknown>>]>([
    ['one bit differs', servesRanges(altered), /its SHA-1 is [0-9a-f]{40}, not/, {}],
    ['only the SHA-256 differs', servesRanges(content), /its SHA-256 is/, { sha256: '0'.repeat(64) }],
    ['it is longer', servesRanges(Buffer.concat([content, content])), /it has 200000 bytes, not 100000/, {}],
    ['it is shorter', servesRanges(content.subarray(1)), /it has 99999 bytes, not 100000/, {}],
    [
      'it is shorter, its length untold',
      (_, response) => response.writeHead(200).end(content.subarray(1)),
      /it has 99999 bytes, not 100000/,
      {},
    ],
    [
      'it goes on without end, its length untold',
      (_, response) => {
        response.writeHead(200);
        const pour = (): void => {
          while (!response.destroyed && response.write(content));
          if (!response.destroyed) response.once('drain', pour);
        };
        response.on('error', () => undefined);
        pour();
      },
      /more bytes came than the 100000/,
      {},
    ],
  ])('%s', async (_, handler, reason, file) => {
    const { url } = await serve(handler);
    const relay = relayOf(url, file);
    await run(relay);
    expect(existsSync(finalPath(relay))).toBe(false);
    expect(incoming(relay)).toEqual([]);
    expect(relay.row()).toMatchObject({ content_state: 'quarantined', verified_stat: null, attempts: 1 });
    expect(relay.row().content_error).toMatch(reason);
    expect(relay.sent).toEqual([{ type: 'content', sha1, state: 'quarantined' }]);
  });

  it('and it is fetched once its source is right again', async () => {
    let bytes = altered;
    const { url, asked } = await serve((request, response) => servesRanges(bytes)(request, response));
    const relay = relayOf(url);
    await run(relay);
    await run(relay);
    expect(asked).toHaveLength(1);
    bytes = content;
    relay.later(2 * HOUR);
    await run(relay);
    expect(relay.row()).toMatchObject({ content_state: 'present', attempts: 0, content_error: null });
  });
});

/** Cuts the first answers after so many bytes each, then serves on. */
const cutAfter = (...cuts: number[]): ContentHandler => {
  return (request, response) => {
    const cut = cuts.shift();
    if (cut === undefined) {
      servesRanges(content)(request, response);
      return;
    }
    const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
    if (from > 0)
      response.setHeader('content-range', `bytes ${from}-${content.length - 1}/${content.length}`);
    response.writeHead(from > 0 ? 206 : 200, { 'content-length': content.length - from });
    response.write(content.subarray(from, from + cut), () => setTimeout(() => response.destroy(), 20));
  };
};

describe('a download that is cut', () => {
  it('goes on where it was, and ends with the right file', async () => {
    const { url, asked } = await serve(cutAfter(30_000, 20_000));
    const relay = relayOf(url);
    await run(relay);
    expect(relay.row()).toMatchObject({ content_state: 'wanted', attempts: 1 });
    expect(existsSync(finalPath(relay))).toBe(false);
    relay.later(HOUR);
    await run(relay);
    relay.later(HOUR);
    await run(relay);
    expect(asked.map((line) => line.split(' ')[1])).toEqual([undefined, 'bytes=30000-', 'bytes=50000-']);
    expect(readFileSync(finalPath(relay)).equals(content)).toBe(true);
    expect(relay.row()).toMatchObject({ content_state: 'present', attempts: 0 });
  });

  it('is not tried again before its time, which grows with each failure', async () => {
    const { url, asked } = await serve(cutAfter(...Array.from({ length: 9 }, () => 100)));
    const relay = relayOf(url);
    const waits: number[] = [];
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await run(relay);
      await run(relay);
      expect(asked).toHaveLength(attempt + 1);
      const wait = Date.parse(String(relay.row().retry_at)) - Date.parse(String(relay.row().changed_at));
      waits.push(wait);
      relay.later(wait);
    }
    expect(waits[1]).toBeGreaterThan(waits[0]!);
    expect(waits[2]).toBeGreaterThan(waits[1]!);
  });

  it('begins anew when the two halves come from different files', async () => {
    const other = randomBytes(content.length);
    let first = true;
    const { url } = await serve((request, response) => {
      if (!first) {
        servesRanges(content)(request, response);
        return;
      }
      first = false;
      response.writeHead(200, { 'content-length': other.length });
      response.write(other.subarray(0, 40_000), () => setTimeout(() => response.destroy(), 20));
    });
    const relay = relayOf(url);
    await run(relay);
    relay.later(HOUR);
    await run(relay);
    expect(relay.row()).toMatchObject({ content_state: 'present' });
    expect(readFileSync(finalPath(relay)).equals(content)).toBe(true);
  });

  it('keeps what came when the relay stops in the middle of it', async () => {
    const { url } = await serve((_, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 64_000));
    });
    const relay = relayOf(url);
    relay.downloads.wake();
    for (let tries = 0; incoming(relay).length === 0 && tries < 400; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await relay.downloads.stop();
    expect(relay.row()).toMatchObject({ content_state: 'wanted', attempts: 0 });
    expect(incoming(relay)).toEqual([sha1]);
  });
});

const upstream = (url: string, contentUrl?: string): Upstream =>
  Upstream.parse({ url, pins: [PIN], contentUrl });

describe('the source of content', () => {
  const wanted = { sha1, size: 1, extension: '.cab', attempts: 0, isRequested: false };
  const first = (server: Upstream, isCatalogOnly = false): string | undefined =>
    sourcesOf(wanted, {
      sources: ['upstream', 'cdn'],
      upstream: server,
      isCatalogOnly,
      fileNames: () => [],
    }).map((source) => (source.kind === 'folder' ? source.path : source.url.href))[0];

  it('is port 80 where the services are on 443', () => {
    expect(first(upstream('https://wsus.example'))).toBe(
      `http://wsus.example/Content/${contentPath(sha1, '.cab')}`,
    );
  });

  it('is the port below where the services are on another one', () => {
    expect(first(upstream('https://wsus.example:8531'))).toMatch(/^http:\/\/wsus\.example:8530\/Content\//);
  });

  it('is what is configured, even where the server says that it has none', () => {
    const server = upstream('https://wsus.example', 'http://cdn.example/files');
    expect(first(server, true)).toMatch(/^http:\/\/cdn\.example\/files\/[0-9A-F]{2}\//);
  });

  it('is not the server where it says that it has none', () => {
    expect(first(upstream('https://wsus.example'), true)).toBeUndefined();
  });
});

describe('A file that the disk has no room for', () => {
  it('is not asked for, not quarantined, and tried again; the reason says what to do', async () => {
    const server = await serve(servesRanges(content));
    const relay = relayOf(server.url, { size: 2 ** 50 });
    relay.downloads.wake();
    await relay.downloads.settled();
    expect(server.asked).toEqual([]);
    expect(relay.row()).toMatchObject({ content_state: 'wanted' });
    expect(relay.row().content_error).toMatch(/MB free, and 1073741824 MB are to come.*make room/);
    expect(existsSync(join(dirname(relay.folder), 'quarantine'))).toBe(false);
  });
});

describe('A server that sends next to nothing', () => {
  it('is given up, and what came is kept', async () => {
    const { url } = await serve((_request, response) => {
      response.setHeader('content-length', content.length);
      response.write(content.subarray(0, 1000));
      const drip = setInterval(() => response.write(Buffer.alloc(1)), 20);
      response.once('close', () => clearInterval(drip));
    });
    const expected = { sha1, sha256, size: content.length };
    const file = await DigestFile.open(join(mkdtempSync(join(tmpdir(), 'sluice-')), 'slow'), expected);
    const dispatcher = contentDispatcher({ timeout: 5000 });
    closers.push(
      () => dispatcher.destroy(),
      () => file.close(),
    );
    const pace = { bytes: 2000, within: 200 };
    await expect(
      fetchContent(new URL(url), file, { dispatcher, signal: new AbortController().signal, pace }),
    ).rejects.toMatchObject({
      problem: 'unavailable',
      message: expect.stringMatching(/is too slow: fewer than 2000 bytes came in 0\.2 s/),
    });
    expect(file.size).toBeGreaterThanOrEqual(1000);
  });
});

describe('Large files', () => {
  it('never take the last place among parallel downloads, so that small ones come meanwhile', async () => {
    const { url, asked } = await serve((request, response) => {
      if (request.url?.includes(sha1.toUpperCase()) === true) servesRanges(content)(request, response);
      else response.writeHead(200, { 'content-length': 100_000_000 }).write(Buffer.alloc(1000));
    });
    const relay = relayOf(url, { size: 100_000_000, sha1: 'a'.repeat(40), sha256: null });
    const insert = relay.db.prepare(
      `INSERT INTO file (sha1, size, extension, content_state, changed_at) VALUES (?, ?, '.cab', 'wanted', '')`,
    );
    insert.run('b'.repeat(40), 100_000_000);
    relay.downloads.wake();
    while (asked.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    insert.run(sha1, content.length);
    relay.downloads.wake();
    const state = relay.db.prepare('SELECT content_state FROM file WHERE sha1 = ?').pluck();
    while (state.get(sha1) !== 'present') await new Promise((resolve) => setTimeout(resolve, 5));
    expect(asked).toHaveLength(2);
  });
});
