import { emptyDatabase } from '../../../scripts/testing/empty-database.ts';
import { digestOf, guidOf, writeDocument } from '../../../scripts/testing/update-documents.ts';
import type { DocumentSpec } from '../../../scripts/testing/update-documents.ts';
import type { Database } from '../database/database.ts';
import { importRevisions } from '../revisions/revisions.ts';
import { markRetry, nextWanted } from './content-queue.ts';
import { markWanted, markWantedBySha1 } from './files.ts';

const NOW = new Date('2026-11-10T18:00:00Z');
const ALL_COMPUTERS = 'a0a08746-4dbe-4a37-9adf-9e7652c0b421';

let db: Database;
const names = new Map<string, string>();

/** RevisionIDs grow by one from 1; each update has one file of its name, of so many bytes. */
function withUpdates(...updates: (Omit<DocumentSpec, 'updateId'> & { name: string; size?: number })[]): void {
  db = emptyDatabase();
  names.clear();
  const documents = updates.map(({ name, size = 10, ...spec }, index) => {
    const content = name.padEnd(size, '.');
    names.set(digestOf('sha1', content), name);
    const files = [{ fileName: `${name}.cab`, content }];
    return { document: writeDocument({ updateId: guidOf(index + 1), files, ...spec }), fileUrls: new Map() };
  });
  importRevisions(db, documents, NOW);
  markWanted(
    db,
    updates.map((_, index) => index + 1),
    NOW,
  );
}
const approve = (revisionId: number, deadline: string | null, action = 'Install'): void => {
  db.prepare(
    `INSERT INTO deployment (deployment_guid, revision_id, update_id, group_id, action, deadline, admin_name, changed_at)
     VALUES (?, ?, ?, ?, ?, ?, 'tester', '')`,
  ).run(guidOf(1000 + revisionId), revisionId, guidOf(revisionId), ALL_COMPUTERS, action, deadline);
};
const sha1Of = (name: string): string => names.entries().find(([, own]) => own === name)?.[0] ?? '';
const order = (choice: Parameters<typeof nextWanted>[3] = {}): string[] =>
  nextWanted(db, 100, NOW, choice).map(({ sha1 }) => names.get(sha1) ?? '');

describe('The queue of content', () => {
  it('begins with what a client waits for, then goes by deadline, failed attempts and size', () => {
    withUpdates(
      { name: 'large', size: 900 },
      { name: 'small', size: 11 },
      { name: 'failed', size: 12 },
      { name: 'due late', size: 800 },
      { name: 'due soon', size: 850 },
      { name: 'waited for', size: 999 },
    );
    approve(4, '2026-12-01T00:00:00.000Z');
    approve(5, '2026-11-20T00:00:00.000Z');
    markRetry(db, sha1Of('failed'), 'cut', NOW, NOW);
    markWantedBySha1(db, [sha1Of('waited for')], NOW);
    expect(order()).toEqual(['waited for', 'due soon', 'due late', 'small', 'large', 'failed']);
  });

  it('counts the deadline of a bundle for all that it bundles, and no deadline of what is not to be installed', () => {
    withUpdates(
      { name: 'bundle', size: 20, bundledUpdates: [[{ updateId: guidOf(2), revisionNumber: 1 }]] },
      { name: 'member', size: 500 },
      { name: 'uninstalled', size: 400 },
      { name: 'plain', size: 300 },
    );
    approve(1, '2026-12-01T00:00:00.000Z');
    approve(3, '2026-11-11T00:00:00.000Z', 'Uninstall');
    expect(order()).toEqual(['bundle', 'member', 'plain', 'uninstalled']);
  });

  it('has what no approval needs come last where everything is fetched', () => {
    withUpdates({ name: 'tiny', size: 11 }, { name: 'approved', size: 900 });
    approve(2, null);
    expect(order()).toEqual(['tiny', 'approved']);
    expect(order({ approvedFirst: true })).toEqual(['approved', 'tiny']);
  });

  it('gives small files alone where large ones have the other places, but for what a client waits for', () => {
    withUpdates({ name: 'large', size: 900 }, { name: 'small', size: 11 }, { name: 'waited for', size: 800 });
    markWantedBySha1(db, [sha1Of('waited for')], NOW);
    expect(order({ largest: 100 })).toEqual(['waited for', 'small']);
  });
});
