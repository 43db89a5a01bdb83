//! Whose work something is, in full: for whom an appeal was made.

super::migration!(
    "m0021_own_work",
    r"
ALTER TABLE cards ADD COLUMN appealed_for {id};
"
);
