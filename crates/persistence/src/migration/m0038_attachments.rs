//! Files that are attached to something. Their content is not here but in the store of objects, sealed; what is on its way stands
//! in pieces, sealed as well. A file belongs to nothing until whatever it is attached to is written.

super::migration!(
    "m0038_attachments",
    r"
CREATE TABLE attachments (
    region_id {id} NOT NULL,
    id {id} NOT NULL,
    subject_kind {text} CHECK (subject_kind IN ('complaints')),
    subject_id {id},
    position INTEGER NOT NULL,
    source {text} NOT NULL CHECK (source IN ('complainant', 'staff')),
    uploaded_by {id},
    token_hash {bytes},
    state {text} NOT NULL CHECK (state IN ('receiving', 'processing', 'quarantined', 'ready', 'refused', 'infected')),
    refusal {text},
    size BIGINT NOT NULL,
    received BIGINT NOT NULL,
    media {text},
    content_size BIGINT,
    width INTEGER,
    height INTEGER,
    name {bytes} NOT NULL,
    row_key {bytes} NOT NULL,
    key_id {id} NOT NULL REFERENCES vault_keys (id),
    keeps_original BOOLEAN NOT NULL,
    object {id},
    original_object {id},
    scans INTEGER NOT NULL,
    created_at {micros} NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, uploaded_by) REFERENCES members (region_id, id),
    CHECK ((subject_kind IS NULL) = (subject_id IS NULL)),
    CHECK ((source = 'staff') = (uploaded_by IS NOT NULL)),
    CHECK (received <= size),
    CHECK ((state = 'refused') = (refusal IS NOT NULL)),
    CHECK ((state IN ('quarantined', 'ready')) = (object IS NOT NULL))
);
CREATE INDEX attachments_of_subject ON attachments (region_id, subject_kind, subject_id, position, id) WHERE subject_id IS NOT NULL;
CREATE INDEX attachments_of_nothing ON attachments (created_at, region_id, id) WHERE subject_id IS NULL;
CREATE INDEX attachments_by_key ON attachments (key_id, region_id, id);
CREATE INDEX attachments_by_object ON attachments (object) WHERE object IS NOT NULL;
CREATE INDEX attachments_by_original ON attachments (original_object) WHERE original_object IS NOT NULL;
CREATE TABLE attachment_pieces (
    region_id {id} NOT NULL,
    attachment_id {id} NOT NULL,
    position BIGINT NOT NULL,
    content {bytes} NOT NULL,
    PRIMARY KEY (region_id, attachment_id, position),
    FOREIGN KEY (region_id, attachment_id) REFERENCES attachments (region_id, id)
);
"
);
