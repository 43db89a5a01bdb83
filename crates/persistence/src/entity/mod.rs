//! The tables as Rust types, one module a table, in the order of the migrations. Times are microseconds since the epoch;
//! the domain's types are made from rows beside the commands that need them.

/// Declares a table: `key` columns form the primary key, in this order.
macro_rules! table {
    ($name:ident = $table:literal { key { $($key:ident: $key_type:ty),+ $(,)? } $($column:ident: $column_type:ty),* $(,)? }) => {
        pub(crate) mod $name {
            use sea_orm::entity::prelude::*;

            #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
            #[sea_orm(table_name = $table)]
            pub(crate) struct Model {
                $(#[sea_orm(primary_key, auto_increment = false)]
                pub $key: $key_type,)+
                $(pub $column: $column_type,)*
            }

            #[derive(Clone, Copy, Debug, EnumIter, DeriveRelation)]
            pub(crate) enum Relation {}

            impl ActiveModelBehavior for ActiveModel {}
        }
    };
}

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

table!(units = "units" {
    key { region_id: Uuid, id: Uuid }
    parent_id: Option<Uuid>,
    kind: String,
    name: String,
    name_en: Option<String>,
    head: Option<String>,
    hotline: Option<String>,
    address: Option<String>,
    opening_hours: Option<String>,
    search_text: String,
    created_at: i64,
    closed_at: Option<i64>,
    version: i64,
    code: Option<String>,
});

table!(unit_closure = "unit_closure" {
    key { region_id: Uuid, ancestor_id: Uuid, descendant_id: Uuid }
    depth: i32,
});

table!(members = "members" {
    key { region_id: Uuid, id: Uuid }
    unit_id: Uuid,
    branch_id: Option<Uuid>,
    name: String,
    name_en: Option<String>,
    is_party_member: bool,
    search_text: String,
    created_at: i64,
    closed_at: Option<i64>,
    version: i64,
    staff_number: Option<String>,
});

table!(posts = "posts" {
    key { region_id: Uuid, id: Uuid }
    unit_id: Uuid,
    name: String,
    name_en: Option<String>,
    closed_at: Option<i64>,
});

table!(post_holders = "post_holders" {
    key { region_id: Uuid, id: Uuid }
    post_id: Uuid,
    member_id: Uuid,
    valid_from: i64,
    valid_to: Option<i64>,
});

table!(role_grants = "role_grants" {
    key { region_id: Uuid, id: Uuid }
    member_id: Uuid,
    unit_id: Uuid,
    role: String,
    valid_from: i64,
    valid_to: Option<i64>,
    deputy_for: Option<Uuid>,
    acting_for: Option<Uuid>,
    reason: Option<String>,
    granted_by: Option<Uuid>,
    end_reason: Option<String>,
    version: i64,
});

table!(accounts = "accounts" {
    key { id: Uuid }
    region_id: Uuid,
    member_id: Uuid,
    login: String,
    password_hash: String,
    password_changed_at: i64,
    must_change_password: bool,
    disabled_at: Option<i64>,
    created_at: i64,
    version: i64,
    is_exempt: bool,
    password_stands_alone: bool,
});

table!(old_passwords = "old_passwords" {
    key { account_id: Uuid, ended_at: i64 }
    password_hash: String,
});

table!(account_ties = "account_ties" {
    key { account_id: Uuid, issuer: String }
    subject: String,
    tied_at: i64,
});

table!(sessions = "sessions" {
    key { id: Uuid }
    region_id: Uuid,
    account_id: Uuid,
    created_at: i64,
    last_used_at: i64,
    expires_at: i64,
    ended_at: Option<i64>,
    end_reason: Option<String>,
    browser: String,
    system: String,
    confirmed_at: i64,
});

table!(refresh_tokens = "refresh_tokens" {
    key { token_hash: Vec<u8> }
    session_id: Uuid,
    issued_at: i64,
    used_at: Option<i64>,
});

table!(account_links = "account_links" {
    key { id: Uuid }
    region_id: Uuid,
    member_id: Uuid,
    account_id: Uuid,
    kind: String,
    token_hash: Vec<u8>,
    issued_by: Uuid,
    issued_at: i64,
    expires_at: i64,
    closed_at: Option<i64>,
    close_reason: Option<String>,
});

table!(second_factors = "second_factors" {
    key { account_id: Uuid }
    sealed_seed: Option<Vec<u8>>,
    enrolled_at: Option<i64>,
    last_step: i64,
    begun_seed: Option<Vec<u8>>,
    begun_at: Option<i64>,
});

table!(recovery_codes = "recovery_codes" {
    key { account_id: Uuid, code_hash: Vec<u8> }
    used_at: Option<i64>,
});

table!(account_notices = "account_notices" {
    key { account_id: Uuid, kind: String }
    at: i64,
    member_id: Uuid,
});

table!(bootstrap_tokens = "bootstrap_tokens" {
    key { token_hash: Vec<u8> }
    expires_at: i64,
    used_at: Option<i64>,
});

table!(categories = "categories" {
    key { region_id: Uuid, id: Uuid }
    parent_id: Option<Uuid>,
    name: String,
    name_en: Option<String>,
    depth: i32,
    position: i32,
    closed_at: Option<i64>,
    version: i64,
});

