//! A member's own notices: read, counted and marked as read, each of them behind the caller's scope.

use std::collections::HashMap;

use liangnuo_domain::{ComplaintId, MemberId, RegionId, Timestamp};
use sea_orm::{
    ColumnTrait, Condition, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect,
    QueryTrait, Select, sea_query::Expr,
};
use uuid::Uuid;

use super::NoticeKind;
use crate::{
    callers::Caller,
    db::Store,
    entity::{
        complaints,
        notices::{Column, Entity},
    },
    error::StoreError,
    join::join_in_order,
    page::{self, Key, Page, PageRequest, Sort},
    tx::{By, Unlogged},
};

/// A notice with the case it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// Its id.
    pub id: Uuid,
    /// Why.
    pub kind: NoticeKind,
    /// Which case.
    pub complaint: ComplaintId,
    /// The case's number.
    pub number: String,
    /// The case in one line.
    pub title: String,
    /// When.
    pub at: Timestamp,
    /// Whether it was read.
    pub is_read: bool,
    /// How many further cases of the kind it stands for.
    pub others: i64,
}

#[derive(Debug, FromQueryResult)]
struct Row {
    id: Uuid,
    kind: String,
    complaint_id: Uuid,
    created_at: i64,
    read_at: Option<i64>,
    number: String,
    title: String,
}

/// What waits for a member.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unread {
    /// How many notices.
    pub count: i64,
    /// The newest alarm among them: it stands out until its case is opened.
    pub alarm: Option<Notice>,
}

/// An alarm and whom it went to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// The number of the case.
    pub number: String,
    /// Who was told in the console.
    pub told: Vec<MemberId>,
}

impl TryFrom<Row> for Notice {
    type Error = StoreError;

    fn try_from(row: Row) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            kind: NoticeKind::from_code(&row.kind).ok_or(StoreError::Inconsistent {
                table: "notices",
                column: "kind",
            })?,
            complaint: ComplaintId(row.complaint_id),
            number: row.number,
            title: row.title,
            at: Timestamp::from_micros(row.created_at),
            is_read: row.read_at.is_some(),
            others: 0,
        })
    }
}

/// Notices with the number and the line of their cases.
fn named(select: Select<Entity>) -> Select<Entity> {
    select
        .select_only()
        .columns([
            Column::Id,
            Column::Kind,
            Column::ComplaintId,
            Column::CreatedAt,
            Column::ReadAt,
        ])
        .column_as(complaints::Column::Number, "number")
        .column_as(complaints::Column::Title, "title")
}

/// A member's own notices of the cases that they may still see.
fn own(caller: &Caller) -> Select<Entity> {
    let same = [
        (complaints::Column::RegionId, Column::RegionId),
        (complaints::Column::Id, Column::ComplaintId),
    ];
    join_in_order(Entity::find(), complaints::Entity, same)
        .filter(Column::RegionId.eq(caller.actor.region.0))
        .filter(Column::MemberId.eq(caller.actor.member.0))
        .filter(caller.visible.condition())
}

impl Store {
    /// A page of the caller's notices, newest first.
    ///
    /// # Errors
    /// [`StoreError::BadCursor`].
    pub async fn list_notices(
        &self,
        caller: &Caller,
        only_unread: bool,
        request: &PageRequest,
    ) -> Result<Page<Notice>, StoreError> {
        let mut select = own(caller).filter(Column::GroupId.is_null());
        if only_unread {
            select = select.filter(Column::ReadAt.is_null());
        }
        let sort = Sort {
            column: Column::CreatedAt,
            id: Column::Id,
            is_descending: true,
        };
        let key = |row: &Row| (Key::Number(row.created_at), row.id);
        let page = page::fetch_as(self, select, named, request, sort, &only_unread, key).await?;
        let mut items = page
            .items
            .into_iter()
            .map(Notice::try_from)
            .collect::<Result<Vec<_>, StoreError>>()?;
        let others = self.crowds(caller, items.iter().map(|notice| notice.id)).await?;
        for notice in &mut items {
            notice.others = others.get(&notice.id).copied().unwrap_or(0);
        }
        Ok(Page {
            items,
            next_cursor: page.next_cursor,
            total: page.total,
        })
    }

