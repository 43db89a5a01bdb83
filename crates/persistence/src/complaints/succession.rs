//! The open cases of a unit that closes go on in those that come in its place, many at once.

use std::collections::{BTreeMap, HashMap, HashSet, hash_map::Entry};

use liangnuo_domain::{
    MemberId, RegionId, Role, UnitId,
    complaints::{self, Complaint, Event, Step},
    events::Subject,
    statistics::Clock,
    succession::Division,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType, OnConflict},
};
use serde_json::json;
use uuid::Uuid;

use super::{assignees::IS_OPEN, rows, save};
use crate::{
    entity::{
        complaint_accused as accused,
        complaints::{Column, Entity as Complaints},
        role_grants as grants,
    },
    error::StoreError,
    events::NewEvent,
    notices,
    role_grants::in_force,
    statistics::keeping::{self, Counted},
    tx::{By, Tx},
    visible::above,
};

/// Rows of one statement.
const CHUNK: usize = 500;

/// What became of a unit's open cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct CasesFollowed {
    /// How many each successor got.
    pub to: HashMap<UnitId, usize>,
    /// How many are nobody's now: who handled them handles nothing there.
    pub without_handler: usize,
}

struct Moved {
    before: Complaint,
    step: Step,
    clock: Option<Clock>,
}

/// Gives the open cases of a unit to its successors, as they stand. A case goes where its handler goes.
pub(crate) async fn succeed(
    tx: &mut Tx,
    (region, from): (RegionId, UnitId),
    division: &Division,
) -> Result<CasesFollowed, StoreError> {
    // Whoever works on one at this moment has done so, and it is read as they left it.
    let found = Complaints::find()
        .filter(Column::RegionId.eq(region.0))
        .filter(Column::UnitId.eq(from.0))
        .filter(Expr::cust(IS_OPEN))
        .order_by_asc(Column::Id)
        .lock(LockType::NoKeyUpdate)
        .all(tx.conn())
        .await?;
    let mut able: HashMap<UnitId, HashSet<Uuid>> = HashMap::new();
    let mut moved = Vec::with_capacity(found.len());
    for row in found {
        let clock = row.due_at.zip(row.soon_at).map(|(due, soon)| Clock { due, soon });
        let before = rows::without_draft(row)?;
        let to = division.of_case(before.handler);
        let handlers = match able.entry(to) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(unknown) => unknown.insert(handlers_of(tx, region, to).await?),
        };
        let may_go_on = before.handler.is_some_and(|handler| handlers.contains(&handler.0));
        let step = complaints::succeed(&before, to, may_go_on, &division.reason);
        moved.push(Moved { before, step, clock });
    }
    write(tx, region, &moved).await?;
    let changes: Vec<_> = moved
        .iter()
        .map(|one| {
            // Whose case it is does not matter where nothing but the unit changes.
            let counted = |case| Counted {
                case,
                clock: one.clock,
                author: None,
            };
            (Some(counted(&one.before)), counted(&one.step.next))
        })
        .collect();
    keeping::note(tx, &changes).await?;
    let mut done = CasesFollowed::default();
    for one in &moved {
        *done.to.entry(one.step.next.unit).or_default() += 1;
        save::record(tx, &one.step);
        if one.step.next.handler.is_none() {
            done.without_handler += usize::from(one.before.handler.is_some());
            tell(tx, one).await?;
        }
    }
    Ok(done)
}

/// Whoever handles cases of a unit by a role there or above it.
async fn handlers_of(tx: &Tx, region: RegionId, unit: UnitId) -> Result<HashSet<Uuid>, StoreError> {
    let rows: Vec<Uuid> = grants::Entity::find()
        .select_only()
        .column(grants::Column::MemberId)
        .filter(grants::Column::RegionId.eq(region.0))
        .filter(grants::Column::Role.eq(Role::Handler.code()))
        .filter(grants::Column::UnitId.in_subquery(above(region, &[unit])))
        .filter(in_force(tx.now()))
        .into_tuple()
        .all(tx.conn())
        .await?;
    Ok(rows.into_iter().collect())
}

async fn write(tx: &Tx, region: RegionId, moved: &[Moved]) -> Result<(), StoreError> {
    let mut groups: BTreeMap<(UnitId, bool), Vec<Uuid>> = BTreeMap::new();
    for one in moved {
        let next = &one.step.next;
        groups
            .entry((next.unit, next.handler.is_some()))
            .or_default()
            .push(next.id.0);
    }
    for ((unit, has_handler), ids) in groups {
        for chunk in ids.chunks(CHUNK) {
            let mut update = Complaints::update_many()
                .col_expr(Column::UnitId, Expr::value(unit.0))
                .col_expr(Column::Version, Expr::col(Column::Version).add(1));
            if !has_handler {
                update = update.col_expr(Column::HandlerId, Expr::value(Option::<Uuid>::None));
            }
            update
                .filter(Column::RegionId.eq(region.0))
                .filter(Column::Id.is_in(chunk.iter().copied()))
                .exec(tx.conn())
                .await?;
        }
    }
    Ok(())
}

/// Whoever handles cases of the new unit is told of one that is nobody's as of one that came in: many of these are told as one.
async fn tell(tx: &Tx, moved: &Moved) -> Result<(), StoreError> {
    let step = Step {
        events: vec![Event::Received],
        ..moved.step.clone()
    };
    notices::tell(tx, &moved.before, &step, tx.by(), tx.now()).await
}

/// Where a unit is accused, those that come in its place are, too: its people are theirs from now on, and have no more right on
/// the case than before.
pub(crate) async fn accuse_successors(
    tx: &mut Tx,
    (region, from): (RegionId, UnitId),
    successors: &[UnitId],
) -> Result<(), StoreError> {
    let known: Vec<Uuid> = accused::Entity::find()
        .select_only()
        .column(accused::Column::ComplaintId)
        .filter(accused::Column::RegionId.eq(region.0))
        .filter(accused::Column::SubjectId.eq(from.0))
        .order_by_asc(accused::Column::ComplaintId)
        .into_tuple()
        .all(tx.conn())
        .await?;
    for chunk in known.chunks(CHUNK) {
        let rows = chunk.iter().flat_map(|case| {
            successors.iter().map(|successor| accused::ActiveModel {
                region_id: Set(region.0),
                complaint_id: Set(*case),
                subject_id: Set(successor.0),
                subject_kind: Set("unit".to_owned()),
            })
        });
        accused::Entity::insert_many(rows)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(tx.conn())
            .await?;
        let cases: Vec<(Uuid, Uuid, String)> = Complaints::find()
            .select_only()
            .columns([Column::Id, Column::UnitId, Column::State])
            .filter(Column::RegionId.eq(region.0))
            .filter(Column::Id.is_in(chunk.iter().copied()))
            .into_tuple()
            .all(tx.conn())
            .await?;
        for (case, unit, state) in cases {
            let detail = json!({"state": state, "members": Vec::<MemberId>::new(), "units": successors});
            // Nobody named them: it follows from the succession, and whoever made that may not know of the case.
            tx.record(NewEvent {
                by: Some(By::System),
                ..NewEvent::new(region, Subject::Complaints, case, "accused_named", detail).in_unit(UnitId(unit))
            });
        }
    }
    Ok(())
}
