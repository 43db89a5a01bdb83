TABLE account_links
    id uuid NOT NULL
    region_id uuid NOT NULL
    member_id uuid NOT NULL
    account_id uuid NOT NULL
    kind text COLLATE "C" NOT NULL
    token_hash bytea NOT NULL
    issued_by uuid NOT NULL
    issued_at bigint NOT NULL
    expires_at bigint NOT NULL
    closed_at bigint
    close_reason text COLLATE "C"
TABLE account_notices
    account_id uuid NOT NULL
    kind text COLLATE "C" NOT NULL
    at bigint NOT NULL
    member_id uuid NOT NULL
TABLE account_ties
    account_id uuid NOT NULL
    issuer text COLLATE "C" NOT NULL
    subject text COLLATE "C" NOT NULL
    tied_at bigint NOT NULL
TABLE accounts
    id uuid NOT NULL
    region_id uuid NOT NULL
    member_id uuid NOT NULL
    login text COLLATE "C" NOT NULL
    password_hash text COLLATE "C" NOT NULL
    password_changed_at bigint NOT NULL
    must_change_password boolean NOT NULL
    disabled_at bigint
    created_at bigint NOT NULL
    version bigint NOT NULL
    is_exempt boolean NOT NULL
    password_stands_alone boolean NOT NULL
TABLE attachment_pieces
    region_id uuid NOT NULL
    attachment_id uuid NOT NULL
    position bigint NOT NULL
    content bytea NOT NULL
TABLE attachments
    region_id uuid NOT NULL
    id uuid NOT NULL
    subject_kind text COLLATE "C"
    subject_id uuid
    position integer NOT NULL
    source text COLLATE "C" NOT NULL
    uploaded_by uuid
    token_hash bytea
    state text COLLATE "C" NOT NULL
    refusal text COLLATE "C"
    size bigint NOT NULL
    received bigint NOT NULL
    media text COLLATE "C"
    content_size bigint
    width integer
    height integer
    name bytea NOT NULL
    row_key bytea NOT NULL
    key_id uuid NOT NULL
    keeps_original boolean NOT NULL
    object uuid
    original_object uuid
    scans integer NOT NULL
    created_at bigint NOT NULL
TABLE bootstrap_tokens
    token_hash bytea NOT NULL
    expires_at bigint NOT NULL
    used_at bigint
TABLE calendar_days
    region_id uuid NOT NULL
    day text COLLATE "C" NOT NULL
    year integer NOT NULL
    is_worked boolean NOT NULL
TABLE calendar_years
    region_id uuid NOT NULL
    year integer NOT NULL
    loaded_by uuid NOT NULL
    loaded_at bigint NOT NULL
    version bigint NOT NULL
    december_version bigint NOT NULL
TABLE cards
    region_id uuid NOT NULL
    id uuid NOT NULL
    complaint_id uuid NOT NULL
    unit_id uuid NOT NULL
    handler_id uuid
    kind text COLLATE "C" NOT NULL
    due_on text COLLATE "C" NOT NULL
    given_at bigint NOT NULL
    state text COLLATE "C" NOT NULL
    proposal_by uuid
    proposal_at bigint
    proposal_reason text COLLATE "C"
    appealed_by uuid
    appealed_at bigint
    appeal_reason text COLLATE "C"
    decided_by uuid
    decided_at bigint
    decision_reason text COLLATE "C"
    version bigint NOT NULL
    appealed_for uuid
TABLE categories
    region_id uuid NOT NULL
    id uuid NOT NULL
    parent_id uuid
    name text COLLATE "C" NOT NULL
    name_en text COLLATE "C"
    depth integer NOT NULL
    position integer NOT NULL
    closed_at bigint
    version bigint NOT NULL
TABLE complaint_accused
    region_id uuid NOT NULL
    complaint_id uuid NOT NULL
    subject_id uuid NOT NULL
    subject_kind text COLLATE "C" NOT NULL
TABLE complaint_author_changes
    id uuid NOT NULL
    region_id uuid NOT NULL
    sign smallint NOT NULL
    is_sealed boolean NOT NULL
    received_year text COLLATE "C" NOT NULL
    author_hash bytea NOT NULL
TABLE complaint_author_sums
    region_id uuid NOT NULL
    period text COLLATE "C" NOT NULL
    authors bigint NOT NULL
    open_authors bigint NOT NULL
TABLE complaint_authors
    region_id uuid NOT NULL
    period text COLLATE "C" NOT NULL
    author_hash bytea NOT NULL
    open_cases bigint NOT NULL
    sealed_cases bigint NOT NULL
TABLE complaint_cells
    region_id uuid NOT NULL
    axes smallint NOT NULL
    period text COLLATE "C" NOT NULL
    is_sealed boolean NOT NULL
    unit_id uuid NOT NULL
    category_id uuid NOT NULL
    packed bytea NOT NULL
TABLE complaint_contacts
    region_id uuid NOT NULL
    complaint_id uuid NOT NULL
    clear_name text COLLATE "C"
    clear_phone text COLLATE "C"
    clear_email text COLLATE "C"
    author_hash bytea
    name bytea
    phone bytea
    email bytea
    row_key bytea
    key_id uuid
    phone_index bytea
    held_at bigint
    held_by uuid
    hold_reason text COLLATE "C"
    erased_at bigint
    guardian bytea
TABLE complaint_drafts
    region_id uuid NOT NULL
    complaint_id uuid NOT NULL
    request text COLLATE "C" NOT NULL
    facts text COLLATE "C" NOT NULL
    decision text COLLATE "C" NOT NULL
    basis text COLLATE "C" NOT NULL
    drafted_by uuid NOT NULL
    is_submitted boolean NOT NULL
    approved_by uuid
    returned_reason text COLLATE "C"
    updated_at bigint NOT NULL
    drafted_for uuid
    earlier_authors text COLLATE "C"
TABLE complaint_messages
    region_id uuid NOT NULL
    id uuid NOT NULL
    complaint_id uuid NOT NULL
    member_id uuid
    body text COLLATE "C" NOT NULL
    created_at bigint NOT NULL
TABLE complaint_pairs
    rowid bigint NOT NULL
    pairs tsvector NOT NULL
TABLE complaint_reminders
    region_id uuid NOT NULL
    complaint_id uuid NOT NULL
    due_on text COLLATE "C" NOT NULL
    rung text COLLATE "C" NOT NULL
    created_at bigint NOT NULL
TABLE complaint_replies
    region_id uuid NOT NULL
    id uuid NOT NULL
    complaint_id uuid NOT NULL
    unit_id uuid NOT NULL
    request text COLLATE "C"
    facts text COLLATE "C"
    decision text COLLATE "C"
    basis text COLLATE "C"
    body text COLLATE "C" NOT NULL
    drafted_by uuid
    approved_by uuid
    sent_at bigint NOT NULL
