//! The event log as a file: all of what the list shows to whoever takes it out, nothing else, and itself in the log.

use std::collections::BTreeSet;

use actix_http::Request;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
};
use liangnuo_documents::{Sheet, sample::sample_ledger};
use liangnuo_domain::Role;
use liangnuo_test_support::{
    NOW,
    api::{Call, TestApp, test_app, test_app_with},
    cases::{Chance, any_case},
};
use serde_json::{Value, json};

use crate::imports::import;

/// Where the columns stand.
const WHO: usize = 1;
const FOR: usize = 2;
const WHAT: usize = 3;
const CODE: usize = 4;
const THING: usize = 6;
const UNIT: usize = 7;
const DETAILS: usize = 8;
const SEALED: usize = 9;
const ID: usize = 10;

/// The lines of a file of commas below its headings, by cells.
fn cells(bytes: Vec<u8>) -> Vec<Vec<String>> {
    let text = String::from_utf8(bytes).unwrap();
    let mut lines = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    lines
        .records()
        .map(|line| line.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

impl<S, B> Exporting for TestApp<S>
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    async fn exported(&self, token: &str, query: &str) -> Vec<Vec<String>> {
        let answer = self.get_as(token, &format!("/events/export?format=csv&{query}")).await;
        assert_eq!(answer.status, 200, "{}", answer.json);
        cells(answer.bytes)
    }

    async fn listed(&self, token: &str, query: &str) -> Vec<Value> {
        let (mut listed, mut cursor) = (Vec::new(), String::new());
        loop {
            let path = format!("/events?limit=100&{query}&cursor={cursor}");
            let page = self.get_as(token, &path).await.ok(200);
            listed.extend(page["items"].as_array().unwrap().iter().cloned());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = next.to_owned(),
                None => return listed,
            }
        }
    }
}

trait Exporting {
    /// The lines of a file that a caller takes out.
    async fn exported(&self, token: &str, query: &str) -> Vec<Vec<String>>;

    /// All pages of the list.
    async fn listed(&self, token: &str, query: &str) -> Vec<Value>;
}

fn ids(events: &[Value]) -> Vec<&str> {
    events.iter().map(|event| event["id"].as_str().unwrap()).collect()
}

#[actix_web::test]
async fn a_file_is_the_whole_list_in_its_order() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let sample = sample_ledger(1_300).unwrap();
    import(&app, &office, &sample.bytes, &[]).await;
    let inspector = app.root_token(Role::Inspector).await;
    for query in [
        "sort=-at",
        "sort=at&subject_kind=complaints",
        "action=units.created&from=2020-01-01",
    ] {
        // What the export itself leaves is newer than what it holds, and not among it.
        app.clock.advance_seconds(1);
        let listed = app.listed(&inspector, query).await;
        let rows = app.exported(&inspector, query).await;
        let exported: Vec<&str> = rows.iter().map(|row| row[ID].as_str()).collect();
        assert_eq!(exported, ids(&listed), "{query}");
        let codes: Vec<&str> = rows.iter().map(|row| row[CODE].as_str()).collect();
        let said: Vec<&str> = listed.iter().map(|event| event["action"].as_str().unwrap()).collect();
        assert_eq!(codes, said);
        if query.starts_with("sort") {
            assert!(rows.len() > 1_000, "several pages of them, and not {}", rows.len());
        }
    }
    // And each is in the log, with what it was narrowed down by and nothing of by what.
    let made = app.listed(&inspector, "action=exports.begun,exports.made").await;
    assert_eq!(made.len(), 6);
    let told = |event: &Value| {
        let facts = event["facts"].as_array().unwrap().iter();
        facts
            .map(|fact| format!("{}={}", fact["name"].as_str().unwrap(), fact["value"].as_str().unwrap()))
            .collect::<BTreeSet<String>>()
    };
    let narrowed: Vec<BTreeSet<String>> = made
        .iter()
        .filter(|event| event["action"] == "exports.made")
        .map(told)
        .filter(|facts| facts.contains("filters=from"))
        .collect();
    let expected = [
        "filters=action",
        "filters=from",
        "format=csv",
        "of=events",
        "rows_at_least=1",
    ];
    assert_eq!(narrowed, [expected.map(str::to_owned).into()]);
}

