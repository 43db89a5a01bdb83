//! Runs over lists that are cut short, meet each other, or meet people who work by hand.

use std::{
    ops::ControlFlow::{Break, Continue},
    sync::atomic::{AtomicU8, Ordering},
};

use super::*;

/// Units, each below the one before, and the last rows about the first: in the file the other way round.
fn chain(length: usize) -> String {
    let mut rows = vec!["单位名称,类型,上级单位\n".to_owned()];
    for at in (1..length).rev() {
        rows.push(format!("单位{at},股室,单位{}\n", (at - 1) / 10));
    }
    rows.push("单位0,学校,清河县教育局\n单位1,股室,单位0\n".to_owned());
    rows.concat()
}

async fn stop_after_a_batch<S>(app: &TestApp<S>, id: ImportId) {
    let asked = AtomicU8::new(0);
    let stops = || async {
        let is_first = asked.fetch_add(1, Ordering::SeqCst) == 0;
        Ok(if is_first {
            Continue(())
        } else {
            Break(Outcome::Stopping)
        })
    };
    let outcome = import_run::run(&app.state, app.county.root, id, stops).await.unwrap();
    assert_eq!(outcome, Outcome::Stopping);
}

#[actix_web::test]
async fn a_worker_that_dies_half_way_is_taken_over_also_in_a_dry_run() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let units = chain(1_200);
    let mut members = "工号,姓名,单位\n".to_owned();
    for number in 0..1_200 {
        members.push_str(&format!("T{number},成员{number},单位{number}\n"));
    }
    members.push_str("T5,成员5,单位5\n");
    for (kind, list) in [("units", &units), ("members", &members)] {
        let before = written(&app).await;
        for is_dry_run in [true, false] {
            let file = ("list.csv", list.as_bytes());
            let id = hand_in(&app, &admin, kind, file, is_dry_run).await;
            stop_after_a_batch(&app, id).await;
            let half = app.get_as(&admin, &format!("/imports/{id}")).await.ok(200);
            assert_eq!(
                (half["state"].as_str(), half["rows_done"].as_i64()),
                (Some("running"), Some(500))
            );
            work(&app, id).await;
            let job = app.get_as(&admin, &format!("/imports/{id}")).await.ok(200);
            assert_eq!(counts(&job), [1_200, 0, 0, 1], "{kind} {is_dry_run} {}", job["errors"]);
            assert_eq!(errors(&job)[0].2, "duplicate_row");
            assert_eq!(written(&app).await == before, is_dry_run);
        }
    }
}

#[actix_web::test]
async fn sent_twice_with_one_key_is_one_run() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let key = app.uuid();
    let file = "姓名,单位\n周敏,柳湾小学\n";
    let send = |text: &'static str| {
        let call = Call::new("POST", "/imports/members").bearer(&admin).key(key);
        app.send(call.form(&[("file", Some("list.csv"), text.as_bytes())]))
    };
    let first = send(file).await.ok(202);
    let again = send(file).await;
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.ok(202)["id"], first["id"]);
    send("姓名,单位\n何磊,柳湾小学\n")
        .await
        .refused(422, "idempotency_key_reused");
    assert_eq!(app.db.number("SELECT COUNT(*) FROM imports").await, 1);
}

#[actix_web::test]
async fn two_runs_over_the_same_rows_leave_each_of_them_once() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let units = chain(600);
    let mut members = "工号,姓名,单位,职务\n".to_owned();
    for number in 0..600 {
        members.push_str(&format!("T{number},成员{number},单位{number},教师\n"));
    }
    for (kind, list) in [("units", &units), ("members", &members)] {
        let file = ("list.csv", list.as_bytes());
        let one = hand_in(&app, &admin, kind, file, false).await;
        let other = hand_in(&app, &admin, kind, file, false).await;
        futures_util::join!(work(&app, one), work(&app, other));
        let mut created = 0;
        for id in [one, other] {
            let job = app.get_as(&admin, &format!("/imports/{id}")).await.ok(200);
            let [new, changed, same, failed] = counts(&job);
            assert_eq!((changed, new + same), (0, 600), "{kind} {job}");
            assert_eq!(failed, i64::from(kind == "units"));
            created += new;
        }
        assert_eq!(created, 600, "{kind}");
    }
}

