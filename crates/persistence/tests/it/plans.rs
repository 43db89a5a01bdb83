//! Nothing that a list, a search, a count or a lookup does grows with the whole of a large table. The statements are the
//! ones that the store really sends; the database itself says how it goes about them.

use liangnuo_domain::{
    MemberId, Role, Timestamp,
    clocks::Phase,
    complaints::{Channel, Filing, Kind, ReplyParts, State},
};
use liangnuo_persistence::{
    Store,
    callers::Caller,
    complaints::{CaseFilter, CaseSort},
    county::{PastCase, PastStep, PastVerb},
    db::Database,
    members::MemberFilter,
    page::PageRequest,
    units::UnitFilter,
};
use liangnuo_test_support::NOW;
use uuid::Uuid;

use crate::{
    explain::{Explainer, Sent},
    support::{World, at, key},
};

/// Cases in the tables: enough for a scan to stand out.
const CASES: i64 = 3_000;

const DAY: i64 = 86_400;

/// Ten years of cases, the last ones open. What is rare was long ago.
fn cases(world: &World, categories: &[liangnuo_domain::CategoryId]) -> Vec<PastCase> {
    let county = &world.county;
    let (handler, head, leader) = (
        county.root_member(Role::Handler),
        county.root_member(Role::UnitHead),
        county.root_member(Role::Leader),
    );
    let parts = ReplyParts::parse("您反映饭菜偏凉。", "送餐车绕行。", "已改走南门。", "合同第七条。", true).unwrap();
    let kinds = [
        Kind::Grievance,
        Kind::Suggestion,
        Kind::Inquiry,
        Kind::Grievance,
        Kind::Report,
    ];
    let channels = [
        Channel::Web,
        Channel::Phone,
        Channel::Counter,
        Channel::Mailbox,
        Channel::Email,
        Channel::Mobile,
    ];
    (0..CASES)
        .map(|number| {
            let place = usize::try_from(number).unwrap();
            let received_at = at(-(CASES - number) * DAY - 3_600);
            let unit = if number % 19 == 0 { county.own } else { county.sibling };
            let body = if number == 7 {
                "望远镜坏了。"
            } else {
                "孩子中午吃到的饭菜是凉的。"
            };
            let kind = kinds[place % kinds.len()];
            let category = categories[if number < 9 {
                0
            } else {
                1 + place % (categories.len() - 1)
            }];
            let filing = Filing::parse(
                kind,
                channels[place % channels.len()],
                "食堂饭菜偏凉",
                body,
                Some(unit),
                Some(category),
                true,
            );
            let mut hours = 0;
            let mut step = |by: Option<MemberId>, what| {
                hours += 1;
                PastStep {
                    at: received_at.plus_seconds(hours * 3_600),
                    by,
                    what,
                }
            };
            let mut steps = vec![step(Some(head), PastVerb::Accept)];
            if kind != Kind::Report && number < CASES - 40 {
                steps.push(step(
                    Some(head),
                    PastVerb::Assign {
                        unit,
                        handler: Some(handler),
                    },
                ));
                if number % 1_000 == 3 {
                    let reason = "请限期办结。".to_owned();
                    steps.push(step(Some(leader), PastVerb::Supervise { reason, due_on: None }));
                }
                steps.push(step(
                    Some(handler),
                    PastVerb::Draft {
                        parts: parts.clone(),
                        submit: true,
                    },
                ));
                steps.push(step(Some(head), PastVerb::Approve { send: true }));
                let level = if number % 1_000 == 5 { 1 } else { 5 };
                steps.push(step(None, PastVerb::Rate { level, comment: None }));
            } else if number < CASES - 40 {
                steps.push(step(None, PastVerb::Withdraw(None)));
            }
            PastCase {
                filing: filing.unwrap(),
                contact: None,
                received_at,
                steps,
            }
        })
        .collect()
}

