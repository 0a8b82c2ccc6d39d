/**
 * Downloads content as Delivery Optimization does: closed ranges in shuffled order over several connections, no
 * conditional request. What arrives is believed by size, SHA-1 and SHA-256 only.
 */
import { createHash } from 'node:crypto';
import { AgentError } from './error.ts';
import type { AgentFile } from './extended-info.ts';
import type { HttpAnswer, HttpConnections } from './http.ts';

export const RANGE_BYTES = 1024 * 1024;
const USER_AGENT = 'Microsoft-Delivery-Optimization/10.1';

export interface DownloadOptions {
  /** Bytes of one range. */
  readonly rangeBytes: number;
  readonly connections: number;
  /** 0 up to 1: the order of the ranges. */
  readonly random: () => number;
}

export interface Downloaded {
  readonly content: Buffer;
  readonly ranges: number;
}

/** @throws AgentError where a range is not answered as HTTP demands, or the content is not what the metadata says */
export async function download(
  connections: HttpConnections,
  url: URL,
  file: AgentFile,
  options: DownloadOptions,
): Promise<Downloaded> {
  const content = Buffer.alloc(file.size);
  const starts = shuffled(rangeStarts(file.size, options.rangeBytes), options.random);
  const ranges = starts.length;
  let tag: string | undefined;
  const work = async (): Promise<void> => {
    for (let start = starts.pop(); start !== undefined; start = starts.pop()) {
      const end = Math.min(start + options.rangeBytes, file.size) - 1;
      const answer = await connections.send('GET', url, {
        'User-Agent': USER_AGENT,
        Range: `bytes=${start}-${end}`,
      });
      checkRange(answer, url, start, end, file.size);
      tag ??= answer.headers.etag;
      if (answer.headers.etag !== tag) {
        throw new AgentError(
          'CONTENT_RANGE',
          `${url.href} changed its ETag from ${tag} to ${answer.headers.etag} between two ranges.`,
        );
      }
      answer.body.copy(content, start);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.connections, ranges) }, work));
  checkDigests(content, file, url);
  return { content, ranges };
}

function rangeStarts(size: number, rangeBytes: number): number[] {
  return Array.from({ length: Math.ceil(size / rangeBytes) }, (_, index) => index * rangeBytes);
}

function shuffled(items: number[], random: () => number): number[] {
  return items
    .map((item) => ({ item, order: random() }))
    .sort((one, other) => one.order - other.order)
    .map(({ item }) => item);
}

function checkRange(
  { status, headers, body }: HttpAnswer,
  url: URL,
  start: number,
  end: number,
  size: number,
): void {
  if (status === 404) throw new AgentError('CONTENT_LOCATION', `${url.href} is not there (HTTP status 404).`);
  const expected = `bytes ${start}-${end}/${size}`;
  if (status !== 206 || headers['content-range'] !== expected) {
    throw new AgentError(
      'CONTENT_RANGE',
      `${url.href} answered the range ${start}-${end} with status ${status} and Content-Range ${headers['content-range'] ?? '(none)'}; 206 and ${expected} were due.`,
    );
  }
  if (headers['content-encoding'] !== undefined || body.length !== end - start + 1) {
    throw new AgentError(
      'CONTENT_RANGE',
      `${url.href} sent ${body.length} bytes for the range ${start}-${end}, in the encoding ${headers['content-encoding'] ?? 'identity'}.`,
    );
  }
}

function checkDigests(content: Buffer, file: AgentFile, url: URL): void {
  if (content.length !== file.size) {
    throw new AgentError(
      'CONTENT_SIZE',
      `${file.fileName} has ${content.length} bytes, ${file.size} were due.`,
    );
  }
  for (const [algorithm, wanted] of [
    ['sha1', file.sha1],
    ['sha256', file.sha256],
  ] as const) {
    const found = createHash(algorithm).update(content).digest();
    if (!found.equals(wanted)) {
      throw new AgentError(
        'CONTENT_DIGEST',
        `${url.href} has the ${algorithm} ${found.toString('hex')}, the metadata says ${wanted.toString('hex')}.`,
      );
    }
  }
}
