/**
 * One export or import as a process that ends, as by `kill -9`, at its nth step on a disk: before that read, write,
 * truncation, sync or renaming. Ends with 0 where it came through with fewer.
 */
import { createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import fs from 'node:fs/promises';
import { createRequire, syncBuiltinESMExports } from 'node:module';
import { join } from 'node:path';

const [what = '', dataDirectory = '', indexPath = '', keyFile = '', nth = ''] = process.argv.slice(2);
let left = Number(nth);

function step(): void {
  left -= 1;
  if (left <= 0) process.kill(process.pid, 'SIGKILL');
}

function count(owner: unknown, names: readonly string[]): void {
  if (typeof owner !== 'object' || owner === null) throw new Error('There is nothing to count.');
  for (const name of names) {
    const original: unknown = Reflect.get(owner, name);
    if (typeof original !== 'function') throw new Error(`There is no ${name} to count.`);
    Reflect.set(owner, name, function counted(this: unknown, ...args: unknown[]): unknown {
      step();
      const result: unknown = Reflect.apply(original, this, args);
      return result;
    });
  }
}

const probe = await fs.open(keyFile, 'r');
count(Object.getPrototypeOf(probe), ['read', 'write', 'appendFile', 'writeFile', 'truncate', 'sync']);
await probe.close();
count(createRequire(import.meta.url)('node:fs/promises'), ['rename', 'rm']);
syncBuiltinESMExports();

const { openBesideServer } = await import('../../catalog/store/database/database.ts');
const db = openBesideServer(join(dataDirectory, 'sluice.db'));
const now = (): Date => new Date();
if (what === 'export') {
  const { exportArchive } = await import('../../sync/archive/archive-export.ts');
  await exportArchive({
    db,
    dataDirectory,
    indexPath,
    key: createPrivateKey(readFileSync(keyFile)),
    now,
    withContent: true,
    withDecisions: true,
    partSize: 2000,
  });
} else {
  const { importArchive } = await import('../../sync/archive/archive-import.ts');
  const { openArchive } = await import('../../sync/archive/open-archive.ts');
  await importArchive({
    db,
    dataDirectory,
    path: indexPath,
    signed: await openArchive(indexPath),
    now,
    withDecisions: true,
    withContent: true,
    storesContent: true,
  });
}
db.close();
