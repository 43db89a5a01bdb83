//! What keeps the rest going: deliveries, keys against repeats, numbers, settings, the calendar.

table!(outbox = "outbox" {
    key { id: Uuid }
    region_id: Uuid,
    topic: String,
    subject_id: Uuid,
    created_at: i64,
    available_at: i64,
    leased_until: i64,
    attempts: i32,
    done_at: Option<i64>,
});

table!(idempotency_keys = "idempotency_keys" {
    key { caller: String, idempotency_key: Uuid }
    operation: String,
    request_hash: Vec<u8>,
    subject_id: Uuid,
    expires_at: i64,
});

table!(spent_challenges = "spent_challenges" {
    key { challenge: String }
    expires_at: i64,
});

table!(number_blocks = "number_blocks" {
    key { region_id: Uuid, year: i32 }
    next_serial: i64,
});

table!(settings = "settings" {
    key { region_id: Uuid }
    json: String,
    version: i64,
});

table!(calendar_years = "calendar_years" {
    key { region_id: Uuid, year: i32 }
    loaded_by: Uuid,
    loaded_at: i64,
    version: i64,
    december_version: i64,
});

table!(calendar_days = "calendar_days" {
    key { region_id: Uuid, day: String, year: i32 }
    is_worked: bool,
});
