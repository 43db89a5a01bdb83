//! What the desk keeps ready: categories that can be edited, templates of texts, saved views of the queue.

super::migration!(
    "m0006_catalogue",
    r"
ALTER TABLE categories ADD COLUMN version BIGINT NOT NULL DEFAULT 1;
CREATE UNIQUE INDEX categories_open_names ON categories (region_id, COALESCE(parent_id, region_id), name)
    WHERE closed_at IS NULL;

CREATE TABLE reply_templates (
    region_id {id} NOT NULL,
    id {id} NOT NULL,
    unit_id {id} NOT NULL,
    category_id {id},
    kind {text} CHECK (kind IN ('grievance', 'report', 'suggestion', 'inquiry', 'praise')),
    purpose {text} NOT NULL CHECK (purpose IN ('reply', 'not_accept', 'refer', 'question', 'message')),
    name {text} NOT NULL,
    request {text} NOT NULL,
    facts {text} NOT NULL,
    decision {text} NOT NULL,
    basis {text} NOT NULL,
    body {text} NOT NULL,
    created_at {micros} NOT NULL,
    closed_at {micros},
    version BIGINT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, unit_id) REFERENCES units (region_id, id),
    FOREIGN KEY (region_id, category_id) REFERENCES categories (region_id, id)
);
CREATE UNIQUE INDEX reply_templates_open_names ON reply_templates (region_id, unit_id, purpose, name)
    WHERE closed_at IS NULL;

CREATE TABLE saved_views (
    region_id {id} NOT NULL,
    id {id} NOT NULL,
    member_id {id} NOT NULL,
    name {text} NOT NULL,
    query {text} NOT NULL,
    created_at {micros} NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, member_id) REFERENCES members (region_id, id)
);
CREATE UNIQUE INDEX saved_views_by_member ON saved_views (region_id, member_id, name);
"
);
