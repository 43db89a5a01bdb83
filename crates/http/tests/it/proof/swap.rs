//! Every id of every operation is swapped: for a thing of another school, of the sealed lane, of another county in the same
//! database, and for one that never was. Nothing of it may succeed, nothing may change, and what is hidden must answer as
//! what is missing.

use std::collections::BTreeMap;

use liangnuo_domain::Role;
use liangnuo_test_support::{
    Answer,
    api::{Call, token_for},
    database::dump,
};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{
    document::{Input, Kind, Operation, operations},
    plans::{By, On, Plan, Set, plans},
    stage::{Need, Place, Stage, id_of},
};

/// Where a foreign id may be answered with success, since it changes nothing and tells nothing: the answer is the one that
/// an id of nothing gets. Filters of lists are so by nature.
const TELLS_NOTHING: [(&str, &str); 4] = [
    // Each case by itself: the answer holds its problem.
    ("assign_complaints", "/complaints/*/id"),
    ("assign_complaints", "/handler_id"),
    ("assign_complaints", "/unit_id"),
    ("read_notices", "/complaint_id"),
];

/// Units are published: whoever is signed in may look at each, and an inspector name each, but not another county's.
/// What is said about another school is taken down, too, and goes to the county's desk.
const UNITS_ARE_KNOWN: [&str; 5] = [
    "get_unit",
    "list_units",
    "export_units",
    "name_accused",
    "register_complaint",
];

/// Leaves an event by itself, whatever it is asked for.
const LOGGED_READS: [&str; 5] = [
    "export_complaints",
    "export_complaint_statistics",
    "export_events",
    "export_units",
    "export_members",
];

/// What the root unit is called in a failure.
const COUNTY: &str = "the county";

/// To whom a thing is foreign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum To {
    /// The roles at the school.
    School,
    /// Everybody but the county's inspectors.
    AllButInspectors,
    Everybody,
}

impl To {
    fn is(self, who: By) -> bool {
        match self {
            Self::School => matches!(who, By::School(_)),
            Self::AllButInspectors => who != By::Root(Role::Inspector),
            Self::Everybody => true,
        }
    }
}

/// An id that does not belong there.
struct Foreign {
    what: &'static str,
    id: Uuid,
    version: i64,
    to: To,
    /// It must answer as what never was.
    is_hidden: bool,
}

fn foreign(what: &'static str, id: Uuid, to: To, is_hidden: bool) -> Foreign {
    Foreign {
        what,
        id,
        version: 1,
        to,
        is_hidden,
    }
}

fn callers(plan: &Plan) -> Vec<By> {
    if plan.by == By::Nobody {
        return vec![By::Nobody];
    }
    let root = [
        Role::Handler,
        Role::UnitHead,
        Role::Leader,
        Role::CampaignOffice,
        Role::Inspector,
        Role::Admin,
        Role::AuditAdmin,
    ];
    let school = Role::ALL.iter().copied().map(By::School);
    school.chain(root.map(By::Root)).collect()
}

