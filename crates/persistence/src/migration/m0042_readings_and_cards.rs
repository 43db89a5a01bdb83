//! By what the names of units and members are found in Latin letters. Null where an earlier version wrote the row: the worker fills
//! these. And whether the public sees who a member is, and that they belong to the party.

super::migration!(
    "m0042_readings_and_cards",
    r"
ALTER TABLE units ADD COLUMN reading {text};
ALTER TABLE units ADD COLUMN readings {text};
ALTER TABLE members ADD COLUMN reading {text};
ALTER TABLE members ADD COLUMN readings {text};
ALTER TABLE members ADD COLUMN is_public BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE members ADD COLUMN shows_party BOOLEAN NOT NULL DEFAULT FALSE;
CREATE INDEX units_unread ON units (region_id, id) WHERE readings IS NULL;
CREATE INDEX members_public ON members (region_id, unit_id, name, id) WHERE is_public = TRUE;
CREATE INDEX members_unread ON members (region_id, id) WHERE readings IS NULL;
"
);
