//! Cases of the past are written at once; step by step the same rows come of them.

use std::future::Future;

use liangnuo_domain::{
    ComplaintId, MemberId, Role, Timestamp,
    complaints::{Channel, Contact, Filing, Kind, ReplyParts, Watch},
};
use liangnuo_persistence::{
    StoreError,
    complaints::{Assignment, CaseFilter, CaseSort, CaseStep, NewCase, Proof},
    county::{PastCase, PastStep, PastVerb},
    db::Database,
    idempotency::IdempotencyKey,
    page::PageRequest,
};
use liangnuo_test_support::NOW;
use uuid::Uuid;

use crate::support::{World, at};

const fn hours(count: i64) -> Timestamp {
    at(count * 3_600 - 40 * 86_400)
}

fn filing(world: &World, kind: Kind) -> Filing {
    let about = Some(world.county.own);
    Filing::parse(
        kind,
        Channel::Phone,
        "食堂饭菜偏凉",
        "孩子中午吃到的饭菜是凉的。",
        about,
        None,
        false,
    )
    .unwrap()
}

fn parts(facts: &str) -> ReplyParts {
    ReplyParts::parse("您反映饭菜偏凉。", facts, "送餐改走南门。", "供餐合同第七条。", true).unwrap()
}

fn past(filing: Filing, received_at: Timestamp, steps: Vec<PastStep>) -> PastCase {
    PastCase {
        filing,
        contact: Some(Contact::parse("王明", Some("000-0000-0001"), None).unwrap()),
        received_at,
        steps,
    }
}

/// The scripts: every verb that the past knows.
fn scripts(world: &World) -> Vec<PastCase> {
    let member = |role| Some(world.county.member(role));
    let root = |role| Some(world.county.root_member(role));
    let step = |hour, by: Option<MemberId>, what| PastStep {
        at: hours(hour),
        by,
        what,
    };
    let (handler, head, office) = (
        member(Role::Handler),
        member(Role::UnitHead),
        root(Role::CampaignOffice),
    );
    let give = |hour, to: Option<MemberId>| {
        let unit = world.county.own;
        step(hour, office, PastVerb::Assign { unit, handler: to })
    };
    let draft = |hour, by, facts: &str, submit| {
        step(
            hour,
            by,
            PastVerb::Draft {
                parts: parts(facts),
                submit,
            },
        )
    };
    let other = past(
        filing(world, Kind::Grievance),
        hours(2),
        vec![
            step(3, office, PastVerb::Accept),
            step(420, head, PastVerb::Conclude(Some("答复满期。".to_owned()))),
        ],
    );
    let supervise = PastVerb::Supervise(Watch {
        reason: "请限期办结。".to_owned(),
        due_on: Some(hours(400).day()),
        report_days: Some(3),
    });
    let long = vec![
        step(1, office, PastVerb::Accept),
        step(4, office, PastVerb::Lead(Box::new(other))),
        give(5, handler),
        step(6, root(Role::Leader), supervise),
        step(6, handler, PastVerb::Report("已约家长见面。".to_owned())),
        draft(7, handler, "送餐车绕行。", false),
        step(8, handler, PastVerb::Message("请问是哪几天？".to_owned())),
        step(9, None, PastVerb::Add("周二到周四。".to_owned())),
        draft(10, handler, "送餐车绕行北门。", true),
        step(11, head, PastVerb::Approve { send: true }),
        step(
            12,
            None,
            PastVerb::Rate {
                level: 2,
                comment: Some("没有改。".to_owned()),
            },
        ),
        step(
            13,
            None,
            PastVerb::Redo {
                reason: "还是凉的。".to_owned(),
                not_by: handler,
            },
        ),
        give(14, root(Role::Handler)),
        draft(15, root(Role::Handler), "重新测温，已经合格。", true),
        step(16, head, PastVerb::Approve { send: true }),
        step(
            17,
            None,
            PastVerb::Rate {
                level: 5,
                comment: None,
            },
        ),
    ];
    let not_accepted = PastVerb::NotAccept {
        reason: "不属于教育部门的职责。".to_owned(),
        where_to_go: Some("县市场监督管理局".to_owned()),
    };
    let open = vec![
        step(1, office, PastVerb::Accept),
        give(2, handler),
        draft(3, handler, "正在核实。", true),
        step(4, head, PastVerb::Approve { send: false }),
    ];
    let taken_back = vec![
        step(1, office, PastVerb::Accept),
        step(2, None, PastVerb::Withdraw(Some("已经解决。".to_owned()))),
    ];
    let text = |text: &str| text.to_owned();
    let asked = vec![
        step(1, office, PastVerb::Accept),
        step(2, office, PastVerb::MarkEmergency(text("孩子可能受伤。"))),
        give(3, handler),
        step(
            4,
            handler,
            PastVerb::Wait {
                question: text("请问是哪几天？"),
                days: 5,
            },
        ),
        step(5, None, PastVerb::Add(text("周二到周四。"))),
        step(
            6,
            handler,
            PastVerb::AskExtension {
                days: 5,
                reason: text("等检测报告。"),
            },
        ),
    ];
    let objected = vec![
        step(1, office, PastVerb::Accept),
        give(2, handler),
        step(3, head, PastVerb::Object(text("不在我校校内。"))),
    ];
    let referred = PastVerb::Refer {
        reason: text("由市场监管部门查处。"),
        to: text("县市场监督管理局"),
    };
    vec![
        past(filing(world, Kind::Grievance), hours(0), asked),
        past(filing(world, Kind::Grievance), hours(0), objected),
        past(
            filing(world, Kind::Grievance),
            hours(0),
            vec![step(1, office, referred)],
        ),
        past(filing(world, Kind::Grievance), hours(0), long),
        past(
            filing(world, Kind::Inquiry),
            hours(24),
            vec![step(25, office, not_accepted)],
        ),
        past(filing(world, Kind::Suggestion), hours(0), open),
        past(filing(world, Kind::Inquiry), hours(0), taken_back),
        past(filing(world, Kind::Report), hours(0), Vec::new()),
    ]
}

