//! What goes out comes back: an export that is imported as it is changes nothing.

use liangnuo_documents::{Field, Form, Mapping, Sheet};
use proptest::{prelude::*, strategy::ValueTree as _, test_runner::TestRunner};

use super::*;

/// Texts with all that spreadsheets, separators and the import itself make something of.
fn awkward() -> impl Strategy<Value = String> {
    prop_oneof![
        "[=+\\-@＝＋－＠'’,\"/／<>&; 　\u{a0}\u{200b}一-龥a-zA-Z0-9.]{1,12}",
        Just("-".to_owned()),
        Just("——".to_owned()),
        Just("'-".to_owned()),
        Just("'".to_owned()),
        Just("<r>甲</r>".to_owned()),
        Just("0012".to_owned()),
        Just("1e5".to_owned()),
        Just("=1+1".to_owned()),
        Just("TRUE".to_owned()),
        Just("2026-11-23".to_owned()),
        Just("𠮷野家".to_owned()),
    ]
}

struct Texts {
    runner: TestRunner,
}

impl Texts {
    fn next(&mut self) -> String {
        awkward().new_tree(&mut self.runner).unwrap().current()
    }

    fn maybe(&mut self) -> Option<String> {
        let text = self.next();
        (!text.len().is_multiple_of(3)).then_some(text)
    }
}

async fn make<S, B>(app: &TestApp<S>, token: &str, path: &str, body: &Value) -> Option<Value>
where
    S: Service<actix_http::Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    let call = Call::new("POST", path).bearer(token).key(app.uuid()).json(body);
    let answer = app.send(call).await;
    // A name that is too short, or taken: the next one.
    assert!([201, 409, 422].contains(&answer.status.as_u16()));
    (answer.status == 201).then(|| answer.ok(201))
}

#[actix_web::test]
async fn an_export_that_is_imported_as_it_is_changes_nothing() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let mut texts = Texts {
        runner: TestRunner::deterministic(),
    };
    let mut units = vec![app.county.root.0.to_string(), app.county.own.0.to_string()];
    for at in 0..90 {
        let parent = units[at % units.len()].clone();
        let body = json!({
            "parent_id": parent, "kind": "school", "name": texts.next(), "name_en": texts.maybe(), "head": texts.maybe(),
            "hotline": texts.maybe(), "address": texts.maybe(), "opening_hours": texts.maybe(),
            "code": (at % 3 == 0).then(|| format!("00{at}")),
        });
        if let Some(unit) = make(&app, &admin, "/units", &body).await {
            units.push(unit["id"].as_str().unwrap().to_owned());
        }
    }
    assert!(units.len() > 40, "{}", units.len());
    for at in 0..120 {
        let body = json!({
            "unit_id": units[at % units.len()], "name": format!("{}{at}", texts.next()), "name_en": texts.maybe(),
            "post": texts.maybe(), "staff_number": (at % 2 == 0).then(|| format!("0{at}")),
            "branch_id": (at % 5 == 0).then_some(app.county.branch), "is_party_member": at % 5 == 0,
        });
        make(&app, &admin, "/members", &body).await;
    }
    let before = written(&app).await;
    for (path, kind) in [("/units", "units"), ("/members", "members")] {
        let listed = app.get_as(&admin, &format!("{path}?count=true")).await.ok(200)["total"].clone();
        for format in ["xlsx", "csv", "csv-gb18030"] {
            for language in ["zh-CN", "en"] {
                let call = Call::new("GET", &format!("{path}/export?format={format}")).bearer(&admin);
                let answer = app.send(call.header("accept-language", language)).await;
                assert_eq!(answer.status, 200);
                let name = if format == "xlsx" { "list.xlsx" } else { "list.csv" };
                for is_dry_run in [true, false] {
                    let job = run(&app, &admin, kind, (name, &answer.bytes), is_dry_run).await;
                    assert_eq!(counts(&job)[..2], [0, 0], "{kind} {format} {}", job["changes"]);
                    assert_eq!(counts(&job)[3], 0, "{kind} {format} {}", job["errors"]);
                    assert_eq!(counts(&job)[2], listed.as_i64().unwrap(), "{kind} {format}");
                }
            }
        }
    }
    assert_eq!(written(&app).await, before);
    let made = "SELECT COUNT(*) FROM events WHERE action = 'exports.made'";
    assert_eq!(app.db.number(made).await, 12);
}

#[actix_web::test]
async fn an_export_keeps_to_the_list_and_what_was_closed_is_not_created_anew() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let body = json!({"parent_id": app.county.root, "kind": "school", "name": "旧中学"});
    let unit = make(&app, &admin, "/units", &body).await.unwrap();
    let path = format!("/units/{}/close", unit["id"].as_str().unwrap());
    app.step(&admin, &path, 1, json!({"reason": "并入东岭中学"}))
        .await
        .ok(200);
    let rows = async |token: &str, path: &str| {
        let answer = app.get_as(token, path).await;
        assert_eq!(answer.status, 200);
        let sheet = Sheet::open(&answer.bytes, "list.csv").unwrap();
        (sheet.rows_total(), answer.bytes)
    };
    assert_eq!(rows(&admin, "/units/export?format=csv").await.0, 5);
    assert_eq!(rows(&admin, "/units/export?format=csv&kind=office").await.0, 1);
    let under = format!("/units/export?format=csv&parent_id={}", app.county.own);
    assert_eq!(rows(&admin, &under).await.0, 2);
    let (count, bytes) = rows(&admin, "/units/export?format=csv&include_closed=true").await;
    assert_eq!(count, 6);
    let job = run(&app, &admin, "units", ("list.csv", &bytes), false).await;
    assert_eq!((counts(&job), errors(&job)[0].2), ([0, 0, 5, 1], "closed"));
    // Of members those of the caller's own subtree alone.
    let head = app.token(Role::UnitHead).await;
    let all = rows(&admin, "/members/export?format=csv").await.0;
    let own = rows(&head, "/members/export?format=csv").await.0;
    assert!(own < all && own > 0);
    let handler = app.token(Role::Handler).await;
    app.get_as(&handler, "/members/export").await.refused(403, "forbidden");
    app.get_as(&admin, "/units/export?surprise=1")
        .await
        .refused(400, "malformed_query");
}

#[actix_web::test]
async fn an_export_has_the_columns_that_the_import_knows() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    for (path, form) in [("/units", Form::Units), ("/members", Form::Members)] {
        for language in ["zh-CN", "en"] {
            let call = Call::new("GET", &format!("{path}/export?include_closed=true")).bearer(&admin);
            let answer = app.send(call.header("accept-language", language)).await;
            let sheet = Sheet::open(&answer.bytes, "list.xlsx").unwrap();
            let mapping = Mapping::guess(form, &sheet).unwrap();
            let found: Vec<Field> = mapping.pairs(&sheet).into_iter().map(|(_, field)| field).collect();
            assert_eq!(found, form.fields());
        }
    }
}
