//! Complaints and their parts. Contact data stand in a table of their own.

super::migration!(
    "m0003_complaints",
    r"
CREATE TABLE categories (
    region_id {id} NOT NULL,
    id {id} NOT NULL,
    parent_id {id},
    name {text} NOT NULL,
    name_en {text},
    depth INTEGER NOT NULL,
    position INTEGER NOT NULL,
    closed_at {micros},
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, parent_id) REFERENCES categories (region_id, id)
);
CREATE INDEX categories_by_name ON categories (region_id, name);

CREATE TABLE complaints (
    region_id {id} NOT NULL,
    id {id} NOT NULL,
    number {text} NOT NULL,
    receipt_hash {bytes} NOT NULL,
    kind {text} NOT NULL CHECK (kind IN ('grievance', 'report', 'suggestion', 'inquiry', 'praise')),
    channel {text} NOT NULL
        CHECK (channel IN ('web', 'mobile', 'phone', 'counter', 'mailbox', 'email', 'import', 'api')),
    state {text} NOT NULL CHECK (state IN ('received', 'accepted', 'not_accepted', 'referred', 'sealed', 'duplicate',
        'assigned', 'objected', 'in_handling', 'waiting', 'reply_drafted', 'replied', 'redoing', 'concluded',
        'review_requested', 'reviewed', 'rereview_requested', 'final', 'withdrawn')),
    is_sealed BOOLEAN NOT NULL,
    is_anonymous BOOLEAN NOT NULL,
    about_unit_id {id},
    unit_id {id} NOT NULL,
    handler_id {id},
    category_id {id},
    title {text} NOT NULL,
    body {text} NOT NULL,
    received_at {micros} NOT NULL,
    received_month {text} NOT NULL,
    accepted_at {micros},
    replied_at {micros},
    replied_month {text},
    reply_micros {micros},
    ended_at {micros},
    ended_reason {text},
    where_to_go {text},
    due_at {micros},
    soon_at {micros},
    rating_level SMALLINT CHECK (rating_level BETWEEN 1 AND 5),
    rating_comment {text},
    rated_at {micros},
    version BIGINT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, about_unit_id) REFERENCES units (region_id, id),
    FOREIGN KEY (region_id, unit_id) REFERENCES units (region_id, id),
    FOREIGN KEY (region_id, handler_id) REFERENCES members (region_id, id),
    FOREIGN KEY (region_id, category_id) REFERENCES categories (region_id, id)
);
CREATE UNIQUE INDEX complaints_by_number ON complaints (region_id, number);
CREATE UNIQUE INDEX complaints_by_receipt ON complaints (region_id, receipt_hash);
CREATE INDEX complaints_by_time ON complaints (region_id, received_at, id);
CREATE INDEX complaints_by_unit ON complaints (region_id, unit_id, received_at, id);
CREATE INDEX complaints_by_state ON complaints (region_id, state, received_at, id);
CREATE INDEX complaints_by_handler ON complaints (region_id, handler_id, received_at);
CREATE INDEX complaints_by_due ON complaints (region_id, due_at, id) WHERE due_at IS NOT NULL;

CREATE TABLE complaint_contacts (
    region_id {id} NOT NULL,
    complaint_id {id} NOT NULL,
    name {text},
    phone {text},
    email {text},
    author_hash {bytes},
    PRIMARY KEY (region_id, complaint_id),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);

CREATE TABLE complaint_accused (
    region_id {id} NOT NULL,
    complaint_id {id} NOT NULL,
    subject_id {id} NOT NULL,
    subject_kind {text} NOT NULL CHECK (subject_kind IN ('member', 'unit')),
    PRIMARY KEY (region_id, complaint_id, subject_id),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);

CREATE TABLE complaint_messages (
    region_id {id} NOT NULL,
    id {id} NOT NULL,
    complaint_id {id} NOT NULL,
    member_id {id},
    body {text} NOT NULL,
    created_at {micros} NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);
CREATE INDEX complaint_messages_by_complaint ON complaint_messages (region_id, complaint_id, created_at);

CREATE TABLE complaint_replies (
    region_id {id} NOT NULL,
    id {id} NOT NULL,
    complaint_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    request {text},
    facts {text},
    decision {text},
    basis {text},
    body {text} NOT NULL,
    drafted_by {id},
    approved_by {id},
    sent_at {micros} NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);
CREATE INDEX complaint_replies_by_complaint ON complaint_replies (region_id, complaint_id, sent_at);

CREATE TABLE complaint_drafts (
    region_id {id} NOT NULL,
    complaint_id {id} NOT NULL,
    request {text} NOT NULL,
    facts {text} NOT NULL,
    decision {text} NOT NULL,
    basis {text} NOT NULL,
    drafted_by {id} NOT NULL,
    is_submitted BOOLEAN NOT NULL,
    approved_by {id},
    returned_reason {text},
    updated_at {micros} NOT NULL,
    PRIMARY KEY (region_id, complaint_id),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);

CREATE TABLE complaint_search (
    region_id {id} NOT NULL,
    complaint_id {id} NOT NULL,
    content {text} NOT NULL,
    PRIMARY KEY (region_id, complaint_id),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);
"
);
