/** The SimpleTargeting plug-in's cookie: proves to GetCookie that the client went through GetAuthorizationCookie. */
import { z } from 'zod';
import { SoapFault } from '../../protocol/soap/fault.ts';
import type { Read } from '../../protocol/soap/table.ts';
import type { AuthorizationCookie } from '../../protocol/wusp/authorization.ts';
import { CookieError, type CookieSealer } from '../cookies.ts';
import { PLUG_IN } from './configuration.ts';

const PURPOSE = 'agent authorization';
const Authorization = z.strictObject({ computerId: z.string() });

type WireCookie = Read<typeof AuthorizationCookie>;

export const issueAuthorization = (cookies: CookieSealer, computerId: string, expires: Date): WireCookie => ({
  PlugInId: PLUG_IN,
  CookieData: cookies.seal(PURPOSE, { computerId }, expires),
});

/**
 * @returns the computer that was authorized
 * @throws SoapFault InvalidAuthorizationCookie unless there is exactly one, and it is ours and good
 */
export function readAuthorization(
  cookies: CookieSealer,
  authCookies: readonly WireCookie[] | undefined,
): string {
  const [cookie, ...others] = authCookies ?? [];
  if (cookie?.CookieData === undefined || cookie.PlugInId !== PLUG_IN || others.length > 0) {
    throw new SoapFault('InvalidAuthorizationCookie');
  }
  try {
    return cookies.open(PURPOSE, cookie.CookieData, Authorization).computerId;
  } catch (error) {
    if (error instanceof CookieError) throw new SoapFault('InvalidAuthorizationCookie', '', { cause: error });
    throw error;
  }
}