TABLE complaint_search
    region_id uuid NOT NULL
    complaint_id uuid NOT NULL
    content text COLLATE "C" NOT NULL
    document bigint
    index_version smallint NOT NULL
TABLE complaint_sources
    region_id uuid NOT NULL
    source text COLLATE "C" NOT NULL
    external_ref text COLLATE "C" NOT NULL
    complaint_id uuid NOT NULL
    row_hash bytea NOT NULL
TABLE complaint_sum_changes
    id uuid NOT NULL
    region_id uuid NOT NULL
    sign smallint NOT NULL
    is_sealed boolean NOT NULL
    unit_id uuid NOT NULL
    category_id uuid
    channel text COLLATE "C" NOT NULL
    kind text COLLATE "C" NOT NULL
    state text COLLATE "C" NOT NULL
    received_month text COLLATE "C" NOT NULL
    replied_month text COLLATE "C"
    ended_month text COLLATE "C"
    reply_micros bigint
    rating_level smallint
    is_redone boolean NOT NULL
    due_at bigint
    soon_at bigint
TABLE complaint_sum_keepers
    id smallint NOT NULL
    is_built boolean NOT NULL
    layout text COLLATE "C" NOT NULL
TABLE complaints
    region_id uuid NOT NULL
    id uuid NOT NULL
    number text COLLATE "C" NOT NULL
    receipt_hash bytea NOT NULL
    kind text COLLATE "C" NOT NULL
    channel text COLLATE "C" NOT NULL
    state text COLLATE "C" NOT NULL
    is_sealed boolean NOT NULL
    is_anonymous boolean NOT NULL
    about_unit_id uuid
    unit_id uuid NOT NULL
    handler_id uuid
    category_id uuid
    title text COLLATE "C" NOT NULL
    body text COLLATE "C" NOT NULL
    received_at bigint NOT NULL
    received_month text COLLATE "C" NOT NULL
    accepted_at bigint
    replied_at bigint
    replied_month text COLLATE "C"
    reply_micros bigint
    ended_at bigint
    ended_reason text COLLATE "C"
    where_to_go text COLLATE "C"
    due_at bigint
    soon_at bigint
    rating_level smallint
    rating_comment text COLLATE "C"
    rated_at bigint
    version bigint NOT NULL
    is_order boolean NOT NULL
    is_emergency boolean NOT NULL
    assigned_at bigint
    is_dispatch_final boolean NOT NULL
    last_replied_at bigint
    duplicate_of_id uuid
    supervised_by uuid
    supervised_at bigint
    supervised_reason text COLLATE "C"
    supervised_due_at bigint
    redo_asked_at bigint
    redo_reason text COLLATE "C"
    redo_not_by uuid
    pace text COLLATE "C" NOT NULL
    is_extension_asked boolean NOT NULL
    wake_at bigint
    supervised_report_days integer
    supervised_reported_at bigint
    report_due_at bigint
    wake_failures integer NOT NULL
    has_accused boolean NOT NULL
TABLE event_details
    event_id uuid NOT NULL
    salt bytea NOT NULL
    json text COLLATE "C" NOT NULL
TABLE events
    id uuid NOT NULL
    region_id uuid NOT NULL
    subject_kind text COLLATE "C" NOT NULL
    subject_id uuid NOT NULL
    action text COLLATE "C" NOT NULL
    actor_kind text COLLATE "C" NOT NULL
    actor_id uuid
    acting_for uuid
    at bigint NOT NULL
    position integer NOT NULL
    detail_hash bytea NOT NULL
    unit_id uuid
    listed_at bigint NOT NULL
TABLE idempotency_keys
    caller text COLLATE "C" NOT NULL
    idempotency_key uuid NOT NULL
    operation text COLLATE "C" NOT NULL
    request_hash bytea NOT NULL
    subject_id uuid NOT NULL
    expires_at bigint NOT NULL
TABLE identity_openings
    region_id uuid NOT NULL
    id uuid NOT NULL
    complaint_id uuid NOT NULL
    asked_by uuid NOT NULL
    asked_for uuid
    asked_at bigint NOT NULL
    category text COLLATE "C" NOT NULL
    reason text COLLATE "C" NOT NULL
    ends_at bigint NOT NULL
    state text COLLATE "C" NOT NULL
    decided_by uuid
    decided_for uuid
    decided_at bigint
    decision_reason text COLLATE "C"
    open_until bigint
    first_read_at bigint
    version bigint NOT NULL
    readings bigint NOT NULL
TABLE identity_uses
    region_id uuid NOT NULL
    member_id uuid NOT NULL
    kind text COLLATE "C" NOT NULL
    day_began_at bigint NOT NULL
    uses bigint NOT NULL
TABLE import_changes
    region_id uuid NOT NULL
    import_id uuid NOT NULL
    row_number bigint NOT NULL
    outcome text COLLATE "C" NOT NULL
    name text COLLATE "C" NOT NULL
    fields text COLLATE "C" NOT NULL
TABLE import_errors
    region_id uuid NOT NULL
    import_id uuid NOT NULL
    position bigint NOT NULL
    row_number bigint NOT NULL
    column_letter text COLLATE "C"
    code text COLLATE "C" NOT NULL
    detail_zh text COLLATE "C" NOT NULL
    detail_en text COLLATE "C" NOT NULL
TABLE import_file_pieces
    region_id uuid NOT NULL
    import_id uuid NOT NULL
    position bigint NOT NULL
    kept_at bigint NOT NULL
    content bytea NOT NULL
TABLE imports
    region_id uuid NOT NULL
    id uuid NOT NULL
    state text COLLATE "C" NOT NULL
    is_dry_run boolean NOT NULL
    source text COLLATE "C" NOT NULL
    file_name text COLLATE "C" NOT NULL
    mapping text COLLATE "C" NOT NULL
    rows_total bigint NOT NULL
    rows_done bigint NOT NULL
    rows_created bigint NOT NULL
    rows_updated bigint NOT NULL
    rows_unchanged bigint NOT NULL
    rows_failed bigint NOT NULL
    failure text COLLATE "C"
    created_by uuid NOT NULL
    created_at bigint NOT NULL
    finished_at bigint
    is_order boolean NOT NULL
    acting_for uuid
    kind text COLLATE "C" NOT NULL
TABLE log_checkpoints
    number bigint NOT NULL
    size bigint NOT NULL
    made_at bigint NOT NULL
    note text COLLATE "C" NOT NULL
TABLE log_entries
    log_index bigint NOT NULL
    event_id uuid NOT NULL
    leaf_hash bytea NOT NULL
TABLE log_keepers
    id smallint NOT NULL
    size bigint NOT NULL
    peaks bytea NOT NULL
    note text COLLATE "C" NOT NULL
TABLE log_nodes
    level smallint NOT NULL
    node_index bigint NOT NULL
    hash bytea NOT NULL
