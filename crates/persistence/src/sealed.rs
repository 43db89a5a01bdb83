//! What is kept encrypted in the database, so that whoever has the database alone can't read it: XChaCha20-Poly1305 under a
//! key that is derived from the server's secret. What it is and whose it is, is bound to it: a row that is moved to another
//! account, or taken for something else, can't be opened.

use chacha20poly1305::{
    KeyInit as _, XChaCha20Poly1305,
    aead::{Aead as _, Payload},
};
use uuid::Uuid;

use crate::{error::StoreError, ids::Ids};

const NONCE: usize = 24;

/// A new nonce and what is sealed under it, bound to `aad`; `None` never in practice.
pub(crate) fn seal(cipher: &XChaCha20Poly1305, ids: &Ids, aad: &[u8], clear: &[u8]) -> Option<Vec<u8>> {
    let nonce: [u8; NONCE] = ids.bytes();
    let sealed = cipher.encrypt(&nonce.into(), Payload { msg: clear, aad }).ok()?;
    Some([&nonce[..], &sealed].concat())
}

/// What [`seal`] sealed; `None` for what was sealed with another key, bound to something else, or changed since.
pub(crate) fn open(cipher: &XChaCha20Poly1305, aad: &[u8], sealed: &[u8]) -> Option<Vec<u8>> {
    let (nonce, msg) = sealed.split_first_chunk::<NONCE>()?;
    cipher.decrypt(&(*nonce).into(), Payload { msg, aad }).ok()
}

/// Seals and opens one kind of secret.
#[derive(Clone)]
pub(crate) struct Sealer {
    cipher: XChaCha20Poly1305,
    purpose: &'static str,
}

impl std::fmt::Debug for Sealer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sealer")
    }
}

impl Sealer {
    pub(crate) fn new(key: [u8; 32], purpose: &'static str) -> Self {
        Self {
            cipher: XChaCha20Poly1305::new(&key.into()),
            purpose,
        }
    }

    fn bound_to(&self, owner: Uuid) -> Vec<u8> {
        [self.purpose.as_bytes(), b"|", owner.as_bytes()].concat()
    }

    pub(crate) fn seal(&self, ids: &Ids, owner: Uuid, secret: &[u8]) -> Result<Vec<u8>, StoreError> {
        seal(&self.cipher, ids, &self.bound_to(owner), secret).ok_or(StoreError::Bug("a secret can't be sealed"))
    }

    /// # Errors
    /// [`StoreError::Bug`] for what was sealed with another key, for somebody else, or was changed since.
    pub(crate) fn open(&self, owner: Uuid, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        open(&self.cipher, &self.bound_to(owner), sealed)
            .ok_or(StoreError::Bug("a secret was sealed with another key, or changed"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_for_its_owner_and_purpose_only() {
        let ids = Ids::system();
        let (mine, theirs) = (ids.v4(), ids.v4());
        let sealer = Sealer::new([7; 32], "seed");
        let sealed = sealer.seal(&ids, mine, b"a secret of mine").unwrap();
        assert_eq!(sealer.open(mine, &sealed).unwrap(), b"a secret of mine");
        assert!(!sealed.windows(6).any(|window| window == b"secret"));
        assert_ne!(sealer.seal(&ids, mine, b"a secret of mine").unwrap(), sealed);
        assert!(sealer.open(theirs, &sealed).is_err());
        assert!(Sealer::new([7; 32], "other").open(mine, &sealed).is_err());
        assert!(Sealer::new([8; 32], "seed").open(mine, &sealed).is_err());
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert!(sealer.open(mine, &changed).is_err(), "byte {at}");
        }
        assert!(sealer.open(mine, &sealed[..20]).is_err());
    }
}
