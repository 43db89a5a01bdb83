//! What is watched: cases under supervision until somebody lifts it, with the reports that they owe.

super::migration!(
    "m0014_watch",
    r"
ALTER TABLE complaints ADD COLUMN supervised_report_days INTEGER;
ALTER TABLE complaints ADD COLUMN supervised_reported_at {micros};
ALTER TABLE complaints ADD COLUMN report_due_at {micros};
CREATE INDEX complaints_by_supervisor ON complaints (region_id, supervised_by, received_at, id)
    WHERE supervised_by IS NOT NULL;
CREATE INDEX complaints_report_due ON complaints (region_id, report_due_at) WHERE report_due_at IS NOT NULL;
"
);
