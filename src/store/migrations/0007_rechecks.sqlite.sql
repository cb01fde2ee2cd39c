-- When an entry's page is asked for next, and since when it was found missing.
ALTER TABLE entry ADD COLUMN recheck INTEGER;
ALTER TABLE entry ADD COLUMN missing INTEGER;
CREATE INDEX entry_by_recheck ON entry (source, recheck) WHERE recheck IS NOT NULL;
