import { existsSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { contentTurn } from '../../catalog/content-turn.ts';
import { serverIdentity } from '../../catalog/store/access/server-identity.ts';
import { markWantedBySha1 } from '../../catalog/store/content/files.ts';
import {
  ContentRelay,
  generateContent,
  serveContent,
  servesRanges,
} from '../../scripts/testing/content-relay.ts';
import type { ContentHandler, ContentServer, GeneratedContent } from '../../scripts/testing/content-relay.ts';
import { serveRelayContent } from '../../scripts/testing/served-content.ts';

const content = generateContent(100_000);

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function serve(handler: ContentHandler): Promise<ContentServer> {
  const server = await serveContent(handler);
  closers.push(() => server.close());
  return server;
}
function relayOf(...options: ConstructorParameters<typeof ContentRelay>): ContentRelay {
  const relay = new ContentRelay(...options);
  closers.push(() => relay.close());
  return relay;
}
const put = (folder: string, name: string, bytes: Buffer): void => {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), bytes);
};
const received = (relay: ContentRelay, file: GeneratedContent = content): Buffer =>
  readFileSync(relay.pathOf(file));
/** Calls the file by this name, as a document would. */
const nameFile = (relay: ContentRelay, name: string): void => {
  relay.db.exec(
    `INSERT INTO revision (revision_id, update_id, revision_number, update_type, publication_state, is_latest, is_leaf,
       explicitly_deployable, creation_date, arrived_at, import_sequence, default_language, title, core, document)
     VALUES (1, 'guid', 1, 'Software', 'Published', 1, 1, 1, '', '', 1, 'en', '', '', '')`,
  );
  relay.db
    .prepare('INSERT INTO revision_file (revision_id, sha1, file_name) VALUES (1, ?, ?)')
    .run(content.sha1, name);
};

async function serveRelay(relay: ContentRelay): Promise<string> {
  const { url, close } = await serveRelayContent(relay);
  closers.push(close);
  return url;
}

describe('A folder as source', () => {
  it.each([
    ['in the layout of WSUS', content.path],
    ['flat, by its digest', basename(content.path)],
    ['flat, by its digest in lower case', basename(content.path).toLowerCase()],
    ['by the name that the update gives it', 'Windows10-KB1.cab'],
  ])('gives a file that lies there %s', async (_, name) => {
    const relay = relayOf(undefined, { sources: [] });
    const folder = join(relay.folder, 'usb');
    const other = relayOf(undefined, { sources: [folder] });
    put(folder, name, content.bytes);
    other.want(content);
    nameFile(other, 'Windows10-KB1.cab');
    await other.run();
    expect(received(other).equals(content.bytes)).toBe(true);
    expect(other.row(content)).toMatchObject({ content_state: 'present' });
    expect(readFileSync(join(folder, name)).equals(content.bytes)).toBe(true);
  });

  it('that has another file of that name is passed over, and one with altered content told of', async () => {
    const { url } = await serve(servesRanges(content.bytes));
    const shelf = relayOf(undefined, { sources: [] });
    const relay = relayOf(url, { sources: [join(shelf.folder, 'usb'), 'upstream'] });
    put(join(shelf.folder, 'usb'), content.path, content.bytes.subarray(1));
    relay.want(content);
    await relay.run();
    expect(relay.row(content)).toMatchObject({ content_state: 'present' });

    const altered = Buffer.from(content.bytes);
    altered[7]! ^= 1;
    put(join(shelf.folder, 'usb'), content.path, altered);
    const alone = relayOf(undefined, { sources: [join(shelf.folder, 'usb')] });
    alone.want(content);
    await alone.run();
    expect(alone.row(content)).toMatchObject({ content_state: 'quarantined' });
    expect(alone.row(content).content_error).toMatch(/usb.* is not what the metadata says: its SHA-1 is/);
    expect(alone.incoming()).toEqual(new Map([[content.sha1, 0]]));
  });

  it.each(['../secret.cab', '..\\secret.cab', '/etc/passwd', '..', 'a\0b'])(
    'is never left by what an update calls its file: %j',
    async (name) => {
      const shelf = relayOf(undefined, { sources: [] });
      const relay = relayOf(undefined, { sources: [join(shelf.folder, 'usb')] });
      put(shelf.folder, 'secret.cab', content.bytes);
      put(shelf.folder, 'usb/other.cab', content.bytes);
      relay.want(content);
      nameFile(relay, name);
      await relay.run();
      expect(relay.row(content)).toMatchObject({ content_state: 'wanted' });
    },
  );

  it('that is not mounted is passed over', async () => {
    const { url } = await serve(servesRanges(content.bytes));
    const relay = relayOf(url, { sources: ['/nowhere/at/all', 'upstream'] });
    relay.want(content);
    await relay.run();
    expect(relay.row(content)).toMatchObject({ content_state: 'present' });
  });
});

