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
import { ClientServices, deploy } from '../../scripts/testing/client-services.ts';
import { TestAgent } from '../../scripts/testing/test-agent.ts';

const PC = '5c7f4f80-3896-4d10-8a38-469286a0febc';
const CDN = 'http://cdn.example/';

const catalogue: DemoCatalogue = demoCatalogue(7);

const withFiles = catalogue.documents.find(
  ({ updateType, explicitlyDeployable, files, document }) =>
    updateType === 'Software' && explicitlyDeployable && files.length > 0 && document.includes('>de<'),
)!;
const withLicence = catalogue.documents.find(({ document }) => document.includes('EulaFile'))!;
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
