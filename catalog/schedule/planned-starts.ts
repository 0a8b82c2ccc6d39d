/** Starts of the two schedules: when each is due, by how much it is moved, and when it begins. */
import { createHash } from 'node:crypto';
import type { SyncScope } from '../../protocol/console/schedule.ts';
import { dueInstants } from './next-runs.ts';
import { PauseCalendar } from './pause-windows.ts';
import { timingOf } from './schedule.ts';
import type { SchedulePlan } from './schedule.ts';
import { ZoneClock } from './zone.ts';

const MINUTE = 60_000;

/** Starts that are counted when they are made up for; a relay that was off for years names this many. */
const MOST_COUNTED = 1000;

/** Instants are in milliseconds since 1970. */
export interface PlannedStart {
  /** The first and the last instant of the schedule that it stands for: one as a rule, more after a pause window. */
  readonly firstDue: number;
  readonly lastDue: number;
  readonly count: number;
  readonly at: number;
  /** Of the last. */
  readonly offsetMinutes: number;
  readonly isHeldBack: boolean;
}

/** A plan, the clock of its zone, its windows, and what the relay's own random offsets come from. */
export class PlanCalendar {
  readonly plan: SchedulePlan;
  readonly pauses: PauseCalendar;
  readonly #clock: ZoneClock;
  readonly #seed: string;
  /** Of each schedule the first start after an instant: nothing is overdue before it, so little is to be done each minute. */
  readonly #first = new Map<SyncScope, { readonly after: number; readonly at: number }>();

  constructor(plan: SchedulePlan, seed: string) {
    this.plan = plan;
    this.#seed = seed;
    this.#clock = new ZoneClock(plan.timeZone);
    this.pauses = new PauseCalendar(plan.pauseWindows, this.#clock);
  }

  /**
   * The starts of what comes due after an instant, in order, without end where the schedule is not off. None moves past
   * the next one, and those that a pause window holds back are one.
   */
  *starts(scope: SyncScope, after: number): Generator<PlannedStart> {
    let waiting: PlannedStart | undefined;
    for (const start of this.#singleStarts(scope, after)) {
      if (waiting === undefined) waiting = start;
      else if (waiting.at === start.at) waiting = together(waiting, start);
      else {
        yield waiting;
        waiting = start;
      }
    }
    if (waiting !== undefined) yield waiting;
  }

  /**
   * What is due by now of a schedule, as one start that stands for all of it.
   *
   * @param after the last instant of the schedule that was seen to
   */
  overdue(scope: SyncScope, after: number, now: number): PlannedStart | undefined {
    const known = this.#first.get(scope);
    if (known?.after === after && now < known.at) return undefined;
    let all: PlannedStart | undefined;
    for (const start of this.starts(scope, after)) {
      if (all === undefined) this.#first.set(scope, { after, at: start.at });
      if (start.at > now) return all;
      all = all === undefined ? start : together(all, start);
      if (all.count >= MOST_COUNTED) return { ...all, lastDue: now };
    }
    return all;
  }

  *#singleStarts(scope: SyncScope, after: number): Generator<PlannedStart> {
    const timing = timingOf(this.plan, scope);
    if (timing.mode === 'off') return;
    const instants = dueInstants(timing, this.#clock, after);
    let head = instants.next();
    while (head.done !== true) {
      const due = head.value;
      head = instants.next();
      const room = head.done === true ? Infinity : (head.value - due) / MINUTE - 1;
      const most = Math.min(timing.randomOffsetMinutes, room);
      const offsetMinutes = this.#offsetMinutes(scope, due, most);
      const wanted = due + offsetMinutes * MINUTE;
      const until = this.pauses.pausedUntil(wanted);
      yield {
        firstDue: due,
        lastDue: due,
        count: 1,
        at: until ?? wanted,
        offsetMinutes,
        isHeldBack: until !== undefined,
      };
    }
  }

  /** Derived, not drawn: the console names the same time as the worker, and a restart changes nothing. */
  #offsetMinutes(scope: SyncScope, due: number, most: number): number {
    if (most <= 0) return 0;
    const digest = createHash('sha256').update(`${this.#seed} ${scope} ${due}`).digest();
    return Math.floor((digest.readUInt32BE(0) / 2 ** 32) * (most + 1));
  }
}

const together = (earlier: PlannedStart, later: PlannedStart): PlannedStart => ({
  ...later,
  firstDue: earlier.firstDue,
  count: earlier.count + later.count,
  isHeldBack: earlier.isHeldBack || later.isHeldBack,
});
