-- What somebody is writing and has not saved yet. Sealed: an unfinished text may hold what a finished one must not.

CREATE TABLE drafts (
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    sealed BLOB NOT NULL,
    version BIGINT NOT NULL,
    based_on BIGINT,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (login, name)
);
