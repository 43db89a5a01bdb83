//! Pages on the wire.

use actix_web::{HttpRequest, HttpResponse, http::header};
use liangnuo_persistence::{Page, PageRequest};

use crate::problem::{Problem, ProblemCode};

/// Checks what a list was asked for.
///
/// # Errors
/// A limit out of range.
pub fn request(limit: Option<i32>, cursor: Option<String>, count: Option<bool>) -> Result<PageRequest, Problem> {
    let limit = limit.unwrap_or(20);
    if !(1..=100).contains(&limit) {
        return Err(Problem::new(ProblemCode::MalformedQuery)
            .with_detail("limit 应在 1 到 100 之间。", "limit must be between 1 and 100."));
    }
    Ok(PageRequest {
        limit: u64::try_from(limit).unwrap_or(20),
        // An empty cursor is what a form sends for "none".
        cursor: cursor.filter(|text| !text.is_empty()),
        count: count.unwrap_or(false),
    })
}

/// `total` and whether it stopped at the cap.
#[must_use]
pub fn total<T>(page: &Page<T>) -> (Option<i64>, bool) {
    let total = page.total;
    (
        total.map(|total| i64::try_from(total.rows).unwrap_or(i64::MAX)),
        total.is_some_and(|total| total.is_capped),
    )
}

/// The address of the next page as a link (RFC 8288): the same request with another cursor.
pub(crate) fn link(request: &HttpRequest, next_cursor: Option<&str>) -> Option<String> {
    let others = request.query_string().split('&');
    let mut query: Vec<&str> = others
        .filter(|pair| !pair.is_empty() && !pair.starts_with("cursor="))
        .collect();
    // Cursors are of base64url and need no escapes.
    let cursor = format!("cursor={}", next_cursor?);
    query.push(&cursor);
    Some(format!("<{}?{}>; rel=\"next\"", request.path(), query.join("&")))
}

/// A page as an answer, with its link to the next one.
pub(crate) fn answer(request: &HttpRequest, next_cursor: Option<&str>, page: &impl serde::Serialize) -> HttpResponse {
    let mut response = HttpResponse::Ok();
    if let Some(next) = link(request, next_cursor) {
        response.insert_header((header::LINK, next));
    }
    response.json(page)
}

/// Declares the page of a list: its name in the API, and its items.
macro_rules! page {
    ($(#[$doc:meta])* $name:ident of $item:ty) => {
        $(#[$doc])*
        #[derive(Debug, serde::Serialize, utoipa::ToSchema)]
        pub struct $name {
            /// The rows.
            pub items: Vec<$item>,
            /// Where the next page begins; null on the last.
            #[schema(required)]
            pub next_cursor: Option<String>,
            /// How many there are in all; null unless `count=true`.
            #[schema(required)]
            pub total: Option<i64>,
            /// `total` stopped there: there are more. Rows are counted up to 10,000, those that a search by words found up to 1,000.
            pub total_is_capped: bool,
        }

        impl actix_web::Responder for $name {
            type Body = actix_web::body::BoxBody;

            fn respond_to(self, request: &actix_web::HttpRequest) -> actix_web::HttpResponse {
                $crate::paging::answer(request, self.next_cursor.as_deref(), &self)
            }
        }

        impl<T> From<liangnuo_persistence::Page<T>> for $name
        where
            $item: From<T>,
        {
            fn from(page: liangnuo_persistence::Page<T>) -> Self {
                let (total, total_is_capped) = $crate::paging::total(&page);
                Self {
                    items: page.items.into_iter().map(<$item>::from).collect(),
                    next_cursor: page.next_cursor,
                    total,
                    total_is_capped,
                }
            }
        }
    };
}
pub(crate) use page;
