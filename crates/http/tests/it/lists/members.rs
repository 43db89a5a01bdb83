//! What becomes of the rows of a list of members.

use super::*;

const HEAD: &str = "工号,姓名,单位,职务,英文职务,党支部,是否党员\n";

#[actix_web::test]
async fn members_come_change_and_move_as_by_hand() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let list = format!(
        "{HEAD}T1,周敏,柳湾小学,教师,Teacher,柳湾小学/党支部,是\n,何磊,清河县教育局/柳湾小学,教师,,,\nT3,林青,石桥镇中心小学,,,,否\n"
    );
    let job = try_and_import(&app, &admin, "members", &list).await;
    assert_eq!(counts(&job), [3, 0, 0, 0], "{job}");
    let before = written(&app).await;
    let again = run(&app, &admin, "members", ("list.csv", list.as_bytes()), false).await;
    assert_eq!((counts(&again), written(&app).await), ([0, 0, 3, 0], before));
    let list = format!("{HEAD}T1,周敏敏,石桥镇中心小学,,,-,\nT9,何磊,柳湾小学,教务主任,,,是\n");
    let job = try_and_import(&app, &admin, "members", &list).await;
    assert_eq!(counts(&job), [0, 2, 0, 0], "{job}");
    let found = app.get_as(&admin, "/members?q=t1").await.ok(200);
    let member = &found["items"][0];
    assert_eq!(
        (
            &member["name"],
            &member["unit"]["name"],
            &member["post"],
            &member["branch"],
            &member["is_party_member"]
        ),
        (
            &json!("周敏敏"),
            &json!("石桥镇中心小学"),
            &Value::Null,
            &Value::Null,
            &json!(true)
        ),
        "the post stays behind, the cells that were empty kept the rest"
    );
    let found = app.get_as(&admin, "/members?q=t9").await.ok(200);
    let member = &found["items"][0];
    assert_eq!(
        (&member["name"], &member["post"], &member["version"]),
        (&json!("何磊"), &json!("教务主任"), &json!(2)),
        "who had no number yet gets it"
    );
}

#[actix_web::test]
async fn who_can_not_be_told_apart_is_nobody() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    for _ in 0..2 {
        let body = json!({"unit_id": app.county.own, "name": "王芳"});
        let call = Call::new("POST", "/members").bearer(&admin).key(app.uuid());
        app.send(call.json(&body)).await.ok(201);
    }
    let rows = [
        ",王芳,柳湾小学,,,,",                     // 2
        "T5,王芳,柳湾小学,,,,",                   // 3
        ",周敏,没有的学校,,,,",                   // 4
        ",周敏,,,,,",                             // 5
        "T6,,柳湾小学,,,,",                       // 6
        "T7,何磊,柳湾小学,,Tutor,,",              // 7
        "T8,何磊,柳湾小学,,,石桥镇中心小学,也许", // 8
        "T9,林青,柳湾小学,,,,",                   // 9: good
        "T9,林青,柳湾小学,,,,",                   // 10
    ];
    let job = try_and_import(&app, &admin, "members", &format!("{HEAD}{}\n", rows.join("\n"))).await;
    assert_eq!(counts(&job), [1, 0, 0, 8], "{job}");
    assert_eq!(
        errors(&job),
        [
            (2, "B", "ambiguous"),
            (3, "B", "ambiguous"),
            (4, "C", "unknown_unit"),
            (5, "C", "required"),
            (6, "B", "required"),
            (7, "E", "required"),
            (8, "F", "unknown_branch"),
            (8, "G", "unexpected"),
            (10, "", "duplicate_row"),
        ]
    );
}

#[actix_web::test]
async fn a_county_is_taken_in_by_batches_and_tried_before() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    // More than a batch, and rows at the end that are about those at the beginning.
    let mut list = HEAD.to_owned();
    for number in 0..1_100 {
        let post = if number % 3 == 0 {
            "教师,Teacher"
        } else {
            "教务,Clerk"
        };
        list.push_str(&format!("T{number},成员{number},柳湾小学,{post},,\n"));
    }
    list.push_str("T1,成员1,石桥镇中心小学,,,,\n,成员2,柳湾小学,,,,\nT2000,成员3,柳湾小学,,,,\n");
    let job = try_and_import(&app, &admin, "members", &list).await;
    assert_eq!(counts(&job), [1_101, 0, 0, 2], "{}", job["errors"]);
    assert_eq!(errors(&job), [(1102, "", "duplicate_row"), (1103, "", "duplicate_row")]);
    assert_eq!(job["changes"].as_array().unwrap().len(), 200);
    // The English name of a post is the post's: what one row says of it holds for all, in whichever batch they stand.
    let renamed = format!("{HEAD}T0,,,,Tutor,,\nT999,,,,Tutor,,\n");
    let job = try_and_import(&app, &admin, "members", &renamed).await;
    assert_eq!(counts(&job), [0, 1, 1, 0], "{job}");
}
