//! A run that is cut short, or that two workers have.

use super::*;

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
            Rows::Complaints(Vec::new()),
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

fn failure() -> RowFailure {
    RowFailure {
        row: 2,
        column: None,
        code: "test".to_owned(),
        detail_zh: "错".to_owned(),
        detail_en: "Wrong.".to_owned(),
    }
}
