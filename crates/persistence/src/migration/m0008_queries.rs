//! Indexes for what lists of cases are narrowed down to. What is rare has an index of its own, which holds only that.

super::migration!(
    "m0008_queries",
    r"
DROP INDEX complaints_by_handler;
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
"
);