describe('A sibling relay as source', () => {
  it('gives what it has, so that the upstream server is asked once', async () => {
    const upstream = await serve(servesRanges(content.bytes));
    const first = relayOf(upstream.url);
    const second = relayOf(upstream.url, { sources: [await serveRelay(first), 'upstream'] });
    for (const relay of [first, second]) {
      relay.want(content);
      await relay.run();
      expect(received(relay).equals(content.bytes)).toBe(true);
    }
    expect(upstream.asked).toHaveLength(1);
  });

  it('that has it not says so at once, and fetches nothing for it: two that ask each other never ask in a circle', async () => {
    const upstream = await serve((_, response) => response.writeHead(404).end());
    const first = relayOf(undefined, { sources: [] });
    const second = relayOf(upstream.url, { sources: [await serveRelay(first), 'upstream'] });
    // Of both that want it, the second has the turn.
    let ours = generateContent(1000);
    const turn = ({ db }: ContentRelay): string => contentTurn(serverIdentity(db), ours.sha1);
    while (turn(second) > turn(first)) ours = generateContent(1000);
    first.want(ours);
    second.want(ours);
    await second.run();
    expect(upstream.asked).toHaveLength(1);
    expect(first.row(ours)).toMatchObject({ requested_at: null, attempts: 0 });
    expect(second.row(ours)).toMatchObject({ content_state: 'wanted', attempts: 1 });
  });

  it('that is receiving a file just now is waited for, so that a slow line carries the file once', async () => {
    let finish: (() => void) | undefined;
    const upstream = await serve((_, response) => {
      response.writeHead(200, { 'content-length': content.bytes.length });
      response.write(content.bytes.subarray(0, 50_000));
      finish = () => response.end(content.bytes.subarray(50_000));
    });
    const first = relayOf(upstream.url);
    const second = relayOf(upstream.url, { sources: [await serveRelay(first), 'upstream'] });
    first.want(content);
    second.want(content);
    first.downloads.wake();
    while ((first.incoming().get(content.sha1) ?? 0) < 50_000)
      await new Promise((resolve) => setTimeout(resolve, 5));
    await second.run();
    expect(second.row(content)).toMatchObject({ content_state: 'wanted', attempts: 0 });
    expect(second.row(content).content_error).toMatch(/is receiving it/);
    finish?.();
    await first.downloads.settled();
    second.time += 30_000;
    await second.run();
    expect(received(second).equals(content.bytes)).toBe(true);
    expect(upstream.asked).toHaveLength(1);
  });

  it('is not waited for where a client waits, nor for hours', async () => {
    const upstream = await serve(servesRanges(content.bytes));
    const sibling = await serve((_, response) => response.writeHead(202).end());
    const other = generateContent(1000);
    const relay = relayOf(upstream.url, { sources: [sibling.url, 'upstream'] });
    relay.want(content);
    await relay.run();
    expect(upstream.asked).toEqual([]);
    relay.time += 2 * 3_600_000;
    await relay.run();
    expect(upstream.asked).toHaveLength(1);
    expect(relay.row(content)).toMatchObject({ content_state: 'present' });
    relay.want(other);
    markWantedBySha1(relay.db, [other.sha1], new Date(relay.time));
    await relay.run();
    expect(upstream.asked).toHaveLength(2);
  });

  it('that was cut is not taken for one that is receiving: two that were cut together do not wait for each other', async () => {
    const upstream = await serve(servesRanges(content.bytes));
    const first = relayOf(undefined, { sources: [] });
    const second = relayOf(upstream.url, { sources: [await serveRelay(first), 'upstream'] });
    const left = join(first.contentFolder, '.incoming', content.sha1);
    put(first.contentFolder, join('.incoming', content.sha1), content.bytes.subarray(0, 1000));
    const before = new Date(Date.now() - 30_000);
    utimesSync(left, before, before);
    second.want(content);
    await second.run();
    expect(received(second).equals(content.bytes)).toBe(true);
  });

  it('is believed by digest alone: what it has altered comes from the next source', async () => {
    const altered = Buffer.from(content.bytes);
    altered[99_999]! ^= 1;
    const sibling = await serve(servesRanges(altered));
    const { url, asked } = await serve(servesRanges(content.bytes));
    const relay = relayOf(url, { sources: [sibling.url, 'upstream'] });
    relay.want(content);
    await relay.run();
    expect(sibling.asked).toHaveLength(1);
    expect(asked).toHaveLength(1);
    expect(received(relay).equals(content.bytes)).toBe(true);
  });

  it('that is not there is not asked for every file', async () => {
    const { url } = await serve(servesRanges(content.bytes));
    let calls = 0;
    const sibling = await serve((request) => {
      calls += 1;
      request.socket.destroy();
    });
    const relay = relayOf(url, {
      sources: [`http://127.0.0.1:${sibling.port}`, 'upstream'],
      parallelDownloads: 1,
    });
    relay.want(content);
    await relay.run();
    const others = [generateContent(10), generateContent(20)];
    for (const other of others) relay.want(other);
    await relay.run();
    expect(calls).toBe(1);
    relay.time += 3_600_000;
    await relay.run();
    expect(calls).toBeGreaterThan(1);
  });

  it.each([404, 416, 503])('that answers %d loses nothing of what another source began', async (status) => {
    const { url, asked } = await serve(servesRanges(content.bytes));
    const sibling = await serve((_, response) => response.writeHead(status).end());
    const relay = relayOf(url, { sources: [sibling.url, 'upstream'] });
    put(relay.contentFolder, join('.incoming', content.sha1), content.bytes.subarray(0, 70_000));
    relay.want(content);
    await relay.run();
    expect(sibling.asked).toEqual([`/Content/${content.path} bytes=70000-`]);
    expect(asked).toEqual([`/Content/${content.path} bytes=70000-`]);
    expect(received(relay).equals(content.bytes)).toBe(true);
  });

  it('goes on by range with what another source began', async () => {
    const { url, asked } = await serve(servesRanges(content.bytes));
    const sibling = await serve((_, response) => {
      response.writeHead(200, { 'content-length': content.bytes.length });
      response.write(content.bytes.subarray(0, 40_000), () => setTimeout(() => response.destroy(), 20));
    });
    const relay = relayOf(url, { sources: [sibling.url, 'upstream'] });
    relay.want(content);
    await relay.run();
    expect(asked).toEqual([`/Content/${content.path} bytes=40000-`]);
    expect(received(relay).equals(content.bytes)).toBe(true);
  });
});

