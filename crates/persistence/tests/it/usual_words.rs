//! Words that stand in very many cases: the same is found as by reading every text, wherever the cases are that have them.

use liangnuo_domain::{Role, UnitId, text};
use liangnuo_persistence::{
    callers::Caller,
    complaints::{CaseFilter, CaseSort},
    db::Database,
    page::{PageRequest, Total},
};
use liangnuo_test_support::NOW;

use crate::{
    explain::{Explainer, Sent},
    spread::copies,
    support::World,
};

/// Cases, one an hour.
const CASES: i64 = 24_000;

const HOUR: i64 = 3_600_000_000;

/// Rows of a table that a page of a list may look at, and one of what was found.
const LISTED: f64 = 1_000.0;
const SEARCHED: f64 = 6_500.0;

/// A word, the cases that have it, and those that have it in their title.
struct Word {
    text: &'static str,
    in_text: fn(i64) -> bool,
    in_title: fn(i64) -> bool,
}

/// In all texts, in half of them, in the older ones alone, in some, and in the titles of the older ones.
const WORDS: [Word; 5] = [
    Word {
        text: "课间操",
        in_text: |_| true,
        in_title: |_| false,
    },
    Word {
        text: "食堂太吵",
        in_text: |i| i % 2 == 0,
        in_title: |_| false,
    },
    Word {
        text: "操场",
        in_text: |i| i < 11_000,
        in_title: |_| false,
    },
    Word {
        text: "校车",
        in_text: |i| i % 10 == 0,
        in_title: |_| false,
    },
    Word {
        text: "塑胶跑道",
        in_text: |i| i < 10_500,
        in_title: |i| i < 10_500,
    },
];

/// The title and the text of a case.
fn texts(i: i64) -> (String, String) {
    let joined = |is_in: &dyn Fn(&Word) -> bool| {
        let words = WORDS.iter().filter(|word| is_in(word)).map(|word| word.text);
        words.collect::<Vec<_>>().join("，")
    };
    let title = format!("题{}", joined(&|word| (word.in_title)(i)));
    let body = joined(&|word| (word.in_text)(i) && !(word.in_title)(i));
    (title, body)
}

/// Past the product, through which so many would take minutes; the index has what the product would write.
async fn fill(world: &World) {
    let first = NOW.micros() - CASES * HOUR;
    let others = [
        ("received_at", format!("{first} + n.i * CAST({HOUR} AS BIGINT)")),
        (
            "due_at",
            format!("{first} + (n.i * 7919 % {CASES}) * CAST({HOUR} AS BIGINT)"),
        ),
        (
            "unit_id",
            format!(
                "CASE WHEN n.i % 40 = 0 THEN {} ELSE c.unit_id END",
                world.id(world.county.sibling.0)
            ),
        ),
    ];
    world.db.run(&copies(world, CASES, &others).await).await;
    let is_sqlite = world.store().database() == Database::Sqlite;
    // A dozen kinds of texts at most.
    let mut kinds: Vec<((String, String), Vec<i64>)> = Vec::new();
    for i in 0..CASES {
        let text = texts(i);
        match kinds.iter_mut().find(|(known, _)| *known == text) {
            Some((_, cases)) => cases.push(i),
            None => kinds.push((text, vec![i])),
        }
    }
    for ((title, body), cases) in kinds {
        let content = text::fold(&format!("f\n{title}\n{body}"));
        let terms: Vec<String> = text::terms(&title, &content).into_iter().collect();
        let terms = terms.join(" ");
        let terms = if is_sqlite {
            format!("'{terms}'")
        } else {
            format!("array_to_tsvector(string_to_array('{terms}', ' '))")
        };
        for some in cases.chunks(4_000) {
            let list: Vec<String> = some.iter().map(|i| format!("'F{i}'")).collect();
            let list = list.join(", ");
            world
                .db
                .run(&format!(
                    "INSERT INTO complaint_search (region_id, complaint_id, content, document, index_version)
                     SELECT region_id, id, '{content}', CAST(substr(number, 2) AS BIGINT) + 1, 2
                     FROM complaints WHERE number IN ({list})"
                ))
                .await;
            world
                .db
                .run(&format!(
                    "INSERT INTO complaint_pairs (rowid, pairs)
                     SELECT CAST(substr(number, 2) AS BIGINT) + 1, {terms} FROM complaints WHERE number IN ({list})"
                ))
                .await;
        }
    }
    world.store().analyze().await.unwrap();
}

/// The numbers of a list, page after page of so many, and its total.
async fn listed(
    world: &World,
    who: &Caller,
    filter: &CaseFilter,
    sort: CaseSort,
    rows: u64,
    pages: usize,
) -> (Vec<i64>, Total) {
    let mut request = PageRequest {
        count: true,
        ..PageRequest::first(rows)
    };
    let (mut numbers, mut total) = (Vec::new(), None);
    for _ in 0..pages {
        let page = world
            .store()
            .list_cases(who, filter.clone(), sort, &request, NOW)
            .await
            .unwrap();
        numbers.extend(page.items.iter().map(|case| case.number[1..].parse::<i64>().unwrap()));
        total = total.or(page.total);
        request = PageRequest {
            cursor: page.next_cursor,
            ..PageRequest::first(rows)
        };
        if request.cursor.is_none() {
            break;
        }
    }
    (numbers, total.unwrap())
}

