//! What the desk needs beyond the straight way: clocks that are held, extended and reminded of, settings and calendars of
//! a county, notices to members.

super::migration!(
    "m0005_desk",
    r"
ALTER TABLE complaints ADD COLUMN is_order BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE complaints ADD COLUMN is_emergency BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE complaints ADD COLUMN assigned_at {micros};
ALTER TABLE complaints ADD COLUMN is_dispatch_final BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE complaints ADD COLUMN last_replied_at {micros};
ALTER TABLE complaints ADD COLUMN duplicate_of_id {id};
ALTER TABLE complaints ADD COLUMN supervised_by {id};
ALTER TABLE complaints ADD COLUMN supervised_at {micros};
ALTER TABLE complaints ADD COLUMN supervised_reason {text};
ALTER TABLE complaints ADD COLUMN supervised_due_at {micros};
ALTER TABLE complaints ADD COLUMN redo_asked_at {micros};
ALTER TABLE complaints ADD COLUMN redo_reason {text};
ALTER TABLE complaints ADD COLUMN redo_not_by {id};
ALTER TABLE complaints ADD COLUMN pace {text} NOT NULL DEFAULT '{}';
ALTER TABLE complaints ADD COLUMN is_extension_asked BOOLEAN NOT NULL DEFAULT FALSE;
ALTER TABLE complaints ADD COLUMN wake_at {micros};
ALTER TABLE imports ADD COLUMN is_order BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE complaints SET last_replied_at = replied_at;
UPDATE complaints SET is_order = TRUE WHERE channel = 'phone';
UPDATE complaints SET wake_at = soon_at WHERE due_at IS NOT NULL;
UPDATE complaints SET wake_at = replied_at WHERE state = 'replied';
CREATE INDEX complaints_by_wake ON complaints (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX complaints_by_lead ON complaints (region_id, duplicate_of_id, received_at) WHERE duplicate_of_id IS NOT NULL;

CREATE TABLE complaint_reminders (
    region_id {id} NOT NULL,
    complaint_id {id} NOT NULL,
    due_on {text} NOT NULL,
    rung {text} NOT NULL CHECK (rung IN ('due_soon', 'yellow_card', 'red_card', 'circular_notice')),
    created_at {micros} NOT NULL,
    PRIMARY KEY (region_id, complaint_id, due_on, rung),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);

CREATE TABLE settings (
    region_id {id} NOT NULL PRIMARY KEY,
    json {text} NOT NULL,
    version BIGINT NOT NULL
);

CREATE TABLE calendar_years (
    region_id {id} NOT NULL,
    year INTEGER NOT NULL,
    loaded_by {id} NOT NULL,
    loaded_at {micros} NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (region_id, year),
    FOREIGN KEY (region_id, loaded_by) REFERENCES members (region_id, id)
);

CREATE TABLE calendar_days (
    region_id {id} NOT NULL,
    day {text} NOT NULL,
    year INTEGER NOT NULL,
    is_worked BOOLEAN NOT NULL,
    PRIMARY KEY (region_id, day),
    FOREIGN KEY (region_id, year) REFERENCES calendar_years (region_id, year)
);

CREATE TABLE notices (
    region_id {id} NOT NULL,
    id {id} NOT NULL,
    member_id {id} NOT NULL,
    complaint_id {id} NOT NULL,
    kind {text} NOT NULL,
    created_at {micros} NOT NULL,
    read_at {micros},
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, member_id) REFERENCES members (region_id, id),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);
CREATE INDEX notices_by_member ON notices (region_id, member_id, created_at, id);
CREATE INDEX notices_unread ON notices (region_id, member_id) WHERE read_at IS NULL;
"
);