TABLE log_verifications
    region_id uuid NOT NULL
    state text COLLATE "C" NOT NULL
    requested_by uuid NOT NULL
    requested_for uuid
    requested_at bigint NOT NULL
    percent smallint NOT NULL
    finished_at bigint
    faults text COLLATE "C" NOT NULL
TABLE members
    region_id uuid NOT NULL
    id uuid NOT NULL
    unit_id uuid NOT NULL
    branch_id uuid
    name text COLLATE "C" NOT NULL
    name_en text COLLATE "C"
    is_party_member boolean NOT NULL
    search_text text COLLATE "C" NOT NULL
    created_at bigint NOT NULL
    closed_at bigint
    version bigint NOT NULL
    staff_number text COLLATE "C"
    reading text COLLATE "C"
    readings text COLLATE "C"
    is_public boolean NOT NULL
    shows_party boolean NOT NULL
TABLE notices
    region_id uuid NOT NULL
    id uuid NOT NULL
    member_id uuid NOT NULL
    complaint_id uuid NOT NULL
    kind text COLLATE "C" NOT NULL
    created_at bigint NOT NULL
    read_at bigint
    group_id uuid
TABLE number_blocks
    region_id uuid NOT NULL
    year integer NOT NULL
    next_serial bigint NOT NULL
TABLE old_passwords
    account_id uuid NOT NULL
    ended_at bigint NOT NULL
    password_hash text COLLATE "C" NOT NULL
TABLE outbox
    id uuid NOT NULL
    region_id uuid NOT NULL
    topic text COLLATE "C" NOT NULL
    subject_id uuid NOT NULL
    created_at bigint NOT NULL
    available_at bigint NOT NULL
    leased_until bigint NOT NULL
    attempts integer NOT NULL
    done_at bigint
TABLE post_holders
    region_id uuid NOT NULL
    id uuid NOT NULL
    post_id uuid NOT NULL
    member_id uuid NOT NULL
    valid_from bigint NOT NULL
    valid_to bigint
TABLE posts
    region_id uuid NOT NULL
    id uuid NOT NULL
    unit_id uuid NOT NULL
    name text COLLATE "C" NOT NULL
    name_en text COLLATE "C"
    closed_at bigint
TABLE recovery_codes
    account_id uuid NOT NULL
    code_hash bytea NOT NULL
    used_at bigint
TABLE refresh_tokens
    token_hash bytea NOT NULL
    session_id uuid NOT NULL
    issued_at bigint NOT NULL
    used_at bigint
TABLE reply_templates
    region_id uuid NOT NULL
    id uuid NOT NULL
    unit_id uuid NOT NULL
    category_id uuid
    kind text COLLATE "C"
    purpose text COLLATE "C" NOT NULL
    name text COLLATE "C" NOT NULL
    request text COLLATE "C" NOT NULL
    facts text COLLATE "C" NOT NULL
    decision text COLLATE "C" NOT NULL
    basis text COLLATE "C" NOT NULL
    body text COLLATE "C" NOT NULL
    created_at bigint NOT NULL
    closed_at bigint
    version bigint NOT NULL
TABLE role_grants
    region_id uuid NOT NULL
    id uuid NOT NULL
    member_id uuid NOT NULL
    unit_id uuid NOT NULL
    role text COLLATE "C" NOT NULL
    valid_from bigint NOT NULL
    valid_to bigint
    deputy_for uuid
    acting_for uuid
    reason text COLLATE "C"
    granted_by uuid
    end_reason text COLLATE "C"
    version bigint NOT NULL
TABLE saved_views
    region_id uuid NOT NULL
    id uuid NOT NULL
    member_id uuid NOT NULL
    name text COLLATE "C" NOT NULL
    query text COLLATE "C" NOT NULL
    created_at bigint NOT NULL
TABLE second_factors
    account_id uuid NOT NULL
    sealed_seed bytea
    enrolled_at bigint
    last_step bigint NOT NULL
    begun_seed bytea
    begun_at bigint
TABLE sessions
    id uuid NOT NULL
    region_id uuid NOT NULL
    account_id uuid NOT NULL
    created_at bigint NOT NULL
    last_used_at bigint NOT NULL
    expires_at bigint NOT NULL
    ended_at bigint
    end_reason text COLLATE "C"
    browser text COLLATE "C" NOT NULL
    system text COLLATE "C" NOT NULL
    confirmed_at bigint NOT NULL
TABLE settings
    region_id uuid NOT NULL
    json text COLLATE "C" NOT NULL
    version bigint NOT NULL
TABLE spent_challenges
    challenge text COLLATE "C" NOT NULL
    expires_at bigint NOT NULL
TABLE unit_closure
    region_id uuid NOT NULL
    ancestor_id uuid NOT NULL
    descendant_id uuid NOT NULL
    depth integer NOT NULL
TABLE unit_successors
    region_id uuid NOT NULL
    unit_id uuid NOT NULL
    successor_id uuid NOT NULL
    kind text NOT NULL
    at bigint NOT NULL
TABLE units
    region_id uuid NOT NULL
    id uuid NOT NULL
    parent_id uuid
    kind text COLLATE "C" NOT NULL
    name text COLLATE "C" NOT NULL
    name_en text COLLATE "C"
    head text COLLATE "C"
    hotline text COLLATE "C"
    address text COLLATE "C"
    opening_hours text COLLATE "C"
    search_text text COLLATE "C" NOT NULL
    created_at bigint NOT NULL
    closed_at bigint
    version bigint NOT NULL
    code text COLLATE "C"
    reading text COLLATE "C"
    readings text COLLATE "C"
TABLE unsealed_events
    event_id uuid NOT NULL
    queued_at bigint NOT NULL
TABLE vault_keys
    id uuid NOT NULL
    number integer NOT NULL
    check_value bytea NOT NULL
    made_at bigint NOT NULL
TABLE vault_states
    id integer NOT NULL
    is_scrubbed boolean NOT NULL
