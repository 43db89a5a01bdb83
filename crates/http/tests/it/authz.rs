//! Every operation, by every role, on own, child, sibling and parent. The golden table is read like code in a review;
//! an operation without a row fails.

mod rows;

use std::{collections::BTreeSet, fmt::Write as _};

use liangnuo_domain::Role;
use liangnuo_test_support::{
    NOW, TestCounty,
    api::{Call, TestApp, test_app_with},
    county::{PLACES, filing, grievance, past},
};
use serde_json::json;
use uuid::Uuid;

use self::rows::{About, Row, rows};

/// Operations that ask for no signed-in member. Each has tests of its own, and the next one a good reason.
const OPEN: [&str; 32] = [
    "add_to_complaint",
    "begin_provider_log_in",
    "begin_upload",
    "bootstrap_region",
    "complete_provider_log_in",
    "discard_upload",
    "file_complaint",
    "get_challenge",
    "get_liveness",
    "get_log_checkpoint",
    "get_log_proof",
    "get_public_region",
    "get_public_unit",
    "get_public_unit_qr",
    "get_readiness",
    "get_sign_in_options",
    "get_upload",
    "list_public_categories",
    "list_public_unit_members",
    "list_public_units",
    "log_in",
    "log_in_with_code",
    "log_out",
    "look_up_account_link",
    "public_complaint_statistics",
    "rate_complaint",
    "redeem_account_link",
    "redo_complaint",
    "refresh_session",
    "send_upload_piece",
    "track_complaint",
    "withdraw_own_complaint",
];

#[test]
fn every_operation_has_a_row() {
    let document = serde_json::to_value(liangnuo_http::openapi()).unwrap();
    let known: BTreeSet<String> = document["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|item| item.as_object().unwrap().values())
        .filter_map(|operation| operation["operationId"].as_str().map(str::to_owned))
        .collect();
    let covered: BTreeSet<String> = rows()
        .iter()
        .map(|row| row.operation)
        .chain(OPEN)
        .filter(|name| !name.is_empty())
        .map(str::to_owned)
        .collect();
    assert_eq!(
        known, covered,
        "each operation needs a row in the matrix, and each row an operation"
    );
}

/// A request of each operation for the signed-in, to be sent by anybody: on things that are not there.
pub(crate) fn calls<S>(app: &TestApp<S>) -> Vec<(&'static str, Call)> {
    let nothing = Uuid::nil().to_string();
    rows()
        .into_iter()
        .map(|row| {
            let path = row.path.replace("{}", &nothing).replace("{unit}", &nothing);
            let call = Call::new(row.method, &path).key(Uuid::from_u128(app.county.own.0.as_u128() ^ 1));
            let call = match row.method {
                "GET" => call,
                _ => call.if_match(99).json(&(row.body)(Uuid::nil())),
            };
            (row.operation, call)
        })
        .collect()
}

/// What an answer says about rights: everything past them counts as allowed.
fn verdict(status: u16) -> &'static str {
    match status {
        401 => "401",
        403 => "403",
        404 => "404",
        500.. => "5xx",
        _ => "yes",
    }
}

struct Targets {
    /// By place, and the sealed one.
    cases: Vec<Uuid>,
    /// That each of the cases came in.
    events: Vec<Uuid>,
    members: Vec<Uuid>,
    grants: Vec<Uuid>,
}

#[actix_web::test]
async fn the_matrix_is_the_golden_one() {
    let cases = |county: &TestCounty| {
        let mut cases: Vec<_> = PLACES
            .iter()
            .map(|place| {
                past(
                    grievance(Some(county.place(place))),
                    NOW.plus_seconds(-3_600),
                    Vec::new(),
                )
            })
            .collect();
        let report = filing(liangnuo_domain::complaints::Kind::Report, Some(county.sibling));
        cases.push(past(report, NOW.plus_seconds(-7_200), Vec::new()));
        cases
    };
    let settings = liangnuo_http::HttpSettings {
        has_limits: false,
        ..liangnuo_http::HttpSettings::default()
    };
    let app = test_app_with(cases, settings).await;
    let targets = targets(&app).await;
    let mut tokens: Vec<(String, Option<String>)> = vec![("nobody".into(), None)];
    for role in Role::ALL {
        tokens.push((role.code().into(), Some(app.token(role).await)));
    }
    for role in [Role::Inspector, Role::Leader, Role::CampaignOffice, Role::Admin] {
        tokens.push((format!("{}@root", role.code()), Some(app.root_token(role).await)));
    }

    let mut table = String::from("operation @ where: who gets what (yes = past the rights)\n");
    for row in rows() {
        let places: &[&str] = match row.about {
            About::Nothing => &["-"],
            About::Case | About::CaseInBody | About::Event => &["own", "child", "sibling", "parent", "sealed"],
            _ => &PLACES,
        };
        for place in places {
            let _ = write!(table, "{} @ {place}:", row.operation);
            for (name, token) in &tokens {
                let call = call(&app, &row, place, &targets);
                let call = match token {
                    Some(token) => call.bearer(token),
                    None => call,
                };
                let answer = app.send(call).await;
                assert!(
                    answer.status.as_u16() < 500,
                    "{} {place} {name}: {}",
                    row.operation,
                    answer.json
                );
                let _ = write!(table, " {name}={}", verdict(answer.status.as_u16()));
            }
            table.push('\n');
        }
    }
    insta::assert_snapshot!("authz_matrix", table);
}

