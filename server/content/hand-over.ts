/**
 * Lets a front web server send a file that was asked for through it: the answer names the file, and the front sends it,
 * ranges and all. The file was looked at like any other; who is not the front is answered by ourselves.
 */
import type { ServerResponse } from 'node:http';
import { contentPath } from '../../catalog/content-path.ts';
import type { HandOver } from '../../config/content.ts';
import { withinNetworks } from '../http/within-networks.ts';

export interface HandedFile {
  /** Lower-case hex. */
  readonly sha1: string;
  readonly extension: string;
  /** In quotes. */
  readonly etag: string;
  readonly cacheControl: string;
}

/**
 * Hands a file over to the front, where the socket's other end has its address.
 *
 * @returns false where the answer is ours to give
 */
export type HandsOver = (response: ServerResponse, file: HandedFile, address: string) => boolean;

export function handsOver({ header, location, from }: HandOver): HandsOver {
  const isFront = withinNetworks(from);
  const folder = location.endsWith('/') ? location : `${location}/`;
  return (response, { sha1, extension, etag, cacheControl }, address) => {
    if (!isFront(address)) return false;
    response.writeHead(200, {
      [header]: `${folder}${contentPath(sha1, extension)}`,
      'Content-Type': 'application/octet-stream',
      'Cache-Control': cacheControl,
      ETag: etag,
    });
    response.end();
    return true;
  };
}
