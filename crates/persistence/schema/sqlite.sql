CREATE TABLE events (
    id BLOB NOT NULL PRIMARY KEY,
    region_id BLOB NOT NULL,
    subject_kind TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    action TEXT NOT NULL,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('member', 'complainant', 'system')),
    actor_id BLOB,
    acting_for BLOB,
    at BIGINT NOT NULL,
    position INTEGER NOT NULL,
    detail_hash BLOB NOT NULL
, unit_id BLOB, listed_at BIGINT NOT NULL DEFAULT 0);
CREATE TABLE event_details (
    event_id BLOB NOT NULL PRIMARY KEY,
    salt BLOB NOT NULL,
    json TEXT NOT NULL
);
CREATE TABLE log_entries (
    log_index BIGINT NOT NULL PRIMARY KEY,
    event_id BLOB NOT NULL UNIQUE,
    leaf_hash BLOB NOT NULL
);
CREATE TABLE outbox (
    id BLOB NOT NULL PRIMARY KEY,
    region_id BLOB NOT NULL,
    topic TEXT NOT NULL,
    subject_id BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    available_at BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    attempts INTEGER NOT NULL,
    done_at BIGINT
);
CREATE TABLE idempotency_keys (
    caller TEXT NOT NULL,
    idempotency_key BLOB NOT NULL,
    operation TEXT NOT NULL,
    request_hash BLOB NOT NULL,
    subject_id BLOB NOT NULL,
    expires_at BIGINT NOT NULL,
    PRIMARY KEY (caller, idempotency_key)
);
CREATE TABLE spent_challenges (
    challenge TEXT NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);
