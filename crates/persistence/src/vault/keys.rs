//! The keys that seal the keys of rows, and where they are kept.

use std::{
    collections::HashMap,
    fmt, io,
    sync::{Arc, Mutex, PoisonError, RwLock},
};

use aws_lc_rs::{constant_time, hmac};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use uuid::Uuid;

use crate::{error::StoreError, ids::Ids};

/// A key that seals the keys of rows. What is done with it is done by keys that are derived from it.
#[derive(Clone)]
pub struct VaultKey {
    id: Uuid,
    secret: [u8; 32],
}

impl fmt::Debug for VaultKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("VaultKey").field(&self.id).finish()
    }
}

impl VaultKey {
    /// A key.
    #[must_use]
    pub const fn new(id: Uuid, secret: [u8; 32]) -> Self {
        Self { id, secret }
    }

    /// A new random key.
    #[must_use]
    pub fn random(ids: &Ids) -> Self {
        Self::new(ids.v4(), ids.bytes())
    }

    /// What it is called; no secret.
    #[must_use]
    pub const fn id(&self) -> Uuid {
        self.id
    }

    /// The line of a file that holds it: id and key.
    #[must_use]
    pub fn line(&self) -> String {
        format!("{} {}", self.id, BASE64_URL_SAFE_NO_PAD.encode(self.secret))
    }

    /// The keys of a text, a line each, oldest first. Lines that are empty or begin with `#` say nothing.
    ///
    /// # Errors
    /// [`io::ErrorKind::InvalidData`] for any other line; the error does not show it.
    pub fn parse_all(text: &str) -> io::Result<Vec<Self>> {
        text.lines()
            .map(str::trim)
            .enumerate()
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
            .map(|(nth, line)| {
                Self::parse(line).ok_or_else(|| {
                    let number = nth + 1;
                    io::Error::new(
                        io::ErrorKind::InvalidData,
                        format!("line {number} of the vault's keys is no id with a key of 32 bytes"),
                    )
                })
            })
            .collect()
    }

    fn parse(line: &str) -> Option<Self> {
        let (id, key) = line.split_once(char::is_whitespace)?;
        let secret = BASE64_URL_SAFE_NO_PAD.decode(key.trim()).ok()?;
        Some(Self::new(id.parse().ok()?, secret.try_into().ok()?))
    }

    fn derive(&self, purpose: &str) -> [u8; 32] {
        let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &self.secret), purpose.as_bytes());
        let mut key = [0; 32];
        for (to, from) in key.iter_mut().zip(tag.as_ref()) {
            *to = *from;
        }
        key
    }

    /// By what a database knows the key again.
    pub(super) fn check_value(&self) -> [u8; 32] {
        self.derive("check")
    }
}

/// A key ready for use.
pub(crate) struct Ready {
    pub(super) id: Uuid,
    pub(super) wrapping: XChaCha20Poly1305,
    pub(super) indexing: hmac::Key,
    check_value: [u8; 32],
}

impl fmt::Debug for Ready {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Ready").field(&self.id).finish()
    }
}

impl Ready {
    pub(super) fn of(key: &VaultKey) -> Self {
        Self {
            id: key.id,
            wrapping: XChaCha20Poly1305::new(&key.derive("wrapping").into()),
            indexing: hmac::Key::new(hmac::HMAC_SHA256, &key.derive("phone index")),
            check_value: key.check_value(),
        }
    }

    pub(crate) const fn id(&self) -> Uuid {
        self.id
    }

    /// Whether it is the key that a database means by this id.
    pub(super) fn fits(&self, check_value: &[u8]) -> bool {
        constant_time::verify_slices_are_equal(&self.check_value, check_value).is_ok()
    }
}

/// Where keys are kept, outside the database.
pub trait KeyFile: fmt::Debug + Send + Sync {
    /// All keys, oldest first; none where there is no file yet.
    ///
    /// # Errors
    /// What can't be read.
    fn read(&self) -> io::Result<Vec<VaultKey>>;

    /// Keeps the first key, unless somebody else was faster: theirs stays.
    ///
    /// # Errors
    /// What can't be written.
    fn begin(&self, key: &VaultKey) -> io::Result<()>;

    /// Puts these keys in the place of all.
    ///
    /// # Errors
    /// What can't be written; all stay as they were then.
    fn replace(&self, keys: &[VaultKey]) -> io::Result<()>;

    /// Where that is, for a person.
    fn place(&self) -> String;
}

/// Keys that end with the process.
#[derive(Clone, Debug, Default)]
pub struct KeysInMemory(Arc<Mutex<Vec<VaultKey>>>);

impl KeysInMemory {
    /// With these keys, oldest first.
    #[must_use]
    pub fn new(keys: Vec<VaultKey>) -> Self {
        Self(Arc::new(Mutex::new(keys)))
    }
}

