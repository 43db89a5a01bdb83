//! Categories of complaints: three levels, each county its own copy.

use std::collections::HashMap;

use liangnuo_domain::{CategoryId, RegionId};
use sea_orm::{ActiveValue::Set, ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder};

use crate::{
    db::Store,
    entity::categories::{ActiveModel, Column, Entity},
    error::StoreError,
    tx::Tx,
};

/// The default: the education part of a provincial platform's categories. `path,"name in English"` a line.
const DEFAULT: &str = include_str!("../data/categories.csv");

/// A category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    /// Its id.
    pub id: CategoryId,
    /// The one above.
    pub parent: Option<CategoryId>,
    /// In Chinese.
    pub name: String,
    /// In English.
    pub name_en: Option<String>,
    /// 1 to 3.
    pub depth: i32,
}

/// Gives a county the default categories.
pub(crate) async fn seed(tx: &Tx, region: RegionId) -> Result<(), StoreError> {
    let mut known = HashMap::new();
    let mut rows = Vec::new();
    for (position, line) in DEFAULT.lines().skip(1).enumerate() {
        let (path, name_en) = line
            .split_once(',')
            .ok_or(StoreError::Bug("a default category has no name"))?;
        let (above, name) = path
            .rsplit_once('/')
            .map_or((None, path), |(above, name)| (Some(above), name));
        let id = tx.ids().v7(tx.now());
        known.insert(path, id);
        rows.push(ActiveModel {
            region_id: Set(region.0),
            id: Set(id),
            parent_id: Set(above.and_then(|above| known.get(above).copied())),
            name: Set(name.to_owned()),
            name_en: Set(Some(name_en.trim_matches('"').to_owned())),
            depth: Set(i32::try_from(path.split('/').count()).unwrap_or(1)),
            position: Set(i32::try_from(position).unwrap_or(i32::MAX)),
            closed_at: Set(None),
        });
    }
    Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
    Ok(())
}

/// The open categories by name, where the name is one category's alone.
pub(crate) async fn by_name(
    conn: &impl ConnectionTrait,
    region: RegionId,
) -> Result<HashMap<String, Option<CategoryId>>, StoreError> {
    let mut names: HashMap<String, Option<CategoryId>> = HashMap::new();
    for row in open(conn, region).await? {
        names
            .entry(row.name)
            .and_modify(|id| *id = None)
            .or_insert(Some(row.id));
    }
    Ok(names)
}

async fn open(conn: &impl ConnectionTrait, region: RegionId) -> Result<Vec<Category>, StoreError> {
    let rows = Entity::find()
        .filter(Column::RegionId.eq(region.0))
        .filter(Column::ClosedAt.is_null())
        .order_by_asc(Column::Position)
        .all(conn)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| Category {
            id: CategoryId(row.id),
            parent: row.parent_id.map(CategoryId),
            name: row.name,
            name_en: row.name_en,
            depth: row.depth,
        })
        .collect())
}

impl Store {
    /// A county's open categories, parents before children.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list_categories(&self, region: RegionId) -> Result<Vec<Category>, StoreError> {
        open(self.read(), region).await
    }
}
