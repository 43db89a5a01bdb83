//! The master secret: made once, kept in a file that only its owner can read.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
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

/// Written beside and linked into place, so that nobody ever reads half of it.
fn write_new(path: &Path, secret: &[u8; 32]) -> io::Result<()> {
    let beside = path.with_extension(format!("new-{}", std::process::id()));
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let mut file = options.open(&beside)?;
    file.write_all(secret)?;
    file.sync_all()?;
    let linked = fs::hard_link(&beside, path);
    fs::remove_file(&beside)?;
    linked
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
