import { jest } from '@jest/globals';
import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import type { RequestToWrite } from '../../protocol/soap/table.ts';
import { DownloadFiles, GetRevisionIdList, GetUpdateData } from '../../protocol/wsusss/server-sync.ts';
import { describeContent } from '../../scripts/fixtures/content-file.ts';
import { writeUpdateDocument } from '../../scripts/fixtures/update-document.ts';
import type { UpdateSpec } from '../../scripts/fixtures/update-document.ts';
import {
  MINUTE,
  START,
  cookie,
  faultOf,
  sync,
  upstream,
  useUpstream,
} from '../../scripts/testing/upstream-client.ts';

useUpstream();

const idOf = (digit: string): string => `0000000${digit}-0000-4000-8000-000000000000`;

const specOf = (digit: string, more: Partial<UpdateSpec> = {}): UpdateSpec => ({
  updateId: idOf(digit),
  revisionNumber: 1,
  updateType: 'Software',
  creationDate: '2026-01-01T00:00:00.000Z',
  texts: [{ language: 'en', title: `Update ${digit} <&>` }],
  ...more,
});

const importAll = (
  specs: readonly UpdateSpec[],
  fileUrls: ReadonlyMap<string, string> = new Map(),
): string[] => {
  const documents = specs.map(writeUpdateDocument);
  importRevisions(
    upstream().db,
    documents.map((document) => ({ document, fileUrls })),
    upstream().now,
  );
  return documents;
};

const list = async (
  filter: Omit<NonNullable<RequestToWrite<typeof GetRevisionIdList>['filter']>, 'Get63LanguageOnly'>,
) => {
  const { GetRevisionIdListResult } = await sync(GetRevisionIdList, {
    cookie: await cookie(),
    filter: { Get63LanguageOnly: false, ...filter },
  });
  return {
    anchor: GetRevisionIdListResult?.Anchor,
    ids: GetRevisionIdListResult?.NewRevisions?.map(({ UpdateID }) => UpdateID.charAt(7)),
  };
};

describe('GetRevisionIdList', () => {
  it('makes the same list of the same catalogue once, however many ask, and anew when the catalogue changed', async () => {
    importAll([specOf('1'), specOf('2')]);
    const { db } = upstream();
    const listing = /WITH RECURSIVE listed/;
    const prepare = jest.spyOn(db, 'prepare');
    const made = (): number => prepare.mock.calls.filter(([sql]) => listing.test(sql)).length;
    const everything = async () => await list({ GetConfig: false });
    const answers = await Promise.all(Array.from({ length: 8 }, everything));
    expect(answers.every(({ ids }) => ids?.join() === '1,2')).toBe(true);
    expect(made()).toBe(1);
    importAll([specOf('3')]);
    expect((await everything()).ids).toEqual(['1', '2', '3']);
    expect((await list({ GetConfig: false, Anchor: answers[0]?.anchor })).ids).toEqual(['3']);
    expect((await everything()).ids).toEqual(['1', '2', '3']);
    expect(made()).toBe(3);
    prepare.mockRestore();
  });

  it('answers an empty list with an anchor that is good for the next call', async () => {
    const { anchor, ids } = await list({ GetConfig: true });
    expect(ids).toEqual([]);
    await expect(list({ GetConfig: true, Anchor: anchor })).resolves.toEqual({ anchor, ids: [] });
  });

  it('answers categories, or updates with their bundles, and then only what is new', async () => {
    importAll([
      specOf('1', { updateType: 'Category' }),
      specOf('2', { updateType: 'Detectoid' }),
      specOf('3'),
      specOf('4', {
        bundledUpdates: [[{ updateId: idOf('3'), revisionNumber: 1 }]],
        explicitlyDeployable: true,
      }),
    ]);
    const categories = await list({ GetConfig: true });
    expect(categories.ids).toEqual(['1', '2']);
    const updates = await list({ GetConfig: false });
    expect(updates.ids?.sort()).toEqual(['3', '4']);
    expect(updates.anchor).toMatch(/^\d+,2026-03-01 12:00:00\.000$/);
    upstream().now = new Date(START.getTime() + MINUTE);
    importAll([specOf('5'), specOf('3', { revisionNumber: 2 })]);
    await expect(list({ GetConfig: true, Anchor: categories.anchor })).resolves.toMatchObject({ ids: [] });
    const newer = await list({ GetConfig: false, Anchor: updates.anchor });
    expect(newer.ids?.sort()).toEqual(['3', '5']);
    await expect(list({ GetConfig: false, Anchor: newer.anchor })).resolves.toMatchObject({ ids: [] });
  });

  it.each([
    'x',
    '1',
    '1,2026-13-01 00:00:00.000',
    '-1,2026-01-01 00:00:00.000',
    '1,2026-01-01',
    "1,2026-01-01 00:00:00.000'--",
  ])('does not take %j for an anchor', async (Anchor) => {
    await expect(faultOf(list({ GetConfig: true, Anchor }))).resolves.toBe('InvalidParameters: filter');
  });

  it('says that the server is another where the anchor is of a future that it does not have', async () => {
    await expect(faultOf(list({ GetConfig: true, Anchor: '9,2026-01-01 00:00:00.000' }))).resolves.toMatch(
      /^ServerChanged/,
    );
  });

  it('wants a filter', async () => {
    await expect(faultOf(sync(GetRevisionIdList, { cookie: await cookie() }))).resolves.toBe(
      'InvalidParameters: filter',
    );
  });
});

