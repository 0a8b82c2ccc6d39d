/** Which redirections of a content server are followed: a few, and only on the host that was to be asked. */
import type { IncomingHttpHeaders } from 'node:http';
import { ContentError } from './content-error.ts';

const MAXIMUM = 3;
const STATUSES = [301, 302, 303, 307, 308];

/**
 * Content is believed by digest wherever it comes from; but whoever answers must not choose which hosts of this network
 * are asked, nor have what is asked over TLS asked in the clear.
 *
 * @param asked whose answer it is
 * @param followed redirections before this one
 * @returns undefined where the answer is none
 * @throws ContentError `unavailable` where it is not followed
 */
export function redirection(
  asked: URL,
  { statusCode, headers }: { readonly statusCode: number; readonly headers: IncomingHttpHeaders },
  followed: number,
): URL | undefined {
  if (!STATUSES.includes(statusCode)) return undefined;
  const refuse = (why: string): ContentError =>
    new ContentError('unavailable', `${asked.host} redirects ${why}`, { status: statusCode });
  const { location } = headers;
  const target = location === undefined ? null : URL.parse(location, asked.href);
  if (target === null) throw refuse('to nowhere');
  if (followed >= MAXIMUM) throw refuse(`more than ${MAXIMUM} times`);
  if (target.hostname !== asked.hostname) {
    throw refuse(
      `to another host, ${target.host}, which is not followed; name that one as upstream.contentUrl if it is right`,
    );
  }
  const isPlain = target.protocol === 'http:' && asked.protocol === 'http:';
  if (target.protocol !== 'https:' && !isPlain) throw refuse(`to ${target.protocol}, which is not followed`);
  return target;
}
