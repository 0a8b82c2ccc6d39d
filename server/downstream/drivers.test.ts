import { importRevisions } from '../../catalog/store/revisions/revisions.ts';
import { removeDriverSets, storeDriverSets } from '../../catalog/store/revisions/driver-sets.ts';
import type { RequestToWrite } from '../../protocol/soap/table.ts';
import { GetDriverIdList, GetDriverSetData } from '../../protocol/wsusss/drivers.ts';
import { GetConfigData } from '../../protocol/wsusss/server-sync.ts';
import {
  CATEGORY_DOCUMENTS,
  DRIVERS,
  OTHER_PRODUCT,
  PRODUCT,
  driverDocument,
  driverId,
} from '../../scripts/testing/driver-catalogue.ts';
import { cookie, faultOf, sync, upstream, useUpstream } from '../../scripts/testing/upstream-client.ts';

useUpstream();

const COMPUTER = 'aaaaaaaa-0000-4000-8000-000000000001';
const SET = 'bbbbbbbb-0000-4000-8000-000000000001';
const [FIRST, SECOND] = ['PCI\\VEN_8086&DEV_0001', 'PCI\\VEN_8086&DEV_0002'];

const importDocuments = (...documents: readonly string[]): void => {
  importRevisions(
    upstream().db,
    documents.map((document) => ({ document, fileUrls: new Map() })),
    upstream().now,
  );
};

const setXml = (...guids: readonly string[]): string =>
  `<DriverSet>${guids.map((guid) => `<Id>{${guid.toUpperCase()}}</Id>`).join('')}</DriverSet>`;

type Filter = NonNullable<RequestToWrite<typeof GetDriverIdList>['filter']>;

const list = async (filter: Filter) =>
  (await sync(GetDriverIdList, { cookie: await cookie(), filter })).GetDriverIdListResult;

const devices = (...ids: readonly string[]) => ids.map((Id) => ({ Id, Delta: true }));
const idsOf = (result: Awaited<ReturnType<typeof list>>) =>
  result?.NewRevisions?.map(({ UpdateID }) => UpdateID);

