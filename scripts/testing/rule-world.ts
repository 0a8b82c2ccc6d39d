/** Catalogues of which only what rules ask about is told, and runs of rules to their end: for tests of rules. */
import type { Database } from '../../catalog/store/database/database.ts';
import { nextRun } from '../../catalog/store/rules/rule-runs.ts';
import { planRuns, runSlice, type RuleRunOptions } from '../../catalog/store/rules/rule-run.ts';
import { createRule, type StoredRule } from '../../catalog/store/rules/rules.ts';
import { RuleBody } from '../../protocol/console/rules.ts';
import type { z } from 'zod';

export interface CatalogueUpdate {
  readonly updateId: string;
  readonly title?: string;
  readonly updateType?: 'Software' | 'Driver';
  readonly severity?: string | undefined;
  readonly isExpired?: boolean;
  /** Categories with all above them. */
  readonly categoryIds?: readonly string[];
  readonly supersedes?: readonly string[];
  readonly eulaId?: string | undefined;
  /** What it bundles; of these revision 1. */
  readonly members?: readonly string[];
  readonly arrivedAt?: Date;
  readonly revisionNumber?: number;
}

const ARRIVED = new Date('2026-05-01T00:00:00Z');

/** As an import would have left it; whether what it bundles is here or not. */
export function addUpdate(db: Database, update: CatalogueUpdate): number {
  const revisionNumber = update.revisionNumber ?? 1;
  db.prepare('UPDATE revision SET is_latest = 0 WHERE update_id = ? AND revision_number < ?').run(
    update.updateId,
    revisionNumber,
  );
  const { lastInsertRowid } = db
    .prepare(
      `INSERT INTO revision (update_id, revision_number, update_type, publication_state, is_latest, is_leaf,
         explicitly_deployable, creation_date, arrived_at, import_sequence, default_language, title, msrc_severity,
         eula_id, core, document)
       VALUES (@updateId, @revisionNumber, @updateType, @state, 1, 1, 1, @at, @at,
         (SELECT coalesce(max(import_sequence), 0) + 1 FROM revision), 'en', @title, @severity, @eulaId, '', x'')`,
    )
    .run({
      updateId: update.updateId,
      revisionNumber,
      updateType: update.updateType ?? 'Software',
      state: update.isExpired === true ? 'Expired' : 'Published',
      at: (update.arrivedAt ?? ARRIVED).toISOString(),
      title: update.title ?? update.updateId,
      severity: update.severity ?? null,
      eulaId: update.eulaId ?? null,
    });
  const revisionId = Number(lastInsertRowid);
  for (const categoryId of new Set(update.categoryIds))
    db.prepare('INSERT INTO revision_category VALUES (?, ?)').run(revisionId, categoryId);
  for (const supersededId of new Set(update.supersedes))
    db.prepare('INSERT INTO superseded_update VALUES (?, ?)').run(revisionId, supersededId);
  for (const [clause, member] of (update.members ?? []).entries())
    db.prepare('INSERT INTO bundled_update VALUES (?, ?, ?, 1)').run(revisionId, clause, member);
  return revisionId;
}

export function addCategory(db: Database, updateId: string, categoryType: string): void {
  db.prepare(
    `INSERT INTO revision (update_id, revision_number, update_type, category_type, publication_state, is_latest, is_leaf,
       explicitly_deployable, creation_date, arrived_at, import_sequence, default_language, title, core, document)
     VALUES (?, 1, 'Category', ?, 'Published', 1, 0, 0, '', '', 0, 'en', ?, '', x'')`,
  ).run(updateId, categoryType, updateId);
}

export function addGroup(db: Database, groupId: string, parentId: string): void {
  db.prepare('INSERT INTO target_group (group_id, parent_id, name) VALUES (?, ?, ?)').run(
    groupId,
    parentId,
    `Group ${groupId}`,
  );
}

/** One that is on, unless it says otherwise. */
export const addRule = (db: Database, body: z.input<typeof RuleBody>, now: Date = ARRIVED): StoredRule =>
  createRule(db, RuleBody.parse({ enabled: true, ...body }), { userName: 'ada', now });

/** Runs everything that waits, to its end. @returns updates that were approved */
export function runToEnd(db: Database, options: RuleRunOptions): number {
  let updates = 0;
  for (let run = nextRun(db); run !== undefined; run = nextRun(db))
    updates += runSlice(db, run.runId, options).updates;
  return updates;
}

/** What the worker does at each look. @returns updates that were approved */
export function lookAtRules(db: Database, now: Date, options: Partial<RuleRunOptions> = {}): number {
  planRuns(db, now);
  return runToEnd(db, { now, storesContent: true, ...options });
}

/** `update group action deadline author`, of every decision. */
export const decisionLines = (db: Database): string[] =>
  db
    .prepare<[], string>(
      `SELECT update_id || ' ' || group_id || ' ' || action || ' ' || coalesce(deadline, '-') || ' ' || admin_name
       FROM deployment ORDER BY 1`,
    )
    .pluck()
    .all();
