/** Judges the signature of a file whose digests are right, before it gets its name or keeps it. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { judgeContent } from '../../catalog/authenticode/content-judgement.ts';
import { RECORD_ALONE, policyId } from '../../catalog/authenticode/content-signature-policy.ts';
import type { ContentSignaturePolicy } from '../../catalog/authenticode/content-signature-policy.ts';
import { recordSignature, wasLetIn } from '../../catalog/store/content/signatures.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { ContentError } from './content-error.ts';

/** By which a file is known, and what it should be. */
interface JudgedFile {
  readonly sha1: string;
  readonly extension: string;
}

export interface SignatureGateOptions {
  readonly db: Database;
  readonly now: () => Date;
  /** Left out: signatures are recorded alone. */
  readonly signatures?: ContentSignaturePolicy;
}

export class SignatureGate {
  readonly #db: Database;
  readonly #now: () => Date;
  readonly #policy: ContentSignaturePolicy;
  readonly #policyId: string;

  constructor({ db, now, signatures = RECORD_ALONE }: SignatureGateOptions) {
    this.#db = db;
    this.#now = now;
    this.#policy = signatures;
    this.#policyId = policyId(signatures);
  }

  /**
   * Records what the signature says.
   *
   * @param file its path, or open for reading
   * @throws ContentError `refused` where the policy does not let it be served
   */
  async judge(file: JudgedFile, at: string | FileHandle): Promise<void> {
    if (typeof at !== 'string') {
      await this.#judge(file, at);
      return;
    }
    const handle = await open(at, 'r');
    try {
      await this.#judge(file, handle);
    } finally {
      await handle.close();
    }
  }

  /** The same for a file that is here: what this policy has let in is not judged again. */
  async judgeStored(file: JudgedFile, path: string): Promise<void> {
    if (!wasLetIn(this.#db, file.sha1, this.#policyId)) await this.judge(file, path);
  }

  async #judge({ sha1, extension }: JudgedFile, handle: FileHandle): Promise<void> {
    const now = this.#now();
    const judgement = await judgeContent(handle, extension, this.#policy, now);
    recordSignature(this.#db, sha1, judgement, this.#policyId, now);
    if (judgement.refusal !== undefined) throw new ContentError('refused', judgement.refusal);
  }
}
