/** Fills a data directory with a catalogue and its content, as if it had been synchronized: the demonstration's upstream. */
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contentPath } from '../../catalog/content-path.ts';
import { markPresent } from '../../catalog/store/content/content-queue.ts';
import { openDatabase } from '../../catalog/store/database/database.ts';
import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import { fileBySha1 } from '../../catalog/store/content/files.ts';
import { statKey } from '../../catalog/verified-stat.ts';
import type { DemoCatalogue } from '../fixtures/demo-catalogue.ts';

/** @param dataDirectory made with mode 0700; no server runs on it */
export function fillUpstream(dataDirectory: string, catalogue: DemoCatalogue, now: Date): void {
  mkdirSync(dataDirectory, { recursive: true, mode: 0o700 });
  const db = openDatabase(join(dataDirectory, 'sluice.db'));
  try {
    const noUrls: ReadonlyMap<string, string> = new Map();
    importRevisions(
      db,
      catalogue.documents.map(({ document }) => ({ document, fileUrls: noUrls })),
      now,
    );
    for (const [sha1, content] of catalogue.files) {
      const path = join(dataDirectory, 'content', contentPath(sha1, fileBySha1(db, sha1)?.extension ?? ''));
      mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
      writeFileSync(path, content, { mode: 0o600 });
      markPresent(db, sha1, statKey(statSync(path, { bigint: true })), now);
    }
  } finally {
    db.close();
  }
}
