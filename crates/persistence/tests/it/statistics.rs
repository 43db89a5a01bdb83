//! The kept sums say what counting the cases says, whatever happened to them, for whoever asks.

use liangnuo_domain::{
    CategoryId, Day, Role, Timestamp,
    complaints::{Channel, Kind},
    units::UnitKind,
};
use liangnuo_persistence::{
    callers::Caller,
    complaints::{CaseFilter, CaseStep},
    page::PageRequest,
    statistics::{CaseFigures, Figures},
};
use liangnuo_test_support::{
    NOW, TestCounty, TestDb,
    cases::{Chance, any_case},
};

use crate::support::{HASH, World};

async fn world(seed: u64, cases: usize) -> (World, Chance) {
    let mut chance = Chance(seed);
    let db = TestDb::new().await;
    let all = |county: &TestCounty| (0..cases).map(|_| any_case(county, &mut chance)).collect();
    let county = TestCounty::load_with(&db.store, HASH, all, NOW).await;
    (World { db, county }, chance)
}

impl World {
    async fn fold(&self) {
        while self.store().fold_sums(NOW).await.unwrap() > 0 {}
    }

    async fn open_cases(&self) -> Vec<(liangnuo_domain::ComplaintId, i64, Kind, bool)> {
        let inspector = self.county.root_caller(Role::Inspector);
        let (all, first) = (CaseFilter::default(), PageRequest::first(100));
        let page = self
            .store()
            .list_cases(&inspector, all, Default::default(), &first, NOW);
        let items = page.await.unwrap().items.into_iter();
        items
            .map(|case| (case.id, case.version, case.kind, case.is_sealed))
            .collect()
    }

    /// Gives cases categories, withdraws some, and has persons and units accused in others.
    async fn go_on(&self, chance: &mut Chance, categories: &[CategoryId]) {
        let office = self.county.root_caller(Role::CampaignOffice);
        let inspector = self.county.root_caller(Role::Inspector);
        for (id, version, kind, is_sealed) in self.open_cases().await {
            let store = self.store();
            if is_sealed || chance.below(8) == 0 {
                let accused = chance.pick(&[
                    self.county.member(Role::Handler),
                    self.county.root_member(Role::CampaignOffice),
                ]);
                let units = if chance.below(2) == 0 {
                    vec![self.county.child]
                } else {
                    Vec::new()
                };
                drop(
                    store
                        .name_accused(inspector.clone(), id, version, (vec![accused], units), NOW)
                        .await,
                );
                continue;
            }
            let step = if chance.below(5) == 0 {
                CaseStep::Withdraw {
                    reason: "来电撤回".to_owned(),
                }
            } else {
                CaseStep::Classify {
                    kind,
                    category: Some(chance.pick(categories)),
                }
            };
            // Of those whose work has ended neither can be done.
            drop(store.step_case(office.clone(), id, version, step, NOW).await);
        }
    }
}

fn callers(county: &TestCounty) -> Vec<(&'static str, Caller)> {
    vec![
        ("office", county.root_caller(Role::CampaignOffice)),
        ("inspector", county.root_caller(Role::Inspector)),
        ("head", county.caller(Role::UnitHead)),
        ("handler", county.caller(Role::Handler)),
    ]
}

fn filters(county: &TestCounty, category: CategoryId, now: Timestamp) -> Vec<CaseFilter> {
    let any = CaseFilter::default;
    let day = |text: &str| Some(text.parse::<Day>().unwrap());
    let year = Some(now.year() - 1);
    vec![
        any(),
        CaseFilter { year, ..any() },
        CaseFilter {
            received_from: day("2024-11-01"),
            received_to: day("2026-02-28"),
            ..any()
        },
        CaseFilter {
            unit: Some(county.own),
            ..any()
        },
        CaseFilter {
            unit: Some(county.own),
            is_unit_alone: true,
            year,
            ..any()
        },
        CaseFilter {
            unit_kind: Some(UnitKind::School),
            ..any()
        },
        CaseFilter {
            category: Some(category),
            ..any()
        },
        CaseFilter {
            category: Some(category),
            is_category_alone: true,
            ..any()
        },
        CaseFilter {
            has_category: Some(false),
            year,
            ..any()
        },
        CaseFilter {
            channels: vec![Channel::Phone],
            ..any()
        },
        CaseFilter {
            kinds: vec![Kind::Report],
            year,
            ..any()
        },
    ]
}

/// Figures whose percentiles the bins may move by a little, or not know.
fn near(kept: &Figures, counted: &Figures) -> Figures {
    let near = |kept: Option<f64>, counted: Option<f64>| match (kept, counted) {
        (Some(kept), Some(exact)) if (kept - exact).abs() <= 0.07 * exact + 0.1 => Some(exact),
        (None, Some(exact)) => Some(exact),
        _ => kept,
    };
    Figures {
        median_days_to_reply: near(kept.median_days_to_reply, counted.median_days_to_reply),
        p90_days_to_reply: near(kept.p90_days_to_reply, counted.p90_days_to_reply),
        ..kept.clone()
    }
}

fn level<K: PartialEq + Clone>(kept: &mut [(K, Figures)], counted: &[(K, Figures)]) {
    for (key, figures) in kept {
        if let Some((_, counted)) = counted.iter().find(|(known, _)| known == key) {
            *figures = near(figures, counted);
        }
    }
}

