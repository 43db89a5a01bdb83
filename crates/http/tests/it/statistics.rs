//! Figures: each opens the list that it counts, and all of them go out as a report.

use liangnuo_documents::Sheet;
use liangnuo_domain::Role;
use liangnuo_http::HttpSettings;
use liangnuo_test_support::{
    api::{test_app, test_app_with},
    cases::{Chance, any_case},
};
use serde_json::Value;

/// The lists that a group's figures open, as further filters: of figure and filter.
fn lists(figures: &Value) -> Vec<(i64, String)> {
    let count = |name: &str| figures[name].as_i64().unwrap();
    let mut lists = vec![
        (count("total"), String::new()),
        (count("replied"), "is_replied=true".to_owned()),
        (count("over_15_days"), "days_to_reply_over=15".to_owned()),
        (count("over_60_days"), "days_to_reply_over=60".to_owned()),
        (count("rated"), "is_rated=true".to_owned()),
        (count("satisfied"), "is_rated_unsatisfied=false".to_owned()),
        (
            count("rated") - count("satisfied"),
            "is_rated_unsatisfied=true".to_owned(),
        ),
        (count("redone"), "is_redone=true".to_owned()),
        (count("overdue"), "phase=overdue,long_overdue".to_owned()),
        (count("ended"), "ended_from=2000-01-01".to_owned()),
    ];
    for (group, filter) in [("by_state", "state"), ("by_phase", "phase")] {
        for (code, count) in figures[group].as_object().unwrap() {
            lists.push((count.as_i64().unwrap(), format!("{filter}={code}")));
        }
    }
    lists
}

/// The last day of a month.
fn end_of(month: &str) -> String {
    let (year, number) = month.split_once('-').unwrap();
    let days = match number {
        "02" if year.parse::<i32>().unwrap() % 4 == 0 => 29,
        "02" => 28,
        "04" | "06" | "09" | "11" => 30,
        _ => 31,
    };
    format!("{month}-{days}")
}

/// Every list that the figures open, as count and filter.
fn all_lists(figures: &Value) -> Vec<(i64, String)> {
    let mut lists_of = vec![(String::new(), figures.clone())];
    let rows = |name: &str| figures[name].as_array().unwrap().clone();
    for row in rows("by_unit") {
        let id = row["unit"]["id"].as_str().unwrap();
        lists_of.push((format!("unit_id={id}&unit_only=true"), row["figures"].clone()));
    }
    for row in rows("by_category") {
        let filter = match (row["category"]["id"].as_str(), row["is_alone"].as_bool().unwrap()) {
            (Some(id), false) => format!("category_id={id}"),
            (Some(id), true) => format!("category_id={id}&category_only=true"),
            (None, _) => "has_category=false".to_owned(),
        };
        lists_of.push((filter, row["figures"].clone()));
    }
    for (group, name) in [("by_channel", "channel"), ("by_kind", "kind")] {
        for row in rows(group) {
            lists_of.push((
                format!("{name}={}", row[name].as_str().unwrap()),
                row["figures"].clone(),
            ));
        }
    }
    let mut all: Vec<(i64, String)> = Vec::new();
    for row in rows("by_month") {
        let month = row["month"].as_str().unwrap();
        let (first, last) = (format!("{month}-01"), end_of(month));
        all.push((
            row["replied"].as_i64().unwrap(),
            format!("replied_from={first}&replied_to={last}"),
        ));
        all.push((
            row["ended"].as_i64().unwrap(),
            format!("ended_from={first}&ended_to={last}"),
        ));
        lists_of.push((
            format!("received_from={first}&received_to={last}"),
            row["figures"].clone(),
        ));
    }
    for (group, figures) in lists_of {
        for (count, filter) in lists(&figures) {
            all.push((count, format!("{group}&{filter}")));
        }
    }
    all
}

#[actix_web::test]
async fn every_figure_opens_the_list_that_it_counts() {
    let mut chance = Chance(3);
    let settings = HttpSettings {
        has_limits: false,
        ..HttpSettings::default()
    };
    let app = test_app_with(
        |county| (0..60).map(|_| any_case(county, &mut chance)).collect(),
        settings,
    )
    .await;
    for token in [app.root_token(Role::Inspector).await, app.token(Role::UnitHead).await] {
        let figures = app.get_as(&token, "/statistics/complaints").await.ok(200);
        assert!(figures["total"].as_i64().unwrap() > 10);
        let mut opened = 0;
        for (count, filter) in all_lists(&figures) {
            let path = format!("/complaints?count=true&limit=1&{filter}");
            let list = app.get_as(&token, &path).await.ok(200);
            assert_eq!(list["total"].as_i64(), Some(count), "{filter}");
            opened += usize::from(count > 0);
        }
        assert!(opened > 80, "{opened}");
    }
}

