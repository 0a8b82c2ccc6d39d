/** What somebody may send to the content listener who means no good, over real sockets. */
import fc from 'fast-check';
import { once } from 'node:events';
import { appendFileSync } from 'node:fs';
import http from 'node:http';
import net from 'node:net';
import { sampleOf, storeFile } from '../../scripts/testing/content-files.ts';
import type { ContentSample } from '../../scripts/testing/content-files.ts';
import { ContentRelay } from '../../scripts/testing/content-relay.ts';
import { serveRelayContent } from '../../scripts/testing/served-content.ts';
import type { ServedContent } from '../../scripts/testing/served-content.ts';
import { contentPath } from '../../catalog/content-path.ts';

let relay: ContentRelay;
let served: ServedContent;
beforeAll(async () => {
  relay = new ContentRelay(undefined, { sources: [] });
  served = await serveRelayContent(relay);
});
afterAll(async () => {
  await served.close();
  await relay.close();
});

interface Stored extends ContentSample {
  readonly url: string;
  /** Where it lies. */
  readonly file: string;
}
function store(size: number): Stored {
  const sample = sampleOf(size);
  const file = storeFile(relay.db, relay.folder, sample, new Date(relay.time));
  return { ...sample, file, url: `/Content/${contentPath(sample.sha1, '.cab')}` };
}

interface Answer {
  readonly status: number;
  readonly head: string;
  readonly body: Buffer;
}

/** Sends exactly these bytes, and reads until the connection ends. */
async function ask(target: string, headers = ''): Promise<Answer> {
  const socket = net.connect(Number(new URL(served.url).port), '127.0.0.1');
  const chunks: Buffer[] = [];
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  socket.write(
    Buffer.from(`GET ${target} HTTP/1.1\r\nHost: relay\r\nConnection: close\r\n${headers}\r\n`, 'latin1'),
  );
  await once(socket, 'close');
  const all = Buffer.concat(chunks);
  const end = all.indexOf('\r\n\r\n');
  const head = all.subarray(0, end).toString('latin1');
  return { status: Number(head.slice(9, 12)), head, body: all.subarray(end + 4) };
}

describe('A path that leads out of the content', () => {
  const digest = 'A'.repeat(40);
  it.each([
    '/Content/../sluice.db',
    '/Content/..%2fsluice.db',
    '/Content/%2e%2e%2fsluice.db',
    '/Content/%252e%252e/sluice.db',
    '/Content/..\\sluice.db',
    '/Content/..%5csluice.db',
    `/Content/AA/../../sluice.db`,
    `/Content/AA/${digest}.cab/../../../sluice.db`,
    '//Content/../sluice.db',
    'http://relay/Content/../sluice.db',
    '/Content/.incoming/x',
    '/Content/C:/Windows/win.ini',
    `/Content/AA/${digest}.cab\0`,
    `/Content/AA/${digest}.cab%00.exe`,
    `/Content/AA/${digest}.cab::$DATA`,
    `/Content/AA/${'G'.repeat(40)}.cab`,
    `/Content/AA/${'A'.repeat(39)}.cab`,
    `/Content/AA/${'A'.repeat(41)}.cab`,
    `/Content/AA/${digest}.${'x'.repeat(17)}`,
    `/Content/AA/${digest}.c%61b`,
    `/Content/AA/\xc0\xae\xc0\xae/sluice.db`,
    `/Content/${'A/'.repeat(2000)}`,
  ])('finds nothing, whichever way it is written: %j', async (target) => {
    const { status, body } = await ask(target);
    expect([400, 404]).toContain(status);
    expect(body).toHaveLength(0);
  });
});

/** The parts of a 206, each where the answer says that it lies. */
function partsOf({ head, body }: Answer): { first: number; last: number; bytes: Buffer }[] {
  const part = (text: string, bytes: Buffer) => {
    const [, first, last] = /content-range: bytes (\d+)-(\d+)\//i.exec(text)!;
    return { first: Number(first), last: Number(last), bytes };
  };
  const boundary = /boundary=(\S+)/.exec(head)?.[1];
  if (boundary === undefined) return [part(head, body)];
  return body
    .toString('latin1')
    .split(`--${boundary}`)
    .slice(1, -1)
    .map((text) => {
      const end = text.indexOf('\r\n\r\n');
      return part(text.slice(0, end), Buffer.from(text.slice(end + 4, -2), 'latin1'));
    });
}

