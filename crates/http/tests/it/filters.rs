//! Every column of the list narrows it down, the same way in the list, the figures, the export and the saved views.

use liangnuo_domain::Role;
use liangnuo_test_support::{api::Call, test_app};
use serde_json::json;

#[actix_web::test]
async fn a_list_is_narrowed_by_each_of_its_columns() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    for kind in ["grievance", "inquiry", "suggestion"] {
        app.file(kind, Some(app.county.own.0)).await;
    }
    let named = json!({
        "kind": "inquiry", "title": "午休安排", "body": "想问午休的安排。", "unit_id": app.county.own,
        "contact": {"name": "王明", "phone": "000-0000-0001"}, "altcha": app.proof().await,
    });
    let call = Call::new("POST", "/public/complaints").key(app.uuid()).json(&named);
    app.send(call).await.ok(201);
    for (query, expected) in [
        ("kind=grievance,inquiry", 3),
        ("kind=inquiry", 2),
        ("kind=", 4),
        ("channel=web,phone", 4),
        ("channel=phone", 0),
        ("has_handler=false", 4),
        ("has_handler=true", 0),
        ("is_anonymous=true", 3),
        ("is_anonymous=false", 1),
        ("is_anonymous=false&kind=inquiry,suggestion", 1),
        ("satisfaction=1,2", 0),
        ("satisfaction=5", 0),
        ("due_from=2020-01-01T00:00:00Z", 4),
        ("due_from=2040-01-01T00:00:00Z", 0),
        ("due_from=2020-01-01T00:00:00Z&due_before=2040-01-01T00:00:00Z", 4),
    ] {
        let list = app.get_as(&office, &format!("/complaints?{query}")).await.ok(200);
        assert_eq!(list["items"].as_array().unwrap().len(), expected, "{query}");
        let figures = app
            .get_as(&office, &format!("/statistics/complaints?{query}"))
            .await
            .ok(200);
        assert_eq!(figures["total"], expected, "{query}");
        let export = app
            .get_as(&office, &format!("/complaints/export?format=csv&{query}"))
            .await;
        assert_eq!(
            String::from_utf8(export.bytes).unwrap().lines().count(),
            expected + 1,
            "{query}"
        );
    }
    for query in [
        "satisfaction=6",
        "satisfaction=good",
        "kind=grievance,nonsense",
        "has_handler=perhaps",
    ] {
        app.get_as(&office, &format!("/complaints?{query}"))
            .await
            .refused(400, "malformed_query");
    }
    let view = json!({"name": "没人管的", "query": "kind=grievance,inquiry&has_handler=false&satisfaction=1,2"});
    let call = Call::new("POST", "/me/views")
        .bearer(&office)
        .key(app.uuid())
        .json(&view);
    app.send(call).await.ok(201);
}

#[actix_web::test]
async fn an_export_says_the_category_by_its_path() {
    let app = test_app().await;
    let office = app.root_token(Role::CampaignOffice).await;
    let categories = app.get_as(&office, "/categories").await.ok(200);
    let items = categories["items"].as_array().unwrap();
    let child = items.iter().find(|item| !item["parent_id"].is_null()).unwrap();
    let parent = items.iter().find(|item| item["id"] == child["parent_id"]).unwrap();
    let body = json!({
        "kind": "inquiry", "title": "午休安排", "body": "想问午休的安排。", "unit_id": app.county.own,
        "category_id": child["id"], "altcha": app.proof().await,
    });
    let call = Call::new("POST", "/public/complaints").key(app.uuid()).json(&body);
    app.send(call).await.ok(201);
    let export = app.get_as(&office, "/complaints/export?format=csv").await;
    let text = String::from_utf8(export.bytes).unwrap();
    let (heading, row) = text.split_once("\r\n").unwrap();
    assert!(heading.contains(",渠道,分类,承办单位,"), "{heading}");
    let path = format!(
        "{}/{}",
        parent["name"].as_str().unwrap(),
        child["name"].as_str().unwrap()
    );
    assert!(row.contains(&path), "{row} {path}");
}
