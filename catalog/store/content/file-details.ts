/** Everything the console shows of one content file, other than what lies on disk. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { SignatureVerdict } from '../../../protocol/console/content.ts';
import type { ContentFileDetails, ContentSignatureView } from '../../../protocol/console/content.ts';
import { RefusalError } from '../database/refusal.ts';
import { findingOf } from './checks.ts';
import { summarizeContentFiles, type StoredSummary } from './file-listing.ts';
import { FileUses } from './file-uses.ts';
import { fileNamesOf } from './files.ts';
import { signatureOf } from './signatures.ts';

const MOST_UPDATES = 20;

export type StoredDetails = StoredSummary &
  Omit<ContentFileDetails, keyof StoredSummary | 'receivedBytes' | 'isArriving' | 'quarantinedBytes'>;

const Row = z.object({
  sha256: z.string().nullable(),
  received_at: z.string().nullable(),
  checked_at: z.string().nullable(),
  last_used_on: z.string().nullable(),
});

/**
 * @param sha1 lower-case hex
 * @throws RefusalError where no update names such a file
 */
export function contentFileDetails(db: Database, sha1: string): StoredDetails {
  const [summary] = summarizeContentFiles(db, [sha1]);
  if (summary === undefined) throw unknownContentFile(sha1);
  const row = Row.parse(
    db.prepare('SELECT sha256, received_at, checked_at, last_used_on FROM file WHERE sha1 = ?').get(sha1),
  );
  const updates = new FileUses(db).of(sha1, MOST_UPDATES + 1);
  const signature = signatureViewOf(db, sha1);
  const found = findingOf(db, sha1);
  return {
    ...summary,
    ...(row.sha256 === null ? {} : { sha256: row.sha256 }),
    fileNames: fileNamesOf(db, sha1),
    ...(row.received_at === null ? {} : { receivedAt: row.received_at }),
    ...(row.checked_at === null ? {} : { checkedAt: row.checked_at }),
    ...(row.last_used_on === null ? {} : { lastUsedOn: row.last_used_on }),
    updates: updates.slice(0, MOST_UPDATES),
    hasMoreUpdates: updates.length > MOST_UPDATES,
    ...(found === undefined ? {} : { finding: found }),
    ...(signature === undefined ? {} : { signature }),
  };
}

export const unknownContentFile = (sha1: string): RefusalError =>
  new RefusalError(
    'unknown',
    'CONTENT_FILE_UNKNOWN',
    `No update here has a file with the SHA-1 ${sha1}. Read the list of files again.`,
  );

function signatureViewOf(db: Database, sha1: string): ContentSignatureView | undefined {
  const row = signatureOf(db, sha1);
  if (row === undefined) return undefined;
  const { matches, signer, issuer, signedAt, verdict, ...rest } = row;
  return {
    ...rest,
    verdict: SignatureVerdict.parse(verdict),
    ...(matches === null ? {} : { matches }),
    ...(signer === null ? {} : { signer }),
    ...(issuer === null ? {} : { issuer }),
    ...(signedAt === null ? {} : { signedAt }),
  };
}
