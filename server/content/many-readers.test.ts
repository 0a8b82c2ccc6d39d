/** Limits of what is sent, and many slow readers at once, on real sockets. */
import { EventEmitter, once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import http from 'node:http';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import type { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { createLogger } from '../../config/logging.ts';
import { Config, Endpoint } from '../../config/schema.ts';
import { sampleOf, storeFile } from '../../scripts/testing/content-files.ts';
import { memoryInUse } from '../../scripts/testing/memory-in-use.ts';
import { createDispatcher } from '../http/dispatcher.ts';
import { listen } from '../http/listener.ts';
import type { Listener } from '../http/listener.ts';
import { RateLimit } from '../http/rate-limit.ts';
import { shareOfSending } from '../http/share-of-limits.ts';
import { CONTENT_PREFIX, createContentEndpoint } from './content-endpoint.ts';
import { SendingRate } from './sending-rate.ts';
import { ContentStore } from './stored-file.ts';

const log = createLogger({ level: 'error', terminal: false });

const LARGE = 8_000_000;
const SMALL = 500;

let folder: string;
let db: Database;
let large: string;
let small: string;
let listener: Listener;
let begun: Promise<IncomingMessage>[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sluice-readers-'));
  db = openDatabase(join(folder, 'sluice.db'));
  const now = new Date('2026-03-01T12:00:00Z');
  const place = (size: number): string =>
    `/Content/${relative(join(folder, 'content'), storeFile(db, folder, sampleOf(size), now))}`;
  large = place(LARGE);
  small = place(SMALL);
  begun = [];
});
afterEach(async () => {
  await listener.close(0);
  await Promise.allSettled(begun);
  db.close();
  rmSync(folder, { recursive: true });
});

async function serve(rate?: SendingRate): Promise<void> {
  const store = new ContentStore({
    db,
    dataDirectory: folder,
    log,
    now: () => new Date('2026-03-01T12:00:00Z'),
    contentWanted: () => undefined,
  });
  const handler = createContentEndpoint({ store, ...(rate === undefined ? {} : { rate }) });
  listener = await listen({
    endpoint: Endpoint.parse({ address: '127.0.0.1', port: 0, protocol: 'http' }),
    key: 'listeners.content.0',
    handler: createDispatcher(
      { exact: new Map(), prefixes: [{ prefix: CONTENT_PREFIX, handler }] },
      new RateLimit(0),
      log,
    ),
  });
}

/** Settles with the answer once its head is here. */
function get(path: string, localAddress: string, method = 'GET'): Promise<IncomingMessage> {
  const answer = new Promise<IncomingMessage>((resolve, reject) => {
    http
      .request({ host: '127.0.0.1', port: listener.port, path, localAddress, method, agent: false }, resolve)
      .on('error', reject)
      .end();
  });
  begun.push(answer);
  return answer;
}

async function bytesOf(response: IncomingMessage): Promise<number> {
  let bytes = 0;
  response.on('data', (piece: Buffer) => (bytes += piece.length));
  await once(response, 'end');
  return bytes;
}

/** A rate whose clock stands still: what may go at once goes, and all else waits for minutes. */
function standing(rates: { readonly total: number; readonly perAddress: number }): {
  readonly rate: SendingRate;
  /** Settles when so many portions were asked for. */
  asked(times: number): Promise<void>;
} {
  const asked = new EventEmitter();
  let times = 0;
  return {
    rate: new SendingRate({
      ...rates,
      clock: () => {
        times += 1;
        asked.emit(String(times));
        return 0;
      },
    }),
    asked: async (wanted) => {
      if (times < wanted) await once(asked, String(wanted));
    },
  };
}

const isPending = async (promise: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([promise.then(() => 'settled'), Promise.resolve('pending')])) === 'pending';

describe('A rate for each address', () => {
  it('holds one address back on its sockets, all of them, and no other', async () => {
    const { rate, asked } = standing({ total: 0, perAddress: 1000 });
    await serve(rate);
    get(large, '127.0.0.1').catch(() => undefined);
    await asked(1);
    const again = get(small, '127.0.0.1');
    again.catch(() => undefined);
    await asked(2);
    for (let round = 0; round < 20; round += 1)
      expect(await bytesOf(await get(small, `127.0.0.${round + 2}`))).toBe(SMALL);
    expect(await isPending(again)).toBe(true);
  });
});

describe('A rate for all together', () => {
  it('holds everybody back, and nobody who asks for no bytes', async () => {
    const { rate, asked } = standing({ total: 1000, perAddress: 0 });
    await serve(rate);
    get(large, '127.0.0.1').catch(() => undefined);
    await asked(1);
    const other = get(small, '127.0.0.2');
    other.catch(() => undefined);
    await asked(2);
    for (let round = 0; round < 20; round += 1)
      expect((await get(small, '127.0.0.3', 'HEAD')).headers['content-length']).toBe(String(SMALL));
    expect(await isPending(other)).toBe(true);
  });

  it('is shared out between the processes that send', () => {
    const waits = (workers: number): boolean[] => {
      const content = { serving: { bytesPerSecond: 1_000_000, bytesPerSecondPerAddress: 1_000_000 } };
      const pace = shareOfSending(Config.parse({ content, server: { workers } })).paceFor('10.0.0.1');
      // What comes at once may be a second's worth.
      return [250_000, 250_000, 250_000].map((bytes) => (pace?.take(bytes) ?? 0) > 0);
    };
    expect(waits(1)).toEqual([false, false, false]);
    expect(waits(4)).toEqual([false, true, true]);
  });
});

describe('Hundreds of readers that take nothing', () => {
  const READERS = 300;

  async function park(): Promise<Socket[]> {
    const sockets = Array.from({ length: READERS }, () => {
      const socket = connect({ host: '127.0.0.1', port: listener.port });
      socket.on('error', () => undefined);
      // With a listener, and without one for data, nothing is read until it is asked for.
      socket.on('readable', () => undefined);
      socket.write(`GET ${large} HTTP/1.1\r\nHost: relay\r\n\r\n`);
      return socket;
    });
    for (const socket of sockets) if (socket.readableLength === 0) await once(socket, 'readable');
    return sockets;
  }

  it('hold a few megabytes, and nobody else up', async () => {
    await serve();
    const before = memoryInUse().arrayBuffers;
    const sockets = await park();
    try {
      for (let round = 0; round < 20; round += 1)
        expect(await bytesOf(await get(small, '127.0.0.2'))).toBe(SMALL);
      // The files together would be 2.4 GB. Half of this is the readers' own side, which is in this process too.
      expect(memoryInUse().arrayBuffers - before).toBeLessThan(120_000_000);
    } finally {
      for (const socket of sockets) socket.destroy();
    }
  }, 60_000);
});
