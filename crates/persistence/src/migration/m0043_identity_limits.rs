//! How often a member has asked for an identity today, or looked a telephone number up, and how often an approved request was read.
//! A row for each member and kind, which begins anew with each day.

super::migration!(
    "m0043_identity_limits",
    r"
CREATE TABLE identity_uses (
    region_id {id} NOT NULL,
    member_id {id} NOT NULL,
    kind {text} NOT NULL CHECK (kind IN ('ask', 'look_up')),
    day_began_at {micros} NOT NULL,
    uses BIGINT NOT NULL,
    PRIMARY KEY (region_id, member_id, kind),
    FOREIGN KEY (region_id, member_id) REFERENCES members (region_id, id)
);
ALTER TABLE identity_openings ADD COLUMN readings BIGINT NOT NULL DEFAULT 0;
"
);
