-- Languages that a revision is for, lower case as in Properties/Language; a revision with none is for every language.
CREATE TABLE revision_language (
  revision_id INTEGER NOT NULL REFERENCES revision (revision_id) ON DELETE CASCADE,
  language    TEXT    NOT NULL,
  PRIMARY KEY (revision_id, language)
) WITHOUT ROWID;

-- Revisions with encrypted files: whether the upstream server was asked for the keys.
CREATE TABLE encrypted_revision (
  revision_id INTEGER NOT NULL PRIMARY KEY REFERENCES revision (revision_id) ON DELETE CASCADE,
  is_fetched  INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX encrypted_revision_to_fetch ON encrypted_revision (revision_id) WHERE is_fetched = 0;
-- What opens encrypted files: secret, and in a table that nothing else is read from.
CREATE TABLE file_decryption_key (
  sha1           TEXT NOT NULL PRIMARY KEY REFERENCES file (sha1) ON DELETE CASCADE,
  decryption_key BLOB NOT NULL
) WITHOUT ROWID;

-- Revisions up to this one came before the tables above: their documents are read once more, from the last to the first.
INSERT INTO setting SELECT 'revisions.to-read-again', CAST(ifnull(max(revision_id), 0) AS TEXT) FROM revision;

CREATE INDEX driver_by_hardware_id ON driver (hardware_id);

-- Driver sets as the upstream server describes them. A removed one stays, so that downstream servers hear of it.
CREATE TABLE driver_set (
  driver_set_id    TEXT    NOT NULL PRIMARY KEY,         -- lower-case guid
  driver_set_xml   BLOB    NOT NULL,                     -- as it came: UTF-8 deflated, or text if short
  is_removed       INTEGER NOT NULL DEFAULT 0,
  changed_sequence INTEGER NOT NULL                      -- in the counting of revision.import_sequence
);
CREATE INDEX driver_set_by_sequence ON driver_set (changed_sequence);
-- Every guid in that description: computer hardware ids, UpdateIDs of drivers, prerequisites.
CREATE TABLE driver_set_guid (
  driver_set_id TEXT NOT NULL REFERENCES driver_set (driver_set_id) ON DELETE CASCADE,
  guid          TEXT NOT NULL,
  PRIMARY KEY (driver_set_id, guid)
) WITHOUT ROWID;
CREATE INDEX driver_set_guid_by_guid ON driver_set_guid (guid);

-- What agents said of their devices and of themselves when they scanned for drivers; nothing tells whose it is.
CREATE TABLE reported_hardware (
  kind        TEXT NOT NULL CHECK (kind IN ('device', 'computer')),
  hardware_id TEXT NOT NULL,                             -- lower case
  reported_on TEXT NOT NULL,                             -- yyyy-MM-dd, UTC
  PRIMARY KEY (kind, hardware_id)
) WITHOUT ROWID;
CREATE INDEX reported_hardware_by_age ON reported_hardware (kind, reported_on);

-- What the anchor of the list of drivers stands for: ids that were asked for when it was given.
CREATE TABLE driver_filter (
  kind TEXT NOT NULL CHECK (kind IN ('category', 'computer', 'device')),
  id   TEXT NOT NULL,
  PRIMARY KEY (kind, id)
) WITHOUT ROWID;

-- Prerequisites that are not here and that the upstream server does not list either.
CREATE TABLE unlisted_prerequisite (
  update_id    TEXT NOT NULL PRIMARY KEY,
  looked_up_at TEXT NOT NULL                             -- ISO 8601 UTC
) WITHOUT ROWID;
