/**
 * Heads of the audit log outside of the database, `<data>/audit-heads.jsonl`: without one, a log whose end was cut off, or
 * that was written anew as a whole, is as good as the true one.
 */
import type { KeyObject } from 'node:crypto';
import { open, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditHead } from '../../catalog/store/audit/audit-log.ts';
import type { AuditFinding } from '../../catalog/store/audit/verification.ts';
import { codeOf } from '../../config/error-facts.ts';
import { CertificateError } from '../pki/error.ts';
import { PRIVATE_MODE } from '../pki/private-file.ts';
import { loadSigningKey } from '../pki/signing-key.ts';
import { lineOfHead, readSignedHead } from './signed-head.ts';
import type { SignedHead } from './signed-head.ts';

export const KEPT_HEADS = 'audit-heads.jsonl';

/** @throws CertificateError where the file holds no such key */
export async function loadAuditKey(dataDirectory: string): Promise<KeyObject> {
  const file = join(dataDirectory, 'pki', 'audit-key.pem');
  return await loadSigningKey(
    file,
    () =>
      new CertificateError(
        'AUDIT_KEY_INVALID',
        `${file} holds no Ed25519 key in PEM. Restore it from a backup; or put it and ${KEPT_HEADS} away, and both are begun anew.`,
      ),
  );
}

/** Adds a line, on disk when it settles. What a power cut left of an unfinished line before it goes. */
export async function keepHead(dataDirectory: string, head: SignedHead): Promise<void> {
  const handle = await open(join(dataDirectory, KEPT_HEADS), 'a+', PRIVATE_MODE);
  try {
    const { size } = await handle.stat();
    const whole = await endOfLastLine(handle, size);
    if (whole < size) await handle.truncate(whole);
    await handle.writeFile(`${lineOfHead(head)}\n`);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Bytes; a line is shorter. */
const TAIL = 4096;

async function endOfLastLine(handle: Awaited<ReturnType<typeof open>>, size: number): Promise<number> {
  const start = Math.max(0, size - TAIL);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(size - start), 0, size - start, start);
  return start + buffer.subarray(0, bytesRead).lastIndexOf('\n') + 1;
}

export interface ReadHeads {
  readonly heads: readonly AuditHead[];
  /** Where the file is gone, or a line is not what this relay signed. */
  readonly findings: readonly AuditFinding[];
}

const unusable = (text: string): AuditFinding => ({ code: 'KEPT_HEADS_UNUSABLE', text });

/** @throws CertificateError */
export async function readKeptHeads(dataDirectory: string): Promise<ReadHeads> {
  const file = join(dataDirectory, KEPT_HEADS);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (codeOf(error) !== 'ENOENT') throw error;
    return {
      heads: [],
      findings: [
        unusable(
          `${file} is not there. The relay writes it when it starts; a copy of a database is to be verified with a copy of it.`,
        ),
      ],
    };
  }
  const key = await loadAuditKey(dataDirectory);
  const heads: AuditHead[] = [];
  const wrong: number[] = [];
  // Behind the last line feed there is nothing, or what a power cut left.
  for (const [index, line] of text.split('\n').slice(0, -1).entries()) {
    const head = readSignedHead(line, key);
    if (head === undefined) wrong.push(index + 1);
    else heads.push({ sequence: head.sequence, hash: head.hash });
  }
  return {
    heads,
    findings:
      wrong.length === 0
        ? []
        : [
            unusable(
              `Lines of ${file} are not what this relay signed: ${wrong.slice(0, 10).join(', ')}${wrong.length > 10 ? ' …' : ''}.`,
            ),
          ],
  };
}
