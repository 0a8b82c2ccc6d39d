/**
 * Who replaces what he read says which version of it he read (ETag and If-Match, RFC 9110 13.1.1), so that of two who
 * edit the same at once the second is told instead of undoing what the first did.
 */
import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { listsStrongly } from '../http/entity-tags.ts';
import { ApiProblem } from './problems.ts';

/** A strong entity tag of what is edited. @param edited of the same order of keys whenever it is the same */
export const entityTagOf = (edited: unknown): string =>
  `"${createHash('sha256').update(JSON.stringify(edited)).digest('base64url').slice(0, 22)}"`;

/** @throws ApiProblem 428 where it is not said what was read, 412 where it is another by now */
export function requireVersion(headers: IncomingHttpHeaders, etag: string): void {
  const ifMatch = headers['if-match'];
  if (ifMatch === undefined) {
    throw new ApiProblem(
      428,
      'EDIT_WITHOUT_VERSION',
      'Nothing was changed: send the ETag that came with what you read as If-Match, or * to replace whatever is there.',
    );
  }
  if (listsStrongly(ifMatch, etag)) return;
  throw new ApiProblem(
    412,
    'EDIT_OUTDATED',
    'Nothing was changed: somebody else changed it after you read it. Reload it and make your change again.',
  );
}
