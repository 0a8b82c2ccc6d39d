/** `sluice content adopt`: takes over the content folder of another server. */
import { statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadConfig } from '../../config/load.ts';
import { readSignaturePolicy } from '../../config/signature-policy.ts';
import { Adoption } from '../../sync/content/adoption.ts';
import type { AdoptionResult, LeftFile } from '../../sync/content/adoption.ts';
import { EXIT } from './exit-status.ts';
import type { ExitStatus } from './exit-status.ts';
import { inMegabytes, progressLines } from './progress-lines.ts';
import { recordedRun } from './recorded-command.ts';
import { openRelayData } from './relay-data.ts';
import { forTerminal, jsonForTerminal } from './terminal.ts';
import { UsageError } from './usage-error.ts';

export interface AdoptOptions {
  readonly config?: string;
  readonly all?: boolean;
  readonly move?: boolean;
  readonly json?: boolean;
}

/**
 * @param print one line at a time
 * @returns failed where a file that should have been taken over was not
 * @throws UsageError, ConfigError, NoRelayData, MigrationError
 */
export async function adopt(
  name: string,
  { config: file, all = false, move = false, json = false }: AdoptOptions,
  print: (line: string) => void,
): Promise<ExitStatus> {
  const directory = resolve(name);
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true)
    throw new UsageError(`${directory} is no folder. Name the one that holds the folders 00 to FF.`);
  const { dataDirectory, content } = loadConfig({ file, env: process.env });
  const db = openRelayData(dataDirectory);
  try {
    const adoption = new Adoption({
      db,
      folder: join(dataDirectory, 'content'),
      now: () => new Date(),
      signatures: readSignaturePolicy(content),
      all,
      move,
      ...(json ? {} : { onProgress: progressLines(print) }),
    });
    const result = await recordedRun(db, {
      action: 'content.adopt',
      subjects: [{ kind: 'folder', id: directory }],
      asked: { all, move },
      run: () => adoption.run(directory),
      outcomeOf: ({ differing, failed, ...sums }) => ({
        ...sums,
        differing: differing.length,
        failed: failed.length,
      }),
    });
    const ok = result.differing.length === 0 && result.failed.length === 0;
    if (json) print(jsonForTerminal({ directory, ok, ...result }));
    else for (const line of linesOf(result)) print(line);
    return ok ? EXIT.ok : EXIT.failed;
  } finally {
    db.close();
  }
}

function* linesOf(result: AdoptionResult): Generator<string> {
  const { linked, copied, inPlace, bytes, alreadyHere, notWanted, unknown, differing, failed } = result;
  yield* listOf('Not what the catalogue says, and left where it is:', differing);
  yield* listOf('Not taken over:', failed);
  const taken = linked + copied + inPlace;
  const ways = `${linked} linked, ${copied} copied, ${inPlace} in their place already`;
  yield `Taken over: ${taken} (${inMegabytes(bytes)}; ${ways})`;
  yield `Here already: ${alreadyHere}`;
  if (notWanted > 0) yield `Known, but needed by no approval: ${notWanted} (--all takes them over too)`;
  yield `Unknown to the catalogue, or not named as content is: ${unknown}`;
}

function* listOf(heading: string, files: readonly LeftFile[]): Generator<string> {
  if (files.length === 0) return;
  yield heading;
  for (const { path, reason } of files) yield `  ${forTerminal(path)}: ${forTerminal(reason)}`;
}
