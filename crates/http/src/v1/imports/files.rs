//! A ledger's file on its way between the request, the database and the worker: in pieces, and never whole in memory.

use std::{
    fs::File,
    io::{self, Read as _, Seek as _, Write as _},
};

use liangnuo_domain::{ImportId, RegionId, Timestamp};
use liangnuo_persistence::{Store, StoreError, callers::Caller, imports::PIECE_BYTES};

/// Keeps a file under the id of the run that it is for.
///
/// # Errors
/// When the database does not answer, or the file can't be read.
pub async fn keep(
    store: &Store,
    caller: &Caller,
    id: ImportId,
    mut file: File,
    now: Timestamp,
) -> Result<(), StoreError> {
    file.rewind().map_err(unreadable)?;
    for position in 0.. {
        let (read, rest) = blocking(move || {
            let mut piece = Vec::new();
            (&file)
                .take(u64::try_from(PIECE_BYTES).unwrap_or(u64::MAX))
                .read_to_end(&mut piece)?;
            Ok((piece, file))
        })
        .await?;
        file = rest;
        if read.is_empty() {
            break;
        }
        store.keep_import_piece(caller, id, position, read, now).await?;
    }
    Ok(())
}

/// A run's file, on disk and without a name there.
///
/// # Errors
/// [`StoreError::Bug`] for a run that has none; when the database does not answer, or the file can't be written.
pub async fn fetch(store: &Store, region: RegionId, id: ImportId) -> Result<File, StoreError> {
    let mut file = tempfile::tempfile().map_err(unreadable)?;
    let mut position = 0;
    while let Some(piece) = store.import_piece(region, id, position).await? {
        file = blocking(move || file.write_all(&piece).map(|()| file)).await?;
        position += 1;
    }
    if position == 0 {
        return Err(StoreError::Bug("a run has no file"));
    }
    file.rewind().map_err(unreadable)?;
    Ok(file)
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> Result<T, StoreError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.map_err(|_ending| StoreError::Bug("a file's thread has ended"))?
        .map_err(unreadable)
}

fn unreadable(error: io::Error) -> StoreError {
    tracing::error!(error = %error, "imports.file");
    StoreError::Bug("a temporary file can't be used")
}
