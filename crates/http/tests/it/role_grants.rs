//! Role grants and deputies over HTTP.

use std::time::{Duration, Instant};

use actix_http::Request;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
};
use liangnuo_domain::{MemberId, Role, RoleGrantId, UnitId};
use liangnuo_test_support::{
    NOW,
    api::{Answer, Call, TestApp, test_app},
};
use serde_json::{Value, json};

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap()
}

/// POST with a new key, on version 1.
pub(crate) async fn make<S, B>(app: &TestApp<S>, token: &str, path: &str, body: Value) -> Answer
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let call = Call::new("POST", path).bearer(token).key(app.uuid()).if_match(1);
    app.send(call.json(&body)).await
}

pub(crate) fn role(member: MemberId, role: &str, unit: UnitId) -> Value {
    json!({"member_id": member, "role": role, "unit_id": unit, "reason": "岗位调整"})
}

/// The grant by which a member holds a role.
async fn grant_of<S, B>(app: &TestApp<S>, token: &str, member: MemberId) -> Value
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let list = app
        .get_as(token, &format!("/role-grants?member_id={member}&is_deputy=false"))
        .await
        .ok(200);
    list["items"][0].clone()
}

pub(crate) async fn name_deputy<S, B>(app: &TestApp<S>, token: &str, of: MemberId, deputy: MemberId) -> Answer
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let grant = grant_of(app, token, of).await;
    let path = format!("/role-grants/{}/deputies", text(&grant, "id"));
    let body = json!({"member_id": deputy, "ends_on": "2026-12-06", "reason": "外出培训"});
    make(app, token, &path, body).await
}

#[actix_web::test]
async fn a_role_is_given_counts_without_signing_in_again_and_is_ended() {
    let app = test_app().await;
    let security = app.token(Role::SecurityAdmin).await;
    let (clerk, own) = (app.county.member(Role::Member), app.county.own);
    let token = app.token(Role::Member).await;
    app.file("grievance", Some(own.0)).await;
    app.get_as(&token, "/complaints").await.refused(403, "forbidden");

    let key = app.uuid();
    let body = role(clerk, "handler", own);
    let give = || app.send(Call::new("POST", "/role-grants").bearer(&security).key(key).json(&body));
    let answer = give().await;
    let (location, tag) = (answer.header("location").to_owned(), answer.header("etag").to_owned());
    let grant = answer.ok(201);
    assert_eq!(location, format!("/api/v1/role-grants/{}", text(&grant, "id")));
    assert_eq!(tag, "\"v1\"");
    assert_eq!(
        (text(&grant, "state"), text(&grant, "role"), &grant["ends_at"]),
        ("in_force", "handler", &Value::Null)
    );
    assert_eq!(text(&grant["granted_by"], "name"), "security_admin");
    assert_eq!(grant["allowed_actions"], json!(["end", "name_deputy"]));
    let again = give().await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.ok(201), grant, "once");

    app.get_as(&token, "/complaints").await.ok(200);
    let me = app.get_as(&token, "/me").await.ok(200);
    assert_eq!(me["roles"], json!(["member", "handler"]));
    let member = app.get_as(&security, &format!("/members/{clerk}")).await.ok(200);
    assert_eq!(member["roles"][0]["role"], "handler");
    assert_eq!(member["roles"][0]["unit"]["name"], "柳湾小学");

    let end_path = format!("{location}/end");
    let end = |version, reason: &str| app.step(&security, &end_path, version, json!({"reason": reason}));
    end(7, "调离").await.refused(412, "stale_version");
    assert_eq!(
        end(1, "").await.refused(422, "invalid_field")["errors"][0]["pointer"],
        "/reason"
    );
    let ended = end(1, "调离岗位").await.ok(200);
    assert_eq!(
        (text(&ended, "state"), text(&ended, "end_reason")),
        ("ended", "调离岗位")
    );
    assert_eq!(ended["allowed_actions"], json!([]));
    end(2, "调离").await.refused(409, "wrong_state");
    app.get_as(&token, "/complaints").await.refused(403, "forbidden");
    let sql =
        "SELECT action FROM events WHERE action LIKE 'role_grants.%' AND actor_kind = 'member' ORDER BY at, position";
    assert_eq!(app.db.texts(sql).await, ["role_grants.granted", "role_grants.ended"]);
}

