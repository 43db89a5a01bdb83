//! Cases that say the same: one leads, the others are answered with it. Proposed by nobody but a person, and still each
//! complainant gets an answer.

use std::collections::BTreeSet;

use liangnuo_domain::{
    ComplaintId, Invalid, RegionId, ReplyId, Timestamp,
    clocks::Rules,
    complaints::{self, Complaint, State, Step},
    policy::Action,
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Alias, Expr, ExprTrait, LockType, Query, SelectStatement},
};
use uuid::Uuid;

use super::{CaseDetail, rows, save, steps::open_case};
use crate::{
    callers::Caller,
    db::Store,
    entity::complaints::{Column, Entity},
    error::StoreError,
    tx::{By, Tx},
};

/// A case by number.
#[derive(Clone, Debug, PartialEq, Eq, FromQueryResult)]
pub struct CaseName {
    /// Its id.
    pub id: Uuid,
    /// Its number.
    pub number: String,
    /// In one line.
    pub title: String,
}

/// Saves a step, and what follows from it: for the cases that are answered with this one, and for the one that this one is
/// answered with.
pub(crate) async fn save(tx: &mut Tx, rules: &Rules, before: &Complaint, step: &Step) -> Result<(), StoreError> {
    if let Some(lead) = lead_of(before) {
        // The lead first: whoever answers it takes the rows in that order, too.
        lock(tx, before.region, lead).await?;
    }
    let mut step = step.clone();
    let mut follows = Vec::new();
    if complaints::concerns_followers(before, &step) {
        // Whoever merges a case into this one at this moment either has done so, or finds this one as the step leaves it.
        lock(tx, before.region, before.id).await?;
        for follower in followers(tx, before).await? {
            let reply = ReplyId(tx.ids().v4());
            let followed = complaints::follow(&follower, (before, &step), reply, rules, tx.now())?;
            follows.push((follower, followed));
        }
        let nexts = follows
            .iter()
            .map(|(follower, step)| step.as_ref().map_or(follower, |step| &step.next));
        step.next.pace.along = Complaint::along(nexts, rules).filter(|_| step.next.state.is_clocked());
    }
    save::update(tx, rules, before, &step).await?;
    for (follower, followed) in follows {
        if let Some(followed) = followed {
            save::update(tx, rules, &follower, &followed).await?;
        }
    }
    let leads: BTreeSet<ComplaintId> = lead_of(before).into_iter().chain(lead_of(&step.next)).collect();
    for lead in leads {
        bind(tx, rules, before.region, lead).await?;
    }
    Ok(())
}

/// The case that one waits to be answered with.
fn lead_of(case: &Complaint) -> Option<ComplaintId> {
    case.duplicate_of.filter(|_| case.state == State::Duplicate)
}

/// Keeps with a lead the strictest date of those that are answered with it.
async fn bind(tx: &mut Tx, rules: &Rules, region: RegionId, lead: ComplaintId) -> Result<(), StoreError> {
    lock(tx, region, lead).await?;
    let Some(case) = rows::load(tx.conn(), region.0, lead.0).await? else {
        return Ok(());
    };
    let along = Complaint::along(&followers(tx, &case).await?, rules);
    match complaints::bind(&case, along, rules) {
        Some(step) => save::update(tx, rules, &case, &step).await,
        None => Ok(()),
    }
}

pub(super) async fn lock(tx: &Tx, region: RegionId, id: ComplaintId) -> Result<(), StoreError> {
    let row = Entity::find_by_id((region.0, id.0)).select_only().column(Column::Id);
    row.lock(LockType::Update).into_tuple::<Uuid>().one(tx.conn()).await?;
    Ok(())
}

async fn followers(tx: &Tx, lead: &Complaint) -> Result<Vec<Complaint>, StoreError> {
    let ids: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::RegionId.eq(lead.region.0))
        .filter(Column::DuplicateOfId.eq(lead.id.0))
        .filter(Column::State.eq(State::Duplicate.code()))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(tx.conn())
        .await?;
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let follower = rows::load(tx.conn(), lead.region.0, id).await?;
        found.push(follower.ok_or(StoreError::Bug("a duplicate vanished"))?);
    }
    Ok(found)
}

/// The cases that are answered with the one that the query around this is about.
pub(super) fn of_the_case() -> SelectStatement {
    let follower = Alias::new("follower");
    Query::select()
        .expr(Expr::val(1))
        .from_as(Entity, follower.clone())
        .and_where(Expr::col((follower.clone(), Column::RegionId)).equals((Entity, Column::RegionId)))
        .and_where(Expr::col((follower, Column::DuplicateOfId)).equals((Entity, Column::Id)))
        .to_owned()
}

impl Store {
    /// Merges a case into another one that the caller sees, too.
    ///
    /// # Errors
    /// As [`Store::step_case`]; a lead that can't be one.
    pub async fn merge_case(
        &self,
        caller: Caller,
        id: ComplaintId,
        expected: i64,
        lead: ComplaintId,
        now: Timestamp,
    ) -> Result<CaseDetail, StoreError> {
        let by = caller.clone();
        let rules = self.rules(caller.actor.region).await?;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let (before, _) = open_case(&mut tx, &by, id, Action::MergeComplaint, expected).await?;
            // Whoever answers the lead at this moment either has done so, or finds this case behind it. In the order of
            // their ids, so that two who merge crosswise do not wait for each other.
            Entity::find()
                .filter(Column::RegionId.eq(before.region.0))
                .filter(Column::Id.is_in([id.0, lead.0]))
                .order_by_asc(Column::Id)
                .lock(LockType::Update)
                .all(tx.conn())
                .await?;
            let lead = rows::load_visible(tx.conn(), &by.visible, lead.0)
                .await?
                .ok_or_else(|| Invalid::one("/lead_id", "unknown", "找不到这件来件。", "There is no such case."))?;
            let step = complaints::merge(&before, &lead, now)?;
            save(&mut tx, &rules, &before, &step).await?;
            tx.commit().await
        })
        .await?;
        self.case(&caller, id, now).await
    }

    /// The case that answers for this one, if the caller may see it, and those that it answers for.
    pub(super) async fn merged_with(
        &self,
        caller: &Caller,
        case: &Complaint,
        has_duplicates: bool,
    ) -> Result<(Option<CaseName>, Vec<CaseName>), StoreError> {
        let named = |condition| {
            Entity::find()
                .select_only()
                .columns([Column::Id, Column::Number, Column::Title])
                .filter(caller.visible.condition())
                .filter(condition)
                .order_by_asc(Column::ReceivedAt)
                .limit(100)
                .into_model::<CaseName>()
        };
        let lead = match case.duplicate_of {
            Some(lead) => named(Column::Id.eq(lead.0)).one(self.read()).await?,
            None => None,
        };
        let followers = if has_duplicates {
            named(Column::DuplicateOfId.eq(case.id.0)).all(self.read()).await?
        } else {
            Vec::new()
        };
        Ok((lead, followers))
    }
}
