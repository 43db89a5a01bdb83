//! What happened to a complaint.

use crate::{
    attachments::AttachmentKind,
    cards::{CardKind, CardVerb},
    clocks::{Clock, Rung},
    complaints::{Kind, Missed},
    identity::OpeningCategory,
    ids::{AttachmentId, CategoryId, ComplaintId, MemberId, MessageId, OpeningId, ReplyId, UnitId},
    time::Day,
};

/// What happened to a complaint: the past tense of a verb. Feeds the event log, the timeline and the outbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It came in.
    Received,
    /// It came in from a ledger.
    Imported,
    /// A later import of the same ledger row changed it.
    Amended,
    /// It was taken.
    Accepted,
    /// It was not taken.
    NotAccepted {
        /// Why.
        reason: String,
    },
    /// It was given to a unit and perhaps to a member.
    Assigned {
        /// To which unit.
        unit: UnitId,
        /// To whom.
        handler: Option<MemberId>,
        /// What the one who assigns wants to say.
        note: Option<String>,
        /// Whether this settles an objection, and for whom: `true` if the case goes elsewhere.
        objection_upheld: Option<bool>,
    },
    /// A reply was begun or changed.
    Drafted,
    /// A reply was handed to the head.
    Submitted,
    /// The head approved the reply.
    Approved,
    /// The head gave the reply back.
    Returned {
        /// Why.
        reason: String,
    },
    /// The reply went out.
    Replied {
        /// Which.
        reply: ReplyId,
    },
    /// The staff wrote to the complainant.
    Messaged {
        /// Which message.
        message: MessageId,
    },
    /// The complainant added something.
    Added {
        /// Which message.
        message: MessageId,
    },
    /// The complainant rated the answer.
    Rated {
        /// 5 to 1.
        level: i16,
    },
    /// The case was closed.
    Concluded {
        /// In the words of who closed it; none when the complainant's rating did.
        reason: Option<String>,
    },
    /// The complainant took it back.
    Withdrawn {
        /// Why, if said.
        reason: Option<String>,
    },
    /// It went to another organ.
    Referred {
        /// Why.
        reason: String,
    },
    /// It is answered with another case.
    Merged {
        /// With which.
        into: ComplaintId,
    },
    /// It is answered on its own again.
    Unmerged,
    /// It got another kind or category.
    Classified {
        /// What is wanted.
        kind: Kind,
        /// The category.
        category: Option<CategoryId>,
    },
    /// The unit says that the case is not its own.
    Objected {
        /// Why.
        reason: String,
    },
    /// The complainant is asked, and the clock held.
    Held {
        /// Which message asks.
        message: MessageId,
        /// Until when, at the latest.
        until: Day,
    },
    /// The clock runs again.
    Resumed,
    /// More time was asked for.
    ExtensionAsked {
        /// For which clock.
        clock: Clock,
        /// How much.
        days: u32,
        /// Why.
        reason: String,
    },
    /// More time was given; the complainant is told why.
    Extended {
        /// On which clock.
        clock: Clock,
        /// How much.
        days: u32,
        /// Why.
        reason: String,
    },
    /// More time was not given.
    ExtensionRefused {
        /// Why.
        reason: String,
    },
    /// More days of waiting for the complainant were asked for.
    LongerHoldAsked {
        /// How many.
        days: u32,
        /// Why.
        reason: String,
    },
    /// More days of waiting were given.
    LongerHoldGranted {
        /// How many.
        days: u32,
        /// Why they were asked for.
        reason: String,
        /// Until when the hold that is on lasts now.
        until: Option<Day>,
    },
    /// More days of waiting were not given.
    LongerHoldRefused {
        /// Why.
        reason: String,
    },
    /// A step of the work was noted.
    Noted {
        /// What.
        note: String,
    },
    /// A leader has it under supervision.
    Supervised {
        /// Why.
        reason: String,
        /// By when.
        due_on: Option<Day>,
        /// After how many working days a report is due.
        report_days: Option<u32>,
    },
    /// The supervisor was told how far the work has come.
    Reported {
        /// How far.
        report: String,
    },
    /// A report to the supervisor is missing.
    ReportMissed {
        /// Who is told.
        missed: Missed,
        /// By when it was due.
        due_on: Day,
    },
    /// The supervision is over.
    SupervisionLifted {
        /// Why.
        reason: String,
    },
    /// The supervision is over, since the case is.
    SupervisionEnded,
    /// Somebody is in danger.
    EmergencyMarked {
        /// Why.
        reason: String,
    },
    /// The complainant is not satisfied: another handler does it again.
    RedoAsked,
    /// A rung of the ladder was reached.
    Reminded {
        /// Which.
        rung: Rung,
        /// Of which date.
        due_on: Day,
    },
    /// The unit appealed a card.
    CardAppealed {
        /// Which.
        card: CardKind,
        /// Why.
        reason: String,
    },
    /// An appeal was decided, or whether a notice is issued.
    CardDecided {
        /// Which card.
        card: CardKind,
        /// What was decided.
        verb: CardVerb,
        /// Why.
        reason: String,
        /// Who had appealed it.
        appealed_by: Option<MemberId>,
    },
    /// Somebody asks to know who filed it.
    IdentityAsked {
        /// The request.
        opening: OpeningId,
        /// Why, as the complainant is told.
        category: OpeningCategory,
        /// Why, in words.
        reason: String,
    },
    /// Another person answered the request.
    IdentityAnswered {
        /// The request.
        opening: OpeningId,
        /// Whether they approved.
        is_approved: bool,
        /// Why.
        reason: String,
        /// Who had asked.
        asked_by: MemberId,
    },
    /// Whoever asked took the request back.
    IdentityWithdrawn {
        /// The request.
        opening: OpeningId,
    },
    /// Whoever asked has read who filed it: that they did, and nothing of what they read.
    IdentityRead {
        /// The request.
        opening: OpeningId,
    },
    /// Its contact data are kept although their time may be over.
    IdentityHeld {
        /// Why.
        reason: String,
    },
    /// They are kept no longer than others'.
    IdentityReleased {
        /// Why.
        reason: String,
    },
    /// Its contact data are gone: their time was over.
    IdentityErased,
    /// The originals of its pictures are gone with what else told who filed it.
    OriginalsErased {
        /// Of how many.
        files: usize,
    },
    /// Files were attached.
    Attached {
        /// How many.
        files: usize,
    },
    /// A file that a member had attached was removed.
    AttachmentRemoved {
        /// Which.
        attachment: AttachmentId,
        /// What it was, if that was known.
        kind: Option<AttachmentKind>,
        /// Why.
        reason: String,
    },
    /// A new calendar or setting moved the date.
    DueMoved {
        /// From which date.
        from: Day,
        /// To which.
        to: Day,
    },
    /// The date that binds has changed with the cases that are answered with this one. Staff see it alone: of others who wrote
    /// the same a complainant learns nothing.
    DueBound {
        /// From which date.
        from: Day,
        /// To which.
        to: Day,
    },
    /// The accused were named, so that they and their line lose every right on the case.
    AccusedNamed {
        /// Persons.
        members: Vec<MemberId>,
        /// Units.
        units: Vec<UnitId>,
    },
}