const fileOf = (name: string) => describeContent(name, Buffer.from(name), '2026-01-01T00:00:00.000Z');

const identity = (digit: string, RevisionNumber = 1) => ({ UpdateID: idOf(digit), RevisionNumber });

const hex = (digest: Buffer | undefined): string | undefined => digest?.toString('hex');

describe('GetUpdateData', () => {
  it('answers the documents to the letter, in the order asked, and once where asked twice', async () => {
    const [first, second] = importAll([
      specOf('1'),
      specOf('2', { texts: [{ language: 'ja', title: '更新 "1" &amp; 𝛼' }] }),
    ]);
    const { GetUpdateDataResult } = await sync(GetUpdateData, {
      cookie: await cookie(),
      updateIds: [identity('2'), identity('1'), identity('2')],
    });
    expect(GetUpdateDataResult?.updates?.map(({ XmlUpdateBlob }) => XmlUpdateBlob)).toEqual([second, first]);
    expect(GetUpdateDataResult?.updates?.map(({ Id }) => Id)).toEqual([identity('2'), identity('1')]);
    expect(GetUpdateDataResult?.updates?.[0]?.FileDigestList).toBeUndefined();
    expect(GetUpdateDataResult?.fileUrls).toEqual([]);
  });

  it('fails as a whole where one revision is not here', async () => {
    importAll([specOf('1')]);
    for (const unknown of [identity('9'), identity('1', 2)]) {
      const answer = sync(GetUpdateData, { cookie: await cookie(), updateIds: [identity('1'), unknown] });
      await expect(faultOf(answer)).resolves.toMatch(/^InternalServerError/);
    }
  });

  it('names the digests of the files and where each is on the internet', async () => {
    const [one, two] = [fileOf('one.cab'), fileOf('two.psf')];
    importAll(
      [specOf('1', { files: [one, two] }), specOf('2', { files: [one] })],
      new Map([[one.sha1, 'http://mu.example/one.cab']]),
    );
    const { GetUpdateDataResult } = await sync(GetUpdateData, {
      cookie: await cookie(),
      updateIds: [identity('1'), identity('2')],
    });
    expect(
      GetUpdateDataResult?.updates?.map(({ FileDigestList }) => FileDigestList?.map(hex).sort()),
    ).toEqual([[one.sha1, two.sha1].sort(), [one.sha1]]);
    expect(
      new Map(GetUpdateDataResult?.fileUrls?.map(({ FileDigest, MUUrl }) => [hex(FileDigest), MUUrl])),
    ).toEqual(
      new Map([
        [one.sha1, 'http://mu.example/one.cab'],
        [two.sha1, undefined],
      ]),
    );
  });

  it('takes a hundred and no more', async () => {
    importAll([specOf('1')]);
    const session = await cookie();
    const hundred = Array.from({ length: 100 }, () => identity('1'));
    await expect(faultOf(sync(GetUpdateData, { cookie: session, updateIds: hundred }))).resolves.toBe(
      'no fault',
    );
    await expect(
      faultOf(sync(GetUpdateData, { cookie: session, updateIds: [...hundred, identity('1')] })),
    ).resolves.toBe('InvalidParameters: updateIds');
    await expect(faultOf(sync(GetUpdateData, { cookie: session }))).resolves.toBe(
      'InvalidParameters: updateIds',
    );
  });
});

const download = async (digests: readonly Buffer[] | undefined): Promise<string> =>
  await faultOf(sync(DownloadFiles, { cookie: await cookie(), fileDigestList: digests }));

describe('DownloadFiles', () => {
  it('has files fetched that are not here, and says so once', async () => {
    const one = fileOf('one.cab');
    importAll([specOf('1', { files: [one] })]);
    const digest = Buffer.from(one.sha1, 'hex');
    await expect(download([digest])).resolves.toBe('no fault');
    await expect(download([digest])).resolves.toBe('no fault');
    expect(upstream().contentWanted).toBe(1);
    expect(upstream().db.prepare('SELECT content_state FROM file').pluck().all()).toEqual(['wanted']);
  });

  it('names the digests that nothing here has, and fetches the others', async () => {
    const one = fileOf('one.cab');
    importAll([specOf('1', { files: [one] })]);
    const unknown = [Buffer.alloc(20, 1), Buffer.alloc(20, 2)];
    await expect(download([Buffer.from(one.sha1, 'hex'), ...unknown])).resolves.toBe(
      `FileDigestsMissing: ${unknown.map((digest) => digest.toString('base64')).join('|')}`,
    );
    expect(upstream().db.prepare('SELECT content_state FROM file').pluck().all()).toEqual(['wanted']);
    expect(upstream().contentWanted).toBe(1);
  });

  it('takes a hundred digests of twenty bytes and nothing else', async () => {
    const refused = 'InvalidParameters: fileDigestList';
    await expect(download(undefined)).resolves.toBe(refused);
    await expect(download([Buffer.alloc(19)])).resolves.toBe(refused);
    await expect(download(Array.from({ length: 101 }, () => Buffer.alloc(20)))).resolves.toBe(refused);
    await expect(download([])).resolves.toBe('no fault');
  });

  it('does nothing where no content is stored', async () => {
    upstream().config.content.store = 'none';
    importAll([specOf('1', { files: [fileOf('one.cab')] })]);
    await expect(download([Buffer.from(fileOf('one.cab').sha1, 'hex')])).resolves.toBe('no fault');
    expect(upstream().contentWanted).toBe(0);
  });
});
