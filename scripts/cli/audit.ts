/** `sluice audit`: whether the log of changes is as it was written, where it ends, and the log as a file. */
import { createPublicKey } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { resolve } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Writable } from 'node:stream';
import { InvalidArgumentError } from 'commander';
import { exportAudit } from '../../catalog/store/audit/audit-export.ts';
import type { AuditHead } from '../../catalog/store/audit/audit-log.ts';
import type { AuditVerification } from '../../catalog/store/audit/verification.ts';
import { loadConfig } from '../../config/load.ts';
import { AUDIT_FORMATS } from '../../protocol/console/audit.ts';
import { loadAuditKey } from '../../server/audit/kept-heads.ts';
import { signedHead, verifyLog } from '../../server/audit/verify-log.ts';
import { dateOf } from './date-argument.ts';
import { EXIT } from './exit-status.ts';
import type { ExitStatus } from './exit-status.ts';
import { openRelayData } from './relay-data.ts';
import { forTerminal, jsonForTerminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface AuditVerifyOptions {
  readonly config?: string;
  readonly head?: readonly AuditHead[];
  readonly json?: boolean;
}

export interface AuditHeadOptions {
  readonly config?: string;
  readonly json?: boolean;
}

export interface AuditExportOptions {
  readonly config?: string;
  readonly since?: Date;
  readonly until?: Date;
  readonly format: (typeof AUDIT_FORMATS)[number];
  readonly output?: string;
}

/** One of several `--head`. @throws InvalidArgumentError */
export function headOf(text: string, others: readonly AuditHead[] = []): readonly AuditHead[] {
  const [, sequence, hash] = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(text.trim()) ?? [];
  if (sequence === undefined || hash === undefined)
    throw new InvalidArgumentError('As `sluice audit head` showed it: a number, a colon and 64 hex digits.');
  return [...others, { sequence: Number(sequence), hash: hash.toLowerCase() }];
}

/** @throws InvalidArgumentError */
export function formatOf(text: string): AuditExportOptions['format'] {
  const format = AUDIT_FORMATS.find((known) => known === text);
  if (format === undefined) throw new InvalidArgumentError(`One of ${AUDIT_FORMATS.join(', ')}.`);
  return format;
}

/** @throws InvalidArgumentError */
export const timeOf = (text: string): Date => dateOf(text, 'A date as 2026-11-30 or 2026-11-30T18:00:00Z.');

/**
 * @param print one line at a time
 * @returns failed where anything is not as it was written
 * @throws ConfigError, NoRelayData, MigrationError, CertificateError
 */
export async function auditVerify(
  { config: file, head = [], json = false }: AuditVerifyOptions,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const { dataDirectory } = loadConfig({ file, env: process.env });
  const db = openRelayData(dataDirectory);
  try {
    const result = await verifyLog(db, dataDirectory, { given: head, now: () => new Date() });
    const ok = result.found === 0;
    if (json) print(jsonForTerminal({ ok, ...result }));
    else for (const line of linesOf(result)) print(line);
    return ok ? EXIT.ok : EXIT.failed;
  } finally {
    db.close();
  }
}

function* linesOf({ entries, heads, head, findings, found }: AuditVerification): Generator<string> {
  for (const { code, text } of findings) yield `${code}: ${forTerminal(text)}`;
  if (found > findings.length) yield `… and ${found - findings.length} more`;
  yield `Entries: ${entries}, compared with ${heads} heads that were kept outside of the database`;
  yield `The log ends at ${head.sequence}:${head.hash}`;
  yield found === 0
    ? 'It is as it was written. Keep this last line elsewhere: `--head` compares with it.'
    : 'NOT shown to be as it was written: see above, and docs/audit.md. Keep a copy of the database as it is now.';
}

/**
 * @param print one line at a time
 * @throws ConfigError, NoRelayData, MigrationError, CertificateError
 */
export async function auditHeadCommand(
  { config: file, json = false }: AuditHeadOptions,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const { dataDirectory } = loadConfig({ file, env: process.env });
  const db = openRelayData(dataDirectory);
  try {
    const head = await signedHead(db, dataDirectory, new Date());
    const publicKey = createPublicKey(await loadAuditKey(dataDirectory));
    if (json)
      print(
        jsonForTerminal({
          ...head,
          publicKey: publicKey.export({ type: 'spki', format: 'der' }).toString('base64'),
        }),
      );
    else print(`${head.sequence}:${head.hash}`);
    return EXIT.ok;
  } finally {
    db.close();
  }
}

/** @throws UsageError, ConfigError, NoRelayData, MigrationError */
export async function auditExport(
  { config: file, since, until, format, output }: AuditExportOptions,
  standardOutput: Writable,
): Promise<ExitStatus> {
  if (since !== undefined && until !== undefined && since >= until)
    throw new UsageError('--since is not before --until, so that no entry can be in between.');
  const { dataDirectory } = loadConfig({ file, env: process.env });
  const db = openRelayData(dataDirectory);
  try {
    const entries = exportAudit(db, {
      format,
      ...(since === undefined ? {} : { from: since.toISOString() }),
      ...(until === undefined ? {} : { to: until.toISOString() }),
    });
    if (output === undefined) await pipeline(Readable.from(entries), standardOutput, { end: false });
    // A file that is there is somebody's; this one is for the account that asked alone.
    else
      await pipeline(
        Readable.from(entries),
        createWriteStream(resolve(output), { flags: 'wx', mode: 0o600 }),
      );
    return EXIT.ok;
  } finally {
    db.close();
  }
}
