-- What a run asked for, whether it is a retry, whether it may be tried again, and what is to be said of its start.
ALTER TABLE sync_run ADD COLUMN scope TEXT NOT NULL DEFAULT 'main' CHECK (scope IN ('main', 'fast'));
ALTER TABLE sync_run ADD COLUMN attempt INTEGER NOT NULL DEFAULT 1;
ALTER TABLE sync_run ADD COLUMN retry_of INTEGER REFERENCES sync_run (run_id);
ALTER TABLE sync_run ADD COLUMN may_pass INTEGER NOT NULL DEFAULT 0; -- it failed for what may pass by itself
ALTER TABLE sync_run ADD COLUMN notes TEXT NOT NULL DEFAULT '[]';    -- JSON
CREATE INDEX sync_run_by_scope ON sync_run (scope, run_id);

-- The schedule that was becomes the main one of a plan, whose zone is that of both.
UPDATE setting SET value = json_object(
    'plan', json_object(
      'timeZone', coalesce(json_extract(value, '$.timeZone'), 'UTC'),
      'main', json_remove(value, '$.timeZone')),
    'since', json_object('main', strftime('%Y-%m-%dT%H:%M:%fZ', 'now'), 'fast', strftime('%Y-%m-%dT%H:%M:%fZ', 'now')))
  WHERE name = 'sync.schedule';

-- What the random offsets of starts come from: every relay has its own.
INSERT INTO setting VALUES ('sync.offset-seed', json_quote(lower(hex(randomblob(16)))));
