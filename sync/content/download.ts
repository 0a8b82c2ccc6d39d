/** Brings one wanted file here, from the first of its sources that has it. */
import type { WantedFile } from '../../catalog/store/content/content-queue.ts';
import { ContentError } from './content-error.ts';
import type { ContentProblem } from './content-error.ts';
import type { ContentStore } from './content-store.ts';
import type { DigestFile } from './digest-file.ts';
import { nameOf, originOf } from './sources.ts';
import type { ContentSource } from './sources.ts';

export interface DownloadOptions {
  readonly store: ContentStore;
  readonly file: WantedFile;
  readonly sources: readonly ContentSource[];
  /** Receives what is missing of the file. */
  readonly receive: (source: ContentSource, file: DigestFile) => Promise<void>;
  /** Told of each source that does not have the file. */
  readonly notFoundAt: (source: ContentSource) => void;
  /** Told of the source that the file came from, at the end of it at least. */
  readonly receivedFrom: (source: ContentSource) => void;
  /** Called with where the verified file is, before it gets its name; what it throws keeps it from it. */
  readonly judge: (path: string) => Promise<void>;
}

/**
 * @returns the `statKey` of the file, under its final name now
 * @throws ContentError of the source that tells most, the signal's reason when aborted
 */
export async function download(options: DownloadOptions): Promise<string> {
  const { file, sources, store } = options;
  if (sources.length === 0) {
    throw new ContentError(
      'unavailable',
      'there is nowhere to fetch it from: the metadata names no URL outside this network, and the upstream server has no content (set upstream.contentUrl or content.sources)',
    );
  }
  await store.takeBack(file);
  const incoming = await store.openIncoming(file);
  try {
    if (!(await isWhole(incoming, file))) await receive(incoming, options);
  } finally {
    await incoming.close();
  }
  await options.judge(incoming.path);
  return await store.admit(file, incoming);
}

/** An earlier process may have been stopped between the last byte and the name. */
async function isWhole(incoming: DigestFile, file: WantedFile): Promise<boolean> {
  if (incoming.size < file.size || file.size === 0) return false;
  try {
    await incoming.verify();
    return true;
  } catch (error) {
    if (!(error instanceof ContentError)) throw error;
    await incoming.restart();
    return false;
  }
}

/** Another source would not help, or is not to be troubled. */
const ENDS_IT: ReadonlySet<ContentProblem> = new Set(['unwritable', 'coming']);

async function receive(incoming: DigestFile, options: DownloadOptions): Promise<void> {
  let failure: unknown;
  for (const source of options.sources) {
    try {
      await receiveFrom(source, incoming, options);
      options.receivedFrom(source);
      return;
    } catch (error) {
      if (!(error instanceof ContentError) || ENDS_IT.has(error.problem)) throw error;
      if (error.status === 404) options.notFoundAt(source);
      failure = preferred(failure, error);
    }
  }
  throw failure;
}

async function receiveFrom(
  source: ContentSource,
  incoming: DigestFile,
  options: DownloadOptions,
): Promise<void> {
  const isContinued = incoming.size > 0;
  try {
    await options.receive(source, incoming);
    await incoming.verify();
  } catch (error) {
    if (!(error instanceof ContentError) || error.problem !== 'altered') throw error;
    await incoming.restart();
    // The two halves may have come from different files; only a whole one tells that the source's is altered.
    if (isContinued) await receiveFrom(source, incoming, options);
    else
      throw new ContentError(
        'altered',
        `what ${nameOf(source)} has is not what the metadata says: ${error.message}`,
        { origin: originOf(source), ...(error.found === undefined ? {} : { found: error.found }) },
      );
  }
}

/** That a source's file is altered is worth knowing more than that another did not answer, and that more than a 404. */
const weight = ({ problem, status }: ContentError): number =>
  problem === 'altered' ? 2 : status === 404 ? 0 : 1;

const preferred = (first: unknown, second: ContentError): ContentError =>
  first instanceof ContentError && weight(first) > weight(second) ? first : second;
