/** What synchronizing asks of a revision beside its relationships: its languages, and whether its files are encrypted. */
import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';
import type { ParsedUpdate } from '../../metadata/model.ts';
import { parseUpdate } from '../../metadata/parse.ts';
import { UpdateDocumentError } from '../../metadata/update-document-error.ts';
import { restoreText } from '../database/deflated-text.ts';
import type { StoredText } from '../database/deflated-text.ts';
import { readSetting, writeSetting } from '../database/settings.ts';

export class RevisionTraits {
  readonly #language: Statement<[number, string]>;
  readonly #encrypted: Statement<[number]>;

  constructor(db: Database) {
    this.#language = db.prepare('INSERT OR IGNORE INTO revision_language VALUES (?, ?)');
    this.#encrypted = db.prepare('INSERT OR IGNORE INTO encrypted_revision (revision_id) VALUES (?)');
  }

  write(revisionId: number, { languages, hasDecryptionData, files }: ParsedUpdate): void {
    for (const language of languages) this.#language.run(revisionId, language);
    if (hasDecryptionData || files.some(({ isEncrypted }) => isEncrypted)) this.#encrypted.run(revisionId);
  }
}

const TO_READ_AGAIN = 'revisions.to-read-again';

/** Documents in one transaction: others write between two. */
const SLICE = 200;

/** Whether the document may say either, told without parsing it: few do. Texts have languages of their own. */
function maySay(document: string): boolean {
  const properties = document.split('LocalizedPropertiesCollection', 1)[0] ?? '';
  return /[<:](?:Language|SecuredFragment)\b/.test(properties) || document.includes('IsEncrypted');
}

/**
 * Takes these facts from documents that were stored by a Sluice that did not keep them: one slice, the newest first.
 *
 * @returns whether there are more
 */
export function readTraitsAgain(db: Database): boolean {
  return db
    .transaction(() => {
      const last = readSetting(db, TO_READ_AGAIN, z.int()) ?? 0;
      if (last === 0) return false;
      const traits = new RevisionTraits(db);
      const rows = db
        .prepare<[number, number], { revision_id: number; document: StoredText }>(
          `SELECT revision_id, document FROM revision
         WHERE revision_id <= ? AND update_type IN ('Software', 'Driver') ORDER BY revision_id DESC LIMIT ?`,
        )
        .all(last, SLICE);
      for (const { revision_id: revisionId, document } of rows) {
        const text = restoreText(document);
        if (maySay(text)) writeWhereReadable(traits, revisionId, text);
      }
      const lowest = rows.at(-1)?.revision_id ?? 1;
      const next = rows.length < SLICE ? 0 : lowest - 1;
      writeSetting(db, TO_READ_AGAIN, next);
      return next > 0;
    })
    .immediate();
}

/** A document that is read more strictly today than when it came is kept as it was. */
function writeWhereReadable(traits: RevisionTraits, revisionId: number, document: string): void {
  try {
    traits.write(revisionId, parseUpdate(document));
  } catch (error) {
    if (!(error instanceof UpdateDocumentError)) throw error;
  }
}
