/**
 * How far the relay is with each revision list of its upstream server: the anchor that its data stands for, and what of
 * a newer list is still to be fetched. Everything here moves in the transaction of the data it speaks of.
 */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import type { UpdateIdentity } from '../../metadata/model.ts';

/**
 * Lists that are fetched, each with an anchor of its own: the two of GetRevisionIdList, the second of them also for the
 * faster schedule alone, that of GetDriverIdList, and what updates ask for beside themselves, of which no anchor is used.
 */
export type RevisionList = 'categories' | 'updates' | 'fast-updates' | 'drivers' | 'prerequisites';

/** An opaque place in the upstream's history, and under which upstream and filter it was obtained. */
export interface Anchor {
  readonly anchor: string;
  readonly filterHash: string;
}

/** What has an anchor: also what a replica was told of decisions, which comes whole and is no list to fetch. */
type Anchored = RevisionList | 'deployments';

const AnchorRow = z.object({ anchor: z.string(), filter_hash: z.string() }).optional();
const IdentityRow = z.object({ update_id: z.string(), revision_number: z.int() });

/** A refused document is kept beside its list, and asked for again by the next run. */
const refusedOf = (list: RevisionList): string => `${list}:refused`;

export function readAnchor(db: Database, list: Anchored): Anchor | undefined {
  return toAnchor(db.prepare('SELECT anchor, filter_hash FROM sync_anchor WHERE list = ?').get(list));
}

/** The anchor where it was obtained under this filter; any other means nothing here. */
export function anchorUnder(db: Database, list: Anchored, filterHash: string): string | undefined {
  const known = readAnchor(db, list);
  return known?.filterHash === filterHash ? known.anchor : undefined;
}

/** Within the transaction of the data that it stands for. */
export function writeAnchor(db: Database, list: Anchored, anchor: Anchor): void {
  db.prepare(
    `INSERT INTO sync_anchor (list, anchor, filter_hash) VALUES (?, ?, ?)
     ON CONFLICT (list) DO UPDATE SET anchor = excluded.anchor, filter_hash = excluded.filter_hash`,
  ).run(list, anchor.anchor, anchor.filterHash);
}

/** Forgets every anchor and pending list: the next run asks for everything ([MS-WSUSSS] 2.2.9.3, ServerChanged). */
export function resetAnchors(db: Database): void {
  db.transaction(() => {
    db.exec('DELETE FROM sync_anchor; DELETE FROM sync_pending; DELETE FROM sync_pending_anchor;');
  })();
}

/**
 * Stores a list just received, with the anchor it came with. What was refused before is asked for once more.
 * Where nothing is to be fetched the anchor moves at once.
 *
 * @param identities what is to be fetched; one that is named again is there once
 */
export function storePending(
  db: Database,
  list: RevisionList,
  anchor: Anchor,
  identities: Iterable<UpdateIdentity>,
): void {
  db.transaction(() => {
    dropPending(db, list);
    db.prepare('INSERT INTO sync_pending_anchor (list, anchor, filter_hash) VALUES (?, ?, ?)').run(
      list,
      anchor.anchor,
      anchor.filterHash,
    );
    db.prepare('UPDATE OR IGNORE sync_pending SET list = ? WHERE list = ?').run(list, refusedOf(list));
    insertIdentities(db, list, identities);
    completeIfNothingPends(db, list);
  })();
}

/**
 * Adds the members of these revisions' bundles that are neither here nor pending nor refused: a filter may have dropped
 * them from the list. Within the caller's transaction.
 *
 * @returns how many were added
 */
export function addMissingMembers(
  db: Database,
  list: RevisionList,
  bundles: readonly UpdateIdentity[],
): number {
  const insert = db.prepare(
    `INSERT OR IGNORE INTO sync_pending (list, update_id, revision_number)
     SELECT :list, member.member_update_id, member.member_revision_number
     FROM revision JOIN bundled_update AS member ON member.revision_id = revision.revision_id
     WHERE revision.update_id = :updateId AND revision.revision_number = :revisionNumber
       AND NOT EXISTS (SELECT 1 FROM revision AS here WHERE here.update_id = member.member_update_id
         AND here.revision_number = member.member_revision_number)
       AND NOT EXISTS (SELECT 1 FROM sync_pending WHERE list = :refused AND update_id = member.member_update_id
         AND revision_number = member.member_revision_number)`,
  );
  let added = 0;
  for (const { updateId, revisionNumber } of bundles) {
    added += insert.run({ list, refused: refusedOf(list), updateId, revisionNumber }).changes;
  }
  return added;
}

