//! Lists of requests, and what is shown of each.

use std::collections::HashMap;

use liangnuo_domain::{
    ComplaintId, Doer, MemberId, OpeningId, RegionId, Timestamp,
    identity::{Opening, OpeningState, OpeningVerb, SecondPerson},
    policy::Action,
};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, QueryFilter, QueryOrder, QuerySelect, Select,
    sea_query::{Expr, ExprTrait},
};

use super::{Opened, OpeningFilter, OpeningView, here, stands_for};
use crate::{
    callers::Caller,
    complaints::{CaseName, rows as cases},
    db::Store,
    entity::{
        complaints,
        identity_openings::{Column, Entity, Model},
    },
    error::StoreError,
    page::{self, Key, Page, PageRequest, Sort},
};

/// Requests about the cases that the caller may see.
fn visible(caller: &Caller) -> Select<Entity> {
    Entity::find()
        .filter(Column::RegionId.eq(caller.actor.region.0))
        .filter(caller.visible.case((Entity, Column::ComplaintId)))
}

fn waits(now: Timestamp) -> Condition {
    // The state as it stands in the index of those that wait.
    let state = Expr::col((Entity, Column::State)).eq(Expr::Constant(OpeningState::Waiting.code().into()));
    Condition::all().add(state).add(Column::EndsAt.gte(now.micros()))
}

impl Store {
    /// A page of the requests about cases that the caller may see, newest first.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who may open no identity at all; [`StoreError::BadCursor`].
    pub async fn list_openings(
        &self,
        caller: &Caller,
        filter: OpeningFilter,
        request: &PageRequest,
        now: Timestamp,
    ) -> Result<Page<OpeningView>, StoreError> {
        caller.must_somewhere(Action::OpenIdentity)?;
        let of_case = filter.complaint.map(|case| Column::ComplaintId.eq(case.0));
        let mut select = visible(caller).filter(Condition::all().add_option(of_case));
        select = match filter.is_waiting {
            Some(true) => select.filter(waits(now)),
            Some(false) => select.filter(waits(now).not()),
            None => select,
        };
        let sort = Sort {
            column: Column::AskedAt,
            id: Column::Id,
            is_descending: true,
        };
        let key = |row: &Model| (Key::Number(row.asked_at), row.id);
        let page = page::fetch(self, select, request, sort, &filter, key).await?;
        Ok(Page {
            items: self.opening_views(caller, page.items, now).await?,
            next_cursor: page.next_cursor,
            total: page.total,
        })
    }

    /// One request.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who may open no identity at all; [`StoreError::NotFound`].
    pub async fn identity_opening(
        &self,
        caller: &Caller,
        id: OpeningId,
        now: Timestamp,
    ) -> Result<OpeningView, StoreError> {
        caller.must_somewhere(Action::OpenIdentity)?;
        let rows = visible(caller).filter(Column::Id.eq(id.0)).all(self.read()).await?;
        let mut views = self.opening_views(caller, rows, now).await?;
        views.pop().ok_or(StoreError::NotFound)
    }

    async fn opening_views(
        &self,
        caller: &Caller,
        rows: Vec<Model>,
        now: Timestamp,
    ) -> Result<Vec<OpeningView>, StoreError> {
        let region = caller.actor.region;
        let openings = rows.into_iter().map(Opening::try_from).collect::<Result<Vec<_>, _>>()?;
        let cases = self.cases_of_openings(region, &openings).await?;
        let people = self.member_names(region, openings.iter().flat_map(mentioned)).await?;
        let mut askers: HashMap<MemberId, Vec<MemberId>> = HashMap::new();
        let mut views = Vec::with_capacity(openings.len());
        for opening in openings {
            let Some(case) = cases.get(&opening.complaint).cloned() else {
                continue;
            };
            let asker = opening.asked.member;
            if !askers.contains_key(&asker) && opening.state_at(now) == OpeningState::Waiting {
                askers.insert(asker, self.stands_for(region, asker, now).await?);
            }
            let allowed = self
                .allowed(caller, &opening, askers.get(&asker).cloned().unwrap_or_default(), now)
                .await?;
            views.push(OpeningView {
                state: opening.state_at(now),
                number: case.number,
                title: case.title,
                members: mentioned(&opening)
                    .filter_map(|id| Some((id, people.get(&id)?.clone())))
                    .collect(),
                allowed,
                opening,
            });
        }
        Ok(views)
    }

    async fn allowed(
        &self,
        caller: &Caller,
        opening: &Opening,
        asker_stands_for: Vec<MemberId>,
        now: Timestamp,
    ) -> Result<Vec<OpeningVerb>, StoreError> {
        let is_over = !matches!(opening.state_at(now), OpeningState::Waiting) && !opening.is_open(now);
        if is_over {
            return Ok(Vec::new());
        }
        let Some(case) = cases::load_visible(self.read(), &caller.visible, opening.complaint.0).await? else {
            return Ok(Vec::new());
        };
        let line = self.unit_line(case.region, case.unit).await?;
        let path: Vec<_> = line.iter().map(|unit| unit.id).collect();
        let may = |action| -> Option<Doer> { caller.must(action, here(&path, &case)).ok() };
        let is_second = may(Action::AnswerOpening).is_some_and(|doer| {
            let second = SecondPerson {
                doer,
                stands_for: stands_for(caller),
                asker_stands_for,
            };
            opening.can_answer(&second, now).is_ok()
        });
        let me = caller.actor.member;
        let is_asker = may(Action::OpenIdentity).is_some();
        let is_possible = |verb: &OpeningVerb| match verb {
            OpeningVerb::Approve | OpeningVerb::Refuse => is_second,
            OpeningVerb::Withdraw => is_asker && opening.can_withdraw(me, now).is_ok(),
            OpeningVerb::Read => is_asker && opening.can_read(me, now).is_ok(),
        };
        Ok(OpeningVerb::ALL.iter().copied().filter(is_possible).collect())
    }

    async fn cases_of_openings(
        &self,
        region: RegionId,
        openings: &[Opening],
    ) -> Result<HashMap<ComplaintId, CaseName>, StoreError> {
        use complaints::Column as Case;
        let rows = complaints::Entity::find()
            .select_only()
            .columns([Case::Id, Case::Number, Case::Title])
            .filter(Case::RegionId.eq(region.0))
            .filter(Case::Id.is_in(openings.iter().map(|opening| opening.complaint.0)))
            .into_model::<CaseName>()
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(|row| (ComplaintId(row.id), row)).collect())
    }

    /// When the identity of a case was opened: what its complainant is told.
    pub(crate) async fn opened(&self, region: RegionId, case: ComplaintId) -> Result<Vec<Opened>, StoreError> {
        let rows = Entity::find()
            .filter(Column::RegionId.eq(region.0))
            .filter(Column::ComplaintId.eq(case.0))
            .filter(Column::FirstReadAt.is_not_null())
            .order_by_asc(Column::FirstReadAt)
            .order_by_asc(Column::Id)
            .all(self.read())
            .await?;
        let mut opened = Vec::with_capacity(rows.len());
        for row in rows {
            let opening = Opening::try_from(row)?;
            opened.extend(opening.first_read_at.map(|at| Opened {
                at,
                category: opening.category,
                by: opening.asked.member,
            }));
        }
        Ok(opened)
    }
}

fn mentioned(opening: &Opening) -> impl Iterator<Item = MemberId> {
    let second = opening.answer.as_ref().map(|answer| answer.by.member);
    std::iter::once(opening.asked.member).chain(second)
}
