//! How keys change: a new one is made by a command, rows are passed on to it by the worker, and an old one that seals no row
//! any more is given up by another command. Nothing has to stop meanwhile.

use liangnuo_domain::{AttachmentId, ComplaintId, Timestamp};
use sea_orm::{
    ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter, QuerySelect,
    sea_query::{Expr, LockBehavior, LockType},
};
use uuid::Uuid;

use super::{
    BATCH, columns, files, key_of,
    keys::{Ready, VaultKey},
    known, newest, record, register,
};
use crate::{
    db::Store,
    entity::{attachments, complaint_contacts, vault_keys},
    error::StoreError,
    tx::{By, Tx, Unlogged},
};

/// What became of the older keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Retired {
    /// Keys that sealed nothing any more, and are gone.
    pub gone: Vec<Uuid>,
    /// Keys that still seal so many rows.
    pub in_use: Vec<(Uuid, u64)>,
}

/// Rows that were passed on to the newest key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PassedOn {
    /// How many.
    pub rows: usize,
    /// Cases whose row does not open: it was tampered with. It stays as it is, and its key with it.
    pub broken: Vec<ComplaintId>,
}

/// Keys of files that were passed on to the newest key.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FilesPassedOn {
    /// How many.
    pub rows: usize,
    /// Files whose key does not open: its row was tampered with. It stays as it is, and its key with it.
    pub broken: Vec<AttachmentId>,
}

/// The keys of the database, held until the transaction ends, so that two who change them take turns.
async fn hold_known(tx: &Tx) -> Result<Vec<vault_keys::Model>, StoreError> {
    vault_keys::Entity::find().lock(LockType::Update).all(tx.conn()).await?;
    known(tx.conn()).await
}

