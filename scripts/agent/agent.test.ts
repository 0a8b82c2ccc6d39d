import { z } from 'zod';
import { generateCabinet } from '../fixtures/content-file.ts';
import { LAB_MACHINE } from '../testing/lab-machine.ts';
import { SimulatedAgent } from './agent.ts';
import { SimulatedMachine } from './machine.ts';
import { ScriptedServer } from './scripted-server.ts';

const FILE = generateCabinet(1, 'sample.cab', 5_000, '2026-11-01T00:00:00Z');
const UPDATE = '11111111-0000-4000-8000-000000000002';
const CONVERSATION = ['GetConfig', 'GetAuthorizationCookie', 'GetCookie', 'RegisterComputer'];

let server: ScriptedServer;
let agent: SimulatedAgent;

beforeEach(async () => {
  server = await ScriptedServer.start(FILE);
  const machine = new SimulatedMachine(LAB_MACHINE);
  agent = new SimulatedAgent({ serverUrl: server.url, machine, rangeBytes: 1_000 });
});

afterEach(async () => {
  agent.close();
  await server.close();
});

const Batch = z.object({ eventBatch: z.array(z.object({ BasicData: z.object({ EventID: z.int() }) })) });

const eventIds = (): number[] =>
  (server.requests.get('ReportEventBatch') ?? []).flatMap((batch) =>
    Batch.parse(batch).eventBatch.map(({ BasicData }) => BasicData.EventID),
  );

describe('a simulated agent', () => {
  it('introduces itself, scans level by level, downloads in ranges, installs and reports each step', async () => {
    const first = await agent.scan();
    expect(first).toMatchObject({ calls: 2, known: 2, deployed: [UPDATE], needed: [UPDATE], installed: [] });
    expect(server.calls).toEqual([...CONVERSATION, 'SyncUpdates', 'SyncUpdates', 'ReportEventBatch']);

    const [outcome] = await agent.installNeeded();
    expect(outcome).toEqual({
      updateId: UPDATE,
      title: 'Sample update',
      result: 'Installed',
      files: 1,
      bytes: FILE.file.size,
      ranges: Math.ceil(FILE.file.size / 1_000),
    });
    expect(await agent.scan()).toMatchObject({ calls: 1, needed: [], installed: [UPDATE] });
    expect(eventIds()).toEqual([147, 156, 167, 162, 181, 183, 147, 156]);
    expect(agent.events.acknowledged).toBe(8);
  });

  it.each([
    ['InvalidCookie', ['GetConfig', 'GetAuthorizationCookie', 'GetCookie', 'RefreshCache', 'SyncUpdates']],
    ['ServerChanged', ['GetConfig', 'GetAuthorizationCookie', 'GetCookie', 'RefreshCache', 'SyncUpdates']],
    ['ConfigChanged', ['GetConfig', 'GetAuthorizationCookie', 'GetCookie', 'SyncUpdates']],
    ['CookieExpired', ['GetAuthorizationCookie', 'GetCookie', 'SyncUpdates']],
    ['RegistrationRequired', ['RegisterComputer', 'SyncUpdates']],
    ['FileLocationChanged', ['GetFileLocations', 'SyncUpdates']],
    ['ServerBusy', ['SyncUpdates']],
  ] as const)('on %s does what the protocol asks, and the scan goes on', async (errorCode, expected) => {
    await agent.scan();
    server.calls.length = 0;
    server.faults.set('SyncUpdates', [errorCode]);
    expect(await agent.scan()).toMatchObject({ known: 2, needed: [UPDATE] });
    expect(server.calls).toEqual(['SyncUpdates', ...expected, 'ReportEventBatch']);
    expect(agent.recovered.get(errorCode)).toBe(1);
  });

  it('asks for xpress, as agents do, and reads answers in it and such as are not compressed', async () => {
    for (const coding of ['xpress', 'identity', 'xpress'] as const) {
      server.coding = coding;
      server.faults.set('SyncUpdates', ['CookieExpired']);
      expect(await agent.scan()).toMatchObject({ known: 2, needed: [UPDATE] });
      expect(server.accepted).toBe('xpress');
    }
    expect(agent.recovered.get('CookieExpired')).toBe(3);
  });

  it('does not take what it did not ask for, or what is damaged', async () => {
    for (const coding of ['gzip', 'damaged'] as const) {
      server.coding = coding;
      await expect(agent.scan()).rejects.toMatchObject({ code: 'CONTENT_ENCODING' });
    }
  });

  it('gives up on a fault that nothing helps against', async () => {
    server.faults.set('SyncUpdates', ['InvalidParameters']);
    await expect(agent.scan()).rejects.toMatchObject({ errorCode: 'InvalidParameters' });
    server.faults.set(
      'SyncUpdates',
      Array.from({ length: 20 }, () => 'CookieExpired' as const),
    );
    await expect(agent.scan()).rejects.toMatchObject({ errorCode: 'CookieExpired' });
  });

  it('takes it that a server did not want its registration', async () => {
    server.faults.set('RegisterComputer', ['RegistrationNotRequired']);
    expect(await agent.scan()).toMatchObject({ known: 2 });
  });

  it('does not install content with a wrong byte in it, and reports the failed download', async () => {
    server.content = Buffer.from(FILE.content);
    server.content[2_500]! ^= 1;
    await agent.scan();
    const [outcome] = await agent.installNeeded();
    expect(outcome).toMatchObject({ result: 'DownloadFailed', bytes: 0 });
    expect(outcome?.problem).toContain(FILE.file.sha1);
    expect(eventIds()).toEqual([147, 156, 167, 161]);
    expect((await agent.scan()).installed).toEqual([]);
  });

  it('does not install content whose SHA-1 is right and whose SHA-256 is not', async () => {
    server.announcedSha256 = '0'.repeat(64);
    await agent.scan();
    const [outcome] = await agent.installNeeded();
    expect(outcome).toMatchObject({ result: 'DownloadFailed' });
    expect(outcome?.problem).toContain('sha256');
    expect((await agent.scan()).installed).toEqual([]);
  });

  it('refuses an answer that is not the range it asked for', async () => {
    server.ignoresRanges = true;
    await agent.scan();
    const [outcome] = await agent.installNeeded();
    expect(outcome).toMatchObject({ result: 'DownloadFailed' });
    expect(outcome?.problem).toContain('status 200');
  });

  it('asks where a file is now when it is not where it was said to be', async () => {
    server.gone.add('/Content/file');
    await agent.scan();
    expect(await agent.installNeeded()).toMatchObject([{ result: 'Installed', bytes: FILE.file.size }]);
    expect(server.calls).toContain('GetFileLocations');
  });
});
