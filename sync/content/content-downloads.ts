/** Works off the queue of wanted content files, some at a time, each tried again later where it fails. */
import type { Logger } from '../../config/logging.ts';
import {
  markPresent,
  markRetry,
  markWaiting,
  nextRetryAt,
  nextWanted,
} from '../../catalog/store/content/content-queue.ts';
import type { WantedFile } from '../../catalog/store/content/content-queue.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import { serverIdentity } from '../../catalog/store/access/server-identity.ts';
import { recordFinding } from '../../catalog/store/content/checks.ts';
import { readSetting } from '../../catalog/store/database/settings.ts';
import { fileNamesOf } from '../../catalog/store/content/files.ts';
import { Bandwidth as BandwidthPlan } from '../../config/content-sources.ts';
import type { Upstream } from '../../config/schema.ts';
import type { WorkerMessage } from '../../protocol/channel/messages.ts';
import { UPSTREAM_CONTENT_SETTING, UpstreamContent } from '../conversation/upstream-content.ts';
import { reasonOf } from '../../config/error-facts.ts';
import type { ContentSignaturePolicy } from '../../catalog/authenticode/content-signature-policy.ts';
import { markRefused, wasRefused } from '../../catalog/store/content/signatures.ts';
import { COMING_DELAY, quarantineDelay, retryDelay, ROOM_DELAY } from './backoff.ts';
import { Bandwidth } from './bandwidth.ts';
import type { BandwidthOptions } from './bandwidth.ts';
import { ContentError } from './content-error.ts';
import { ContentStore } from './content-store.ts';
import { download } from './download.ts';
import { HeldContent } from './held-content.ts';
import { Quota } from './quota.ts';
import { Retrieval } from './retrieval.ts';
import { SignatureGate } from './signature-gate.ts';
import { originOf, sourcesOf } from './sources.ts';
import type { ContentSource } from './sources.ts';

/** Bytes; the last place among parallel downloads is for files up to this, so that large ones never hold all others back. */
const SMALL = 64 * 1024 * 1024;

/** Milliseconds; the longest that a timer is set for. */
const LONGEST_WAIT = 3_600_000;

const NO_LIMIT = BandwidthPlan.parse({});
const USUAL_SOURCES = ['upstream', 'cdn'];

export interface ContentDownloadsOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly now: () => Date;
  readonly send: (message: WorkerMessage) => void;
  readonly upstream?: Upstream;
  /** `<data>/content`. */
  readonly folder: string;
  /** False where clients fetch everything from elsewhere. */
  readonly isStored: boolean;
  /** Whether what no approval needs is fetched too. */
  readonly storesAll?: boolean;
  /** Whether only what a client asked for is fetched. */
  readonly onRequest: boolean;
  readonly parallelDownloads: number;
  /** Left out: signatures are recorded alone. */
  readonly signatures?: ContentSignaturePolicy;
  /** `content.sources`; left out: its default. */
  readonly sources?: readonly string[];
  /** Left out: no limit. */
  readonly bandwidth?: BandwidthPlan;
  /** Bytes (`content.quota`); left out: no limit. */
  readonly quota?: number;
  /** For tests, whose clock moves by it. */
  readonly sleep?: BandwidthOptions['sleep'];
}

