-- Content that a client asked for before it was here is fetched before what nobody waits for.
ALTER TABLE file ADD COLUMN requested_at TEXT;   -- ISO 8601 UTC
CREATE INDEX file_by_request ON file (requested_at) WHERE requested_at IS NOT NULL;
