-- Whoever follows a synchronization asks after each of its commits what came since: never by reading all that ever
-- changed, nor the long rows of what arrived.
CREATE INDEX scan_change_by_generation ON scan_change (generation);
CREATE INDEX revision_by_arrival ON revision (revision_id, update_id, update_type);
