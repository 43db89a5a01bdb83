//! One case as a member sees it.

use std::collections::HashMap;

use liangnuo_domain::{
    ComplaintId, Day, MemberId, Timestamp, UnitId,
    clocks::{self, Clock, Due, Phase, Rules},
    complaints::{Allowed, CaseView, Complaint, Message, Sender, SentReply, allowed, can_ask_longer_hold, can_extend},
    events,
    policy::{Action, Resource},
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect,
    sea_query::{Expr, ExprTrait, IntoTableRef, Query},
};

use uuid::Uuid;

use super::{duplicates::CaseName, rows::Loaded};
use crate::{
    attachments,
    callers::Caller,
    cards::CardView,
    db::Store,
    entity::{
        cards, complaint_accused, complaint_contacts, complaint_messages, complaint_replies, complaint_sources,
        complaints,
    },
    error::StoreError,
    events::{Recorded, Subject},
    identity::IdentityHold,
    join::join,
    names::{MemberName, UnitName},
};

/// What a case's page needs of it, read at once.
#[derive(Debug, FromQueryResult)]
struct Row {
    #[sea_orm(nested)]
    loaded: Loaded,
    has_contact: bool,
    is_minor: bool,
    held_at: Option<i64>,
    held_by: Option<Uuid>,
    hold_reason: Option<String>,
    erased_at: Option<i64>,
    has_duplicates: bool,
    has_replies: bool,
    has_messages: bool,
    has_cards: bool,
    attachments: i64,
    has_originals: bool,
    source: Option<String>,
    external_ref: Option<String>,
}

/// One case with all that belongs to it. The contact data do not: who filed is opened by a step of its own.
#[derive(Clone, Debug)]
pub struct CaseDetail {
    /// The case.
    pub complaint: Complaint,
    /// The clocks that run, with their computation: the strictest first.
    pub dues: Vec<Due>,
    /// How far the clocks can still be moved.
    pub limits: Limits,
    /// By when the next report to the supervisor is due.
    pub report_due_on: Option<Day>,
    /// The case that answers for this one.
    pub lead: Option<CaseName>,
    /// The cases that are answered with this one.
    pub duplicates: Vec<CaseName>,
    /// How it stands against the clock.
    pub phase: Phase,
    /// Whether there are contact data.
    pub has_contact: bool,
    /// Whether the complainant is under 14; false for who neither handles the case nor may open who filed it.
    pub is_minor: bool,
    /// Whether it is so, whoever asks.
    pub(crate) is_of_minor: bool,
    /// Why they are kept although their time may be over; for inspectors only.
    pub identity_hold: Option<IdentityHold>,
    /// When they were erased since their time was over.
    pub erased_at: Option<Timestamp>,
    /// Ledger and number in the ledger, if it was imported.
    pub source: Option<(String, String)>,
    /// The answers.
    pub replies: Vec<SentReply>,
    /// What was written to and fro.
    pub messages: Vec<Message>,
    /// The cards that were given for it, oldest first.
    pub cards: Vec<CardView>,
    /// How many files are attached to it.
    pub attachments: i64,
    /// Whether the original of a picture among them was kept.
    pub has_originals: bool,
    /// Everything that happened.
    pub events: Vec<Recorded>,
    /// Who is accused; for inspectors only, else empty.
    pub accused_members: Vec<MemberId>,
    /// Which units are accused; for inspectors only, else empty.
    pub accused_units: Vec<UnitId>,
    /// What the caller may do now.
    pub allowed: Allowed,
    /// Names of the units above.
    pub units: HashMap<UnitId, UnitName>,
    /// Names of the members above.
    pub members: HashMap<MemberId, MemberName>,
}

/// How far the clocks of a case can still be moved.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Days for which the complainant can still be asked.
    pub hold_days_left: u32,
    /// How many more of them can be asked for now, if any.
    pub longer_hold_days: Option<u32>,
    /// Days that can be added to a clock, and to which; none if no clock can be extended now.
    pub extension: Option<(Clock, u32)>,
}

impl Limits {
    fn of(complaint: &Complaint, rules: &Rules, now: Timestamp) -> Self {
        let extendable = can_extend(complaint, rules, now).ok();
        Self {
            hold_days_left: complaint.hold_days_left(rules),
            longer_hold_days: can_ask_longer_hold(complaint, rules).ok(),
            extension: extendable.map(|(due, days)| (due.clock, days)),
        }
    }
}

