-- Single sign-on: who an owner is at an identity provider, with its tokens; and which of our people is whom there.

CREATE TABLE identities (
    owner TEXT PRIMARY KEY,
    version BIGINT NOT NULL,
    sealed BLOB NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE TABLE person_identities (
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    login TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (issuer, subject)
);
CREATE INDEX person_identities_by_login ON person_identities (login);
