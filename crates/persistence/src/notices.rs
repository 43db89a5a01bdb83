//! What a member is told of: a case that was given to them, a date that comes near, a card, an alarm. A notice says which
//! case and why; what the case is about is read with the case, behind the caller's scope.

use liangnuo_domain::{
    ComplaintId, MemberId, RegionId, Role, Timestamp, UnitId,
    clocks::Rung,
    complaints::{Complaint, Event, Step},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QuerySelect,
    Select, sea_query::Expr,
};
use uuid::Uuid;

use crate::{
    callers::Caller,
    db::Store,
    entity::{
        complaints, members,
        notices::{ActiveModel, Column, Entity},
        role_grants,
    },
    error::StoreError,
    join::join_in_order,
    names::unit_path,
    page::{self, Key, Page, PageRequest, Sort},
    tx::{By, Tx, Unlogged},
};

/// Why a member is told of a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "each is the name of what happened")]
pub enum NoticeKind {
    Assigned,
    Returned,
    ComplainantWrote,
    RatedUnsatisfied,
    Objected,
    ExtensionAsked,
    ExtensionDecided,
    Supervised,
    Emergency,
    RedoAsked,
    DueSoon,
    YellowCard,
    RedCard,
    CircularNotice,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 14] = [
        Self::Assigned,
        Self::Returned,
        Self::ComplainantWrote,
        Self::RatedUnsatisfied,
        Self::Objected,
        Self::ExtensionAsked,
        Self::ExtensionDecided,
        Self::Supervised,
        Self::Emergency,
        Self::RedoAsked,
        Self::DueSoon,
        Self::YellowCard,
        Self::RedCard,
        Self::CircularNotice,
    ];

    /// The stable code.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Assigned => "assigned",
            Self::Returned => "returned",
            Self::ComplainantWrote => "complainant_wrote",
            Self::RatedUnsatisfied => "rated_unsatisfied",
            Self::Objected => "objected",
            Self::ExtensionAsked => "extension_asked",
            Self::ExtensionDecided => "extension_decided",
            Self::Supervised => "supervised",
            Self::Emergency => "emergency",
            Self::RedoAsked => "redo_asked",
            Self::DueSoon => "due_soon",
            Self::YellowCard => "yellow_card",
            Self::RedCard => "red_card",
            Self::CircularNotice => "circular_notice",
        }
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Audience {
    /// Whoever handles the case; where nobody does yet, the handlers of its unit.
    Handlers,
    /// One member.
    Member(MemberId),
    /// Those who hold the role at the case's unit or, where nobody does, at the nearest one above.
    Nearest(Role),
    /// Those who hold the role anywhere above the case's unit.
    Above(Role),
}

/// Who is told of an event, and as what.
fn audiences(event: &Event, before: &Complaint, next: &Complaint) -> Option<(NoticeKind, Vec<Audience>)> {
    use Audience::{Above, Handlers, Member, Nearest};
    let asked_by = || {
        let asked = next.pace.extensions.last()?;
        Some(vec![Member(asked.asked_by)])
    };
    Some(match event {
        Event::Assigned { .. } => (NoticeKind::Assigned, vec![Handlers]),
        Event::Returned { .. } => (
            NoticeKind::Returned,
            vec![Member(before.draft.as_ref().map(|draft| draft.drafted_by)?)],
        ),
        Event::Added { .. } => (NoticeKind::ComplainantWrote, vec![Handlers]),
        Event::Rated { level } if *level < 3 => (NoticeKind::RatedUnsatisfied, vec![Handlers]),
        Event::Objected { .. } => (NoticeKind::Objected, vec![Above(Role::CampaignOffice)]),
        Event::ExtensionAsked { .. } => (NoticeKind::ExtensionAsked, vec![Nearest(Role::UnitHead)]),
        Event::Extended { .. } | Event::ExtensionRefused { .. } => (NoticeKind::ExtensionDecided, asked_by()?),
        Event::Supervised { .. } => (NoticeKind::Supervised, vec![Handlers, Nearest(Role::UnitHead)]),
        Event::EmergencyMarked { .. } => (
            NoticeKind::Emergency,
            vec![
                Handlers,
                Nearest(Role::UnitHead),
                Above(Role::CampaignOffice),
                Above(Role::Leader),
            ],
        ),
        Event::RedoAsked => (NoticeKind::RedoAsked, vec![Nearest(Role::UnitHead)]),
        Event::Reminded { rung, .. } => reminded(*rung),
        _ => return None,
    })
}

fn reminded(rung: Rung) -> (NoticeKind, Vec<Audience>) {
    use Audience::{Above, Handlers, Nearest};
    let head = Nearest(Role::UnitHead);
    let office = Above(Role::CampaignOffice);
    match rung {
        Rung::DueSoon => (NoticeKind::DueSoon, vec![Handlers]),
        Rung::YellowCard => (NoticeKind::YellowCard, vec![Handlers, head]),
        Rung::RedCard => (NoticeKind::RedCard, vec![Handlers, head, office]),
        Rung::CircularNotice => (NoticeKind::CircularNotice, vec![head, office, Above(Role::Leader)]),
    }
}

