//! The vault: contact data are sealed before they reach the database, and what is needed to open them is not in it.
//!
//! - `keys`: the keys that seal the keys of rows, kept in a file.
//! - `sealed`: what stands in a row.
//! - `files`: the key of a file, which seals its name and its content.
//! - here: which keys a database knows (`vault_keys`), how it is opened when a process starts, and how keys change.

pub(crate) mod files;
pub(crate) mod keys;
mod rotation;
pub(crate) mod sealed;

use std::sync::Arc;

pub use keys::{KeyFile, KeysInMemory, VaultError, VaultKey};
use liangnuo_domain::{Secret, Timestamp, UnitId, complaints::Contact};
pub use rotation::{FilesPassedOn, PassedOn, Retired};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectOptions, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::{Expr, ExprTrait, LockType, OnConflict},
};
use uuid::Uuid;

use self::{
    keys::{Ready, Vault},
    sealed::SealedContact,
};
use crate::{
    db::{Database, Store},
    entity::{clear_contacts, complaint_contacts, vault_keys, vault_states},
    error::StoreError,
    events::{NewEvent, Subject},
    tx::{By, Tx, Unlogged},
};

/// Rows that are sealed or passed on in one transaction.
const BATCH: u64 = 500;

/// The keys a database knows, oldest first.
async fn known(conn: &impl ConnectionTrait) -> Result<Vec<vault_keys::Model>, StoreError> {
    Ok(vault_keys::Entity::find()
        .order_by_asc(vault_keys::Column::Number)
        .all(conn)
        .await?)
}

/// The newest key that the database knows and this process has: every row is sealed with it.
///
/// # Errors
/// [`StoreError::Vault`] if this process has none of them, or a wrong one.
pub(crate) async fn newest(tx: &Tx) -> Result<Arc<Ready>, StoreError> {
    let mut missing = StoreError::Bug("the vault was not opened");
    for known in known(tx.conn()).await?.iter().rev() {
        match tx.vault().key(known.id, &known.check_value) {
            Ok(key) => return Ok(key),
            // Made elsewhere and not handed to this process yet: the one before will do until then.
            Err(error @ StoreError::Vault(VaultError::Missing { .. })) => missing = error,
            Err(error) => return Err(error),
        }
    }
    Err(missing)
}

/// What is sealed in a row, and the key that opens it.
///
/// # Errors
/// [`StoreError::Vault`] if this process does not have the key; [`StoreError::Inconsistent`] for a row without one.
async fn key_of(
    conn: &impl ConnectionTrait,
    vault: &Vault,
    row: &complaint_contacts::Model,
) -> Result<(Arc<Ready>, SealedContact), StoreError> {
    let inconsistent = StoreError::Inconsistent {
        table: "complaint_contacts",
        column: "key_id",
    };
    let Some(sealed) = sealed_of(row) else {
        return Err(inconsistent);
    };
    let known = vault_keys::Entity::find_by_id(sealed.key_id).one(conn).await?;
    let known = known.ok_or(inconsistent)?;
    Ok((vault.key(known.id, &known.check_value)?, sealed))
}

/// The contact data of a row.
///
/// # Errors
/// [`StoreError::Vault`] if this process does not have the key; [`StoreError::Inconsistent`] for a row that was tampered with.
pub(crate) async fn open(tx: &Tx, row: &complaint_contacts::Model) -> Result<Contact, StoreError> {
    let (key, sealed) = key_of(tx.conn(), tx.vault(), row).await?;
    key.open((row.region_id, row.complaint_id), &sealed)
}

/// By what a telephone number is found: by each key that rows may be sealed with.
///
/// # Errors
/// [`StoreError::Vault`] if this process lacks one of them.
pub(crate) async fn indexes(tx: &Tx, phone: &str) -> Result<Vec<Vec<u8>>, StoreError> {
    let known = known(tx.conn()).await?;
    let index = |known: &vault_keys::Model| Ok(tx.vault().key(known.id, &known.check_value)?.index(phone));
    known.iter().map(index).collect()
}

fn sealed_of(row: &complaint_contacts::Model) -> Option<SealedContact> {
    Some(SealedContact {
        name: row.name.clone()?,
        phone: row.phone.clone(),
        email: row.email.clone(),
        guardian: row.guardian.clone(),
        row_key: row.row_key.clone()?,
        key_id: row.key_id?,
        phone_index: row.phone_index.clone(),
    })
}

/// The columns of a row that hold what is sealed.
pub(crate) fn columns(sealed: SealedContact) -> complaint_contacts::ActiveModel {
    complaint_contacts::ActiveModel {
        name: Set(Some(sealed.name)),
        phone: Set(sealed.phone),
        email: Set(sealed.email),
        guardian: Set(sealed.guardian),
        row_key: Set(Some(sealed.row_key)),
        key_id: Set(Some(sealed.key_id)),
        phone_index: Set(sealed.phone_index),
        ..Default::default()
    }
}

/// The columns of a row without contact data.
pub(crate) fn no_columns() -> complaint_contacts::ActiveModel {
    complaint_contacts::ActiveModel {
        name: Set(None),
        phone: Set(None),
        email: Set(None),
        guardian: Set(None),
        row_key: Set(None),
        key_id: Set(None),
        phone_index: Set(None),
        ..Default::default()
    }
}

