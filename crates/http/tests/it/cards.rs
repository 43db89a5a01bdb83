//! Cards of the ladder: seen with their cases, appealed by the unit, decided by somebody whom they do not concern.

use actix_http::Request;
use actix_web::{
    Error,
    body::MessageBody,
    dev::{Service, ServiceResponse},
};
use liangnuo_domain::Role;
use liangnuo_test_support::{TestApp, test_app};
use serde_json::{Value, json};

use crate::{
    desk::{At as _, Desk, steps, version},
    role_grants::{make, name_deputy, role},
};

/// A case that got its yellow card, as the handler sees it.
async fn late<S, B>(app: &TestApp<S>, desk: &Desk) -> Value
where
    S: Service<Request, Response = ServiceResponse<B>, Error = Error>,
    B: MessageBody,
{
    // Five working days from Monday, 23 November: Monday, 30 November.
    let (_, case) = app.filed(desk, "inquiry").await;
    let case = app.take(&desk.handler, &case, "accept", json!({})).await;
    let own = json!({"unit_id": app.county.own, "handler_id": app.county.member(Role::Handler)});
    let case = app.take(&desk.head, &case, "assign", own).await;
    app.clock.advance_seconds(8 * 86_400);
    let desk = app.desk().await;
    app.wake(app.clock.now()).await;
    app.at(&desk.handler, &case).await
}

fn card_path(card: &Value, verb: &str) -> String {
    format!("/cards/{}/{verb}", card["id"].as_str().unwrap())
}

#[actix_web::test]
async fn a_card_is_a_record_that_the_unit_appeals_and_another_decides() {
    let app = test_app().await;
    let desk = app.desk().await;
    let case = late(&app, &desk).await;
    let desk = app.desk().await;
    let card = case["cards"][0].clone();
    assert_eq!(
        (
            &card["kind"],
            &card["state"],
            &card["due_on"],
            &card["given_on"],
            &card["appeal_ends_on"]
        ),
        (
            &json!("yellow_card"),
            &json!("standing"),
            &json!("2026-11-30"),
            &json!("2026-12-01"),
            &json!("2026-12-08")
        )
    );
    assert_eq!(card["handler"]["id"], json!(app.county.member(Role::Handler)));
    let seen = app.get_as(&desk.head, "/cards").await.ok(200);
    assert_eq!(seen["items"][0]["allowed_actions"], json!(["appeal"]));
    app.step(
        &desk.handler,
        &card_path(&card, "appeal"),
        1,
        json!({"reason": "当天停电"}),
    )
    .await
    .refused(403, "forbidden");
    let decision = json!({"outcome": "lift", "reason": "当天确实停电"});
    app.step(&desk.leader, &card_path(&card, "decide"), 1, decision.clone())
        .await
        .refused(409, "wrong_state");
    let appealed = app
        .step(
            &desk.head,
            &card_path(&card, "appeal"),
            1,
            json!({"reason": "当天停电"}),
        )
        .await
        .ok(200);
    assert_eq!(
        (&appealed["state"], &appealed["appeal"]["reason"]),
        (&json!("appealed"), &json!("当天停电"))
    );
    assert!(app.notices(&desk.office).await.contains(&"card_appealed".to_owned()));
    app.step(&desk.head, &card_path(&card, "decide"), 2, decision.clone())
        .await
        .refused(403, "forbidden");
    app.step(&desk.leader, &card_path(&card, "decide"), 1, decision.clone())
        .await
        .refused(412, "stale_version");
    let lifted = app
        .step(&desk.leader, &card_path(&card, "decide"), 2, decision)
        .await
        .ok(200);
    assert_eq!(
        (&lifted["state"], &lifted["decision"]["reason"]),
        (&json!("lifted"), &json!("当天确实停电"))
    );
    assert!(app.notices(&desk.head).await.contains(&"card_decided".to_owned()));
    let after = app.at(&desk.handler, &case).await;
    assert_eq!(version(&after), version(&case), "a card makes nobody's page stale");
    assert!(steps(&after).ends_with(&["reminded", "card_appealed", "card_lifted"]));
}

