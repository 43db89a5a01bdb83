//! The master secret: made once, kept in a file that only its owner can read.

use std::{
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// Reads the secret, or makes it. Two processes that start together end up with the same one.
///
/// # Errors
/// A file that can't be read or written, or does not hold 32 bytes.
pub fn load_or_make(data_dir: &Path) -> io::Result<[u8; 32]> {
    let path = data_dir.join("secret.key");
    match read(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let secret: [u8; 32] = rand::random();
            match write_new(&path, &secret) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => read(&path),
                Err(error) => Err(error),
                Ok(()) => Ok(secret),
            }
        }
        other => other,
    }
}

fn read(path: &Path) -> io::Result<[u8; 32]> {
    let bytes = fs::read(path)?;
    bytes
        .try_into()
        .map_err(|_wrong| io::Error::new(io::ErrorKind::InvalidData, "secret.key does not hold 32 bytes"))
}

/// Written beside and linked into place, so that nobody ever reads half of it; what is there stays.
pub(crate) fn write_new(path: &Path, content: &[u8]) -> io::Result<()> {
    let beside = write_beside(path, content)?;
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    linked
}

/// Writes a private file beside another one, to be put in its place, and says which.
pub(crate) fn write_beside(path: &Path, content: &[u8]) -> io::Result<PathBuf> {
    // Not by the id of the process, which is the same after each start of a container that was killed half-way.
    let beside = path.with_extension(format!("new-{:016x}", rand::random::<u64>()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&beside)?;
    file.write_all(content)?;
    file.sync_all()?;
    Ok(beside)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_secret_is_made_once_and_private() {
        let dir = tempfile::tempdir().unwrap();
        let first = load_or_make(dir.path()).unwrap();
        assert_eq!(load_or_make(dir.path()).unwrap(), first);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(dir.path().join("secret.key"))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(
            fs::read_dir(dir.path()).unwrap().count(),
            1,
            "nothing is left beside it"
        );
    }

    #[test]
    fn a_broken_secret_is_refused_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("secret.key"), b"short").unwrap();
        assert!(load_or_make(dir.path()).is_err());
        assert_eq!(fs::read(dir.path().join("secret.key")).unwrap(), b"short");
    }
}
