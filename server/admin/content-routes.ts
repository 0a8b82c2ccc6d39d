/** Content: the disk, what is to come, what is in quarantine, who signed it; and having files tried again. */
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { RESERVED_BYTES } from '../../catalog/free-space.ts';
import { nextWanted } from '../../catalog/store/content/content-queue.ts';
import {
  commonestError,
  contentAmounts,
  laterFiles,
  lastReceivedAt,
  neededContent,
  signatureSums,
} from '../../catalog/store/content/content-sums.ts';
import { contentFileDetails, unknownContentFile } from '../../catalog/store/content/file-details.ts';
import { listContentFiles, summarizeContentFiles } from '../../catalog/store/content/file-listing.ts';
import type { StoredSummary } from '../../catalog/store/content/file-listing.ts';
import { fileBySha1 } from '../../catalog/store/content/files.ts';
import type { FileRow } from '../../catalog/store/content/files.ts';
import { tryNow } from '../../catalog/store/content/retries.ts';
import type { ContentFileSummary } from '../../protocol/console/content.ts';
import type { ConsoleContext } from './context.ts';
import { entityTagOf } from './edit-version.ts';
import { changing, signedIn, versioned, type SomeHandlers } from './handlers.ts';
import { incomingFiles, type IncomingFile } from './incoming-files.ts';
import { measured } from './measured-answer.ts';
import { ApiProblem } from './problems.ts';
import { deleteQuarantined, quarantinedBytes } from './quarantined-files.ts';
import { freeBytes } from './risks.ts';

/** Files of which it is said that they are next. */
const NEXT_SHOWN = 10;
/** Files that are arriving, or were cut, at most. */
const ARRIVING_SHOWN = 100;

type Name =
  | 'content'
  | 'arrivingContent'
  | 'contentFiles'
  | 'contentFile'
  | 'signatures'
  | 'tryContent'
  | 'deleteQuarantined';

