-- A source's entries in the order of arrival.
CREATE INDEX entry_by_arrival ON entry (source, arrival);
