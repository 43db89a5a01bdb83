//! Where the signed-in member is signed in. What is told of a device is its kind; no address is kept of anybody.

use actix_web::{HttpResponse, get, post, web};
use chrono::{DateTime, Utc};
use liangnuo_domain::{
    SessionId,
    sessions::{Browser, System},
};
use liangnuo_persistence::accounts::SessionView;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::common::{instant, mirror};
use crate::{caller::Caller, problem::Problem, state::AppState};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_sessions)
        .service(end_session)
        .service(end_other_sessions);
}

mirror! {
    /// The program that a session was begun with. `chrome` stands for all that are made of it and call themselves so.
    SessionBrowser = Browser { Chrome, Edge, Firefox, Safari, Wechat, Wecom, Dingtalk, Other }
}

mirror! {
    /// The system that the program runs on.
    SessionSystem = System { Windows, Macos, Linux, Android, Harmony, Ios, Other }
}

/// A session that goes on.
#[derive(Debug, Serialize, ToSchema)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// The one that asks.
    pub is_current: bool,
    /// With what it was begun, as far as that tells.
    pub browser: SessionBrowser,
    /// On what.
    pub system: SessionSystem,
    /// When it was begun.
    pub created_at: DateTime<Utc>,
    /// When it was last gone on with; a client at work does so about every ten minutes.
    pub last_used_at: DateTime<Utc>,
}

impl From<SessionView> for Session {
    fn from(session: SessionView) -> Self {
        Self {
            id: session.id.0,
            is_current: session.is_current,
            browser: session.device.browser.into(),
            system: session.device.system.into(),
            created_at: instant(session.created_at),
            last_used_at: instant(session.last_used_at),
        }
    }
}

/// The member's sessions.
#[derive(Debug, Serialize, ToSchema)]
pub struct SessionList {
    /// The one that asks, then those that were used last; a hundred at most.
    pub items: Vec<Session>,
}

/// List the member's sessions
///
/// Those that go on, with the kind of device that each was begun on. Permissions: any member, their own.
#[utoipa::path(
    tag = "sessions",
    responses((status = 200, description = "The sessions", body = SessionList)),
    security(("bearer" = []))
)]
#[get("/me/sessions")]
pub async fn list_sessions(caller: Caller, state: web::Data<AppState>) -> Result<web::Json<SessionList>, Problem> {
    let sessions = state.store.sessions(&caller, state.clock.now()).await?;
    Ok(web::Json(SessionList {
        items: sessions.into_iter().map(Into::into).collect(),
    }))
}

/// End a session
///
/// It can't be gone on with, and its access token opens nothing within five seconds. Permissions: any member, their own.
#[utoipa::path(
    tag = "sessions",
    params(("session_id" = Uuid, Path, description = "The session")),
    responses((status = 204, description = "Ended")),
    security(("bearer" = []))
)]
#[post("/me/sessions/{session_id}/end")]
pub async fn end_session(
    caller: Caller,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let session = SessionId(*id);
    state
        .store
        .end_own_session(caller.owned(), session, state.clock.now())
        .await?;
    state.callers.forget(session).await;
    Ok(HttpResponse::NoContent().finish())
}

/// End all other sessions
///
/// All but the one that asks. Permissions: any member, their own.
#[utoipa::path(
    tag = "sessions",
    responses((status = 204, description = "Ended, if there were any")),
    security(("bearer" = []))
)]
#[post("/me/sessions/end-others")]
pub async fn end_other_sessions(caller: Caller, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    state
        .store
        .end_other_sessions(caller.owned(), state.clock.now())
        .await?;
    state.callers.forget_all();
    Ok(HttpResponse::NoContent().finish())
}
