/** `GET` and `HEAD` of `/Content/XX/SHA1HEX.ext`: content by its digest, whole or in ranges ([MS-WSUSSS] 2.1). */
import type { ServerResponse } from 'node:http';
import type { HandOver } from '../../config/content.ts';
import { CONTENT_TURN, ONLY_IF_HERE } from '../../protocol/content-request.ts';
import { addressOf, answerBare } from '../http/answer.ts';
import type { Handler } from '../http/dispatcher.ts';
import { answerFile } from './answer-file.ts';
import { isArrivingNow } from './arriving-now.ts';
import { ContentSender } from './content-sender.ts';
import type { FetchTurns } from './fetch-turns.ts';
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
  /** Left out where nothing is fetched. */
  readonly turns?: FetchTurns;
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
  const { store, pull, turns, folder: contentFolder, patience } = options;
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

  /** What another relay is told of a file that is not here. */
  const answerRelay = async (response: ServerResponse, sha1: string, turn?: string): Promise<void> => {
    if (contentFolder !== undefined && (await isArrivingNow(contentFolder, sha1))) {
      answerBare(response, 202, { 'Retry-After': ASK_AGAIN });
      return;
    }
    answerBare(response, 404, turn === undefined ? {} : { [CONTENT_TURN]: turn });
  };

  return async (request, response, path) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      answerBare(response, 405, { Allow: 'GET, HEAD' });
      return;
    }
    const [, folder, sha1, lastDigits, extension = ''] = PATH.exec(path) ?? [];
    const isOnlyIfHere = request.headers[ONLY_IF_HERE] !== undefined;
    // Before it is looked for: a file that gets its name in between is found then.
    const turn = isOnlyIfHere && sha1 !== undefined ? turns?.of(sha1) : undefined;
    const file =
      sha1 === undefined || folder !== lastDigits ? undefined : await find(sha1, extension, isOnlyIfHere);
    if (file === undefined || sha1 === undefined) {
      if (isOnlyIfHere && sha1 !== undefined) await answerRelay(response, sha1, turn);
      else answerBare(response, 404);
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
