/** Takes update documents into the catalogue, and gives them out again as they came. */
import type { Database } from 'better-sqlite3';
import type { UpdateIdentity } from '../../metadata/model.ts';
import { restoreText } from '../database/deflated-text.ts';
import type { StoredText } from '../database/deflated-text.ts';
import type { FileUrls } from './file-import.ts';
import { prepareRevision } from './prepared-revision.ts';
import type { PreparedRevision } from './prepared-revision.ts';
import { RevisionImport } from './revision-import.ts';
import type { ImportResult } from './revision-import.ts';

export type { ImportResult } from './revision-import.ts';

/** A document as it was received. */
export interface ArrivedDocument {
  readonly document: string;
  readonly fileUrls: FileUrls;
}

export interface PreparedArrival {
  readonly revision: PreparedRevision;
  readonly fileUrls: FileUrls;
}

/**
 * Takes documents into the catalogue, all or none, in one transaction (of its own, or within the caller's). What depends
 * on other revisions is right afterwards whatever the order of arrival: which revision is the latest of its update,
 * which are leaves, what belongs to which categories. A revision that is here already stays as it is.
 *
 * Decisions on older revisions are left alone; synchronization lets them follow (decisions/followed-revisions.ts).
 *
 * @throws UpdateDocumentError
 * @example importRevisions(db, [{ document, fileUrls: new Map() }], new Date())
 */
export function importRevisions(db: Database, arrivals: readonly ArrivedDocument[], now: Date): ImportResult {
  const prepared = arrivals.map(({ document, fileUrls }) => ({
    revision: prepareRevision(document),
    fileUrls,
  }));
  return importPrepared(db, prepared, now);
}

/** As `importRevisions`, of what is prepared already. @throws UpdateDocumentError */
export function importPrepared(db: Database, arrivals: readonly PreparedArrival[], now: Date): ImportResult {
  return db
    .transaction(() => {
      const work = RevisionImport.begin(db, now);
      for (const { revision, fileUrls } of arrivals) work.add(revision, fileUrls);
      return work.finish();
    })
    .immediate();
}

/** A RevisionID that no revision has. */
export class UnknownRevisionError extends Error {
  readonly code = 'REVISION_UNKNOWN';

  constructor(revisionId: number) {
    super(`There is no revision ${revisionId} in the catalogue.`);
    this.name = 'UnknownRevisionError';
  }
}

/**
 * The document, to the byte as it came.
 *
 * @throws UnknownRevisionError
 */
export function readDocument(db: Database, revisionId: number): string {
  const stored = db
    .prepare<[number], StoredText>('SELECT document FROM revision WHERE revision_id = ?')
    .pluck()
    .get(revisionId);
  if (stored === undefined) throw new UnknownRevisionError(revisionId);
  return restoreText(stored);
}

/** The document as it is kept, for `restoreText`; undefined where the revision is not here. */
export function storedDocument(
  db: Database,
  updateId: string,
  revisionNumber: number,
): StoredText | undefined {
  return db
    .prepare<[string, number], StoredText>(
      'SELECT document FROM revision WHERE update_id = ? AND revision_number = ?',
    )
    .pluck()
    .get(updateId.toLowerCase(), revisionNumber);
}

/** Those of the revisions that are not here, in the same order; looked up one by one, as they are asked for. */
export function* eachMissing(
  db: Database,
  identities: Iterable<UpdateIdentity>,
): Generator<UpdateIdentity, void> {
  const find = db.prepare('SELECT 1 FROM revision WHERE update_id = ? AND revision_number = ?');
  for (const identity of identities) {
    if (find.get(identity.updateId.toLowerCase(), identity.revisionNumber) === undefined) yield identity;
  }
}

/** The same, all at once. */
export const missingIdentities = (db: Database, identities: readonly UpdateIdentity[]): UpdateIdentity[] => [
  ...eachMissing(db, identities),
];
