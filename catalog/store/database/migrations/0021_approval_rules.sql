-- Rules that approve by themselves, in the order of `position`.
CREATE TABLE approval_rule (
  rule_id      INTEGER PRIMARY KEY AUTOINCREMENT,     -- never used again: traces name it
  position     INTEGER NOT NULL,
  version      INTEGER NOT NULL,                      -- the latest of approval_rule_version
  enabled      INTEGER NOT NULL,
  created_by   TEXT    NOT NULL,
  created_at   TEXT    NOT NULL,
  last_look_at TEXT                                   -- when it last looked for what it is to approve
);

-- Everything that a rule ever said. It stays when the rule is deleted: what was approved is traced to it.
CREATE TABLE approval_rule_version (
  rule_id    INTEGER NOT NULL,
  version    INTEGER NOT NULL,
  enabled    INTEGER NOT NULL,
  name       TEXT    NOT NULL,
  definition TEXT    NOT NULL CHECK (json_valid(definition)),  -- RuleDefinition of protocol/console/rules.ts
  saved_by   TEXT    NOT NULL,
  saved_at   TEXT    NOT NULL,
  PRIMARY KEY (rule_id, version)
) WITHOUT ROWID;

CREATE TABLE rule_run (
  run_id       INTEGER PRIMARY KEY AUTOINCREMENT,
  rule_id      INTEGER NOT NULL,
  rule_version INTEGER NOT NULL,
  trigger      TEXT    NOT NULL CHECK (trigger IN ('arrival', 'time', 'manual')),
  requested_by TEXT,
  state        TEXT    NOT NULL CHECK (state IN ('waiting', 'running', 'succeeded', 'stopped', 'failed')),
  looked_to    INTEGER NOT NULL DEFAULT 0,            -- revision_id: what is up to it has been seen to
  created_at   TEXT    NOT NULL,
  finished_at  TEXT,
  updates      INTEGER NOT NULL DEFAULT 0,
  decisions    INTEGER NOT NULL DEFAULT 0,
  waiting      INTEGER NOT NULL DEFAULT 0             -- updates that wait for licence terms or parts
);
CREATE INDEX rule_run_by_rule ON rule_run (rule_id, run_id);
CREATE UNIQUE INDEX rule_run_open ON rule_run (rule_id) WHERE state IN ('waiting', 'running');

-- Why an update was approved. A rule decides once about an update and a group, whatever becomes of it.
CREATE TABLE rule_decision (
  decision_id     INTEGER PRIMARY KEY AUTOINCREMENT,
  rule_id         INTEGER NOT NULL,
  rule_version    INTEGER NOT NULL,
  run_id          INTEGER NOT NULL REFERENCES rule_run (run_id),
  update_id       TEXT    NOT NULL,
  revision_number INTEGER NOT NULL,
  group_id        TEXT    NOT NULL,                   -- no reference: the trace outlives the group
  action          TEXT    NOT NULL,
  deadline        TEXT,                               -- ISO 8601 UTC
  decided_at      TEXT    NOT NULL,
  UNIQUE (update_id, group_id, rule_id),
  FOREIGN KEY (rule_id, rule_version) REFERENCES approval_rule_version (rule_id, version)
);
CREATE INDEX rule_decision_by_rule ON rule_decision (rule_id, update_id);
CREATE INDEX rule_decision_by_run ON rule_decision (run_id);

-- Null: a person decided it, or an upstream server.
ALTER TABLE deployment ADD COLUMN rule_decision_id INTEGER REFERENCES rule_decision (decision_id);
CREATE INDEX deployment_by_rule_decision ON deployment (rule_decision_id) WHERE rule_decision_id IS NOT NULL;

-- What a person took away, of a group: the row of `deployment` is gone then, and no rule may make another.
CREATE TABLE taken_away_decision (
  update_id  TEXT NOT NULL,
  group_id   TEXT NOT NULL REFERENCES target_group (group_id) ON DELETE CASCADE,
  admin_name TEXT NOT NULL,
  taken_at   TEXT NOT NULL,
  PRIMARY KEY (update_id, group_id)
) WITHOUT ROWID;
CREATE INDEX taken_away_decision_by_group ON taken_away_decision (group_id);

-- Rules go through what is listed in slices; what their conditions ask stands beside the order, so that the long rows
-- are read of what fits alone.
CREATE INDEX listed_by_revision ON revision
  (revision_id, update_id, publication_state, msrc_severity, arrived_at, title, is_latest, explicitly_deployable,
   update_type)
  WHERE is_latest = 1 AND explicitly_deployable = 1 AND update_type IN ('Software', 'Driver');

-- Categories to choose from are read without the long rows of everything else.
CREATE INDEX latest_category ON revision (title, update_id, category_type, revision_id, is_latest, update_type)
  WHERE is_latest = 1 AND update_type = 'Category';
