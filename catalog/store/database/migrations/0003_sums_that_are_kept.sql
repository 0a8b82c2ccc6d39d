-- How computers stand with updates, added up as it changes (docs/decisions/0009-sums-are-kept-by-set-of-groups.md).

-- The error code of the latest failure is kept whatever came after it, so that no event has to be kept for it.
ALTER TABLE computer_update_status ADD COLUMN failed_at TEXT;                      -- of the event that error_code is from
ALTER TABLE computer_update_status ADD COLUMN is_listed INTEGER NOT NULL DEFAULT 0; -- the computer's latest status list names it

-- The sums answer what this index was for, and it was half of what a changed row cost.
DROP INDEX computer_update_status_by_update;

-- States in which few updates are at a time: computers in them are found without walking all rows.
CREATE INDEX computer_update_status_by_rare_state ON computer_update_status (state, computer_id)
  WHERE state IN ('Failed', 'Downloaded', 'InstalledPendingReboot');

-- Each group with itself and every group above it.
CREATE TABLE group_line (
  group_id TEXT    NOT NULL,
  above_id TEXT    NOT NULL,
  distance INTEGER NOT NULL,                           -- 0: the group itself
  PRIMARY KEY (group_id, distance)
) WITHOUT ROWID;
CREATE INDEX group_line_by_above ON group_line (above_id);
CREATE VIEW group_line_now AS
  WITH RECURSIVE line (group_id, above_id, distance) AS (
    SELECT group_id, group_id, 0 FROM target_group
    UNION ALL
    SELECT line.group_id, target_group.parent_id, distance + 1
    FROM line JOIN target_group ON target_group.group_id = line.above_id
    WHERE target_group.parent_id IS NOT NULL AND distance < 1000
  )
  SELECT group_id, above_id, distance FROM line;

-- The very groups that computers are in. Every computer is in exactly one set, so that sets add up where groups do not.
CREATE TABLE group_set (
  set_id                   INTEGER PRIMARY KEY,
  group_ids                TEXT    NOT NULL UNIQUE,    -- JSON, sorted
  computers                INTEGER NOT NULL DEFAULT 0,
  -- Sums of update_sum over the updates that are deployed to the set.
  listed_rows              INTEGER NOT NULL DEFAULT 0,
  not_applicable           INTEGER NOT NULL DEFAULT 0,
  not_installed            INTEGER NOT NULL DEFAULT 0,
  downloaded               INTEGER NOT NULL DEFAULT 0,
  installed                INTEGER NOT NULL DEFAULT 0,
  failed                   INTEGER NOT NULL DEFAULT 0,
  installed_pending_reboot INTEGER NOT NULL DEFAULT 0
);
CREATE TABLE group_set_member (
  set_id   INTEGER NOT NULL REFERENCES group_set (set_id) ON DELETE CASCADE,
  group_id TEXT    NOT NULL,
  PRIMARY KEY (set_id, group_id)
) WITHOUT ROWID;
CREATE INDEX group_set_member_by_group ON group_set_member (group_id);

-- Counts the times at which updates became deployed to a set. A list that is younger than one speaks of its updates.
CREATE TABLE deployment_epoch (
  epoch INTEGER PRIMARY KEY AUTOINCREMENT,
  at    TEXT NOT NULL                                  -- ISO 8601 UTC, never earlier than the one before
);

-- What changes with every report is apart from `computer`, whose rows are long.
CREATE TABLE computer_standing (
  computer_id  TEXT    NOT NULL PRIMARY KEY REFERENCES computer (computer_id) ON DELETE CASCADE,
  set_id       INTEGER NOT NULL REFERENCES group_set (set_id),
  listed_at    TEXT,                                   -- TimeAtTarget of the latest status list
  listed_epoch INTEGER NOT NULL DEFAULT 0,             -- that the list is younger than; 0: none since it is in its groups
  list_digest  TEXT,                                   -- of the list, as long as its rows are as it said
  last_scan    TEXT,                                   -- TimeAtTarget of the latest AGENT_DETECTION_FINISHED
  last_report  TEXT                                    -- when a batch of events was last received
) WITHOUT ROWID;
CREATE INDEX computer_standing_by_set ON computer_standing (set_id, listed_epoch);

