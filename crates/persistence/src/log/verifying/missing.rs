//! Events that the log does not know of: without a place, and not, or for too long, in the queue.

use liangnuo_domain::Timestamp;
use sea_orm::{
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait, Select,
    sea_query::{Expr, ExprTrait, SelectStatement},
};
use uuid::Uuid;

use super::{Fault, Report};
use crate::{
    db::Store,
    entity::{events, log_entries, unsealed_events},
    error::StoreError,
    join::join,
    log::PATIENCE,
};

/// Events that are looked up in one statement.
const PAGE: u64 = 10_000;

/// Faults that are read in one statement.
const MOST: u64 = 10_000;

impl Store {
    pub(super) async fn find_missing(&self, now: Timestamp, report: &mut Report) -> Result<(), StoreError> {
        let mut after = None;
        loop {
            let upto = self.end_of_page(after).await?;
            // One statement: what is sealed meanwhile is in the queue or has its place, and never in neither.
            let unknown: Vec<Uuid> = page(after, upto)
                .filter(not_in(log_entry(after, upto)))
                .filter(not_in(waiting()))
                .into_tuple()
                .all(self.read())
                .await?;
            for event in unknown {
                report.add(Fault::Unknown { event });
            }
            if upto.is_none() {
                break;
            }
            after = upto;
        }
        self.find_late(now, report).await
    }

    /// The last event of the page that follows; none if it is the last page.
    async fn end_of_page(&self, after: Option<Uuid>) -> Result<Option<Uuid>, StoreError> {
        let select = page(after, None)
            .order_by_asc(events::Column::Id)
            .offset(PAGE - 1)
            .limit(1);
        Ok(select.into_tuple().one(self.read()).await?)
    }

    async fn find_late(&self, now: Timestamp, report: &mut Report) -> Result<(), StoreError> {
        use unsealed_events::{Column, Entity};
        let late: Vec<Uuid> = Entity::find()
            .select_only()
            .column(Column::EventId)
            .filter(Column::QueuedAt.lt(now.plus_seconds(-PATIENCE).micros()))
            .limit(MOST)
            .into_tuple()
            .all(self.read())
            .await?;
        for event in late {
            report.add(Fault::Late { event });
        }
        let same = [(events::Column::Id, Column::EventId)];
        let lost: Vec<Uuid> = join(Entity::find(), events::Entity, same)
            .select_only()
            .column(Column::EventId)
            .filter(Expr::col((events::Entity, events::Column::Id)).is_null())
            .limit(MOST)
            .into_tuple()
            .all(self.read())
            .await?;
        for event in lost {
            report.add(Fault::Lost { event });
        }
        Ok(())
    }
}

/// The ids of events after one, up to another.
fn page(after: Option<Uuid>, upto: Option<Uuid>) -> Select<events::Entity> {
    let mut select = events::Entity::find().select_only().column(events::Column::Id);
    if let Some(after) = after {
        select = select.filter(events::Column::Id.gt(after));
    }
    if let Some(upto) = upto {
        select = select.filter(events::Column::Id.lte(upto));
    }
    select
}

fn not_in(query: SelectStatement) -> Expr {
    Expr::exists(query).not()
}

/// The place of the event, if it has one. The bounds of the page once more: so that no database reads the whole log for it.
fn log_entry(after: Option<Uuid>, upto: Option<Uuid>) -> SelectStatement {
    use log_entries::{Column, Entity};
    let event = Expr::col((events::Entity, events::Column::Id));
    let mut select = Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(Expr::col((Entity, Column::EventId)).eq(event));
    if let Some(after) = after {
        select = select.filter(Column::EventId.gt(after));
    }
    if let Some(upto) = upto {
        select = select.filter(Column::EventId.lte(upto));
    }
    select.into_query()
}

fn waiting() -> SelectStatement {
    use unsealed_events::{Column, Entity};
    let event = Expr::col((events::Entity, events::Column::Id));
    Entity::find()
        .select_only()
        .expr(Expr::val(1))
        .filter(Expr::col((Entity, Column::EventId)).eq(event))
        .into_query()
}
