/**
 * Carries runs of rules out, a slice a transaction: what is decided, its trace, and how far the run is are committed
 * together, so that a process that dies has lost nothing and decides nothing twice.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { appendAudit } from '../audit/audit-log.ts';
import type { ContentSelection } from '../content/selection.ts';
import { approve } from '../decisions/deployments.ts';
import { GroupTree } from '../groups/group-tree.ts';
import { arrivedByFor, matchingSlice } from './matching-updates.ts';
import { deadlineAfter } from './rule-deadline.ts';
import { readRun, requestDueRuns, type StoredRun } from './rule-runs.ts';
import { judge, presentGroups, type Verdict } from './rule-verdicts.ts';
import { findRule, storedRules, type StoredRule } from './rules.ts';

/** Updates that a slice approves at most, and pairs of update and group: others write between slices. */
const MOST_UPDATES = 500;
const MOST_PAIRS = 1000;

/** Updates that an entry of the audit log names; of more it says how many there are, and `rule_decision` names each. */
const MOST_SUBJECTS = 500;

export interface RuleRunOptions {
  readonly now: Date;
  /** Whether files of approved updates are fetched (`content.store`). */
  readonly storesContent: boolean;
  /** Which of them; left out: as usual. */
  readonly selection?: ContentSelection | undefined;
}

export interface SliceResult {
  /** Whether the run is over. */
  readonly isOver: boolean;
  /** Updates that it approved. */
  readonly updates: number;
  /** Files that are wanted now and were not. */
  readonly wantedFiles: number;
}

const OVER: SliceResult = { isOver: true, updates: 0, wantedFiles: 0 };

/** Where a look is due, all rules that are on are to run. @returns how many are */
export const planRuns = (db: Database, now: Date): number =>
  db.transaction(() => requestDueRuns(db, storedRules(db), now)).immediate();

/** The next slice of a run. One of a rule that was changed or deleted meanwhile is ended. */
export function runSlice(db: Database, runId: number, options: RuleRunOptions): SliceResult {
  return db
    .transaction((): SliceResult => {
      const run = readRun(db, runId);
      if (run === undefined || run.finishedAt !== undefined) return OVER;
      const rule = findRule(db, run.ruleId);
      if (rule === undefined || rule.version !== run.ruleVersion) {
        finish(db, runId, 'stopped', options.now);
        return OVER;
      }
      return carryOn(db, run, rule, options);
    })
    .immediate();
}

/** Ends a run that could not go on; what it decided stands. */
export function failRun(db: Database, runId: number, now: Date): void {
  db.transaction(() => finish(db, runId, 'failed', now)).immediate();
}

function carryOn(db: Database, run: StoredRun, rule: StoredRule, options: RuleRunOptions): SliceResult {
  const { definition, ruleId } = rule;
  const tree = GroupTree.read(db);
  const groupIds = presentGroups(definition, tree);
  const { matches, next } =
    groupIds.length === 0
      ? { matches: [] }
      : matchingSlice(db, definition.conditions, {
          after: run.lookedTo,
          limit: Math.max(1, Math.min(MOST_UPDATES, Math.floor(MOST_PAIRS / groupIds.length))),
          arrivedBy: arrivedByFor(definition.conditions, options.now),
          undecided: { ruleId, groupIds },
        });
  const verdicts = judge(db, rule, tree, matches, options.now);
  const wantedFiles = decide(db, run, rule, verdicts, options);
  const approved = verdicts.filter((verdict) => verdict.groupIds.length > 0);
  const waiting = verdicts.filter(({ held }) => held.has('LicenceTerms') || held.has('PartsMissing'));
  db.prepare(
    `UPDATE rule_run SET state = 'running', looked_to = ?, updates = updates + ?, decisions = decisions + ?,
       waiting = waiting + ? WHERE run_id = ?`,
  ).run(
    next ?? run.lookedTo,
    approved.length,
    approved.reduce((sum, verdict) => sum + verdict.groupIds.length, 0),
    waiting.length,
    run.runId,
  );
  const isOver = next === undefined;
  if (isOver) finish(db, run.runId, 'succeeded', options.now);
  return { isOver, updates: approved.length, wantedFiles };
}

