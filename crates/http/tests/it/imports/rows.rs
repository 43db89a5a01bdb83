//! What becomes of a row.

use super::*;

#[actix_web::test]
async fn rows_that_cannot_be_read_are_reported_and_given_back() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let sample = sample_ledger(120).unwrap();
    let job = import(&app, &office, &sample.bytes, &[("source", "热线台账".as_bytes())]).await;
    let (good, bad) = (
        i64::try_from(sample.good.len()).unwrap(),
        i64::try_from(sample.bad.len()).unwrap(),
    );
    assert_eq!(counts(&job), [120, good, 0, 0, bad]);
    let mut reported: Vec<(i64, String, String)> = job["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|error| {
            (
                error["row"].as_i64().unwrap(),
                error["column"].as_str().unwrap().to_owned(),
                error["code"].as_str().unwrap().to_owned(),
            )
        })
        .collect();
    reported.sort();
    let mut expected: Vec<(i64, String, String)> = sample
        .bad
        .iter()
        .map(|bad| (i64::from(bad.row), bad.column.to_owned(), bad.code.as_str().to_owned()))
        .collect();
    expected.sort();
    assert_eq!(reported, expected);
    let workbook = app
        .get_as(
            &office,
            &format!("/imports/{}/errors.xlsx", job["id"].as_str().unwrap()),
        )
        .await;
    assert_eq!(workbook.status, 200);
    let sheet = liangnuo_documents::Sheet::open(&workbook.bytes, "errors.xlsx").unwrap();
    assert_eq!(sheet.rows_total(), sample.bad.len());
    let total = app
        .get_as(&office, "/complaints?channel=import&count=true")
        .await
        .ok(200)["total"]
        .clone();
    assert_eq!(total, good);
    assert_eq!(
        counts(&import(&app, &office, &sample.bytes, &[("source", "热线台账".as_bytes())]).await),
        [120, 0, 0, good, bad]
    );
    assert_eq!(
        counts(&import(&app, &office, &sample.bytes, &[]).await),
        [120, good, 0, 0, bad],
        "another ledger"
    );
}

#[actix_web::test]
async fn a_changed_row_changes_its_case_unless_somebody_works_on_it() {
    let app = test_app().await;
    let (office, handler) = (
        app.root_token(Role::CampaignOffice).await,
        app.token(Role::Handler).await,
    );
    let row = |title: &'static str| [["7", "甲", title, "2026-11-20 10:00", "饭菜是凉的", "投诉", "柳湾小学"]];
    assert_eq!(
        counts(&import_csv(&app, &office, &row("饭菜偏凉")).await),
        [1, 1, 0, 0, 0]
    );
    assert_eq!(
        counts(&import_csv(&app, &office, &row("饭菜很凉")).await),
        [1, 0, 1, 0, 0]
    );
    let list = app.get_as(&handler, "/complaints?q=%E5%BE%88%E5%87%89").await.ok(200);
    assert_eq!(
        (list["items"][0]["title"].as_str(), list["items"][0]["state"].as_str()),
        (Some("饭菜很凉"), Some("received"))
    );
    let case = format!("/complaints/{}/accept", list["items"][0]["id"].as_str().unwrap());
    app.step(&handler, &case, 2, json!({})).await.ok(200);
    let job = import_csv(&app, &office, &row("饭菜又凉了")).await;
    assert_eq!(
        (counts(&job), job["errors"][0]["code"].as_str()),
        ([1, 0, 0, 0, 1], Some("changed_since_import"))
    );
}

#[actix_web::test]
async fn a_row_that_names_another_school_or_author_takes_its_case_there() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let row = |author: &'static str, unit: &'static str| [["7", author, "题", "2026-11-20", "文", "投诉", unit]];
    import_csv(&app, &office, &row("甲", "柳湾小学")).await;
    let job = import_csv(&app, &office, &row("乙", "石桥镇中心小学")).await;
    assert_eq!(counts(&job), [1, 0, 1, 0, 0]);
    let handler = app.token(Role::Handler).await;
    assert_eq!(app.get_as(&handler, "/complaints?count=true").await.ok(200)["total"], 0);
    let cases = app.get_as(&office, "/complaints").await.ok(200);
    let path = format!("/complaints/{}", cases["items"][0]["id"].as_str().unwrap());
    let case = app.get_as(&office, &path).await.ok(200);
    assert_eq!(
        (
            case["unit"]["name"].as_str(),
            case["about_unit"]["name"].as_str(),
            case["state"].as_str()
        ),
        (Some("石桥镇中心小学"), Some("石桥镇中心小学"), Some("received")),
    );
    let authors = "SELECT COUNT(DISTINCT author_hash) FROM complaint_contacts";
    assert_eq!(app.db.number(authors).await, 1);
    // Without an author the row is anonymous, and with one it is again what it was.
    import_csv(&app, &office, &row("", "石桥镇中心小学")).await;
    assert_eq!(app.db.number(authors).await, 0);
    let job = import_csv(&app, &office, &row("乙", "石桥镇中心小学")).await;
    assert_eq!((counts(&job), app.db.number(authors).await), ([1, 0, 1, 0, 0], 1));
}

#[actix_web::test]
async fn a_school_that_has_closed_takes_no_row() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let id = hand_in(&app, &office, &csv(&[ROW])).await;
    app.db
        .execute("UPDATE units SET closed_at = 1 WHERE name = '柳湾小学'")
        .await
        .unwrap();
    work(&app, id).await;
    let job = app.get_as(&office, &format!("/imports/{id}")).await.ok(200);
    assert_eq!(
        (counts(&job), job["errors"][0]["code"].as_str()),
        ([1, 0, 0, 0, 1], Some("unknown_unit"))
    );
}

#[actix_web::test]
async fn unknown_names_are_reported_at_their_column() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let job = import_csv(
        &app,
        &office,
        &[
            ["1", "甲", "题", "2026-11-20", "文", "投诉", "没有的学校"],
            ["2", "甲", "题", "2026-11-20", "文", "闲聊", "柳湾小学"],
            ["3", "甲", "题", "2026-11-20", "文", "举报", "柳湾小学"],
        ],
    )
    .await;
    assert_eq!(counts(&job), [3, 1, 0, 0, 2]);
    let errors: Vec<_> = job["errors"]
        .as_array()
        .unwrap()
        .iter()
        .map(|e| (e["code"].as_str().unwrap(), e["column"].as_str().unwrap()))
        .collect();
    assert_eq!(errors, [("unknown_unit", "I"), ("unknown_kind", "H")]);
    let handler = app.token(Role::Handler).await;
    assert_eq!(
        app.get_as(&handler, "/complaints?count=true").await.ok(200)["total"],
        0,
        "a report stays sealed"
    );
}
