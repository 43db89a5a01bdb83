//! Whether the process lives, and whether it can work.

use actix_web::{HttpResponse, get, web};
use serde::Serialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;

use crate::state::AppState;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_liveness).service(get_readiness);
}

/// How the process is.
#[derive(Debug, Serialize, ToSchema)]
pub struct HealthStatus {
    /// `ok`, or what is amiss.
    #[schema(example = "ok")]
    pub status: String,
}

/// Tell whether the process lives
///
/// Asks nothing of the database. Permissions: none.
#[utoipa::path(tag = "health", responses((status = 200, description = "It lives", body = HealthStatus)))]
#[get("/healthz")]
pub async fn get_liveness() -> web::Json<HealthStatus> {
    web::Json(HealthStatus {
        status: "ok".to_owned(),
    })
}

/// Tell whether the process can work
///
/// The database answers and its schema is current. Permissions: none.
#[utoipa::path(
    tag = "health",
    responses(
        (status = 200, description = "It can", body = HealthStatus),
        (status = 503, description = "The database is away or not migrated", body = HealthStatus),
    )
)]
#[get("/readyz")]
pub async fn get_readiness(state: web::Data<AppState>) -> HttpResponse {
    let (mut response, status) = match state.store.is_ready().await {
        Ok(true) => (HttpResponse::Ok(), "ok"),
        Ok(false) => (HttpResponse::ServiceUnavailable(), "migrations_pending"),
        Err(_) => (HttpResponse::ServiceUnavailable(), "database_unavailable"),
    };
    response.json(HealthStatus {
        status: status.to_owned(),
    })
}
