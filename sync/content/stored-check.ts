/** Reads content on disk again, and puts away what is not what the metadata says: disks forget. */
import { lstat, mkdir, open, rename } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { ContentSignaturePolicy } from '../../catalog/authenticode/content-signature-policy.ts';
import { checkContent } from '../../catalog/content-check.ts';
import type { CheckOptions, FoundContent } from '../../catalog/content-check.ts';
import { contentPath } from '../../catalog/content-path.ts';
import { markChecked, recordFinding } from '../../catalog/store/content/checks.ts';
import type { PresentFile } from '../../catalog/store/content/checks.ts';
import { markRefused } from '../../catalog/store/content/signatures.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { statKey } from '../../catalog/verified-stat.ts';
import { codeOf, reasonOf } from '../../config/error-facts.ts';
import { ContentError } from './content-error.ts';
import { SignatureGate } from './signature-gate.ts';

export interface StoredCheckOptions {
  readonly db: Database;
  /** Content is under `content`, what differs is moved below `quarantine`. */
  readonly dataDirectory: string;
  readonly now: () => Date;
  /** Left out: signatures are recorded alone. */
  readonly signatures?: ContentSignaturePolicy;
}

export type CheckOutcome =
  | { readonly state: 'right' }
  /** Somebody wrote to it, or put another in its place; to be looked at another time. */
  | { readonly state: 'moving' }
  | {
      readonly state: 'differs';
      /** A clause. */
      readonly reason: string;
      /** Where the bytes are now; undefined where there were none. */
      readonly keptAt: string | undefined;
    };

/** How a disk says that it cannot give back what it was given. */
const LOST = new Set(['EIO', 'EUCLEAN', 'EBADMSG']);

interface Reading {
  readonly key: string | undefined;
  readonly isSteady: boolean;
  readonly found?: FoundContent;
  readonly difference: string | undefined;
}

export class StoredCheck {
  readonly #options: StoredCheckOptions;
  readonly #gate: SignatureGate;

  constructor(options: StoredCheckOptions) {
    this.#options = options;
    this.#gate = new SignatureGate(options);
  }

  /**
   * What was found is in the store when it settles; a file that differs is wanted again.
   *
   * @throws what `onRead` throws, and the system's error where this account may not read the file
   */
  async check(file: PresentFile, options: CheckOptions): Promise<CheckOutcome> {
    const { db, dataDirectory, now } = this.#options;
    const name = contentPath(file.sha1, file.extension);
    const path = join(dataDirectory, 'content', name);
    const { key, isSteady, found, difference } = await read(path, file, options);
    if (!isSteady || (await keyOf(path)) !== key) return { state: 'moving' };
    if (difference === undefined && key !== undefined) {
      const refusal = await this.#refusalOf(file, path);
      if (refusal !== undefined) {
        const keptAt = await this.#putAway(path, name);
        markRefused(db, file.sha1, refusal, now());
        return { state: 'differs', reason: refusal, keptAt };
      }
      markChecked(db, file.sha1, key, now());
      return { state: 'right' };
    }
    const reason = difference ?? 'the file is missing on disk';
    // Put away first: from when it is wanted, somebody else may lay a right one there.
    const keptAt = await this.#putAway(path, name);
    recordFinding(db, file.sha1, reason, found, now());
    return { state: 'differs', reason, keptAt };
  }

  async #refusalOf(file: PresentFile, path: string): Promise<string | undefined> {
    try {
      await this.#gate.judgeStored(file, path);
      return undefined;
    } catch (error) {
      if (error instanceof ContentError) return error.message;
      throw error;
    }
  }

  async #putAway(path: string, name: string): Promise<string | undefined> {
    const target = join(this.#options.dataDirectory, 'quarantine', name);
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    try {
      await rename(path, target);
      return target;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  }
}

async function read(path: string, file: PresentFile, options: CheckOptions): Promise<Reading> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    return await checkContent(handle, file, options);
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return { key: undefined, isSteady: true, difference: undefined };
    if (!LOST.has(codeOf(error) ?? '')) throw error;
    const difference = `the file on disk cannot be read: ${reasonOf(error)}`;
    return { key: await keyOf(path), isSteady: true, difference };
  } finally {
    await handle?.close();
  }
}

async function keyOf(path: string): Promise<string | undefined> {
  try {
    return statKey(await lstat(path, { bigint: true }));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
