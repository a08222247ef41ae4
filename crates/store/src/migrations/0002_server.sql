-- What a server needs: apps, people, sessions, definitions, tickets, and a journal of what changed.
-- An owner is compared by its bytes (in PostgreSQL: COLLATE "C"), so that all owners of an app are one range.

-- Raised by every write but those that only note a use; the newest number of all rows is in `counters`.
ALTER TABLE connections ADD COLUMN changed BIGINT NOT NULL DEFAULT 0;
CREATE INDEX connections_by_change ON connections (changed);
-- Pages are listed by owner and age, whatever they are chosen by.
CREATE INDEX connections_paged ON connections (owner, created_at, id);
CREATE INDEX connections_paged_by_connector ON connections (connector, owner, created_at, id);
CREATE INDEX connections_paged_by_environment ON connections (environment, owner, created_at, id);
CREATE INDEX connections_paged_by_both ON connections (connector, environment, owner, created_at, id);

-- Connections that are no more, kept for a while so that who holds one in memory hears of it.
CREATE TABLE gone_connections (
    id TEXT PRIMARY KEY,
    changed BIGINT NOT NULL,
    gone_at BIGINT NOT NULL
);
CREATE INDEX gone_connections_by_change ON gone_connections (changed);
CREATE INDEX gone_connections_by_age ON gone_connections (gone_at);

-- Apps (`APP/`) and people (`people/LOGIN`) that were deleted, until there is one of that name again.
CREATE TABLE gone_owners (
    owner TEXT PRIMARY KEY,
    gone_at BIGINT NOT NULL
);

-- The hash of what an API sends back, where a run waits for it.
ALTER TABLE runs ADD COLUMN state_hash BLOB;
CREATE INDEX runs_by_state ON runs (state_hash);
CREATE INDEX runs_by_owner ON runs (owner, connector);

CREATE TABLE apps (
    name TEXT PRIMARY KEY,
    title TEXT NOT NULL,
    origins TEXT NOT NULL,
    return_addresses TEXT NOT NULL,
    connectors TEXT NOT NULL,
    screen_at_start BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE app_keys (
    id TEXT PRIMARY KEY,
    app TEXT NOT NULL,
    hash BLOB NOT NULL UNIQUE,
    hint TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX app_keys_by_app ON app_keys (app);

-- The newest version of each definition. One that was deleted keeps its row, so that its numbers go on.
CREATE TABLE definitions (
    connector TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    deleted_at BIGINT
);

CREATE TABLE definition_versions (
    connector TEXT NOT NULL,
    version BIGINT NOT NULL,
    content TEXT NOT NULL,
    author TEXT NOT NULL,
    note TEXT,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (connector, version)
);

CREATE TABLE people (
    login TEXT PRIMARY KEY,
    role TEXT NOT NULL,
    password BLOB NOT NULL,
    disabled BIGINT NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL
);

-- Of a person, whose app is the empty text, or of an app's user.
CREATE TABLE sessions (
    id TEXT PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    kind TEXT NOT NULL,
    app TEXT NOT NULL,
    subject TEXT NOT NULL,
    agent TEXT,
    created_at BIGINT NOT NULL,
    seen_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_subject ON sessions (kind, app, subject);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE tokens (
    id TEXT PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    last_used_at BIGINT,
    expires_at BIGINT
);
CREATE INDEX tokens_by_login ON tokens (login);

CREATE TABLE tickets (
    hash BLOB PRIMARY KEY,
    kind TEXT NOT NULL,
    sealed BLOB NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX tickets_by_expiry ON tickets (expires_at);

-- What was used up and carries nothing.
CREATE TABLE spent (
    hash BLOB PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE INDEX spent_by_expiry ON spent (expires_at);

CREATE TABLE server_secrets (
    name TEXT PRIMARY KEY,
    sealed BLOB NOT NULL,
    created_at BIGINT NOT NULL
);