CREATE TABLE number_blocks (
    region_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    next_serial BIGINT NOT NULL,
    PRIMARY KEY (region_id, year)
);
CREATE TABLE units (
    region_id BLOB NOT NULL,
    id BLOB NOT NULL,
    parent_id BLOB,
    kind TEXT NOT NULL CHECK (kind IN ('bureau', 'office', 'school', 'kindergarten', 'branch', 'window')),
    name TEXT NOT NULL,
    name_en TEXT,
    head TEXT,
    hotline TEXT,
    address TEXT,
    opening_hours TEXT,
    search_text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at BIGINT,
    version BIGINT NOT NULL, code TEXT, reading TEXT, readings TEXT,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, parent_id) REFERENCES units (region_id, id)
);
CREATE TABLE unit_closure (
    region_id BLOB NOT NULL,
    ancestor_id BLOB NOT NULL,
    descendant_id BLOB NOT NULL,
    depth INTEGER NOT NULL,
    PRIMARY KEY (region_id, ancestor_id, descendant_id),
    FOREIGN KEY (region_id, ancestor_id) REFERENCES units (region_id, id),
    FOREIGN KEY (region_id, descendant_id) REFERENCES units (region_id, id)
);
CREATE TABLE members (
    region_id BLOB NOT NULL,
    id BLOB NOT NULL,
    unit_id BLOB NOT NULL,
    branch_id BLOB,
    name TEXT NOT NULL,
    name_en TEXT,
    is_party_member BOOLEAN NOT NULL,
    search_text TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at BIGINT,
    version BIGINT NOT NULL, staff_number TEXT, reading TEXT, readings TEXT, is_public BOOLEAN NOT NULL DEFAULT FALSE, shows_party BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, unit_id) REFERENCES units (region_id, id),
    FOREIGN KEY (region_id, branch_id) REFERENCES units (region_id, id)
);
CREATE TABLE posts (
    region_id BLOB NOT NULL,
    id BLOB NOT NULL,
    unit_id BLOB NOT NULL,
    name TEXT NOT NULL,
    name_en TEXT,
    closed_at BIGINT,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, unit_id) REFERENCES units (region_id, id)
);
CREATE TABLE post_holders (
    region_id BLOB NOT NULL,
    id BLOB NOT NULL,
    post_id BLOB NOT NULL,
    member_id BLOB NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, post_id) REFERENCES posts (region_id, id),
    FOREIGN KEY (region_id, member_id) REFERENCES members (region_id, id)
);
CREATE TABLE role_grants (
    region_id BLOB NOT NULL,
    id BLOB NOT NULL,
    member_id BLOB NOT NULL,
    unit_id BLOB NOT NULL,
    role TEXT NOT NULL,
    valid_from BIGINT NOT NULL,
    valid_to BIGINT, deputy_for BLOB, acting_for BLOB CHECK ((acting_for IS NULL) = (deputy_for IS NULL)), reason TEXT, granted_by BLOB, end_reason TEXT, version BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, member_id) REFERENCES members (region_id, id),
    FOREIGN KEY (region_id, unit_id) REFERENCES units (region_id, id)
);
CREATE TABLE accounts (
    id BLOB NOT NULL PRIMARY KEY,
    region_id BLOB NOT NULL,
    member_id BLOB NOT NULL,
    login TEXT NOT NULL UNIQUE,
    password_hash TEXT NOT NULL,
    password_changed_at BIGINT NOT NULL,
    must_change_password BOOLEAN NOT NULL,
    disabled_at BIGINT,
    created_at BIGINT NOT NULL,
    version BIGINT NOT NULL, is_exempt BOOLEAN NOT NULL DEFAULT FALSE, password_stands_alone BOOLEAN NOT NULL DEFAULT TRUE,
    FOREIGN KEY (region_id, member_id) REFERENCES members (region_id, id)
);
CREATE TABLE sessions (
    id BLOB NOT NULL PRIMARY KEY,
    region_id BLOB NOT NULL,
    account_id BLOB NOT NULL REFERENCES accounts (id),
    created_at BIGINT NOT NULL,
    last_used_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    ended_at BIGINT,
    end_reason TEXT
, browser TEXT NOT NULL DEFAULT 'other', system TEXT NOT NULL DEFAULT 'other', confirmed_at BIGINT NOT NULL DEFAULT 0);
CREATE TABLE refresh_tokens (
    token_hash BLOB NOT NULL PRIMARY KEY,
    session_id BLOB NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE TABLE bootstrap_tokens (
    token_hash BLOB NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL,
    used_at BIGINT
);
CREATE TABLE categories (
    region_id BLOB NOT NULL,
    id BLOB NOT NULL,
    parent_id BLOB,
    name TEXT NOT NULL,
    name_en TEXT,
    depth INTEGER NOT NULL,
    position INTEGER NOT NULL,
    closed_at BIGINT, version BIGINT NOT NULL DEFAULT 1,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, parent_id) REFERENCES categories (region_id, id)
);
CREATE TABLE complaints (
    region_id BLOB NOT NULL,
    id BLOB NOT NULL,
    number TEXT NOT NULL,
    receipt_hash BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('grievance', 'report', 'suggestion', 'inquiry', 'praise')),
    channel TEXT NOT NULL
        CHECK (channel IN ('web', 'mobile', 'phone', 'counter', 'mailbox', 'email', 'import', 'api')),
    state TEXT NOT NULL CHECK (state IN ('received', 'accepted', 'not_accepted', 'referred', 'sealed', 'duplicate',
        'assigned', 'objected', 'in_handling', 'waiting', 'reply_drafted', 'replied', 'redoing', 'concluded',
        'review_requested', 'reviewed', 'rereview_requested', 'final', 'withdrawn')),
    is_sealed BOOLEAN NOT NULL,
    is_anonymous BOOLEAN NOT NULL,
    about_unit_id BLOB,
    unit_id BLOB NOT NULL,
    handler_id BLOB,
    category_id BLOB,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    received_at BIGINT NOT NULL,
    received_month TEXT NOT NULL,
    accepted_at BIGINT,
    replied_at BIGINT,
    replied_month TEXT,
    reply_micros BIGINT,
    ended_at BIGINT,
    ended_reason TEXT,
    where_to_go TEXT,
    due_at BIGINT,
    soon_at BIGINT,
    rating_level SMALLINT CHECK (rating_level BETWEEN 1 AND 5),
    rating_comment TEXT,
    rated_at BIGINT,
    version BIGINT NOT NULL, is_order BOOLEAN NOT NULL DEFAULT FALSE, is_emergency BOOLEAN NOT NULL DEFAULT FALSE, assigned_at BIGINT, is_dispatch_final BOOLEAN NOT NULL DEFAULT FALSE, last_replied_at BIGINT, duplicate_of_id BLOB, supervised_by BLOB, supervised_at BIGINT, supervised_reason TEXT, supervised_due_at BIGINT, redo_asked_at BIGINT, redo_reason TEXT, redo_not_by BLOB, pace TEXT NOT NULL DEFAULT '{}', is_extension_asked BOOLEAN NOT NULL DEFAULT FALSE, wake_at BIGINT, supervised_report_days INTEGER, supervised_reported_at BIGINT, report_due_at BIGINT, wake_failures INTEGER NOT NULL DEFAULT 0, has_accused BOOLEAN NOT NULL DEFAULT FALSE,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, about_unit_id) REFERENCES units (region_id, id),
    FOREIGN KEY (region_id, unit_id) REFERENCES units (region_id, id),
    FOREIGN KEY (region_id, handler_id) REFERENCES members (region_id, id),
    FOREIGN KEY (region_id, category_id) REFERENCES categories (region_id, id)
);
CREATE TABLE complaint_contacts (
    region_id BLOB NOT NULL,
    complaint_id BLOB NOT NULL,
    clear_name TEXT,
    clear_phone TEXT,
    clear_email TEXT,
    author_hash BLOB, name BLOB, phone BLOB, email BLOB, row_key BLOB, key_id BLOB REFERENCES vault_keys (id), phone_index BLOB, held_at BIGINT, held_by BLOB, hold_reason TEXT, erased_at BIGINT, guardian BLOB,
    PRIMARY KEY (region_id, complaint_id),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);
