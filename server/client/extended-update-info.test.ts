import { createHash } from 'node:crypto';
import { readDocument, importRevisions } from '../../catalog/store/revisions/revisions.ts';
import { parseUpdate } from '../../catalog/metadata/parse.ts';
import {
  clientService,
  GetExtendedUpdateInfo,
  GetExtendedUpdateInfo2,
  GetFileLocations,
} from '../../protocol/wusp/client.ts';
import { demoCatalogue, type DemoCatalogue } from '../../scripts/fixtures/demo-catalogue.ts';
import type { GeneratedUpdate } from '../../scripts/fixtures/catalogue-builder.ts';
import { ALL_COMPUTERS, ClientServices, deploy, faultOf } from '../../scripts/testing/client-services.ts';
import { digestOf, guidOf, writeDocument } from '../../scripts/testing/update-documents.ts';
import { TestAgent } from '../../scripts/testing/test-agent.ts';

const PC = '5c7f4f80-3896-4d10-8a38-469286a0febc';
const CDN = 'http://cdn.example/';

const catalogue: DemoCatalogue = demoCatalogue(7);

const withFiles = catalogue.documents.find(
  ({ updateType, explicitlyDeployable, files, document }) =>
    updateType === 'Software' && explicitlyDeployable && files.length > 0 && document.includes('>de<'),
)!;
const withLicence = catalogue.documents.find(({ document }) => document.includes('EulaFile'))!;
const forLab = catalogue.documents.find(
  ({ updateType, explicitlyDeployable, files, updateId }) =>
    updateType === 'Software' && explicitlyDeployable && files.length > 0 && updateId !== withFiles.updateId,
)!;
const hidden = catalogue.documents.find(({ updateType }) => updateType === 'Driver')!;

const revisionIdOf = ({ db }: ClientServices, { updateId, revisionNumber }: GeneratedUpdate): number =>
  db
    .prepare<[string, number], number>(
      'SELECT revision_id FROM revision WHERE update_id = ? AND revision_number = ?',
    )
    .pluck()
    .get(updateId, revisionNumber)!;

/** A relay that has synchronized the demonstration's catalogue, with two updates approved for all. */
const server = new ClientServices();
const agent = new TestAgent(server, PC);
let revisionId = 0;

beforeAll(async () => {
  const fileUrls = new Map([...catalogue.files.keys()].map((sha1) => [sha1, `${CDN}${sha1}`]));
  const arrivals = catalogue.documents.map(({ document }) => ({ document, fileUrls }));
  importRevisions(server.db, arrivals, new Date('2026-11-01T00:00:00Z'));
  for (const update of [withFiles, withLicence])
    deploy(server.db, { revisionId: revisionIdOf(server, update), updateId: update.updateId });
  revisionId = revisionIdOf(server, withFiles);
  await agent.enrol();
});

describe('A list of languages', () => {
  it.each(['x'.repeat(86), 'x'.repeat(1_000_000)])(
    'is refused where one is longer than any name of a language: what was asked for is remembered',
    async (locale) => {
      const asked = server.call(clientService, GetExtendedUpdateInfo, {
        cookie: agent.cookie,
        revisionIDs: [revisionId],
        infoTypes: ['Extended'],
        locales: [locale],
        GeoId: 'USA',
      });
      expect(await faultOf(asked)).toBe('InvalidParameters locales');
    },
  );
});

describe('GetExtendedUpdateInfo2', () => {
  it('sends what is named many times once', async () => {
    const { updateId: UpdateID, revisionNumber: RevisionNumber } = withFiles;
    const { GetExtendedUpdateInfo2Result } = await server.call(clientService, GetExtendedUpdateInfo2, {
      cookie: agent.cookie,
      updateIDs: Array.from({ length: 50 }, () => ({ UpdateID, RevisionNumber })),
      infoTypes: ['Core'],
      locales: [],
    });
    expect(GetExtendedUpdateInfo2Result?.Updates?.map(({ ID }) => ID)).toEqual([revisionId]);
  });
});