/// The kept figures must be the counted ones, but for what bins can't know.
fn compare(mut kept: CaseFigures, counted: CaseFigures, what: &str) {
    level(&mut kept.by_unit, &counted.by_unit);
    level(&mut kept.by_channel, &counted.by_channel);
    level(&mut kept.by_kind, &counted.by_kind);
    for (row, known) in kept.by_category.iter_mut().zip(&counted.by_category) {
        row.figures = near(&row.figures, &known.figures);
    }
    for (row, known) in kept.by_month.iter_mut().zip(&counted.by_month) {
        row.received = near(&row.received, &known.received);
    }
    kept.distinct_authors = counted.distinct_authors;
    let (kept, counted) = (format!("{kept:#?}"), format!("{counted:#?}"));
    let differ = kept
        .lines()
        .zip(counted.lines())
        .enumerate()
        .find(|(_, (kept, counted))| kept != counted);
    assert_eq!(differ, None, "{what}");
    assert_eq!(kept.lines().count(), counted.lines().count(), "{what}");
}

async fn check(world: &World, categories: &[CategoryId], moment: &str) -> i64 {
    let (mut seen, mut read) = (0, 0);
    for (who, caller) in callers(&world.county) {
        for (at, filter) in filters(&world.county, categories[0], NOW).into_iter().enumerate() {
            let figures = |counted_up_to| {
                world
                    .store()
                    .complaint_statistics_counting(&caller, filter.clone(), counted_up_to, NOW)
            };
            let counted = figures(i64::MAX).await.unwrap();
            let kept = figures(-1).await.unwrap();
            seen += counted.all.total;
            // Of single months within a school no sums are kept: there the cases were counted after all.
            read += i32::from(kept.distinct_authors.is_none());
            compare(kept, counted, &format!("{moment}, {who}, filter {at}"));
        }
    }
    // Of two things at once none are kept, either: a school, and a category, channel or kind.
    assert_eq!(read, 11 + 11 + 5 + 5, "{moment}");
    seen
}

#[tokio::test]
async fn the_kept_sums_are_what_counting_gives() {
    for seed in [1, 20_26] {
        let (world, mut chance) = world(seed, 90).await;
        let categories = world.store().list_categories(world.county.root, false).await.unwrap();
        // One that has others below it, and some of these.
        let categories: Vec<CategoryId> = categories.iter().skip(1).take(6).map(|category| category.id).collect();
        world.fold().await;
        assert!(check(&world, &categories, "loaded").await > 500);
        world.go_on(&mut chance, &categories).await;
        world.fold().await;
        check(&world, &categories, "gone on").await;
        let folded = world.db.texts(SUMS).await;
        world.store().rebuild_sums(NOW).await.unwrap();
        assert_eq!(world.db.texts(SUMS).await, folded, "built anew");
        check(&world, &categories, "built anew").await;
    }
}

/// Every sum that is not nothing.
const SUMS: &str =
    "SELECT axes || ' ' || period || ' ' || channel || ' ' || kind || ' ' || SUM(cases) || ' ' || SUM(replied)
    || ' ' || SUM(ended) || ' ' || SUM(replied_in) || ' ' || SUM(ended_in) || ' ' || SUM(satisfied) FROM complaint_sums
    GROUP BY axes, period, channel, kind HAVING SUM(cases) > 0 OR SUM(replied_in) > 0 OR SUM(ended_in) > 0
    ORDER BY axes, period, channel, kind";

#[tokio::test]
async fn several_keepers_fold_each_change_once() {
    let (world, _) = world(7, 40).await;
    world.fold().await;
    for _ in 0..6 {
        world.file(Some(world.county.own)).await;
    }
    let fold = |_| {
        let store = world.store().clone();
        async move { store.fold_sums(NOW).await.unwrap() }
    };
    let folded: usize = crate::support::at_once(5, fold).await.into_iter().sum();
    // Who found another at it does nothing, and comes again.
    assert_eq!(folded, 6);
    let left = world.db.number("SELECT COUNT(*) FROM complaint_sum_changes").await;
    assert_eq!(left, 0);
    let office = world.county.root_caller(Role::CampaignOffice);
    let figures = world
        .store()
        .complaint_statistics_counting(&office, CaseFilter::default(), -1, NOW);
    let counted = world
        .store()
        .complaint_statistics(&office, CaseFilter::default(), NOW)
        .await
        .unwrap();
    assert_eq!(figures.await.unwrap().all.total, counted.all.total);
}

#[tokio::test]
async fn what_comes_in_while_the_sums_are_built_counts_once() {
    let (world, _) = world(11, 60).await;
    let building = {
        let store = world.store().clone();
        tokio::spawn(async move { store.rebuild_sums(NOW).await })
    };
    for _ in 0..10 {
        world.file(Some(world.county.sibling)).await;
    }
    building.await.unwrap().unwrap();
    world.fold().await;
    let office = world.county.root_caller(Role::CampaignOffice);
    let total = |counted_up_to| {
        let all = CaseFilter::default();
        world
            .store()
            .complaint_statistics_counting(&office, all, counted_up_to, NOW)
    };
    let (kept, counted) = (total(-1).await.unwrap(), total(i64::MAX).await.unwrap());
    assert_eq!(kept.all.total, counted.all.total);
    assert_eq!(kept.by_unit.len(), counted.by_unit.len());
}
