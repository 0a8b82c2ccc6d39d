/** Opens a content file for serving, and never one whose bytes are not those that its metadata names. */
import { mkdir, open, rename, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { codeOf } from '../../config/error-facts.ts';
import type { Logger } from '../../config/logging.ts';
import { RECORD_ALONE, policyId } from '../../catalog/authenticode/content-signature-policy.ts';
import type { ContentSignaturePolicy } from '../../catalog/authenticode/content-signature-policy.ts';
import { checkContent } from '../../catalog/content-check.ts';
import type { FoundContent } from '../../catalog/content-check.ts';
import { contentPath } from '../../catalog/content-path.ts';
import { recordFinding } from '../../catalog/store/content/checks.ts';
import { markRefused, recordSignature, wasLetIn } from '../../catalog/store/content/signatures.ts';
import { markPresent } from '../../catalog/store/content/content-queue.ts';
import { CommitGroup } from '../../catalog/store/database/commit-group.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { FileLookup } from '../../catalog/store/content/files.ts';
import type { FileRow } from '../../catalog/store/content/files.ts';
import { statKey } from '../../catalog/verified-stat.ts';
import type { ContentSource } from './content-sender.ts';
import { ContentUses } from './content-uses.ts';
import { OpenFiles } from './open-files.ts';

export interface StoredFile extends ContentSource {
  /** To be called once, when nothing is read any more. */
  readonly release: () => void;
}

/**
 * What has a digest never changes, and is the same on every server that has it: a download that goes on at another server,
 * or began while the file arrived, must not be told that it changed.
 */
export const CONTENT_MODIFIED = new Date(Date.UTC(2000, 0, 1));

export interface ContentStoreOptions {
  readonly db: Database;
  /** Content is under `content`, what failed under `quarantine`. */
  readonly dataDirectory: string;
  readonly log: Logger;
  readonly now: () => Date;
  /** Called when a file has to be fetched again. */
  readonly contentWanted: () => void;
  /** Left out: signatures are recorded alone. */
  readonly signatures?: ContentSignaturePolicy;
}

export class ContentStore {
  readonly #db: Database;
  readonly #commits: CommitGroup;
  readonly #folder: string;
  readonly #quarantine: string;
  readonly #log: Logger;
  readonly #now: () => Date;
  readonly #contentWanted: () => void;
  readonly #signatures: ContentSignaturePolicy;
  readonly #files = new OpenFiles();
  readonly #uses: ContentUses;
  readonly #lookup: FileLookup;
  /** Verifications under way, so that a hundred clients asking at once cost one reading. */
  readonly #verifying = new Map<string, Promise<string | undefined>>();

  constructor({
    db,
    dataDirectory,
    log,
    now,
    contentWanted,
    signatures = RECORD_ALONE,
  }: ContentStoreOptions) {
    this.#signatures = signatures;
    this.#db = db;
    this.#lookup = new FileLookup(db);
    this.#uses = new ContentUses({ db, log, now });
    this.#commits = CommitGroup.of(db);
    this.#folder = join(dataDirectory, 'content');
    this.#quarantine = join(dataDirectory, 'quarantine');
    this.#log = log;
    this.#now = now;
    this.#contentWanted = contentWanted;
  }

  /**
   * The file, or undefined where it is not known, not here, or not what it should be.
   *
   * @param sha1 lower-case hex
   * @param extension as asked for, in lower case, with its dot, or empty
   */
  async open(sha1: string, extension: string): Promise<StoredFile | undefined> {
    const row = this.#lookup.bySha1(sha1);
    if (row === undefined || row.contentState !== 'present' || row.extension !== extension) return undefined;
    const file = await this.#openVerified(row);
    if (file !== undefined) this.#uses.note(sha1);
    return file;
  }

  async #openVerified(row: FileRow): Promise<StoredFile | undefined> {
    const known = row.verifiedStat;
    const path = this.#pathOf(row);
    const present = known === undefined ? undefined : await this.#openAs(path, known);
    if (present !== undefined) return present;
    const verified = await this.#verifyNow(row);
    return verified === undefined ? undefined : await this.#openAs(path, verified);
  }

  /** The file under that name, where it is the one of this `statKey`. */
  async #openAs(path: string, key: string): Promise<StoredFile | undefined> {
    // What is open already may be a file that had this name before.
    return (await this.#tryOpenAs(path, key)) ?? (await this.#tryOpenAs(path, key));
  }

  async #tryOpenAs(path: string, key: string): Promise<StoredFile | undefined> {
    const file = await this.#files.take(path);
    if (file === undefined) return undefined;
    const stats = file.stat();
    if (stats.nlink > 0n && statKey(stats) === key) {
      return {
        size: Number(stats.size),
        modified: CONTENT_MODIFIED,
        read: file.read,
        release: file.release,
      };
    }
    file.release();
    this.#files.forget(path);
    return undefined;
  }

  #pathOf(row: FileRow): string {
    return join(this.#folder, contentPath(row.sha1, row.extension));
  }

  /** The stat of the file that was verified, to be compared with that of the one that is open. */
  async #verifyNow(row: FileRow): Promise<string | undefined> {
    const running = this.#verifying.get(row.sha1);
    if (running !== undefined) return await running;
    const verification = this.#verify(row).finally(() => this.#verifying.delete(row.sha1));
    this.#verifying.set(row.sha1, verification);
    return await verification;
  }

  /** Reads the whole file; records what was found either way. */
  async #verify(row: FileRow): Promise<string | undefined> {
    const path = this.#pathOf(row);
    const handle = await openIfPresent(path);
    if (handle === undefined) {
      await this.#giveUp(row, 'the file is missing on disk');
      return undefined;
    }
    try {
      const { key, isSteady, found, difference: reason } = await checkContent(handle, row);
      // Somebody is writing: the next request looks again.
      if (!isSteady) return undefined;
      if (reason === undefined) {
        const refusal = await this.#refusalOf(row, handle);
        if (refusal !== undefined) {
          await this.#refuse(row, path, refusal);
          return undefined;
        }
        await this.#commits.add(() => markPresent(this.#db, row.sha1, key, this.#now()));
        return key;
      }
      // Another process found the same, and what lies there now may be a new copy already.
      if ((await statKeyOf(path)) !== key) return undefined;
      await this.#giveUp(row, reason, found);
      await this.#putAway(row, path);
      return undefined;
    } finally {
      await handle.close();
    }
  }

  /** Why the policy does not let it be served, where it has not let it in before. */
  async #refusalOf(row: FileRow, handle: FileHandle): Promise<string | undefined> {
    const policy = policyId(this.#signatures);
    if (wasLetIn(this.#db, row.sha1, policy)) return undefined;
    const now = this.#now();
    // Loaded where a file on disk is another than the one that was judged, which is seldom.
    const { judgeContent } = await import('../../catalog/authenticode/content-judgement.ts');
    const judgement = await judgeContent(handle, row.extension, this.#signatures, now);
    await this.#commits.add(() => recordSignature(this.#db, row.sha1, judgement, policy, now));
    return judgement.refusal;
  }

  async #refuse(row: FileRow, path: string, reason: string): Promise<void> {
    await this.#commits.add(() => markRefused(this.#db, row.sha1, reason, this.#now()));
    this.#log.error('A content file is not served any more', { sha1: row.sha1, reason });
    await this.#putAway(row, path);
  }

  /** The copy here is lost; the upstream's may be fetched at once. */
  async #giveUp(row: FileRow, reason: string, found?: FoundContent): Promise<void> {
    const now = this.#now();
    await this.#commits.add(() => recordFinding(this.#db, row.sha1, reason, found, now));
    this.#log.error('A content file is not served any more', { sha1: row.sha1, reason });
    this.#contentWanted();
  }

  async #putAway(row: FileRow, path: string): Promise<void> {
    const target = join(this.#quarantine, contentPath(row.sha1, row.extension));
    await mkdir(dirname(target), { recursive: true, mode: 0o700 });
    try {
      await rename(path, target);
    } catch (error) {
      // Another process was faster.
      if (codeOf(error) !== 'ENOENT') throw error;
    }
  }
}

async function openIfPresent(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, 'r');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function statKeyOf(path: string): Promise<string | undefined> {
  try {
    return statKey(await stat(path, { bigint: true }));
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