impl CaseDetail {
    /// The case as it was before it left the caller's scope: nothing more can be done with it.
    pub(super) fn given_away(mut self) -> Self {
        self.allowed = Allowed::default();
        self.complaint.version += 1;
        self
    }
}

impl Store {
    /// One case.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if there is none, or the caller may not know of it.
    pub async fn case(&self, caller: &Caller, id: ComplaintId, now: Timestamp) -> Result<CaseDetail, StoreError> {
        let region = caller.actor.region;
        let row = self.case_row(caller, id).await?.ok_or(StoreError::NotFound)?;
        let complaint = Complaint::try_from(row.loaded)?;
        let line = self.unit_line(region, complaint.unit).await?;
        let path: Vec<UnitId> = line.iter().map(|unit| unit.id).collect();
        let resource = Resource::Complaint {
            path: &path,
            is_sealed: complaint.is_sealed,
            is_excluded: false,
        };
        caller.must(Action::ViewComplaint, resource)?;
        let may_know_accused = caller.must(Action::NameAccused, resource).is_ok();

        let (accused_members, accused_units) = if may_know_accused {
            self.accused_of(&complaint).await?
        } else {
            (Vec::new(), Vec::new())
        };
        // Most cases have few of these. To be told so with the case costs less than to ask for each.
        let replies = match row.has_replies {
            true => self.replies_of(region, id).await?,
            false => Vec::new(),
        };
        let messages = match row.has_messages {
            true => self.messages_of(region, id).await?,
            false => Vec::new(),
        };
        let cards = match row.has_cards {
            true => self.cards_of(caller, id, now).await?,
            false => Vec::new(),
        };
        let mut events = self.events_of(region, Subject::Complaints, id.0).await?;
        if !may_know_accused {
            events.retain(|event| event.action != "complaints.accused_named");
        }
        // Who looked at which file is for the log, as who read the case is.
        events.retain(|event| event.action != events::Action::FILE_READ.code());
        let may_open = caller.must(Action::OpenIdentity, resource).is_ok();
        let handles = complaint.handler == Some(caller.actor.member);
        if !may_open {
            events
                .retain(|event| !events::Action::from_code(&event.action).is_some_and(events::Action::is_of_identity));
        }
        let rules = self.rules(region).await?;
        let dues = complaint.dues(&rules);
        let due = dues.first().copied();
        let (lead, duplicates) = self.merged_with(caller, &complaint, row.has_duplicates).await?;
        let case = CaseView {
            complaint: &complaint,
            path: &path,
            is_excluded: false,
        };
        let hold = row.held_at.zip(row.held_by).zip(row.hold_reason);
        let hold = hold.map(|((at, by), reason)| IdentityHold {
            by: MemberId(by),
            at: Timestamp::from_micros(at),
            reason,
        });
        let mut detail = CaseDetail {
            phase: clocks::phase(due.map(Due::at), due.map(|due| due.soon_at(&rules)), now),
            dues,
            lead,
            duplicates,
            limits: Limits::of(&complaint, &rules, now),
            report_due_on: complaint.report_due_on(&rules),
            has_contact: row.has_contact,
            is_minor: row.is_minor && (may_open || handles),
            is_of_minor: row.is_minor,
            identity_hold: hold.filter(|_| may_open),
            erased_at: row.erased_at.map(Timestamp::from_micros),
            source: row.source.zip(row.external_ref),
            replies,
            messages,
            cards,
            attachments: row.attachments,
            has_originals: row.has_originals,
            events,
            accused_members,
            accused_units,
            allowed: allowed(case, &caller.actor, &rules, now),
            complaint,
            units: line.into_iter().map(|unit| (unit.id, unit)).collect(),
            members: HashMap::new(),
        };
        // Mostly the units of the case's own line, which are known by now.
        let others: Vec<UnitId> = mentioned_units(&detail)
            .into_iter()
            .filter(|id| !detail.units.contains_key(id))
            .collect();
        detail.units.extend(self.unit_names(region, others).await?);
        detail.members = self.member_names(region, mentioned_members(&detail)).await?;
        Ok(detail)
    }

