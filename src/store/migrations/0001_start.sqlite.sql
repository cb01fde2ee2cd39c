-- Times are microseconds since 1970, ids 16 bytes, structured facts JSON.

CREATE TABLE source (
    id           TEXT PRIMARY KEY,
    active       INTEGER NOT NULL,
    location     TEXT NOT NULL,
    state        TEXT NOT NULL,
    next_visit   INTEGER NOT NULL,
    leased_until INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE story (
    id         BLOB PRIMARY KEY,
    uri        TEXT NOT NULL UNIQUE,
    published  INTEGER NOT NULL,
    updated    INTEGER NOT NULL,
    first_seen INTEGER NOT NULL,
    lead       BLOB
) WITHOUT ROWID;

CREATE TABLE entry (
    arrival      INTEGER PRIMARY KEY,
    id           BLOB NOT NULL UNIQUE,
    source       TEXT NOT NULL,
    native_id    TEXT NOT NULL,
    uri          TEXT NOT NULL UNIQUE,
    story        BLOB NOT NULL REFERENCES story (id),
    url_key      INTEGER,
    title        TEXT NOT NULL,
    item_hash    TEXT NOT NULL,
    content_hash TEXT NOT NULL,
    is_full_text INTEGER NOT NULL,
    sketch       BLOB NOT NULL,
    facts        TEXT NOT NULL,
    content      TEXT NOT NULL,
    published    INTEGER NOT NULL,
    updated      INTEGER NOT NULL,
    first_seen   INTEGER NOT NULL,
    last_seen    INTEGER NOT NULL,
    withdrawn    INTEGER,
    UNIQUE (source, native_id)
);
CREATE INDEX entry_by_url ON entry (source, url_key) WHERE url_key IS NOT NULL;
CREATE INDEX entry_by_story ON entry (story, arrival);
CREATE INDEX entry_by_age ON entry (published);

-- By what the same article may be found elsewhere.
CREATE TABLE entry_key (
    kind  INTEGER NOT NULL,
    hash  INTEGER NOT NULL,
    entry INTEGER NOT NULL REFERENCES entry (arrival) ON DELETE CASCADE,
    PRIMARY KEY (kind, hash, entry)
) WITHOUT ROWID;
CREATE INDEX entry_key_by_entry ON entry_key (entry);

-- Stories by source, in the order of a feed.
CREATE TABLE story_source (
    source    TEXT NOT NULL,
    published INTEGER NOT NULL,
    story     BLOB NOT NULL REFERENCES story (id) ON DELETE CASCADE,
    PRIMARY KEY (source, published, story)
) WITHOUT ROWID;
CREATE INDEX story_source_by_story ON story_source (story);

CREATE TABLE picture (
    url    TEXT PRIMARY KEY,
    facts  TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE change_log (
    cursor INTEGER PRIMARY KEY AUTOINCREMENT,
    source TEXT NOT NULL
);
