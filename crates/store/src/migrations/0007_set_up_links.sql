-- Links by which a person sets a password of their own: one a person, the newest. Its hash alone is kept.
CREATE TABLE set_up_links (
    login TEXT PRIMARY KEY,
    hash BLOB NOT NULL UNIQUE,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
);
