-- How an app's users are known: what the server reads, and a key that the app shares.
CREATE TABLE app_sso (
    app TEXT PRIMARY KEY,
    settings TEXT NOT NULL,
    shared_key BLOB NOT NULL,
    version BIGINT NOT NULL
);
