/** An order among relays for each file, so that of those that want it at the same time one fetches it. */
import { createHash } from 'node:crypto';

/**
 * Of two relays that want a file, the one with the lesser turn fetches it. For another file it is as likely the other one,
 * so the work is shared evenly. It does not tell who the relay is.
 *
 * @param identity the relay's own, as `serverIdentity` gives it
 * @param sha1 lower-case hex
 * @returns 32 hex digits, to be compared as text
 */
export const contentTurn = (identity: string, sha1: string): string =>
  createHash('sha256').update(`content turn\n${identity}\n${sha1}`).digest('hex').slice(0, 32);