export function contentRoutes({ db, config, log, now, sync }: ConsoleContext): SomeHandlers<Name> {
  const { content, dataDirectory } = config;
  const folder = join(dataDirectory, 'content');

  const readAmounts = measured(() => contentAmounts(db));
  const readLater = measured(() => laterFiles(db));
  const readError = measured(() => commonestError(db));
  const readNeeded = measured(() => neededContent(db));
  const readNext = measured(() =>
    nextWanted(db, NEXT_SHOWN * 2, now(), {
      onlyRequested: content.fetch === 'on-request',
      approvedFirst: content.store === 'all',
    }).map(({ sha1 }) => sha1),
  );
  const sumsOfSignatures = measured(() => signatureSums(db));

  const findFile = (sha1: string): FileRow => {
    const row = fileBySha1(db, sha1);
    if (row === undefined) throw unknownContentFile(sha1);
    return row;
  };
  /** Of the evidence that who deletes bytes has read, and of the bytes. */
  const versionOf = (sha1: string): string => {
    const { contentState, ...row } = findFile(sha1);
    const { finding, signature } = contentFileDetails(db, sha1);
    const bytes = quarantinedBytes(dataDirectory, row) ?? null;
    return entityTagOf([contentState, finding?.foundAt ?? null, signature?.judgedAt ?? null, bytes]);
  };

  return {
    content: signedIn('content', async () => {
      const incoming = await incomingFiles(folder);
      // Agents are answered in between: of a long queue each takes a while.
      const needed = readNeeded();
      await setImmediate();
      const next = readNext();
      await setImmediate();
      const error = readError();
      const last = lastReceivedAt(db);
      const waiting = next.filter((sha1) => incoming.get(sha1)?.isArriving !== true).slice(0, NEXT_SHOWN);
      return {
        ...readAmounts(),
        needed,
        laterFiles: readLater(),
        ...(error === undefined ? {} : { commonestError: error }),
        store: content.store,
        fetch: content.fetch,
        sources: content.sources.map(withoutSecrets),
        disk: {
          folder: dataDirectory,
          freeBytes: freeBytes(dataDirectory),
          reservedBytes: RESERVED_BYTES,
          ...(content.quota === 0 ? {} : { quotaBytes: content.quota }),
        },
        receivedBytes: incoming.values().reduce((sum, { receivedBytes }) => sum + receivedBytes, 0),
        ...(last === undefined ? {} : { lastReceivedAt: last }),
        next: withIncoming(summarizeContentFiles(db, waiting), incoming),
      };
    }),

    arrivingContent: signedIn('arrivingContent', async () => {
      const incoming = await incomingFiles(folder);
      const found = [...incoming]
        .toSorted(([, one], [, other]) => Number(other.isArriving) - Number(one.isArriving))
        .slice(0, ARRIVING_SHOWN)
        .map(([sha1]) => sha1);
      const items = withIncoming(summarizeContentFiles(db, found), incoming);
      return { items: items.filter(({ state }) => state === 'wanted' || state === 'quarantined') };
    }),

    contentFiles: signedIn('contentFiles', async ({ query }) => {
      const { items, ...page } = listContentFiles(db, query);
      const incoming = await incomingFiles(
        folder,
        items.map(({ sha1 }) => sha1),
      );
      return { ...page, items: withIncoming(items, incoming) };
    }),

    contentFile: versioned(
      ({ params }) => versionOf(params.sha1),
      signedIn('contentFile', async ({ params: { sha1 } }) => {
        const incoming = await incomingFiles(folder, [sha1]);
        const details = contentFileDetails(db, sha1);
        const bytes = quarantinedBytes(dataDirectory, findFile(sha1));
        return {
          ...details,
          ...progressOf(sha1, incoming),
          ...(bytes === undefined ? {} : { quarantinedBytes: bytes }),
        };
      }),
    ),

    signatures: signedIn('signatures', () => ({
      policy: content.signatures,
      hasRoots: content.signatureRoots !== undefined,
      acceptsSha1: content.signatureSha1 === 'accepted',
      ...sumsOfSignatures(),
    })),

    tryContent: changing('tryContent', ({ body, session }) => {
      if (content.store === 'none') {
        throw new ApiProblem(
          409,
          'CONTENT_NOT_STORED',
          'No content is kept here (content.store is none), so nothing is fetched. Set it to approved or all, and start the relay again.',
        );
      }
      const changed = tryNow(db, now(), body.sha1s);
      log.info('Asked for content files to be tried now', {
        userName: session.userName,
        ...(body.sha1s === undefined ? { all: true } : { sha1s: body.sha1s }),
        changed,
      });
      return {
        answer: { changed },
        change: {
          action: 'content.try',
          subjects: (body.sha1s ?? []).map((sha1) => ({ kind: 'content-file', id: sha1 })),
          after: { files: changed, all: body.sha1s === undefined },
        },
        afterwards: () => sync.send({ type: 'content-wanted' }),
      };
    }),

    deleteQuarantined: versioned(
      ({ params }) => versionOf(params.sha1),
      changing('deleteQuarantined', ({ params: { sha1 }, session }) => {
        const row = findFile(sha1);
        const bytes = quarantinedBytes(dataDirectory, row);
        if (bytes === undefined) {
          throw new ApiProblem(
            409,
            'QUARANTINE_EMPTY',
            'No bytes of this file are in quarantine, so there is nothing to delete. What was found of them stays.',
          );
        }
        deleteQuarantined(dataDirectory, row);
        log.info('Deleted the bytes of a content file from quarantine', {
          userName: session.userName,
          sha1,
          bytes,
        });
        return {
          answer: undefined,
          change: {
            action: 'content.delete-quarantined',
            subjects: [{ kind: 'content-file', id: sha1 }],
            before: { bytes },
          },
        };
      }),
    ),
  };
}

/** A name and password in an address are for nobody's eyes. */
function withoutSecrets(source: string): string {
  const url = URL.parse(source);
  if (url === null || !/^https?:$/.test(url.protocol)) return source;
  return `${url.origin}${url.pathname}`;
}

const progressOf = (
  sha1: string,
  incoming: ReadonlyMap<string, IncomingFile>,
): Pick<ContentFileSummary, 'receivedBytes' | 'isArriving'> => incoming.get(sha1) ?? { isArriving: false };

const withIncoming = (
  summaries: readonly StoredSummary[],
  incoming: ReadonlyMap<string, IncomingFile>,
): ContentFileSummary[] =>
  summaries.map((summary) => ({ ...summary, ...progressOf(summary.sha1, incoming) }));
