/** A call that failed, in words for who made it. */
import type { Problem } from '../../../protocol/console/problem.ts';
import type { ErrorTexts } from './texts.ts';

export class ApiError extends Error {
  /** `CONNECTION_LOST`, `UNREADABLE_ANSWER`, or the code of the server's problem. */
  readonly code: string;
  /** HTTP status; 0 where no answer came. */
  readonly status: number;
  readonly problem: Problem | undefined;

  constructor(code: string, message: string, status: number, problem?: Problem) {
    super(message);
    this.name = 'ApiError';
    this.code = code;
    this.status = status;
    this.problem = problem;
  }

  get isConnectionLost(): boolean {
    return this.code === 'CONNECTION_LOST';
  }

  get isSignedOut(): boolean {
    return this.status === 401;
  }
}

/** The sentence to show for whatever was thrown. */
export function describeError(error: unknown, t: ErrorTexts): string {
  if (error instanceof ApiError) return t.problems[error.code] ?? error.message;
  return error instanceof Error ? error.message : t.unknown;
}
