//! Ledgers in. With `LIANGNUO_TEST_DATA` the real one; without it an invented one with the same kinds of dirt.

use std::{
    ops::ControlFlow::{Break, Continue},
    sync::atomic::{AtomicU8, Ordering},
};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
};
use liangnuo_documents::sample::sample_ledger;
use liangnuo_domain::{ImportId, Role, complaints::Channel};
use liangnuo_http::import_run::{self, Outcome};
use liangnuo_persistence::{
    StoreError,
    callers::Caller,
    complaints::{CaseFilter, CaseSort},
    imports::{Columns, FILE_KEPT_DAYS, PIECE_BYTES, RowFailure},
    page::PageRequest,
};
use liangnuo_test_support::{
    NOW,
    api::{Call, TestApp, test_app},
};
use serde_json::{Value, json};

#[expect(
    clippy::disallowed_methods,
    reason = "the one place where these tests learn of outside data"
)]
pub(crate) fn real_ledger() -> Option<Vec<u8>> {
    let folder = std::env::var("LIANGNUO_TEST_DATA").ok()?;
    Some(std::fs::read(std::path::Path::new(&folder).join("messages-with-replies.xlsx")).unwrap())
}

/// Goes through a ledger, as a worker would.
async fn work<S>(app: &TestApp<S>, id: ImportId) {
    let outcome = import_run::run(&app.state, app.county.root, id, || async { Ok(Continue(())) }).await;
    assert_eq!(outcome.unwrap(), Outcome::Finished);
}

/// Hands a ledger in and goes through it, as a worker would.
pub(crate) async fn import<S, B>(app: &TestApp<S>, token: &str, bytes: &[u8], fields: &[(&str, &[u8])]) -> Value
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let mut form: Vec<(&str, Option<&str>, &[u8])> = vec![("file", Some("ledger.xlsx"), bytes)];
    form.extend(fields.iter().map(|(name, value)| (*name, None, *value)));
    let call = Call::new("POST", "/imports/complaints")
        .bearer(token)
        .key(app.uuid())
        .form(&form);
    let job = app.send(call).await.ok(202);
    let id: ImportId = job["id"].as_str().unwrap().parse().unwrap();
    work(app, id).await;
    app.get_as(token, &format!("/imports/{id}")).await.ok(200)
}

fn counts(job: &Value) -> [i64; 5] {
    [
        "rows_done",
        "rows_created",
        "rows_updated",
        "rows_unchanged",
        "rows_failed",
    ]
    .map(|name| job[name].as_i64().unwrap())
}

