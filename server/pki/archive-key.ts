/**
 * The key that archives of this relay are signed with (`sluice export`): made on the first export, kept ever after. It is
 * not the authority's, which vouches for servers and lies where an administrator may keep it away from this machine.
 */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CertificateError } from './error.ts';
import { PRIVATE_MODE, readIfPresent, tighten, writeWhole } from './private-file.ts';

export const ARCHIVE_KEY = 'archive-key.pem';

/**
 * @param folder `<data>/pki`, made with mode 0700 where missing
 * @returns Ed25519, private
 * @throws CertificateError where the file holds no such key
 */
export async function loadArchiveKey(folder: string): Promise<KeyObject> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, ARCHIVE_KEY);
  const pem = await readIfPresent(file);
  if (pem === undefined) {
    const { privateKey } = generateKeyPairSync('ed25519');
    await writeWhole(file, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), PRIVATE_MODE);
    return privateKey;
  }
  await tighten(file);
  try {
    const key = createPrivateKey(pem);
    if (key.asymmetricKeyType === 'ed25519') return key;
  } catch {
    // Said below.
  }
  throw new CertificateError(
    'ARCHIVE_KEY_INVALID',
    `${file} holds no Ed25519 key in PEM. Restore it from a backup; or remove it, and a new one is made, which every relay that imports archives of this one has to trust anew.`,
  );
}
