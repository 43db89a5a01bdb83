//! The event log, and what seals it.

table!(events = "events" {
    key { id: Uuid }
    region_id: Uuid,
    subject_kind: String,
    subject_id: Uuid,
    action: String,
    actor_kind: String,
    actor_id: Option<Uuid>,
    acting_for: Option<Uuid>,
    at: i64,
    position: i32,
    detail_hash: Vec<u8>,
    unit_id: Option<Uuid>,
    listed_at: i64,
});

table!(event_details = "event_details" {
    key { event_id: Uuid }
    salt: Vec<u8>,
    json: String,
});

table!(log_entries = "log_entries" {
    key { log_index: i64 }
    event_id: Uuid,
    leaf_hash: Vec<u8>,
});

table!(unsealed_events = "unsealed_events" {
    key { event_id: Uuid }
    queued_at: i64,
});

table!(log_nodes = "log_nodes" {
    key { level: i16, node_index: i64 }
    hash: Vec<u8>,
});

table!(log_checkpoints = "log_checkpoints" {
    key { number: i64 }
    size: i64,
    made_at: i64,
    note: String,
});

table!(log_keepers = "log_keepers" {
    key { id: i16 }
    size: i64,
    peaks: Vec<u8>,
    note: String,
});

table!(log_verifications = "log_verifications" {
    key { region_id: Uuid }
    state: String,
    requested_by: Uuid,
    requested_for: Option<Uuid>,
    requested_at: i64,
    percent: i16,
    finished_at: Option<i64>,
    faults: String,
});
