//! Where the content of files is kept: a folder, or a server that speaks S3. Everything in it is sealed, under random names.

use std::{fmt, path::Path as Folder, sync::Arc, time::Duration};

use liangnuo_domain::Timestamp;
use object_store::{
    ClientOptions, Error, ObjectStore, ObjectStoreExt as _, RetryConfig, aws::AmazonS3Builder, local::LocalFileSystem,
    memory::InMemory, path::Path,
};
use uuid::Uuid;

use crate::error::StoreError;

/// How long the server may take for one answer.
const TIMEOUT: Duration = Duration::from_secs(20);

/// A bucket of a server that speaks S3, and who may use it.
#[derive(Clone)]
pub struct Bucket {
    /// The server's URL.
    pub endpoint: String,
    /// The bucket.
    pub name: String,
    /// Its region.
    pub region: String,
    /// Who.
    pub key_id: String,
    /// By what secret.
    pub secret: String,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Bucket").field(&self.endpoint).field(&self.name).finish()
    }
}

/// The store of objects. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Objects(Arc<dyn ObjectStore>);

fn path(name: Uuid) -> Path {
    // No folder gets too full for the tools that people look at it with.
    let name = name.simple().to_string();
    let (folder, _) = name.split_at_checked(2).unwrap_or((&name, ""));
    Path::from_iter([folder, &name])
}

fn name(path: &Path) -> Option<Uuid> {
    Uuid::try_parse(path.filename()?).ok()
}

impl Objects {
    /// In a folder, which is made where it is missing, for nobody but its owner.
    ///
    /// # Errors
    /// A folder that can't be used.
    pub fn in_folder(folder: &Folder) -> std::io::Result<Self> {
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(std::io::Error::other)?;
        // What was acknowledged is there after a power cut.
        Ok(Self(Arc::new(store.with_fsync(true))))
    }

    /// In a bucket. Nothing is asked of the server yet.
    ///
    /// # Errors
    /// A URL that is none.
    pub fn in_bucket(bucket: &Bucket) -> Result<Self, StoreError> {
        let retry = RetryConfig {
            max_retries: 2,
            retry_timeout: TIMEOUT,
            ..RetryConfig::default()
        };
        let client = ClientOptions::new()
            .with_timeout(TIMEOUT)
            .with_connect_timeout(TIMEOUT / 4);
        let store = AmazonS3Builder::new()
            .with_client_options(client.with_allow_http(bucket.endpoint.starts_with("http://")))
            .with_retry(retry)
            .with_endpoint(&bucket.endpoint)
            .with_bucket_name(&bucket.name)
            .with_region(&bucket.region)
            .with_access_key_id(&bucket.key_id)
            .with_secret_access_key(&bucket.secret)
            .build()
            .map_err(StoreError::Objects)?;
        Ok(Self(Arc::new(store)))
    }

    /// In memory, until the process ends.
    #[must_use]
    pub fn in_memory() -> Self {
        Self(Arc::new(InMemory::new()))
    }

    /// Keeps an object.
    ///
    /// # Errors
    /// [`StoreError::Objects`].
    pub async fn put(&self, name: Uuid, content: Vec<u8>) -> Result<(), StoreError> {
        self.0
            .put(&path(name), content.into())
            .await
            .map_err(StoreError::Objects)?;
        Ok(())
    }

    /// An object; `None` if there is none of that name.
    ///
    /// # Errors
    /// [`StoreError::Objects`].
    pub async fn get(&self, name: Uuid) -> Result<Option<Vec<u8>>, StoreError> {
        let found = match self.0.get(&path(name)).await {
            Ok(found) => found,
            Err(Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(StoreError::Objects(error)),
        };
        let content = found.bytes().await.map_err(StoreError::Objects)?;
        Ok(Some(content.into()))
    }

    /// Deletes an object; one that is gone already is no failure.
    ///
    /// # Errors
    /// [`StoreError::Objects`].
    pub async fn delete(&self, name: Uuid) -> Result<(), StoreError> {
        match self.0.delete(&path(name)).await {
            Ok(()) | Err(Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(StoreError::Objects(error)),
        }
    }

    /// Everything that was kept before a moment.
    ///
    /// # Errors
    /// [`StoreError::Objects`].
    pub async fn kept_before(&self, before: Timestamp) -> Result<Vec<Uuid>, StoreError> {
        use futures_util::TryStreamExt as _;
        let listed = self
            .0
            .list(None)
            .try_collect::<Vec<_>>()
            .await
            .map_err(StoreError::Objects)?;
        Ok(listed
            .into_iter()
            .filter(|object| object.last_modified.timestamp_micros() < before.micros())
            .filter_map(|object| name(&object.location))
            .collect())
    }
}
