-- The last inventory that each computer reported (ReportInventory); a new one takes its place.
CREATE TABLE computer_inventory (
  computer_id TEXT NOT NULL PRIMARY KEY REFERENCES computer (computer_id) ON DELETE CASCADE,
  received_at TEXT NOT NULL,                             -- ISO 8601 UTC
  document    BLOB NOT NULL                              -- the XML as reported: UTF-8 deflated, or text if short
);
