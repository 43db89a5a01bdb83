//! An index of the pairs of letters in a case's texts: FTS5 without a copy of the text on SQLite, a tsvector on
//! PostgreSQL. The text itself stays in `complaint_search`, for what the pairs alone can't say.

super::migration!(
    "m0007_search",
    r"
ALTER TABLE complaint_search ADD COLUMN document BIGINT;
CREATE UNIQUE INDEX complaint_search_by_document ON complaint_search (document);
CREATE INDEX complaint_search_pending ON complaint_search (region_id) WHERE document IS NULL;
",
    sqlite = r"
CREATE VIRTUAL TABLE complaint_pairs USING fts5(
    pairs, content='', contentless_delete=1, detail=none, tokenize='ascii'
);
",
    postgres = r"
CREATE TABLE complaint_pairs (
    rowid BIGINT NOT NULL PRIMARY KEY,
    pairs tsvector NOT NULL
);
CREATE INDEX complaint_pairs_by_pair ON complaint_pairs USING gin (pairs);
"
);