#[actix_web::test]
async fn a_period_shows_what_was_received_in_it_and_what_was_done_in_it() {
    let mut chance = Chance(4);
    let settings = HttpSettings {
        has_limits: false,
        ..HttpSettings::default()
    };
    let app = test_app_with(
        |county| (0..60).map(|_| any_case(county, &mut chance)).collect(),
        settings,
    )
    .await;
    let office = app.root_token(Role::CampaignOffice).await;
    let figures = app.get_as(&office, "/statistics/complaints?year=2025").await.ok(200);
    let months = figures["by_month"].as_array().unwrap();
    assert!(
        months
            .iter()
            .all(|row| row["month"].as_str().unwrap().starts_with("2025-")),
        "{months:?}"
    );
    let sum = |name: &str| months.iter().map(|row| row[name].as_i64().unwrap()).sum::<i64>();
    assert_eq!(figures["total"].as_i64(), Some(sum("received")));
    for (name, filter) in [
        ("replied", "replied_from=2025-01-01&replied_to=2025-12-31"),
        ("ended", "ended_from=2025-01-01&ended_to=2025-12-31"),
    ] {
        let list = app
            .get_as(&office, &format!("/complaints?count=true&{filter}"))
            .await
            .ok(200);
        assert_eq!(list["total"].as_i64(), Some(sum(name)), "{name}");
    }
    let schools = app
        .get_as(&office, "/statistics/complaints?unit_kind=school")
        .await
        .ok(200);
    let names: Vec<&str> = schools["by_unit"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["unit"]["name"].as_str().unwrap())
        .collect();
    assert!(
        names.len() == 2 && names.iter().all(|name| name.ends_with("小学")),
        "{names:?}"
    );
}

#[actix_web::test]
async fn the_report_holds_the_figures_and_is_in_the_log() {
    let mut chance = Chance(5);
    let settings = HttpSettings {
        has_limits: false,
        ..HttpSettings::default()
    };
    let app = test_app_with(
        |county| (0..30).map(|_| any_case(county, &mut chance)).collect(),
        settings,
    )
    .await;
    let office = app.root_token(Role::CampaignOffice).await;
    let figures = app.get_as(&office, "/statistics/complaints").await.ok(200);
    let book = app.get_as(&office, "/statistics/complaints/export").await;
    assert!(
        book.header("content-disposition")
            .contains("filename*=UTF-8''%E7%BB%9F%E8%AE%A1%2D")
    );
    let sheet = Sheet::open(&book.bytes, "report.xlsx").unwrap();
    assert_eq!(sheet.name(), "按单位");
    let lines: Vec<(String, String)> = sheet
        .rows()
        .iter()
        .map(|row| (row.cell(0).to_line(), row.cell(1).to_line()))
        .collect();
    assert_eq!(lines[0], ("合计".to_owned(), figures["total"].to_string()));
    let first = &figures["by_unit"][0];
    assert_eq!(lines[1].1, first["figures"]["total"].to_string());
    assert_eq!(lines[1].0, first["unit"]["name"].as_str().unwrap());

    let csv = app
        .get_as(&office, "/statistics/complaints/export?format=csv&table=months")
        .await;
    let text = String::from_utf8(csv.bytes).unwrap();
    let rows: Vec<&str> = text.trim_start_matches('\u{feff}').lines().collect();
    assert!(rows[0].starts_with("月份,收到,已答复,"), "{}", rows[0]);
    assert!(
        rows[0].contains(",状态: ") && rows[0].ends_with(",时限: 不计时"),
        "{}",
        rows[0]
    );
    assert_eq!(rows.len() - 1, figures["by_month"].as_array().unwrap().len());
    let old = app
        .get_as(
            &office,
            "/statistics/complaints/export?format=csv-gb18030&table=channels",
        )
        .await;
    assert!(old.bytes.starts_with(&[0xc7, 0xfe, 0xb5, 0xc0]), "渠道 in GB 18030");

    let made = "SELECT d.json FROM events e JOIN event_details d ON d.event_id = e.id WHERE e.action = 'exports.made'";
    let noted = app.db.texts(made).await;
    assert_eq!(noted.len(), 3);
    assert!(
        noted.iter().all(|json| json.contains("\"of\":\"statistics\"")),
        "{noted:?}"
    );
    let member = app.token(Role::Member).await;
    app.get_as(&member, "/statistics/complaints/export")
        .await
        .refused(403, "forbidden");
}

#[actix_web::test]
async fn the_public_sees_no_category_with_fewer_than_five_cases() {
    let app = test_app().await;
    for _ in 0..4 {
        app.file("grievance", None).await;
    }
    let without_one = |year: &Value| {
        let rows = year["by_category"].as_array().unwrap().clone();
        let row = rows.into_iter().find(|row| row["category"].is_null());
        row.unwrap()["received"].clone()
    };
    let year = app.get("/public/statistics/complaints").await.ok(200);
    assert_eq!(without_one(&year), Value::Null);
    let categories = year["by_category"].as_array().unwrap().len();
    app.file("grievance", None).await;
    let year = app.get("/public/statistics/complaints").await.ok(200);
    assert_eq!(without_one(&year), 5);
    // A row that is not there would say that there is nothing in it.
    assert_eq!(year["by_category"].as_array().unwrap().len(), categories);
    assert!(categories > 1);
}

#[actix_web::test]
async fn the_public_may_ask_for_earlier_years_of_which_there_is_something() {
    let mut chance = Chance(6);
    let app = test_app_with(
        |county| (0..80).map(|_| any_case(county, &mut chance)).collect(),
        HttpSettings::default(),
    )
    .await;
    let present = app.get("/public/statistics/complaints").await.ok(200);
    assert_eq!(present["year"], 2_026);
    assert_eq!(present["years"], serde_json::json!([2_024, 2_025, 2_026]));
    let before = app.get("/public/statistics/complaints?year=2024").await.ok(200);
    assert_eq!(before["year"], 2_024);
    assert_eq!(before["by_month"].as_array().unwrap().len(), 12);
    assert!(before["figures"]["received"].as_i64().unwrap() > 5);
    for year in ["1999", "2027", "-5"] {
        let path = format!("/public/statistics/complaints?year={year}");
        app.get(&path).await.refused(404, "not_found");
    }
}