/// A case on its way through the commands.
struct Live<'a> {
    world: &'a World,
    id: ComplaintId,
    receipt: Vec<u8>,
    version: i64,
}

impl<'a> Live<'a> {
    async fn file(world: &'a World, case: &PastCase) -> Self {
        let (store, ids) = (world.store(), world.store().ids());
        let (id, receipt) = (ComplaintId(ids.v4()), ids.bytes::<32>().to_vec());
        let new = NewCase {
            region: world.county.root,
            id,
            receipt_hash: receipt.clone(),
            filing: case.filing.clone(),
            contact: case.contact.clone(),
            files: Vec::new(),
        };
        let key = IdempotencyKey::new("public", ids.v4(), "file_complaint", b"");
        let filed = store.file_complaint(new, key, Some(proof(world)), case.received_at);
        filed.await.unwrap();
        Self {
            world,
            id,
            receipt,
            version: 1,
        }
    }

    fn caller(&self, member: MemberId) -> liangnuo_persistence::callers::Caller {
        let county = &self.world.county;
        if let Some((role, _)) = county.at_own.iter().find(|(_, id)| *id == member) {
            return county.caller(*role);
        }
        let (role, _) = county.at_root.iter().find(|(_, id)| *id == member).unwrap();
        county.root_caller(*role)
    }

    async fn play(&mut self, steps: &[PastStep]) {
        for step in steps {
            match step.by {
                Some(member) => Box::pin(self.by_member(member, step)).await,
                None => self.by_complainant(step).await,
            }
            self.version += 1;
        }
    }

