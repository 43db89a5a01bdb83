//! Nothing that a list, a search, a count or a lookup does grows with the whole of a large table. The statements are the
//! ones that the store really sends; the database itself says how it goes about them.

mod crowd;
mod filters;
mod others;

use liangnuo_domain::{
    CategoryId, MemberId, Role,
    complaints::{Channel, Filing, Kind, ReplyParts, Watch},
};
use liangnuo_persistence::{
    Store,
    callers::Caller,
    complaints::{CaseFilter, CaseSort},
    county::{PastCase, PastStep, PastVerb},
    page::PageRequest,
};
use liangnuo_test_support::NOW;

use self::filters::Named;
use crate::{
    explain::{Explainer, Sent},
    log_plans,
    support::{World, at},
};

/// Cases in the tables: enough for a scan to stand out.
const CASES: i64 = 3_000;

const DAY: i64 = 86_400;

/// Ten years of cases, the last ones open. What is rare was long ago.
fn cases(world: &World, categories: &[CategoryId]) -> Vec<PastCase> {
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
            let unit = match number {
                rare if rare % 1_000 == 9 => county.child,
                some if some % 19 == 0 => county.own,
                _ => county.sibling,
            };
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
                (number % 1_000 != 11).then_some(category),
                number % 3 != 0,
            );
            // Answers take between hours and two days.
            let pace = 3_600 + number % 600 * 60;
            let mut steps_taken = 0;
            let mut step = |by: Option<MemberId>, what| {
                steps_taken += 1;
                PastStep {
                    at: received_at.plus_seconds(steps_taken * pace),
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
                steps.push(step(
                    Some(handler),
                    PastVerb::Draft {
                        parts: parts.clone(),
                        submit: true,
                    },
                ));
                steps.push(step(Some(head), PastVerb::Approve { send: true }));
                // As in life, many answer nothing.
                if number % 4 != 3 {
                    let level = if number % 1_000 == 5 { 1 } else { 5 };
                    steps.push(step(None, PastVerb::Rate { level, comment: None }));
                }
            } else if number == CASES - 5 {
                let watch = Watch {
                    reason: "请限期办结。".to_owned(),
                    report_days: Some(5),
                    ..Watch::default()
                };
                steps.push(step(Some(leader), PastVerb::Supervise(watch)));
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

/// The lists of cases: each filter alone in each order, and pages far down.
async fn lists(store: &Store, sent: &Sent, explainer: &mut Explainer, filters: &[Named], callers: &[(&str, Caller)]) {
    let list = async |caller: &Caller, filter: &CaseFilter, sort, request: &PageRequest| {
        store
            .list_cases(caller, filter.clone(), sort, request, NOW)
            .await
            .unwrap()
    };
    let sorts = [
        CaseSort::NewestFirst,
        CaseSort::OldestFirst,
        CaseSort::DueFirst,
        CaseSort::DueLast,
    ];
    for (who, caller) in callers {
        sent.take();
        for (name, filter) in filters {
            for sort in sorts {
                list(caller, filter, sort, &PageRequest::first(20)).await;
                let what = format!("{who}, {sort:?}, {name}");
                if filter.q.is_some() {
                    explainer.explain_words(&what, sent.take()).await;
                } else {
                    explainer.explain(&what, sent.take()).await;
                }
            }
        }
        for sort in sorts {
            // As an export reads them.
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
        for (name, filter) in filters::words() {
            list(caller, &filter, CaseSort::Relevance, &PageRequest::first(20)).await;
            explainer
                .explain_ranked_words(&format!("{who}, the most relevant, {name}"), sent.take())
                .await;
        }
    }
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
    world
        .store()
        .load_past(world.county.root, cases(&world, &categories), NOW)
        .await
        .unwrap();
    crowd::fill(&world).await;
    let sent = Sent::default();
    let store = sent.by(world.db.another().await);
    let mut explainer = Explainer::of(&world.db.url).await;
    let callers = [
        ("office", world.county.root_caller(Role::CampaignOffice)),
        ("inspector", world.county.root_caller(Role::Inspector)),
        ("school", world.county.caller(Role::UnitHead)),
    ];
    let filters = filters::filters(&world, categories[0]);
    lists(&store, &sent, &mut explainer, &filters, &callers).await;
    others::one_case(&world, &store, &sent, &mut explainer).await;
    others::cards(&world, &store, &sent, &mut explainer).await;
    others::openings(&world, &store, &sent, &mut explainer).await;
    others::grants(&world, &store, &sent, &mut explainer).await;
    others::people(&world, &store, &sent, &mut explainer).await;
    others::units(&world, &store, &sent, &mut explainer).await;
    others::figures(&world, categories[0], &store, &sent, &mut explainer).await;
    others::imports(&world, &store, &sent, &mut explainer).await;
    log_plans::log(&world, &store, &sent, &mut explainer).await;
    others::log(&world, &store, &sent, &mut explainer).await;
    others::worker(&world, &store, &sent, &mut explainer).await;
    assert!(
        explainer.explained > 1_000,
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
