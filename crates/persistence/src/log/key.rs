//! The key that signs the log: Ed25519, from a seed of 32 bytes.

use std::{fmt, sync::Arc};

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair as _, UnparsedPublicKey};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use liangnuo_domain::log::{
    checkpoint::{Checkpoint, Signature, key_id},
    hex,
};
use sha2::{Digest, Sha256};

use crate::error::StoreError;

/// Signs checkpoints, and knows its own signatures. Cheap to clone.
#[derive(Clone)]
pub struct LogKey {
    pair: Arc<Ed25519KeyPair>,
    origin: String,
    id: [u8; 4],
}

impl fmt::Debug for LogKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LogKey").field(&self.origin).finish()
    }
}

impl LogKey {
    /// The key of a seed.
    ///
    /// # Errors
    /// None in practice: any 32 bytes are a seed.
    pub fn from_seed(seed: &[u8; 32]) -> Result<Self, StoreError> {
        let pair = Ed25519KeyPair::from_seed_unchecked(seed)
            .map_err(|_rejected| StoreError::Bug("a seed of 32 bytes was refused"))?;
        let public = pair.public_key().as_ref();
        let [a, b, c, d, e, f, g, h, ..]: [u8; 32] = Sha256::digest(public).into();
        let origin = format!("liangnuo/{}", hex(&[a, b, c, d, e, f, g, h]));
        Ok(Self {
            id: key_id(&origin, public),
            pair: Arc::new(pair),
            origin,
        })
    }

    /// The name of the log in its checkpoints; it follows from the key.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// The public key as tools for signed notes take it: name, key id and key, with `+` between.
    #[must_use]
    pub fn verifier(&self) -> String {
        let mut key = vec![1];
        key.extend_from_slice(self.pair.public_key().as_ref());
        format!("{}+{}+{}", self.origin, hex(&self.id), BASE64_STANDARD.encode(key))
    }

    /// A checkpoint as a signed note.
    pub(super) fn sign(&self, checkpoint: &Checkpoint) -> String {
        checkpoint.note(&Signature {
            name: self.origin.clone(),
            key_id: self.id,
            bytes: self.pair.sign(checkpoint.body().as_bytes()).as_ref().to_vec(),
        })
    }

    /// The checkpoint of a note that this key signed; none for any other text.
    #[must_use]
    pub fn open(&self, note: &str) -> Option<Checkpoint> {
        let (checkpoint, signature) = Checkpoint::parse(note)?;
        let is_ours = checkpoint.origin == self.origin && signature.name == self.origin && signature.key_id == self.id;
        let key = UnparsedPublicKey::new(&ED25519, self.pair.public_key().as_ref());
        let body = checkpoint.body();
        let is_signed = is_ours && key.verify(body.as_bytes(), &signature.bytes).is_ok();
        is_signed.then_some(checkpoint)
    }
}

#[cfg(test)]
mod tests {
    use liangnuo_domain::Timestamp;

    use super::*;

    fn note(key: &LogKey, size: u64) -> String {
        key.sign(&Checkpoint {
            origin: key.origin().to_owned(),
            size,
            root: [7; 32],
            at: Timestamp::from_micros(1_764_000_000_000_000),
            previous: None,
        })
    }

    #[test]
    fn its_own_notes_alone_are_opened() {
        let key = LogKey::from_seed(&[7; 32]).unwrap();
        let good = note(&key, 12);
        assert_eq!(key.open(&good).unwrap().size, 12);
        assert_eq!(key.open(&good.replace("\n12\n", "\n13\n")), None);
        let other = LogKey::from_seed(&[8; 32]).unwrap();
        assert_eq!(key.open(&note(&other, 12)), None);
        assert_eq!(key.open(&note(&other, 12).replace(other.origin(), key.origin())), None);
    }

    #[test]
    fn the_key_of_a_seed_is_pinned() {
        // Another one would make every log that was ever sealed look forged.
        let key = LogKey::from_seed(&[7; 32]).unwrap();
        assert_eq!(
            key.verifier(),
            "liangnuo/fe812c12f3ab4ce6+c0ff64d5+AepKbGPinFIKvvVQexMuxfmVR3auvr57kkIe6mkURtIs"
        );
    }
}
