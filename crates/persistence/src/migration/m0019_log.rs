//! The sealed log: which events wait for a place in it, the hashes of the tree over all that have one, and the signed
//! statements of how it stood; and each county's last verification of it. Everything that happened before waits, too.

super::migration!(
    "m0019_log",
    r"
CREATE TABLE unsealed_events (
    event_id {id} NOT NULL PRIMARY KEY,
    queued_at {micros} NOT NULL
);
CREATE TABLE log_nodes (
    level SMALLINT NOT NULL,
    node_index BIGINT NOT NULL,
    hash {bytes} NOT NULL,
    PRIMARY KEY (level, node_index)
);
CREATE TABLE log_checkpoints (
    number BIGINT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    made_at {micros} NOT NULL,
    note {text} NOT NULL
);
CREATE TABLE log_keepers (
    id SMALLINT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    peaks {bytes} NOT NULL,
    note {text} NOT NULL
);
CREATE TABLE log_verifications (
    region_id {id} NOT NULL PRIMARY KEY,
    state {text} NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'failed')),
    requested_by {id} NOT NULL,
    requested_for {id},
    requested_at {micros} NOT NULL,
    percent SMALLINT NOT NULL,
    finished_at {micros},
    faults {text} NOT NULL
);
CREATE INDEX log_entries_by_leaf ON log_entries (leaf_hash);
",
    sqlite = r"
INSERT INTO log_keepers (id, size, peaks, note) VALUES (1, 0, X'', '');
INSERT INTO unsealed_events (event_id, queued_at)
SELECT id, CAST(strftime('%s', 'now') AS INTEGER) * 1000000 FROM events;
CREATE TRIGGER log_nodes_are_never_changed BEFORE UPDATE ON log_nodes
BEGIN SELECT RAISE(ABORT, 'log nodes are append-only'); END;
CREATE TRIGGER log_nodes_are_never_deleted BEFORE DELETE ON log_nodes
BEGIN SELECT RAISE(ABORT, 'log nodes are append-only'); END;
CREATE TRIGGER log_checkpoints_are_never_changed BEFORE UPDATE ON log_checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
CREATE TRIGGER log_checkpoints_are_never_deleted BEFORE DELETE ON log_checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
",
    postgres = r"
INSERT INTO log_keepers (id, size, peaks, note) VALUES (1, 0, '', '');
INSERT INTO unsealed_events (event_id, queued_at)
SELECT id, CAST(EXTRACT(EPOCH FROM now()) AS BIGINT) * 1000000 FROM events;
CREATE TRIGGER log_nodes_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON log_nodes
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER log_checkpoints_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON log_checkpoints
FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
"
);
