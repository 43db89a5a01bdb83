//! Indexes for the event log, each for one thing that it is narrowed down to. Timelines have one without the readings, of
//! which a case may have far more than steps.

super::migration!(
    "m0012_event_lists",
    r"
DROP INDEX events_by_subject;
DROP INDEX events_by_time;
CREATE INDEX events_of_subject ON events (region_id, subject_kind, subject_id, at) WHERE action <> 'complaints.read';
CREATE INDEX events_by_time ON events (region_id, listed_at, id);
CREATE INDEX events_by_subject ON events (region_id, subject_id, listed_at, id);
CREATE INDEX events_by_action ON events (region_id, action, listed_at, id);
CREATE INDEX events_by_unit ON events (region_id, unit_id, listed_at, id) WHERE unit_id IS NOT NULL;
CREATE INDEX events_by_actor ON events (region_id, actor_id, listed_at, id) WHERE actor_id IS NOT NULL;
CREATE INDEX events_by_principal ON events (region_id, acting_for, listed_at, id) WHERE acting_for IS NOT NULL;
CREATE INDEX events_of_no_member ON events (region_id, actor_kind, listed_at, id) WHERE actor_kind <> 'member';
CREATE INDEX members_by_english_name ON members (region_id, name_en) WHERE name_en IS NOT NULL;
"
);
