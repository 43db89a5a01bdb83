//! Version 1 of the API, one module a resource.

pub mod accounts;
pub mod attachments;
pub mod auth;
pub mod calendars;
pub mod cards;
pub mod categories;
pub mod common;
pub mod complaints;
pub mod events;
pub mod exports;
pub mod health;
pub mod identity_openings;
pub mod imports;
pub mod log;
pub mod me;
pub mod members;
pub mod notices;
pub mod providers;
pub mod public;
pub mod reply_templates;
pub mod role_grants;
pub mod saved_views;
pub mod second_factor;
pub mod sessions;
pub mod settings;
pub mod statistics;
pub mod system;
pub mod units;

use utoipa_actix_web::{scope, service_config::ServiceConfig};

/// Every route.
pub fn routes(config: &mut ServiceConfig<'_>) {
    config.configure(health::routes);
    config.service(
        scope("/api/v1")
            .configure(auth::routes)
            .configure(me::routes)
            .configure(sessions::routes)
            .configure(second_factor::routes)
            .configure(providers::routes)
            .configure(notices::routes)
            .configure(settings::routes)
            .configure(saved_views::routes)
            .configure(reply_templates::routes)
            .configure(calendars::routes)
            .configure(units::routes)
            .configure(members::routes)
            .configure(accounts::routes)
            .configure(role_grants::routes)
            .configure(categories::routes)
            .configure(complaints::routes)
            .configure(attachments::routes)
            .configure(system::routes)
            .configure(cards::routes)
            .configure(identity_openings::routes)
            .configure(imports::routes)
            .configure(events::routes)
            .configure(log::routes)
            .configure(statistics::routes)
            .configure(public::routes),
    );
}
