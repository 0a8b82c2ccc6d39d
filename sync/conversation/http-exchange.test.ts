import { Agent, createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { portOf } from '../../scripts/testing/port-of.ts';
import { post } from './http-exchange.ts';
import type { Answer } from './http-exchange.ts';
import type { Pace } from '../least-rate.ts';

const MOST_BYTES = 10_000;

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

/** Posts to a server that answers so; the agent is a plain one, since what is tested is beyond the connection. */
async function exchange(
  answer: (request: IncomingMessage, response: ServerResponse) => void,
  options: {
    readonly timeout?: number;
    readonly signal?: AbortSignal;
    readonly pace?: Pace;
    readonly headWithin?: number;
  } = {},
): Promise<Answer> {
  const server = createServer(
    (request, response) => void request.resume().once('end', () => answer(request, response)),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closers.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  const agent = new Agent({ keepAlive: true });
  closers.push(() => agent.destroy());
  return await post({
    agent,
    url: new URL(`https://127.0.0.1:${portOf(server)}/service`),
    headers: {},
    body: Buffer.from('question'),
    mostBytes: MOST_BYTES,
    timeout: options.timeout ?? 5000,
    signal: options.signal ?? new AbortController().signal,
    ...(options.pace === undefined ? {} : { pace: options.pace }),
    ...(options.headWithin === undefined ? {} : { headWithin: options.headWithin }),
  });
}

describe('an answer', () => {
  it('is read whole, packed or not', async () => {
    const text = Buffer.from('answer '.repeat(500));
    const plain = await exchange((_, response) => response.end(text));
    const packed = await exchange((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(text)),
    );
    expect(plain.body.equals(text)).toBe(true);
    expect(packed.body.equals(text)).toBe(true);
  });

  it('that is larger than its bound is given up, though its length was not told', async () => {
    const endless = exchange((_, response) => {
      response.on('error', () => undefined);
      const pour = (): void => {
        while (!response.destroyed && response.write(Buffer.alloc(4096)));
        if (!response.destroyed) response.once('drain', pour);
      };
      pour();
    });
    await expect(endless).rejects.toMatchObject({ check: 'size' });
  });

  it('that is small and unpacks to more than its bound is given up', async () => {
    const bomb = gzipSync(Buffer.alloc(50_000_000));
    expect(bomb.length).toBeLessThan(60_000);
    await expect(
      exchange((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb)),
    ).rejects.toMatchObject({ check: 'size' });
  });

  it('that is packed in a way that was not asked for is refused', async () => {
    await expect(
      exchange((_, response) => response.writeHead(200, { 'content-encoding': 'xpress' }).end('x')),
    ).rejects.toMatchObject({ check: 'response' });
  });

  it('that is cut after any of its bytes is no answer', async () => {
    const packed = gzipSync('answer '.repeat(20));
    for (const encoding of ['identity', 'gzip']) {
      for (let cut = 0; cut < packed.length; cut += 5) {
        const headers = { 'content-encoding': encoding, 'content-length': packed.length };
        await expect(
          exchange((request, response) => {
            response
              .writeHead(200, headers)
              .write(packed.subarray(0, cut), () => request.socket.destroySoon());
            if (cut === 0) response.flushHeaders();
          }),
        ).rejects.toMatchObject({ check: 'connect' });
      }
    }
  });

  it('that never comes counts as a dead connection after the configured silence', async () => {
    await expect(exchange(() => undefined, { timeout: 100 })).rejects.toMatchObject({ check: 'timeout' });
  });

  it('that stops half-way counts as a dead connection too', async () => {
    await expect(
      exchange((_, response) => void response.writeHead(200, { 'content-length': 100 }).write('half'), {
        timeout: 100,
      }),
    ).rejects.toMatchObject({ check: 'timeout' });
  });

  it('is not waited for when the call is cancelled', async () => {
    const cancelling = new AbortController();
    const reason = new Error('enough');
    await expect(exchange(() => cancelling.abort(reason), { signal: cancelling.signal })).rejects.toBe(
      reason,
    );
  });
});

it('an answer that drips is given up as if nothing came', async () => {
  const dripping = exchange(
    (_, response) => {
      response.on('error', () => undefined);
      const drip = setInterval(() => response.write('.'), 20);
      response.once('close', () => clearInterval(drip));
    },
    { pace: { bytes: 1000, within: 200 } },
  );
  await expect(dripping).rejects.toMatchObject({
    check: 'timeout',
    message: expect.stringMatching(/answers too slowly: fewer than 1000 bytes came in 0\.2 s/),
  });
});

describe('an answer that never comes to its point', () => {
  /** Writes to the bare connection, for as long as it lasts, and never so seldom that it were silent. */
  const pour = (write: (socket: Socket) => void) => (request: IncomingMessage) => {
    const { socket } = request;
    socket.on('error', () => undefined);
    const again = setInterval(() => write(socket), 10);
    socket.once('close', () => clearInterval(again));
  };

  it('is given up after ten that say that it is still to come', async () => {
    let sent = 0;
    const hinting = exchange(
      pour((socket) => {
        sent += 1;
        socket.write('HTTP/1.1 102 Processing\r\n\r\n');
      }),
    );
    await expect(hinting).rejects.toMatchObject({
      check: 'timeout',
      message: expect.stringMatching(/answered 11 times that its answer is still to come/),
    });
    expect(sent).toBeGreaterThanOrEqual(11);
  });

  it('may say a few times that it is still to come', async () => {
    const { body } = await exchange((request, response) => {
      for (let sent = 0; sent < 10; sent += 1) request.socket.write('HTTP/1.1 102 Processing\r\n\r\n');
      response.end('here');
    });
    expect(body.toString()).toBe('here');
  });

  it('is given up where its headers come a byte at a time', async () => {
    const dripping = exchange(
      (request) => {
        request.socket.write('HTTP/1.1 200 OK\r\nx-a: ');
        pour((socket) => socket.write('a'))(request);
      },
      { headWithin: 300 },
    );
    await expect(dripping).rejects.toMatchObject({
      check: 'timeout',
      message: expect.stringMatching(/did not come to the end of its headers in 0\.3 s/),
    });
  });

  it('is given up where it is packed and unpacks to nothing', async () => {
    const nothing = Buffer.concat(Array.from({ length: 200 }, () => gzipSync('')));
    let sent = 0;
    const empty = exchange((_, response) => {
      response.on('error', () => undefined);
      response.writeHead(200, { 'content-encoding': 'gzip' });
      const again = setInterval(() => {
        sent += nothing.length;
        response.write(nothing);
      }, 1);
      response.once('close', () => clearInterval(again));
    });
    await expect(empty).rejects.toMatchObject({ check: 'size' });
    expect(sent).toBeGreaterThan(MOST_BYTES);
  });
});
