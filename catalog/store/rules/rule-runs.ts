/** Runs of rules: which are to be, which is on, and how they went. Each waits in the database until it is over. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { RuleRun } from '../../../protocol/console/rules.ts';
import { readSetting, writeSetting } from '../database/settings.ts';

const RunRow = z
  .object({
    run_id: z.int(),
    rule_id: z.int(),
    rule_version: z.int(),
    trigger: z.enum(['arrival', 'time', 'manual']),
    requested_by: z.string().nullable(),
    state: z.enum(['waiting', 'running', 'succeeded', 'stopped', 'failed']),
    looked_to: z.int(),
    created_at: z.string(),
    finished_at: z.string().nullable(),
    updates: z.int(),
    decisions: z.int(),
    waiting: z.int(),
  })
  .transform((row) => ({
    runId: row.run_id,
    ruleId: row.rule_id,
    ruleVersion: row.rule_version,
    trigger: row.trigger,
    requestedBy: row.requested_by ?? undefined,
    state: row.state,
    lookedTo: row.looked_to,
    createdAt: row.created_at,
    finishedAt: row.finished_at ?? undefined,
    updates: row.updates,
    decisions: row.decisions,
    waiting: row.waiting,
  }));

export type StoredRun = z.output<typeof RunRow>;

export function readRun(db: Database, runId: number): StoredRun | undefined {
  const row = db.prepare('SELECT * FROM rule_run WHERE run_id = ?').get(runId);
  return row === undefined ? undefined : RunRow.parse(row);
}

/** The one that is on, or waits the longest: also where another process began it and is no more. */
export function nextRun(db: Database): StoredRun | undefined {
  const row = db
    .prepare("SELECT * FROM rule_run WHERE state IN ('waiting', 'running') ORDER BY run_id LIMIT 1")
    .get();
  return row === undefined ? undefined : RunRow.parse(row);
}

/** @returns the run; undefined where one of the rule waits or is on already */
export function requestRun(
  db: Database,
  rule: { readonly ruleId: number; readonly version: number },
  about: {
    readonly trigger: StoredRun['trigger'];
    readonly requestedBy?: string;
    readonly now: Date;
  },
): number | undefined {
  const { changes, lastInsertRowid } = db
    .prepare(
      `INSERT INTO rule_run (rule_id, rule_version, trigger, requested_by, state, created_at)
       VALUES (?, ?, ?, ?, 'waiting', ?) ON CONFLICT DO NOTHING`,
    )
    .run(rule.ruleId, rule.version, about.trigger, about.requestedBy ?? null, about.now.toISOString());
  return changes === 0 ? undefined : Number(lastInsertRowid);
}

const SHOWN = "(decisions > 0 OR trigger = 'manual' OR state IN ('waiting', 'running', 'failed'))";

/** Of those that are shown. */
export function latestRun(db: Database, ruleId: number): RuleRun | undefined {
  return listedRuns(db, ruleId, 1)[0];
}

/** Those that decided something, that somebody asked for, that failed, or that are not over; the latest first. */
export const listedRuns = (db: Database, ruleId: number, limit: number): RuleRun[] =>
  z
    .array(RunRow)
    .parse(
      db
        .prepare(`SELECT * FROM rule_run WHERE rule_id = ? AND ${SHOWN} ORDER BY run_id DESC LIMIT ?`)
        .all(ruleId, limit),
    )
    .map(({ ruleId: _rule, lookedTo: _place, requestedBy, finishedAt, ...run }) => ({
      ...run,
      ...(requestedBy === undefined ? {} : { requestedBy }),
      ...(finishedAt === undefined ? {} : { finishedAt }),
    }));

/** What the last look saw, and when it was. */
const Look = z.object({ importSequence: z.int(), at: z.string() });
const LOOK = 'rules.look';

/** Milliseconds: what is to be of some age may be by now. */
export const LOOK_EVERY = 3_600_000;

/**
 * Runs of all rules that are on, in their order, where revisions arrived since the last look or it was an hour ago.
 *
 * @returns how many are to be run
 */
export function requestDueRuns(
  db: Database,
  rules: readonly { readonly ruleId: number; readonly version: number; readonly enabled: boolean }[],
  now: Date,
): number {
  const look = readSetting(db, LOOK, Look);
  const importSequence = latestImport(db);
  const hasArrivals = look?.importSequence !== importSequence;
  const since = look === undefined ? Infinity : now.getTime() - Date.parse(look.at);
  // A clock that was set back is no reason to wait.
  const isTime = since >= LOOK_EVERY || since < 0;
  if (!hasArrivals && !isTime) return 0;
  writeSetting(db, LOOK, { importSequence, at: now.toISOString() });
  const trigger = hasArrivals ? 'arrival' : 'time';
  const requested = rules.filter(
    (rule) => rule.enabled && requestRun(db, rule, { trigger, now }) !== undefined,
  );
  return requested.length;
}

const latestImport = (db: Database): number =>
  z.int().parse(db.prepare('SELECT coalesce(max(import_sequence), 0) FROM revision').pluck().get());
