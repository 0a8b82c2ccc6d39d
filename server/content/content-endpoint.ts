/** `GET` and `HEAD` of `/Content/XX/SHA1HEX.ext`: content by its digest, whole or in ranges ([MS-WSUSSS] 2.1). */
import type { HandOver } from '../../config/content.ts';
import { ONLY_IF_HERE } from '../../protocol/content-request.ts';
import { addressOf, answerBare } from '../http/answer.ts';
import type { Handler } from '../http/dispatcher.ts';
import { answerFile } from './answer-file.ts';
import { isArrivingNow } from './arriving-now.ts';
import { ContentSender } from './content-sender.ts';
import { handsOver } from './hand-over.ts';
import type { PullThrough } from './pull-through.ts';
import type { SendingRate } from './sending-rate.ts';
import type { ContentStore, StoredFile } from './stored-file.ts';

export const CONTENT_PREFIX = '/content/';

/** The folder is the last two digits of the digest. */
const PATH = /^\/content\/([0-9a-f]{2})\/([0-9a-f]{38}([0-9a-f]{2}))(\.[a-z0-9]{1,16})?$/;

/** A year, the longest that RFC 9111 readers take seriously: what has this digest never changes. */
const CACHE_CONTROL = 'public, max-age=31536000, immutable';

/** Seconds after which a client asks again for what does not come yet. */
const ASK_AGAIN = '30';

export interface ContentEndpointOptions {
  readonly store: ContentStore;
  /** Left out where nothing is fetched. */
  readonly pull?: PullThrough;
  /** Left out: no limit. */
  readonly rate?: SendingRate;
  /** Left out: every file is sent from here. */
  readonly handOver?: HandOver;
  /** `<data>/content`; left out where nothing is fetched. */
  readonly folder?: string;
  /** Milliseconds that a reader may take for a quarter of a megabyte; default: ten minutes. */
  readonly patience?: number;
}

export function createContentEndpoint(options: ContentEndpointOptions): Handler {
  const { store, pull, folder: contentFolder, patience } = options;
  const handOver = options.handOver === undefined ? undefined : handsOver(options.handOver);
  const sender = new ContentSender(patience);

  const find = async (
    sha1: string,
    extension: string,
    isOnlyIfHere: boolean,
  ): Promise<StoredFile | 'later' | undefined> => {
    const stored = await store.open(sha1, extension);
    if (stored !== undefined || pull === undefined || isOnlyIfHere) return stored;
    const pulled = await pull.open(sha1, extension);
    return pulled === 'here' ? await store.open(sha1, extension) : pulled;
  };

  return async (request, response, path) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      answerBare(response, 405, { Allow: 'GET, HEAD' });
      return;
    }
    const [, folder, sha1, lastDigits, extension = ''] = PATH.exec(path) ?? [];
    const isOnlyIfHere = request.headers[ONLY_IF_HERE] !== undefined;
    const file =
      sha1 === undefined || folder !== lastDigits ? undefined : await find(sha1, extension, isOnlyIfHere);
    if (file === undefined || sha1 === undefined) {
      const isArriving =
        isOnlyIfHere &&
        sha1 !== undefined &&
        contentFolder !== undefined &&
        (await isArrivingNow(contentFolder, sha1));
      answerBare(response, isArriving ? 202 : 404, isArriving ? { 'Retry-After': ASK_AGAIN } : {});
      return;
    }
    if (file === 'later') {
      answerBare(response, 503, { 'Retry-After': ASK_AGAIN });
      return;
    }
    try {
      const headers = { etag: `"${sha1}"`, cacheControl: CACHE_CONTROL };
      const address = addressOf(request);
      const isHandedOver =
        file.isArriving !== true && handOver?.(response, { sha1, extension, ...headers }, address);
      if (isHandedOver === true) return;
      await answerFile(request, response, file, headers, sender, options.rate?.paceFor(address));
    } finally {
      file.release();
    }
  };
}
