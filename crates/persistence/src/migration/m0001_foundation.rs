//! What everything stands on: events, outbox, idempotency keys, numbers.

super::migration!(
    "m0001_foundation",
    r"
CREATE TABLE events (
    id {id} NOT NULL PRIMARY KEY,
    region_id {id} NOT NULL,
    subject_kind {text} NOT NULL,
    subject_id {id} NOT NULL,
    action {text} NOT NULL,
    actor_kind {text} NOT NULL CHECK (actor_kind IN ('member', 'complainant', 'system')),
    actor_id {id},
    acting_for {id},
    at {micros} NOT NULL,
    position INTEGER NOT NULL,
    detail_hash {bytes} NOT NULL
);
CREATE INDEX events_by_subject ON events (region_id, subject_kind, subject_id, at);
CREATE INDEX events_by_time ON events (region_id, at);

CREATE TABLE event_details (
    event_id {id} NOT NULL PRIMARY KEY,
    salt {bytes} NOT NULL,
    json {text} NOT NULL
);

CREATE TABLE log_entries (
    log_index BIGINT NOT NULL PRIMARY KEY,
    event_id {id} NOT NULL UNIQUE,
    leaf_hash {bytes} NOT NULL
);

CREATE TABLE outbox (
    id {id} NOT NULL PRIMARY KEY,
    region_id {id} NOT NULL,
    topic {text} NOT NULL,
    subject_id {id} NOT NULL,
    created_at {micros} NOT NULL,
    available_at {micros} NOT NULL,
    leased_until {micros} NOT NULL,
    attempts INTEGER NOT NULL,
    done_at {micros}
);
CREATE INDEX outbox_open ON outbox (available_at) WHERE done_at IS NULL;

CREATE TABLE idempotency_keys (
    caller {text} NOT NULL,
    idempotency_key {id} NOT NULL,
    operation {text} NOT NULL,
    request_hash {bytes} NOT NULL,
    subject_id {id} NOT NULL,
    expires_at {micros} NOT NULL,
    PRIMARY KEY (caller, idempotency_key)
);
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);

CREATE TABLE spent_challenges (
    challenge {text} NOT NULL PRIMARY KEY,
    expires_at {micros} NOT NULL
);
CREATE INDEX spent_challenges_by_expiry ON spent_challenges (expires_at);

CREATE TABLE number_blocks (
    region_id {id} NOT NULL,
    year INTEGER NOT NULL,
    next_serial BIGINT NOT NULL,
    PRIMARY KEY (region_id, year)
);
",
    sqlite = r"
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER log_entries_are_never_changed BEFORE UPDATE ON log_entries
BEGIN SELECT RAISE(ABORT, 'log entries are append-only'); END;
CREATE TRIGGER log_entries_are_never_deleted BEFORE DELETE ON log_entries
BEGIN SELECT RAISE(ABORT, 'log entries are append-only'); END;
",
    postgres = r"
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '% are append-only', TG_TABLE_NAME; END $$;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON events
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_entries_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON log_entries
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"
);
