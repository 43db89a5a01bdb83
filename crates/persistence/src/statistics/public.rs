//! Figures for the public: no sealed case counts anywhere, and what counts fewer than five cases is not shown.

use std::collections::HashMap;

use liangnuo_domain::{
    RegionId, Timestamp, UnitId,
    complaints::Kind,
    statistics::{Count, suppressed, suppressed_parts},
};

use super::{COUNTED_UP_TO, CategoryName, Figures, scan::Part};
use crate::{complaints::CaseFilter, db::Store, error::StoreError, visible::Visible};

/// Figures for the public. What counts fewer than five cases is not shown.
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

/// The county's figures of a year for the public.
#[derive(Clone, Debug, PartialEq)]
pub struct PublicYear {
    /// The year.
    pub year: i32,
    /// Over all.
    pub figures: PublicFigures,
    /// By kind.
    pub by_kind: Vec<(Kind, Option<i64>)>,
    /// By category of the highest level, those with the most cases first.
    pub by_category: Vec<PublicCategory>,
    /// By month: received and answered in it, every month of the year so far.
    pub by_month: Vec<(String, Option<i64>, Option<i64>)>,
}

fn public(figures: &Figures) -> PublicFigures {
    let replied = suppressed(figures.replied);
    let rated = suppressed(figures.rated);
    PublicFigures {
        received: suppressed(figures.total),
        replied,
        median_days_to_reply: figures.median_days_to_reply.filter(|_| replied.is_some()),
        rated,
        // What is left of the rated is shown by it.
        satisfied: rated.and_then(|rated| {
            suppressed_parts(&[figures.satisfied, rated - figures.satisfied])
                .first()
                .copied()
                .flatten()
        }),
    }
}

impl Store {
    /// A unit's figures for the public, of the cases that it and the units below it hold.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn public_figures(
        &self,
        region: RegionId,
        unit: UnitId,
        now: Timestamp,
    ) -> Result<PublicFigures, StoreError> {
        let filter = CaseFilter {
            unit: (unit != region).then_some(unit),
            ..CaseFilter::default()
        };
        let tally = self
            .tally(&Visible::public(region), &filter, COUNTED_UP_TO, now)
            .await?;
        Ok(public(&Figures::from(&tally.part.all)))
    }

    /// The county's figures of the present year for the public.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn public_statistics(&self, region: RegionId, now: Timestamp) -> Result<PublicYear, StoreError> {
        let year = now.year();
        let filter = CaseFilter {
            year: Some(year),
            ..CaseFilter::default()
        };
        let tally = self
            .tally(&Visible::public(region), &filter, COUNTED_UP_TO, now)
            .await?
            .part;
        let by_category = self.by_category(region, &tally.categories, &filter).await?;
        let counts: Vec<i64> = by_category.iter().map(|row| row.figures.total).collect();
        let by_category = by_category
            .into_iter()
            .zip(suppressed_parts(&counts))
            .map(|(row, received)| PublicCategory {
                category: row.category,
                received,
            })
            .collect();
        let mut kinds: Vec<(Kind, i64)> = tally
            .kinds
            .iter()
            .map(|(kind, part)| (*kind, part.sums.get(Count::Cases)))
            .collect();
        kinds.sort_unstable();
        let (kinds, counts): (Vec<_>, Vec<_>) = kinds.into_iter().unzip();
        Ok(PublicYear {
            year,
            by_kind: kinds.into_iter().zip(suppressed_parts(&counts)).collect(),
            by_category,
            by_month: by_month(
                year,
                now,
                &tally.months.iter().map(|(name, part)| (name.as_str(), part)).collect(),
            ),
            figures: public(&Figures::from(&tally.all)),
        })
    }
}

/// Every month of the year so far.
fn by_month(year: i32, now: Timestamp, months: &HashMap<&str, &Part>) -> Vec<(String, Option<i64>, Option<i64>)> {
    let this_month = now.day().format("%Y-%m").to_string();
    let names: Vec<String> = (1..=12)
        .map(|month| format!("{year}-{month:02}"))
        .filter(|month| *month <= this_month)
        .collect();
    let column = |count: Count| {
        let number = |name: &String| months.get(name.as_str()).map_or(0, |part| part.sums.get(count));
        suppressed_parts(&names.iter().map(number).collect::<Vec<_>>())
    };
    let (received, replied) = (column(Count::Cases), column(Count::RepliedIn));
    names
        .into_iter()
        .zip(received)
        .zip(replied)
        .map(|((month, received), replied)| (month, received, replied))
        .collect()
}
