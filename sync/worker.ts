/** The sync worker: synchronizes on demand and on schedule, and fetches content, until it is told to stop. */
import { join } from 'node:path';
import type { Logger } from '../config/logging.ts';
import { accountGuid } from '../catalog/store/access/account-guid.ts';
import type { Database } from '../catalog/store/database/database.ts';
import { followSelection } from '../catalog/store/content/files.ts';
import { upcomingRuns } from '../catalog/store/upstream/upcoming-runs.ts';
import { readSchedule } from '../catalog/store/upstream/schedule-record.ts';
import { failInterruptedRuns } from '../catalog/store/upstream/synchronization.ts';
import type { RunAbout, SyncRun } from '../catalog/store/upstream/synchronization.ts';
import type { Config } from '../config/schema.ts';
import { readSignaturePolicy } from '../config/signature-policy.ts';
import type { CommandMessage, WorkerMessage } from '../protocol/channel/messages.ts';
import { endInterruptedImports } from './archive/import-run.ts';
import { BackgroundCheck } from './content/background-check.ts';
import { ContentDownloads } from './content/content-downloads.ts';
import { minuteBeat } from './minute-beat.ts';
import type { StopBeat } from './minute-beat.ts';
import { RuleLooks } from './rule-looks.ts';
import { Scheduler } from './scheduler.ts';
import { Synchronizer } from './synchronizer.ts';

export interface WorkerOptions {
  readonly config: Config;
  readonly db: Database;
  readonly log: Logger;
  readonly send: (message: WorkerMessage) => void;
  readonly now?: () => Date;
}

export class Worker {
  readonly #options: WorkerOptions;
  readonly #now: () => Date;
  readonly #synchronizer: Synchronizer;
  readonly #scheduler: Scheduler;
  readonly #downloads: ContentDownloads;
  readonly #check: BackgroundCheck;
  readonly #rules: RuleLooks;
  #stopBeat: StopBeat | undefined;

  constructor(options: WorkerOptions) {
    const { config, db, log, send, now = () => new Date() } = options;
    this.#options = options;
    this.#now = now;
    const upstream = config.upstream === undefined ? {} : { upstream: config.upstream };
    const isStored = config.content.store !== 'none';
    this.#synchronizer = new Synchronizer({
      db,
      log,
      now,
      send,
      storesContent: isStored,
      selection: config.content,
      ...upstream,
    });
    this.#scheduler = new Scheduler({
      db,
      log,
      now,
      running: () => this.#synchronizer.running,
      start: (trigger, about) => void this.#start(trigger, about),
    });
    const signatures = readSignaturePolicy(config.content);
    this.#downloads = new ContentDownloads({
      signatures,
      db,
      log,
      now,
      send,
      ...upstream,
      folder: join(config.dataDirectory, 'content'),
      isStored,
      storesAll: config.content.store === 'all',
      onRequest: config.content.fetch === 'on-request',
      sources: config.content.sources,
      bandwidth: config.content.bandwidth,
      quota: config.content.quota,
      parallelDownloads: config.content.parallelDownloads,
    });
    this.#check = new BackgroundCheck({
      signatures,
      db,
      log,
      now,
      send,
      dataDirectory: config.dataDirectory,
      days: isStored ? config.content.verify : 0,
      quiet: () => this.#downloads.settled(),
      contentWanted: () => this.#downloads.wake(),
    });
    this.#rules = new RuleLooks({
      db,
      log,
      now,
      send,
      isReplica: config.upstream?.mode === 'replica',
      storesContent: isStored,
      selection: config.content,
      isSynchronizing: () => this.#synchronizer.running !== undefined,
      contentWanted: () => this.#downloads.wake(),
    });
  }

  /** Puts right what an earlier process left, goes on with what it was doing, and follows the schedule. */
  start(): void {
    const { config, db, log, send } = this.#options;
    failInterruptedRuns(db, this.#now());
    endInterruptedImports(db, config.dataDirectory, this.#now());
    accountGuid(db);
    if (config.upstream === undefined) {
      log.info(
        'No upstream server is configured: nothing is synchronized until upstream.url and upstream.pins are set (`sluice upstream pin --url URL` shows the pins of a server), or `upstream: {}` for Microsoft.',
      );
    }
    this.#followSelection();
    this.#lookAtContent();
    void this.#rules.look();
    this.#stopBeat = minuteBeat(() => {
      this.#lookAtContent();
      void this.#rules.look();
    });
    send({ type: 'ready' });
    if (config.upstream === undefined) return;
    this.#scheduler.start();
    this.#logNextRun();
  }

  handle(command: CommandMessage): void {
    switch (command.type) {
      case 'synchronize':
        void this.#start('manual');
        return;
      case 'cancel':
        void this.#synchronizer.cancel();
        return;
      case 'schedule-changed':
        this.#scheduler.reload();
        this.#logNextRun();
        return;
      case 'content-wanted':
        this.#downloads.wake();
        return;
      case 'rules-wanted':
        void this.#rules.look();
        return;
      case 'shutdown':
        void this.stop();
        return;
    }
  }

  /** Settles when nothing is under way any more. A synchronization that was on is gone on with at the next start. */
  async stop(): Promise<void> {
    this.#scheduler.stop();
    this.#stopBeat?.();
    await Promise.all([
      this.#synchronizer.stop(),
      this.#downloads.stop(),
      this.#check.stop(),
      this.#rules.stop(),
    ]);
  }

  /** A command beside this process may have found content that has to be fetched again. */
  #lookAtContent(): void {
    this.#downloads.wake();
    this.#check.look();
  }

  async #start(trigger: SyncRun['trigger'], about: RunAbout = {}): Promise<void> {
    const ended = this.#synchronizer.start(trigger, about);
    if (ended === undefined) return;
    await ended;
    void this.#rules.look();
    this.#scheduler.look();
    this.#followSelection();
    this.#downloads.wake();
  }

  #followSelection(): void {
    const { config, db } = this.#options;
    const { content } = config;
    if (content.store === 'none') return;
    followSelection(db, { isAll: content.store === 'all', selection: content, now: this.#now() });
  }

  #logNextRun(): void {
    const { db, log } = this.#options;
    const [next] = upcomingRuns(db, readSchedule(db), this.#now(), 1).nextRuns;
    if (next === undefined) log.info('No synchronization is scheduled');
    else log.info('The next synchronization is scheduled', { at: next.startsAt, schedule: next.scope });
  }
}
