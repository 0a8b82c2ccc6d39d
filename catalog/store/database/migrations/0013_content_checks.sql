-- Content on disk is read again from time to time, the longest unread first.
ALTER TABLE file ADD COLUMN checked_at TEXT;   -- ISO 8601 UTC, when its bytes were last read and found right
ALTER TABLE file ADD COLUMN origin TEXT;       -- where they came from; null where nobody noted it
CREATE INDEX file_by_check ON file (checked_at) WHERE content_state = 'present';

-- What was found of content that is not what the metadata says. The last finding of each file: the bytes themselves are
-- kept once, under `quarantine`.
CREATE TABLE content_finding (
  sha1         TEXT    NOT NULL PRIMARY KEY REFERENCES file (sha1) ON DELETE CASCADE,
  found_at     TEXT    NOT NULL,   -- ISO 8601 UTC
  reason       TEXT    NOT NULL,
  found_size   INTEGER,            -- null where nothing was found, or it could not be read
  found_sha1   TEXT,               -- null where the size told already
  found_sha256 TEXT,
  origin       TEXT,               -- where the bytes came from, as far as it is known
  checked_at   TEXT                -- when they were last right
) WITHOUT ROWID;