fn in_order(sort: CaseSort, fits: impl Fn(i64) -> bool) -> Vec<i64> {
    let mut all: Vec<i64> = (0..CASES).filter(|i| fits(*i)).collect();
    match sort {
        CaseSort::NewestFirst => all.reverse(),
        CaseSort::DueFirst => all.sort_by_key(|i| i * 7_919 % CASES),
        _ => {}
    }
    all
}

async fn world() -> World {
    let world = World::new().await;
    world.file(Some(world.county.own)).await;
    fill(&world).await;
    world
}

fn asking(words: &[&Word]) -> CaseFilter {
    let q: Vec<&str> = words.iter().map(|word| word.text).collect();
    CaseFilter {
        q: Some(q.join(" ")),
        ..CaseFilter::default()
    }
}

#[tokio::test]
async fn what_many_cases_have_is_found_in_order_to_the_last() {
    let world = world().await;
    let office = world.county.root_caller(Role::CampaignOffice);
    let sibling: UnitId = world.county.sibling;
    let [all, half, old, some, _] = &WORDS;
    let searches: [&[&Word]; 6] = [&[all], &[half], &[old], &[some], &[half, some], &[old, half]];
    for words in searches {
        for unit in [None, Some(sibling)] {
            let filter = CaseFilter { unit, ..asking(words) };
            let fits = |i: i64| words.iter().all(|word| (word.in_text)(i)) && (unit.is_none() || i % 40 == 0);
            for sort in [CaseSort::NewestFirst, CaseSort::OldestFirst, CaseSort::DueFirst] {
                let expected = in_order(sort, fits);
                let (found, total) = listed(&world, &office, &filter, sort, 20, 4).await;
                assert_eq!(found, expected[..expected.len().min(80)], "{filter:?} {sort:?}");
                let rows = u64::try_from(expected.len()).unwrap();
                assert_eq!(
                    (total.rows, total.is_capped),
                    (rows.min(1_000), rows > 1_000),
                    "{filter:?} {sort:?}"
                );
            }
        }
    }
    let last = listed(&world, &office, &asking(&[old]), CaseSort::NewestFirst, 1_000, 100).await;
    assert_eq!(last.0, in_order(CaseSort::NewestFirst, old.in_text));
}

/// As [`explain`](crate::explain) asks in a small county with whole reads forbidden; here PostgreSQL chooses freely.
#[tokio::test]
async fn no_page_of_a_list_reads_much_of_a_county_that_is_large() {
    let world = world().await;
    let sent = Sent::default();
    let store = sent.by(world.db.another().await);
    let mut explainer = Explainer::of(&world.db.url).await;
    let callers = [
        ("office", world.county.root_caller(Role::CampaignOffice)),
        ("inspector", world.county.root_caller(Role::Inspector)),
        ("school", world.county.caller(Role::UnitHead)),
    ];
    // What is found among the first cases. Of the others as many are looked at as are in this county, and not more in a larger.
    let [all, half, ..] = &WORDS;
    let searches: [&[&Word]; 3] = [&[], &[all], &[half]];
    for (who, caller) in &callers {
        for words in searches {
            let q = (!words.is_empty()).then(|| asking(words).q.unwrap());
            let units = [None, Some(world.county.sibling)];
            for unit in units {
                let filter = CaseFilter {
                    unit,
                    q: q.clone(),
                    ..CaseFilter::default()
                };
                for sort in [CaseSort::NewestFirst, CaseSort::DueFirst] {
                    let request = PageRequest::first(20);
                    store
                        .list_cases(caller, filter.clone(), sort, &request, NOW)
                        .await
                        .unwrap();
                    let what = format!("{who}, {sort:?}, {q:?}, {unit:?}");
                    let most = if q.is_some() { SEARCHED } else { LISTED };
                    explainer.explain_unhindered(most, &what, sent.take()).await;
                }
            }
        }
    }
    let faults: Vec<String> = explainer.faults.into_iter().collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
    assert!(store.database() == Database::Sqlite || explainer.explained > 60);
}

#[tokio::test]
async fn of_what_many_cases_have_the_newest_are_ranked() {
    let world = world().await;
    let office = world.county.root_caller(Role::CampaignOffice);
    let [all, half, old, _, titled] = &WORDS;
    // In titles, of which the newest are ranked, whatever is newer than they are. What fits the first fits the others.
    let searches: [&[&Word]; 4] = [&[all], &[half], &[titled], &[titled, old]];
    for words in searches {
        let fits = words[0].in_text;
        let (found, total) = listed(&world, &office, &asking(words), CaseSort::Relevance, 200, 1).await;
        assert_eq!(
            found,
            in_order(CaseSort::NewestFirst, fits)[..200],
            "{:?}",
            asking(words)
        );
        assert_eq!((total.rows, total.is_capped), (200, false));
    }
}
