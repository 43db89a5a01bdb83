//! Whether anybody is accused in a case, in its own row: nearly nobody is, and every list asks of every row. The database
//! sets it itself, so that nothing can accuse without.

super::migration!(
    "m0033_accused",
    r"
ALTER TABLE complaints ADD COLUMN has_accused BOOLEAN NOT NULL DEFAULT FALSE;
UPDATE complaints SET has_accused = TRUE WHERE EXISTS (SELECT 1 FROM complaint_accused a
    WHERE a.region_id = complaints.region_id AND a.complaint_id = complaints.id);
CREATE INDEX complaints_with_accused ON complaints (region_id, is_sealed, received_at, id) WHERE has_accused = TRUE;
",
    sqlite = r"
CREATE TRIGGER complaints_have_their_accused AFTER INSERT ON complaint_accused
BEGIN UPDATE complaints SET has_accused = TRUE
    WHERE region_id = NEW.region_id AND id = NEW.complaint_id AND has_accused = FALSE; END;
",
    postgres = r"
CREATE FUNCTION complaint_has_accused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE complaints SET has_accused = TRUE
    WHERE region_id = NEW.region_id AND id = NEW.complaint_id AND has_accused = FALSE;
    RETURN NULL;
END $$;
CREATE TRIGGER complaints_have_their_accused AFTER INSERT ON complaint_accused
FOR EACH ROW EXECUTE FUNCTION complaint_has_accused();
"
);
