//! What the event log is looked at by: the unit that held the thing when it happened, and the place in the order of the
//! list. Events that are there already get theirs: a case's events the unit that holds it now. The events of complainants
//! get new ids, since their old ones tell the moment; so far nothing is sealed by its id.

super::migration!(
    "m0011_events",
    r"
ALTER TABLE events ADD COLUMN unit_id {id};
ALTER TABLE events ADD COLUMN listed_at {micros} NOT NULL DEFAULT 0;

CREATE TABLE renamed_events (
    id {id} NOT NULL PRIMARY KEY,
    new_id {id} NOT NULL
);
",
    sqlite = r"
DROP TRIGGER events_are_never_changed;
INSERT INTO renamed_events (id, new_id)
SELECT id, unhex(
    hex(randomblob(6)) || '4' || substr(hex(randomblob(2)), 2) ||
    substr('89AB', 1 + (abs(random()) % 4), 1) || substr(hex(randomblob(2)), 2) || hex(randomblob(6))
) FROM events WHERE actor_kind = 'complainant' AND id NOT IN (SELECT event_id FROM log_entries);
UPDATE events SET
    unit_id = CASE subject_kind
        WHEN 'complaints' THEN (SELECT c.unit_id FROM complaints c WHERE c.region_id = events.region_id AND c.id = events.subject_id)
        WHEN 'members' THEN (SELECT m.unit_id FROM members m WHERE m.region_id = events.region_id AND m.id = events.subject_id)
        WHEN 'reply_templates' THEN (SELECT t.unit_id FROM reply_templates t WHERE t.region_id = events.region_id AND t.id = events.subject_id)
        WHEN 'units' THEN subject_id
    END,
    listed_at = CASE actor_kind WHEN 'complainant' THEN at - (at + 28800000000) % 86400000000 ELSE at END;
UPDATE event_details SET event_id = (SELECT r.new_id FROM renamed_events r WHERE r.id = event_id)
WHERE event_id IN (SELECT id FROM renamed_events);
UPDATE events SET id = (SELECT r.new_id FROM renamed_events r WHERE r.id = events.id)
WHERE id IN (SELECT id FROM renamed_events);
DROP TABLE renamed_events;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
",
    postgres = r"
ALTER TABLE events DISABLE TRIGGER events_are_never_changed;
INSERT INTO renamed_events (id, new_id)
SELECT id, gen_random_uuid() FROM events
WHERE actor_kind = 'complainant' AND id NOT IN (SELECT event_id FROM log_entries);
UPDATE events SET
    unit_id = CASE subject_kind
        WHEN 'complaints' THEN (SELECT c.unit_id FROM complaints c WHERE c.region_id = events.region_id AND c.id = events.subject_id)
        WHEN 'members' THEN (SELECT m.unit_id FROM members m WHERE m.region_id = events.region_id AND m.id = events.subject_id)
        WHEN 'reply_templates' THEN (SELECT t.unit_id FROM reply_templates t WHERE t.region_id = events.region_id AND t.id = events.subject_id)
        WHEN 'units' THEN subject_id
    END,
    listed_at = CASE actor_kind WHEN 'complainant' THEN at - (at + 28800000000) % 86400000000 ELSE at END,
    id = COALESCE((SELECT r.new_id FROM renamed_events r WHERE r.id = events.id), id);
UPDATE event_details SET event_id = r.new_id FROM renamed_events r WHERE r.id = event_details.event_id;
DROP TABLE renamed_events;
ALTER TABLE events ENABLE TRIGGER events_are_never_changed;
"
);
