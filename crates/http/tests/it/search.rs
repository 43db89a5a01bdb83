//! Words of two letters and more are found wherever they stand, as by reading every text.

use liangnuo_documents::sample::sample_ledger;
use liangnuo_domain::Role;
use liangnuo_persistence::db::Database;
use liangnuo_test_support::{api::Call, test_app};
use serde_json::{Value, json};

use crate::imports::{import, real_ledger};

fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}

/// Parts of the texts, as somebody would look for them: a few letters from here and there, the same in each run.
fn parts(texts: &[String]) -> Vec<String> {
    let mut out = Vec::new();
    for (nth, text) in texts.iter().enumerate() {
        let letters: Vec<char> = text.chars().collect();
        let from = nth * 7 % letters.len();
        let part: String = letters.iter().skip(from).take(2 + nth % 5).collect();
        out.push(part);
    }
    out
}

#[actix_web::test]
async fn the_index_finds_what_reading_every_text_finds() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let bytes = real_ledger().unwrap_or_else(|| sample_ledger(60).unwrap().bytes);
    import(&app, &office, &bytes, &[]).await;
    let texts = app
        .db
        .texts("SELECT content FROM complaint_search ORDER BY content")
        .await;
    let step = (texts.len() / 40).max(1);
    let some: Vec<String> = texts.iter().step_by(step).cloned().collect();
    let mut hits = 0;
    for part in parts(&some) {
        let words: Vec<&str> = part.split_whitespace().collect();
        let has_a_pair = !liangnuo_domain::text::pairs(&part).is_empty();
        if !has_a_pair || liangnuo_domain::complaints::number::is_number(part.trim()) {
            continue;
        }
        let expected = texts
            .iter()
            .filter(|text| words.iter().all(|word| text.contains(word)))
            .count();
        let path = format!("/complaints?count=true&limit=1&q={}", encoded(&part));
        let list = app.get_as(&office, &path).await.ok(200);
        // Of a search no more are counted.
        let most = expected.min(1_000);
        assert_eq!(list["total"].as_u64(), u64::try_from(most).ok(), "{part:?}");
        assert_eq!(list["total_is_capped"], expected > most, "{part:?}");
        hits += expected;
    }
    assert!(hits > 20, "the parts stand somewhere");
}

#[actix_web::test]
async fn by_relevance_a_title_comes_before_a_text_and_a_letter_alone_finds_nothing() {
    let app = test_app().await;
    let handler = app.token(Role::Handler).await;
    app.file("grievance", Some(app.county.own.0)).await;
    app.file("grievance", Some(app.county.own.0)).await;
    // The newest one says it in its text alone.
    let body = json!({
        "kind": "inquiry", "title": "午休安排", "body": "想问午休和饭菜、饭菜、饭菜。", "unit_id": app.county.own,
        "altcha": app.proof().await,
    });
    let call = Call::new("POST", "/public/complaints").key(app.uuid()).json(&body);
    app.send(call).await.ok(201);
    let path = |q: &str| format!("/complaints?sort=relevance&q={}", encoded(q));
    let best = app.get_as(&handler, &path("饭菜")).await.ok(200);
    assert_eq!(
        (best["items"].as_array().unwrap().len(), &best["next_cursor"]),
        (3, &Value::Null)
    );
    assert_eq!(best["items"][2]["title"], "午休安排");
    let alone = app.get_as(&handler, &path("饭")).await.ok(200);
    assert!(alone["items"].as_array().unwrap().is_empty());
    let both = app
        .get_as(&handler, &format!("/complaints?q={}", encoded("饭菜 孩子")))
        .await
        .ok(200);
    assert_eq!(both["items"].as_array().unwrap().len(), 2, "each word stands in it");
    let one = app
        .get_as(&handler, &format!("/complaints?q={}", encoded("饭菜 校车")))
        .await
        .ok(200);
    assert!(one["items"].as_array().unwrap().is_empty());
}

#[actix_web::test]
async fn what_an_older_version_left_without_an_index_is_indexed() {
    let app = test_app().await;
    let handler = app.token(Role::Handler).await;
    app.file("grievance", Some(app.county.own.0)).await;
    app.db
        .run("UPDATE complaint_search SET document = NULL, index_version = 1")
        .await;
    app.db.run("DELETE FROM complaint_pairs").await;
    let path = format!("/complaints?q={}", encoded("饭菜"));
    let found = async || {
        app.get_as(&handler, &path).await.ok(200)["items"]
            .as_array()
            .unwrap()
            .len()
    };
    // PostgreSQL looks at the texts of the first cases before it asks the index.
    let unindexed = match app.state.store.database() {
        Database::Sqlite => 0,
        Database::Postgres => 1,
    };
    assert_eq!(found().await, unindexed);
    assert!(app.state.store.index_pending_texts().await.unwrap());
    assert!(!app.state.store.index_pending_texts().await.unwrap());
    assert_eq!(found().await, 1);
}

#[actix_web::test]
async fn words_with_signs_are_found_and_a_number_finds_who_names_it() {
    let app = test_app().await;
    let handler = app.token(Role::Handler).await;
    let file = async |title: &str, body: &str| {
        let body = json!({
            "kind": "inquiry", "title": title, "body": body, "unit_id": app.county.own, "altcha": app.proof().await,
        });
        let call = Call::new("POST", "/public/complaints").key(app.uuid()).json(&body);
        app.send(call).await.ok(201)["number"].as_str().unwrap().to_owned()
    };
    let number = file("教辅涨价5%", "C+班的书费也涨了。").await;
    file("书费的事", &format!("和{}是同一件事。", number.to_lowercase())).await;
    file("食堂55道菜", "C类，100元。").await;
    let found = async |q: &str| {
        let path = format!("/complaints?q={}", encoded(q));
        app.get_as(&handler, &path).await.ok(200)["items"]
            .as_array()
            .unwrap()
            .len()
    };
    assert_eq!(found("5%").await, 1);
    assert_eq!(found("c+").await, 1);
    assert_eq!(found("Ｃ＋ 涨价5％").await, 1);
    assert_eq!(found(&number).await, 2, "the case, and the one that names it");
    assert_eq!(found(&format!("{number} 同一件")).await, 1);
    // As an earlier version left them: the case is found by its number all the same.
    app.db.run("UPDATE complaint_search SET index_version = 1").await;
    app.db.run("DELETE FROM complaint_pairs").await;
    let unindexed = match app.state.store.database() {
        Database::Sqlite => (1, 0),
        Database::Postgres => (2, 1),
    };
    assert_eq!((found(&number).await, found("5%").await), unindexed);
    while app.state.store.index_pending_texts().await.unwrap() {}
    assert_eq!((found(&number).await, found("5%").await), (2, 1));
}