CREATE TABLE update_sum (
  update_id                TEXT    NOT NULL,
  set_id                   INTEGER NOT NULL REFERENCES group_set (set_id) ON DELETE CASCADE,
  deployed_since           INTEGER,                    -- epoch; absent: not deployed
  listed_rows              INTEGER NOT NULL DEFAULT 0, -- of computers whose latest list is younger than that
  not_applicable           INTEGER NOT NULL DEFAULT 0, -- rows of computer_update_status by state
  not_installed            INTEGER NOT NULL DEFAULT 0,
  downloaded               INTEGER NOT NULL DEFAULT 0,
  installed                INTEGER NOT NULL DEFAULT 0,
  failed                   INTEGER NOT NULL DEFAULT 0,
  installed_pending_reboot INTEGER NOT NULL DEFAULT 0,
  PRIMARY KEY (update_id, set_id)
) WITHOUT ROWID;
CREATE INDEX update_sum_by_set ON update_sum (set_id);

-- Computers of a set by the epoch of their latest list; those without a list are left out.
CREATE TABLE listing_sum (
  set_id    INTEGER NOT NULL REFERENCES group_set (set_id) ON DELETE CASCADE,
  epoch     INTEGER NOT NULL,
  computers INTEGER NOT NULL,
  PRIMARY KEY (set_id, epoch)
) WITHOUT ROWID;
CREATE INDEX listing_sum_by_epoch ON listing_sum (epoch);

-- Updates that are deployed to a set by the epoch since which they are.
CREATE TABLE deployed_sum (
  set_id  INTEGER NOT NULL REFERENCES group_set (set_id) ON DELETE CASCADE,
  since   INTEGER NOT NULL,
  updates INTEGER NOT NULL,
  PRIMARY KEY (set_id, since)
) WITHOUT ROWID;

-- Whether what holds for one of a set's groups is an approval. Updates without any decision are left out.
CREATE VIEW set_decision (update_id, set_id, is_deployed) AS
  SELECT decided.update_id, group_set.set_id,
    NOT EXISTS (SELECT 1 FROM declined_update WHERE declined_update.update_id = decided.update_id)
    AND EXISTS (
      SELECT 1 FROM group_set_member WHERE group_set_member.set_id = group_set.set_id
        AND (SELECT action FROM group_line JOIN deployment
               ON deployment.update_id = decided.update_id AND deployment.group_id = group_line.above_id
             WHERE group_line.group_id = group_set_member.group_id ORDER BY distance LIMIT 1)
          IN ('Install', 'OptionalInstall', 'Uninstall'))
  FROM (SELECT DISTINCT update_id FROM deployment) AS decided CROSS JOIN group_set;

-- What is here already.
INSERT INTO group_line SELECT group_id, above_id, distance FROM group_line_now;
INSERT INTO group_set (group_ids) VALUES ('["b73ca6ed-5727-47f3-84de-015e03f6a88a"]');
INSERT OR IGNORE INTO group_set (group_ids)
  SELECT DISTINCT json_group_array(group_id ORDER BY group_id) FROM computer_group GROUP BY computer_id;
INSERT INTO group_set_member SELECT set_id, value FROM group_set, json_each(group_ids);
INSERT INTO deployment_epoch (at) SELECT ifnull(max(changed_at), '') FROM deployment;
INSERT INTO computer_standing (computer_id, last_scan, last_report, set_id, listed_at)
  SELECT computer_id, last_scan, last_report,
    (SELECT set_id FROM group_set WHERE group_ids =
       (SELECT json_group_array(group_id ORDER BY group_id) FROM membership
        WHERE membership.computer_id = computer.computer_id)),
    (SELECT time_at_target FROM reporting_event
     WHERE reporting_event.computer_id = computer.computer_id AND event_id IN (153, 156)
     ORDER BY time_at_target DESC LIMIT 1)
  FROM computer;
ALTER TABLE computer DROP COLUMN last_scan;
ALTER TABLE computer DROP COLUMN last_report;
UPDATE computer_standing SET listed_epoch = 1
  WHERE listed_at > (SELECT at FROM deployment_epoch);
