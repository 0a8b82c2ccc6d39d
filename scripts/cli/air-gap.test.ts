import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { takeLock } from '../../catalog/store/database/directory-lock.ts';
import { approve } from '../../catalog/store/decisions/deployments.ts';
import { ALL_COMPUTERS, GroupTree } from '../../catalog/store/groups/group-tree.ts';
import { createGroup } from '../../catalog/store/groups/target-groups.ts';
import { listRuns } from '../../catalog/store/upstream/synchronization.ts';
import { SimulatedAgent } from '../agent/agent.ts';
import { SimulatedMachine } from '../agent/machine.ts';
import { demoCatalogue } from '../fixtures/demo-catalogue.ts';
import { ArchiveRelay } from '../testing/archive-scene.ts';
import { LAB_MACHINE } from '../testing/lab-machine.ts';
import { startRealRelay } from '../testing/real-relay.ts';
import type { RealRelay } from '../testing/real-relay.ts';
import { ADA } from '../testing/replica-scene.ts';
import { sluice } from '../testing/sluice-command.ts';
import { importCommand } from './import.ts';

let connected: ArchiveRelay;
let config: string;
let disk: string;
beforeEach(() => {
  connected = new ArchiveRelay();
  config = join(connected.folder, 'sluice.yaml');
  writeFileSync(config, 'dataDirectory: data\n');
  disk = join(connected.folder, 'disk');
  mkdirSync(disk);
});
afterEach(() => connected.close());

const indexOn = (folder: string): string =>
  join(folder, readdirSync(folder).find((name) => name.endsWith('.sluice')) ?? 'none');

const exportAll = async (): Promise<{ index: string; signer: string }> => {
  const { status, out, err } = await sluice('export', disk, '--config', config);
  expect([status, err]).toEqual([0, '']);
  const signer = /^Signed by: (sha256\/\S+)$/m.exec(out)?.[1] ?? '';
  return { index: indexOn(disk), signer };
};

