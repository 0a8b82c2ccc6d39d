/** Secrets that two servers share: each in a file of its own that nobody but the relay's account may read. */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs';
import { reasonOf } from './error-facts.ts';

/** Characters. A shorter one could be guessed from its digest; a longer one is no secret but the wrong file. */
const LEAST = 32;
const MOST = 512;

export class SecretFileError extends Error {
  readonly code = 'SECRET_FILE_REFUSED';

  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'SecretFileError';
  }
}

/** What a secret file must be, for the end of a sentence. */
export const ACCEPTED_SECRET_FILE = `a file of mode 0600 that this account may read, with one line of ${LEAST} to ${MOST} printable characters without spaces (openssl rand -base64 32)`;

/**
 * The secret, without the end of its line.
 *
 * @throws SecretFileError where the file cannot be read, others may read it, or what it holds is no secret; what it holds
 * is never told
 */
export function readSecretFile(file: string): string {
  let text: string;
  try {
    const handle = openSync(file, 'r');
    try {
      const mode = fstatSync(handle).mode & 0o777;
      // Windows has other rights, that no mode tells of.
      if (process.platform !== 'win32' && (mode & 0o077) !== 0)
        throw new SecretFileError(
          `${file} may be read by others (mode ${mode.toString(8).padStart(4, '0')}). Make a new secret, and take their rights away: chmod 600.`,
        );
      text = readFileSync(handle, 'latin1');
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    if (error instanceof SecretFileError) throw error;
    throw new SecretFileError(`${file} cannot be read: ${reasonOf(error)}.`, { cause: error });
  }
  const secret = text.replace(/\r?\n$/, '');
  if (!/^[\x21-\x7e]+$/.test(secret) || secret.length < LEAST || secret.length > MOST)
    throw new SecretFileError(`${file} is not ${ACCEPTED_SECRET_FILE}.`);
  return secret;
}
