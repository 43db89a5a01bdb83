//! What SQLite knows of how values are spread makes its way depend on the very value that is asked for: so many values are
//! asked for, in a county with as many units as a real one.

use liangnuo_domain::{
    Role, Timestamp, UnitId,
    complaints::{Channel, Filing, Kind},
};
use liangnuo_persistence::{
    callers::Caller,
    complaints::{CaseFilter, CaseSort},
    county::PastCase,
    db::Database,
    page::PageRequest,
};
use liangnuo_test_support::NOW;
use uuid::Uuid;

use crate::{
    explain::{Explainer, Sent},
    support::{World, at},
};

/// Schools of the county.
const SCHOOLS: i64 = 350;

/// Cases, one every three hours.
const CASES: i64 = 40_000;

const APART: i64 = 3 * 3_600;

/// A table `n` with so many numbers `i`.
pub fn numbers(n: i64) -> String {
    format!("WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < {n})")
}

/// What makes so many copies of the only case, the number of each being `F` and its `i`, with other values in some columns.
pub async fn copies(world: &World, count: i64, others: &[(&str, String)]) -> String {
    let (columns, random, bytes) = match world.store().database() {
        Database::Sqlite => (
            "SELECT name FROM pragma_table_info('complaints')",
            "randomblob(16)",
            "randomblob(16)",
        ),
        Database::Postgres => (
            "SELECT column_name::text FROM information_schema.columns WHERE table_name = 'complaints'",
            "gen_random_uuid()",
            "uuid_send(gen_random_uuid())",
        ),
    };
    let columns = world.db.texts(columns).await;
    let values: Vec<String> = columns
        .iter()
        .map(|column| match column.as_str() {
            "id" => random.to_owned(),
            "number" => "'F' || n.i".to_owned(),
            "receipt_hash" => bytes.to_owned(),
            column => {
                let other = others.iter().find(|(name, _)| *name == column);
                other.map_or_else(|| format!("c.{column}"), |(_, value)| value.clone())
            }
        })
        .collect();
    format!(
        "INSERT INTO complaints ({}) {} SELECT {} FROM n, (SELECT * FROM complaints LIMIT 1) c",
        columns.join(", "),
        numbers(count),
        values.join(", ")
    )
}

/// Many schools, and as many copies of one case, most of them of few schools. Past the product: through it they would take
/// minutes.
async fn fill(world: &World) {
    let random = match world.store().database() {
        Database::Sqlite => "randomblob(16)",
        Database::Postgres => "gen_random_uuid()",
    };
    let county = &world.county;
    let [root, own, child] = [county.root, county.own, county.child].map(|unit| world.id(unit.0));
    let first = NOW.micros() - CASES * APART * 1_000_000;
    let unit = format!(
        "(SELECT id FROM units WHERE region_id = {root} AND name = '学校' || ((n.i % 97) * (n.i % 97) % {SCHOOLS}))"
    );
    let received_at = format!("{first} + n.i * {APART} * CAST(1000000 AS BIGINT)");
    let filling = [
        format!(
            "INSERT INTO units (region_id, id, parent_id, kind, name, search_text, created_at, version)
             {} SELECT {root}, {random}, {root}, 'school', '学校' || i, 'F' || i, 0, 1 FROM n",
            numbers(SCHOOLS)
        ),
        format!(
            "INSERT INTO unit_closure (region_id, ancestor_id, descendant_id, depth)
             SELECT {root}, id, id, 0 FROM units WHERE search_text LIKE 'F%'
             UNION ALL SELECT {root}, {root}, id, 1 FROM units WHERE search_text LIKE 'F%'"
        ),
        copies(world, CASES, &[("received_at", received_at), ("unit_id", unit)]).await,
        // A school with many cases, its own and those of a unit below it.
        format!("UPDATE complaints SET unit_id = {own} WHERE number LIKE 'F%77'"),
        format!("UPDATE complaints SET unit_id = {child} WHERE number LIKE 'F%33'"),
    ];
    for sql in filling {
        world.db.run(&sql).await;
    }
    world.store().analyze().await.unwrap();
}

/// Days from the first case to the last, more of them where a bound leaves few cases.
fn days() -> impl Iterator<Item = Timestamp> {
    let length = CASES * APART;
    [1, 30, 250, 500, 750, 990, 999]
        .into_iter()
        .map(move |per_mille| at(-length + length / 1_000 * per_mille))
}

