//! What the desk keeps ready: categories, templates of texts, saved views of the queue.

use liangnuo_domain::Role;
use liangnuo_test_support::{api::Call, test_app};
use serde_json::{Value, json};

fn create(token: &str, path: &str, key: uuid::Uuid, body: &Value) -> Call {
    Call::new("POST", path).bearer(token).key(key).json(body)
}

fn change(token: &str, path: &str, version: i64, body: &Value) -> Call {
    Call::new("PATCH", path).bearer(token).if_match(version).json(body)
}

#[actix_web::test]
async fn categories_are_edited_without_losing_any() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let (office, handler) = (
        app.root_token(Role::CampaignOffice).await,
        app.token(Role::Handler).await,
    );
    let known = app.get_as(&handler, "/categories").await.ok(200);
    let count = known["items"].as_array().unwrap().len();
    assert!(known["items"].as_array().unwrap().iter().any(|item| item["depth"] == 3));

    app.send(create(&office, "/categories", app.uuid(), &json!({"name": "午休"})))
        .await
        .refused(403, "forbidden");
    let key = app.uuid();
    let top = app
        .send(create(
            &admin,
            "/categories",
            key,
            &json!({"name": "午休", "name_en": "Noon rest"}),
        ))
        .await
        .ok(201);
    let again = app
        .send(create(
            &admin,
            "/categories",
            key,
            &json!({"name": "午休", "name_en": "Noon rest"}),
        ))
        .await
        .ok(201);
    assert_eq!(top["id"], again["id"], "sent twice, made once");
    app.send(create(&admin, "/categories", app.uuid(), &json!({"name": "午休"})))
        .await
        .refused(409, "taken");
    let mut parent = top["id"].clone();
    for name in ["托管", "床铺"] {
        let body = json!({"name": name, "parent_id": parent});
        parent = app.send(create(&admin, "/categories", app.uuid(), &body)).await.ok(201)["id"].clone();
    }
    let too_deep = json!({"name": "被子", "parent_id": parent});
    app.send(create(&admin, "/categories", app.uuid(), &too_deep))
        .await
        .refused(422, "invalid_field");

    let path = format!("/categories/{}", top["id"].as_str().unwrap());
    app.send(change(&admin, &path, 1, &json!({"name": " "})))
        .await
        .refused(422, "invalid_field");
    let renamed = app
        .send(change(&admin, &path, 1, &json!({"name": "午间休息", "name_en": null})))
        .await
        .ok(200);
    assert_eq!((&renamed["name_en"], &renamed["version"]), (&Value::Null, &json!(2)));
    app.send(change(&admin, &path, 1, &json!({"name": "旧页面"})))
        .await
        .refused(412, "stale_version");
    app.step(&admin, &format!("{path}/close"), 2, json!({}))
        .await
        .refused(409, "not_ready");

    // A case keeps a category that is closed, and no other gets it.
    let receipt = app.file("grievance", Some(app.county.own.0)).await;
    let number = receipt["number"].as_str().unwrap();
    let list = app.get_as(&handler, &format!("/complaints?q={number}")).await.ok(200);
    let case = format!("/complaints/{}", list["items"][0]["id"].as_str().unwrap());
    let body = json!({"kind": "grievance", "category_id": parent});
    app.step(&handler, &format!("{case}/classify"), 1, body.clone())
        .await
        .ok(200);
    let leaf = format!("/categories/{}", parent.as_str().unwrap());
    app.step(&admin, &format!("{leaf}/close"), 1, json!({})).await.ok(200);
    assert_eq!(app.get_as(&handler, &case).await.ok(200)["category_id"], parent);
    let other = app.file("grievance", Some(app.county.own.0)).await;
    let number = other["number"].as_str().unwrap();
    let list = app.get_as(&handler, &format!("/complaints?q={number}")).await.ok(200);
    let other = format!("/complaints/{}/classify", list["items"][0]["id"].as_str().unwrap());
    app.step(&handler, &other, 1, body.clone())
        .await
        .refused(422, "invalid_field");
    let open = app.get_as(&handler, "/categories").await.ok(200);
    assert_eq!(open["items"].as_array().unwrap().len(), count + 2);
    let all = app.get_as(&admin, "/categories?include_closed=true").await.ok(200);
    assert_eq!(all["items"].as_array().unwrap().len(), count + 3);
    app.step(&admin, &format!("{leaf}/reopen"), 2, json!({})).await.ok(200);
    app.step(&handler, &other, 1, body).await.ok(200);
}

