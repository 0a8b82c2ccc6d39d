/** What goes wrong between here and a server before an answer is there: nothing was learnt from it. */

import { reasonOf } from '../config/error-facts.ts';

export type ConnectionCheck =
  /** No connection came about, or it broke. */
  | 'connect'
  /** The proxy did not open a tunnel. */
  | 'proxy'
  /** No byte came for the configured time. */
  | 'timeout';

export class ConnectionError extends Error {
  readonly code = 'UPSTREAM_NOT_REACHED';
  readonly check: ConnectionCheck;

  constructor(check: ConnectionCheck, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ConnectionError';
    this.check = check;
  }
}

/** The sentence for what the system said of a host. */
export function connectionError(host: string, error: unknown): ConnectionError {
  if (error instanceof ConnectionError) return error;
  return new ConnectionError(
    'connect',
    `${host} could not be reached, or the connection broke: ${reasonOf(error)}.`,
    {
      cause: error,
    },
  );
}
