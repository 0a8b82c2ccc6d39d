/**
 * Stores one batch of update documents: what can be imported is, in one transaction with its removal from the pending
 * list; a document that cannot is set aside with the reason, so that it neither holds up the others nor is forgotten.
 */
import type { UpdateIdentity } from '../../catalog/metadata/model.ts';
import { UpdateDocumentError } from '../../catalog/metadata/update-document-error.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { importFollowed } from '../../catalog/store/decisions/followed-revisions.ts';
import type { Following } from '../../catalog/store/decisions/followed-revisions.ts';
import {
  addMissingMembers,
  refusePending,
  removePending,
} from '../../catalog/store/upstream/revision-list.ts';
import type { RevisionList } from '../../catalog/store/upstream/revision-list.ts';
import type { PreparedRevision } from '../../catalog/store/revisions/prepared-revision.ts';
import { importPrepared } from '../../catalog/store/revisions/revisions.ts';
import type { ImportResult } from '../../catalog/store/revisions/revisions.ts';
import { countImported } from '../../catalog/store/upstream/synchronization.ts';
import type { DocumentPreparation } from './document-preparation.ts';
import type { DeliveredDocument, DocumentSource } from './update-document.ts';

export type FetchedDocument = DeliveredDocument;

export interface FetchedBatch {
  readonly documents: readonly FetchedDocument[];
  /** By SHA-1 in lower-case hex. */
  readonly fileUrls: ReadonlyMap<string, string>;
}

export interface RefusedDocument extends UpdateIdentity {
  readonly reason: string;
}

export interface Imported {
  readonly refused: readonly RefusedDocument[];
  /** Bundle members that the documents name and that must be fetched too. */
  readonly membersAdded: number;
}

/** The document says that it is of another update than the one that was asked for. */
class ForeignDocumentError extends Error {}

/** Made ready beforehand: others write meanwhile, and the transaction is short. */
export interface ReadyDocuments {
  readonly documents: readonly ReadyDocument[];
  readonly fileUrls: ReadonlyMap<string, string>;
  readonly refused: readonly RefusedDocument[];
}

/** Gives the documents' bytes back when it is disposed of. */
export interface ReadyBatch extends ReadyDocuments, Disposable {}

interface ReadyDocument extends UpdateIdentity {
  readonly revision: PreparedRevision;
}

export async function prepareBatch(
  { documents: fetched, fileUrls }: FetchedBatch,
  preparation: DocumentPreparation,
): Promise<ReadyBatch> {
  const documents: ReadyDocument[] = [];
  const refused: RefusedDocument[] = [];
  const readable: (UpdateIdentity & { readonly source: DocumentSource })[] = [];
  for (const { updateId, revisionNumber, document } of fetched) {
    if ('source' in document) readable.push({ updateId, revisionNumber, source: document.source });
    else refused.push({ updateId, revisionNumber, reason: document.problem });
  }
  const prepared = await preparation.prepare(readable.map(({ source }) => source));
  for (const [index, { updateId, revisionNumber }] of readable.entries()) {
    const one = prepared.documents[index];
    if (one === undefined) throw new Error('Fewer documents were prepared than were given.');
    if ('revision' in one) documents.push({ updateId, revisionNumber, revision: one.revision });
    else refused.push({ updateId, revisionNumber, reason: one.problem });
  }
  return { documents, fileUrls, refused, [Symbol.dispose]: () => prepared[Symbol.dispose]() };
}

/** In which synchronization, and whether decisions follow newer revisions: a replica is told what is decided. */
export interface ImportOptions extends Following {
  readonly isReplica: boolean;
}

export function importBatch(
  db: Database,
  list: RevisionList,
  batch: ReadyDocuments,
  options: ImportOptions,
): Imported {
  // It reads before it writes, and others write.
  return db
    .transaction(() => {
      const { documents, refused } = importDocuments(db, batch, options);
      const bundles = documents.filter(({ revision }) => revision.update.bundledUpdates.length > 0);
      const membersAdded = addMissingMembers(db, list, bundles);
      refusePending(db, list, refused);
      removePending(db, list, documents);
      return { refused, membersAdded };
    })
    .immediate();
}

/** The same for documents that are of no list: what can be imported is, and counted, in one transaction. */
export function importDocuments(
  db: Database,
  batch: ReadyDocuments,
  options: ImportOptions,
): { readonly documents: readonly ReadyDocument[]; readonly refused: readonly RefusedDocument[] } {
  return db
    .transaction(() => {
      const refused = [...batch.refused];
      const importThem = (): ImportedDocuments =>
        importReady(db, batch.documents, batch.fileUrls, options.now, refused);
      const imported = options.isReplica
        ? importThem()
        : importFollowed(db, batch.documents, options, importThem);
      countImported(db, options.runId, imported.counts);
      return { documents: imported.documents, refused };
    })
    .immediate();
}

interface ImportedDocuments {
  readonly documents: readonly ReadyDocument[];
  readonly counts: ImportResult;
}

/** All together, which is fast; one by one where one of them is bad, to find it. */
function importReady(
  db: Database,
  documents: readonly ReadyDocument[],
  fileUrls: ReadonlyMap<string, string>,
  now: Date,
  refused: RefusedDocument[],
): ImportedDocuments {
  try {
    return { documents, counts: importAll(db, documents, fileUrls, now) };
  } catch (error) {
    if (!isBadDocument(error)) throw error;
  }
  const good: ReadyDocument[] = [];
  const counts = { added: 0, revised: 0, expired: 0, ignored: 0 };
  for (const document of documents) {
    try {
      const result = importAll(db, [document], fileUrls, now);
      good.push(document);
      counts.added += result.added;
      counts.revised += result.revised;
      counts.expired += result.expired;
      counts.ignored += result.ignored;
    } catch (error) {
      if (!isBadDocument(error)) throw error;
      refused.push({
        updateId: document.updateId,
        revisionNumber: document.revisionNumber,
        reason: error.message,
      });
    }
  }
  return { documents: good, counts };
}

/** Within a savepoint: all of them or none. */
function importAll(
  db: Database,
  documents: readonly ReadyDocument[],
  fileUrls: ReadonlyMap<string, string>,
  now: Date,
): ImportResult {
  for (const document of documents) requireOwn(document);
  return importPrepared(
    db,
    documents.map(({ revision }) => ({ revision, fileUrls })),
    now,
  );
}

function requireOwn({ updateId, revisionNumber, revision }: ReadyDocument): void {
  const { identity } = revision.update;
  if (identity.updateId === updateId.toLowerCase() && identity.revisionNumber === revisionNumber) return;
  const asked = `${updateId} revision ${revisionNumber}`;
  throw new ForeignDocumentError(`What was delivered as ${asked} is a document of another update.`);
}

const isBadDocument = (error: unknown): error is Error =>
  error instanceof UpdateDocumentError || error instanceof ForeignDocumentError;