UPDATE computer_update_status SET is_listed = 1
  WHERE changed_at = (SELECT listed_at FROM computer_standing
                      WHERE computer_standing.computer_id = computer_update_status.computer_id);
UPDATE computer_update_status SET error_code = failure.code, failed_at = failure.at
  FROM (SELECT computer_id, update_id, win32_hresult AS code, max(time_at_target) AS at FROM reporting_event
        WHERE update_id IS NOT NULL AND event_id IN
          (161, 182, 187, 192, 195, 198, 200, 203, 204, 221, 225, 522, 525, 541, 545)
        GROUP BY computer_id, update_id) AS failure
  WHERE failure.computer_id = computer_update_status.computer_id
    AND failure.update_id = computer_update_status.update_id;
INSERT INTO update_sum (update_id, set_id, listed_rows, not_applicable, not_installed, downloaded, installed, failed,
    installed_pending_reboot)
  SELECT update_id, set_id, sum(listed_epoch), sum(state = 'NotApplicable'), sum(state = 'NotInstalled'),
    sum(state = 'Downloaded'), sum(state = 'Installed'), sum(state = 'Failed'), sum(state = 'InstalledPendingReboot')
  FROM computer_update_status JOIN computer_standing USING (computer_id) GROUP BY update_id, set_id;
INSERT INTO update_sum (update_id, set_id, deployed_since)
  SELECT update_id, set_id, 1 FROM set_decision WHERE is_deployed
  ON CONFLICT (update_id, set_id) DO UPDATE SET deployed_since = 1;
UPDATE update_sum SET listed_rows = 0 WHERE deployed_since IS NULL;
INSERT INTO listing_sum SELECT set_id, listed_epoch, count(*) FROM computer_standing
  WHERE listed_epoch > 0 GROUP BY set_id, listed_epoch;
INSERT INTO deployed_sum SELECT set_id, deployed_since, count(*) FROM update_sum
  WHERE deployed_since IS NOT NULL GROUP BY set_id, deployed_since;
UPDATE group_set SET computers =
  (SELECT count(*) FROM computer_standing WHERE computer_standing.set_id = group_set.set_id);
UPDATE group_set SET listed_rows = total.listed_rows, not_applicable = total.not_applicable,
    not_installed = total.not_installed, downloaded = total.downloaded, installed = total.installed,
    failed = total.failed, installed_pending_reboot = total.installed_pending_reboot
  FROM (SELECT set_id, sum(listed_rows) AS listed_rows, sum(not_applicable) AS not_applicable,
          sum(not_installed) AS not_installed, sum(downloaded) AS downloaded, sum(installed) AS installed,
          sum(failed) AS failed, sum(installed_pending_reboot) AS installed_pending_reboot
        FROM update_sum WHERE deployed_since IS NOT NULL GROUP BY set_id) AS total
  WHERE total.set_id = group_set.set_id;

-- From here on, every change carries its sums with it.

-- A row that a computer says of an update.
CREATE TRIGGER status_added AFTER INSERT ON computer_update_status BEGIN
  INSERT INTO update_sum (update_id, set_id, not_applicable, not_installed, downloaded, installed, failed,
      installed_pending_reboot)
    SELECT NEW.update_id, set_id, NEW.state = 'NotApplicable', NEW.state = 'NotInstalled', NEW.state = 'Downloaded',
      NEW.state = 'Installed', NEW.state = 'Failed', NEW.state = 'InstalledPendingReboot'
    FROM computer_standing WHERE computer_id = NEW.computer_id
    ON CONFLICT (update_id, set_id) DO UPDATE SET
      listed_rows = listed_rows + ifnull(
        deployed_since <= (SELECT listed_epoch FROM computer_standing WHERE computer_id = NEW.computer_id), 0),
      not_applicable = not_applicable + excluded.not_applicable,
      not_installed = not_installed + excluded.not_installed,
      downloaded = downloaded + excluded.downloaded,
      installed = installed + excluded.installed,
      failed = failed + excluded.failed,
      installed_pending_reboot = installed_pending_reboot + excluded.installed_pending_reboot;
