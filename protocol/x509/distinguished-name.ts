/** Distinguished names as Node.js writes them: a line for each attribute. */
import type { X509Certificate } from 'node:crypto';

/** The common name where there is one, for sentences. */
export function shortName(distinguishedName: string): string {
  const name = /(?:^|[\n,] ?)CN=([^\n]+)/.exec(distinguishedName)?.[1];
  return name === undefined ? oneLine(distinguishedName) : visible(name);
}

/** Whether it names itself as its issuer, as roots and self-signed certificates do. */
export const isSelfIssued = ({ subject, issuer }: X509Certificate): boolean => subject === issuer;

/** In one line; Node.js says undefined for a name without attributes. */
export function oneLine(distinguishedName: string | undefined): string {
  return visible((distinguishedName ?? '').replaceAll('\n', ', '));
}

/** Whoever makes a certificate writes its names, and they come into logs and terminals: nothing in them may act there. */
const visible = (name: string): string =>
  name.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (sign) => {
    const code = sign.codePointAt(0) ?? 0;
    return `\\u{${code.toString(16)}}`;
  });
