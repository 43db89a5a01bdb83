//! The sealed log: every event has a place in it, and nobody can change, take away or reorder one without its showing.
//!
//! Three parts, all pure: what of an event is sealed ([`Leaf`]), the tree over all that was sealed ([`merkle`], RFC 9162),
//! and the signed statement of how the tree stands ([`checkpoint`]).

pub mod checkpoint;
pub mod merkle;

use serde::Serialize;
use uuid::Uuid;

pub use merkle::Hash;

use crate::codes::codes;

codes! {
    /// Where a verification stands.
    VerificationState {
        /// It waits for a worker.
        Queued = "queued",
        /// A worker reads the log.
        Running = "running",
        /// It came to its end.
        Finished = "finished",
        /// It did not, however often it was tried.
        Failed = "failed",
    }
}

codes! {
    /// What can be wrong with the log.
    FaultKind {
        /// An event, or its entry, says something else than when it was sealed.
        EventChanged = "event_changed",
        /// The detail of an event is another one.
        DetailChanged = "detail_changed",
        /// An event that was sealed is not there any more.
        EventGone = "event_gone",
        /// An entry of the log is not there any more.
        EntryGone = "entry_gone",
        /// A hash of the tree is not that of its leaves.
        Tree = "tree",
        /// A checkpoint does not fit the log, its signature or the one before.
        Checkpoint = "checkpoint",
        /// The signed head does not fit the log.
        Head = "head",
        /// A checkpoint that was kept outside does not fit the log.
        Outside = "outside",
        /// An event never got a place, and does not wait for one.
        EventUnknown = "event_unknown",
        /// An event waits too long for its place.
        EventLate = "event_late",
        /// An event that waited for its place is not there any more.
        EventLost = "event_lost",
    }
}

/// What of an event is sealed, in the order of its canonical text: the names sorted, as JSON without spaces.
///
/// The detail is in it by a salted hash only, so that it can be deleted by law while the log still verifies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Leaf<'a> {
    /// What happened, such as `complaints.accepted`.
    pub action: &'a str,
    /// For whom the actor acted.
    pub acting_for: Option<Uuid>,
    /// The member who acted, if one did.
    pub actor_id: Option<Uuid>,
    /// `member`, `complainant` or `system`.
    pub actor_kind: &'a str,
    /// Microseconds since 1970.
    pub at: i64,
    /// SHA-256 over salt and detail, in hexadecimal digits.
    pub detail_hash: String,
    /// The event's id.
    pub id: Uuid,
    /// Where it stands in the order of the list, microseconds since 1970.
    pub listed_at: i64,
    /// Its place among those of one instant.
    pub position: i32,
    /// The county.
    pub region_id: Uuid,
    /// The id of what it is about.
    pub subject_id: Uuid,
    /// The kind of what it is about.
    pub subject_kind: &'a str,
    /// The unit in whose log it stands; none for the county's.
    pub unit_id: Option<Uuid>,
}

impl Leaf<'_> {
    /// The canonical text: what is hashed, and what an export shows so that anybody can hash it again.
    #[must_use]
    pub fn canonical(&self) -> String {
        // Strings, numbers and ids: nothing in it can fail to be JSON.
        serde_json::to_string(self).unwrap_or_default()
    }

    /// The hash that the tree holds.
    #[must_use]
    pub fn hash(&self) -> Hash {
        merkle::leaf_hash(self.canonical().as_bytes())
    }
}

/// The hash of an entry that stands for no event: of its random id alone. The text of no event begins like that, and who does
/// not know the id can't tell the entry from another.
#[must_use]
pub fn blank_hash(id: Uuid) -> Hash {
    merkle::leaf_hash(format!("blank {id}").as_bytes())
}

/// Bytes as hexadecimal digits.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
            // Writing to a String can't fail.
            let _ = write!(text, "{byte:02x}");
            text
        })
}

/// The 32 bytes of a hash that somebody typed or copied, in hexadecimal digits of either case.
#[must_use]
pub fn parse_hash(text: &str) -> Option<Hash> {
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    let mut hash = [0; 32];
    for (byte, digits) in hash.iter_mut().zip(text.as_bytes().chunks(2)) {
        let digits = std::str::from_utf8(digits).ok()?;
        // `from_str_radix` would take a sign.
        if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
            return None;
        }
        *byte = u8::from_str_radix(digits, 16).ok()?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn leaf() -> Leaf<'static> {
        Leaf {
            action: "complaints.accepted",
            acting_for: None,
            actor_id: Some(Uuid::from_u128(7)),
            actor_kind: "member",
            at: 1_764_000_000_000_000,
            detail_hash: hex(&[0xab; 32]),
            id: Uuid::from_u128(1),
            listed_at: 1_764_000_000_000_000,
            position: 0,
            region_id: Uuid::from_u128(2),
            subject_id: Uuid::from_u128(3),
            subject_kind: "complaints",
            unit_id: None,
        }
    }

    #[test]
    fn the_canonical_text_is_pinned() {
        // Changing it makes every log that was ever sealed look forged.
        assert_eq!(
            leaf().canonical(),
            "{\"action\":\"complaints.accepted\",\"acting_for\":null,\
             \"actor_id\":\"00000000-0000-0000-0000-000000000007\",\"actor_kind\":\"member\",\"at\":1764000000000000,\
             \"detail_hash\":\"abababababababababababababababababababababababababababababababab\",\
             \"id\":\"00000000-0000-0000-0000-000000000001\",\"listed_at\":1764000000000000,\"position\":0,\
             \"region_id\":\"00000000-0000-0000-0000-000000000002\",\
             \"subject_id\":\"00000000-0000-0000-0000-000000000003\",\"subject_kind\":\"complaints\",\
             \"unit_id\":null}"
        );
    }

    #[test]
    fn every_part_of_an_event_changes_its_hash() {
        let hash = leaf().hash();
        let changes: [fn(&mut Leaf<'static>); 13] = [
            |leaf| leaf.action = "complaints.replied",
            |leaf| leaf.acting_for = Some(Uuid::nil()),
            |leaf| leaf.actor_id = None,
            |leaf| leaf.actor_kind = "system",
            |leaf| leaf.at += 1,
            |leaf| leaf.detail_hash = hex(&[0xac; 32]),
            |leaf| leaf.id = Uuid::from_u128(9),
            |leaf| leaf.listed_at += 1,
            |leaf| leaf.position = 1,
            |leaf| leaf.region_id = Uuid::from_u128(9),
            |leaf| leaf.subject_id = Uuid::from_u128(9),
            |leaf| leaf.subject_kind = "units",
            |leaf| leaf.unit_id = Some(Uuid::nil()),
        ];
        for change in changes {
            let mut changed = leaf();
            change(&mut changed);
            assert_ne!(changed.hash(), hash, "{changed:?}");
        }
    }

    #[test]
    fn a_blank_is_no_event() {
        let id = leaf().id;
        assert_ne!(blank_hash(id), blank_hash(Uuid::from_u128(2)));
        assert!(!leaf().canonical().starts_with("blank"));
    }

    #[test]
    fn hashes_are_read_as_they_are_written() {
        let hash = leaf().hash();
        assert_eq!(parse_hash(&hex(&hash)), Some(hash));
        assert_eq!(parse_hash(&hex(&hash).to_uppercase()), Some(hash));
        for wrong in ["", "ab", &"+1".repeat(32), &"亮".repeat(32), &hex(&[0; 33])] {
            assert_eq!(parse_hash(wrong), None, "{wrong}");
        }
    }
}
