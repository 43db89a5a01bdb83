//! Contact data, the keys that seal them, and who asked to see them.

table!(complaint_contacts = "complaint_contacts" {
    key { region_id: Uuid, complaint_id: Uuid }
    author_hash: Option<Vec<u8>>,
    name: Option<Vec<u8>>,
    phone: Option<Vec<u8>>,
    email: Option<Vec<u8>>,
    row_key: Option<Vec<u8>>,
    key_id: Option<Uuid>,
    phone_index: Option<Vec<u8>>,
    held_at: Option<i64>,
    held_by: Option<Uuid>,
    hold_reason: Option<String>,
    erased_at: Option<i64>,
    guardian: Option<Vec<u8>>,
});

// What an older version left in the clear in that table, until it is sealed.
table!(clear_contacts = "complaint_contacts" {
    key { region_id: Uuid, complaint_id: Uuid }
    clear_name: Option<String>,
    clear_phone: Option<String>,
    clear_email: Option<String>,
});

table!(vault_keys = "vault_keys" {
    key { id: Uuid }
    number: i32,
    check_value: Vec<u8>,
    made_at: i64,
});

table!(identity_openings = "identity_openings" {
    key { region_id: Uuid, id: Uuid }
    complaint_id: Uuid,
    asked_by: Uuid,
    asked_for: Option<Uuid>,
    asked_at: i64,
    category: String,
    reason: String,
    ends_at: i64,
    state: String,
    decided_by: Option<Uuid>,
    decided_for: Option<Uuid>,
    decided_at: Option<i64>,
    decision_reason: Option<String>,
    open_until: Option<i64>,
    first_read_at: Option<i64>,
    version: i64,
    readings: i64,
});

// How often somebody asked, or looked a number up, on the day of the last time.
table!(identity_uses = "identity_uses" {
    key { region_id: Uuid, member_id: Uuid, kind: String }
    day_began_at: i64,
    uses: i64,
});

table!(vault_states = "vault_states" {
    key { id: i32 }
    is_scrubbed: bool,
});