export class ContentDownloads {
  readonly #options: ContentDownloadsOptions;
  readonly #store: ContentStore;
  readonly #gate: SignatureGate;
  readonly #retrieval: Retrieval;
  readonly #quota: Quota;
  readonly #held: HeldContent | undefined;
  #hasBegun = false;
  readonly #stopping = new AbortController();
  readonly #active = new Map<string, { readonly size: number; readonly ended: Promise<void> }>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ContentDownloadsOptions) {
    const { bandwidth: plan = NO_LIMIT, folder, now, sleep, upstream } = options;
    this.#options = options;
    this.#store = new ContentStore(folder);
    this.#gate = new SignatureGate(options);
    const bandwidth = new Bandwidth({ plan, now, ...(sleep === undefined ? {} : { sleep }) });
    this.#retrieval = new Retrieval({
      upstream,
      sources: options.sources ?? USUAL_SOURCES,
      bandwidth,
      now,
      identity: serverIdentity(options.db),
    });
    this.#quota = new Quota({ ...options, store: this.#store, quota: options.quota ?? 0 });
    if (upstream !== undefined) {
      const { db, log } = options;
      this.#held = new HeldContent({ db, log, now, upstream, signal: this.#stopping.signal });
    }
  }

  /** Looks into the queue: something may have become wanted, or due. */
  wake(): void {
    const { db, isStored, now, onRequest, parallelDownloads, storesAll = false } = this.#options;
    if (!isStored || this.#stopping.signal.aborted) return;
    clearTimeout(this.#timer);
    if (!this.#hasBegun) this.#quota.deleteLeftovers();
    this.#hasBegun = true;
    while (this.#active.size < parallelDownloads) {
      // All places at once: the queue may be long, and each look at it reads it.
      const files = nextWanted(db, parallelDownloads - this.#active.size, now(), {
        except: [...this.#active.keys()],
        onlyRequested: onRequest,
        approvedFirst: storesAll,
        ...(this.#isLastPlace() ? { largest: SMALL } : {}),
      });
      if (files.length === 0) break;
      for (const file of files) {
        // The place that this would take has become the last one: it is asked again who may have that.
        if (this.#isLastPlace() && file.size > SMALL && !file.isRequested) break;
        this.#begin(file);
      }
    }
    this.#waitForRetry();
  }

  /** Stops what is under way; what came is kept and gone on from. Settles when nothing is. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    clearTimeout(this.#timer);
    await Promise.all([this.#allEnded(), this.#held?.settled()]);
    await this.#retrieval.close();
  }

  /** Settles when nothing is under way and nothing is due. */
  async settled(): Promise<void> {
    while (this.#active.size > 0) await this.#allEnded();
  }

  async #allEnded(): Promise<void> {
    await Promise.all(this.#active.values().map(({ ended }) => ended));
  }

  #arrivingBytes(): number {
    return this.#active.values().reduce((sum, { size }) => sum + size, 0);
  }

  /** Whether all places but one are taken by large files; where there is one place only, it is for all. */
  #isLastPlace(): boolean {
    const { parallelDownloads } = this.#options;
    const large = this.#active.values().reduce((count, { size }) => count + (size > SMALL ? 1 : 0), 0);
    return parallelDownloads > 1 && large >= parallelDownloads - 1;
  }

  #begin(file: WantedFile): void {
    const ended = this.#bring(file, this.#arrivingBytes() + file.size).finally(() => {
      this.#active.delete(file.sha1);
      this.wake();
    });
    this.#active.set(file.sha1, { size: file.size, ended });
  }

  #waitForRetry(): void {
    const { db, now } = this.#options;
    const next = nextRetryAt(db, now());
    if (next === undefined) return;
    const wait = Math.min(next.getTime() - now().getTime(), LONGEST_WAIT);
    this.#timer = setTimeout(() => this.wake(), Math.max(wait, 0));
  }

  /** @param arriving bytes of all that is being fetched, this file among it */
  async #bring(file: WantedFile, arriving: number): Promise<void> {
    const { bandwidth, db, log, now, send, sources = USUAL_SOURCES, upstream } = this.#options;
    const { signal } = this.#stopping;
    const isUnlimited = file.isRequested && bandwidth?.waitedFor === 'unlimited';
    const { catalogOnly } = readSetting(db, UPSTREAM_CONTENT_SETTING, UpstreamContent) ?? {
      catalogOnly: false,
    };
    let origin: string | undefined;
    try {
      this.#quota.makeRoomFor(file, arriving);
      if (wasRefused(db, file.sha1)) await this.#store.takeFromQuarantine(file);
      const verifiedStat = await download({
        store: this.#store,
        file,
        sources: sourcesOf(file, {
          sources,
          upstream,
          isCatalogOnly: catalogOnly,
          fileNames: () => fileNamesOf(db, file.sha1),
        }),
        receive: (source, incoming) =>
          this.#retrieval.receive(source, incoming, { signal, isUnlimited, isUrgent: file.isRequested }),
        notFoundAt: (source) => this.#askUpstreamFor(file, source),
        judge: (path) => this.#gate.judge(file, path),
        receivedFrom: (source) => (origin = originOf(source)),
      });
      markPresent(db, file.sha1, verifiedStat, now(), origin);
      log.info('Content file received and verified', { sha1: file.sha1, bytes: file.size });
      send({ type: 'content', sha1: file.sha1, state: 'present' });
    } catch (error) {
      if (error instanceof ContentError && error.problem === 'refused') await this.#refuse(file, error);
      else if (!this.#stopping.signal.aborted) this.#fail(file, error);
    }
  }

  async #refuse(file: WantedFile, { message: reason }: ContentError): Promise<void> {
    const { db, log, now, send } = this.#options;
    await this.#store.putAway(file);
    markRefused(db, file.sha1, reason, now());
    log.error('Content file quarantined: its signature is not believed', { sha1: file.sha1, reason });
    send({ type: 'content', sha1: file.sha1, state: 'quarantined' });
  }

  #fail(file: WantedFile, error: unknown): void {
    const { db, log, now, send } = this.#options;
    const reason = reasonOf(error);
    const facts = { sha1: file.sha1, attempts: file.attempts + 1, reason };
    const after = (milliseconds: number): Date => new Date(now().getTime() + milliseconds);
    if (error instanceof ContentError && error.problem === 'altered') {
      log.error('Content file quarantined: it is not what the metadata says', facts);
      recordFinding(db, file.sha1, reason, error.found, now(), {
        retryAt: after(quarantineDelay(file.attempts)),
        ...(error.origin === undefined ? {} : { origin: error.origin }),
      });
      send({ type: 'content', sha1: file.sha1, state: 'quarantined' });
      return;
    }
    if (error instanceof ContentError && error.problem === 'coming') {
      log.info('Content file left to a relay nearby that is receiving it', { sha1: file.sha1, reason });
      markWaiting(db, file.sha1, reason, after(COMING_DELAY), now());
      return;
    }
    log.warn('Content file not received; it is tried again', facts);
    const isFull = error instanceof ContentError && error.problem === 'full';
    markRetry(db, file.sha1, reason, after(isFull ? ROOM_DELAY : retryDelay(file.attempts)), now());
  }

  /** It may hold content back until somebody asks; then the next attempt finds it. */
  #askUpstreamFor(file: WantedFile, source: ContentSource): void {
    if (source.kind === 'upstream') this.#held?.want(file.sha1);
  }
}
