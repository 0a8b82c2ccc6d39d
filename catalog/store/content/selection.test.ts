import fc from 'fast-check';
import { emptyDatabase } from '../../../scripts/testing/empty-database.ts';
import { digestOf, guidOf, writeDocument } from '../../../scripts/testing/update-documents.ts';
import type { DocumentFile, DocumentSpec } from '../../../scripts/testing/update-documents.ts';
import type { Database } from '../database/database.ts';
import { importRevisions } from '../revisions/revisions.ts';
import { missingContent } from './deployment-content.ts';
import { filesToOffer, followSelection, markWanted, markWantedBySha1 } from './files.ts';
import { forgetUnchosen } from './selection.ts';

const NOW = new Date('2026-11-10T18:00:00Z');
const sha1Of = (content: string): string => digestOf('sha1', content);
const fileOf = (content: string, extension = 'cab', patchingType?: string): DocumentFile => ({
  fileName: `${content}.${extension}`,
  content,
  ...(patchingType === undefined ? {} : { patchingType }),
});
const wanted = (db: Database): unknown[] =>
  db.prepare("SELECT sha1 FROM file WHERE content_state = 'wanted' ORDER BY sha1").pluck().all();
const sorted = (...contents: string[]): string[] => contents.map(sha1Of).sort();

/** RevisionIDs grow by one from 1. */
function withUpdates(...specs: Omit<DocumentSpec, 'updateId'>[]): Database {
  const db = emptyDatabase();
  const documents = specs.map((spec, index) => ({
    document: writeDocument({ updateId: guidOf(index + 1), ...spec }),
    fileUrls: new Map((spec.files ?? []).map(({ content }) => [sha1Of(content), `http://cdn/${content}`])),
  }));
  importRevisions(db, documents, NOW);
  return db;
}

const expressUpdate = {
  files: [
    fileOf('whole', 'cab', 'SelfContained'),
    fileOf('parts', 'cab', 'Express'),
    fileOf('storage', 'PSF'),
  ],
};

describe('An express file', () => {
  it('is neither fetched, counted as missing nor offered, so that agents take the self-contained one', () => {
    const db = withUpdates(expressUpdate);
    expect(missingContent(db, [1])).toEqual({ files: 1, bytes: 5 });
    expect(markWanted(db, [1], NOW)).toBe(1);
    expect(wanted(db)).toEqual(sorted('whole'));
    expect(filesToOffer(db, 1, { express: false }).map(({ sha1 }) => sha1)).toEqual(sorted('whole'));
  });

  it('is all of that where it is chosen', () => {
    const db = withUpdates(expressUpdate);
    const chosen = { express: true };
    expect(missingContent(db, [1], chosen)).toEqual({ files: 3, bytes: 17 });
    expect(markWanted(db, [1], NOW, chosen)).toBe(3);
    expect(filesToOffer(db, 1, chosen)).toHaveLength(3);
  });

  it('is fetched where its update has nothing else to be installed from', () => {
    const db = withUpdates({ files: [fileOf('only', 'psf', 'Express')] });
    expect(markWanted(db, [1], NOW)).toBe(1);
    expect(filesToOffer(db, 1, { express: false })).toHaveLength(1);
  });

  it('is fetched where another update has it as its self-contained file', () => {
    const db = withUpdates(expressUpdate, { files: [fileOf('parts', 'cab', 'SelfContained')] });
    markWanted(db, [1, 2], NOW);
    expect(wanted(db)).toEqual(sorted('whole', 'parts'));
  });

  it('goes off the queue when it is not chosen any more, unless somebody asked for it by name', () => {
    const db = withUpdates(expressUpdate);
    markWanted(db, [1], NOW, { express: true });
    markWantedBySha1(db, [sha1Of('storage')], NOW);
    expect(forgetUnchosen(db, [1], { express: false }, NOW)).toBe(1);
    expect(wanted(db)).toEqual(sorted('whole', 'storage'));
  });
});

describe('Of updates in several languages', () => {
  it('files are fetched where one of the languages is chosen, or the update is for every language', () => {
    const languages = ['en', 'de', 'pt-br', 'ja'];
    const list = fc.uniqueArray(fc.constantFrom(...languages), { maxLength: 3 });
    fc.assert(
      fc.property(
        fc.array(list, { maxLength: 6 }),
        fc.option(list, { nil: undefined }),
        (updates, chosen) => {
          const db = withUpdates(
            ...updates.map((each, index) => ({ languages: each, files: [fileOf(`file ${index}`)] })),
          );
          const ids = updates.map((_, index) => index + 1);
          markWanted(db, ids, NOW, { express: false, languages: chosen });
          const expected = updates.flatMap((each, index) =>
            chosen === undefined || each.length === 0 || each.some((language) => chosen.includes(language))
              ? [`file ${index}`]
              : [],
          );
          expect(wanted(db)).toEqual(sorted(...expected));
          db.close();
        },
      ),
      { numRuns: 25 },
    );
  });

  it('those of other languages are offered where the metadata says, and licence texts are always fetched', () => {
    const db = withUpdates({
      languages: ['de'],
      files: [fileOf('foreign')],
      eulaFiles: [{ ...fileOf('terms', 'txt'), language: 'de' }],
    });
    const english = { express: false, languages: ['en'] };
    markWanted(db, [1], NOW, english);
    expect(wanted(db)).toEqual(sorted('terms'));
    const offered = filesToOffer(db, 1, english).find(({ sha1 }) => sha1 === sha1Of('foreign'));
    expect(offered?.elsewhere).toBe('http://cdn/foreign');
    expect(filesToOffer(db, 1, { express: false }).every(({ elsewhere }) => elsewhere === undefined)).toBe(
      true,
    );
  });
});

describe('Where everything is fetched', () => {
  it('that is the files of the latest revision of all that is neither declined, expired nor only a part of others', () => {
    const deployable = { ExplicitlyDeployable: 'true' };
    const db = withUpdates(
      { properties: deployable, files: [fileOf('plain')] },
      {
        properties: deployable,
        files: [fileOf('bundle')],
        bundledUpdates: [[{ updateId: guidOf(3), revisionNumber: 1 }]],
      },
      { files: [fileOf('member')] },
      { files: [fileOf('part of nothing')] },
      { properties: deployable, files: [fileOf('declined')] },
      { properties: { ...deployable, PublicationState: 'Expired' }, files: [fileOf('expired')] },
      {
        updateId: guidOf(1),
        revisionNumber: 2,
        properties: deployable,
        files: [fileOf('newer')],
      } as DocumentSpec,
    );
    db.prepare("INSERT INTO declined_update VALUES (?, 'ada', '')").run(guidOf(5));
    const follow = (isAll: boolean): void => {
      followSelection(db, { isAll, selection: { express: false }, now: NOW });
    };
    follow(true);
    expect(wanted(db)).toEqual(sorted('newer', 'bundle', 'member'));
    db.prepare("INSERT INTO declined_update VALUES (?, 'ada', '')").run(guidOf(2));
    follow(true);
    expect(wanted(db)).toEqual(sorted('newer'));
    markWantedBySha1(db, [sha1Of('member')], NOW);
    follow(false);
    expect(wanted(db)).toEqual(sorted('member'));
  });
});
