/** Why a content file is not here. */
import type { FoundContent } from '../../catalog/content-check.ts';

export type ContentProblem =
  /** It did not come, or not whole; what did come is kept and gone on from. */
  | 'unavailable'
  /** The disk does not take it; another source would not help. */
  | 'unwritable'
  /** A relay nearby is receiving it, and will have it. */
  | 'coming'
  /** There is no room for it in `content.quota`; it waits. */
  | 'full'
  /** What came is not what the metadata says; nothing of it is kept. */
  | 'altered'
  /** It is what the metadata says, but its signature is not believed. */
  | 'refused';

interface ContentErrorOptions {
  readonly status?: number;
  readonly cause?: unknown;
  readonly found?: FoundContent;
  readonly origin?: string;
}

export class ContentError extends Error {
  readonly code = 'CONTENT_NOT_RECEIVED';
  readonly problem: ContentProblem;
  /** HTTP status, where there was an answer. */
  readonly status?: number;
  /** Of what came altered, as far as it is known. */
  readonly found?: FoundContent;
  /** Where that came from. */
  readonly origin?: string;

  constructor(problem: ContentProblem, message: string, options: ContentErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'ContentError';
    this.problem = problem;
    if (options.status !== undefined) this.status = options.status;
    if (options.found !== undefined) this.found = options.found;
    if (options.origin !== undefined) this.origin = options.origin;
  }
}
