//! Units and members over HTTP.

use liangnuo_domain::Role;
use liangnuo_test_support::api::{Call, test_app};
use serde_json::json;

#[actix_web::test]
async fn an_administrator_makes_changes_moves_and_closes_a_unit() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let key = app.uuid();
    let body = json!({"parent_id": app.county.root, "kind": "school", "name": "新风小学", "hotline": "0000-5550100"});
    let create = || app.send(Call::new("POST", "/units").bearer(&admin).key(key).json(&body));
    let answer = create().await;
    let location = answer.header("location").to_owned();
    let unit = answer.ok(201);
    assert_eq!(location, format!("/api/v1/units/{}", unit["id"].as_str().unwrap()));
    assert_eq!(create().await.ok(201)["id"], unit["id"], "once");
    assert_eq!(
        unit["allowed_actions"],
        json!(["edit", "move", "merge", "split", "close", "create_child"])
    );

    let patch = |version: i64, body: serde_json::Value| {
        app.send(
            Call::new("PATCH", &location)
                .bearer(&admin)
                .if_match(version)
                .json(&body),
        )
    };
    let unit = patch(1, json!({"head": "周敏", "hotline": null})).await.ok(200);
    assert_eq!(
        (unit["head"].as_str(), unit["hotline"].as_str(), unit["name"].as_str()),
        (Some("周敏"), None, Some("新风小学"))
    );
    patch(1, json!({"head": "何梅"})).await.refused(412, "stale_version");
    patch(2, json!({"name": "柳湾小学"})).await.refused(409, "taken");

    let moved = app
        .step(
            &admin,
            &format!("{location}/move"),
            2,
            json!({"parent_id": app.county.own}),
        )
        .await
        .ok(200);
    assert_eq!(moved["path"][1]["name"], "柳湾小学");
    let below_itself = json!({"parent_id": app.county.child});
    let own = format!("/units/{}", app.county.own);
    app.step(&admin, &format!("{own}/move"), 1, below_itself)
        .await
        .refused(422, "invalid_field");
    app.step(&admin, &format!("{own}/close"), 1, json!({"reason": "撤并"}))
        .await
        .refused(409, "not_ready");
    let closed = app
        .step(&admin, &format!("{location}/close"), 3, json!({"reason": "撤并"}))
        .await
        .ok(200);
    assert!(closed["closed_at"].is_string() && closed["allowed_actions"] == json!([]));
    let list = app
        .get_as(&admin, "/units?q=%E6%96%B0%E9%A3%8E&count=true")
        .await
        .ok(200);
    assert_eq!(list["total"], 0);
    let list = app
        .get_as(&admin, "/units?q=%E6%96%B0%E9%A3%8E&count=true&include_closed=true")
        .await
        .ok(200);
    assert_eq!(list["total"], 1);
    let actions = app
        .db
        .texts(
            "SELECT action FROM events WHERE action LIKE 'units.%' AND action <> 'units.created' ORDER BY at, position",
        )
        .await;
    assert_eq!(actions, ["units.edited", "units.moved", "units.closed"]);
}

#[actix_web::test]
async fn a_unit_has_a_code_with_its_name_and_none_when_it_is_closed() {
    let app = test_app().await;
    let path = format!("/public/units/{}/qr", app.county.own);
    let answer = app.get(&path).await;
    assert_eq!(answer.header("content-type"), "image/svg+xml");
    assert!(answer.header("content-disposition").contains("%E6%9F%B3%E6%B9%BE"));
    let picture = app.get(&format!("{path}?format=png&size=200")).await;
    assert_eq!(picture.header("content-type"), "image/png");
    for wrong in ["size=63", "size=2049", "format=gif", "color=red"] {
        app.get(&format!("{path}?{wrong}"))
            .await
            .refused(400, "malformed_query");
    }
    let admin = app.root_token(Role::Admin).await;
    let branch = app.county.branch;
    let closing = format!("/units/{branch}/close");
    app.step(&admin, &closing, 1, json!({"reason": "撤并"})).await.ok(200);
    app.get(&format!("/public/units/{branch}/qr"))
        .await
        .refused(404, "not_found");
}

#[actix_web::test]
async fn rights_follow_the_tree() {
    let app = test_app().await;
    let (admin, handler) = (app.root_token(Role::Admin).await, app.token(Role::Handler).await);
    app.file("grievance", Some(app.county.sibling.0)).await;
    assert_eq!(app.get_as(&handler, "/complaints?count=true").await.ok(200)["total"], 0);
    let path = format!("/units/{}/move", app.county.sibling);
    app.step(&admin, &path, 1, json!({"parent_id": app.county.own}))
        .await
        .ok(200);
    assert_eq!(app.get_as(&handler, "/complaints?count=true").await.ok(200)["total"], 1);
}

