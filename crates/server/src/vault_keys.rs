//! The vault's keys outside the database: in a file that only its owner can read, or given as a value.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use liangnuo_http::clock::Clock;
use liangnuo_persistence::vault::{KeyFile, VaultKey};

use crate::{Failure, config::Config, secret, serve};

/// What stands above the keys, for whoever opens the file.
const HEAD: &str = "\
# Keys that seal contact data, a line each, the newest last. Without them these data can't be read by anybody.
# Keep a copy beside each backup of the database, in other hands. Change keys with `liangnuo admin rotate-keys` alone.
";

/// Keys in a file of mode 0600.
#[derive(Debug)]
pub struct KeysInFile {
    path: PathBuf,
}

impl KeysInFile {
    /// In this file, which need not be there yet.
    pub const fn new(path: PathBuf) -> Self {
        Self { path }
    }
}

fn text_of(keys: &[VaultKey]) -> String {
    let lines = keys.iter().map(|key| key.line() + "\n");
    std::iter::once(HEAD.to_owned()).chain(lines).collect()
}

impl KeyFile for KeysInFile {
    fn read(&self) -> io::Result<Vec<VaultKey>> {
        match fs::read_to_string(&self.path) {
            Ok(text) => VaultKey::parse_all(&text),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
            Err(error) => Err(error),
        }
    }

    fn begin(&self, key: &VaultKey) -> io::Result<()> {
        match secret::write_new(&self.path, text_of(std::slice::from_ref(key)).as_bytes()) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
            other => other,
        }
    }

    fn replace(&self, keys: &[VaultKey]) -> io::Result<()> {
        let beside = secret::write_beside(&self.path, text_of(keys).as_bytes())?;
        fs::rename(&beside, &self.path)?;
        // That the name stands for the new file is on the disk before the database relies on it.
        let directory = self.path.parent().filter(|parent| !parent.as_os_str().is_empty());
        fs::File::open(directory.unwrap_or(Path::new(".")))?.sync_all()
    }

    fn place(&self) -> String {
        self.path.display().to_string()
    }
}

/// Keys given as a value: whoever gives them changes them.
pub struct KeysGiven {
    text: String,
}

impl std::fmt::Debug for KeysGiven {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("KeysGiven")
    }
}

impl KeysGiven {
    /// These.
    pub const fn new(text: String) -> Self {
        Self { text }
    }
}

impl KeyFile for KeysGiven {
    fn read(&self) -> io::Result<Vec<VaultKey>> {
        VaultKey::parse_all(&self.text)
    }

    fn begin(&self, _key: &VaultKey) -> io::Result<()> {
        Err(io::Error::other("the value holds no key"))
    }

    fn replace(&self, _keys: &[VaultKey]) -> io::Result<()> {
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "keys that are given as a value are changed where the value comes from: for a new one add the line that `liangnuo admin \
             new-key` prints to its end, restart every server, and run rotate-keys then; take an old line away once retire-keys says \
             that it seals nothing",
        ))
    }

    fn place(&self) -> String {
        "the setting vault_keys".to_owned()
    }
}

/// Makes a new key and says so.
///
/// # Errors
/// When it can't be kept, or another one is missing.
#[expect(clippy::print_stdout, reason = "what the command is for")]
pub async fn rotate(config: &Config) -> Result<(), Failure> {
    let store = serve::open(config).await?;
    let id = store.rotate_vault_keys(Clock::system().now()).await?;
    store.close().await?;
    println!("新密钥 / new key: {id}");
    println!("请立即备份密钥文件；服务运行时会把联系方式逐步改用新密钥。");
    println!("Back the keys up now. Servers that run pass contact data on to it; retire-keys says when that is done.");
    Ok(())
}

/// Gives up the keys that seal nothing any more, and says which remain.
///
/// # Errors
/// When the database does not answer, or the keys can't be written.
#[expect(clippy::print_stdout, reason = "what the command is for")]
pub async fn retire(config: &Config) -> Result<(), Failure> {
    let store = serve::open(config).await?;
    let retired = store.retire_vault_keys(Clock::system().now()).await?;
    store.close().await?;
    for id in &retired.gone {
        println!("已停用 / retired: {id}");
    }
    for (id, rows) in &retired.in_use {
        println!("仍在使用，{rows} 条待改 / still in use, {rows} rows to go: {id}");
    }
    if retired.gone.is_empty() && retired.in_use.is_empty() {
        println!("没有旧密钥 / there are no older keys");
    }
    Ok(())
}

/// Prints a key for who keeps keys elsewhere.
#[expect(clippy::print_stdout, reason = "what the command is for")]
pub fn print_new() {
    println!("{}", VaultKey::random(&liangnuo_persistence::ids::Ids::system()).line());
}

#[cfg(test)]
mod tests {
    use liangnuo_persistence::ids::Ids;

    use super::*;

    fn key(nth: u64) -> VaultKey {
        VaultKey::random(&Ids::seeded(nth))
    }

    fn ids(file: &KeysInFile) -> Vec<uuid::Uuid> {
        file.read().unwrap().iter().map(VaultKey::id).collect()
    }

    #[test]
    fn the_first_key_stays_and_the_file_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let file = KeysInFile::new(dir.path().join("vault.keys"));
        assert!(ids(&file).is_empty());
        file.begin(&key(1)).unwrap();
        file.begin(&key(2)).unwrap();
        assert_eq!(ids(&file), [key(1).id()]);
        file.replace(&[key(1), key(3)]).unwrap();
        assert_eq!(ids(&file), [key(1).id(), key(3).id()]);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(dir.path().join("vault.keys"))
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
    fn a_broken_file_is_refused_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("vault.keys");
        fs::write(&path, "half a li").unwrap();
        let file = KeysInFile::new(path.clone());
        assert!(file.read().is_err());
        file.begin(&key(1)).unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "half a li");
    }

    #[test]
    fn keys_that_are_given_are_read_and_never_written() {
        let given = KeysGiven::new(format!("{}\n{}", key(1).line(), key(2).line()));
        assert_eq!(given.read().unwrap().len(), 2);
        assert!(given.begin(&key(3)).is_err());
        assert!(given.replace(&[key(3)]).unwrap_err().to_string().contains("new-key"));
        assert_eq!(format!("{given:?}"), "KeysGiven");
    }
}