    async fn by_complainant(&self, step: &PastStep) {
        let (store, region, at) = (self.world.store(), self.world.county.root, step.at);
        let (receipt, proof) = (self.receipt.clone(), Some(proof(self.world)));
        let key = IdempotencyKey::new("public", store.ids().v4(), "add", b"");
        match step.what.clone() {
            PastVerb::Add(body) => {
                ok(store.add_to_complaint(region, receipt, (body, Vec::new()), key, proof, at)).await
            }
            PastVerb::Rate { level, comment } => {
                ok(store.rate_complaint(region, receipt, level, comment, proof, at)).await;
            }
            PastVerb::Redo { reason, .. } => ok(store.redo_complaint(region, receipt, reason, proof, at)).await,
            PastVerb::Withdraw(reason) => ok(store.withdraw_complaint(region, receipt, reason, proof, at)).await,
            other => panic!("{other:?} is no step of a complainant"),
        }
    }

    async fn by_member(&self, member: MemberId, step: &PastStep) {
        let (store, caller, at) = (self.world.store(), self.caller(member), step.at);
        let (id, version) = (self.id, self.version);
        let key = IdempotencyKey::new("staff", store.ids().v4(), "message", b"");
        let step = match step.what.clone() {
            PastVerb::Accept => CaseStep::Accept,
            PastVerb::NotAccept { reason, where_to_go } => CaseStep::NotAccept { reason, where_to_go },
            PastVerb::Draft { parts, submit } => CaseStep::Draft { parts, submit },
            PastVerb::Approve { send } => CaseStep::Approve { send },
            PastVerb::Supervise(watch) => CaseStep::Supervise(watch),
            PastVerb::Report(report) => CaseStep::Report { report },
            PastVerb::Conclude(reason) => CaseStep::Conclude { reason },
            PastVerb::MarkEmergency(reason) => CaseStep::MarkEmergency { reason },
            PastVerb::AskExtension { days, reason } => CaseStep::AskExtension { days, reason },
            PastVerb::Object(reason) => CaseStep::Object { reason },
            PastVerb::Refer { reason, to } => CaseStep::Refer {
                reason,
                where_to_go: to,
            },
            PastVerb::Wait { question, days } => {
                return ok(store.hold_case(caller, id, version, question, days, key, at)).await;
            }
            PastVerb::Assign { unit, handler } => {
                let to = Assignment {
                    unit,
                    handler,
                    note: None,
                };
                return Box::pin(ok(store.assign_case(caller, id, version, to, at))).await;
            }
            PastVerb::Message(body) => {
                return ok(store.message_complainant(caller, id, version, body, key, at)).await;
            }
            other => panic!("{other:?} is no step of a member"),
        };
        ok(store.step_case(caller, id, version, step, at)).await;
    }
}

async fn ok<T: std::fmt::Debug>(outcome: impl Future<Output = Result<T, StoreError>>) {
    outcome.await.unwrap();
}

fn proof(world: &World) -> Proof {
    Proof {
        challenge: world.store().ids().v4().to_string(),
        expires_at: at(600),
    }
}

/// Plays a script through the commands; gives the case, and the one that was merged into it.
async fn through_commands(world: &World, script: &PastCase) -> Vec<Uuid> {
    let mut live = Live::file(world, script).await;
    let lead_at = script
        .steps
        .iter()
        .position(|step| matches!(step.what, PastVerb::Lead(_)));
    let Some(lead_at) = lead_at else {
        live.play(&script.steps).await;
        return vec![live.id.0];
    };
    let merger = &script.steps[lead_at];
    let PastVerb::Lead(other) = &merger.what else {
        unreachable!()
    };
    let (before, later): (Vec<_>, Vec<_>) = other.steps.iter().cloned().partition(|step| step.at <= merger.at);
    live.play(&script.steps[..lead_at]).await;
    let mut follower = Live::file(world, other).await;
    follower.play(&before).await;
    let by = live.caller(merger.by.unwrap());
    ok(world
        .store()
        .merge_case(by, follower.id, follower.version, live.id, merger.at))
    .await;
    // Whoever leads is bound by the other one's date.
    let office = world.county.root_caller(Role::CampaignOffice);
    live.version = world
        .store()
        .case(&office, live.id, NOW)
        .await
        .unwrap()
        .complaint
        .version;
    live.play(&script.steps[lead_at + 1..]).await;
    // It was merged, and answered along with the other one, twice.
    let known = world.store().case(&office, follower.id, NOW).await.unwrap();
    follower.version = known.complaint.version;
    follower.play(&later).await;
    vec![live.id.0, follower.id.0]
}

