//! Figures for the public: no sealed case counts anywhere, and none below five can be worked out from what is shown.
//!
//! All that is shown of a year is one family: the county's figures, those of its units, months, kinds and categories. So all
//! of it is made at once, whoever asks for whatever part of it.

use std::collections::{BTreeMap, HashMap};

use liangnuo_domain::{
    CategoryId, RegionId, Timestamp, UnitId,
    categories::Category,
    complaints::Kind,
    statistics::{
        Count, Month,
        secrecy::{Cell, Family, Shown},
    },
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{
    COUNTED_UP_TO, CategoryName,
    kept::Kept,
    known_below, only_top,
    scan::{Part, Tally},
};
use crate::{
    complaints::{CaseFilter, filtered},
    db::Store,
    entity::{complaints, units},
    error::StoreError,
    visible::Visible,
};

/// Figures for the public. What counts fewer than five cases is not shown, nor what would tell such a number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PublicFigures {
    /// Received.
    pub received: Option<i64>,
    /// Answered at least once.
    pub replied: Option<i64>,
    /// Half were answered within so many days.
    pub median_days_to_reply: Option<f64>,
    /// Rated.
    pub rated: Option<i64>,
    /// Rated 3 and more.
    pub satisfied: Option<i64>,
}

/// A category's number for the public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicCategory {
    /// The category; `None` for cases without one.
    pub category: Option<CategoryName>,
    /// Received.
    pub received: Option<i64>,
}

/// A month's numbers for the public.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicMonth {
    /// Such as `2026-03`.
    pub month: String,
    /// Received in it.
    pub received: Option<i64>,
    /// Of these, answered by now.
    pub replied: Option<i64>,
}

/// The county's figures of a year for the public.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicYear {
    /// The year.
    pub year: i32,
    /// All years that can be had, in order.
    pub years: Vec<i32>,
    /// Over all.
    pub figures: PublicFigures,
    /// By kind, in one order, whatever there is of each.
    pub by_kind: Vec<(Kind, Option<i64>)>,
    /// By category of the highest level, those with the most cases first, then those not shown.
    pub by_category: Vec<PublicCategory>,
    /// Every month of the year so far.
    pub by_month: Vec<PublicMonth>,
}

/// All that the public is shown.
#[derive(Clone, Debug, Default)]
pub struct PublicBook {
    /// By year: from the first of which anything is shown to the present one.
    pub years: BTreeMap<i32, PublicYear>,
    /// Of the present year, by unit, with the units below it. Units that are closed are not shown.
    pub units: HashMap<UnitId, PublicFigures>,
}

/// A unit's place in the tree.
struct Place {
    unit: UnitId,
    parent: Option<UnitId>,
    is_open: bool,
}

/// The cells of a group of cases: how many there are, and of these, how many were answered, rated, found satisfying; and
/// what is left each time.
#[derive(Clone, Copy)]
struct Chain {
    received: Cell,
    replied: Cell,
    rated: Cell,
    satisfied: Cell,
    rests: [Cell; 3],
}

impl Chain {
    fn of(family: &mut Family, part: &Part, is_asked: bool) -> Self {
        let mut cell = |count| {
            let value = part.sums.get(count);
            if is_asked {
                family.asked(value)
            } else {
                family.unasked(value)
            }
        };
        let [received, replied] = [Count::Cases, Count::Replied].map(&mut cell);
        let [rated, satisfied] = [Count::Rated, Count::Satisfied].map(&mut cell);
        let pairs = [(received, replied), (replied, rated), (rated, satisfied)];
        Self {
            received,
            replied,
            rated,
            satisfied,
            rests: pairs.map(|(whole, part)| family.rest(whole, part)),
        }
    }

    fn cells(self) -> [Cell; 7] {
        let [unanswered, unrated, unsatisfied] = self.rests;
        let shown = [self.received, self.replied, self.rated, self.satisfied];
        let [received, replied, rated, satisfied] = shown;
        [received, replied, rated, satisfied, unanswered, unrated, unsatisfied]
    }

    /// Says that these are made of those, number by number.
    fn made_of(self, family: &mut Family, parts: &[Self]) {
        for (place, whole) in self.cells().into_iter().enumerate() {
            family.sum(whole, parts.iter().filter_map(|part| part.cells().get(place).copied()));
        }
    }

    fn figures(self, shown: &Shown, part: &Part) -> PublicFigures {
        let replied = shown.get(self.replied);
        let [median] = part.spread.percentiles([0.5]);
        PublicFigures {
            received: shown.get(self.received),
            replied,
            median_days_to_reply: median.filter(|_| replied.is_some()),
            rated: shown.get(self.rated),
            satisfied: shown.get(self.satisfied),
        }
    }
}

/// What is counted of the county, before anything is hidden.
struct Counts {
    years: BTreeMap<i32, Tally>,
    /// Of the present year.
    units: HashMap<UnitId, Part>,
}