#[tokio::test]
async fn a_page_costs_the_same_at_any_day_and_for_any_unit() {
    let world = World::new().await;
    world.file(Some(world.county.own)).await;
    fill(&world).await;
    let sent = Sent::default();
    let store = sent.by(world.db.another().await);
    let mut explainer = Explainer::of(&world.db.url).await;
    let schools = format!(
        "SELECT {} FROM units WHERE search_text IN ('F0', 'F1', 'F64')",
        world.hex("id")
    );
    let mut filters = vec![CaseFilter::default()];
    for school in world.db.texts(&schools).await {
        filters.push(CaseFilter {
            unit: Some(UnitId(Uuid::parse_str(&school).unwrap())),
            ..CaseFilter::default()
        });
    }
    let narrowed = |filter: &CaseFilter| {
        let filter = filter.clone();
        days().flat_map(move |day| {
            let from = CaseFilter {
                received_from: Some(day.day()),
                ..filter.clone()
            };
            let to = CaseFilter {
                received_to: Some(day.day()),
                ..filter.clone()
            };
            let month = CaseFilter {
                received_to: Some(day.plus_seconds(30 * 86_400).day()),
                ..from.clone()
            };
            [from, to, month]
        })
    };
    let filters: Vec<CaseFilter> = filters.iter().flat_map(narrowed).collect();
    let callers: [(&str, Caller); 3] = [
        ("office", world.county.root_caller(Role::CampaignOffice)),
        ("inspector", world.county.root_caller(Role::Inspector)),
        ("school", world.county.caller(Role::UnitHead)),
    ];
    for (who, caller) in &callers {
        sent.take();
        for filter in &filters {
            for (sort, rows) in [
                (CaseSort::NewestFirst, 20),
                (CaseSort::NewestFirst, 100),
                (CaseSort::OldestFirst, 100),
            ] {
                let request = PageRequest::first(rows);
                let list = store.list_cases(caller, filter.clone(), sort, &request, NOW);
                list.await.unwrap();
                let asked = (filter.received_from, filter.received_to, filter.unit);
                let what = format!("{who}, {rows} rows, {asked:?}");
                match *who {
                    "school" => explainer.explain_together(&what, sent.take()).await,
                    _ => explainer.explain(&what, sent.take()).await,
                }
            }
        }
    }
    let faults: Vec<String> = explainer.faults.into_iter().collect();
    assert!(
        faults.is_empty(),
        "{} of {} statements read too much, such as:\n{}",
        faults.len(),
        explainer.explained,
        faults.iter().take(3).cloned().collect::<Vec<_>>().join("\n")
    );
}

#[tokio::test]
async fn an_old_title_comes_before_a_thousand_newer_texts() {
    let world = World::new().await;
    let case = |number: i64, title: &str, body: &str| PastCase {
        filing: Filing::parse(
            Kind::Inquiry,
            Channel::Web,
            title,
            body,
            Some(world.county.own),
            None,
            true,
        )
        .unwrap(),
        contact: None,
        received_at: at(-(2_000 - number) * 3_600),
        steps: Vec::new(),
    };
    let mut cases = vec![case(0, "望远镜坏了", "请修理。"), case(1, "望远镜", "社团的坏了。")];
    cases.extend((2..1_200).map(|number| case(number, "器材清单", "望远镜坏了。望远镜、显微镜、天平，都想借。")));
    world.store().load_past(world.county.root, cases, NOW).await.unwrap();
    let handler = world.county.caller(Role::Handler);
    let best = async |q: &str| {
        let filter = CaseFilter {
            q: Some(q.to_owned()),
            ..CaseFilter::default()
        };
        let request = PageRequest::first(200);
        let page = world
            .store()
            .list_cases(&handler, filter, CaseSort::Relevance, &request, NOW)
            .await
            .unwrap();
        assert_eq!(page.items.len(), 200);
        page.items
            .into_iter()
            .take(2)
            .map(|case| case.title)
            .collect::<Vec<_>>()
    };
    assert_eq!(best("望远镜").await, ["望远镜", "望远镜坏了"]);
    assert_eq!(best("望远镜 坏了").await[0], "望远镜坏了", "all words in the title");
    assert_eq!(best("望远镜 坏了").await[1], "望远镜", "then one of them");
}
