//! Categories of complaints: three levels, each county its own copy.

use std::collections::HashMap;

use liangnuo_domain::{
    CategoryId, Invalid, Refusal, RegionId, Timestamp, UnitId,
    categories::{self as rules, Category, CategoryFields},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, ConnectionTrait, DbErr, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder,
    QuerySelect, sea_query::LockType,
};
use serde_json::json;

use crate::{
    callers::Caller,
    db::Store,
    entity::categories::{ActiveModel, Column, Entity, Model},
    error::StoreError,
    events::{NewEvent, Subject},
    idempotency::{IdempotencyKey, Replay},
    tx::Tx,
};

/// The default: the education part of a provincial platform's categories. `path,"name in English"` a line.
const DEFAULT: &str = include_str!("../data/categories.csv");

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
            version: Set(1),
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
    for row in all(conn, region, false).await? {
        names
            .entry(row.name)
            .and_modify(|id| *id = None)
            .or_insert(Some(row.id));
    }
    Ok(names)
}

impl Store {
    /// The open categories of a county by their path from the top, such as `教育文体/教育收费`.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn category_paths(&self, region: RegionId) -> Result<HashMap<String, CategoryId>, StoreError> {
        let mut paths: HashMap<CategoryId, String> = HashMap::new();
        // Parents come before children.
        for category in all(self.read(), region, false).await? {
            let above = category.parent.and_then(|parent| paths.get(&parent));
            let path = above.map_or_else(|| category.name.clone(), |above| format!("{above}/{}", category.name));
            paths.insert(category.id, path);
        }
        Ok(paths.into_iter().map(|(id, path)| (path, id)).collect())
    }
}

fn to_domain(row: Model) -> Category {
    Category {
        id: CategoryId(row.id),
        region: UnitId(row.region_id),
        parent: row.parent_id.map(CategoryId),
        name: row.name,
        name_en: row.name_en,
        depth: row.depth,
        position: row.position,
        closed_at: row.closed_at.map(Timestamp::from_micros),
        version: row.version,
    }
}

/// By level, then in the county's order: parents come before children.
async fn all(conn: &impl ConnectionTrait, region: RegionId, include_closed: bool) -> Result<Vec<Category>, StoreError> {
    let mut select = Entity::find().filter(Column::RegionId.eq(region.0));
    if !include_closed {
        select = select.filter(Column::ClosedAt.is_null());
    }
    let rows = select
        .order_by_asc(Column::Depth)
        .order_by_asc(Column::Position)
        .order_by_asc(Column::Id)
        .all(conn)
        .await?;
    Ok(in_order(rows.into_iter().map(to_domain).collect()))
}

/// Each category before those below it, siblings in their order.
fn in_order(categories: Vec<Category>) -> Vec<Category> {
    let mut below: HashMap<Option<CategoryId>, Vec<Category>> = HashMap::new();
    for category in categories {
        below.entry(category.parent).or_default().push(category);
    }
    let mut out = Vec::new();
    let mut waiting: Vec<Category> = below.remove(&None).unwrap_or_default();
    waiting.reverse();
    while let Some(category) = waiting.pop() {
        let mut children = below.remove(&Some(category.id)).unwrap_or_default();
        children.reverse();
        out.push(category);
        waiting.append(&mut children);
    }
    out
}

/// Loads a category that nobody else changes until the transaction ends.
async fn load(tx: &Tx, region: RegionId, id: CategoryId) -> Result<Option<Category>, StoreError> {
    let row = Entity::find_by_id((region.0, id.0))
        .lock(LockType::Update)
        .one(tx.conn())
        .await?;
    Ok(row.map(to_domain))
}

async fn open_category(tx: &Tx, by: &Caller, id: CategoryId, expected: i64) -> Result<Category, StoreError> {
    let found = load(tx, by.actor.region, id).await?.ok_or(StoreError::NotFound)?;
    if found.version != expected {
        return Err(StoreError::Stale { current: found.version });
    }
    Ok(found)
}

fn taken(error: DbErr) -> StoreError {
    if StoreError::is_unique_violation(&error) {
        StoreError::Taken { pointer: "/name" }
    } else {
        error.into()
    }
}

fn row(category: &Category) -> ActiveModel {
    ActiveModel {
        region_id: Set(category.region.0),
        id: Set(category.id.0),
        parent_id: Set(category.parent.map(|id| id.0)),
        name: Set(category.name.clone()),
        name_en: Set(category.name_en.clone()),
        depth: Set(category.depth),
        position: Set(category.position),
        closed_at: Set(category.closed_at.map(Timestamp::micros)),
        version: Set(category.version),
    }
}

fn record(tx: &mut Tx, category: &Category, code: &'static str, detail: serde_json::Value) {
    tx.record(NewEvent::new(
        category.region,
        Subject::Categories,
        category.id.0,
        code,
        detail,
    ));
}

/// A change of a category.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CategoryStep {
    /// Names and order.
    Edit(CategoryFields),
    /// No case gets it any more.
    Close,
    /// Cases can get it again.
    Reopen,
}

