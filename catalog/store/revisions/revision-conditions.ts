/** Conditions on rows of `revision` that several questions ask, as SQL. */

/**
 * What is listed and decided on: the latest revision of software and drivers that are deployed by themselves. Spelled as
 * in the indexes of the listing, which the database uses only where it can see that they suffice.
 */
export const IS_LISTED = `revision.is_latest = 1 AND revision.explicitly_deployable = 1
  AND revision.update_type IN ('Software', 'Driver')`;

/** Another update here replaces it: one that is expired or declined replaces nothing, since no computer is offered it. */
export const IS_SUPERSEDED = `EXISTS (
  SELECT 1 FROM superseded_update JOIN revision AS newer ON newer.revision_id = superseded_update.revision_id
  WHERE superseded_update.superseded_update_id = revision.update_id
    AND newer.is_latest = 1 AND newer.publication_state = 'Published'
    AND NOT EXISTS (SELECT 1 FROM declined_update WHERE declined_update.update_id = newer.update_id))`;

export const IS_DECLINED =
  'EXISTS (SELECT 1 FROM declined_update WHERE declined_update.update_id = revision.update_id)';

/** Of a latest revision: some group has an earlier one approved. */
export const HAS_OLDER_APPROVALS = `EXISTS (
  SELECT 1 FROM deployment WHERE deployment.update_id = revision.update_id
    AND deployment.revision_id <> revision.revision_id AND action IN ('Install', 'OptionalInstall', 'Uninstall'))`;