/** As a person would have: the same plan, the same files, the same way to replicas. @returns files wanted */
function decide(
  db: Database,
  run: StoredRun,
  rule: StoredRule,
  verdicts: readonly Verdict[],
  { now, storesContent, selection }: RuleRunOptions,
): number {
  const { action, acceptTerms, deadline: offset, name } = rule.definition;
  const deadline = offset === undefined ? undefined : deadlineAfter(offset, now);
  const alike = Map.groupBy(
    verdicts.filter((verdict) => verdict.groupIds.length > 0),
    (verdict) => verdict.groupIds.join(' '),
  );
  let wantedFiles = 0;
  for (const [groups, ofThem] of alike) {
    const groupIds = groups.split(' ');
    const traces = traceAll(db, run, rule, ofThem, deadline, now);
    const decision = approve(
      db,
      {
        updateIds: ofThem.map(({ update }) => update.updateId),
        groupIds,
        action,
        deadline,
        acceptEulaIds: acceptTerms ? ofThem.flatMap(({ update }) => update.openEulaIds) : [],
      },
      {
        adminName: name,
        now,
        storesContent,
        selection,
        ruleDecisionOf: (updateId, groupId) => traceOf(traces, updateId, groupId),
      },
    );
    wantedFiles += decision.wantedFiles;
  }
  return wantedFiles;
}

type Traces = ReadonlyMap<string, number>;

function traceOf(traces: Traces, updateId: string, groupId: string): number {
  const trace = traces.get(`${updateId} ${groupId}`);
  if (trace === undefined)
    throw new Error(`A rule approved ${updateId} for ${groupId} and left no trace of it.`);
  return trace;
}

/** By pair of update and group. */
function traceAll(
  db: Database,
  run: StoredRun,
  rule: StoredRule,
  verdicts: readonly Verdict[],
  deadline: Date | undefined,
  now: Date,
): Traces {
  const insert = db.prepare(
    `INSERT INTO rule_decision
       (rule_id, rule_version, run_id, update_id, revision_number, group_id, action, deadline, decided_at)
     VALUES (@ruleId, @version, @runId, @updateId,
       (SELECT revision_number FROM revision WHERE revision_id = @revisionId), @groupId, @action, @deadline, @at)`,
  );
  const traces = new Map<string, number>();
  for (const { update, groupIds } of verdicts) {
    for (const groupId of groupIds) {
      const { lastInsertRowid } = insert.run({
        ruleId: rule.ruleId,
        version: rule.version,
        runId: run.runId,
        updateId: update.updateId,
        revisionId: update.revisionId,
        groupId,
        action: rule.definition.action,
        deadline: deadline?.toISOString() ?? null,
        at: now.toISOString(),
      });
      traces.set(`${update.updateId} ${groupId}`, Number(lastInsertRowid));
    }
  }
  return traces;
}

/** Runs that nobody asked for and that decided nothing leave the time of the look alone: there is one an hour. */
function finish(db: Database, runId: number, state: 'succeeded' | 'stopped' | 'failed', now: Date): void {
  const run = readRun(db, runId);
  if (run === undefined || run.finishedAt !== undefined) return;
  const at = now.toISOString();
  db.prepare('UPDATE approval_rule SET last_look_at = ? WHERE rule_id = ?').run(at, run.ruleId);
  if (run.decisions === 0 && run.trigger !== 'manual' && state !== 'failed') {
    db.prepare('DELETE FROM rule_run WHERE run_id = ?').run(run.runId);
    return;
  }
  db.prepare('UPDATE rule_run SET state = ?, finished_at = ? WHERE run_id = ?').run(state, at, run.runId);
  if (run.decisions > 0) recordRun(db, run.runId, now);
}

const Recorded = z.object({
  rule_id: z.int(),
  rule_version: z.int(),
  name: z.string(),
  trigger: z.string(),
  requested_by: z.string().nullable(),
  state: z.string(),
  updates: z.int(),
  decisions: z.int(),
});
const Subject = z.object({ update_id: z.string(), title: z.string().nullable() });

/** One entry a run: a run may decide about thousands. */
function recordRun(db: Database, runId: number, now: Date): void {
  const run = Recorded.parse(
    db
      .prepare(
        `SELECT rule_run.*, name FROM rule_run JOIN approval_rule_version
           ON approval_rule_version.rule_id = rule_run.rule_id AND version = rule_version
         WHERE run_id = ?`,
      )
      .get(runId),
  );
  const subjects = z.array(Subject).parse(
    db
      .prepare(
        `SELECT DISTINCT rule_decision.update_id, title FROM rule_decision
           LEFT JOIN revision ON revision.update_id = rule_decision.update_id AND is_latest = 1
         WHERE run_id = ? ORDER BY rule_decision.update_id LIMIT ${MOST_SUBJECTS}`,
      )
      .all(runId),
  );
  appendAudit(db, {
    at: now,
    actor: { kind: 'rule', name: run.name },
    action: 'approval.set',
    subjects: [
      { kind: 'rule', id: String(run.rule_id), name: run.name },
      ...subjects.map(({ update_id: id, title }) => ({
        kind: 'update',
        id,
        ...(title === null ? {} : { name: title }),
      })),
    ],
    after: {
      runId,
      ruleVersion: run.rule_version,
      trigger: run.trigger,
      requestedBy: run.requested_by,
      state: run.state,
      updates: run.updates,
      decisions: run.decisions,
    },
  });
}
