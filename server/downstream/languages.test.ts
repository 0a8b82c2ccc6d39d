/** The Languages filter of GetRevisionIdList ([MS-WSUSSS] 3.1.4.5.3.1), and the languages that GetConfigData lists. */
import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import { Upstream } from '../../config/schema.ts';
import { GetConfigData, GetRevisionIdList } from '../../protocol/wsusss/server-sync.ts';
import { writeUpdateDocument } from '../../scripts/fixtures/update-document.ts';
import { cookie, sync, upstream, useUpstream } from '../../scripts/testing/upstream-client.ts';

useUpstream();

const ENGLISH = 1033;
const GERMAN = 1031;
const JAPANESE = 1041;
const idOf = (name: string): string => `0000000${name}-0000-4000-8000-000000000000`;

const importUpdate = (name: string, languages?: readonly string[]): void => {
  const document = writeUpdateDocument({
    updateId: idOf(name),
    revisionNumber: 1,
    updateType: 'Software',
    creationDate: '2026-01-01T00:00:00.000Z',
    texts: [{ language: 'en', title: name }],
    ...(languages === undefined ? {} : { languages }),
  });
  importRevisions(upstream().db, [{ document, fileUrls: new Map() }], upstream().now);
};

/** `!` for one whose Delta is false. */
const list = async (languages: readonly (number | `!${number}`)[], Anchor?: string, version?: string) => {
  const { GetRevisionIdListResult: result } = await sync(GetRevisionIdList, {
    cookie: await cookie(version),
    filter: {
      GetConfig: false,
      Get63LanguageOnly: false,
      ...(Anchor === undefined ? {} : { Anchor }),
      Languages: languages.map((language) => ({
        Id: Number(String(language).replace('!', '')),
        Delta: typeof language === 'number',
      })),
    },
  });
  return {
    anchor: result?.Anchor,
    names: result?.NewRevisions?.map(({ UpdateID }) => UpdateID.charAt(7)).sort(),
  };
};

describe('a downstream server that names languages', () => {
  beforeEach(() => {
    importUpdate('1');
    importUpdate('2', ['en', 'DE']);
    importUpdate('3', ['ja']);
    importUpdate('4', ['all']);
  });

  it('is told of updates in these, and of those for every language', async () => {
    expect((await list([ENGLISH])).names).toEqual(['1', '2', '4']);
    expect((await list([GERMAN, JAPANESE])).names).toEqual(['1', '2', '3', '4']);
    expect((await list([9999])).names).toEqual(['1', '4']);
    expect((await list([])).names).toEqual(['1', '2', '3', '4']);
    expect((await list([0, ENGLISH])).names).toEqual(['1', '2', '3', '4']);
  });

  it('is told of everything in a language that it names anew, and of what is newer of the others', async () => {
    const { anchor } = await list([ENGLISH]);
    importUpdate('5', ['en']);
    importUpdate('6', ['fr']);
    expect((await list([ENGLISH], anchor)).names).toEqual(['5']);
    expect((await list([ENGLISH, `!${JAPANESE}`], anchor)).names).toEqual(['3', '5']);
    expect((await list(['!0'], anchor)).names).toEqual(['1', '2', '3', '4', '5', '6']);
  });

  it('is told of every language where its protocol is older than the filter', async () => {
    expect((await list([ENGLISH], undefined, '1.2')).names).toEqual(['1', '2', '3', '4']);
    expect((await list([ENGLISH], undefined, '1.3')).names).toEqual(['1', '2', '4']);
  });
});

describe('the languages of GetConfigData', () => {
  const enabled = async (configAnchor?: string) => {
    const { GetConfigDataResult: result } = await sync(GetConfigData, {
      cookie: await cookie(),
      ...(configAnchor === undefined ? {} : { configAnchor }),
    });
    return {
      anchor: result?.NewConfigAnchor,
      languages: result?.LanguageUpdateList?.filter(({ Enabled }) => Enabled).map(
        ({ LanguageID }) => LanguageID,
      ),
    };
  };

  it('are those that the relay itself asks for, and are told anew when these change', async () => {
    const all = await enabled();
    expect(all.languages).toContain(0);
    expect((await enabled(all.anchor)).languages).toBeUndefined();
    upstream().config.upstream = Upstream.parse({
      url: 'https://upstream.test',
      pins: [`sha256/${'A'.repeat(43)}=`],
      languages: ['EN', 'de'],
    });
    expect((await enabled(all.anchor)).languages).toEqual([GERMAN, ENGLISH]);
  });
});
