-- The first schema. Types and statements are kept to what PostgreSQL has as well (there BLOB is BYTEA).
-- An environment that is not named is the empty text, so that it can be part of a key.

CREATE TABLE schema_version (
    version BIGINT PRIMARY KEY,
    applied_at BIGINT NOT NULL
);

-- Keys that seal values, wrapped by the master key whose fingerprint is named.
CREATE TABLE data_keys (
    id TEXT PRIMARY KEY,
    number BIGINT NOT NULL UNIQUE,
    master_key TEXT NOT NULL,
    wrapped BLOB NOT NULL,
    created_at BIGINT NOT NULL
);

CREATE TABLE counters (
    name TEXT PRIMARY KEY,
    value BIGINT NOT NULL
);

CREATE TABLE connections (
    id TEXT PRIMARY KEY,
    connector TEXT NOT NULL,
    environment TEXT NOT NULL,
    owner TEXT NOT NULL,
    origins TEXT NOT NULL,
    name TEXT,
    identity TEXT,
    label TEXT,
    version BIGINT NOT NULL,
    sealed BLOB NOT NULL,
    cookies_generation BIGINT NOT NULL,
    cookies BLOB,
    state TEXT NOT NULL,
    fence BIGINT NOT NULL,
    expires_at BIGINT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX connections_by_owner ON connections (connector, environment, owner);

-- A row is a lease that is held, or was and has not been taken over.
CREATE TABLE leases (
    key TEXT PRIMARY KEY,
    holder TEXT NOT NULL,
    fence BIGINT NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL
);

CREATE TABLE secrets (
    connector TEXT NOT NULL,
    environment TEXT NOT NULL,
    name TEXT NOT NULL,
    version BIGINT NOT NULL,
    sealed BLOB NOT NULL,
    updated_at BIGINT NOT NULL,
    PRIMARY KEY (connector, environment, name)
);

CREATE TABLE runs (
    id TEXT PRIMARY KEY,
    connector TEXT NOT NULL,
    environment TEXT NOT NULL,
    owner TEXT NOT NULL,
    version BIGINT NOT NULL,
    sealed BLOB NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX runs_by_expiry ON runs (expires_at);
