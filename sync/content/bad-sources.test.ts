import fc from 'fast-check';
import { execFile, execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import {
  ContentRelay,
  generateContent,
  serveContent,
  servesRanges,
} from '../../scripts/testing/content-relay.ts';
import type { ContentHandler, ContentServer, GeneratedContent } from '../../scripts/testing/content-relay.ts';
import { Remains } from '../../scripts/testing/disk-remains.ts';

const run = promisify(execFile);
const content = generateContent(100_000);
const HOUR = 3_600_000;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});
async function serve(handler: ContentHandler): Promise<ContentServer> {
  const server = await serveContent(handler);
  closers.push(() => server.close());
  return server;
}

describe('A source that', () => {
  const begins = (response: Parameters<ContentHandler>[1], bytes: Buffer, end: () => void): void => {
    response.write(bytes, () => setTimeout(end, 20));
  };

  it.each<[string, ContentHandler, RegExp, number]>([
    [
      'promises more bytes than it has and hangs up',
      (_, response) => {
        response.writeHead(200, { 'content-length': content.bytes.length });
        begins(response, content.bytes.subarray(0, 60_000), () => response.destroy());
      },
      /the connection to .* failed/,
      60_000,
    ],
    [
      'stalls in the middle',
      (_, response) => {
        response.writeHead(200, { 'content-length': content.bytes.length });
        response.write(content.bytes.subarray(0, 60_000));
      },
      /the connection to .* failed: .*[Tt]imeout/,
      60_000,
    ],
    ['never answers', () => undefined, /the connection to .* failed: .*[Tt]imeout/, 0],
    [
      'answers with a part that was not asked for',
      (_, response) => {
        response.writeHead(206, { 'content-range': 'bytes 5-99999/100000' }).end(content.bytes.subarray(5));
      },
      /answered with HTTP status 206/,
      0,
    ],
    [
      'answers with no number for a length',
      (_, response) => {
        response.socket?.end('HTTP/1.1 200 OK\r\nContent-Length: many\r\n\r\n');
      },
      /the connection to .* failed/,
      0,
    ],
    [
      'answers with two lengths',
      (_, response) => {
        response.socket?.end('HTTP/1.1 200 OK\r\nContent-Length: 100000\r\nContent-Length: 5\r\n\r\nabcde');
      },
      /the connection to .* failed/,
      0,
    ],
    [
      'answers with headers without end',
      (_, response) => {
        response.socket?.end(`HTTP/1.1 200 OK\r\n${'X-More: and more\r\n'.repeat(5000)}\r\n`);
      },
      /the connection to .* failed/,
      0,
    ],
  ])(
    '%s is told of, nothing is visible, and the file comes once the source is right',
    async (_, handler, reason, kept) => {
      let answer = handler;
      const { url } = await serve((request, response) => answer(request, response));
      const relay = new ContentRelay(url);
      closers.push(() => relay.close());
      relay.want(content);
      await relay.run();
      expect(relay.row(content)).toMatchObject({ content_state: 'wanted', attempts: 1 });
      expect(relay.row(content).content_error).toMatch(reason);
      expect(existsSync(relay.pathOf(content))).toBe(false);
      expect(relay.incoming()).toEqual(new Map([[content.sha1, kept]]));
      answer = servesRanges(content.bytes);
      relay.time += HOUR;
      await relay.run();
      expect(readFileSync(relay.pathOf(content)).equals(content.bytes)).toBe(true);
      expect(relay.incoming()).toEqual(new Map());
    },
  );

  it('goes on with another file than it began gives nothing, and the whole is fetched anew', async () => {
    const other = generateContent(content.bytes.length);
    const { url, asked } = await serve((request, response) => {
      const from = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
      servesRanges(from === undefined ? content.bytes : other.bytes)(request, response);
    });
    const cut = await serve((_, response) => {
      response.writeHead(200, { 'content-length': content.bytes.length });
      begins(response, content.bytes.subarray(0, 50_000), () => response.destroy());
    });
    const relay = new ContentRelay(url, { sources: [cut.url, 'upstream'] });
    closers.push(() => relay.close());
    relay.want(content);
    await relay.run();
    expect(asked.map((line) => line.split(' ')[1])).toEqual(['bytes=50000-', undefined]);
    expect(readFileSync(relay.pathOf(content)).equals(content.bytes)).toBe(true);
  });
});

