-- Who is told when a feed changes: subscribers ('content') and outside hubs ('notice'). `told` is the version
-- that was last told; whoever was not told of the present one is due, also after a kill.

CREATE TABLE subscription (
    topic    TEXT NOT NULL,
    form     TEXT NOT NULL,
    callback TEXT NOT NULL,
    host     TEXT NOT NULL,
    secret   TEXT,
    token    TEXT,
    expires  INTEGER NOT NULL,
    told     TEXT NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    due      INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (topic, form, callback)
) WITHOUT ROWID;
CREATE INDEX subscription_by_version ON subscription (topic, told, due);
CREATE INDEX subscription_by_host ON subscription (host);
CREATE INDEX subscription_by_end ON subscription (expires);