impl Event {
    /// The stable code, also the last part of the name in the log.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Received => "received",
            Self::Imported => "imported",
            Self::Amended => "amended",
            Self::Accepted => "accepted",
            Self::NotAccepted { .. } => "not_accepted",
            Self::Assigned { .. } => "assigned",
            Self::Drafted => "drafted",
            Self::Submitted => "submitted",
            Self::Approved => "approved",
            Self::Returned { .. } => "returned",
            Self::Replied { .. } => "replied",
            Self::Messaged { .. } => "messaged",
            Self::Added { .. } => "added",
            Self::Rated { .. } => "rated",
            Self::Concluded { .. } => "concluded",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Referred { .. } => "referred",
            Self::Merged { .. } => "merged",
            Self::Unmerged => "unmerged",
            Self::Classified { .. } => "classified",
            Self::Objected { .. } => "objected",
            Self::Held { .. } => "held",
            Self::Resumed => "resumed",
            Self::ExtensionAsked { .. } => "extension_asked",
            Self::Extended { .. } => "extended",
            Self::ExtensionRefused { .. } => "extension_refused",
            Self::LongerHoldAsked { .. } => "longer_hold_asked",
            Self::LongerHoldGranted { .. } => "longer_hold_granted",
            Self::LongerHoldRefused { .. } => "longer_hold_refused",
            Self::Noted { .. } => "noted",
            Self::Supervised { .. } => "supervised",
            Self::Reported { .. } => "reported",
            Self::ReportMissed { .. } => "report_missed",
            Self::SupervisionLifted { .. } => "supervision_lifted",
            Self::SupervisionEnded => "supervision_ended",
            Self::EmergencyMarked { .. } => "emergency_marked",
            Self::RedoAsked => "redo_asked",
            Self::Reminded { .. } => "reminded",
            Self::CardAppealed { .. }
            | Self::CardDecided {
                verb: CardVerb::Appeal, ..
            } => "card_appealed",
            Self::CardDecided {
                verb: CardVerb::Uphold, ..
            } => "card_upheld",
            Self::CardDecided {
                verb: CardVerb::Lift, ..
            } => "card_lifted",
            Self::CardDecided {
                verb: CardVerb::Issue, ..
            } => "notice_issued",
            Self::CardDecided {
                verb: CardVerb::Drop, ..
            } => "notice_dropped",
            Self::IdentityAsked { .. } => "identity_asked",
            Self::IdentityAnswered { is_approved: true, .. } => "identity_approved",
            Self::IdentityAnswered { is_approved: false, .. } => "identity_refused",
            Self::IdentityWithdrawn { .. } => "identity_withdrawn",
            Self::IdentityRead { .. } => "identity_read",
            Self::IdentityHeld { .. } => "identity_held",
            Self::IdentityReleased { .. } => "identity_released",
            Self::IdentityErased => "identity_erased",
            Self::OriginalsErased { .. } => "originals_erased",
            Self::Attached { .. } => "attached",
            Self::AttachmentRemoved { .. } => "attachment_removed",
            Self::DueMoved { .. } => "due_moved",
            Self::DueBound { .. } => "due_bound",
            Self::AccusedNamed { .. } => "accused_named",
        }
    }
}
