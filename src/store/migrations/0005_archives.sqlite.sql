-- The number by arrival under which an entry that readers should see again is told once more: one above the
-- greatest at the time of its change.
ALTER TABLE entry ADD COLUMN revised INTEGER;
CREATE INDEX entry_by_revision ON entry (source, revised) WHERE revised IS NOT NULL;

CREATE INDEX entry_by_withdrawal ON entry (source, withdrawn) WHERE withdrawn IS NOT NULL;

-- Which entries the archives of a feed hold: those with greater numbers by arrival than `after`, up to `last`.
CREATE TABLE archive (
    feed   TEXT NOT NULL,
    number INTEGER NOT NULL,
    after  INTEGER NOT NULL,
    last   INTEGER NOT NULL,
    PRIMARY KEY (feed, number)
) WITHOUT ROWID;