impl KeyFile for KeysInMemory {
    fn read(&self) -> io::Result<Vec<VaultKey>> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).clone())
    }

    fn begin(&self, key: &VaultKey) -> io::Result<()> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.is_empty() {
            keys.push(key.clone());
        }
        Ok(())
    }

    fn replace(&self, keys: &[VaultKey]) -> io::Result<()> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = keys.to_vec();
        Ok(())
    }

    fn place(&self) -> String {
        "memory".to_owned()
    }
}

/// Why contact data can't be sealed or opened: keys and database do not belong together.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// A key is not there.
    #[error(
        "the key {id}, with which contact data in the database are sealed, is not in {place}. Put back the copy of the keys that \
         you keep beside the backups (docs/operations.md, The vault's keys); without it these contact data can't be read by anybody"
    )]
    Missing {
        /// Its id.
        id: Uuid,
        /// Where it should be.
        place: String,
    },
    /// Another key has its id.
    #[error(
        "the key {id} in {place} is not the one with which contact data in the database are sealed. Put back the copy of the keys \
         that you keep beside the backups (docs/operations.md, The vault's keys), or use the database that these keys belong to"
    )]
    Wrong {
        /// Its id.
        id: Uuid,
        /// Where it is.
        place: String,
    },
    /// The keys can't be read or written.
    #[error("the vault's keys in {place}: {source}")]
    File {
        /// Where they are.
        place: String,
        /// What went wrong.
        source: io::Error,
    },
}

/// The keys of a process. Cheap to clone.
#[derive(Clone, Debug)]
pub(crate) struct Vault {
    file: Arc<dyn KeyFile>,
    ready: Arc<RwLock<HashMap<Uuid, Arc<Ready>>>>,
}

impl Vault {
    pub(crate) fn new(file: Arc<dyn KeyFile>) -> Self {
        Self {
            file,
            ready: Arc::default(),
        }
    }

    /// The key that a database means by an id and a check value. A key that was made since the last look is read: of a file of a
    /// few lines, so that nobody is held up by it.
    pub(super) fn key(&self, id: Uuid, check_value: &[u8]) -> Result<Arc<Ready>, StoreError> {
        let known = |ready: &HashMap<Uuid, Arc<Ready>>| ready.get(&id).cloned();
        let found = known(&self.ready.read().unwrap_or_else(PoisonError::into_inner));
        let found = match found {
            Some(found) => Some(found),
            None => {
                let read = self.read()?;
                let fresh = read.iter().map(|key| (key.id(), Arc::new(Ready::of(key)))).collect();
                let mut ready = self.ready.write().unwrap_or_else(PoisonError::into_inner);
                *ready = fresh;
                known(&ready)
            }
        };
        let place = || self.file.place();
        let found = found.ok_or_else(|| VaultError::Missing { id, place: place() })?;
        if !found.fits(check_value) {
            return Err(VaultError::Wrong { id, place: place() }.into());
        }
        Ok(found)
    }

    pub(super) fn read(&self) -> Result<Vec<VaultKey>, StoreError> {
        self.file.read().map_err(|source| self.failed(source))
    }

    pub(super) fn begin(&self, key: &VaultKey) -> Result<(), StoreError> {
        self.file.begin(key).map_err(|source| self.failed(source))
    }

    pub(super) fn replace(&self, keys: &[VaultKey]) -> Result<(), StoreError> {
        self.file.replace(keys).map_err(|source| self.failed(source))
    }

    fn failed(&self, source: io::Error) -> StoreError {
        let place = self.file.place();
        VaultError::File { place, source }.into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_read_from_the_line_that_it_is_written_as() {
        let key = VaultKey::new(Uuid::from_u128(7), [7; 32]);
        let text = format!("# comment\n\n{}\n", key.line());
        let read = VaultKey::parse_all(&text).unwrap();
        assert_eq!((read.len(), read[0].id, read[0].secret), (1, key.id, key.secret));
        assert!(!format!("{key:?}").contains("Bwc"), "no secret in what is logged");
    }

    #[test]
    fn a_broken_line_is_named_and_not_shown() {
        let good = VaultKey::new(Uuid::from_u128(7), [7; 32]).line();
        for broken in [
            "nonsense",
            &good[..good.len() - 4],
            &good.replace('-', "_"),
            &good.replacen('0', "x", 1),
        ] {
            let error = VaultKey::parse_all(&format!("{good}\n{broken}"))
                .unwrap_err()
                .to_string();
            assert!(error.contains("line 2") && !error.contains(broken), "{error}");
        }
    }

    #[test]
    fn what_is_derived_is_pinned() {
        // Another derivation would close every vault there is.
        let key = VaultKey::new(Uuid::from_u128(7), [7; 32]);
        let hex = |bytes: &[u8]| liangnuo_domain::log::hex(bytes);
        assert_eq!(hex(&key.check_value()), CHECK);
        assert!(Ready::of(&key).fits(&key.check_value()));
        assert!(!Ready::of(&VaultKey::new(key.id, [8; 32])).fits(&key.check_value()));
    }

    const CHECK: &str = "e7f13184d523951d777138efc35b2d71d0812aaa6d87e9a1a218b8b3ebddab0c";
}
