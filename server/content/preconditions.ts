/** Conditional requests (RFC 9110 13) against one stored file. */
import type { IncomingHttpHeaders } from 'node:http';
import { listsStrongly, listsWeakly } from '../http/entity-tags.ts';

export interface Validators {
  /** With its quotes; strong, since it is the content's digest. */
  readonly etag: string;
  readonly lastModified: Date;
}

/** `proceed` with or without the Range header, or the status that ends the matter. */
export type Precondition = 'proceed' | 'proceed-without-range' | 304 | 412;

/** Evaluates in the order of RFC 9110 13.2.2, for GET and HEAD. */
export function evaluatePreconditions(
  headers: IncomingHttpHeaders,
  { etag, lastModified }: Validators,
): Precondition {
  const modified = wholeSeconds(lastModified);
  const ifMatch = headers['if-match'];
  if (ifMatch !== undefined) {
    if (!listsStrongly(ifMatch, etag)) return 412;
  } else {
    const limit = httpDate(headers['if-unmodified-since']);
    if (limit !== undefined && modified > limit) return 412;
  }
  const ifNoneMatch = headers['if-none-match'];
  if (ifNoneMatch !== undefined) {
    if (listsWeakly(ifNoneMatch, etag)) return 304;
  } else {
    const since = httpDate(headers['if-modified-since']);
    if (since !== undefined && modified <= since) return 304;
  }
  const ifRange = headers['if-range'];
  if (typeof ifRange === 'string' && !isCurrent(ifRange, etag, modified)) return 'proceed-without-range';
  return 'proceed';
}

/** HTTP dates have no fractions. */
const wholeSeconds = (date: Date): number => Math.floor(date.getTime() / 1000);

function httpDate(text: string | undefined): number | undefined {
  const milliseconds = Date.parse(text ?? '');
  return Number.isNaN(milliseconds) ? undefined : milliseconds / 1000;
}

/** RFC 9110 13.1.5: a strong entity tag, or the very date that we gave. */
function isCurrent(ifRange: string, etag: string, modified: number): boolean {
  return ifRange.includes('"') ? ifRange.trim() === etag : httpDate(ifRange) === modified;
}
