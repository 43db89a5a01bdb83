//! What a list shows of a case.

use liangnuo_domain::{
    CategoryId, ComplaintId, MemberId, Timestamp, UnitId,
    clocks::{self, Phase, Rules},
    complaints::{Channel, Kind, State},
};
use sea_orm::{ConnectionTrait, FromQueryResult, QuerySelect, Select};
use uuid::Uuid;

use crate::{
    entity::{
        complaints::{Column, Entity},
        members, units,
    },
    error::StoreError,
    join::join,
    names::{MemberName, UnitName},
};

/// A case in a list.
#[derive(Clone, Debug, PartialEq)]
pub struct CaseSummary {
    /// Its id.
    pub id: ComplaintId,
    /// Its number.
    pub number: String,
    /// Its kind.
    pub kind: Kind,
    /// How it came in.
    pub channel: Channel,
    /// Where it stands.
    pub state: State,
    /// How it stands against its clock.
    pub phase: Phase,
    /// In one line.
    pub title: String,
    /// The unit that holds it.
    pub unit: UnitName,
    /// Who handles it.
    pub handler: Option<MemberName>,
    /// What it is about.
    pub category: Option<CategoryId>,
    /// When it came in.
    pub received_at: Timestamp,
    /// By when it is due.
    pub due_at: Option<Timestamp>,
    /// The due date lies in a year whose calendar is not published yet.
    pub due_is_provisional: bool,
    /// Somebody is in danger.
    pub is_emergency: bool,
    /// A leader has it under supervision.
    pub is_supervised: bool,
    /// By when the next report to the supervisor is due.
    pub report_due_at: Option<Timestamp>,
    /// It is done again for a complainant who was not satisfied.
    pub is_redone: bool,
    /// When it was first answered.
    pub replied_at: Option<Timestamp>,
    /// 5 to 1.
    pub satisfaction: Option<i16>,
    /// No contact data were left.
    pub is_anonymous: bool,
    /// For inspectors only.
    pub is_sealed: bool,
    /// Its version.
    pub version: i64,
}

/// What a list shows of a case, with the names that belong to it: one query instead of three, and no texts.
#[derive(Debug, FromQueryResult)]
pub(super) struct Row {
    pub(super) id: Uuid,
    number: String,
    kind: String,
    channel: String,
    state: String,
    title: String,
    unit_id: Uuid,
    unit_name: String,
    unit_name_en: Option<String>,
    handler_id: Option<Uuid>,
    handler_name: Option<String>,
    handler_name_en: Option<String>,
    category_id: Option<Uuid>,
    pub(super) received_at: i64,
    pub(super) due_at: Option<i64>,
    soon_at: Option<i64>,
    replied_at: Option<i64>,
    rating_level: Option<i16>,
    is_anonymous: bool,
    is_sealed: bool,
    is_emergency: bool,
    supervised_at: Option<i64>,
    report_due_at: Option<i64>,
    redo_asked_at: Option<i64>,
    version: i64,
}

impl Row {
    pub(super) fn select(select: Select<Entity>) -> Select<Entity> {
        let select = select.select_only().columns([
            Column::Id,
            Column::Number,
            Column::Kind,
            Column::Channel,
            Column::State,
            Column::Title,
            Column::UnitId,
            Column::HandlerId,
            Column::CategoryId,
            Column::ReceivedAt,
            Column::DueAt,
            Column::SoonAt,
            Column::RepliedAt,
            Column::RatingLevel,
            Column::IsAnonymous,
            Column::IsSealed,
            Column::IsEmergency,
            Column::SupervisedAt,
            Column::ReportDueAt,
            Column::RedoAskedAt,
            Column::Version,
        ]);
        let unit = [
            (units::Column::RegionId, Column::RegionId),
            (units::Column::Id, Column::UnitId),
        ];
        let handler = [
            (members::Column::RegionId, Column::RegionId),
            (members::Column::Id, Column::HandlerId),
        ];
        let select = join(select, units::Entity, unit);
        let select = join(select, members::Entity, handler);
        select
            .column_as(units::Column::Name, "unit_name")
            .column_as(units::Column::NameEn, "unit_name_en")
            .column_as(members::Column::Name, "handler_name")
            .column_as(members::Column::NameEn, "handler_name_en")
    }

    pub(super) fn summary(self, rules: &Rules, now: Timestamp) -> Result<CaseSummary, StoreError> {
        const fn nonsense(column: &'static str) -> StoreError {
            StoreError::Inconsistent {
                table: "complaints",
                column,
            }
        }
        let due_at = self.due_at.map(Timestamp::from_micros);
        Ok(CaseSummary {
            id: ComplaintId(self.id),
            kind: Kind::from_code(&self.kind).ok_or(nonsense("kind"))?,
            channel: Channel::from_code(&self.channel).ok_or(nonsense("channel"))?,
            state: State::from_code(&self.state).ok_or(nonsense("state"))?,
            phase: clocks::phase(due_at, self.soon_at.map(Timestamp::from_micros), now),
            unit: UnitName {
                id: UnitId(self.unit_id),
                name: self.unit_name,
                name_en: self.unit_name_en,
            },
            handler: self.handler_id.zip(self.handler_name).map(|(id, name)| MemberName {
                id: MemberId(id),
                name,
                name_en: self.handler_name_en,
            }),
            category: self.category_id.map(CategoryId),
            number: self.number,
            title: self.title,
            received_at: Timestamp::from_micros(self.received_at),
            due_at,
            due_is_provisional: due_at.is_some_and(|at| !rules.calendar.is_published(at.day())),
            is_emergency: self.is_emergency,
            is_supervised: self.supervised_at.is_some(),
            report_due_at: self.report_due_at.map(Timestamp::from_micros),
            is_redone: self.redo_asked_at.is_some(),
            replied_at: self.replied_at.map(Timestamp::from_micros),
            satisfaction: self.rating_level,
            is_anonymous: self.is_anonymous,
            is_sealed: self.is_sealed,
            version: self.version,
        })
    }
}

/// The cases of a selection that its caller has narrowed down to what may be seen, in its order.
pub(crate) async fn summaries(
    conn: &impl ConnectionTrait,
    select: Select<Entity>,
    rules: &Rules,
    now: Timestamp,
) -> Result<Vec<CaseSummary>, StoreError> {
    let rows = Row::select(select).into_model::<Row>().all(conn).await?;
    rows.into_iter().map(|row| row.summary(rules, now)).collect()
}