describe('GetDriverIdList', () => {
  beforeEach(() => {
    importDocuments(
      ...CATEGORY_DOCUMENTS,
      driverDocument(1, FIRST),
      driverDocument(2, SECOND, { product: OTHER_PRODUCT }),
    );
  });

  it('lists the drivers for devices, however their ids are spelled, and an anchor after which only news is listed', async () => {
    const first = await list({ Categories: [], PnpHardwareIds: devices(FIRST, 'usb\\unknown') });
    expect(idsOf(first)).toEqual([driverId(1)]);
    expect(first).toMatchObject({ NewDriverSets: [], RemovedDriverSets: [] });
    const Anchor = first?.Anchor;
    expect(idsOf(await list({ Anchor, PnpHardwareIds: devices(FIRST) }))).toEqual([]);
    importDocuments(driverDocument(1, FIRST, { revisionNumber: 2 }));
    expect((await list({ Anchor, PnpHardwareIds: devices(FIRST) }))?.NewRevisions).toEqual([
      { UpdateID: driverId(1), RevisionNumber: 2 },
    ]);
  });

  it('lists no driver where no device is named', async () => {
    expect(idsOf(await list({ Categories: [], PnpHardwareIds: [] }))).toEqual([]);
    expect(idsOf(await list({}))).toEqual([]);
  });

  it('lists only those of the categories named; nothing where none of them is known', async () => {
    const of = async (...Ids: readonly string[]) =>
      idsOf(
        await list({
          Categories: Ids.map((Id) => ({ Id, Delta: true })),
          PnpHardwareIds: devices(FIRST, SECOND),
        }),
      );
    expect(await of(OTHER_PRODUCT)).toEqual([driverId(2)]);
    expect(await of(DRIVERS)).toEqual([driverId(1), driverId(2)]);
    expect(await of(PRODUCT, COMPUTER)).toEqual([driverId(1)]);
    expect(await of(COMPUTER)).toEqual([]);
  });

  it('lists everything of a device or a category that is asked for anew', async () => {
    const { Anchor } = (await list({ PnpHardwareIds: devices(FIRST) })) ?? {};
    const anew = await list({ Anchor, PnpHardwareIds: [...devices(FIRST), { Id: SECOND, Delta: false }] });
    expect(idsOf(anew)).toEqual([driverId(2)]);
    const category = await list({
      Anchor,
      Categories: [
        { Id: PRODUCT, Delta: false },
        { Id: OTHER_PRODUCT, Delta: true },
      ],
      PnpHardwareIds: devices(FIRST, SECOND),
    });
    expect(idsOf(category)).toEqual([driverId(1)]);
  });

  it('lists driver sets for a computer with their drivers, until they are removed', async () => {
    upstream().db.transaction(() =>
      storeDriverSets(upstream().db, [{ driverSetId: SET, xml: setXml(COMPUTER, driverId(2)) }]),
    )();
    const ComputerIds = [{ Id: COMPUTER, Delta: true }];
    const first = await list({ ComputerIds, PnpHardwareIds: [] });
    expect(first).toMatchObject({ NewDriverSets: [SET], RemovedDriverSets: [] });
    expect(idsOf(first)).toEqual([driverId(2)]);
    const Anchor = first?.Anchor;
    expect(await list({ Anchor, ComputerIds })).toMatchObject({ NewDriverSets: [], NewRevisions: [] });
    // What arrives next counts on from the set: nothing of it is missed.
    importDocuments(driverDocument(3, FIRST));
    expect(idsOf(await list({ Anchor, PnpHardwareIds: devices(FIRST) }))).toEqual([driverId(3)]);
    removeDriverSets(upstream().db, [SET]);
    expect(await list({ Anchor, ComputerIds })).toMatchObject({
      NewRevisions: [],
      NewDriverSets: [],
      RemovedDriverSets: [SET],
    });
  });

  it('takes as many ids as GetConfigData says and no more', async () => {
    const { GetConfigDataResult: config } = await sync(GetConfigData, { cookie: await cookie() });
    const computers = config?.MaxNumberOfComputerIdsInRequest ?? 0;
    const hardware = config?.MaxNumberOfPnpHardwareIdsInRequest ?? 0;
    expect([computers, hardware].every((most) => most > 0)).toBe(true);
    const ask = async (computerIds: number, hardwareIds: number) =>
      await faultOf(
        list({
          ComputerIds: Array.from({ length: computerIds }, () => ({ Id: COMPUTER, Delta: true })),
          PnpHardwareIds: devices(...Array.from({ length: hardwareIds }, (_, index) => `usb\\${index}`)),
        }),
      );
    await expect(ask(computers, hardware)).resolves.toBe('no fault');
    await expect(ask(computers + 1, 0)).resolves.toBe('InvalidParameters: filter');
    await expect(ask(0, hardware + 1)).resolves.toBe('InvalidParameters: filter');
  });

  it('wants a cookie, a filter and an anchor of its own', async () => {
    await expect(faultOf(sync(GetDriverIdList, { filter: {} }))).resolves.toMatch(/^InvalidCookie/);
    await expect(faultOf(sync(GetDriverIdList, { cookie: await cookie() }))).resolves.toBe(
      'InvalidParameters: filter',
    );
    await expect(faultOf(list({ Anchor: 'x' }))).resolves.toBe('InvalidParameters: filter');
    await expect(faultOf(list({ Anchor: '99,2026-01-01 00:00:00.000' }))).resolves.toMatch(/^ServerChanged/);
  });
});

describe('GetDriverSetData', () => {
  const ask = async (driverSets: readonly string[] | undefined) =>
    (
      await sync(GetDriverSetData, {
        cookie: await cookie(),
        ...(driverSets === undefined ? {} : { driverSets }),
      })
    ).GetDriverSetDataResult?.DriverSets;

  it('gives the descriptions to the letter, of those that are here', async () => {
    const xml = setXml(COMPUTER, driverId(1)) + '<!-- é -->'.repeat(100);
    storeDriverSets(upstream().db, [{ driverSetId: SET, xml }]);
    expect(await ask([SET, COMPUTER])).toEqual([{ DriverSetId: SET, DriverSetXml: xml }]);
    expect(await ask([])).toEqual([]);
    removeDriverSets(upstream().db, [SET]);
    expect(await ask([SET])).toEqual([]);
  });

  it('takes as many as GetConfigData says and no more, and wants a list', async () => {
    const { GetConfigDataResult: config } = await sync(GetConfigData, { cookie: await cookie() });
    const most = config?.MaxNumberOfDriverSetsPerRequest ?? 0;
    await expect(faultOf(ask(Array.from({ length: most }, () => SET)))).resolves.toBe('no fault');
    await expect(faultOf(ask(Array.from({ length: most + 1 }, () => SET)))).resolves.toBe(
      'TooManyIds: driverSets',
    );
    await expect(faultOf(ask(undefined))).resolves.toBe('InvalidParameters: driverSets');
    await expect(faultOf(sync(GetDriverSetData, { driverSets: [] }))).resolves.toMatch(/^InvalidCookie/);
  });
});
