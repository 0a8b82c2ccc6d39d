/** Drivers for the hardware that agents reported, from an upstream server that is asked by hardware ids. */
import { jest } from '@jest/globals';
import { setTimeout as sleep } from 'node:timers/promises';
import { noteHardware, readHardware } from '../catalog/store/computers/reported-hardware.ts';
import { readDriverSets, removeDriverSets, storeDriverSets } from '../catalog/store/revisions/driver-sets.ts';
import { importRevisions } from '../catalog/store/revisions/revisions.ts';
import { readAnchor, readPending } from '../catalog/store/upstream/revision-list.ts';
import { setSelectedCategories } from '../catalog/store/upstream/synchronization.ts';
import type { Database } from '../catalog/store/database/database.ts';
import { ClientServices, deploy } from '../scripts/testing/client-services.ts';
import {
  CATEGORY_DOCUMENTS,
  DRIVERS,
  OTHER_PRODUCT,
  PRODUCT,
  driverDocument,
  driverId,
} from '../scripts/testing/driver-catalogue.ts';
import { TestAgent } from '../scripts/testing/test-agent.ts';
import { openRelay } from '../scripts/testing/test-relay.ts';
import type { TestRelay } from '../scripts/testing/test-relay.ts';
import { dropFromList, faultOf } from '../scripts/testing/upstream-answers.ts';
import { startTestUpstream } from '../scripts/testing/upstream-server.ts';
import type { Spoil, TestUpstream } from '../scripts/testing/upstream-server.ts';

jest.setTimeout(60_000);

const closers: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0).toReversed()) await close();
});

const NETWORK = 'pci\\ven_8086&dev_0001';
const PRINTER = 'usbprint\\contoso';
const COMPUTER = 'aaaaaaaa-0000-4000-8000-000000000001';
const SET = 'bbbbbbbb-0000-4000-8000-000000000001';
const EVERY_DRIVER = [1, 2, 3, 4].map(driverId);

/** As Microsoft Update answers: drivers come by hardware id alone. */
const listsNoDrivers: Spoil = (operation, body) =>
  operation === 'GetRevisionIdList'
    ? { body: Buffer.from(dropFromList(body.toString(), EVERY_DRIVER)) }
    : undefined;

/** What else is spoiled, of an upstream server that lists no drivers. */
const spoiling =
  (spoil: Spoil): Spoil =>
  (operation, body, request) =>
    spoil(operation, body, request) ?? listsNoDrivers(operation, body, request);

const setting =
  (name: string, value: number): Spoil =>
  (operation, body) =>
    operation === 'GetConfigData'
      ? { body: Buffer.from(body.toString().replace(new RegExp(`(<${name}>)\\d+`), `$1${value}`)) }
      : undefined;

async function world(): Promise<{ upstream: TestUpstream; relay: TestRelay }> {
  const upstream = await startTestUpstream([
    ...CATEGORY_DOCUMENTS,
    driverDocument(1, NETWORK),
    driverDocument(2, PRINTER),
    driverDocument(3, NETWORK, { product: OTHER_PRODUCT }),
  ]);
  closers.push(() => upstream.close());
  upstream.spoil = listsNoDrivers;
  const relay = openRelay(upstream);
  closers.push(() => relay.close());
  // The categories, so that some can be chosen.
  await relay.synchronize();
  setSelectedCategories(relay.db, [PRODUCT, DRIVERS]);
  return { upstream, relay };
}

const report = (db: Database, ...ids: readonly string[]): void => noteHardware(db, 'device', ids, new Date());

const driversOf = (db: Database): number[] =>
  db
    .prepare<[], string>("SELECT update_id FROM revision WHERE update_type = 'Driver' ORDER BY 1")
    .pluck()
    .all()
    .map((id) => Number(id.slice(-12)));

/** Identifiers within a piece of a request. */
const countIds = (piece = ''): number =>
  piece.match(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/gi)?.length ?? 0;

const called = (upstream: TestUpstream, operation: string): number =>
  upstream.calls.filter((name) => name === operation).length;

