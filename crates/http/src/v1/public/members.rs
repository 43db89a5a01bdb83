//! Who works in a unit, as far as the public is shown it.

use actix_web::{HttpRequest, HttpResponse, get, web};
use liangnuo_domain::UnitId;
use liangnuo_persistence::members::PublicMember;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::tracking::region;
use crate::{
    paging::{self, page},
    problem::Problem,
    public_cache::PublicPage,
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(list_public_unit_members);
}

/// The identity card of somebody who works in a unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct PublicMemberCard {
    /// In Chinese.
    pub name: String,
    /// In Latin letters.
    #[schema(required)]
    pub name_en: Option<String>,
    /// The post held, in Chinese.
    #[schema(required)]
    pub post: Option<String>,
    /// The post held, in English.
    #[schema(required)]
    pub post_en: Option<String>,
    /// They belong to the party and show it. False says nothing.
    pub is_shown_as_party_member: bool,
}

impl From<PublicMember> for PublicMemberCard {
    fn from(member: PublicMember) -> Self {
        Self {
            name: member.name,
            name_en: member.name_en,
            post: member.post,
            post_en: member.post_en,
            is_shown_as_party_member: member.is_shown_as_party_member,
        }
    }
}

page! {
    /// A page of identity cards.
    PublicMemberPage of PublicMemberCard
}

/// Page of the public's list of a unit's members.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListPublicUnitMembersQuery {
    /// Rows on a page.
    #[param(minimum = 1, maximum = 100, default = 20)]
    pub limit: Option<i32>,
    /// `next_cursor` of the page before.
    pub cursor: Option<String>,
    /// Whether `total` is wanted, exact up to 10,000.
    pub count: Option<bool>,
}

/// List a unit's members for the public
///
/// Those whom the unit shows, by name: nobody, unless its head decided so for somebody. Permissions: none.
#[utoipa::path(
    tag = "public",
    params(("unit_id" = Uuid, Path, description = "The unit"), ListPublicUnitMembersQuery),
    responses(
        (status = 200, description = "A page of identity cards", body = PublicMemberPage, headers(("ETag" = String, description = "Of what is said"))),
        (status = 304, description = "As the reader has it"),
    ),
)]
#[get("/public/units/{unit_id}/members")]
pub async fn list_public_unit_members(
    id: web::Path<Uuid>,
    query: web::Query<ListPublicUnitMembersQuery>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let page = Box::pin(async {
        let query = query.into_inner();
        let asked = paging::request(query.limit, query.cursor, query.count)?;
        let region = region(&state).await?;
        let page: PublicMemberPage = state.store.public_members(region, UnitId(*id), &asked).await?.into();
        let link = paging::link(&request, page.next_cursor.as_deref());
        Ok(PublicPage::of_list(page, link))
    });
    state.public_cache.answer(&request, page).await
}
