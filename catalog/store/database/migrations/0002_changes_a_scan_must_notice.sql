-- For each update, the generation at which what a scan says of it last changed: a decision about it, a decline, or
-- whether it is a leaf. A time would not do: two changes can share one, and taking a decision away uncovers older ones.
CREATE TABLE scan_change (
  update_id  TEXT    NOT NULL PRIMARY KEY,
  generation INTEGER NOT NULL
) WITHOUT ROWID;

CREATE TRIGGER deployment_inserted AFTER INSERT ON deployment BEGIN
  UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'catalogue.generation';
  INSERT INTO scan_change SELECT NEW.update_id, CAST(value AS INTEGER) FROM setting WHERE name = 'catalogue.generation'
    ON CONFLICT (update_id) DO UPDATE SET generation = excluded.generation;
END;
CREATE TRIGGER deployment_updated AFTER UPDATE ON deployment BEGIN
  UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'catalogue.generation';
  INSERT INTO scan_change SELECT NEW.update_id, CAST(value AS INTEGER) FROM setting WHERE name = 'catalogue.generation'
    ON CONFLICT (update_id) DO UPDATE SET generation = excluded.generation;
END;
CREATE TRIGGER deployment_deleted AFTER DELETE ON deployment BEGIN
  UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'catalogue.generation';
  INSERT INTO scan_change SELECT OLD.update_id, CAST(value AS INTEGER) FROM setting WHERE name = 'catalogue.generation'
    ON CONFLICT (update_id) DO UPDATE SET generation = excluded.generation;
END;
CREATE TRIGGER update_declined AFTER INSERT ON declined_update BEGIN
  UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'catalogue.generation';
  INSERT INTO scan_change SELECT NEW.update_id, CAST(value AS INTEGER) FROM setting WHERE name = 'catalogue.generation'
    ON CONFLICT (update_id) DO UPDATE SET generation = excluded.generation;
END;
CREATE TRIGGER update_undeclined AFTER DELETE ON declined_update BEGIN
  UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'catalogue.generation';
  INSERT INTO scan_change SELECT OLD.update_id, CAST(value AS INTEGER) FROM setting WHERE name = 'catalogue.generation'
    ON CONFLICT (update_id) DO UPDATE SET generation = excluded.generation;
END;
CREATE TRIGGER leaf_changed AFTER UPDATE OF is_leaf ON revision WHEN OLD.is_leaf <> NEW.is_leaf BEGIN
  UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'catalogue.generation';
  INSERT INTO scan_change SELECT NEW.update_id, CAST(value AS INTEGER) FROM setting WHERE name = 'catalogue.generation'
    ON CONFLICT (update_id) DO UPDATE SET generation = excluded.generation;
END;

-- A group that moves in the tree inherits differently: every update that anybody decided on may look different.
CREATE TRIGGER target_group_moved AFTER UPDATE OF parent_id ON target_group BEGIN
  UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'catalogue.generation';
  INSERT INTO scan_change
    SELECT DISTINCT deployment.update_id, CAST(setting.value AS INTEGER) FROM deployment, setting
    WHERE setting.name = 'catalogue.generation'
    ON CONFLICT (update_id) DO UPDATE SET generation = excluded.generation;
END;
