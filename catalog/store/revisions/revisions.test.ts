import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { anyXmlText } from '../../../scripts/testing/any-xml-text.ts';
import { itWithSamples, readSample } from '../../../scripts/testing/protocol-samples.ts';
import { digestOf, guidOf, writeDocument } from '../../../scripts/testing/update-documents.ts';
import type { DocumentSpec } from '../../../scripts/testing/update-documents.ts';
import { UpdateDocumentError } from '../../metadata/update-document-error.ts';
import { openDatabase } from '../database/database.ts';
import type { Database } from '../database/database.ts';
import { restoreText } from '../database/deflated-text.ts';
import { readFragments } from './fragments.ts';
import { readGeneration } from '../database/generation.ts';
import {
  UnknownRevisionError,
  importRevisions,
  missingIdentities,
  readDocument,
  storedDocument,
} from './revisions.ts';

const NOW = new Date('2026-11-10T18:00:00Z');
const openEmpty = (): Database => openDatabase(join(mkdtempSync(join(tmpdir(), 'sluice-')), 'sluice.db'));

const importDocuments = (db: Database, documents: readonly string[]) =>
  importRevisions(
    db,
    documents.map((document) => ({ document, fileUrls: new Map<string, string>() })),
    NOW,
  );
const importSpecs = (db: Database, ...specs: readonly DocumentSpec[]) =>
  importDocuments(
    db,
    specs.map((spec) => writeDocument(spec)),
  );

const revisionRow = (db: Database, updateId: string, revisionNumber = 1): unknown =>
  db
    .prepare('SELECT * FROM revision WHERE update_id = ? AND revision_number = ?')
    .get(updateId, revisionNumber);
const revisionIdOf = (db: Database, updateId: string, revisionNumber = 1): number =>
  Number(
    db
      .prepare('SELECT revision_id FROM revision WHERE update_id = ? AND revision_number = ?')
      .pluck()
      .get(updateId, revisionNumber),
  );
const count = (db: Database, table: string): unknown =>
  db.prepare(`SELECT count(*) FROM ${table}`).pluck().get();
const categoriesOf = (db: Database, updateId: string, revisionNumber = 1): unknown[] =>
  db
    .prepare(
      `SELECT category_update_id FROM revision_category JOIN revision USING (revision_id)
       WHERE update_id = ? AND revision_number = ? ORDER BY category_update_id`,
    )
    .pluck()
    .all(updateId, revisionNumber);

const device = (id: string): string =>
  `<drv:WindowsDriverMetaData HardwareID="${id}" DriverVerDate="2026-03-01" DriverVerVersion="1.2.3.4" />`;

