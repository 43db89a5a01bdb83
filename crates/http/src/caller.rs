//! Who calls: a member with a bearer token. Roles are read per request from a cache of a few seconds, so that a change
//! bites within five.

use std::{future::Future, ops::Deref, pin::Pin, time::Duration};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::AUTHORIZATION, web::Data};
use liangnuo_domain::SessionId;
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

    /// Forgets a session at once: it was ended here.
    pub async fn forget(&self, session: SessionId) {
        self.0.invalidate(&session).await;
    }

    /// Forgets everybody: many rights may have changed at once.
    pub fn forget_all(&self) {
        self.0.invalidate_all();
    }
}

/// A signed-in member.
#[derive(Clone, Debug)]
pub struct Caller(callers::Caller);

impl Deref for Caller {
    type Target = callers::Caller;

    fn deref(&self) -> &callers::Caller {
        &self.0
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

impl FromRequest for Caller {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
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
            let now = state.clock.now();
            let session = state
                .keys
                .session_of(&token, now)
                .ok_or_else(|| Problem::new(ProblemCode::SessionEnded))?;
            if let Some(known) = state.callers.0.get(&session).await {
                return Ok(Self(known));
            }
            let caller = state.store.caller_of(session, now).await.map_err(|error| match error {
                StoreError::NotFound => Problem::new(ProblemCode::SessionEnded),
                other => other.into(),
            })?;
            state.callers.0.insert(session, caller.clone()).await;
            Ok(Self(caller))
        })
    }
}
