/** GetCookie ([MS-WUSP] 3.1.5.4): an authorization cookie becomes the cookie for everything else. */
import { SoapFault } from '../../protocol/soap/fault.ts';
import { GetCookie } from '../../protocol/wusp/client.ts';
import { implement, type ImplementedOperation } from '../soap/implementation.ts';
import { readAuthorization } from './authorization.ts';
import { expiryOf, type ClientParts } from './parts.ts';
import { isProtocolVersion } from './protocol-version.ts';

export const getCookie = (parts: ClientParts): ImplementedOperation =>
  implement(GetCookie, ({ authCookies, oldCookie, lastChange, protocolVersion }) => {
    const computerId = readAuthorization(parts.cookies, authCookies);
    const old = parts.tickets.readOld(oldCookie);
    if (!parts.configuration.isCurrent(lastChange)) throw new SoapFault('ConfigChanged');
    if (!isProtocolVersion(protocolVersion)) throw new SoapFault('InvalidParameters', 'protocolVersion');
    // What was told is told to a computer: another's cookie (a cloned disk) says nothing of this one.
    const told = old?.computerId === computerId ? old : { groupIds: [] };
    return {
      GetCookieResult: parts.tickets.issue({
        ...told,
        computerId,
        protocolVersion,
        lastChange: parts.configuration.answer.LastChange,
        expires: expiryOf(parts),
      }),
    };
  });
