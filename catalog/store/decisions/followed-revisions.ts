/**
 * What synchronization does to decisions when it brings newer revisions of what was decided on, as WSUS does it: approvals
 * go on to the newer revision, and an update that comes to be expired is declined
 * ([0014](docs/decisions/0014-decisions-follow-revisions.md)). For a relay that decides itself: a replica is told.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { UpdateIdentity } from '../../metadata/model.ts';
import { forgetUnneeded } from '../content/deployment-content.ts';
import { markWanted } from '../content/files.ts';
import type { ContentSelection } from '../content/selection.ts';
import { IS_DECLINED, IS_LISTED } from '../revisions/revision-conditions.ts';
import { olderDecisions, type NewerRevision, type OlderDecision } from './older-decisions.ts';
import { isInstallation } from './own-decisions.ts';
import { readRevisionRules } from './revision-rules.ts';

/** Who is named as having declined what expired. */
export const BY_SYNCHRONIZATION = 'Synchronization';

export interface Following {
  /** The synchronization that brings the revisions. */
  readonly runId: number;
  readonly now: Date;
  /** Whether files of approved updates are fetched (`content.store`). */
  readonly storesContent: boolean;
  /** Which of them. */
  readonly selection?: ContentSelection | undefined;
}

/**
 * Imports revisions and lets decisions follow, within the caller's transaction: what is decided never lags behind what
 * is here, nor runs ahead of it.
 *
 * @param arriving what may arrive
 * @param importThem stores what does
 */
export function importFollowed<T>(
  db: Database,
  arriving: readonly UpdateIdentity[],
  following: Following,
  importThem: () => T,
): T {
  const updateIds = [...new Set(arriving.map(({ updateId }) => updateId.toLowerCase()))];
  const before = withdrawnUpdates(db, updateIds);
  const imported = importThem();
  const rules = readRevisionRules(db);
  if (!rules.moveApprovals) return imported;
  if (rules.declineExpired) {
    const withdrawn = [...withdrawnUpdates(db, updateIds)].filter((updateId) => !before.has(updateId));
    if (withdrawn.length > 0) declineExpired(db, withdrawn, following);
  }
  moveApprovals(db, [...updateIds, ...bundlesOf(db, arriving)], following);
  return imported;
}

/**
 * The same for decisions on older revisions that came to be otherwise: approvals were not moved at the time, or terms
 * were not accepted yet. Within a transaction of its own.
 */
export function moveAllApprovals(db: Database, following: Following): void {
  db.transaction(() => {
    if (readRevisionRules(db).moveApprovals) moveApprovals(db, undefined, following);
  }).immediate();
}

/** Of the updates, those that an earlier revision had published and whose latest one is expired. */
function withdrawnUpdates(db: Database, updateIds: readonly string[]): Set<string> {
  const rows = db
    .prepare(
      `SELECT update_id FROM revision
       WHERE update_id IN (SELECT value FROM json_each(?)) AND publication_state = 'Expired' AND ${IS_LISTED}
         AND EXISTS (SELECT 1 FROM revision AS earlier WHERE earlier.update_id = revision.update_id
           AND earlier.publication_state = 'Published')`,
    )
    .pluck()
    .all(JSON.stringify(updateIds));
  return new Set(z.array(z.string()).parse(rows));
}

/** Updates that bundle these revisions, over any number of steps: they may be complete now. */
function bundlesOf(db: Database, members: readonly UpdateIdentity[]): string[] {
  const rows = db
    .prepare(
      `WITH RECURSIVE above (update_id, revision_number) AS (
         SELECT lower(value ->> 'updateId'), value ->> 'revisionNumber' FROM json_each(?)
         UNION
         SELECT revision.update_id, revision.revision_number FROM above
           JOIN bundled_update ON member_update_id = above.update_id
             AND member_revision_number = above.revision_number
           JOIN revision USING (revision_id)
       )
       SELECT DISTINCT update_id FROM above`,
    )
    .pluck()
    .all(JSON.stringify(members.map(({ updateId, revisionNumber }) => ({ updateId, revisionNumber }))));
  return z.array(z.string()).parse(rows);
}

interface Move extends OlderDecision {
  readonly next: NewerRevision;
}

const mayMove = (decision: OlderDecision): decision is Move => decision.next !== undefined;

