//! On what kind of device a session was begun, for its owner to know it again; of older ones nobody knows.

super::migration!(
    "m0030_sessions",
    r"
ALTER TABLE sessions ADD COLUMN browser {text} NOT NULL DEFAULT 'other';
ALTER TABLE sessions ADD COLUMN system {text} NOT NULL DEFAULT 'other';
"
);
