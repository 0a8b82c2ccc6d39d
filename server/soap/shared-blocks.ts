/**
 * Compressed once, sent many times: what a scan offers lies in the snapshot as bytes that never change, and agents with
 * the same groups and the same Windows are offered the same of them in the same order. Blocks of an xpress stream are
 * compressed each by itself, so one that was made for one answer serves in another.
 */
import { BLOCK_BYTES, xpressBlocks } from '../../protocol/xpress/stream-encoder.ts';
import { BoundedCache } from '../../catalog/bounded-cache.ts';

/** Bytes that are kept: some thousand pages of a scan. */
const MOST = 16 * 1024 * 1024;
/** What an entry costs beside its bytes. */
const ENTRY = 200;

/** Blocks of one run of pieces. */
interface SharedRun {
  readonly key: string;
  readonly blocks: readonly Buffer[];
}

export class SharedBlocks {
  readonly #runs: BoundedCache<SharedRun>;
  /** Pieces are known by being the same object. A number is given once: it never stands for other bytes. */
  readonly #numbers = new WeakMap<Buffer, number>();
  #lastNumber = 0;

  /** @param most bytes that are kept */
  constructor(most = MOST) {
    this.#runs = new BoundedCache(most, ({ key, blocks }) =>
      blocks.reduce((sum, block) => sum + block.length, ENTRY + key.length),
    );
  }

  /**
   * The blocks for the pieces, cut between pieces where one block can hold several.
   *
   * @param pieces bytes that nobody changes any more
   */
  *blocksOf(pieces: readonly Buffer[]): Generator<Buffer, void, undefined> {
    for (let from = 0; from < pieces.length;) {
      const end = endOfRun(pieces, from);
      yield* this.#blocksOfRun(pieces.slice(from, end));
      from = end;
    }
  }

  *#blocksOfRun(run: readonly Buffer[]): Generator<Buffer, void, undefined> {
    const key = run.map((piece) => this.#numberOf(piece)).join(',');
    const known = this.#runs.get(key);
    if (known !== undefined) {
      yield* known.blocks;
      return;
    }
    const blocks: Buffer[] = [];
    for (const block of xpressBlocks(run)) {
      blocks.push(block);
      yield block;
    }
    this.#runs.set(key, { key, blocks });
  }

  #numberOf(piece: Buffer): number {
    const known = this.#numbers.get(piece);
    if (known !== undefined) return known;
    this.#lastNumber += 1;
    this.#numbers.set(piece, this.#lastNumber);
    return this.#lastNumber;
  }
}

/** As many pieces as fill a block; one that is larger than a block is a run of its own. */
function endOfRun(pieces: readonly Buffer[], from: number): number {
  let size = 0;
  let end = from;
  for (; end < pieces.length; end += 1) {
    size += pieces[end]?.length ?? 0;
    if (size > BLOCK_BYTES && end > from) break;
  }
  return end;
}
