/** The history of synchronizations, and which products and classifications are chosen for them. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { RunNote, SyncScope } from '../../../protocol/console/schedule.ts';
import type { RetryPolicy } from '../../../protocol/console/schedule.ts';
import type { SyncRun } from '../../../protocol/console/synchronization.ts';
import { retryDelay } from '../../schedule/retry.ts';

export type { SyncRun } from '../../../protocol/console/synchronization.ts';

/** One certificate of the chain that an upstream server showed. */
const SeenCertificate = z.object({
  subject: z.string(),
  issuer: z.string(),
  validFrom: z.string(),
  validTo: z.string(),
  pin: z.string(),
});

/** What is kept of a failure beside its sentence. */
export const FailureDetail = z.object({
  /** What exactly a check of the certificate found, `EXPIRED`, `REVOKED`, …; a stable name. */
  reason: z.string().optional(),
  chain: z.array(SeenCertificate).optional(),
  /** ErrorCode of the SOAP fault. */
  errorCode: z.string().optional(),
  method: z.string().optional(),
  status: z.int().optional(),
  /** Documents that were refused, with the reason of each; the first ones where they are many. */
  refused: z
    .array(z.object({ updateId: z.string(), revisionNumber: z.int(), reason: z.string() }))
    .optional(),
});
export type FailureDetail = z.infer<typeof FailureDetail>;

export interface RunFailure {
  /** Stable name of what failed: `pin`, `dates`, `timeout`, … */
  readonly check: string;
  readonly message: string;
  readonly detail?: FailureDetail;
  /** It may pass by itself, so that the same run may succeed a little later. Default: no. */
  readonly mayPass?: boolean;
}

export interface RunCounts {
  readonly added: number;
  readonly revised: number;
  readonly expired: number;
}

/** The check of a run whose process ended. */
const INTERRUPTED = 'interrupted';

/** Of a run that was stopped because the relay was: it goes on when the relay runs again, however often that happens. */
export const STOPPED: RunFailure = {
  check: INTERRUPTED,
  message:
    'The relay was stopped before this synchronization ended. It goes on from where it was when the relay runs again.',
  mayPass: true,
};

const RunRow = z.object({
  run_id: z.int(),
  trigger: z.enum(['schedule', 'manual', 'start']),
  scope: SyncScope,
  attempt: z.int(),
  retry_of: z.int().nullable(),
  notes: z.string(),
  state: z.enum(['running', 'succeeded', 'failed', 'cancelled']),
  started_at: z.string(),
  finished_at: z.string().nullable(),
  new_count: z.int(),
  revised_count: z.int(),
  expired_count: z.int(),
  moved_count: z.int(),
  declined_count: z.int(),
  failed_check: z.string().nullable(),
  failure_message: z.string().nullable(),
  failure_detail: z.string().nullable(),
});

const RUNS = `SELECT sync_run.*,
    (SELECT coalesce(sum(decisions), 0) FROM followed_revision AS followed
     WHERE followed.run_id = sync_run.run_id AND outcome = 'moved') AS moved_count,
    (SELECT count(*) FROM followed_revision AS followed
     WHERE followed.run_id = sync_run.run_id AND outcome = 'declined') AS declined_count
  FROM sync_run`;

/** What of a run is known when it begins, beside what started it. */
export interface RunAbout {
  /** Default: main. */
  readonly scope?: SyncScope;
  /** Which attempt it is; default: the first. */
  readonly attempt?: number;
  /** The run that failed first. */
  readonly retryOf?: number;
  readonly notes?: readonly RunNote[];
}

