//! Units and members in bulk: the keys by which a list from elsewhere knows them, and imports of more than ledgers.
//!
//! Who is closed gives the key free: a school that takes another one's place, somebody who comes back.

super::migration!(
    "m0036_bulk",
    r"
ALTER TABLE units ADD COLUMN code {text};
CREATE UNIQUE INDEX units_open_codes ON units (region_id, code) WHERE closed_at IS NULL AND code IS NOT NULL;
ALTER TABLE members ADD COLUMN staff_number {text};
CREATE UNIQUE INDEX members_open_numbers ON members (region_id, staff_number) WHERE closed_at IS NULL AND staff_number IS NOT NULL;
CREATE INDEX members_by_number ON members (region_id, staff_number) WHERE staff_number IS NOT NULL;

ALTER TABLE imports ADD COLUMN kind {text} NOT NULL DEFAULT 'complaints'
    CHECK (kind IN ('complaints', 'units', 'members'));
CREATE INDEX imports_by_kind ON imports (region_id, kind, created_at, id);

CREATE TABLE import_changes (
    region_id {id} NOT NULL,
    import_id {id} NOT NULL,
    row_number BIGINT NOT NULL,
    outcome {text} NOT NULL CHECK (outcome IN ('created', 'updated')),
    name {text} NOT NULL,
    fields {text} NOT NULL,
    PRIMARY KEY (region_id, import_id, row_number),
    FOREIGN KEY (region_id, import_id) REFERENCES imports (region_id, id)
);
"
);