#[actix_web::test]
async fn the_real_ledger_goes_in_whole_and_the_figures_are_right() {
    let Some(bytes) = real_ledger() else { return };
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let inspection = app
        .send(
            Call::new("POST", "/imports/complaints/inspect")
                .bearer(&office)
                .form(&[("file", Some("l.xlsx"), &bytes)]),
        )
        .await
        .ok(200);
    let guesses: Vec<&str> = inspection["headings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|heading| heading["guess"].as_str().unwrap())
        .collect();
    assert_eq!(
        guesses,
        [
            "external_ref",
            "author",
            "title",
            "received_at",
            "body",
            "reply",
            "replied_at"
        ]
    );
    assert_eq!(inspection["missing"], json!([]));

    let dry = import(&app, &office, &bytes, &[("dry_run", b"true")]).await;
    assert_eq!(counts(&dry), [1408, 1408, 0, 0, 0]);
    assert_eq!(
        app.db.number("SELECT COUNT(*) FROM complaints").await,
        0,
        "a dry run writes nothing"
    );
    let job = import(&app, &office, &bytes, &[]).await;
    assert_eq!(
        (job["state"].as_str(), counts(&job)),
        (Some("succeeded"), [1408, 1408, 0, 0, 0])
    );
    let events = app.db.number("SELECT COUNT(*) FROM events").await;
    let again = import(&app, &office, &bytes, &[]).await;
    assert_eq!(counts(&again), [1408, 0, 0, 1408, 0]);
    assert_eq!(app.db.number("SELECT COUNT(*) FROM complaints").await, 1408);
    // Only the run itself left events: asked for, finished.
    assert_eq!(app.db.number("SELECT COUNT(*) FROM events").await, events + 2);

    let figures = app
        .get_as(&office, "/statistics/complaints?channel=import")
        .await
        .ok(200);
    assert_eq!(figures["by_state"], json!({"concluded": 1408}));
    let close = |name: &str, wanted: f64| (figures[name].as_f64().unwrap() - wanted).abs() < 0.000_5;
    assert!(
        close("median_days_to_reply", 11.773) && close("p90_days_to_reply", 41.139),
        "{figures}"
    );
    assert_eq!(
        (figures["over_15_days"].as_i64(), figures["over_60_days"].as_i64()),
        (Some(554), Some(84))
    );
    assert_eq!(figures["distinct_authors"], 1340);
    let years = json!({"2011": 3, "2012": 28, "2013": 54, "2014": 54, "2015": 60, "2016": 114, "2017": 226, "2018": 427, "2019": 441, "2020": 1});
    assert_eq!(figures["by_year"], years);
    let late = app
        .get_as(&office, "/complaints?days_to_reply_over=60&count=true")
        .await
        .ok(200);
    assert_eq!(late["total"], 84, "the figure opens its list");
}

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

fn csv(rows: &[[&str; 7]]) -> Vec<u8> {
    let mut text = String::from("留言编号,留言用户,留言主题,留言时间,留言详情,答复意见,答复时间,类型,单位\n");
    for row in rows {
        text.push_str(&row[..5].join(","));
        text.push_str(",,,");
        text.push_str(&row[5..].join(","));
        text.push('\n');
    }
    text.into_bytes()
}

/// Hands a ledger in and leaves it to a worker.
async fn hand_in<S, B>(app: &TestApp<S>, token: &str, bytes: &[u8]) -> ImportId
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let call = Call::new("POST", "/imports/complaints").bearer(token).key(app.uuid());
    let form = call.form(&[("file", Some("ledger.csv"), bytes)]);
    app.send(form).await.ok(202)["id"].as_str().unwrap().parse().unwrap()
}

async fn import_csv<S, B>(app: &TestApp<S>, token: &str, rows: &[[&str; 7]]) -> Value
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let id = hand_in(app, token, &csv(rows)).await;
    work(app, id).await;
    app.get_as(token, &format!("/imports/{id}")).await.ok(200)
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

/// How many authors the kept sums and counting say that there are, for a caller.
async fn authors<S>(app: &TestApp<S>, caller: &Caller, filter: &CaseFilter) -> [Option<i64>; 2] {
    let mut authors = [None; 2];
    for (authors, counted_up_to) in authors.iter_mut().zip([-1, i64::MAX]) {
        let store = &app.state.store;
        let figures = store.complaint_statistics_counting(caller, filter.clone(), counted_up_to, NOW);
        *authors = figures.await.unwrap().distinct_authors;
    }
    authors
}