describe('importRevisions', () => {
  it('keeps what a document says', () => {
    const db = openEmpty();
    importSpecs(db, {
      updateId: guidOf(1).toUpperCase(),
      revisionNumber: 200,
      properties: { ExplicitlyDeployable: 'true', MsrcSeverity: 'Critical', DefaultPropertiesLanguage: 'de' },
      texts: [
        { language: 'de', title: 'Ein Update', description: 'Text' },
        { language: 'fr', title: 'Une mise à jour' },
      ],
      prerequisites: [{ updateIds: [guidOf(2), guidOf(3)] }, { updateIds: [guidOf(4)] }],
      bundledUpdates: [[{ updateId: guidOf(5), revisionNumber: 7 }]],
      supersededUpdateIds: [guidOf(6)],
      files: [{ fileName: 'a.CAB', content: 'cabinet' }],
    });
    expect(revisionRow(db, guidOf(1), 200)).toMatchObject({
      title: 'Ein Update',
      description: 'Text',
      explicitly_deployable: 1,
      msrc_severity: 'Critical',
      is_latest: 1,
      is_leaf: 1,
      arrived_at: '2026-11-10T18:00:00.000Z',
      import_sequence: 1,
    });
    expect(db.prepare('SELECT clause, update_id FROM prerequisite').raw().all()).toEqual([
      [0, guidOf(2)],
      [0, guidOf(3)],
      [1, guidOf(4)],
    ]);
    expect(
      db.prepare('SELECT member_update_id, member_revision_number FROM bundled_update').raw().all(),
    ).toEqual([[guidOf(5), 7]]);
    expect(db.prepare('SELECT superseded_update_id FROM superseded_update').pluck().all()).toEqual([
      guidOf(6),
    ]);
    expect(
      db
        .prepare('SELECT sha1, size, extension, file_name FROM file JOIN revision_file USING (sha1)')
        .raw()
        .all(),
    ).toEqual([[digestOf('sha1', 'cabinet'), 7, '.cab', 'a.CAB']]);
    db.close();
  });

  it('keeps drivers by hardware id in lower case', () => {
    const db = openEmpty();
    importSpecs(db, {
      updateId: guidOf(1),
      updateType: 'Driver',
      rules: `<upd:Metadata>${device('PCI\\VEN_8086')}${device('pci\\ven_8087')}</upd:Metadata>`,
    });
    expect(
      db.prepare("SELECT ordinal, hardware_id, metadata ->> 'hardwareId' FROM driver").raw().all(),
    ).toEqual([
      [0, 'pci\\ven_8086', 'PCI\\VEN_8086'],
      [1, 'pci\\ven_8087', 'pci\\ven_8087'],
    ]);
    db.close();
  });

  it('names an update without any text by its UpdateID', () => {
    const db = openEmpty();
    importSpecs(db, { updateId: guidOf(1) });
    expect(revisionRow(db, guidOf(1))).toMatchObject({ title: guidOf(1) });
    db.close();
  });

  it('counts new, revised and expired revisions, and those that were here already', () => {
    const db = openEmpty();
    const expired = { PublicationState: 'Expired' };
    expect(importSpecs(db, { updateId: guidOf(1) }, { updateId: guidOf(2) })).toEqual({
      added: 2,
      revised: 0,
      expired: 0,
      ignored: 0,
    });
    expect(
      importSpecs(
        db,
        { updateId: guidOf(1), revisionNumber: 2 },
        { updateId: guidOf(1), revisionNumber: 3, properties: expired },
        { updateId: guidOf(2) },
        { updateId: guidOf(3) },
        { updateId: guidOf(3) },
      ),
    ).toEqual({ added: 1, revised: 1, expired: 1, ignored: 2 });
    db.close();
  });

  it('advances the generation once where anything is new, and not where nothing is', () => {
    const db = openEmpty();
    const before = readGeneration(db);
    importSpecs(db, { updateId: guidOf(1) }, { updateId: guidOf(2) });
    expect(readGeneration(db)).toBe(before + 1);
    importSpecs(db, { updateId: guidOf(1) });
    importSpecs(db);
    expect(readGeneration(db)).toBe(before + 1);
    db.close();
  });

  it('counts imports, so that a downstream server can be told what is newer', () => {
    const db = openEmpty();
    importSpecs(db, { updateId: guidOf(1) }, { updateId: guidOf(2) });
    importSpecs(db, { updateId: guidOf(1) });
    importSpecs(db, { updateId: guidOf(3) });
    expect(db.prepare('SELECT import_sequence FROM revision ORDER BY revision_id').pluck().all()).toEqual([
      1, 1, 2,
    ]);
    db.close();
  });

  it('never changes a revision that is here, whatever a second document says of it', () => {
    const db = openEmpty();
    importSpecs(db, { updateId: guidOf(1), texts: [{ language: 'en', title: 'first' }] });
    const revisionId = revisionIdOf(db, guidOf(1));
    importSpecs(db, { updateId: guidOf(1), texts: [{ language: 'en', title: 'second' }] });
    expect(revisionRow(db, guidOf(1))).toMatchObject({ revision_id: revisionId, title: 'first' });
    db.close();
  });

  it('takes all or none: one bad document leaves the catalogue as it was', () => {
    const db = openEmpty();
    importSpecs(db, { updateId: guidOf(1) });
    const before = db.serialize();
    const good = writeDocument({ updateId: guidOf(2), prerequisites: [{ updateIds: [guidOf(1)] }] });
    expect(() => importDocuments(db, [good, '<not-an-update />'])).toThrow(UpdateDocumentError);
    expect(db.serialize().equals(before)).toBe(true);
    db.close();
  });

  it('can be part of a larger transaction, which undoes it', () => {
    const db = openEmpty();
    expect(() =>
      db.transaction(() => {
        importSpecs(db, { updateId: guidOf(1) });
        throw new Error('undone');
      })(),
    ).toThrow('undone');
    expect(count(db, 'revision')).toBe(0);
    db.close();
  });

  it('keeps an older revision that arrives late, without calling it the latest', () => {
    const db = openEmpty();
    importSpecs(db, { updateId: guidOf(1), revisionNumber: 5 });
    importSpecs(db, { updateId: guidOf(1), revisionNumber: 4 });
    expect(revisionRow(db, guidOf(1), 4)).toMatchObject({ is_latest: 0 });
    expect(revisionRow(db, guidOf(1), 5)).toMatchObject({ is_latest: 1 });
    importSpecs(db, { updateId: guidOf(1), revisionNumber: 6 });
    expect(revisionRow(db, guidOf(1), 5)).toMatchObject({ is_latest: 0 });
    db.close();
  });

  it('tells scans when an update that was a leaf is one no longer', () => {
    const db = openEmpty();
    importSpecs(db, { updateId: guidOf(1) }, { updateId: guidOf(2) });
    expect(count(db, 'scan_change')).toBe(0);
    const before = readGeneration(db);
    importSpecs(db, { updateId: guidOf(3), prerequisites: [{ updateIds: [guidOf(1)] }] });
    expect(revisionRow(db, guidOf(1))).toMatchObject({ is_leaf: 0 });
    expect(db.prepare('SELECT update_id, generation > ? FROM scan_change').raw().all(before)).toEqual([
      [guidOf(1), 1],
    ]);
    db.close();
  });

  it('leaves decisions on the revision they were made for', () => {
    const db = openEmpty();
    importSpecs(db, { updateId: guidOf(1) });
    const revisionId = revisionIdOf(db, guidOf(1));
    db.prepare(
      `INSERT INTO deployment (deployment_guid, revision_id, update_id, group_id, action, admin_name, changed_at)
       VALUES ('d', ?, ?, 'a0a08746-4dbe-4a37-9adf-9e7652c0b421', 'Install', 'tester', '2026')`,
    ).run(revisionId, guidOf(1));
    importSpecs(db, { updateId: guidOf(1), revisionNumber: 2 });
    expect(db.prepare('SELECT revision_id FROM deployment').pluck().all()).toEqual([revisionId]);
    db.close();
  });
});

