//! Answers that carry more than a body: a version, a place, a name.

use actix_web::{
    HttpRequest, HttpResponse, HttpResponseBuilder, Responder,
    body::BoxBody,
    http::header::{self, Charset, ContentDisposition, DispositionParam, DispositionType, ExtendedValue},
};
use serde::Serialize;

/// A thing with its version as ETag, to be sent back as `If-Match`.
///
/// `If-None-Match` is not heeded: phases and allowed actions change with time and caller, names with the language, all
/// without a new version, so that "not modified" could not be said from the version alone.
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

    fn respond_to(self, _: &HttpRequest) -> HttpResponse {
        let tag = format!("\"v{}\"", self.version);
        let mut response = match &self.created_at {
            Some(location) => {
                let mut response = HttpResponse::Created();
                response.insert_header((header::LOCATION, location.clone()));
                response
            }
            None => HttpResponse::Ok(),
        };
        response.insert_header((header::ETAG, tag));
        say_replayed(&mut response, self.is_replay);
        response.json(self.body)
    }
}

/// Says of an answer that the same request was done before, if it was.
pub(crate) fn say_replayed(response: &mut HttpResponseBuilder, is_replay: bool) {
    if is_replay {
        response.insert_header(("Idempotent-Replayed", "true"));
    }
}

/// What a file is called: by a name that every program can write, and beside it the one that people know it by (RFC 6266).
pub(crate) fn file_named(disposition: DispositionType, plain: String, name: String) -> ContentDisposition {
    ContentDisposition {
        disposition,
        parameters: vec![
            DispositionParam::Filename(plain),
            DispositionParam::FilenameExt(ExtendedValue {
                charset: Charset::Ext("UTF-8".to_owned()),
                language_tag: None,
                value: name.into_bytes(),
            }),
        ],
    }
}
