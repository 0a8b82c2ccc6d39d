/** Files that only this account may read, written so that a crash leaves the old one or the new one. */
import { randomUUID } from 'node:crypto';
import { chmod, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { codeOf } from '../../config/error-facts.ts';

/** Mode of keys: only the account that runs the server may read them. */
export const PRIVATE_MODE = 0o600;
/** Mode of certificates: not secret, but in a folder that is. */
export const PUBLIC_MODE = 0o644;

/** Writes beside, syncs, renames over. */
export async function writeWhole(file: string, text: string, mode: number): Promise<void> {
  const beside = `${file}.${randomUUID()}`;
  const handle = await open(beside, 'wx', mode);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(beside, file);
  const folder = await open(dirname(file), 'r');
  try {
    await folder.sync();
  } catch (error) {
    // Windows has no fsync of folders; the rename is durable enough there.
    if (process.platform !== 'win32') throw error;
  } finally {
    await folder.close();
  }
}

/** The text, or undefined where there is no such file. */
export async function readIfPresent(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}

/** Takes away what others were given on a key, by a copy or a restore. */
export async function tighten(file: string): Promise<void> {
  if (process.platform !== 'win32') await chmod(file, PRIVATE_MODE);
}
