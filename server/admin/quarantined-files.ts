/** The bytes that are kept in quarantine; what was found of them is in the database. */
import { rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { contentPath } from '../../catalog/content-path.ts';

interface QuarantinedName {
  /** Hex. */
  readonly sha1: string;
  /** With its dot, or empty. */
  readonly extension: string;
}

const pathOf = (dataDirectory: string, { sha1, extension }: QuarantinedName): string =>
  join(dataDirectory, 'quarantine', contentPath(sha1, extension));

/** Undefined where there are none. */
export const quarantinedBytes = (dataDirectory: string, file: QuarantinedName): number | undefined =>
  statSync(pathOf(dataDirectory, file), { throwIfNoEntry: false })?.size;

/** What is not there is as good. */
export const deleteQuarantined = (dataDirectory: string, file: QuarantinedName): void =>
  rmSync(pathOf(dataDirectory, file), { force: true });
