//! What anybody may know of the sealed log: how it stood at the last checkpoint, and that something they know of is in it.

use actix_web::{HttpRequest, HttpResponse, get, web};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use liangnuo_domain::log::parse_hash;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use crate::{
    limits::CountedProof,
    problem::{Problem, ProblemCode},
    public_cache::PublicPage,
    state::AppState,
    v1::log::LogCheckpoint,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_log_checkpoint).service(get_log_proof);
}

/// Get the last checkpoint of the sealed log
///
/// Made once a day. Who keeps one can show later that nothing in it was changed or cut off. Permissions: none.
#[utoipa::path(
    tag = "public",
    responses(
        (status = 200, description = "The checkpoint", body = LogCheckpoint, headers(("ETag" = String, description = "Of what is said"))),
        (status = 304, description = "As the reader has it"),
    ),
)]
#[get("/public/log/checkpoint")]
pub async fn get_log_checkpoint(request: HttpRequest, state: web::Data<AppState>) -> Result<HttpResponse, Problem> {
    let page = Box::pin(async {
        let signed = state.store.log_checkpoint().await?;
        let signed = signed.ok_or_else(|| Problem::new(ProblemCode::NotFound))?;
        Ok(PublicPage::from(LogCheckpoint::new(signed, state.store.log_key())))
    });
    state.public_cache.answer(&request, page).await
}

/// Which entry is to be proved.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LogProofQuery {
    /// The hash of the entry (RFC 9162, 2.1.1): 64 hexadecimal digits.
    #[param(
        min_length = 64,
        max_length = 64,
        pattern = "^[0-9A-Fa-f]{64}$",
        example = "5feceb66ffc86f38d952786c6d696c79c2dbc239dd4e91b46729d73a27fb57e9"
    )]
    pub leaf_hash: String,
}

/// That an entry is in the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogInclusionProof {
    /// The place of the entry.
    #[schema(minimum = 0)]
    pub leaf_index: i64,
    /// The hashes beside its way to the root, from the leaf upwards (RFC 9162, 2.1.3), in base64.
    pub inclusion_path: Vec<String>,
    /// The checkpoint that it leads to.
    pub checkpoint: LogCheckpoint,
}

/// Prove that an entry is in the sealed log
///
/// By its hash, which whoever runs the server can tell of an event. Entries younger than the last checkpoint are not known
/// here yet. Permissions: none.
#[utoipa::path(
    tag = "public",
    params(LogProofQuery),
    responses((status = 200, description = "The proof", body = LogInclusionProof)),
)]
#[get("/public/log/proof")]
pub async fn get_log_proof(
    _counted: CountedProof,
    query: web::Query<LogProofQuery>,
    state: web::Data<AppState>,
) -> Result<web::Json<LogInclusionProof>, Problem> {
    let leaf = parse_hash(&query.leaf_hash).ok_or_else(|| Problem::new(ProblemCode::MalformedQuery))?;
    let proof = state.store.prove_inclusion(&leaf).await?;
    Ok(web::Json(LogInclusionProof {
        leaf_index: i64::try_from(proof.index).unwrap_or(i64::MAX),
        inclusion_path: proof.path.iter().map(|hash| BASE64_STANDARD.encode(hash)).collect(),
        checkpoint: LogCheckpoint::new(proof.signed, state.store.log_key()),
    }))
}