END;
CREATE TRIGGER status_changed AFTER UPDATE OF state ON computer_update_status WHEN OLD.state <> NEW.state BEGIN
  UPDATE update_sum SET
      not_applicable = not_applicable + (NEW.state = 'NotApplicable') - (OLD.state = 'NotApplicable'),
      not_installed = not_installed + (NEW.state = 'NotInstalled') - (OLD.state = 'NotInstalled'),
      downloaded = downloaded + (NEW.state = 'Downloaded') - (OLD.state = 'Downloaded'),
      installed = installed + (NEW.state = 'Installed') - (OLD.state = 'Installed'),
      failed = failed + (NEW.state = 'Failed') - (OLD.state = 'Failed'),
      installed_pending_reboot = installed_pending_reboot
        + (NEW.state = 'InstalledPendingReboot') - (OLD.state = 'InstalledPendingReboot')
    WHERE update_id = NEW.update_id
      AND set_id = (SELECT set_id FROM computer_standing WHERE computer_id = NEW.computer_id);
END;
CREATE TRIGGER status_removed AFTER DELETE ON computer_update_status BEGIN
  UPDATE update_sum SET
      listed_rows = listed_rows - ifnull(
        deployed_since <= (SELECT listed_epoch FROM computer_standing WHERE computer_id = OLD.computer_id), 0),
      not_applicable = not_applicable - (OLD.state = 'NotApplicable'),
      not_installed = not_installed - (OLD.state = 'NotInstalled'),
      downloaded = downloaded - (OLD.state = 'Downloaded'),
      installed = installed - (OLD.state = 'Installed'),
      failed = failed - (OLD.state = 'Failed'),
      installed_pending_reboot = installed_pending_reboot - (OLD.state = 'InstalledPendingReboot')
    WHERE update_id = OLD.update_id
      AND set_id = (SELECT set_id FROM computer_standing WHERE computer_id = OLD.computer_id);
END;

-- The set's own sums follow those of its deployed updates.
CREATE TRIGGER update_sum_added AFTER INSERT ON update_sum WHEN NEW.deployed_since IS NOT NULL BEGIN
  INSERT INTO deployed_sum VALUES (NEW.set_id, NEW.deployed_since, 1)
    ON CONFLICT (set_id, since) DO UPDATE SET updates = updates + 1;
END;
CREATE TRIGGER update_sum_changed AFTER UPDATE ON update_sum
WHEN OLD.deployed_since IS NOT NULL AND NEW.deployed_since IS NOT NULL BEGIN
  UPDATE group_set SET
      listed_rows = listed_rows + NEW.listed_rows - OLD.listed_rows,
      not_applicable = not_applicable + NEW.not_applicable - OLD.not_applicable,
      not_installed = not_installed + NEW.not_installed - OLD.not_installed,
      downloaded = downloaded + NEW.downloaded - OLD.downloaded,
      installed = installed + NEW.installed - OLD.installed,
      failed = failed + NEW.failed - OLD.failed,
      installed_pending_reboot = installed_pending_reboot + NEW.installed_pending_reboot - OLD.installed_pending_reboot
    WHERE set_id = NEW.set_id;
END;
CREATE TRIGGER update_sum_counted AFTER UPDATE OF deployed_since ON update_sum
WHEN OLD.deployed_since IS NULL AND NEW.deployed_since IS NOT NULL BEGIN
  INSERT INTO deployed_sum VALUES (NEW.set_id, NEW.deployed_since, 1)
    ON CONFLICT (set_id, since) DO UPDATE SET updates = updates + 1;
  UPDATE group_set SET
      listed_rows = listed_rows + NEW.listed_rows,
      not_applicable = not_applicable + NEW.not_applicable,
      not_installed = not_installed + NEW.not_installed,
      downloaded = downloaded + NEW.downloaded,
      installed = installed + NEW.installed,
      failed = failed + NEW.failed,
      installed_pending_reboot = installed_pending_reboot + NEW.installed_pending_reboot
    WHERE set_id = NEW.set_id;
