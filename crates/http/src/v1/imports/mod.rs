//! Ledgers taken in: looked at, tried, imported, and given back with what could not be read.

mod dto;
pub(crate) mod files;
mod form;

use std::fs::File;

use actix_web::{HttpRequest, HttpResponse, get, http::header, post, web};
use liangnuo_documents::{
    Field, LedgerFile, Mapping, MappingProblem, RowProblem, Sheet, WriteError, error_workbook, template,
};
use liangnuo_domain::ImportId;
use liangnuo_persistence::imports::{ImportError, NewImport};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

pub use dto::{ImportInspection, ImportJob, ImportJobPage};
use form::{ImportForm, InspectForm, ReadForm};

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
        .service(download_import_errors);
}

/// Rows of a job's answer that name an error.
const ERRORS_SHOWN: u64 = 200;
/// Rows in an error workbook.
const ERRORS_KEPT: u64 = 100_000;

/// Goes through a ledger off the workers' threads: a large one takes a while.
async fn open_ledger(content: File, name: String) -> Result<LedgerFile<File>, Problem> {
    let read = web::block(move || LedgerFile::open(content, &name));
    read.await
        .map_err(|_cancelled| Problem::new(ProblemCode::Busy).after(1))?
        .map_err(|error| Problem::field("/file", error.code(), error.detail_zh(), error.detail_en()))
}

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
    caller.must_import()?;
    let mut form = ReadForm::read(&request, payload, &["file"]).await?;
    let file = form.file()?;
    let ledger = open_ledger(file.content, file.name.clone()).await?;
    Ok(web::Json(ImportInspection::of(&ledger, file.name)))
}

/// The problem of a mapping that can't be taken, each at its heading.
fn mapping_problem(problems: Vec<MappingProblem>) -> Problem {
    let mut found = liangnuo_domain::Invalid::default();
    for problem in problems {
        // RFC 6901: "~" and "/" are written as "~0" and "~1".
        let at = problem
            .heading()
            .unwrap_or_default()
            .replace('~', "~0")
            .replace('/', "~1");
        let pointer = if at.is_empty() {
            "/mapping".to_owned()
        } else {
            format!("/mapping/{at}")
        };
        found.take::<()>(Err(liangnuo_domain::Invalid::one(
            pointer,
            problem.code(),
            problem.detail_zh(),
            problem.to_string(),
        )));
    }
    found.into()
}

/// The mapping of a form, or the guessed one.
fn mapping(sheet: &Sheet, json: Option<&str>) -> Result<Mapping, Problem> {
    let Some(json) = json.map(str::trim).filter(|json| !json.is_empty()) else {
        return Mapping::guess(sheet).map_err(mapping_problem);
    };
    let pairs: std::collections::BTreeMap<String, String> = serde_json::from_str(json).map_err(|_malformed| {
        Problem::field(
            "/mapping",
            "malformed",
            "mapping 应是从表头到字段的 JSON 对象。",
            "The mapping is a JSON object from heading to field.",
        )
    })?;
    Mapping::resolve(
        sheet,
        pairs.iter().map(|(heading, field)| (heading.as_str(), field.as_str())),
    )
    .map_err(mapping_problem)
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
    caller.must_import()?;
    let mut form = ReadForm::read(&request, payload, &["file", "dry_run", "is_order", "mapping", "source"]).await?;
    let digest = form.digest();
    let is_dry_run = form.switch("dry_run")?;
    let is_order = form.switch("is_order")?;
    let source = form.source()?;
    let file = form.file()?;
    // The same file by another handle: a ledger that can't be read is not kept.
    let content = file
        .content
        .try_clone()
        .map_err(|_handles| Problem::new(ProblemCode::Busy).after(1))?;
    let ledger = open_ledger(file.content, file.name.clone()).await?;
    let mapping = mapping(ledger.sheet(), form.text("mapping").as_deref())?;
    let pairs: std::collections::BTreeMap<String, &str> = mapping
        .pairs(ledger.sheet())
        .into_iter()
        .map(|(heading, field)| (heading, field.as_str()))
        .collect();
    let new = NewImport {
        file_name: file.name,
        source,
        is_dry_run,
        is_order,
        mapping: serde_json::to_string(&pairs).unwrap_or_default(),
        rows_total: i64::try_from(ledger.rows_total()).unwrap_or(i64::MAX),
    };
    let now = state.clock.now();
    let id = ImportId(state.store.ids().v7(now));
    files::keep(&state.store, &caller, id, content, now).await?;
    let key = key.of(caller.key_owner(), "import_complaints", &digest);
    let (job, is_replay) = state.store.create_import(caller.owned(), key, id, new, now).await?;
    state.worker_bell.notify_one();
    let mut response = HttpResponse::Accepted();
    response.insert_header((header::LOCATION, format!("/api/v1/imports/{}", job.id)));
    if is_replay {
        response.insert_header(("Idempotent-Replayed", "true"));
    }
    Ok(response.json(ImportJob::new(job, Vec::new(), Language::of(request.headers()))))
}

/// Page of the list of imports.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListImportsQuery {
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
/// Newest first. Permissions: campaign_office.
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
    Ok(state.store.list_imports(&caller, &request).await?.into())
}

/// Get an import
///
/// How far it is, what became of the rows, and the first 200 rows that could not be read. Permissions: campaign_office.
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
    Ok(web::Json(ImportJob::new(job, errors, Language::of(request.headers()))))
}

/// Download the rows that could not be read
///
/// A workbook with the rows as they were and a column that says why, to be corrected and imported again. Permissions:
/// campaign_office.
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
    let mut ledger = open_ledger(content, job.file_name).await?;
    let problems: Vec<RowProblem> = errors.into_iter().map(row_problem).collect();
    workbook("errors.xlsx", move || error_workbook(&mut ledger, &problems)).await
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
    caller.must_import()?;
    workbook("ledger.xlsx", template).await
}

/// Writes a workbook off the workers' threads and gives it to the caller as a file.
async fn workbook(
    file_name: &str,
    write: impl FnOnce() -> Result<Vec<u8>, WriteError> + Send + 'static,
) -> Result<HttpResponse, Problem> {
    let bytes = web::block(write)
        .await
        .map_err(|_cancelled| Problem::new(ProblemCode::Busy).after(1))?
        .map_err(|_failed| Problem::new(ProblemCode::Internal))?;
    Ok(HttpResponse::Ok()
        .content_type("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
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

/// The codes of the fields, for the documentation of the mapping.
#[must_use]
pub fn field_codes() -> Vec<&'static str> {
    Field::ALL.into_iter().map(Field::as_str).collect()
}
