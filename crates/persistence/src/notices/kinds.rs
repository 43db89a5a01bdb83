//! Why a member is told.

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
    IdentityAsked,
    IdentityAnswered,
}

impl NoticeKind {
    /// Every kind.
    pub const ALL: [Self; 26] = [
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
        Self::IdentityAsked,
        Self::IdentityAnswered,
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
            Self::IdentityAsked => "identity_asked",
            Self::IdentityAnswered => "identity_answered",
        }
    }

    /// Whether many of the kind may come at once, so that a reader gets one for all of them.
    pub(super) const fn may_come_in_crowds(self) -> bool {
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

    pub(super) fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.code() == code)
    }
}