describe('A relay without a connection', () => {
  let apart: RealRelay;
  let there: string;
  beforeEach(async () => {
    apart = await startRealRelay();
    there = join(apart.folder, 'sluice.yaml');
    writeFileSync(there, 'dataDirectory: data\n');
  });
  afterEach(async () => await apart.close());

  it('gives its agents what the connected one approved, with the files, while it is running', async () => {
    const { documents, files } = demoCatalogue(7);
    connected.bring(documents.map(({ document }) => document));
    const chosen = documents.find(
      ({ title, explicitlyDeployable, updateType }) =>
        explicitlyDeployable && updateType === 'Software' && /Cumulative Update.*Windows 11/.test(title),
    );
    const updateId = chosen?.updateId.toLowerCase() ?? '';
    approve(
      connected.db,
      { updateIds: [updateId], groupIds: [ALL_COMPUTERS], action: 'Install', acceptEulaIds: [] },
      ADA,
    );
    for (const bytes of files.values()) connected.receive(bytes);
    const { index, signer } = await exportAll();

    const agent = new SimulatedAgent({
      serverUrl: apart.clientUrl,
      machine: new SimulatedMachine(LAB_MACHINE),
    });
    try {
      expect(await agent.scan()).toMatchObject({ deployed: [] });
      const args = ['import', index, '--config', there, '--signer', signer, '--with-decisions'];
      const { status, out, err } = await sluice(...args);
      expect([status, err]).toEqual([0, '']);
      expect(out).toMatch(new RegExp(`^Revisions: ${documents.length} new$`, 'm'));
      // The server makes its next snapshot in the moment after the import's commit.
      let answer = await agent.scan();
      for (let tries = 0; answer.deployed.length === 0 && tries < 50; tries += 1) {
        await setTimeout(100);
        answer = await agent.scan();
      }
      expect(answer).toMatchObject({ deployed: [updateId] });
      const outcomes = await agent.installNeeded();
      expect(outcomes.map(({ result }) => result)).not.toContain('DownloadFailed');
      expect(outcomes.reduce((sum, { bytes }) => sum + bytes, 0)).toBeGreaterThan(0);
    } finally {
      agent.close();
    }
    const [run] = listRuns(apart.db, 1);
    expect(run).toMatchObject({ state: 'succeeded', notes: [{ kind: 'imported' }] });
    expect((run?.newCount ?? 0) + (run?.revisedCount ?? 0) + (run?.expiredCount ?? 0)).toBe(documents.length);
  }, 120_000);

  it('believes the signers that are recorded, and no others', async () => {
    const { index, signer } = await exportAll();
    const take = (...more: string[]) => sluice('import', index, '--config', there, ...more);
    const unknown = await take();
    expect([unknown.status, unknown.err]).toEqual([1, expect.stringMatching(/no signer is recorded here/)]);
    const other = await take('--signer', `sha256/${'A'.repeat(43)}=`);
    expect([other.status, other.err]).toEqual([
      1,
      expect.stringMatching(/signed by sha256.* and not by sha256/),
    ]);
    expect((await take('--signer', 'somebody')).status).toBe(64);
    expect((await take('--signer', signer)).status).toBe(0);
    expect((await take()).status).toBe(1);
    expect((await take('--signer', signer, '--remember')).status).toBe(0);
    expect((await take()).status).toBe(0);
    expect(listRuns(apart.db, 9)).toHaveLength(3);
  }, 120_000);

  it('asks at a terminal for the fingerprint of a signer that is new, and records the right one', async () => {
    const { index, signer } = await exportAll();
    const asked: string[] = [];
    const lines: string[] = [];
    const take = (answer: string) =>
      importCommand(
        index,
        { config: there, content: true },
        {
          print: (line) => void lines.push(line),
          ask: (question) => Promise.resolve((asked.push(question), answer)),
        },
      );
    await expect(take(`sha256/${'A'.repeat(43)}=`)).rejects.toMatchObject({ code: 'ARCHIVE_SIGNER' });
    expect(listRuns(apart.db, 9)).toEqual([]);
    expect(await take(` ${signer}`)).toBe(0);
    expect(await take('')).toBe(0);
    expect(asked).toHaveLength(2);
    expect(lines.join('\n')).toMatch(/found right byte by byte/);
  });

  it('that is a replica takes decisions over without being told to', async () => {
    writeFileSync(
      there,
      `dataDirectory: data\nupstream:\n  url: https://up.test\n  mode: replica\n  pins: ['sha256/${'A'.repeat(43)}=']\n`,
    );
    createGroup(connected.db, 'Servers', ALL_COMPUTERS);
    const { index, signer } = await exportAll();
    const terminal = { print: () => undefined, ask: undefined };
    expect(await importCommand(index, { config: there, content: true, signer }, terminal)).toBe(0);
    expect(GroupTree.read(apart.db).groups.map(({ name }) => name)).toContain('Servers');
  });

  it('takes no gzip of WSUS, and no cabinet of it that nobody vouches for', async () => {
    const gzip = join(disk, 'export.xml.gz');
    writeFileSync(gzip, Buffer.from([0x1f, 0x8b, 8, 0]));
    const { status, err } = await sluice('import', gzip, '--config', there);
    expect([status, err]).toEqual([1, expect.stringMatching(/published nowhere, so it is not guessed at/)]);
    const cabinet = join(disk, 'export.cab');
    writeFileSync(cabinet, 'MSCF and more');
    expect((await sluice('import', cabinet, '--config', there)).status).toBe(64);
    const damaged = await sluice('import', cabinet, '--config', there, '--sha256', '0'.repeat(64));
    expect([damaged.status, damaged.err]).toEqual([1, expect.stringMatching(/has the SHA-256/)]);
  });
});

describe('sluice export', () => {
  it('gives an archive a name in a folder, and keeps the key that it signs with', async () => {
    const first = await exportAll();
    const { status, out } = await sluice('export', join(disk, 'named'), '--config', config, '--json');
    expect(status).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      ok: true,
      index: join(disk, 'named.sluice'),
      signer: first.signer,
      sequence: 2,
    });
  });

  it('is one at a time', async () => {
    const other = takeLock(join(connected.dataDirectory, 'export.lock'));
    const { status, err } = await sluice('export', disk, '--config', config);
    other?.release();
    expect([status, err]).toEqual([1, expect.stringMatching(/Another export is on/)]);
    expect(readdirSync(disk)).toEqual([]);
  });

  it('ends with 64 for options that are none, and with 1 where there is no relay', async () => {
    for (const option of [
      ['--part-size', '5'],
      ['--since', 'yesterday'],
      ['--part-size', 'x'],
    ])
      expect((await sluice('export', disk, '--config', config, ...option)).status).toBe(64);
    expect((await sluice('export', '--config', config)).status).toBe(64);
    writeFileSync(config, 'dataDirectory: elsewhere\n');
    const { status, err } = await sluice('export', disk, '--config', config);
    expect([status, err]).toEqual([1, expect.stringMatching(/has no database of a relay/)]);
    expect(readdirSync(disk)).toEqual([]);
  });
});
