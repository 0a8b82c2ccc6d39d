/** A data directory with one large content file in it, as a synchronization and a download leave it there. */
import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { contentPath } from '../../../catalog/content-path.ts';
import { markPresent } from '../../../catalog/store/content/content-queue.ts';
import { openDatabase } from '../../../catalog/store/database/database.ts';
import { importRevisions } from '../../../catalog/store/revisions/revisions.ts';
import { statKey } from '../../../catalog/verified-stat.ts';
import { guidOfName, SeededRandom } from '../../fixtures/seeded-random.ts';
import { writeUpdateDocument } from '../../fixtures/update-document.ts';

const PIECE = 1_048_576;
const MADE_ON = '2026-10-13T17:00:00.000Z';

export interface StoredContent {
  /** Holds `data`. */
  readonly folder: string;
  readonly dataDirectory: string;
  /** Where the file lies. */
  readonly file: string;
  /** Of the file on a server: `/Content/XX/SHA1.cab`. */
  readonly url: string;
  /** Lower-case hex. */
  readonly sha1: string;
  /** Lower-case hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly remove: () => void;
}

/** @param megabytes of 1,048,576 bytes, which no compression makes smaller */
export function storeContent(megabytes: number): StoredContent {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-bench-content-'));
  const dataDirectory = join(folder, 'data');
  mkdirSync(dataDirectory, { mode: 0o700 });
  const made = join(folder, 'made');
  const { sha1, sha256 } = makeFile(made, megabytes);
  const path = contentPath(sha1, '.cab');
  const file = join(dataDirectory, 'content', path);
  mkdirSync(dirname(file), { recursive: true });
  renameSync(made, file);
  const bytes = megabytes * PIECE;
  const db = openDatabase(join(dataDirectory, 'sluice.db'));
  try {
    importRevisions(
      db,
      [{ document: documentOf({ sha1, sha256, bytes }), fileUrls: new Map() }],
      new Date(MADE_ON),
    );
    markPresent(db, sha1, statKey(statSync(file, { bigint: true })), new Date(MADE_ON));
  } finally {
    db.close();
  }
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  return { folder, dataDirectory, file, url: `/Content/${path}`, sha1, sha256, bytes, remove };
}

function makeFile(path: string, megabytes: number): { sha1: string; sha256: string } {
  const sha1 = createHash('sha1');
  const sha256 = createHash('sha256');
  const random = new SeededRandom('content');
  const handle = openSync(path, 'wx', 0o600);
  try {
    for (let index = 0; index < megabytes; index += 1) {
      const piece = random.bytes(PIECE);
      writeSync(handle, piece);
      sha1.update(piece);
      sha256.update(piece);
    }
  } finally {
    closeSync(handle);
  }
  return { sha1: sha1.digest('hex'), sha256: sha256.digest('hex') };
}

const documentOf = ({ sha1, sha256, bytes }: { sha1: string; sha256: string; bytes: number }): string =>
  writeUpdateDocument({
    updateId: guidOfName(1, 'content'),
    revisionNumber: 1,
    updateType: 'Software',
    creationDate: MADE_ON,
    explicitlyDeployable: true,
    texts: [{ language: 'en', title: 'A large update' }],
    files: [{ fileName: 'large.cab', size: bytes, sha1, sha256, modified: MADE_ON }],
  });
