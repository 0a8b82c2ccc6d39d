import { findingOf } from '../../catalog/store/content/checks.ts';
import { tryNow } from '../../catalog/store/content/retries.ts';
import {
  ContentRelay,
  generateContent,
  serveContent,
  servesRanges,
} from '../../scripts/testing/content-relay.ts';
import type { ContentServer } from '../../scripts/testing/content-relay.ts';
import { sampleOf } from '../../scripts/testing/content-files.ts';

const content = generateContent(100_000);
const altered = Buffer.from(content.bytes);
altered[50_000] = (altered[50_000] ?? 0) ^ 1;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

async function serve(bytes: () => Buffer): Promise<ContentServer> {
  const server = await serveContent((request, response) => servesRanges(bytes())(request, response));
  closers.push(() => server.close());
  return server;
}

function relayOf(...sources: string[]): ContentRelay {
  const relay = new ContentRelay(undefined, { sources });
  closers.push(() => relay.close());
  relay.want(content);
  return relay;
}

describe('Of a file that came altered', () => {
  it('it is kept what came, from where, and when it may be fetched again', async () => {
    const { url } = await serve(() => altered);
    const relay = relayOf(url);
    await relay.run();
    const { sha1, sha256 } = sampleOf(altered);
    expect(findingOf(relay.db, content.sha1)).toEqual({
      sha1: content.sha1,
      foundAt: new Date(relay.time).toISOString(),
      reason: expect.stringContaining(`its SHA-1 is ${sha1}, not ${content.sha1}`),
      foundSize: 100_000,
      foundSha1: sha1,
      foundSha256: sha256,
      origin: `${url}/${content.path}`,
    });
    expect(relay.row(content)['retry_at']).toBe(new Date(relay.time + 3_600_000).toISOString());
  });

  it('the size alone is kept where that told already', async () => {
    const { url } = await serve(() => altered.subarray(1));
    const relay = relayOf(url);
    await relay.run();
    expect(findingOf(relay.db, content.sha1)).toMatchObject({ foundSize: 99_999 });
    expect(findingOf(relay.db, content.sha1)).not.toHaveProperty('foundSha1');
  });

  it('the source that altered it is the last that is asked again', async () => {
    const first = await serve(() => altered);
    let isThere = false;
    const second = await serveContent((request, response) => {
      if (isThere) servesRanges(content.bytes)(request, response);
      else response.writeHead(503).end();
    });
    closers.push(() => second.close());
    const relay = relayOf(first.url, second.url);
    await relay.run();
    expect(relay.row(content)['content_state']).toBe('quarantined');
    isThere = true;
    tryNow(relay.db, new Date(relay.time), [content.sha1]);
    await relay.run();
    expect(relay.row(content)).toMatchObject({
      content_state: 'present',
      origin: `${second.url}/${content.path}`,
      received_at: new Date(relay.time).toISOString(),
    });
    expect(first.asked).toHaveLength(1);
  });
});