/// The foreign things of a kind, each as ready for the operation as one's own.
async fn foreigners(stage: &Stage, kind: Kind, plan: &Plan) -> Vec<Foreign> {
    let other = &stage.other;
    let sibling = stage.county.sibling.0;
    match kind {
        Kind::Case => cases(stage, plan).await,
        Kind::Unit => vec![
            foreign("another school", sibling, To::School, false),
            foreign(COUNTY, stage.county.root.0, To::School, false),
            foreign("another county's unit", other.own.0, To::Everybody, true),
        ],
        Kind::Branch => vec![foreign("another county's branch", other.branch.0, To::Everybody, true)],
        Kind::Member => {
            let member = stage.thing(On::Member, plan.by, sibling).await;
            let others = other.member(Role::Handler).0;
            vec![
                foreign("another school's member", member, To::School, true),
                foreign("another county's member", others, To::Everybody, true),
            ]
        }
        Kind::Category => {
            let admin = token_for(&stage.state, "other_root_admin").await;
            let categories = stage.get(&admin, "/categories").await;
            let item = id_of(&categories["items"][0]);
            vec![foreign("another county's category", item, To::Everybody, true)]
        }
        Kind::Template => {
            let template = stage.thing(On::Template, plan.by, sibling).await;
            let number = stage.number();
            let body =
                json!({"unit_id": other.own, "purpose": "question", "name": format!("询问{number}"), "body": "请问？"});
            let others = elsewhere(stage, "/reply-templates", body).await;
            vec![
                foreign("another school's template", template, To::School, true),
                foreign("another county's template", others, To::Everybody, true),
            ]
        }
        Kind::View => {
            let view = stage.thing(On::View, By::Root(Role::Leader), sibling).await;
            let body = json!({"name": format!("视图{}", stage.number()), "query": "phase=overdue"});
            let others = elsewhere(stage, "/me/views", body).await;
            vec![
                foreign("a colleague's view", view, To::School, true),
                foreign("another county's view", others, To::Everybody, true),
            ]
        }
        Kind::Import => {
            let import = stage.import("other_root_campaign_office", other.root).await;
            vec![foreign("another county's import", import, To::Everybody, true)]
        }
        Kind::Upload => {
            let (upload, _) = stage.upload(true).await;
            vec![foreign("somebody else's file", upload, To::Everybody, true)]
        }
        Kind::Attachment => {
            let mut found = Vec::new();
            for (what, place) in [
                ("a file of another case", Place::Own),
                ("a file of another school's case", Place::Sibling),
                ("a file of a sealed case", Place::Sealed),
            ] {
                found.push(foreign(what, stage.attached(place).await.1, To::Everybody, true));
            }
            found
        }
        Kind::Event => {
            let mut found = cases(stage, plan).await;
            for one in &mut found {
                (one.what, one.id) = (of_case(one.what), stage.event_of(one.id).await);
            }
            found
        }
        Kind::Grant => {
            let grant = stage.thing(On::Grant, plan.by, sibling).await;
            let others = stage
                .grant(("other_root_admin", "other_root_security_admin"), other.own.0)
                .await;
            vec![
                foreign("a role at another school", grant, To::School, true),
                foreign("a role in another county", others, To::Everybody, true),
            ]
        }
        Kind::Session => vec![
            foreign(
                "a colleague's session",
                stage.session("root_leader").await,
                To::School,
                true,
            ),
            foreign(
                "another county's session",
                stage.session("other_root_leader").await,
                To::Everybody,
                true,
            ),
        ],
        Kind::Card => {
            let is_appealed = plan.on == On::Card { is_appealed: true };
            let mut found = Vec::new();
            for (what, place, to) in [
                ("another school's card", Place::Sibling, To::School),
                ("a sealed case's card", Place::Sealed, To::AllButInspectors),
                ("another county's card", Place::OtherCounty, To::Everybody),
            ] {
                let (id, version) = stage.card(place, is_appealed).await;
                found.push(Foreign {
                    version,
                    ..foreign(what, id, to, true)
                });
            }
            found
        }
        Kind::Opening => {
            let mut found = Vec::new();
            for (what, place, to) in [
                ("a request about another school's case", Place::Sibling, To::School),
                ("a request about a sealed case", Place::Sealed, To::AllButInspectors),
                ("another county's request", Place::OtherCounty, To::Everybody),
            ] {
                let (id, version) = stage.opening(place, true, false).await;
                found.push(Foreign {
                    version,
                    ..foreign(what, id, to, true)
                });
            }
            found
        }
        Kind::Key => Vec::new(),
    }
}

