-- When each token, named by its digest, was last used.
CREATE TABLE token_use (
    token TEXT PRIMARY KEY,
    used  BIGINT NOT NULL
);
