/**
 * Content files that stay open for a moment: an agent asks for a file in hundreds of ranges, many agents for the same
 * one, and opening costs more than reading.
 */
import { fstatSync, read } from 'node:fs';
import type { BigIntStats } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { codeOf } from '../../config/error-facts.ts';
import type { ContentSource } from './content-sender.ts';

/** Milliseconds that a file stays open when nobody reads it any more. */
const IDLE = 1000;

export class OpenFiles {
  readonly #open = new Map<string, Promise<SharedFile | undefined>>();

  /**
   * The file, to be released by the caller; undefined where there is none of that name.
   *
   * @throws the system's error where it cannot be opened
   */
  async take(path: string): Promise<LentFile | undefined> {
    const opening = this.#open.get(path) ?? this.#begin(path);
    const file = await opening;
    // It was closed, or another file has its name by now, since it was looked up.
    if (file?.isClosed === true) return await this.take(path);
    return file?.lend();
  }

  /** The next to take the file opens it anew; those that have it keep theirs. */
  forget(path: string): void {
    this.#open.delete(path);
  }

  #begin(path: string): Promise<SharedFile | undefined> {
    const opening = openShared(path, (file) => {
      if (this.#open.get(path) === opening) this.#open.delete(path);
      file.close();
    });
    this.#open.set(path, opening);
    const drop = (): boolean => this.#open.delete(path);
    opening.then((file) => file ?? drop(), drop);
    return opening;
  }
}

/** One reader's share of an open file. */
export interface LentFile {
  /** What the system says of it now. */
  readonly stat: () => BigIntStats;
  readonly read: ContentSource['read'];
  /** To be called once; a read that is under way ends first. */
  readonly release: () => void;
}

async function openShared(path: string, onIdle: (file: SharedFile) => void): Promise<SharedFile | undefined> {
  try {
    return new SharedFile(await open(path, 'r'), onIdle);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

class SharedFile {
  readonly #handle: FileHandle;
  readonly #onIdle: (file: SharedFile) => void;
  #readers = 0;
  #idle: NodeJS.Timeout | undefined;
  isClosed = false;

  constructor(handle: FileHandle, onIdle: (file: SharedFile) => void) {
    this.#handle = handle;
    this.#onIdle = onIdle;
  }

  lend(): LentFile {
    this.#enter();
    const { fd } = this.#handle;
    return {
      // Of an open file this is answered from the system's memory.
      stat: () => fstatSync(fd, { bigint: true }),
      read: (buffer, length, position, done) => {
        // The number of a closed file may be another's: it stays open until the read has ended.
        this.#enter();
        read(fd, buffer, 0, length, position, (error, bytes) => {
          this.#leave();
          done(error, bytes);
        });
      },
      release: () => this.#leave(),
    };
  }

  #enter(): void {
    clearTimeout(this.#idle);
    this.#readers += 1;
  }

  #leave(): void {
    this.#readers -= 1;
    if (this.#readers > 0) return;
    this.#idle = setTimeout(() => this.#onIdle(this), IDLE);
    this.#idle.unref();
  }

  close(): void {
    this.isClosed = true;
    // Nothing was written to it: what the system says of closing it is nobody's loss.
    this.#handle.close().catch(() => undefined);
  }
}
