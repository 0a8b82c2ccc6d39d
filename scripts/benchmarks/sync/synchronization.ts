/** One synchronization by a worker process of its own, and what it cost (Linux tells memory and processor time). */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../../catalog/store/database/database.ts';
import { listRuns } from '../../../catalog/store/upstream/synchronization.ts';
import { WorkerProcess } from '../../testing/worker-process.ts';
import type { Config } from '../../../config/schema.ts';

export interface Synchronized {
  readonly milliseconds: number;
  readonly processorMilliseconds: number;
  /** Bytes that the worker had in memory at most. */
  readonly peakResidentBytes: number;
}

/**
 * @param onBegins told when the worker has started and is about to synchronize
 * @throws Error where it does not succeed
 */
export async function synchronize(config: Config, onBegins?: () => void): Promise<Synchronized> {
  const worker = new WorkerProcess(config, { NODE_ENV: 'production' });
  try {
    await worker.seen(({ type }) => type === 'ready');
    onBegins?.();
    const used = processorMilliseconds(worker.processId);
    const begun = performance.now();
    worker.send({ type: 'synchronize' });
    const finished = await Promise.race([
      worker.seen(({ type }) => type === 'finished'),
      worker.ended().then((status) => {
        throw new Error(`The sync worker ended with status ${String(status)}.`);
      }),
    ]);
    const milliseconds = performance.now() - begun;
    if (finished.type !== 'finished' || finished.state !== 'succeeded')
      throw new Error(`The synchronization did not succeed: ${reasonOf(config)}`);
    return {
      milliseconds,
      processorMilliseconds: processorMilliseconds(worker.processId) - used,
      peakResidentBytes: peakResidentBytes(worker.processId),
    };
  } finally {
    await worker.kill();
  }
}

/** Of the run that failed last. */
function reasonOf({ dataDirectory }: Config): string {
  const db = openDatabase(join(dataDirectory, 'sluice.db'));
  try {
    return listRuns(db, 1)[0]?.failureMessage ?? 'its history does not say why.';
  } finally {
    db.close();
  }
}

function processorMilliseconds(processId: number | undefined): number {
  const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

function peakResidentBytes(processId: number | undefined): number {
  const status = readFileSync(`/proc/${processId}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) * 1024;
}
