/** Asks the upstream server to fetch content that it does not have yet ([MS-WSUSSS] 3.1.4.11, 3.2.4.4), many files a call. */
import { setTimeout as after } from 'node:timers/promises';
import type { Logger } from '../../config/logging.ts';
import { reasonOf } from '../../config/error-facts.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import type { Upstream } from '../../config/schema.ts';
import { SoapFault } from '../../protocol/soap/fault.ts';
import { DownloadFiles, serverSyncService } from '../../protocol/wsusss/server-sync.ts';
import { Authorization, readAccount } from '../conversation/authorization.ts';
import type { SoapClient } from '../conversation/soap-client.ts';
import { openUpstream } from '../upstream-client.ts';

/** Digests in one call: what servers take ([MS-WSUSSS] 3.1.4.11). */
const MOST_DIGESTS = 100;

/** Milliseconds that others are waited for: files that are not there are found out one after the other, quickly. */
const GATHERING = 1_000;

export interface HeldContentOptions {
  readonly db: Database;
  readonly upstream: Upstream;
  readonly log: Logger;
  readonly now: () => Date;
  readonly signal: AbortSignal;
}

/** Content that the upstream server holds back until somebody asks for it. */
export class HeldContent {
  readonly #options: HeldContentOptions;
  readonly #waiting = new Set<string>();
  #asking: Promise<void> | undefined;

  constructor(options: HeldContentOptions) {
    this.#options = options;
  }

  /** Has it fetched before long; the log tells what became of that. @param sha1 lower-case hex */
  want(sha1: string): void {
    this.#waiting.add(sha1);
    this.#asking ??= this.#askForAll().finally(() => (this.#asking = undefined));
  }

  /** Settles when nothing is being asked. */
  async settled(): Promise<void> {
    await this.#asking;
  }

  async #askForAll(): Promise<void> {
    const { log, signal } = this.#options;
    while (this.#waiting.size > 0) {
      await after(GATHERING, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) return;
      const sha1s = [...this.#waiting].slice(0, MOST_DIGESTS);
      for (const sha1 of sha1s) this.#waiting.delete(sha1);
      try {
        const missing = await this.#ask(sha1s);
        const files = sha1s.length - missing.length;
        if (files > 0) log.info('Asked the upstream server to fetch content files', { files });
        if (missing.length > 0)
          log.warn('The upstream server does not know content files that it had listed', { sha1s: missing });
      } catch (error) {
        log.warn('Could not ask the upstream server for content', {
          files: sha1s.length,
          reason: reasonOf(error),
        });
      }
    }
  }

  /** @returns digests that the server does not know */
  async #ask(sha1s: readonly string[]): Promise<readonly string[]> {
    const { db, upstream, now, signal } = this.#options;
    await using connection = openUpstream({ upstream, signal, now });
    const { client } = connection;
    const authorization = new Authorization(client, await readAccount(db, upstream), now);
    try {
      await downloadFiles(client, authorization, sha1s);
      return [];
    } catch (error) {
      // A server may take none where it misses one; it names those, "each separated by a "|" character" (3.1.4.11).
      const missing = missingOf(error, sha1s);
      const rest = sha1s.filter((sha1) => !missing.includes(sha1));
      if (missing.length === 0) throw error;
      if (rest.length > 0) await downloadFiles(client, authorization, rest);
      return missing;
    }
  }
}

async function downloadFiles(
  client: SoapClient,
  authorization: Authorization,
  sha1s: readonly string[],
): Promise<void> {
  const fileDigestList = sha1s.map((sha1) => Buffer.from(sha1, 'hex'));
  await authorization.use((cookie) =>
    client.call(serverSyncService, DownloadFiles, { cookie, fileDigestList }),
  );
}

function missingOf(error: unknown, sha1s: readonly string[]): readonly string[] {
  if (!(error instanceof SoapFault) || error.errorCode !== 'FileDigestsMissing') return [];
  const named = new Set(
    error.message.split('|').map((digest) => Buffer.from(digest.trim(), 'base64').toString('hex')),
  );
  return sha1s.filter((sha1) => named.has(sha1));
}
