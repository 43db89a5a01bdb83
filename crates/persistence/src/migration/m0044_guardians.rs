//! Who consented for a complainant under 14, sealed beside the other contact data: where there is one, the complainant is a child.

super::migration!(
    "m0044_guardians",
    r"
ALTER TABLE complaint_contacts ADD COLUMN guardian {bytes};
"
);