#[actix_web::test]
async fn a_file_comes_in_pieces() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let sample = sample_ledger(1_300).unwrap();
    import(&app, &office, &sample.bytes, &[]).await;
    let inspector = app.root_token(Role::Inspector).await;
    let whole = app.get_as(&inspector, "/events/export?format=csv").await.bytes.len();
    let call = Call::new("GET", "/events/export?format=csv").bearer(&inspector);
    let (status, mut body) = app.begin(call).await;
    assert_eq!(status, 200);
    let mut next = async || std::future::poll_fn(|cx| body.as_mut().poll_next(cx)).await;
    let Some(Ok(first)) = next().await else {
        panic!("nothing came");
    };
    assert!(first.len() < whole / 2, "{} of {whole} at once", first.len());
    // What breaks off does not look whole, and was not taken out whole.
    app.state.stopping.end();
    assert!(matches!(next().await, Some(Err(_))));
    let made = "SELECT COUNT(*) FROM events WHERE action = 'exports.made'";
    assert_eq!(app.db.number(made).await, 1);
}

#[actix_web::test]
async fn a_line_says_what_the_page_says() {
    let app = test_app().await;
    app.file("grievance", Some(app.county.own.0)).await;
    let office = app.root_token(Role::CampaignOffice).await;
    let case = app.get_as(&office, "/complaints").await.ok(200)["items"][0].clone();
    let path = format!("/complaints/{}", case["id"].as_str().unwrap());
    app.step(&office, &format!("{path}/accept"), 1, json!({})).await.ok(200);
    while app.state.store.seal_events(NOW).await.unwrap() > 0 {}
    let inspector = app.root_token(Role::Inspector).await;
    let rows = app.exported(&inspector, "subject_kind=complaints&sort=at").await;
    let (filed, accepted) = (&rows[0], &rows[1]);
    // Of what a complainant did the day is told.
    let local = NOW.local();
    assert_eq!(filed[0], local.format("%Y-%m-%d").to_string());
    assert_eq!(accepted[0], local.format("%Y-%m-%d %H:%M:%S").to_string());
    assert_eq!((filed[WHO].as_str(), filed[WHAT].as_str()), ("公众", "提交诉求"));
    assert_eq!(
        (accepted[WHO].as_str(), accepted[FOR].as_str(), accepted[WHAT].as_str()),
        ("root_campaign_office", "", "受理")
    );
    let number = case["number"].as_str().unwrap();
    assert_eq!(
        (filed[THING].as_str(), filed[UNIT].as_str(), filed[SEALED].as_str()),
        (number, case["unit"]["name"].as_str().unwrap(), "是")
    );
    // The exports themselves are not sealed yet.
    let exports = app.exported(&inspector, "action=exports.begun").await;
    assert_eq!(exports[0][SEALED], "等待中");
    let call = Call::new("GET", "/events/export?format=csv&subject_kind=complaints&sort=at").bearer(&inspector);
    let english = app.send(call.header("Accept-Language", "en")).await.bytes;
    let text = String::from_utf8(english.clone()).unwrap();
    assert!(text.contains("Time (China),Who,In whose place,What,"), "{text}");
    let rows = cells(english);
    assert_eq!((rows[0][WHO].as_str(), rows[0][SEALED].as_str()), ("The public", "yes"));
    assert_eq!(rows[1][WHAT], "Accepted");
    assert_eq!(rows[1][DETAILS], "State: Accepted");
    assert_eq!(accepted[DETAILS], "状态：已受理");
}

