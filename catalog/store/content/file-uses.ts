/** Which updates a content file is for: those that name it, and those that bundle these. */
import type { Database, Statement } from 'better-sqlite3';
import { z } from 'zod';

/** An update in its newest revision of those that have the file. */
export interface FileUse {
  readonly updateId: string;
  readonly title: string;
  /** Whether some group is to install it. */
  readonly isNeeded: boolean;
  /** The soonest of the approvals of it. */
  readonly deadline?: string;
}

/** Revisions that are looked at of one file: a licence text may be that of thousands of updates. */
const MOST_REVISIONS = 500;

const Row = z
  .object({
    updateId: z.string(),
    title: z.string(),
    isNeeded: z.int(),
    deadline: z.string().nullable(),
  })
  .transform(({ isNeeded, deadline, ...row }): FileUse => ({
    ...row,
    isNeeded: isNeeded !== 0,
    ...(deadline === null ? {} : { deadline }),
  }));

/** Finds those of one file at a time. */
export class FileUses {
  readonly #find: Statement<{ sha1: string; limit: number }>;

  constructor(db: Database) {
    this.#find = db.prepare(
      `WITH RECURSIVE holder (revision_id) AS (
         SELECT revision_id FROM revision_file WHERE sha1 = @sha1
         UNION
         SELECT bundled_update.revision_id FROM holder JOIN revision AS member USING (revision_id)
           JOIN bundled_update ON bundled_update.member_update_id = member.update_id
             AND bundled_update.member_revision_number = member.revision_number
         LIMIT ${MOST_REVISIONS}
       ), needed (revision_id, deadline) AS (
         SELECT revision_id, min(deadline) FROM holder JOIN deployment USING (revision_id)
         WHERE action IN ('Install', 'OptionalInstall') GROUP BY revision_id
       )
       SELECT update_id AS updateId, title, max(needed.revision_id IS NOT NULL) AS isNeeded,
         min(needed.deadline) AS deadline, max(revision_number)
       FROM holder JOIN revision USING (revision_id) LEFT JOIN needed USING (revision_id)
       WHERE update_type IN ('Software', 'Driver')
       GROUP BY update_id
       ORDER BY isNeeded DESC, deadline IS NULL, deadline, max(explicitly_deployable) DESC, title, update_id
       LIMIT @limit`,
    );
  }

  /** Those that a group is to install first, then what can be approved before what is only bundled. */
  of(sha1: string, limit: number): FileUse[] {
    return z.array(Row).parse(this.#find.all({ sha1, limit }));
  }
}
