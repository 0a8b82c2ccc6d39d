/** The sync worker: synchronizes on demand and on schedule, and fetches content, until it is told to stop. */
import { join } from 'node:path';
import type { Logger } from '../config/logging.ts';
import { SCHEDULE_SETTING, Schedule } from '../catalog/schedule/schedule.ts';
import type { Database } from '../catalog/store/database/database.ts';
import { readSetting } from '../catalog/store/database/settings.ts';
import { wantApprovedContent } from '../catalog/store/content/files.ts';
import { failInterruptedRuns } from '../catalog/store/upstream/synchronization.ts';
import type { Config } from '../config/schema.ts';
import type { CommandMessage, WorkerMessage } from '../protocol/channel/messages.ts';
import { ContentDownloads } from './content/content-downloads.ts';
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

  constructor(options: WorkerOptions) {
    const { config, db, log, send, now = () => new Date() } = options;
    this.#options = options;
    this.#now = now;
    const upstream = config.upstream === undefined ? {} : { upstream: config.upstream };
    this.#synchronizer = new Synchronizer({ db, log, now, send, ...upstream });
    this.#scheduler = new Scheduler({ start: () => void this.#start('schedule'), now, random: Math.random });
    this.#downloads = new ContentDownloads({
      db,
      log,
      now,
      send,
      ...upstream,
      folder: join(config.dataDirectory, 'content'),
      isStored: config.content.store === 'approved',
      parallelDownloads: config.content.parallelDownloads,
    });
  }

  /** Puts right what an earlier process left, goes on with what it was doing, and follows the schedule. */
  start(): void {
    const { config, db, log, send } = this.#options;
    const interrupted = failInterruptedRuns(db, this.#now());
    if (config.upstream === undefined) {
      log.info(
        'No upstream server is configured: nothing is synchronized until upstream.url and upstream.pins are set.',
      );
    }
    this.#followSchedule();
    this.#downloads.wake();
    send({ type: 'ready' });
    // Once only: a synchronization that brings its process down must not do so for ever.
    if (interrupted.length > 0 && !interrupted.includes('start')) void this.#start('start');
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
        this.#followSchedule();
        return;
      case 'content-wanted':
        this.#downloads.wake();
        return;
      case 'shutdown':
        void this.stop();
        return;
    }
  }

  /** Settles when nothing is under way any more. */
  async stop(): Promise<void> {
    this.#scheduler.stop();
    await Promise.all([this.#synchronizer.cancel(), this.#downloads.stop()]);
  }

  async #start(trigger: 'manual' | 'schedule' | 'start'): Promise<void> {
    const { config, db } = this.#options;
    await this.#synchronizer.start(trigger);
    if (config.content.store === 'approved') wantApprovedContent(db, this.#now());
    this.#downloads.wake();
  }

  #followSchedule(): void {
    const { config, db, log } = this.#options;
    if (config.upstream === undefined) return;
    const schedule = readSetting(db, SCHEDULE_SETTING, Schedule) ?? { mode: 'off' };
    this.#scheduler.follow(schedule);
    const next = this.#scheduler.nextStart;
    log.info(
      next === undefined ? 'No synchronization is scheduled' : 'The next synchronization is scheduled',
      {
        at: next?.toISOString(),
      },
    );
  }
}