/** @returns the run's id */
export function startRun(db: Database, trigger: SyncRun['trigger'], now: Date, about: RunAbout = {}): number {
  const { scope = 'main', attempt = 1, retryOf, notes = [] } = about;
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO sync_run (trigger, state, started_at, scope, attempt, retry_of, notes)
       VALUES (?, 'running', ?, ?, ?, ?, ?)`,
    )
    .run(trigger, now.toISOString(), scope, attempt, retryOf ?? null, JSON.stringify(notes));
  return Number(lastInsertRowid);
}

/** Notes of one run that are kept; a run that goes on for days is passed by many starts. */
const MOST_NOTES = 20;

/**
 * Of a run in which an archive was taken in: no synchronization, so nothing is to be tried again or made up for by one.
 * Its process is another than the sync worker.
 */
const IS_IMPORT =
  "EXISTS (SELECT 1 FROM json_each(run.notes) AS note WHERE note.value ->> 'kind' = 'imported')";

/** Adds a note to a run; beyond some they say nothing new and are left out. */
export function addRunNote(db: Database, runId: number, note: RunNote): void {
  db.prepare(
    `UPDATE sync_run SET notes = json_insert(notes, '$[#]', json(?))
     WHERE run_id = ? AND json_array_length(notes) < ?`,
  ).run(JSON.stringify(note), runId, MOST_NOTES);
}

/** Adds to the run's counts; to be called in the transaction that imports what is counted. */
export function countImported(db: Database, runId: number, counts: RunCounts): void {
  db.prepare(
    `UPDATE sync_run SET new_count = new_count + ?, revised_count = revised_count + ?, expired_count = expired_count + ?
     WHERE run_id = ?`,
  ).run(counts.added, counts.revised, counts.expired, runId);
}

/** @param failure why it failed; or, of a run that succeeded, what of it is amiss */
export function finishRun(
  db: Database,
  runId: number,
  state: 'succeeded' | 'failed' | 'cancelled',
  now: Date,
  failure?: RunFailure,
): void {
  db.prepare(
    `UPDATE sync_run SET state = ?, finished_at = ?, failed_check = ?, failure_message = ?, failure_detail = ?,
       may_pass = ?
     WHERE run_id = ?`,
  ).run(
    state,
    now.toISOString(),
    failure?.check ?? null,
    failure?.message ?? null,
    failure?.detail === undefined ? null : JSON.stringify(failure.detail),
    failure?.mayPass === true ? 1 : 0,
    runId,
  );
}

/**
 * Ends runs that a process left open when it died; to be called before the first run of a new process.
 *
 * They may be tried again, but for one that was started for that reason: what brings its process down must not do so
 * for ever.
 */
export function failInterruptedRuns(db: Database, now: Date): void {
  db.prepare(
    `UPDATE sync_run AS run SET state = 'failed', finished_at = ?, failed_check = ?, failure_message = ?,
       may_pass = trigger <> 'start'
     WHERE state = 'running' AND NOT ${IS_IMPORT}`,
  ).run(
    now.toISOString(),
    INTERRUPTED,
    'The process that ran this synchronization ended before it did. The next one goes on from where it was.',
  );
}

/** The same for imports, of which none is on. */
export function failInterruptedImports(db: Database, now: Date): void {
  db.prepare(
    `UPDATE sync_run AS run SET state = 'failed', finished_at = ?, failed_check = ?, failure_message = ?
     WHERE state = 'running' AND ${IS_IMPORT}`,
  ).run(
    now.toISOString(),
    INTERRUPTED,
    'The import was ended before it was through. Run the same command again: it goes on from where it was.',
  );
}

/**
 * The history, the newest first.
 *
 * @param before only runs older than the run of this id
 */
export function listRuns(db: Database, limit: number, before?: number): SyncRun[] {
  return db
    .prepare(`${RUNS} WHERE run_id < ? ORDER BY run_id DESC LIMIT ?`)
    .all(before ?? Number.MAX_SAFE_INTEGER, limit)
    .map(readRun);
}

export function readRunById(db: Database, runId: number): SyncRun | undefined {
  const row = db.prepare(`${RUNS} WHERE run_id = ?`).get(runId);
  return row === undefined ? undefined : readRun(row);
}

/** The synchronization that is on, in whichever process; no import. */
export function runningSynchronization(db: Database): SyncRun | undefined {
  const row = db
    .prepare(
      `SELECT * FROM (${RUNS}) AS run WHERE state = 'running' AND NOT ${IS_IMPORT} ORDER BY run_id DESC LIMIT 1`,
    )
    .get();
  return row === undefined ? undefined : readRun(row);
}

export function countRuns(db: Database): number {
  return z.int().parse(db.prepare('SELECT count(*) FROM sync_run').pluck().get());
}

/** A failed run that is to be tried again. */
export interface WaitingRetry {
  readonly trigger: SyncRun['trigger'];
  readonly retryOf: number;
  /** Which attempt the next one is. */
  readonly attempt: number;
  /** Milliseconds since 1970; not before. */
  readonly due: number;
  readonly notes: readonly RunNote[];
}

const RetryRow = z
  .object({
    run_id: z.int(),
    trigger: RunRow.shape.trigger,
    attempt: z.int(),
    retry_of: z.int().nullable(),
    started_at: z.string(),
    finished_at: z.string(),
    failed_check: z.string(),
  })
  .optional();

/**
 * The retry that waits, derived from the history: of the newest run of its kind where that failed for what may pass,
 * and where no main run succeeded since. One whose process ended goes on at once, whatever the policy.
 */
export function waitingRetry(db: Database, scope: SyncScope, policy: RetryPolicy): WaitingRetry | undefined {
  const row = RetryRow.parse(
    db
      .prepare(
        `SELECT run_id, trigger, attempt, retry_of, started_at, finished_at, failed_check FROM sync_run AS failed
         WHERE run_id = (SELECT max(run_id) FROM sync_run AS run WHERE scope = ? AND NOT ${IS_IMPORT})
           AND state = 'failed' AND may_pass = 1
           AND NOT EXISTS (SELECT 1 FROM sync_run AS run WHERE run.scope = 'main' AND NOT ${IS_IMPORT}
             AND run.run_id > failed.run_id AND run.state IN ('running', 'succeeded'))`,
      )
      .get(scope),
  );
  if (row === undefined) return undefined;
  const finished = Date.parse(row.finished_at);
  if (row.failed_check === INTERRUPTED)
    return {
      trigger: 'start',
      retryOf: row.run_id,
      attempt: row.attempt,
      due: finished,
      notes: [{ kind: 'resumed', runId: row.run_id, startedAt: row.started_at }],
    };
  const delay = retryDelay(policy, row.attempt);
  return delay === undefined
    ? undefined
    : {
        trigger: row.trigger,
        retryOf: row.retry_of ?? row.run_id,
        attempt: row.attempt + 1,
        due: finished + delay,
        notes: [],
      };
}

/** The refused documents and other facts beside a run's failure, where there are any. */
export function readFailureDetail(db: Database, runId: number): FailureDetail | undefined {
  const value = z
    .string()
    .nullish()
    .parse(db.prepare('SELECT failure_detail FROM sync_run WHERE run_id = ?').pluck().get(runId));
  return value === null || value === undefined ? undefined : FailureDetail.parse(JSON.parse(value));
}

function readRun(value: unknown): SyncRun {
  const row = RunRow.parse(value);
  const detail =
    row.failure_detail === null ? undefined : FailureDetail.parse(JSON.parse(row.failure_detail));
  return {
    runId: row.run_id,
    trigger: row.trigger,
    scope: row.scope,
    attempt: row.attempt,
    notes: z.array(RunNote).parse(JSON.parse(row.notes)),
    state: row.state,
    startedAt: row.started_at,
    newCount: row.new_count,
    revisedCount: row.revised_count,
    expiredCount: row.expired_count,
    movedCount: row.moved_count,
    declinedCount: row.declined_count,
    ...(row.retry_of === null ? {} : { retryOf: row.retry_of }),
    ...(row.finished_at === null ? {} : { finishedAt: row.finished_at }),
    ...(row.failed_check === null ? {} : { failedCheck: row.failed_check }),
    ...(row.failure_message === null ? {} : { failureMessage: row.failure_message }),
    ...(detail?.chain === undefined ? {} : { chain: detail.chain }),
  };
}

/** UpdateIDs of what was chosen itself, in their order. */
export const selectedCategories = (db: Database): string[] =>
  z
    .array(z.string())
    .parse(db.prepare('SELECT update_id FROM selected_category ORDER BY update_id').pluck().all());

/** Exactly these are chosen from now on. */
export function setSelectedCategories(db: Database, updateIds: readonly string[]): void {
  db.transaction(() => {
    db.prepare('DELETE FROM selected_category').run();
    const insert = db.prepare('INSERT OR IGNORE INTO selected_category (update_id) VALUES (?)');
    for (const updateId of updateIds) insert.run(updateId.toLowerCase());
  })();
}

/** Of a filter, what the faster schedule asks for: nothing is brought that is not chosen. */
export function narrowedFilter(filter: SelectedFilter, classifications: readonly string[]): SelectedFilter {
  const wanted = new Set(classifications.map((id) => id.toLowerCase()));
  return { ...filter, classifications: filter.classifications.filter((id) => wanted.has(id)) };
}

/** What a revision list is filtered by: a revision belongs to one of each ([MS-WSUSSS] 3.1.4.5). */
export interface SelectedFilter {
  readonly products: readonly string[];
  readonly classifications: readonly string[];
}

/**
 * The chosen categories, told apart; of a chosen company or product family also every product below it, so that one
 * that arrives later is synchronized without being chosen again.
 */
export function selectedFilter(db: Database): SelectedFilter {
  const rows = z.array(z.object({ update_id: z.string(), category_type: z.string().nullable() })).parse(
    db
      .prepare(
        `WITH RECURSIVE chosen (update_id) AS (
           SELECT update_id FROM selected_category
           UNION
           SELECT revision.update_id FROM chosen
             JOIN prerequisite ON prerequisite.update_id = chosen.update_id
             JOIN revision ON revision.revision_id = prerequisite.revision_id
             WHERE revision.is_latest = 1 AND revision.update_type = 'Category'
         )
         SELECT revision.update_id, revision.category_type FROM chosen
           JOIN revision ON revision.update_id = chosen.update_id AND revision.is_latest = 1
           WHERE revision.update_type = 'Category'
           ORDER BY revision.update_id`,
      )
      .all(),
  );
  const isClassification = (row: (typeof rows)[number]): boolean =>
    row.category_type === 'UpdateClassification';
  return {
    products: rows.filter((row) => !isClassification(row)).map((row) => row.update_id),
    classifications: rows.filter(isClassification).map((row) => row.update_id),
  };
}