CREATE TABLE complaint_accused (
    region_id BLOB NOT NULL,
    complaint_id BLOB NOT NULL,
    subject_id BLOB NOT NULL,
    subject_kind TEXT NOT NULL CHECK (subject_kind IN ('member', 'unit')),
    PRIMARY KEY (region_id, complaint_id, subject_id),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);
CREATE TABLE complaint_messages (
    region_id BLOB NOT NULL,
    id BLOB NOT NULL,
    complaint_id BLOB NOT NULL,
    member_id BLOB,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);
CREATE TABLE complaint_replies (
    region_id BLOB NOT NULL,
    id BLOB NOT NULL,
    complaint_id BLOB NOT NULL,
    unit_id BLOB NOT NULL,
    request TEXT,
    facts TEXT,
    decision TEXT,
    basis TEXT,
    body TEXT NOT NULL,
    drafted_by BLOB,
    approved_by BLOB,
    sent_at BIGINT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);
CREATE TABLE complaint_drafts (
    region_id BLOB NOT NULL,
    complaint_id BLOB NOT NULL,
    request TEXT NOT NULL,
    facts TEXT NOT NULL,
    decision TEXT NOT NULL,
    basis TEXT NOT NULL,
    drafted_by BLOB NOT NULL,
    is_submitted BOOLEAN NOT NULL,
    approved_by BLOB,
    returned_reason TEXT,
    updated_at BIGINT NOT NULL, drafted_for BLOB, earlier_authors TEXT,
    PRIMARY KEY (region_id, complaint_id),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);
CREATE TABLE complaint_search (
    region_id BLOB NOT NULL,
    complaint_id BLOB NOT NULL,
    content TEXT NOT NULL, document BIGINT, index_version SMALLINT NOT NULL DEFAULT 1,
    PRIMARY KEY (region_id, complaint_id),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);
CREATE TABLE imports (
    region_id BLOB NOT NULL,
    id BLOB NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed')),
    is_dry_run BOOLEAN NOT NULL,
    source TEXT NOT NULL,
    file_name TEXT NOT NULL,
    mapping TEXT NOT NULL,
    rows_total BIGINT NOT NULL,
    rows_done BIGINT NOT NULL,
    rows_created BIGINT NOT NULL,
    rows_updated BIGINT NOT NULL,
    rows_unchanged BIGINT NOT NULL,
    rows_failed BIGINT NOT NULL,
    failure TEXT,
    created_by BLOB NOT NULL,
    created_at BIGINT NOT NULL,
    finished_at BIGINT, is_order BOOLEAN NOT NULL DEFAULT FALSE, acting_for BLOB, kind TEXT NOT NULL DEFAULT 'complaints'
    CHECK (kind IN ('complaints', 'units', 'members')),
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, created_by) REFERENCES members (region_id, id)
);
CREATE TABLE import_errors (
    region_id BLOB NOT NULL,
    import_id BLOB NOT NULL,
    position BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    column_letter TEXT,
    code TEXT NOT NULL,
    detail_zh TEXT NOT NULL,
    detail_en TEXT NOT NULL,
    PRIMARY KEY (region_id, import_id, position),
    FOREIGN KEY (region_id, import_id) REFERENCES imports (region_id, id)
);
CREATE TABLE complaint_sources (
    region_id BLOB NOT NULL,
    source TEXT NOT NULL,
    external_ref TEXT NOT NULL,
    complaint_id BLOB NOT NULL,
    row_hash BLOB NOT NULL,
    PRIMARY KEY (region_id, source, external_ref),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);
CREATE TABLE complaint_reminders (
    region_id BLOB NOT NULL,
    complaint_id BLOB NOT NULL,
    due_on TEXT NOT NULL,
    rung TEXT NOT NULL CHECK (rung IN ('due_soon', 'yellow_card', 'red_card', 'circular_notice')),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (region_id, complaint_id, due_on, rung),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);
CREATE TABLE settings (
    region_id BLOB NOT NULL PRIMARY KEY,
    json TEXT NOT NULL,
    version BIGINT NOT NULL
);
CREATE TABLE calendar_years (
    region_id BLOB NOT NULL,
    year INTEGER NOT NULL,
    loaded_by BLOB NOT NULL,
    loaded_at BIGINT NOT NULL,
    version BIGINT NOT NULL, december_version BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (region_id, year),
    FOREIGN KEY (region_id, loaded_by) REFERENCES members (region_id, id)
);
CREATE TABLE notices (
    region_id BLOB NOT NULL,
    id BLOB NOT NULL,
    member_id BLOB NOT NULL,
    complaint_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    read_at BIGINT, group_id BLOB,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, member_id) REFERENCES members (region_id, id),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);
