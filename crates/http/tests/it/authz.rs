//! Every operation, by every role, on own, child, sibling and parent. The golden table is read like code in a review;
//! an operation without a row fails.

use std::{collections::BTreeSet, fmt::Write as _};

use liangnuo_domain::Role;
use liangnuo_test_support::{
    NOW, TestCounty,
    api::{Call, TestApp, test_app_with},
    county::{PLACES, filing, grievance, past},
};
use serde_json::{Value, json};
use uuid::Uuid;

/// What a row does: an operation with a request that would be refused for its version, if it got that far.
struct Row {
    operation: &'static str,
    method: &'static str,
    path: &'static str,
    body: fn(Uuid) -> Value,
    /// What stands in the path: a unit, a member, a case, or nothing.
    about: About,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum About {
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

fn rows() -> Vec<Row> {
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
        row("get_complaint", "GET", "/complaints/{}", Case),
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

/// Operations that ask for no signed-in member. Each has tests of its own, and the next one a good reason.
const OPEN: [&str; 23] = [
    "add_to_complaint",
    "bootstrap_region",
    "file_complaint",
    "get_challenge",
    "get_liveness",
    "get_log_checkpoint",
    "get_log_proof",
    "get_public_region",
    "get_public_unit",
    "get_readiness",
    "list_public_categories",
    "list_public_units",
    "log_in",
    "log_in_with_code",
    "log_out",
    "look_up_account_link",
    "public_complaint_statistics",
    "rate_complaint",
    "redeem_account_link",
    "redo_complaint",
    "refresh_session",
    "track_complaint",
    "withdraw_own_complaint",
];

#[test]
fn every_operation_has_a_row() {
    let document = serde_json::to_value(liangnuo_http::openapi()).unwrap();
    let known: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .filter_map(|operation| operation["operationId"].as_str().map(str::to_owned))
        .collect();
    let covered: BTreeSet<String> = rows()
        .iter()
        .map(|row| row.operation)
        .chain(OPEN)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    assert_eq!(
        known, covered,
        "each operation needs a row in the matrix, and each row an operation"
    );
}

/// A request of each operation for the signed-in, to be sent by anybody: on things that are not there.
pub(crate) fn calls<S>(app: &TestApp<S>) -> Vec<(&'static str, Call)> {
    let nothing = Uuid::nil().to_string();
    rows()
        .into_iter()
        .map(|row| {
            let path = row.path.replace("{}", &nothing).replace("{unit}", &nothing);
            let call = Call::new(row.method, &path).key(Uuid::from_u128(app.county.own.0.as_u128() ^ 1));
            let call = match row.method {
                "GET" => call,
                _ => call.if_match(99).json(&(row.body)(Uuid::nil())),
            };
            (row.operation, call)
        })
        .collect()
}

/// What an answer says about rights: everything past them counts as allowed.
fn verdict(status: u16) -> &'static str {
    match status {
        401 => "401",
        403 => "403",
        404 => "404",
        500.. => "5xx",
        _ => "yes",
    }
}

struct Targets {
    /// By place, and the sealed one.
    cases: Vec<Uuid>,
    /// That each of the cases came in.
    events: Vec<Uuid>,
    members: Vec<Uuid>,
    grants: Vec<Uuid>,
}

#[actix_web::test]
async fn the_matrix_is_the_golden_one() {
    let cases = |county: &TestCounty| {
        let mut cases: Vec<_> = PLACES
            .iter()
            .map(|place| {
                past(
                    grievance(Some(county.place(place))),
                    NOW.plus_seconds(-3_600),
                    Vec::new(),
                )
            })
            .collect();
        let report = filing(liangnuo_domain::complaints::Kind::Report, Some(county.sibling));
        cases.push(past(report, NOW.plus_seconds(-7_200), Vec::new()));
        cases
    };
    let settings = liangnuo_http::HttpSettings {
        has_limits: false,
        ..liangnuo_http::HttpSettings::default()
    };
    let app = test_app_with(cases, settings).await;
    let targets = targets(&app).await;
    let mut tokens: Vec<(String, Option<String>)> = vec![("nobody".into(), None)];
    for role in Role::ALL {
        tokens.push((role.code().into(), Some(app.token(role).await)));
    }
    for role in [Role::Inspector, Role::Leader, Role::CampaignOffice, Role::Admin] {
        tokens.push((format!("{}@root", role.code()), Some(app.root_token(role).await)));
    }

    let mut table = String::from("operation @ where: who gets what (yes = past the rights)\n");
    for row in rows() {
        let places: &[&str] = match row.about {
            About::Nothing => &["-"],
            About::Case | About::CaseInBody | About::Event => &["own", "child", "sibling", "parent", "sealed"],
            _ => &PLACES,
        };
        for place in places {
            let _ = write!(table, "{} @ {place}:", row.operation);
            for (name, token) in &tokens {
                let call = call(&app, &row, place, &targets);
                let call = match token {
                    Some(token) => call.bearer(token),
                    None => call,
                };
                let answer = app.send(call).await;
                assert!(
                    answer.status.as_u16() < 500,
                    "{} {place} {name}: {}",
                    row.operation,
                    answer.json
                );
                let _ = write!(table, " {name}={}", verdict(answer.status.as_u16()));
            }
            table.push('\n');
        }
    }
    insta::assert_snapshot!("authz_matrix", table);
}

async fn targets<S, B>(app: &TestApp<S>) -> Targets
where
    S: actix_web::dev::Service<
            actix_http::Request,
            Response = actix_web::dev::ServiceResponse<B>,
            Error = actix_web::Error,
        >,
    B: actix_web::body::MessageBody,
{
    let id = |sql: String| async move { app.db.texts(&sql).await };
    let hex = |uuid: Uuid| uuid.simple().to_string();
    let is_sqlite = app.db.url.starts_with("sqlite");
    let (as_hex, eq) = if is_sqlite {
        ("lower(hex(id))", "lower(hex(unit_id))")
    } else {
        ("replace(id::text, '-', '')", "replace(unit_id::text, '-', '')")
    };
    let mut cases = Vec::new();
    for place in PLACES {
        let unit = hex(app.county.place(place).0);
        let sql = format!("SELECT {as_hex} FROM complaints WHERE {eq} = '{unit}' AND kind = 'grievance'");
        cases.push(id(sql).await[0].parse().unwrap());
    }
    cases.push(
        id(format!("SELECT {as_hex} FROM complaints WHERE kind = 'report'")).await[0]
            .parse()
            .unwrap(),
    );
    let mut events = Vec::new();
    for case in &cases {
        let of_case = eq.replace("unit_id", "subject_id");
        let sql = format!(
            "SELECT {as_hex} FROM events WHERE action = 'complaints.received' AND {of_case} = '{}'",
            hex(*case)
        );
        events.push(id(sql).await[0].parse().unwrap());
    }
    let mut members = vec![app.county.member(Role::Member).0];
    // Somebody in the unit below and beside, made by the administrator of the whole county.
    let admin = app.root_token(Role::Admin).await;
    for unit in [app.county.child, app.county.sibling] {
        let body = json!({"unit_id": unit, "name": "某某"});
        let made = app
            .send(Call::new("POST", "/members").bearer(&admin).key(app.uuid()).json(&body))
            .await
            .ok(201);
        members.push(made["id"].as_str().unwrap().parse().unwrap());
    }
    members.push(app.county.root_member(Role::Member).0);
    // A role at each place, held by nobody who is asked about it.
    let security = app.root_token(Role::SecurityAdmin).await;
    let mut grants = Vec::new();
    for place in PLACES {
        let body = json!({"unit_id": app.county.place(place), "name": "某人"});
        let made = app
            .send(Call::new("POST", "/members").bearer(&admin).key(app.uuid()).json(&body))
            .await
            .ok(201);
        let body = json!({"unit_id": app.county.place(place), "member_id": made["id"], "role": "handler", "reason": "岗位调整"});
        let grant = app
            .send(
                Call::new("POST", "/role-grants")
                    .bearer(&security)
                    .key(app.uuid())
                    .json(&body),
            )
            .await
            .ok(201);
        grants.push(grant["id"].as_str().unwrap().parse().unwrap());
    }
    Targets {
        cases,
        events,
        members,
        grants,
    }
}

fn call<S, B>(app: &TestApp<S>, row: &Row, place: &str, targets: &Targets) -> Call
where
    S: actix_web::dev::Service<
            actix_http::Request,
            Response = actix_web::dev::ServiceResponse<B>,
            Error = actix_web::Error,
        >,
    B: actix_web::body::MessageBody,
{
    let at = PLACES.iter().position(|known| *known == place);
    let unit = at.map_or(app.county.own, |at| app.county.place(PLACES[at]));
    let target = match row.about {
        About::Case | About::CaseInBody => targets.cases[at.unwrap_or(PLACES.len())],
        About::Event => targets.events[at.unwrap_or(PLACES.len())],
        About::Member => targets.members[at.unwrap()],
        About::Grant => targets.grants[at.unwrap()],
        About::Unit | About::UnitInBody => unit.0,
        About::Nothing => Uuid::nil(),
    };
    let path = row
        .path
        .replace("{}", &target.to_string())
        .replace("{unit}", &unit.0.to_string());
    let call = Call::new(row.method, &path).key(app.uuid());
    if row.method == "GET" {
        return call;
    }
    // A creation gets past the rights with a body that is refused later; a change with a version that never was.
    let mut body = (row.body)(match row.about {
        About::UnitInBody => unit.0,
        About::CaseInBody => target,
        _ => app.county.sibling.0,
    });
    if row.about == About::UnitInBody && body.get("name").is_some() {
        body["name"] = json!("");
    }
    call.if_match(99).json(&body)
}