END;
CREATE TRIGGER update_sum_counted_no_more AFTER UPDATE OF deployed_since ON update_sum
WHEN OLD.deployed_since IS NOT NULL AND NEW.deployed_since IS NULL BEGIN
  UPDATE deployed_sum SET updates = updates - 1 WHERE set_id = OLD.set_id AND since = OLD.deployed_since;
  DELETE FROM deployed_sum WHERE set_id = OLD.set_id AND since = OLD.deployed_since AND updates = 0;
  UPDATE group_set SET
      listed_rows = listed_rows - OLD.listed_rows,
      not_applicable = not_applicable - OLD.not_applicable,
      not_installed = not_installed - OLD.not_installed,
      downloaded = downloaded - OLD.downloaded,
      installed = installed - OLD.installed,
      failed = failed - OLD.failed,
      installed_pending_reboot = installed_pending_reboot - OLD.installed_pending_reboot
    WHERE set_id = OLD.set_id;
END;

-- Computers come, list, move and go.
CREATE TRIGGER computer_introduced AFTER INSERT ON computer BEGIN
  INSERT INTO computer_standing (computer_id, set_id)
    SELECT NEW.computer_id, set_id FROM group_set WHERE group_ids = '["b73ca6ed-5727-47f3-84de-015e03f6a88a"]';
END;
CREATE TRIGGER computer_forgotten BEFORE DELETE ON computer BEGIN
  DELETE FROM computer_update_status WHERE computer_id = OLD.computer_id;
  DELETE FROM computer_standing WHERE computer_id = OLD.computer_id;
END;
CREATE TRIGGER standing_begun AFTER INSERT ON computer_standing BEGIN
  UPDATE group_set SET computers = computers + 1 WHERE set_id = NEW.set_id;
END;
CREATE TRIGGER standing_ended AFTER DELETE ON computer_standing BEGIN
  UPDATE group_set SET computers = computers - 1 WHERE set_id = OLD.set_id;
  UPDATE listing_sum SET computers = computers - 1 WHERE set_id = OLD.set_id AND epoch = OLD.listed_epoch;
  DELETE FROM listing_sum WHERE set_id = OLD.set_id AND epoch = OLD.listed_epoch AND computers = 0;
END;
CREATE TRIGGER computer_listed AFTER UPDATE OF listed_epoch ON computer_standing
WHEN OLD.set_id = NEW.set_id AND OLD.listed_epoch <> NEW.listed_epoch BEGIN
  UPDATE listing_sum SET computers = computers - 1 WHERE set_id = OLD.set_id AND epoch = OLD.listed_epoch;
  DELETE FROM listing_sum WHERE set_id = OLD.set_id AND epoch = OLD.listed_epoch AND computers = 0;
  INSERT INTO listing_sum VALUES (NEW.set_id, NEW.listed_epoch, 1)
    ON CONFLICT (set_id, epoch) DO UPDATE SET computers = computers + 1;
  UPDATE update_sum SET listed_rows = listed_rows + 1
    WHERE set_id = NEW.set_id AND deployed_since > OLD.listed_epoch AND deployed_since <= NEW.listed_epoch
      AND update_id IN (SELECT update_id FROM computer_update_status WHERE computer_id = NEW.computer_id);
