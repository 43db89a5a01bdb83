//! Whatever somebody does by being a deputy alone says for whom, whichever operation it is: an operation whose command does
//! not say so fails here.

use liangnuo_domain::{MemberId, Role};
use liangnuo_test_support::api::{Call, token_for};
use serde_json::json;

use super::{
    document::operations,
    plans::{By, Plan, plans},
    stage::{Stage, id_of},
};

/// What everybody does for themselves, whatever their roles.
const OWN_AFFAIRS: [&str; 12] = [
    "save_view",
    "delete_saved_view",
    "read_notices",
    "dismiss_account_notices",
    "end_session",
    "end_other_sessions",
    // Good for whoever asked alone: not even their deputy.
    "withdraw_identity_opening",
    "read_identity",
    // A file is attached by who sent it: `attachments::evidence` has the deputy send it.
    "begin_staff_upload",
    "attach_to_complaint",
    "remove_attachment",
    // Units are published: everybody takes the list out by their own right.
    "export_units",
];

/// A plain member with a holder to stand in for.
struct StandIn {
    login: &'static str,
    deputy: MemberId,
    holder: MemberId,
}

fn stand_in(stage: &Stage, by: By) -> Option<StandIn> {
    match by {
        By::School(role) => Some(StandIn {
            login: "member",
            deputy: stage.county.member(Role::Member),
            holder: stage.county.member(role),
        }),
        By::Root(role) => Some(StandIn {
            login: "root_member",
            deputy: stage.county.root_member(Role::Member),
            holder: stage.county.root_member(role),
        }),
        By::Nobody => None,
    }
}

/// The events that a member left, each with the one it was done for.
async fn left_by(stage: &Stage, member: MemberId) -> Vec<String> {
    let id = member.0.simple();
    let sql = if stage.url.starts_with("sqlite") {
        format!(
            "SELECT action || ' ' || COALESCE(lower(hex(acting_for)), '') FROM events
             WHERE lower(hex(actor_id)) = '{id}' ORDER BY at, position"
        )
    } else {
        format!(
            "SELECT action || ' ' || COALESCE(replace(acting_for::text, '-', ''), '') FROM events
             WHERE replace(actor_id::text, '-', '') = '{id}' ORDER BY at, position"
        )
    };
    stage.db_texts(&sql).await
}

/// Does all that one role does, as its holder's deputy.
async fn go_through(stage: &Stage, by: By, plans: &[&Plan]) -> Vec<String> {
    let Some(StandIn { login, deputy, holder }) = stand_in(stage, by) else {
        return Vec::new();
    };
    let security = token_for(&stage.state, "root_security_admin").await;
    let found = stage.get(&security, &format!("/role-grants?member_id={holder}")).await;
    let grant = id_of(&found["items"][0]);
    let body = json!({"member_id": deputy, "ends_on": "2026-12-01", "reason": "外出培训"});
    let made = stage
        .make(&security, &format!("/role-grants/{grant}/deputies"), &body)
        .await;
    let token = token_for(&stage.state, login).await;
    let mut faults = Vec::new();
    for plan in plans {
        let operation = operations().into_iter().find(|it| it.id == plan.operation).unwrap();
        let set = stage.set(plan).await;
        let before = left_by(stage, deputy).await.len();
        let answer = stage.send(stage.call(&operation, plan, &set, Some(&token))).await;
        let events = left_by(stage, deputy).await.split_off(before);
        let is_said = |event: &String| event.ends_with(&format!(" {}", holder.0.simple()));
        if !answer.status.is_success() || events.is_empty() || !events.iter().all(is_said) {
            faults.push(format!(
                "{} by the deputy of {by:?}: {} {} left {events:?}",
                plan.operation, answer.status, answer.json["code"]
            ));
        }
    }
    let end = Call::new("POST", &format!("/role-grants/{}/end", id_of(&made)));
    let end = end.bearer(&security).if_match(1).json(&json!({"reason": "已经回来"}));
    stage.send(end).await.ok(200);
    faults
}

#[actix_web::test]
async fn whatever_a_deputy_does_says_for_whom() {
    let stage = Stage::new().await;
    let plans = plans();
    let is_done = |plan: &&Plan| {
        let operation = operations().into_iter().find(|it| it.id == plan.operation).unwrap();
        let is_logged = operation.method != "GET" || plan.operation.starts_with("export_");
        is_logged && !OWN_AFFAIRS.contains(&plan.operation)
    };
    let mut roles: Vec<By> = Vec::new();
    for plan in &plans {
        if plan.by != By::Nobody && !roles.contains(&plan.by) {
            roles.push(plan.by);
        }
    }
    let (mut done, mut faults) = (0, Vec::new());
    for by in roles {
        let his: Vec<&Plan> = plans.iter().filter(|plan| plan.by == by).filter(is_done).collect();
        done += his.len();
        faults.extend(go_through(&stage, by, &his).await);
    }
    assert!(faults.is_empty(), "{} of {done}:\n{}", faults.len(), faults.join("\n"));
    assert!(done >= 50, "only {done} operations");
}

#[actix_web::test]
async fn what_a_deputys_ledger_leaves_says_for_whom() {
    let stage = Stage::new().await;
    let security = token_for(&stage.state, "root_security_admin").await;
    let holder = stage.county.root_member(Role::CampaignOffice);
    let deputy = stage.county.root_member(Role::Member);
    let found = stage.get(&security, &format!("/role-grants?member_id={holder}")).await;
    let path = format!("/role-grants/{}/deputies", id_of(&found["items"][0]));
    let body = json!({"member_id": deputy, "ends_on": "2026-12-01", "reason": "外出培训"});
    stage.make(&security, &path, &body).await;
    stage.import("root_member", stage.county.root).await;
    let events = left_by(&stage, deputy).await;
    assert!(events.len() > 1, "asked for, and gone through: {events:?}");
    assert!(
        events
            .iter()
            .all(|event| event.ends_with(&holder.0.simple().to_string())),
        "{events:?}"
    );
}
