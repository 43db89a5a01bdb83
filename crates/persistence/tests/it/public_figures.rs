//! From all that the public is shown together no number from one to four can be worked out.

use liangnuo_domain::statistics::{
    SUPPRESSED_BELOW,
    secrecy::{Cell, Family},
};
use liangnuo_persistence::statistics::{PublicBook, PublicFigures, PublicYear};
use liangnuo_test_support::{
    NOW, TestCounty, TestDb,
    attacker::Attacker,
    cases::{Chance, any_case},
};

use crate::support::HASH;

/// Figures of a group, and what is left between them.
const CHAIN: [(&str, &str, &str); 3] = [
    ("received", "replied", "unanswered"),
    ("replied", "rated", "unrated"),
    ("rated", "satisfied", "unsatisfied"),
];
const MEASURES: [&str; 7] = [
    "received",
    "replied",
    "rated",
    "satisfied",
    "unanswered",
    "unrated",
    "unsatisfied",
];

fn chain(attacker: &mut Attacker, of: &str, links: usize) {
    for (whole, part, rest) in CHAIN.into_iter().take(links) {
        let parts = [format!("{of} {part}"), format!("{of} {rest}")];
        attacker.knows_sum(&format!("{of} {whole}"), parts.iter().map(String::as_str));
    }
}

fn figures(attacker: &mut Attacker, of: &str, figures: &PublicFigures) {
    let told = [
        ("received", figures.received),
        ("replied", figures.replied),
        ("rated", figures.rated),
        ("satisfied", figures.satisfied),
    ];
    for (name, value) in told {
        attacker.is_told(&format!("{of} {name}"), value);
    }
    chain(attacker, of, CHAIN.len());
}

fn sum(attacker: &mut Attacker, whole: &str, parts: &[String]) {
    attacker.knows_sum(whole, parts.iter().map(String::as_str));
}

fn year(attacker: &mut Attacker, year: &PublicYear) {
    let of = format!("{}", year.year);
    figures(attacker, &of, &year.figures);
    for month in &year.by_month {
        attacker.is_told(&format!("{} received", month.month), month.received);
        attacker.is_told(&format!("{} replied", month.month), month.replied);
        chain(attacker, &month.month, 1);
    }
    for measure in ["received", "replied", "unanswered"] {
        let months: Vec<String> = year
            .by_month
            .iter()
            .map(|month| format!("{} {measure}", month.month))
            .collect();
        sum(attacker, &format!("{of} {measure}"), &months);
    }
    let mut kinds = vec![format!("{of} reports")];
    for (kind, received) in &year.by_kind {
        kinds.push(format!("{of} {}", kind.code()));
        attacker.is_told(&format!("{of} {}", kind.code()), *received);
    }
    sum(attacker, &format!("{of} received"), &kinds);
    let mut categories = Vec::new();
    for (place, row) in year.by_category.iter().enumerate() {
        categories.push(format!("{of} category {place}"));
        attacker.is_told(&format!("{of} category {place}"), row.received);
    }
    sum(attacker, &format!("{of} received"), &categories);
}

/// What the tree of a test's county tells.
fn units(attacker: &mut Attacker, county: &TestCounty, book: &PublicBook, present: i32) {
    let name = |unit| {
        if unit == county.root {
            format!("{present}")
        } else {
            format!("{unit:?}")
        }
    };
    for (unit, shown) in &book.units {
        if *unit != county.root {
            figures(attacker, &name(*unit), shown);
        }
    }
    let tree = [
        (county.root, vec![county.own, county.sibling]),
        (county.own, vec![county.child, county.branch]),
    ];
    for (unit, below) in tree {
        let own = format!("{} itself", name(unit));
        chain(attacker, &own, CHAIN.len());
        for measure in MEASURES {
            let mut parts = vec![format!("{own} {measure}")];
            parts.extend(below.iter().map(|unit| format!("{} {measure}", name(*unit))));
            sum(attacker, &format!("{} {measure}", name(unit)), &parts);
        }
    }
}