/// Fills the other large tables, past the product.
async fn crowd(world: &World) {
    let is_sqlite = world.store().database() == Database::Sqlite;
    let id = if is_sqlite {
        "randomblob(16)"
    } else {
        "gen_random_uuid()"
    };
    let hundred = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)";
    let root = world.id(world.county.root.0);
    let own = world.id(world.county.own.0);
    let member = world.id(world.county.root_member(Role::Leader).0);
    let on = NOW.micros();
    let filling = [
        format!(
            "INSERT INTO members (region_id, id, unit_id, name, is_party_member, search_text, created_at, version)
             {hundred} SELECT {root}, {id}, {own}, '王' || i, FALSE, '王' || i, 0, 1 FROM n"
        ),
        format!(
            "INSERT INTO notices (region_id, id, member_id, complaint_id, kind, created_at, read_at)
             SELECT region_id, {id}, {member}, id, 'assigned', received_at, received_at FROM complaints"
        ),
        format!(
            "INSERT INTO outbox (id, region_id, topic, subject_id, created_at, available_at, leased_until, attempts, done_at)
             {hundred} SELECT {id}, {root}, 'import', {id}, 0, 0, 0, 1, 1 FROM n"
        ),
        format!(
            "INSERT INTO idempotency_keys (caller, idempotency_key, operation, request_hash, subject_id, expires_at)
             {hundred} SELECT 'somebody' || i, {id}, 'create', {member_bytes}, {id}, {on} + i FROM n",
            member_bytes = if is_sqlite { "X'00'" } else { "'\\x00'::bytea" },
        ),
        format!(
            "INSERT INTO complaint_messages (region_id, id, complaint_id, body, created_at)
             SELECT region_id, {id}, id, '补充', received_at FROM complaints"
        ),
        "INSERT INTO complaint_contacts (region_id, complaint_id, name)
         SELECT region_id, id, '王明' FROM complaints"
            .to_owned(),
    ];
    for sql in filling {
        world.db.run(&sql).await;
    }
    world.store().analyze().await.unwrap();
    if !is_sqlite {
        // Nothing is left for the index of pairs to sort in.
        world.db.run("VACUUM").await;
    }
}

/// Every filter by itself, with a name for the message.
fn filters(world: &World, category: liangnuo_domain::CategoryId) -> Vec<(&'static str, CaseFilter)> {
    let any = CaseFilter::default;
    let day = |days: i64| at(-days * DAY).day();
    let word = |q: &str| CaseFilter {
        q: Some(q.to_owned()),
        ..any()
    };
    let states = |states: &[State]| CaseFilter {
        states: states.to_vec(),
        ..any()
    };
    let phase = |phase| CaseFilter {
        phases: vec![phase],
        ..any()
    };
    vec![
        ("nothing", any()),
        ("a word", word("望远镜")),
        ("two letters", word("望远")),
        ("a number", word("2025-000100-X")),
        ("a state", states(&[State::Accepted])),
        ("a usual state", states(&[State::Concluded])),
        ("a state that nothing is in", states(&[State::Received])),
        ("two states", states(&[State::Concluded, State::Accepted])),
        ("no clock", phase(Phase::None)),
        ("overdue", phase(Phase::Overdue)),
        ("long overdue", phase(Phase::LongOverdue)),
        ("due soon", phase(Phase::DueSoon)),
        ("on time", phase(Phase::OnTime)),
        (
            "a channel",
            CaseFilter {
                channels: vec![Channel::Email],
                ..any()
            },
        ),
        (
            "a kind",
            CaseFilter {
                kinds: vec![Kind::Inquiry],
                ..any()
            },
        ),
        (
            "a unit",
            CaseFilter {
                unit: Some(world.county.own),
                ..any()
            },
        ),
        (
            "the root",
            CaseFilter {
                unit: Some(world.county.root),
                ..any()
            },
        ),
        (
            "a handler",
            CaseFilter {
                handler: Some(world.county.root_member(Role::Handler)),
                ..any()
            },
        ),
        (
            "nobody's",
            CaseFilter {
                handler: Some(world.county.member(Role::Handler)),
                ..any()
            },
        ),
        (
            "a rare category",
            CaseFilter {
                category: Some(category),
                ..any()
            },
        ),
        (
            "received long ago",
            CaseFilter {
                received_to: Some(day(CASES - 30)),
                ..any()
            },
        ),
        (
            "received lately",
            CaseFilter {
                received_from: Some(day(30)),
                ..any()
            },
        ),
        (
            "answered long ago",
            CaseFilter {
                replied_to: Some(day(CASES - 30)),
                ..any()
            },
        ),
        (
            "answered lately",
            CaseFilter {
                replied_from: Some(day(60)),
                ..any()
            },
        ),
        (
            "due",
            CaseFilter {
                due_before: Some(NOW),
                ..any()
            },
        ),
        (
            "a year",
            CaseFilter {
                year: Some(day(CASES - 400).format("%Y").to_string().parse().unwrap()),
                ..any()
            },
        ),
        (
            "answered late",
            CaseFilter {
                days_to_reply_over: Some(15.0),
                ..any()
            },
        ),
        (
            "not satisfied",
            CaseFilter {
                is_rated_unsatisfied: Some(true),
                ..any()
            },
        ),
        (
            "an emergency",
            CaseFilter {
                is_emergency: Some(true),
                ..any()
            },
        ),
        (
            "no emergency",
            CaseFilter {
                is_emergency: Some(false),
                ..any()
            },
        ),
        (
            "supervised",
            CaseFilter {
                is_supervised: Some(true),
                ..any()
            },
        ),
        (
            "not supervised",
            CaseFilter {
                is_supervised: Some(false),
                ..any()
            },
        ),
        (
            "done again",
            CaseFilter {
                is_redone: Some(true),
                ..any()
            },
        ),
        (
            "several channels and kinds",
            CaseFilter {
                channels: vec![Channel::Email, Channel::Counter],
                kinds: vec![Kind::Inquiry, Kind::Suggestion],
                ..any()
            },
        ),
        (
            "nobody's yet",
            CaseFilter {
                has_handler: Some(false),
                ..any()
            },
        ),
        (
            "anonymous",
            CaseFilter {
                is_anonymous: Some(true),
                ..any()
            },
        ),
        (
            "very dissatisfied",
            CaseFilter {
                satisfaction: vec![1],
                ..any()
            },
        ),
        (
            "due later",
            CaseFilter {
                due_from: Some(NOW),
                ..any()
            },
        ),
        (
            "more time asked",
            CaseFilter {
                is_extension_asked: Some(true),
                ..any()
            },
        ),
    ]
}

