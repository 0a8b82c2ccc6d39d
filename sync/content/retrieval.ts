/** Receives a file from one source: what each kind of source is asked, how long it is waited for, what limits it. */
import type { Dispatcher } from 'undici';
import { isHttpUrl } from '../../config/content-sources.ts';
import type { Upstream } from '../../config/schema.ts';
import { contentTurn } from '../../catalog/content-turn.ts';
import { CONTENT_TURN, ONLY_IF_HERE } from '../../protocol/content-request.ts';
import type { Bandwidth } from './bandwidth.ts';
import { ContentError } from './content-error.ts';
import { copyContent } from './copy-content.ts';
import type { DigestFile } from './digest-file.ts';
import { contentDispatcher, fetchContent } from './fetch-content.ts';
import { ownHosts } from './internal-addresses.ts';
import type { ContentSource } from './sources.ts';

/** Milliseconds; without an upstream server the metadata's own URLs are still fetched from. */
const DEFAULT_TIMEOUT = 120_000;

/** Milliseconds until a relay nearby counts as not there: others have the file too. */
const SIBLING_PATIENCE = 3000;

/** Milliseconds that a relay which was not there is not asked again. */
const SIBLING_QUIET = 60_000;

/** Milliseconds that a file is left to a sibling which says that it is receiving it. */
const COMING_PATIENCE = 2 * 3_600_000;

/**
 * Milliseconds that a file is left to a sibling which says that it is about to fetch it and has the better turn: it may have
 * much to fetch before. Less than the wait until it is asked again, so a file is left so once.
 */
const TURN_PATIENCE = 20_000;

/** Files of which that is remembered. */
const REMEMBERED = 10_000;

export interface RetrievalOptions {
  readonly upstream: Upstream | undefined;
  /** `content.sources`. */
  readonly sources: readonly string[];
  readonly bandwidth: Bandwidth;
  readonly now: () => Date;
  /** Who this relay is, for its turns (`serverIdentity`). */
  readonly identity: string;
}

export class Retrieval {
  readonly #far: Dispatcher;
  readonly #near: Dispatcher;
  readonly #bandwidth: Bandwidth;
  readonly #identity: string;
  readonly #now: () => Date;
  /** Since when a file is said to be coming, by its digest. */
  readonly #comingSince = new Map<string, number>();
  /** When a sibling that was not there may be asked again, by its host. */
  readonly #quietUntil = new Map<string, number>();

  constructor({ upstream, sources, bandwidth, now, identity }: RetrievalOptions) {
    this.#identity = identity;
    this.#bandwidth = bandwidth;
    this.#now = now;
    this.#far = contentDispatcher({
      timeout: upstream?.timeout ?? DEFAULT_TIMEOUT,
      ownHosts: ownHosts(upstream),
      ...(upstream?.proxy === undefined ? {} : { proxy: upstream.proxy }),
    });
    const siblings = sources.filter(isHttpUrl).map((url) => new URL(url).hostname);
    this.#near = contentDispatcher({ timeout: SIBLING_PATIENCE, ownHosts: new Set(siblings) });
  }

  /**
   * @param isUnlimited whether it may take more of the line than others
   * @param isUrgent whether somebody waits for it, so that it is not left to a sibling that is still receiving it
   * @throws ContentError, or the signal's reason
   */
  async receive(
    source: ContentSource,
    file: DigestFile,
    {
      signal,
      isUnlimited,
      isUrgent,
    }: { readonly signal: AbortSignal; readonly isUnlimited: boolean; readonly isUrgent: boolean },
  ): Promise<void> {
    if (source.kind === 'folder') {
      await copyContent(source.path, file, signal);
      return;
    }
    const limit = isUnlimited || !this.#bandwidth.isLimiting ? {} : { bandwidth: this.#bandwidth };
    if (source.kind === 'sibling') await this.#askSibling(source.url, file, { signal, isUrgent, ...limit });
    else await fetchContent(source.url, file, { dispatcher: this.#far, signal, ...limit });
  }

  async close(): Promise<void> {
    await Promise.all([this.#far.destroy(), this.#near.destroy()]);
  }

  async #askSibling(
    url: URL,
    file: DigestFile,
    {
      isUrgent,
      ...options
    }: { readonly signal: AbortSignal; readonly isUrgent: boolean; readonly bandwidth?: Bandwidth },
  ): Promise<void> {
    const now = this.#now().getTime();
    if ((this.#quietUntil.get(url.host) ?? now) > now) {
      throw new ContentError('unavailable', `${url.host} was not there a moment ago`);
    }
    let turn: unknown;
    try {
      await fetchContent(url, file, {
        ...options,
        dispatcher: this.#near,
        headers: { [ONLY_IF_HERE]: '1' },
        onRefusal: (headers) => (turn = headers[CONTENT_TURN]),
      });
    } catch (error) {
      if (error instanceof ContentError && error.problem === 'unavailable' && error.status === undefined) {
        this.#quietUntil.set(url.host, now + SIBLING_QUIET);
      }
      if (isUrgent || !(error instanceof ContentError)) throw error;
      if (error.status === 202 && this.#mayWaitFor(file, now, COMING_PATIENCE)) {
        throw new ContentError('coming', `${url.host} is receiving it, and it is taken from there then`);
      }
      const isItsTurn = typeof turn === 'string' && turn < contentTurn(this.#identity, file.sha1);
      if (error.status === 404 && isItsTurn && this.#mayWaitFor(file, now, TURN_PATIENCE)) {
        throw new ContentError('coming', `${url.host} is about to fetch it, and it is taken from there then`);
      }
      throw error;
    }
  }

  /** A sibling that says so for long is not believed any more. */
  #mayWaitFor({ sha1 }: DigestFile, now: number, patience: number): boolean {
    const since = this.#comingSince.get(sha1) ?? now;
    if (this.#comingSince.size >= REMEMBERED) this.#comingSince.clear();
    this.#comingSince.set(sha1, since);
    return now - since < patience;
  }
}
