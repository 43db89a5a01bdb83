//! The rows of the matrix: an operation, and a request for it.

use serde_json::{Value, json};
use uuid::Uuid;

/// What a row does: an operation with a request that would be refused for its version, if it got that far.
pub struct Row {
    pub operation: &'static str,
    pub method: &'static str,
    pub path: &'static str,
    pub body: fn(Uuid) -> Value,
    /// What stands in the path: a unit, a member, a case, or nothing.
    pub about: About,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum About {
    Nothing,
    Unit,
    Member,
    Grant,
    Case,
    /// That the case came in.
    Event,
    UnitInBody,
    /// As a case, named in the body.
    CaseInBody,
}

fn nothing(_: Uuid) -> Value {
    json!({})
}

const fn row(operation: &'static str, method: &'static str, path: &'static str, about: About) -> Row {
    Row {
        operation,
        method,
        path,
        body: nothing,
        about,
    }
}

const fn with(row: Row, body: fn(Uuid) -> Value) -> Row {
    Row { body, ..row }
}

/// A row for each operation of a member.
pub fn rows() -> Vec<Row> {
    use About::{Case, CaseInBody, Event, Grant, Member, Nothing, Unit, UnitInBody};
    let draft = |_| json!({"request": "问", "facts": "查", "decision": "办", "basis": "据", "submit": true});
    let reason = |_| json!({"reason": "理由如下"});
    vec![
        row("list_units", "GET", "/units", Nothing),
        row("get_unit", "GET", "/units/{}", Unit),
        with(
            row("create_unit", "POST", "/units", UnitInBody),
            |id| json!({"parent_id": id, "kind": "office", "name": "新的科室"}),
        ),
        row("update_unit", "PATCH", "/units/{}", Unit),
        with(
            row("move_unit", "POST", "/units/{}/move", Unit),
            |id| json!({"parent_id": id}),
        ),
        with(
            row("merge_unit", "POST", "/units/{}/merge", Unit),
            |id| json!({"into_unit_id": id, "reason": "布局调整"}),
        ),
        with(
            row("split_unit", "POST", "/units/{}/split", Unit),
            |id| json!({"successor_ids": [id, Uuid::nil()], "reason": "布局调整"}),
        ),
        with(row("close_unit", "POST", "/units/{}/close", Unit), reason),
        row("list_members", "GET", "/members", Nothing),
        row("get_member", "GET", "/members/{}", Member),
        with(
            row("create_member", "POST", "/members", UnitInBody),
            |id| json!({"unit_id": id, "name": "新成员"}),
        ),
        row("update_member", "PATCH", "/members/{}", Member),
        with(
            row("move_member", "POST", "/members/{}/move", Member),
            |id| json!({"unit_id": id}),
        ),
        with(
            row("show_member", "PUT", "/members/{}/public-card", Member),
            |_| json!({"is_public": true, "shows_party": false}),
        ),
        row("get_member_holdings", "GET", "/members/{}/holdings", Member),
        with(
            row("hand_over_member", "POST", "/members/{}/hand-over", Member),
            |_| json!({"to_member_id": Uuid::nil(), "reason": "调离"}),
        ),
        with(row("close_member", "POST", "/members/{}/close", Member), reason),
        row("get_account", "GET", "/members/{}/account", Member),
        row("issue_account_link", "POST", "/members/{}/account/link", Member),
        row("revoke_account_link", "POST", "/members/{}/account/link/revoke", Member),
        row(
            "remove_second_factor",
            "POST",
            "/members/{}/account/second-factor/remove",
            Member,
        ),
        row("list_role_grants", "GET", "/role-grants", Nothing),
        row("get_role_grant", "GET", "/role-grants/{}", Grant),
        // Outside the scope the unit can't be named: 422, past the rights in this table.
        with(
            row("grant_role", "POST", "/role-grants", UnitInBody),
            |id| json!({"unit_id": id, "member_id": Uuid::nil(), "role": "handler", "reason": "岗位调整"}),
        ),
        with(row("end_role_grant", "POST", "/role-grants/{}/end", Grant), reason),
        with(
            row("name_deputy", "POST", "/role-grants/{}/deputies", Grant),
            |_| json!({"member_id": Uuid::nil(), "ends_on": "2026-12-01", "reason": "外出培训"}),
        ),
        row("get_me", "GET", "/me", Nothing),
        with(
            row("change_password", "POST", "/me/password", Nothing),
            |_| json!({"current_password": "x", "new_password": "y"}),
        ),
        with(
            row(
                "dismiss_account_notices",
                "POST",
                "/me/account-notices/dismiss",
                Nothing,
            ),
            |_| json!({"until": "2026-11-23T00:00:00Z"}),
        ),
        row("get_second_factor", "GET", "/me/second-factor", Nothing),
        row("begin_second_factor", "POST", "/me/second-factor/begin", Nothing),
        with(
            row("enrol_second_factor", "POST", "/me/second-factor/enrol", Nothing),
            |_| json!({"code": "no code"}),
        ),
        row(
            "remake_recovery_codes",
            "POST",
            "/me/second-factor/recovery-codes",
            Nothing,
        ),
        row("turn_off_second_factor", "POST", "/me/second-factor/turn-off", Nothing),
        row("confirm_identity", "POST", "/auth/confirm", Nothing),
        row("get_provider_tie", "GET", "/me/provider", Nothing),
        row("begin_provider_tie", "POST", "/me/provider/begin", Nothing),
        with(
            row("complete_provider_tie", "POST", "/me/provider/complete", Nothing),
            |_| json!({"flow": "none", "code": "none", "state": "none"}),
        ),
        row("untie_provider", "POST", "/me/provider/untie", Nothing),
        row("list_sessions", "GET", "/me/sessions", Nothing),
        row("end_session", "POST", "/me/sessions/{}/end", Nothing),
        row("end_other_sessions", "POST", "/me/sessions/end-others", Nothing),
        row("list_categories", "GET", "/categories", Nothing),
        row("list_complaints", "GET", "/complaints", Nothing),
        // Whichever unit it is about; who may take down a report, `registering.rs` says.
        with(
            row("register_complaint", "POST", "/complaints", Nothing),
            |_| json!({"kind": "inquiry", "channel": "phone", "title": "问", "body": "问", "unit_id": Uuid::nil()}),
        ),
        row("export_complaints", "GET", "/complaints/export", Nothing),
        row("get_system_state", "GET", "/system", Nothing),
        row("get_complaint", "GET", "/complaints/{}", Case),
        row("list_attachments", "GET", "/complaints/{}/attachments", Case),
        row(
            "get_attachment_content",
            "GET",
            "/complaints/{}/attachments/{}/content",
            Case,
        ),
        with(
            row("begin_staff_upload", "POST", "/uploads", Nothing),
            |_| json!({"name": "现场.jpg", "size": 100}),
        ),
        with(
            row("attach_to_complaint", "POST", "/complaints/{}/attachments", Case),
            |_| json!({"uploads": []}),
        ),
        with(
            row(
                "remove_attachment",
                "POST",
                "/complaints/{}/attachments/{}/remove",
                Case,
            ),
            reason,
        ),
        row("list_assignees", "GET", "/complaints/{}/assignees?unit_id={unit}", Case),
        row("list_similar_complaints", "GET", "/complaints/{}/similar", Case),
        row("accept_complaint", "POST", "/complaints/{}/accept", Case),
        with(
            row("not_accept_complaint", "POST", "/complaints/{}/not-accept", Case),
            reason,
        ),
        with(
            row("assign_complaint", "POST", "/complaints/{}/assign", Case),
            |id| json!({"unit_id": id}),
        ),
        with(
            row("draft_complaint_reply", "POST", "/complaints/{}/draft", Case),
            draft,
        ),
        row("approve_complaint_reply", "POST", "/complaints/{}/approve", Case),
        with(
            row("return_complaint_reply", "POST", "/complaints/{}/return", Case),
            reason,
        ),
        row("reply_complaint", "POST", "/complaints/{}/reply", Case),
        row("conclude_complaint", "POST", "/complaints/{}/conclude", Case),
        with(
            row("ask_longer_hold", "POST", "/complaints/{}/longer-hold", Case),
            |_| json!({"days": 5, "reason": "投诉人住院"}),
        ),
        row("grant_longer_hold", "POST", "/complaints/{}/longer-hold/grant", Case),
        with(
            row("refuse_longer_hold", "POST", "/complaints/{}/longer-hold/refuse", Case),
            reason,
        ),
        with(
            row("withdraw_complaint", "POST", "/complaints/{}/withdraw", Case),
            reason,
        ),
        with(
            row("message_complainant", "POST", "/complaints/{}/message", Case),
            |_| json!({"body": "请问是哪一天？"}),
        ),
        row("unmerge_complaint", "POST", "/complaints/{}/unmerge", Case),
        with(
            row("merge_complaint", "POST", "/complaints/{}/merge", Case),
            |id| json!({"lead_id": id}),
        ),
        with(
            row("refer_complaint", "POST", "/complaints/{}/refer", Case),
            |_| json!({"reason": "理由如下", "where_to_go": "县卫健局"}),
        ),
        with(
            row("classify_complaint", "POST", "/complaints/{}/classify", Case),
            |_| json!({"kind": "inquiry"}),
        ),
        with(row("object_to_dispatch", "POST", "/complaints/{}/object", Case), reason),
        with(
            row("hold_complaint", "POST", "/complaints/{}/hold", Case),
            |_| json!({"body": "请问是哪一天？", "days": 3}),
        ),
        row("resume_complaint", "POST", "/complaints/{}/resume", Case),
        with(
            row("ask_complaint_extension", "POST", "/complaints/{}/extension", Case),
            |_| json!({"days": 10, "reason": "理由如下"}),
        ),
        row("extend_complaint", "POST", "/complaints/{}/extension/grant", Case),
        with(
            row(
                "refuse_complaint_extension",
                "POST",
                "/complaints/{}/extension/refuse",
                Case,
            ),
            reason,
        ),
        with(
            row("note_complaint_progress", "POST", "/complaints/{}/note", Case),
            |_| json!({"note": "已到现场查看"}),
        ),
        with(
            row("supervise_complaint", "POST", "/complaints/{}/supervise", Case),
            reason,
        ),
        with(
            row(
                "report_complaint_progress",
                "POST",
                "/complaints/{}/supervise/report",
                Case,
            ),
            |_| json!({"report": "已约家长见面"}),
        ),
        with(
            row(
                "lift_complaint_supervision",
                "POST",
                "/complaints/{}/supervise/lift",
                Case,
            ),
            reason,
        ),
        with(
            row("mark_complaint_emergency", "POST", "/complaints/{}/emergency", Case),
            reason,
        ),
        // Each case is asked about by itself: here only whether the caller assigns anything at all.
        with(
            row("assign_complaints", "POST", "/complaints/assign", Nothing),
            |id| json!({"complaints": [{"id": id, "version": 999}], "unit_id": id}),
        ),
        row("list_cards", "GET", "/cards", Nothing),
        row("count_cards", "GET", "/cards/by-unit", Nothing),
        with(row("appeal_card", "POST", "/cards/{}/appeal", Nothing), reason),
        with(
            row("decide_card", "POST", "/cards/{}/decide", Nothing),
            |_| json!({"outcome": "uphold", "reason": "理由如下"}),
        ),
        with(
            row("ask_identity", "POST", "/identity-openings", CaseInBody),
            |id| json!({"complaint_id": id, "category": "danger", "reason": "孩子没有回家"}),
        ),
        with(
            row("find_complaints_by_phone", "POST", "/complaints/find-by-phone", Nothing),
            |_| json!({"phone": "19900007777", "reason": "来电人没有回执码"}),
        ),
        with(
            row("hold_identity", "POST", "/complaints/{}/identity-hold", Case),
            reason,
        ),
        with(
            row("release_identity", "POST", "/complaints/{}/identity-hold/lift", Case),
            reason,
        ),
        row("list_identity_openings", "GET", "/identity-openings", Nothing),
        row("get_identity_opening", "GET", "/identity-openings/{}", Nothing),
        with(
            row(
                "approve_identity_opening",
                "POST",
                "/identity-openings/{}/approve",
                Nothing,
            ),
            reason,
        ),
        with(
            row(
                "refuse_identity_opening",
                "POST",
                "/identity-openings/{}/refuse",
                Nothing,
            ),
            reason,
        ),
        row(
            "withdraw_identity_opening",
            "POST",
            "/identity-openings/{}/withdraw",
            Nothing,
        ),
        row("read_identity", "POST", "/identity-openings/{}/read", Nothing),
        row("read_original", "GET", "/identity-openings/{}/originals/{}", Nothing),
        row("list_notices", "GET", "/me/notices", Nothing),
        row("count_unread_notices", "GET", "/me/notices/unread", Nothing),
        with(
            row("read_notices", "POST", "/me/notices/read", Nothing),
            |_| json!({"until": "2026-11-23T00:00:00Z"}),
        ),
        with(
            row("create_category", "POST", "/categories", Nothing),
            |_| json!({"name": "新的分类"}),
        ),
        row("update_category", "PATCH", "/categories/{}", Nothing),
        row("close_category", "POST", "/categories/{}/close", Nothing),
        row("reopen_category", "POST", "/categories/{}/reopen", Nothing),
        row("list_reply_templates", "GET", "/reply-templates", Nothing),
        row("list_complaint_templates", "GET", "/complaints/{}/templates", Case),
        // Outside the scope the unit can't be named: 422, past the rights in this table.
        with(
            row("create_reply_template", "POST", "/reply-templates", UnitInBody),
            |id| json!({"unit_id": id, "purpose": "question", "name": "", "body": "请补充"}),
        ),
        row("update_reply_template", "PATCH", "/reply-templates/{}", Nothing),
        row("close_reply_template", "POST", "/reply-templates/{}/close", Nothing),
        row("list_saved_views", "GET", "/me/views", Nothing),
        with(
            row("save_view", "POST", "/me/views", Nothing),
            |_| json!({"name": "", "query": ""}),
        ),
        row("delete_saved_view", "DELETE", "/me/views/{}", Nothing),
        row("get_settings", "GET", "/settings", Nothing),
        row("update_settings", "PATCH", "/settings", Nothing),
        row("list_calendars", "GET", "/calendars", Nothing),
        with(
            row("load_calendar", "PUT", "/calendars/2027", Nothing),
            |_| json!({"days": [{"day": "2027-01-01", "is_worked": false}]}),
        ),
        with(
            row("name_accused", "POST", "/complaints/{}/accused", Case),
            |_| json!({"member_ids": [], "unit_ids": []}),
        ),
        row("inspect_import", "POST", "/imports/complaints/inspect", Nothing),
        row("import_complaints", "POST", "/imports/complaints", Nothing),
        row("inspect_unit_import", "POST", "/imports/units/inspect", Nothing),
        row("import_units", "POST", "/imports/units", Nothing),
        row("inspect_member_import", "POST", "/imports/members/inspect", Nothing),
        row("import_members", "POST", "/imports/members", Nothing),
        row("download_template", "GET", "/imports/templates/units", Nothing),
        row("list_imports", "GET", "/imports", Nothing),
        row("get_import", "GET", "/imports/{}", Nothing),
        row(
            "download_import_template",
            "GET",
            "/imports/complaints/template.xlsx",
            Nothing,
        ),
        row("download_import_errors", "GET", "/imports/{}/errors.xlsx", Nothing),
        row("list_events", "GET", "/events", Nothing),
        row("export_events", "GET", "/events/export", Nothing),
        row("export_units", "GET", "/units/export", Nothing),
        row("export_members", "GET", "/members/export", Nothing),
        row("get_event", "GET", "/events/{}", Event),
        row("get_log", "GET", "/log", Nothing),
        row("verify_log", "POST", "/log/verify", Nothing),
        row("complaint_statistics", "GET", "/statistics/complaints", Nothing),
        row(
            "export_complaint_statistics",
            "GET",
            "/statistics/complaints/export",
            Nothing,
        ),
    ]
}
