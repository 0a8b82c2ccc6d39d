/** Holds back what arrives, so that all downloads together take no more of the line than they may at the hour. */
import { setTimeout as wait } from 'node:timers/promises';
import { ZoneClock } from '../../catalog/schedule/zone.ts';
import type { Bandwidth as BandwidthPlan } from '../../config/content-sources.ts';

/** Milliseconds; the longest wait before it is looked whether the hour has another limit. */
const SLICE = 1000;

const DAY = 86_400_000;
const MINUTE = 60_000;

export interface BandwidthOptions {
  readonly plan: BandwidthPlan;
  readonly now: () => Date;
  /** For tests, whose clock moves by it. */
  readonly sleep?: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export class Bandwidth {
  readonly #plan: BandwidthPlan;
  readonly #clock: ZoneClock;
  readonly #now: () => Date;
  readonly #sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** Bytes that arrived, and those of them that time has paid for. */
  #arrived = 0;
  #paid = 0;
  #settledAt: number;

  constructor({ plan, now, sleep = sleepFor }: BandwidthOptions) {
    this.#plan = plan;
    this.#clock = new ZoneClock(plan.timeZone);
    this.#now = now;
    this.#sleep = sleep;
    this.#settledAt = now().getTime();
  }

  /** Whether a wait may come at any hour. */
  get isLimiting(): boolean {
    const { bytesPerSecond, hours = [] } = this.#plan;
    return bytesPerSecond > 0 || hours.some((each) => each.bytesPerSecond > 0);
  }

  /** Settles when so many bytes more may have arrived. Who asked first goes on first. */
  async take(bytes: number, signal: AbortSignal): Promise<void> {
    this.#settle();
    this.#arrived += bytes;
    const mine = this.#arrived;
    for (let rate = this.#settle(); this.#paid < mine; rate = this.#settle()) {
      const missing = Math.ceil(((mine - this.#paid) / rate) * 1000);
      await this.#sleep(Math.min(missing, SLICE), signal);
    }
  }

  /** Bytes a second at this hour; nothing is saved up for later. */
  #settle(): number {
    const now = this.#now().getTime();
    const rate = this.#rateAt(now);
    const elapsed = Math.max(0, now - this.#settledAt);
    this.#settledAt = now;
    this.#paid = rate === 0 ? this.#arrived : Math.min(this.#arrived, this.#paid + (rate * elapsed) / 1000);
    return rate;
  }

  #rateAt(instant: number): number {
    const { bytesPerSecond, hours = [] } = this.#plan;
    if (hours.length === 0) return bytesPerSecond;
    const minute = Math.floor((this.#clock.wallTime(instant) % DAY) / MINUTE);
    const found = hours.find(({ from, to }) => {
      const [begin, end] = [minuteOf(from), minuteOf(to)];
      return begin < end ? begin <= minute && minute < end : begin <= minute || minute < end;
    });
    return found?.bytesPerSecond ?? bytesPerSecond;
  }
}

const minuteOf = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

async function sleepFor(milliseconds: number, signal: AbortSignal): Promise<void> {
  await wait(milliseconds, undefined, { signal });
}
