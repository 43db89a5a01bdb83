//! Grants of roles that people give, end and look through; deputies, and what is done in another one's name.
//!
//! A deputy's grant names the one that it stands in for (`deputy_for`) and, so that a caller's rights are read at once, its
//! holder (`acting_for`).

super::migration!(
    "m0010_role_grants",
    r"
ALTER TABLE role_grants ADD COLUMN deputy_for {id};
ALTER TABLE role_grants ADD COLUMN acting_for {id} CHECK ((acting_for IS NULL) = (deputy_for IS NULL));
ALTER TABLE role_grants ADD COLUMN reason {text};
ALTER TABLE role_grants ADD COLUMN granted_by {id};
ALTER TABLE role_grants ADD COLUMN end_reason {text};
ALTER TABLE role_grants ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE INDEX role_grants_by_start ON role_grants (region_id, valid_from, id);
CREATE INDEX role_grants_by_role ON role_grants (region_id, role, valid_from, id);
CREATE INDEX role_grants_by_deputy ON role_grants (region_id, deputy_for) WHERE deputy_for IS NOT NULL;
CREATE INDEX role_grants_by_holder ON role_grants (region_id, acting_for) WHERE acting_for IS NOT NULL;
ALTER TABLE complaint_drafts ADD COLUMN drafted_for {id};
ALTER TABLE imports ADD COLUMN acting_for {id};
"
);
