//! Who calls: a member with a bearer token. Roles are read per request from a cache of a few seconds, so that a change
//! bites within five.
//!
//! Which of the types here a handler takes says what its caller must have shown: [`Caller`] in general, [`Confirmed`] for
//! what needs somebody who has just shown again who they are, [`SignedIn`] for the few things that somebody may do who
//! must set a second factor up, or choose another password, first.

use std::{future::Future, ops::Deref, pin::Pin, time::Duration};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::AUTHORIZATION, web::Data};
use liangnuo_domain::{SessionId, Timestamp, second_factor as rules};
use liangnuo_persistence::{StoreError, callers};
use moka::future::Cache;

use crate::{
    problem::{Problem, ProblemCode},
    state::AppState,
};

/// The callers of the last seconds, by session.
#[derive(Clone, Debug)]
pub struct CallerCache(Cache<SessionId, callers::Caller>);

impl CallerCache {
    /// A cache whose entries live so long. Shorter than five seconds, since that is what is promised.
    #[must_use]
    pub fn new(lifetime: Duration) -> Self {
        Self(Cache::builder().max_capacity(20_000).time_to_live(lifetime).build())
    }

    /// Forgets a session at once: it was ended here, or has shown who it is.
    pub async fn forget(&self, session: SessionId) {
        self.0.invalidate(&session).await;
    }

    /// Forgets everybody: many rights may have changed at once.
    pub fn forget_all(&self) {
        self.0.invalidate_all();
    }
}

/// Somebody who is signed in, and may have to set a second factor up or choose another password before anything else.
#[derive(Clone, Debug)]
pub struct SignedIn(callers::Caller);

/// A signed-in member.
#[derive(Clone, Debug)]
pub struct Caller(callers::Caller);

/// A caller who has just shown who they are, by log-in or since. What gives others rights, gives out lists, or changes how
/// an account is protected, takes this one: a session that was left open is not enough for it.
#[derive(Clone, Debug)]
pub struct Confirmed<T = Caller>(T);

impl Deref for SignedIn {
    type Target = callers::Caller;

    fn deref(&self) -> &callers::Caller {
        &self.0
    }
}

impl Deref for Caller {
    type Target = callers::Caller;

    fn deref(&self) -> &callers::Caller {
        &self.0
    }
}

impl<T> Deref for Confirmed<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

impl SignedIn {
    /// For a command, which outlives the request.
    #[must_use]
    pub fn owned(&self) -> callers::Caller {
        self.0.clone()
    }
}

impl<T> Confirmed<T> {
    /// The caller, past the question.
    #[must_use]
    pub fn into_inner(self) -> T {
        self.0
    }
}

impl Caller {
    /// For a command, which outlives the request.
    #[must_use]
    pub fn owned(&self) -> callers::Caller {
        self.0.clone()
    }

    /// Whose idempotency keys these are.
    #[must_use]
    pub fn key_owner(&self) -> String {
        self.actor.member.to_string()
    }
}

/// Whether somebody must have a second factor, by their roles and how the server is set up.
pub(crate) fn must_have_second_factor(caller: &callers::Caller, state: &AppState) -> bool {
    let roles = caller.actor.grants.iter().map(|grant| grant.role);
    !caller.standing.is_exempt && state.settings.second_factor.demands(roles)
}

/// Whether somebody must choose another password first: it is too old, was set by somebody else, or is too short for who has
/// no second factor any more.
fn must_change_password(caller: &callers::Caller, state: &AppState, now: Timestamp) -> bool {
    let (standing, profile) = (caller.standing, state.settings.password_profile);
    let is_too_short =
        profile.leans_on_second_factor() && !standing.has_second_factor && !standing.password_stands_alone;
    !standing.is_exempt
        && (standing.must_change_password || is_too_short || profile.is_due(standing.password_changed_at, now))
}

/// What a handler's type asks of a caller.
trait Asked: Sized {
    fn of(caller: callers::Caller, state: &AppState, now: Timestamp) -> Result<Self, Problem>;
}

impl Asked for SignedIn {
    fn of(caller: callers::Caller, _: &AppState, _: Timestamp) -> Result<Self, Problem> {
        Ok(Self(caller))
    }
}

impl Asked for Caller {
    fn of(caller: callers::Caller, state: &AppState, now: Timestamp) -> Result<Self, Problem> {
        if must_have_second_factor(&caller, state) && !caller.standing.has_second_factor {
            return Err(Problem::new(ProblemCode::SecondFactorMissing));
        }
        if must_change_password(&caller, state, now) {
            return Err(Problem::new(ProblemCode::PasswordChangeNeeded));
        }
        Ok(Self(caller))
    }
}

impl<T: Asked> Asked for Confirmed<T> {
    fn of(caller: callers::Caller, state: &AppState, now: Timestamp) -> Result<Self, Problem> {
        let is_confirmed = rules::is_confirmed(caller.standing.confirmed_at, now);
        let inner = T::of(caller, state, now)?;
        if is_confirmed {
            Ok(Self(inner))
        } else {
            Err(Problem::new(ProblemCode::ConfirmationNeeded))
        }
    }
}

/// Reads who calls. What is remembered may be a few seconds old: whoever is refused by it is looked up once more, so that
/// nobody is who has just confirmed, or set a second factor up, at another process.
async fn read<T: Asked>(state: &AppState, session: SessionId) -> Result<T, Problem> {
    let now = state.clock.now();
    if let Some(known) = state.callers.0.get(&session).await
        && let Ok(caller) = T::of(known, state, now)
    {
        return Ok(caller);
    }
    let caller = state.store.caller_of(session, now).await.map_err(|error| match error {
        StoreError::NotFound => Problem::new(ProblemCode::SessionEnded),
        other => other.into(),
    })?;
    state.callers.0.insert(session, caller.clone()).await;
    T::of(caller, state, now)
}

fn extract<T: Asked + 'static>(request: &HttpRequest) -> Pin<Box<dyn Future<Output = Result<T, Problem>>>> {
    let state = request.app_data::<Data<AppState>>().cloned();
    let token = request
        .headers()
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.strip_prefix("Bearer "))
        .map(str::to_owned);
    Box::pin(async move {
        let state = state.ok_or_else(|| Problem::new(ProblemCode::Internal))?;
        let token = token.ok_or_else(|| Problem::new(ProblemCode::Unauthenticated))?;
        let session = state
            .keys
            .session_of(&token, state.clock.now())
            .ok_or_else(|| Problem::new(ProblemCode::SessionEnded))?;
        read(&state, session).await
    })
}

macro_rules! extracted {
    ($($name:ty),+) => {$(
        impl FromRequest for $name {
            type Error = Problem;
            type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

            fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
                extract(request)
            }
        }
    )+};
}

extracted!(SignedIn, Caller, Confirmed<Caller>, Confirmed<SignedIn>);