/// Notes in every county's log that something happened to a key: the keys are those of the whole database.
async fn record(tx: &mut Tx, code: &'static str, key: Uuid) -> Result<bool, StoreError> {
    use crate::entity::units::{Column, Entity};
    let roots: Vec<Uuid> = Entity::find()
        .select_only()
        .column(Column::Id)
        .filter(Expr::col(Column::Id).eq(Expr::col(Column::RegionId)))
        .order_by_asc(Column::Id)
        .into_tuple()
        .all(tx.conn())
        .await?;
    for root in &roots {
        tx.record(NewEvent::new(
            UnitId(*root),
            Subject::VaultKeys,
            key,
            code,
            serde_json::json!({}),
        ));
    }
    Ok(!roots.is_empty())
}

/// Registers a key with the database as its newest.
async fn register(tx: &mut Tx, number: i32, key: &VaultKey) -> Result<bool, StoreError> {
    let row = vault_keys::ActiveModel {
        id: Set(key.id()),
        number: Set(number),
        check_value: Set(key.check_value().to_vec()),
        made_at: Set(tx.now().micros()),
    };
    let written = vault_keys::Entity::insert(row)
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(tx.conn())
        .await?;
    Ok(written == 1)
}

impl Store {
    /// Opens the vault: before anything is served, after [`Store::migrate`]. The first key is made where there is none; what an
    /// older version left in the clear is sealed, as far as another process has not done so, and nothing remains of it.
    ///
    /// # Errors
    /// [`StoreError::Vault`] if a key is missing or wrong.
    pub async fn unlock(&self, now: Timestamp) -> Result<(), StoreError> {
        if known(self.read()).await?.is_empty() {
            self.make_first_key(now).await?;
        }
        for known in known(self.read()).await? {
            self.vault().key(known.id, &known.check_value)?;
        }
        while self.seal_clear_contacts().await? > 0 {}
        let state = vault_states::Entity::find_by_id(1).one(self.read()).await?;
        if state.is_some_and(|state| !state.is_scrubbed) {
            self.scrub().await?;
        }
        Ok(())
    }

    async fn make_first_key(&self, now: Timestamp) -> Result<(), StoreError> {
        let vault = self.vault().clone();
        if vault.read()?.is_empty() {
            vault.begin(&VaultKey::random(self.ids()))?;
        }
        let first = vault
            .read()?
            .pop()
            .ok_or(StoreError::Bug("a key that was kept is not there"))?;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::System, now).await?;
            // Another process that was faster with a key of its own is found by the check that follows.
            if !register(&mut tx, 1, &first).await? {
                return tx.rollback().await;
            }
            if record(&mut tx, "made", first.id()).await? {
                tx.commit().await
            } else {
                // There is no county yet whose log could hold it.
                tx.commit_unlogged(Unlogged::Bootstrap).await
            }
        })
        .await
    }

    /// Seals a batch of what an older version left in the clear. What was sealed stays so when the process dies.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn seal_clear_contacts(&self) -> Result<usize, StoreError> {
        self.write(|writer| async move {
            let tx = writer.begin_write(By::System, Timestamp::from_micros(0)).await?;
            let clear = clear_contacts::Entity::find()
                .filter(clear_contacts::Column::ClearName.is_not_null())
                .limit(BATCH)
                .lock(LockType::Update)
                .all(tx.conn())
                .await?;
            if clear.is_empty() {
                tx.rollback().await?;
                return Ok(0);
            }
            let key = newest(&tx).await?;
            let count = clear.len();
            for row in clear {
                let at = (row.region_id, row.complaint_id);
                let contact = Contact {
                    name: Secret::new(row.clear_name.unwrap_or_default()),
                    phone: row.clear_phone.map(Secret::new),
                    email: row.clear_email.map(Secret::new),
                    guardian: None,
                };
                let nothing = || Expr::value(None::<String>);
                complaint_contacts::Entity::update_many()
                    .set(columns(key.seal(tx.ids(), at, &contact)?))
                    .col_expr(clear_contacts::Column::ClearName, nothing())
                    .col_expr(clear_contacts::Column::ClearPhone, nothing())
                    .col_expr(clear_contacts::Column::ClearEmail, nothing())
                    .filter(complaint_contacts::Column::RegionId.eq(at.0))
                    .filter(complaint_contacts::Column::ComplaintId.eq(at.1))
                    .exec(tx.conn())
                    .await?;
            }
            tx.commit_unlogged(Unlogged::Jobs).await?;
            Ok(count)
        })
        .await
    }

    /// Has the database write its files anew once, without what was in the clear before.
    async fn scrub(&self) -> Result<(), StoreError> {
        let mut options = ConnectOptions::new(self.url());
        options.max_connections(1).sqlx_logging(false);
        // A connection of its own: its temporary copy is a file, which may be larger than the memory.
        let unhurried = sea_orm::Database::connect(options).await?;
        match self.database() {
            Database::Sqlite => {
                unhurried.execute_unprepared("VACUUM").await?;
                let emptied = unhurried
                    .query_one_raw(sea_orm::Statement::from_string(
                        sea_orm::DbBackend::Sqlite,
                        "PRAGMA wal_checkpoint(TRUNCATE)",
                    ))
                    .await?;
                let is_held: i32 = emptied.map_or(Ok(0), |row| row.try_get_by_index(0))?;
                if is_held != 0 {
                    return Err(StoreError::Bug("somebody reads the database while its vault is opened"));
                }
            }
            Database::Postgres => {
                unhurried.execute_unprepared("VACUUM FULL complaint_contacts").await?;
            }
        }
        unhurried.close().await?;
        self.write(|writer| async move {
            let tx = writer.begin_write(By::System, Timestamp::from_micros(0)).await?;
            vault_states::Entity::update_many()
                .col_expr(vault_states::Column::IsScrubbed, Expr::value(true))
                .exec(tx.conn())
                .await?;
            tx.commit_unlogged(Unlogged::Jobs).await
        })
        .await
    }
}
