/** An upstream server that was reached and trusted, and did not answer what the protocol says it should. */

export type UpstreamCheck =
  /** An HTTP status that is neither an answer nor a fault. */
  | 'http'
  /** The answer could not be read, or lacks what the protocol requires. */
  | 'response'
  /** The answer is larger than its bound. */
  | 'size'
  /** More documents were withheld than can be an accident. */
  | 'documents'
  /** A language was asked for that it does not offer. */
  | 'languages';

export class UpstreamError extends Error {
  readonly code = 'UPSTREAM_ANSWER_INVALID';
  readonly check: UpstreamCheck;
  readonly status?: number;
  /** Milliseconds that the server asked to be left alone for. */
  readonly retryAfter?: number;

  constructor(
    check: UpstreamCheck,
    message: string,
    options: { status?: number; retryAfter?: number | undefined; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'UpstreamError';
    this.check = check;
    if (options.status !== undefined) this.status = options.status;
    if (options.retryAfter !== undefined) this.retryAfter = options.retryAfter;
  }
}
