/** Revisions with all that they bundle, over any number of steps, as a table of a recursive query. */

/** Of revision ids as JSON, its one parameter: `root` is the one that was given, `revision_id` it or a part of it. */
export const WITH_WHOLE_BUNDLES = `WITH RECURSIVE whole (root, revision_id) AS (
    SELECT value, value FROM json_each(?)
    UNION
    SELECT whole.root, member.revision_id FROM whole
      JOIN bundled_update ON bundled_update.revision_id = whole.revision_id
      JOIN revision AS member ON member.update_id = bundled_update.member_update_id
        AND member.revision_number = bundled_update.member_revision_number
  )`;
