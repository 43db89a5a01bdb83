//! A year's notice names days of the December before: the same day may stand in two notices, and the year that it lies in
//! changes with the later one.

super::migration!(
    "m0013_decembers",
    r"
ALTER TABLE calendar_years ADD COLUMN december_version BIGINT NOT NULL DEFAULT 0;
",
    sqlite = r"
CREATE TABLE calendar_days_by_notice (
    region_id {id} NOT NULL,
    day {text} NOT NULL,
    year INTEGER NOT NULL,
    is_worked BOOLEAN NOT NULL,
    PRIMARY KEY (region_id, year, day),
    FOREIGN KEY (region_id, year) REFERENCES calendar_years (region_id, year)
);
INSERT INTO calendar_days_by_notice (region_id, day, year, is_worked)
    SELECT region_id, day, year, is_worked FROM calendar_days;
DROP TABLE calendar_days;
ALTER TABLE calendar_days_by_notice RENAME TO calendar_days;
",
    postgres = r"
ALTER TABLE calendar_days DROP CONSTRAINT calendar_days_pkey;
ALTER TABLE calendar_days ADD PRIMARY KEY (region_id, year, day);
"
);
