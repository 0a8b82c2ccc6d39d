-- What synchronizations did to decisions when newer revisions came: approvals that went along, updates that expired.
CREATE TABLE followed_revision (
  followed_id          INTEGER PRIMARY KEY AUTOINCREMENT,
  run_id               INTEGER NOT NULL REFERENCES sync_run (run_id),
  update_id            TEXT    NOT NULL,
  outcome              TEXT    NOT NULL CHECK (outcome IN ('moved', 'declined')),
  from_revision_number INTEGER NOT NULL,
  to_revision_number   INTEGER NOT NULL,
  decisions            INTEGER NOT NULL,                -- of groups: those that moved, or those that ended
  followed_at          TEXT    NOT NULL                 -- ISO 8601 UTC
);
CREATE INDEX followed_revision_by_update ON followed_revision (update_id);
CREATE INDEX followed_revision_by_run ON followed_revision (run_id);
