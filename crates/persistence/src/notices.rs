//! What a member is told of: a case that was given to them, a date that comes near, a card, an alarm. A notice says which
//! case and why; what the case is about is read with the case, behind the caller's scope.

use std::collections::HashMap;

use liangnuo_domain::{
    ComplaintId, MemberId, RegionId, Role, Timestamp, UnitId,
    clocks::Rung,
    complaints::{Complaint, Event, Missed, Step},
    policy::{self, Action, CASE_READERS},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, EntityTrait, FromQueryResult, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, QueryTrait, Select, sea_query::Expr,
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
    role_grants::in_force,
    settings,
    tx::{By, Tx, Unlogged},
};

/// The topic under which the outbox has an alarm sent on: by whatever ways there are beside the console.
pub const ALARM: &str = "alarm";

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
    Reported,
    ReportMissing,
    Replied,
    SupervisionLifted,
    SupervisionEnded,
    CardAppealed,
    CardDecided,
    NewCase,
    Submitted,
    Withdrawn,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 24] = [
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
        Self::Reported,
        Self::ReportMissing,
        Self::Replied,
        Self::SupervisionLifted,
        Self::SupervisionEnded,
        Self::CardAppealed,
        Self::CardDecided,
        Self::NewCase,
        Self::Submitted,
        Self::Withdrawn,
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
            Self::Reported => "reported",
            Self::ReportMissing => "report_missing",
            Self::Replied => "replied",
            Self::SupervisionLifted => "supervision_lifted",
            Self::SupervisionEnded => "supervision_ended",
            Self::CardAppealed => "card_appealed",
            Self::CardDecided => "card_decided",
            Self::NewCase => "new_case",
            Self::Submitted => "submitted",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// Whether many of the kind may come at once, so that a reader gets one for all of them.
    const fn may_come_in_crowds(self) -> bool {
        matches!(
            self,
            Self::NewCase
                | Self::DueSoon
                | Self::YellowCard
                | Self::RedCard
                | Self::CircularNotice
                | Self::ReportMissing
        )
    }

    fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}

/// So many of a kind stand by themselves; further ones of the same hour are counted with the last of them.
const CROWD: u64 = 3;
const CROWD_SECONDS: i64 = 3_600;

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Audience {
    /// Whoever handles the case; where nobody does yet, the handlers of its unit, or else the campaign office.
    Handlers,
    /// One member.
    Member(MemberId),
    /// Those who hold the role at the case's unit or, where nobody does, at the nearest one above.
    Nearest(Role),
    /// The same without one member: nobody is asked about their own work.
    NearestBut(Role, MemberId),
    /// Those who hold the role anywhere above the case's unit.
    Above(Role),
    /// Those who are on duty today and may see the case.
    OnDuty,
    /// Whoever has the case under supervision, if somebody has; where they may not supervise it any more, those who may.
    Supervisor,
}

