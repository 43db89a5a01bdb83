//! Answers that carry more than a body: a version, a place, a cookie.

use actix_web::{HttpRequest, HttpResponse, Responder, body::BoxBody, http::header};
use serde::Serialize;

/// A thing with its version as a strong ETag.
#[derive(Debug)]
pub struct Versioned<T> {
    version: i64,
    body: T,
    created_at: Option<String>,
    is_replay: bool,
}

impl<T> Versioned<T> {
    /// The thing as it is now.
    pub const fn new(version: i64, body: T) -> Self {
        Self {
            version,
            body,
            created_at: None,
            is_replay: false,
        }
    }

    /// The thing was just created at this address, or, on a replay, before.
    #[must_use]
    pub fn created(mut self, location: String, is_replay: bool) -> Self {
        self.created_at = Some(location);
        self.is_replay = is_replay;
        self
    }
}

impl<T: Serialize> Responder for Versioned<T> {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let tag = format!("\"v{}\"", self.version);
        let known = request
            .headers()
            .get(header::IF_NONE_MATCH)
            .and_then(|value| value.to_str().ok());
        if request.method() == actix_web::http::Method::GET && known == Some(tag.as_str()) {
            return HttpResponse::NotModified().insert_header((header::ETAG, tag)).finish();
        }
        let mut response = match &self.created_at {
            Some(location) => {
                let mut response = HttpResponse::Created();
                response.insert_header((header::LOCATION, location.clone()));
                response
            }
            None => HttpResponse::Ok(),
        };
        response.insert_header((header::ETAG, tag));
        if self.is_replay {
            response.insert_header(("Idempotent-Replayed", "true"));
        }
        response.json(self.body)
    }
}
