//! Contact data hold sealed bytes alone from here on. What stands in the clear is put aside under other names, and sealed by
//! whoever brings the schema up to date, since a script has no keys; those columns are empty afterwards. `vault_keys` says
//! with which keys, and how a key that claims to be one of them is known.

super::migration!(
    "m0034_vault",
    r"
CREATE TABLE vault_keys (
    id {id} NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    check_value {bytes} NOT NULL,
    made_at {micros} NOT NULL
);
ALTER TABLE complaint_contacts RENAME COLUMN name TO clear_name;
ALTER TABLE complaint_contacts RENAME COLUMN phone TO clear_phone;
ALTER TABLE complaint_contacts RENAME COLUMN email TO clear_email;
ALTER TABLE complaint_contacts ADD COLUMN name {bytes};
ALTER TABLE complaint_contacts ADD COLUMN phone {bytes};
ALTER TABLE complaint_contacts ADD COLUMN email {bytes};
ALTER TABLE complaint_contacts ADD COLUMN row_key {bytes};
ALTER TABLE complaint_contacts ADD COLUMN key_id {id} REFERENCES vault_keys (id);
ALTER TABLE complaint_contacts ADD COLUMN phone_index {bytes};
CREATE INDEX complaint_contacts_by_key ON complaint_contacts (key_id, region_id, complaint_id) WHERE key_id IS NOT NULL;
CREATE INDEX complaint_contacts_by_phone ON complaint_contacts (region_id, phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX complaint_contacts_in_clear ON complaint_contacts (region_id, complaint_id) WHERE clear_name IS NOT NULL;
CREATE TABLE vault_states (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    is_scrubbed BOOLEAN NOT NULL
);
INSERT INTO vault_states (id, is_scrubbed)
    SELECT 1, NOT EXISTS (SELECT 1 FROM complaint_contacts WHERE clear_name IS NOT NULL);
"
);
