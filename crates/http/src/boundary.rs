//! The outermost layer: names each request, puts the language into problems, sets the security headers, and writes the
//! one log line of a request. No address, no user agent, no query, no personal data is logged.

use std::time::Instant;

use actix_web::{
    Error, HttpMessage as _,
    body::{BoxBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::{
        StatusCode,
        header::{HeaderMap, HeaderName, HeaderValue},
    },
    middleware::Next,
    web::Data,
};
use uuid::Uuid;

use crate::{
    language::Language,
    limits,
    problem::{Problem, ProblemCode},
    state::AppState,
};

/// Names a request in logs and problems.
#[derive(Clone, Debug)]
pub struct RequestId(pub String);

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; \
    font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'; \
    manifest-src 'self'; worker-src 'self'";
/// The console's component library and Swagger UI write styles into the page; scripts stay strict everywhere.
const POLICY_WITH_STYLES: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
    img-src 'self' blob: data:; font-src 'self'; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; \
    form-action 'self'; manifest-src 'self'; worker-src 'self'";

/// Wraps every request.
///
/// # Errors
/// None of its own: a failure becomes a response.
pub async fn boundary(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let started = Instant::now();
    let id = Uuid::from_bytes(rand::random()).simple().to_string();
    request.extensions_mut().insert(RequestId(id.clone()));
    let language = Language::of(request.headers());
    let method = request.method().clone();
    let path = request.path().to_owned();
    let state = request.app_data::<Data<AppState>>();
    let is_secure = state.is_some_and(|state| state.settings.is_secure);
    let stopping = state.map(|state| state.stopping.clone()).unwrap_or_default();

    // Handlers and extractors fail with a response, not with an error: nothing inside fails otherwise.
    let answer = stopping.unless_over(next.call(request)).await;
    let answer = answer.ok_or_else(|| Problem::new(ProblemCode::Busy).after(5))?;
    let mut response = answer?.map_into_boxed_body();
    if let Some(problem) = problem_of(&response) {
        log_cause(&problem, &id);
        let (request, _) = response.into_parts();
        response = ServiceResponse::new(request, problem.response(language, &id));
    }
    let pattern = response.request().match_pattern().unwrap_or_else(|| "-".to_owned());
    set_headers(response.headers_mut(), &path, &id);
    if path.starts_with("/api/") {
        set_api_headers(response.headers_mut(), language);
    }
    if is_secure {
        let name = HeaderName::from_static("strict-transport-security");
        let year = HeaderValue::from_static("max-age=31536000");
        response.headers_mut().insert(name, year);
    }
    let request = response.request().clone();
    limits::set_headers(&request, response.headers_mut());
    tracing::info!(
        request_id = id,
        method = %method,
        route = pattern,
        status = response.status().as_u16(),
        micros = u64::try_from(started.elapsed().as_micros()).unwrap_or(u64::MAX),
        "http.request"
    );
    Ok(response)
}

/// The problem behind a failed response: ours, or one of actix's own failures bent to the same form.
fn problem_of(response: &ServiceResponse<BoxBody>) -> Option<Problem> {
    let status = response.status();
    if !status.is_client_error() && !status.is_server_error() {
        return None;
    }
    let error = response.response().error();
    if let Some(problem) = error.and_then(|error| error.as_error::<Problem>()) {
        return Some(problem.again());
    }
    let code = match status {
        StatusCode::NOT_FOUND => ProblemCode::NotFound,
        StatusCode::METHOD_NOT_ALLOWED => ProblemCode::MethodNotAllowed,
        StatusCode::PAYLOAD_TOO_LARGE => ProblemCode::PayloadTooLarge,
        StatusCode::UNSUPPORTED_MEDIA_TYPE => ProblemCode::UnsupportedMediaType,
        StatusCode::UNAUTHORIZED => ProblemCode::Unauthenticated,
        // A health check that says "not ready" has a body of its own.
        StatusCode::SERVICE_UNAVAILABLE if error.is_none() => return None,
        status if status.is_client_error() => ProblemCode::MalformedBody,
        _ => ProblemCode::Internal,
    };
    Some(Problem::new(code))
}

fn log_cause(problem: &Problem, id: &str) {
    match (problem.code(), problem.cause_text()) {
        (ProblemCode::Internal, cause) => {
            tracing::error!(request_id = id, cause = cause.unwrap_or_default(), "http.internal");
        }
        (ProblemCode::Busy, cause) => tracing::warn!(request_id = id, cause = cause.unwrap_or_default(), "http.busy"),
        _ => {}
    }
}

fn set_headers(headers: &mut HeaderMap, path: &str, id: &str) {
    let has_policy = headers.contains_key("content-security-policy");
    let mut set = |name: &'static str, value: &'static str| {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    };
    let has_styles = path.starts_with("/console") || path.starts_with("/docs");
    // What somebody sent in comes with a stricter one of its own.
    if !has_policy {
        set(
            "content-security-policy",
            if has_styles { POLICY_WITH_STYLES } else { POLICY },
        );
    }
    set("x-content-type-options", "nosniff");
    set("referrer-policy", "no-referrer");
    set("cross-origin-opener-policy", "same-origin");
    set("cross-origin-resource-policy", "same-origin");
    set("permissions-policy", "camera=(), microphone=(), geolocation=()");
    set("x-frame-options", "DENY");
    if let Ok(value) = HeaderValue::from_str(id) {
        headers.insert(HeaderName::from_static("x-request-id"), value);
    }
}

/// What holds for the API alone: nothing is kept unless a handler says so, and the language is said.
fn set_api_headers(headers: &mut HeaderMap, language: Language) {
    for (name, value) in [("cache-control", "no-store"), ("content-language", language.tag())] {
        let name = HeaderName::from_static(name);
        if !headers.contains_key(&name) {
            headers.insert(name, HeaderValue::from_static(value));
        }
    }
    // Beside what the handler says of itself.
    headers.append(
        HeaderName::from_static("vary"),
        HeaderValue::from_static("Accept-Language, Authorization"),
    );
}