impl Store {
    /// Makes a new key: everything is sealed with it from now on. A process that does not have it yet uses the one before until
    /// it does. A key that was made before and did not get as far as the database is taken instead of another one.
    ///
    /// # Errors
    /// [`StoreError::Vault`] if the key can't be kept, or another one is missing.
    pub async fn rotate_vault_keys(&self, now: Timestamp) -> Result<Uuid, StoreError> {
        let vault = self.vault().clone();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::System, now).await?;
            let known = hold_known(&tx).await?;
            for known in &known {
                vault.key(known.id, &known.check_value)?;
            }
            let mut kept = vault.read()?;
            let waiting = kept
                .last()
                .filter(|last| known.iter().all(|known| known.id != last.id()));
            let next = match waiting {
                Some(waiting) => waiting.clone(),
                None => {
                    let next = VaultKey::random(tx.ids());
                    kept.push(next.clone());
                    // Before the database knows it: a key that is lost in between would have sealed nothing.
                    vault.replace(&kept)?;
                    next
                }
            };
            let number = known.last().map_or(0, |last| last.number) + 1;
            if !register(&mut tx, number, &next).await? {
                return Err(StoreError::Bug("a new key is known already"));
            }
            if record(&mut tx, "made", next.id()).await? {
                tx.commit().await?;
            } else {
                tx.commit_unlogged(Unlogged::Bootstrap).await?;
            }
            Ok(next.id())
        })
        .await
    }

    /// Passes a batch of rows on to the newest key; what was passed on stays so when the process dies. Called again until it finds
    /// none.
    ///
    /// # Errors
    /// [`StoreError::Vault`] if this process lacks a key.
    pub async fn pass_contacts_on(&self) -> Result<PassedOn, StoreError> {
        let keys = known(self.read()).await?;
        let older: Vec<Uuid> = keys.iter().rev().skip(1).map(|key| key.id).collect();
        let waiting = complaint_contacts::Entity::find().filter(complaint_contacts::Column::KeyId.is_in(older));
        // Nothing is begun for nothing.
        if keys.len() < 2 || waiting.clone().limit(1).one(self.read()).await?.is_none() {
            return Ok(PassedOn::default());
        }
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, Timestamp::from_micros(0)).await?;
            let next = newest(&tx).await?;
            let rows = waiting
                .filter(complaint_contacts::Column::KeyId.ne(next.id()))
                .limit(BATCH)
                // Several processes do this at once: what one of them is at is left to it.
                .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
                .all(tx.conn())
                .await?;
            let mut passed = PassedOn::default();
            for row in rows {
                match pass_on(&tx, &next, &row).await {
                    Ok(()) => passed.rows += 1,
                    Err(StoreError::Inconsistent { .. }) => passed.broken.push(ComplaintId(row.complaint_id)),
                    Err(error) => return Err(error),
                }
            }
            tx.commit_unlogged(Unlogged::Jobs).await?;
            Ok(passed)
        })
        .await
    }

    /// As [`Store::pass_contacts_on`], for the keys of files. What they seal stays as it is.
    ///
    /// # Errors
    /// [`StoreError::Vault`] if this process lacks a key.
    pub async fn pass_files_on(&self) -> Result<FilesPassedOn, StoreError> {
        let keys = known(self.read()).await?;
        let older: Vec<Uuid> = keys.iter().rev().skip(1).map(|key| key.id).collect();
        let waiting = attachments::Entity::find().filter(attachments::Column::KeyId.is_in(older));
        if keys.len() < 2 || waiting.clone().limit(1).one(self.read()).await?.is_none() {
            return Ok(FilesPassedOn::default());
        }
        self.write(move |writer| async move {
            let tx = writer.begin_write(By::System, Timestamp::from_micros(0)).await?;
            let next = newest(&tx).await?;
            let rows = waiting
                .filter(attachments::Column::KeyId.ne(next.id()))
                .limit(BATCH)
                .lock_with_behavior(LockType::Update, LockBehavior::SkipLocked)
                .all(tx.conn())
                .await?;
            let mut passed = FilesPassedOn::default();
            for row in rows {
                match pass_file_on(&tx, &next, &row).await {
                    Ok(()) => passed.rows += 1,
                    Err(StoreError::Inconsistent { .. }) => passed.broken.push(AttachmentId(row.id)),
                    Err(error) => return Err(error),
                }
            }
            tx.commit_unlogged(Unlogged::Jobs).await?;
            Ok(passed)
        })
        .await
    }

    /// Gives up the older keys that seal no row any more, first in the database, which refuses what is still in use, then where
    /// they are kept.
    ///
    /// # Errors
    /// [`StoreError::Vault`] if what remains can't be kept.
    pub async fn retire_vault_keys(&self, now: Timestamp) -> Result<Retired, StoreError> {
        let vault = self.vault().clone();
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::System, now).await?;
            let known = hold_known(&tx).await?;
            let mut retired = Retired::default();
            let Some((current, older)) = known.split_last() else {
                return Err(StoreError::Bug("the vault was not opened"));
            };
            let mut is_logged = false;
            for key in older {
                let contacts = complaint_contacts::Entity::find()
                    .filter(complaint_contacts::Column::KeyId.eq(key.id))
                    .count(tx.conn())
                    .await?;
                let files = attachments::Entity::find()
                    .filter(attachments::Column::KeyId.eq(key.id))
                    .count(tx.conn())
                    .await?;
                let rows = contacts + files;
                if rows > 0 {
                    retired.in_use.push((key.id, rows));
                    continue;
                }
                vault_keys::Entity::delete_by_id(key.id).exec(tx.conn()).await?;
                is_logged |= record(&mut tx, "retired", key.id).await?;
                retired.gone.push(key.id);
            }
            if is_logged {
                tx.commit().await?;
            } else {
                tx.commit_unlogged(Unlogged::Bootstrap).await?;
            }
            // Of those before the newest one, also what an earlier call did not get to.
            let kept = vault.read()?;
            let newest = kept.iter().position(|key| key.id() == current.id).unwrap_or(0);
            let is_kept =
                |(nth, key): &(usize, VaultKey)| *nth >= newest || retired.in_use.iter().any(|(id, _)| *id == key.id());
            let remaining: Vec<VaultKey> = kept
                .iter()
                .cloned()
                .enumerate()
                .filter(is_kept)
                .map(|(_, key)| key)
                .collect();
            if remaining.len() < kept.len() {
                vault.replace(&remaining)?;
            }
            Ok(retired)
        })
        .await
    }
}

async fn pass_file_on(tx: &Tx, next: &Ready, row: &attachments::Model) -> Result<(), StoreError> {
    let key = files::wrapping_key(tx.conn(), tx.vault(), row).await?;
    let row_key = key.pass_file_on(next, tx.ids(), row)?;
    attachments::Entity::update_many()
        .col_expr(attachments::Column::RowKey, Expr::value(row_key))
        .col_expr(attachments::Column::KeyId, Expr::value(next.id()))
        .filter(attachments::Column::RegionId.eq(row.region_id))
        .filter(attachments::Column::Id.eq(row.id))
        .exec(tx.conn())
        .await?;
    Ok(())
}

async fn pass_on(tx: &Tx, next: &Ready, row: &complaint_contacts::Model) -> Result<(), StoreError> {
    let at = (row.region_id, row.complaint_id);
    let (key, sealed) = key_of(tx.conn(), tx.vault(), row).await?;
    let sealed = key.pass_on(next, tx.ids(), at, &sealed)?;
    complaint_contacts::Entity::update_many()
        .set(columns(sealed))
        .filter(complaint_contacts::Column::RegionId.eq(at.0))
        .filter(complaint_contacts::Column::ComplaintId.eq(at.1))
        .exec(tx.conn())
        .await?;
    Ok(())
}
