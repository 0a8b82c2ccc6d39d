/** Rules of automatic approval: making, changing, ordering and deleting them. Nothing is decided here (rule-run.ts). */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { MOST_RULES, RuleDefinition } from '../../../protocol/console/rules.ts';
import type { Rule, RuleBody, RuleHistory } from '../../../protocol/console/rules.ts';
import { isTimeZone } from '../../schedule/zone.ts';
import { RefusalError, nameSome } from '../database/refusal.ts';
import { GroupTree, foldName } from '../groups/group-tree.ts';
import { refuseUnknownGroups } from '../groups/target-groups.ts';
import { categoryTypes } from '../revisions/category-types.ts';
import { latestRun, listedRuns } from './rule-runs.ts';

const Json = z.string().transform((text): unknown => JSON.parse(text));
const Flag = z.int().transform((value) => value !== 0);

const RuleRow = z
  .object({
    rule_id: z.int(),
    version: z.int(),
    name: z.string(),
    enabled: Flag,
    definition: Json.pipe(RuleDefinition),
    created_by: z.string(),
    created_at: z.string(),
    saved_by: z.string(),
    saved_at: z.string(),
    last_look_at: z.string().nullable(),
  })
  .transform((row) => ({
    ruleId: row.rule_id,
    version: row.version,
    enabled: row.enabled,
    definition: row.definition,
    createdBy: row.created_by,
    createdAt: row.created_at,
    changedBy: row.saved_by,
    changedAt: row.saved_at,
    lastLookAt: row.last_look_at ?? undefined,
  }));

/** A rule as it is now. */
export type StoredRule = z.output<typeof RuleRow>;

/** Who changes a rule, and when. */
export interface Editor {
  readonly userName: string;
  readonly now: Date;
}

/** What a change made of what. */
export interface RuleChange {
  readonly before: StoredRule;
  readonly after: StoredRule;
}

const RULES = `SELECT approval_rule.rule_id, approval_rule.version, name, approval_rule.enabled, definition, created_by,
    created_at, saved_by, saved_at, last_look_at
  FROM approval_rule JOIN approval_rule_version USING (rule_id, version)`;

/** In the order in which they decide. */
export const storedRules = (db: Database): StoredRule[] =>
  z.array(RuleRow).parse(db.prepare(`${RULES} ORDER BY position, rule_id`).all());

export function findRule(db: Database, ruleId: number): StoredRule | undefined {
  const row = db.prepare(`${RULES} WHERE rule_id = ?`).get(ruleId);
  return row === undefined ? undefined : RuleRow.parse(row);
}

/** @throws RefusalError */
export function readRule(db: Database, ruleId: number): StoredRule {
  const rule = findRule(db, ruleId);
  if (rule === undefined) {
    throw new RefusalError('unknown', 'RULE_UNKNOWN', `There is no rule ${ruleId}. Read the list again.`);
  }
  return rule;
}

/** As the console shows it. */
export function ruleView(db: Database, rule: StoredRule, tree: GroupTree = GroupTree.read(db)): Rule {
  const { ruleId, version, enabled, definition, lastLookAt, ...about } = rule;
  const { deadline, ...says } = definition;
  const lastRun = latestRun(db, ruleId);
  return {
    ruleId,
    version,
    enabled,
    ...says,
    ...(deadline === undefined ? {} : { deadline }),
    missingGroupIds: definition.groupIds.filter((groupId) => tree.get(groupId) === undefined),
    ...about,
    approvedUpdates: countApproved(db, ruleId),
    ...(lastLookAt === undefined ? {} : { lastLookAt }),
    ...(lastRun === undefined ? {} : { lastRun }),
  };
}

/** In the order in which they decide. */
export function listRules(db: Database): Rule[] {
  const tree = GroupTree.read(db);
  return storedRules(db).map((rule) => ruleView(db, rule, tree));
}

/** The last of them. @throws RefusalError */
export function createRule(db: Database, { enabled, ...definition }: RuleBody, editor: Editor): StoredRule {
  return db
    .transaction(() => {
      const rules = storedRules(db);
      if (rules.length >= MOST_RULES) {
        throw new RefusalError(
          'conflict',
          'RULES_TOO_MANY',
          `There are ${MOST_RULES} rules, and no more are kept. Delete one, or let one do the work of two.`,
        );
      }
      refuseTakenName(rules, definition.name);
      refuseImpossible(db, definition);
      const { lastInsertRowid } = db
        .prepare(
          `INSERT INTO approval_rule (position, version, enabled, created_by, created_at)
           VALUES ((SELECT coalesce(max(position), 0) + 1 FROM approval_rule), 0, 0, ?, ?)`,
        )
        .run(editor.userName, editor.now.toISOString());
      const ruleId = Number(lastInsertRowid);
      saveVersion(db, ruleId, 1, enabled, definition, editor);
      return readRule(db, ruleId);
    })
    .immediate();
}

