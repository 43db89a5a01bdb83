//! Units, members, posts, roles, accounts, sessions.
//!
//! Nothing is deleted: units and members are closed, holders of posts and grants of roles end. Accounts and sessions
//! have no region in their keys: a login is looked up before it is known to which county it belongs.

super::migration!(
    "m0002_people",
    r"
CREATE TABLE units (
    region_id {id} NOT NULL,
    id {id} NOT NULL,
    parent_id {id},
    kind {text} NOT NULL CHECK (kind IN ('bureau', 'office', 'school', 'kindergarten', 'branch', 'window')),
    name {text} NOT NULL,
    name_en {text},
    head {text},
    hotline {text},
    address {text},
    opening_hours {text},
    search_text {text} NOT NULL,
    created_at {micros} NOT NULL,
    closed_at {micros},
    version BIGINT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, parent_id) REFERENCES units (region_id, id)
);
CREATE INDEX units_by_parent ON units (region_id, parent_id);
CREATE INDEX units_by_name ON units (region_id, name, id);
CREATE UNIQUE INDEX units_open_names ON units (region_id, parent_id, name) WHERE closed_at IS NULL;

CREATE TABLE unit_closure (
    region_id {id} NOT NULL,
    ancestor_id {id} NOT NULL,
    descendant_id {id} NOT NULL,
    depth INTEGER NOT NULL,
    PRIMARY KEY (region_id, ancestor_id, descendant_id),
    FOREIGN KEY (region_id, ancestor_id) REFERENCES units (region_id, id),
    FOREIGN KEY (region_id, descendant_id) REFERENCES units (region_id, id)
);
CREATE INDEX unit_closure_upwards ON unit_closure (region_id, descendant_id, depth);

CREATE TABLE members (
    region_id {id} NOT NULL,
    id {id} NOT NULL,
    unit_id {id} NOT NULL,
    branch_id {id},
    name {text} NOT NULL,
    name_en {text},
    is_party_member BOOLEAN NOT NULL,
    search_text {text} NOT NULL,
    created_at {micros} NOT NULL,
    closed_at {micros},
    version BIGINT NOT NULL,
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, unit_id) REFERENCES units (region_id, id),
    FOREIGN KEY (region_id, branch_id) REFERENCES units (region_id, id)
);
CREATE INDEX members_by_unit ON members (region_id, unit_id, name, id);
CREATE INDEX members_by_name ON members (region_id, name, id);

CREATE TABLE posts (
    region_id {id} NOT NULL,
    id {id} NOT NULL,
    unit_id {id} NOT NULL,
    name {text} NOT NULL,
    name_en {text},
    closed_at {micros},
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, unit_id) REFERENCES units (region_id, id)
);
CREATE UNIQUE INDEX posts_open_names ON posts (region_id, unit_id, name) WHERE closed_at IS NULL;

CREATE TABLE post_holders (
    region_id {id} NOT NULL,
    id {id} NOT NULL,
    post_id {id} NOT NULL,
    member_id {id} NOT NULL,
    valid_from {micros} NOT NULL,
    valid_to {micros},
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, post_id) REFERENCES posts (region_id, id),
    FOREIGN KEY (region_id, member_id) REFERENCES members (region_id, id)
);
CREATE INDEX post_holders_by_member ON post_holders (region_id, member_id);
CREATE INDEX post_holders_by_post ON post_holders (region_id, post_id);

CREATE TABLE role_grants (
    region_id {id} NOT NULL,
    id {id} NOT NULL,
    member_id {id} NOT NULL,
    unit_id {id} NOT NULL,
    role {text} NOT NULL,
    valid_from {micros} NOT NULL,
    valid_to {micros},
    PRIMARY KEY (region_id, id),
    FOREIGN KEY (region_id, member_id) REFERENCES members (region_id, id),
    FOREIGN KEY (region_id, unit_id) REFERENCES units (region_id, id)
);
CREATE INDEX role_grants_by_member ON role_grants (region_id, member_id);
CREATE INDEX role_grants_by_unit ON role_grants (region_id, unit_id, role);

CREATE TABLE accounts (
    id {id} NOT NULL PRIMARY KEY,
    region_id {id} NOT NULL,
    member_id {id} NOT NULL,
    login {text} NOT NULL UNIQUE,
    password_hash {text} NOT NULL,
    password_changed_at {micros} NOT NULL,
    must_change_password BOOLEAN NOT NULL,
    disabled_at {micros},
    created_at {micros} NOT NULL,
    version BIGINT NOT NULL,
    FOREIGN KEY (region_id, member_id) REFERENCES members (region_id, id)
);
CREATE UNIQUE INDEX accounts_by_member ON accounts (region_id, member_id);

CREATE TABLE sessions (
    id {id} NOT NULL PRIMARY KEY,
    region_id {id} NOT NULL,
    account_id {id} NOT NULL REFERENCES accounts (id),
    created_at {micros} NOT NULL,
    last_used_at {micros} NOT NULL,
    expires_at {micros} NOT NULL,
    ended_at {micros},
    end_reason {text}
);
CREATE INDEX sessions_by_account ON sessions (account_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CREATE TABLE refresh_tokens (
    token_hash {bytes} NOT NULL PRIMARY KEY,
    session_id {id} NOT NULL REFERENCES sessions (id) ON DELETE CASCADE,
    issued_at {micros} NOT NULL,
    used_at {micros}
);
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

CREATE TABLE bootstrap_tokens (
    token_hash {bytes} NOT NULL PRIMARY KEY,
    expires_at {micros} NOT NULL,
    used_at {micros}
);
"
);
