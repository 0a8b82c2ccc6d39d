/** What the computers of a fleet report over days, batch by batch, as agents send it. */
import { randomUUID } from 'node:crypto';
import type { ReportedEvent } from '../../../catalog/store/reports/reports.ts';
import { updateIdOf } from '../../testing/reporting-fleet.ts';

export interface Batch {
  readonly computer: number;
  readonly events: readonly ReportedEvent[];
  /** Updates whose state changes with it. */
  readonly changed: readonly { readonly updateId: string; readonly state: 'Installed' | 'NotInstalled' }[];
}

/** Updates that a status list names. */
const LISTED = 120;
/** Of them, those that are needed. */
const NEEDED = 6;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const START = Date.UTC(2026, 5, 1);

/** In one piece, as a parser makes it: a string joined from two costs whoever reads it first. */
const listOf = (tag: string, updates: readonly number[]): string =>
  Buffer.from(`${tag}=${updates.map(updateIdOf).join(';')}`, 'latin1').toString('latin1');

/**
 * The days of one computer. On four of five it scans and finds what it found the day before; on the fifth it installs an
 * update, and its list changes.
 */
export class ReportingComputer {
  readonly #index: number;
  readonly #installed: number[];
  readonly #needed: number[];
  #day: number;
  #time: number;

  constructor(index: number, updates: number) {
    this.#index = index;
    const listed = Array.from({ length: LISTED }, (_, place) => (index * 7 + place) % updates);
    this.#needed = listed.slice(0, NEEDED);
    this.#installed = listed.slice(NEEDED);
    this.#day = index % 5;
    this.#time = START + index;
  }

  /** What it finds when it scans for the first time. */
  first(): Batch {
    return this.#batch([this.#event(147, {}), this.#list()]);
  }

  next(): Batch {
    this.#day += 1;
    this.#time += 22 * HOUR;
    const scanned = this.#event(147, {});
    if (this.#day % 5 === 2) return this.#batch([scanned]);
    return this.#day % 5 === 4 ? this.#installation(scanned) : this.#batch([scanned, this.#list()]);
  }

  #installation(scanned: ReportedEvent): Batch {
    const update = this.#needed.shift() ?? 0;
    const about = { updateId: updateIdOf(update), revisionNumber: 200 };
    const events = [167, 162, 181, 183].map((eventId) => this.#event(eventId, about));
    this.#installed.push(update);
    // Another one is published in its place, and the oldest is superseded.
    const published = this.#installed.shift() ?? 0;
    this.#needed.push(published);
    return this.#batch(
      [scanned, ...events, this.#list()],
      [
        { updateId: updateIdOf(update), state: 'Installed' },
        { updateId: updateIdOf(published), state: 'NotInstalled' },
      ],
    );
  }

  #list(): ReportedEvent {
    return this.#event(156, {
      miscData: [listOf('U', this.#needed), listOf('V', this.#installed), 'G=10.0.26100.7171', 'Q=1'],
    });
  }

  #event(eventId: number, fields: Partial<ReportedEvent>): ReportedEvent {
    this.#time += MINUTE;
    return {
      eventInstanceId: randomUUID(),
      eventId,
      win32HResult: 0,
      appName: 'AutomaticUpdates',
      timeAtTarget: new Date(this.#time).toISOString(),
      replacementStrings: [],
      miscData: ['G=10.0.26100.7171', 'Q=1'],
      ...fields,
    };
  }

  #batch(events: readonly ReportedEvent[], changed: Batch['changed'] = []): Batch {
    return { computer: this.#index, events, changed };
  }
}