function moveApprovals(db: Database, updateIds: readonly string[] | undefined, following: Following): void {
  const moves = olderDecisions(db, updateIds).filter(mayMove);
  if (moves.length === 0) return;
  // In their rows, so that what was deployed and still is does not count as deployed anew.
  const move = db.prepare('UPDATE deployment SET revision_id = ?, changed_at = ? WHERE deployment_id = ?');
  const at = following.now.toISOString();
  for (const { deploymentId, next } of moves) move.run(next.revisionId, at, deploymentId);
  const installs = moves.filter(({ action }) => isInstallation(action));
  followContent(
    db,
    installs.map(({ revisionId }) => revisionId),
    installs.map(({ next }) => next.revisionId),
    following,
  );
  const alike = Map.groupBy(
    moves,
    ({ updateId, revisionNumber, next }) => `${updateId} ${revisionNumber} ${next.revisionNumber}`,
  );
  for (const [first, ...others] of alike.values()) {
    if (first === undefined) continue;
    record(db, 'moved', first.updateId, first.revisionNumber, first.next.revisionNumber, following, {
      decisions: 1 + others.length,
    });
  }
}

const Ended = z.object({ revision_id: z.int(), action: z.string(), revision_number: z.int() });
const Expired = z.object({ update_id: z.string(), revision_number: z.int(), from_revision_number: z.int() });

function declineExpired(db: Database, updateIds: readonly string[], following: Following): void {
  const rows = db
    .prepare(
      `SELECT update_id, revision_number, (SELECT max(revision_number) FROM revision AS earlier
           WHERE earlier.update_id = revision.update_id AND earlier.publication_state = 'Published')
         AS from_revision_number
       FROM revision
       WHERE update_id IN (SELECT value FROM json_each(?)) AND ${IS_LISTED} AND NOT ${IS_DECLINED}
       ORDER BY update_id`,
    )
    .all(JSON.stringify(updateIds));
  const decline = db.prepare(
    'INSERT INTO declined_update (update_id, admin_name, declined_at) VALUES (?, ?, ?)',
  );
  const decisionsOn = db.prepare(
    `SELECT revision_id, action, revision_number FROM deployment JOIN revision USING (revision_id)
     WHERE deployment.update_id = ?`,
  );
  const end = db.prepare('DELETE FROM deployment WHERE update_id = ?');
  const left: number[] = [];
  for (const row of z.array(Expired).parse(rows)) {
    const ended = z.array(Ended).parse(decisionsOn.all(row.update_id));
    left.push(...ended.filter(({ action }) => isInstallation(action)).map((one) => one.revision_id));
    end.run(row.update_id);
    decline.run(row.update_id, BY_SYNCHRONIZATION, following.now.toISOString());
    const from = Math.max(row.from_revision_number, ...ended.map((one) => one.revision_number));
    record(db, 'declined', row.update_id, from, row.revision_number, following, { decisions: ended.length });
  }
  followContent(db, left, [], following);
}

/** What is to be installed now is wanted; what no installation needs any more is not fetched. */
function followContent(
  db: Database,
  left: readonly number[],
  wanted: readonly number[],
  { now, storesContent, selection }: Following,
): void {
  if (left.length > 0) forgetUnneeded(db, [...new Set(left)], now);
  if (storesContent && wanted.length > 0) markWanted(db, [...new Set(wanted)], now, selection);
}

function record(
  db: Database,
  outcome: 'moved' | 'declined',
  updateId: string,
  from: number,
  to: number,
  { runId, now }: Following,
  { decisions }: { readonly decisions: number },
): void {
  db.prepare(
    `INSERT INTO followed_revision
       (run_id, update_id, outcome, from_revision_number, to_revision_number, decisions, followed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
  ).run(runId, updateId, outcome, from, to, decisions, now.toISOString());
}

const FollowedRow = z
  .object({
    outcome: z.enum(['moved', 'declined']),
    from_revision_number: z.int(),
    to_revision_number: z.int(),
    decisions: z.int(),
    followed_at: z.string(),
  })
  .transform((row) => ({
    outcome: row.outcome,
    fromRevisionNumber: row.from_revision_number,
    toRevisionNumber: row.to_revision_number,
    decisions: row.decisions,
    at: row.followed_at,
  }));

/** What synchronizations did to decisions about an update, the latest first. */
export const followedRevisions = (db: Database, updateId: string): z.output<typeof FollowedRow>[] =>
  z
    .array(FollowedRow)
    .parse(
      db
        .prepare('SELECT * FROM followed_revision WHERE update_id = ? ORDER BY followed_id DESC LIMIT 50')
        .all(updateId),
    );
