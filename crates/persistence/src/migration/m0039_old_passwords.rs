//! Earlier passwords of an account, as hashes: where passwords change at intervals a new one must differ from the last few.
//! And whether the one in use was long enough to stand without a second factor.

super::migration!(
    "m0039_old_passwords",
    r"
CREATE TABLE old_passwords (
    account_id {id} NOT NULL,
    ended_at {micros} NOT NULL,
    password_hash {text} NOT NULL,
    PRIMARY KEY (account_id, ended_at),
    FOREIGN KEY (account_id) REFERENCES accounts (id)
);
ALTER TABLE accounts ADD COLUMN password_stands_alone BOOLEAN NOT NULL DEFAULT TRUE;
"
);
