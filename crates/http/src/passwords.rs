//! Passwords: Argon2id in bounded slots, so that a storm of log-ins can't take the machine.

use std::{sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use liangnuo_domain::Invalid;
use tokio::sync::Semaphore;

use crate::problem::{Problem, ProblemCode};

/// Hashes that may be computed at once.
const SLOTS: usize = 2;
/// Requests that may wait for a slot; beyond that the server says that it is busy.
const QUEUE: usize = 32;
/// Characters of a password.
const LENGTH: std::ops::RangeInclusive<usize> = 12..=200;

/// Words that a password may not be made of, beside the login itself: they are guessed first.
const BLOCKED: [&str; 8] = [
    "liangnuo",
    "亮诺",
    "password",
    "12345678",
    "qwerty",
    "abcdefgh",
    "教育局",
    "创先争优",
];

/// Checks and makes password hashes.
#[derive(Clone, Debug)]
pub struct Passwords {
    slots: Arc<Semaphore>,
    queue: Arc<Semaphore>,
    params: Params,
    /// A hash of nothing known, checked for unknown logins so that they take as long as known ones.
    dummy: Arc<String>,
}

impl Passwords {
    /// With the product's cost: 46 MiB, one pass.
    #[must_use]
    pub fn new() -> Self {
        Self::with(Params::new(47_104, 1, 1, None).unwrap_or_default())
    }

    /// With the least cost that the library takes, for tests.
    #[must_use]
    pub fn cheap() -> Self {
        Self::with(Params::new(8, 1, 1, None).unwrap_or_default())
    }

    fn with(params: Params) -> Self {
        let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params.clone());
        let dummy = argon2
            .hash_password(b"nobody")
            .map(|hash| hash.to_string())
            .unwrap_or_default();
        Self {
            slots: Arc::new(Semaphore::new(SLOTS)),
            queue: Arc::new(Semaphore::new(SLOTS + QUEUE)),
            params,
            dummy: Arc::new(dummy),
        }
    }

    /// Runs `work` in a slot. A client that goes away drops this future but not the thread that computes, so slot and
    /// place in the queue go with the work and are free only when it is done.
    async fn in_slot<T: Send + 'static>(&self, work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
        let busy = || Problem::new(ProblemCode::Busy).after(2);
        let place = Arc::clone(&self.queue).try_acquire_owned().map_err(|_full| busy())?;
        let slot = tokio::time::timeout(Duration::from_secs(10), Arc::clone(&self.slots).acquire_owned())
            .await
            .map_err(|_elapsed| busy())?
            .map_err(|_closed| busy())?;
        tokio::task::spawn_blocking(move || {
            let _held = (place, slot);
            work()
        })
        .await
        .map_err(|_panic| Problem::new(ProblemCode::Internal))
    }

    /// Hashes a password.
    ///
    /// # Errors
    /// Busy when too many wait.
    pub async fn hash(&self, password: String) -> Result<String, Problem> {
        let params = self.params.clone();
        self.in_slot(move || {
            Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
                .hash_password(password.as_bytes())
                .map(|hash| hash.to_string())
        })
        .await?
        .map_err(|_failed| Problem::new(ProblemCode::Internal))
    }

    /// Whether a password fits a hash. Without a hash it takes as long, and is `false`.
    ///
    /// # Errors
    /// Busy when too many wait.
    pub async fn verify(&self, password: String, hash: Option<String>) -> Result<bool, Problem> {
        let is_known = hash.is_some();
        let hash = hash.unwrap_or_else(|| self.dummy.as_ref().clone());
        let fits = self
            .in_slot(move || {
                PasswordHash::new(&hash)
                    .is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok())
            })
            .await?;
        Ok(fits && is_known)
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

/// Checks a new password.
///
/// # Errors
/// Too short, too long, or made of what is guessed first.
pub fn check_new(pointer: &str, password: &str, login: &str) -> Result<(), Invalid> {
    let length = password.chars().count();
    if !LENGTH.contains(&length) {
        return Err(Invalid::one(
            pointer,
            if length < *LENGTH.start() {
                "too_short"
            } else {
                "too_long"
            },
            "密码要有 12 到 200 个字符，可以是一句话。",
            "A password has 12 to 200 characters; a sentence is fine.",
        ));
    }
    let folded = liangnuo_domain::text::fold(password);
    let is_guessable = BLOCKED.iter().any(|word| folded.contains(word))
        || (login.chars().count() >= 4 && folded.contains(&liangnuo_domain::text::fold(login)))
        || folded.chars().collect::<std::collections::BTreeSet<_>>().len() < 5;
    if is_guessable {
        return Err(Invalid::one(
            pointer,
            "guessable",
            "这个密码容易被猜到，请不要用账号、单位、平台名称或重复的字符。",
            "This password is easy to guess. Avoid the login, names of units or of this platform, and repeated characters.",
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessable_passwords_are_refused() {
        for bad in [
            "short",
            "aaaaaaaaaaaaaaaa",
            "password-1234",
            "liangnuo-2026-x",
            "zhoumin-2026-abc",
        ] {
            assert!(check_new("/p", bad, "zhoumin").is_err(), "{bad}");
        }
        assert!(check_new("/p", "柳湾桥头的第三棵老槐树下面", "zhoumin").is_ok());
    }

    #[actix_web::test]
    async fn an_unknown_login_is_never_right() {
        let passwords = Passwords::cheap();
        let hash = passwords.hash("correct horse battery".into()).await.unwrap();
        assert!(
            passwords
                .verify("correct horse battery".into(), Some(hash.clone()))
                .await
                .unwrap()
        );
        assert!(!passwords.verify("nobody".into(), None).await.unwrap());
        assert!(
            !passwords
                .verify("wrong horse battery".into(), Some(hash))
                .await
                .unwrap()
        );
    }

    #[actix_web::test]
    async fn a_client_that_goes_away_frees_no_slot_before_the_hash_is_done() {
        let passwords = Passwords::cheap();
        let (go, wait) = std::sync::mpsc::channel::<()>();
        let mut work = Box::pin(passwords.in_slot(move || wait.recv()));
        assert!(futures_util::poll!(work.as_mut()).is_pending());
        drop(work);
        assert_eq!(passwords.slots.available_permits(), SLOTS - 1);
        assert_eq!(passwords.queue.available_permits(), SLOTS + QUEUE - 1);
        go.send(()).unwrap();
        let all = tokio::time::timeout(
            Duration::from_secs(10),
            passwords.slots.acquire_many(u32::try_from(SLOTS).unwrap()),
        );
        assert!(all.await.is_ok());
    }
}
