/** Ed25519 keys that this relay signs its own files with: each made when it is first needed, kept ever after. */
import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PRIVATE_MODE, readIfPresent, tighten, writeWhole } from './private-file.ts';

/**
 * @param file in `<data>/pki`, made with mode 0700 where missing
 * @param invalid what is thrown where the file holds no such key
 * @returns private
 */
export async function loadSigningKey(file: string, invalid: () => Error): Promise<KeyObject> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
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
  throw invalid();
}
