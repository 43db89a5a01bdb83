//! What the public asks for, kept for a moment: the figures, of which many pages have a part, and the pages as the bytes
//! that are sent. Whoever asks often makes the database work once, and nobody's page is put into JSON or packed twice.
//!
//! Only what anybody may see goes in here, and what is the same for everybody: no handler with a caller has this cache.

use std::{
    io::Write as _,
    sync::{Arc, OnceLock},
    time::Duration,
};

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{self, AcceptEncoding, ContentEncoding, Encoding, Header as _, HeaderValue},
    web::Bytes,
};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use flate2::{Compression, write::GzEncoder};
use liangnuo_domain::{RegionId, UnitId};
use liangnuo_persistence::{
    StoreError,
    statistics::{PublicBook, PublicFigures, PublicYear},
};
use moka::future::Cache;
use serde::Serialize;
use sha2::{Digest, Sha256};

use crate::{
    problem::{Problem, ProblemCode},
    state::AppState,
};

/// Bytes of all pages together, as they are and packed.
const CAPACITY: u64 = 8 * 1024 * 1024;

/// Bytes of a tag; two pages of one address are told apart by far fewer.
const TAG: usize = 12;

/// A page of the public: what is said, and where the next page of a list begins.
#[derive(Debug)]
pub struct PublicPage<T> {
    body: T,
    link: Option<String>,
}

impl<T> From<T> for PublicPage<T> {
    fn from(body: T) -> Self {
        Self { body, link: None }
    }
}

impl<T> PublicPage<T> {
    /// A page of a list, with the `Link` to the next one.
    pub const fn of_list(body: T, link: Option<String>) -> Self {
        Self { body, link }
    }
}

/// The figures and the pages of the last moment.
#[derive(Clone, Debug)]
pub struct PublicCache {
    /// All of a county's are made at once: what may be shown of one depends on the others.
    books: Cache<RegionId, Arc<PublicBook>>,
    /// By their address.
    pages: Cache<String, Arc<Kept>>,
}

/// A page as it is sent.
#[derive(Debug)]
struct Kept {
    body: Bytes,
    /// Made when somebody first asks for it.
    packed: OnceLock<Bytes>,
    tag: HeaderValue,
    link: Option<HeaderValue>,
}

impl PublicCache {
    /// A cache in which nothing is older than this: neither the figures nor the page that they stand on live longer than
    /// half of it.
    #[must_use]
    pub fn new(lifetime: Duration) -> Self {
        let size = |address: &String, kept: &Arc<Kept>| {
            let bytes = address.len() + kept.body.len() * 3 / 2;
            u32::try_from(bytes).unwrap_or(u32::MAX)
        };
        let pages = Cache::builder().max_capacity(CAPACITY).weigher(size);
        Self {
            books: Cache::builder().max_capacity(100).time_to_live(lifetime / 2).build(),
            pages: pages.time_to_live(lifetime / 2).build(),
        }
    }

    /// A unit's figures of the present year.
    pub(crate) async fn unit(
        &self,
        state: &AppState,
        region: RegionId,
        unit: UnitId,
    ) -> Result<PublicFigures, Problem> {
        let book = self.book(state, region).await?;
        Ok(book.units.get(&unit).cloned().unwrap_or_default())
    }

    /// The county's figures of a year.
    pub(crate) async fn year(&self, state: &AppState, region: RegionId, year: i32) -> Result<PublicYear, Problem> {
        let book = self.book(state, region).await?;
        let year = book.years.get(&year).cloned();
        year.ok_or_else(|| Problem::new(ProblemCode::NotFound))
    }

    /// Of many who ask at once, one counts and the others wait.
    async fn book(&self, state: &AppState, region: RegionId) -> Result<Arc<PublicBook>, Problem> {
        let count = async { state.store.public_book(region, state.clock.now()).await.map(Arc::new) };
        self.books.try_get_with(region, count).await.map_err(again)
    }