#[actix_web::test]
async fn cards_are_listed_and_counted_for_those_who_see_the_case() {
    let app = test_app().await;
    let desk = app.desk().await;
    let case = late(&app, &desk).await;
    let desk = app.desk().await;
    let number = async |token: &str, query: &str| {
        let list = app.get_as(token, &format!("/cards?count=true{query}")).await.ok(200);
        list["total"].as_i64().unwrap()
    };
    assert_eq!(number(&desk.office, "").await, 1);
    assert_eq!(
        number(&desk.office, "&kind=yellow_card,red_card&state=standing").await,
        1
    );
    assert_eq!(number(&desk.office, "&kind=red_card").await, 0);
    assert_eq!(number(&desk.office, "&given_from=2026-12-02").await, 0);
    assert_eq!(number(&desk.office, &format!("&unit_id={}", app.county.own)).await, 1);
    assert_eq!(
        number(&desk.office, &format!("&unit_id={}", app.county.sibling)).await,
        0
    );
    let counted = app.get_as(&desk.office, "/cards/by-unit").await.ok(200);
    assert_eq!(counted["items"][0]["unit"]["id"], json!(app.county.own));
    assert_eq!(counted["items"][0]["yellow_cards"], 1);
    // Whoever is accused sees nothing of it, not even that it exists.
    let inspector = app.root_token(Role::Inspector).await;
    let accused = json!({"member_ids": [app.county.member(Role::UnitHead)], "unit_ids": []});
    let seen = app.at(&inspector, &case).await;
    app.take(&inspector, &seen, "accused", accused).await;
    assert_eq!(number(&desk.head, "").await, 0);
    assert_eq!(number(&inspector, "").await, 1);
    let counted = app.get_as(&desk.head, "/cards/by-unit").await.ok(200);
    assert_eq!(counted["items"], json!([]));
    app.step(
        &desk.head,
        &card_path(&case["cards"][0], "appeal"),
        1,
        json!({"reason": "当天停电"}),
    )
    .await
    .refused(404, "not_found");
}

#[actix_web::test]
async fn a_circular_notice_is_proposed_and_a_person_decides() {
    let app = test_app().await;
    let desk = app.desk().await;
    late(&app, &desk).await;
    app.clock.advance_seconds(20 * 86_400);
    let desk = app.desk().await;
    assert_eq!(app.wake(app.clock.now()).await.reminded, 1);
    let cards = app.get_as(&desk.leader, "/cards?state=proposed").await.ok(200);
    let notice = cards["items"][0].clone();
    assert_eq!(notice["allowed_actions"], json!(["issue", "drop"]));
    app.step(
        &desk.head,
        &card_path(&notice, "appeal"),
        1,
        json!({"reason": "还没有通报"}),
    )
    .await
    .refused(409, "wrong_state");
    let issue = json!({"outcome": "issue", "reason": "三次催办没有答复"});
    let issued = app
        .step(&desk.office, &card_path(&notice, "decide"), 1, issue)
        .await
        .ok(200);
    assert_eq!(
        (&issued["state"], &issued["proposal"]["reason"]),
        (&json!("standing"), &json!("三次催办没有答复"))
    );
    let appeal = json!({"reason": "材料当天已报"});
    app.step(&desk.head, &card_path(&notice, "appeal"), 2, appeal)
        .await
        .ok(200);
    let first = app.get_as(&desk.head, "/cards?kind=yellow_card").await.ok(200);
    app.step(
        &desk.head,
        &card_path(&first["items"][0], "appeal"),
        1,
        json!({"reason": "迟了"}),
    )
    .await
    .refused(409, "not_ready");
}

#[actix_web::test]
async fn whoever_a_card_concerns_does_not_decide_on_it_through_a_deputy_either_way() {
    let app = test_app().await;
    let desk = app.desk().await;
    let case = late(&app, &desk).await;
    let security = app.root_token(Role::SecurityAdmin).await;
    let card = case["cards"][0].clone();
    let [head, clerk, leader] = [Role::UnitHead, Role::Member, Role::Leader].map(|role| app.county.root_member(role));
    // The bureau's head is away: a clerk appeals in their place.
    name_deputy(&app, &security, head, clerk).await.ok(201);
    let clerk_token = app.root_token(Role::Member).await;
    let why = json!({"reason": "当天停电"});
    app.step(&clerk_token, &card_path(&card, "appeal"), 1, why)
        .await
        .ok(200);
    // The head comes back, and has got a leader's role: it is their own appeal.
    let given = role(head, "leader", app.county.root);
    make(&app, &security, "/role-grants", given).await.ok(201);
    let head_token = app.root_token(Role::UnitHead).await;
    let uphold = json!({"outcome": "uphold", "reason": "理由不足"});
    let decide = async |token: &str| {
        let path = card_path(&card, "decide");
        app.step(token, &path, 2, uphold.clone()).await
    };
    decide(&head_token).await.refused(409, "own_work");
    let seen = app.get_as(&head_token, "/cards").await.ok(200);
    assert_eq!(seen["items"][0]["allowed_actions"], json!([]));
    // So it is of the clerk, whose deputy a leader becomes; and of the school's handler, whoever stands in for them.
    name_deputy(&app, &security, leader, clerk).await.ok(201);
    decide(&clerk_token).await.refused(409, "own_work");
    let handler = app.county.member(Role::Handler);
    name_deputy(&app, &security, handler, leader).await.ok(201);
    let leader_token = app.root_token(Role::Leader).await;
    decide(&leader_token).await.refused(409, "own_work");
    decide(&app.root_token(Role::CampaignOffice).await).await.ok(200);
}