#[actix_web::test]
async fn the_authors_of_a_county_are_known_however_many_cases_there_are() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let row = |number: &'static str, author: &'static str, day: &'static str, kind: &'static str| {
        [number, author, "题", day, "文", kind, "石桥镇中心小学"]
    };
    let rows = [
        row("1", "甲", "2024-05-06", "投诉"),
        row("2", "甲", "2025-05-06", "投诉"),
        row("3", "乙", "2025-06-06", "建议"),
        row("4", "丙", "2025-07-06", "举报"),
        row("5", "丁", "2026-05-06", "咨询"),
        row("6", "", "2026-05-07", "咨询"),
        row("7", "戊", "2026-05-08", "投诉"),
    ];
    import_csv(&app, &office, &rows).await;
    let fold = async || while app.state.store.fold_sums(NOW).await.unwrap() > 0 {};
    fold().await;
    let callers = [Role::CampaignOffice, Role::Inspector].map(|role| app.county.root_caller(role));
    let any = CaseFilter::default;
    let year = |year| CaseFilter {
        year: Some(year),
        ..any()
    };
    let import = CaseFilter {
        channels: vec![Channel::Import],
        ..any()
    };
    let web = CaseFilter {
        channels: vec![Channel::Web],
        ..any()
    };
    let all = async || {
        let mut known = Vec::new();
        for caller in &callers {
            for filter in [
                any(),
                import.clone(),
                web.clone(),
                year(2_024),
                year(2_025),
                year(2_026),
            ] {
                let [kept, counted] = authors(&app, caller, &filter).await;
                assert_eq!(kept, counted, "{filter:?}");
                known.push(kept.unwrap());
            }
        }
        known
    };
    // The report and its author are known to the inspector alone.
    assert_eq!(all().await, [4, 4, 0, 1, 2, 2, 5, 5, 0, 1, 3, 2]);

    // One row has another author, one has none any more, one is of another year.
    let changed = [
        row("3", "甲", "2025-06-06", "建议"),
        row("5", "", "2026-05-06", "咨询"),
        row("7", "戊", "2024-05-08", "投诉"),
    ];
    import_csv(&app, &office, &changed).await;
    fold().await;
    assert_eq!(all().await, [2, 2, 0, 2, 1, 0, 3, 3, 0, 2, 2, 0]);

    // Who is accused in all the cases of an author does not know of the author.
    let filter = year(2_024);
    let [office_caller, inspector] = &callers;
    let page = PageRequest::first(10);
    let cases = app
        .state
        .store
        .list_cases(inspector, filter, CaseSort::NewestFirst, &page, NOW);
    let latest = cases.await.unwrap().items.remove(0);
    let accused = (vec![app.county.root_member(Role::CampaignOffice)], Vec::new());
    let naming = app
        .state
        .store
        .name_accused(inspector.clone(), latest.id, latest.version, accused, NOW);
    naming.await.unwrap();
    fold().await;
    assert_eq!(all().await, [1, 1, 0, 1, 1, 0, 3, 3, 0, 2, 2, 0]);

    // Built anew they are the same; of a part of the county they are not kept.
    app.state.store.rebuild_sums(NOW).await.unwrap();
    assert_eq!(all().await, [1, 1, 0, 1, 1, 0, 3, 3, 0, 2, 2, 0]);
    let part = CaseFilter {
        unit: Some(app.county.sibling),
        ..any()
    };
    assert_eq!(authors(&app, office_caller, &part).await[0], None);
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
async fn a_ledger_is_kept_no_longer_than_its_errors_are_of_use() {
    const FILES: &str = "SELECT COUNT(*) FROM import_file_pieces";
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let good = import_csv(&app, &office, &[ROW]).await;
    assert_eq!(
        (good["has_error_workbook"].as_bool(), app.db.number(FILES).await),
        (Some(false), 0)
    );
    let bad = import_csv(&app, &office, &[["2", "甲", "题", "no date", "文", "投诉", "柳湾小学"]]).await;
    assert_eq!(
        (bad["has_error_workbook"].as_bool(), app.db.number(FILES).await),
        (Some(true), 1)
    );
    let path = format!("/imports/{}", bad["id"].as_str().unwrap());
    let day = 86_400;
    for (seconds, kept) in [(FILE_KEPT_DAYS * day, 1), (1, 0)] {
        app.clock.advance_seconds(seconds);
        app.state.store.delete_expired(app.clock.now()).await.unwrap();
        assert_eq!(app.db.number(FILES).await, kept);
    }
    let office = app.root_token(Role::CampaignOffice).await;
    let job = app.get_as(&office, &path).await.ok(200);
    assert_eq!(job["has_error_workbook"], false);
    assert_eq!(job["errors"].as_array().unwrap().len(), 1);
    app.get_as(&office, &format!("{path}/errors.xlsx"))
        .await
        .refused(404, "not_found");
}

