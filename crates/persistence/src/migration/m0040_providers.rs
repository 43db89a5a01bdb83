//! Who at an identity provider an account belongs to. The provider's name for somebody is unique there and means nothing here.

super::migration!(
    "m0040_providers",
    r"
CREATE TABLE account_ties (
    account_id {id} NOT NULL,
    issuer {text} NOT NULL,
    subject {text} NOT NULL,
    tied_at {micros} NOT NULL,
    PRIMARY KEY (account_id, issuer),
    FOREIGN KEY (account_id) REFERENCES accounts (id)
);
CREATE UNIQUE INDEX account_ties_subject ON account_ties (issuer, subject);
"
);
