/** How many decisions and groups became other than they were, for the history of a replica. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';

export interface DecisionChanges {
  /** Made, or changed in what they say. */
  readonly approvals: number;
  readonly ended: number;
  /** Declined, or no more. */
  readonly declines: number;
  readonly groups: number;
}

type Facts = ReadonlyMap<string, string>;
/** Of each approval, declined update and group its identifier, and what it says. */
export interface Standing {
  readonly approvals: Facts;
  readonly declined: Facts;
  readonly groups: Facts;
}

const FactRows = z.array(z.tuple([z.string(), z.string()]));

export function readStanding(db: Database): Standing {
  const facts = (sql: string): Facts => new Map(FactRows.parse(db.prepare(sql).raw().all()));
  return {
    approvals: facts(
      `SELECT update_id || ' ' || group_id, json_array(revision_id, action, deadline) FROM deployment`,
    ),
    declined: facts("SELECT update_id, '' FROM declined_update"),
    groups: facts('SELECT group_id, json_array(name, parent_id) FROM target_group'),
  };
}

/** How many are new in `after`, or say something else there than in `before`. */
const changed = (before: Facts, after: Facts): number =>
  [...after].filter(([id, fact]) => before.get(id) !== fact).length;
const gone = (before: Facts, after: Facts): number =>
  [...before.keys()].filter((id) => !after.has(id)).length;

export function changesBetween(before: Standing, after: Standing): DecisionChanges {
  return {
    approvals: changed(before.approvals, after.approvals),
    ended: gone(before.approvals, after.approvals),
    declines: changed(before.declined, after.declined) + gone(before.declined, after.declined),
    groups: changed(before.groups, after.groups) + gone(before.groups, after.groups),
  };
}