/// Tells whoever is to be told of a step, but not the one who took it.
pub(crate) async fn tell(tx: &Tx, before: &Complaint, step: &Step, by: By, at: Timestamp) -> Result<(), StoreError> {
    let next = &step.next;
    let told: Vec<(NoticeKind, Vec<Audience>)> = step
        .events
        .iter()
        .filter_map(|event| audiences(event, before, next))
        .collect();
    if told.is_empty() {
        return Ok(());
    }
    let duty = Duty::of(tx, next, at).await?;
    let mut rows = Vec::new();
    for (kind, audience) in told {
        let mut members: Vec<MemberId> = audience.into_iter().flat_map(|one| duty.members(next, one)).collect();
        members.sort_unstable();
        members.dedup();
        members.retain(|member| by != By::Member(*member));
        rows.extend(members.into_iter().map(|member| ActiveModel {
            region_id: Set(next.region.0),
            id: Set(tx.ids().v7(at)),
            member_id: Set(member.0),
            complaint_id: Set(next.id.0),
            kind: Set(kind.code().to_owned()),
            created_at: Set(at.micros()),
            read_at: Set(None),
        }));
    }
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// Who holds the roles over a case's unit now.
struct Duty {
    /// From the root to the unit.
    path: Vec<UnitId>,
    holders: Vec<(Role, UnitId, MemberId)>,
}

impl Duty {
    async fn of(tx: &Tx, case: &Complaint, at: Timestamp) -> Result<Self, StoreError> {
        let path = unit_path(tx.conn(), case.region, case.unit).await?;
        let roles = if case.is_sealed {
            // Of a sealed case only the root's inspectors are told.
            vec![Role::Inspector]
        } else {
            vec![Role::Handler, Role::UnitHead, Role::CampaignOffice, Role::Leader]
        };
        let same = [
            (members::Column::RegionId, role_grants::Column::RegionId),
            (members::Column::Id, role_grants::Column::MemberId),
        ];
        let select = join_in_order(role_grants::Entity::find(), members::Entity, same);
        let rows = select
            .filter(role_grants::Column::RegionId.eq(case.region.0))
            .filter(role_grants::Column::UnitId.is_in(path.iter().map(|unit| unit.0)))
            .filter(role_grants::Column::Role.is_in(roles.iter().map(|role| role.code())))
            .filter(role_grants::Column::ValidFrom.lte(at.micros()))
            .filter(
                Condition::any()
                    .add(role_grants::Column::ValidTo.is_null())
                    .add(role_grants::Column::ValidTo.gt(at.micros())),
            )
            .filter(members::Column::ClosedAt.is_null())
            .all(tx.conn())
            .await?;
        let holders = rows
            .into_iter()
            .filter_map(|row| {
                let role = Role::from_code(&row.role)?;
                Some((role, UnitId(row.unit_id), MemberId(row.member_id)))
            })
            .collect();
        Ok(Self { path, holders })
    }

    fn members(&self, case: &Complaint, audience: Audience) -> Vec<MemberId> {
        match audience {
            Audience::Member(member) => vec![member],
            Audience::Handlers => case
                .handler
                .map_or_else(|| self.nearest(case, Role::Handler), |handler| vec![handler]),
            Audience::Nearest(role) => self.nearest(case, role),
            Audience::Above(role) => self.at(case, role, None),
        }
    }

    fn at(&self, case: &Complaint, role: Role, unit: Option<UnitId>) -> Vec<MemberId> {
        let role = if case.is_sealed { Role::Inspector } else { role };
        self.holders
            .iter()
            .filter(|(held, at, _)| *held == role && unit.is_none_or(|unit| unit == *at))
            .map(|(_, _, member)| *member)
            .collect()
    }

    fn nearest(&self, case: &Complaint, role: Role) -> Vec<MemberId> {
        self.path
            .iter()
            .rev()
            .map(|unit| self.at(case, role, Some(*unit)))
            .find(|members| !members.is_empty())
            .unwrap_or_default()
    }
}

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
        let mut select = own(caller);
        if only_unread {
            select = select.filter(Column::ReadAt.is_null());
        }
        let sort = Sort {
            column: Column::CreatedAt,
            id: Column::Id,
            is_descending: true,
        };
        let narrow = |select: Select<Entity>| {
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
        };
        let key = |row: &Row| (Key::Number(row.created_at), row.id);
        let page = page::fetch_as(self, select, narrow, request, sort, &only_unread, key).await?;
        let items = page
            .items
            .into_iter()
            .map(|row| {
                Ok(Notice {
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
                })
            })
            .collect::<Result<_, StoreError>>()?;
        Ok(Page {
            items,
            next_cursor: page.next_cursor,
            total: page.total,
        })
    }

    /// How many notices the caller has not read.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn unread_notices(&self, caller: &Caller) -> Result<i64, StoreError> {
        let count = own(caller).filter(Column::ReadAt.is_null()).count(self.read()).await?;
        Ok(i64::try_from(count).unwrap_or(i64::MAX))
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
            tx.commit_unlogged(Unlogged::ReadMarks).await?;
            Ok(i64::try_from(read).unwrap_or(i64::MAX))
        })
        .await
    }
}
