/** Sends pieces of content to a peer at its pace, and gives up one that takes next to nothing. */
import type { ServerResponse } from 'node:http';
import { codeOf } from '../../config/error-facts.ts';
import type { ByteRange } from './byte-ranges.ts';
import { ReadBuffers } from './read-buffers.ts';

/** Something to send from: an open file, or one that is still arriving. */
export interface ContentSource {
  /** Bytes of the whole. */
  readonly size: number;
  readonly modified: Date;
  /** Its bytes may be long in coming: the peer is told the headers at once. */
  readonly isArriving?: boolean;
  /**
   * Reads into the buffer what there is from `position` on, waiting for it where it is still to come.
   *
   * @param length bytes at most
   * @param done told how many were read, 0 where there are none after all; called once, never before this returns
   */
  read(
    buffer: Buffer,
    length: number,
    position: number,
    done: (error: Error | null, bytes: number) => void,
  ): void;
}

/** What limits how fast is sent. */
export interface Pace {
  /** Milliseconds after which so many bytes may be sent. */
  take(bytes: number): number;
}

/** Milliseconds that a reader may take for a quarter of a megabyte; the thinnest line is faster. */
const PATIENCE = 600_000;
const PATIENCE_BYTES = 256 * 1024;

export class ContentSender {
  readonly #buffers = new ReadBuffers();
  readonly #patience: number;

  /** @param patience milliseconds that a reader may take for a quarter of a megabyte */
  constructor(patience = PATIENCE) {
    this.#patience = patience;
  }

  /**
   * Sends the pieces in their order, bytes as they are and ranges of the source, and ends the answer. A peer that goes
   * away, or reads next to nothing, or a source that ends early, ends the connection; none is an error of the server's.
   */
  async send(
    response: ServerResponse,
    source: ContentSource,
    pieces: readonly (Buffer | ByteRange)[],
    pace?: Pace,
  ): Promise<void> {
    const giveUp = setTimeout(() => response.destroy(), this.#patience);
    let sinceRefresh = 0;
    const onSent = (bytes: number): void => {
      sinceRefresh += bytes;
      if (sinceRefresh < PATIENCE_BYTES) return;
      sinceRefresh = 0;
      giveUp.refresh();
    };
    try {
      await new Transfer({ response, source, pieces, buffers: this.#buffers, onSent, pace }).sent;
    } finally {
      clearTimeout(giveUp);
    }
  }
}

interface TransferOptions {
  readonly response: ServerResponse;
  readonly source: ContentSource;
  readonly pieces: readonly (Buffer | ByteRange)[];
  readonly buffers: ReadBuffers;
  readonly onSent: (bytes: number) => void;
  readonly pace: Pace | undefined;
}

/** Bytes that were read and not sent yet. */
interface Portion {
  readonly bytes: Buffer;
  /** What they are part of, where it is to be used again. */
  readonly buffer?: Buffer;
}

const EXPECTED_ENDS: ReadonlySet<string | undefined> = new Set([
  'CONTENT_DID_NOT_ARRIVE',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_WRITE_AFTER_END',
  'ECANCELED',
  'ECONNRESET',
  'EPIPE',
]);

/**
 * One answer on its way: reads a portion, writes it, and reads the next when the system has taken it, or ahead where there
 * is room. Callbacks, since a thousand slow readers would otherwise leave more promises behind than bytes.
 */
class Transfer {
  /** Settles when the answer has ended, one way or the other. */
  readonly sent: Promise<void>;
  readonly #options: TransferOptions;
  readonly #onClose = (): void => this.#end();
  #settle: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined;
  /** Of the pieces, what is read now. */
  #piece = 0;
  /** In the piece that is read now. */
  #position: number | undefined;
  #isReading = false;
  /** On its way; undefined again when the system has taken it. */
  #writing: Portion | undefined;
  #ready: Portion | undefined;
  /** Until what is to be written next may be. */
  #waiting: NodeJS.Timeout | undefined;
  #hasEnded = false;

  constructor(options: TransferOptions) {
    this.#options = options;
    this.sent = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // A write that waits behind an earlier answer of the connection is never called back where the connection ends.
    options.response.once('close', this.#onClose);
    if (options.response.destroyed) this.#end();
    else this.#readNext();
  }

  #readNext(): void {
    const { pieces, source, buffers } = this.#options;
    const piece = pieces[this.#piece];
    if (piece === undefined) {
      if (this.#writing === undefined && this.#ready === undefined) this.#finish();
      return;
    }
    if (Buffer.isBuffer(piece)) {
      this.#piece += 1;
      this.#take({ bytes: piece });
      return;
    }
    const position = this.#position ?? piece.first;
    const missing = piece.last - position + 1;
    if (missing <= 0) {
      this.#nextPiece();
      this.#readNext();
      return;
    }
    const buffer = buffers.take(missing);
    this.#isReading = true;
    source.read(buffer, Math.min(buffer.length, missing), position, (error, bytes) => {
      this.#isReading = false;
      if (this.#hasEnded || error !== null || bytes === 0) {
        buffers.giveBack(buffer);
        // A source that ends before what its header promised ends the connection: the peer must not take it for whole.
        this.#end(error ?? undefined);
        return;
      }
      if (bytes === missing) this.#nextPiece();
      else this.#position = position + bytes;
      this.#take({ bytes: buffer.subarray(0, bytes), buffer });
    });
  }

  #nextPiece(): void {
    this.#piece += 1;
    this.#position = undefined;
  }

  #take(portion: Portion): void {
    if (this.#writing !== undefined) this.#ready = portion;
    else this.#write(portion);
  }

  #write(portion: Portion): void {
    this.#writing = portion;
    const wait = this.#options.pace?.take(portion.bytes.length) ?? 0;
    if (wait > 0) this.#waiting = setTimeout(() => this.#writeNow(portion), wait);
    else this.#writeNow(portion);
  }

  #writeNow(portion: Portion): void {
    if (this.#hasEnded) return;
    const { response, buffers, onSent, pieces } = this.#options;
    response.write(portion.bytes, (error) => {
      if (this.#hasEnded) return;
      this.#writing = undefined;
      if (portion.buffer !== undefined) buffers.giveBack(portion.buffer);
      if (error !== null && error !== undefined) {
        this.#end(error);
        return;
      }
      onSent(portion.bytes.length);
      this.#goOn();
    });
    if (buffers.mayReadAhead && !this.#isReading && this.#piece < pieces.length) this.#readNext();
  }

  #goOn(): void {
    const ready = this.#ready;
    this.#ready = undefined;
    if (ready !== undefined) this.#write(ready);
    else if (!this.#isReading && !this.#hasEnded) this.#readNext();
  }

  #finish(): void {
    this.#options.response.end();
    this.#end();
  }

  /** To be called as often as there is a reason; the first one counts. */
  #end(error?: Error): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    const { response } = this.#options;
    response.off('close', this.#onClose);
    clearTimeout(this.#waiting);
    for (const portion of [this.#writing, this.#ready]) {
      if (portion?.buffer !== undefined) this.#options.buffers.abandon(portion.buffer);
    }
    if (!response.writableEnded) response.destroy();
    if (error === undefined || EXPECTED_ENDS.has(codeOf(error))) this.#settle?.resolve();
    else this.#settle?.reject(error);
  }
}
