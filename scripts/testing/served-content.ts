/** Serves a relay's content to other relays and to clients, as its server process does, on loopback. */
import { createLogger } from '../../config/logging.ts';
import { Endpoint } from '../../config/schema.ts';
import { CONTENT_PREFIX, createContentEndpoint } from '../../server/content/content-endpoint.ts';
import { FetchTurns } from '../../server/content/fetch-turns.ts';
import { PullThrough } from '../../server/content/pull-through.ts';
import { ContentStore } from '../../server/content/stored-file.ts';
import { createDispatcher } from '../../server/http/dispatcher.ts';
import { listen } from '../../server/http/listener.ts';
import { RateLimit } from '../../server/http/rate-limit.ts';
import type { ContentRelay } from './content-relay.ts';

const log = createLogger({ level: 'error', terminal: false });

export interface ServedContent {
  readonly url: string;
  close(): Promise<void>;
}

/** @param port 0 lets the system choose */
export async function serveRelayContent(relay: ContentRelay, port = 0): Promise<ServedContent> {
  const now = (): Date => new Date(relay.time);
  const contentWanted = (): void => relay.downloads.wake();
  const shared = { db: relay.db, log, now, contentWanted };
  const handler = createContentEndpoint({
    store: new ContentStore({ ...shared, dataDirectory: relay.folder }),
    folder: relay.contentFolder,
    pull: new PullThrough({ ...shared, folder: relay.contentFolder, patience: 5000 }),
    turns: new FetchTurns({ db: relay.db, now, onlyRequested: false }),
  });
  const listener = await listen({
    endpoint: Endpoint.parse({ address: '127.0.0.1', port, protocol: 'http' }),
    key: 'listeners.content.0',
    handler: createDispatcher(
      { exact: new Map(), prefixes: [{ prefix: CONTENT_PREFIX, handler }] },
      new RateLimit(0),
      log,
    ),
  });
  return { url: `http://127.0.0.1:${listener.port}`, close: () => listener.close(0) };
}