    /// Answers with the page at the request's address, or says that it is as the reader has it. Of many who ask at once,
    /// one makes it and the others wait; a problem is kept for nobody.
    pub(crate) async fn answer<T: Serialize>(
        &self,
        request: &HttpRequest,
        page: impl Future<Output = Result<PublicPage<T>, Problem>>,
    ) -> Result<HttpResponse, Problem> {
        let address = request.uri().path_and_query().map_or("", |address| address.as_str());
        let kept = match self.pages.get(address).await {
            Some(kept) => kept,
            None => {
                let made = async { Kept::new(&page.await?).map(Arc::new) };
                let kept = self.pages.try_get_with(address.to_owned(), made).await;
                kept.map_err(|problem: Arc<Problem>| problem.again())?
            }
        };
        kept.answer(request)
    }
}

/// An error that several callers got at once.
fn again(error: Arc<StoreError>) -> Problem {
    match Arc::try_unwrap(error) {
        Ok(error) => error.into(),
        Err(shared) => match shared.as_ref() {
            StoreError::NotFound => Problem::new(ProblemCode::NotFound),
            _ => Problem::new(ProblemCode::Busy),
        },
    }
}

impl Kept {
    fn new<T: Serialize>(page: &PublicPage<T>) -> Result<Self, Problem> {
        let internal = || Problem::new(ProblemCode::Internal);
        let body = serde_json::to_vec(&page.body).map_err(|_unlikely| internal())?;
        let digest = Sha256::digest(&body);
        let tag = BASE64_URL_SAFE_NO_PAD.encode(digest.get(..TAG).unwrap_or_default());
        let value = |text: &str| HeaderValue::from_str(text).map_err(|_unlikely| internal());
        Ok(Self {
            body: body.into(),
            packed: OnceLock::new(),
            // Weak, since the packed page has other bytes and says the same.
            tag: value(&format!("W/\"{tag}\""))?,
            link: page.link.as_deref().map(value).transpose()?,
        })
    }

    fn packed(&self) -> Bytes {
        let pack = || {
            let mut packer = GzEncoder::new(Vec::with_capacity(self.body.len() / 2), Compression::default());
            let packed = packer.write_all(&self.body).and_then(|()| packer.finish());
            packed.unwrap_or_default().into()
        };
        self.packed.get_or_init(pack).clone()
    }

    fn answer(&self, request: &HttpRequest) -> Result<HttpResponse, Problem> {
        let mut response = if is_known(request, &self.tag) {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        response
            .insert_header((header::ETAG, self.tag.clone()))
            // To be asked about each time, which costs next to nothing.
            .insert_header((header::CACHE_CONTROL, HeaderValue::from_static("no-cache")))
            .insert_header((header::VARY, HeaderValue::from_static("Accept-Encoding")));
        if is_known(request, &self.tag) {
            return Ok(response.finish());
        }
        if let Some(link) = &self.link {
            response.insert_header((header::LINK, link.clone()));
        }
        response.content_type("application/json");
        if !takes_gzip(request) {
            return Ok(response.body(self.body.clone()));
        }
        Ok(response.insert_header(ContentEncoding::Gzip).body(self.packed()))
    }
}

/// Whether the reader has the page already: RFC 9110, 13.1.2.
fn is_known(request: &HttpRequest, tag: &HeaderValue) -> bool {
    let opaque = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let ours = tag.to_str().map(opaque).unwrap_or_default();
    request
        .headers()
        .get_all(header::IF_NONE_MATCH)
        .filter_map(|value| value.to_str().ok())
        .flat_map(|tags| tags.split(','))
        .any(|theirs| theirs.trim() == "*" || opaque(theirs) == ours)
}

fn takes_gzip(request: &HttpRequest) -> bool {
    if !request.headers().contains_key(header::ACCEPT_ENCODING) {
        return false;
    }
    let supported = [Encoding::gzip(), Encoding::identity()];
    AcceptEncoding::parse(request)
        .ok()
        .and_then(|accepted| accepted.negotiate(supported.iter()))
        .is_some_and(|chosen| chosen == Encoding::gzip())
}

#[cfg(test)]
mod tests {
    use std::io::Read as _;

