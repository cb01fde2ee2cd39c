-- The first entry, by arrival, of those that are this one by id, by address or word for word; NULL for itself.
ALTER TABLE entry ADD COLUMN twin INTEGER;

-- Entries one by one, in the order of a feed; also the old ones of a source.
DROP INDEX entry_by_age;
CREATE INDEX entry_by_place ON entry (source, published, id);

-- What stands in most of a source's articles.
ALTER TABLE source ADD COLUMN boilerplate TEXT NOT NULL DEFAULT '';
