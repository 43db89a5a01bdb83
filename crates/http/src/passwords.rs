//! Passwords: Argon2id in bounded slots, so that a storm of log-ins can't take the machine.

use std::{sync::Arc, time::Duration};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use liangnuo_domain::{
    AccountId, Invalid, Secret,
    passwords::{self as rules, Owner, PasswordProfile},
};
use liangnuo_persistence::accounts::ChosenPassword;
use tokio::sync::Semaphore;

use crate::{
    problem::{Problem, ProblemCode},
    state::AppState,
};

/// Hashes that may be computed at once.
const SLOTS: usize = 2;
/// Requests that may wait for a slot; beyond that the server says that it is busy.
const QUEUE: usize = 32;
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

    /// Whether a password fits one of several hashes, which cost a slot each.
    ///
    /// # Errors
    /// Busy when too many wait.
    pub async fn is_among(&self, password: &str, hashes: Vec<String>) -> Result<bool, Problem> {
        for hash in hashes {
            if self.verify(password.to_owned(), Some(hash)).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

impl Default for Passwords {
    fn default() -> Self {
        Self::new()
    }
}

/// A new password that may be one.
#[derive(Debug)]
pub struct NewPassword {
    pointer: &'static str,
    password: Secret,
    stands_alone: bool,
}

/// Checks a new password: by the profile's rules, and against what is guessed first.
///
/// # Errors
/// Too short, too long, too uniform, or made of what is guessed first.
pub fn check_new(
    profile: PasswordProfile,
    pointer: &'static str,
    password: String,
    owner: Owner<'_>,
) -> Result<NewPassword, Invalid> {
    profile.check(pointer, &password, owner)?;
    // It stands for the list that SP 800-63B wants, and knows turned letters and added years, too. To it eight characters of
    // no pattern at all are worth 10^8 guesses, so where eight are enough no more than 10^6 can be asked.
    let least = match profile {
        PasswordProfile::Mlps => zxcvbn::Score::Three,
        PasswordProfile::Nist => zxcvbn::Score::Two,
    };
    if zxcvbn::zxcvbn(&password, &[owner.login]).score() < least {
        return Err(rules::guessable(pointer));
    }
    let alone = Owner {
        has_second_factor: false,
        ..owner
    };
    Ok(NewPassword {
        pointer,
        stands_alone: profile.check(pointer, &password, alone).is_ok(),
        password: Secret::new(password),
    })
}

/// Hashes a new password. Of an account that is there, it is compared with its last ones.
///
/// # Errors
/// Used before; busy when too many wait.
pub async fn choose(state: &AppState, new: NewPassword, account: Option<AccountId>) -> Result<ChosenPassword, Problem> {
    let password = new.password.reveal();
    if let Some(account) = account {
        let mut earlier = state.store.password_hashes(account).await?;
        earlier.truncate(state.settings.password_profile.rules().differs_from.into());
        if state.passwords.is_among(password, earlier).await? {
            return Err(rules::used_before(new.pointer).into());
        }
    }
    Ok(ChosenPassword {
        stands_alone: new.stands_alone,
        hash: state.passwords.hash(password.to_owned()).await?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_first_is_refused() {
        let owner = Owner {
            login: "zhoumin",
            has_second_factor: true,
        };
        for (profile, bad) in [
            (PasswordProfile::Nist, "aaaaaaaaaaaaaaaa"),
            (PasswordProfile::Nist, "iloveyou123"),
            (PasswordProfile::Nist, "woaini1314520"),
            (PasswordProfile::Mlps, "Abcd-123456"),
            (PasswordProfile::Mlps, "P@ssw0rd2026"),
            (PasswordProfile::Mlps, "Qwer.1234567"),
        ] {
            assert!(check_new(profile, "/p", bad.to_owned(), owner).is_err(), "{bad}");
        }
        for good in [
            "桥头第2家铺子，后面那口老井",
            "Kuai-le7-xiao-niao",
            "k7%Tz!q02w",
            "渡口边第3棵槐树，春天开花",
        ] {
            let checked = check_new(PasswordProfile::Mlps, "/p", good.to_owned(), owner);
            assert!(checked.is_ok(), "{good}");
        }
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
