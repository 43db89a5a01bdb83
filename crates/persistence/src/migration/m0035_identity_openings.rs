//! Who asked to know who filed a case, what another person said to it, and whether it was read. What was read is in no table.
//! Beside it how long contact data are kept: until the time is over, unless a legal hold stops that.

super::migration!(
    "m0035_identity_openings",
    r"
CREATE TABLE identity_openings (
    region_id {id} NOT NULL,
    id {id} NOT NULL,
    complaint_id {id} NOT NULL,
    asked_by {id} NOT NULL,
    asked_for {id},
    asked_at {micros} NOT NULL,
    category {text} NOT NULL CHECK (category IN ('contact', 'danger', 'retaliation', 'law', 'other')),
    reason {text} NOT NULL,
    ends_at {micros} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('waiting', 'approved', 'refused', 'withdrawn', 'lapsed')),
    decided_by {id},
    decided_for {id},
    decided_at {micros},
    decision_reason {text},
    open_until {micros},
    first_read_at {micros},
    version BIGINT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id),
    FOREIGN KEY (region_id, asked_by) REFERENCES members (region_id, id),
    CHECK ((state = 'approved') = (open_until IS NOT NULL)),
    CHECK ((state IN ('approved', 'refused')) = (decided_by IS NOT NULL))
);
ALTER TABLE complaint_contacts ADD COLUMN held_at {micros};
ALTER TABLE complaint_contacts ADD COLUMN held_by {id};
ALTER TABLE complaint_contacts ADD COLUMN hold_reason {text};
ALTER TABLE complaint_contacts ADD COLUMN erased_at {micros};
CREATE UNIQUE INDEX identity_openings_waiting ON identity_openings (region_id, complaint_id, asked_by) WHERE state = 'waiting';
CREATE INDEX identity_openings_of_case ON identity_openings (region_id, complaint_id, asked_at, id);
CREATE INDEX identity_openings_in_order ON identity_openings (region_id, asked_at, id);
CREATE INDEX identity_openings_to_answer ON identity_openings (region_id, asked_at, id) WHERE state = 'waiting';
"
);
