/** The latest revisions of updates that decisions are asked about, with what speaks for and against them. */
import type { Database } from 'better-sqlite3';
import { z } from 'zod';
import { WITH_WHOLE_BUNDLES } from '../revisions/whole-bundles.ts';
import { RefusalError, nameSome } from '../database/refusal.ts';
import { IS_DECLINED, IS_SUPERSEDED } from '../revisions/revision-conditions.ts';

export interface DeployableUpdate {
  readonly updateId: string;
  readonly revisionId: number;
  readonly title: string;
  readonly isExpired: boolean;
  readonly isSuperseded: boolean;
  readonly isDeclined: boolean;
  readonly canUninstall: boolean;
  /** Of the update and of what it bundles, those that nobody accepted. */
  readonly openEulaIds: readonly string[];
}

const Row = z.object({
  update_id: z.string(),
  revision_id: z.int(),
  title: z.string(),
  update_type: z.string(),
  explicitly_deployable: z.int(),
  publication_state: z.string(),
  can_uninstall: z.int(),
  is_superseded: z.int(),
  is_declined: z.int(),
});

const EulaRow = z.object({ root: z.int(), eula_id: z.string() });

/**
 * In the order named, each once.
 *
 * @throws RefusalError where an update is not here, or is a category, a detectoid or a mere part of a bundle
 */
export function deployableUpdates(db: Database, updateIds: readonly string[]): DeployableUpdate[] {
  const named = [...new Set(updateIds.map((id) => id.toLowerCase()))];
  const rows = new Map(readRows(db, named).map((row) => [row.update_id, row]));
  refuse(
    named.filter((updateId) => !rows.has(updateId)),
    (names) =>
      new RefusalError(
        'unknown',
        'UPDATE_UNKNOWN',
        `There is no update ${names}. Read the list of updates again.`,
      ),
  );
  const ordered = named.flatMap((updateId) => rows.get(updateId) ?? []);
  refuse(
    ordered.filter((row) => !isDeployable(row)).map((row) => row.title),
    (names) =>
      new RefusalError(
        'conflict',
        'UPDATE_NOT_DEPLOYABLE',
        `Nothing can be decided about ${names}: a category, a detectoid or a part of a bundle comes with what needs it. Decide about that.`,
      ),
  );
  const eulas = openEulas(
    db,
    ordered.map((row) => row.revision_id),
  );
  return ordered.map((row) => ({
    updateId: row.update_id,
    revisionId: row.revision_id,
    title: row.title,
    isExpired: row.publication_state === 'Expired',
    isSuperseded: row.is_superseded !== 0,
    isDeclined: row.is_declined !== 0,
    canUninstall: row.can_uninstall !== 0,
    openEulaIds: eulas.get(row.revision_id) ?? [],
  }));
}

function readRows(db: Database, updateIds: readonly string[]): z.infer<typeof Row>[] {
  const rows = db
    .prepare(
      `SELECT update_id, revision_id, title, update_type, explicitly_deployable, publication_state, can_uninstall,
              ${IS_SUPERSEDED} AS is_superseded, ${IS_DECLINED} AS is_declined
       FROM revision WHERE is_latest = 1 AND update_id IN (SELECT value FROM json_each(?))`,
    )
    .all(JSON.stringify(updateIds));
  return z.array(Row).parse(rows);
}

/** Of each revision and what it bundles, the terms that nobody accepted; revisions without any are not in the answer. */
export function openEulas(db: Database, revisionIds: readonly number[]): Map<number, string[]> {
  const rows = db
    .prepare(
      `${WITH_WHOLE_BUNDLES}
       SELECT DISTINCT root, eula_id FROM whole JOIN revision ON revision.revision_id = whole.revision_id
       WHERE eula_id IS NOT NULL AND eula_id NOT IN (SELECT eula_id FROM accepted_eula)
       ORDER BY root, eula_id`,
    )
    .all(JSON.stringify(revisionIds));
  const byRoot = Map.groupBy(z.array(EulaRow).parse(rows), ({ root }) => root);
  return new Map([...byRoot].map(([root, found]) => [root, found.map((row) => row.eula_id)]));
}

const isDeployable = (row: z.infer<typeof Row>): boolean =>
  row.explicitly_deployable !== 0 && (row.update_type === 'Software' || row.update_type === 'Driver');

function refuse(names: readonly string[], refusal: (names: string) => RefusalError): void {
  if (names.length > 0) throw refusal(nameSome(names));
}
