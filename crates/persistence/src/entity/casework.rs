//! Cases, with what is written and attached to them, and what they are sorted by.

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

table!(complaint_sources = "complaint_sources" {
    key { region_id: Uuid, source: String, external_ref: String }
    complaint_id: Uuid,
    row_hash: Vec<u8>,
});

table!(complaint_reminders = "complaint_reminders" {
    key { region_id: Uuid, complaint_id: Uuid, due_on: String, rung: String }
    created_at: i64,
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
