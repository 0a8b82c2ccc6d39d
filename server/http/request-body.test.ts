import http from 'node:http';
import net from 'node:net';
import { once } from 'node:events';
import { memoryInUse } from '../../scripts/testing/memory-in-use.ts';
import { BodyBudget } from './body-budget.ts';
import { readBody } from './request-body.ts';

const LIMIT = 400_000;

let budget: BodyBudget;
/** What each request came to: the body's size and the budget then, or the error's code. */
let outcomes: (string | { size: number; held: number })[];
let bodies: Buffer[];
/** Settles with the next outcome. */
let told: PromiseWithResolvers<void>;

const server = http.createServer((request, response) => {
  const holding = budget.open(request.headers['x-address']?.toString() ?? 'a');
  readBody(request, { limit: LIMIT, holding, drainBytes: LIMIT })
    .then(
      (body) => {
        bodies.push(body);
        return outcomes.push({ size: body.length, held: budget.held });
      },
      (error: Error & { code?: string }) => outcomes.push(error.code ?? error.message),
    )
    .finally(() => {
      holding.release();
      response.end();
      told.resolve();
    });
});

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(() => void server.close());
beforeEach(() => {
  budget = new BodyBudget(LIMIT);
  outcomes = [];
  bodies = [];
  told = Promise.withResolvers();
});

const connect = async (head: string, address = 'a'): Promise<net.Socket> => {
  const at = server.address();
  const socket = net.connect(typeof at === 'object' && at !== null ? at.port : 0, '127.0.0.1');
  socket.on('error', () => {});
  socket.resume();
  await once(socket, 'connect');
  socket.write(`POST / HTTP/1.1\r\nHost: x\r\nX-Address: ${address}\r\n${head}\r\n\r\n`);
  return socket;
};

const heap = (): number => memoryInUse().heapUsed;

describe('A request’s body', () => {
  it.each([
    ['at once', [1_500]],
    ['in two pieces', [1, 1_499]],
    ['in many', [500, 0, 500, 1, 498, 1]],
  ])('is what was sent where it comes %s, and is counted once', async (_how, sizes) => {
    const sent = Buffer.from(Array.from({ length: 1_500 }, (_, at) => at % 251));
    const socket = await connect('Content-Length: 1500');
    let from = 0;
    for (const size of sizes) {
      socket.write(sent.subarray(from, from + size));
      from += size;
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    await told.promise;
    expect(outcomes).toEqual([{ size: 1_500, held: 1_500 }]);
    expect(bodies[0]?.equals(sent)).toBe(true);
    // A view of what a socket had read would hold all of that, and be counted for its part.
    if (sizes.length === 1) expect(bodies[0]?.buffer.byteLength).toBeLessThanOrEqual(8_192);
    socket.destroy();
  });

  it('costs no more memory when it comes byte by byte', async () => {
    const socket = await connect('Transfer-Encoding: chunked');
    const before = heap();
    for (let sent = 0; sent < 300_000; sent += 5_000) {
      if (!socket.write('1\r\nx\r\n'.repeat(5_000))) await once(socket, 'drain');
    }
    while (budget.held < 300_000) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(heap() - before).toBeLessThan(30_000_000);
    socket.write('0\r\n\r\n');
    await told.promise;
    expect(outcomes).toEqual([{ size: 300_000, held: expect.any(Number) }]);
    socket.destroy();
  });

  it.each([0, 1, 5_000, 100_000, LIMIT])('of %i bytes is read whole', async (size) => {
    const socket = await connect(`Content-Length: ${size}`);
    socket.write('x'.repeat(size));
    await told.promise;
    expect(outcomes).toEqual([{ size, held: expect.any(Number) }]);
    expect(budget.held).toBe(0);
    socket.destroy();
  });

  it('that is too large is dropped, and holds nothing', async () => {
    const socket = await connect(`Content-Length: ${LIMIT + 1}`);
    socket.write('x'.repeat(LIMIT + 1));
    await told.promise;
    expect(outcomes).toEqual(['BODY_TOO_LARGE']);
    socket.destroy();
  });

  it('that breaks off holds nothing', async () => {
    const socket = await connect('Content-Length: 1000');
    socket.write('x'.repeat(500));
    while (budget.held === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    socket.destroy();
    await told.promise;
    expect(outcomes).toEqual(['BODY_CUT_SHORT']);
    expect(budget.held).toBe(0);
  });

  it('is refused where unfinished ones of the same address hold all that there is', async () => {
    budget = new BodyBudget(LIMIT, 2 * LIMIT, LIMIT);
    const slow = await connect(`Content-Length: ${LIMIT}`);
    slow.write('x'.repeat(LIMIT - 1));
    while (budget.held < LIMIT) await new Promise((resolve) => setTimeout(resolve, 5));
    const refused = await connect('Content-Length: 10');
    refused.write('x'.repeat(10));
    await told.promise;
    expect(outcomes).toEqual(['BODIES_TOO_MANY']);

    told = Promise.withResolvers();
    const other = await connect('Content-Length: 10', 'b');
    other.write('x'.repeat(10));
    await told.promise;
    expect(outcomes).toContainEqual({ size: 10, held: LIMIT + 10 });
    for (const socket of [slow, refused, other]) socket.destroy();
  });
});
