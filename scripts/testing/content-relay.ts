/** What fetches content, over a database and a folder of its own, and servers to fetch it from: real sockets, a clock that the test moves. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import winston from 'winston';
import { contentPath } from '../../catalog/content-path.ts';
import { openDatabase } from '../../catalog/store/database/database.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { Upstream } from '../../config/schema.ts';
import type { WorkerMessage } from '../../protocol/channel/messages.ts';
import { ContentDownloads } from '../../sync/content/content-downloads.ts';
import type { ContentDownloadsOptions } from '../../sync/content/content-downloads.ts';
import { portOf } from './port-of.ts';

export type ContentHandler = (request: IncomingMessage, response: ServerResponse) => void;

export interface ContentServer {
  /** Its content folder. */
  readonly url: string;
  readonly port: number;
  /** Path, and range where one was asked for. */
  readonly asked: string[];
  close(): Promise<void>;
}

/** A content server that answers what the test says. */
export async function serveContent(handler: ContentHandler): Promise<ContentServer> {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    asked.push(`${request.url ?? ''} ${request.headers.range ?? ''}`.trim());
    handler(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const port = portOf(server);
  return {
    url: `http://127.0.0.1:${port}/Content`,
    port,
    asked,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** Answers ranges from a start to the end, as servers of content do. */
export const servesRanges =
  (bytes: Buffer): ContentHandler =>
  ({ headers }, response) => {
    const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
    if (from > 0) response.setHeader('content-range', `bytes ${from}-${bytes.length - 1}/${bytes.length}`);
    response.setHeader('content-length', bytes.length - from);
    response.writeHead(from > 0 ? 206 : 200).end(bytes.subarray(from));
  };

export interface GeneratedContent {
  readonly bytes: Buffer;
  readonly sha1: string;
  readonly sha256: string;
  /** Where it is below a content folder. */
  readonly path: string;
}

export function generateContent(size: number): GeneratedContent {
  const bytes = randomBytes(size);
  const digest = (algorithm: string): string => createHash(algorithm).update(bytes).digest('hex');
  const sha1 = digest('sha1');
  return { bytes, sha1, sha256: digest('sha256'), path: contentPath(sha1, '.cab') };
}

export class ContentRelay {
  readonly folder = mkdtempSync(join(tmpdir(), 'sluice-relay-'));
  readonly contentFolder = join(this.folder, 'content');
  readonly db: Database = openDatabase(join(this.folder, 'sluice.db'));
  readonly sent: WorkerMessage[] = [];
  /** Milliseconds since 1970. */
  time = Date.parse('2026-05-01T12:00:00Z');
  readonly downloads: ContentDownloads;

  constructor(contentUrl: string | undefined, options: Partial<ContentDownloadsOptions> = {}) {
    this.downloads = new ContentDownloads({
      db: this.db,
      folder: this.contentFolder,
      now: () => new Date(this.time),
      upstream: Upstream.parse({
        url: 'https://upstream.invalid',
        pins: [`sha256/${'A'.repeat(43)}=`],
        timeout: 2000,
        contentUrl,
      }),
      log: winston.createLogger({ silent: true }),
      send: (message) => this.sent.push(message),
      isStored: true,
      onRequest: false,
      parallelDownloads: 2,
      ...options,
    });
  }

  /** Has the file wanted; what the metadata says of it may be said otherwise. */
  want(
    content: GeneratedContent,
    columns: { size?: number; muUrl?: string; sha256?: string | null } = {},
  ): void {
    const { size = content.bytes.length, muUrl = null, sha256 = content.sha256 } = columns;
    this.db
      .prepare(
        `INSERT INTO file (sha1, sha256, size, extension, mu_url, content_state, changed_at)
         VALUES (?, ?, ?, '.cab', ?, 'wanted', '')`,
      )
      .run(content.sha1, sha256, size, muUrl);
  }

  /** Settles when nothing is under way and nothing is due. */
  async run(): Promise<void> {
    this.downloads.wake();
    await this.downloads.settled();
  }

  row({ sha1 }: Pick<GeneratedContent, 'sha1'>): Record<string, unknown> {
    return (
      this.db.prepare<[string], Record<string, unknown>>('SELECT * FROM file WHERE sha1 = ?').get(sha1) ?? {}
    );
  }

  /** Where the file is once it is whole. */
  pathOf({ path }: Pick<GeneratedContent, 'path'>): string {
    return join(this.contentFolder, path);
  }

  /** Names and sizes of what is being received. */
  incoming(): Map<string, number> {
    const folder = join(this.contentFolder, '.incoming');
    const names = existsSync(folder) ? readdirSync(folder) : [];
    return new Map(names.map((name) => [name, statSync(join(folder, name)).size]));
  }

  async close(): Promise<void> {
    await this.downloads.stop();
    this.db.close();
    rmSync(this.folder, { recursive: true });
  }
}
