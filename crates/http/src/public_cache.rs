//! Figures for the public, kept for a moment: whoever asks often makes the database count once.

use std::{sync::Arc, time::Duration};

use liangnuo_domain::{RegionId, UnitId};
use liangnuo_persistence::{
    StoreError,
    statistics::{PublicFigures, PublicYear},
};
use moka::future::Cache;

use crate::{
    problem::{Problem, ProblemCode},
    state::AppState,
};

/// The figures of the last moment.
#[derive(Clone, Debug)]
pub struct PublicCache {
    units: Cache<UnitId, PublicFigures>,
    years: Cache<RegionId, Arc<PublicYear>>,
}

impl PublicCache {
    /// A cache whose entries live so long.
    #[must_use]
    pub fn new(lifetime: Duration) -> Self {
        Self {
            units: Cache::builder().max_capacity(5_000).time_to_live(lifetime).build(),
            years: Cache::builder().max_capacity(100).time_to_live(lifetime).build(),
        }
    }

    /// A unit's figures. Of many who ask at once, one counts and the others wait.
    pub(crate) async fn unit(
        &self,
        state: &AppState,
        region: RegionId,
        unit: UnitId,
    ) -> Result<PublicFigures, Problem> {
        let count = state.store.public_figures(region, unit, state.clock.now());
        self.units.try_get_with(unit, count).await.map_err(again)
    }

    /// The county's figures of the year.
    pub(crate) async fn year(&self, state: &AppState, region: RegionId) -> Result<Arc<PublicYear>, Problem> {
        let count = async {
            state
                .store
                .public_statistics(region, state.clock.now())
                .await
                .map(Arc::new)
        };
        self.years.try_get_with(region, count).await.map_err(again)
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
