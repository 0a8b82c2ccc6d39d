export type CertificateErrorCode =
  | 'AUTHORITY_INCOMPLETE'
  | 'AUTHORITY_INVALID'
  | 'ARCHIVE_KEY_INVALID'
  | 'AUDIT_KEY_INVALID'
  | 'CERTIFICATE_UNREADABLE'
  | 'CERTIFICATE_KEY_MISMATCH'
  | 'CERTIFICATE_NOT_VALID_NOW';

/** A certificate or key that cannot be used; the message names the file and what to do. */
export class CertificateError extends Error {
  readonly code: CertificateErrorCode;

  constructor(code: CertificateErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'CertificateError';
    this.code = code;
  }
}
