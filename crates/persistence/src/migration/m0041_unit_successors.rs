//! Which units came in the place of one that closed.

super::migration!(
    "m0041_unit_successors",
    r"
CREATE TABLE unit_successors (
    region_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    successor_id {id} NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('merged', 'split')),
    at {micros} NOT NULL,
    PRIMARY KEY (region_id, unit_id, successor_id),
    FOREIGN KEY (region_id, unit_id) REFERENCES units (region_id, id),
    FOREIGN KEY (region_id, successor_id) REFERENCES units (region_id, id),
    CHECK (unit_id <> successor_id)
);
CREATE INDEX unit_successors_back ON unit_successors (region_id, successor_id, at);
"
);
