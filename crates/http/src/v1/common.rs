//! What several resources share on the wire: references by name, and the closed lists of codes.

use chrono::{DateTime, Utc};
use liangnuo_domain::{
    Role, Timestamp,
    clocks::{Clock, Counts, Phase},
    complaints::{Channel, Kind, State, Verb},
    templates::Purpose,
    units::UnitKind,
};
use liangnuo_persistence::names::{MemberName, UnitName};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A unit by id and name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UnitRef {
    /// Its id.
    pub id: Uuid,
    /// In Chinese.
    #[schema(example = "柳湾小学")]
    pub name: String,
    /// In English.
    #[schema(required, example = "Liuwan Primary School")]
    pub name_en: Option<String>,
}

impl From<UnitName> for UnitRef {
    fn from(unit: UnitName) -> Self {
        Self {
            id: unit.id.0,
            name: unit.name,
            name_en: unit.name_en,
        }
    }
}

/// A member by id and name.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MemberRef {
    /// Their id.
    pub id: Uuid,
    /// In Chinese.
    #[schema(example = "周敏")]
    pub name: String,
    /// In Latin letters.
    #[schema(required, example = "Zhou Min")]
    pub name_en: Option<String>,
}

impl From<MemberName> for MemberRef {
    fn from(member: MemberName) -> Self {
        Self {
            id: member.id.0,
            name: member.name,
            name_en: member.name_en,
        }
    }
}

/// An instant as it goes out.
#[must_use]
pub fn instant(at: Timestamp) -> DateTime<Utc> {
    at.utc()
}

/// The wire's form of a closed list of the domain: the same codes, in a type of the API's own, so that a name in the
/// contract does not change when one in the domain does.
macro_rules! mirror {
    ($(#[$doc:meta])* $name:ident = $domain:ident { $($variant:ident),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($variant),+ }

        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                match value { $($domain::$variant => Self::$variant),+ }
            }
        }

        impl From<$name> for $domain {
            fn from(value: $name) -> Self {
                match value { $($name::$variant => Self::$variant),+ }
            }
        }
    };
}
pub(crate) use mirror;

mirror! {
    /// What a complainant wants.
    ComplaintKind = Kind { Grievance, Report, Suggestion, Inquiry, Praise }
}

mirror! {
    /// How a complaint came in.
    ComplaintChannel = Channel { Web, Mobile, Phone, Counter, Mailbox, Email, Import, Api }
}

mirror! {
    /// Where a complaint stands.
    ComplaintState = State {
        Received, Accepted, NotAccepted, Referred, Sealed, Duplicate, Assigned, Objected, InHandling, Waiting,
        ReplyDrafted, Replied, Redoing, Concluded, ReviewRequested, Reviewed, RereviewRequested, Final, Withdrawn,
    }
}

mirror! {
    /// How a complaint stands against its clock.
    ComplaintPhase = Phase { OnTime, DueSoon, Overdue, LongOverdue, None }
}

mirror! {
    /// What can be done with a complaint.
    ComplaintAction = Verb {
        Accept, NotAccept, Refer, Merge, Unmerge, Classify, Assign, Object, Draft, Submit, Approve, Return, Reply,
        ReplyAlong, Message, Wait, Resume, AskExtension, Extend, RefuseExtension, AskLongerHold, GrantLongerHold,
        RefuseLongerHold, Note, Attach, Supervise, Report, LiftSupervision, MarkEmergency, Add, Rate, Redo, Conclude, Withdraw,
        NameAccused,
    }
}

mirror! {
    /// A clock on a complaint.
    ComplaintClock = Clock { Tell, Decide, Hotline, Inquiry, Suggestion, Redo, Supervision, Duplicate }
}

mirror! {
    /// What a clock counts.
    ClockCounts = Counts { CalendarDays, WorkingDays, FixedDate }
}

mirror! {
    /// For which step a template is.
    TemplatePurpose = Purpose { Reply, NotAccept, Refer, Question, Message }
}

mirror! {
    /// What a unit is.
    OrgUnitKind = UnitKind { Bureau, Office, School, Kindergarten, Branch, Window }
}

mirror! {
    /// A role.
    RoleCode = Role {
        Member, Handler, UnitHead, Leader, CampaignOffice, Inspector, Supervisor, Admin, SecurityAdmin, AuditAdmin,
        Integrator,
    }
}
