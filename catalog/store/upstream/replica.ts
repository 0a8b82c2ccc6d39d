/**
 * A replica decides nothing itself: its groups, approvals, declines and accepted terms are those of its upstream server
 * ([MS-WSUSSS] 3.2.4.3). What is told is carried out in one transaction, the anchor with it.
 */
import type { Database } from 'better-sqlite3';
import { forgetUnneeded, installedRevisionIds } from '../content/deployment-content.ts';
import { acceptedEulas, decisionSequence, declinedUpdates } from '../downstream/decisions-for-replicas.ts';
import { replaceDeployments } from './replica-deployments.ts';
import { replaceGroups } from './replica-groups.ts';
import { changesBetween, readStanding } from './decision-changes.ts';
import type { DecisionChanges } from './decision-changes.ts';
import { anchorUnder, writeAnchor } from './revision-list.ts';
import type { UpstreamDecisions } from './upstream-decisions.ts';

const LIST = 'deployments';

/**
 * The anchor up to which the upstream server's decisions are here; undefined where everything is to be asked for: it is
 * another server's, or somebody here has decided something since, as an administrator does while the relay is autonomous.
 */
export function readDecisionAnchor(db: Database, upstreamUrl: string): string | undefined {
  return anchorUnder(db, LIST, standingOf(db, upstreamUrl));
}

export interface Decided {
  readonly upstreamUrl: string;
  /** Who is named as having declined updates and accepted terms; of that the upstream server does not speak. */
  readonly adminName: string;
  readonly now: Date;
}

/**
 * Makes the upstream server's decisions ours; those on revisions that are not here hold once these have arrived.
 *
 * @returns what became other than it was
 */
export function applyUpstreamDecisions(
  db: Database,
  told: UpstreamDecisions,
  { upstreamUrl, adminName, now }: Decided,
): DecisionChanges {
  return db
    .transaction((): DecisionChanges => {
      const before = readStanding(db);
      const installed = installedRevisionIds(db);
      replaceGroups(db, told.groups, told.isWhole);
      replaceDeclines(db, told.declined, adminName, now);
      replaceEulas(db, told.acceptedEulas, adminName, now);
      replaceDeployments(db, told, now);
      const still = new Set(installedRevisionIds(db));
      const left = installed.filter((revisionId) => !still.has(revisionId));
      if (left.length > 0) forgetUnneeded(db, left, now);
      writeAnchor(db, LIST, { anchor: told.anchor, filterHash: standingOf(db, upstreamUrl) });
      return changesBetween(before, readStanding(db));
    })
    .immediate();
}

/** An anchor is of one server, and holds for as long as our deployments are what it made of them. */
const standingOf = (db: Database, upstreamUrl: string): string => `${upstreamUrl} ${decisionSequence(db)}`;

function replaceDeclines(db: Database, told: readonly string[], adminName: string, now: Date): void {
  const { gone, come } = difference(declinedUpdates(db), told);
  const remove = db.prepare('DELETE FROM declined_update WHERE update_id = ?');
  const add = db.prepare('INSERT INTO declined_update (update_id, admin_name, declined_at) VALUES (?, ?, ?)');
  for (const updateId of gone) remove.run(updateId);
  for (const updateId of come) add.run(updateId, adminName, now.toISOString());
}

function replaceEulas(db: Database, told: readonly string[], adminName: string, now: Date): void {
  const { gone, come } = difference(acceptedEulas(db), told);
  const remove = db.prepare('DELETE FROM accepted_eula WHERE eula_id = ?');
  const add = db.prepare('INSERT INTO accepted_eula (eula_id, admin_name, accepted_at) VALUES (?, ?, ?)');
  for (const eulaId of gone) remove.run(eulaId);
  for (const eulaId of come) add.run(eulaId, adminName, now.toISOString());
}

function difference(present: readonly string[], told: readonly string[]) {
  const before = new Set(present);
  const after = new Set(told);
  return {
    gone: present.filter((id) => !after.has(id)),
    come: [...after].filter((id) => !before.has(id)),
  };
}