account_links: CHECK ((close_reason = ANY (ARRAY['used'::text, 'revoked'::text, 'replaced'::text, 'role_granted'::text, 'member_closed'::text])))
account_links: CHECK ((kind = ANY (ARRAY['invitation'::text, 'reset'::text])))
account_links: FOREIGN KEY (region_id, member_id) REFERENCES members(region_id, id)
account_links: PRIMARY KEY (id)
account_links: UNIQUE (token_hash)
account_notices: CHECK ((kind = ANY (ARRAY['password_reset'::text, 'second_factor_removed'::text])))
account_notices: FOREIGN KEY (account_id) REFERENCES accounts(id)
account_notices: PRIMARY KEY (account_id, kind)
account_ties: FOREIGN KEY (account_id) REFERENCES accounts(id)
account_ties: PRIMARY KEY (account_id, issuer)
accounts: FOREIGN KEY (region_id, member_id) REFERENCES members(region_id, id)
accounts: PRIMARY KEY (id)
accounts: UNIQUE (login)
attachment_pieces: FOREIGN KEY (region_id, attachment_id) REFERENCES attachments(region_id, id)
attachment_pieces: PRIMARY KEY (region_id, attachment_id, "position")
attachments: CHECK (((source = 'staff'::text) = (uploaded_by IS NOT NULL)))
attachments: CHECK (((state = 'refused'::text) = (refusal IS NOT NULL)))
attachments: CHECK (((state = ANY (ARRAY['quarantined'::text, 'ready'::text])) = (object IS NOT NULL)))
attachments: CHECK (((subject_kind IS NULL) = (subject_id IS NULL)))
attachments: CHECK ((received <= size))
attachments: CHECK ((source = ANY (ARRAY['complainant'::text, 'staff'::text])))
attachments: CHECK ((state = ANY (ARRAY['receiving'::text, 'processing'::text, 'quarantined'::text, 'ready'::text, 'refused'::text, 'infected'::text])))
attachments: CHECK ((subject_kind = 'complaints'::text))
attachments: FOREIGN KEY (key_id) REFERENCES vault_keys(id)
attachments: FOREIGN KEY (region_id, uploaded_by) REFERENCES members(region_id, id)
attachments: PRIMARY KEY (region_id, id)
bootstrap_tokens: PRIMARY KEY (token_hash)
calendar_days: FOREIGN KEY (region_id, year) REFERENCES calendar_years(region_id, year)
calendar_days: PRIMARY KEY (region_id, year, day)
calendar_years: FOREIGN KEY (region_id, loaded_by) REFERENCES members(region_id, id)
calendar_years: PRIMARY KEY (region_id, year)
cards: CHECK ((kind = ANY (ARRAY['yellow_card'::text, 'red_card'::text, 'circular_notice'::text])))
cards: CHECK ((state = ANY (ARRAY['proposed'::text, 'standing'::text, 'appealed'::text, 'upheld'::text, 'lifted'::text, 'dropped'::text])))
cards: FOREIGN KEY (region_id, appealed_by) REFERENCES members(region_id, id)
cards: FOREIGN KEY (region_id, complaint_id) REFERENCES complaints(region_id, id)
cards: FOREIGN KEY (region_id, decided_by) REFERENCES members(region_id, id)
cards: FOREIGN KEY (region_id, handler_id) REFERENCES members(region_id, id)
cards: FOREIGN KEY (region_id, proposal_by) REFERENCES members(region_id, id)
cards: FOREIGN KEY (region_id, unit_id) REFERENCES units(region_id, id)
cards: PRIMARY KEY (region_id, id)
cards: UNIQUE (region_id, complaint_id, due_on, kind)
categories: FOREIGN KEY (region_id, parent_id) REFERENCES categories(region_id, id)
categories: PRIMARY KEY (region_id, id)
complaint_accused: CHECK ((subject_kind = ANY (ARRAY['member'::text, 'unit'::text])))
complaint_accused: FOREIGN KEY (region_id, complaint_id) REFERENCES complaints(region_id, id)
complaint_accused: PRIMARY KEY (region_id, complaint_id, subject_id)
complaint_author_changes: CHECK ((sign = ANY (ARRAY['-1'::integer, 1])))
complaint_author_changes: PRIMARY KEY (id)
complaint_author_sums: PRIMARY KEY (region_id, period)
complaint_authors: PRIMARY KEY (region_id, period, author_hash)
complaint_cells: PRIMARY KEY (region_id, axes, period, is_sealed, unit_id, category_id)
complaint_contacts: FOREIGN KEY (key_id) REFERENCES vault_keys(id)
complaint_contacts: FOREIGN KEY (region_id, complaint_id) REFERENCES complaints(region_id, id)
complaint_contacts: PRIMARY KEY (region_id, complaint_id)
complaint_drafts: FOREIGN KEY (region_id, complaint_id) REFERENCES complaints(region_id, id)
complaint_drafts: PRIMARY KEY (region_id, complaint_id)
complaint_messages: FOREIGN KEY (region_id, complaint_id) REFERENCES complaints(region_id, id)
complaint_messages: PRIMARY KEY (region_id, id)
complaint_pairs: PRIMARY KEY (rowid)
complaint_reminders: CHECK ((rung = ANY (ARRAY['due_soon'::text, 'yellow_card'::text, 'red_card'::text, 'circular_notice'::text])))
complaint_reminders: FOREIGN KEY (region_id, complaint_id) REFERENCES complaints(region_id, id)
complaint_reminders: PRIMARY KEY (region_id, complaint_id, due_on, rung)
complaint_replies: FOREIGN KEY (region_id, complaint_id) REFERENCES complaints(region_id, id)
complaint_replies: PRIMARY KEY (region_id, id)
complaint_search: FOREIGN KEY (region_id, complaint_id) REFERENCES complaints(region_id, id)
complaint_search: PRIMARY KEY (region_id, complaint_id)
complaint_sources: FOREIGN KEY (region_id, complaint_id) REFERENCES complaints(region_id, id)
complaint_sources: PRIMARY KEY (region_id, source, external_ref)
complaint_sum_changes: CHECK ((sign = ANY (ARRAY['-1'::integer, 1])))
complaint_sum_changes: PRIMARY KEY (id)
complaint_sum_keepers: PRIMARY KEY (id)
complaints: CHECK (((rating_level >= 1) AND (rating_level <= 5)))
complaints: CHECK ((channel = ANY (ARRAY['web'::text, 'mobile'::text, 'phone'::text, 'counter'::text, 'mailbox'::text, 'email'::text, 'import'::text, 'api'::text])))
complaints: CHECK ((kind = ANY (ARRAY['grievance'::text, 'report'::text, 'suggestion'::text, 'inquiry'::text, 'praise'::text])))
complaints: CHECK ((state = ANY (ARRAY['received'::text, 'accepted'::text, 'not_accepted'::text, 'referred'::text, 'sealed'::text, 'duplicate'::text, 'assigned'::text, 'objected'::text, 'in_handling'::text, 'waiting'::text, 'reply_drafted'::text, 'replied'::text, 'redoing'::text, 'concluded'::text, 'review_requested'::text, 'reviewed'::text, 'rereview_requested'::text, 'final'::text, 'withdrawn'::text])))
complaints: FOREIGN KEY (region_id, about_unit_id) REFERENCES units(region_id, id)
complaints: FOREIGN KEY (region_id, category_id) REFERENCES categories(region_id, id)
complaints: FOREIGN KEY (region_id, handler_id) REFERENCES members(region_id, id)
complaints: FOREIGN KEY (region_id, unit_id) REFERENCES units(region_id, id)
complaints: PRIMARY KEY (region_id, id)
event_details: PRIMARY KEY (event_id)
events: CHECK ((actor_kind = ANY (ARRAY['member'::text, 'complainant'::text, 'system'::text])))
events: PRIMARY KEY (id)
idempotency_keys: PRIMARY KEY (caller, idempotency_key)
identity_openings: CHECK (((state = 'approved'::text) = (open_until IS NOT NULL)))
identity_openings: CHECK (((state = ANY (ARRAY['approved'::text, 'refused'::text])) = (decided_by IS NOT NULL)))
identity_openings: CHECK ((category = ANY (ARRAY['contact'::text, 'danger'::text, 'retaliation'::text, 'law'::text, 'other'::text])))
identity_openings: CHECK ((state = ANY (ARRAY['waiting'::text, 'approved'::text, 'refused'::text, 'withdrawn'::text, 'lapsed'::text])))
identity_openings: FOREIGN KEY (region_id, asked_by) REFERENCES members(region_id, id)
identity_openings: FOREIGN KEY (region_id, complaint_id) REFERENCES complaints(region_id, id)
identity_openings: PRIMARY KEY (region_id, id)
identity_uses: CHECK ((kind = ANY (ARRAY['ask'::text, 'look_up'::text])))
identity_uses: FOREIGN KEY (region_id, member_id) REFERENCES members(region_id, id)
identity_uses: PRIMARY KEY (region_id, member_id, kind)
import_changes: CHECK ((outcome = ANY (ARRAY['created'::text, 'updated'::text])))
import_changes: FOREIGN KEY (region_id, import_id) REFERENCES imports(region_id, id)
import_changes: PRIMARY KEY (region_id, import_id, row_number)
import_errors: FOREIGN KEY (region_id, import_id) REFERENCES imports(region_id, id)
import_errors: PRIMARY KEY (region_id, import_id, "position")
import_file_pieces: PRIMARY KEY (region_id, import_id, "position")
imports: CHECK ((kind = ANY (ARRAY['complaints'::text, 'units'::text, 'members'::text])))
imports: CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'succeeded'::text, 'failed'::text])))
imports: FOREIGN KEY (region_id, created_by) REFERENCES members(region_id, id)
imports: PRIMARY KEY (region_id, id)
log_checkpoints: PRIMARY KEY (number)
log_entries: PRIMARY KEY (log_index)
log_entries: UNIQUE (event_id)
log_keepers: PRIMARY KEY (id)
log_nodes: PRIMARY KEY (level, node_index)
log_verifications: CHECK ((state = ANY (ARRAY['queued'::text, 'running'::text, 'finished'::text, 'failed'::text])))
log_verifications: PRIMARY KEY (region_id)
members: FOREIGN KEY (region_id, branch_id) REFERENCES units(region_id, id)
members: FOREIGN KEY (region_id, unit_id) REFERENCES units(region_id, id)
members: PRIMARY KEY (region_id, id)
notices: FOREIGN KEY (region_id, complaint_id) REFERENCES complaints(region_id, id)
notices: FOREIGN KEY (region_id, member_id) REFERENCES members(region_id, id)
notices: PRIMARY KEY (region_id, id)
number_blocks: PRIMARY KEY (region_id, year)
old_passwords: FOREIGN KEY (account_id) REFERENCES accounts(id)
old_passwords: PRIMARY KEY (account_id, ended_at)
outbox: PRIMARY KEY (id)
post_holders: FOREIGN KEY (region_id, member_id) REFERENCES members(region_id, id)
post_holders: FOREIGN KEY (region_id, post_id) REFERENCES posts(region_id, id)
post_holders: PRIMARY KEY (region_id, id)
posts: FOREIGN KEY (region_id, unit_id) REFERENCES units(region_id, id)
posts: PRIMARY KEY (region_id, id)
recovery_codes: FOREIGN KEY (account_id) REFERENCES second_factors(account_id) ON DELETE CASCADE
recovery_codes: PRIMARY KEY (account_id, code_hash)
refresh_tokens: FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE
refresh_tokens: PRIMARY KEY (token_hash)
reply_templates: CHECK ((kind = ANY (ARRAY['grievance'::text, 'report'::text, 'suggestion'::text, 'inquiry'::text, 'praise'::text])))
reply_templates: CHECK ((purpose = ANY (ARRAY['reply'::text, 'not_accept'::text, 'refer'::text, 'question'::text, 'message'::text])))
reply_templates: FOREIGN KEY (region_id, category_id) REFERENCES categories(region_id, id)
reply_templates: FOREIGN KEY (region_id, unit_id) REFERENCES units(region_id, id)
reply_templates: PRIMARY KEY (region_id, id)
role_grants: CHECK (((acting_for IS NULL) = (deputy_for IS NULL)))
role_grants: FOREIGN KEY (region_id, member_id) REFERENCES members(region_id, id)
role_grants: FOREIGN KEY (region_id, unit_id) REFERENCES units(region_id, id)
role_grants: PRIMARY KEY (region_id, id)
saved_views: FOREIGN KEY (region_id, member_id) REFERENCES members(region_id, id)
saved_views: PRIMARY KEY (region_id, id)
second_factors: CHECK (((begun_seed IS NULL) = (begun_at IS NULL)))
second_factors: CHECK (((sealed_seed IS NULL) = (enrolled_at IS NULL)))
second_factors: FOREIGN KEY (account_id) REFERENCES accounts(id)
second_factors: PRIMARY KEY (account_id)
sessions: FOREIGN KEY (account_id) REFERENCES accounts(id)
sessions: PRIMARY KEY (id)
settings: PRIMARY KEY (region_id)
spent_challenges: PRIMARY KEY (challenge)
unit_closure: FOREIGN KEY (region_id, ancestor_id) REFERENCES units(region_id, id)
unit_closure: FOREIGN KEY (region_id, descendant_id) REFERENCES units(region_id, id)
unit_closure: PRIMARY KEY (region_id, ancestor_id, descendant_id)
unit_successors: CHECK ((kind = ANY (ARRAY['merged'::text, 'split'::text])))
unit_successors: CHECK ((unit_id <> successor_id))
unit_successors: FOREIGN KEY (region_id, successor_id) REFERENCES units(region_id, id)
unit_successors: FOREIGN KEY (region_id, unit_id) REFERENCES units(region_id, id)
unit_successors: PRIMARY KEY (region_id, unit_id, successor_id)
units: CHECK ((kind = ANY (ARRAY['bureau'::text, 'office'::text, 'school'::text, 'kindergarten'::text, 'branch'::text, 'window'::text])))
units: FOREIGN KEY (region_id, parent_id) REFERENCES units(region_id, id)
units: PRIMARY KEY (region_id, id)
unsealed_events: PRIMARY KEY (event_id)
vault_keys: PRIMARY KEY (id)
vault_keys: UNIQUE (number)
vault_states: CHECK ((id = 1))
vault_states: PRIMARY KEY (id)
CREATE INDEX account_links_by_expiry ON public.account_links USING btree (expires_at)
CREATE INDEX attachments_by_key ON public.attachments USING btree (key_id, region_id, id)
CREATE INDEX attachments_by_object ON public.attachments USING btree (object) WHERE (object IS NOT NULL)
CREATE INDEX attachments_by_original ON public.attachments USING btree (original_object) WHERE (original_object IS NOT NULL)
CREATE INDEX attachments_of_nothing ON public.attachments USING btree (created_at, region_id, id) WHERE (subject_id IS NULL)
CREATE INDEX attachments_of_subject ON public.attachments USING btree (region_id, subject_kind, subject_id, "position", id) WHERE (subject_id IS NOT NULL)
CREATE INDEX cards_by_kind ON public.cards USING btree (region_id, kind, given_at, id)
CREATE INDEX cards_by_state ON public.cards USING btree (region_id, state, given_at, id)
CREATE INDEX cards_by_time ON public.cards USING btree (region_id, given_at, id)
CREATE INDEX cards_by_unit ON public.cards USING btree (region_id, unit_id, given_at, id)
CREATE INDEX categories_by_name ON public.categories USING btree (region_id, name)
CREATE INDEX complaint_accused_by_subject ON public.complaint_accused USING btree (region_id, subject_id, complaint_id)
CREATE INDEX complaint_contacts_by_author ON public.complaint_contacts USING btree (region_id, complaint_id) WHERE (author_hash IS NOT NULL)
CREATE INDEX complaint_contacts_by_key ON public.complaint_contacts USING btree (key_id, region_id, complaint_id) WHERE (key_id IS NOT NULL)
CREATE INDEX complaint_contacts_by_phone ON public.complaint_contacts USING btree (region_id, phone_index) WHERE (phone_index IS NOT NULL)
CREATE INDEX complaint_contacts_in_clear ON public.complaint_contacts USING btree (region_id, complaint_id) WHERE (clear_name IS NOT NULL)
CREATE INDEX complaint_messages_by_complaint ON public.complaint_messages USING btree (region_id, complaint_id, created_at)
CREATE INDEX complaint_pairs_by_pair ON public.complaint_pairs USING gin (pairs)
CREATE INDEX complaint_replies_by_complaint ON public.complaint_replies USING btree (region_id, complaint_id, sent_at)
CREATE INDEX complaint_search_outdated ON public.complaint_search USING btree (region_id) WHERE (index_version < 2)
CREATE INDEX complaint_sources_by_complaint ON public.complaint_sources USING btree (region_id, complaint_id)
CREATE INDEX complaints_by_category ON public.complaints USING btree (region_id, category_id, received_at, id)
CREATE INDEX complaints_by_days_to_reply ON public.complaints USING btree (region_id, reply_micros) WHERE (reply_micros IS NOT NULL)
CREATE INDEX complaints_by_due ON public.complaints USING btree (region_id, due_at, id) WHERE (due_at IS NOT NULL)
CREATE INDEX complaints_by_end ON public.complaints USING btree (region_id, ended_at, id) WHERE (ended_at IS NOT NULL)
CREATE INDEX complaints_by_handler ON public.complaints USING btree (region_id, handler_id, received_at, id)
CREATE INDEX complaints_by_lead ON public.complaints USING btree (region_id, duplicate_of_id, received_at) WHERE (duplicate_of_id IS NOT NULL)
CREATE INDEX complaints_by_reply ON public.complaints USING btree (region_id, replied_at) WHERE (replied_at IS NOT NULL)
CREATE INDEX complaints_by_state ON public.complaints USING btree (region_id, state, received_at, id)
CREATE INDEX complaints_by_supervisor ON public.complaints USING btree (region_id, supervised_by, received_at, id) WHERE (supervised_by IS NOT NULL)
CREATE INDEX complaints_by_time ON public.complaints USING btree (region_id, received_at, id)
CREATE INDEX complaints_by_unit ON public.complaints USING btree (region_id, unit_id, received_at, id)
CREATE INDEX complaints_by_wake ON public.complaints USING btree (wake_at) WHERE (wake_at IS NOT NULL)
CREATE INDEX complaints_emergency ON public.complaints USING btree (region_id, received_at, id) WHERE (is_emergency = true)
CREATE INDEX complaints_extension_asked ON public.complaints USING btree (region_id, received_at, id) WHERE (is_extension_asked = true)
CREATE INDEX complaints_of_nobody ON public.complaints USING btree (region_id, received_at, id) WHERE (handler_id IS NULL)
CREATE INDEX complaints_open_by_handler ON public.complaints USING btree (region_id, handler_id) WHERE (state <> ALL (ARRAY['not_accepted'::text, 'referred'::text, 'concluded'::text, 'final'::text, 'withdrawn'::text]))
CREATE INDEX complaints_redone ON public.complaints USING btree (region_id, received_at, id) WHERE (redo_asked_at IS NOT NULL)
CREATE INDEX complaints_report_due ON public.complaints USING btree (region_id, report_due_at) WHERE (report_due_at IS NOT NULL)
CREATE INDEX complaints_supervised ON public.complaints USING btree (region_id, received_at, id) WHERE (supervised_at IS NOT NULL)
CREATE INDEX complaints_unanswered ON public.complaints USING btree (region_id, received_at, id) WHERE (reply_micros IS NULL)
CREATE INDEX complaints_unsatisfied ON public.complaints USING btree (region_id, received_at, id) WHERE (rating_level < 3)
CREATE INDEX complaints_with_accused ON public.complaints USING btree (region_id, is_sealed, received_at, id) WHERE (has_accused = true)
CREATE INDEX events_by_action ON public.events USING btree (region_id, action, listed_at, id)
CREATE INDEX events_by_actor ON public.events USING btree (region_id, actor_id, listed_at, id) WHERE (actor_id IS NOT NULL)
CREATE INDEX events_by_principal ON public.events USING btree (region_id, acting_for, listed_at, id) WHERE (acting_for IS NOT NULL)
CREATE INDEX events_by_subject ON public.events USING btree (region_id, subject_id, listed_at, id)
CREATE INDEX events_by_time ON public.events USING btree (region_id, listed_at, id)
CREATE INDEX events_by_unit ON public.events USING btree (region_id, unit_id, listed_at, id) WHERE (unit_id IS NOT NULL)
CREATE INDEX events_of_no_member ON public.events USING btree (region_id, actor_kind, listed_at, id) WHERE (actor_kind <> 'member'::text)
CREATE INDEX events_of_subject ON public.events USING btree (region_id, subject_kind, subject_id, at) WHERE (action <> 'complaints.read'::text)
CREATE INDEX idempotency_keys_by_expiry ON public.idempotency_keys USING btree (expires_at)
CREATE INDEX identity_openings_in_order ON public.identity_openings USING btree (region_id, asked_at, id)
CREATE INDEX identity_openings_of_case ON public.identity_openings USING btree (region_id, complaint_id, asked_at, id)
CREATE INDEX identity_openings_to_answer ON public.identity_openings USING btree (region_id, asked_at, id) WHERE (state = 'waiting'::text)
CREATE INDEX imports_by_kind ON public.imports USING btree (region_id, kind, created_at, id)
CREATE INDEX imports_by_time ON public.imports USING btree (region_id, created_at, id)
CREATE INDEX log_entries_by_leaf ON public.log_entries USING btree (leaf_hash)
CREATE INDEX members_by_english_name ON public.members USING btree (region_id, name_en) WHERE (name_en IS NOT NULL)
CREATE INDEX members_by_name ON public.members USING btree (region_id, name, id)
CREATE INDEX members_by_number ON public.members USING btree (region_id, staff_number) WHERE (staff_number IS NOT NULL)
CREATE INDEX members_by_unit ON public.members USING btree (region_id, unit_id, name, id)
CREATE INDEX members_public ON public.members USING btree (region_id, unit_id, name, id) WHERE (is_public = true)
CREATE INDEX members_unread ON public.members USING btree (region_id, id) WHERE (readings IS NULL)
CREATE INDEX notices_by_member ON public.notices USING btree (region_id, member_id, created_at, id)
CREATE INDEX notices_grouped ON public.notices USING btree (region_id, group_id) WHERE (group_id IS NOT NULL)
CREATE INDEX notices_open ON public.notices USING btree (region_id, member_id, kind, created_at, id) WHERE ((read_at IS NULL) AND (group_id IS NULL))
CREATE INDEX notices_unread ON public.notices USING btree (region_id, member_id) WHERE (read_at IS NULL)
CREATE INDEX outbox_open ON public.outbox USING btree (available_at) WHERE (done_at IS NULL)
CREATE INDEX post_holders_by_member ON public.post_holders USING btree (region_id, member_id)
CREATE INDEX post_holders_by_post ON public.post_holders USING btree (region_id, post_id)
CREATE INDEX refresh_tokens_by_session ON public.refresh_tokens USING btree (session_id)
CREATE INDEX role_grants_by_deputy ON public.role_grants USING btree (region_id, deputy_for) WHERE (deputy_for IS NOT NULL)
CREATE INDEX role_grants_by_holder ON public.role_grants USING btree (region_id, acting_for) WHERE (acting_for IS NOT NULL)
CREATE INDEX role_grants_by_member ON public.role_grants USING btree (region_id, member_id)
CREATE INDEX role_grants_by_role ON public.role_grants USING btree (region_id, role, valid_from, id)
CREATE INDEX role_grants_by_start ON public.role_grants USING btree (region_id, valid_from, id)
CREATE INDEX role_grants_by_unit ON public.role_grants USING btree (region_id, unit_id, role)
CREATE INDEX sessions_by_account ON public.sessions USING btree (account_id)
CREATE INDEX sessions_by_expiry ON public.sessions USING btree (expires_at)
CREATE INDEX spent_challenges_by_expiry ON public.spent_challenges USING btree (expires_at)
CREATE INDEX unit_closure_upwards ON public.unit_closure USING btree (region_id, descendant_id, depth)
CREATE INDEX unit_successors_back ON public.unit_successors USING btree (region_id, successor_id, at)
CREATE INDEX units_by_name ON public.units USING btree (region_id, name, id)
CREATE INDEX units_by_parent ON public.units USING btree (region_id, parent_id)
CREATE INDEX units_unread ON public.units USING btree (region_id, id) WHERE (readings IS NULL)
CREATE UNIQUE INDEX account_links_open ON public.account_links USING btree (region_id, member_id) WHERE (closed_at IS NULL)
CREATE UNIQUE INDEX account_links_pkey ON public.account_links USING btree (id)
CREATE UNIQUE INDEX account_links_token_hash_key ON public.account_links USING btree (token_hash)
CREATE UNIQUE INDEX account_notices_pkey ON public.account_notices USING btree (account_id, kind)
CREATE UNIQUE INDEX account_ties_pkey ON public.account_ties USING btree (account_id, issuer)
CREATE UNIQUE INDEX account_ties_subject ON public.account_ties USING btree (issuer, subject)
CREATE UNIQUE INDEX accounts_by_member ON public.accounts USING btree (region_id, member_id)
CREATE UNIQUE INDEX accounts_login_key ON public.accounts USING btree (login)
CREATE UNIQUE INDEX accounts_pkey ON public.accounts USING btree (id)
CREATE UNIQUE INDEX attachment_pieces_pkey ON public.attachment_pieces USING btree (region_id, attachment_id, "position")
CREATE UNIQUE INDEX attachments_pkey ON public.attachments USING btree (region_id, id)
CREATE UNIQUE INDEX bootstrap_tokens_pkey ON public.bootstrap_tokens USING btree (token_hash)
CREATE UNIQUE INDEX calendar_days_pkey ON public.calendar_days USING btree (region_id, year, day)
CREATE UNIQUE INDEX calendar_years_pkey ON public.calendar_years USING btree (region_id, year)
CREATE UNIQUE INDEX cards_pkey ON public.cards USING btree (region_id, id)
CREATE UNIQUE INDEX cards_region_id_complaint_id_due_on_kind_key ON public.cards USING btree (region_id, complaint_id, due_on, kind)
CREATE UNIQUE INDEX categories_open_names ON public.categories USING btree (region_id, COALESCE(parent_id, region_id), name) WHERE (closed_at IS NULL)
CREATE UNIQUE INDEX categories_pkey ON public.categories USING btree (region_id, id)
CREATE UNIQUE INDEX complaint_accused_pkey ON public.complaint_accused USING btree (region_id, complaint_id, subject_id)
CREATE UNIQUE INDEX complaint_author_changes_pkey ON public.complaint_author_changes USING btree (id)
CREATE UNIQUE INDEX complaint_author_sums_pkey ON public.complaint_author_sums USING btree (region_id, period)
CREATE UNIQUE INDEX complaint_authors_pkey ON public.complaint_authors USING btree (region_id, period, author_hash)
CREATE UNIQUE INDEX complaint_cells_pkey ON public.complaint_cells USING btree (region_id, axes, period, is_sealed, unit_id, category_id)
CREATE UNIQUE INDEX complaint_contacts_pkey ON public.complaint_contacts USING btree (region_id, complaint_id)
CREATE UNIQUE INDEX complaint_drafts_pkey ON public.complaint_drafts USING btree (region_id, complaint_id)
CREATE UNIQUE INDEX complaint_messages_pkey ON public.complaint_messages USING btree (region_id, id)
CREATE UNIQUE INDEX complaint_pairs_pkey ON public.complaint_pairs USING btree (rowid)
CREATE UNIQUE INDEX complaint_reminders_pkey ON public.complaint_reminders USING btree (region_id, complaint_id, due_on, rung)
CREATE UNIQUE INDEX complaint_replies_pkey ON public.complaint_replies USING btree (region_id, id)
CREATE UNIQUE INDEX complaint_search_by_document ON public.complaint_search USING btree (document)
CREATE UNIQUE INDEX complaint_search_pkey ON public.complaint_search USING btree (region_id, complaint_id)
CREATE UNIQUE INDEX complaint_sources_pkey ON public.complaint_sources USING btree (region_id, source, external_ref)
CREATE UNIQUE INDEX complaint_sum_changes_pkey ON public.complaint_sum_changes USING btree (id)
CREATE UNIQUE INDEX complaint_sum_keepers_pkey ON public.complaint_sum_keepers USING btree (id)
CREATE UNIQUE INDEX complaints_by_number ON public.complaints USING btree (region_id, number)
CREATE UNIQUE INDEX complaints_by_receipt ON public.complaints USING btree (region_id, receipt_hash)
CREATE UNIQUE INDEX complaints_pkey ON public.complaints USING btree (region_id, id)
CREATE UNIQUE INDEX event_details_pkey ON public.event_details USING btree (event_id)
CREATE UNIQUE INDEX events_pkey ON public.events USING btree (id)
CREATE UNIQUE INDEX idempotency_keys_pkey ON public.idempotency_keys USING btree (caller, idempotency_key)
CREATE UNIQUE INDEX identity_openings_pkey ON public.identity_openings USING btree (region_id, id)
CREATE UNIQUE INDEX identity_openings_waiting ON public.identity_openings USING btree (region_id, complaint_id, asked_by) WHERE (state = 'waiting'::text)
CREATE UNIQUE INDEX identity_uses_pkey ON public.identity_uses USING btree (region_id, member_id, kind)
CREATE UNIQUE INDEX import_changes_pkey ON public.import_changes USING btree (region_id, import_id, row_number)
CREATE UNIQUE INDEX import_errors_pkey ON public.import_errors USING btree (region_id, import_id, "position")
CREATE UNIQUE INDEX import_file_pieces_pkey ON public.import_file_pieces USING btree (region_id, import_id, "position")
CREATE UNIQUE INDEX imports_pkey ON public.imports USING btree (region_id, id)
CREATE UNIQUE INDEX log_checkpoints_pkey ON public.log_checkpoints USING btree (number)
CREATE UNIQUE INDEX log_entries_event_id_key ON public.log_entries USING btree (event_id)
CREATE UNIQUE INDEX log_entries_pkey ON public.log_entries USING btree (log_index)
CREATE UNIQUE INDEX log_keepers_pkey ON public.log_keepers USING btree (id)
CREATE UNIQUE INDEX log_nodes_pkey ON public.log_nodes USING btree (level, node_index)
CREATE UNIQUE INDEX log_verifications_pkey ON public.log_verifications USING btree (region_id)
CREATE UNIQUE INDEX members_open_numbers ON public.members USING btree (region_id, staff_number) WHERE ((closed_at IS NULL) AND (staff_number IS NOT NULL))
CREATE UNIQUE INDEX members_pkey ON public.members USING btree (region_id, id)
CREATE UNIQUE INDEX notices_pkey ON public.notices USING btree (region_id, id)
CREATE UNIQUE INDEX number_blocks_pkey ON public.number_blocks USING btree (region_id, year)
CREATE UNIQUE INDEX old_passwords_pkey ON public.old_passwords USING btree (account_id, ended_at)
CREATE UNIQUE INDEX outbox_pkey ON public.outbox USING btree (id)
CREATE UNIQUE INDEX post_holders_pkey ON public.post_holders USING btree (region_id, id)
CREATE UNIQUE INDEX posts_open_names ON public.posts USING btree (region_id, unit_id, name) WHERE (closed_at IS NULL)
CREATE UNIQUE INDEX posts_pkey ON public.posts USING btree (region_id, id)
CREATE UNIQUE INDEX recovery_codes_pkey ON public.recovery_codes USING btree (account_id, code_hash)
CREATE UNIQUE INDEX refresh_tokens_pkey ON public.refresh_tokens USING btree (token_hash)
CREATE UNIQUE INDEX reply_templates_open_names ON public.reply_templates USING btree (region_id, unit_id, purpose, name) WHERE (closed_at IS NULL)
CREATE UNIQUE INDEX reply_templates_pkey ON public.reply_templates USING btree (region_id, id)
CREATE UNIQUE INDEX role_grants_pkey ON public.role_grants USING btree (region_id, id)
CREATE UNIQUE INDEX saved_views_by_member ON public.saved_views USING btree (region_id, member_id, name)
CREATE UNIQUE INDEX saved_views_pkey ON public.saved_views USING btree (region_id, id)
CREATE UNIQUE INDEX second_factors_pkey ON public.second_factors USING btree (account_id)
CREATE UNIQUE INDEX sessions_pkey ON public.sessions USING btree (id)
CREATE UNIQUE INDEX settings_pkey ON public.settings USING btree (region_id)
CREATE UNIQUE INDEX spent_challenges_pkey ON public.spent_challenges USING btree (challenge)
CREATE UNIQUE INDEX unit_closure_pkey ON public.unit_closure USING btree (region_id, ancestor_id, descendant_id)
CREATE UNIQUE INDEX unit_successors_pkey ON public.unit_successors USING btree (region_id, unit_id, successor_id)
CREATE UNIQUE INDEX units_open_codes ON public.units USING btree (region_id, code) WHERE ((closed_at IS NULL) AND (code IS NOT NULL))
CREATE UNIQUE INDEX units_open_names ON public.units USING btree (region_id, parent_id, name) WHERE (closed_at IS NULL)
CREATE UNIQUE INDEX units_pkey ON public.units USING btree (region_id, id)
CREATE UNIQUE INDEX unsealed_events_pkey ON public.unsealed_events USING btree (event_id)
CREATE UNIQUE INDEX vault_keys_number_key ON public.vault_keys USING btree (number)
CREATE UNIQUE INDEX vault_keys_pkey ON public.vault_keys USING btree (id)
CREATE UNIQUE INDEX vault_states_pkey ON public.vault_states USING btree (id)
CREATE TRIGGER complaints_have_their_accused AFTER INSERT ON public.complaint_accused FOR EACH ROW EXECUTE FUNCTION complaint_has_accused()
CREATE TRIGGER events_are_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON public.events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
CREATE TRIGGER log_checkpoints_are_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON public.log_checkpoints FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
CREATE TRIGGER log_entries_are_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON public.log_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
CREATE TRIGGER log_nodes_are_never_changed BEFORE DELETE OR UPDATE OR TRUNCATE ON public.log_nodes FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()
