/**
 * Exports to a disk, or imports or adopts onto one, that is too small, with a little more room each time until it comes
 * through; prints what each attempt left. The disk is a tmpfs in a mount namespace of this process's own, or the size
 * that a file may have.
 */
import { execFileSync } from 'node:child_process';
import { createPrivateKey } from 'node:crypto';
import { cpSync, existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { z } from 'zod';
import { openBesideServer } from '../../catalog/store/database/database.ts';
import { codeOf } from '../../config/error-facts.ts';
import { exportArchive } from '../../sync/archive/archive-export.ts';
import { importArchive } from '../../sync/archive/archive-import.ts';
import { openArchive } from '../../sync/archive/open-archive.ts';
import { Adoption } from '../../sync/content/adoption.ts';

const Order = z.object({
  what: z.enum(['export', 'import', 'adopt']),
  dataDirectory: z.string(),
  /** Of the archive, or the folder to adopt. */
  path: z.string(),
  keyFile: z.string(),
  /** Of an export: where the archive is copied to when it is whole. */
  copyTo: z.string().optional(),
  /** Bytes, one attempt after another; the last one comes through. */
  limits: z.array(z.int()),
});

const order = Order.parse(JSON.parse(process.argv[2] ?? '{}'));
const { what, dataDirectory, path } = order;
const db = openBesideServer(join(dataDirectory, 'sluice.db'));
const content = join(dataDirectory, 'content');
const now = (): Date => new Date();

async function attempt(): Promise<{ readonly left: readonly string[] }> {
  if (what === 'export') {
    const key = createPrivateKey(readFileSync(order.keyFile));
    const options = { db, dataDirectory, indexPath: path, key, now, partSize: 60_000 };
    await exportArchive({ ...options, withContent: true, withDecisions: true });
    return { left: [] };
  }
  if (what === 'import') {
    const signed = await openArchive(path);
    const options = { db, dataDirectory, path, signed, now, storesContent: true };
    const { left } = await importArchive({ ...options, withDecisions: true, withContent: true });
    return { left: left.map(({ reason }) => reason) };
  }
  const { failed } = await new Adoption({ db, folder: content, now, all: true, move: false }).run(path);
  return { left: failed.map(({ reason }) => reason) };
}

function limitTo(bytes: number): void {
  if (what === 'export')
    execFileSync('mount', ['-o', `remount,size=${Math.ceil(bytes / 1024)}k`, dirname(path)]);
  else execFileSync('prlimit', ['--pid', String(process.pid), `--fsize=${bytes}:`]);
}

/** Whether there is an archive, and bytes of content files that have no name yet. */
function remains(): { readonly isVisible: boolean; readonly incoming: number } {
  const incoming = join(content, '.incoming');
  return {
    isVisible: what === 'export' && existsSync(path),
    incoming: existsSync(incoming)
      ? readdirSync(incoming).reduce((sum, name) => sum + statSync(join(incoming, name)).size, 0)
      : 0,
  };
}

if (what === 'export') execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', dirname(path)]);
const found: unknown[] = [];
for (const limit of order.limits) {
  limitTo(limit);
  try {
    found.push({ code: 'none', message: '', ...(await attempt()), ...remains() });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    found.push({ code: codeOf(error), message, left: [], ...remains() });
  }
}
if (order.copyTo !== undefined) {
  for (const name of readdirSync(dirname(path)).filter((one) => one.startsWith(basename(path))))
    cpSync(join(dirname(path), name), join(order.copyTo, name));
}
db.close();
process.stdout.write(JSON.stringify(found));
