/** Update documents that came on a disk, imported by the code that imports those of an upstream server. */
import type { UpdateIdentity } from '../../catalog/metadata/model.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { importDocuments, prepareBatch } from '../conversation/document-import.ts';
import type { ImportOptions, RefusedDocument } from '../conversation/document-import.ts';
import type { DocumentPreparation } from '../conversation/document-preparation.ts';

export interface ArrivedFromDisk extends UpdateIdentity {
  readonly document: string;
  readonly urls?: readonly { readonly sha1: string; readonly url: string }[] | undefined;
}

/** @returns how many were imported, and those that are set aside with the reason of each */
export async function importArrivals(
  db: Database,
  arrivals: readonly ArrivedFromDisk[],
  preparation: DocumentPreparation,
  options: ImportOptions,
): Promise<{ readonly imported: number; readonly refused: readonly RefusedDocument[] }> {
  if (arrivals.length === 0) return { imported: 0, refused: [] };
  using batch = await prepareBatch(
    {
      documents: arrivals.map(({ updateId, revisionNumber, document }) => ({
        updateId,
        revisionNumber,
        document: { source: document },
      })),
      fileUrls: new Map(
        arrivals.flatMap(({ urls = [] }) => urls.map(({ sha1, url }) => [sha1, url] as const)),
      ),
    },
    preparation,
  );
  const { documents, refused } = importDocuments(db, batch, options);
  return { imported: documents.length, refused };
}