    /// How many notices are counted with each of these, of cases that the caller may still see.
    async fn crowds(
        &self,
        caller: &Caller,
        heads: impl Iterator<Item = Uuid> + Send,
    ) -> Result<HashMap<Uuid, i64>, StoreError> {
        let heads: Vec<Uuid> = heads.collect();
        if heads.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(Option<Uuid>, i64)> = own(caller)
            .filter(Column::GroupId.is_in(heads))
            .select_only()
            .column(Column::GroupId)
            .column_as(Column::Id.count(), "others")
            .group_by(Column::GroupId)
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(rows
            .into_iter()
            .filter_map(|(head, others)| Some((head?, others)))
            .collect())
    }

    /// How many notices the caller has not read, and the newest alarm among them.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn unread_notices(&self, caller: &Caller) -> Result<Unread, StoreError> {
        // Asked every few seconds by each open console, and mostly in vain: that shall cost next to nothing.
        let waiting = Condition::all()
            .add(Column::RegionId.eq(caller.actor.region.0))
            .add(Column::MemberId.eq(caller.actor.member.0))
            .add(Column::ReadAt.is_null());
        if Entity::find().filter(waiting).one(self.read()).await?.is_none() {
            return Ok(Unread::default());
        }
        let unread = own(caller)
            .filter(Column::ReadAt.is_null())
            .filter(Column::GroupId.is_null());
        let count = unread.clone().count(self.read()).await?;
        let alarm = named(unread)
            .filter(Column::Kind.eq(NoticeKind::Emergency.code()))
            .order_by_desc(Column::CreatedAt)
            .order_by_desc(Column::Id)
            .limit(1)
            .into_model::<Row>()
            .one(self.read())
            .await?;
        Ok(Unread {
            count: i64::try_from(count).unwrap_or(i64::MAX),
            alarm: alarm.map(Notice::try_from).transpose()?,
        })
    }

    /// An alarm that is to be sent on: the number of its case, and who was told. The seam for messages by telephone and the
    /// like.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a case that is gone.
    pub async fn alarm(&self, region: RegionId, complaint: ComplaintId) -> Result<Alarm, StoreError> {
        let case = complaints::Entity::find_by_id((region.0, complaint.0))
            .one(self.read())
            .await?
            .ok_or(StoreError::NotFound)?;
        let told = Entity::find()
            .select_only()
            .column(Column::MemberId)
            .distinct()
            .filter(Column::RegionId.eq(region.0))
            .filter(Column::ComplaintId.eq(complaint.0))
            .filter(Column::Kind.eq(NoticeKind::Emergency.code()))
            .into_tuple::<Uuid>()
            .all(self.read())
            .await?;
        Ok(Alarm {
            number: case.number,
            told: told.into_iter().map(MemberId).collect(),
        })
    }

    /// Marks the caller's notices up to an instant as read, or those of one case.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn read_notices(
        &self,
        caller: Caller,
        complaint: Option<ComplaintId>,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<i64, StoreError> {
        let region: RegionId = caller.actor.region;
        let waiting = Condition::all()
            .add(Column::RegionId.eq(region.0))
            .add(Column::MemberId.eq(caller.actor.member.0))
            .add(Column::ReadAt.is_null())
            .add(Column::CreatedAt.lte(until.micros()))
            .add_option(complaint.map(|complaint| Column::ComplaintId.eq(complaint.0)));
        // Asked whenever a case is opened, and mostly in vain: that shall not wait for the one writer of SQLite.
        if Entity::find().filter(waiting.clone()).one(self.read()).await?.is_none() {
            return Ok(0);
        }
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::Member(caller.actor.member), now).await?;
            let read = Entity::update_many()
                .col_expr(Column::ReadAt, Expr::value(now.micros()))
                .filter(waiting)
                .exec(tx.conn())
                .await?
                .rows_affected;
            if read == 0 {
                tx.rollback().await?;
                return Ok(0);
            }
            // Whoever has read the one that stands for a crowd has read of all.
            let heads = Entity::find()
                .select_only()
                .column(Column::Id)
                .filter(Column::RegionId.eq(region.0))
                .filter(Column::MemberId.eq(caller.actor.member.0))
                .filter(Column::ReadAt.eq(now.micros()))
                .into_query();
            Entity::update_many()
                .col_expr(Column::ReadAt, Expr::value(now.micros()))
                .filter(Column::RegionId.eq(region.0))
                .filter(Column::ReadAt.is_null())
                .filter(Column::GroupId.in_subquery(heads))
                .exec(tx.conn())
                .await?;
            tx.commit_unlogged(Unlogged::ReadMarks).await?;
            Ok(i64::try_from(read).unwrap_or(i64::MAX))
        })
        .await
    }
}
