/** The demonstration's own folder: emptied at every start, never while another demonstration uses it. */
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { lockDirectory } from '../../catalog/store/database/directory-lock.ts';

const PARTS = ['upstream', 'relay', 'upstream.yaml', 'relay.yaml'];

/** @throws DirectoryLockedError while another process uses it */
export function freshFolder(path: string): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  lockDirectory(path);
  for (const part of PARTS) rmSync(join(path, part), { recursive: true, force: true });
}
