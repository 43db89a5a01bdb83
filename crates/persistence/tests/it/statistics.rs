//! The kept sums say what counting the cases says, whatever happened to them, for whoever asks.

use liangnuo_domain::{
    CategoryId, Day, Role, Timestamp,
    complaints::{Channel, Kind, State},
    statistics::BIN_WIDTH,
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
    database::dump,
};

use crate::support::{HASH, World};

/// A county with cases that went any way they can go.
pub async fn world(seed: u64, cases: usize) -> (World, Chance) {
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
    pub async fn go_on(&self, chance: &mut Chance, categories: &[CategoryId]) {
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

/// Selections by one thing, by two, by three and by all at once.
fn filters(county: &TestCounty, category: CategoryId, now: Timestamp) -> Vec<CaseFilter> {
    let any = CaseFilter::default;
    let day = |text: &str| Some(text.parse::<Day>().unwrap());
    let year = Some(now.year() - 1);
    let own = CaseFilter {
        unit: Some(county.own),
        ..any()
    };
    let schools = CaseFilter {
        unit_kind: Some(UnitKind::School),
        ..any()
    };
    let below = CaseFilter {
        category: Some(category),
        ..any()
    };
    let months = CaseFilter {
        received_from: day("2024-11-01"),
        received_to: day("2026-02-28"),
        ..any()
    };
    let days = CaseFilter {
        received_from: day("2024-10-13"),
        received_to: day("2026-02-11"),
        ..any()
    };
    let phone = CaseFilter {
        channels: vec![Channel::Phone],
        ..any()
    };
    let mut filters = vec![
        any(),
        CaseFilter { year, ..any() },
        months.clone(),
        days.clone(),
        CaseFilter {
            received_from: day("2025-03-02"),
            ..any()
        },
        CaseFilter {
            received_from: day("2025-03-02"),
            received_to: day("2025-03-20"),
            ..any()
        },
        own.clone(),
        CaseFilter {
            is_unit_alone: true,
            year,
            ..own.clone()
        },
        schools.clone(),
        below.clone(),
        CaseFilter {
            is_category_alone: true,
            ..below.clone()
        },
        CaseFilter {
            has_category: Some(false),
            year,
            ..any()
        },
        phone.clone(),
        CaseFilter {
            states: vec![State::Concluded, State::InHandling],
            ..any()
        },
    ];
    // Two at once, with each kind of time.
    for time in [any(), CaseFilter { year, ..any() }, months, days] {
        let at = |filter: &CaseFilter| CaseFilter {
            year: time.year,
            received_from: time.received_from,
            received_to: time.received_to,
            ..filter.clone()
        };
        filters.extend([
            at(&CaseFilter {
                kinds: vec![Kind::Grievance],
                ..phone.clone()
            }),
            at(&CaseFilter {
                channels: phone.channels.clone(),
                ..own.clone()
            }),
            at(&CaseFilter {
                category: below.category,
                ..schools.clone()
            }),
            at(&CaseFilter {
                kinds: vec![Kind::Report],
                has_category: Some(true),
                ..any()
            }),
            at(&CaseFilter {
                category: below.category,
                channels: phone.channels.clone(),
                kinds: vec![Kind::Grievance],
                states: vec![State::Concluded, State::Replied, State::Accepted],
                ..schools.clone()
            }),
        ]);
    }
    filters
}

/// Figures whose percentiles the bins may move by what the figures say of themselves.
fn near(kept: &Figures, counted: &Figures) -> Figures {
    let minute = 1.0 / 1_440.0;
    let near = |kept: Option<f64>, counted: Option<f64>| match (kept, counted) {
        (Some(kept), Some(exact)) if (kept - exact).abs() <= BIN_WIDTH * exact + minute => Some(exact),
        _ => kept,
    };
    assert_eq!(kept.is_approximate, kept.replied > 0 && kept.is_approximate);
    assert!(!counted.is_approximate);
    if !kept.is_approximate {
        return kept.clone();
    }
    Figures {
        median_days_to_reply: near(kept.median_days_to_reply, counted.median_days_to_reply),
        p90_days_to_reply: near(kept.p90_days_to_reply, counted.p90_days_to_reply),
        is_approximate: false,
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

/// Two ways to interpolate between the same neighbours may differ in the last digit.
fn rounded(figures: &Figures) -> Figures {
    let round = |days: f64| (days * 1e9).round() / 1e9;
    Figures {
        median_days_to_reply: figures.median_days_to_reply.map(round),
        p90_days_to_reply: figures.p90_days_to_reply.map(round),
        ..figures.clone()
    }
}

/// The kept figures must be the counted ones, but for what bins can't know.
fn compare(mut kept: CaseFigures, mut counted: CaseFigures, what: &str) {
    level(&mut kept.by_unit, &counted.by_unit);
    level(&mut kept.by_channel, &counted.by_channel);
    level(&mut kept.by_kind, &counted.by_kind);
    for (row, known) in kept.by_category.iter_mut().zip(&counted.by_category) {
        row.figures = near(&row.figures, &known.figures);
    }
    for (row, known) in kept.by_month.iter_mut().zip(&counted.by_month) {
        row.received = near(&row.received, &known.received);
    }
    if kept.distinct_authors.is_none() {
        kept.distinct_authors = counted.distinct_authors;
    }
    kept.all = rounded(&kept.all);
    counted.all = rounded(&counted.all);
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
    let mut seen = 0;
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
            // Of all cases the percentiles are exact either way; of groups those from the sums are near.
            assert!(!kept.all.is_approximate, "{moment}, {who}, filter {at}");
            let groups = kept.by_kind.iter().any(|(_, figures)| figures.replied > 0);
            let near = kept.by_kind.iter().any(|(_, figures)| figures.is_approximate);
            assert_eq!(near, groups, "{moment}, {who}, filter {at} was counted");
            compare(kept, counted, &format!("{moment}, {who}, filter {at}"));
        }
    }
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
        // What is packed is the same to the last byte, in whatever steps it came to be.
        let folded = dump(&world.db.url).await;
        world.store().rebuild_sums(NOW).await.unwrap();
        let built = dump(&world.db.url).await;
        for table in ["complaint_cells", "complaint_authors", "complaint_author_sums"] {
            assert_eq!(built[table], folded[table], "{table} built anew");
        }
        check(&world, &categories, "built anew").await;
    }
}

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