#[actix_web::test]
async fn what_another_process_ends_bites_here_within_five_seconds() {
    let app = test_app().await;
    let security = app.root_token(Role::SecurityAdmin).await;
    let handler = app.token(Role::Handler).await;
    app.file("grievance", Some(app.county.own.0)).await;
    let list = app.get_as(&handler, "/complaints").await.ok(200);
    let case = format!("/complaints/{}", text(&list["items"][0], "id"));
    app.get_as(&handler, &case).await.ok(200);
    let grant = grant_of(&app, &security, app.county.member(Role::Handler)).await;
    // Past this process and what it remembers of callers.
    let elsewhere = app.db.another().await;
    let by = app.county.root_caller(Role::SecurityAdmin);
    let id = RoleGrantId(text(&grant, "id").parse().unwrap());
    elsewhere
        .end_role_grant(by, id, 1, "调离".to_owned(), NOW)
        .await
        .unwrap();
    let since = Instant::now();
    loop {
        let answer = app.get_as(&handler, &case).await;
        if answer.status == 404 {
            answer.refused(404, "not_found");
            break;
        }
        assert!(since.elapsed() < Duration::from_secs(5), "it still counts");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    app.get_as(&handler, "/complaints").await.refused(403, "forbidden");
    app.get_as(&handler, "/me").await.ok(200);
}

#[actix_web::test]
async fn a_deputy_acts_for_the_holder_and_the_case_says_so() {
    let app = test_app().await;
    let head = app.token(Role::UnitHead).await;
    let (deputy, holder) = (app.county.member(Role::Member), app.county.member(Role::UnitHead));
    app.file("grievance", Some(app.county.own.0)).await;
    let handler = app.token(Role::Handler).await;
    let list = app.get_as(&handler, "/complaints").await.ok(200);
    let case = format!("/complaints/{}", text(&list["items"][0], "id"));
    app.step(&handler, &format!("{case}/accept"), 1, json!({}))
        .await
        .ok(200);
    let draft = json!({"request": "饭菜偏凉", "facts": "路上太久", "decision": "改走南门", "basis": "合同第七条", "submit": true});
    app.step(&handler, &format!("{case}/draft"), 2, draft).await.ok(200);

    // The head names somebody of the school, and nobody else's role.
    let named = name_deputy(&app, &head, holder, deputy).await.ok(201);
    assert_eq!(text(&named["acting_for"], "name"), "unit_head");
    assert_eq!(named["allowed_actions"], json!(["end"]), "the one who is away ends it");
    name_deputy(&app, &head, app.county.member(Role::Handler), deputy)
        .await
        .refused(403, "forbidden");

    let token = app.token(Role::Member).await;
    let me = app.get_as(&token, "/me").await.ok(200);
    assert_eq!(me["grants"][1]["role"], "unit_head");
    assert_eq!(text(&me["grants"][1]["acting_for"], "name"), "unit_head");
    let seen = app.get_as(&token, &case).await.ok(200);
    assert!(seen["allowed_actions"].as_array().unwrap().contains(&json!("approve")));
    let approved = app.step(&token, &format!("{case}/approve"), 3, json!({})).await.ok(200);
    let steps = approved["timeline"].as_array().unwrap();
    for action in ["approved", "replied"] {
        let step = steps.iter().find(|step| step["action"] == action).unwrap();
        assert_eq!(text(&step["by"], "name"), "member");
        assert_eq!(text(&step["acting_for"], "name"), "unit_head");
    }
    assert!(steps.iter().find(|step| step["action"] == "submitted").unwrap()["acting_for"].is_null());

    // Back again.
    let id = text(&named, "id");
    app.step(
        &token,
        &format!("/role-grants/{id}/end"),
        1,
        json!({"reason": "不想干了"}),
    )
    .await
    .refused(403, "forbidden");
    app.step(
        &head,
        &format!("/role-grants/{id}/end"),
        1,
        json!({"reason": "已经回来"}),
    )
    .await
    .ok(200);
    app.get_as(&token, &case).await.refused(404, "not_found");
}

#[actix_web::test]
async fn nobody_approves_their_own_work_through_a_deputy() {
    let app = test_app().await;
    let security = app.token(Role::SecurityAdmin).await;
    let (own, handler) = (app.county.own, app.county.member(Role::Handler));
    let clerk = app.county.member(Role::Member);
    app.file("grievance", Some(own.0)).await;
    let token = app.token(Role::Handler).await;
    let list = app.get_as(&token, "/complaints").await.ok(200);
    let case = format!("/complaints/{}", text(&list["items"][0], "id"));
    app.step(&token, &format!("{case}/accept"), 1, json!({})).await.ok(200);
    let draft = json!({"request": "饭菜偏凉", "facts": "路上太久", "decision": "改走南门", "basis": "合同第七条", "submit": true});
    // The handler who wrote it stands in for the head.
    app.step(&token, &format!("{case}/draft"), 2, draft.clone())
        .await
        .ok(200);
    name_deputy(&app, &security, app.county.member(Role::UnitHead), handler)
        .await
        .ok(201);
    app.step(&token, &format!("{case}/approve"), 3, json!({}))
        .await
        .refused(409, "own_work");
    // A clerk writes it in the handler's place, who is the head's deputy.
    let named = name_deputy(&app, &security, handler, clerk).await.ok(201);
    assert_eq!(text(&named, "role"), "handler");
    let clerk = app.token(Role::Member).await;
    let written = app.step(&clerk, &format!("{case}/draft"), 3, draft).await.ok(200);
    assert_eq!(text(&written["draft"]["drafted_by"], "name"), "member");
    app.step(&token, &format!("{case}/approve"), 4, json!({}))
        .await
        .refused(409, "own_work");
    let head = app.token(Role::UnitHead).await;
    app.step(&head, &format!("{case}/approve"), 4, json!({})).await.ok(200);
}

#[actix_web::test]
async fn whoever_stands_in_for_the_accused_or_their_line_is_shut_out_too() {
    let app = test_app().await;
    let security = app.root_token(Role::SecurityAdmin).await;
    let inspector = app.root_token(Role::Inspector).await;
    let clerk = app.county.root_member(Role::Member);
    let second = app.token(Role::Inspector).await;
    // The first inspector's deputy sees sealed cases.
    name_deputy(&app, &security, app.county.root_member(Role::Inspector), clerk)
        .await
        .ok(201);
    let token = app.root_token(Role::Member).await;
    app.file("report", Some(app.county.own.0)).await;
    let list = app.get_as(&token, "/complaints").await.ok(200);
    let case = format!("/complaints/{}", text(&list["items"][0], "id"));
    app.get_as(&token, &case).await.ok(200);
    // The head of the accused school holds a role in its line; their deputy sees nothing of it, inspector's deputy or not.
    name_deputy(&app, &security, app.county.member(Role::UnitHead), clerk)
        .await
        .ok(201);
    app.get_as(&token, &case).await.refused(404, "not_found");
    assert_eq!(app.get_as(&token, "/complaints?count=true").await.ok(200)["total"], 0);
    let grant = app
        .get_as(&security, &format!("/role-grants?member_id={clerk}&role=unit_head"))
        .await
        .ok(200)["items"][0]["id"]
        .clone();
    let end = format!("/role-grants/{}/end", grant.as_str().unwrap());
    app.step(&security, &end, 1, json!({"reason": "已经回来"}))
        .await
        .ok(200);
    app.get_as(&token, &case).await.ok(200);
    // The inspector is accused: so the deputy must not see it either.
    let accused = json!({"member_ids": [app.county.root_member(Role::Inspector)], "unit_ids": []});
    app.step(&inspector, &format!("{case}/accused"), 1, accused)
        .await
        .ok(200);
    app.get_as(&inspector, &case).await.refused(404, "not_found");
    app.get_as(&token, &case).await.refused(404, "not_found");
    app.get_as(&second, &case).await.refused(404, "not_found");
}

#[actix_web::test]
async fn what_makes_no_sense_is_named_and_leaves_nothing() {
    let app = test_app().await;
    let security = app.root_token(Role::SecurityAdmin).await;
    let (clerk, own, root) = (app.county.member(Role::Member), app.county.own, app.county.root);
    let before = app.db.number("SELECT COUNT(*) FROM role_grants").await;
    let give = |body: Value| make(&app, &security, "/role-grants", body);
    let with = |name: &str, value: Value| {
        let mut body = role(clerk, "handler", own);
        body[name] = value;
        body
    };
    for (body, pointer, code) in [
        (with("role", json!("member")), "/role", "not_grantable"),
        (with("role", json!("integrator")), "/role", "not_grantable"),
        (with("role", json!("inspector")), "/unit_id", "county_only"),
        (with("role", json!("audit_admin")), "/unit_id", "county_only"),
        (with("reason", json!(" ")), "/reason", "required"),
        (with("starts_on", json!("2026-11-01")), "/starts_on", "in_the_past"),
        (with("starts_on", json!("9999-12-31")), "/starts_on", "too_far"),
        (with("ends_on", json!("2026-11-01")), "/ends_on", "before_start"),
        (with("ends_on", json!("2099-01-01")), "/ends_on", "too_far"),
        (with("unit_id", json!(app.uuid())), "/unit_id", "unknown_unit"),
        (with("member_id", json!(app.uuid())), "/member_id", "unknown_member"),
    ] {
        let problem = give(body).await.refused(422, "invalid_field");
        assert_eq!(
            (&problem["errors"][0]["pointer"], &problem["errors"][0]["code"]),
            (&json!(pointer), &json!(code))
        );
    }
    let several =
        json!({"member_id": clerk, "role": "inspector", "unit_id": own, "reason": "", "ends_on": "2026-01-01"});
    let problem = give(several).await.refused(422, "invalid_field");
    assert_eq!(problem["errors"].as_array().unwrap().len(), 3, "all at once");
    give(with("role", json!("owner"))).await.refused(422, "invalid_field");
    give(with("starts_on", json!("tomorrow")))
        .await
        .refused(422, "invalid_field");
    give(with("granted_by", json!(clerk)))
        .await
        .refused(422, "invalid_field");
    let no_key = Call::new("POST", "/role-grants")
        .bearer(&security)
        .json(&role(clerk, "handler", own));
    app.send(no_key).await.refused(400, "idempotency_key_missing");
    // Rules beside the fields.
    let own_role = role(app.county.root_member(Role::SecurityAdmin), "leader", root);
    give(own_role).await.refused(409, "own_roles");
    give(role(app.county.member(Role::Handler), "handler", own))
        .await
        .refused(409, "already_granted");
    for (held, wanted) in [
        (Role::Handler, "admin"),
        (Role::Supervisor, "security_admin"),
        (Role::Admin, "unit_head"),
        (Role::Admin, "audit_admin"),
        (Role::AuditAdmin, "leader"),
    ] {
        let problem = give(role(app.county.member(held), wanted, root)).await;
        let problem = problem.refused(409, "roles_apart");
        assert!(text(&problem, "detail").contains('“'), "it says which: {problem}");
    }
    assert_eq!(app.db.number("SELECT COUNT(*) FROM role_grants").await, before);
    // Deputies.
    let grant = grant_of(&app, &security, app.county.member(Role::UnitHead)).await;
    let path = format!("/role-grants/{}/deputies", text(&grant, "id"));
    let endless = json!({"member_id": clerk, "reason": "外出培训"});
    make(&app, &security, &path, endless)
        .await
        .refused(422, "invalid_field");
    let too_long = json!({"member_id": clerk, "reason": "外出培训", "ends_on": "2027-11-01"});
    let problem = make(&app, &security, &path, too_long)
        .await
        .refused(422, "invalid_field");
    assert_eq!(problem["errors"][0]["code"], "too_far");
    let admin = json!({"member_id": app.county.member(Role::Admin), "reason": "外出培训", "ends_on": "2026-12-01"});
    make(&app, &security, &path, admin).await.refused(409, "roles_apart");
    let stale = Call::new("POST", &path).bearer(&security).key(app.uuid()).if_match(9);
    let body = json!({"member_id": clerk, "reason": "外出培训", "ends_on": "2026-12-01"});
    app.send(stale.json(&body)).await.refused(412, "stale_version");
    let bare = Call::new("POST", &path).bearer(&security).key(app.uuid()).json(&body);
    app.send(bare).await.refused(428, "if_match_missing");
    assert_eq!(app.db.number("SELECT COUNT(*) FROM role_grants").await, before);
}

#[actix_web::test]
async fn the_last_security_administrator_stays() {
    let app = test_app().await;
    let security = app.root_token(Role::SecurityAdmin).await;
    let grant = grant_of(&app, &security, app.county.root_member(Role::SecurityAdmin)).await;
    let end = format!("/role-grants/{}/end", text(&grant, "id"));
    let reason = json!({"reason": "调离岗位"});
    app.step(&security, &end, 1, reason.clone())
        .await
        .refused(409, "own_roles");
    // A second one, who is asked to end the first, and is then the last.
    let second = app.county.root_member(Role::Member);
    let given = make(
        &app,
        &security,
        "/role-grants",
        role(second, "security_admin", app.county.root),
    )
    .await;
    let given = given.ok(201);
    let token = app.root_token(Role::Member).await;
    app.step(&token, &end, 1, reason.clone()).await.ok(200);
    app.get_as(&security, "/role-grants").await.refused(403, "forbidden");
    // A third one with an end of their own does not keep the keys for ever.
    let third = app.county.member(Role::Member);
    let mut dated = role(third, "security_admin", app.county.root);
    dated["ends_on"] = json!("2027-01-01");
    make(&app, &token, "/role-grants", dated).await.ok(201);
    let by_third = app.token(Role::Member).await;
    let end_second = format!("/role-grants/{}/end", text(&given, "id"));
    app.step(&by_third, &end_second, 1, reason)
        .await
        .refused(409, "last_security_admin");
    let admin = app.root_token(Role::Admin).await;
    app.step(
        &admin,
        &format!("/members/{second}/close"),
        1,
        json!({"reason": "退休"}),
    )
    .await
    .refused(409, "last_security_admin");
}

#[actix_web::test]
async fn the_list_is_narrowed_paged_and_scoped() {
    let app = test_app().await;
    let security = app.root_token(Role::SecurityAdmin).await;
    let (clerk, own) = (app.county.member(Role::Member), app.county.own);
    let mut future = role(clerk, "handler", own);
    future["starts_on"] = json!("2026-12-01");
    make(&app, &security, "/role-grants", future).await.ok(201);
    name_deputy(&app, &security, app.county.member(Role::UnitHead), clerk)
        .await
        .ok(201);
    let list = async |token: &str, query: &str| {
        let list = app
            .get_as(token, &format!("/role-grants?count=true&limit=100{query}"))
            .await
            .ok(200);
        assert_eq!(
            list["total"].as_u64().unwrap(),
            u64::try_from(list["items"].as_array().unwrap().len()).unwrap()
        );
        list["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| format!("{} {}", text(&item["member"], "name"), text(item, "role")))
            .collect::<Vec<_>>()
    };
    let all = list(&security, "").await;
    assert_eq!(all.len(), 22);
    assert_eq!(all[0], "member handler", "what begins last first");
    assert_eq!(
        list(&security, "&sort=starts_at").await.last().unwrap(),
        "member handler"
    );
    assert_eq!(list(&security, "&state=future").await, ["member handler"]);
    assert_eq!(list(&security, "&is_deputy=true").await, ["member unit_head"]);
    assert_eq!(list(&security, "&state=ended").await, Vec::<String>::new());
    assert_eq!(list(&security, "&state=in_force").await.len(), 21);
    let unit = format!("&unit_id={own}");
    assert_eq!(list(&security, &unit).await.len(), 12);
    assert_eq!(
        list(&security, &format!("{unit}&role=handler")).await,
        ["member handler", "handler handler"]
    );
    assert_eq!(list(&security, "&q=ROOT_hand").await, ["root_handler handler"]);
    let head = grant_of(&app, &security, app.county.member(Role::UnitHead)).await;
    let deputies = format!("&role_grant_id={}", text(&head, "id"));
    assert_eq!(list(&security, &deputies).await, ["member unit_head"]);
    // Page by page.
    let mut found = Vec::new();
    let mut cursor = String::new();
    loop {
        let page = app
            .get_as(&security, &format!("/role-grants?limit=5&cursor={cursor}"))
            .await
            .ok(200);
        found.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].clone()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = next.to_owned(),
            None => break,
        }
    }
    assert_eq!(found.len(), 22);
    found.dedup();
    assert_eq!(found.len(), 22);
    // Whoever looks after a school sees its grants and their own; who looks after nothing has no list.
    for role in [Role::UnitHead, Role::Admin, Role::SecurityAdmin, Role::AuditAdmin] {
        assert_eq!(list(&app.token(role).await, "").await.len(), 12, "{role:?}");
    }
    for role in [Role::Handler, Role::Leader, Role::Inspector, Role::Supervisor] {
        app.get_as(&app.token(role).await, "/role-grants")
            .await
            .refused(403, "forbidden");
    }
    let bad = async |query: &str| app.get_as(&security, &format!("/role-grants?{query}")).await;
    for query in [
        "state=now",
        "role=owner",
        "sort=name",
        "unit_id=x",
        "limit=0",
        "owner=1",
    ] {
        assert_eq!(bad(query).await.status, 400, "{query}");
    }
    bad("cursor=abc").await.refused(400, "bad_cursor");
}
