/** A load, and the processor time that it took on both sides: on a busy machine that says more than how long it took. */
import { processorSeconds } from '../processor-time.ts';
import { runLoad } from './load.ts';
import type { LoadOptions, LoadResult } from './load.ts';

export interface MeasuredLoad extends LoadResult {
  /** Microseconds of processor time a request, of all of the server's processes. */
  readonly serverMicroseconds: number;
  /** The same of the load generator, which is this process. */
  readonly generatorMicroseconds: number;
}

/** @param processIds of the server that the load goes to */
export async function runMeasuredLoad(
  options: LoadOptions,
  processIds: readonly (number | undefined)[],
): Promise<MeasuredLoad> {
  const before = processorSeconds(processIds);
  const ownBefore = process.cpuUsage();
  const load = await runLoad(options);
  const { user, system } = process.cpuUsage(ownBefore);
  return {
    ...load,
    serverMicroseconds: ((processorSeconds(processIds) - before) * 1e6) / load.requests,
    generatorMicroseconds: (user + system) / load.requests,
  };
}