#[actix_web::test]
async fn the_empty_ledger_is_one_that_the_import_knows() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let answer = app.get_as(&office, "/imports/complaints/template.xlsx").await;
    assert!(answer.header("content-disposition").contains("ledger.xlsx"));
    let call = Call::new("POST", "/imports/complaints/inspect").bearer(&office);
    let form = call.form(&[("file", Some("ledger.xlsx"), &answer.bytes)]);
    let seen = app.send(form).await.ok(200);
    let guesses: Vec<_> = seen["headings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|c| c["guess"].as_str())
        .collect();
    assert!(guesses.len() >= 7 && guesses.iter().all(Option::is_some), "{seen}");
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

#[actix_web::test]
async fn a_run_that_was_killed_goes_on_where_it_stood() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let sample = sample_ledger(1_300).unwrap();
    let form: [(&str, Option<&str>, &[u8]); 1] = [("file", Some("ledger.xlsx"), &sample.bytes)];
    let job = app
        .send(
            Call::new("POST", "/imports/complaints")
                .bearer(&office)
                .key(app.uuid())
                .form(&form),
        )
        .await
        .ok(202);
    let id: ImportId = job["id"].as_str().unwrap().parse().unwrap();
    // The first worker loses its lease after one batch.
    let asked = AtomicU8::new(0);
    let once = || async {
        let is_first = asked.fetch_add(1, Ordering::SeqCst) == 0;
        Ok(if is_first {
            Continue(())
        } else {
            Break(Outcome::LostLease)
        })
    };
    let outcome = import_run::run(&app.state, app.county.root, id, once).await;
    assert_eq!(outcome.unwrap(), Outcome::LostLease);
    let half = app.get_as(&office, &format!("/imports/{id}")).await.ok(200);
    assert_eq!(
        (half["state"].as_str(), half["rows_done"].as_i64()),
        (Some("running"), Some(500))
    );
    work(&app, id).await;
    work(&app, id).await;
    let whole = app.get_as(&office, &format!("/imports/{id}")).await.ok(200);
    let (good, bad) = (
        i64::try_from(sample.good.len()).unwrap(),
        i64::try_from(sample.bad.len()).unwrap(),
    );
    assert_eq!(
        (whole["state"].as_str(), counts(&whole)),
        (Some("succeeded"), [1300, good, 0, 0, bad])
    );
    assert_eq!(app.db.number("SELECT COUNT(*) FROM complaints").await, good);
}

#[actix_web::test]
async fn files_that_are_no_ledger_are_refused_by_name() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let send = |form: Vec<(&'static str, Option<&'static str>, Vec<u8>)>| {
        let borrowed: Vec<(&str, Option<&str>, &[u8])> = form.iter().map(|(n, f, b)| (*n, *f, b.as_slice())).collect();
        app.send(
            Call::new("POST", "/imports/complaints")
                .bearer(&office)
                .key(app.uuid())
                .form(&borrowed),
        )
    };
    let problem = send(vec![("file", Some("a.xlsx"), b"not a workbook".to_vec())])
        .await
        .refused(422, "invalid_field");
    assert_eq!(problem["errors"][0]["pointer"], "/file");
    let problem = send(vec![("dry_run", None, b"true".to_vec())])
        .await
        .refused(422, "invalid_field");
    assert_eq!(problem["errors"][0]["code"], "required");
    let no_headings = send(vec![("file", Some("a.csv"), "甲,乙\n1,2\n".as_bytes().to_vec())]).await;
    let problem = no_headings.refused(422, "invalid_field");
    assert_eq!(problem["errors"][0]["code"], "missing_field");
    send(vec![("surprise", None, b"1".to_vec())])
        .await
        .refused(422, "invalid_field");
    // A line that never ends is found out long before the file is too large.
    let endless = send(vec![("file", Some("a.csv"), vec![b'x'; 5 << 20])]).await;
    let problem = endless.refused(422, "invalid_field");
    assert_eq!(problem["errors"][0]["code"], "workbook_too_large");
    send(vec![("mapping", None, vec![b'x'; 65 << 10])])
        .await
        .refused(413, "payload_too_large");
    let json = Call::new("POST", "/imports/complaints")
        .bearer(&office)
        .key(app.uuid())
        .json(&json!({}));
    app.send(json).await.refused(415, "unsupported_media_type");
    assert_eq!(app.db.number("SELECT COUNT(*) FROM imports").await, 0);
}

#[actix_web::test]
async fn a_worker_that_cannot_ask_for_its_lease_fails_and_the_run_stays_open() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let id = hand_in(&app, &office, &csv(&[ROW])).await;
    let away = || async { Err(StoreError::Bug("the database was away")) };
    let outcome = import_run::run(&app.state, app.county.root, id, away).await;
    assert!(matches!(outcome, Err(StoreError::Bug(_))), "{outcome:?}");
    let job = app.get_as(&office, &format!("/imports/{id}")).await.ok(200);
    assert_eq!((job["state"].as_str(), counts(&job)), (Some("running"), [0; 5]));
}

