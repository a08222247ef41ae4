-- What a person has noted for themselves, such as that they need no first steps any more.
CREATE TABLE marks (
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    made_at BIGINT NOT NULL,
    PRIMARY KEY (login, name)
);
