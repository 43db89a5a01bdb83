//! Runs over files that were taken in.

table!(imports = "imports" {
    key { region_id: Uuid, id: Uuid }
    state: String,
    is_dry_run: bool,
    source: String,
    file_name: String,
    mapping: String,
    rows_total: i64,
    rows_done: i64,
    rows_created: i64,
    rows_updated: i64,
    rows_unchanged: i64,
    rows_failed: i64,
    failure: Option<String>,
    created_by: Uuid,
    created_at: i64,
    finished_at: Option<i64>,
    is_order: bool,
    acting_for: Option<Uuid>,
    kind: String,
});

table!(import_file_pieces = "import_file_pieces" {
    key { region_id: Uuid, import_id: Uuid, position: i64 }
    kept_at: i64,
    content: Vec<u8>,
});

table!(import_errors = "import_errors" {
    key { region_id: Uuid, import_id: Uuid, position: i64 }
    row_number: i64,
    column_letter: Option<String>,
    code: String,
    detail_zh: String,
    detail_en: String,
});

table!(import_changes = "import_changes" {
    key { region_id: Uuid, import_id: Uuid, row_number: i64 }
    outcome: String,
    name: String,
    fields: String,
});
