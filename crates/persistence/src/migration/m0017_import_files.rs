//! A ledger's file in pieces, so that neither taking one in nor reading it needs memory for all of it.
//!
//! Pieces come before the run that they belong to: there is no foreign key.

super::migration!(
    "m0017_import_files",
    r"
CREATE TABLE import_file_pieces (
    region_id {id} NOT NULL,
    import_id {id} NOT NULL,
    position BIGINT NOT NULL,
    kept_at {micros} NOT NULL,
    content {bytes} NOT NULL,
    PRIMARY KEY (region_id, import_id, position)
);
INSERT INTO import_file_pieces (region_id, import_id, position, kept_at, content)
SELECT f.region_id, f.import_id, 0, i.created_at, f.content
FROM import_files f JOIN imports i ON i.region_id = f.region_id AND i.id = f.import_id;
DROP TABLE import_files;
"
);
