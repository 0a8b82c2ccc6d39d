/** Content that is being fetched while clients wait for it: what has come of each file, as the sync worker's file grows. */
import { closeSync, constants, fstatSync, openSync, read } from 'node:fs';
import { join } from 'node:path';
import { incomingPath } from '../../catalog/content-path.ts';
import type { RequestedFiles } from '../../catalog/store/content/requested-files.ts';
import { statKey } from '../../catalog/verified-stat.ts';
import { codeOf } from '../../config/error-facts.ts';
import type { ContentSource } from './content-sender.ts';

/** Milliseconds between two looks at a file that somebody waits for. */
const LOOK = 50;

/** Bytes at the end that nobody is given before the whole is verified: a file that fails never arrives whole. */
const HELD_BACK = 65_536;

export class Arrivals {
  readonly #folder: string;
  readonly #files: RequestedFiles;
  readonly #arrivals = new Map<string, Arrival>();

  /** @param folder `<data>/content` */
  constructor(folder: string, files: RequestedFiles) {
    this.#folder = folder;
    this.#files = files;
  }

  /**
   * A share in the one arrival of a wanted file.
   *
   * @param sha1 lower-case hex
   * @param size bytes that its metadata says
   * @param attempts that failed so far: one more ends the arrival
   */
  join(sha1: string, size: number, attempts: number): ArrivalShare {
    let arrival = this.#arrivals.get(sha1);
    if (arrival === undefined || arrival.state !== 'arriving') {
      const path = join(this.#folder, incomingPath(sha1));
      arrival = new Arrival({ path, size, attempts, progress: () => this.#files.progressOf(sha1) });
      this.#arrivals.set(sha1, arrival);
    }
    const joined = arrival;
    return joined.share(() => {
      if (this.#arrivals.get(sha1) === joined) this.#arrivals.delete(sha1);
    });
  }
}

export interface ArrivalShare extends Pick<ContentSource, 'size' | 'read'> {
  /**
   * Settles when there is something to send, or when there will be nothing.
   *
   * @param patience milliseconds
   * @returns `arriving` where a first byte may be sent, `here` where the whole is under its final name, `failed`, or
   *   `late` where the patience has ended
   */
  begun(patience: number): Promise<'arriving' | 'here' | 'failed' | 'late'>;
  /** To be called once. */
  release(): void;
}

interface ArrivalOptions {
  readonly path: string;
  readonly size: number;
  readonly attempts: number;
  readonly progress: () => ReturnType<RequestedFiles['progressOf']>;
}

/** The content did not come after all, or is not what its metadata says. */
class ArrivalEnded extends Error {
  readonly code = 'CONTENT_DID_NOT_ARRIVE';

  constructor() {
    super('The content that a client waited for did not arrive.');
    this.name = 'ArrivalEnded';
  }
}

class Arrival {
  state: 'arriving' | 'here' | 'failed' = 'arriving';
  readonly #options: ArrivalOptions;
  readonly #waiting = new Set<() => void>();
  #shares = 0;
  /** Under way. */
  #reads = 0;
  #file: number | undefined;
  #available = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ArrivalOptions) {
    this.#options = options;
  }

  share(onLast: () => void): ArrivalShare {
    this.#shares += 1;
    this.#timer ??= setInterval(() => this.#look(), LOOK);
    let isReleased = false;
    return {
      size: this.#options.size,
      read: (buffer, length, position, done) => this.#read(buffer, length, position, done),
      begun: (patience) => this.#begun(patience),
      release: () => {
        if (isReleased) return;
        isReleased = true;
        this.#shares -= 1;
        if (this.#shares > 0) return;
        onLast();
        this.#end('failed');
        this.#closeUnread();
      },
    };
  }

  async #begun(patience: number): Promise<'arriving' | 'here' | 'failed' | 'late'> {
    const end = performance.now() + patience;
    while (this.state === 'arriving' && this.#available === 0) {
      if (performance.now() > end) return 'late';
      await new Promise<void>((resolve) => this.#waiting.add(resolve));
    }
    return this.state;
  }

  #read(
    buffer: Buffer,
    length: number,
    position: number,
    done: (error: Error | null, bytes: number) => void,
  ): void {
    const ready = this.#available - position;
    if (this.state === 'failed') {
      process.nextTick(done, new ArrivalEnded(), 0);
    } else if (this.#file === undefined || ready <= 0) {
      this.#waiting.add(() => this.#read(buffer, length, position, done));
    } else {
      this.#reads += 1;
      read(this.#file, buffer, 0, Math.min(length, ready), position, (error, bytes) => {
        this.#reads -= 1;
        this.#closeUnread();
        done(error, bytes);
      });
    }
  }

  /** The number of a closed file may be another's: it stays open while it is read from. */
  #closeUnread(): void {
    if (this.#shares > 0 || this.#reads > 0 || this.#file === undefined) return;
    closeSync(this.#file);
    this.#file = undefined;
  }

  #look(): void {
    const { size, attempts, progress } = this.#options;
    const found = progress();
    this.#file ??= openIfThere(this.#options.path);
    const stats = this.#file === undefined ? undefined : fstatSync(this.#file, { bigint: true });
    if (found?.state === 'present') {
      const isWhatWeSend = stats === undefined || statKey(stats) === found.verifiedStat;
      if (isWhatWeSend && stats !== undefined) this.#available = size;
      this.#end(isWhatWeSend ? 'here' : 'failed');
    } else if (found?.state !== 'wanted' || found.attempts !== attempts || stats?.nlink === 0n) {
      // It failed, is wanted no longer, or begins anew in another file.
      this.#end('failed');
    } else if (stats !== undefined) {
      this.#available = Math.max(0, Math.min(Number(stats.size), size - HELD_BACK));
    }
    this.#wake();
  }

  #end(state: 'here' | 'failed'): void {
    if (this.state === 'arriving') this.state = state;
    clearInterval(this.#timer);
    this.#wake();
  }

  #wake(): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const goOn of waiting) goOn();
  }
}

function openIfThere(path: string): number | undefined {
  try {
    return openSync(path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
