/**
 * Texts and files of revisions, as agents are given them. What a revision says never changes, and on the day of an
 * approval thousands of computers ask for the same few: it is read from the store once and kept as it is sent.
 */
import { contentPath } from '../../catalog/content-path.ts';
import type { FragmentType } from '../../catalog/metadata/model.ts';
import { filesToOffer } from '../../catalog/store/content/files.ts';
import type { ContentSelection } from '../../catalog/store/content/selection.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { readFragments } from '../../catalog/store/revisions/fragments.ts';
import { itemWriter } from '../../protocol/soap/codec.ts';
import { ArrayOfUpdateData } from '../../protocol/wusp/extended-update-info.ts';
import { BoundedCache } from '../../catalog/bounded-cache.ts';

/** Bytes of fragments that are kept; the approved updates of a year in two languages fit. */
const FRAGMENT_BYTES = 24 * 1024 * 1024;
/** Files that are remembered. */
const FILES = 20_000;
/** Bytes that a kept entry costs beside its text and its key, in which a client's locales are. */
const ENTRY_BYTES = 200;

/** What never changes of a file. */
export interface NamedFile {
  /** Lower-case hex. */
  readonly sha1: string;
  readonly digest: Buffer;
  /** Below `/Content/`. */
  readonly path: string;
  /** The whole URL, where it is not to be had here. */
  readonly elsewhere?: string;
}

const writeUpdate = itemWriter(ArrayOfUpdateData);

export class ExtendedFragments {
  readonly #db: Database;
  readonly #selection: ContentSelection;
  readonly #fragments = new BoundedCache<Buffer>(
    FRAGMENT_BYTES,
    (text, key) => text.length + key.length + ENTRY_BYTES,
  );
  readonly #files = new BoundedCache<readonly NamedFile[]>(FILES, ({ length }) => length + 1);

  constructor(db: Database, selection: ContentSelection) {
    this.#db = db;
    this.#selection = selection;
  }

  /**
   * `Update` elements, one for each fragment of these types that the revisions have, in the order of the revisions.
   *
   * @param locales lower case, each once
   */
  updates(
    revisionIds: readonly number[],
    types: readonly FragmentType[],
    locales: readonly string[],
  ): Buffer[] {
    if (types.length === 0) return [];
    const kind = `${types.join()}|${locales.toSorted().join()}|`;
    const found = new Map(revisionIds.map((id) => [id, this.#fragments.get(kind + id)]));
    const missing = revisionIds.filter((id) => found.get(id) === undefined);
    if (missing.length > 0) {
      const read = Map.groupBy(
        readFragments(this.#db, missing, types, locales),
        ({ revisionId }) => revisionId,
      );
      for (const id of missing) {
        const written = Buffer.concat(
          (read.get(id) ?? []).map(({ xml }) => writeUpdate({ ID: id, Xml: xml })),
        );
        this.#fragments.set(kind + id, written);
        found.set(id, written);
      }
    }
    return revisionIds.flatMap((id) => found.get(id) ?? []).filter(({ length }) => length > 0);
  }

  /** The files of the revisions, each once, by digest. */
  files(revisionIds: readonly number[]): NamedFile[] {
    const files = new Map<string, NamedFile>();
    for (const id of revisionIds) for (const file of this.#filesOf(id)) files.set(file.sha1, file);
    return [...files.values()].sort((a, b) => (a.sha1 < b.sha1 ? -1 : 1));
  }

  #filesOf(revisionId: number): readonly NamedFile[] {
    const key = String(revisionId);
    const kept = this.#files.get(key);
    if (kept !== undefined) return kept;
    const files = filesToOffer(this.#db, revisionId, this.#selection).map(({ sha1, extension, ...rest }) => ({
      ...rest,
      sha1,
      digest: Buffer.from(sha1, 'hex'),
      path: contentPath(sha1, extension),
    }));
    this.#files.set(key, files);
    return files;
  }
}