async fn targets<S, B>(app: &TestApp<S>) -> Targets
where
    S: actix_web::dev::Service<
            actix_http::Request,
            Response = actix_web::dev::ServiceResponse<B>,
            Error = actix_web::Error,
        >,
    B: actix_web::body::MessageBody,
{
    let id = |sql: String| async move { app.db.texts(&sql).await };
    let hex = |uuid: Uuid| uuid.simple().to_string();
    let is_sqlite = app.db.url.starts_with("sqlite");
    let (as_hex, eq) = if is_sqlite {
        ("lower(hex(id))", "lower(hex(unit_id))")
    } else {
        ("replace(id::text, '-', '')", "replace(unit_id::text, '-', '')")
    };
    let mut cases = Vec::new();
    for place in PLACES {
        let unit = hex(app.county.place(place).0);
        let sql = format!("SELECT {as_hex} FROM complaints WHERE {eq} = '{unit}' AND kind = 'grievance'");
        cases.push(id(sql).await[0].parse().unwrap());
    }
    cases.push(
        id(format!("SELECT {as_hex} FROM complaints WHERE kind = 'report'")).await[0]
            .parse()
            .unwrap(),
    );
    let mut events = Vec::new();
    for case in &cases {
        let of_case = eq.replace("unit_id", "subject_id");
        let sql = format!(
            "SELECT {as_hex} FROM events WHERE action = 'complaints.received' AND {of_case} = '{}'",
            hex(*case)
        );
        events.push(id(sql).await[0].parse().unwrap());
    }
    let mut members = vec![app.county.member(Role::Member).0];
    // Somebody in the unit below and beside, made by the administrator of the whole county.
    let admin = app.root_token(Role::Admin).await;
    for unit in [app.county.child, app.county.sibling] {
        let body = json!({"unit_id": unit, "name": "某某"});
        let made = app
            .send(Call::new("POST", "/members").bearer(&admin).key(app.uuid()).json(&body))
            .await
            .ok(201);
        members.push(made["id"].as_str().unwrap().parse().unwrap());
    }
    members.push(app.county.root_member(Role::Member).0);
    // A role at each place, held by nobody who is asked about it.
    let security = app.root_token(Role::SecurityAdmin).await;
    let mut grants = Vec::new();
    for place in PLACES {
        let body = json!({"unit_id": app.county.place(place), "name": "某人"});
        let made = app
            .send(Call::new("POST", "/members").bearer(&admin).key(app.uuid()).json(&body))
            .await
            .ok(201);
        let body = json!({"unit_id": app.county.place(place), "member_id": made["id"], "role": "handler", "reason": "岗位调整"});
        let grant = app
            .send(
                Call::new("POST", "/role-grants")
                    .bearer(&security)
                    .key(app.uuid())
                    .json(&body),
            )
            .await
            .ok(201);
        grants.push(grant["id"].as_str().unwrap().parse().unwrap());
    }
    Targets {
        cases,
        events,
        members,
        grants,
    }
}

fn call<S, B>(app: &TestApp<S>, row: &Row, place: &str, targets: &Targets) -> Call
where
    S: actix_web::dev::Service<
            actix_http::Request,
            Response = actix_web::dev::ServiceResponse<B>,
            Error = actix_web::Error,
        >,
    B: actix_web::body::MessageBody,
{
    let at = PLACES.iter().position(|known| *known == place);
    let unit = at.map_or(app.county.own, |at| app.county.place(PLACES[at]));
    let target = match row.about {
        About::Case | About::CaseInBody => targets.cases[at.unwrap_or(PLACES.len())],
        About::Event => targets.events[at.unwrap_or(PLACES.len())],
        About::Member => targets.members[at.unwrap()],
        About::Grant => targets.grants[at.unwrap()],
        About::Unit | About::UnitInBody => unit.0,
        About::Nothing => Uuid::nil(),
    };
    let path = row
        .path
        .replace("{}", &target.to_string())
        .replace("{unit}", &unit.0.to_string());
    let call = Call::new(row.method, &path).key(app.uuid());
    if row.method == "GET" {
        return call;
    }
    // A creation gets past the rights with a body that is refused later; a change with a version that never was.
    let mut body = (row.body)(match row.about {
        About::UnitInBody => unit.0,
        About::CaseInBody => target,
        _ => app.county.sibling.0,
    });
    if row.about == About::UnitInBody && body.get("name").is_some() {
        body["name"] = json!("");
    }
    call.if_match(99).json(&body)
}