describe('a synchronization of drivers', () => {
  it('brings those for the hardware that there is, of the products that are chosen', async () => {
    const { upstream, relay } = await world();
    report(relay.db, NETWORK);
    expect(await relay.synchronize()).toMatchObject({ state: 'succeeded', newCount: 1 });
    expect(driversOf(relay.db)).toEqual([1]);
    // Nothing new: one question, and no document.
    upstream.calls.length = 0;
    await relay.synchronize();
    expect([called(upstream, 'GetDriverIdList'), called(upstream, 'GetUpdateData')]).toEqual([1, 0]);
  });

  it('brings everything for hardware and products that are new, and else only what is', async () => {
    const { upstream, relay } = await world();
    report(relay.db, NETWORK);
    await relay.synchronize();
    report(relay.db, PRINTER);
    await relay.synchronize();
    expect(driversOf(relay.db)).toEqual([1, 2]);
    setSelectedCategories(relay.db, [PRODUCT, OTHER_PRODUCT, DRIVERS]);
    await relay.synchronize();
    expect(driversOf(relay.db)).toEqual([1, 2, 3]);
    importRevisions(upstream.db, [{ document: driverDocument(4, NETWORK), fileUrls: new Map() }], new Date());
    await relay.synchronize();
    expect(driversOf(relay.db)).toEqual([1, 2, 3, 4]);
  });

  it.each([
    ['the classification Drivers is not chosen', [PRODUCT], listsNoDrivers],
    [
      'the upstream server takes no hardware ids',
      [PRODUCT, DRIVERS],
      spoiling(setting('MaxNumberOfPnpHardwareIdsInRequest', 0)),
    ],
  ])('asks nothing where %s', async (_, chosen, spoil) => {
    const { upstream, relay } = await world();
    report(relay.db, NETWORK);
    setSelectedCategories(relay.db, chosen);
    upstream.spoil = spoil;
    expect((await relay.synchronize()).state).toBe('succeeded');
    expect(called(upstream, 'GetDriverIdList')).toBe(0);
  });

  it('asks nothing while no agent has named any hardware', async () => {
    const { upstream, relay } = await world();
    expect((await relay.synchronize()).state).toBe('succeeded');
    expect(called(upstream, 'GetDriverIdList')).toBe(0);
  });

  it('asks in as many calls as the server wants, all from the anchor of the last synchronization', async () => {
    const { upstream, relay } = await world();
    upstream.spoil = spoiling(setting('MaxNumberOfPnpHardwareIdsInRequest', 1));
    report(relay.db, NETWORK, PRINTER, 'usb\\nothing');
    expect((await relay.synchronize()).state).toBe('succeeded');
    expect(called(upstream, 'GetDriverIdList')).toBe(3);
    expect(driversOf(relay.db)).toEqual([1, 2]);
    importRevisions(
      upstream.db,
      [1, 2].map((number) => ({
        document: driverDocument(number, number === 1 ? NETWORK : PRINTER, { revisionNumber: 2 }),
        fileUrls: new Map(),
      })),
      new Date(),
    );
    expect(await relay.synchronize()).toMatchObject({ state: 'succeeded', revisedCount: 2 });
  });

  it('brings driver sets for the models of computer, with their drivers, and forgets those that were removed', async () => {
    const { upstream, relay } = await world();
    const xml = `<Set Computer="${COMPUTER.toUpperCase()}"><Driver>${driverId(2)}</Driver></Set>`;
    storeDriverSets(upstream.db, [{ driverSetId: SET, xml }]);
    noteHardware(relay.db, 'computer', [COMPUTER], new Date());
    expect((await relay.synchronize()).state).toBe('succeeded');
    expect(readDriverSets(relay.db, [SET])).toEqual([{ driverSetId: SET, xml }]);
    expect(driversOf(relay.db)).toEqual([2]);
    removeDriverSets(upstream.db, [SET]);
    expect((await relay.synchronize()).state).toBe('succeeded');
    expect(readDriverSets(relay.db, [SET])).toEqual([]);
    // The driver stays: a set that is gone says nothing of it.
    expect(driversOf(relay.db)).toEqual([2]);
  });

  it('names as many models of computer in a request as the server wants, and describes as many sets', async () => {
    const { upstream, relay } = await world();
    const computers = [1, 2, 3, 4, 5].map((number) => COMPUTER.replace(/.$/, String(number)));
    const sets = computers.map((computer, index) => ({
      driverSetId: SET.replace(/.$/, String(index + 1)),
      xml: `<Set Computer="${computer.toUpperCase()}"><Driver>${driverId(2)}</Driver></Set>`,
    }));
    storeDriverSets(upstream.db, sets);
    noteHardware(relay.db, 'computer', computers, new Date());
    const sizes: Record<string, number[]> = {};
    upstream.spoil = spoiling((operation, body, request) => {
      const list = { GetDriverIdList: 'ComputerIds', GetDriverSetData: 'driverSets' }[operation];
      if (list !== undefined)
        (sizes[operation] ??= []).push(
          countIds(new RegExp(`<${list}>.*</${list}>`, 's').exec(String(request))?.[0]),
        );
      if (operation !== 'GetConfigData') return undefined;
      const bounded = body
        .toString()
        .replace(/(<MaxNumberOfComputerIdsInRequest>)\d+/, '$12')
        .replace(/(<MaxNumberOfDriverSetsPerRequest>)\d+/, '$13');
      return { body: Buffer.from(bounded) };
    });
    expect((await relay.synchronize()).state).toBe('succeeded');
    expect(
      readDriverSets(
        relay.db,
        sets.map(({ driverSetId }) => driverSetId),
      ),
    ).toHaveLength(5);
    expect(sizes).toEqual({ GetDriverIdList: [2, 2, 1], GetDriverSetData: [3, 2] });
  });

  it('names no model of computer to a server that wants none', async () => {
    const { upstream, relay } = await world();
    storeDriverSets(upstream.db, [{ driverSetId: SET, xml: `${COMPUTER} ${driverId(2)}` }]);
    noteHardware(relay.db, 'computer', [COMPUTER], new Date());
    report(relay.db, NETWORK);
    const named: number[] = [];
    upstream.spoil = spoiling((operation, body, request) => {
      if (operation === 'GetDriverIdList') named.push(countIds(String(request).split('<PnpHardwareIds>')[0]));
      return setting('MaxNumberOfComputerIdsInRequest', 0)(operation, body, request);
    });
    expect((await relay.synchronize()).state).toBe('succeeded');
    // The product alone.
    expect(named).toEqual([1]);
    expect(driversOf(relay.db)).toEqual([1]);
  });

  it('that is interrupted leaves the anchor where it was, and the next one goes on', async () => {
    const { upstream, relay } = await world();
    report(relay.db, NETWORK, PRINTER);
    let documents = 0;
    const cut: Spoil = (operation) =>
      operation === 'GetUpdateData' && documents++ >= 1 ? { status: 403 } : undefined;
    upstream.spoil = spoiling(
      (operation, body, request) =>
        setting('MaxNumberOfUpdatesPerRequest', 1)(operation, body, request) ?? cut(operation, body, request),
    );
    expect((await relay.synchronize()).state).toBe('failed');
    expect(readAnchor(relay.db, 'drivers')).toBeUndefined();
    expect(readPending(relay.db, 'drivers').length).toBeGreaterThan(0);
    upstream.spoil = listsNoDrivers;
    expect((await relay.synchronize()).state).toBe('succeeded');
    expect(driversOf(relay.db)).toEqual([1, 2]);
    expect(readAnchor(relay.db, 'drivers')).toBeDefined();
    expect(readPending(relay.db, 'drivers')).toEqual([]);
  });

  it('that fails before the list is whole has taken nothing', async () => {
    const { upstream, relay } = await world();
    storeDriverSets(upstream.db, [{ driverSetId: SET, xml: `${COMPUTER} ${driverId(2)}` }]);
    noteHardware(relay.db, 'computer', [COMPUTER], new Date());
    upstream.spoil = spoiling((operation) =>
      operation === 'GetDriverSetData' ? { status: 500, body: faultOf('TooManyIds') } : undefined,
    );
    expect(await relay.synchronize()).toMatchObject({ state: 'failed', failedCheck: 'fault' });
    expect(driversOf(relay.db)).toEqual([]);
    upstream.spoil = listsNoDrivers;
    expect((await relay.synchronize()).state).toBe('succeeded');
    expect(driversOf(relay.db)).toEqual([2]);
  });

  it.each(['InvalidParameters', 'ServerChanged'])(
    'asks for everything where the server answers its anchor with %s',
    async (errorCode) => {
      const { upstream, relay } = await world();
      report(relay.db, NETWORK);
      await relay.synchronize();
      let refusals = 1;
      upstream.spoil = spoiling((operation) =>
        operation === 'GetDriverIdList' && refusals-- > 0
          ? { status: 500, body: faultOf(errorCode) }
          : undefined,
      );
      upstream.calls.length = 0;
      expect((await relay.synchronize()).state).toBe('succeeded');
      expect(called(upstream, 'GetDriverIdList')).toBe(2);
    },
  );

  it.each([
    ['InternalServerError', 'fault'],
    ['IncompatibleProtocolVersion', 'fault'],
  ])('stops where the server answers with %s', async (errorCode, failedCheck) => {
    const { upstream, relay } = await world();
    report(relay.db, NETWORK);
    upstream.spoil = spoiling((operation) =>
      operation === 'GetDriverIdList' ? { status: 500, body: faultOf(errorCode) } : undefined,
    );
    expect(await relay.synchronize()).toMatchObject({ state: 'failed', failedCheck });
    expect(readAnchor(relay.db, 'drivers')).toBeUndefined();
  });

  it('stops where the answer has no anchor', async () => {
    const { upstream, relay } = await world();
    report(relay.db, NETWORK);
    upstream.spoil = spoiling((operation, body) =>
      operation === 'GetDriverIdList'
        ? { body: Buffer.from(body.toString().replace(/<Anchor>.*?<\/Anchor>/, '')) }
        : undefined,
    );
    expect(await relay.synchronize()).toMatchObject({ state: 'failed', failedCheck: 'response' });
  });
});

