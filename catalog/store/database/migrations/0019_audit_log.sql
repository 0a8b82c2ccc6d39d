-- Who changed what. Rows are only ever added, each hangs on the one before by its hash, and what finds them is derived.
CREATE TABLE audit_entry (
  sequence       INTEGER NOT NULL PRIMARY KEY CHECK (sequence >= 1),  -- 1, 2, 3, … without gaps
  at             TEXT    NOT NULL,                                    -- ISO 8601 UTC, milliseconds
  actor_kind     TEXT    NOT NULL CHECK (actor_kind IN ('user', 'token', 'command', 'rule', 'rollout', 'system')),
  actor_name     TEXT    NOT NULL,
  account_id     INTEGER,                                             -- no reference: the entry outlives the account
  remote_address TEXT,
  action         TEXT    NOT NULL,
  subjects       TEXT    NOT NULL CHECK (json_type(subjects) = 'array'),  -- [{kind, id, name?}], canonical JSON
  value_before   TEXT    CHECK (json_valid(value_before)),            -- canonical JSON
  value_after    TEXT    CHECK (json_valid(value_after)),
  previous_hash  TEXT    NOT NULL,
  hash           TEXT    NOT NULL UNIQUE                              -- SHA-256 of the fields above, lower-case hex
) STRICT;
CREATE INDEX audit_entry_by_time ON audit_entry (at, sequence);
CREATE INDEX audit_entry_by_actor ON audit_entry (actor_name COLLATE NOCASE, sequence);
CREATE INDEX audit_entry_by_action ON audit_entry (action, sequence);

-- What each entry was about, for who asks what happened to one thing.
CREATE TABLE audit_subject (
  kind     TEXT    NOT NULL,
  id       TEXT    NOT NULL COLLATE NOCASE,
  sequence INTEGER NOT NULL REFERENCES audit_entry (sequence),
  PRIMARY KEY (kind, id, sequence)
) STRICT, WITHOUT ROWID;

-- Words of entries; a name, an address, a KB number in what was before or after.
CREATE VIRTUAL TABLE audit_words USING fts5 (
  actor_name, remote_address, action, subjects, value_before, value_after,
  content = 'audit_entry', content_rowid = 'sequence', tokenize = 'unicode61 remove_diacritics 2'
);

-- INSERT OR REPLACE would delete without asking the trigger on DELETE: only the next number, after the last hash, goes in.
CREATE TRIGGER audit_entry_appended BEFORE INSERT ON audit_entry
WHEN NEW.sequence IS NOT (SELECT coalesce(max(sequence), 0) + 1 FROM audit_entry)
  OR NEW.previous_hash IS NOT coalesce(
    (SELECT hash FROM audit_entry ORDER BY sequence DESC LIMIT 1), printf('%064d', 0))
BEGIN
  SELECT RAISE(ABORT, 'the audit log is only ever appended to');
END;
CREATE TRIGGER audit_entry_kept_as_it_is BEFORE UPDATE ON audit_entry BEGIN
  SELECT RAISE(ABORT, 'an entry of the audit log is never changed');
END;
CREATE TRIGGER audit_entry_kept BEFORE DELETE ON audit_entry BEGIN
  SELECT RAISE(ABORT, 'an entry of the audit log is never deleted');
END;
CREATE TRIGGER audit_entry_found AFTER INSERT ON audit_entry BEGIN
  INSERT OR IGNORE INTO audit_subject (kind, id, sequence)
    SELECT value ->> '$.kind', value ->> '$.id', NEW.sequence FROM json_each(NEW.subjects);
  INSERT INTO audit_words (rowid, actor_name, remote_address, action, subjects, value_before, value_after)
    VALUES (NEW.sequence, NEW.actor_name, NEW.remote_address, NEW.action, NEW.subjects, NEW.value_before, NEW.value_after);
END;
CREATE TRIGGER audit_subject_of_last BEFORE INSERT ON audit_subject
WHEN NEW.sequence IS NOT (SELECT max(sequence) FROM audit_entry) BEGIN
  SELECT RAISE(ABORT, 'the audit log is only ever appended to');
END;
CREATE TRIGGER audit_subject_kept_as_it_is BEFORE UPDATE ON audit_subject BEGIN
  SELECT RAISE(ABORT, 'an entry of the audit log is never changed');
END;
CREATE TRIGGER audit_subject_kept BEFORE DELETE ON audit_subject BEGIN
  SELECT RAISE(ABORT, 'an entry of the audit log is never deleted');
END;