/// What differs between two cases that are otherwise the same.
const OWN: [&str; 14] = [
    "id",
    "number",
    "receipt_hash",
    "complaint_id",
    "document",
    "content",
    "duplicate_of_id",
    "event_id",
    // Sealed anew each time.
    "name",
    "phone",
    "email",
    "row_key",
    "key_id",
    "phone_index",
];

/// A table's rows that belong to a case, every column of them as text, but what is a case's own.
async fn rows(world: &World, table: &str, key: &str, case: Uuid, order: &str) -> Vec<String> {
    let (columns, shown) = match world.store().database() {
        Database::Sqlite => (format!("SELECT name FROM pragma_table_info('{table}')"), "quote(@)"),
        Database::Postgres => (
            format!("SELECT column_name::text FROM information_schema.columns WHERE table_name = '{table}'"),
            "quote_nullable(@::text)",
        ),
    };
    let mut columns = world.db.texts(&columns).await;
    columns.sort();
    columns.retain(|column| !OWN.contains(&column.as_str()));
    assert!(!columns.is_empty(), "{table}");
    let line: Vec<String> = columns
        .iter()
        .map(|column| format!("'{column}=' || {}", shown.replace('@', column)))
        .collect();
    let line = line.join(" || ' ' || ");
    let id = world.id(case);
    let lines = world
        .db
        .texts(&format!(
            "SELECT {line} FROM {table} WHERE {key} = {id} ORDER BY {order}"
        ))
        .await;
    lines.into_iter().map(without_whose_date).collect()
}

/// The case whose date binds a lead is another one in each way, too.
fn without_whose_date(line: String) -> String {
    const WHOSE: &str = "\"complaint\":\"";
    match line.split_once(WHOSE) {
        Some((before, after)) => format!("{before}{WHOSE}{}", &after[36..]),
        None => line,
    }
}

/// What happened to a case: when, what, by whom, and the detail without the ids of what belongs to the case.
async fn timeline(world: &World, case: Uuid) -> Vec<String> {
    let actor = world.hex("e.actor_id");
    let sql = format!(
        "SELECT e.at || ' ' || e.action || ' ' || e.actor_kind || ' ' || COALESCE({actor}, '-') || ' ' || d.json
         FROM events e JOIN event_details d ON d.event_id = e.id WHERE e.subject_id = {} ORDER BY e.at, e.position",
        world.id(case)
    );
    let lines = world.db.texts(&sql).await;
    let masked = |line: &String| {
        let (head, json) = line.split_at(line.find('{').unwrap());
        let mut detail: serde_json::Value = serde_json::from_str(json).unwrap();
        for own in ["reply", "message", "into"] {
            if let Some(id) = detail.get_mut(own) {
                *id = serde_json::Value::Null;
            }
        }
        format!("{head}{detail}")
    };
    lines.iter().map(masked).collect()
}