impl Store {
    /// A county's categories, parents before children.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn list_categories(&self, region: RegionId, include_closed: bool) -> Result<Vec<Category>, StoreError> {
        all(self.read(), region, include_closed).await
    }

    /// Creates a category below another one, or at the top.
    ///
    /// # Errors
    /// Forbidden, a parent that can't hold it, a name that is taken there, fields that can't be taken.
    pub async fn create_category(
        &self,
        caller: Caller,
        key: IdempotencyKey,
        parent: Option<CategoryId>,
        fields: CategoryFields,
        now: Timestamp,
    ) -> Result<(Category, bool), StoreError> {
        let region = caller.actor.region;
        let (id, is_replay) = self
            .write(move |writer| async move {
                let doer = caller.must_edit_settings()?;
                let mut tx = writer.begin_write(doer.into(), now).await?;
                let id = CategoryId(tx.ids().v7(now));
                if let Replay::Done(known) = key.claim(&tx, id.0).await? {
                    tx.rollback().await?;
                    return Ok((CategoryId(known), true));
                }
                let above = match parent {
                    None => None,
                    Some(parent) => Some(load(&tx, region, parent).await?.ok_or_else(unknown_parent)?),
                };
                let depth = rules::level_below(above.as_ref())?;
                let CategoryFields {
                    name,
                    name_en,
                    position,
                } = fields.parse()?;
                let category = Category {
                    id,
                    region,
                    parent,
                    name,
                    name_en,
                    depth,
                    position,
                    closed_at: None,
                    version: 1,
                };
                Entity::insert(row(&category))
                    .exec_without_returning(tx.conn())
                    .await
                    .map_err(taken)?;
                let detail = json!({"name": category.name, "parent": parent});
                record(&mut tx, &category, "created", detail);
                tx.commit().await?;
                Ok((id, false))
            })
            .await?;
        Ok((self.category(region, id).await?, is_replay))
    }

    /// Changes, closes or reopens a category. Cases that have it keep it.
    ///
    /// # Errors
    /// Not found, forbidden, stale, refused by the rules, a name that is taken.
    pub async fn step_category(
        &self,
        caller: Caller,
        id: CategoryId,
        expected: i64,
        patch: impl FnOnce(&Category) -> CategoryStep + Send + 'static,
        now: Timestamp,
    ) -> Result<Category, StoreError> {
        let region = caller.actor.region;
        self.write(move |writer| async move {
            let doer = caller.must_edit_settings()?;
            let mut tx = writer.begin_write(doer.into(), now).await?;
            let before = open_category(&tx, &caller, id, expected).await?;
            let (mut next, code) = take(&tx, &before, patch(&before), now).await?;
            if next == before {
                return tx.rollback().await;
            }
            next.version = before.version + 1;
            Entity::update(row(&next)).exec(tx.conn()).await.map_err(taken)?;
            let detail = json!({"name": next.name, "before": before.name, "position": next.position});
            record(&mut tx, &next, code, detail);
            tx.commit().await
        })
        .await?;
        self.category(region, id).await
    }

    /// One category.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub async fn category(&self, region: RegionId, id: CategoryId) -> Result<Category, StoreError> {
        let row = Entity::find_by_id((region.0, id.0)).one(self.read()).await?;
        row.map(to_domain).ok_or(StoreError::NotFound)
    }
}

async fn take(
    tx: &Tx,
    before: &Category,
    step: CategoryStep,
    now: Timestamp,
) -> Result<(Category, &'static str), StoreError> {
    let refused = |refusal: Refusal| StoreError::from(refusal);
    match step {
        CategoryStep::Edit(fields) => Ok((rules::edit(before, fields).map_err(refused)?, "edited")),
        CategoryStep::Close => {
            let open_below = Entity::find()
                .filter(Column::RegionId.eq(before.region.0))
                .filter(Column::ParentId.eq(before.id.0))
                .filter(Column::ClosedAt.is_null())
                .count(tx.conn())
                .await?;
            Ok((rules::close(before, open_below > 0, now).map_err(refused)?, "closed"))
        }
        CategoryStep::Reopen => {
            let parent = match before.parent {
                Some(parent) => load(tx, before.region, parent).await?,
                None => None,
            };
            Ok((rules::reopen(before, parent.as_ref()).map_err(refused)?, "reopened"))
        }
    }
}

fn unknown_parent() -> StoreError {
    Invalid::one(
        "/parent_id",
        "unknown_category",
        "找不到上级分类。",
        "There is no such category above.",
    )
    .into()
}

/// A category with those above it, from itself to the top: what a template for one of them fits.
pub(crate) async fn line(
    conn: &impl ConnectionTrait,
    region: RegionId,
    category: Option<CategoryId>,
) -> Result<Vec<CategoryId>, StoreError> {
    let mut line = Vec::new();
    let mut next = category;
    while let Some(id) = next {
        let Some(row) = Entity::find_by_id((region.0, id.0)).one(conn).await? else {
            break;
        };
        line.push(id);
        next = row.parent_id.map(CategoryId);
    }
    Ok(line)
}
