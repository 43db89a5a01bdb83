//! What handlers take from a request: body, query and ids, with failures bent to the one problem body.

use std::{future::Future, pin::Pin, time::Duration};

use actix_web::{FromRequest, HttpRequest, dev::Payload, http::header::CONTENT_TYPE, web::BytesMut};
use futures_util::StreamExt as _;
use liangnuo_persistence::idempotency::IdempotencyKey;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    problem::{Problem, ProblemCode},
    strict::refuse_arrays_for_objects,
};

/// Most bytes of a JSON body.
pub const JSON_LIMIT: usize = 1 << 20;

/// How long a JSON body may take to arrive.
pub const BODY_TIME: Duration = Duration::from_secs(30);

/// Reads a body, or gives up on a client that lets it dribble in: the server's own time limit is for heads only.
///
/// # Errors
/// 408, or what `reading` says.
pub async fn in_time<T>(limit: Duration, reading: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    tokio::time::timeout(limit, reading)
        .await
        .unwrap_or_else(|_elapsed| Err(Problem::new(ProblemCode::RequestTimeout)))
}

/// A JSON body. Unknown fields are refused by the types themselves.
#[derive(Debug)]
pub struct Body<T> {
    /// What was read.
    pub value: T,
    /// SHA-256 of the bytes, for idempotency.
    pub digest: Vec<u8>,
}

impl<T: DeserializeOwned + 'static> FromRequest for Body<T> {
    type Error = Problem;
    type Future = Pin<Box<dyn Future<Output = Result<Self, Problem>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let is_json = request
            .headers()
            .get(CONTENT_TYPE)
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.split(';').next())
            .is_some_and(|kind| kind.trim().eq_ignore_ascii_case("application/json"));
        let mut payload = payload.take();
        Box::pin(async move {
            if !is_json {
                return Err(Problem::new(ProblemCode::UnsupportedMediaType));
            }
            let bytes = in_time(BODY_TIME, read(&mut payload)).await?;
            Ok(Self {
                value: parse(&bytes)?,
                digest: Sha256::digest(&bytes).to_vec(),
            })
        })
    }
}

async fn read(payload: &mut Payload) -> Result<BytesMut, Problem> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk.map_err(|_broken| Problem::new(ProblemCode::MalformedBody))?;
        if bytes.len() + chunk.len() > JSON_LIMIT {
            return Err(Problem::new(ProblemCode::PayloadTooLarge));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn parse<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(unexpected)?;
    reader
        .end()
        .map_err(|_trailing| Problem::new(ProblemCode::MalformedBody))?;
    let raw = serde_json::from_slice(bytes).map_err(|_broken| Problem::new(ProblemCode::MalformedBody))?;
    refuse_arrays_for_objects::<T>(raw).map_err(unexpected)?;
    Ok(value)
}

/// What is wrong with a body, at the field where it is.
fn unexpected(error: serde_path_to_error::Error<serde_json::Error>) -> Problem {
    let path = error.path().to_string();
    let inner = error.into_inner();
    if inner.is_data() {
        Problem::field(
            pointer(&path),
            "unexpected",
            "这一项的名称、类型或取值不对。",
            plain(&inner.to_string()),
        )
    } else {
        Problem::new(ProblemCode::MalformedBody)
    }
}

/// serde's message without what was sent, which it quotes: an answer that fails is copied into tickets and logs of others.
pub(crate) fn plain(message: &str) -> String {
    let text = message.split(" at line ").next().unwrap_or_default();
    let text = text.strip_prefix("Query deserialize error: ").unwrap_or(text);
    let names_our_own = ["missing field `", "duplicate field `", "an object is expected here"];
    if names_our_own.iter().any(|begin| text.starts_with(begin)) {
        return text.chars().take(200).collect();
    }
    match text.rsplit_once(", expected ") {
        Some((_, expected)) if !expected.ends_with("there are no fields") => {
            let expected: String = expected.chars().take(200).collect();
            format!("expected {expected}")
        }
        _ => "This name, type or value can't be taken.".to_owned(),
    }
}

/// Whether a name can be one of our fields, or the place of an item: any other one is what somebody sent, and not said again.
pub(crate) fn is_like_a_field(name: &str) -> bool {
    let is_word = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase()) || name.len() <= 4;
    begins && (1..=40).contains(&name.len()) && name.chars().all(is_word)
}

