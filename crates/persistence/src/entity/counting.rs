//! Kept sums, and what is still to be counted.

table!(complaint_sum_changes = "complaint_sum_changes" {
    key { id: Uuid }
    region_id: Uuid,
    sign: i16,
    is_sealed: bool,
    unit_id: Uuid,
    category_id: Option<Uuid>,
    channel: String,
    kind: String,
    state: String,
    received_month: String,
    replied_month: Option<String>,
    ended_month: Option<String>,
    reply_micros: Option<i64>,
    rating_level: Option<i16>,
    is_redone: bool,
    due_at: Option<i64>,
    soon_at: Option<i64>,
});

table!(complaint_sum_keepers = "complaint_sum_keepers" {
    key { id: i16 }
    is_built: bool,
    layout: String,
});

table!(complaint_author_changes = "complaint_author_changes" {
    key { id: Uuid }
    region_id: Uuid,
    sign: i16,
    is_sealed: bool,
    received_year: String,
    author_hash: Vec<u8>,
});

table!(complaint_authors = "complaint_authors" {
    key { region_id: Uuid, period: String, author_hash: Vec<u8> }
    open_cases: i64,
    sealed_cases: i64,
});

table!(complaint_author_sums = "complaint_author_sums" {
    key { region_id: Uuid, period: String }
    authors: i64,
    open_authors: i64,
});

table!(complaint_cells = "complaint_cells" {
    key { region_id: Uuid, axes: i16, period: String, is_sealed: bool, unit_id: Uuid, category_id: Uuid }
    packed: Vec<u8>,
});