describe('GetExtendedUpdateInfo', () => {
  it('gives handler data, texts in the languages asked for and in English, and where the files are', async () => {
    const { GetExtendedUpdateInfoResult } = await server.call(clientService, GetExtendedUpdateInfo, {
      cookie: agent.cookie,
      revisionIDs: [revisionId],
      infoTypes: ['Extended', 'LocalizedProperties'],
      locales: ['de-DE', 'DE'],
      GeoId: 'USA',
    });
    const xml = GetExtendedUpdateInfoResult?.Updates?.map(({ ID, Xml }) => {
      expect(ID).toBe(revisionId);
      return Xml ?? '';
    });
    const languages = xml?.flatMap((text) => /<Language>(.*?)<\/Language>/.exec(text)?.[1] ?? []);
    expect(languages?.sort()).toEqual(['de', 'en']);
    expect(xml?.filter((text) => text.includes('<Files>'))).toHaveLength(1);

    const parsed = parseUpdate(readDocument(server.db, revisionId));
    expect(GetExtendedUpdateInfoResult?.FileLocations).toHaveLength(parsed.files.length);
    for (const { FileDigest, Url } of GetExtendedUpdateInfoResult?.FileLocations ?? []) {
      const hex = FileDigest!.toString('hex');
      expect(createHash('sha1').update(catalogue.files.get(hex)!).digest('hex')).toBe(hex);
      const name = hex.toUpperCase();
      expect(Url).toMatch(
        new RegExp(`^http://wsus\\.example:8530/Content/${name.slice(-2)}/${name}\\.\\w+$`),
      );
    }
    expect(GetExtendedUpdateInfoResult?.OutOfScopeRevisionIDs ?? []).toEqual([]);
  });

  it('sends those who ask alike the very same pieces up to the texts of their updates, so that they are packed once', async () => {
    const ask = (infoTypes: ('Core' | 'Extended')[], locales = ['en']) =>
      server.prepared(clientService, GetExtendedUpdateInfo, {
        cookie: agent.cookie,
        revisionIDs: [revisionId, revisionIdOf(server, withLicence)],
        infoTypes,
        locales,
        GeoId: 'USA',
      });
    const [one, other] = [await ask(['Extended']), await ask(['Extended'])];
    expect(one.shared).toBe(3);
    expect(other.shared).toBe(3);
    for (let at = 0; at < 3; at += 1) expect(other.chunks[at]).toBe(one.chunks[at]);
    expect(Buffer.concat(other.chunks).equals(Buffer.concat(one.chunks))).toBe(true);
    // Cores are written anew for each: to keep what is packed of them would help nobody.
    expect((await ask(['Core', 'Extended'])).shared).toBe(0);
    expect((await ask([])).shared).toBe(0);
  });

  it('gives the core that a scan gives, and licence terms', async () => {
    const licensed = revisionIdOf(server, withLicence);
    const ask = async (infoType: 'Core' | 'Eula') =>
      (
        await server.call(clientService, GetExtendedUpdateInfo, {
          cookie: agent.cookie,
          revisionIDs: [licensed],
          infoTypes: [infoType],
          locales: ['en'],
        })
      ).GetExtendedUpdateInfoResult?.Updates ?? [];
    const core = server.db.prepare('SELECT core FROM revision WHERE revision_id = ?').pluck().get(licensed);
    expect((await ask('Core')).map(({ Xml }) => Xml)).toEqual([core]);
    expect((await ask('Eula'))[0]?.Xml).toContain('<EulaFile ');
  });

  it('says which of the revisions are not deployed to the computer, and tells nothing of them', async () => {
    const hiddenId = revisionIdOf(server, hidden);
    const { GetExtendedUpdateInfoResult } = await server.call(clientService, GetExtendedUpdateInfo, {
      cookie: agent.cookie,
      revisionIDs: [hiddenId, 999_999],
      infoTypes: ['Core', 'Extended', 'LocalizedProperties'],
      locales: ['en'],
    });
    expect(GetExtendedUpdateInfoResult?.OutOfScopeRevisionIDs).toEqual([hiddenId, 999_999]);
    expect(GetExtendedUpdateInfoResult?.Updates ?? []).toEqual([]);
    expect(GetExtendedUpdateInfoResult?.FileLocations ?? []).toEqual([]);
  });

  it('names no express file where none is fetched, so that the agent takes the self-contained one', async () => {
    const files = [
      { fileName: 'whole.cab', content: 'whole', patchingType: 'SelfContained' },
      { fileName: 'parts.psf', content: 'parts', patchingType: 'Express' },
    ];
    const update = { updateId: guidOf(77), properties: { ExplicitlyDeployable: 'true' }, files };
    importRevisions(server.db, [{ document: writeDocument(update), fileUrls: new Map() }], new Date());
    const express = server.db
      .prepare<[string], number>('SELECT revision_id FROM revision WHERE update_id = ?')
      .pluck()
      .get(guidOf(77))!;
    deploy(server.db, { revisionId: express, updateId: guidOf(77) });
    const named = async (services: ClientServices): Promise<(string | undefined)[]> => {
      const { GetExtendedUpdateInfoResult } = await services.call(clientService, GetExtendedUpdateInfo, {
        cookie: agent.cookie,
        revisionIDs: [express],
        infoTypes: ['Extended'],
      });
      return (GetExtendedUpdateInfoResult?.FileLocations ?? []).map(({ FileDigest }) =>
        FileDigest?.toString('hex'),
      );
    };
    expect(await named(server)).toEqual([digestOf('sha1', 'whole')]);
    const all = new ClientServices({ db: server.db, config: { content: { express: true } } });
    expect(new Set(await named(all))).toEqual(
      new Set(['whole', 'parts'].map((each) => digestOf('sha1', each))),
    );
  });

  it('gives the address that the upstream named where content is not kept', async () => {
    const without = new ClientServices({ db: server.db, config: { content: { store: 'none' } } });
    const { GetExtendedUpdateInfoResult } = await without.call(clientService, GetExtendedUpdateInfo, {
      cookie: agent.cookie,
      revisionIDs: [revisionId],
      infoTypes: ['Extended'],
    });
    for (const { FileDigest, Url } of GetExtendedUpdateInfoResult?.FileLocations ?? [])
      expect(Url).toBe(`${CDN}${FileDigest?.toString('hex')}`);
    expect(GetExtendedUpdateInfoResult?.FileLocations?.length).toBeGreaterThan(0);
  });
});

