//! Lists that go out as files: all of the list and nothing else, and in the log.

use actix_web::body::MessageBody as _;
use liangnuo_documents::{Sheet, sample::sample_ledger};
use liangnuo_domain::Role;
use liangnuo_test_support::api::{Call, test_app};

use crate::imports::import;

const MADE: &str = "SELECT COUNT(*) FROM events WHERE action = 'exports.made'";

fn lines(bytes: Vec<u8>) -> Vec<String> {
    let text = String::from_utf8(bytes).unwrap();
    text.trim_start_matches('\u{feff}').lines().map(str::to_owned).collect()
}

#[actix_web::test]
async fn an_export_is_the_whole_list_in_its_order() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let sample = sample_ledger(1_100).unwrap();
    import(&app, &office, &sample.bytes, &[]).await;

    let answer = app
        .get_as(&office, "/complaints/export?format=csv&sort=received_at")
        .await;
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8; header=present");
    let disposition = answer.header("content-disposition");
    assert!(
        disposition.contains("filename*=UTF-8''%E5%8A%9E%E4%BB%B6%2D"),
        "{disposition}"
    );
    let rows = lines(answer.bytes);
    assert!(rows[0].starts_with("编号,事由,种类,"), "{}", rows[0]);
    let numbers: Vec<&str> = rows[1..].iter().map(|row| row.split(',').next().unwrap()).collect();
    assert_eq!(numbers.len(), sample.good.len());
    let mut listed = Vec::new();
    let mut path = "/complaints?limit=100&sort=received_at".to_owned();
    loop {
        let page = app.get_as(&office, &path).await.ok(200);
        let items = page["items"].as_array().unwrap();
        listed.extend(items.iter().map(|item| item["number"].as_str().unwrap().to_owned()));
        let Some(next) = page["next_cursor"].as_str() else {
            break;
        };
        path = format!("/complaints?limit=100&sort=received_at&cursor={next}");
    }
    assert_eq!(numbers, listed);
    let narrow = app
        .get_as(&office, &format!("/complaints/export?format=csv&q={}", numbers[7]))
        .await;
    assert_eq!(lines(narrow.bytes).len(), 2);
    let begun = "SELECT COUNT(*) FROM events WHERE action = 'exports.begun'";
    assert_eq!((app.db.number(MADE).await, app.db.number(begun).await), (2, 2));
}

#[actix_web::test]
async fn each_format_is_what_it_says() {
    let app = test_app().await;
    app.file("grievance", Some(app.county.own.0)).await;
    let handler = app.token(Role::Handler).await;
    let book = app.get_as(&handler, "/complaints/export").await;
    assert!(book.header("content-type").contains("spreadsheetml"));
    let sheet = Sheet::open(&book.bytes, "export.xlsx").unwrap();
    let headings: Vec<&str> = sheet.headings().iter().map(|heading| heading.text.as_str()).collect();
    assert_eq!(headings[..3], ["编号", "事由", "种类"]);
    let call = Call::new("GET", "/complaints/export?format=csv").bearer(&handler);
    let english = lines(app.send(call.header("Accept-Language", "en")).await.bytes);
    assert!(english[0].starts_with("Number,Matter,Kind"), "{}", english[0]);
    assert!(english[1].contains(",Grievance,Web,"), "{}", english[1]);
    let old = app.get_as(&handler, "/complaints/export?format=csv-gb18030").await;
    assert_eq!(old.bytes[..4], [0xB1, 0xE0, 0xBA, 0xC5], "编号");
    let call = app.get_as(&handler, "/complaints/export?format=pdf").await;
    call.refused(400, "malformed_query");
    let detail =
        "SELECT COUNT(*) FROM event_details WHERE json LIKE '%\"rows\":1%' AND json LIKE '%\"of\":\"complaints\"%'";
    assert_eq!((app.db.number(MADE).await, app.db.number(detail).await), (3, 3));
}

#[actix_web::test]
async fn nothing_goes_out_that_the_list_hides() {
    let app = test_app().await;
    app.file("report", Some(app.county.own.0)).await;
    app.file("grievance", Some(app.county.sibling.0)).await;
    let rows = async |token: &str| lines(app.get_as(token, "/complaints/export?format=csv").await.bytes).len() - 1;
    assert_eq!(rows(&app.token(Role::Handler).await).await, 0);
    assert_eq!(rows(&app.root_token(Role::CampaignOffice).await).await, 1);
    assert_eq!(rows(&app.root_token(Role::Inspector).await).await, 2);
    let member = app.token(Role::Member).await;
    app.get_as(&member, "/complaints/export")
        .await
        .refused(403, "forbidden");
    assert_eq!(app.db.number(MADE).await, 3, "a refusal is no export");
}

#[actix_web::test]
async fn a_few_exports_run_at_a_time() {
    let app = test_app().await;
    let handler = app.token(Role::Handler).await;
    let others = app.state.exports.acquire_many(2).await.unwrap();
    let refused = app.get_as(&handler, "/complaints/export").await;
    assert_eq!(refused.header("retry-after"), "10");
    refused.refused(503, "busy");
    drop(others);
    app.get_as(&handler, "/complaints/export").await.ok(200);
}

#[actix_web::test]
async fn what_breaks_off_in_the_middle_does_not_look_whole() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let sample = sample_ledger(1_100).unwrap();
    import(&app, &office, &sample.bytes, &[]).await;
    let call = Call::new("GET", "/complaints/export?format=csv").bearer(&office);
    let (status, mut body) = app.begin(call).await;
    assert_eq!(status, 200);
    let mut next = async || std::future::poll_fn(|cx| body.as_mut().poll_next(cx)).await;
    let Some(Ok(first)) = next().await else {
        panic!("nothing came");
    };
    assert!(first.starts_with("\u{feff}编号,".as_bytes()));
    assert!(first.len() < 200_000, "not all of it at once");
    app.state.stopping.end();
    assert!(matches!(next().await, Some(Err(_))));
    assert_eq!(app.db.number(MADE).await, 0, "it was not handed out whole");
}
