/** The fragments of metadata that agents ask for one by one; Core is in the revision's own row. */
import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import type { FragmentType, UpdateFragment } from '../../metadata/model.ts';
import { restoreText } from '../database/deflated-text.ts';
import type { StoredText } from '../database/deflated-text.ts';

export interface StoredFragment extends UpdateFragment {
  readonly revisionId: number;
}

const Fragments = z.array(
  z.object({
    type: z.enum(['Extended', 'LocalizedProperties', 'Eula']),
    locale: z.string(),
    xml: z.string(),
  }),
);

/**
 * The fragments of these types that the revisions have, by revision and then in the document's order. Extended has no
 * locale and is always among what is asked for; the others are answered in the locales that are named exactly (`en` is
 * not `en-us`).
 *
 * @param locales in any case, as agents send them
 */
export function readFragments(
  db: Database,
  revisionIds: readonly number[],
  types: readonly FragmentType[],
  locales: readonly string[],
): StoredFragment[] {
  const wantedTypes = new Set<FragmentType>(types);
  const wantedLocales = new Set(locales.map((locale) => locale.toLowerCase()));
  return db
    .prepare<[string], { revisionId: number; fragments: StoredText }>(
      `SELECT revision_id AS revisionId, fragments FROM revision_fragments
       WHERE revision_id IN (SELECT value FROM json_each(?)) ORDER BY revision_id`,
    )
    .all(JSON.stringify(revisionIds))
    .flatMap(({ revisionId, fragments }) =>
      Fragments.parse(JSON.parse(restoreText(fragments)))
        .filter(
          ({ type, locale }) => wantedTypes.has(type) && (type === 'Extended' || wantedLocales.has(locale)),
        )
        .map((fragment) => ({ revisionId, ...fragment })),
    );
}

/** Writes the fragments of revisions that are being imported. */
export class FragmentWriter {
  readonly #insert: Statement<[number, StoredText]>;

  constructor(db: Database) {
    this.#insert = db.prepare('INSERT INTO revision_fragments (revision_id, fragments) VALUES (?, ?)');
  }

  /** @param fragments of `prepareRevision` */
  write(revisionId: number, fragments: StoredText): void {
    this.#insert.run(revisionId, fragments);
  }
}