/** Forgets a list that was not wholly fetched, where its filter is no longer the one asked for. */
export function dropPending(db: Database, list: RevisionList): void {
  db.transaction(() => {
    db.prepare('DELETE FROM sync_pending WHERE list = ?').run(list);
    db.prepare('DELETE FROM sync_pending_anchor WHERE list = ?').run(list);
  })();
}

/** Takes from the list what another list brought meanwhile. */
export function dropArrived(db: Database, list: RevisionList): void {
  db.transaction(() => {
    db.prepare(
      `DELETE FROM sync_pending WHERE list = ? AND EXISTS (SELECT 1 FROM revision
         WHERE revision.update_id = sync_pending.update_id
           AND revision.revision_number = sync_pending.revision_number)`,
    ).run(list);
    completeIfNothingPends(db, list);
  })();
}

/** The anchor of a list that is not wholly fetched. */
export function pendingAnchor(db: Database, list: RevisionList): Anchor | undefined {
  return toAnchor(db.prepare('SELECT anchor, filter_hash FROM sync_pending_anchor WHERE list = ?').get(list));
}

/** @param most how many, the first in their order; default: all */
export function readPending(db: Database, list: RevisionList, most?: number): UpdateIdentity[] {
  return identitiesOf(db, list, most);
}

export function countPending(db: Database, list: RevisionList): number {
  return z.int().parse(db.prepare('SELECT count(*) FROM sync_pending WHERE list = ?').pluck().get(list));
}

/** What was refused and is not pending. */
export function readRefused(db: Database, list: RevisionList): UpdateIdentity[] {
  return identitiesOf(db, refusedOf(list));
}

/** Takes what was imported from the list; the anchor moves with the last. Within the caller's transaction. */
export function removePending(db: Database, list: RevisionList, identities: readonly UpdateIdentity[]): void {
  const remove = db.prepare(
    'DELETE FROM sync_pending WHERE list = ? AND update_id = ? AND revision_number = ?',
  );
  for (const { updateId, revisionNumber } of identities) remove.run(list, updateId, revisionNumber);
  completeIfNothingPends(db, list);
}

/** Sets aside what cannot be imported, so that it holds up nothing else. Within the caller's transaction. */
export function refusePending(db: Database, list: RevisionList, identities: readonly UpdateIdentity[]): void {
  insertIdentities(db, refusedOf(list), identities);
  removePending(db, list, identities);
}

function insertIdentities(db: Database, list: string, identities: Iterable<UpdateIdentity>): void {
  const insert = db.prepare(
    'INSERT OR IGNORE INTO sync_pending (list, update_id, revision_number) VALUES (?, ?, ?)',
  );
  for (const { updateId, revisionNumber } of identities) insert.run(list, updateId, revisionNumber);
}

function completeIfNothingPends(db: Database, list: RevisionList): void {
  if (db.prepare('SELECT 1 FROM sync_pending WHERE list = ? LIMIT 1').get(list) !== undefined) return;
  const anchor = pendingAnchor(db, list);
  if (anchor === undefined) return;
  writeAnchor(db, list, anchor);
  db.prepare('DELETE FROM sync_pending_anchor WHERE list = ?').run(list);
}

/** SQLite takes a negative limit for none. */
const NO_LIMIT = -1;

function identitiesOf(db: Database, list: string, most = NO_LIMIT): UpdateIdentity[] {
  return db
    .prepare(
      `SELECT update_id, revision_number FROM sync_pending WHERE list = ?
       ORDER BY update_id, revision_number LIMIT ?`,
    )
    .all(list, most)
    .map((value) => {
      const row = IdentityRow.parse(value);
      return { updateId: row.update_id, revisionNumber: row.revision_number };
    });
}

function toAnchor(value: unknown): Anchor | undefined {
  const row = AnchorRow.parse(value);
  return row === undefined ? undefined : { anchor: row.anchor, filterHash: row.filter_hash };
}