END;
CREATE TRIGGER computer_moved AFTER UPDATE OF set_id ON computer_standing WHEN OLD.set_id <> NEW.set_id BEGIN
  UPDATE group_set SET computers = computers - 1 WHERE set_id = OLD.set_id;
  UPDATE group_set SET computers = computers + 1 WHERE set_id = NEW.set_id;
  UPDATE listing_sum SET computers = computers - 1 WHERE set_id = OLD.set_id AND epoch = OLD.listed_epoch;
  DELETE FROM listing_sum WHERE set_id = OLD.set_id AND epoch = OLD.listed_epoch AND computers = 0;
  UPDATE update_sum SET
      listed_rows = listed_rows - ifnull(deployed_since <= OLD.listed_epoch, 0),
      not_applicable = not_applicable - (status.state = 'NotApplicable'),
      not_installed = not_installed - (status.state = 'NotInstalled'),
      downloaded = downloaded - (status.state = 'Downloaded'),
      installed = installed - (status.state = 'Installed'),
      failed = failed - (status.state = 'Failed'),
      installed_pending_reboot = installed_pending_reboot - (status.state = 'InstalledPendingReboot')
    FROM computer_update_status AS status
    WHERE status.computer_id = NEW.computer_id
      AND update_sum.update_id = status.update_id AND update_sum.set_id = OLD.set_id;
  -- Nothing that it listed before speaks of what its new groups are given.
  INSERT INTO update_sum (update_id, set_id, not_applicable, not_installed, downloaded, installed, failed,
      installed_pending_reboot)
    SELECT update_id, NEW.set_id, state = 'NotApplicable', state = 'NotInstalled', state = 'Downloaded',
      state = 'Installed', state = 'Failed', state = 'InstalledPendingReboot'
    FROM computer_update_status WHERE computer_id = NEW.computer_id
    ON CONFLICT (update_id, set_id) DO UPDATE SET
      not_applicable = not_applicable + excluded.not_applicable,
      not_installed = not_installed + excluded.not_installed,
      downloaded = downloaded + excluded.downloaded,
      installed = installed + excluded.installed,
      failed = failed + excluded.failed,
      installed_pending_reboot = installed_pending_reboot + excluded.installed_pending_reboot;
END;

-- Puts a computer into the set of the groups that it is in now.
CREATE VIEW placement_check (computer_id) AS SELECT computer_id FROM computer_standing;
CREATE TRIGGER computer_placed INSTEAD OF INSERT ON placement_check BEGIN
  INSERT OR IGNORE INTO group_set (group_ids)
    SELECT json_group_array(group_id ORDER BY group_id) FROM computer_group
    WHERE computer_id = NEW.computer_id
      AND EXISTS (SELECT 1 FROM computer_standing WHERE computer_id = NEW.computer_id)
    HAVING count(*) > 0;
  UPDATE computer_standing SET listed_epoch = 0, set_id =
      (SELECT set_id FROM group_set WHERE group_ids =
         (SELECT iif(count(*) = 0, '["b73ca6ed-5727-47f3-84de-015e03f6a88a"]',
                     json_group_array(group_id ORDER BY group_id))
          FROM computer_group WHERE computer_id = NEW.computer_id))
    WHERE computer_id = NEW.computer_id;
END;
CREATE TRIGGER placement_added AFTER INSERT ON computer_group BEGIN
  INSERT INTO placement_check VALUES (NEW.computer_id);
END;
CREATE TRIGGER placement_changed AFTER UPDATE ON computer_group BEGIN
  INSERT INTO placement_check VALUES (OLD.computer_id), (NEW.computer_id);
END;
CREATE TRIGGER placement_removed AFTER DELETE ON computer_group BEGIN
  INSERT INTO placement_check VALUES (OLD.computer_id);
END;

-- Looks whether an update is deployed to a set; where that changed, it changed at the given time.
CREATE VIEW deployment_check (update_id, set_id, at) AS SELECT update_id, set_id, '' FROM update_sum;
CREATE VIEW deployment_change (update_id, set_id, at, is_deployed) AS SELECT update_id, set_id, '', 0 FROM update_sum;
CREATE TRIGGER deployment_checked INSTEAD OF INSERT ON deployment_check BEGIN
  INSERT INTO deployment_change
    SELECT NEW.update_id, NEW.set_id, NEW.at, is_deployed
    FROM (SELECT ifnull((SELECT is_deployed FROM set_decision
                         WHERE update_id = NEW.update_id AND set_id = NEW.set_id), 0) AS is_deployed)
    WHERE is_deployed <> EXISTS (SELECT 1 FROM update_sum
      WHERE update_id = NEW.update_id AND set_id = NEW.set_id AND deployed_since IS NOT NULL);
