//! The kept sums as packed cells, so that every filter of the figures finds its counts, its durations and its clocks; and
//! how many different authors the imported cases have.
//!
//! A cell is of a county, a unit, a category or both, over a year (`period` is `2026`) or all time (it is empty). What it is
//! not of has the lowest value of its column, and a case without a category the highest. What was kept before is built anew.

super::migration!(
    "m0016_cells",
    r"
DROP TABLE complaint_sums;
DROP TABLE complaint_spreads;
DELETE FROM complaint_sum_changes;
ALTER TABLE complaint_sum_changes ADD COLUMN due_at {micros};
ALTER TABLE complaint_sum_changes ADD COLUMN soon_at {micros};
ALTER TABLE complaint_sum_keepers ADD COLUMN layout {text} NOT NULL DEFAULT '';
UPDATE complaint_sum_keepers SET is_built = FALSE;

CREATE TABLE complaint_author_changes (
    id {id} NOT NULL PRIMARY KEY,
    region_id {id} NOT NULL,
    sign SMALLINT NOT NULL CHECK (sign IN (-1, 1)),
    is_sealed BOOLEAN NOT NULL,
    received_year {text} NOT NULL,
    author_hash {bytes} NOT NULL
);
CREATE TABLE complaint_authors (
    region_id {id} NOT NULL,
    period {text} NOT NULL,
    author_hash {bytes} NOT NULL,
    open_cases BIGINT NOT NULL,
    sealed_cases BIGINT NOT NULL,
    PRIMARY KEY (region_id, period, author_hash)
);
CREATE TABLE complaint_author_sums (
    region_id {id} NOT NULL,
    period {text} NOT NULL,
    authors BIGINT NOT NULL,
    open_authors BIGINT NOT NULL,
    PRIMARY KEY (region_id, period)
);
CREATE INDEX complaint_contacts_by_author ON complaint_contacts (region_id, complaint_id) WHERE author_hash IS NOT NULL;
",
    sqlite = r"
CREATE TABLE complaint_cells (
    region_id {id} NOT NULL,
    axes SMALLINT NOT NULL,
    period {text} NOT NULL,
    is_sealed BOOLEAN NOT NULL,
    unit_id {id} NOT NULL,
    category_id {id} NOT NULL,
    packed {bytes} NOT NULL,
    PRIMARY KEY (region_id, axes, period, is_sealed, unit_id, category_id)
) WITHOUT ROWID;
",
    postgres = r"
CREATE TABLE complaint_cells (
    region_id {id} NOT NULL,
    axes SMALLINT NOT NULL,
    period {text} NOT NULL,
    is_sealed BOOLEAN NOT NULL,
    unit_id {id} NOT NULL,
    category_id {id} NOT NULL,
    packed {bytes} NOT NULL,
    PRIMARY KEY (region_id, axes, period, is_sealed, unit_id, category_id)
);
ALTER TABLE complaint_cells ALTER COLUMN packed SET STORAGE EXTERNAL;
"
);