    async fn case_row(&self, caller: &Caller, id: ComplaintId) -> Result<Option<Row>, StoreError> {
        use cards::Column as Card;
        use complaint_contacts::Column as Contact;
        use complaint_messages::Column as Said;
        use complaint_replies::Column as Reply;
        use complaint_sources::Column as Source;
        use complaints::Column;
        let select = join(
            Loaded::select(caller.actor.region.0, id.0),
            complaint_contacts::Entity,
            [
                (Contact::RegionId, Column::RegionId),
                (Contact::ComplaintId, Column::Id),
            ],
        );
        let select = join(
            select,
            complaint_sources::Entity,
            [(Source::RegionId, Column::RegionId), (Source::ComplaintId, Column::Id)],
        );
        Ok(select
            .filter(caller.visible.condition())
            .expr_as(Contact::Name.is_not_null(), "has_contact")
            .expr_as(Contact::Guardian.is_not_null(), "is_minor")
            .expr_as(Expr::exists(super::duplicates::of_the_case()), "has_duplicates")
            .expr_as(
                is_any(complaint_replies::Entity, Reply::RegionId, Reply::ComplaintId),
                "has_replies",
            )
            .expr_as(
                is_any(complaint_messages::Entity, Said::RegionId, Said::ComplaintId),
                "has_messages",
            )
            .expr_as(is_any(cards::Entity, Card::RegionId, Card::ComplaintId), "has_cards")
            .expr_as(attachments::count_of_case(), "attachments")
            .expr_as(attachments::has_original(), "has_originals")
            .columns([Contact::HeldAt, Contact::HeldBy, Contact::HoldReason, Contact::ErasedAt])
            .column(Source::Source)
            .column(Source::ExternalRef)
            .into_model::<Row>()
            .one(self.read())
            .await?)
    }

    async fn accused_of(&self, complaint: &Complaint) -> Result<(Vec<MemberId>, Vec<UnitId>), StoreError> {
        let rows = complaint_accused::Entity::find()
            .filter(complaint_accused::Column::RegionId.eq(complaint.region.0))
            .filter(complaint_accused::Column::ComplaintId.eq(complaint.id.0))
            .all(self.read())
            .await?;
        let (units, members): (Vec<_>, Vec<_>) = rows.into_iter().partition(|row| row.subject_kind == "unit");
        Ok((
            members.into_iter().map(|row| MemberId(row.subject_id)).collect(),
            units.into_iter().map(|row| UnitId(row.subject_id)).collect(),
        ))
    }
}

/// Whether a table has anything for the case that the query around this is about.
fn is_any<T: EntityTrait>(table: T, region: T::Column, case: T::Column) -> Expr {
    use complaints::{Column, Entity};
    let rows = Query::select()
        .expr(Expr::val(1))
        .from(table.into_table_ref())
        .and_where(Expr::col((table, region)).equals((Entity, Column::RegionId)))
        .and_where(Expr::col((table, case)).equals((Entity, Column::Id)))
        .to_owned();
    Expr::exists(rows)
}

fn mentioned_units(detail: &CaseDetail) -> Vec<UnitId> {
    let complaint = &detail.complaint;
    std::iter::once(complaint.unit)
        .chain(complaint.about)
        .chain(detail.replies.iter().map(|reply| reply.unit))
        .chain(detail.accused_units.iter().copied())
        .chain(
            detail
                .events
                .iter()
                .filter_map(|event| event.detail.get("unit")?.as_str()?.parse().ok()),
        )
        .collect()
}

fn mentioned_members(detail: &CaseDetail) -> Vec<MemberId> {
    let draft = detail.complaint.draft.as_ref();
    let writers = detail.messages.iter().filter_map(|message| match message.from {
        Sender::Staff(member) => Some(member),
        Sender::Complainant => None,
    });
    detail
        .complaint
        .handler
        .into_iter()
        .chain(draft.map(|draft| draft.drafted_by))
        .chain(draft.and_then(|draft| draft.approved_by))
        .chain(
            detail
                .replies
                .iter()
                .flat_map(|reply| [reply.drafted_by, reply.approved_by])
                .flatten(),
        )
        .chain(detail.accused_members.iter().copied())
        .chain(detail.identity_hold.iter().map(|hold| hold.by))
        .chain(detail.complaint.supervision.as_ref().map(|supervision| supervision.by))
        .chain(detail.complaint.redo.as_ref().and_then(|redo| redo.not_by))
        .chain(
            detail
                .complaint
                .pace
                .extensions
                .iter()
                .map(|extension| extension.asked_by),
        )
        .chain(detail.complaint.pace.longer_holds.iter().map(|longer| longer.asked_by))
        .chain(
            detail
                .events
                .iter()
                .flat_map(|event| [event.actor, event.acting_for])
                .flatten()
                .map(MemberId),
        )
        .chain(
            detail
                .events
                .iter()
                .filter_map(|event| event.detail.get("handler")?.as_str()?.parse().ok()),
        )
        .chain(writers)
        .collect()
}
