/** What `content.signatures` and the keys beside it ask of content files. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Content } from './content.ts';
import { reasonOf } from './error-facts.ts';
import type { Conflict } from './listener-conflicts.ts';

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

export class SignatureRootError extends Error {
  readonly code = 'SIGNATURE_ROOTS_UNREADABLE';

  constructor(file: string, reason: string) {
    super(`${file} of content.signatureRoots ${reason}. Name PEM files of root certificates.`);
    this.name = 'SignatureRootError';
  }
}

export interface SignaturePolicy {
  readonly isRequired: boolean;
  readonly roots: readonly X509Certificate[];
  readonly acceptsSha1: boolean;
}

/** Without a root no signature would be believed, and nothing served. */
export const findMissingRoots = ({ signatures, signatureRoots }: Content): Conflict[] =>
  signatures === 'require' && signatureRoots === undefined
    ? [
        {
          path: ['content', 'signatureRoots'],
          found: 'nothing, though content.signatures is require',
          accepted: 'PEM files of the roots that signatures must lead to',
        },
      ]
    : [];

/** @throws SignatureRootError */
export function readSignaturePolicy({
  signatures,
  signatureRoots = [],
  signatureSha1,
}: Content): SignaturePolicy {
  return {
    isRequired: signatures === 'require',
    roots: signatureRoots.flatMap(readRoots),
    acceptsSha1: signatureSha1 === 'accepted',
  };
}

function readRoots(file: string): X509Certificate[] {
  let found: string[];
  try {
    found = readFileSync(file, 'latin1').match(CERTIFICATE) ?? [];
  } catch (error) {
    throw new SignatureRootError(file, `cannot be read (${reasonOf(error)})`);
  }
  if (found.length === 0) throw new SignatureRootError(file, 'holds no certificate in PEM');
  return found.map((pem) => {
    try {
      return new X509Certificate(pem);
    } catch (error) {
      throw new SignatureRootError(file, `holds a certificate that is damaged (${reasonOf(error)})`);
    }
  });
}
