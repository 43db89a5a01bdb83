//! What all kinds of files share on their way in: looked at, and handed to a worker.

use std::fs::File;

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use liangnuo_documents::{Form, LedgerFile, Mapping, MappingProblem, Sheet};
use liangnuo_domain::{ImportId, imports::ImportKind};
use liangnuo_persistence::imports::NewImport;

use super::{ImportInspection, ImportJob, files, form::ReadForm};
use crate::{
    answer::say_replayed,
    caller::Caller,
    extract::IdempotencyHeader,
    import_run::form_of,
    language::Language,
    problem::{Problem, ProblemCode},
    state::AppState,
};

/// Goes through a file off the workers' threads: a large one takes a while.
pub(super) async fn open(kind: ImportKind, content: File, name: String) -> Result<LedgerFile<File>, Problem> {
    let read = web::block(move || match kind {
        ImportKind::Complaints => LedgerFile::open(content, &name),
        ImportKind::Units | ImportKind::Members => LedgerFile::open_list(content, &name),
    });
    read.await
        .map_err(|_cancelled| Problem::new(ProblemCode::Busy).after(1))?
        .map_err(|error| Problem::field("/file", error.code(), error.detail_zh(), error.detail_en()))
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

/// The mapping that was sent, or the guessed one.
fn mapping(form: Form, sheet: &Sheet, json: Option<&str>) -> Result<Mapping, Problem> {
    let Some(json) = json.map(str::trim).filter(|json| !json.is_empty()) else {
        return Mapping::guess(form, sheet).map_err(mapping_problem);
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
        form,
        sheet,
        pairs.iter().map(|(heading, field)| (heading.as_str(), field.as_str())),
    )
    .map_err(mapping_problem)
}

/// Says what is in a file; nothing is kept.
pub(super) async fn inspect(
    caller: &Caller,
    kind: ImportKind,
    request: &HttpRequest,
    payload: web::Payload,
) -> Result<web::Json<ImportInspection>, Problem> {
    caller.must_import(kind)?;
    let mut form = ReadForm::read(request, payload, &["file"]).await?;
    let file = form.file()?;
    let opened = open(kind, file.content, file.name.clone()).await?;
    Ok(web::Json(ImportInspection::of(form_of(kind), &opened, file.name)))
}

/// A request to import.
pub(super) struct Sent {
    pub(super) key: IdempotencyHeader,
    pub(super) request: HttpRequest,
    pub(super) payload: web::Payload,
    pub(super) state: web::Data<AppState>,
}

/// Takes a file in, and leaves it to a worker.
pub(super) async fn import(
    caller: &Caller,
    kind: ImportKind,
    operation: &'static str,
    sent: Sent,
) -> Result<HttpResponse, Problem> {
    let Sent {
        key,
        request,
        payload,
        state,
    } = sent;
    caller.must_import(kind)?;
    let is_ledger = kind == ImportKind::Complaints;
    let fields: &[&str] = if is_ledger {
        &["file", "dry_run", "mapping", "is_order", "source"]
    } else {
        &["file", "dry_run", "mapping"]
    };
    let mut form = ReadForm::read(&request, payload, fields).await?;
    let digest = form.digest();
    let is_dry_run = form.switch("dry_run")?;
    let is_order = form.switch("is_order")?;
    let source = if is_ledger {
        form.source()?
    } else {
        kind.code().to_owned()
    };
    let file = form.file()?;
    // The same file by another handle: one that can't be read is not kept.
    let content = file
        .content
        .try_clone()
        .map_err(|_handles| Problem::new(ProblemCode::Busy).after(1))?;
    let opened = open(kind, file.content, file.name.clone()).await?;
    let mapping = mapping(form_of(kind), opened.sheet(), form.text("mapping").as_deref())?;
    let pairs: std::collections::BTreeMap<String, &str> = mapping
        .pairs(opened.sheet())
        .into_iter()
        .map(|(heading, field)| (heading, field.as_str()))
        .collect();
    let new = NewImport {
        kind,
        file_name: file.name,
        source,
        is_dry_run,
        is_order,
        mapping: serde_json::to_string(&pairs).unwrap_or_default(),
        rows_total: i64::try_from(opened.rows_total()).unwrap_or(i64::MAX),
    };
    let now = state.clock.now();
    let id = ImportId(state.store.ids().v7(now));
    files::keep(&state.store, caller, id, content, now).await?;
    let key = key.of(caller.key_owner(), operation, &digest);
    let (job, is_replay) = state.store.create_import(caller.owned(), key, id, new, now).await?;
    state.worker_bell.notify_one();
    let mut response = HttpResponse::Accepted();
    response.insert_header((header::LOCATION, format!("/api/v1/imports/{}", job.id)));
    say_replayed(&mut response, is_replay);
    let language = Language::of(request.headers());
    Ok(response.json(ImportJob::new(job, Vec::new(), Vec::new(), language)))
}