END;
CREATE TRIGGER deployment_began INSTEAD OF INSERT ON deployment_change WHEN NEW.is_deployed BEGIN
  -- A new epoch only where a computer has listed in the present one: there are no more epochs than it takes.
  INSERT INTO deployment_epoch (at)
    SELECT at FROM deployment_epoch WHERE epoch = (SELECT max(epoch) FROM deployment_epoch)
      AND EXISTS (SELECT 1 FROM listing_sum WHERE listing_sum.epoch = deployment_epoch.epoch);
  UPDATE deployment_epoch SET at = NEW.at
    WHERE epoch = (SELECT max(epoch) FROM deployment_epoch) AND at < NEW.at;
  INSERT INTO update_sum (update_id, set_id, deployed_since)
    SELECT NEW.update_id, NEW.set_id, max(epoch) FROM deployment_epoch WHERE true
    ON CONFLICT (update_id, set_id) DO UPDATE SET deployed_since = excluded.deployed_since, listed_rows = 0;
END;
CREATE TRIGGER deployment_ended INSTEAD OF INSERT ON deployment_change WHEN NOT NEW.is_deployed BEGIN
  UPDATE update_sum SET deployed_since = NULL, listed_rows = 0
    WHERE update_id = NEW.update_id AND set_id = NEW.set_id;
END;

CREATE TRIGGER deployed_by_decision AFTER INSERT ON deployment BEGIN
  INSERT INTO deployment_check
    SELECT DISTINCT NEW.update_id, set_id, NEW.changed_at FROM group_line JOIN group_set_member USING (group_id)
    WHERE above_id = NEW.group_id;
END;
CREATE TRIGGER deployed_by_other_decision AFTER UPDATE OF action, update_id, group_id ON deployment
WHEN OLD.action <> NEW.action OR OLD.update_id <> NEW.update_id OR OLD.group_id <> NEW.group_id BEGIN
  INSERT INTO deployment_check
    SELECT DISTINCT OLD.update_id, set_id, NEW.changed_at FROM group_line JOIN group_set_member USING (group_id)
    WHERE above_id = OLD.group_id;
  INSERT INTO deployment_check
    SELECT DISTINCT NEW.update_id, set_id, NEW.changed_at FROM group_line JOIN group_set_member USING (group_id)
    WHERE above_id = NEW.group_id;
END;
CREATE TRIGGER deployed_by_no_decision AFTER DELETE ON deployment BEGIN
  INSERT INTO deployment_check
    SELECT DISTINCT OLD.update_id, set_id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    FROM group_line JOIN group_set_member USING (group_id) WHERE above_id = OLD.group_id;
END;
CREATE TRIGGER deployed_until_declined AFTER INSERT ON declined_update BEGIN
  INSERT INTO deployment_check SELECT NEW.update_id, set_id, NEW.declined_at FROM group_set;
END;
CREATE TRIGGER deployed_since_undeclined AFTER DELETE ON declined_update BEGIN
  INSERT INTO deployment_check SELECT OLD.update_id, set_id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now') FROM group_set;
END;
CREATE TRIGGER group_set_made AFTER INSERT ON group_set BEGIN
  INSERT INTO group_set_member SELECT NEW.set_id, value FROM json_each(NEW.group_ids);
  INSERT INTO deployment_check SELECT DISTINCT update_id, NEW.set_id, '' FROM deployment;
END;
CREATE TRIGGER target_group_line_made AFTER INSERT ON target_group BEGIN
  INSERT INTO group_line VALUES (NEW.group_id, NEW.group_id, 0);
  INSERT INTO group_line SELECT NEW.group_id, above_id, distance + 1 FROM group_line WHERE group_id = NEW.parent_id;
END;
CREATE TRIGGER target_group_line_changed AFTER UPDATE OF parent_id ON target_group BEGIN
  DELETE FROM group_line;
  INSERT INTO group_line SELECT group_id, above_id, distance FROM group_line_now;
  INSERT INTO deployment_check
    SELECT DISTINCT deployment.update_id, set_id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    FROM group_line JOIN group_set_member ON group_set_member.group_id = group_line.group_id CROSS JOIN deployment
    WHERE above_id = NEW.group_id;
END;
CREATE TRIGGER target_group_line_ended AFTER DELETE ON target_group BEGIN
  DELETE FROM group_line WHERE group_id = OLD.group_id OR above_id = OLD.group_id;
  DELETE FROM group_set WHERE computers = 0
    AND set_id IN (SELECT set_id FROM group_set_member WHERE group_id = OLD.group_id);
END;
