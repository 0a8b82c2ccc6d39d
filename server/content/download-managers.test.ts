/**
 * The conversations of those who download in the background on Windows, replayed over real sockets: what
 * "HTTP Requirements for BITS Downloads" asks of a server, and what RFC 9110 says of the headers that they send.
 */
import { createHash } from 'node:crypto';
import http from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { contentPath } from '../../catalog/content-path.ts';
import { sampleOf, storeFile } from '../../scripts/testing/content-files.ts';
import { ContentRelay } from '../../scripts/testing/content-relay.ts';
import { serveRelayContent } from '../../scripts/testing/served-content.ts';
import type { ServedContent } from '../../scripts/testing/served-content.ts';

const MEGABYTE = 1024 * 1024;
const sample = sampleOf(5 * MEGABYTE + 123);
const size = sample.bytes.length;

let relay: ContentRelay;
let served: ServedContent;
let agent: http.Agent;
let connections: Set<unknown>;

beforeAll(async () => {
  relay = new ContentRelay(undefined, { sources: [] });
  storeFile(relay.db, relay.folder, sample, new Date(relay.time));
  served = await serveRelayContent(relay);
});
beforeEach(() => {
  agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  connections = new Set();
});
afterEach(() => agent.destroy());
afterAll(async () => {
  await served.close();
  await relay.close();
});

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

/** On the one connection that a job keeps. */
const send = (method: 'GET' | 'HEAD', headers: Record<string, string>): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const request = http.request(
      `${served.url}/Content/${contentPath(sample.sha1, '.cab')}`,
      { method, headers, agent },
      (response) => {
        const chunks: Buffer[] = [];
        connections.add(response.socket);
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({ status: response.statusCode, headers: response.headers, body: Buffer.concat(chunks) }),
        );
        response.on('error', reject);
      },
    );
    request.on('error', reject).end();
  });

const BITS = { 'User-Agent': 'Microsoft BITS/7.8', Accept: '*/*', 'Accept-Encoding': 'identity' };

/** What BITS needs of every answer: a length that is told beforehand, no chunks, no coding, and what it checks again. */
const expectPlain = ({ headers }: Answer, length: number): void => {
  expect(headers).toMatchObject({
    'content-length': String(length),
    'accept-ranges': 'bytes',
    'content-type': 'application/octet-stream',
    'last-modified': expect.stringMatching(/ GMT$/),
    etag: `"${sample.sha1}"`,
  });
  expect(headers).not.toHaveProperty('transfer-encoding');
  expect(headers).not.toHaveProperty('content-encoding');
};

describe('BITS', () => {
  it('asks HEAD for the size, then for ranges of the very same file, on one connection, until it has all of it', async () => {
    const about = await send('HEAD', BITS);
    expect(about.status).toBe(200);
    expectPlain(about, size);
    const { 'last-modified': modified = '' } = about.headers;
    const digest = createHash('sha256');
    for (let first = 0; first < size; first += MEGABYTE) {
      const last = Math.min(first + MEGABYTE, size) - 1;
      const part = await send('GET', {
        ...BITS,
        'If-Unmodified-Since': modified,
        Range: `bytes=${first}-${last}`,
      });
      expect(part.status).toBe(206);
      expectPlain(part, last - first + 1);
      expect(part.headers['content-range']).toBe(`bytes ${first}-${last}/${size}`);
      digest.update(part.body);
    }
    expect(digest.digest('hex')).toBe(sample.sha256);
    expect(connections.size).toBe(1);
  });

  it('is told of no part by HEAD, whatever range it names, since ranges are for GET alone', async () => {
    const about = await send('HEAD', { ...BITS, Range: 'bytes=0-9' });
    expect(about.status).toBe(200);
    expectPlain(about, size);
    expect(about.headers).not.toHaveProperty('content-range');
  });

  it('begins anew where the file is not the one that it began with', async () => {
    const before = 'Sat, 01 Jan 1994 00:00:00 GMT';
    const answer = await send('GET', { ...BITS, 'If-Unmodified-Since': before, Range: 'bytes=0-99' });
    expect(answer).toMatchObject({ status: 412, body: Buffer.alloc(0) });
  });

  it('may ask for several ranges at once: the parts say no more than where they lie', async () => {
    const answer = await send('GET', { ...BITS, Range: 'bytes=0-99,4096-8191,1048576-1048675' });
    expect(answer.status).toBe(206);
    expect(answer.headers['content-length']).toBe(String(answer.body.length));
    const boundary = /^multipart\/byteranges; boundary=(\S+)$/.exec(
      answer.headers['content-type'] ?? '',
    )![1]!;
    const text = answer.body.toString('latin1');
    expect(text.startsWith(`--${boundary}\r\n`)).toBe(true);
    const heads = text
      .split(`--${boundary}\r\n`)
      .slice(1)
      .map((part) => part.split('\r\n\r\n')[0]);
    expect(heads).toEqual(
      ['0-99', '4096-8191', '1048576-1048675'].map(
        (range) => `Content-Type: application/octet-stream\r\nContent-Range: bytes ${range}/${size}`,
      ),
    );
  });

  it('is told the size where it asks behind the end, and the connection goes on', async () => {
    const answer = await send('GET', { ...BITS, Range: `bytes=${size}-` });
    expect(answer).toMatchObject({
      status: 416,
      body: Buffer.alloc(0),
      headers: { 'content-range': `bytes */${size}` },
    });
    const last = await send('GET', { ...BITS, Range: `bytes=${size - 1}-${size + 99}` });
    expect(last).toMatchObject({ status: 206, body: sample.bytes.subarray(-1) });
    expect(connections.size).toBe(1);
  });
});

describe('Delivery Optimization', () => {
  const DELIVERY = {
    'User-Agent': 'Microsoft-Delivery-Optimization/10.0',
    Accept: '*/*',
    'Accept-Encoding': 'identity',
  };

  it('asks for pieces in any order, on the condition that it is the same file, and puts them together', async () => {
    const piece = MEGABYTE / 4;
    const starts = Array.from({ length: Math.ceil(size / piece) }, (_, index) => index * piece);
    const whole = Buffer.alloc(size);
    for (const first of starts.toSorted((a, b) => ((a / piece) % 3) - ((b / piece) % 3))) {
      const last = Math.min(first + piece, size) - 1;
      const part = await send('GET', {
        ...DELIVERY,
        Range: `bytes=${first}-${last}`,
        'If-Range': `"${sample.sha1}"`,
      });
      expect(part.status).toBe(206);
      expectPlain(part, last - first + 1);
      part.body.copy(whole, first);
    }
    expect(whole.equals(sample.bytes)).toBe(true);
    expect(connections.size).toBe(1);
  });

  it('learns the size from the first piece, without HEAD', async () => {
    const part = await send('GET', { ...DELIVERY, Range: 'bytes=0-0' });
    expect(part).toMatchObject({ status: 206, headers: { 'content-range': `bytes 0-0/${size}` } });
  });

  it('has the whole where its piece is of another file', async () => {
    const part = await send('GET', { ...DELIVERY, Range: 'bytes=0-99', 'If-Range': '"another"' });
    expect(part.status).toBe(200);
    expectPlain(part, size);
    expect(part.body.equals(sample.bytes)).toBe(true);
  });
});

describe('Whoever would take a coding', () => {
  it('is sent content as it is, since it is known by its digest', async () => {
    const answer = await send('GET', { 'Accept-Encoding': 'xpress, gzip, deflate, br' });
    expectPlain(answer, size);
  });
});
