-- When a picture is looked at again, at a visit of the source it was found in.
ALTER TABLE picture ADD COLUMN source TEXT;
ALTER TABLE picture ADD COLUMN due INTEGER;
CREATE INDEX picture_due ON picture (source, due) WHERE due IS NOT NULL;

-- Where the bytes of a file that is kept beside this one can be had again.
CREATE TABLE media (
    name TEXT PRIMARY KEY,
    url  TEXT NOT NULL,
    page TEXT
) WITHOUT ROWID;
