//! The JSON API: it translates between HTTP and the commands and queries of the persistence crate. No rule stands here,
//! and no SQL.

pub mod answer;
pub mod attachment_run;
pub mod boundary;
pub mod caller;
pub mod challenge;
pub mod clock;
mod devices;
pub mod docs;
pub mod extract;
pub mod import_run;
pub mod keys;
pub mod language;
pub mod limits;
pub mod paging;
pub mod passwords;
pub mod problem;
pub mod providers;
pub mod public_cache;
pub mod routes;
pub mod scanner;
pub mod second_factor;
pub mod state;
pub mod stopping;
mod strict;
pub mod v1;
mod words;

use actix_web::{
    App, Error,
    body::MessageBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::{Compress, from_fn},
    web,
};
use utoipa::OpenApi as _;
use utoipa_actix_web::AppExt as _;
use utoipa_swagger_ui::{Config, SwaggerUi};

pub use state::{AppState, HttpSettings};

use crate::problem::{Problem, ProblemCode};

/// The OpenAPI document of every route.
#[must_use]
pub fn openapi() -> utoipa::openapi::OpenApi {
    let (_, mut document) = App::new()
        .into_utoipa_app()
        .openapi(docs::ApiDoc::openapi())
        .configure(v1::routes)
        .split_for_parts();
    docs::complete(&mut document);
    document
}

/// The whole application.
pub fn app(
    state: &AppState,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody + use<>>,
        Error = Error,
        InitError = (),
    > + use<>,
> {
    let (app, mut document) = App::new()
        .into_utoipa_app()
        .openapi(docs::ApiDoc::openapi())
        .configure(v1::routes)
        .split_for_parts();
    docs::complete(&mut document);
    app.app_data(web::Data::new(state.clone()))
        .app_data(web::Data::new(routes::Routes::of(&document)))
        .app_data(web::QueryConfig::default().error_handler(|error, _| {
            Problem::new(ProblemCode::MalformedQuery)
                .with_detail(
                    "查询条件里有不认识的名称或值。",
                    format!("The query can't be taken: {}", extract::plain(&error.to_string())),
                )
                .into()
        }))
        .app_data(web::PathConfig::default().error_handler(|_, request| routes::unreadable(request).into()))
        .service(web::resource("/docs").route(web::get().to(docs::to_docs)))
        .service(web::resource("/docs/problems").route(web::get().to(docs::problems)))
        .service(
            SwaggerUi::new("/docs/{_:.*}")
                .url("/openapi.json", document)
                .config(Config::default().validator_url("none").persist_authorization(false)),
        )
        .default_service(web::to(routes::fallback))
        .wrap(from_fn(boundary::boundary))
        .wrap(Compress::default())
}
