-- What each account may do. Whoever had an account before there were roles could do everything, and still can.
ALTER TABLE account ADD COLUMN role TEXT NOT NULL DEFAULT 'viewer'
  CHECK (role IN ('viewer', 'approver', 'operator', 'administrator'));
UPDATE account SET role = 'administrator';
ALTER TABLE account ADD COLUMN is_disabled INTEGER NOT NULL DEFAULT 0;
ALTER TABLE account ADD COLUMN created_at TEXT;  -- ISO 8601 UTC; none of those that were there before
-- An approver with rows here decides for these groups and those below them alone.
CREATE TABLE account_group_limit (
  account_id INTEGER NOT NULL REFERENCES account (account_id) ON DELETE CASCADE,
  group_id   TEXT    NOT NULL REFERENCES target_group (group_id) ON DELETE CASCADE,
  PRIMARY KEY (account_id, group_id)
) WITHOUT ROWID;
-- A limit whose groups are all deleted is not none: it stays a limit, to nothing.
ALTER TABLE account ADD COLUMN is_limited INTEGER NOT NULL DEFAULT 0;
