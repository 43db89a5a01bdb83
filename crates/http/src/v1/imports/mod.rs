//! Files taken in: looked at, tried, imported, and given back with what could not be taken.

mod dto;
pub(crate) mod files;
mod form;
mod lists;
mod take_in;

use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web};
use liangnuo_documents::{RowProblem, TableFormat, WriteError, error_workbook, template};
use liangnuo_domain::{ImportId, imports::ImportKind};
use liangnuo_persistence::imports::ImportError;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub use dto::{ImportInspection, ImportJob, ImportJobPage};
use form::{ImportForm, InspectForm};
use take_in::Sent;

use crate::{
    caller::Caller,
    extract::IdempotencyHeader,
    language::Language,
    paging,
    problem::{Problem, ProblemCode},
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(inspect_import)
        .service(import_complaints)
        .service(download_import_template)
        .service(list_imports)
        .service(get_import)
        .service(download_import_errors)
        .configure(lists::routes);
}

/// Rows of a job's answer that name an error.
const ERRORS_SHOWN: u64 = 200;
/// Rows in an error workbook.
const ERRORS_KEPT: u64 = 100_000;

/// Looks at a ledger
///
/// Headings with guesses of what they are, and samples; nothing is kept. Permissions: campaign_office.
#[utoipa::path(
    tag = "imports",
    request_body(content = InspectForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "What is in the file", body = ImportInspection)),
    security(("bearer" = []))
)]
#[post("/imports/complaints/inspect")]
pub async fn inspect_import(
    caller: Caller,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<web::Json<ImportInspection>, Problem> {
    take_in::inspect(&caller, ImportKind::Complaints, &request, payload).await
}

/// Import a ledger of complaints
///
/// Rows are unique by source and external_ref: importing again changes nothing, a changed row changes its case. Answers
/// at once with a job; see `get_import`. Permissions: campaign_office.
#[utoipa::path(
    tag = "imports",
    params(IdempotencyHeader),
    request_body(content = ImportForm, content_type = "multipart/form-data"),
    responses((status = 202, description = "Taken in; a worker goes through the rows", body = ImportJob)),
    security(("bearer" = []))
)]
#[post("/imports/complaints")]
pub async fn import_complaints(
    caller: Caller,
    key: IdempotencyHeader,
    request: HttpRequest,
    payload: web::Payload,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let sent = Sent {
        key,
        request,
        payload,
        state,
    };
    take_in::import(&caller, ImportKind::Complaints, "import_complaints", sent).await
}

/// Page of the list of imports.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListImportsQuery {
    /// What the rows are.
    #[param(inline)]
    pub kind: Option<dto::ImportKind>,
    /// Rows on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<i32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Whether `total` is wanted, exact up to 10,000.
    pub count: Option<bool>,
}

/// List imports
///
/// Newest first; those of the kinds that the caller may import. Permissions: campaign_office for ledgers, admin for lists of
/// units and members, each over the county.
#[utoipa::path(
    tag = "imports",
    params(ListImportsQuery),
    responses((status = 200, description = "A page of jobs", body = ImportJobPage)),
    security(("bearer" = []))
)]
#[get("/imports")]
pub async fn list_imports(
    caller: Caller,
    query: web::Query<ListImportsQuery>,
    state: web::Data<AppState>,
) -> Result<ImportJobPage, Problem> {
    let query = query.into_inner();
    let request = paging::request(query.limit, query.cursor, query.count)?;
    Ok(state
        .store
        .list_imports(&caller, query.kind.map(Into::into), &request)
        .await?
        .into())
}

/// Get an import
///
/// How far it is, what became of the rows, the first 200 rows that could not be taken and, of a list, the first 200 that change
/// something. Permissions: as the import itself.
#[utoipa::path(
    tag = "imports",
    params(("import_id" = Uuid, Path, description = "The job")),
    responses((status = 200, description = "The job", body = ImportJob)),
    security(("bearer" = []))
)]
#[get("/imports/{import_id}")]
pub async fn get_import(
    caller: Caller,
    id: web::Path<Uuid>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<web::Json<ImportJob>, Problem> {
    let job = state.store.import_job(&caller, ImportId(*id)).await?;
    let errors = state.store.import_errors(&caller, ImportId(*id), ERRORS_SHOWN).await?;
    let changes = state.store.import_changes(&caller, ImportId(*id)).await?;
    let language = Language::of(request.headers());
    Ok(web::Json(ImportJob::new(job, errors, changes, language)))
}

/// Download the rows that could not be read
///
/// A workbook with the rows as they were and a column that says why, to be corrected and imported again. Permissions: as the
/// import itself.
#[utoipa::path(
    tag = "imports",
    params(("import_id" = Uuid, Path, description = "The job")),
    responses((
        status = 200,
        description = "The workbook",
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>,
    )),
    security(("bearer" = []))
)]
#[get("/imports/{import_id}/errors.xlsx")]
pub async fn download_import_errors(
    caller: Caller,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let job = state.store.import_job(&caller, ImportId(*id)).await?;
    let errors = state.store.import_errors(&caller, ImportId(*id), ERRORS_KEPT).await?;
    if errors.is_empty() {
        return Err(Problem::new(ProblemCode::NotFound));
    }
    if !job.has_file {
        return Err(Problem::new(ProblemCode::NotFound));
    }
    let content = files::fetch(&state.store, caller.actor.region, ImportId(*id)).await?;
    let mut ledger = take_in::open(job.kind, content, job.file_name).await?;
    let problems: Vec<RowProblem> = errors.into_iter().map(row_problem).collect();
    as_file("errors.xlsx", TableFormat::Xlsx, move || {
        error_workbook(&mut ledger, &problems)
    })
    .await
}

/// Download an empty ledger
///
/// A workbook with the headings that the import knows by itself, and a sheet that explains them. Permissions:
/// campaign_office.
#[utoipa::path(
    tag = "imports",
    responses((
        status = 200,
        description = "The workbook",
        content_type = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        body = Vec<u8>,
    )),
    security(("bearer" = []))
)]
#[get("/imports/complaints/template.xlsx")]
pub async fn download_import_template(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.must_import(ImportKind::Complaints)?;
    as_file("ledger.xlsx", TableFormat::Xlsx, template).await
}

/// Writes a file off the workers' threads and gives it to the caller.
async fn as_file(
    file_name: &str,
    format: TableFormat,
    write: impl FnOnce() -> Result<Vec<u8>, WriteError> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let bytes = web::block(write)
        .await
        .map_err(|_cancelled| Problem::new(ProblemCode::Busy).after(1))?
        .map_err(|_failed| Problem::new(ProblemCode::Internal))?;
    Ok(HttpResponse::Ok()
        .content_type(format.media_type())
        .insert_header((
            header::CONTENT_DISPOSITION,
            format!("attachment; filename=\"{file_name}\""),
        ))
        .body(bytes))
}

fn row_problem(error: ImportError) -> RowProblem {
    RowProblem {
        row: u32::try_from(error.row).unwrap_or(u32::MAX),
        column: error.column,
        code: error.code.into(),
        detail_zh: error.detail_zh,
        detail_en: error.detail_en,
    }
}
