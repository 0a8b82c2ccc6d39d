/** Content files of a relay in a test: known to its database, and on disk. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { contentPath } from '../../catalog/content-path.ts';
import { markPresent } from '../../catalog/store/content/content-queue.ts';
import type { ContentState } from '../../catalog/store/content/files.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { statKey } from '../../catalog/verified-stat.ts';

export interface ContentSample {
  readonly bytes: Buffer;
  /** Hex. */
  readonly sha1: string;
  readonly sha256: string;
}

const digest = (algorithm: string, bytes: Buffer): string =>
  createHash(algorithm).update(bytes).digest('hex');

export const sampleOf = (content: Buffer | number): ContentSample => {
  const bytes = typeof content === 'number' ? randomBytes(content) : content;
  return { bytes, sha1: digest('sha1', bytes), sha256: digest('sha256', bytes) };
};

/** As an imported update names it, with the extension `.cab`. */
export function knowFile(
  db: Database,
  { bytes, sha1, sha256 }: ContentSample,
  state: ContentState = 'wanted',
  extension = '.cab',
): void {
  db.prepare(
    `INSERT INTO file (sha1, sha256, size, extension, content_state, changed_at) VALUES (?, ?, ?, ?, ?, '')`,
  ).run(sha1, sha256, bytes.length, extension, state);
}

export function putFile(path: string, bytes: Buffer | string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, bytes);
}

/**
 * Received and verified at that time.
 *
 * @returns where it lies
 */
export function storeFile(db: Database, dataDirectory: string, sample: ContentSample, at: Date): string {
  const path = join(dataDirectory, 'content', contentPath(sample.sha1, '.cab'));
  putFile(path, sample.bytes);
  knowFile(db, sample);
  markPresent(db, sample.sha1, statKey(statSync(path, { bigint: true })), at, 'http://source.test/file');
  return path;
}
