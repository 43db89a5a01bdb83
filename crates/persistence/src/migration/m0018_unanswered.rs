//! The oldest cases that nobody answered are looked for among all that were.

super::migration!(
    "m0018_unanswered",
    r"
CREATE INDEX complaints_unanswered ON complaints (region_id, received_at, id) WHERE reply_micros IS NULL;
"
);