#[actix_web::test]
async fn a_run_and_people_who_work_by_hand_do_not_undo_each_other() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let mut list = "单位编码,单位名称,类型,上级单位,负责人\n".to_owned();
    for at in 0..400 {
        list.push_str(&format!("C{at},单位{at},学校,清河县教育局,老任{at}\n"));
    }
    run(&app, &admin, "units", ("list.csv", list.as_bytes()), false).await;
    let changed = list.replace("老任", "新任");
    let id = hand_in(&app, &admin, "units", ("list.csv", changed.as_bytes()), false).await;
    let by_hand = async {
        let mut done = 0;
        for at in 0..40 {
            let found = app.get_as(&admin, &format!("/units?q=C{at}")).await.ok(200);
            let unit = found["items"]
                .as_array()
                .unwrap()
                .iter()
                .find(|unit| unit["code"] == format!("C{at}"));
            let unit = unit.unwrap();
            let path = format!("/units/{}", unit["id"].as_str().unwrap());
            let version = unit["version"].as_i64().unwrap();
            let call = Call::new("PATCH", &path).bearer(&admin).if_match(version);
            let answer = app.send(call.json(&json!({"address": format!("新址{at}号")}))).await;
            assert!([200, 412].contains(&answer.status.as_u16()), "{}", answer.status);
            done += usize::from(answer.status == 200);
        }
        done
    };
    let (_, done) = futures_util::join!(work(&app, id), by_hand);
    let job = app.get_as(&admin, &format!("/imports/{id}")).await.ok(200);
    assert_eq!(
        (job["state"].as_str(), counts(&job)),
        (Some("succeeded"), [0, 400, 0, 0])
    );
    let heads = "SELECT COUNT(*) FROM units WHERE head LIKE '新任%' AND code IS NOT NULL";
    assert_eq!(app.db.number(heads).await, 400);
    let addresses = "SELECT COUNT(*) FROM units WHERE address LIKE '新址%'";
    assert_eq!(app.db.number(addresses).await, i64::try_from(done).unwrap());
    assert!(done > 0);
}

#[actix_web::test]
async fn lists_are_the_county_administrators_and_ledgers_the_offices() {
    let app = test_app().await;
    let (admin, office) = (
        app.root_token(Role::Admin).await,
        app.root_token(Role::CampaignOffice).await,
    );
    let at_school = app.token(Role::Admin).await;
    let job = run(
        &app,
        &admin,
        "members",
        ("list.csv", "姓名,单位\n周敏,柳湾小学\n".as_bytes()),
        true,
    )
    .await;
    assert_eq!(
        (&job["kind"], &job["source"], &job["is_order"]),
        (&json!("members"), &json!("members"), &json!(false))
    );
    let path = format!("/imports/{}", job["id"].as_str().unwrap());
    app.get_as(&office, &path).await.refused(404, "not_found");
    app.get_as(&office, &format!("{path}/errors.xlsx"))
        .await
        .refused(404, "not_found");
    app.get_as(&at_school, &path).await.refused(403, "forbidden");
    let listed = app.get_as(&office, "/imports?count=true").await.ok(200);
    assert_eq!(listed["total"], 0);
    app.get_as(&office, "/imports?kind=members")
        .await
        .refused(403, "forbidden");
    for (kind, total) in [("", 1), ("&kind=members", 1), ("&kind=units", 0)] {
        let listed = app.get_as(&admin, &format!("/imports?count=true{kind}")).await.ok(200);
        assert_eq!(listed["total"], total, "{kind}");
    }
    let call = Call::new("POST", "/imports/members").bearer(&at_school).key(app.uuid());
    let file: [(&str, Option<&str>, &[u8]); 1] = [("file", Some("list.csv"), "姓名,单位\n甲,柳湾小学\n".as_bytes())];
    app.send(call.form(&file)).await.refused(403, "forbidden");
    let me = app.get_as(&admin, "/me").await.ok(200);
    let may = |what: &str| me["permissions"].as_array().unwrap().contains(&json!(what));
    assert!(may("units.import") && may("members.import") && !may("complaints.import"));
}
