/** The rollup that follows a synchronization: it has succeeded, whatever becomes of this. */
import type { Logger } from '../../config/logging.ts';
import { isMicrosoft } from '../../config/microsoft.ts';
import type { Upstream } from '../../config/schema.ts';
import type { RunFailure } from '../../catalog/store/upstream/synchronization.ts';
import { readAccount } from '../conversation/authorization.ts';
import { toRunFailure } from '../failure.ts';
import { rollUp } from './roll-up.ts';
import type { RollUpOptions } from './roll-up.ts';

export interface RollUpAfterOptions extends Omit<RollUpOptions, 'account' | 'isReplica'> {
  readonly upstream: Upstream;
  readonly log: Logger;
}

/**
 * @returns a sentence for the run's history where it failed
 * @throws the signal's reason when aborted
 */
export async function rollUpAfter({ upstream, log, ...options }: RollUpAfterOptions): Promise<RunFailure[]> {
  // Microsoft's servers take none, and what computers there are here is nothing to tell them.
  if (!upstream.rollup || isMicrosoft(upstream.url)) return [];
  try {
    const account = await readAccount(options.db, upstream);
    const isTaken = await rollUp({ ...options, account, isReplica: upstream.mode === 'replica' });
    log.debug(isTaken ? 'This relay was rolled up' : 'The upstream server takes no rollups');
    return [];
  } catch (error) {
    options.signal.throwIfAborted();
    log.warn('The rollup failed', { error });
    const { message } = toRunFailure(error);
    return [
      {
        check: 'rollup',
        message: `Computers and servers below were not reported to the upstream server; the next synchronization tries again. ${message}`,
      },
    ];
  }
}
