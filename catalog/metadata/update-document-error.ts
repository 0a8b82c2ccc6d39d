/** What an update document can be refused for. Codes are stable: the synchronization's history keeps them. */
export type UpdateDocumentErrorCode =
  /** Longer, deeper or of more parts than any real document. */
  | 'DOCUMENT_TOO_LARGE'
  /** Not well-formed, or with a document type declaration. */
  | 'DOCUMENT_MALFORMED'
  /** Well-formed, but no `Update` of the update schema. */
  | 'DOCUMENT_NOT_AN_UPDATE'
  /** A part that every document of its kind has is missing. */
  | 'PART_MISSING'
  /** A value that is not of its type: a guid, a number, a digest. */
  | 'VALUE_INVALID'
  /** A file with this SHA-1 is known with another size or SHA-256: one of the two documents is wrong. */
  | 'FILE_CONFLICT';

/** The document cannot be taken into the catalogue; others are not affected. */
export class UpdateDocumentError extends Error {
  readonly code: UpdateDocumentErrorCode;

  constructor(code: UpdateDocumentErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UpdateDocumentError';
    this.code = code;
  }
}
