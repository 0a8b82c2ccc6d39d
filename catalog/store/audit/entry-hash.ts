/** What an entry's hash is made of. The same few lines are in docs/audit.md, for whoever checks without us. */
import { createHash } from 'node:crypto';

/** What the first entry hangs on. */
export const GENESIS_HASH = '0'.repeat(64);

/** Names the encoding; another one would have another. */
const ENCODING = 'sluice-audit-1';

/** As they are stored, byte by byte; what is absent is null. */
export interface HashedFields<Field = Uint8Array | string> {
  readonly sequence: number;
  readonly at: Field;
  readonly actorKind: Field;
  readonly actorName: Field;
  readonly accountId: number | null;
  readonly remoteAddress: Field | null;
  readonly action: Field;
  /** Canonical JSON, as before and after. */
  readonly subjects: Field;
  readonly before: Field | null;
  readonly after: Field | null;
  readonly previousHash: Field;
}

/**
 * SHA-256 over the fields in this order, each as its length in bytes, a colon and its UTF-8; an absent one is a hyphen.
 * No two entries have the same encoding, since each length is read before what it measures.
 *
 * @returns lower-case hex
 */
export function hashOf(fields: HashedFields): string {
  const hash = createHash('sha256');
  for (const field of [
    ENCODING,
    String(fields.sequence),
    fields.at,
    fields.actorKind,
    fields.actorName,
    fields.accountId === null ? null : String(fields.accountId),
    fields.remoteAddress,
    fields.action,
    fields.subjects,
    fields.before,
    fields.after,
    fields.previousHash,
  ]) {
    if (field === null) hash.update('-');
    else hash.update(`${Buffer.byteLength(field)}:`).update(field);
  }
  return hash.digest('hex');
}