impl Store {
    /// All figures for the public.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn public_book(&self, region: RegionId, now: Timestamp) -> Result<PublicBook, StoreError> {
        self.public_book_counting(region, COUNTED_UP_TO, now).await
    }

    /// As [`Store::public_book`], with another number of cases up to which they are counted as they stand.
    ///
    /// # Errors
    /// As there.
    pub async fn public_book_counting(
        &self,
        region: RegionId,
        counted_up_to: i64,
        now: Timestamp,
    ) -> Result<PublicBook, StoreError> {
        let counts = self.public_counts(region, counted_up_to, now).await?;
        let categories = self.list_categories(region, true).await?;
        let places = self.places(region).await?;
        let mut book = PublicBook::default();
        let first = counts.years.keys().next().copied().unwrap_or(now.year());
        let nothing = Tally::default();
        for year in first.min(now.year())..=now.year() {
            let tally = counts.years.get(&year).unwrap_or(&nothing);
            let mut family = Family::default();
            let draft = Draft::of(&mut family, year, tally, &categories, now);
            let units = if year == now.year() {
                tree(&mut family, draft.all, region, &places, &counts.units)
            } else {
                Vec::new()
            };
            let shown = family.kept_secret();
            // That there was anything at all in the first years would be told by offering them.
            let received = shown.get(draft.all.received);
            if received.is_some() || !book.years.is_empty() || year == now.year() {
                book.years.insert(year, draft.shown(&shown, tally));
            }
            book.units.extend(
                units
                    .into_iter()
                    .map(|(unit, chain, part)| (unit, chain.figures(&shown, &part))),
            );
        }
        let years: Vec<i32> = book.years.keys().copied().collect();
        for year in book.years.values_mut() {
            year.years.clone_from(&years);
        }
        Ok(book)
    }

    async fn public_counts(&self, region: RegionId, counted_up_to: i64, now: Timestamp) -> Result<Counts, StoreError> {
        let visible = Visible::public(region);
        let all = CaseFilter::default();
        if let Some(kept) = Kept::of(&visible, &all)
            && self.has_sums().await?
            && self.reach(&kept, now).await? > counted_up_to
        {
            let (years, units) = self.kept_for_public(&kept, now).await?;
            return Ok(Counts { years, units });
        }
        let mut years: BTreeMap<i32, Tally> = BTreeMap::new();
        let select = || filtered(&visible, &all, self.database(), now);
        self.each_row(select, complaints::Column::ReceivedAt, |row| {
            let fact = row.fact()?;
            let year = super::cells::month_of(&fact.received)?.year();
            years.entry(year).or_default().count(&fact, now);
            Ok(())
        })
        .await?;
        let units = years.get(&now.year()).map(|tally| tally.units.clone());
        Ok(Counts {
            units: units.unwrap_or_default(),
            years,
        })
    }

    async fn places(&self, region: RegionId) -> Result<Vec<Place>, StoreError> {
        let rows: Vec<(Uuid, Option<Uuid>, Option<i64>)> = units::Entity::find()
            .select_only()
            .columns([units::Column::Id, units::Column::ParentId, units::Column::ClosedAt])
            .filter(units::Column::RegionId.eq(region.0))
            .into_tuple()
            .all(self.read())
            .await?;
        let place = |(unit, parent, closed_at): (Uuid, Option<Uuid>, Option<i64>)| Place {
            unit: UnitId(unit),
            parent: parent.map(UnitId),
            is_open: closed_at.is_none(),
        };
        Ok(rows.into_iter().map(place).collect())
    }
}

/// The cells of a year of a county.
struct Draft {
    year: i32,
    all: Chain,
    months: Vec<(Month, Cell, Cell)>,
    kinds: Vec<(Kind, Cell)>,
    categories: Vec<(Option<CategoryName>, Cell)>,
}

impl Draft {
    fn of(family: &mut Family, year: i32, tally: &Tally, categories: &[Category], now: Timestamp) -> Self {
        let all = Chain::of(family, &tally.all, true);
        let months = months_of(family, all, year, tally, now);
        // Whichever kinds and categories there are: that one is left out would tell that it has none.
        let kinds: Vec<(Kind, Cell)> = Kind::ALL
            .iter()
            .map(|kind| {
                let received = tally.kinds.get(kind).map_or(0, |part| part.sums.get(Count::Cases));
                let is_asked = *kind != Kind::Report;
                (
                    *kind,
                    if is_asked {
                        family.asked(received)
                    } else {
                        family.unasked(received)
                    },
                )
            })
            .collect();
        family.sum(all.received, kinds.iter().map(|(_, cell)| *cell));
        let categories: Vec<(Option<CategoryName>, Cell)> = by_top(tally, categories)
            .into_iter()
            .map(|(name, received)| (name, family.asked(received)))
            .collect();
        family.sum(all.received, categories.iter().map(|(_, cell)| *cell));
        Self {
            year,
            all,
            months,
            kinds: kinds.into_iter().filter(|(kind, _)| *kind != Kind::Report).collect(),
            categories,
        }
    }

