//! The file itself: what is taken, and how long it is kept.

use super::*;

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
