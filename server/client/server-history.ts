/**
 * Tells a cookie that this server's past knows from one of a past that was undone: after an older copy of the database
 * was put back, RevisionIDs are given to other revisions and changes are counted anew, and an agent that goes on with
 * what it was told since the copy would miss updates for good. It is to begin anew then ([MS-WUSP] 2.2.2.4,
 * ServerChanged: "identity or state").
 *
 * Each start of the server begins a run, noted in the database with the generation it began at. A cookie carries the run
 * it was issued in and the generation then. What was put back does not know the later runs, and begins its next run at a
 * generation that later cookies of its own last run are beyond.
 */
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../../catalog/store/database/database.ts';
import { CurrentCounter } from '../../catalog/store/database/current-counter.ts';
import { readGeneration } from '../../catalog/store/database/generation.ts';
import { readSetting, writeSetting } from '../../catalog/store/database/settings.ts';

const SETTING = 'server.runs';

/** Runs that are remembered; an agent that was away for more restarts than these begins anew, which costs it little. */
const REMEMBERED = 250;

const Run = z.strictObject({ run: z.string(), beganAt: z.int() });
type Run = z.infer<typeof Run>;

/** When a cookie was issued, as this server counts. */
export interface Issue {
  readonly run: string;
  /** The catalogue's. */
  readonly generation: number;
}

/** To be called by each start of a server, once it is alone with its database and before anything is answered. */
export function beginRun(db: Database): void {
  db.transaction(() => {
    const begun = { run: randomBytes(6).toString('base64url'), beganAt: readGeneration(db) };
    writeSetting(db, SETTING, [...readRuns(db), begun].slice(-REMEMBERED));
  }).immediate();
}

const readRuns = (db: Database): Run[] => readSetting(db, SETTING, z.array(Run)) ?? [];

/** Of the run that has begun, in whichever of the server's processes. */
export class ServerHistory {
  readonly #generation: CurrentCounter;
  readonly #run: string;
  /** The generation at which each former run had ended at the latest; none for the present one. */
  readonly #ends = new Map<string, number>();

  /** @throws RangeError where no run has begun: a mistake of the caller */
  constructor(db: Database) {
    this.#generation = new CurrentCounter(db, 'catalogue.generation');
    const runs = readRuns(db);
    const present = runs.at(-1);
    if (present === undefined) throw new RangeError('No run of the server has begun.');
    this.#run = present.run;
    for (const [index, { run }] of runs.entries())
      this.#ends.set(run, runs[index + 1]?.beganAt ?? Number.POSITIVE_INFINITY);
  }

  now(): Issue {
    return { run: this.#run, generation: this.#generation.read() };
  }

  /** Whether what was issued then belongs to the past of this server as it is. */
  knows({ run, generation }: Issue): boolean {
    return generation <= (this.#ends.get(run) ?? Number.NEGATIVE_INFINITY);
  }
}
