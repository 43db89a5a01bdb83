//! Version 1 of the API, one module a resource.

pub mod common;
pub mod complaints;
pub mod health;
pub mod public;

use utoipa_actix_web::{scope, service_config::ServiceConfig};

/// Every route.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.configure(health::routes);
    config.service(scope("/api/v1").configure(complaints::routes).configure(public::routes));
}