table!(complaints = "complaints" {
    key { region_id: Uuid, id: Uuid }
    number: String,
    receipt_hash: Vec<u8>,
    kind: String,
    channel: String,
    state: String,
    is_sealed: bool,
    is_anonymous: bool,
    about_unit_id: Option<Uuid>,
    unit_id: Uuid,
    handler_id: Option<Uuid>,
    category_id: Option<Uuid>,
    title: String,
    body: String,
    received_at: i64,
    received_month: String,
    accepted_at: Option<i64>,
    replied_at: Option<i64>,
    replied_month: Option<String>,
    reply_micros: Option<i64>,
    ended_at: Option<i64>,
    ended_reason: Option<String>,
    where_to_go: Option<String>,
    due_at: Option<i64>,
    soon_at: Option<i64>,
    rating_level: Option<i16>,
    rating_comment: Option<String>,
    rated_at: Option<i64>,
    version: i64,
    is_order: bool,
    is_emergency: bool,
    assigned_at: Option<i64>,
    is_dispatch_final: bool,
    last_replied_at: Option<i64>,
    duplicate_of_id: Option<Uuid>,
    supervised_by: Option<Uuid>,
    supervised_at: Option<i64>,
    supervised_reason: Option<String>,
    supervised_due_at: Option<i64>,
    redo_asked_at: Option<i64>,
    redo_reason: Option<String>,
    redo_not_by: Option<Uuid>,
    pace: String,
    is_extension_asked: bool,
    wake_at: Option<i64>,
    supervised_report_days: Option<i32>,
    supervised_reported_at: Option<i64>,
    report_due_at: Option<i64>,
    wake_failures: i32,
    has_accused: bool,
});

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
});

table!(vault_states = "vault_states" {
    key { id: i32 }
    is_scrubbed: bool,
});

table!(complaint_accused = "complaint_accused" {
    key { region_id: Uuid, complaint_id: Uuid, subject_id: Uuid }
    subject_kind: String,
});

table!(complaint_messages = "complaint_messages" {
    key { region_id: Uuid, id: Uuid }
    complaint_id: Uuid,
    member_id: Option<Uuid>,
    body: String,
    created_at: i64,
});

table!(complaint_replies = "complaint_replies" {
    key { region_id: Uuid, id: Uuid }
    complaint_id: Uuid,
    unit_id: Uuid,
    request: Option<String>,
    facts: Option<String>,
    decision: Option<String>,
    basis: Option<String>,
    body: String,
    drafted_by: Option<Uuid>,
    approved_by: Option<Uuid>,
    sent_at: i64,
});

table!(complaint_drafts = "complaint_drafts" {
    key { region_id: Uuid, complaint_id: Uuid }
    request: String,
    facts: String,
    decision: String,
    basis: String,
    drafted_by: Uuid,
    is_submitted: bool,
    approved_by: Option<Uuid>,
    returned_reason: Option<String>,
    updated_at: i64,
    drafted_for: Option<Uuid>,
    earlier_authors: Option<String>,
});

table!(complaint_search = "complaint_search" {
    key { region_id: Uuid, complaint_id: Uuid }
    content: String,
    document: Option<i64>,
    index_version: i16,
});

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

table!(complaint_sources = "complaint_sources" {
    key { region_id: Uuid, source: String, external_ref: String }
    complaint_id: Uuid,
    row_hash: Vec<u8>,
});

table!(complaint_reminders = "complaint_reminders" {
    key { region_id: Uuid, complaint_id: Uuid, due_on: String, rung: String }
    created_at: i64,
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

table!(notices = "notices" {
    key { region_id: Uuid, id: Uuid }
    member_id: Uuid,
    complaint_id: Uuid,
    kind: String,
    created_at: i64,
    read_at: Option<i64>,
    group_id: Option<Uuid>,
});

table!(reply_templates = "reply_templates" {
    key { region_id: Uuid, id: Uuid }
    unit_id: Uuid,
    category_id: Option<Uuid>,
    kind: Option<String>,
    purpose: String,
    name: String,
    request: String,
    facts: String,
    decision: String,
    basis: String,
    body: String,
    created_at: i64,
    closed_at: Option<i64>,
    version: i64,
});

table!(saved_views = "saved_views" {
    key { region_id: Uuid, id: Uuid }
    member_id: Uuid,
    name: String,
    query: String,
    created_at: i64,
});

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

table!(cards = "cards" {
    key { region_id: Uuid, id: Uuid }
    complaint_id: Uuid,
    unit_id: Uuid,
    handler_id: Option<Uuid>,
    kind: String,
    due_on: String,
    given_at: i64,
    state: String,
    proposal_by: Option<Uuid>,
    proposal_at: Option<i64>,
    proposal_reason: Option<String>,
    appealed_by: Option<Uuid>,
    appealed_at: Option<i64>,
    appeal_reason: Option<String>,
    decided_by: Option<Uuid>,
    decided_at: Option<i64>,
    decision_reason: Option<String>,
    version: i64,
    appealed_for: Option<Uuid>,
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

table!(attachments = "attachments" {
    key { region_id: Uuid, id: Uuid }
    subject_kind: Option<String>,
    subject_id: Option<Uuid>,
    position: i32,
    source: String,
    uploaded_by: Option<Uuid>,
    token_hash: Option<Vec<u8>>,
    state: String,
    refusal: Option<String>,
    size: i64,
    received: i64,
    media: Option<String>,
    content_size: Option<i64>,
    width: Option<i32>,
    height: Option<i32>,
    name: Vec<u8>,
    row_key: Vec<u8>,
    key_id: Uuid,
    keeps_original: bool,
    object: Option<Uuid>,
    original_object: Option<Uuid>,
    scans: i32,
    created_at: i64,
});

table!(attachment_pieces = "attachment_pieces" {
    key { region_id: Uuid, attachment_id: Uuid, position: i64 }
    content: Vec<u8>,
});
