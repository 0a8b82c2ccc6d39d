-- Content that no approval needs makes room for what is needed, the longest unused first.
ALTER TABLE file ADD COLUMN last_used_on TEXT;                     -- yyyy-MM-dd, UTC: when it was last served
ALTER TABLE file ADD COLUMN is_evicted INTEGER NOT NULL DEFAULT 0; -- it is absent, and its copy still to be deleted
CREATE INDEX file_evicted ON file (sha1) WHERE is_evicted = 1;
