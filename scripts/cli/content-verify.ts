/** `sluice content verify`: reads the content on disk again, and has what differs fetched again. */
import { InvalidArgumentError } from 'commander';
import { loadConfig } from '../../config/load.ts';
import { readSignaturePolicy } from '../../config/signature-policy.ts';
import { checkStore } from '../../sync/content/check-store.ts';
import type { CheckStoreResult, NamedFinding } from '../../sync/content/check-store.ts';
import { EXIT } from './exit-status.ts';
import type { ExitStatus } from './exit-status.ts';
import { inMegabytes, progressLines } from './progress-lines.ts';
import { recordedRun } from './recorded-command.ts';
import { openRelayData } from './relay-data.ts';
import { forTerminal, jsonForTerminal } from './terminal.ts';

export interface VerifyOptions {
  readonly config?: string;
  /** Bytes a second. */
  readonly pace?: number;
  readonly json?: boolean;
}

/** Bytes a second; less would not end within a life. */
const LEAST_PACE = 10_000;

/** @throws InvalidArgumentError */
export function paceOf(text: string): number {
  const pace = /^\d{1,15}$/.test(text) ? Number(text) : 0;
  if (pace < LEAST_PACE) throw new InvalidArgumentError(`Bytes a second, ${LEAST_PACE} or more.`);
  return pace;
}

/**
 * @param print one line at a time
 * @returns failed where a file was not what the metadata says, or could not be read
 * @throws ConfigError, NoRelayData, MigrationError
 */
export async function verify(
  { config: file, pace, json = false }: VerifyOptions,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const { dataDirectory, content } = loadConfig({ file, env: process.env });
  const db = openRelayData(dataDirectory);
  try {
    const signatures = readSignaturePolicy(content);
    const result = await recordedRun(db, {
      action: 'content.verify',
      subjects: [],
      asked: { bytesPerSecond: pace },
      run: () =>
        checkStore({
          db,
          dataDirectory,
          now: () => new Date(),
          signatures,
          ...(pace === undefined ? {} : { bytesPerSecond: pace }),
          ...(json ? {} : { onProgress: progressLines(print) }),
        }),
      // What it puts away is named: each is fetched again.
      outcomeOf: ({ differing, failed, ...sums }) => ({
        ...sums,
        differing: differing.map((finding) => ({ ...finding })),
        failed: failed.length,
      }),
    });
    const ok = result.differing.length === 0 && result.failed.length === 0;
    if (json) print(jsonForTerminal({ ok, ...result }));
    else for (const line of linesOf(result)) print(line);
    return ok ? EXIT.ok : EXIT.failed;
  } finally {
    db.close();
  }
}

function* linesOf({ right, bytes, differing, failed }: CheckStoreResult): Generator<string> {
  yield* listOf('Not what the metadata says; to be fetched again:', differing);
  yield* listOf('Not to be read:', failed);
  yield `Right: ${right} (${inMegabytes(bytes)})`;
}

function* listOf(heading: string, files: readonly NamedFinding[]): Generator<string> {
  if (files.length === 0) return;
  yield heading;
  for (const { file, reason, keptAt } of files)
    yield forTerminal(`  ${file}: ${reason}${keptAt === undefined ? '' : `; now ${keptAt}`}`);
}
