/** Takes the files that a document names into the store. What is known of a digest is never overwritten. */
import type { Database, Statement } from 'better-sqlite3';
import { extensionOf } from '../../content-path.ts';
import type { ParsedUpdate, UpdateFile } from '../../metadata/model.ts';
import { UpdateDocumentError } from '../../metadata/update-document-error.ts';

interface KnownFile {
  readonly sha256: string | null;
  readonly size: number;
  readonly muUrl: string | null;
}

/** Where content is, by SHA-1 in lower-case hex. */
export type FileUrls = ReadonlyMap<string, string>;

export class FileImport {
  readonly #known: Statement<[string], KnownFile>;
  readonly #insert: Statement<[string, string | null, number, string, string | null, string]>;
  readonly #addSha256: Statement<[string, string, string]>;
  readonly #changeUrl: Statement<[string, string]>;
  readonly #link: Statement<[number, string, string, string | null, number]>;
  #now = '';

  constructor(db: Database) {
    this.#known = db.prepare('SELECT sha256, size, mu_url AS muUrl FROM file WHERE sha1 = ?');
    this.#insert = db.prepare(
      'INSERT INTO file (sha1, sha256, size, extension, mu_url, changed_at) VALUES (?, ?, ?, ?, ?, ?)',
    );
    // Content that is here was believed by its SHA-1 alone: it has to be checked once more.
    this.#addSha256 = db.prepare(
      'UPDATE file SET sha256 = ?, verified_stat = NULL, changed_at = ? WHERE sha1 = ?',
    );
    this.#changeUrl = db.prepare('UPDATE file SET mu_url = ? WHERE sha1 = ?');
    this.#link = db.prepare(
      `INSERT INTO revision_file (revision_id, sha1, file_name, patching_type, is_eula) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET is_eula = min(is_eula, excluded.is_eula)`,
    );
  }

  begin(now: Date): void {
    this.#now = now.toISOString();
  }

  /** @throws UpdateDocumentError where another document says otherwise of a digest */
  import(revisionId: number, { files, eulaFiles }: ParsedUpdate, urls: FileUrls): void {
    for (const file of files) this.#importFile(revisionId, file, false, urls);
    for (const file of eulaFiles) this.#importFile(revisionId, file, true, urls);
  }

  /** Of a revision that is here already, only where its files are can be news. */
  refreshUrls({ files, eulaFiles }: ParsedUpdate, urls: FileUrls): void {
    for (const { sha1 } of [...files, ...eulaFiles]) {
      const url = urls.get(sha1);
      if (url !== undefined && this.#known.get(sha1)?.muUrl !== url) this.#changeUrl.run(url, sha1);
    }
  }

  #importFile(revisionId: number, file: UpdateFile, isEula: boolean, urls: FileUrls): void {
    const { sha1, sha256, size, fileName } = file;
    const url = urls.get(sha1);
    const known = this.#known.get(sha1);
    if (known === undefined) {
      this.#insert.run(sha1, sha256 ?? null, size, extensionOf(fileName), url ?? null, this.#now);
    } else {
      refuseConflict(file, known);
      if (known.sha256 === null && sha256 !== undefined) this.#addSha256.run(sha256, this.#now, sha1);
      if (url !== undefined && known.muUrl !== url) this.#changeUrl.run(url, sha1);
    }
    this.#link.run(revisionId, sha1, fileName, file.patchingType ?? null, isEula ? 1 : 0);
  }
}

function refuseConflict({ sha1, sha256, size, fileName }: UpdateFile, known: KnownFile): void {
  const other =
    known.size === size
      ? known.sha256 !== null && sha256 !== undefined && known.sha256 !== sha256
        ? `SHA-256 ${known.sha256}, not ${sha256}`
        : undefined
      : `${known.size} bytes, not ${size}`;
  if (other === undefined) return;
  throw new UpdateDocumentError(
    'FILE_CONFLICT',
    `The file ${JSON.stringify(fileName)} with SHA-1 ${sha1} is known with ${other}. One of the two documents is wrong; neither is overwritten.`,
  );
}
