/** Why an update was approved: what rules decided about it, by which version of each, and whether it stands. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { RuleAction } from '../../../protocol/console/rules.ts';
import type { RuleTrace } from '../../../protocol/console/rules.ts';

const TraceRow = z.object({
  decision_id: z.int(),
  rule_id: z.int(),
  rule_version: z.int(),
  rule_name: z.string(),
  present_name: z.string().nullable(),
  group_id: z.string(),
  group_name: z.string().nullable(),
  action: RuleAction,
  deadline: z.string().nullable(),
  revision_number: z.int(),
  decided_at: z.string(),
  stands: z.int(),
});

const MOST_SHOWN = 500;

/** By the id of the decision, the latest first; those that stand before those that do not. */
export function ruleTraces(db: Database, updateId: string): Map<number, RuleTrace> {
  const rows = db
    .prepare(
      `SELECT decision.*, said.name AS rule_name, target_group.name AS group_name,
         (SELECT name FROM approval_rule JOIN approval_rule_version USING (rule_id, version)
            WHERE approval_rule.rule_id = decision.rule_id) AS present_name,
         EXISTS (SELECT 1 FROM deployment WHERE rule_decision_id = decision.decision_id)
           AND NOT EXISTS (SELECT 1 FROM declined_update
             WHERE declined_update.update_id = decision.update_id) AS stands
       FROM rule_decision AS decision
         JOIN approval_rule_version AS said
           ON said.rule_id = decision.rule_id AND said.version = decision.rule_version
         LEFT JOIN target_group USING (group_id)
       WHERE decision.update_id = ? ORDER BY stands DESC, decision_id DESC LIMIT ${MOST_SHOWN}`,
    )
    .all(updateId);
  return new Map(
    z
      .array(TraceRow)
      .parse(rows)
      .map((row) => [
        row.decision_id,
        {
          ruleId: row.rule_id,
          ruleName: row.rule_name,
          ruleVersion: row.rule_version,
          ...(row.present_name === null ? {} : { presentName: row.present_name }),
          groupId: row.group_id,
          ...(row.group_name === null ? {} : { groupName: row.group_name }),
          action: row.action,
          ...(row.deadline === null ? {} : { deadline: row.deadline }),
          revisionNumber: row.revision_number,
          at: row.decided_at,
          stands: row.stands !== 0,
        },
      ]),
  );
}
