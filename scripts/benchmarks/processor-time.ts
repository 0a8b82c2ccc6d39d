/** Processor time that processes used until now (Linux, which tells it in ticks of 10 ms). */
import { readFileSync } from 'node:fs';

const TICKS_PER_SECOND = 100;

/** Seconds, of all threads of the processes together. */
export const processorSeconds = (processIds: readonly (number | undefined)[]): number =>
  processIds.reduce<number>((sum, processId) => sum + secondsOf(processId), 0);

function secondsOf(processId: number | undefined): number {
  const stat = readFileSync(`/proc/${processId}/stat`, 'utf8');
  // The program's name stands in brackets and may hold anything.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