CREATE TABLE reply_templates (
    region_id BLOB NOT NULL,
    id BLOB NOT NULL,
    unit_id BLOB NOT NULL,
    category_id BLOB,
    kind TEXT CHECK (kind IN ('grievance', 'report', 'suggestion', 'inquiry', 'praise')),
    purpose TEXT NOT NULL CHECK (purpose IN ('reply', 'not_accept', 'refer', 'question', 'message')),
    name TEXT NOT NULL,
    request TEXT NOT NULL,
    facts TEXT NOT NULL,
    decision TEXT NOT NULL,
    basis TEXT NOT NULL,
    body TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    closed_at BIGINT,
    version BIGINT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, unit_id) REFERENCES units (region_id, id),
    FOREIGN KEY (region_id, category_id) REFERENCES categories (region_id, id)
);
CREATE TABLE saved_views (
    region_id BLOB NOT NULL,
    id BLOB NOT NULL,
    member_id BLOB NOT NULL,
    name TEXT NOT NULL,
    query TEXT NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, member_id) REFERENCES members (region_id, id)
);
CREATE VIRTUAL TABLE complaint_pairs USING fts5(
    pairs, content='', contentless_delete=1, detail=none, tokenize='ascii'
);
CREATE TABLE 'complaint_pairs_data'(id INTEGER PRIMARY KEY, block BLOB);
CREATE TABLE 'complaint_pairs_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
CREATE TABLE 'complaint_pairs_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);
CREATE TABLE 'complaint_pairs_config'(k PRIMARY KEY, v) WITHOUT ROWID;
CREATE TABLE complaint_sum_changes (
    id BLOB NOT NULL PRIMARY KEY,
    region_id BLOB NOT NULL,
    sign SMALLINT NOT NULL CHECK (sign IN (-1, 1)),
    is_sealed BOOLEAN NOT NULL,
    unit_id BLOB NOT NULL,
    category_id BLOB,
    channel TEXT NOT NULL,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    received_month TEXT NOT NULL,
    replied_month TEXT,
    ended_month TEXT,
    reply_micros BIGINT,
    rating_level SMALLINT,
    is_redone BOOLEAN NOT NULL
, due_at BIGINT, soon_at BIGINT);
CREATE TABLE complaint_sum_keepers (
    id SMALLINT NOT NULL PRIMARY KEY,
    is_built BOOLEAN NOT NULL
, layout TEXT NOT NULL DEFAULT '');
CREATE TABLE import_file_pieces (
    region_id BLOB NOT NULL,
    import_id BLOB NOT NULL,
    position BIGINT NOT NULL,
    kept_at BIGINT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (region_id, import_id, position)
);
CREATE TABLE complaint_author_changes (
    id BLOB NOT NULL PRIMARY KEY,
    region_id BLOB NOT NULL,
    sign SMALLINT NOT NULL CHECK (sign IN (-1, 1)),
    is_sealed BOOLEAN NOT NULL,
    received_year TEXT NOT NULL,
    author_hash BLOB NOT NULL
);
CREATE TABLE complaint_authors (
    region_id BLOB NOT NULL,
    period TEXT NOT NULL,
    author_hash BLOB NOT NULL,
    open_cases BIGINT NOT NULL,
    sealed_cases BIGINT NOT NULL,
    PRIMARY KEY (region_id, period, author_hash)
);
CREATE TABLE complaint_author_sums (
    region_id BLOB NOT NULL,
    period TEXT NOT NULL,
    authors BIGINT NOT NULL,
    open_authors BIGINT NOT NULL,
    PRIMARY KEY (region_id, period)
);
CREATE TABLE complaint_cells (
    region_id BLOB NOT NULL,
    axes SMALLINT NOT NULL,
    period TEXT NOT NULL,
    is_sealed BOOLEAN NOT NULL,
    unit_id BLOB NOT NULL,
    category_id BLOB NOT NULL,
    packed BLOB NOT NULL,
    PRIMARY KEY (region_id, axes, period, is_sealed, unit_id, category_id)
) WITHOUT ROWID;
CREATE TABLE "calendar_days" (
    region_id BLOB NOT NULL,
    day TEXT NOT NULL,
    year INTEGER NOT NULL,
    is_worked BOOLEAN NOT NULL,
    PRIMARY KEY (region_id, year, day),
    FOREIGN KEY (region_id, year) REFERENCES calendar_years (region_id, year)
);
CREATE TABLE cards (
    region_id BLOB NOT NULL,
    id BLOB NOT NULL,
    complaint_id BLOB NOT NULL,
    unit_id BLOB NOT NULL,
    handler_id BLOB,
    kind TEXT NOT NULL CHECK (kind IN ('yellow_card', 'red_card', 'circular_notice')),
    due_on TEXT NOT NULL,
    given_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('proposed', 'standing', 'appealed', 'upheld', 'lifted', 'dropped')),
    proposal_by BLOB,
    proposal_at BIGINT,
    proposal_reason TEXT,
    appealed_by BLOB,
    appealed_at BIGINT,
    appeal_reason TEXT,
    decided_by BLOB,
    decided_at BIGINT,
    decision_reason TEXT,
    version BIGINT NOT NULL, appealed_for BLOB,
    PRIMARY KEY (region_id, id),
    UNIQUE (region_id, complaint_id, due_on, kind),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id),
    FOREIGN KEY (region_id, unit_id) REFERENCES units (region_id, id),
    FOREIGN KEY (region_id, handler_id) REFERENCES members (region_id, id),
    FOREIGN KEY (region_id, proposal_by) REFERENCES members (region_id, id),
    FOREIGN KEY (region_id, appealed_by) REFERENCES members (region_id, id),
    FOREIGN KEY (region_id, decided_by) REFERENCES members (region_id, id)
);
CREATE TABLE unsealed_events (
    event_id BLOB NOT NULL PRIMARY KEY,
    queued_at BIGINT NOT NULL
);
CREATE TABLE log_nodes (
    level SMALLINT NOT NULL,
    node_index BIGINT NOT NULL,
    hash BLOB NOT NULL,
    PRIMARY KEY (level, node_index)
);
CREATE TABLE log_checkpoints (
    number BIGINT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    made_at BIGINT NOT NULL,
    note TEXT NOT NULL
);
CREATE TABLE log_keepers (
    id SMALLINT NOT NULL PRIMARY KEY,
    size BIGINT NOT NULL,
    peaks BLOB NOT NULL,
    note TEXT NOT NULL
);
CREATE TABLE log_verifications (
    region_id BLOB NOT NULL PRIMARY KEY,
    state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'finished', 'failed')),
    requested_by BLOB NOT NULL,
    requested_for BLOB,
    requested_at BIGINT NOT NULL,
    percent SMALLINT NOT NULL,
    finished_at BIGINT,
    faults TEXT NOT NULL
);
CREATE TABLE account_links (
    id BLOB NOT NULL PRIMARY KEY,
    region_id BLOB NOT NULL,
    member_id BLOB NOT NULL,
    account_id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('invitation', 'reset')),
    token_hash BLOB NOT NULL UNIQUE,
    issued_by BLOB NOT NULL,
    issued_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL,
    closed_at BIGINT,
    close_reason TEXT CHECK (close_reason IN ('used', 'revoked', 'replaced', 'role_granted', 'member_closed')),
    FOREIGN KEY (region_id, member_id) REFERENCES members (region_id, id)
);
CREATE TABLE second_factors (
    account_id BLOB NOT NULL PRIMARY KEY REFERENCES accounts (id),
    sealed_seed BLOB,
    enrolled_at BIGINT,
    last_step BIGINT NOT NULL,
    begun_seed BLOB,
    begun_at BIGINT,
    CHECK ((sealed_seed IS NULL) = (enrolled_at IS NULL)),
    CHECK ((begun_seed IS NULL) = (begun_at IS NULL))
);
CREATE TABLE recovery_codes (
    account_id BLOB NOT NULL REFERENCES second_factors (account_id) ON DELETE CASCADE,
    code_hash BLOB NOT NULL,
    used_at BIGINT,
    PRIMARY KEY (account_id, code_hash)
);
CREATE TABLE account_notices (
    account_id BLOB NOT NULL REFERENCES accounts (id),
    kind TEXT NOT NULL CHECK (kind IN ('password_reset', 'second_factor_removed')),
    at BIGINT NOT NULL,
    member_id BLOB NOT NULL,
    PRIMARY KEY (account_id, kind)
);
CREATE TABLE vault_keys (
    id BLOB NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL UNIQUE,
    check_value BLOB NOT NULL,
    made_at BIGINT NOT NULL
);
CREATE TABLE vault_states (
    id INTEGER NOT NULL PRIMARY KEY CHECK (id = 1),
    is_scrubbed BOOLEAN NOT NULL
);
CREATE TABLE identity_openings (
    region_id BLOB NOT NULL,
    id BLOB NOT NULL,
    complaint_id BLOB NOT NULL,
    asked_by BLOB NOT NULL,
    asked_for BLOB,
    asked_at BIGINT NOT NULL,
    category TEXT NOT NULL CHECK (category IN ('contact', 'danger', 'retaliation', 'law', 'other')),
    reason TEXT NOT NULL,
    ends_at BIGINT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused', 'withdrawn', 'lapsed')),
    decided_by BLOB,
    decided_for BLOB,
    decided_at BIGINT,
    decision_reason TEXT,
    open_until BIGINT,
    first_read_at BIGINT,
    version BIGINT NOT NULL, readings BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id),
    FOREIGN KEY (region_id, asked_by) REFERENCES members (region_id, id),
    CHECK ((state = 'approved') = (open_until IS NOT NULL)),
    CHECK ((state IN ('approved', 'refused')) = (decided_by IS NOT NULL))
);
CREATE TABLE attachments (
    region_id BLOB NOT NULL,
    id BLOB NOT NULL,
    subject_kind TEXT CHECK (subject_kind IN ('complaints')),
    subject_id BLOB,
    position INTEGER NOT NULL,
    source TEXT NOT NULL CHECK (source IN ('complainant', 'staff')),
    uploaded_by BLOB,
    token_hash BLOB,
    state TEXT NOT NULL CHECK (state IN ('receiving', 'processing', 'quarantined', 'ready', 'refused', 'infected')),
    refusal TEXT,
    size BIGINT NOT NULL,
    received BIGINT NOT NULL,
    media TEXT,
    content_size BIGINT,
    width INTEGER,
    height INTEGER,
    name BLOB NOT NULL,
    row_key BLOB NOT NULL,
    key_id BLOB NOT NULL REFERENCES vault_keys (id),
    keeps_original BOOLEAN NOT NULL,
    object BLOB,
    original_object BLOB,
    scans INTEGER NOT NULL,
    created_at BIGINT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, uploaded_by) REFERENCES members (region_id, id),
    CHECK ((subject_kind IS NULL) = (subject_id IS NULL)),
    CHECK ((source = 'staff') = (uploaded_by IS NOT NULL)),
    CHECK (received <= size),
    CHECK ((state = 'refused') = (refusal IS NOT NULL)),
    CHECK ((state IN ('quarantined', 'ready')) = (object IS NOT NULL))
);
CREATE TABLE attachment_pieces (
    region_id BLOB NOT NULL,
    attachment_id BLOB NOT NULL,
    position BIGINT NOT NULL,
    content BLOB NOT NULL,
    PRIMARY KEY (region_id, attachment_id, position),
    FOREIGN KEY (region_id, attachment_id) REFERENCES attachments (region_id, id)
);
CREATE TABLE import_changes (
    region_id BLOB NOT NULL,
    import_id BLOB NOT NULL,
    row_number BIGINT NOT NULL,
    outcome TEXT NOT NULL CHECK (outcome IN ('created', 'updated')),
    name TEXT NOT NULL,
    fields TEXT NOT NULL,
    PRIMARY KEY (region_id, import_id, row_number),
    FOREIGN KEY (region_id, import_id) REFERENCES imports (region_id, id)
);
CREATE TABLE old_passwords (
    account_id BLOB NOT NULL,
    ended_at BIGINT NOT NULL,
    password_hash TEXT NOT NULL,
    PRIMARY KEY (account_id, ended_at),
    FOREIGN KEY (account_id) REFERENCES accounts (id)
);
CREATE TABLE account_ties (
    account_id BLOB NOT NULL,
    issuer TEXT NOT NULL,
    subject TEXT NOT NULL,
    tied_at BIGINT NOT NULL,
    PRIMARY KEY (account_id, issuer),
    FOREIGN KEY (account_id) REFERENCES accounts (id)
);
CREATE TABLE unit_successors (
    region_id BLOB NOT NULL,
    unit_id BLOB NOT NULL,
    successor_id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('merged', 'split')),
    at BIGINT NOT NULL,
    PRIMARY KEY (region_id, unit_id, successor_id),
    FOREIGN KEY (region_id, unit_id) REFERENCES units (region_id, id),
    FOREIGN KEY (region_id, successor_id) REFERENCES units (region_id, id),
    CHECK (unit_id <> successor_id)
);
CREATE TABLE identity_uses (
    region_id BLOB NOT NULL,
    member_id BLOB NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('ask', 'look_up')),
    day_began_at BIGINT NOT NULL,
    uses BIGINT NOT NULL,
    PRIMARY KEY (region_id, member_id, kind),
    FOREIGN KEY (region_id, member_id) REFERENCES members (region_id, id)
);
CREATE INDEX outbox_open ON outbox (available_at) WHERE done_at IS NULL;
CREATE INDEX idempotency_keys_by_expiry ON idempotency_keys (expires_at);
CREATE INDEX spent_challenges_by_expiry ON spent_challenges (expires_at);
CREATE INDEX units_by_parent ON units (region_id, parent_id);
CREATE INDEX units_by_name ON units (region_id, name, id);
CREATE UNIQUE INDEX units_open_names ON units (region_id, parent_id, name) WHERE closed_at IS NULL;
CREATE INDEX unit_closure_upwards ON unit_closure (region_id, descendant_id, depth);
CREATE INDEX members_by_unit ON members (region_id, unit_id, name, id);
CREATE INDEX members_by_name ON members (region_id, name, id);
CREATE UNIQUE INDEX posts_open_names ON posts (region_id, unit_id, name) WHERE closed_at IS NULL;
CREATE INDEX post_holders_by_member ON post_holders (region_id, member_id);
CREATE INDEX post_holders_by_post ON post_holders (region_id, post_id);
CREATE INDEX role_grants_by_member ON role_grants (region_id, member_id);
CREATE INDEX role_grants_by_unit ON role_grants (region_id, unit_id, role);
CREATE UNIQUE INDEX accounts_by_member ON accounts (region_id, member_id);
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);
CREATE INDEX categories_by_name ON categories (region_id, name);
CREATE UNIQUE INDEX complaints_by_number ON complaints (region_id, number);
CREATE UNIQUE INDEX complaints_by_receipt ON complaints (region_id, receipt_hash);
CREATE INDEX complaints_by_time ON complaints (region_id, received_at, id);
CREATE INDEX complaints_by_unit ON complaints (region_id, unit_id, received_at, id);
CREATE INDEX complaints_by_state ON complaints (region_id, state, received_at, id);
CREATE INDEX complaints_by_due ON complaints (region_id, due_at, id) WHERE due_at IS NOT NULL;
CREATE INDEX complaint_messages_by_complaint ON complaint_messages (region_id, complaint_id, created_at);
CREATE INDEX complaint_replies_by_complaint ON complaint_replies (region_id, complaint_id, sent_at);
CREATE INDEX imports_by_time ON imports (region_id, created_at, id);
CREATE INDEX complaint_sources_by_complaint ON complaint_sources (region_id, complaint_id);
CREATE INDEX complaints_by_wake ON complaints (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX complaints_by_lead ON complaints (region_id, duplicate_of_id, received_at) WHERE duplicate_of_id IS NOT NULL;
CREATE INDEX notices_by_member ON notices (region_id, member_id, created_at, id);
CREATE INDEX notices_unread ON notices (region_id, member_id) WHERE read_at IS NULL;
CREATE UNIQUE INDEX categories_open_names ON categories (region_id, COALESCE(parent_id, region_id), name)
    WHERE closed_at IS NULL;
CREATE UNIQUE INDEX reply_templates_open_names ON reply_templates (region_id, unit_id, purpose, name)
    WHERE closed_at IS NULL;
CREATE UNIQUE INDEX saved_views_by_member ON saved_views (region_id, member_id, name);
CREATE UNIQUE INDEX complaint_search_by_document ON complaint_search (document);
CREATE INDEX complaints_by_handler ON complaints (region_id, handler_id, received_at, id);
CREATE INDEX complaints_open_by_handler ON complaints (region_id, handler_id)
    WHERE state NOT IN ('not_accepted', 'referred', 'concluded', 'final', 'withdrawn');
CREATE INDEX complaints_by_category ON complaints (region_id, category_id, received_at, id);
CREATE INDEX complaints_by_reply ON complaints (region_id, replied_at) WHERE replied_at IS NOT NULL;
CREATE INDEX complaints_emergency ON complaints (region_id, received_at, id) WHERE is_emergency = TRUE;
CREATE INDEX complaints_extension_asked ON complaints (region_id, received_at, id) WHERE is_extension_asked = TRUE;
CREATE INDEX complaints_supervised ON complaints (region_id, received_at, id) WHERE supervised_at IS NOT NULL;
CREATE INDEX complaints_redone ON complaints (region_id, received_at, id) WHERE redo_asked_at IS NOT NULL;
CREATE INDEX complaints_unsatisfied ON complaints (region_id, received_at, id) WHERE rating_level < 3;
CREATE INDEX complaints_by_days_to_reply ON complaints (region_id, reply_micros) WHERE reply_micros IS NOT NULL;
CREATE INDEX complaint_accused_by_subject ON complaint_accused (region_id, subject_id, complaint_id);
CREATE INDEX complaints_by_end ON complaints (region_id, ended_at, id) WHERE ended_at IS NOT NULL;
CREATE INDEX complaints_unanswered ON complaints (region_id, received_at, id) WHERE reply_micros IS NULL;
CREATE INDEX events_of_subject ON events (region_id, subject_kind, subject_id, at) WHERE action <> 'complaints.read';
CREATE INDEX events_by_time ON events (region_id, listed_at, id);
CREATE INDEX events_by_subject ON events (region_id, subject_id, listed_at, id);
CREATE INDEX events_by_action ON events (region_id, action, listed_at, id);
CREATE INDEX events_by_unit ON events (region_id, unit_id, listed_at, id) WHERE unit_id IS NOT NULL;
CREATE INDEX events_by_actor ON events (region_id, actor_id, listed_at, id) WHERE actor_id IS NOT NULL;
CREATE INDEX events_by_principal ON events (region_id, acting_for, listed_at, id) WHERE acting_for IS NOT NULL;
CREATE INDEX events_of_no_member ON events (region_id, actor_kind, listed_at, id) WHERE actor_kind <> 'member';
CREATE INDEX members_by_english_name ON members (region_id, name_en) WHERE name_en IS NOT NULL;
CREATE INDEX role_grants_by_start ON role_grants (region_id, valid_from, id);
CREATE INDEX role_grants_by_role ON role_grants (region_id, role, valid_from, id);
CREATE INDEX role_grants_by_deputy ON role_grants (region_id, deputy_for) WHERE deputy_for IS NOT NULL;
CREATE INDEX role_grants_by_holder ON role_grants (region_id, acting_for) WHERE acting_for IS NOT NULL;
CREATE INDEX complaint_contacts_by_author ON complaint_contacts (region_id, complaint_id) WHERE author_hash IS NOT NULL;
CREATE INDEX complaints_by_supervisor ON complaints (region_id, supervised_by, received_at, id)
    WHERE supervised_by IS NOT NULL;
CREATE INDEX complaints_report_due ON complaints (region_id, report_due_at) WHERE report_due_at IS NOT NULL;
CREATE INDEX notices_grouped ON notices (region_id, group_id) WHERE group_id IS NOT NULL;
CREATE INDEX notices_open ON notices (region_id, member_id, kind, created_at, id)
    WHERE read_at IS NULL AND group_id IS NULL;
CREATE INDEX cards_by_time ON cards (region_id, given_at, id);
CREATE INDEX cards_by_unit ON cards (region_id, unit_id, given_at, id);
CREATE INDEX cards_by_state ON cards (region_id, state, given_at, id);
CREATE INDEX cards_by_kind ON cards (region_id, kind, given_at, id);
CREATE INDEX complaint_search_outdated ON complaint_search (region_id) WHERE index_version < 2;
CREATE INDEX complaints_of_nobody ON complaints (region_id, received_at, id) WHERE handler_id IS NULL;
CREATE INDEX log_entries_by_leaf ON log_entries (leaf_hash);
CREATE UNIQUE INDEX account_links_open ON account_links (region_id, member_id) WHERE closed_at IS NULL;
CREATE INDEX account_links_by_expiry ON account_links (expires_at);
CREATE INDEX complaints_with_accused ON complaints (region_id, is_sealed, received_at, id) WHERE has_accused = TRUE;
CREATE INDEX complaint_contacts_by_key ON complaint_contacts (key_id, region_id, complaint_id) WHERE key_id IS NOT NULL;
CREATE INDEX complaint_contacts_by_phone ON complaint_contacts (region_id, phone_index) WHERE phone_index IS NOT NULL;
CREATE INDEX complaint_contacts_in_clear ON complaint_contacts (region_id, complaint_id) WHERE clear_name IS NOT NULL;
CREATE UNIQUE INDEX identity_openings_waiting ON identity_openings (region_id, complaint_id, asked_by) WHERE state = 'waiting';
CREATE INDEX identity_openings_of_case ON identity_openings (region_id, complaint_id, asked_at, id);
CREATE INDEX identity_openings_in_order ON identity_openings (region_id, asked_at, id);
CREATE INDEX identity_openings_to_answer ON identity_openings (region_id, asked_at, id) WHERE state = 'waiting';
CREATE INDEX attachments_of_subject ON attachments (region_id, subject_kind, subject_id, position, id) WHERE subject_id IS NOT NULL;
CREATE INDEX attachments_of_nothing ON attachments (created_at, region_id, id) WHERE subject_id IS NULL;
CREATE INDEX attachments_by_key ON attachments (key_id, region_id, id);
CREATE INDEX attachments_by_object ON attachments (object) WHERE object IS NOT NULL;
CREATE INDEX attachments_by_original ON attachments (original_object) WHERE original_object IS NOT NULL;
CREATE UNIQUE INDEX units_open_codes ON units (region_id, code) WHERE closed_at IS NULL AND code IS NOT NULL;
CREATE UNIQUE INDEX members_open_numbers ON members (region_id, staff_number) WHERE closed_at IS NULL AND staff_number IS NOT NULL;
CREATE INDEX members_by_number ON members (region_id, staff_number) WHERE staff_number IS NOT NULL;
CREATE INDEX imports_by_kind ON imports (region_id, kind, created_at, id);
CREATE UNIQUE INDEX account_ties_subject ON account_ties (issuer, subject);
CREATE INDEX unit_successors_back ON unit_successors (region_id, successor_id, at);
CREATE INDEX units_unread ON units (region_id, id) WHERE readings IS NULL;
CREATE INDEX members_public ON members (region_id, unit_id, name, id) WHERE is_public = TRUE;
CREATE INDEX members_unread ON members (region_id, id) WHERE readings IS NULL;
CREATE TRIGGER events_are_never_deleted BEFORE DELETE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER log_entries_are_never_changed BEFORE UPDATE ON log_entries
BEGIN SELECT RAISE(ABORT, 'log entries are append-only'); END;
CREATE TRIGGER log_entries_are_never_deleted BEFORE DELETE ON log_entries
BEGIN SELECT RAISE(ABORT, 'log entries are append-only'); END;
CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events
BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER log_nodes_are_never_changed BEFORE UPDATE ON log_nodes
BEGIN SELECT RAISE(ABORT, 'log nodes are append-only'); END;
CREATE TRIGGER log_nodes_are_never_deleted BEFORE DELETE ON log_nodes
BEGIN SELECT RAISE(ABORT, 'log nodes are append-only'); END;
CREATE TRIGGER log_checkpoints_are_never_changed BEFORE UPDATE ON log_checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
CREATE TRIGGER log_checkpoints_are_never_deleted BEFORE DELETE ON log_checkpoints
BEGIN SELECT RAISE(ABORT, 'checkpoints are append-only'); END;
CREATE TRIGGER complaints_have_their_accused AFTER INSERT ON complaint_accused
BEGIN UPDATE complaints SET has_accused = TRUE
    WHERE region_id = NEW.region_id AND id = NEW.complaint_id AND has_accused = FALSE; END;
