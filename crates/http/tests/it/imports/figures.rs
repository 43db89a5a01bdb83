//! What the figures say of imported cases.

use super::*;

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
