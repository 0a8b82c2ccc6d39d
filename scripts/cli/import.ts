/** `sluice import`: takes in what `sluice export` made elsewhere, or a cabinet that `wsusutil export` wrote. */
import { resolve } from 'node:path';
import { trustSigner, trustedSigners } from '../../catalog/store/archive/archive-record.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { loadConfig } from '../../config/load.ts';
import { Pin } from '../../config/pin.ts';
import type { Config } from '../../config/schema.ts';
import { readSignaturePolicy } from '../../config/signature-policy.ts';
import { ArchiveError } from '../../protocol/archive/error.ts';
import { importArchive } from '../../sync/archive/archive-import.ts';
import type { ArchiveImportResult, ImportProgress } from '../../sync/archive/archive-import.ts';
import { openArchive } from '../../sync/archive/open-archive.ts';
import { formatOf, importWsusExport, refuseGzip } from '../../sync/archive/wsus-export.ts';
import type { ImportOutcome } from '../../sync/archive/import-run.ts';
import { EXIT } from './exit-status.ts';
import type { ExitStatus } from './exit-status.ts';
import { EVERY, inMegabytes } from './progress-lines.ts';
import { recordCommand, recordedRun } from './recorded-command.ts';
import { openRelayData } from './relay-data.ts';
import { forTerminal, jsonForTerminal } from './terminal.ts';
import type { Terminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface ImportCommandOptions {
  readonly config?: string;
  readonly signer?: string;
  readonly remember?: boolean;
  readonly withDecisions?: boolean;
  readonly content: boolean;
  readonly allowOlder?: boolean;
  readonly allowGap?: boolean;
  /** Hex, of an export of WSUS. */
  readonly sha256?: string;
  readonly json?: boolean;
}

/**
 * @returns failed where something of it could not be taken in
 * @throws UsageError, ConfigError, NoRelayData, MigrationError, ArchiveError, UpstreamError
 */
export async function importCommand(
  name: string,
  options: ImportCommandOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  const path = resolve(name);
  const config = loadConfig({ file: options.config, env: process.env });
  const db = openRelayData(config.dataDirectory);
  try {
    const format = await formatOf(path).catch(() => 'archive' as const);
    if (format === 'gzip') throw refuseGzip(path);
    return format === 'wsus-cabinet'
      ? await fromWsus(db, config, path, options, terminal)
      : await fromArchive(db, config, path, options, terminal);
  } finally {
    db.close();
  }
}

async function fromArchive(
  db: Database,
  config: Config,
  path: string,
  options: ImportCommandOptions,
  terminal: Terminal,
): Promise<ExitStatus> {
  const { content, allowOlder = false, allowGap = false, withDecisions = false, json = false } = options;
  const signed = await openArchive(path);
  await requireTrusted(db, signed.signer, options, terminal);
  // A replica decides nothing itself, from wherever it is told.
  const takesDecisions = withDecisions || config.upstream?.mode === 'replica';
  const signatures = readSignaturePolicy(config.content);
  const result = await recordedRun(db, {
    action: 'archive.import',
    subjects: [{ kind: 'archive', id: path }],
    asked: {
      signer: signed.signer,
      withDecisions: takesDecisions,
      withContent: content,
      allowOlder,
      allowGap,
    },
    run: () =>
      importArchive({
        db,
        dataDirectory: config.dataDirectory,
        path,
        signed,
        now: () => new Date(),
        withDecisions: takesDecisions,
        withContent: content,
        storesContent: config.content.store !== 'none',
        storesAll: config.content.store === 'all',
        selection: config.content,
        signatures,
        allowOlder,
        allowGap,
        ...(json ? {} : { onProgress: progress(terminal.print) }),
      }),
    outcomeOf,
  });
  return tell(result, json, terminal.print, linesOf(result));
}

async function fromWsus(
  db: Database,
  config: Config,
  path: string,
  { sha256, withDecisions = false, json = false }: ImportCommandOptions,
  { print }: Terminal,
): Promise<ExitStatus> {
  if (sha256 === undefined || !/^[0-9a-f]{64}$/i.test(sha256))
    throw new UsageError(
      `${path} is an export of WSUS, which nobody signs. Give the SHA-256 that it had on the server that wrote it (Get-FileHash) with --sha256.`,
    );
  if (withDecisions)
    throw new UsageError(
      `${path} is an export of WSUS, in which there are no approvals; leave out --with-decisions.`,
    );
  const result = await recordedRun(db, {
    action: 'wsus-export.import',
    subjects: [{ kind: 'archive', id: path }],
    asked: { sha256 },
    run: () =>
      importWsusExport({
        db,
        dataDirectory: config.dataDirectory,
        path,
        sha256,
        now: () => new Date(),
        storesContent: config.content.store !== 'none',
        storesAll: config.content.store === 'all',
        selection: config.content,
      }),
    outcomeOf,
  });
  return tell(result, json, print, [`Revisions: ${result.revisions} new`]);
}

/** What was set aside is in the history of synchronizations. */
const outcomeOf = <T extends ImportOutcome>({
  refused,
  left,
  ...sums
}: T): Omit<T, keyof ImportOutcome> & { refused: number; left: number } => ({
  ...sums,
  refused: refused.length,
  left: left.length,
});

/** @throws ArchiveError, UsageError */
async function requireTrusted(
  db: Database,
  signer: string,
  { signer: given, remember = false }: ImportCommandOptions,
  { print, ask }: Terminal,
): Promise<void> {
  const wanted = given === undefined ? undefined : Pin.safeParse(given.trim()).data;
  if (given !== undefined && wanted === undefined)
    throw new UsageError(
      '--signer is the fingerprint that `sluice export` showed: sha256/ and 44 characters.',
    );
  if (wanted !== undefined) {
    if (wanted !== signer) throw notTrusted(signer, `and not by ${wanted}`);
    if (remember) rememberSigner(db, signer);
    return;
  }
  const known = trustedSigners(db);
  if (known.includes(signer)) return;
  if (ask === undefined)
    throw notTrusted(
      signer,
      known.length === 0 ? 'and no signer is recorded here' : 'which is none of those that are recorded here',
    );
  print(`The archive is signed by ${signer}, which is not recorded here.`);
  const typed = await ask(
    'Type the fingerprint (sha256/…) that `sluice export` showed, as you got it by another way: ',
  );
  if (typed.trim() !== signer) throw notTrusted(signer, 'and another fingerprint was typed');
  rememberSigner(db, signer);
}

function rememberSigner(db: Database, signer: string): void {
  db.transaction(() => {
    const before = trustedSigners(db);
    trustSigner(db, signer);
    recordCommand(db, {
      action: 'archive-signer.trust',
      subjects: [{ kind: 'archive-signer', id: signer }],
      before: { signers: before },
      after: { signers: trustedSigners(db) },
    });
  }).immediate();
}

const notTrusted = (signer: string, why: string): ArchiveError =>
  new ArchiveError(
    'ARCHIVE_SIGNER',
    `The archive is signed by ${signer}, ${why}. Nothing was taken in. Ask who exported it for the fingerprint that \`sluice export\` showed there; give that with --signer, and with --remember to have it recorded.`,
  );

function progress(print: (line: string) => void): (progress: ImportProgress) => void {
  let last = performance.now();
  return ({ step, done, total }) => {
    if (performance.now() - last < EVERY) return;
    last = performance.now();
    const what = step === 'checking' ? 'Checked' : 'Content';
    print(`${what}: ${inMegabytes(done)} of ${inMegabytes(total)}`);
  };
}

function tell(
  result: ImportOutcome,
  json: boolean,
  print: (line: string) => void,
  lines: Iterable<string>,
): ExitStatus {
  const ok = result.refused.length === 0 && result.left.length === 0;
  if (json) print(jsonForTerminal({ ok, ...result }));
  else {
    if (result.refused.length > 0) print('Documents that were set aside:');
    for (const { updateId, revisionNumber, reason } of result.refused)
      print(forTerminal(`  ${updateId} revision ${revisionNumber}: ${reason}`));
    if (result.left.length > 0) print('Content that was not taken over:');
    for (const { file, reason } of result.left) print(forTerminal(`  ${file}: ${reason}`));
    for (const line of lines) print(line);
  }
  return ok ? EXIT.ok : EXIT.failed;
}

function* linesOf(result: ArchiveImportResult): Generator<string> {
  yield `Archive of ${result.createdAt}, which was found right byte by byte`;
  yield `Revisions: ${result.revisions} new`;
  yield `Content: ${result.files} files (${inMegabytes(result.bytes)}), ${result.alreadyHere} here already, ${result.unknown} of no update here`;
  yield result.decisions
    ? 'Groups, approvals, declines and accepted terms: taken over'
    : 'Groups, approvals, declines and accepted terms: left as they are here';
}
