/** A document made ready for its import, or why it cannot be imported. */
import { UpdateDocumentError } from '../../catalog/metadata/update-document-error.ts';
import { prepareRevision } from '../../catalog/store/revisions/prepared-revision.ts';
import type { PreparedRevision } from '../../catalog/store/revisions/prepared-revision.ts';
import { unpackDocument } from './update-document.ts';
import type { DocumentSource } from './update-document.ts';

export type PreparedDocument = { readonly revision: PreparedRevision } | { readonly problem: string };

export function prepareDocument(source: DocumentSource): PreparedDocument {
  const document = unpackDocument(source);
  if ('problem' in document) return document;
  try {
    return { revision: prepareRevision(document.xml) };
  } catch (error) {
    if (error instanceof UpdateDocumentError) return { problem: error.message };
    throw error;
  }
}
