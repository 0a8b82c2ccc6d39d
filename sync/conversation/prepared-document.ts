/** A document made ready for its import, or why it cannot be imported. */
import { UpdateDocumentError } from '../../catalog/metadata/update-document-error.ts';
import { prepareRevision } from '../../catalog/store/revisions/prepared-revision.ts';
import type { PreparedRevision } from '../../catalog/store/revisions/prepared-revision.ts';

export type PreparedDocument = { readonly revision: PreparedRevision } | { readonly problem: string };

export function prepareDocument(xml: string): PreparedDocument {
  try {
    return { revision: prepareRevision(xml) };
  } catch (error) {
    if (error instanceof UpdateDocumentError) return { problem: error.message };
    throw error;
  }
}