/// `contact.phone` and `items[0].id` as RFC 6901 pointers.
fn pointer(path: &str) -> String {
    if path == "." {
        return String::new();
    }
    let names = path.replace('[', ".").replace(']', "");
    let known = names
        .trim_matches('.')
        .split('.')
        .take_while(|name| is_like_a_field(name));
    known.fold(String::new(), |pointer, name| format!("{pointer}/{name}"))
}

/// The `Idempotency-Key` header of a request that creates something.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IdempotencyHeader {
    /// A UUID made by the client for this one request; a repeat carries the same one and has no second effect. Kept for
    /// a day.
    #[param(rename = "Idempotency-Key", required = true)]
    pub key: Uuid,
}

impl IdempotencyHeader {
    /// The key of an operation with what was asked.
    #[must_use]
    pub fn of(self, caller: impl Into<String>, operation: &'static str, digest: &[u8]) -> IdempotencyKey {
        IdempotencyKey::new(caller, self.key, operation, digest)
    }
}

impl FromRequest for IdempotencyHeader {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(match request.headers().get("Idempotency-Key") {
            None => Err(Problem::new(ProblemCode::IdempotencyKeyMissing)),
            Some(value) => value
                .to_str()
                .ok()
                .and_then(|text| Uuid::parse_str(text.trim().trim_matches('"')).ok())
                .map(|key| Self { key })
                .ok_or_else(|| {
                    Problem::new(ProblemCode::MalformedHeader)
                        .with_detail("Idempotency-Key 应是 UUID。", "Idempotency-Key must be a UUID.")
                }),
        })
    }
}

/// The `If-Match` header of a change.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct IfMatch {
    /// The ETag that was read, such as `"v3"`.
    #[param(rename = "If-Match", required = true, value_type = String, example = "\"v3\"")]
    pub version: i64,
}

impl FromRequest for IfMatch {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(match request.headers().get("If-Match") {
            None => Err(Problem::new(ProblemCode::IfMatchMissing)),
            Some(value) => value
                .to_str()
                .ok()
                .and_then(|text| text.trim().trim_matches('"').strip_prefix('v')?.parse().ok())
                .map(|version| Self { version })
                .ok_or_else(|| {
                    Problem::new(ProblemCode::MalformedHeader).with_detail(
                        "If-Match 应是读取时得到的 ETag。",
                        "If-Match must be the ETag that was read.",
                    )
                }),
        })
    }
}

/// The header that shows that one of our pages, and no other site, asks to refresh by cookie.
#[derive(Clone, Copy, Debug, IntoParams)]
#[into_params(parameter_in = Header)]
pub struct RefreshHeader {
    /// `1`, where the refresh token is in the cookie.
    #[param(rename = "X-Liangnuo-Refresh", required = false, value_type = Option<String>, example = "1")]
    pub is_set: bool,
}

impl FromRequest for RefreshHeader {
    type Error = Problem;
    type Future = std::future::Ready<Result<Self, Problem>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        std::future::ready(Ok(Self {
            is_set: request.headers().contains_key("X-Liangnuo-Refresh"),
        }))
    }
}

/// A field of a PATCH: left out, set to null, or given. Left out keeps what is there; null clears it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Patch<T> {
    /// Left out.
    #[default]
    Keep,
    /// Null.
    Clear,
    /// Given.
    Set(T),
}

impl<T> Patch<T> {
    /// The value after the patch.
    pub fn over(self, old: Option<T>) -> Option<T> {
        match self {
            Self::Keep => old,
            Self::Clear => None,
            Self::Set(value) => Some(value),
        }
    }
}

impl<'de, T: serde::Deserialize<'de>> serde::Deserialize<'de> for Patch<T> {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        // An absent field never gets here: `#[serde(default)]` makes it `Keep`.
        Ok(Option::deserialize(deserializer)?.map_or(Self::Clear, Self::Set))
    }
}

#[cfg(test)]
mod tests {
    use actix_http::BoxedPayloadStream;

    use super::*;

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Inner {
        phone: String,
    }

