/**
 * Decisions that stand on an older revision of their update, and how far each may go on: to the highest revision for
 * which an administrator could decide the same. So licence terms are never accepted in passing, what is expired is
 * never installed, and the order in which revisions arrive makes no difference.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { WITH_WHOLE_BUNDLES } from '../revisions/whole-bundles.ts';
import { DeploymentAction } from '../../../protocol/console/updates.ts';
import type { WaitingReason } from '../../../protocol/console/revision-rules.ts';
import { openEulas } from './deployable-updates.ts';
import { isInstallation } from './own-decisions.ts';

export interface OlderDecision {
  readonly deploymentId: number;
  readonly updateId: string;
  readonly action: DeploymentAction;
  readonly revisionId: number;
  readonly revisionNumber: number;
  /** The revision that it may go on to; absent: none. */
  readonly next?: NewerRevision;
  /** Why it may not go on to the newest revision; absent: it may. */
  readonly obstacle?: Obstacle;
}

export interface NewerRevision {
  readonly revisionId: number;
  readonly revisionNumber: number;
}

export type Obstacle = Exclude<WaitingReason, 'NotMoved' | 'NextSynchronization'>;

const DecisionRow = z.object({
  deployment_id: z.int(),
  update_id: z.string(),
  action: DeploymentAction,
  revision_id: z.int(),
  revision_number: z.int(),
});

const RevisionRow = z.object({
  revision_id: z.int(),
  update_id: z.string(),
  revision_number: z.int(),
  publication_state: z.string(),
  can_uninstall: z.int(),
  is_deployable: z.int(),
});
type RevisionRow = z.infer<typeof RevisionRow>;

/**
 * Of updates that are not declined.
 *
 * @param updateIds left out: of all
 */
export function olderDecisions(db: Database, updateIds?: readonly string[]): OlderDecision[] {
  const decisions = readDecisions(db, updateIds);
  if (decisions.length === 0) return [];
  const newer = newerRevisions(db, decisions);
  const revisionIds = [...newer.values()].flat().map((row) => row.revision_id);
  const terms = openEulas(db, revisionIds);
  const incomplete = incompleteBundles(db, revisionIds);
  const obstacleOf = (row: RevisionRow, action: DeploymentAction): Obstacle | undefined => {
    if (row.is_deployable === 0) return 'NotDeployable';
    if (action === 'Uninstall' && row.can_uninstall === 0) return 'NotRemovable';
    if (!isInstallation(action)) return undefined;
    if (row.publication_state === 'Expired') return 'Expired';
    // Terms of what has not arrived are not known.
    if (incomplete.has(row.revision_id)) return 'PartsMissing';
    return terms.has(row.revision_id) ? 'LicenceTerms' : undefined;
  };
  return decisions.map((row) => {
    const higher = (newer.get(row.update_id) ?? []).filter(
      ({ revision_number: number }) => number > row.revision_number,
    );
    const [newest] = higher;
    const next = higher.find((one) => obstacleOf(one, row.action) === undefined);
    const obstacle = newest === undefined ? undefined : obstacleOf(newest, row.action);
    return {
      deploymentId: row.deployment_id,
      updateId: row.update_id,
      action: row.action,
      revisionId: row.revision_id,
      revisionNumber: row.revision_number,
      ...(next === undefined
        ? {}
        : { next: { revisionId: next.revision_id, revisionNumber: next.revision_number } }),
      ...(obstacle === undefined ? {} : { obstacle }),
    };
  });
}

function readDecisions(
  db: Database,
  updateIds: readonly string[] | undefined,
): z.infer<typeof DecisionRow>[] {
  const among = updateIds === undefined ? '' : 'AND deployment.update_id IN (SELECT value FROM json_each(?))';
  const rows = db
    .prepare(
      `SELECT deployment_id, deployment.update_id, action, revision_id, revision_number
       FROM deployment JOIN revision USING (revision_id)
       WHERE is_latest = 0 AND deployment.update_id NOT IN (SELECT update_id FROM declined_update) ${among}
       ORDER BY deployment_id`,
    )
    .all(...(updateIds === undefined ? [] : [JSON.stringify(updateIds)]));
  return z.array(DecisionRow).parse(rows);
}

/** By update, the highest first; none that is older than every decision. */
function newerRevisions(
  db: Database,
  decisions: readonly z.infer<typeof DecisionRow>[],
): Map<string, RevisionRow[]> {
  const oldest = new Map<string, number>();
  for (const { update_id: updateId, revision_number: number } of decisions)
    oldest.set(updateId, Math.min(number, oldest.get(updateId) ?? number));
  const rows = db
    .prepare(
      `SELECT revision_id, update_id, revision_number, publication_state, can_uninstall,
         explicitly_deployable = 1 AND update_type IN ('Software', 'Driver') AS is_deployable
       FROM json_each(?) AS known JOIN revision ON revision.update_id = known.key AND revision_number > known.value
       ORDER BY update_id, revision_number DESC`,
    )
    .all(JSON.stringify(Object.fromEntries(oldest)));
  return Map.groupBy(z.array(RevisionRow).parse(rows), (row) => row.update_id);
}

/** Of the revisions, those that bundle, over any number of steps, something that is not here. */
export function incompleteBundles(db: Database, revisionIds: readonly number[]): Set<number> {
  const rows = db
    .prepare(
      `${WITH_WHOLE_BUNDLES}
       SELECT DISTINCT root FROM whole JOIN bundled_update ON bundled_update.revision_id = whole.revision_id
       WHERE NOT EXISTS (SELECT 1 FROM revision AS member
         WHERE member.update_id = bundled_update.member_update_id
           AND member.revision_number = bundled_update.member_revision_number)`,
    )
    .pluck()
    .all(JSON.stringify(revisionIds));
  return new Set(z.array(z.int()).parse(rows));
}
