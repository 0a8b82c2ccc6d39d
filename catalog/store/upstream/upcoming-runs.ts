/** The runs that are to come, of both schedules and of what is tried again, for who edits the plan. */
import type { Database } from 'better-sqlite3';
import { SYNC_SCOPES } from '../../../protocol/console/schedule.ts';
import type { PlannedRun, SyncScope } from '../../../protocol/console/schedule.ts';
import type { PlanCalendar, PlannedStart } from '../../schedule/planned-starts.ts';
import { calendarOf, servedThrough } from './schedule-record.ts';
import type { ScheduleRecord } from './schedule-record.ts';
import { waitingRetry } from './synchronization.ts';

export interface UpcomingRuns {
  /** The soonest first. */
  readonly nextRuns: readonly PlannedRun[];
  /** When the pause window ends that it is now. */
  readonly pausedUntil?: string;
}

export function upcomingRuns(db: Database, record: ScheduleRecord, now: Date, count: number): UpcomingRuns {
  const calendar = calendarOf(db, record);
  const pausedUntil = calendar.pauses.pausedUntil(now.getTime());
  const earliest = pausedUntil ?? now.getTime();
  const runs = SYNC_SCOPES.flatMap((scope) => [
    ...retryOf(db, record, calendar, scope, earliest),
    ...startsOf(db, record, calendar, scope, now.getTime(), earliest, count),
  ]);
  // Where both are to begin at one time the main run does, and brings what the fast one would.
  const mains = new Set(runs.filter(({ scope }) => scope === 'main').map(({ startsAt }) => startsAt));
  return {
    nextRuns: runs
      .filter(({ scope, startsAt }) => scope === 'main' || !mains.has(startsAt))
      .sort((a, b) => a.startsAt.localeCompare(b.startsAt))
      .slice(0, count),
    ...(pausedUntil === undefined ? {} : { pausedUntil: iso(pausedUntil) }),
  };
}

/** What is overdue as one start, then what follows. */
function startsOf(
  db: Database,
  record: ScheduleRecord,
  calendar: PlanCalendar,
  scope: SyncScope,
  now: number,
  earliest: number,
  count: number,
): PlannedRun[] {
  const after = servedThrough(db, record, scope);
  const overdue = calendar.overdue(scope, after, now);
  const coming = calendar
    .starts(scope, overdue?.lastDue ?? after)
    .take(count)
    .toArray();
  return [
    ...(overdue === undefined ? [] : [{ ...toRun(scope, overdue, earliest), isOverdue: true }]),
    ...coming.map((start) => toRun(scope, start, start.at)),
  ];
}

const toRun = (scope: SyncScope, start: PlannedStart, at: number): PlannedRun => ({
  scope,
  trigger: 'schedule',
  dueAt: iso(start.lastDue),
  startsAt: iso(at),
  offsetMinutes: start.offsetMinutes,
  isHeldBack: start.isHeldBack,
  count: start.count,
  isOverdue: false,
});

function retryOf(
  db: Database,
  { plan }: ScheduleRecord,
  { pauses }: PlanCalendar,
  scope: SyncScope,
  earliest: number,
): PlannedRun[] {
  const retry = waitingRetry(db, scope, plan.retry);
  if (retry === undefined) return [];
  const wanted = Math.max(retry.due, earliest);
  const at = pauses.pausedUntil(wanted) ?? wanted;
  return [
    {
      scope,
      trigger: 'retry',
      dueAt: iso(retry.due),
      startsAt: iso(at),
      offsetMinutes: 0,
      isHeldBack: pauses.pausedUntil(retry.due) !== undefined,
      count: 1,
      isOverdue: retry.due < earliest && at === earliest,
      attempt: retry.attempt,
    },
  ];
}

const iso = (instant: number): string => new Date(instant).toISOString();
