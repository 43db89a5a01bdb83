//! Whose work something is, in full: for whom an appeal was made, and everybody who wrote at a draft. Of the drafts that wait
//! now the log knows who did, since the last answer or objection.

super::migration!(
    "m0021_own_work",
    r"
ALTER TABLE cards ADD COLUMN appealed_for {id};
ALTER TABLE complaint_drafts ADD COLUMN earlier_authors {text};
",
    sqlite = r#"
UPDATE complaint_drafts SET earlier_authors = (
    SELECT '[' || group_concat(DISTINCT '{"member":"' || lower(hex(w.actor_id)) || '"' || CASE
        WHEN w.acting_for IS NULL THEN '' ELSE ',"acting_for":"' || lower(hex(w.acting_for)) || '"' END || '}') || ']'
    FROM events w
    WHERE w.region_id = complaint_drafts.region_id AND w.subject_kind = 'complaints'
        AND w.subject_id = complaint_drafts.complaint_id AND w.actor_id IS NOT NULL
        AND w.action IN ('complaints.drafted', 'complaints.submitted')
        AND w.at > COALESCE((SELECT MAX(e.at) FROM events e
            WHERE e.region_id = w.region_id AND e.subject_kind = 'complaints' AND e.subject_id = w.subject_id
                AND e.action IN ('complaints.replied', 'complaints.objected')), 0)
);
"#,
    postgres = r#"
UPDATE complaint_drafts SET earlier_authors = (
    SELECT '[' || string_agg(DISTINCT '{"member":"' || w.actor_id || '"'
        || COALESCE(',"acting_for":"' || w.acting_for || '"', '') || '}', ',') || ']'
    FROM events w
    WHERE w.region_id = complaint_drafts.region_id AND w.subject_kind = 'complaints'
        AND w.subject_id = complaint_drafts.complaint_id AND w.actor_id IS NOT NULL
        AND w.action IN ('complaints.drafted', 'complaints.submitted')
        AND w.at > COALESCE((SELECT MAX(e.at) FROM events e
            WHERE e.region_id = w.region_id AND e.subject_kind = 'complaints' AND e.subject_id = w.subject_id
                AND e.action IN ('complaints.replied', 'complaints.objected')), 0)
);
"#
);
