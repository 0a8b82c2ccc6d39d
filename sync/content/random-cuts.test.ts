/** Sources that fail at any byte: whatever comes, a file has its name only whole and right. */
import fc from 'fast-check';
import { existsSync, readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import {
  ContentRelay,
  generateContent,
  serveContent,
  servesRanges,
} from '../../scripts/testing/content-relay.ts';
import type { ContentHandler, ContentServer } from '../../scripts/testing/content-relay.ts';
import { openDescriptors } from '../../scripts/testing/open-descriptors.ts';

const SIZE = 60_000;
/** Longer than anything waits before it is tried again. */
const A_DAY = 86_400_000;

let answer: ContentHandler;
let server: ContentServer;
let relay: ContentRelay;
beforeAll(async () => {
  server = await serveContent((request, response) => answer(request, response));
  relay = new ContentRelay(server.url);
});
afterAll(async () => {
  await relay.close();
  await server.close();
});

const KINDS = [
  'ends',
  'says that it is shorter',
  'says that it is longer',
  'ends its chunks',
  'fails',
] as const;

/** How one answer goes wrong, after so many bytes of it. */
interface Failure {
  readonly after: number;
  readonly kind: (typeof KINDS)[number];
}
const failure: fc.Arbitrary<Failure> = fc.record({
  after: fc.nat(SIZE - 1),
  kind: fc.constantFrom(...KINDS),
});

const fromOf = (range: string | undefined): number => Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);

/** @param bytes what the source has */
const failing =
  (bytes: Buffer, { after, kind }: Failure): ContentHandler =>
  ({ headers }, response) => {
    if (kind === 'fails') {
      response.writeHead(500).end(bytes.subarray(0, after));
      return;
    }
    const from = fromOf(headers.range);
    const rest = bytes.subarray(from);
    // Never all of it.
    const part = rest.subarray(0, Math.min(after, rest.length - 1));
    if (from > 0) response.setHeader('content-range', `bytes ${from}-${bytes.length - 1}/${bytes.length}`);
    const lengths = {
      ends: rest.length,
      'says that it is shorter': part.length,
      'says that it is longer': rest.length + 1 + after,
    };
    if (kind !== 'ends its chunks') response.setHeader('content-length', lengths[kind]);
    response.writeHead(from > 0 ? 206 : 200);
    if (kind === 'ends') cut(response, part);
    else if (kind === 'says that it is longer') cut(response, rest);
    else response.end(part);
  };

/** The connection ends when this has gone out. */
function cut(response: ServerResponse, bytes: Buffer): void {
  response.flushHeaders();
  if (bytes.length === 0) setTimeout(() => response.destroy(), 5);
  else response.write(bytes, () => setTimeout(() => response.destroy(), 5));
}

/** One attempt; none is due any more then. */
async function attempt(): Promise<void> {
  relay.time += A_DAY;
  await relay.run();
}

describe('A file whose source fails at any bytes, in any way, any number of times', () => {
  it('is never seen before it is whole, goes on where it was, and comes once the source is right', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(failure, { maxLength: 4 }), async (failures) => {
        const content = generateContent(SIZE);
        relay.want(content);
        for (const [index, each] of failures.entries()) {
          const asked = server.asked.length;
          const before = relay.incoming().get(content.sha1) ?? 0;
          answer = failing(content.bytes, each);
          await attempt();
          const range = before > 0 ? ` bytes=${before}-` : '';
          expect(server.asked[asked]).toBe(`/Content/${content.path}${range}`);
          expect(existsSync(relay.pathOf(content))).toBe(false);
          expect(relay.row(content)).toMatchObject({ attempts: index + 1, verified_stat: null });
          expect(relay.row(content).content_error).toMatch(/./);
          expect(openDescriptors(relay.contentFolder)).toEqual([]);
        }
        answer = servesRanges(content.bytes);
        await attempt();
        expect(relay.row(content)).toMatchObject({ content_state: 'present', content_error: null });
        expect(readFileSync(relay.pathOf(content)).equals(content.bytes)).toBe(true);
        expect(relay.incoming()).toEqual(new Map());
      }),
      { numRuns: 40 },
    );
  });
});

describe('A file of which any one bit is another', () => {
  it('never gets its name, and nothing of it stays, whether it came in one piece or two', async () => {
    const bit = fc.record({ at: fc.nat(SIZE - 1), mask: fc.nat(7).map((power) => 2 ** power) });
    await fc.assert(
      fc.asyncProperty(bit, fc.option(fc.nat(SIZE - 1)), async ({ at, mask }, firstPart) => {
        const content = generateContent(SIZE);
        const altered = Buffer.from(content.bytes);
        altered[at]! ^= mask;
        relay.want(content);
        if (firstPart !== null) {
          answer = failing(altered, { after: firstPart, kind: 'ends' });
          await attempt();
        }
        answer = servesRanges(altered);
        await attempt();
        expect(relay.row(content)).toMatchObject({ content_state: 'quarantined', verified_stat: null });
        expect(relay.row(content).content_error).toMatch(/its SHA-1 is/);
        expect(existsSync(relay.pathOf(content))).toBe(false);
        expect(relay.incoming().get(content.sha1)).toBe(0);
        expect(openDescriptors(relay.contentFolder)).toEqual([]);
        answer = servesRanges(content.bytes);
        await attempt();
        expect(relay.row(content)).toMatchObject({ content_state: 'present' });
      }),
      { numRuns: 20 },
    );
  });
});
