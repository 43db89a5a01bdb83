//! Files that are attached to something.
//!
//! A file comes in pieces, by whoever holds its token (`uploads`); once it is whole it is looked at, and what is kept
//! of it goes to the store of objects (`settling`); it is bound to a case in the transaction that writes the case or adds to it
//! (`binding`; by members, and removed again, in `evidence`); it is listed and read by who may read the case (`reading`); what belongs to nothing is erased (`sweeping`).
//!
//! An object is written before the row that names it, and deleted after it: what is left over by a process that dies in between
//! is found by the sweep.

mod binding;
mod evidence;
mod reading;
mod rows;
mod settling;
mod sweeping;
mod uploads;

use liangnuo_domain::{
    AttachmentId, MemberId, Timestamp,
    attachments::{AttachedBy, AttachmentState, FileRefusal, Media},
};

pub(crate) use binding::{bind, count_of_case, has_original};
pub use reading::{AttachmentList, FileContent};
pub(crate) use rows::of_case;
pub use settling::{KeptFile, Scan, ToScan};
pub use uploads::NewUpload;

/// What files are attached to so far.
pub(crate) const SUBJECT: &str = liangnuo_domain::events::Subject::Complaints.code();

/// The topic of the outbox under which files are looked at.
pub const TOPIC: &str = "attachment";

/// A file on its way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upload {
    /// Its id.
    pub id: AttachmentId,
    /// Where it stands.
    pub state: AttachmentState,
    /// Why it can't be taken.
    pub refusal: Option<FileRefusal>,
    /// Its bytes.
    pub size: i64,
    /// How many of them are here.
    pub received: i64,
    /// When it is erased, unless it is attached to something.
    pub expires_at: Timestamp,
}

/// A file to be attached to something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// Which.
    pub id: AttachmentId,
    /// The hash of its token: whoever has that may do with it what they like, until it is attached to something.
    pub token_hash: Vec<u8>,
}

/// A file that is attached to something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attachment {
    /// Its id.
    pub id: AttachmentId,
    /// What it is called.
    pub name: String,
    /// Where it stands.
    pub state: AttachmentState,
    /// Why it can't be taken.
    pub refusal: Option<FileRefusal>,
    /// What it is, once that is known.
    pub media: Option<Media>,
    /// The bytes of what is kept, or of what came.
    pub size: i64,
    /// Width and height of a picture.
    pub pixels: Option<(i32, i32)>,
    /// Who attached it.
    pub source: AttachedBy,
    /// The member who did.
    pub uploaded_by: Option<MemberId>,
    /// When; of a complainant's the beginning of the day.
    pub at: Timestamp,
    /// The file as it came is kept, too.
    pub has_original: bool,
}
