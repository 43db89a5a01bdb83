//! Links by which somebody gets into an account for the first time, or again. Of the token its hash alone is kept; a member
//! has one link at a time. The account of an invitation is made when it is used.

super::migration!(
    "m0031_account_links",
    r"
CREATE TABLE account_links (
    id {id} NOT NULL PRIMARY KEY,
    region_id {id} NOT NULL,
    member_id {id} NOT NULL,
    account_id {id} NOT NULL,
    kind {text} NOT NULL CHECK (kind IN ('invitation', 'reset')),
    token_hash {bytes} NOT NULL UNIQUE,
    issued_by {id} NOT NULL,
    issued_at {micros} NOT NULL,
    expires_at {micros} NOT NULL,
    closed_at {micros},
    close_reason {text} CHECK (close_reason IN ('used', 'revoked', 'replaced', 'role_granted', 'member_closed')),
    FOREIGN KEY (region_id, member_id) REFERENCES members (region_id, id)
);
CREATE UNIQUE INDEX account_links_open ON account_links (region_id, member_id) WHERE closed_at IS NULL;
CREATE INDEX account_links_by_expiry ON account_links (expires_at);
"
);