#[tokio::test]
async fn what_is_played_in_memory_is_what_the_commands_would_have_written() {
    let world = World::new().await;
    let scripts = scripts(&world);
    world
        .store()
        .load_past(world.county.root, scripts.clone(), NOW)
        .await
        .unwrap();
    let mut made = Vec::new();
    let ids = format!("SELECT {} FROM complaints", world.hex("id"));
    for id in world.db.texts(&ids).await {
        let id = Uuid::parse_str(&id).unwrap();
        made.push((timeline(&world, id).await, id));
    }
    for script in &scripts {
        for live in through_commands(&world, script).await {
            let way = timeline(&world, live).await;
            let fits = made.iter().position(|(past, _)| *past == way);
            let fits = fits.unwrap_or_else(|| panic!("no case of the past went this way: {way:#?}"));
            let (_, past) = made.remove(fits);
            for (table, key, order) in [
                ("complaints", "id", "1"),
                ("complaint_contacts", "complaint_id", "1"),
                ("complaint_messages", "complaint_id", "created_at"),
                ("complaint_replies", "complaint_id", "sent_at"),
                ("complaint_drafts", "complaint_id", "1"),
                ("complaint_accused", "complaint_id", "1"),
                ("complaint_search", "complaint_id", "1"),
            ] {
                let (theirs, ours) = (
                    rows(&world, table, key, past, order).await,
                    rows(&world, table, key, live, order).await,
                );
                assert_eq!(theirs, ours, "{table}");
            }
            assert_eq!(text(&world, past).await, text(&world, live).await);
        }
    }
    assert_eq!(made, Vec::new(), "each was compared");
}

/// The text that a case is found by, without its number.
async fn text(world: &World, case: Uuid) -> Vec<String> {
    let id = world.id(case);
    let numbers = world
        .db
        .texts(&format!("SELECT number FROM complaints WHERE id = {id}"))
        .await;
    let number = numbers[0].to_lowercase();
    let contents = world
        .db
        .texts(&format!(
            "SELECT content FROM complaint_search WHERE complaint_id = {id}"
        ))
        .await;
    assert_eq!(contents.len(), 1);
    contents[0].split('\n').map(|line| line.replace(&number, "N")).collect()
}

#[tokio::test]
async fn cases_of_the_past_are_found_by_what_was_answered_and_numbered_as_they_came_in() {
    let world = World::new().await;
    let mut scripts = scripts(&world);
    scripts.reverse();
    world.store().load_past(world.county.root, scripts, NOW).await.unwrap();
    let filter = CaseFilter {
        q: Some("绕行北门".to_owned()),
        ..CaseFilter::default()
    };
    let office = world.county.root_caller(Role::CampaignOffice);
    let request = PageRequest::first(10);
    let found = world
        .store()
        .list_cases(&office, filter, CaseSort::default(), &request, NOW)
        .await
        .unwrap();
    assert_eq!(
        found.items.len(),
        2,
        "the case and the one that was answered along with it"
    );
    let sql = "SELECT number FROM complaints ORDER BY received_at, number";
    let by_time = world.db.texts(sql).await;
    assert!(by_time.is_sorted() && by_time.len() == 9, "{by_time:?}");
}

#[tokio::test]
async fn contact_data_of_a_case_that_ended_long_ago_went_when_their_time_was_over() {
    const DAY: i64 = 86_400;
    let world = World::new().await;
    let ended = |days: i64| {
        let withdrawn = PastStep {
            at: at(-days * DAY),
            by: None,
            what: PastVerb::Withdraw(None),
        };
        past(filing(&world, Kind::Grievance), at(-(days + 1) * DAY), vec![withdrawn])
    };
    let cases = vec![ended(200), ended(100)];
    world.store().load_past(world.county.root, cases, NOW).await.unwrap();
    let erased =
        "SELECT COUNT(*) FROM complaint_contacts WHERE name IS NULL AND key_id IS NULL AND erased_at IS NOT NULL";
    let kept = "SELECT COUNT(*) FROM complaint_contacts WHERE name IS NOT NULL AND erased_at IS NULL";
    assert_eq!((world.db.number(erased).await, world.db.number(kept).await), (1, 1));
    // On its day, in the log as on the row, and nothing is left for the worker.
    let days =
        |column: &str, from: &str| format!("SELECT ({} - {column}) / {} FROM {from}", NOW.micros(), DAY * 1_000_000);
    let of_row = days("erased_at", "complaint_contacts WHERE erased_at IS NOT NULL");
    let of_event = days("at", "events WHERE action = 'complaints.identity_erased'");
    assert_eq!(
        (world.db.number(&of_row).await, world.db.number(&of_event).await),
        (20, 20)
    );
    assert_eq!(world.store().erase_identities(NOW).await.unwrap(), 0);
}
