/** What is asked of content files' signatures; apart from what judges them, which a start of the server needs not load. */
import { createHash } from 'node:crypto';
import type { X509Certificate } from 'node:crypto';

export interface ContentSignaturePolicy {
  /** Whether a program, cabinet or package without a signature that is believed is refused; else it is recorded alone. */
  readonly isRequired: boolean;
  /** A chain must end at one of them. */
  readonly roots: readonly X509Certificate[];
  readonly acceptsSha1: boolean;
}

export const RECORD_ALONE: ContentSignaturePolicy = { isRequired: false, roots: [], acceptsSha1: false };

/** Tells one policy from another: what was judged under another one is judged again. */
export function policyId({ isRequired, roots, acceptsSha1 }: ContentSignaturePolicy): string {
  const facts = [isRequired, acceptsSha1, roots.map(({ fingerprint256 }) => fingerprint256).toSorted()];
  return createHash('sha256').update(JSON.stringify(facts)).digest('hex');
}
