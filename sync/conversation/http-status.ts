/** What an HTTP status says that came without a message of the protocol, and what an administrator does about it. */
import type { Answer } from './http-exchange.ts';

/** Statuses that pass by themselves: the call is made again (RFC 9110, 15.5 and 15.6; RFC 6585, 4). */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 502, 503, 504]);

export const passesByItself = (status: number): boolean => PASSING.has(status);

const ADVICE: Readonly<Record<number, string>> = {
  400: 'it does not understand the request; look whether upstream.url names an update server and no other service',
  401: 'it wants a sign-in, which this relay cannot give; allow anonymous access to its web services',
  403: 'it refuses this relay; allow access from here in its web server, or look whether it wants a client certificate',
  404: 'there is no such service; look whether host, port and path of upstream.url are those of its update services',
  405: 'the service takes no POST; look whether upstream.url names an update server',
  407: 'a proxy on the way wants a sign-in; put it into upstream.proxy',
  408: 'the request took too long to arrive; look at the connection between here and it',
  410: 'the service was taken away; ask its administrator where it is now, and change upstream.url',
  411: 'something on the way removed the length of the request; look at proxies between here and it',
  413: 'the request is too large for it; raise the limit of its web server, or of a proxy on the way',
  415: 'it does not take SOAP 1.1; look whether upstream.url names an update server',
  429: 'it was asked too often; let fewer relays synchronize at the same time',
  500: 'it failed without saying why; its own log tells more',
  501: 'it does not have this operation; look whether upstream.url names an update server',
  502: 'a proxy or balancer before it got no good answer from it; look whether its services run',
  503: 'its service is stopped or overloaded; start its application pool, or try again later',
  504: 'a proxy or balancer before it waited in vain for it; look whether its services run',
};

/**
 * One sentence.
 *
 * @param host of the server
 * @param operation that was called
 */
export function sentenceOfStatus(host: string, operation: string, { status, location }: Answer): string {
  return `${host} answered ${operation} with HTTP status ${status}: ${advise(status, location)}.`;
}

function advise(status: number, location: string | undefined): string {
  const known = ADVICE[status];
  if (known !== undefined) return known;
  if (status >= 300 && status < 400) {
    const where = location === undefined ? 'somewhere else' : `to ${location.slice(0, 200)}`;
    return `it points ${where}, which is not followed; put the address that is meant into upstream.url`;
  }
  if (status >= 500) return 'it or a proxy on the way is out of order; its own log tells more';
  if (status >= 400) return 'it refuses the request; look whether upstream.url names an update server';
  return 'that is no answer of an update server; look whether upstream.url names one';
}
