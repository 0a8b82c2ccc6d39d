-- Revisions and what their documents say.
CREATE TABLE revision (
  revision_id           INTEGER PRIMARY KEY AUTOINCREMENT, -- RevisionID on the wire: stable, never used again
  update_id             TEXT    NOT NULL,                  -- lower-case guid
  revision_number       INTEGER NOT NULL,
  update_type           TEXT    NOT NULL CHECK (update_type IN ('Software', 'Driver', 'Category', 'Detectoid')),
  category_type         TEXT,
  publication_state     TEXT    NOT NULL CHECK (publication_state IN ('Published', 'Expired')),
  is_latest             INTEGER NOT NULL,                  -- the highest revision of its update
  is_leaf               INTEGER NOT NULL,                  -- no revision names this UpdateID as prerequisite
  explicitly_deployable INTEGER NOT NULL,
  creation_date         TEXT    NOT NULL,
  arrived_at            TEXT    NOT NULL,                  -- when this relay received it, ISO 8601 UTC
  import_sequence       INTEGER NOT NULL,                  -- grows with every import; what our anchors count
  default_language      TEXT    NOT NULL,
  title                 TEXT    NOT NULL COLLATE NOCASE,   -- in English where there is one, else default language
  description           TEXT    NOT NULL DEFAULT '',
  kb_article_ids        TEXT    NOT NULL DEFAULT '',       -- space separated, digits only
  cve_ids               TEXT    NOT NULL DEFAULT '',
  security_bulletin_ids TEXT    NOT NULL DEFAULT '',
  msrc_severity         TEXT,
  severity_rank         INTEGER NOT NULL GENERATED ALWAYS AS (
                          CASE msrc_severity WHEN 'Critical' THEN 4 WHEN 'Important' THEN 3 WHEN 'Moderate' THEN 2
                            WHEN 'Low' THEN 1 ELSE 0 END) VIRTUAL,
  eula_id               TEXT,
  handler               TEXT,
  reboot_behavior       TEXT,
  impact                TEXT,
  can_uninstall         INTEGER NOT NULL DEFAULT 0,
  max_download_size     INTEGER,
  core                  TEXT    NOT NULL,                  -- Core fragment, unescaped
  document              BLOB    NOT NULL,                  -- the original XML: UTF-8 deflated, or text if short
  UNIQUE (update_id, revision_number)
);
CREATE INDEX revision_by_sequence ON revision (import_sequence);

-- The console lists what an administrator can decide on. One index an order; what its filters ask stands beside it, so
-- that counting and skipping never touch the long rows.
CREATE INDEX listed_by_arrival ON revision
  (arrived_at, revision_id, update_id, publication_state, msrc_severity, is_latest, explicitly_deployable, update_type)
  WHERE is_latest = 1 AND explicitly_deployable = 1 AND update_type IN ('Software', 'Driver');
CREATE INDEX listed_by_release ON revision
  (creation_date, revision_id, update_id, publication_state, msrc_severity, is_latest, explicitly_deployable, update_type)
  WHERE is_latest = 1 AND explicitly_deployable = 1 AND update_type IN ('Software', 'Driver');
CREATE INDEX listed_by_title ON revision
  (title, revision_id, update_id, publication_state, msrc_severity, is_latest, explicitly_deployable, update_type)
  WHERE is_latest = 1 AND explicitly_deployable = 1 AND update_type IN ('Software', 'Driver');
CREATE INDEX listed_by_severity ON revision (severity_rank, revision_id)
  WHERE is_latest = 1 AND explicitly_deployable = 1 AND update_type IN ('Software', 'Driver');

-- Words of what is listed; the row is the revision's. Kept by the triggers below.
CREATE VIRTUAL TABLE update_words USING fts5 (
  title, kb_article_ids, cve_ids, content = '', contentless_delete = 1, tokenize = 'unicode61 remove_diacritics 2'
);
CREATE TRIGGER revision_words_inserted AFTER INSERT ON revision
WHEN NEW.is_latest = 1 AND NEW.explicitly_deployable = 1 BEGIN
  INSERT INTO update_words (rowid, title, kb_article_ids, cve_ids)
    VALUES (NEW.revision_id, NEW.title, NEW.kb_article_ids, NEW.cve_ids);
END;
CREATE TRIGGER revision_words_updated AFTER UPDATE OF is_latest, explicitly_deployable, title, kb_article_ids, cve_ids
ON revision BEGIN
  DELETE FROM update_words WHERE rowid = OLD.revision_id;
  INSERT INTO update_words (rowid, title, kb_article_ids, cve_ids)
    SELECT NEW.revision_id, NEW.title, NEW.kb_article_ids, NEW.cve_ids
    WHERE NEW.is_latest = 1 AND NEW.explicitly_deployable = 1;
