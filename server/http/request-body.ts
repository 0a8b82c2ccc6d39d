/** Reads a request's body with bounded memory, and gets rid of what is too much without losing the connection. */
import type { IncomingMessage } from 'node:http';
import type { Holding } from './body-budget.ts';

/** The body is larger than allowed. */
export class BodyTooLarge extends Error {
  readonly code = 'BODY_TOO_LARGE';
  /** Whether the rest was read and thrown away, so that the connection can carry another request. */
  readonly drained: boolean;

  constructor(limit: number, drained: boolean) {
    super(`The request's body is larger than ${limit} bytes.`);
    this.name = 'BodyTooLarge';
    this.drained = drained;
  }
}

/** So much of other requests is held that there is no room for this one; the peer is to come again. */
export class BodiesTooMany extends Error {
  readonly code = 'BODIES_TOO_MANY';

  constructor() {
    super("There is no room for the request's body beside those of other requests.");
    this.name = 'BodiesTooMany';
  }
}

/** The peer went away in the middle of its request. */
export class BodyCutShort extends Error {
  readonly code = 'BODY_CUT_SHORT';

  constructor(options?: ErrorOptions) {
    super("The connection ended in the middle of the request's body.", options);
    this.name = 'BodyCutShort';
  }
}

/** Bytes beyond the limit that are still read, and dropped, so that the peer gets its answer on a connection it can keep. */
const DRAIN_BYTES = 64 * 1024 * 1024;

/** Bytes that room is made for at first; nearly all requests fit. */
const FIRST_ROOM = 32 * 1024;

const NOTHING = Buffer.alloc(0);

export interface BodyOptions {
  /** Bytes of a body. */
  readonly limit: number;
  /** What the body's bytes are counted against; to be released by the caller. */
  readonly holding: Holding;
  readonly drainBytes?: number;
}

/**
 * The whole body. Holds at most `limit` bytes, whatever the peer declares or sends, and in however small pieces.
 *
 * @throws BodyTooLarge, BodyCutShort, BodiesTooMany
 */
export async function readBody(request: IncomingMessage, options: BodyOptions): Promise<Buffer> {
  const { limit, drainBytes = DRAIN_BYTES } = options;
  const declared = Number(request.headers['content-length'] ?? 0);
  if (declared > limit + drainBytes) throw new BodyTooLarge(limit, false);
  const body = new GatheredBody(options, declared);
  await receive(request, (chunk) => {
    body.append(chunk);
    if (body.size > limit + drainBytes) throw new BodyTooLarge(limit, false);
  });
  if (body.size > limit) throw new BodyTooLarge(limit, true);
  return body.bytes();
}

/**
 * Settles when the body is whole. An error that `take` throws ends the reading, and leaves the connection as it is.
 *
 * The listeners stay: an error that comes later is nobody's any more, and must not end the process; and to remove four of
 * them costs every request more than they do.
 */
function receive(request: IncomingMessage, take: (chunk: Buffer) => void): Promise<void> {
  return new Promise((resolve, reject) => {
    let isSettled = false;
    const fail = (error: unknown): void => {
      isSettled = true;
      reject(error);
    };
    request.on('data', (chunk: Buffer) => {
      if (isSettled) return;
      try {
        take(chunk);
      } catch (error) {
        // Destroying the request would destroy the socket, and with it the answer.
        request.pause();
        fail(error);
      }
    });
    request.on('end', () => {
      if (isSettled) return;
      isSettled = true;
      if (request.complete) resolve();
      else reject(new BodyCutShort());
    });
    request.on('error', (cause) => {
      if (!isSettled) fail(new BodyCutShort({ cause }));
    });
    request.on('close', () => {
      if (!isSettled) fail(new BodyCutShort());
    });
  });
}

/** Bytes in one piece: a body that comes byte by byte would cost some hundred times its size in pieces. */
class GatheredBody {
  /** Of everything that came, dropped or not. */
  size = 0;
  readonly #limit: number;
  readonly #holding: Holding;
  /** Bytes that are counted before any comes. */
  readonly #expected: number;
  #room: Buffer = NOTHING;

  constructor({ limit, holding }: BodyOptions, declared: number) {
    this.#limit = limit;
    this.#holding = holding;
    this.#expected = Math.min(declared, FIRST_ROOM, limit);
    this.#count(this.#expected);
  }

  append(chunk: Buffer): void {
    const end = this.size + chunk.length;
    if (end > this.#limit) this.#drop();
    // Nearly all requests come whole: such a one is taken as it is.
    else if (this.size === 0 && chunk.length === this.#expected) this.#room = chunk;
    else {
      if (this.size === 0) this.#room = Buffer.allocUnsafe(this.#expected);
      if (end > this.#room.length) this.#grow(end);
      chunk.copy(this.#room, this.size);
    }
    this.size = end;
  }

  bytes(): Buffer {
    return this.#room.subarray(0, this.size);
  }

  #grow(atLeast: number): void {
    const before = this.#room;
    const wanted = Math.min(Math.max(atLeast, before.length * 2, FIRST_ROOM), this.#limit);
    this.#count(wanted - before.length);
    const larger = Buffer.allocUnsafe(wanted);
    before.copy(larger, 0, 0, this.size);
    this.#room = larger;
  }

  /** @throws BodiesTooMany */
  #count(more: number): void {
    if (!this.#holding.add(more)) throw new BodiesTooMany();
  }

  #drop(): void {
    this.#room = NOTHING;
    this.#holding.release();
  }
}
