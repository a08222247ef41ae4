-- When a connection was last renewed, and sign-ins that need no person and do not work for now.

ALTER TABLE connections ADD COLUMN renewed_at BIGINT;
-- What the state told until now: that a renewal was the last thing that happened.
UPDATE connections SET renewed_at = updated_at WHERE version > 1 AND state LIKE '%"reason":"renewed"%';

-- By the turn that such a sign-in takes. `basis` is a keyed hash of the definition and the secrets it failed with.
CREATE TABLE sign_in_setbacks (
    turn TEXT PRIMARY KEY,
    basis BLOB NOT NULL,
    content TEXT NOT NULL,
    forget_at BIGINT NOT NULL
);
CREATE INDEX sign_in_setbacks_by_age ON sign_in_setbacks (forget_at);
