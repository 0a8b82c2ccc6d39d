/** The digests of parts of a file, all in one pass and with bounded memory. */
import { createHash } from 'node:crypto';
import type { Hash } from 'node:crypto';
import type { DigestName } from '../../protocol/authenticode/digests.ts';
import type { ByteRange, FileBytes } from './file-bytes.ts';

/** Bytes that are read at once; the next are read while these are digested. */
const CHUNK = 512 * 1024;

/** Ranges that are shorter are read several at once. */
const SMALL = 64 * 1024;

export class FileDigests {
  readonly #bytes: FileBytes;
  readonly #hashes: ReadonlyMap<DigestName, Hash>;
  readonly #signal: AbortSignal | undefined;
  #buffers: [Buffer, Buffer] | undefined;

  /** @param signal stops between two chunks */
  constructor(bytes: FileBytes, algorithms: ReadonlySet<DigestName>, signal: AbortSignal | undefined) {
    this.#bytes = bytes;
    this.#hashes = new Map([...algorithms].map((name) => [name, createHash(name)]));
    this.#signal = signal;
  }

  get algorithms(): readonly DigestName[] {
    return [...this.#hashes.keys()];
  }

  /** Bytes that are no part of the file. */
  add(name: DigestName, bytes: Buffer): void {
    this.#hashes.get(name)?.update(bytes);
  }

  addToAll(bytes: Buffer): void {
    for (const hash of this.#hashes.values()) hash.update(bytes);
  }

  /**
   * A part of the file.
   *
   * @throws AuthenticodeError CONTAINER_DAMAGED, FILE_CHANGED; the signal's reason when aborted
   */
  async addRange(range: ByteRange): Promise<void> {
    this.#bytes.check(range);
    let at = range.start;
    let [present, next] = (this.#buffers ??= [Buffer.allocUnsafe(CHUNK), Buffer.allocUnsafe(CHUNK)]);
    let filled = await this.#fill(present, at, range.end);
    while (filled.length > 0) {
      this.#signal?.throwIfAborted();
      at += filled.length;
      const reading = this.#fill(next, at, range.end);
      this.addToAll(filled);
      filled = await reading;
      [present, next] = [next, present];
    }
  }

  /**
   * Parts of the file in their order. Small ones are read together, neighbours at once: the sectors of a stream may lie
   * anywhere, backwards too.
   *
   * @throws AuthenticodeError CONTAINER_DAMAGED, FILE_CHANGED; the signal's reason when aborted
   */
  async addRanges(ranges: AsyncIterable<ByteRange>): Promise<void> {
    let waiting: ByteRange[] = [];
    let length = 0;
    const addWaiting = async (): Promise<void> => {
      const batch = waiting;
      waiting = [];
      length = 0;
      await this.#addTogether(batch);
    };
    for await (const range of ranges) {
      if (range.end - range.start >= SMALL) {
        await addWaiting();
        await this.addRange(range);
        continue;
      }
      waiting.push(range);
      length += range.end - range.start;
      if (length >= CHUNK) await addWaiting();
    }
    await addWaiting();
  }

  /** Of what was added, once. */
  results(): ReadonlyMap<DigestName, Buffer> {
    return new Map([...this.#hashes].map(([name, hash]) => [name, hash.digest()]));
  }

  async #addTogether(ranges: readonly ByteRange[]): Promise<void> {
    this.#signal?.throwIfAborted();
    const parts = new Map<ByteRange, Buffer>();
    await Promise.all(
      neighbours(ranges).map(async ({ start, end, members }) => {
        const bytes = await this.#bytes.read(start, end - start);
        for (const member of members)
          parts.set(member, bytes.subarray(member.start - start, member.end - start));
      }),
    );
    for (const range of ranges) this.addToAll(parts.get(range) ?? Buffer.alloc(0));
  }

  async #fill(buffer: Buffer, start: number, end: number): Promise<Buffer> {
    const target = buffer.subarray(0, Math.min(CHUNK, end - start));
    if (target.length > 0) await this.#bytes.readInto(target, start);
    return target;
  }
}

interface Neighbours {
  readonly start: number;
  end: number;
  readonly members: ByteRange[];
}

/** Each range in one of them; those that touch are together. */
function neighbours(ranges: readonly ByteRange[]): Neighbours[] {
  const found: Neighbours[] = [];
  for (const range of ranges.toSorted((one, other) => one.start - other.start)) {
    const last = found.at(-1);
    if (last?.end !== range.start) found.push({ ...range, members: [range] });
    else {
      last.end = range.end;
      last.members.push(range);
    }
  }
  return found;
}
