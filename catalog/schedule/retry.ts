/** When a run that failed is tried again. */
import type { RetryPolicy } from '../../protocol/console/schedule.ts';

const MINUTE = 60_000;

/** Minutes; doubling stops here. */
const LONGEST_DELAY = 720;

/**
 * Milliseconds from the end of an attempt to the next; undefined where there is no further one.
 *
 * @param attempt the one that failed: 1 for the run itself
 */
export function retryDelay(policy: RetryPolicy, attempt: number): number | undefined {
  if (attempt > policy.attempts) return undefined;
  return Math.min(policy.firstDelayMinutes * 2 ** (attempt - 1), LONGEST_DELAY) * MINUTE;
}
