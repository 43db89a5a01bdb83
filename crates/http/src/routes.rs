//! Which paths exist, for the answer to a request that matches none: 405 where another method would do, else 404, and
//! the web app for everything that is not the API's.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Component, Path, PathBuf},
};

use actix_files::NamedFile;
use actix_web::{
    HttpRequest, HttpResponse,
    http::{Method, header},
    web::Data,
};

use crate::{
    problem::{Problem, ProblemCode},
    state::AppState,
};

/// The API's paths with their methods.
#[derive(Clone, Debug, Default)]
pub struct Routes(BTreeMap<Vec<Option<String>>, BTreeSet<String>>);

impl Routes {
    /// From the OpenAPI document, which is collected from the routes themselves.
    #[must_use]
    pub fn of(document: &utoipa::openapi::OpenApi) -> Self {
        let mut routes = Self::default();
        for (path, item) in &document.paths.paths {
            let methods: BTreeSet<String> = [
                ("GET", &item.get),
                ("POST", &item.post),
                ("PUT", &item.put),
                ("PATCH", &item.patch),
                ("DELETE", &item.delete),
            ]
            .into_iter()
            .filter(|(_, operation)| operation.is_some())
            .map(|(method, _)| method.to_owned())
            .collect();
            let segments = path
                .split('/')
                .map(|segment| (!segment.starts_with('{')).then(|| segment.to_owned()))
                .collect();
            routes.0.entry(segments).or_default().extend(methods);
        }
        routes
    }

    /// The methods that a path takes; none for an unknown path. Of a path that is written out, those alone: its last word
    /// is no id of the path beside it.
    fn methods(&self, path: &str) -> BTreeSet<String> {
        if let Some(methods) = self.written_out(path) {
            return methods.clone();
        }
        let segments: Vec<&str> = path.split('/').collect();
        self.0
            .iter()
            .filter(|(pattern, _)| {
                pattern.len() == segments.len()
                    && pattern
                        .iter()
                        .zip(&segments)
                        .all(|(wanted, is)| wanted.as_deref().is_none_or(|w| w == *is))
            })
            .flat_map(|(_, methods)| methods.iter().cloned())
            .collect()
    }

    /// The methods of a path without ids.
    fn written_out(&self, path: &str) -> Option<&BTreeSet<String>> {
        let segments: Vec<_> = path.split('/').map(|segment| Some(segment.to_owned())).collect();
        self.0.get(&segments)
    }
}

/// The problem of a path whose id can't be read. A path that is written out for other methods is no id at all.
#[must_use]
pub fn unreadable(request: &HttpRequest) -> Problem {
    let routes = request.app_data::<Data<Routes>>();
    match routes.and_then(|routes| routes.written_out(request.path())) {
        Some(methods) => not_allowed(methods),
        None => Problem::new(ProblemCode::MalformedPath),
    }
}

fn not_allowed(methods: &BTreeSet<String>) -> Problem {
    let allowed = methods.iter().cloned().collect::<Vec<_>>().join(", ");
    Problem::new(ProblemCode::MethodNotAllowed).allowing(allowed)
}

/// Answers what no route takes.
///
/// # Errors
/// 405, 404, or the web app's page.
pub async fn fallback(
    request: HttpRequest,
    routes: Data<Routes>,
    state: Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let path = request.path();
    let methods = routes.methods(path);
    if !methods.is_empty() {
        return Err(not_allowed(&methods));
    }
    let is_read = request.method() == Method::GET || request.method() == Method::HEAD;
    match &state.settings.static_dir {
        Some(dir) if is_read && !is_ours(path) => page(&request, dir, path).await,
        Some(_) | None => Err(Problem::new(ProblemCode::NotFound)),
    }
}

fn is_ours(path: &str) -> bool {
    ["/api", "/docs", "/openapi.json", "/healthz", "/readyz"]
        .iter()
        .any(|prefix| {
            path.strip_prefix(prefix)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        })
}

/// A file of the built web app, or the page of the face that the path belongs to: the web app has its own routes.
async fn page(request: &HttpRequest, dir: &Path, path: &str) -> Result<HttpResponse, Problem> {
    let not_found = || Problem::new(ProblemCode::NotFound);
    let relative: PathBuf = path.trim_start_matches('/').into();
    // No "..", no drive, no root: only names below the directory.
    if !relative.components().all(|part| matches!(part, Component::Normal(_))) {
        return Err(not_found());
    }
    let has_extension = relative.extension().is_some();
    let (file, is_page) = if has_extension {
        (dir.join(&relative), false)
    } else if path == "/console" || path.starts_with("/console/") {
        (dir.join("console/index.html"), true)
    } else {
        (dir.join("index.html"), true)
    };
    let named = NamedFile::open_async(file).await.map_err(|_missing| not_found())?;
    // Built files carry a hash in their names and never change; pages name them and must be fresh.
    let caching = if is_page || !path.starts_with("/assets/") {
        "no-cache"
    } else {
        "public, max-age=31536000, immutable"
    };
    let mut response = named.prefer_utf8(true).into_response(request);
    response
        .headers_mut()
        .insert(header::CACHE_CONTROL, header::HeaderValue::from_static(caching));
    Ok(response)
}
