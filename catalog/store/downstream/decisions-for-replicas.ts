/** What a replica is told of our decisions ([MS-WSUSSS] 3.1.4.10): what changed since it last asked. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { DeploymentAction } from '../../../protocol/console/updates.ts';

/** A place in the history of decisions, and when a replica was first given it. */
export interface DecisionPoint {
  readonly sequence: number;
  /** ISO 8601 UTC. */
  readonly issuedAt: string;
}

export interface ToldDeployment {
  readonly deploymentGuid: string;
  readonly updateId: string;
  readonly revisionNumber: number;
  readonly groupId: string;
  readonly action: DeploymentAction;
  /** ISO 8601 UTC. */
  readonly deadline: string | null;
  readonly adminName: string;
  readonly changedAt: string;
}

export interface DecisionChanges {
  readonly deployments: readonly ToldDeployment[];
  /** DeploymentGuids. */
  readonly dead: readonly string[];
  /** Up to where in the history this tells everything. */
  readonly sequence: number;
}

const Row = z
  .object({
    sequence: z.int(),
    import_sequence: z.int(),
    revision_number: z.int(),
    deployment_guid: z.string(),
    update_id: z.string(),
    group_id: z.string(),
    action: DeploymentAction,
    deadline: z.string().nullable(),
    admin_name: z.string(),
    changed_at: z.string(),
  })
  .transform((row) => ({
    sequence: row.sequence,
    importSequence: row.import_sequence,
    deployment: {
      deploymentGuid: row.deployment_guid,
      updateId: row.update_id,
      revisionNumber: row.revision_number,
      groupId: row.group_id,
      action: row.action,
      deadline: row.deadline,
      adminName: row.admin_name,
      changedAt: row.changed_at,
    } satisfies ToldDeployment,
  }));

/**
 * Deployments made or altered since a point, and those that ended. One of a revision that the replica has not heard of
 * yet would mean nothing to it: the answer ends before the first such, so that the next one brings it again. Within the
 * caller's transaction.
 *
 * @param after 0 for everything
 * @param imported the import up to which the replica has the catalogue
 */
export function decisionsAfter(db: Database, after: number, imported: number): DecisionChanges {
  const rows = z.array(Row).parse(
    db
      .prepare(
        `SELECT sequence, import_sequence, revision_number, deployment.*
         FROM deployment_history
         JOIN deployment USING (deployment_guid)
         JOIN revision ON revision.revision_id = deployment.revision_id
         WHERE sequence > ? AND NOT is_dead ORDER BY sequence`,
      )
      .all(after),
  );
  const [unheardOf] = rows.filter(({ importSequence }) => importSequence > imported);
  return {
    deployments: rows
      .filter(({ importSequence }) => importSequence <= imported)
      .map(({ deployment }) => deployment),
    dead: z
      .array(z.string())
      .parse(
        db
          .prepare(
            'SELECT deployment_guid FROM deployment_history WHERE sequence > ? AND is_dead ORDER BY sequence',
          )
          .pluck()
          .all(after),
      ),
    sequence: unheardOf === undefined ? decisionSequence(db) : unheardOf.sequence - 1,
  };
}

/** Grows with every change of a deployment. */
export const decisionSequence = (db: Database): number =>
  z.int().parse(db.prepare('SELECT ifnull(max(sequence), 0) FROM deployment_history').pluck().get());

/** Points that are remembered; a replica that comes with an older one is told everything. */
const REMEMBERED = 1000;

/** The point as a replica is given it, the same for all who are given it; noted, so that it is known again. */
export function issuePoint(db: Database, sequence: number, now: Date): DecisionPoint {
  const known = db.prepare('SELECT issued_at FROM deployment_anchor WHERE sequence = ?').pluck();
  const issued = z.string().optional().parse(known.get(sequence));
  if (issued !== undefined) return { sequence, issuedAt: issued };
  const issuedAt = now.toISOString();
  db.prepare('INSERT INTO deployment_anchor (sequence, issued_at) VALUES (?, ?)').run(sequence, issuedAt);
  db.prepare(
    `DELETE FROM deployment_anchor WHERE sequence IN (
       SELECT sequence FROM deployment_anchor ORDER BY issued_at DESC, sequence DESC LIMIT -1 OFFSET ${REMEMBERED})`,
  ).run();
  return { sequence, issuedAt };
}

/** Whether this database gave out the point; one that was put back from a copy did not give out what came after it. */
export const isPointKnown = (db: Database, { sequence, issuedAt }: DecisionPoint): boolean =>
  db
    .prepare('SELECT 1 FROM deployment_anchor WHERE sequence = ? AND issued_at = ?')
    .get(sequence, issuedAt) !== undefined;

/** UpdateIDs, in their order. */
export const declinedUpdates = (db: Database): string[] =>
  z
    .array(z.string())
    .parse(db.prepare('SELECT update_id FROM declined_update ORDER BY update_id').pluck().all());

/** EulaIDs, in their order. */
export const acceptedEulas = (db: Database): string[] =>
  z.array(z.string()).parse(db.prepare('SELECT eula_id FROM accepted_eula ORDER BY eula_id').pluck().all());
