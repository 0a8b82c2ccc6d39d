-- Grows with everything that decides which groups a computer is in, and whether it is known and registered: what is
-- remembered of a computer holds for as long as this stands still.
INSERT INTO setting VALUES ('fleet.generation', '0');

CREATE TRIGGER computer_joined_group AFTER INSERT ON computer_group BEGIN
  UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'fleet.generation';
END;
CREATE TRIGGER computer_left_group AFTER DELETE ON computer_group BEGIN
  UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'fleet.generation';
END;
CREATE TRIGGER computer_changed_group AFTER UPDATE ON computer_group BEGIN
  UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'fleet.generation';
END;
CREATE TRIGGER computer_deleted AFTER DELETE ON computer BEGIN
  UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'fleet.generation';
END;
CREATE TRIGGER computer_registered AFTER UPDATE OF is_registered ON computer
WHEN OLD.is_registered <> NEW.is_registered BEGIN
  UPDATE setting SET value = CAST(CAST(value AS INTEGER) + 1 AS TEXT) WHERE name = 'fleet.generation';
END;