#[tokio::test]
async fn nobody_can_work_out_a_small_number_of_a_county() {
    for (seed, cases) in [(1, 12), (2, 25), (3, 40), (4, 60), (5, 60), (6, 90), (7, 130), (8, 200)] {
        let mut chance = Chance(seed);
        let db = TestDb::new().await;
        let all = |county: &TestCounty| (0..cases).map(|_| any_case(county, &mut chance)).collect();
        let county = TestCounty::load_with(&db.store, HASH, all, NOW).await;
        let book = db.store.public_book(county.root, NOW).await.unwrap();
        let mut attacker = Attacker::default();
        for shown in book.years.values() {
            year(&mut attacker, shown);
        }
        units(&mut attacker, &county, &book, NOW.year());
        assert_eq!(attacker.finds(), Vec::<String>::new(), "seed {seed}: {book:#?}");
        assert_eq!(book.units[&county.root], book.years[&NOW.year()].figures, "seed {seed}");
        let has_shown = book.years.values().any(|year| year.figures.received.is_some());
        assert!(has_shown || cases < 40, "all is hidden of {cases} cases");

        // From the sums the same is shown as from the cases, but for a median that is near.
        while db.store.fold_sums(NOW).await.unwrap() > 0 {}
        let kept = db.store.public_book_counting(county.root, -1, NOW).await.unwrap();
        assert_eq!(without_medians(kept), without_medians(book), "seed {seed}");
    }
}

fn without_medians(mut book: PublicBook) -> String {
    let years = book.years.values_mut().map(|year| &mut year.figures);
    for figures in years.chain(book.units.values_mut()) {
        figures.median_days_to_reply = figures.median_days_to_reply.map(|_| 0.0);
    }
    let units: std::collections::BTreeMap<_, _> = book.units.into_iter().collect();
    format!("{:#?} {units:#?}", book.years)
}

/// A family of sums below sums and what is left between two, with every number a cell has.
fn family(chance: &mut Chance, attacker: &mut Attacker) -> (Vec<(String, Cell)>, Family) {
    let mut family = Family::default();
    let mut cells: Vec<(String, Cell, i64)> = Vec::new();
    let total = i64::try_from(chance.below(80)).unwrap();
    cells.push(("0".to_owned(), family.asked(total), total));
    for _ in 0..2 + chance.below(9) {
        let at = usize::try_from(chance.below(u64::try_from(cells.len()).unwrap())).unwrap();
        let (whole, cell, mut left) = cells[at].clone();
        let parts = 2 + chance.below(5);
        let mut names = Vec::new();
        let mut below = Vec::new();
        for part in 0..parts {
            let value = if part + 1 == parts {
                left
            } else {
                i64::try_from(chance.below(u64::try_from(left).unwrap() + 1)).unwrap()
            };
            left -= value;
            let name = format!("{whole}.{}", cells.len());
            let part = if chance.below(6) == 0 {
                family.unasked(value)
            } else {
                family.asked(value)
            };
            cells.push((name.clone(), part, value));
            names.push(name);
            below.push(part);
        }
        family.sum(cell, below);
        sum(attacker, &whole, &names);
    }
    (cells.into_iter().map(|(name, cell, _)| (name, cell)).collect(), family)
}

#[test]
fn nobody_can_work_out_a_small_number_of_any_family() {
    let mut shown_at_all = 0;
    for seed in 0..3_000 {
        let mut chance = Chance(seed);
        let mut attacker = Attacker::default();
        let (cells, family) = family(&mut chance, &mut attacker);
        let shown = family.kept_secret();
        for (name, cell) in &cells {
            let value = shown.get(*cell);
            assert!(value.is_none_or(|value| value >= SUPPRESSED_BELOW), "seed {seed}");
            attacker.is_told(name, value);
            shown_at_all += usize::from(value.is_some());
        }
        assert_eq!(
            attacker.finds(),
            Vec::<String>::new(),
            "seed {seed}: {cells:?} {shown:?}"
        );
    }
    assert!(shown_at_all > 10_000, "{shown_at_all}");
}
