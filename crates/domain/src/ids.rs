//! Typed identifiers, so that a unit's id can't be passed where a member's is wanted.
//!
//! They are made outside (time-ordered v7, or random v4 where a time inside the id would betray a person) and only
//! carried here.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Uuid);

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(s: &str) -> Result<Self, Self::Err> {
                Uuid::parse_str(s).map(Self)
            }
        }

        impl From<Uuid> for $name {
            fn from(id: Uuid) -> Self {
                Self(id)
            }
        }
    };
}

id!(
    /// A unit of the tree: bureau, office, school, kindergarten, branch or window.
    UnitId
);
id!(
    /// A member: anybody who belongs to a unit.
    MemberId
);
id!(
    /// A member's account: what signs in.
    AccountId
);
id!(
    /// One signed-in session of an account.
    SessionId
);
id!(
    /// A link into an account.
    LinkId
);
id!(
    /// A card that was given for a late case.
    CardId
);
id!(
    /// A request to open the identity of a case's complainant.
    OpeningId
);
id!(
    /// A complaint. Random (v4): its id must not tell when it was filed.
    ComplaintId
);
id!(
    /// A message within a complaint. Random (v4), as its complaint.
    MessageId
);
id!(
    /// A sent reply to a complaint. Random (v4), as its complaint.
    ReplyId
);
id!(
    /// A category of complaints.
    CategoryId
);
id!(
    /// A template of a text.
    TemplateId
);
id!(
    /// A member's saved view of the queue.
    ViewId
);
id!(
    /// One run of an import.
    ImportId
);
id!(
    /// A role that a member holds at a unit.
    RoleGrantId
);
id!(
    /// A file that is attached to something. Random (v4), as what it belongs to.
    AttachmentId
);
id!(
    /// One event of the log.
    EventId
);

/// The root unit's id: the first part of every key, so that one deployment can hold many counties.
pub type RegionId = UnitId;
