/**
 * Lets a front web server send a file that was asked for through it: the answer names the file, and the front sends it,
 * ranges and all. The file was looked at like any other; who is not the front is answered by ourselves.
 */
import type { ServerResponse } from 'node:http';
import { contentPath } from '../../catalog/content-path.ts';
import type { HandOver } from '../../config/content.ts';
import { isWithin } from '../http/within-networks.ts';

export interface HandedFile {
  /** Lower-case hex. */
  readonly sha1: string;
  readonly extension: string;
  /** In quotes. */
  readonly etag: string;
  readonly cacheControl: string;
}

/**
 * @param address of the socket's other end
 * @returns false where the answer is ours to give
 */
export function handOver(
  response: ServerResponse,
  file: HandedFile,
  { header, location, from }: HandOver,
  address: string,
): boolean {
  if (!isWithin(address, from)) return false;
  const path = contentPath(file.sha1, file.extension);
  response.writeHead(200, {
    [header]: location.endsWith('/') ? `${location}${path}` : `${location}/${path}`,
    'Content-Type': 'application/octet-stream',
    'Cache-Control': file.cacheControl,
    ETag: file.etag,
  });
  response.end();
  return true;
}
