/** Reads a content file from end to end, and says how it differs from what the metadata says of it. */
import { createHash } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { statKey } from './verified-stat.ts';

const READ_BYTES = 1024 * 1024;

export interface ExpectedContent {
  /** Lower-case hex. */
  readonly sha1: string;
  /** Lower-case hex; absent where no document named it. */
  readonly sha256?: string;
  /** Bytes. */
  readonly size: number;
}

export interface FoundContent {
  /** Bytes. */
  readonly size: number;
  /** Lower-case hex; both left out where the size alone tells that it is another file. */
  readonly sha1?: string;
  readonly sha256?: string;
}

export interface ContentCheck {
  /** `statKey` of the file that was read. */
  readonly key: string;
  /** False where somebody wrote to it meanwhile: what was read proves nothing. */
  readonly isSteady: boolean;
  readonly found: FoundContent;
  /** A sentence without its full stop; undefined where it is what the metadata says. */
  readonly difference: string | undefined;
}

export interface CheckOptions {
  /** Bytes that are read at a time, between which `onRead` is awaited; default: a megabyte. */
  readonly readBytes?: number;
  /** Told how many bytes were just read. What it throws ends the check. */
  readonly onRead?: (bytes: number) => Promise<void> | void;
}

/** @param handle open for reading; it is not closed */
export async function checkContent(
  handle: FileHandle,
  expected: ExpectedContent,
  options: CheckOptions = {},
): Promise<ContentCheck> {
  const before = await handle.stat({ bigint: true });
  const size = Number(before.size);
  const found = size === expected.size ? { size, ...(await digestsOf(handle, options)) } : { size };
  const key = statKey(await handle.stat({ bigint: true }));
  return { key, isSteady: statKey(before) === key, found, difference: differenceOf(found, expected) };
}

async function digestsOf(
  handle: FileHandle,
  { readBytes = READ_BYTES, onRead }: CheckOptions,
): Promise<{ readonly sha1: string; readonly sha256: string }> {
  const sha1 = createHash('sha1');
  const sha256 = createHash('sha256');
  const buffer = Buffer.allocUnsafe(readBytes);
  for (let position = 0; ;) {
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, position);
    if (bytesRead === 0) break;
    const chunk = buffer.subarray(0, bytesRead);
    sha1.update(chunk);
    sha256.update(chunk);
    position += bytesRead;
    if (onRead !== undefined) await onRead(bytesRead);
  }
  return { sha1: sha1.digest('hex'), sha256: sha256.digest('hex') };
}

function differenceOf(found: FoundContent, expected: ExpectedContent): string | undefined {
  if (found.size !== expected.size)
    return `the file on disk has ${found.size} bytes, the metadata says ${expected.size}`;
  if (found.sha1 !== expected.sha1)
    return `the file on disk has SHA-1 ${found.sha1}, the metadata says ${expected.sha1}`;
  if (expected.sha256 !== undefined && found.sha256 !== expected.sha256)
    return `the file on disk has SHA-256 ${found.sha256}, the metadata says ${expected.sha256}`;
  return undefined;
}
