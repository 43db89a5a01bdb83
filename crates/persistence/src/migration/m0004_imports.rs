//! Imports of ledgers: the runs, the files while they wait, the rows that could not be read, and which row of which
//! ledger became which complaint.

super::migration!(
    "m0004_imports",
    r"
CREATE TABLE imports (
    region_id {id} NOT NULL,
    id {id} NOT NULL,
    state {text} NOT NULL CHECK (state IN ('queued', 'running', 'succeeded', 'failed')),
    is_dry_run BOOLEAN NOT NULL,
    source {text} NOT NULL,
    file_name {text} NOT NULL,
    mapping {text} NOT NULL,
    rows_total BIGINT NOT NULL,
    rows_done BIGINT NOT NULL,
    rows_created BIGINT NOT NULL,
    rows_updated BIGINT NOT NULL,
    rows_unchanged BIGINT NOT NULL,
    rows_failed BIGINT NOT NULL,
    failure {text},
    created_by {id} NOT NULL,
    created_at {micros} NOT NULL,
    finished_at {micros},
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, created_by) REFERENCES members (region_id, id)
);
CREATE INDEX imports_by_time ON imports (region_id, created_at, id);

CREATE TABLE import_files (
    region_id {id} NOT NULL,
    import_id {id} NOT NULL,
    content {bytes} NOT NULL,
    PRIMARY KEY (region_id, import_id),
    FOREIGN KEY (region_id, import_id) REFERENCES imports (region_id, id)
);

CREATE TABLE import_errors (
    region_id {id} NOT NULL,
    import_id {id} NOT NULL,
    position BIGINT NOT NULL,
    row_number BIGINT NOT NULL,
    column_letter {text},
    code {text} NOT NULL,
    detail_zh {text} NOT NULL,
    detail_en {text} NOT NULL,
    PRIMARY KEY (region_id, import_id, position),
    FOREIGN KEY (region_id, import_id) REFERENCES imports (region_id, id)
);

CREATE TABLE complaint_sources (
    region_id {id} NOT NULL,
    source {text} NOT NULL,
    external_ref {text} NOT NULL,
    complaint_id {id} NOT NULL,
    row_hash {bytes} NOT NULL,
    PRIMARY KEY (region_id, source, external_ref),
    FOREIGN KEY (region_id, complaint_id) REFERENCES complaints (region_id, id)
);
CREATE INDEX complaint_sources_by_complaint ON complaint_sources (region_id, complaint_id);
"
);