    #[derive(Debug, serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Outer {
        contact: Inner,
    }

    fn fields(json: &str) -> (ProblemCode, String) {
        let problem = parse::<Outer>(json.as_bytes()).unwrap_err();
        let body = problem.body(crate::language::Language::English, "");
        (
            problem.code(),
            body.errors
                .first()
                .map(|field| field.pointer.clone())
                .unwrap_or_default(),
        )
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        assert_eq!(
            fields(r#"{"contact":{"phone":1}}"#),
            (ProblemCode::InvalidField, "/contact/phone".into())
        );
        assert_eq!(
            fields(r#"{"contact":{"phone":"1","x":2}}"#),
            (ProblemCode::InvalidField, "/contact/x".into())
        );
        assert_eq!(
            fields(r#"{"contact":{"phone":"1","张三":2}}"#),
            (ProblemCode::InvalidField, "/contact".into()),
            "a name that can't be ours is not said again"
        );
        assert_eq!(fields(r#"{"contact":{"phone":"1"}"#).0, ProblemCode::MalformedBody);
        assert_eq!(fields(r#"{"contact":{"phone":"1"}} x"#).0, ProblemCode::MalformedBody);
        assert_eq!(fields("").0, ProblemCode::MalformedBody);
        assert_eq!(fields(&"[".repeat(200)).0, ProblemCode::InvalidField);
    }

    #[test]
    fn what_was_sent_is_not_in_what_is_said_of_it() {
        for (said, plainly) in [
            ("missing field `phone` at line 1 column 2", "missing field `phone`"),
            ("unknown field `张三`, expected `phone`", "expected `phone`"),
            (
                "unknown field `, expected 张三`, there are no fields",
                "This name, type or value can't be taken.",
            ),
            (
                "Query deserialize error: unknown variant `13900000000`, expected one of `a`, `b`",
                "expected one of `a`, `b`",
            ),
            (
                "invalid type: string \"x, expected 张三\", expected u32 at line 1 column 9",
                "expected u32",
            ),
            (
                "UUID parsing failed: invalid character: found `张` at 1",
                "This name, type or value can't be taken.",
            ),
        ] {
            assert_eq!(plain(said), plainly);
        }
    }

    #[test]
    fn an_array_is_no_object() {
        assert_eq!(
            fields("[{\"phone\":\"1\"}]"),
            (ProblemCode::InvalidField, String::new())
        );
        assert_eq!(
            fields(r#"{"contact":["1"]}"#),
            (ProblemCode::InvalidField, "/contact".into())
        );
        assert!(parse::<Outer>(br#"{"contact":{"phone":"1"}}"#).is_ok());
    }

    #[test]
    fn reading_twice_takes_all_that_reading_once_takes() {
        #[derive(Debug, PartialEq, serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        enum Choice {
            Plain,
            Held { days: u8 },
        }

        #[derive(Debug, serde::Deserialize)]
        struct Nested(Outer);

        #[derive(Debug, serde::Deserialize)]
        struct Everything {
            choices: Vec<Choice>,
            pair: (i64, f64),
            maybe: Option<Option<bool>>,
            #[serde(default)]
            patch: Patch<String>,
            by_name: std::collections::BTreeMap<String, Nested>,
        }

        let json = r#"{"choices":["plain",{"held":{"days":3}}],"pair":[-1,0.5],"maybe":null,"patch":null,
            "by_name":{"a":{"contact":{"phone":"1"}}}}"#;
        let read = parse::<Everything>(json.as_bytes()).unwrap();
        assert_eq!(read.choices, [Choice::Plain, Choice::Held { days: 3 }]);
        assert_eq!(read.pair, (-1, 0.5));
        assert_eq!((read.maybe, read.patch), (None, Patch::Clear));
        assert_eq!(read.by_name["a"].0.contact.phone, "1");

        let inside = json.replace(r#"{"contact":{"phone":"1"}}"#, r#"{"contact":["1"]}"#);
        let problem = parse::<Everything>(inside.as_bytes()).unwrap_err();
        let body = problem.body(crate::language::Language::English, "");
        assert_eq!(body.errors[0].pointer, "/by_name/a/contact");
    }

    #[actix_web::test]
    async fn a_body_that_dribbles_in_is_given_up() {
        let never: BoxedPayloadStream = Box::pin(futures_util::stream::pending());
        let mut payload = Payload::Stream { payload: never };
        let problem = in_time(Duration::from_millis(5), read(&mut payload)).await.unwrap_err();
        assert_eq!(problem.code(), ProblemCode::RequestTimeout);
    }
}
