//! What becomes of the rows of a list of units.

use super::*;

const HEAD: &str = "单位编码,单位名称,类型,上级单位,负责人\n";

async fn unit<S, B>(app: &TestApp<S>, token: &str, name: &str) -> Value
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let path = format!("/units?include_closed=true&q={}", percent(name));
    let found = app.get_as(token, &path).await.ok(200);
    let mut same = found["items"].as_array().unwrap().iter();
    same.rfind(|unit| unit["name"] == name).cloned().unwrap_or_default()
}

fn percent(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

#[actix_web::test]
async fn children_may_stand_before_what_they_are_below() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let list = format!(
        "{HEAD},初一年级组,股室,东岭中学/初中部,\n,初中部,股室,100,何敏\n100,东岭中学,学校,清河县教育局,何磊\n"
    );
    let job = try_and_import(&app, &admin, "units", &list).await;
    assert_eq!(counts(&job), [3, 0, 0, 0], "{job}");
    let group = unit(&app, &admin, "初一年级组").await;
    let path: Vec<&str> = group["path"]
        .as_array()
        .unwrap()
        .iter()
        .map(|unit| unit["name"].as_str().unwrap())
        .collect();
    assert_eq!(path, ["清河县教育局", "东岭中学", "初中部"]);
    // Who is responsible over the school sees the new unit at once: the closure was written as by hand.
    let below = "SELECT COUNT(*) FROM unit_closure c JOIN units u ON u.id = c.ancestor_id WHERE u.name = '东岭中学'";
    assert_eq!(app.db.number(below).await, 3);
    // The same again: nothing is written but that somebody imported.
    let before = written(&app).await;
    let again = run(&app, &admin, "units", ("list.csv", list.as_bytes()), false).await;
    assert_eq!((counts(&again), written(&app).await), ([0, 0, 3, 0], before));
}

#[actix_web::test]
async fn only_what_differs_is_written_and_moving_is_moving() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let list =
        format!("{HEAD}100,东岭中学,学校,清河县教育局,何磊\n200,西岭中学,学校,清河县教育局,何敏\n,柳湾小学,学校,,\n");
    let job = try_and_import(&app, &admin, "units", &list).await;
    assert_eq!(counts(&job), [2, 0, 1, 0], "{job}");
    let (east, west) = (
        unit(&app, &admin, "东岭中学").await,
        unit(&app, &admin, "西岭中学").await,
    );
    // An empty cell keeps, a stroke empties, a code moves and renames.
    let list = format!("{HEAD}100,东岭学校,,西岭中学,\n200,,,,-\n");
    let job = try_and_import(&app, &admin, "units", &list).await;
    assert_eq!(counts(&job), [0, 2, 0, 0], "{job}");
    assert_eq!(
        job["changes"],
        json!([
            {"row": 2, "outcome": "updated", "name": "东岭学校", "fields": ["parent", "name"]},
            {"row": 3, "outcome": "updated", "name": "西岭中学", "fields": ["head"]},
        ])
    );
    let moved = unit(&app, &admin, "东岭学校").await;
    assert_eq!(
        (
            &moved["id"],
            &moved["parent_id"],
            moved["head"].as_str(),
            moved["version"].as_i64()
        ),
        (&east["id"], &west["id"], Some("何磊"), Some(2))
    );
    let log = app.root_token(Role::Inspector).await;
    let path = format!(
        "/events?subject_kind=units&subject_id={}",
        moved["id"].as_str().unwrap()
    );
    let events = app.get_as(&log, &path).await.ok(200);
    let events = events["items"].as_array().unwrap();
    let mut actions: Vec<&str> = events.iter().map(|event| event["action"].as_str().unwrap()).collect();
    actions.sort_unstable();
    assert_eq!(actions, ["units.created", "units.edited", "units.moved"]);
    assert!(events.iter().all(|event| event["by"]["name"] == "root_admin"));
}

