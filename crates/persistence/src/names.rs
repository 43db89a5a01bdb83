//! Names of units and members, to be shown beside their ids, and the path of a unit in the tree.

use std::collections::HashMap;

use liangnuo_domain::{MemberId, RegionId, UnitId};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, Iterable, QueryFilter, QueryOrder, QuerySelect};
use uuid::Uuid;

use crate::{
    db::Store,
    entity::{members, unit_closure, units},
    error::StoreError,
    join::join_in_order,
};

/// A unit by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitName {
    /// Its id.
    pub id: UnitId,
    /// In Chinese.
    pub name: String,
    /// In English.
    pub name_en: Option<String>,
}

/// A member by name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MemberName {
    /// Their id.
    pub id: MemberId,
    /// In Chinese.
    pub name: String,
    /// In Latin letters.
    pub name_en: Option<String>,
}

/// Ids in one query; beyond that the list is cut into several.
const CHUNK: usize = 1_000;

/// From the root to the unit itself; empty for an unknown unit.
pub(crate) async fn unit_path(
    conn: &impl ConnectionTrait,
    region: RegionId,
    unit: UnitId,
) -> Result<Vec<UnitId>, StoreError> {
    Ok(unit_closure::Entity::find()
        .filter(unit_closure::Column::RegionId.eq(region.0))
        .filter(unit_closure::Column::DescendantId.eq(unit.0))
        .order_by_desc(unit_closure::Column::Depth)
        .all(conn)
        .await?
        .into_iter()
        .map(|row| UnitId(row.ancestor_id))
        .collect())
}

impl Store {
    /// The path of a unit as by [`unit_path`], with names.
    pub(crate) async fn unit_line(&self, region: RegionId, unit: UnitId) -> Result<Vec<UnitName>, StoreError> {
        use unit_closure::Column as Closure;
        let same = [
            (units::Column::RegionId, Closure::RegionId),
            (units::Column::Id, Closure::AncestorId),
        ];
        let line = unit_closure::Entity::find()
            .select_only()
            .columns(units::Column::iter())
            .filter(Closure::RegionId.eq(region.0))
            .filter(Closure::DescendantId.eq(unit.0));
        Ok(join_in_order(line, units::Entity, same)
            .order_by_desc(Closure::Depth)
            .into_model::<units::Model>()
            .all(self.read())
            .await?
            .into_iter()
            .map(UnitName::from)
            .collect())
    }
}

impl From<units::Model> for UnitName {
    fn from(row: units::Model) -> Self {
        Self {
            id: UnitId(row.id),
            name: row.name,
            name_en: row.name_en,
        }
    }
}

/// The paths of many units at once, each as by [`unit_path`].
pub(crate) async fn unit_paths(
    conn: &impl ConnectionTrait,
    region: RegionId,
    units: impl IntoIterator<Item = UnitId>,
) -> Result<HashMap<UnitId, Vec<UnitId>>, StoreError> {
    let mut paths: HashMap<UnitId, Vec<UnitId>> = HashMap::new();
    for chunk in distinct(units.into_iter().map(|id| id.0)).chunks(CHUNK) {
        let rows = unit_closure::Entity::find()
            .filter(unit_closure::Column::RegionId.eq(region.0))
            .filter(unit_closure::Column::DescendantId.is_in(chunk.iter().copied()))
            .order_by_desc(unit_closure::Column::Depth)
            .all(conn)
            .await?;
        for row in rows {
            let path = paths.entry(UnitId(row.descendant_id)).or_default();
            path.push(UnitId(row.ancestor_id));
        }
    }
    Ok(paths)
}

fn distinct(ids: impl IntoIterator<Item = Uuid>) -> Vec<Uuid> {
    let mut ids: Vec<Uuid> = ids.into_iter().collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

impl Store {
    /// The names of units; unknown ids are left out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn unit_names(
        &self,
        region: RegionId,
        ids: impl IntoIterator<Item = UnitId>,
    ) -> Result<HashMap<UnitId, UnitName>, StoreError> {
        let mut names = HashMap::new();
        for chunk in distinct(ids.into_iter().map(|id| id.0)).chunks(CHUNK) {
            let rows = units::Entity::find()
                .filter(units::Column::RegionId.eq(region.0))
                .filter(units::Column::Id.is_in(chunk.iter().copied()))
                .all(self.read())
                .await?;
            names.extend(rows.into_iter().map(|row| (UnitId(row.id), UnitName::from(row))));
        }
        Ok(names)
    }

    /// The names of members; unknown ids are left out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn member_names(
        &self,
        region: RegionId,
        ids: impl IntoIterator<Item = MemberId>,
    ) -> Result<HashMap<MemberId, MemberName>, StoreError> {
        let mut names = HashMap::new();
        for chunk in distinct(ids.into_iter().map(|id| id.0)).chunks(CHUNK) {
            let rows = members::Entity::find()
                .filter(members::Column::RegionId.eq(region.0))
                .filter(members::Column::Id.is_in(chunk.iter().copied()))
                .all(self.read())
                .await?;
            names.extend(rows.into_iter().map(|row| {
                let id = MemberId(row.id);
                (
                    id,
                    MemberName {
                        id,
                        name: row.name,
                        name_en: row.name_en,
                    },
                )
            }));
        }
        Ok(names)
    }
}
