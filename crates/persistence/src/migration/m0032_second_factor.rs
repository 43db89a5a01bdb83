//! The second factor: the seed of a member's device, sealed, with the last step whose code was used; recovery codes as hashes;
//! when a session last showed who it is; and what the owner of an account is told that somebody else did to it.
//!
//! A session of before has not confirmed anything. Nobody is exempt but the accounts of the demo county.

super::migration!(
    "m0032_second_factor",
    r"
ALTER TABLE accounts ADD COLUMN is_exempt BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE sessions ADD COLUMN confirmed_at {micros} NOT NULL DEFAULT 0;
CREATE TABLE second_factors (
    account_id {id} NOT NULL PRIMARY KEY REFERENCES accounts (id),
    sealed_seed {bytes},
    enrolled_at {micros},
    last_step BIGINT NOT NULL,
    begun_seed {bytes},
    begun_at {micros},
    CHECK ((sealed_seed IS NULL) = (enrolled_at IS NULL)),
    CHECK ((begun_seed IS NULL) = (begun_at IS NULL))
);
CREATE TABLE recovery_codes (
    account_id {id} NOT NULL REFERENCES second_factors (account_id) ON DELETE CASCADE,
    code_hash {bytes} NOT NULL,
    used_at {micros},
    PRIMARY KEY (account_id, code_hash)
);
CREATE TABLE account_notices (
    account_id {id} NOT NULL REFERENCES accounts (id),
    kind {text} NOT NULL CHECK (kind IN ('password_reset', 'second_factor_removed')),
    at {micros} NOT NULL,
    member_id {id} NOT NULL,
    PRIMARY KEY (account_id, kind)
);
"
);