    use actix_web::{body::to_bytes, http::StatusCode, test::TestRequest};
    use flate2::read::GzDecoder;

    use super::*;

    async fn asked(cache: &PublicCache, headers: &[(header::HeaderName, &str)], says: &'static str) -> HttpResponse {
        let mut request = TestRequest::get().uri("/api/v1/public/units?limit=5");
        for (name, value) in headers {
            request = request.append_header((name.clone(), *value));
        }
        let page = async { Ok(PublicPage::of_list([says], Some("</next>; rel=\"next\"".to_owned()))) };
        cache.answer(&request.to_http_request(), page).await.unwrap()
    }

    async fn text(response: HttpResponse) -> String {
        let is_packed = response.headers().contains_key(header::CONTENT_ENCODING);
        let bytes = to_bytes(response.into_body()).await.ok().unwrap();
        let mut text = String::new();
        if is_packed {
            GzDecoder::new(&bytes[..]).read_to_string(&mut text).unwrap();
        } else {
            text = String::from_utf8(bytes.to_vec()).unwrap();
        }
        text
    }

    #[actix_web::test]
    async fn a_page_is_made_once_in_its_time() {
        let cache = PublicCache::new(Duration::from_secs(60));
        assert_eq!(text(asked(&cache, &[], "first").await).await, "[\"first\"]");
        assert_eq!(text(asked(&cache, &[], "second").await).await, "[\"first\"]");
        let forgetful = PublicCache::new(Duration::ZERO);
        assert_eq!(text(asked(&forgetful, &[], "first").await).await, "[\"first\"]");
        assert_eq!(text(asked(&forgetful, &[], "second").await).await, "[\"second\"]");
    }

    #[actix_web::test]
    async fn a_reader_gets_it_packed_who_can_unpack_it() {
        let cache = PublicCache::new(Duration::from_secs(60));
        for (accepted, is_packed) in [
            ("gzip, deflate, br", true),
            ("br", false),
            ("gzip;q=0", false),
            ("identity", false),
            // Whoever takes anything takes it as it is, too.
            ("*", false),
        ] {
            let response = asked(&cache, &[(header::ACCEPT_ENCODING, accepted)], "page").await;
            let has = response.headers().contains_key(header::CONTENT_ENCODING);
            assert_eq!(has, is_packed, "{accepted}");
            assert_eq!(response.headers().get(header::VARY).unwrap(), "Accept-Encoding");
            assert_eq!(text(response).await, "[\"page\"]");
        }
    }

    #[actix_web::test]
    async fn who_has_it_is_told_so() {
        let cache = PublicCache::new(Duration::from_secs(60));
        let first = asked(&cache, &[], "page").await;
        assert_eq!(first.headers().get(header::LINK).unwrap(), "</next>; rel=\"next\"");
        let tag = first.headers().get(header::ETAG).unwrap().to_str().unwrap().to_owned();
        let strong = tag.trim_start_matches("W/").to_owned();
        let several = format!("\"other\", {tag}");
        for known in [tag.as_str(), &strong, &several, "*"] {
            let response = asked(&cache, &[(header::IF_NONE_MATCH, known)], "page").await;
            assert_eq!(response.status(), StatusCode::NOT_MODIFIED, "{known}");
            assert_eq!(response.headers().get(header::ETAG).unwrap(), tag.as_str());
            assert!(text(response).await.is_empty());
        }
        let response = asked(&cache, &[(header::IF_NONE_MATCH, "\"other\"")], "page").await;
        assert_eq!(response.status(), StatusCode::OK);
    }

    #[actix_web::test]
    async fn a_problem_is_not_kept() {
        let cache = PublicCache::new(Duration::from_secs(60));
        let request = TestRequest::get().uri("/api/v1/public/units?limit=5").to_http_request();
        let failing = async { Err::<PublicPage<()>, _>(Problem::new(ProblemCode::NotFound)) };
        assert!(cache.answer(&request, failing).await.is_err());
        assert_eq!(text(asked(&cache, &[], "page").await).await, "[\"page\"]");
    }
}
