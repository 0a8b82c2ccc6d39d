-- What a replica is told of decisions since it last asked: every deployment that is or was, by its last change.
CREATE TABLE deployment_history (
  sequence        INTEGER PRIMARY KEY AUTOINCREMENT,   -- grows with every change; never used again
  deployment_guid TEXT    NOT NULL UNIQUE,
  is_dead         INTEGER NOT NULL
);
INSERT INTO deployment_history (deployment_guid, is_dead)
  SELECT deployment_guid, 0 FROM deployment ORDER BY deployment_id;

-- Replaced in two steps: the conflict clause of the statement that fires a trigger would override its own.
CREATE TRIGGER deployment_history_begun AFTER INSERT ON deployment BEGIN
  DELETE FROM deployment_history WHERE deployment_guid = NEW.deployment_guid;
  INSERT INTO deployment_history (deployment_guid, is_dead) VALUES (NEW.deployment_guid, 0);
END;
CREATE TRIGGER deployment_history_changed AFTER UPDATE ON deployment BEGIN
  DELETE FROM deployment_history WHERE deployment_guid IN (OLD.deployment_guid, NEW.deployment_guid);
  INSERT INTO deployment_history (deployment_guid, is_dead)
    SELECT OLD.deployment_guid, 1 WHERE OLD.deployment_guid <> NEW.deployment_guid;
  INSERT INTO deployment_history (deployment_guid, is_dead) VALUES (NEW.deployment_guid, 0);
END;
CREATE TRIGGER deployment_history_ended AFTER DELETE ON deployment BEGIN
  DELETE FROM deployment_history WHERE deployment_guid = OLD.deployment_guid;
  INSERT INTO deployment_history (deployment_guid, is_dead) VALUES (OLD.deployment_guid, 1);
END;

-- Anchors that were given to replicas. One that is not here is of a past that this database does not have.
CREATE TABLE deployment_anchor (
  sequence  INTEGER NOT NULL PRIMARY KEY,
  issued_at TEXT    NOT NULL                             -- ISO 8601 UTC, part of the anchor
);

-- As a replica: what the upstream server approved and cannot hold here yet, since the update has not arrived.
CREATE TABLE pending_deployment (
  deployment_guid TEXT    NOT NULL PRIMARY KEY,
  update_id       TEXT    NOT NULL,
  revision_number INTEGER NOT NULL,
  group_id        TEXT    NOT NULL REFERENCES target_group (group_id) ON DELETE CASCADE,
  action          TEXT    NOT NULL CHECK (action IN ('Install', 'OptionalInstall', 'Uninstall', 'PreDeploymentCheck', 'Block', 'NotApproved')),
  deadline        TEXT,                                  -- ISO 8601 UTC
  admin_name      TEXT    NOT NULL,
  go_live_at      TEXT    NOT NULL                       -- not before, ISO 8601 UTC
) WITHOUT ROWID;
CREATE INDEX pending_deployment_by_group ON pending_deployment (group_id);
