/**
 * The key that archives of this relay are signed with (`sluice export`): made on the first export, kept ever after. It is
 * not the authority's, which vouches for servers and lies where an administrator may keep it away from this machine.
 */
import type { KeyObject } from 'node:crypto';
import { join } from 'node:path';
import { CertificateError } from './error.ts';
import { loadSigningKey } from './signing-key.ts';

export const ARCHIVE_KEY = 'archive-key.pem';

/**
 * @param folder `<data>/pki`, made with mode 0700 where missing
 * @returns Ed25519, private
 * @throws CertificateError where the file holds no such key
 */
export async function loadArchiveKey(folder: string): Promise<KeyObject> {
  const file = join(folder, ARCHIVE_KEY);
  return await loadSigningKey(
    file,
    () =>
      new CertificateError(
        'ARCHIVE_KEY_INVALID',
        `${file} holds no Ed25519 key in PEM. Restore it from a backup; or remove it, and a new one is made, which every relay that imports archives of this one has to trust anew.`,
      ),
  );
}
