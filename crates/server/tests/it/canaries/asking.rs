//! Asks for everything that can be asked for, as everybody, rightly and wrongly.

use liangnuo_test_support::api::Call;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    planting::{Crowd, NOBODY},
    searcher::{Mark, in_address},
};

/// What was planted is on one page of the log by this, however many readings come in between.
const PLANTED: &str = "count=true&limit=100&action=complaints.identity_asked,complaints.identity_approved,\
complaints.identity_held,members.created,role_grants.granted,imports.requested,imports.finished";

/// Values of a query, where an operation wants one or shows more by it.
fn queries(operation: &str, crowd: &Crowd) -> Vec<String> {
    let formats: &[&str] = match operation {
        "export_complaints" | "export_events" | "export_members" | "export_units" | "export_complaint_statistics" => {
            &["format=csv", "format=csv-gb18030", "format=xlsx"]
        }
        "list_events" => &["count=true&limit=100", PLANTED],
        "list_complaints" | "list_members" | "list_units" | "list_identity_openings" => &["count=true&limit=100"],
        "get_public_unit_qr" => &["format=svg", "format=png"],
        "get_log_proof" => &["leaf_hash=0000000000000000000000000000000000000000000000000000000000000000"],
        "list_assignees" => return vec![format!("unit_id={}", crowd.ids["unit_id"][0])],
        _ => &[""],
    };
    formats.iter().map(|&format| format.to_owned()).collect()
}

/// Every path that a pattern stands for.
fn paths(pattern: &str, crowd: &Crowd) -> Vec<String> {
    let mut found = vec![pattern.to_owned()];
    let names: Vec<&str> = pattern
        .split('{')
        .skip(1)
        .filter_map(|part| part.split('}').next())
        .collect();
    for name in names {
        let kinds = ["complaints", "units", "members"].map(str::to_owned).to_vec();
        let ids = match name {
            "kind" => &kinds,
            known => &crowd.ids[known],
        };
        found = found
            .iter()
            .flat_map(|path| ids.iter().map(move |id| path.replace(&format!("{{{name}}}"), id)))
            .collect();
    }
    found
}

/// Every GET of the document, as every account and as nobody. Gives how many operations there were.
pub(super) fn everything(crowd: &mut Crowd, document: &Value) -> usize {
    let events = crowd
        .get("list_events", "inspector", &format!("/events?{PLANTED}"))
        .ok();
    let events = events["items"].as_array().unwrap().iter();
    let events = events.map(|event| event["id"].as_str().unwrap().to_owned()).collect();
    crowd.ids.insert("event_id", events);
    let everybody: Vec<String> = crowd.tokens.keys().cloned().chain([NOBODY.to_owned()]).collect();
    let mut operations = 0;
    for (pattern, item) in document["paths"].as_object().unwrap() {
        let Some(operation) = item["get"]["operationId"].as_str() else {
            continue;
        };
        operations += 1;
        for path in paths(pattern, crowd) {
            for query in queries(operation, crowd) {
                let address = format!("{path}?{query}");
                for who in &everybody {
                    let call = Call::new("GET", address.trim_end_matches('?'));
                    // Whoever has no token of an upload can't know the right one.
                    crowd.ask(operation, who, call.header("Upload-Token", "no token of this upload"));
                }
            }
        }
    }
    operations
}

/// A value where it does not belong, in as many ways as there are.
fn misplaced(value: &str) -> Vec<Call> {
    let (address, key) = (in_address(value), Uuid::from_u128(7));
    let post = |path: &str, body: &Value| Call::new("POST", path).key(key).json(body);
    let mut unknown = json!({"kind": "grievance", "title": "题", "body": "文", "altcha": "x"});
    unknown[value] = json!(value);
    let contact = json!({"name": value.repeat(12), "phone": value.repeat(3), "email": value});
    let wrong = json!({"kind": value, "title": value, "body": [value], "unit_id": value, "altcha": value});
    let long =
        json!({"kind": "grievance", "title": value.repeat(40), "body": value, "contact": contact, "altcha": value});
    let form: [(&str, Option<&str>, &[u8]); 2] =
        [("file", Some(value), value.as_bytes()), (value, None, value.as_bytes())];
    vec![
        post("/public/complaints", &unknown),
        post("/public/complaints", &wrong),
        post("/public/complaints", &long),
        Call::new("POST", "/public/complaints")
            .body("application/json", format!("{{\"title\": \"{value}\", {value}").into()),
        Call::new("POST", "/public/complaints").body(&format!("text/{address}"), value.into()),
        post(
            "/public/uploads",
            &json!({"name": value, "size": value, "altcha": value}),
        ),
        post(
            "/public/complaints/messages",
            &json!({"receipt_code": value, "body": value, "altcha": value}),
        ),
        post(
            "/auth/login",
            &json!({"login": value.repeat(9), "password": value.repeat(9), value: 1}),
        ),
        post("/auth/second-factor", &json!({"ticket": value, "code": value})),
        post("/auth/refresh", &json!({"refresh_token": value.repeat(9)})),
        post(
            "/auth/account-links/redeem",
            &json!({"token": value, "login": value, "password": value}),
        ),
        post(
            "/identity-openings",
            &json!({"complaint_id": value, "category": value, "reason": value}),
        ),
        post("/complaints", &json!({"kind": value, "channel": value, "title": value})),
        Call::new("PATCH", &format!("/units/{address}"))
            .header("If-Match", address.clone())
            .json(&json!({"name": value})),
        Call::new("POST", "/categories")
            .header("Idempotency-Key", address.clone())
            .json(&json!({"name": value})),
        Call::new("GET", "/me").header("Authorization", format!("Bearer {address}")),
        Call::new("GET", "/auth/options")
            .header("Cookie", format!("liangnuo={address}"))
            .header("Host", address.clone()),
        Call::new("POST", "/auth/refresh")
            .header("Cookie", format!("liangnuo={address}"))
            .header("X-Liangnuo-Refresh", "1")
            .json(&json!({})),
        Call::new("GET", &format!("/complaints/{address}")),
        Call::new("GET", &format!("/complaints?{address}=1")),
        Call::new("GET", &format!("/complaints?kind={address}&state={address}")),
        Call::new("GET", &format!("/complaints?cursor={address}")),
        Call::new("GET", &format!("/events?from={address}&q={}", address.repeat(20))),
        Call::new("GET", &format!("/{address}/{address}?{address}")),
        Call::new("GET", &format!("/public/units/{address}")),
        Call::new("DELETE", &format!("/me/views/{address}")),
        Call::new("POST", "/imports/complaints/inspect").form(&form),
        Call::new("POST", "/imports/members").key(key).form(&form),
    ]
}

/// Every mark in wrong fields, as nobody and as somebody who gets further. Gives how many of the requests were refused.
pub(super) fn wrongly(crowd: &mut Crowd, marks: &[Mark]) -> usize {
    let before = crowd.heard.len();
    let others = ["handler", "inspector", "admin"].iter().cycle();
    for (text, other) in marks.iter().filter_map(Mark::text).zip(others) {
        for call in misplaced(text) {
            for who in [NOBODY, other] {
                crowd.ask("requests that were taken", who, call.clone());
            }
        }
    }
    // What was taken is answered as it is elsewhere: what counts here is what is refused.
    let refused = |heard: &super::planting::Heard| heard.place == super::planting::ERRORS;
    let kept: Vec<_> = crowd.heard.split_off(before).into_iter().filter(refused).collect();
    let count = kept.len();
    crowd.heard.extend(kept);
    count
}
