/** Relays of one office and the thin line to their upstream server, which is counted by its bytes. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { freePort } from '../../scripts/demo/ports.ts';
import {
  ContentRelay,
  generateContent,
  serveContent,
  servesRanges,
} from '../../scripts/testing/content-relay.ts';
import type { ContentHandler, GeneratedContent } from '../../scripts/testing/content-relay.ts';
import { openLine } from '../../scripts/testing/counted-line.ts';
import type { CountedLine } from '../../scripts/testing/counted-line.ts';
import { serveRelayContent } from '../../scripts/testing/served-content.ts';

/** What an answer takes besides its content, at most. */
const HEAD_BYTES = 1000;
/** Longer than a relay waits before it asks a sibling again. */
const A_WHILE = 31_000;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const files = Array.from({ length: 8 }, (_, index) => generateContent(40_000 + 10_000 * index));
const bytesOf = (some: readonly GeneratedContent[]): number =>
  some.reduce((sum, { bytes }) => sum + bytes.length, 0);

interface Office {
  readonly line: CountedLine;
  /** The upstream server's content folder, over the line. */
  readonly url: string;
  /** What was asked for over the line, by path. */
  readonly asked: string[];
}

/** An upstream server with these files; it takes a moment for each, as a distant one does. */
async function openOffice(there: readonly GeneratedContent[] = files): Promise<Office> {
  const byPath = new Map(there.map((file) => [`/Content/${file.path}`, file]));
  const server = await serveContent((request, response) => {
    const file = byPath.get(request.url ?? '');
    if (file === undefined) response.writeHead(404).end();
    else setTimeout(() => servesRanges(file.bytes)(request, response), 50);
  });
  closers.push(() => server.close());
  const line = await openLine(server.port);
  closers.push(() => line.close());
  return { line, url: `http://127.0.0.1:${line.port}/Content`, asked: server.asked };
}

function relayOf(url: string, sources: readonly string[]): ContentRelay {
  const relay = new ContentRelay(url, { sources });
  closers.push(() => relay.close());
  return relay;
}

/** As many relays as that, each of which has all others for siblings. */
async function openBranches(
  { url }: Office,
  count: number,
): Promise<{ relays: ContentRelay[]; urls: string[] }> {
  const ports: number[] = [];
  for (let index = 0; index < count; index += 1) ports.push(await freePort(0));
  const urls = ports.map((port) => `http://127.0.0.1:${port}`);
  const relays = ports.map((_, own) =>
    relayOf(url, [...urls.filter((_url, each) => each !== own), 'upstream']),
  );
  for (const [index, relay] of relays.entries()) {
    const { close } = await serveRelayContent(relay, ports[index]);
    closers.push(close);
  }
  return { relays, urls };
}

const has = (relay: ContentRelay, file: GeneratedContent): boolean =>
  relay.row(file).content_state === 'present';

/** Until each has all of it; what waits is asked for again a while later. */
async function runAll(relays: readonly ContentRelay[], wanted: readonly GeneratedContent[]): Promise<void> {
  for (let round = 0; round < 20; round += 1) {
    // All of them begin before any of them goes on.
    for (const relay of relays) relay.downloads.wake();
    await Promise.all(relays.map(({ downloads }) => downloads.settled()));
    if (relays.every((relay) => wanted.every((file) => has(relay, file)))) return;
    for (const relay of relays) relay.time += A_WHILE;
  }
  throw new Error(JSON.stringify(relays.map((relay) => wanted.map((file) => relay.row(file).content_error))));
}

function expectVerified(relays: readonly ContentRelay[], wanted: readonly GeneratedContent[]): void {
  for (const relay of relays) {
    for (const file of wanted) {
      const found = createHash('sha256')
        .update(readFileSync(relay.pathOf(file)))
        .digest('hex');
      expect(found).toBe(file.sha256);
    }
    expect(relay.incoming()).toEqual(new Map());
  }
}

const expectOnce = ({ line, asked }: Office, wanted: readonly GeneratedContent[]): void => {
  expect([...asked].sort()).toEqual(wanted.map(({ path }) => `/Content/${path}`).sort());
  expect(line.bytes).toBeGreaterThanOrEqual(bytesOf(wanted));
  expect(line.bytes).toBeLessThan(bytesOf(wanted) + HEAD_BYTES * asked.length);
};

