/** Starts synchronizations when the schedule says so. */
import { nextRuns } from '../catalog/schedule/next-runs.ts';
import type { Schedule } from '../catalog/schedule/schedule.ts';

const MINUTE = 60_000;

/** The longest that one timer is set for: clocks are changed, machines sleep, and Node.js counts in 31 bits. */
const LONGEST_WAIT = 60 * MINUTE;

export interface SchedulerOptions {
  readonly start: () => void;
  readonly now: () => Date;
  /** From 0 up to 1, for the random offset. */
  readonly random: () => number;
}

export class Scheduler {
  readonly #options: SchedulerOptions;
  #timer: NodeJS.Timeout | undefined;
  #nextStart: Date | undefined;

  constructor(options: SchedulerOptions) {
    this.#options = options;
  }

  /** When the next synchronization starts, its random offset included; undefined where none is scheduled. */
  get nextStart(): Date | undefined {
    return this.#nextStart;
  }

  /** Follows this schedule from now on, in place of the one before. */
  follow(schedule: Schedule): void {
    this.#plan(schedule, this.#options.now());
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#nextStart = undefined;
  }

  #plan(schedule: Schedule, after: Date): void {
    this.stop();
    const [due] = nextRuns(schedule, after, 1);
    if (schedule.mode === 'off' || due === undefined) return;
    const offset = this.#options.random() * schedule.randomOffsetMinutes * MINUTE;
    this.#nextStart = new Date(due.getTime() + offset);
    this.#wait(schedule, due, this.#nextStart);
  }

  #wait(schedule: Exclude<Schedule, { mode: 'off' }>, due: Date, at: Date): void {
    const left = at.getTime() - this.#options.now().getTime();
    this.#timer = setTimeout(
      () => {
        if (left > LONGEST_WAIT) {
          this.#wait(schedule, due, at);
          return;
        }
        this.#options.start();
        // Counted from what was due, so that an offset loses no start; but starts that were slept over stay lost.
        const slept = this.#options.now().getTime() - schedule.randomOffsetMinutes * MINUTE;
        this.#plan(schedule, new Date(Math.max(due.getTime(), slept)));
      },
      Math.max(0, Math.min(left, LONGEST_WAIT)),
    );
  }
}
