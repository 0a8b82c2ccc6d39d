/**
 * Starts synchronizations when the plan says so: what is due and not yet seen to begins at the next beat, once, however
 * many starts it stands for. All that it must remember is in the database.
 */
import type { Logger } from '../config/logging.ts';
import type { Database } from '../catalog/store/database/database.ts';
import type { PlanCalendar, PlannedStart } from '../catalog/schedule/planned-starts.ts';
import { addRunNote, readRunById, waitingRetry } from '../catalog/store/upstream/synchronization.ts';
import type { RunAbout, SyncRun } from '../catalog/store/upstream/synchronization.ts';
import {
  calendarOf,
  followClock,
  markServed,
  readSchedule,
  servedThrough,
} from '../catalog/store/upstream/schedule-record.ts';
import type { ScheduleRecord } from '../catalog/store/upstream/schedule-record.ts';
import { SYNC_SCOPES } from '../protocol/console/schedule.ts';
import type { RunNote, SyncScope } from '../protocol/console/schedule.ts';
import { minuteBeat } from './minute-beat.ts';
import type { StopBeat } from './minute-beat.ts';

/** Milliseconds that a start is late before it counts as missed; the beat comes once a minute. */
const LATE = 3 * 60_000;

export interface SchedulerOptions {
  readonly db: Database;
  readonly log: Logger;
  readonly now: () => Date;
  /** The run that is on; undefined while none is. */
  readonly running: () => { readonly runId: number; readonly scope: SyncScope } | undefined;
  readonly start: (trigger: SyncRun['trigger'], about: RunAbout) => void;
  /** Calls at the beginning of every minute. Default: by node-cron. */
  readonly beat?: (call: () => void) => StopBeat;
}

export class Scheduler {
  readonly #options: SchedulerOptions;
  /** Behind which run a schedule waits. */
  readonly #waiting = new Map<SyncScope, number>();
  /** What a schedule's own run passed over, and how far the schedule was seen to before. */
  readonly #passedOver = new Map<SyncScope, { readonly runId: number; readonly servedBefore: number }>();
  /** The cancelled run of which a schedule makes up for what it passed over. */
  readonly #cancelled = new Map<SyncScope, number>();
  #followed: { readonly record: ScheduleRecord; readonly calendar: PlanCalendar } | undefined;
  #stopBeat: StopBeat | undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** Follows the plan from now on; what was missed before is made up for. */
  start(): void {
    this.#stopBeat = (this.#options.beat ?? minuteBeat)(() => this.look());
    this.look();
  }

  stop(): void {
    this.#stopBeat?.();
    this.#stopBeat = undefined;
  }

  /** Reads the plan anew, which was changed. */
  reload(): void {
    this.#followed = undefined;
    this.look();
  }

