//! Units, the people in them, and how they sign in.

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
    reading: Option<String>,
    readings: Option<String>,
});

table!(unit_closure = "unit_closure" {
    key { region_id: Uuid, ancestor_id: Uuid, descendant_id: Uuid }
    depth: i32,
});

table!(unit_successors = "unit_successors" {
    key { region_id: Uuid, unit_id: Uuid, successor_id: Uuid }
    kind: String,
    at: i64,
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
    reading: Option<String>,
    readings: Option<String>,
    is_public: bool,
    shows_party: bool,
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

table!(saved_views = "saved_views" {
    key { region_id: Uuid, id: Uuid }
    member_id: Uuid,
    name: String,
    query: String,
    created_at: i64,
});
