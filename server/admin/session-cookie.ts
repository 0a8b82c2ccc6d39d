/** The cookie that carries a session: out of reach of scripts, of other sites and, over TLS, of other hosts. */
import type { CookieOptions, Request, Response } from 'express';
import { ABSOLUTE_LIMIT } from '../../catalog/store/access/console-sessions.ts';
import type { Exchange } from './handlers.ts';

/** RFC 6265bis 4.1.3.2: a browser takes this name only with Secure, without Domain and for the whole host. */
const SECURE_NAME = '__Host-sluice';
/** For a console that was configured to speak plain HTTP. */
const PLAIN_NAME = 'sluice';

const LONGEST_TOKEN = 100;

const nameOf = (request: Request): string => (request.secure ? SECURE_NAME : PLAIN_NAME);

export function readSessionCookie(request: Request): string | undefined {
  const name = `${nameOf(request)}=`;
  const pair = (request.headers.cookie ?? '')
    .split(';')
    .map((part) => part.trim())
    .find((part) => part.startsWith(name));
  const token = pair?.slice(name.length);
  return token === undefined || token === '' || token.length > LONGEST_TOKEN ? undefined : token;
}

export function exchangeOf(request: Request, response: Response): Exchange {
  const options: CookieOptions = { httpOnly: true, sameSite: 'strict', secure: request.secure, path: '/' };
  return {
    remoteAddress: request.socket.remoteAddress ?? '',
    setSessionCookie: (token) => {
      if (token === undefined) response.clearCookie(nameOf(request), options);
      else response.cookie(nameOf(request), token, { ...options, maxAge: ABSOLUTE_LIMIT });
    },
  };
}
