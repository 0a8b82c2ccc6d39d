/** Extensions as certificates, revocation lists and OCSP answers carry them (RFC 5280 4.1). */
import { DerError, DerReader, TAG } from './der.ts';

export interface Extension {
  readonly critical: boolean;
  /** What is inside the octet string. */
  readonly value: Buffer;
}

/** By dotted object identifier. */
export type Extensions = ReadonlyMap<string, Extension>;

/**
 * @param list inside the `SEQUENCE OF Extension`; undefined for none
 * @throws DerError, also where one extension is there twice
 */
export function readExtensions(list: DerReader | undefined): Extensions {
  const extensions = new Map<string, Extension>();
  for (const extension of list?.each(TAG.sequence) ?? []) {
    const oid = extension.oid();
    const critical = extension.isNext(TAG.boolean) && extension.boolean();
    const value = extension.octets();
    extension.end();
    if (extensions.has(oid)) throw new DerError(`the extension ${oid} twice`);
    extensions.set(oid, { critical, value });
  }
  return extensions;
}

/** A critical extension that is none of these; what carries it must not be used (RFC 5280 4.2, 5.2). */
export function unknownCritical(extensions: Extensions, known: ReadonlySet<string>): string | undefined {
  for (const [oid, { critical }] of extensions) if (critical && !known.has(oid)) return oid;
  return undefined;
}
