//! What the index of words keeps of a text becomes more: pairs with signs in them, pairs of the title, numbers of cases. Texts
//! that are there are indexed anew by the worker, and are found as before until then. Cases that were merged into another one
//! get dates of their own: by the worker, too, which is told to look at them at once. The cases that
//! nobody handles have an index in the order of lists.

super::migration!(
    "m0015_terms",
    r"
ALTER TABLE complaint_search ADD COLUMN index_version SMALLINT NOT NULL DEFAULT 1;
DROP INDEX complaint_search_pending;
CREATE INDEX complaint_search_outdated ON complaint_search (region_id) WHERE index_version < 2;
CREATE INDEX complaints_of_nobody ON complaints (region_id, received_at, id) WHERE handler_id IS NULL;
UPDATE complaints SET wake_at = 0 WHERE state = 'duplicate';
"
);
