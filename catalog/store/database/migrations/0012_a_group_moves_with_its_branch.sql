-- Moving a group worked out the lines of all groups anew: of a thousand that move, a thousand times. Only those of the
-- group and what is below it change, and of these only what lies above the group.
DROP TRIGGER target_group_line_changed;
CREATE TRIGGER target_group_line_changed AFTER UPDATE OF parent_id ON target_group BEGIN
  DELETE FROM group_line
    WHERE group_id IN (SELECT group_id FROM group_line WHERE above_id = NEW.group_id)
      AND distance > (SELECT moved.distance FROM group_line AS moved
        WHERE moved.group_id = group_line.group_id AND moved.above_id = NEW.group_id);
  INSERT INTO group_line
    SELECT below.group_id, above.above_id, below.distance + 1 + above.distance
    FROM group_line AS below JOIN group_line AS above ON above.group_id = NEW.parent_id
    WHERE below.above_id = NEW.group_id;
  INSERT INTO deployment_check
    SELECT DISTINCT deployment.update_id, set_id, strftime('%Y-%m-%dT%H:%M:%fZ', 'now')
    FROM group_line JOIN group_set_member ON group_set_member.group_id = group_line.group_id CROSS JOIN deployment
    WHERE above_id = NEW.group_id;
END;
