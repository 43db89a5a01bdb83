//! What is watched: cases under supervision until somebody lifts it, with the reports that they owe; cards of the ladder,
//! which the unit may appeal.

super::migration!(
    "m0014_watch",
    r"
ALTER TABLE complaints ADD COLUMN supervised_report_days INTEGER;
ALTER TABLE complaints ADD COLUMN supervised_reported_at {micros};
ALTER TABLE complaints ADD COLUMN report_due_at {micros};
ALTER TABLE complaints ADD COLUMN wake_failures INTEGER NOT NULL DEFAULT 0;
CREATE INDEX complaints_by_supervisor ON complaints (region_id, supervised_by, received_at, id)
    WHERE supervised_by IS NOT NULL;
CREATE INDEX complaints_report_due ON complaints (region_id, report_due_at) WHERE report_due_at IS NOT NULL;

ALTER TABLE notices ADD COLUMN group_id {id};
CREATE INDEX notices_grouped ON notices (region_id, group_id) WHERE group_id IS NOT NULL;
CREATE INDEX notices_open ON notices (region_id, member_id, kind, created_at, id)
    WHERE read_at IS NULL AND group_id IS NULL;

CREATE TABLE cards (
    region_id {id} NOT NULL,
    id {id} NOT NULL,
    complaint_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    handler_id {id},
    kind {text} NOT NULL CHECK (kind IN ('yellow_card', 'red_card', 'circular_notice')),
    due_on {text} NOT NULL,
    given_at {micros} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('proposed', 'standing', 'appealed', 'upheld', 'lifted', 'dropped')),
    proposal_by {id},
    proposal_at {micros},
    proposal_reason {text},
    appealed_by {id},
    appealed_at {micros},
    appeal_reason {text},
    decided_by {id},
    decided_at {micros},
    decision_reason {text},
    version BIGINT NOT NULL,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, complaint_id, due_on, kind),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id),
    FOREIGN KEY (region_id, unit_id) REFERENCES units (region_id, id),
    FOREIGN KEY (region_id, handler_id) REFERENCES members (region_id, id),
    FOREIGN KEY (region_id, proposal_by) REFERENCES members (region_id, id),
    FOREIGN KEY (region_id, appealed_by) REFERENCES members (region_id, id),
    FOREIGN KEY (region_id, decided_by) REFERENCES members (region_id, id)
);
CREATE INDEX cards_by_time ON cards (region_id, given_at, id);
CREATE INDEX cards_by_unit ON cards (region_id, unit_id, given_at, id);
CREATE INDEX cards_by_state ON cards (region_id, state, given_at, id);
CREATE INDEX cards_by_kind ON cards (region_id, kind, given_at, id);
"
);