#[actix_web::test]
async fn a_worker_that_lost_its_lease_writes_nothing() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let id = hand_in(&app, &office, &csv(&[ROW])).await;
    // A slow worker has asked for leave and not yet written its batch when another one does the same rows.
    let slow = || async {
        let mut run = app
            .state
            .store
            .begin_run(app.county.root, id, app.clock.now())
            .await?
            .unwrap();
        let other = app.state.store.import_batch(
            &mut run,
            Vec::new(),
            vec![failure()],
            Columns::default(),
            app.clock.now(),
        );
        assert!(other.await?);
        Ok(Continue(()))
    };
    let outcome = import_run::run(&app.state, app.county.root, id, slow).await;
    assert_eq!(outcome.unwrap(), Outcome::LostLease);
    let job = app.get_as(&office, &format!("/imports/{id}")).await.ok(200);
    assert_eq!(counts(&job), [1, 0, 0, 0, 1]);
    assert_eq!(app.db.number("SELECT COUNT(*) FROM complaints").await, 0);
}

const ROW: [&str; 7] = ["1", "甲", "题", "2026-11-20", "文", "投诉", "柳湾小学"];

fn failure() -> RowFailure {
    RowFailure {
        row: 2,
        column: None,
        code: "test".to_owned(),
        detail_zh: "错".to_owned(),
        detail_en: "Wrong.".to_owned(),
    }
}

/// A ledger of more pieces than one.
fn long_ledger() -> Vec<u8> {
    let body = "饭菜是凉的。".repeat(150);
    let numbers: Vec<String> = (0..1_300).map(|n| n.to_string()).collect();
    let rows: Vec<[&str; 7]> = numbers
        .iter()
        .map(|n| {
            [
                n.as_str(),
                "甲",
                "题目",
                "2026-11-20",
                body.as_str(),
                "投诉",
                "柳湾小学",
            ]
        })
        .collect();
    let ledger = csv(&rows);
    assert!(ledger.len() > 3 * PIECE_BYTES);
    ledger
}

const PIECES: &str = "SELECT COUNT(*) FROM import_file_pieces";

#[actix_web::test]
async fn a_ledger_in_pieces_goes_in_whole_and_in_its_order() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let id = hand_in(&app, &office, &long_ledger()).await;
    assert_eq!(app.db.number(PIECES).await, 4);
    // The first worker stops after a batch, the next one goes on.
    let asked = AtomicU8::new(0);
    let stops = || async {
        let go_on = asked.fetch_add(1, Ordering::SeqCst) == 0;
        Ok(if go_on { Continue(()) } else { Break(Outcome::Stopping) })
    };
    let outcome = import_run::run(&app.state, app.county.root, id, stops).await.unwrap();
    assert_eq!(outcome, Outcome::Stopping);
    let job = app.get_as(&office, &format!("/imports/{id}")).await.ok(200);
    assert_eq!(counts(&job), [500, 500, 0, 0, 0]);
    work(&app, id).await;
    let job = app.get_as(&office, &format!("/imports/{id}")).await.ok(200);
    assert_eq!(
        (job["state"].as_str(), counts(&job)),
        (Some("succeeded"), [1300, 1300, 0, 0, 0])
    );
    assert_eq!(app.db.number(PIECES).await, 0, "nobody needs the file any more");
}

#[actix_web::test]
async fn a_file_whose_run_is_not_taken_in_does_not_stay() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let key = app.uuid();
    let hand_in = |bytes: Vec<u8>| {
        let call = Call::new("POST", "/imports/complaints").bearer(&office).key(key);
        app.send(call.form(&[("file", Some("ledger.csv"), &bytes)]))
    };
    let first = hand_in(csv(&[ROW])).await.ok(202);
    assert_eq!(app.db.number(PIECES).await, 1);
    // Sent again, and another file under the same key.
    assert_eq!(hand_in(csv(&[ROW])).await.ok(202)["id"], first["id"]);
    hand_in(csv(&[ROW, ROW])).await.refused(422, "idempotency_key_reused");
    assert_eq!(app.db.number(PIECES).await, 1);
    // A process that died between the file and its run.
    let orphan = "INSERT INTO import_file_pieces (region_id, import_id, position, kept_at, content) \
                  SELECT region_id, region_id, position, kept_at, content FROM import_file_pieces";
    app.db.execute(orphan).await.unwrap();
    app.state.store.delete_expired(app.clock.now()).await.unwrap();
    assert_eq!(app.db.number(PIECES).await, 2, "it may still come");
    app.clock.advance_seconds(86_401);
    app.state.store.delete_expired(app.clock.now()).await.unwrap();
    assert_eq!(app.db.number(PIECES).await, 1, "what waits for its worker stays");
}
