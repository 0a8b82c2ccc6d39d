/** What is said of a signature for people, and what to do about it. */
import type { SignatureVerdict } from '../../../protocol/console/content.ts';

interface VerdictWords {
  readonly word: string;
  /** A sentence or two. */
  readonly advice: string;
}

const ALTERED =
  'The bytes are those that the catalogue names, so fetching them again changes nothing. Ask whoever publishes the update, and decline it meanwhile.';
const ROOTS =
  'Where you trust the publisher, add its root certificate to content.signatureRoots; docs/content.md names those of Microsoft.';
const CERTIFICATE =
  'The publisher’s certificates are at fault. Ask whoever publishes the update, and decline it meanwhile.';

export const VERDICT_WORDS: Readonly<Record<SignatureVerdict, VerdictWords>> = {
  TRUSTED: { word: 'Trusted', advice: 'Nothing is to be done.' },
  NOT_SIGNED: {
    word: 'Not signed',
    advice:
      'Microsoft signs programs, cabinets and packages. Ask whoever publishes the update why this one is not, or decline it.',
  },
  UNSUPPORTED: {
    word: 'None to read',
    advice:
      'Newer MSU files are Windows images without such a signature. To have them served, record signatures instead of requiring them.',
  },
  DIGEST_MISMATCH: { word: 'Another file was signed', advice: ALTERED },
  SIGNATURE_INVALID: { word: 'Signature invalid', advice: ALTERED },
  WEAK_DIGEST: {
    word: 'Weak digest',
    advice:
      'Files from before 2016 are signed by SHA-1 alone. To believe them, set content.signatureSha1 to accepted; MD5 never is.',
  },
  TIMESTAMP_INVALID: { word: 'Timestamp invalid', advice: ALTERED },
  TIMESTAMP_IN_FUTURE: {
    word: 'Timestamp in the future',
    advice: 'Look at the clock of this relay, then judge the file again.',
  },
  ROOT_UNKNOWN: { word: 'Root not known', advice: ROOTS },
  ISSUER_MISSING: { word: 'Issuer missing', advice: ROOTS },
  NOT_FOR_CODE_SIGNING: { word: 'Not for signing code', advice: CERTIFICATE },
  NOT_FOR_TIMESTAMPING: { word: 'Not for timestamps', advice: CERTIFICATE },
  NOT_YET_VALID: {
    word: 'Not valid yet',
    advice: 'Look at the clock of this relay. If it is right, the publisher’s certificate is at fault.',
  },
  EXPIRED: {
    word: 'Expired',
    advice: 'It has no timestamp from when its certificate was valid. Ask whoever publishes the update.',
  },
  NOT_AN_AUTHORITY: { word: 'Issuer is no authority', advice: CERTIFICATE },
  PATH_TOO_LONG: { word: 'Chain too long', advice: CERTIFICATE },
  EXTENSION_UNKNOWN: { word: 'Extension not known', advice: CERTIFICATE },
  CERTIFICATE_UNREADABLE: { word: 'Certificate not readable', advice: CERTIFICATE },
  WEAK_KEY: { word: 'Weak key', advice: CERTIFICATE },
  WEAK_SIGNATURE: { word: 'Weak certificate', advice: CERTIFICATE },
  CONTAINER_DAMAGED: { word: 'File damaged', advice: ALTERED },
  SIGNATURE_MISPLACED: { word: 'Signature misplaced', advice: ALTERED },
  SIGNATURE_DAMAGED: { word: 'Signature damaged', advice: ALTERED },
  DIGEST_UNKNOWN: { word: 'Digest not known', advice: ALTERED },
  FILE_CHANGED: {
    word: 'Changed while it was read',
    advice: 'Judge it again. If it happens again, look which program writes below the data directory.',
  },
};