END;
CREATE TRIGGER revision_words_deleted AFTER DELETE ON revision BEGIN
  DELETE FROM update_words WHERE rowid = OLD.revision_id;
END;

-- Fragments other than Core, all of a revision's together: its languages have most of their text in common.
CREATE TABLE revision_fragments (
  revision_id INTEGER NOT NULL PRIMARY KEY REFERENCES revision (revision_id) ON DELETE CASCADE,
  fragments   BLOB    NOT NULL                           -- JSON [{type, locale, xml}]; kept as documents are
);

-- Prerequisites: AND over clauses of OR over update_ids.
CREATE TABLE prerequisite (
  revision_id INTEGER NOT NULL REFERENCES revision (revision_id) ON DELETE CASCADE,
  clause      INTEGER NOT NULL,
  update_id   TEXT    NOT NULL,
  is_category INTEGER NOT NULL,
  PRIMARY KEY (revision_id, clause, update_id)
) WITHOUT ROWID;
CREATE INDEX prerequisite_by_update ON prerequisite (update_id);

CREATE TABLE bundled_update (
  revision_id            INTEGER NOT NULL REFERENCES revision (revision_id) ON DELETE CASCADE,
  clause                 INTEGER NOT NULL,
  member_update_id       TEXT    NOT NULL,
  member_revision_number INTEGER NOT NULL,
  PRIMARY KEY (revision_id, clause, member_update_id, member_revision_number)
) WITHOUT ROWID;
CREATE INDEX bundled_update_by_member ON bundled_update (member_update_id, member_revision_number);

CREATE TABLE superseded_update (
  revision_id          INTEGER NOT NULL REFERENCES revision (revision_id) ON DELETE CASCADE,
  superseded_update_id TEXT    NOT NULL,
  PRIMARY KEY (revision_id, superseded_update_id)
) WITHOUT ROWID;
CREATE INDEX superseded_update_by_update ON superseded_update (superseded_update_id);

-- Products and classifications a revision belongs to, its category prerequisites resolved to the categories above them.
CREATE TABLE revision_category (
  revision_id        INTEGER NOT NULL REFERENCES revision (revision_id) ON DELETE CASCADE,
  category_update_id TEXT    NOT NULL,
  PRIMARY KEY (revision_id, category_update_id)
) WITHOUT ROWID;
CREATE INDEX revision_category_by_category ON revision_category (category_update_id);

CREATE TABLE driver (
  revision_id        INTEGER NOT NULL REFERENCES revision (revision_id) ON DELETE CASCADE,
  ordinal            INTEGER NOT NULL,
  hardware_id        TEXT    NOT NULL,   -- lower case
  metadata           TEXT    NOT NULL,   -- DriverMetadata as JSON
  PRIMARY KEY (revision_id, ordinal)
) WITHOUT ROWID;

-- Files: what the pinned metadata says of them, and whether their content is here.
CREATE TABLE file (
  sha1          TEXT    NOT NULL PRIMARY KEY,   -- lower-case hex
  sha256        TEXT,
  size          INTEGER NOT NULL,
  extension     TEXT    NOT NULL,               -- with its dot, lower case, or empty
  mu_url        TEXT,                           -- where Microsoft's CDN has it
  content_state TEXT    NOT NULL DEFAULT 'absent'
                CHECK (content_state IN ('absent', 'wanted', 'present', 'quarantined')),
  content_error TEXT,                           -- why it is quarantined or last failed
  attempts      INTEGER NOT NULL DEFAULT 0,
  retry_at      TEXT,                           -- not before, ISO 8601 UTC
  verified_stat TEXT,                           -- "ino:size:mtimeNs" of the file when its digests were last checked
  changed_at    TEXT    NOT NULL
) WITHOUT ROWID;
CREATE INDEX file_by_state ON file (content_state);

CREATE TABLE revision_file (
  revision_id   INTEGER NOT NULL REFERENCES revision (revision_id) ON DELETE CASCADE,
  sha1          TEXT    NOT NULL REFERENCES file (sha1),
  file_name     TEXT    NOT NULL,
  patching_type TEXT,
  is_eula       INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (revision_id, sha1, file_name)
) WITHOUT ROWID;
CREATE INDEX revision_file_by_sha1 ON revision_file (sha1);

