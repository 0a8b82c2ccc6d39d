/** Buffers that files are read into on their way to sockets: a bounded sum of them, however many transfers share it. */

/** Bytes that all transfers of a process hold at a time; beyond it each still gets the smallest buffer. */
const BUDGET = 16 * 1024 * 1024;
const LARGEST = 256 * 1024;
const SMALLEST = 16 * 1024;

/**
 * While few bytes are on their way much is read at a time, which is quick; the more there are, the less: a thousand slow
 * readers hold little more than a few quick ones. Buffers are used again: making and clearing new ones would cost more
 * than the reading.
 */
export class ReadBuffers {
  readonly #free = new Map<number, Buffer[]>();
  #held = 0;
  #kept = 0;

  /** Whether there is room to read the next piece while the one before is on its way. */
  get mayReadAhead(): boolean {
    return this.#held < BUDGET / 4;
  }

  /** @param bytes that are still to be read; the buffer may be smaller or larger */
  take(bytes: number): Buffer {
    const most = Math.min(LARGEST, (BUDGET - this.#held) / 4);
    let size = SMALLEST;
    while (size < bytes && size * 2 <= most) size *= 2;
    this.#held += size;
    const kept = this.#free.get(size)?.pop();
    if (kept === undefined) return Buffer.allocUnsafeSlow(size);
    this.#kept -= size;
    return kept;
  }

  /** Only when nobody reads from it any more: the socket has taken its bytes, or is gone. */
  giveBack(buffer: Buffer): void {
    const { length } = buffer;
    this.#held -= length;
    if (this.#kept + length > BUDGET) return;
    this.#kept += length;
    const free = this.#free.get(length);
    if (free === undefined) this.#free.set(length, [buffer]);
    else free.push(buffer);
  }
  /** Of a buffer that the system may still read from: another takes its place. */
  abandon({ length }: Buffer): void {
    this.#held -= length;
  }
}
