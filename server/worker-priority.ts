/** A synchronization can wait and a scan cannot: where both want a processor, the scan is to have it. */
import { constants, setPriority } from 'node:os';
import type { Logger } from '../config/logging.ts';

/** Nice 10 on POSIX, below normal on Windows: a tenth of what a busy server gets, and all that nobody else wants. */
export const WORKER_PRIORITY = constants.priority.PRIORITY_BELOW_NORMAL;

/**
 * To be called as soon as the process is started: its further threads begin with what its first one has. Disks that
 * are scheduled by priority take the hint too.
 *
 * @param log told where the system does not permit it; the process then competes with the server
 */
export function lowerPriority(processId: number | undefined, log?: Logger): void {
  if (processId === undefined) return;
  try {
    setPriority(processId, WORKER_PRIORITY);
  } catch (error) {
    log?.warn(
      'The sync worker runs at the priority of the server: scans may be slower while it synchronizes',
      {
        error,
      },
    );
  }
}
