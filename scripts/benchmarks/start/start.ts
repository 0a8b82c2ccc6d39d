/**
 * A cold start: from the command that starts the server process to the answer of its first scan, beside a process that
 * starts, opens the same database and reads the same rows. The system's file cache is warm for both.
 */
import { fork } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { openDatabase } from '../../../catalog/store/database/database.ts';
import { KeepAliveConnection } from '../keep-alive-connection.ts';
import type { Benchmark } from '../result.ts';
import { groupName, keptCatalogue } from '../scan/catalogue.ts';
import type { CatalogueSize } from '../scan/catalogue.ts';
import type { PreparedRequest } from '../scan/prepared-request.ts';
import { FULL_SIZE, QUICK_SIZE } from '../scan/sizes.ts';
import { recordComputer } from '../scan/virtual-computer.ts';
import { ServedCatalogue } from '../served-catalogue.ts';
import { median, rounded } from '../statistics.ts';
import { closureKeys } from './closure-keys.ts';

/** A cold start may take so many times what reading takes. */
const BAR = 3;
const READING = fileURLToPath(new URL('./reading-process.ts', import.meta.url));
const ReadMessage = z.object({ rows: z.int(), milliseconds: z.number() });

export const benchStart: Benchmark = ({ quick, say }) => {
  const size = quick ? QUICK_SIZE : FULL_SIZE;
  return benchStartOn(keptCatalogue(size, say), size, quick ? 5 : 11, quick, say);
};

async function benchStartOn(
  kept: string,
  size: CatalogueSize,
  rounds: number,
  quick: boolean,
  say: (line: string) => void,
): ReturnType<Benchmark> {
  const catalogue = new ServedCatalogue(kept);
  try {
    await catalogue.start();
    const { delta } = await recordComputer(catalogue.url, 0, groupName(0));
    const scan = delta.find(({ operation }) => operation === 'SyncUpdates');
    await catalogue.stop();
    if (scan === undefined) throw new Error('The computer made no scan.');
    const keysFile = writeKeys(catalogue);
    const starts: Start[] = [];
    const readings: Reading[] = [];
    for (let round = 0; round < rounds; round += 1) {
      starts.push(await startAndScan(catalogue, scan));
      readings.push(await startAndRead(catalogue.databaseFile, keysFile));
      say(
        `round ${round + 1}: first scan after ${starts.at(-1)?.answered.toFixed(0)} ms, rows read after ${readings.at(-1)?.finished.toFixed(0)} ms`,
      );
    }
    const answered = median(starts.map((one) => one.answered));
    const finished = median(readings.map((one) => one.finished));
    const ratio = rounded(answered / finished);
    return {
      bench: 'start',
      quick,
      ratio,
      bar: BAR,
      ok: ratio <= BAR,
      figures: {
        firstScanAnsweredMilliseconds: rounded(answered),
        listeningMilliseconds: rounded(median(starts.map((one) => one.listening))),
        rowsReadByProcessMilliseconds: rounded(finished),
        rowsReadMilliseconds: rounded(median(readings.map((one) => one.reading))),
        rows: readings[0]?.rows ?? 0,
        catalogueRevisions: size.revisions,
        approvals: size.commonApprovals + size.groups * size.approvalsPerGroup,
        groups: size.groups,
        rounds,
      },
    };
  } finally {
    await catalogue.remove();
  }
}

function writeKeys(catalogue: ServedCatalogue): string {
  const db = openDatabase(catalogue.databaseFile);
  const keysFile = join(catalogue.databaseFile, '..', '..', 'keys.json');
  const { revisionIds, updateIds } = closureKeys(db);
  writeFileSync(keysFile, `${revisionIds}\n${updateIds}`);
  db.close();
  return keysFile;
}

/** Milliseconds since the process was asked for. */
interface Start {
  readonly listening: number;
  readonly answered: number;
}

async function startAndScan(catalogue: ServedCatalogue, scan: PreparedRequest): Promise<Start> {
  const begun = performance.now();
  await catalogue.start();
  const listening = performance.now() - begun;
  const connection = await KeepAliveConnection.open(catalogue.port);
  const { status } = await connection.send(scan.fresh());
  const answered = performance.now() - begun;
  connection.close();
  await catalogue.stop();
  if (status !== 200) throw new Error(`The first scan was answered with status ${status}.`);
  return { listening, answered };
}

interface Reading {
  /** Milliseconds since the process was asked for. */
  readonly finished: number;
  /** Milliseconds of reading alone. */
  readonly reading: number;
  readonly rows: number;
}

async function startAndRead(databaseFile: string, keysFile: string): Promise<Reading> {
  const begun = performance.now();
  const child = fork(READING, [databaseFile, keysFile], { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
  const message = await new Promise<unknown>((resolve, reject) => {
    child.once('message', resolve);
    child.once('error', reject);
    child.once('exit', () => reject(new Error('The reading process ended before it had read.')));
  });
  const finished = performance.now() - begun;
  const { rows, milliseconds } = ReadMessage.parse(message);
  return { finished, reading: milliseconds, rows };
}