/// Who is told of an event, and as what.
fn audiences(event: &Event, before: &Complaint, next: &Complaint) -> Option<(NoticeKind, Vec<Audience>)> {
    use Audience::{Above, Handlers, Member, Nearest, NearestBut, OnDuty, Supervisor};
    let asked_by = || {
        let asked = next.pace.extensions.last()?;
        Some(vec![Member(asked.asked_by), Supervisor])
    };
    Some(match event {
        Event::Received => (NoticeKind::NewCase, vec![Handlers]),
        Event::Withdrawn { .. } => (NoticeKind::Withdrawn, vec![Handlers]),
        Event::Submitted => {
            let drafted_by = next.draft.as_ref().map(|draft| draft.drafted_by)?;
            (NoticeKind::Submitted, vec![NearestBut(Role::UnitHead, drafted_by)])
        }
        Event::Assigned { .. } => (NoticeKind::Assigned, vec![Handlers]),
        Event::Returned { .. } => (
            NoticeKind::Returned,
            vec![Member(before.draft.as_ref().map(|draft| draft.drafted_by)?)],
        ),
        Event::Added { .. } => (NoticeKind::ComplainantWrote, vec![Handlers]),
        Event::Rated { level } if *level < 3 => (NoticeKind::RatedUnsatisfied, vec![Handlers]),
        Event::Objected { .. } => (NoticeKind::Objected, vec![Above(Role::CampaignOffice), Supervisor]),
        Event::ExtensionAsked { .. } | Event::LongerHoldAsked { .. } => {
            (NoticeKind::ExtensionAsked, vec![Nearest(Role::UnitHead), Supervisor])
        }
        Event::Extended { .. } | Event::ExtensionRefused { .. } => (NoticeKind::ExtensionDecided, asked_by()?),
        Event::LongerHoldGranted { .. } | Event::LongerHoldRefused { .. } => {
            let asked = next.pace.longer_holds.last()?;
            (NoticeKind::ExtensionDecided, vec![Member(asked.asked_by)])
        }
        Event::Supervised { .. } => (NoticeKind::Supervised, vec![Handlers, Nearest(Role::UnitHead)]),
        Event::EmergencyMarked { .. } => (
            NoticeKind::Emergency,
            vec![
                OnDuty,
                Handlers,
                Nearest(Role::UnitHead),
                Above(Role::CampaignOffice),
                Above(Role::Leader),
            ],
        ),
        Event::RedoAsked => (NoticeKind::RedoAsked, vec![Nearest(Role::UnitHead), Supervisor]),
        Event::Replied { .. } => (NoticeKind::Replied, vec![Supervisor]),
        Event::Reported { .. } => (NoticeKind::Reported, vec![Supervisor]),
        Event::ReportMissed { missed, .. } => (NoticeKind::ReportMissing, owing(*missed)),
        Event::SupervisionLifted { .. } => (NoticeKind::SupervisionLifted, vec![Handlers, Nearest(Role::UnitHead)]),
        Event::SupervisionEnded => (NoticeKind::SupervisionEnded, vec![Supervisor]),
        Event::CardAppealed { .. } => (
            NoticeKind::CardAppealed,
            vec![Above(Role::CampaignOffice), Above(Role::Leader), Supervisor],
        ),
        Event::CardDecided { appealed_by, .. } => (
            NoticeKind::CardDecided,
            appealed_by
                .map(Member)
                .into_iter()
                .chain([Handlers, Nearest(Role::UnitHead), Supervisor])
                .collect(),
        ),
        Event::Reminded { rung, .. } => reminded(*rung),
        _ => return None,
    })
}

/// Who is told that a report is missing: those who owe it, and in the end the one who waits for it.
fn owing(missed: Missed) -> Vec<Audience> {
    use Audience::{Handlers, Nearest, Supervisor};
    let mut told = vec![Handlers, Nearest(Role::UnitHead)];
    told.extend((missed == Missed::ToSupervisor).then_some(Supervisor));
    told
}

fn reminded(rung: Rung) -> (NoticeKind, Vec<Audience>) {
    use Audience::{Above, Handlers, Nearest, Supervisor};
    let head = Nearest(Role::UnitHead);
    let office = Above(Role::CampaignOffice);
    match rung {
        Rung::DueSoon => (NoticeKind::DueSoon, vec![Handlers]),
        Rung::YellowCard => (NoticeKind::YellowCard, vec![Handlers, head, Supervisor]),
        Rung::RedCard => (NoticeKind::RedCard, vec![Handlers, head, office, Supervisor]),
        Rung::CircularNotice => (
            NoticeKind::CircularNotice,
            vec![head, office, Above(Role::Leader), Supervisor],
        ),
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
    let duty = Duty::of(tx, next, told.iter().any(|(kind, _)| *kind == NoticeKind::Emergency)).await?;
    let mut rows = Vec::new();
    for (kind, audience) in told {
        // What has ended a supervision is still told to the one who had it.
        let supervisor = before.supervision.as_ref().map(|supervision| supervision.by);
        let mut members: Vec<MemberId> = audience
            .into_iter()
            .flat_map(|one| duty.members(next, one, supervisor))
            .collect();
        members.sort_unstable();
        members.dedup();
        members.retain(|member| by.member() != Some(*member));
        for member in members {
            rows.push(ActiveModel {
                region_id: Set(next.region.0),
                id: Set(tx.ids().v7(at)),
                member_id: Set(member.0),
                complaint_id: Set(next.id.0),
                kind: Set(kind.code().to_owned()),
                created_at: Set(at.micros()),
                read_at: Set(None),
                group_id: Set(crowd_of(tx, next.region, member, kind, at).await?),
            });
        }
    }
    if !rows.is_empty() {
        Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
    }
    Ok(())
}

/// The notice that a further one of its kind is counted with, if there are many of the last hour that nobody has read.
async fn crowd_of(
    tx: &Tx,
    region: RegionId,
    member: MemberId,
    kind: NoticeKind,
    at: Timestamp,
) -> Result<Option<Uuid>, StoreError> {
    if !kind.may_come_in_crowds() {
        return Ok(None);
    }
    let known: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Column::RegionId.eq(region.0))
        .filter(Column::MemberId.eq(member.0))
        .filter(Column::Kind.eq(kind.code()))
        .filter(Column::ReadAt.is_null())
        .filter(Column::GroupId.is_null())
        .filter(Column::CreatedAt.gte(at.plus_seconds(-CROWD_SECONDS).micros()))
        .order_by_desc(Column::CreatedAt)
        .order_by_desc(Column::Id)
        .limit(CROWD)
        .into_tuple()
        .all(tx.conn())
        .await?;
    let is_crowd = u64::try_from(known.len()).is_ok_and(|found| found >= CROWD);
    Ok(known.first().copied().filter(|_| is_crowd))
}