#[actix_web::test]
async fn a_member_comes_changes_post_moves_and_leaves() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let body = json!({"unit_id": app.county.own, "name": "周敏", "name_en": "Zhou Min", "post": "语文教师", "branch_id": app.county.branch, "is_party_member": true});
    let created = app
        .send(Call::new("POST", "/members").bearer(&admin).key(app.uuid()).json(&body))
        .await
        .ok(201);
    let path = format!("/members/{}", created["id"].as_str().unwrap());
    assert_eq!(
        (created["post"].as_str(), created["branch"]["name"].as_str()),
        (Some("语文教师"), Some("党支部"))
    );
    let patch = |version: i64, body: serde_json::Value| {
        app.send(Call::new("PATCH", &path).bearer(&admin).if_match(version).json(&body))
    };
    let changed = patch(1, json!({"post": "教导主任", "post_en": "Director of studies"}))
        .await
        .ok(200);
    assert_eq!(changed["post_en"], "Director of studies");
    patch(2, json!({"branch_id": app.county.own}))
        .await
        .refused(422, "invalid_field");
    let moved = app
        .step(
            &admin,
            &format!("{path}/move"),
            2,
            json!({"unit_id": app.county.sibling}),
        )
        .await
        .ok(200);
    assert_eq!(
        (moved["unit"]["name"].as_str(), moved["post"].as_str()),
        (Some("石桥镇中心小学"), None)
    );
    assert_eq!(
        app.db
            .number("SELECT COUNT(*) FROM post_holders WHERE valid_to IS NOT NULL")
            .await,
        2,
        "the past stays"
    );
    let found = app.get_as(&admin, "/members?q=zhou&count=true").await.ok(200);
    assert_eq!(found["total"], 1);
    app.step(&admin, &format!("{path}/close"), 3, json!({"reason": "调离"}))
        .await
        .ok(200);
    patch(4, json!({"name": "周某"})).await.refused(409, "wrong_state");
    assert_eq!(
        app.get_as(&admin, "/members?q=zhou&count=true").await.ok(200)["total"],
        0
    );
}

#[actix_web::test]
async fn whoever_leaves_is_signed_out_and_hands_over_first() {
    let app = test_app().await;
    let (admin, handler) = (app.root_token(Role::Admin).await, app.token(Role::Handler).await);
    app.file("grievance", Some(app.county.own.0)).await;
    let list = app.get_as(&handler, "/complaints").await.ok(200);
    let case = format!("/complaints/{}", list["items"][0]["id"].as_str().unwrap());
    app.step(&handler, &format!("{case}/accept"), 1, json!({}))
        .await
        .ok(200);
    let draft = json!({"request": "问", "facts": "", "decision": "", "basis": "", "submit": false});
    app.step(&handler, &format!("{case}/draft"), 2, draft).await.ok(200);
    let close = format!("/members/{}/close", app.county.member(Role::Handler));
    app.step(&admin, &close, 1, json!({"reason": "调离"}))
        .await
        .refused(409, "not_ready");
    let head = app.token(Role::UnitHead).await;
    app.step(&head, &format!("{case}/assign"), 3, json!({"unit_id": app.county.own}))
        .await
        .ok(200);
    app.step(&admin, &close, 1, json!({"reason": "调离"})).await.ok(200);
    app.get_as(&handler, "/me").await.refused(401, "session_ended");
    let own = format!("/members/{}/close", app.county.root_member(Role::Admin));
    app.step(&admin, &own, 1, json!({"reason": "调离"}))
        .await
        .refused(409, "own_work");
}

#[actix_web::test]
async fn paging_reads_every_row_once() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    for at in 0..25 {
        let body = json!({"parent_id": app.county.root, "kind": "kindergarten", "name": format!("幼儿园{at:02}")});
        app.send(Call::new("POST", "/units").bearer(&admin).key(app.uuid()).json(&body))
            .await
            .ok(201);
    }
    let mut names = Vec::new();
    let mut address = "/public/units?kind=kindergarten&limit=7&cursor=&count=true".to_owned();
    loop {
        let answer = app.get(&address).await;
        let link = answer.header("link").to_owned();
        let page = answer.ok(200);
        assert_eq!(page["total"], 25);
        names.extend(
            page["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|unit| unit["name"].as_str().unwrap().to_owned()),
        );
        match page["next_cursor"].as_str() {
            Some(next) => {
                address = format!("/public/units?kind=kindergarten&limit=7&count=true&cursor={next}");
                assert_eq!(link, format!("</api/v1{address}>; rel=\"next\""));
            }
            None => {
                assert_eq!(link, "");
                break;
            }
        }
    }
    let expected: Vec<String> = (0..25).map(|at| format!("幼儿园{at:02}")).collect();
    assert_eq!(names, expected);
    let other = format!(
        "/public/units?kind=school&cursor={}",
        app.get("/public/units?kind=kindergarten&limit=7").await.ok(200)["next_cursor"]
            .as_str()
            .unwrap()
    );
    app.get(&other).await.refused(400, "bad_cursor");
}
