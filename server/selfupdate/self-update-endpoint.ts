/**
 * Self-update of agents up to Windows 8.1 ([MS-WUSP] 3.1.5.1): before they synchronize they ask for `wuident.cab`, and
 * what it refers to. Its files must bear Microsoft's signature, so ours is at most a genuine copy from the folder; without
 * one the answer is a bare 404, quickly and without a word in the log. Windows 10 and later never ask.
 */
import { answerBare } from '../http/answer.ts';
import type { Handler, Routes } from '../http/dispatcher.ts';
import { answerFile } from '../content/answer-file.ts';
import { ContentSender } from '../content/content-sender.ts';
import type { SelfUpdateFolder } from './self-update-folder.ts';

const TREE = '/selfupdate/';
/** What agents of protocol 0.9 and Windows Update before it look for at the site's root ([MS-WUSP] 2.1). */
const AT_ROOT = [
  '/iuident.cab',
  '/wuident.cab',
  '/wutrack.bin',
  '/autoupdate/getmanifest.asp',
  '/selfupdate',
];

/** Agents compare these files with what they have at every detection: they must not be told an old one. */
const CACHE_CONTROL = 'no-cache';

/** The paths that are self-update's, for a listener's routes. */
export function selfUpdateRoutes(folder: SelfUpdateFolder): Pick<Routes, 'prefixes'> & {
  readonly exact: readonly (readonly [string, Handler])[];
} {
  const handler = createSelfUpdateEndpoint(folder);
  return {
    exact: AT_ROOT.map((path) => [path, handler]),
    prefixes: [TREE, '/wusetup'].map((prefix) => ({ prefix, handler })),
  };
}

function createSelfUpdateEndpoint(folder: SelfUpdateFolder): Handler {
  const sender = new ContentSender();
  return async (request, response, path) => {
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      answerBare(response, 405, { Allow: 'GET, HEAD' });
      return;
    }
    const name = nameOf(path);
    const file = name === undefined ? undefined : await folder.open(name);
    if (file === undefined) {
      answerBare(response, 404);
      return;
    }
    try {
      const etag = `"${file.modified.getTime().toString(16)}-${file.size.toString(16)}"`;
      await answerFile(request, response, file, { etag, cacheControl: CACHE_CONTROL }, sender);
    } finally {
      await file.close();
    }
  };
}

/** Under the folder; what belongs at the site's root lies at the folder's. */
function nameOf(path: string): string | undefined {
  try {
    return decodeURIComponent(path.startsWith(TREE) ? path.slice(TREE.length) : path.slice(1));
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
