/** Why a file's signature is not believed. */

export type RefusalCode =
  | 'NOT_SIGNED'
  /** No signature can be read from a file of this kind. */
  | 'UNSUPPORTED'
  /** The file is not the one that was signed. */
  | 'DIGEST_MISMATCH'
  /** The signature is not by its signer. */
  | 'SIGNATURE_INVALID'
  /** It rests on MD5, or on SHA-1 where that is not accepted. */
  | 'WEAK_DIGEST'
  /** The timestamp is damaged, on another signature, or not by its signer. */
  | 'TIMESTAMP_INVALID'
  | 'TIMESTAMP_IN_FUTURE'
  | 'ROOT_UNKNOWN'
  | 'ISSUER_MISSING'
  | 'NOT_FOR_CODE_SIGNING'
  | 'NOT_FOR_TIMESTAMPING'
  | 'NOT_YET_VALID'
  | 'EXPIRED'
  | 'NOT_AN_AUTHORITY'
  | 'PATH_TOO_LONG'
  | 'EXTENSION_UNKNOWN'
  | 'CERTIFICATE_UNREADABLE'
  | 'WEAK_KEY'
  | 'WEAK_SIGNATURE';

/** Thrown and caught while a signature is judged; what comes out is a verdict. */
export class Refusal extends Error {
  readonly code: RefusalCode;

  constructor(code: RefusalCode, message: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
  }
}
