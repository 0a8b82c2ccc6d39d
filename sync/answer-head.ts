/** Ends a request whose answer begins without ever coming to its point: bytes come, so that it is never silent. */
import type { ClientRequest } from 'node:http';
import { ConnectionError } from './connection-error.ts';

/** Answers before the answer (RFC 9110 15.2) that are waited through; servers send one or two. */
const MOST_INTERIM = 10;

export interface HeadBounds {
  /** Whom to name. */
  readonly host: string;
  /** Milliseconds from now until the final headers are there. */
  readonly within: number;
}

/** The request is destroyed with a ConnectionError where its answer's headers are not there in time. */
export function boundHead(outgoing: ClientRequest, { host, within }: HeadBounds): void {
  const fail = (what: string): void => {
    outgoing.destroy(new ConnectionError('timeout', `${host} ${what}.`));
  };
  const timer = setTimeout(
    () => fail(`did not come to the end of its headers in ${within / 1000} s`),
    within,
  );
  const end = (): void => clearTimeout(timer);
  outgoing.once('response', end).once('connect', end).once('close', end);
  let interim = 0;
  outgoing.on('information', () => {
    interim += 1;
    if (interim > MOST_INTERIM) fail(`answered ${interim} times that its answer is still to come`);
  });
}
