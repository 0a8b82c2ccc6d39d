/** How long a file waits before it is tried again. */

const SECOND = 1000;
const HOUR = 3_600_000;

/** Milliseconds; grows twofold with each failed attempt. */
export function retryDelay(failedAttempts: number): number {
  return Math.min(30 * SECOND * 2 ** failedAttempts, 6 * HOUR);
}

/** Milliseconds until a relay nearby that is receiving a file is asked for it again. */
export const COMING_DELAY = 30 * SECOND;

/** Milliseconds until it is looked again whether there is room: somebody may have made some. */
export const ROOM_DELAY = 600 * SECOND;

/** Milliseconds; what came altered once is likely to come so again for a while. */
export function quarantineDelay(failedAttempts: number): number {
  return Math.min(HOUR * 2 ** failedAttempts, 24 * HOUR);
}
