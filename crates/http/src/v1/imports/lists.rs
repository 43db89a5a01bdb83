//! Lists of units and members: looked at, imported, and empty ones to fill in.

use actix_web::{HttpRequest, HttpResponse, get, post, web};
use liangnuo_documents::{Form, TableFormat, csv_template, list_template, template};
use liangnuo_domain::imports::{ImportKind, units::KIND_WORDS};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;

use super::{
    ImportInspection, ImportJob, as_file, dto,
    form::{ImportListForm, InspectForm},
    take_in::{self, Sent},
};
use crate::{
    caller::Caller, extract::IdempotencyHeader, import_run::form_of, language::Language, problem::Problem,
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(inspect_unit_import)
        .service(import_units)
        .service(inspect_member_import)
        .service(import_members)
        .service(download_template);
}

/// Look at a list of units
///
/// Headings with guesses of what they are, and samples; nothing is kept. Permissions: admin over the county.
#[utoipa::path(
    tag = "imports",
    request_body(content = InspectForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "What is in the file", body = ImportInspection)),
    security(("bearer" = []))
)]
#[post("/imports/units/inspect")]
pub async fn inspect_unit_import(
    caller: Caller,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<web::Json<ImportInspection>, Problem> {
    take_in::inspect(&caller, ImportKind::Units, &request, payload).await
}

/// Import a list of units
///
/// A unit is known by its code, else by its name under the unit above. Only what differs is written, with the events of doing
/// it by hand; an empty cell keeps what is there, `-` empties it; what is not in the file stays as it is. Answers at once with
/// a job; see `get_import`. Permissions: admin over the county.
#[utoipa::path(
    tag = "imports",
    params(IdempotencyHeader),
    request_body(content = ImportListForm, content_type = "multipart/form-data"),
    responses((status = 202, description = "Taken in; a worker goes through the rows", body = ImportJob)),
    security(("bearer" = []))
)]
#[post("/imports/units")]
pub async fn import_units(
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
    take_in::import(&caller, ImportKind::Units, "import_units", sent).await
}

/// Look at a list of members
///
/// Headings with guesses of what they are, and samples; nothing is kept. Permissions: admin over the county.
#[utoipa::path(
    tag = "imports",
    request_body(content = InspectForm, content_type = "multipart/form-data"),
    responses((status = 200, description = "What is in the file", body = ImportInspection)),
    security(("bearer" = []))
)]
#[post("/imports/members/inspect")]
pub async fn inspect_member_import(
    caller: Caller,
    request: HttpRequest,
    payload: web::Payload,
) -> Result<web::Json<ImportInspection>, Problem> {
    take_in::inspect(&caller, ImportKind::Members, &request, payload).await
}

/// Import a list of members
///
/// A member is known by the staff number, else by the name within the unit. Only what differs is written, with the events of
/// doing it by hand; an empty cell keeps what is there, `-` empties it; who is not in the file stays. Answers at once with a
/// job; see `get_import`. Permissions: admin over the county.
#[utoipa::path(
    tag = "imports",
    params(IdempotencyHeader),
    request_body(content = ImportListForm, content_type = "multipart/form-data"),
    responses((status = 202, description = "Taken in; a worker goes through the rows", body = ImportJob)),
    security(("bearer" = []))
)]
#[post("/imports/members")]
pub async fn import_members(
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
    take_in::import(&caller, ImportKind::Members, "import_members", sent).await
}

/// How an empty file is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TemplateFormat {
    /// A workbook with explanations, examples and choices.
    #[default]
    Xlsx,
    /// The headings alone, UTF-8 with a byte order mark.
    Csv,
}

/// How an empty file is wanted.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TemplateQuery {
    /// A workbook if left out.
    #[param(inline)]
    pub format: Option<TemplateFormat>,
}

/// Download an empty file
///
/// With the headings that the import knows by itself, in the language asked for; a ledger's are in Chinese. Permissions: who
/// may import such a file.
#[utoipa::path(
    tag = "imports",
    params(("kind" = dto::ImportKind, Path, description = "What the rows are"), TemplateQuery),
    responses((
        status = 200,
        description = "The file",
        content(
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (Vec<u8> = "text/csv"),
        ),
    )),
    security(("bearer" = []))
)]
#[get("/imports/templates/{kind}")]
pub async fn download_template(
    caller: Caller,
    kind: web::Path<dto::ImportKind>,
    query: web::Query<TemplateQuery>,
    request: HttpRequest,
) -> Result<HttpResponse, Problem> {
    let kind = ImportKind::from(kind.into_inner());
    caller.must_import(kind)?;
    let is_english = Language::of(request.headers()) == Language::English;
    let form = form_of(kind);
    let name = kind.code();
    match query.format.unwrap_or_default() {
        TemplateFormat::Csv => {
            let write = move || csv_template(form, is_english);
            as_file(&format!("{name}.csv"), TableFormat::Csv, write).await
        }
        TemplateFormat::Xlsx => {
            let write = move || match form {
                Form::Ledger => template(),
                Form::Units | Form::Members => {
                    let word = |(_, zh, en): &(_, &'static str, &'static str)| if is_english { *en } else { *zh };
                    list_template(form, &KIND_WORDS.map(|words| word(&words)), is_english)
                }
            };
            as_file(&format!("{name}.xlsx"), TableFormat::Xlsx, write).await
        }
    }
}
