//! Figures for the public, kept for a moment: whoever asks often makes the database count once.

use std::{sync::Arc, time::Duration};

use liangnuo_domain::{RegionId, UnitId};
use liangnuo_persistence::{
    StoreError,
    statistics::{PublicBook, PublicFigures, PublicYear},
};
use moka::future::Cache;

use crate::{
    problem::{Problem, ProblemCode},
    state::AppState,
};

/// The figures of the last moment. All of a county's are made at once: what may be shown of one depends on the others.
#[derive(Clone, Debug)]
pub struct PublicCache {
    books: Cache<RegionId, Arc<PublicBook>>,
}

impl PublicCache {
    /// A cache whose entries live so long.
    #[must_use]
    pub fn new(lifetime: Duration) -> Self {
        Self {
            books: Cache::builder().max_capacity(100).time_to_live(lifetime).build(),
        }
    }

    /// A unit's figures of the present year.
    pub(crate) async fn unit(
        &self,
        state: &AppState,
        region: RegionId,
        unit: UnitId,
    ) -> Result<PublicFigures, Problem> {
        let book = self.book(state, region).await?;
        Ok(book.units.get(&unit).cloned().unwrap_or_default())
    }

    /// The county's figures of a year.
    pub(crate) async fn year(&self, state: &AppState, region: RegionId, year: i32) -> Result<PublicYear, Problem> {
        let book = self.book(state, region).await?;
        let year = book.years.get(&year).cloned();
        year.ok_or_else(|| Problem::new(ProblemCode::NotFound))
    }

    /// Of many who ask at once, one counts and the others wait.
    async fn book(&self, state: &AppState, region: RegionId) -> Result<Arc<PublicBook>, Problem> {
        let count = async { state.store.public_book(region, state.clock.now()).await.map(Arc::new) };
        self.books.try_get_with(region, count).await.map_err(again)
    }
}

/// An error that several callers got at once.
fn again(error: Arc<StoreError>) -> Problem {
    match Arc::try_unwrap(error) {
        Ok(error) => error.into(),
        Err(shared) => match shared.as_ref() {
            StoreError::NotFound => Problem::new(ProblemCode::NotFound),
            _ => Problem::new(ProblemCode::Busy),
        },
    }
}