/// Who holds the roles over a case's unit now.
struct Duty {
    /// From the root to the unit.
    path: Vec<UnitId>,
    holders: Vec<(Role, UnitId, MemberId)>,
    /// Who is away, and who stands in.
    deputies: Vec<(MemberId, MemberId)>,
    /// Who is on duty today; asked for in danger alone.
    on_duty: Vec<MemberId>,
}

impl Duty {
    async fn of(tx: &Tx, case: &Complaint, is_danger: bool) -> Result<Self, StoreError> {
        let at = tx.now();
        let path = unit_path(tx.conn(), case.region, case.unit).await?;
        let roles = if case.is_sealed {
            // Of a sealed case only the root's inspectors are told.
            vec![Role::Inspector]
        } else {
            CASE_READERS.to_vec()
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
            .filter(in_force(at))
            .filter(members::Column::ClosedAt.is_null())
            .all(tx.conn())
            .await?;
        let deputies = rows
            .iter()
            .filter_map(|row| Some((MemberId(row.acting_for?), MemberId(row.member_id))))
            .collect();
        let holders = rows
            .into_iter()
            .filter_map(|row| {
                let role = Role::from_code(&row.role)?;
                Some((role, UnitId(row.unit_id), MemberId(row.member_id)))
            })
            .collect();
        let on_duty = if is_danger {
            settings::on_duty(tx, case.region, at.day()).await?
        } else {
            Vec::new()
        };
        Ok(Self {
            path,
            holders,
            deputies,
            on_duty,
        })
    }

    fn members(&self, case: &Complaint, audience: Audience, supervisor: Option<MemberId>) -> Vec<MemberId> {
        match audience {
            Audience::Member(member) => vec![member],
            Audience::Supervisor => supervisor.map_or_else(Vec::new, |by| self.watching(case, by)),
            Audience::Handlers => case
                .handler
                .map_or_else(|| self.desk(case), |handler| self.with_deputies(handler)),
            Audience::Nearest(role) => self.nearest(case, role, None),
            Audience::NearestBut(role, member) => self.nearest(case, role, Some(member)),
            Audience::OnDuty => {
                let sees = |member: &MemberId| self.holders.iter().any(|(_, _, holder)| holder == member);
                self.on_duty.iter().copied().filter(sees).collect()
            }
            Audience::Above(role) => self.at(case, role, None),
        }
    }

    fn with_deputies(&self, member: MemberId) -> Vec<MemberId> {
        let deputies = self.deputies.iter().filter(|(away, _)| *away == member);
        std::iter::once(member)
            .chain(deputies.map(|(_, deputy)| *deputy))
            .collect()
    }

    /// Whoever supervises the case, or all who may if that one may not any more: it must be lifted by somebody.
    fn watching(&self, case: &Complaint, by: MemberId) -> Vec<MemberId> {
        let roles = policy::roles_for(Action::SuperviseComplaint, case.is_sealed);
        let able: Vec<MemberId> = self
            .holders
            .iter()
            .filter(|(role, ..)| roles.contains(role))
            .map(|(_, _, member)| *member)
            .collect();
        if able.contains(&by) { vec![by] } else { able }
    }

    fn at(&self, case: &Complaint, role: Role, unit: Option<UnitId>) -> Vec<MemberId> {
        let role = if case.is_sealed { Role::Inspector } else { role };
        self.holders
            .iter()
            .filter(|(held, at, _)| *held == role && unit.is_none_or(|unit| unit == *at))
            .map(|(_, _, member)| *member)
            .collect()
    }

    /// Who looks at a case that nobody handles.
    fn desk(&self, case: &Complaint) -> Vec<MemberId> {
        let handlers = self.nearest(case, Role::Handler, None);
        if handlers.is_empty() {
            self.at(case, Role::CampaignOffice, None)
        } else {
            handlers
        }
    }

    fn nearest(&self, case: &Complaint, role: Role, but: Option<MemberId>) -> Vec<MemberId> {
        self.path
            .iter()
            .rev()
            .map(|unit| {
                let mut found = self.at(case, role, Some(*unit));
                found.retain(|member| Some(*member) != but);
                found
            })
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
