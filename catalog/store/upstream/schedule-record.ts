/** The plan of synchronizations as it is kept: since when each schedule holds, and how far each was seen to. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { SYNC_SCOPES } from '../../../protocol/console/schedule.ts';
import type { SyncScope } from '../../../protocol/console/schedule.ts';
import { PlanCalendar } from '../../schedule/planned-starts.ts';
import { NO_PLAN, SchedulePlan, timingOf } from '../../schedule/schedule.ts';
import { readSetting, writeSetting } from '../database/settings.ts';

/** The setting that holds the plan. */
export const SCHEDULE_SETTING = 'sync.schedule';
const SERVED_SETTING = 'sync.schedule-served';
const SEED_SETTING = 'sync.offset-seed';

/** Milliseconds that a clock may be set back by without starts that were made being made again. */
const CLOCK_TOLERANCE = 3_600_000;

const ScheduleRecord = z.object({
  plan: SchedulePlan,
  /** A schedule has no starts from before it was made, or changed. */
  since: z.object({ main: z.iso.datetime(), fast: z.iso.datetime() }),
});
export type ScheduleRecord = z.infer<typeof ScheduleRecord>;

const Served = z.object({ main: z.iso.datetime().optional(), fast: z.iso.datetime().optional() });

/** The plan that is followed; of nothing where nobody made one. */
export function readSchedule(db: Database): ScheduleRecord {
  const never = new Date(0).toISOString();
  return (
    readSetting(db, SCHEDULE_SETTING, ScheduleRecord) ?? {
      plan: NO_PLAN,
      since: { main: never, fast: never },
    }
  );
}

/** What would be kept of a plan made now: a schedule that stays the same loses none of its starts. */
export function replacePlan(before: ScheduleRecord, plan: SchedulePlan, now: Date): ScheduleRecord {
  const isSame = (scope: SyncScope): boolean =>
    plan.timeZone === before.plan.timeZone &&
    JSON.stringify(timingOf(plan, scope)) === JSON.stringify(timingOf(before.plan, scope));
  const sinceOf = (scope: SyncScope): string => (isSame(scope) ? before.since[scope] : now.toISOString());
  return { plan, since: { main: sinceOf('main'), fast: sinceOf('fast') } };
}

export function writeSchedule(db: Database, record: ScheduleRecord): void {
  writeSetting(db, SCHEDULE_SETTING, record);
}

export const calendarOf = (db: Database, { plan }: ScheduleRecord): PlanCalendar =>
  new PlanCalendar(plan, readSetting(db, SEED_SETTING, z.string()) ?? '');

/** The last instant of a schedule that was seen to, in milliseconds: what came due later is still to be started. */
export function servedThrough(db: Database, record: ScheduleRecord, scope: SyncScope): number {
  const served = readSetting(db, SERVED_SETTING, Served)?.[scope];
  return Math.max(Date.parse(record.since[scope]), served === undefined ? 0 : Date.parse(served));
}

/**
 * Where the clock was set back far, schedules go on from now: what was seen to ahead of time must not hold them up.
 *
 * @returns whether it was
 */
export function followClock(db: Database, record: ScheduleRecord, now: Date): boolean {
  const ahead = now.getTime() + CLOCK_TOLERANCE;
  const scopes = SYNC_SCOPES.filter((scope) => servedThrough(db, record, scope) > ahead);
  if (scopes.length === 0) return false;
  const since = { ...record.since };
  for (const scope of scopes) {
    since[scope] = now.toISOString();
    markServed(db, scope, now.getTime());
  }
  writeSchedule(db, { ...record, since });
  return true;
}

/** What came due up to this instant is seen to. */
export function markServed(db: Database, scope: SyncScope, through: number): void {
  const served = readSetting(db, SERVED_SETTING, Served) ?? {};
  writeSetting(db, SERVED_SETTING, { ...served, [scope]: new Date(through).toISOString() });
}
