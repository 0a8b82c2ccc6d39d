/** Keys of encrypted content files ([MS-WSUSSS] 3.1.4.18): secrets that are kept, and given to downstream servers only. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { UpdateIdentity } from '../../metadata/model.ts';
import { IdentityRow } from '../revisions/identity-row.ts';

/** A file of an update, and its key where one is known. */
export interface FileKey {
  /** Lower-case hex. */
  readonly sha1: string;
  readonly decryptionKey?: Buffer;
}

const KeyRow = z
  .object({ sha1: z.string(), decryption_key: z.instanceof(Buffer).nullable() })
  .transform((row): FileKey =>
    row.decryption_key === null ? { sha1: row.sha1 } : { sha1: row.sha1, decryptionKey: row.decryption_key },
  );

/** Every file of the revision, each once. */
export const fileKeysOf = (db: Database, { updateId, revisionNumber }: UpdateIdentity): FileKey[] =>
  db
    .prepare(
      `SELECT DISTINCT sha1, decryption_key
       FROM revision JOIN revision_file USING (revision_id) LEFT JOIN file_decryption_key USING (sha1)
       WHERE update_id = ? AND revision_number = ? ORDER BY sha1`,
    )
    .all(updateId, revisionNumber)
    .map((row) => KeyRow.parse(row));

/** Revisions with encrypted files of which nobody was asked for the keys yet, in the order of their arrival. */
export const revisionsLackingKeys = (db: Database): UpdateIdentity[] =>
  db
    .prepare(
      `SELECT update_id, revision_number FROM encrypted_revision JOIN revision USING (revision_id)
       WHERE is_fetched = 0 ORDER BY revision_id`,
    )
    .all()
    .map((row) => IdentityRow.parse(row));

/**
 * Stores what the upstream server knows of revisions' files, and that it was asked, in one transaction. A key for a file
 * that is not the revision's is not taken.
 */
export function storeFileKeys(
  db: Database,
  revisions: readonly { readonly identity: UpdateIdentity; readonly keys: readonly FileKey[] }[],
): void {
  const store = db.prepare(
    `INSERT INTO file_decryption_key (sha1, decryption_key)
     SELECT DISTINCT sha1, @decryptionKey FROM revision JOIN revision_file USING (revision_id)
     WHERE update_id = @updateId AND revision_number = @revisionNumber AND sha1 = @sha1
     ON CONFLICT (sha1) DO UPDATE SET decryption_key = excluded.decryption_key`,
  );
  const done = db.prepare(
    `UPDATE encrypted_revision SET is_fetched = 1 WHERE revision_id =
       (SELECT revision_id FROM revision WHERE update_id = @updateId AND revision_number = @revisionNumber)`,
  );
  db.transaction(() => {
    for (const { identity, keys } of revisions) {
      for (const { sha1, decryptionKey } of keys)
        if (decryptionKey !== undefined) store.run({ ...identity, sha1, decryptionKey });
      done.run(identity);
    }
  })();
}

/** Keys of the revisions' files, each file once; files without one are left out. */
export const keysOfRevisions = (db: Database, revisionIds: readonly number[]): Required<FileKey>[] =>
  db
    .prepare(
      `SELECT sha1, decryption_key FROM file_decryption_key
       WHERE sha1 IN (SELECT sha1 FROM revision_file WHERE revision_id IN (SELECT value FROM json_each(?)))
       ORDER BY sha1`,
    )
    .all(JSON.stringify(revisionIds))
    .flatMap((row) => {
      const { sha1, decryptionKey } = KeyRow.parse(row);
      return decryptionKey === undefined ? [] : { sha1, decryptionKey };
    });