/// What the event of a foreign case is called in a failure.
fn of_case(what: &'static str) -> &'static str {
    match what {
        "another school's case" => "an event of another school's case",
        "a sealed case" => "an event of a sealed case",
        _ => "an event of another county's case",
    }
}

/// Something new of the other county.
async fn elsewhere(stage: &Stage, path: &str, body: Value) -> Uuid {
    let token = token_for(&stage.state, "other_root_campaign_office").await;
    let made = stage.make(&token, path, &body).await;
    id_of(made.get("items").map_or(&made, |items| &items[0]))
}

async fn cases(stage: &Stage, plan: &Plan) -> Vec<Foreign> {
    let need = match plan.on {
        On::Case(need) => need,
        _ => Need::Received,
    };
    let mut found = Vec::new();
    for (what, place, to) in [
        ("another school's case", Place::Sibling, To::School),
        ("a sealed case", Place::Sealed, To::AllButInspectors),
        ("another county's case", Place::OtherCounty, To::Everybody),
    ] {
        let case = stage.case(place, need).await;
        found.push(Foreign {
            version: case.version,
            ..foreign(what, case.id, to, true)
        });
    }
    found
}

/// The plan's request with one id swapped.
fn swapped(
    stage: &Stage,
    operation: &Operation,
    plan: &Plan,
    set: &Set,
    swap: (&Input, Uuid, i64),
    token: Option<&str>,
) -> Call {
    let (input, id, version) = swap;
    let mut set = set.clone();
    let mut query = plan.query.replace("{unit}", &set.unit.to_string());
    match input {
        Input::Path(name) if name == "attachment_id" => set.file = id,
        Input::Path(_) => (set.target, set.version) = (id, version),
        Input::Query(name) => {
            let kept = query
                .split('&')
                .filter(|pair| !pair.is_empty() && !pair.starts_with(&format!("{name}=")));
            query = kept
                .map(str::to_owned)
                .chain([format!("{name}={id}")])
                .collect::<Vec<_>>()
                .join("&");
        }
        Input::Body(_) | Input::Header(_) => {}
    }
    let mut body = (plan.body)(&set);
    if let Input::Body(pointer) = input {
        let at = pointer.replace('*', "0");
        *body
            .pointer_mut(&at)
            .unwrap_or_else(|| panic!("{}: the plan's body has no {pointer}", operation.id)) =
            Value::String(id.to_string());
        if let Some(beside) = at
            .strip_suffix("/id")
            .and_then(|item| body.pointer_mut(&format!("{item}/version")))
        {
            *beside = version.into();
        }
    }
    stage.call_with(operation, &set, token, (&query, &body))
}

/// An answer without what differs between any two: the id that was asked for, the request's own.
fn told(answer: &Answer, id: Uuid) -> (u16, String) {
    let mut json = answer.json.clone();
    if let Some(fields) = json.as_object_mut() {
        fields.remove("request_id");
    }
    let text = if json.is_null() {
        String::from_utf8_lossy(&answer.bytes).into_owned()
    } else {
        json.to_string()
    };
    (answer.status.as_u16(), text.replace(&id.to_string(), "ID"))
}

/// What is wrong with an answer to a foreign id; `missing` is the answer to an id of nothing.
fn fault(
    operation: &Operation,
    input: &Input,
    foreign: &Foreign,
    answer: (u16, String),
    missing: &(u16, String),
) -> Option<String> {
    let (status, _) = answer;
    let is_filter = matches!(input, Input::Query(_));
    let is_quiet = TELLS_NOTHING
        .iter()
        .any(|(id, pointer)| *id == operation.id && *input == Input::Body((*pointer).to_owned()));
    let is_refused = matches!(status, 403 | 404 | 422);
    if !is_refused && !((is_filter || is_quiet) && status == 200) {
        return Some(format!("answered {status}"));
    }
    if (foreign.is_hidden || !is_refused) && answer != *missing {
        return Some(format!("answered {answer:?}, what is missing {missing:?}"));
    }
    None
}

fn is_own_affair(operation: &Operation, kind: Kind, foreign: &Foreign) -> bool {
    let is_known = UNITS_ARE_KNOWN.contains(&operation.id.as_str());
    kind == Kind::Unit && !foreign.is_hidden && is_known
}

/// Swaps one input for every foreign id, by every caller, and says what went wrong.
async fn try_input(
    stage: &Stage,
    operation: &Operation,
    plan: &Plan,
    set: &Set,
    input: &Input,
    tokens: &BTreeMap<String, String>,
) -> (usize, Vec<String>) {
    let kind = input.kind(&operation.id);
    let (mut tries, mut faults) = (0, Vec::new());
    let strangers = foreigners(stage, kind, plan).await;
    let before = state(stage, operation).await;
    for who in callers(plan) {
        let login = who.login();
        let token = login.as_ref().map(|login| tokens[login].as_str());
        let never = stage.uuid();
        let answer = stage
            .send(swapped(stage, operation, plan, set, (input, never, set.version), token))
            .await;
        let missing = told(&answer, never);
        let nothing = foreign("an id of nothing", never, To::Everybody, true);
        tries += 1;
        if let Some(fault) = fault(operation, input, &nothing, missing.clone(), &missing) {
            faults.push(format!("{} {input:?} {who:?} nothing: {fault}", operation.id));
        }
        for stranger in &strangers {
            if !stranger.to.is(who) && who != By::Nobody || is_own_affair(operation, kind, stranger) {
                continue;
            }
            // The public may file about any unit of the county.
            if who == By::Nobody && stranger.to != To::Everybody {
                continue;
            }
            tries += 1;
            let call = swapped(
                stage,
                operation,
                plan,
                set,
                (input, stranger.id, stranger.version),
                token,
            );
            let answer = told(&stage.send(call).await, stranger.id);
            // Over the whole county a filter finds what no filter finds: the caller's own scope.
            if matches!(input, Input::Query(_)) && stranger.what == COUNTY {
                let unfiltered = stage.send(stage.call(operation, plan, set, token)).await;
                if answer == told(&unfiltered, stranger.id) {
                    continue;
                }
            }
            if let Some(fault) = fault(operation, input, stranger, answer, &missing) {
                faults.push(format!("{} {input:?} {who:?} {}: {fault}", operation.id, stranger.what));
            }
        }
    }
    let after = state(stage, operation).await;
    for (table, rows) in &before {
        if after[table] != *rows {
            faults.push(format!("{} {input:?}: {table} changed", operation.id));
        }
    }
    (tries, faults)
}

/// The whole database but the sessions and the blocks of numbers, which have gaps anyhow, and but the events of what is
/// logged whenever it is read.
async fn state(stage: &Stage, operation: &Operation) -> BTreeMap<String, Vec<String>> {
    let mut tables = dump(&stage.url).await;
    tables.retain(|table, _| !["sessions", "refresh_tokens", "number_blocks"].contains(&table.as_str()));
    if LOGGED_READS.contains(&operation.id.as_str()) {
        tables.retain(|table, _| !["events", "event_details", "unsealed_events"].contains(&table.as_str()));
    }
    tables
}

/// A key that was used opens nothing to whoever uses it for something else, or is somebody else.
async fn try_key(
    stage: &Stage,
    operation: &Operation,
    plan: &Plan,
    set: &Set,
    tokens: &BTreeMap<String, String>,
) -> Vec<String> {
    let mut faults = Vec::new();
    let token = plan.by.login().map(|login| tokens[&login].clone());
    // The same key for another thing, by the same caller.
    let mut another = stage.set(plan).await;
    let prepared = state(stage, operation).await;
    another.key = set.key;
    let answer = stage
        .send(stage.call(operation, plan, &another, token.as_deref()))
        .await;
    if (answer.status.as_u16(), answer.code()) != (422, "idempotency_key_reused") {
        faults.push(format!(
            "{}: a used key for something else answered {} {}",
            operation.id,
            answer.status,
            answer.code()
        ));
    }
    if state(stage, operation).await != prepared {
        faults.push(format!(
            "{}: a used key for something else changed the database",
            operation.id
        ));
    }
    // The same request by somebody else: never the first one's answer.
    if let Some(made) = made_by(&stage.send(stage.call(operation, plan, set, token.as_deref())).await) {
        for who in callers(plan)
            .into_iter()
            .filter(|who| *who != plan.by && *who != By::Nobody)
        {
            let answer = stage
                .send(stage.call(operation, plan, set, who.login().map(|login| tokens[&login].as_str())))
                .await;
            if made_by(&answer).is_some_and(|other| other == made) && set.target.is_nil() {
                faults.push(format!(
                    "{}: {who:?} got the answer to somebody else's key",
                    operation.id
                ));
            }
        }
    }
    faults
}

fn made_by(answer: &Answer) -> Option<String> {
    answer
        .status
        .is_success()
        .then(|| answer.json["id"].as_str().map(str::to_owned))
        .flatten()
}

async fn tokens(stage: &Stage) -> BTreeMap<String, String> {
    let mut tokens = BTreeMap::new();
    for role in Role::ALL {
        for login in [By::School(role), By::Root(role)].iter().filter_map(|by| by.login()) {
            tokens.insert(login.clone(), token_for(&stage.state, &login).await);
        }
    }
    tokens
}

/// Goes through the operations whose place in the document leaves this remainder, so that the tests share the work.
async fn go_through(part: usize, parts: usize) {
    let stage = Stage::new().await;
    let (plans, tokens) = (plans(), tokens(&stage).await);
    let (mut tries, mut inputs, mut faults) = (0, 0, Vec::new());
    let with_ids = operations()
        .into_iter()
        .filter(|operation| !operation.inputs.is_empty());
    for operation in with_ids.skip(part).step_by(parts) {
        let plan = plans.iter().find(|plan| plan.operation == operation.id);
        let plan = plan.unwrap_or_else(|| panic!("{} takes an id and has no plan in the proofs", operation.id));
        let set = stage.set(plan).await;
        for input in operation
            .inputs
            .iter()
            .filter(|input| input.kind(&operation.id) != Kind::Key)
        {
            let (tried, found) = try_input(&stage, &operation, plan, &set, input, &tokens).await;
            inputs += 1;
            tries += tried;
            faults.extend(found);
        }
        let token = plan.by.login().map(|login| tokens[&login].clone());
        let answer = stage.send(stage.call(&operation, plan, &set, token.as_deref())).await;
        if !answer.status.is_success() {
            faults.push(format!(
                "{}: the plan itself answers {} {}",
                operation.id, answer.status, answer.json
            ));
        } else if operation.has_key {
            faults.extend(try_key(&stage, &operation, plan, &set, &tokens).await);
        }
    }
    assert!(
        faults.is_empty(),
        "{} of {tries} tries on {inputs} inputs:\n{}",
        faults.len(),
        faults.join("\n")
    );
    assert!(tries > 100 && inputs > 10, "only {tries} tries on {inputs} inputs");
}

#[actix_web::test]
async fn foreign_ids_open_nothing_first_third() {
    go_through(0, 3).await;
}

#[actix_web::test]
async fn foreign_ids_open_nothing_second_third() {
    go_through(1, 3).await;
}

#[actix_web::test]
async fn foreign_ids_open_nothing_last_third() {
    go_through(2, 3).await;
}