describe('A Range header that makes no sense', () => {
  const whole = store.bind(undefined, 5000);

  it.each([
    ['thousands of ranges', Array.from({ length: 2500 }, (_, index) => `${index}-`).join(',')],
    ['many that overlap', Array.from({ length: 150 }, () => '0-').join(',')],
    ['reversed', '9-3'],
    ['negative', '--5'],
    ['no number', 'a-b'],
    ['nothing', ''],
    ['fractions', '1.5-2.5'],
    ['one reversed among good ones', '0-1,9-3'],
    ['hexadecimal', '0x10-0x20'],
  ])('is ignored, and the whole is sent: %s', async (_what, ranges) => {
    const { url, bytes } = whole();
    const answer = await ask(url, `Range: bytes=${ranges}\r\n`);
    expect(answer.status).toBe(200);
    expect(answer.body.equals(bytes)).toBe(true);
  });

  it.each([
    ['behind the end', '5000-'],
    ['far behind the end', `${'9'.repeat(400)}-`],
    ['the last no bytes', '-0'],
    ['beyond what a double can count', '9007199254740993-9007199254740995'],
  ])('cannot be satisfied: %s', async (_what, ranges) => {
    const { url } = whole();
    const answer = await ask(url, `Range: bytes=${ranges}\r\n`);
    expect(answer.status).toBe(416);
    expect(answer.head).toMatch(/content-range: bytes \*\/5000/i);
    expect(answer.body).toHaveLength(0);
  });

  it.each([
    ['from within to far behind the end', `4990-${'9'.repeat(400)}`, 4990],
    ['more from the end than there is', `-${'9'.repeat(400)}`, 0],
  ])('is cut to what there is: %s', async (_what, ranges, first) => {
    const { url, bytes } = whole();
    const answer = await ask(url, `Range: bytes=${ranges}\r\n`);
    expect(answer.status).toBe(206);
    expect(partsOf(answer)).toEqual([{ first, last: 4999, bytes: bytes.subarray(first) }]);
  });

  it('too long for a header is refused before it is read as one', async () => {
    const { url } = whole();
    expect((await ask(url, `Range: bytes=${'0-0,'.repeat(10_000)}0-0\r\n`)).status).toBe(431);
  });

  it('of any kind gives bytes of the file where they lie, and never much more than the file', async () => {
    const { url, bytes } = whole();
    const number = fc.oneof(fc.nat(6000).map(String), fc.constantFrom('', '-1', '9'.repeat(30), ' 7', 'x'));
    const range = fc.tuple(number, number).map(([first, last]) => `${first}-${last}`);
    await fc.assert(
      fc.asyncProperty(fc.array(range, { minLength: 1, maxLength: 300 }), async (ranges) => {
        const answer = await ask(url, `Range: bytes=${ranges.join(',')}\r\n`);
        expect([200, 206, 416]).toContain(answer.status);
        if (answer.status === 200) expect(answer.body.equals(bytes)).toBe(true);
        if (answer.status !== 206) return;
        const parts = partsOf(answer);
        for (const part of parts)
          expect(part.bytes.equals(bytes.subarray(part.first, part.last + 1))).toBe(true);
        // Two ranges may overlap, so that a byte is sent three times at most.
        expect(parts.reduce((sum, part) => sum + part.bytes.length, 0)).toBeLessThanOrEqual(3 * bytes.length);
      }),
      { numRuns: 60 },
    );
  });
});

describe('A file that grows while it is sent', () => {
  it('is sent as it was, and never served again', async () => {
    const { url, bytes, file } = store(30_000_000);
    const received = await new Promise<Buffer>((resolve, reject) => {
      http
        .get(`${served.url}${url}`, (response) => {
          const chunks: Buffer[] = [];
          response.once('data', () => appendFileSync(file, 'and more'));
          response.on('data', (chunk: Buffer) => chunks.push(chunk));
          response.on('end', () => resolve(Buffer.concat(chunks)));
          response.on('error', reject);
        })
        .on('error', reject);
    });
    expect(received.equals(bytes)).toBe(true);
    expect((await ask(url)).status).toBe(404);
  });
});