    fn shown(self, shown: &Shown, tally: &Tally) -> PublicYear {
        let mut by_category: Vec<PublicCategory> = self
            .categories
            .into_iter()
            .map(|(category, cell)| PublicCategory {
                category,
                received: shown.get(cell),
            })
            .collect();
        // What is not shown keeps its place in the catalogue: another order would tell which has more.
        by_category.sort_by_key(|row| -row.received.unwrap_or_default());
        PublicYear {
            year: self.year,
            years: Vec::new(),
            figures: self.all.figures(shown, &tally.all),
            by_kind: self
                .kinds
                .into_iter()
                .map(|(kind, cell)| (kind, shown.get(cell)))
                .collect(),
            by_category,
            by_month: self
                .months
                .into_iter()
                .map(|(month, received, replied)| PublicMonth {
                    month: month.name(),
                    received: shown.get(received),
                    replied: shown.get(replied),
                })
                .collect(),
        }
    }
}

/// Every month of the year so far.
fn months_of(family: &mut Family, all: Chain, year: i32, tally: &Tally, now: Timestamp) -> Vec<(Month, Cell, Cell)> {
    let [unanswered, ..] = all.rests;
    let mut rests = Vec::new();
    let mut months = Vec::new();
    for month in (1..=12).map(|number| Month::new(year, number)) {
        let part = tally.months.get(&month.name());
        let value = |count| part.map_or(0, |part| part.sums.get(count));
        let is_asked = month <= Month::of(now.day());
        let mut cell = |count| {
            if is_asked {
                family.asked(value(count))
            } else {
                family.unasked(value(count))
            }
        };
        let (received, replied) = (cell(Count::Cases), cell(Count::Replied));
        rests.push(family.rest(received, replied));
        months.push((month, received, replied, is_asked));
    }
    family.sum(all.received, months.iter().map(|(_, received, ..)| *received));
    family.sum(all.replied, months.iter().map(|(_, _, replied, _)| *replied));
    family.sum(unanswered, rests);
    let asked = months.into_iter().filter(|(.., is_asked)| *is_asked);
    asked
        .map(|(month, received, replied, _)| (month, received, replied))
        .collect()
}

/// How many cases each category of the highest level that tells them apart has, in the order of the catalogue.
fn by_top(tally: &Tally, known: &[Category]) -> Vec<(Option<CategoryName>, i64)> {
    let parents: HashMap<CategoryId, Option<CategoryId>> =
        known.iter().map(|category| (category.id, category.parent)).collect();
    let above = only_top(known);
    let top = |mut id: CategoryId| {
        while let Some(parent) = parents.get(&id).copied().flatten() {
            if Some(id) == above || Some(parent) == above {
                break;
            }
            id = parent;
        }
        id
    };
    let mut counts: HashMap<Option<CategoryId>, i64> = HashMap::new();
    for (category, part) in &tally.categories {
        *counts.entry(category.map(top)).or_default() += part.sums.get(Count::Cases);
    }
    let count = |id: Option<CategoryId>| counts.get(&id).copied().unwrap_or_default();
    let mut rows: Vec<(Option<CategoryName>, i64)> = known
        .iter()
        .filter(|category| category.parent == above || Some(category.id) == above)
        .map(|category| {
            let name = CategoryName {
                id: category.id,
                name: category.name.clone(),
                name_en: category.name_en.clone(),
                has_below: known_below(&parents, category.id),
            };
            (Some(name), count(Some(category.id)))
        })
        .collect();
    rows.push((None, count(None)));
    rows
}

/// The cells of the units: each is made of what it holds itself and of the units below it.
fn tree(
    family: &mut Family,
    all: Chain,
    region: RegionId,
    places: &[Place],
    own: &HashMap<UnitId, Part>,
) -> Vec<(UnitId, Chain, Part)> {
    let mut below: HashMap<UnitId, Vec<&Place>> = HashMap::new();
    for place in places {
        if let Some(parent) = place.parent {
            below.entry(parent).or_default().push(place);
        }
    }
    let mut units = Vec::new();
    let root = Place {
        unit: region,
        parent: None,
        is_open: true,
    };
    branch(family, Some(all), &root, &below, own, &mut units);
    units
}

/// A unit, and all below it. Trees of units are a few levels high.
fn branch(
    family: &mut Family,
    known: Option<Chain>,
    place: &Place,
    below: &HashMap<UnitId, Vec<&Place>>,
    own: &HashMap<UnitId, Part>,
    units: &mut Vec<(UnitId, Chain, Part)>,
) -> (Chain, Part) {
    let mut whole = own.get(&place.unit).cloned().unwrap_or_default();
    let children = below.get(&place.unit).map(Vec::as_slice).unwrap_or_default();
    let mut parts = Vec::new();
    if !children.is_empty() {
        parts.push(Chain::of(family, &whole, false));
    }
    for child in children {
        let (chain, part) = branch(family, None, child, below, own, units);
        parts.push(chain);
        whole.merge(&part);
    }
    let chain = known.unwrap_or_else(|| Chain::of(family, &whole, place.is_open));
    if !parts.is_empty() {
        chain.made_of(family, &parts);
    }
    if place.is_open {
        units.push((place.unit, chain, whole.clone()));
    }
    (chain, whole)
}