const CHILD = fileURLToPath(new URL('../../scripts/testing/limited-disk.ts', import.meta.url));
const MEGABYTE = 1024 * 1024;

const orderOf = (
  { url }: ContentServer,
  { sha1, sha256, path, bytes }: GeneratedContent,
  more: { readonly folder?: string | undefined; readonly limits?: readonly number[] },
): string => JSON.stringify({ url, sha1, sha256, path, size: bytes.length, ...more });

async function fetchLimited(
  server: ContentServer,
  file: GeneratedContent,
  [command, ...before]: readonly [string, ...string[]],
  folder?: string,
): Promise<Remains> {
  const { stdout } = await run(command, [
    ...before,
    process.execPath,
    CHILD,
    orderOf(server, file, { folder }),
  ]);
  return Remains.parse(JSON.parse(stdout));
}

/** The reason why not, where it is not permitted. */
function refusal(command: string, ...rest: readonly string[]): string | undefined {
  try {
    execFileSync(command, rest, { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[1] ?? error.message) : String(error);
  }
}
const itWhere = (refused: string | undefined): { it: typeof it.skip; suffix: string } =>
  refused === undefined ? { it, suffix: '' } : { it: it.skip, suffix: ` (not tried here: ${refused})` };

const limits = itWhere(refusal('prlimit', '--fsize=100000000', 'true'));
const mounts = itWhere(refusal('unshare', '-m', 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', tmpdir()));

describe('A disk that is full', () => {
  const large = generateContent(12 * MEGABYTE + 1);

  // Below four megabytes the database would feel it first.
  for (const limit of [4 * MEGABYTE, 7_654_321, 12 * MEGABYTE]) {
    limits.it(
      `after ${limit} bytes of a file gives the space back, shows nothing and says why${limits.suffix}`,
      async () => {
        const server = await serve(servesRanges(large.bytes));
        expect(await fetchLimited(server, large, ['prlimit', `--fsize=${limit}`])).toEqual({
          error: expect.stringMatching(/^the disk did not take it: .*EFBIG/),
          problem: 'wanted',
          isVisible: false,
          incomingBytes: 0,
          takenBytes: 0,
        });
      },
    );
  }

  const inPlace = itWhere(refusal('sh', '-c', 'prlimit --pid $$ --fsize=100000000:'));
  inPlace.it(
    `at any byte shows nothing, gives every block back and says why; with room again the file comes${inPlace.suffix}`,
    async () => {
      const server = await serve(servesRanges(content.bytes));
      const { length } = content.bytes;
      const bytes = [0, 1, 4096, length - 1, ...fc.sample(fc.nat(length - 1), 30)];
      const folder = join(mkdtempSync(join(tmpdir(), 'sluice-full-')), 'content');
      const { stdout } = await run(process.execPath, [
        CHILD,
        orderOf(server, content, { folder, limits: bytes }),
      ]);
      const found = Remains.array().parse(JSON.parse(stdout));
      const whole = { error: '', problem: '', isVisible: true, incomingBytes: 0, takenBytes: 0 };
      expect(found).toEqual([
        ...bytes.map(() => ({
          error: expect.stringMatching(/^the disk did not take it: .*EFBIG/),
          problem: 'unwritable',
          isVisible: false,
          incomingBytes: 0,
          takenBytes: 0,
        })),
        whole,
      ]);
      expect(readFileSync(join(folder, content.path)).equals(content.bytes)).toBe(true);
    },
  );

  for (const kilobytes of [4, 1024]) {
    mounts.it(`of ${kilobytes} KiB in all is as empty afterwards as it was${mounts.suffix}`, async () => {
      const server = await serve(servesRanges(large.bytes));
      const folder = mkdtempSync(join(tmpdir(), 'sluice-full-'));
      const mount = `mount -t tmpfs -o size=${kilobytes}k tmpfs "$0" && exec "$@"`;
      expect(await fetchLimited(server, large, ['unshare', '-m', 'sh', '-c', mount, folder], folder)).toEqual(
        {
          error: expect.stringMatching(/^the disk did not take it: .*ENOSPC/),
          problem: 'unwritable',
          isVisible: false,
          incomingBytes: 0,
          takenBytes: 0,
        },
      );
    });
  }
});