#[actix_web::test]
async fn each_format_is_what_it_says_and_no_cell_is_a_formula() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let create = Call::new("POST", "/categories").bearer(&admin).key(app.uuid());
    let category = json!({"name": "=HYPERLINK(1)"});
    app.send(create.json(&category)).await.ok(201);
    while app.state.store.seal_events(NOW).await.unwrap() > 0 {}
    let inspector = app.root_token(Role::Inspector).await;
    let of = "action=categories.created&sort=-at";
    let rows = app.exported(&inspector, of).await;
    assert_eq!(rows[0][THING], "'=HYPERLINK(1)");
    assert_eq!(rows[0][DETAILS], "名称：=HYPERLINK(1)");
    let book = app.get_as(&inspector, &format!("/events/export?{of}")).await;
    assert!(book.header("content-type").contains("spreadsheetml"));
    let disposition = book.header("content-disposition");
    assert!(disposition.contains("filename=\"events-"), "{disposition}");
    let sheet = Sheet::open(&book.bytes, "export.xlsx").unwrap();
    let headings: Vec<&str> = sheet.headings().iter().map(|heading| heading.text.as_str()).collect();
    assert_eq!(headings[..3], ["时间（北京时间）", "谁", "代谁"]);
    let old = app
        .get_as(&inspector, &format!("/events/export?{of}&format=csv-gb18030"))
        .await;
    assert_eq!(old.bytes[..4], [0xCA, 0xB1, 0xBC, 0xE4], "时间");
    for query in ["format=pdf", "limit=5", "cursor=x", "action=units.painted"] {
        let call = app.get_as(&inspector, &format!("/events/export?{query}")).await;
        call.refused(400, "malformed_query");
    }
}

#[actix_web::test]
async fn nothing_goes_out_that_the_list_hides_and_no_place_or_hash() {
    let mut chance = Chance(9);
    let settings = liangnuo_http::HttpSettings {
        has_limits: false,
        ..liangnuo_http::HttpSettings::default()
    };
    let app = test_app_with(
        |county| (0..20).map(|_| any_case(county, &mut chance)).collect(),
        settings,
    )
    .await;
    while app.state.store.seal_events(NOW).await.unwrap() > 0 {}
    let inspector = app.root_token(Role::Inspector).await;
    let cases = app.get_as(&inspector, "/complaints?limit=100").await.ok(200);
    let cases: Vec<&Value> = cases["items"].as_array().unwrap().iter().collect();
    let hex = match app.state.store.database() {
        liangnuo_persistence::db::Database::Sqlite => "lower(hex(leaf_hash))",
        liangnuo_persistence::db::Database::Postgres => "encode(leaf_hash, 'hex')",
    };
    let hashes = app.db.texts(&format!("SELECT {hex} FROM log_entries")).await;
    let school = app.token(Role::Inspector).await;
    for (token, is_told_cases) in [
        (&inspector, true),
        (&school, true),
        (&app.root_token(Role::AuditAdmin).await, false),
        (&app.token(Role::AuditAdmin).await, false),
    ] {
        let listed = app.listed(token, "").await;
        let answer = app.get_as(token, "/events/export?format=csv").await;
        let text = String::from_utf8(answer.bytes.clone()).unwrap();
        let rows = cells(answer.bytes);
        let exported: Vec<&str> = rows.iter().map(|row| row[ID].as_str()).collect();
        assert_eq!(exported, ids(&listed));
        assert!(rows.len() > 5);
        for case in &cases {
            let (id, number) = (case["id"].as_str().unwrap(), case["number"].as_str().unwrap());
            let is_listed = listed.iter().any(|event| event["subject"]["id"] == case["id"]);
            assert_eq!(text.contains(id), is_listed, "{number}");
            assert!(is_told_cases || !text.contains(number), "{number}");
        }
        assert!(!hashes.iter().any(|hash| text.contains(hash)));
        // A cell for each heading: no column that is not known here.
        assert!(rows.iter().all(|row| row.len() == 12));
    }
    let office = app.root_token(Role::CampaignOffice).await;
    app.get_as(&office, "/events/export?format=csv")
        .await
        .refused(403, "forbidden");
    app.get_as(&office, "/events/export").await.refused(403, "forbidden");
    let made = "SELECT COUNT(*) FROM events WHERE action = 'exports.made'";
    assert_eq!(app.db.number(made).await, 4, "a refusal is no export");
}