describe('A source that redirects', () => {
  const redirectsTo =
    (location: (path: string) => string, status = 302): ContentHandler =>
    ({ url = '' }, response) =>
      void response.writeHead(status, { location: location(url) }).end();

  it.each([301, 302, 303, 307, 308])('on its own host is followed, with status %d', async (status) => {
    const real = await serve(servesRanges(content.bytes));
    const { url } = await serve(redirectsTo((path) => `http://127.0.0.1:${real.port}${path}`, status));
    const relay = relayOf(url);
    relay.want(content);
    await relay.run();
    expect(received(relay).equals(content.bytes)).toBe(true);
  });

  it('to another host is refused, and that host never asked', async () => {
    const other = await serve(servesRanges(content.bytes));
    const { url } = await serve(redirectsTo((path) => `http://localhost:${other.port}${path}`));
    const relay = relayOf(url);
    relay.want(content);
    await relay.run();
    expect(other.asked).toEqual([]);
    expect(relay.row(content)).toMatchObject({ content_state: 'wanted', attempts: 1 });
    expect(relay.row(content).content_error).toMatch(
      /redirects to another host, localhost:\d+, which is not followed/,
    );
    expect(existsSync(relay.pathOf(content))).toBe(false);
  });

  it('in a circle is given up after a few, and the next source asked', async () => {
    const circle = await serve(redirectsTo((path) => path));
    const { url } = await serve(servesRanges(content.bytes));
    const relay = relayOf(circle.url, { sources: ['upstream', 'cdn'] });
    relay.want(content, { muUrl: `${url}/x.cab` });
    await relay.run();
    expect(circle.asked).toHaveLength(4);
    expect(received(relay).equals(content.bytes)).toBe(true);
  });

  it.each(['file:///etc/passwd', 'ftp://127.0.0.1/x', 'http://'])('to %s is refused', async (target) => {
    const { url } = await serve(redirectsTo(() => target));
    const relay = relayOf(url);
    relay.want(content);
    await relay.run();
    expect(relay.row(content).content_error).toMatch(/redirects to /);
  });
});

describe('Without any source', () => {
  it('the reason says what to set', async () => {
    const relay = relayOf(undefined, { sources: ['cdn'] });
    relay.want(content);
    await relay.run();
    expect(relay.row(content).content_error).toMatch(/there is nowhere to fetch it from.*content\.sources/);
    rmSync(relay.contentFolder, { recursive: true, force: true });
  });
});