describe('GetExtendedUpdateInfo2', () => {
  it('gives the same for an update by its identity', async () => {
    const request = {
      cookie: agent.cookie,
      infoTypes: ['Extended', 'LocalizedProperties'],
      locales: ['en'],
    } as const;
    const { updateId, revisionNumber } = withFiles;
    const byIdentity = await server.call(clientService, GetExtendedUpdateInfo2, {
      ...request,
      updateIDs: [{ UpdateID: updateId, RevisionNumber: revisionNumber }],
    });
    const byId = await server.call(clientService, GetExtendedUpdateInfo, {
      ...request,
      revisionIDs: [revisionId],
    });
    expect(byIdentity.GetExtendedUpdateInfo2Result?.Updates).toEqual(
      byId.GetExtendedUpdateInfoResult?.Updates,
    );
    expect(byIdentity.GetExtendedUpdateInfo2Result?.FileLocations).toEqual(
      byId.GetExtendedUpdateInfoResult?.FileLocations,
    );
    expect(byId.GetExtendedUpdateInfoResult?.Updates?.length).toBeGreaterThan(1);
  });
});

describe('both', () => {
  const NOTHING = { ids: [], files: 0 };
  const about = async (cookie: TestAgent['cookie'], ...updates: readonly GeneratedUpdate[]) => {
    const request = { cookie, infoTypes: ['Extended'], locales: ['en'] } as const;
    const byId = await server.call(clientService, GetExtendedUpdateInfo, {
      ...request,
      revisionIDs: updates.map((update) => revisionIdOf(server, update)),
    });
    const byIdentity = await server.call(clientService, GetExtendedUpdateInfo2, {
      ...request,
      updateIDs: updates.map(({ updateId, revisionNumber }) => ({
        UpdateID: updateId,
        RevisionNumber: revisionNumber,
      })),
    });
    return [byId.GetExtendedUpdateInfoResult, byIdentity.GetExtendedUpdateInfo2Result].map((result) => ({
      ids: (result?.Updates ?? []).map(({ ID }) => ID),
      files: (result?.FileLocations ?? []).length,
    }));
  };

  it('send once what is named several times', async () => {
    const once = await about(agent.cookie, withFiles);
    expect(once[0]).toMatchObject({ ids: [revisionId] });
    expect(await about(agent.cookie, withFiles, withFiles, withFiles)).toEqual(once);
  });

  it('speak of what is deployed to one group to computers in it alone', async () => {
    server.db.prepare('INSERT INTO target_group VALUES (?, ?, ?, 0)').run('g-lab', ALL_COMPUTERS, 'Lab');
    deploy(
      server.db,
      { revisionId: revisionIdOf(server, forLab), updateId: forLab.updateId },
      { groupId: 'g-lab' },
    );
    expect(await about(agent.cookie, forLab)).toEqual([NOTHING, NOTHING]);
    const inLab = await new TestAgent(server, PC.replace('5', '6')).enrol();
    server.db.prepare('INSERT INTO computer_group VALUES (?, ?)').run(inLab.clientId, 'g-lab');
    const told = { ids: [revisionIdOf(server, forLab)], files: forLab.files.length };
    expect(await about(inLab.cookie, forLab)).toEqual([told, told]);
  });
});

describe('GetFileLocations', () => {
  it('gives the files that are known, each once, and a cookie that is good', async () => {
    const known = Buffer.from(withFiles.files[0]!.sha1, 'hex');
    const { GetFileLocationsResult } = await server.call(clientService, GetFileLocations, {
      cookie: agent.cookie,
      fileDigests: [known, Buffer.alloc(20, 1), known],
    });
    const name = withFiles.files[0]!.sha1.toUpperCase();
    expect(GetFileLocationsResult?.FileLocations).toEqual([
      { FileDigest: known, Url: expect.stringContaining(`/Content/${name.slice(-2)}/${name}.`) },
    ]);
    agent.cookie = GetFileLocationsResult?.NewCookie;
    expect((await agent.sync()).NewUpdates?.length).toBeGreaterThan(0);
  });
});
