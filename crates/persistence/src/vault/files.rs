//! The key of a file: as the rows of contact data, each file has a random key of its own, which is itself sealed by a key of the
//! vault. It seals the file's name in its row, its pieces while they are on their way, and what is put into the store of objects.

use std::fmt;

use chacha20poly1305::{KeyInit as _, XChaCha20Poly1305};
use liangnuo_domain::attachments::FileId;
use sea_orm::{ConnectionTrait, EntityTrait};

use super::{
    keys::{Ready, Vault},
    sealed::{RowId, open_at, place_in, seal},
};
use crate::{
    entity::{attachments, vault_keys},
    error::StoreError,
    ids::Ids,
};

const TABLE: &str = "attachments";

/// What of a file is sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Its name.
    Name,
    /// A piece of it, by where it begins.
    Piece(i64),
    /// What is kept of it.
    Content,
    /// The file as it came.
    Original,
}

impl Part {
    fn place(self, row: RowId) -> String {
        match self {
            Self::Name => place_in(TABLE, "name", row, None),
            Self::Piece(at) => place_in(TABLE, &format!("piece {at}"), row, None),
            Self::Content => place_in(TABLE, "content", row, None),
            Self::Original => place_in(TABLE, "original", row, None),
        }
    }

    const fn column(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Piece(_) => "piece",
            Self::Content => "content",
            Self::Original => "original",
        }
    }
}

/// The key of one file.
#[derive(Clone)]
pub(crate) struct FileKey {
    cipher: XChaCha20Poly1305,
    row: RowId,
}

impl fmt::Debug for FileKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("FileKey").field(&self.row.1).finish()
    }
}

impl FileKey {
    pub(crate) fn seal(&self, ids: &Ids, part: Part, clear: &[u8]) -> Result<Vec<u8>, StoreError> {
        seal(&self.cipher, ids, &part.place(self.row), clear)
    }

    /// # Errors
    /// [`StoreError::Inconsistent`] for what was sealed for something else, or changed since.
    pub(crate) fn open(&self, part: Part, sealed: &[u8]) -> Result<Vec<u8>, StoreError> {
        open_at(&self.cipher, &part.place(self.row), sealed).ok_or(broken(part.column()))
    }

    pub(crate) fn name(&self, row: &attachments::Model) -> Result<String, StoreError> {
        let name = self.open(Part::Name, &row.name)?;
        String::from_utf8(name).map_err(|_not_text| broken("name"))
    }
}

const fn broken(column: &'static str) -> StoreError {
    StoreError::Inconsistent { table: TABLE, column }
}

impl Ready {
    /// A new key for a file, and how its row keeps it.
    pub(crate) fn new_file_key(&self, ids: &Ids, file: FileId) -> Result<(FileKey, Vec<u8>), StoreError> {
        let (secret, row): ([u8; 32], RowId) = (ids.bytes(), (file.region.0, file.id.0));
        let cipher = XChaCha20Poly1305::new(&secret.into());
        Ok((FileKey { cipher, row }, self.wrap_file_key(ids, row, &secret)?))
    }

    fn wrap_file_key(&self, ids: &Ids, row: RowId, secret: &[u8; 32]) -> Result<Vec<u8>, StoreError> {
        seal(
            &self.wrapping,
            ids,
            &place_in(TABLE, "row_key", row, Some(self.id)),
            secret,
        )
    }

    fn unwrap_file_key(&self, row: RowId, row_key: &[u8]) -> Result<[u8; 32], StoreError> {
        open_at(&self.wrapping, &place_in(TABLE, "row_key", row, Some(self.id)), row_key)
            .and_then(|secret| secret.try_into().ok())
            .ok_or(broken("row_key"))
    }

    /// The row's key under `next`. What it seals stays as it is.
    ///
    /// # Errors
    /// [`StoreError::Inconsistent`] for what this key did not seal.
    pub(super) fn pass_file_on(&self, next: &Self, ids: &Ids, row: &attachments::Model) -> Result<Vec<u8>, StoreError> {
        let at = (row.region_id, row.id);
        let secret = self.unwrap_file_key(at, &row.row_key)?;
        next.wrap_file_key(ids, at, &secret)
    }
}

/// The key that seals the key of a file's row.
///
/// # Errors
/// [`StoreError::Vault`] if this process does not have it.
pub(super) async fn wrapping_key(
    conn: &impl ConnectionTrait,
    vault: &Vault,
    row: &attachments::Model,
) -> Result<std::sync::Arc<Ready>, StoreError> {
    let known = vault_keys::Entity::find_by_id(row.key_id).one(conn).await?;
    let known = known.ok_or(broken("key_id"))?;
    vault.key(known.id, &known.check_value)
}

/// The key of a file.
///
/// # Errors
/// [`StoreError::Vault`] if this process does not have the key that seals it; [`StoreError::Inconsistent`] for a row that was
/// tampered with.
pub(crate) async fn file_key(
    conn: &impl ConnectionTrait,
    vault: &Vault,
    row: &attachments::Model,
) -> Result<FileKey, StoreError> {
    let key = wrapping_key(conn, vault, row).await?;
    let at = (row.region_id, row.id);
    let secret = key.unwrap_file_key(at, &row.row_key)?;
    let cipher = XChaCha20Poly1305::new(&secret.into());
    Ok(FileKey { cipher, row: at })
}

#[cfg(test)]
mod tests {
    use liangnuo_domain::{AttachmentId, UnitId};
    use uuid::Uuid;

    use super::{super::keys::VaultKey, *};

    fn ready(nth: u8) -> Ready {
        Ready::of(&VaultKey::new(Uuid::from_u128(u128::from(nth)), [nth; 32]))
    }

    fn file(id: u128) -> FileId {
        FileId {
            region: UnitId(Uuid::from_u128(1)),
            id: AttachmentId(Uuid::from_u128(id)),
        }
    }

    #[test]
    fn a_part_opens_as_that_part_of_that_file_alone() {
        let ids = Ids::seeded(1);
        let (key, row_key) = ready(7).new_file_key(&ids, file(2)).unwrap();
        let (other, _) = ready(7).new_file_key(&ids, file(3)).unwrap();
        let sealed = key.seal(&ids, Part::Piece(5), b"content").unwrap();
        assert_eq!(key.open(Part::Piece(5), &sealed).unwrap(), b"content");
        for part in [Part::Piece(6), Part::Name, Part::Content, Part::Original] {
            assert!(key.open(part, &sealed).is_err(), "{part:?}");
        }
        assert!(other.open(Part::Piece(5), &sealed).is_err());
        let at = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert!(ready(7).unwrap_file_key(at, &row_key).is_ok());
        assert!(ready(8).unwrap_file_key(at, &row_key).is_err());
        assert!(ready(7).unwrap_file_key((at.0, Uuid::from_u128(3)), &row_key).is_err());
    }
}
