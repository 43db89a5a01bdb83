//! How the program runs for a county: what an administrator would otherwise have to ask the operator.

use actix_web::{get, web};
use liangnuo_domain::passwords::PasswordProfile as Profile;
use liangnuo_persistence::db::Database as Kind;
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use super::common::mirror;
use crate::{caller::Caller, problem::Problem, scanner::ScannerState, state::AppState};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_system_state);
}

mirror! {
    /// Where everything is kept.
    SystemDatabase = Kind { Sqlite, Postgres }
}

mirror! {
    /// Which rules passwords follow: kinds of characters and an end (`mlps`), or length alone (`nist`).
    SystemPasswordProfile = Profile { Mlps, Nist }
}

mirror! {
    /// Whether something looks for viruses in attached files: nothing does, it answers, or it should and does not. Files then wait.
    SystemScanner = ScannerState { Off, Ready, Silent }
}

/// How the program runs.
#[derive(Debug, Serialize, ToSchema)]
pub struct SystemState {
    /// Its version.
    #[schema(example = "0.1.0")]
    pub version: String,
    /// Where everything is kept.
    pub database: SystemDatabase,
    /// What looks for viruses.
    pub scanner: SystemScanner,
    /// Files of the county that wait for it.
    pub files_waiting: i64,
    /// Which rules passwords follow.
    pub password_profile: SystemPasswordProfile,
    /// Whether staff may sign in by an identity provider, too.
    pub has_provider: bool,
}

/// Get how the program runs
///
/// Nothing of it can be changed here: the operator's configuration says it. Permissions: admin of the whole county.
#[utoipa::path(
    tag = "system",
    responses((status = 200, description = "How it runs", body = SystemState)),
    security(("bearer" = []))
)]
#[get("/system")]
pub async fn get_system_state(caller: Caller, state: web::Data<AppState>) -> Result<web::Json<SystemState>, Problem> {
    let files_waiting = state.store.files_waiting(&caller).await?;
    let scanner = match &state.settings.scanner {
        Some(scanner) => scanner.state().await,
        None => ScannerState::Off,
    };
    Ok(web::Json(SystemState {
        version: env!("CARGO_PKG_VERSION").to_owned(),
        database: state.store.database().into(),
        scanner: scanner.into(),
        files_waiting,
        password_profile: state.settings.password_profile.into(),
        has_provider: state.provider.is_some(),
    }))
}
