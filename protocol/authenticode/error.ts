/** What is wrong with a file or a signature that cannot be read. Nothing in it is believed. */

export type AuthenticodeErrorCode =
  /** The file is not what its beginning says: cut short, or its lengths and places contradict each other. */
  | 'CONTAINER_DAMAGED'
  /** There is a signature, but not where nothing can be hidden around it. */
  | 'SIGNATURE_MISPLACED'
  /** The signature is not the PKCS #7 that it must be. */
  | 'SIGNATURE_DAMAGED'
  /** The signature is by a digest algorithm that is not known. */
  | 'DIGEST_UNKNOWN'
  /** The file became shorter while it was read. */
  | 'FILE_CHANGED';

export class AuthenticodeError extends Error {
  readonly code: AuthenticodeErrorCode;

  constructor(code: AuthenticodeErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AuthenticodeError';
    this.code = code;
  }
}
