/** Licence terms (EULAs) of updates and of what they bundle, and the file that holds their text. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { parseUpdate } from '../../metadata/parse.ts';
import { withBundled } from '../content/deployment-content.ts';
import { markWantedBySha1 } from '../content/files.ts';
import { readDocument } from '../revisions/revisions.ts';

export interface LicenceTerms {
  readonly eulaId: string;
  /** Title of the first update that has them. */
  readonly updateTitle: string;
  readonly isAccepted: boolean;
  /** In English where there is one; absent where the document names none. */
  readonly file?: TermsFile;
}

export interface TermsFile {
  readonly sha1: string;
  readonly extension: string;
  readonly isPresent: boolean;
}

const Row = z.object({
  revision_id: z.int(),
  eula_id: z.string(),
  title: z.string(),
  is_accepted: z.int(),
});

const FileColumns = z.object({ sha1: z.string(), extension: z.string(), content_state: z.string() });

/** Each once. */
export function licenceTermsOf(db: Database, revisionIds: readonly number[]): LicenceTerms[] {
  const rows = db
    .prepare(
      `SELECT revision_id, eula_id, title,
              EXISTS (SELECT 1 FROM accepted_eula WHERE accepted_eula.eula_id = revision.eula_id) AS is_accepted
       FROM revision WHERE eula_id IS NOT NULL AND revision_id IN (SELECT value FROM json_each(?))
       ORDER BY revision_id`,
    )
    .all(JSON.stringify(withBundled(db, revisionIds)));
  const byEula = Map.groupBy(z.array(Row).parse(rows), (row) => row.eula_id);
  return [...byEula].flatMap(([eulaId, [first]]) => {
    if (first === undefined) return [];
    const file = termsFile(db, first.revision_id);
    return [
      {
        eulaId,
        updateTitle: first.title,
        isAccepted: first.is_accepted !== 0,
        ...(file === undefined ? {} : { file }),
      },
    ];
  });
}

/**
 * The texts that are absent become wanted.
 *
 * @returns how many became wanted
 */
export function wantTexts(db: Database, terms: readonly LicenceTerms[], now: Date): number {
  return markWantedBySha1(
    db,
    terms.flatMap(({ file }) => file?.sha1 ?? []),
    now,
  );
}

function termsFile(db: Database, revisionId: number): TermsFile | undefined {
  const { eulaFiles } = parseUpdate(readDocument(db, revisionId));
  const chosen = eulaFiles.find(({ language }) => language === 'en') ?? eulaFiles[0];
  if (chosen === undefined) return undefined;
  const row = db.prepare('SELECT sha1, extension, content_state FROM file WHERE sha1 = ?').get(chosen.sha1);
  if (row === undefined) return undefined;
  const { sha1, extension, content_state: state } = FileColumns.parse(row);
  return { sha1, extension, isPresent: state === 'present' };
}
