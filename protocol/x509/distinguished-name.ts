/** Distinguished names as Node.js writes them: a line for each attribute. */
import type { X509Certificate } from 'node:crypto';

/** The common name where there is one, for sentences. */
export function shortName(distinguishedName: string): string {
  return /(?:^|[\n,] ?)CN=([^\n]+)/.exec(distinguishedName)?.[1] ?? oneLine(distinguishedName);
}

/** Whether it names itself as its issuer, as roots and self-signed certificates do. */
export const isSelfIssued = ({ subject, issuer }: X509Certificate): boolean => subject === issuer;

/** In one line; Node.js says undefined for a name without attributes. */
export function oneLine(distinguishedName: string | undefined): string {
  return (distinguishedName ?? '').replaceAll('\n', ', ');
}