describe('an agent with a device', () => {
  it('names it, and is offered the driver that the relay then brings from its upstream relay', async () => {
    const { relay } = await world();
    const agent = await new TestAgent(
      new ClientServices({ db: relay.db }),
      '5c7f4f80-3896-4d10-8a38-469286a0febc',
    ).enrol();
    const scan = async (): Promise<number[]> => {
      const categories = relay.db
        .prepare<[], number>("SELECT revision_id FROM revision WHERE update_type = 'Category'")
        .pluck()
        .all();
      const { NewUpdates } = await agent.sync({
        SkipSoftwareSync: true,
        InstalledNonLeafUpdateIDs: categories,
        SystemSpec: [{ HardwareIDs: [NETWORK.toUpperCase()], CompatibleIDs: ['PCI\\CC_0200'] }],
        ComputerSpec: { HardwareIDs: [COMPUTER] },
      });
      return (NewUpdates ?? []).map(({ ID }) => ID);
    };
    expect(await scan()).toEqual([]);
    // It is written a moment later, with what else is.
    while (readHardware(relay.db, 'device').length === 0) await sleep(50);
    expect(readHardware(relay.db, 'device')).toEqual(['pci\\cc_0200', NETWORK]);
    expect(readHardware(relay.db, 'computer')).toEqual([COMPUTER]);
    expect((await relay.synchronize()).state).toBe('succeeded');
    const revisionId = relay.db
      .prepare<[string], number>('SELECT revision_id FROM revision WHERE update_id = ?')
      .pluck()
      .get(driverId(1));
    if (revisionId === undefined) throw new Error('The driver did not arrive.');
    deploy(relay.db, { revisionId, updateId: driverId(1) });
    expect(await scan()).toEqual([revisionId]);
  });
});
