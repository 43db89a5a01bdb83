//! Sums over cases that are kept, so that figures cost the same however many cases there are.
//!
//! `complaint_sum_changes` is what commands append and the keeper folds into the two tables of sums. In these, what a sum
//! is not split by has the lowest value of its column, and a case without a category the highest.

super::migration!(
    "m0009_statistics",
    r"
CREATE TABLE complaint_sum_changes (
    id {id} NOT NULL PRIMARY KEY,
    region_id {id} NOT NULL,
    sign SMALLINT NOT NULL CHECK (sign IN (-1, 1)),
    is_sealed BOOLEAN NOT NULL,
    unit_id {id} NOT NULL,
    category_id {id},
    channel {text} NOT NULL,
    kind {text} NOT NULL,
    state {text} NOT NULL,
    received_month {text} NOT NULL,
    replied_month {text},
    ended_month {text},
    reply_micros {micros},
    rating_level SMALLINT,
    is_redone BOOLEAN NOT NULL
);

CREATE TABLE complaint_sums (
    region_id {id} NOT NULL,
    axes SMALLINT NOT NULL,
    period {text} NOT NULL,
    is_sealed BOOLEAN NOT NULL,
    unit_id {id} NOT NULL,
    category_id {id} NOT NULL,
    channel {text} NOT NULL,
    kind {text} NOT NULL,
    cases BIGINT NOT NULL,
    replied BIGINT NOT NULL,
    over_15 BIGINT NOT NULL,
    over_60 BIGINT NOT NULL,
    ended BIGINT NOT NULL,
    rated BIGINT NOT NULL,
    satisfied BIGINT NOT NULL,
    redone BIGINT NOT NULL,
    replied_in BIGINT NOT NULL,
    ended_in BIGINT NOT NULL,
    state_received BIGINT NOT NULL,
    state_accepted BIGINT NOT NULL,
    state_not_accepted BIGINT NOT NULL,
    state_referred BIGINT NOT NULL,
    state_sealed BIGINT NOT NULL,
    state_duplicate BIGINT NOT NULL,
    state_assigned BIGINT NOT NULL,
    state_objected BIGINT NOT NULL,
    state_in_handling BIGINT NOT NULL,
    state_waiting BIGINT NOT NULL,
    state_reply_drafted BIGINT NOT NULL,
    state_replied BIGINT NOT NULL,
    state_redoing BIGINT NOT NULL,
    state_concluded BIGINT NOT NULL,
    state_review_requested BIGINT NOT NULL,
    state_reviewed BIGINT NOT NULL,
    state_rereview_requested BIGINT NOT NULL,
    state_final BIGINT NOT NULL,
    state_withdrawn BIGINT NOT NULL,
    PRIMARY KEY (region_id, axes, period, is_sealed, unit_id, category_id, channel, kind)
);

CREATE TABLE complaint_spreads (
    region_id {id} NOT NULL,
    axes SMALLINT NOT NULL,
    period {text} NOT NULL,
    is_sealed BOOLEAN NOT NULL,
    unit_id {id} NOT NULL,
    category_id {id} NOT NULL,
    channel {text} NOT NULL,
    kind {text} NOT NULL,
    bin BIGINT NOT NULL,
    cases BIGINT NOT NULL,
    PRIMARY KEY (region_id, axes, period, is_sealed, unit_id, category_id, channel, kind, bin)
);

CREATE TABLE complaint_sum_keepers (
    id SMALLINT NOT NULL PRIMARY KEY,
    is_built BOOLEAN NOT NULL
);
INSERT INTO complaint_sum_keepers (id, is_built) VALUES (1, FALSE);

CREATE INDEX complaint_accused_by_subject ON complaint_accused (region_id, subject_id, complaint_id);
CREATE INDEX complaints_by_end ON complaints (region_id, ended_at, id) WHERE ended_at IS NOT NULL;
"
);
