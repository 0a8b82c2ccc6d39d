/** Where the audit log ended at a time, signed: one line of JSON, which means something by itself. */
import { createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';
import { canonicalJson } from '../../catalog/store/audit/canonical-json.ts';

const Stated = z.strictObject({
  /** ISO 8601 UTC. */
  at: z.string(),
  /** Lower-case hex. */
  hash: z.string().regex(/^[0-9a-f]{64}$/),
  sequence: z.int().min(0),
  /** The relay's identity, a guid. */
  server: z.string(),
});
export type StatedHead = z.infer<typeof Stated>;

const Signed = Stated.extend({ signature: z.base64() });
export type SignedHead = z.infer<typeof Signed>;

/** What the signature covers: this, a line feed, and the rest as canonical JSON (docs/audit.md). */
const PURPOSE = 'sluice-audit-head-1';

const signedBytes = ({ at, hash, sequence, server }: StatedHead): Buffer =>
  Buffer.from(`${PURPOSE}\n${canonicalJson({ at, hash, sequence, server })}`);

/** @param key Ed25519, private */
export const signHead = (head: StatedHead, key: KeyObject): SignedHead => ({
  ...head,
  signature: sign(null, signedBytes(head), key).toString('base64'),
});

export const lineOfHead = (head: SignedHead): string => canonicalJson(head);

/** Undefined where it is none, or not signed with this key. @param key Ed25519, private or public */
export function readSignedHead(line: string, key: KeyObject): StatedHead | undefined {
  const { success, data } = Signed.safeParse(parse(line));
  if (!success) return undefined;
  const { signature, ...head } = data;
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return verify(null, signedBytes(head), publicKey, Buffer.from(signature, 'base64')) ? head : undefined;
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