/// The lists of cases: each filter alone in the usual order, each order, and pages far down.
async fn lists(
    store: &Store,
    sent: &Sent,
    explainer: &mut Explainer,
    filters: Vec<(&'static str, CaseFilter)>,
    callers: &[(&str, Caller)],
) {
    let list = async |caller: &Caller, filter: &CaseFilter, sort, request: &PageRequest| {
        store
            .list_cases(caller, filter.clone(), sort, request, NOW)
            .await
            .unwrap()
    };
    for (who, caller) in callers {
        sent.take();
        for (name, filter) in &filters {
            list(caller, filter, CaseSort::NewestFirst, &PageRequest::first(20)).await;
            explainer.explain(&format!("{who}, {name}"), sent.take()).await;
        }
        for sort in [
            CaseSort::NewestFirst,
            CaseSort::OldestFirst,
            CaseSort::DueFirst,
            CaseSort::DueLast,
        ] {
            let mut request = PageRequest::first(100);
            for _ in 0..12 {
                let page = list(caller, &CaseFilter::default(), sort, &request).await;
                request.cursor = page.next_cursor;
                explainer
                    .explain(&format!("{who}, {sort:?} far down"), sent.take())
                    .await;
                if request.cursor.is_none() {
                    break;
                }
            }
        }
        let (_, rare) = &filters[1];
        list(caller, rare, CaseSort::Relevance, &PageRequest::first(20)).await;
        explainer
            .explain(&format!("{who}, the most relevant"), sent.take())
            .await;
    }
}

/// Lookups and lists of everything else, and what the worker does.
async fn others(world: &World, store: &Store, sent: &Sent, explainer: &mut Explainer) {
    let (office, leader, admin) = (
        world.county.root_caller(Role::CampaignOffice),
        world.county.root_caller(Role::Leader),
        world.admin(),
    );
    let page = PageRequest::first(20);
    let cases = store
        .list_cases(&office, CaseFilter::default(), CaseSort::OldestFirst, &page, NOW)
        .await
        .unwrap();
    let case = cases.items[10].id;
    sent.take();
    store.case(&office, case, NOW).await.unwrap();
    explainer.explain("a case", sent.take()).await;
    store.similar_cases(&office, case, NOW).await.unwrap();
    explainer.explain("similar cases", sent.take()).await;
    store.templates_for(&office, case, NOW).await.unwrap();
    store.list_templates(&office, false).await.unwrap();
    store.saved_views(&office).await.unwrap();
    explainer.explain("templates and views", sent.take()).await;
    store.assignees(&office, case, world.county.own, NOW).await.unwrap();
    explainer.explain("assignees", sent.take()).await;
    store.list_notices(&leader, false, &page).await.unwrap();
    store.list_notices(&leader, true, &page).await.unwrap();
    store.unread_notices(&leader).await.unwrap();
    store.read_notices(leader, Some(case), NOW, NOW).await.unwrap();
    explainer.explain("notices", sent.take()).await;
    for include_closed in [false, true] {
        let filter = MemberFilter {
            include_closed,
            ..MemberFilter::default()
        };
        let first = store.list_members(&admin, filter.clone(), &page).await.unwrap();
        let next = PageRequest {
            cursor: first.next_cursor,
            ..PageRequest::first(20)
        };
        store.list_members(&admin, filter, &next).await.unwrap();
    }
    let filter = MemberFilter {
        unit: Some(world.county.own),
        ..MemberFilter::default()
    };
    store.list_members(&admin, filter, &page).await.unwrap();
    store.member(&admin, admin.actor.member).await.unwrap();
    store
        .list_units(world.county.root, Some(&admin), UnitFilter::default(), &page)
        .await
        .unwrap();
    store.unit(&admin, world.county.own).await.unwrap();
    store.list_imports(&office, &page).await.unwrap();
    explainer.explain("members, units, imports", sent.take()).await;
    let receipts = world
        .db
        .texts(&format!(
            "SELECT {} FROM complaints WHERE body LIKE '望远镜%'",
            world.hex("id")
        ))
        .await;
    let known = Uuid::parse_str(&receipts[0]).unwrap();
    let hash = receipt_of(world, known).await;
    store.track_complaint(world.county.root, hash, NOW).await.unwrap();
    explainer.explain("tracking by receipt", sent.take()).await;
    store.keep_analyzed().await.unwrap();
    worker(world, store).await;
    explainer.explain("the worker", sent.take()).await;
}

async fn worker(world: &World, store: &Store) {
    let opened = store.create_unit(
        world.admin(),
        key(77),
        world.county.root,
        liangnuo_domain::units::UnitKind::School,
        crate::support::named("新风小学"),
        NOW,
    );
    opened.await.unwrap();
    store.lease_deliveries(10, NOW, at(30)).await.unwrap();
    store.wake_cases(at(-CASES * DAY)).await.unwrap();
    store.delete_expired(at(-DAY)).await.unwrap();
    store.index_pending_texts().await.unwrap();
}

async fn receipt_of(world: &World, case: Uuid) -> Vec<u8> {
    let shown = match world.store().database() {
        Database::Sqlite => "hex(receipt_hash)",
        Database::Postgres => "encode(receipt_hash, 'hex')",
    };
    let sql = format!("SELECT {shown} FROM complaints WHERE id = {}", world.id(case));
    let hex = world.db.texts(&sql).await.remove(0);
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}

#[tokio::test]
async fn no_statement_reads_the_whole_of_a_large_table() {
    let world = World::new().await;
    let paths = world.store().category_paths(world.county.root).await.unwrap();
    let mut categories: Vec<_> = paths
        .into_iter()
        .filter(|(path, _)| path.matches('/').count() == 2)
        .collect();
    categories.sort();
    let categories: Vec<_> = categories.into_iter().map(|(_, id)| id).take(8).collect();
    let since: Timestamp = NOW;
    world
        .store()
        .load_past(world.county.root, cases(&world, &categories), since)
        .await
        .unwrap();
    crowd(&world).await;
    let sent = Sent::default();
    let store = sent.by(world.db.another().await);
    let mut explainer = Explainer::of(&world.db.url).await;
    let callers = [
        ("office", world.county.root_caller(Role::CampaignOffice)),
        ("inspector", world.county.root_caller(Role::Inspector)),
        ("school", world.county.caller(Role::UnitHead)),
    ];
    lists(&store, &sent, &mut explainer, filters(&world, categories[0]), &callers).await;
    others(&world, &store, &sent, &mut explainer).await;
    assert!(
        explainer.explained > 150,
        "only {} statements were seen",
        explainer.explained
    );
    let faults: Vec<String> = explainer.faults.into_iter().collect();
    assert!(
        faults.is_empty(),
        "{} statements read too much:\n{}",
        faults.len(),
        faults.join("\n")
    );
}
