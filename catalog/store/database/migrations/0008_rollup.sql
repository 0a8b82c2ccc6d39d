-- What downstream servers report of themselves, of those below them, and of their computers. Nothing here is ours: our own
-- computers are in `computer`, and groups, scans and kept sums look at those alone.
CREATE TABLE rolled_up_server (
  server_id        TEXT    NOT NULL PRIMARY KEY,         -- lower-case guid, as the server authorizes itself
  parent_id        TEXT    REFERENCES rolled_up_server (server_id) ON DELETE CASCADE, -- absent: this relay
  full_domain_name TEXT    NOT NULL DEFAULT '' COLLATE NOCASE,
  version          TEXT    NOT NULL DEFAULT '',
  is_replica       INTEGER NOT NULL DEFAULT 0,
  last_sync        TEXT    NOT NULL,                     -- ISO 8601 UTC, as all times here; 1753 where never
  last_rollup      TEXT    NOT NULL,                     -- by the server's own clock
  received_at      TEXT    NOT NULL,                     -- by ours
  seen_round       INTEGER NOT NULL,                     -- see rollup_round
  summary          TEXT    NOT NULL DEFAULT '{}'         -- DownstreamServerRollupServerSummary as JSON
) WITHOUT ROWID;
CREATE INDEX rolled_up_server_by_parent ON rolled_up_server (parent_id);

-- Each rollup of a server that reports to us directly begins a round, counted over all of them. What a complete rollup did
-- not mention is gone below: the protocol has no other word for that.
CREATE TABLE rollup_round (
  server_id TEXT    NOT NULL PRIMARY KEY,
  round     INTEGER NOT NULL
) WITHOUT ROWID;

-- How many computers of a kind a server has, and what they installed since our own last rollup.
CREATE TABLE downstream_client_summary (
  server_id   TEXT    NOT NULL REFERENCES rolled_up_server (server_id) ON DELETE CASCADE,
  kind        TEXT    NOT NULL,                          -- the fields of the operating system, as JSON in their order
  computers   INTEGER NOT NULL,
  last_rollup TEXT    NOT NULL,
  PRIMARY KEY (server_id, kind)
) WITHOUT ROWID;
CREATE TABLE downstream_activity (
  server_id       TEXT    NOT NULL REFERENCES rolled_up_server (server_id) ON DELETE CASCADE,
  kind            TEXT    NOT NULL,
  update_id       TEXT    NOT NULL,
  revision_number INTEGER NOT NULL,
  successes       INTEGER NOT NULL,
  failures        INTEGER NOT NULL,
  last_rollup     TEXT    NOT NULL,                      -- that last added to it: the same one sent again adds nothing
  is_sent         INTEGER NOT NULL DEFAULT 0,            -- our upstream server has it; the next counts from zero
  PRIMARY KEY (server_id, kind, update_id, revision_number)
) WITHOUT ROWID;

CREATE TABLE downstream_computer (
  computer_id         TEXT    NOT NULL PRIMARY KEY,
  parent_id           TEXT    NOT NULL REFERENCES rolled_up_server (server_id) ON DELETE CASCADE,
  dns_name            TEXT    NOT NULL DEFAULT '' COLLATE NOCASE,
  ip_address          TEXT    NOT NULL DEFAULT '',
  os_description      TEXT    NOT NULL DEFAULT '',
  os_version          TEXT    NOT NULL DEFAULT '',       -- major.minor.build
  details             TEXT,                              -- ComputerRollupDetails as JSON; absent: not told yet
  last_sync           TEXT    NOT NULL,
  last_sync_result    INTEGER NOT NULL,
  last_reboot         TEXT    NOT NULL,
  last_status         TEXT    NOT NULL,
  last_inventory      TEXT    NOT NULL,
  effective_detection TEXT    NOT NULL DEFAULT '1753-01-01T00:00:00.000Z',
  rollup_number       INTEGER NOT NULL DEFAULT 0,        -- LastReceivedRollupNumber
  status_version      INTEGER NOT NULL DEFAULT 0,        -- grows with every status received
  seen_round          INTEGER NOT NULL,
  -- Rows of downstream_status by state.
  not_applicable           INTEGER NOT NULL DEFAULT 0,
  not_installed            INTEGER NOT NULL DEFAULT 0,
  downloaded               INTEGER NOT NULL DEFAULT 0,
  installed                INTEGER NOT NULL DEFAULT 0,
  failed                   INTEGER NOT NULL DEFAULT 0,
  installed_pending_reboot INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX downstream_computer_by_parent ON downstream_computer (parent_id, dns_name, computer_id);

-- SummarizationState of [MS-WSUSSS] 3.1.4.17.3.4.
CREATE TABLE downstream_status (
  computer_id TEXT    NOT NULL REFERENCES downstream_computer (computer_id) ON DELETE CASCADE,
  update_id   TEXT    NOT NULL,
  state       INTEGER NOT NULL CHECK (state BETWEEN 0 AND 6),
  changed_at  TEXT    NOT NULL,
  PRIMARY KEY (computer_id, update_id)
) WITHOUT ROWID;

-- Servers that still list a computer which has been seen elsewhere later.
CREATE TABLE downstream_claim (
  computer_id TEXT    NOT NULL,
  server_id   TEXT    NOT NULL REFERENCES rolled_up_server (server_id) ON DELETE CASCADE,
  seen_round  INTEGER NOT NULL,
  PRIMARY KEY (computer_id, server_id)
) WITHOUT ROWID;
CREATE INDEX downstream_claim_by_server ON downstream_claim (server_id);

-- A computer that moved between this relay and one below is where it was seen last, and counts there alone.
CREATE VIEW computer_seen_below AS
  SELECT computer.computer_id FROM downstream_computer JOIN computer USING (computer_id)
  WHERE downstream_computer.last_sync > computer.last_contact;
CREATE VIEW computer_seen_here AS
  SELECT computer.computer_id FROM downstream_computer JOIN computer USING (computer_id)
  WHERE downstream_computer.last_sync <= computer.last_contact;

-- What our own upstream server was last told of each computer.
CREATE TABLE rollup_sent (
  computer_id    TEXT    NOT NULL PRIMARY KEY,
  contact        TEXT,                                   -- digest; absent: to be sent
  details        TEXT,                                   -- digest; absent: to be sent
  rollup_number  INTEGER NOT NULL DEFAULT 0,             -- LastSentStatusRollupNumber
  status_version TEXT                                    -- absent: the status is to be sent
) WITHOUT ROWID;
