/** A reference world in a database, as imports and administrators would have left it: for tests of the scan engine. */
import { rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { isLeafIn } from '../../catalog/scan/reference-scan.ts';
import type { ReferenceRevision, ReferenceWorld } from '../../catalog/scan/reference-scan.ts';
import { SnapshotKeeper } from '../../catalog/scan/snapshot-keeper.ts';
import type { Snapshot } from '../../catalog/scan/snapshot.ts';
import type { Database } from '../../catalog/store/database/database.ts';
import type { DecisionRow } from '../../catalog/store/scan-rows.ts';
import { emptyDatabase } from './empty-database.ts';

export const ALL_COMPUTERS = 'a0a08746-4dbe-4a37-9adf-9e7652c0b421';
export const UNASSIGNED = 'b73ca6ed-5727-47f3-84de-015e03f6a88a';
export const AT = '2026-11-10T18:00:00.000Z';

export function insertRevision(db: Database, revision: ReferenceRevision, isLeaf: boolean): void {
  db.prepare('UPDATE revision SET is_latest = 0 WHERE update_id = ? AND revision_number < ?').run(
    revision.updateId,
    revision.revisionNumber,
  );
  db.prepare(
    `INSERT INTO revision (revision_id, update_id, revision_number, update_type, publication_state, is_latest, is_leaf,
       explicitly_deployable, creation_date, arrived_at, import_sequence, default_language, title, core, document)
     VALUES (@revisionId, @updateId, @revisionNumber, @updateType, 'Published',
       NOT EXISTS (SELECT 1 FROM revision WHERE update_id = @updateId AND revision_number > @revisionNumber),
       @isLeaf, 1, @at, @at, 1, 'en', @updateId, @core, x'')`,
  ).run({
    revisionId: revision.revisionId,
    updateId: revision.updateId,
    revisionNumber: revision.revisionNumber,
    updateType: revision.updateType,
    isLeaf: isLeaf ? 1 : 0,
    at: AT,
    core: revision.core,
  });
  for (const [index, clause] of revision.clauses.entries())
    for (const updateId of new Set(clause))
      db.prepare('INSERT INTO prerequisite VALUES (?, ?, ?, 0)').run(revision.revisionId, index, updateId);
  for (const [index, member] of revision.bundled.entries())
    db.prepare('INSERT INTO bundled_update VALUES (?, ?, ?, ?)').run(
      revision.revisionId,
      index,
      member.updateId,
      member.revisionNumber,
    );
  for (const categoryId of new Set(revision.categoryIds))
    db.prepare('INSERT INTO revision_category VALUES (?, ?)').run(revision.revisionId, categoryId);
  for (const [ordinal, driver] of revision.drivers.entries())
    db.prepare('INSERT INTO driver VALUES (?, ?, ?, ?)').run(
      revision.revisionId,
      ordinal,
      driver.hardwareId.toLowerCase(),
      JSON.stringify(driver),
    );
}

export function insertDecision(db: Database, row: DecisionRow): void {
  db.prepare(
    `INSERT INTO deployment (deployment_id, deployment_guid, revision_id, update_id, group_id, action, deadline,
       admin_name, changed_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, 'tester', ?)`,
  ).run(
    row.deploymentId,
    `guid-${row.deploymentId}`,
    row.revisionId,
    row.updateId,
    row.groupId,
    row.action,
    row.deadline,
    row.changedAt,
  );
}

export function insertDecline(db: Database, updateId: string): void {
  db.prepare("INSERT INTO declined_update VALUES (?, 'tester', ?)").run(updateId, AT);
}

export function storeWorld(world: ReferenceWorld): Database {
  const db = emptyDatabase();
  db.transaction(() => {
    for (const group of world.groups)
      if (group.groupId !== ALL_COMPUTERS)
        db.prepare('INSERT INTO target_group VALUES (?, ?, ?, 0)').run(
          group.groupId,
          group.parentId,
          group.groupId,
        );
    for (const revision of world.revisions) insertRevision(db, revision, isLeafIn(world, revision.updateId));
    for (const row of world.decisions) insertDecision(db, row);
    for (const updateId of world.declined) insertDecline(db, updateId);
  })();
  return db;
}

/** The snapshot of what is committed now, made from nothing. */
export function committed(db: Database): Snapshot {
  const keeper = new SnapshotKeeper(db);
  try {
    return keeper.current();
  } finally {
    keeper.close();
  }
}

/** Closes it and removes its file: properties make hundreds. */
export function removeWorld(db: Database): void {
  const folder = dirname(db.name);
  db.close();
  rmSync(folder, { recursive: true });
}

/** A revision of which only what matters is told. */
export const plain = (
  revisionId: number,
  updateId: string,
  more: Partial<ReferenceRevision> = {},
): ReferenceRevision => ({
  revisionId,
  updateId,
  revisionNumber: 1,
  updateType: 'Software',
  clauses: [],
  bundled: [],
  categoryIds: [],
  core: `<UpdateIdentity UpdateID="${updateId}" />`,
  drivers: [],
  ...more,
});

/** An approval for installation, or what else is told. */
export const approval = (
  deploymentId: number,
  { revisionId, updateId }: Pick<ReferenceRevision, 'revisionId' | 'updateId'>,
  groupId: string,
  more: Partial<DecisionRow> = {},
): DecisionRow => ({
  deploymentId,
  revisionId,
  updateId,
  groupId,
  action: 'Install',
  deadline: null,
  changedAt: AT,
  ...more,
});