describe('Relays of one office that want the same files at the same moment', () => {
  it.each([2, 3])('have each file come over the line once, and all have it: %d relays', async (count) => {
    const office = await openOffice();
    const { relays } = await openBranches(office, count);
    for (const relay of relays) for (const file of files) relay.want(file);
    await runAll(relays, files);
    expectOnce(office, files);
    expectVerified(relays, files);
  });

  it('give them to those below, and nothing more comes over the line', async () => {
    const office = await openOffice();
    const { relays, urls } = await openBranches(office, 2);
    for (const relay of relays) for (const file of files) relay.want(file);
    await runAll(relays, files);
    const { bytes } = office.line;
    const below = urls.map((url) => relayOf(`${url}/Content`, ['upstream']));
    for (const relay of below) for (const file of files) relay.want(file);
    await runAll(below, files);
    expectVerified(below, files);
    expect(office.line.bytes).toBe(bytes);
  });

  it('share the fetching: with many files each brings some', async () => {
    const many = Array.from({ length: 40 }, () => generateContent(1000));
    const office = await openOffice(many);
    const { relays } = await openBranches(office, 2);
    for (const relay of relays) for (const file of many) relay.want(file);
    await runAll(relays, many);
    const broughtBy = relays.map(
      (relay) => many.filter((file) => String(relay.row(file).origin).startsWith(office.url)).length,
    );
    expect(Math.min(...broughtBy)).toBeGreaterThan(0);
    expect(broughtBy.reduce((sum, each) => sum + each, 0)).toBe(many.length);
  });
});

describe('A sibling', () => {
  const file = generateContent(60_000);
  const half = file.bytes.length / 2;

  it.each<[string, ContentHandler, number]>([
    ['that gives other bytes', servesRanges(Buffer.from(file.bytes).fill(0, 100, 101)), file.bytes.length],
    [
      'that gives another file for the second half',
      (_, response) =>
        response.writeHead(200).end(Buffer.concat([file.bytes.subarray(0, half), Buffer.alloc(half)])),
      file.bytes.length,
    ],
    [
      'that stalls in the middle',
      (_, response) => {
        response.writeHead(200, { 'content-length': file.bytes.length });
        response.write(file.bytes.subarray(0, half));
      },
      half,
    ],
    [
      'that dies in the middle',
      (_, response) => {
        response.writeHead(200, { 'content-length': file.bytes.length });
        response.write(file.bytes.subarray(0, half), () => setTimeout(() => response.destroy(), 20));
      },
      half,
    ],
    ['that never answers', () => undefined, file.bytes.length],
    [
      'that says for ever that it is about to fetch it',
      (_, response) => response.writeHead(404, { 'sluice-content-turn': '0' }).end(),
      file.bytes.length,
    ],
    [
      'that says something else than a turn',
      (_, response) => response.writeHead(404, { 'sluice-content-turn': ['0', ''] }).end(),
      file.bytes.length,
    ],
  ])('%s costs the line no more than what it did not give', async (_what, handler, missing) => {
    const office = await openOffice([file]);
    const sibling = await serveContent(handler);
    closers.push(() => sibling.close());
    const relay = relayOf(office.url, [sibling.url, 'upstream']);
    relay.want(file);
    await runAll([relay], [file]);
    expectVerified([relay], [file]);
    expect(office.line.bytes).toBeGreaterThanOrEqual(missing);
    expect(office.line.bytes).toBeLessThan(missing + HEAD_BYTES);
  });

  it('that is about to fetch it is not waited for where a client waits', async () => {
    const office = await openOffice([file]);
    const sibling = await serveContent((_, response) => {
      response.writeHead(404, { 'sluice-content-turn': '0' }).end();
    });
    closers.push(() => sibling.close());
    const relay = relayOf(office.url, [sibling.url, 'upstream']);
    relay.want(file);
    relay.db.prepare(`UPDATE file SET requested_at = '2026-05-01T12:00:00Z'`).run();
    await relay.run();
    expect(has(relay, file)).toBe(true);
  });
});
