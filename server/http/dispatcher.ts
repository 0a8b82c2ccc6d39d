/**
 * Says who answers a request on a socket. The agents' services and content come first, on bare node:http; what is left
 * goes to the console where the socket has that role, and is a bare 404 everywhere else.
 */
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Logger } from '../../config/logging.ts';
import { addressOf, answerBare } from './answer.ts';
import type { RateLimit } from './rate-limit.ts';

/** Answers one request; `path` is in lower case and without the query. */
export type Handler = (request: IncomingMessage, response: ServerResponse, path: string) => Promise<void>;

export interface Routes {
  /** By exact path, in lower case (IIS, which agents expect, does not look at case). */
  readonly exact: ReadonlyMap<string, Handler>;
  /** By the beginning of the path, in lower case. */
  readonly prefixes: readonly { readonly prefix: string; readonly handler: Handler }[];
  /** What answers everything else; left out: a bare 404. */
  readonly rest?: RequestListener;
}

/**
 * Requests of one connection that wait for their answers. Agents send the next one when they have the last answer; who
 * sends thousands ahead, and reads nothing, would have all their answers made and held.
 */
const MOST_WAITING = 32;

/** A request listener over the routes. A handler that fails is a bug: it is logged, and answered with a bare 500. */
export function createDispatcher(routes: Routes, limit: RateLimit, log: Logger): RequestListener {
  const findHandler = (path: string): Handler | undefined =>
    routes.exact.get(path) ?? routes.prefixes.find(({ prefix }) => path.startsWith(prefix))?.handler;

  const waiting = new WeakMap<Socket, number>();
  const mayWait = ({ socket }: IncomingMessage, response: ServerResponse): boolean => {
    const others = waiting.get(socket) ?? 0;
    if (others >= MOST_WAITING) return false;
    waiting.set(socket, others + 1);
    response.on('close', () => waiting.set(socket, (waiting.get(socket) ?? 1) - 1));
    return true;
  };

  return (request, response) => {
    if (!mayWait(request, response)) {
      answerBare(response, 503, { 'Retry-After': '1', Connection: 'close' });
      return;
    }
    const wait = limit.take(addressOf(request));
    if (wait > 0) {
      answerBare(response, 503, { 'Retry-After': String(wait) });
      return;
    }
    const path = pathOf(request.url ?? '/');
    const handler = findHandler(path);
    if (handler === undefined) {
      if (routes.rest === undefined) answerBare(response, 404);
      else routes.rest(request, response);
      return;
    }
    handler(request, response, path).catch((error: unknown) => {
      log.error('A request could not be answered', { method: request.method, path, error });
      if (response.headersSent) response.destroy();
      else answerBare(response, 500);
    });
  };
}

function pathOf(url: string): string {
  const end = url.search(/[?#]/);
  return (end === -1 ? url : url.slice(0, end)).toLowerCase();
}
