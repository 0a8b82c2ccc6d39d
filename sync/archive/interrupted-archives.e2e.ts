import { execFile } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { listRuns } from '../../catalog/store/upstream/synchronization.ts';
import { ArchiveRelay } from '../../scripts/testing/archive-scene.ts';
import { decide, documentOf, make } from '../../scripts/testing/replica-scene.ts';

const STEP = fileURLToPath(new URL('../../scripts/testing/archive-step.ts', import.meta.url));

let connected: ArchiveRelay;
let apart: ArchiveRelay;
let index: string;
let keyFile: string;
beforeEach(() => {
  connected = new ArchiveRelay();
  apart = new ArchiveRelay();
  connected.bring(Array.from({ length: 120 }, (_, number) => documentOf(number + 1)));
  const group = make(connected.db, 'Servers');
  for (const number of [1, 2, 3, 4]) {
    connected.receive(`content ${number} 1`);
    decide(connected.db, number, group);
  }
  index = join(connected.folder, 'disk', 'relay.sluice');
  mkdirSync(dirname(index));
  keyFile = join(connected.folder, 'key.pem');
  writeFileSync(keyFile, connected.key.export({ type: 'pkcs8', format: 'pem' }));
});
afterEach(() => {
  connected.close();
  apart.close();
});

/** @returns whether it came through before the nth step; it was killed otherwise */
async function goUpTo(nth: number, what: 'export' | 'import', relay: ArchiveRelay): Promise<boolean> {
  const args = [STEP, what, relay.dataDirectory, index, keyFile, String(nth)];
  return await new Promise((resolve, reject) => {
    execFile(process.execPath, args, (error, _, err) => {
      if (error === null) resolve(true);
      else if (error.signal === 'SIGKILL') resolve(false);
      else reject(new Error(err));
    });
  });
}

/** Each is killed one step further than the one before, and goes on with what that one left. */
async function killAgainAndAgain(
  what: 'export' | 'import',
  relay: ArchiveRelay,
  look: () => void,
): Promise<number> {
  for (let nth = 1; ; nth += 1) {
    if (await goUpTo(nth, what, relay)) return nth - 1;
    look();
  }
}

describe('Killed at every step on the disk, one after the other, and gone on with', () => {
  it('an export is an archive at its end and none before', async () => {
    let wasThere = 0;
    const kills = await killAgainAndAgain('export', connected, () => {
      wasThere += existsSync(index) ? 1 : 0;
    });
    expect(kills).toBeGreaterThan(24);
    // Once the index is there, one thing is left to do: to forget how far it had come.
    expect(wasThere).toBeLessThan(3);
    await apart.importFrom(index);
    expect(apart.state()).toEqual(connected.state());
  }, 600_000);

  it('an import ends where one ends that nobody killed, and no file is ever half', async () => {
    await connected.exportTo(index, { partSize: 2000 });
    const whole = connected.state();
    const kills = await killAgainAndAgain('import', apart, () => {
      // Decisions come with the end alone.
      expect(apart.db.prepare('SELECT count(*) FROM deployment').pluck().get()).toBe(0);
      for (const [name, digest] of Object.entries(apart.files))
        if (!name.startsWith('.incoming')) expect([name, digest]).toEqual([name, connected.files[name]]);
    });
    expect(kills).toBeGreaterThan(24);
    expect(apart.state()).toEqual(whole);
    const states = listRuns(apart.db, 500).map(({ state }) => state);
    expect([states[0], new Set(states.slice(1))]).toEqual(['succeeded', new Set(['failed'])]);
  }, 600_000);

  it('what was written and altered since is written again', async () => {
    await goUpTo(12, 'export', connected);
    writeFileSync(`${index}.000`, 'something else');
    rmSync(`${index}.001`, { force: true });
    await connected.exportTo(index, { partSize: 2000 });
    await apart.importFrom(index);
    expect(apart.state()).toEqual(connected.state());
  }, 600_000);
});