#[actix_web::test]
async fn what_can_not_be_done_is_said_row_by_row() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    app.db
        .execute("INSERT INTO units (region_id, id, parent_id, kind, name, search_text, created_at, closed_at, version, code) \
                  SELECT region_id, member_id, unit_id, 'school', '旧中学', '', 0, 1, 1, '900' \
                  FROM (SELECT region_id, id AS member_id, region_id AS unit_id FROM members LIMIT 1) m")
        .await
        .unwrap();
    let long = "长".repeat(30_000);
    let rows = [
        "100,甲,学校,丙,",                          // 2: a circle of three
        ",丙,学校,乙,",                             // 3
        ",乙,学校,甲,",                             // 4
        ",丁,学校,丁,",                             // 5: above itself
        ",戊甲,工厂,清河县教育局,",                 // 6
        ",己,学校,没有的,",                         // 7
        ",庚甲,学校,党支部,",                       // 8: a branch holds none
        "900,旧中学,学校,清河县教育局,",            // 9: closed
        ",清河县教育局,,,某人",                     // 10: the root
        ",柳湾小学,幼儿园,,",                       // 11: the kind
        ",柳湾小学,学校,清河县教育局,",             // 12: the same again
        &format!(",辛甲,学校,清河县教育局,{long}"), // 13
        "一百,壬甲,学校,清河县教育局,",             // 14
        ",癸甲,学校,清河县教育局,好",               // 15: good
    ];
    let job = try_and_import(&app, &admin, "units", &format!("{HEAD}{}\n", rows.join("\n"))).await;
    assert_eq!(counts(&job), [1, 0, 0, 13], "{job}");
    assert_eq!(
        errors(&job),
        [
            (2, "D", "parent_circle"),
            (3, "D", "parent_circle"),
            (4, "D", "parent_circle"),
            (5, "D", "parent_circle"),
            (6, "C", "unknown_kind"),
            (7, "D", "unknown_unit"),
            (8, "D", "invalid_parent"),
            (9, "A", "closed"),
            (10, "", "unchangeable"),
            (11, "C", "unchangeable"),
            (12, "", "duplicate_row"),
            (13, "E", "too_long"),
            (14, "A", "malformed"),
        ]
    );
    let english = Call::new("GET", &format!("/imports/{}", job["id"].as_str().unwrap())).bearer(&admin);
    let english = app.send(english.header("accept-language", "en")).await.ok(200);
    assert!(english["errors"][0]["detail"].as_str().unwrap().contains("circle"));
}

#[actix_web::test]
async fn a_code_or_number_is_shown_searched_and_no_one_elses() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let body = json!({"parent_id": app.county.root, "kind": "school", "name": "东岭中学", "code": "Ａ１００"});
    let make = |path: &str, body: &Value| app.send(Call::new("POST", path).bearer(&admin).key(app.uuid()).json(body));
    let made = make("/units", &body).await.ok(201);
    assert_eq!(made["code"], "A100");
    let found = app.get_as(&admin, "/units?q=a100").await.ok(200);
    assert_eq!(found["items"][0]["id"], made["id"]);
    let other = json!({"parent_id": app.county.root, "kind": "school", "name": "西岭中学", "code": "A100"});
    let problem = make("/units", &other).await.refused(409, "taken");
    assert_eq!(problem["errors"][0]["pointer"], "/code");
    let spaced = json!({"parent_id": app.county.root, "kind": "school", "name": "西岭中学", "code": "A 1"});
    let problem = make("/units", &spaced).await.refused(422, "invalid_field");
    assert_eq!(problem["errors"][0]["code"], "malformed");
    let path = format!("/units/{}", made["id"].as_str().unwrap());
    let cleared = Call::new("PATCH", &path)
        .bearer(&admin)
        .if_match(1)
        .json(&json!({"code": null}));
    assert_eq!(app.send(cleared).await.ok(200)["code"], Value::Null);
    make("/units", &other).await.ok(201);

    let member = json!({"unit_id": app.county.own, "name": "周敏", "staff_number": "T1"});
    let made = make("/members", &member).await.ok(201);
    assert_eq!(made["staff_number"], "T1");
    let problem = make("/members", &member).await.refused(409, "taken");
    assert_eq!(problem["errors"][0]["pointer"], "/staff_number");
    let found = app.get_as(&admin, "/members?q=t1").await.ok(200);
    assert_eq!(found["items"][0]["id"], made["id"]);
    // Who has left gives the number free.
    let path = format!("/members/{}/close", made["id"].as_str().unwrap());
    app.step(&admin, &path, 1, json!({"reason": "调往外县"})).await.ok(200);
    make("/members", &member).await.ok(201);
}