-- Target groups. Two are built in (see target_group seeds).
CREATE TABLE target_group (
  group_id   TEXT    NOT NULL PRIMARY KEY,
  parent_id  TEXT    REFERENCES target_group (group_id),
  name       TEXT    NOT NULL COLLATE NOCASE UNIQUE,
  is_builtin INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
INSERT INTO target_group VALUES ('a0a08746-4dbe-4a37-9adf-9e7652c0b421', NULL, 'All Computers', 1);
INSERT INTO target_group VALUES ('b73ca6ed-5727-47f3-84de-015e03f6a88a', 'a0a08746-4dbe-4a37-9adf-9e7652c0b421', 'Unassigned Computers', 1);

-- What an administrator decided. 'NotApproved' on a group stops what it would inherit.
CREATE TABLE deployment (
  deployment_id   INTEGER PRIMARY KEY AUTOINCREMENT, -- Deployment/ID on the wire
  deployment_guid TEXT    NOT NULL UNIQUE,
  revision_id     INTEGER NOT NULL REFERENCES revision (revision_id),
  update_id       TEXT    NOT NULL,
  group_id        TEXT    NOT NULL REFERENCES target_group (group_id) ON DELETE CASCADE,
  action          TEXT    NOT NULL CHECK (action IN ('Install', 'OptionalInstall', 'Uninstall', 'PreDeploymentCheck', 'Block', 'NotApproved')),
  deadline        TEXT,                              -- ISO 8601 UTC
  admin_name      TEXT    NOT NULL,
  changed_at      TEXT    NOT NULL,
  UNIQUE (update_id, group_id)
);
CREATE INDEX deployment_by_revision ON deployment (revision_id);

CREATE TABLE declined_update (
  update_id   TEXT NOT NULL PRIMARY KEY,
  admin_name  TEXT NOT NULL,
  declined_at TEXT NOT NULL
) WITHOUT ROWID;

-- Licence terms that an administrator accepted on behalf of the clients.
CREATE TABLE accepted_eula (
  eula_id     TEXT NOT NULL PRIMARY KEY,
  admin_name  TEXT NOT NULL,
  accepted_at TEXT NOT NULL
) WITHOUT ROWID;

-- Computers and what they told us.
CREATE TABLE computer (
  computer_id            TEXT    NOT NULL PRIMARY KEY,  -- SusClientId, lower case
  dns_name               TEXT    NOT NULL DEFAULT '' COLLATE NOCASE,
  ip_address             TEXT    NOT NULL DEFAULT '',
  requested_target_group TEXT    NOT NULL DEFAULT '',
  is_registered          INTEGER NOT NULL DEFAULT 0,
  os_description         TEXT    NOT NULL DEFAULT '' COLLATE NOCASE,
  os_version             TEXT    NOT NULL DEFAULT '',   -- major.minor.build
  manufacturer           TEXT    NOT NULL DEFAULT '',
  model                  TEXT    NOT NULL DEFAULT '',
  processor_architecture TEXT    NOT NULL DEFAULT '',
  client_version         TEXT    NOT NULL DEFAULT '',
  computer_info          TEXT    NOT NULL DEFAULT '{}', -- the whole ComputerInfo as JSON
  first_contact          TEXT    NOT NULL,
  last_contact           TEXT    NOT NULL,
  last_scan              TEXT,
  last_report            TEXT
) WITHOUT ROWID;

CREATE TABLE computer_group (
  computer_id TEXT NOT NULL REFERENCES computer (computer_id) ON DELETE CASCADE,
  group_id    TEXT NOT NULL REFERENCES target_group (group_id) ON DELETE CASCADE,
  PRIMARY KEY (computer_id, group_id)
) WITHOUT ROWID;
CREATE INDEX computer_group_by_group ON computer_group (group_id);
-- A computer that nobody assigned to a group is in Unassigned Computers.
CREATE VIEW membership AS
  SELECT computer_id, group_id FROM computer_group
  UNION ALL
  SELECT computer_id, 'b73ca6ed-5727-47f3-84de-015e03f6a88a' FROM computer
    WHERE NOT EXISTS (SELECT 1 FROM computer_group WHERE computer_group.computer_id = computer.computer_id);

-- One row a computer and update it has said something of.
CREATE TABLE computer_update_status (
  computer_id     TEXT    NOT NULL REFERENCES computer (computer_id) ON DELETE CASCADE,
  update_id       TEXT    NOT NULL,
  revision_number INTEGER NOT NULL,
  state           TEXT    NOT NULL CHECK (state IN ('NotApplicable', 'NotInstalled', 'Downloaded', 'Installed', 'Failed', 'InstalledPendingReboot')),
  error_code      INTEGER,                              -- Win32HResult of the last failure, signed
  changed_at      TEXT    NOT NULL,                     -- TimeAtTarget of the event that said so
  PRIMARY KEY (computer_id, update_id)
) WITHOUT ROWID;
CREATE INDEX computer_update_status_by_update ON computer_update_status (update_id, state);

-- Events as they came; the id an agent gives each makes retries harmless.
CREATE TABLE reporting_event (
  event_instance_id TEXT    NOT NULL PRIMARY KEY,
  computer_id       TEXT    NOT NULL,
  event_id          INTEGER NOT NULL,
  update_id         TEXT,
  revision_number   INTEGER,
  win32_hresult     INTEGER NOT NULL,
  app_name          TEXT    NOT NULL DEFAULT '',
  time_at_target    TEXT    NOT NULL,
  received_at       TEXT    NOT NULL,
  extended_data     TEXT    NOT NULL DEFAULT '{}'       -- ReplacementStrings and MiscData as JSON
) WITHOUT ROWID;
CREATE INDEX reporting_event_by_computer ON reporting_event (computer_id, time_at_target DESC);

-- Downstream servers that asked for an authorization cookie.
CREATE TABLE downstream_server (
  account_guid  TEXT NOT NULL PRIMARY KEY,
  account_name  TEXT NOT NULL,
  ip_address    TEXT NOT NULL DEFAULT '',
  first_contact TEXT NOT NULL,
  last_contact  TEXT NOT NULL
) WITHOUT ROWID;

-- Synchronization.
CREATE TABLE sync_run (
  run_id          INTEGER PRIMARY KEY AUTOINCREMENT,
  trigger         TEXT    NOT NULL CHECK (trigger IN ('schedule', 'manual', 'start')),
  state           TEXT    NOT NULL CHECK (state IN ('running', 'succeeded', 'failed', 'cancelled')),
  started_at      TEXT    NOT NULL,
  finished_at     TEXT,
  new_count       INTEGER NOT NULL DEFAULT 0,
  revised_count   INTEGER NOT NULL DEFAULT 0,
  expired_count   INTEGER NOT NULL DEFAULT 0,
  failed_check    TEXT,                                 -- stable code of what failed
  failure_message TEXT,
  failure_detail  TEXT                                  -- JSON: the certificate chain seen, the fault, …
);
-- One row a revision list (categories, updates): the anchor that its committed data stands for.
CREATE TABLE sync_anchor (
  list        TEXT NOT NULL PRIMARY KEY,               -- 'config', 'categories', 'updates'
  anchor      TEXT NOT NULL,
  filter_hash TEXT NOT NULL DEFAULT ''                 -- the filter the anchor was obtained under
) WITHOUT ROWID;
-- A list received but not yet wholly fetched: what a resumed run goes on from.
CREATE TABLE sync_pending (
  list            TEXT    NOT NULL,
  update_id       TEXT    NOT NULL,
  revision_number INTEGER NOT NULL,
  PRIMARY KEY (list, update_id, revision_number)
) WITHOUT ROWID;
CREATE TABLE sync_pending_anchor (
  list        TEXT NOT NULL PRIMARY KEY,
  anchor      TEXT NOT NULL,
  filter_hash TEXT NOT NULL
) WITHOUT ROWID;
-- Products and classifications chosen for synchronization.
CREATE TABLE selected_category (
  update_id TEXT NOT NULL PRIMARY KEY
) WITHOUT ROWID;

-- Console accounts and sessions.
CREATE TABLE account (
  account_id           INTEGER PRIMARY KEY AUTOINCREMENT,
  user_name            TEXT    NOT NULL COLLATE NOCASE UNIQUE,
  password_hash        TEXT    NOT NULL,
  must_change_password INTEGER NOT NULL DEFAULT 0,
  failed_attempts      INTEGER NOT NULL DEFAULT 0,
  locked_until         TEXT
);
CREATE TABLE console_session (
  token_hash    TEXT    NOT NULL PRIMARY KEY,           -- SHA-256 of the cookie, hex
  account_id    INTEGER NOT NULL REFERENCES account (account_id) ON DELETE CASCADE,
  csrf_token    TEXT    NOT NULL,
  created_at    TEXT    NOT NULL,
  last_used_at  TEXT    NOT NULL
) WITHOUT ROWID;

-- Small named values: server identity, cookie keys, schedule, configuration time stamp, counters.
CREATE TABLE setting (
  name  TEXT NOT NULL PRIMARY KEY,
  value TEXT NOT NULL                                   -- JSON
) WITHOUT ROWID;
INSERT INTO setting VALUES ('catalogue.generation', '0'); -- grows with every change that a scan could notice
