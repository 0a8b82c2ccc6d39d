/** Why an archive is not made or not taken in; the message says what to do. */
export type ArchiveErrorCode =
  /** Not an archive, or not to be read. */
  | 'ARCHIVE_UNREADABLE'
  /** Of a format that this Sluice does not know. */
  | 'ARCHIVE_VERSION'
  /** Nobody vouches for it: it has no signature, or one that is not of what is there. */
  | 'ARCHIVE_UNSIGNED'
  /** Whoever vouches for it is not trusted here. */
  | 'ARCHIVE_SIGNER'
  /** Signed, and yet not what an archive may hold. */
  | 'ARCHIVE_INVALID'
  /** A part is missing, too short or too long. */
  | 'ARCHIVE_TRUNCATED'
  /** A byte is not the one that was signed. */
  | 'ARCHIVE_ALTERED'
  /** Older than what was taken in from the same relay. */
  | 'ARCHIVE_OLDER'
  /** It continues what was never taken in. */
  | 'ARCHIVE_GAP'
  /** There is an archive already, or an unfinished one that is another. */
  | 'ARCHIVE_EXISTS'
  /** The disk does not take it. */
  | 'ARCHIVE_UNWRITABLE'
  /** Another command is at work. */
  | 'ARCHIVE_BUSY';

export class ArchiveError extends Error {
  readonly code: ArchiveErrorCode;

  constructor(code: ArchiveErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ArchiveError';
    this.code = code;
  }
}