#[actix_web::test]
async fn a_template_fits_the_case_and_is_filled_with_its_facts() {
    let app = test_app().await;
    let (head, handler) = (app.token(Role::UnitHead).await, app.token(Role::Handler).await);
    let office = app.root_token(Role::CampaignOffice).await;
    let categories = app.get_as(&handler, "/categories").await.ok(200);
    let items = categories["items"].as_array().unwrap();
    let leaf = items.iter().find(|item| item["depth"] == 3).unwrap();
    let above = items.iter().find(|item| item["id"] == leaf["parent_id"]).unwrap();
    let template = |unit, name: &str, category: &Value| {
        json!({
            "unit_id": unit, "purpose": "reply", "name": name, "category_id": category,
            "request": "您{收到日期}反映“{标题}”（{编号}）。", "decision": "{unit}已整改。",
        })
    };
    for (token, body) in [
        (&office, template(app.county.root, "通用", &Value::Null)),
        (&head, template(app.county.own, "本校", &leaf["id"])),
        (&office, template(app.county.root, "上级分类", &above["id"])),
        (&office, template(app.county.sibling, "外校", &Value::Null)),
    ] {
        app.send(create(token, "/reply-templates", app.uuid(), &body))
            .await
            .ok(201);
    }
    let elsewhere = template(app.county.sibling, "越权", &Value::Null);
    app.send(create(&head, "/reply-templates", app.uuid(), &elsewhere))
        .await
        .refused(422, "invalid_field");
    app.send(create(&handler, "/reply-templates", app.uuid(), &elsewhere))
        .await
        .refused(403, "forbidden");
    let unknown = json!({"unit_id": app.county.own, "purpose": "message", "name": "问候", "body": "{姓名}您好"});
    let problem = app
        .send(create(&head, "/reply-templates", app.uuid(), &unknown))
        .await
        .refused(422, "invalid_field");
    assert_eq!(problem["errors"][0]["code"], "unknown_placeholder");

    let receipt = app.file("grievance", Some(app.county.own.0)).await;
    let number = receipt["number"].as_str().unwrap();
    let list = app.get_as(&handler, &format!("/complaints?q={number}")).await.ok(200);
    let case = format!("/complaints/{}", list["items"][0]["id"].as_str().unwrap());
    let names = |found: &Value| -> Vec<String> {
        found["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["name"].as_str().unwrap().to_owned())
            .collect()
    };
    let found = app.get_as(&handler, &format!("{case}/templates")).await.ok(200);
    assert_eq!(names(&found), ["通用"]);
    let body = json!({"kind": "grievance", "category_id": leaf["id"]});
    app.step(&handler, &format!("{case}/classify"), 1, body).await.ok(200);
    let found = app.get_as(&handler, &format!("{case}/templates")).await.ok(200);
    assert_eq!(names(&found), ["本校", "上级分类", "通用"], "the closest first");
    assert_eq!(
        (&found["items"][0]["request"], &found["items"][0]["decision"]),
        (
            &json!(format!("您2026年11月23日反映“食堂饭菜偏凉”（{number}）。")),
            &json!("柳湾小学已整改。")
        )
    );

    let own = &found["items"][0];
    let path = format!("/reply-templates/{}", own["id"].as_str().unwrap());
    app.send(change(&handler, &path, 1, &json!({"name": "改名"})))
        .await
        .refused(403, "forbidden");
    let changed = app
        .send(change(&head, &path, 1, &json!({"category_id": null})))
        .await
        .ok(200);
    assert_eq!(
        (&changed["category_id"], &changed["decision"]),
        (&Value::Null, &json!("{unit}已整改。"))
    );
    app.step(&head, &format!("{path}/close"), 2, json!({})).await.ok(200);
    let listed = app.get_as(&head, "/reply-templates").await.ok(200);
    assert_eq!(names(&listed), ["上级分类", "通用"], "nothing of another school");
    let listed = app.get_as(&head, "/reply-templates?include_closed=true").await.ok(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 3);
    app.send(change(&head, &path, 3, &json!({"name": "改名"})))
        .await
        .refused(409, "not_ready");
}

#[actix_web::test]
async fn views_are_saved_for_oneself_alone() {
    let app = test_app().await;
    let (handler, head) = (app.token(Role::Handler).await, app.token(Role::UnitHead).await);
    let save = |token: &str, name: &str, query: &str| {
        create(token, "/me/views", app.uuid(), &json!({"name": name, "query": query}))
    };
    let views = app
        .send(save(
            &handler,
            "超期的电话件",
            "phase=overdue,long_overdue&channel=phone&sort=due_at",
        ))
        .await;
    let views = if views.status == 201 {
        views.ok(201)
    } else {
        panic!("{}", views.json)
    };
    assert_eq!(
        views["items"][0]["query"],
        "phase=overdue,long_overdue&channel=phone&sort=due_at"
    );
    app.send(save(&handler, "超期的电话件", "")).await.refused(409, "taken");
    for wrong in ["phase=never", "no_such_filter=1", "cursor=abc", "q=<script>"] {
        app.send(save(&handler, "别的", wrong))
            .await
            .refused(422, "invalid_field");
    }
    assert!(
        app.get_as(&head, "/me/views").await.ok(200)["items"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let path = format!("/me/views/{}", views["items"][0]["id"].as_str().unwrap());
    let delete = |token: &str| Call::new("DELETE", &path).bearer(token);
    app.send(delete(&head)).await.refused(404, "not_found");
    assert_eq!(app.send(delete(&handler)).await.status, 204);
    for n in 0..30 {
        app.send(save(&handler, &format!("视图{n}"), "q=%E9%A3%9F%E5%A0%82"))
            .await
            .ok(201);
    }
    app.send(save(&handler, "又一个", ""))
        .await
        .refused(422, "invalid_field");
}
