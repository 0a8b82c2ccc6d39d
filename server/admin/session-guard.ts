/** Who calls, and whether a call that changes something was meant by them. */
import type { Request } from 'express';
import { createHash, timingSafeEqual } from 'node:crypto';
import { resumeSession, type ConsoleSession } from '../../catalog/store/access/console-sessions.ts';
import { permissionsOf, roleWith } from '../../protocol/console/access.ts';
import { ROUTE_FACTS } from '../../protocol/console/route-facts.ts';
import type { RouteFacts, RouteName } from '../../protocol/console/route-facts.ts';
import type { ConsoleContext } from './context.ts';
import { ApiProblem } from './problems.ts';
import { readSessionCookie } from './session-cookie.ts';

/**
 * The session of the request's cookie.
 *
 * @param access `newcomer` lets those in who have yet to change their one-time password
 * @throws ApiProblem 401, or 403 where the password must be changed first
 */
export function requireSession(
  context: ConsoleContext,
  request: Request,
  access: 'session' | 'newcomer',
): ConsoleSession {
  const token = readSessionCookie(request);
  const session = token === undefined ? undefined : resumeSession(context.db, token, context.now());
  if (session === undefined) {
    throw new ApiProblem(401, 'NOT_SIGNED_IN', 'There is no session, or it has ended. Sign in.');
  }
  if (session.mustChangePassword && access !== 'newcomer') {
    throw new ApiProblem(
      403,
      'PASSWORD_MUST_CHANGE',
      'The password was made for one use. Set another with PUT /api/session/password first.',
    );
  }
  return session;
}

/**
 * Fails closed: a route whose facts are not known is nobody's.
 *
 * @throws ApiProblem 403
 */
export function requirePermission(session: ConsoleSession, name: RouteName): void {
  requirePermissionOf(session, ROUTE_FACTS[name].permission);
}

/** The same for what is no route of the contract. */
export function requirePermissionOf(
  { role, userName }: ConsoleSession,
  permission: RouteFacts['permission'],
): void {
  if (permission === 'open' || permission === 'newcomer') return;
  if (permissionsOf(role).includes(permission)) return;
  throw new ApiProblem(
    403,
    'NOT_PERMITTED',
    `${userName} is ${role}, and this needs the role ${roleWith(permission)}. Ask an administrator of this relay.`,
  );
}

/**
 * A browser says where a changing request comes from; it must be this very host. Without an `Origin` it is no browser's
 * script from elsewhere, and the CSRF token decides alone.
 */
export function checkOrigin(request: Request): void {
  const { origin, host } = request.headers;
  const site = request.headers['sec-fetch-site'];
  if (origin === undefined && (site === undefined || site === 'same-origin' || site === 'none')) return;
  if (origin !== undefined && URL.canParse(origin) && new URL(origin).host === host?.toLowerCase()) return;
  throw new ApiProblem(
    403,
    'ORIGIN_FOREIGN',
    `A change must come from this console's own pages; this one came from ${origin ?? 'another site'}.`,
  );
}

/** The token in `X-CSRF-Token` is the session's, compared in constant time. */
export function checkChange(request: Request, session: ConsoleSession): void {
  const given = request.get('X-CSRF-Token');
  if (given !== undefined && timingSafeEqual(digest(given), digest(session.csrfToken))) return;
  throw new ApiProblem(
    403,
    'CSRF_TOKEN_WRONG',
    `The header X-CSRF-Token ${given === undefined ? 'is missing' : "is not this session's"}. Read GET /api/session and send its csrfToken.`,
  );
}

const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
