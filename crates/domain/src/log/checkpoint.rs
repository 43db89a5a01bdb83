//! The signed statement of how the log stands: so many events, with this root.
//!
//! The form is the one that transparency logs share (C2SP: tlog-checkpoint in a signed note), so that tools which know it
//! can check and keep ours. Two lines of our own follow the root: when it was made, and the hash of the checkpoint before
//! it, so that checkpoints are a chain of their own.

use base64::{Engine as _, prelude::BASE64_STANDARD};
use sha2::{Digest, Sha256};

use super::Hash;
use crate::time::Timestamp;

/// What is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log: a name without spaces or `+`.
    pub origin: String,
    /// How many events are in it.
    pub size: u64,
    /// The root of the tree.
    pub root: Hash,
    /// When it was made.
    pub at: Timestamp,
    /// The hash of the body of the checkpoint before; none for the first.
    pub previous: Option<Hash>,
}

/// An Ed25519 signature of a note, as it stands in its last line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signature {
    /// Who signed: the origin.
    pub name: String,
    /// The first four bytes of a hash of name and public key.
    pub key_id: [u8; 4],
    /// The 64 bytes.
    pub bytes: Vec<u8>,
}

/// The key id of a signed note: SHA-256 over name, line feed, 1 (for Ed25519) and public key, its first four bytes.
#[must_use]
pub fn key_id(name: &str, public_key: &[u8]) -> [u8; 4] {
    let hash: Hash = Sha256::new()
        .chain_update(name)
        .chain_update([b'\n', 1])
        .chain_update(public_key)
        .finalize()
        .into();
    let [a, b, c, d, ..] = hash;
    [a, b, c, d]
}

impl Checkpoint {
    /// The text that is signed.
    #[must_use]
    pub fn body(&self) -> String {
        let root = BASE64_STANDARD.encode(self.root);
        let previous = self
            .previous
            .map(|hash| format!("previous {}\n", BASE64_STANDARD.encode(hash)))
            .unwrap_or_default();
        format!(
            "{}\n{}\n{root}\nat {}\n{previous}",
            self.origin,
            self.size,
            self.at.micros()
        )
    }

    /// The hash by which the next checkpoint names this one.
    #[must_use]
    pub fn hash(&self) -> Hash {
        Sha256::digest(self.body()).into()
    }

    /// The note: the body, an empty line, and the signature's line.
    #[must_use]
    pub fn note(&self, signature: &Signature) -> String {
        let mut bytes = signature.key_id.to_vec();
        bytes.extend_from_slice(&signature.bytes);
        format!(
            "{}\n\u{2014} {} {}\n",
            self.body(),
            signature.name,
            BASE64_STANDARD.encode(bytes)
        )
    }

    /// A note as somebody kept it. None unless it is exactly one that [`Checkpoint::note`] would write.
    #[must_use]
    pub fn parse(note: &str) -> Option<(Self, Signature)> {
        let (body, signature) = note.split_once("\n\n")?;
        let mut lines = body.split('\n');
        let checkpoint = Self {
            origin: lines.next()?.to_owned(),
            size: lines.next()?.parse().ok()?,
            root: hash_of(lines.next()?)?,
            at: Timestamp::from_micros(lines.next()?.strip_prefix("at ")?.parse().ok()?),
            previous: match lines.next() {
                Some(line) => Some(hash_of(line.strip_prefix("previous ")?)?),
                None => None,
            },
        };
        let mut words = signature.strip_suffix('\n')?.strip_prefix("\u{2014} ")?.split(' ');
        let name = words.next()?.to_owned();
        let bytes = BASE64_STANDARD.decode(words.next()?).ok()?;
        let (key_id, rest) = bytes.split_first_chunk()?;
        let signature = Signature {
            name,
            key_id: *key_id,
            bytes: rest.to_vec(),
        };
        // Other spellings of the same (a leading zero, a third word) are other texts, and another text is not what was signed.
        (checkpoint.note(&signature) == note).then_some((checkpoint, signature))
    }
}

fn hash_of(text: &str) -> Option<Hash> {
    BASE64_STANDARD.decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint(previous: Option<Hash>) -> Checkpoint {
        Checkpoint {
            origin: "liangnuo/0123456789abcdef".to_owned(),
            size: 12,
            root: [7; 32],
            at: Timestamp::from_micros(1_764_000_000_000_000),
            previous,
        }
    }

    fn signature() -> Signature {
        Signature {
            name: "liangnuo/0123456789abcdef".to_owned(),
            key_id: [1, 2, 3, 4],
            bytes: vec![9; 64],
        }
    }

    #[test]
    fn a_note_reads_back_as_it_was_written() {
        for previous in [None, Some([8; 32])] {
            let note = checkpoint(previous).note(&signature());
            assert_eq!(Checkpoint::parse(&note), Some((checkpoint(previous), signature())));
        }
    }

    #[test]
    fn the_form_is_pinned() {
        assert_eq!(
            checkpoint(None).body(),
            "liangnuo/0123456789abcdef\n12\nBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=\nat 1764000000000000\n"
        );
    }

    #[test]
    fn any_other_spelling_is_refused() {
        let note = checkpoint(Some([8; 32])).note(&signature());
        for (from, to) in [
            ("\n12\n", "\n012\n"),
            ("\n12\n", "\n+12\n"),
            ("at ", "at  "),
            ("previous", "Previous"),
            ("\u{2014} ", "- "),
            ("\n\n", "\n"),
            ("\n\n", "\nmore\n\n"),
        ] {
            let other = note.replacen(from, to, 1);
            assert_ne!(other, note);
            assert_eq!(Checkpoint::parse(&other), None, "{from:?} as {to:?}");
        }
        assert_eq!(Checkpoint::parse(&format!("{note}\n")), None);
        assert_eq!(Checkpoint::parse(&note.replace('\n', "\r\n")), None);
        assert_eq!(Checkpoint::parse(""), None);
    }

    #[test]
    fn a_key_id_is_the_signed_notes() {
        // The example of Go's golang.org/x/mod/sumdb/note: verifier key PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW.
        let key = BASE64_STANDARD
            .decode("ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW")
            .unwrap();
        assert_eq!(key_id("PeterNeumann", &key[1..]), [0xc7, 0x4f, 0x20, 0xa3]);
    }
}
