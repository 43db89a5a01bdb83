//! A whole county at once: the demo county, and whatever else is set up from nothing. The cases go through the same
//! rules as any other; only their times and actors lie in the past.

use liangnuo_domain::{
    RegionId, Timestamp, members::Member, role_grants::RoleGrant, templates::TemplateFields, units::Unit,
};
use sea_orm::{EntityTrait, QuerySelect};

pub use crate::complaints::past::{PastCase, PastStep, PastVerb};
use crate::{
    accounts::{self, NewAccount},
    complaints::past,
    db::Store,
    entity,
    error::StoreError,
    members, numbers, role_grants,
    tx::By,
    units,
};

/// A county to be written.
#[derive(Clone, Debug)]
pub struct NewCounty {
    /// The root unit's id.
    pub region: RegionId,
    /// Parents before children, the root first.
    pub units: Vec<Unit>,
    /// Their members.
    pub members: Vec<Member>,
    /// Who holds which role where, and who stands in for whom.
    pub grants: Vec<RoleGrant>,
    /// Who signs in.
    pub accounts: Vec<NewAccount>,
    /// The cases with what happened to them.
    pub cases: Vec<PastCase>,
    /// Texts that its desk has ready.
    pub templates: Vec<TemplateFields>,
    /// Since when people and roles are there: before the first case.
    pub since: Timestamp,
}

impl Store {
    /// Whether nothing was set up yet.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn is_empty(&self) -> Result<bool, StoreError> {
        Ok(entity::units::Entity::find().limit(1).one(self.read()).await?.is_none())
    }

    /// Writes a county in one transaction, beside others that may be there and without [`NewCounty::cases`], and then those
    /// as [`Store::load_past`].
    ///
    /// # Errors
    /// [`StoreError::BootstrapClosed`] if this county is there already; a step that the rules refuse.
    pub async fn load_county(&self, county: NewCounty, now: Timestamp) -> Result<(), StoreError> {
        let region = county.region;
        let root = entity::units::Entity::find_by_id((region.0, region.0));
        if root.one(self.read()).await?.is_some() {
            return Err(StoreError::BootstrapClosed);
        }
        let cases = county.cases;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::System, now).await?;
            units::insert_many(&mut tx, &county.units, county.since).await?;
            members::insert_many(&mut tx, &county.members, county.since).await?;
            role_grants::insert_many(&mut tx, &county.grants).await?;
            accounts::insert_many(&mut tx, region, county.accounts).await?;
            crate::categories::seed(&tx, region).await?;
            crate::templates::insert_many(&tx, region, county.templates).await?;
            tx.commit().await
        })
        .await?;
        self.load_past(region, cases, now).await
    }

    /// Writes cases that lie in the past, all or none: what happened to each is played through the rules, and only what
    /// came of it is written. Of what lies in the past nobody is told any more. A few thousand at a time: all of them are
    /// in memory and in one transaction.
    ///
    /// # Errors
    /// A step that the rules refuse; a unit, a member or a category that is not there.
    pub async fn load_past(&self, region: RegionId, cases: Vec<PastCase>, now: Timestamp) -> Result<(), StoreError> {
        if cases.is_empty() {
            return Ok(());
        }
        let mut received: Vec<Timestamp> = cases.iter().flat_map(PastCase::received).collect();
        received.sort_unstable();
        let years = received.iter().map(|at| at.year());
        let numbers = numbers::take_all(self, region, years).await?;
        let rules = self.rules(region).await?;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::System, now).await?;
            let mut numbers = past::Numbers::new(received.into_iter().zip(numbers));
            let mut played = Vec::with_capacity(cases.len());
            for case in cases {
                past::play(case, region, &rules, tx.ids(), &mut numbers, &mut played)?;
            }
            past::write(&mut tx, &rules, played).await?;
            tx.commit().await
        })
        .await
    }
}
