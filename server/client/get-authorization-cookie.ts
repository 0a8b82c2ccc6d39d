/** GetAuthorizationCookie ([MS-WUSP] 3.1.5.3): a computer says who it is, and becomes known. */
import { SoapFault } from '../../protocol/soap/fault.ts';
import { GetAuthorizationCookie } from '../../protocol/wusp/simple-auth.ts';
import { durably } from '../soap/durably.ts';
import { implement, type ImplementedOperation } from '../soap/implementation.ts';
import { issueAuthorization } from './authorization.ts';
import { expiryOf, noteContact, type ClientParts } from './parts.ts';

/** ClientIdString ([MS-WUSP] 1.1): 1 to 255 letters, digits and hyphens. Agents send a guid, in either case. */
const CLIENT_ID = /^[a-z0-9-]{1,255}$/;

/** Names in Windows hold more than RFC 1123 allows, underscores and letters of any language among it. */
const DNS_NAME = /^[\p{L}\p{M}\p{N}._-]{1,255}$/u;

/** Characters of a list of group names. */
const TARGET_GROUP_LENGTH = 4000;

export const getAuthorizationCookie = (parts: ClientParts): ImplementedOperation =>
  implement(GetAuthorizationCookie, async ({ clientId, targetGroupName, dnsName }, call) => {
    const computerId = clientId?.toLowerCase() ?? '';
    if (!CLIENT_ID.test(computerId)) throw new SoapFault('InvalidParameters', 'clientId');
    if (dnsName === undefined || !DNS_NAME.test(dnsName)) throw new SoapFault('InvalidParameters', 'dnsName');
    const requestedTargetGroup = targetGroupName ?? '';
    if (requestedTargetGroup.length > TARGET_GROUP_LENGTH)
      throw new SoapFault('InvalidParameters', 'targetGroupName');

    const introduction = { computerId, dnsName, ipAddress: call.remoteAddress, requestedTargetGroup };
    const { computers, config } = parts;
    const isTargeting = config.client.targeting === 'client';
    // Nearly always it is known as it says it is: that needs no commit.
    if (computers.isIntroduced(introduction, isTargeting)) noteContact(parts, computerId, call);
    else
      await durably(parts, () => {
        computers.introduce(introduction, parts.now());
        if (isTargeting) computers.assignRequestedGroups(computerId, requestedTargetGroup);
      });
    return {
      GetAuthorizationCookieResult: issueAuthorization(parts.cookies, computerId, expiryOf(parts)),
    };
  });