/** What it decided stays, and what it decides from now on is traced to the new version. @throws RefusalError */
export function changeRule(
  db: Database,
  ruleId: number,
  { enabled, ...definition }: RuleBody,
  editor: Editor,
): RuleChange {
  return db
    .transaction(() => {
      const before = readRule(db, ruleId);
      refuseTakenName(
        storedRules(db).filter((rule) => rule.ruleId !== ruleId),
        definition.name,
      );
      refuseImpossible(db, definition);
      saveVersion(db, ruleId, before.version + 1, enabled, definition, editor);
      return { before, after: readRule(db, ruleId) };
    })
    .immediate();
}

/** @throws RefusalError */
export function setRuleEnabled(db: Database, ruleId: number, enabled: boolean, editor: Editor): RuleChange {
  return db
    .transaction(() => {
      const before = readRule(db, ruleId);
      if (before.enabled === enabled) return { before, after: before };
      saveVersion(db, ruleId, before.version + 1, enabled, before.definition, editor);
      return { before, after: readRule(db, ruleId) };
    })
    .immediate();
}

/** What it approved stays approved, and traced to it. @returns what it was @throws RefusalError */
export function deleteRule(db: Database, ruleId: number): StoredRule {
  return db
    .transaction(() => {
      const before = readRule(db, ruleId);
      db.prepare('DELETE FROM approval_rule WHERE rule_id = ?').run(ruleId);
      return before;
    })
    .immediate();
}

/** @returns the order before @throws RefusalError where these are not all rules, each once */
export function orderRules(db: Database, ruleIds: readonly number[]): number[] {
  return db
    .transaction(() => {
      const before = storedRules(db).map((rule) => rule.ruleId);
      const isWhole = before.length === ruleIds.length && new Set(before).isSubsetOf(new Set(ruleIds));
      if (!isWhole) {
        throw new RefusalError(
          'conflict',
          'RULES_CHANGED',
          'These are not all the rules there are, each once. Read the list again, and order it anew.',
        );
      }
      const place = db.prepare('UPDATE approval_rule SET position = ? WHERE rule_id = ?');
      for (const [index, ruleId] of ruleIds.entries()) place.run(index + 1, ruleId);
      return before;
    })
    .immediate();
}

/** What cannot be evaluated is not saved, nor tried. @throws RefusalError */
export function refuseImpossible(db: Database, { conditions, groupIds, deadline }: RuleDefinition): void {
  refuseUnknownGroups(GroupTree.read(db), groupIds);
  refuseUnknownCategories(db, [...conditions.classifications, ...conditions.products]);
  if (deadline !== undefined && !isTimeZone(deadline.timeZone)) {
    throw new RefusalError(
      'invalid',
      'TIME_ZONE_UNKNOWN',
      `${JSON.stringify(deadline.timeZone)} is not an IANA time zone; write one like Europe/Berlin.`,
    );
  }
}

function refuseUnknownCategories(db: Database, categoryIds: readonly string[]): void {
  const known = categoryTypes(db, categoryIds);
  const unknown = categoryIds.filter((categoryId) => !known.has(categoryId));
  if (unknown.length === 0) return;
  throw new RefusalError(
    'unknown',
    'CATEGORY_UNKNOWN',
    `There is no product or classification ${nameSome(unknown)}. Read the list again.`,
  );
}

const MOST_SHOWN = 50;

const VersionRow = z
  .object({
    version: z.int(),
    enabled: Flag,
    definition: Json.pipe(RuleDefinition),
    saved_by: z.string(),
    saved_at: z.string(),
  })
  .transform((row) => ({
    version: row.version,
    enabled: row.enabled,
    definition: row.definition,
    savedBy: row.saved_by,
    savedAt: row.saved_at,
  }));

/** The latest first; also of a rule that was deleted. @throws RefusalError where there never was one */
export function ruleHistory(db: Database, ruleId: number): RuleHistory {
  const versions = z
    .array(VersionRow)
    .parse(
      db
        .prepare(
          `SELECT * FROM approval_rule_version WHERE rule_id = ? ORDER BY version DESC LIMIT ${MOST_SHOWN}`,
        )
        .all(ruleId),
    );
  if (versions.length === 0) readRule(db, ruleId);
  return { versions, runs: listedRuns(db, ruleId, MOST_SHOWN) };
}

function saveVersion(
  db: Database,
  ruleId: number,
  version: number,
  enabled: boolean,
  definition: RuleDefinition,
  { userName, now }: Editor,
): void {
  db.prepare(
    `INSERT INTO approval_rule_version (rule_id, version, enabled, name, definition, saved_by, saved_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(
    ruleId,
    version,
    Number(enabled),
    definition.name,
    JSON.stringify(definition),
    userName,
    now.toISOString(),
  );
  db.prepare('UPDATE approval_rule SET version = ?, enabled = ? WHERE rule_id = ?').run(
    version,
    Number(enabled),
    ruleId,
  );
}

function refuseTakenName(others: readonly StoredRule[], name: string): void {
  const folded = foldName(name);
  if (!others.some((rule) => foldName(rule.definition.name) === folded)) return;
  throw new RefusalError(
    'conflict',
    'RULE_NAME_TAKEN',
    `There is a rule ${name} already. Approvals say which rule made them: give this one another name.`,
  );
}

const countApproved = (db: Database, ruleId: number): number =>
  z
    .int()
    .parse(
      db.prepare('SELECT count(DISTINCT update_id) FROM rule_decision WHERE rule_id = ?').pluck().get(ruleId),
    );
