/** What it costs to verify a file while it is received, beside the bare SHA-256 of the same bytes. */
import { createHash } from 'node:crypto';
import { open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DigestFile } from '../../../sync/content/digest-file.ts';
import { median } from '../statistics.ts';
import type { StoredContent } from './stored-content.ts';

/** What a socket gives at a time. */
const CHUNK_BYTES = 65_536;

export interface VerificationCost {
  /** Of the bare SHA-256. */
  readonly ratio: number;
  readonly bareMegabytesPerSecond: number;
}

/** Received with digests, less received without, over the digest alone; medians of alternating rounds. */
export async function verificationCost(content: StoredContent, rounds: number): Promise<VerificationCost> {
  const bytes = await readFile(content.file);
  const verified: number[] = [];
  const unverified: number[] = [];
  const bare: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    verified.push(await timed(() => receiveVerified(content, bytes)));
    unverified.push(await timed(() => receiveUnverified(content, bytes)));
    bare.push(await timed(() => digest(bytes)));
  }
  return {
    ratio: (median(verified) - median(unverified)) / median(bare),
    bareMegabytesPerSecond: bytes.length / median(bare) / 1000,
  };
}

async function receiveVerified(
  { folder, sha1, sha256, bytes: size }: StoredContent,
  bytes: Buffer,
): Promise<void> {
  const file = await DigestFile.open(join(folder, 'verified'), { sha1, sha256, size });
  try {
    for (const chunk of chunksOf(bytes)) await file.append(chunk);
    await file.verify();
  } finally {
    await file.close();
    await file.remove();
  }
}

async function receiveUnverified({ folder }: StoredContent, bytes: Buffer): Promise<void> {
  const path = join(folder, 'unverified');
  const handle = await open(path, 'a+', 0o600);
  try {
    for (const chunk of chunksOf(bytes)) await handle.appendFile(chunk);
    await handle.sync();
  } finally {
    await handle.close();
    await rm(path);
  }
}

async function digest(bytes: Buffer): Promise<void> {
  const hash = createHash('sha256');
  for (const chunk of chunksOf(bytes)) hash.update(chunk);
  hash.digest();
  await Promise.resolve();
}

function* chunksOf(bytes: Buffer): Generator<Buffer> {
  for (let start = 0; start < bytes.length; start += CHUNK_BYTES) {
    yield bytes.subarray(start, start + CHUNK_BYTES);
  }
}

/** Milliseconds. */
async function timed(work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}