describe('An imported document', () => {
  it('comes out to the byte as it went in', () => {
    const db = openEmpty();
    let number = 0;
    fc.assert(
      fc.property(
        anyXmlText({ maxLength: 1000 }),
        fc.constantFrom('', '\ufeff', '<?xml version="1.0" encoding="utf-16"?>\r\n', '<!-- é -->'),
        fc.constantFrom('', '\r\n', '  '),
        (title, start, separator) => {
          number += 1;
          const document =
            start +
            writeDocument(
              { updateId: guidOf(number), texts: [{ language: 'en', title }] },
              { prefix: 'upd', separator, upperCaseGuids: number % 2 === 0 },
            );
          importDocuments(db, [document]);
          expect(restoreText(storedDocument(db, guidOf(number).toUpperCase(), 1) ?? '')).toBe(document);
          expect(readDocument(db, revisionIdOf(db, guidOf(number)))).toBe(document);
        },
      ),
    );
    db.close();
  });

  itWithSamples('of a Windows server comes out to the byte, with its fragments', () => {
    const db = openEmpty();
    const names = ['56309036-r101', '6964aab4-r100', 'ccb78947-r200'];
    const documents = names.map((name) => readSample(`wsus-rs/${name}.update.xml`).toString('utf8'));
    expect(importDocuments(db, documents)).toMatchObject({ added: 3 });
    for (const [index, document] of documents.entries()) expect(readDocument(db, index + 1)).toBe(document);
    expect(revisionRow(db, '56309036-4c77-4dd9-951a-99ee9c246a94', 101)).toMatchObject({
      core: readSample('wsus-rs/56309036-r101.core.txt').toString('utf8'),
    });
    expect(readFragments(db, [1, 2], ['Extended', 'LocalizedProperties'], ['PT-BR', 'xx'])).toMatchObject([
      { revisionId: 1, type: 'Extended' },
      { revisionId: 1, type: 'LocalizedProperties', locale: 'pt-br' },
      { revisionId: 2, type: 'Extended' },
      { revisionId: 2, type: 'LocalizedProperties', locale: 'pt-br' },
    ]);
    expect(categoriesOf(db, '6964aab4-c5b5-43bd-a17d-ffb4346a8e1d', 100)).toEqual([
      '56309036-4c77-4dd9-951a-99ee9c246a94',
    ]);
    db.close();
  });

  it('that is not here is said to be missing', () => {
    const db = openEmpty();
    importSpecs(db, { updateId: guidOf(1), revisionNumber: 2 });
    expect(() => readDocument(db, 99)).toThrow(UnknownRevisionError);
    expect(storedDocument(db, guidOf(1), 3)).toBeUndefined();
    const asked = [
      { updateId: guidOf(2), revisionNumber: 2 },
      { updateId: guidOf(1).toUpperCase(), revisionNumber: 2 },
      { updateId: guidOf(1), revisionNumber: 1 },
    ];
    expect(missingIdentities(db, asked)).toEqual([asked[0], asked[2]]);
    db.close();
  });
});

describe('Fragments', () => {
  it('are answered by type and by the locales that are named', () => {
    const db = openEmpty();
    importSpecs(db, {
      updateId: guidOf(1),
      texts: [
        { language: 'en', title: 'English' },
        { language: 'de', title: 'Deutsch' },
      ],
      eulaFiles: [{ language: 'en', fileName: 'eula.txt', content: 'terms' }],
    });
    const typesAndLocales = (
      ...asked: Parameters<typeof readFragments> extends [Database, ...infer R] ? R : never
    ) => readFragments(db, ...asked).map(({ type, locale }) => [type, locale]);
    expect(typesAndLocales([1], ['LocalizedProperties', 'Eula'], ['EN'])).toEqual([
      ['LocalizedProperties', 'en'],
      ['Eula', 'en'],
    ]);
    expect(typesAndLocales([1], ['Extended'], [])).toEqual([['Extended', '']]);
    expect(typesAndLocales([1], [], ['en'])).toEqual([]);
    expect(typesAndLocales([2], ['Extended'], ['en'])).toEqual([]);
    db.close();
  });
});
