//! What the public may do and see. No credentials, GET and POST only, nothing kept of who asks.

mod complaints;
mod log;
mod members;
mod qr;
mod tracking;
mod units;
pub(super) mod uploads;

pub(super) use complaints::{ContactInput, GuardianRelation};
pub(super) use tracking::region;
use utoipa_actix_web::service_config::ServiceConfig;

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    complaints::routes(config);
    log::routes(config);
    members::routes(config);
    tracking::routes(config);
    units::routes(config);
    config.service(qr::get_public_unit_qr);
    uploads::routes(config);
}
