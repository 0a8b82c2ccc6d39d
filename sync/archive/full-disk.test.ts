/** A disk that gets full while an archive is written, taken in, or content adopted: said, given back, and gone on with. */
import { execFile, execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { ArchiveRelay } from '../../scripts/testing/archive-scene.ts';
import { putFile, sampleOf } from '../../scripts/testing/content-files.ts';
import { guidOf, writeDocument } from '../../scripts/testing/update-documents.ts';
import { contentPath } from '../../catalog/content-path.ts';

const STEP = fileURLToPath(new URL('../../scripts/testing/full-disk-step.ts', import.meta.url));
const MEGABYTE = 1024 * 1024;

const run = promisify(execFile);

const Attempt = z.object({
  code: z.string().optional(),
  message: z.string(),
  left: z.array(z.string()),
  isVisible: z.boolean(),
  incoming: z.int(),
});
type Attempt = z.infer<typeof Attempt>;

/** The reason why not, where it is not permitted. */
function refusal(command: string, ...rest: readonly string[]): string | undefined {
  try {
    execFileSync(command, rest, { stdio: 'pipe' });
    return undefined;
  } catch (error) {
    return error instanceof Error ? (error.message.split('\n')[1] ?? error.message) : String(error);
  }
}
const itWhere = (refused: string | undefined): { it: typeof it.skip; suffix: string } =>
  refused === undefined ? { it, suffix: '' } : { it: it.skip, suffix: ` (not tried here: ${refused})` };
const mounts = itWhere(refusal('unshare', '-m', 'mount', '-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', '/mnt'));
const limits = itWhere(refusal('sh', '-c', 'prlimit --pid $$ --fsize=100000000:'));

let connected: ArchiveRelay;
let apart: ArchiveRelay;
beforeEach(() => {
  connected = new ArchiveRelay();
  apart = new ArchiveRelay();
});
afterEach(() => {
  connected.close();
  apart.close();
});

/** An update with that content, which is here. */
function bring(relay: ArchiveRelay, number: number, content: string, isHere = true): void {
  relay.bring([
    writeDocument({
      updateId: guidOf(number),
      properties: { ExplicitlyDeployable: 'true' },
      files: [{ fileName: 'a.cab', content }],
    }),
  ]);
  if (isHere) relay.receive(content);
}

async function attempts(
  relay: ArchiveRelay,
  order: object,
  before: readonly string[] = [],
): Promise<Attempt[]> {
  const keyFile = join(relay.folder, 'key.pem');
  writeFileSync(keyFile, relay.key.export({ type: 'pkcs8', format: 'pem' }));
  const text = JSON.stringify({ dataDirectory: relay.dataDirectory, keyFile, ...order });
  const { stdout } = await run('env', [...before, process.execPath, STEP, text], {
    maxBuffer: 50 * MEGABYTE,
  });
  return z.array(Attempt).parse(JSON.parse(stdout));
}

describe('A full disk', () => {
  mounts.it(
    `ends an export, which says so, keeps whole entries alone and goes on where there is room${mounts.suffix}`,
    async () => {
      for (const number of [1, 2, 3, 4, 5]) bring(connected, number, `content ${number} `.repeat(4000));
      const disk = join(connected.folder, 'disk');
      const copyTo = join(connected.folder, 'copy');
      for (const folder of [disk, copyTo]) mkdirSync(folder);
      const sizes = [4096, 20_000, 50_000, 70_000, 90_000, 130_000, 180_000, 10 * MEGABYTE];
      const order = { what: 'export', path: join(disk, 'relay.sluice'), copyTo, limits: sizes };
      const found = await attempts(connected, order, ['unshare', '-m']);
      const full = found.slice(0, -1);
      expect(full.length).toBeGreaterThan(5);
      for (const { code, message, isVisible } of full) {
        expect([code, isVisible]).toEqual(['ARCHIVE_UNWRITABLE', false]);
        expect(message).toMatch(/ENOSPC.*run the same command again/);
      }
      expect(found.at(-1)).toMatchObject({ code: 'none', isVisible: true });
      await apart.importFrom(join(copyTo, 'relay.sluice'));
      expect(apart.state()).toEqual(connected.state());
    },
    60_000,
  );

  const large = 'x'.repeat(6 * MEGABYTE);
  const sizes = [4.5, 5, 5.9].map((megabytes) => Math.round(megabytes * MEGABYTE));

  limits.it(
    `takes nothing half of an archive in, gives the space back, and takes the rest in when there is room${limits.suffix}`,
    async () => {
      bring(connected, 1, large);
      bring(connected, 2, 'small');
      const path = join(connected.folder, 'relay.sluice');
      await connected.exportTo(path);
      const found = await attempts(apart, { what: 'import', path, limits: [...sizes, 100 * MEGABYTE] });
      for (const { left, incoming } of found.slice(0, -1)) {
        expect(left).toEqual([expect.stringMatching(/^the disk did not take it: .*EFBIG/)]);
        expect(incoming).toBe(0);
      }
      expect(found.at(-1)).toMatchObject({ code: 'none', left: [], incoming: 0 });
      expect(apart.state()).toEqual(connected.state());
    },
    60_000,
  );

  limits.it(
    `adopts nothing half, gives the space back, and adopts the rest when there is room${limits.suffix}`,
    async () => {
      bring(apart, 1, large, false);
      bring(apart, 2, 'small', false);
      const folder = join('/dev/shm', `sluice-full-${process.pid}`);
      try {
        for (const text of [large, 'small']) {
          const sample = sampleOf(Buffer.from(text));
          putFile(join(folder, contentPath(sample.sha1, '.cab')), sample.bytes);
        }
        const order = { what: 'adopt', path: folder, limits: [...sizes, 100 * MEGABYTE] };
        const found = await attempts(apart, order);
        for (const { left, incoming } of found.slice(0, -1)) {
          expect(left).toEqual([expect.stringMatching(/^the disk did not take it: .*EFBIG/)]);
          expect(incoming).toBe(0);
        }
        expect(found.at(-1)).toMatchObject({ code: 'none', left: [], incoming: 0 });
        expect(Object.keys(apart.files).filter((name) => !name.startsWith('.'))).toHaveLength(2);
      } finally {
        execFileSync('rm', ['-r', folder]);
      }
    },
    60_000,
  );
});