  /** Starts what is due, if it may start now. To be called when a run has ended, too. */
  look(): void {
    if (this.#stopBeat === undefined) return;
    const { db, now, running } = this.#options;
    if (followClock(db, this.#plan().record, now())) this.#followed = undefined;
    const current = running();
    if (current !== undefined) {
      for (const scope of SYNC_SCOPES) this.#waitBehind(current, scope);
      return;
    }
    for (const scope of SYNC_SCOPES) this.#bringBackPassedOver(scope);
    if (this.#plan().calendar.pauses.pausedUntil(now().getTime()) !== undefined) return;
    // The main run brings what the fast one would, so the fast one is asked about only where there is no main run.
    for (const scope of SYNC_SCOPES) if (this.#startScheduled(scope) || this.#startRetry(scope)) return;
  }

  #plan(): { readonly record: ScheduleRecord; readonly calendar: PlanCalendar } {
    const record = this.#followed?.record ?? readSchedule(this.#options.db);
    this.#followed ??= { record, calendar: calendarOf(this.#options.db, record) };
    return this.#followed;
  }

  #overdue(scope: SyncScope): PlannedStart | undefined {
    const { db, now } = this.#options;
    const { record, calendar } = this.#plan();
    return calendar.overdue(scope, servedThrough(db, record, scope), now().getTime());
  }

  /** A schedule's own run makes its start needless; another's is waited for. */
  #waitBehind({ runId, scope: current }: { runId: number; scope: SyncScope }, scope: SyncScope): void {
    const start = this.#overdue(scope);
    if (start === undefined) return;
    if (scope === current) {
      this.#passOver(scope, runId, start);
      addRunNote(this.#options.db, runId, { kind: 'skipped', scope, dueAt: iso(start.lastDue) });
      this.#options.log.info(
        `The ${scope} schedule came due while its own run is on; no second one is started.`,
        { runId, dueAt: iso(start.lastDue) },
      );
    } else if (this.#waiting.get(scope) !== runId) {
      this.#waiting.set(scope, runId);
      this.#options.log.info(
        `The ${scope} schedule came due while another run is on; it waits for its end.`,
        {
          runId,
          dueAt: iso(start.lastDue),
        },
      );
    }
  }

  #passOver(scope: SyncScope, runId: number, start: PlannedStart): void {
    const { db } = this.#options;
    if (this.#passedOver.get(scope)?.runId !== runId) {
      const servedBefore = servedThrough(db, this.#plan().record, scope);
      this.#passedOver.set(scope, { runId, servedBefore });
    }
    this.#see(scope, start);
  }

  /**
   * What a run passed over it was to bring: where it was cancelled it is due again. A run that the end of its process
   * interrupted is gone on with, so that nothing of this need be kept.
   */
  #bringBackPassedOver(scope: SyncScope): void {
    const { db, log } = this.#options;
    const passed = this.#passedOver.get(scope);
    if (passed === undefined) return;
    this.#passedOver.delete(scope);
    if (readRunById(db, passed.runId)?.state !== 'cancelled') return;
    markServed(db, scope, passed.servedBefore);
    this.#cancelled.set(scope, passed.runId);
    log.info(`The ${scope} schedule came due during a run that was cancelled; it is made up for.`, {
      runId: passed.runId,
    });
  }

  #startScheduled(scope: SyncScope): boolean {
    const start = this.#overdue(scope);
    if (start === undefined) return false;
    const notes = this.#notesOf(scope, start);
    this.#see(scope, start);
    const fast = scope === 'main' ? this.#overdue('fast') : undefined;
    if (fast !== undefined) {
      this.#see('fast', fast);
      notes.push({ kind: 'covers', scope: 'fast', dueAt: iso(fast.lastDue) });
    }
    this.#options.start('schedule', { scope, notes });
    return true;
  }

  #see(scope: SyncScope, start: PlannedStart): void {
    markServed(this.#options.db, scope, start.lastDue);
    this.#waiting.delete(scope);
    this.#cancelled.delete(scope);
  }

  /** Why it begins at another time than the schedule names, where that is not the offset. */
  #notesOf(scope: SyncScope, start: PlannedStart): RunNote[] {
    const cancelled = this.#cancelled.get(scope);
    if (cancelled !== undefined)
      return [{ kind: 'cancelled', count: start.count, dueAt: iso(start.lastDue), forRunId: cancelled }];
    const waitedFor = this.#waiting.get(scope);
    if (waitedFor !== undefined) return [{ kind: 'waited', dueAt: iso(start.lastDue), forRunId: waitedFor }];
    if (start.isHeldBack && this.#options.now().getTime() - start.at < LATE)
      return [{ kind: 'paused', count: start.count, dueAt: iso(start.firstDue) }];
    if (start.count === 1 && this.#options.now().getTime() - start.at < LATE) return [];
    return [
      {
        kind: 'missed',
        count: start.count,
        firstDueAt: iso(start.firstDue),
        lastDueAt: iso(start.lastDue),
      },
    ];
  }

  #startRetry(scope: SyncScope): boolean {
    const { db, now, start } = this.#options;
    const retry = waitingRetry(db, scope, this.#plan().record.plan.retry);
    if (retry === undefined || retry.due > now().getTime()) return false;
    start(retry.trigger, { scope, attempt: retry.attempt, retryOf: retry.retryOf, notes: retry.notes });
    return true;
  }
}

const iso = (instant: number): string => new Date(instant).toISOString();
