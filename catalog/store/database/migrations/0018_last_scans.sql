-- What a computer said when it last had nothing more to ask: from this the console answers why it is not offered an update.
CREATE TABLE computer_scan (
  computer_id TEXT NOT NULL PRIMARY KEY REFERENCES computer (computer_id) ON DELETE CASCADE,
  said_at     TEXT NOT NULL,  -- ISO 8601 UTC: since when it has said this
  installed   BLOB NOT NULL   -- InstalledNonLeafUpdateIDs: RevisionIDs, 32 bits each, the lowest first, deflated
);
