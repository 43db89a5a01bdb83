//! The members of a unit whom the public is shown.

use liangnuo_domain::{RegionId, UnitId};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use super::{posts::holdings, rows::to_domain};
use crate::{
    db::Store,
    entity::members,
    error::StoreError,
    page::{self, Key, Page, PageRequest, Sort},
};

/// What the public is shown of a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicMember {
    /// In Chinese.
    pub name: String,
    /// In Latin letters.
    pub name_en: Option<String>,
    /// The post held, in Chinese.
    pub post: Option<String>,
    /// The post held, in English.
    pub post_en: Option<String>,
    /// That they belong to the party, where that is shown; else false, whatever is so.
    pub is_shown_as_party_member: bool,
}

impl Store {
    /// The members of an open unit whom the public is shown, by name.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for a unit that the public does not know; [`StoreError::BadCursor`].
    pub async fn public_members(
        &self,
        region: RegionId,
        unit: UnitId,
        request: &PageRequest,
    ) -> Result<Page<PublicMember>, StoreError> {
        self.public_unit(region, unit).await?;
        let select = members::Entity::find()
            .filter(members::Column::RegionId.eq(region.0))
            .filter(members::Column::UnitId.eq(unit.0))
            .filter(members::Column::IsPublic.eq(true))
            .filter(members::Column::ClosedAt.is_null());
        let sort = Sort {
            column: members::Column::Name,
            id: members::Column::Id,
            is_descending: false,
        };
        let key = |row: &members::Model| (Key::Text(row.name.clone()), row.id);
        let page = page::fetch(self, select, request, sort, &("public_members", unit), key).await?;
        let ids: Vec<Uuid> = page.items.iter().map(|row| row.id).collect();
        let mut held = holdings(self.read(), region, &ids).await?;
        let items = page.items.into_iter().map(|row| {
            let holding = held.remove(&row.id);
            let member = to_domain(row, holding);
            let fields = member.fields;
            PublicMember {
                name: fields.name,
                name_en: fields.name_en,
                post: fields.post,
                post_en: fields.post_en,
                is_shown_as_party_member: member.card.shows_party && fields.is_party_member,
            }
        });
        Ok(Page {
            items: items.collect(),
            next_cursor: page.next_cursor,
            total: page.total,
        })
    }
}
