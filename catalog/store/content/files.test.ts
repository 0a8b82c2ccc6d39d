import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { digestOf, guidOf, writeDocument } from '../../../scripts/testing/update-documents.ts';
import type { DocumentFile, DocumentSpec } from '../../../scripts/testing/update-documents.ts';
import { UpdateDocumentError } from '../../metadata/update-document-error.ts';
import { markPresent } from './content-queue.ts';
import { openDatabase } from '../database/database.ts';
import type { Database } from '../database/database.ts';
import { fileBySha1, filesOfRevisions, markWanted, followSelection } from './files.ts';
import { importRevisions } from '../revisions/revisions.ts';

const NOW = new Date('2026-11-10T18:00:00Z');
const openEmpty = (): Database => openDatabase(join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.db'));

/** RevisionIDs grow by one from 1 in the order of import. */
const importSpec = (
  db: Database,
  spec: DocumentSpec,
  fileUrls: ReadonlyMap<string, string> = new Map(),
): void => {
  importRevisions(db, [{ document: writeDocument(spec), fileUrls }], NOW);
};
const fileOf = (content: string): DocumentFile => ({ fileName: `${content}.cab`, content });
const sha1Of = (content: string): string => digestOf('sha1', content);
const wanted = (db: Database): unknown[] =>
  db.prepare("SELECT sha1 FROM file WHERE content_state = 'wanted' ORDER BY sha1").pluck().all();

describe('Files of an imported update', () => {
  it('are known by both digests, size, extension and where they are', () => {
    const db = openEmpty();
    const url = 'http://download.example/a.cab';
    importSpec(
      db,
      { updateId: guidOf(1), files: [fileOf('a'), { ...fileOf('b'), withoutSha256: true }] },
      new Map([[sha1Of('a'), url]]),
    );
    expect(fileBySha1(db, sha1Of('a').toUpperCase())).toEqual({
      sha1: sha1Of('a'),
      sha256: digestOf('sha256', 'a'),
      size: 1,
      extension: '.cab',
      muUrl: url,
      contentState: 'absent',
    });
    expect(fileBySha1(db, sha1Of('b'))).not.toHaveProperty('sha256');
    expect(fileBySha1(db, sha1Of('c'))).toBeUndefined();
    expect(filesOfRevisions(db, [1, 2]).map(({ sha1 }) => sha1)).toEqual([sha1Of('a'), sha1Of('b')].sort());
    db.close();
  });

  it('are kept once where several updates have them', () => {
    const db = openEmpty();
    importSpec(db, {
      updateId: guidOf(1),
      files: [fileOf('a')],
      eulaFiles: [{ ...fileOf('a'), language: 'en' }],
    });
    importSpec(db, { updateId: guidOf(2), files: [{ ...fileOf('a'), fileName: 'other.cab' }] });
    expect(filesOfRevisions(db, [1, 2])).toHaveLength(1);
    expect(db.prepare('SELECT file_name, is_eula FROM revision_file ORDER BY 1').raw().all()).toEqual([
      ['a.cab', 0],
      ['other.cab', 0],
    ]);
    db.close();
  });

  it('follow to a new address, even when the revision is here already', () => {
    const db = openEmpty();
    const spec = { updateId: guidOf(1), files: [fileOf('a')] };
    importSpec(db, spec);
    importSpec(db, spec, new Map([[sha1Of('a'), 'http://new.example/a.cab']]));
    importSpec(db, spec);
    expect(fileBySha1(db, sha1Of('a'))?.muUrl).toBe('http://new.example/a.cab');
    db.close();
  });

  it('are refused where a document contradicts what is known of a digest', () => {
    const db = openEmpty();
    importSpec(db, { updateId: guidOf(1), files: [fileOf('a')] });
    const document = writeDocument({ updateId: guidOf(2), files: [fileOf('a')] });
    const contradictions = [
      document.replace(/(SHA256">)[^<]+/, `$1${Buffer.alloc(32).toString('base64')}`),
      document.replace('Size="1"', 'Size="2"'),
    ];
    for (const contradiction of contradictions) {
      const attempt = () => importRevisions(db, [{ document: contradiction, fileUrls: new Map() }], NOW);
      expect(attempt).toThrow(UpdateDocumentError);
      expect(attempt).toThrow(/is known with .*One of the two documents is wrong/);
    }
    expect(fileBySha1(db, sha1Of('a'))).toMatchObject({ sha256: digestOf('sha256', 'a'), size: 1 });
    expect(filesOfRevisions(db, [2])).toEqual([]);
    db.close();
  });

  it('are to be checked again once a document adds the SHA-256', () => {
    const db = openEmpty();
    importSpec(db, { updateId: guidOf(1), files: [{ ...fileOf('a'), withoutSha256: true }] });
    markPresent(db, sha1Of('a'), '1:1:1', NOW);
    expect(fileBySha1(db, sha1Of('a'))).toMatchObject({ contentState: 'present', verifiedStat: '1:1:1' });
    importSpec(db, { updateId: guidOf(2), files: [fileOf('a')] });
    const file = fileBySha1(db, sha1Of('a'));
    expect(file).toMatchObject({ contentState: 'present', sha256: digestOf('sha256', 'a') });
    expect(file).not.toHaveProperty('verifiedStat');
    db.close();
  });
});

const member = (number: number) => [{ updateId: guidOf(number), revisionNumber: 1 }];

describe('markWanted', () => {
  it('wants the files of an update and of all that it bundles, however deep, even in a circle', () => {
    const db = openEmpty();
    importSpec(db, { updateId: guidOf(1), files: [fileOf('a')], bundledUpdates: [member(2)] });
    importSpec(db, { updateId: guidOf(2), files: [fileOf('b')], bundledUpdates: [member(3), member(1)] });
    importSpec(db, { updateId: guidOf(3), files: [fileOf('c')] });
    importSpec(db, { updateId: guidOf(3), revisionNumber: 2, files: [fileOf('newer')] });
    importSpec(db, {
      updateId: guidOf(4),
      files: [fileOf('d')],
      prerequisites: [{ updateIds: [guidOf(1)] }],
    });
    expect(markWanted(db, [1], NOW)).toBe(3);
    expect(wanted(db)).toEqual(['a', 'b', 'c'].map(sha1Of).sort());
    expect(markWanted(db, [1], NOW)).toBe(0);
    db.close();
  });

  it('leaves alone what is here', () => {
    const db = openEmpty();
    importSpec(db, { updateId: guidOf(1), files: [fileOf('a'), fileOf('b')] });
    markPresent(db, sha1Of('a'), '1:1:1', NOW);
    expect(markWanted(db, [1], NOW)).toBe(1);
    expect(wanted(db)).toEqual([sha1Of('b')]);
    db.close();
  });
});

describe('followSelection', () => {
  it('wants the files of a member that arrived after its bundle was approved for installation', () => {
    const db = openEmpty();
    importSpec(db, { updateId: guidOf(1), bundledUpdates: [member(2)] });
    importSpec(db, { updateId: guidOf(3), files: [fileOf('not approved')] });
    db.prepare(
      `INSERT INTO deployment (deployment_guid, revision_id, update_id, group_id, action, admin_name, changed_at)
       SELECT 'guid', 1, ?, group_id, 'Install', 'tester', '' FROM target_group WHERE name = 'All Computers'`,
    ).run(guidOf(1));
    const follow = (): void => followSelection(db, { isAll: false, selection: { express: false }, now: NOW });
    follow();
    expect(wanted(db)).toEqual([]);
    importSpec(db, { updateId: guidOf(2), files: [fileOf('late')] });
    follow();
    expect(wanted(db)).toEqual([sha1Of('late')]);
    db.close();
  });
});
