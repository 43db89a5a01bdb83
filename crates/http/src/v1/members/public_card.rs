//! What the public is shown of a member.

use actix_web::{put, web};
use liangnuo_domain::{MemberId, members::PublicCard};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use super::{Member, answer};
use crate::{
    answer::Versioned,
    caller::Caller,
    extract::{Body, IfMatch},
    problem::Problem,
    state::AppState,
};

/// What the public is shown of a member: by default nothing, and never more than name, post, unit and this.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberPublicCard {
    /// Whether the page of the unit has a card of the member.
    pub is_public: bool,
    /// Whether the card says that they belong to the party.
    pub shows_party: bool,
}

impl From<PublicCard> for MemberPublicCard {
    fn from(card: PublicCard) -> Self {
        Self {
            is_public: card.is_public,
            shows_party: card.shows_party,
        }
    }
}

/// What the public shall be shown of a member.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ShowMember {
    /// Whether there is a card.
    pub is_public: bool,
    /// Whether it says that they belong to the party: only of somebody who does, and who has a card.
    pub shows_party: bool,
}

/// Decide what the public is shown of a member
///
/// Name, post and unit, on the public page of the unit; and that they belong to the party, if that is chosen. A member who goes to
/// another unit is shown no longer. Permissions: unit_head and admin over the unit.
#[utoipa::path(
    tag = "members",
    params(("member_id" = Uuid, Path, description = "The member"), IfMatch),
    request_body = ShowMember,
    responses((status = 200, description = "The member after the change", body = Member, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[put("/members/{member_id}/public-card")]
pub async fn show_member(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<ShowMember>,
    state: web::Data<AppState>,
) -> Result<Versioned<Member>, Problem> {
    let card = PublicCard {
        is_public: body.value.is_public,
        shows_party: body.value.shows_party,
    };
    let view = state
        .store
        .show_member(caller.owned(), MemberId(*id), expected.version, card, state.clock.now())
        .await?;
    Ok(answer(view))
}
