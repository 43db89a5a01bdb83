//! Templates of texts: who keeps them ready for whose cases, and which fit a case.

use liangnuo_domain::{
    CategoryId, ComplaintId, Invalid, Refusal, RegionId, TemplateId, Timestamp, UnitId,
    complaints::{Kind, ReplyParts},
    error::Message,
    policy::{Action, Resource},
    templates::{Facts, Purpose, TemplateFields},
};
use sea_orm::{
    ActiveValue::Set, ColumnTrait, Condition, DbErr, EntityTrait, QueryFilter, QueryOrder, QuerySelect,
    sea_query::LockType,
};
use serde_json::json;

use crate::{
    callers::Caller,
    categories,
    db::Store,
    entity::{
        categories as category_table,
        reply_templates::{ActiveModel, Column, Entity, Model},
    },
    error::StoreError,
    events::{NewEvent, Subject},
    idempotency::{IdempotencyKey, Replay},
    names::{UnitName, unit_path},
    tx::{By, Tx},
    units,
    visible::{above, below},
};

/// A template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// Its texts and what it is for.
    pub fields: TemplateFields,
    /// For whose cases, by name.
    pub unit: UnitName,
    /// Since when it is no longer offered.
    pub closed_at: Option<Timestamp>,
    /// Whether the caller may change it.
    pub may_edit: bool,
    /// Counts the changes.
    pub version: i64,
}

const fn nonsense(column: &'static str) -> StoreError {
    StoreError::Inconsistent {
        table: "reply_templates",
        column,
    }
}

fn fields_of(row: &Model) -> Result<TemplateFields, StoreError> {
    let kind = row
        .kind
        .as_deref()
        .map(|code| Kind::from_code(code).ok_or(nonsense("kind")));
    Ok(TemplateFields {
        unit: UnitId(row.unit_id),
        purpose: Purpose::from_code(&row.purpose).ok_or(nonsense("purpose"))?,
        category: row.category_id.map(CategoryId),
        kind: kind.transpose()?,
        name: row.name.clone(),
        parts: ReplyParts {
            request: row.request.clone(),
            facts: row.facts.clone(),
            decision: row.decision.clone(),
            basis: row.basis.clone(),
        },
        body: row.body.clone(),
    })
}

fn row(region: RegionId, id: TemplateId, fields: &TemplateFields) -> ActiveModel {
    ActiveModel {
        region_id: Set(region.0),
        id: Set(id.0),
        unit_id: Set(fields.unit.0),
        category_id: Set(fields.category.map(|id| id.0)),
        kind: Set(fields.kind.map(|kind| kind.code().to_owned())),
        purpose: Set(fields.purpose.code().to_owned()),
        name: Set(fields.name.clone()),
        request: Set(fields.parts.request.clone()),
        facts: Set(fields.parts.facts.clone()),
        decision: Set(fields.parts.decision.clone()),
        basis: Set(fields.parts.basis.clone()),
        body: Set(fields.body.clone()),
        ..ActiveModel::default()
    }
}

fn taken(error: DbErr) -> StoreError {
    if StoreError::is_unique_violation(&error) {
        StoreError::Taken { pointer: "/name" }
    } else {
        error.into()
    }
}

/// The right to keep templates for a unit's cases, and a unit and category that exist.
async fn check(tx: &mut Tx, by: &Caller, fields: &TemplateFields) -> Result<(), StoreError> {
    let region = by.actor.region;
    let path = unit_path(tx.conn(), region, fields.unit).await?;
    let is_allowed = tx
        .must(by, Action::EditTemplates, Resource::Unit { path: &path })
        .is_ok();
    let mut found = Invalid::default();
    if !is_allowed || units::hold_open(tx, region, fields.unit).await?.is_none() {
        found.take::<()>(Err(Invalid::one(
            "/unit_id",
            "unknown_unit",
            "找不到这个单位，或它不在您的管理范围内。",
            "There is no such unit, or it is outside your scope.",
        )));
    }
    if let Some(category) = fields.category
        && category_table::Entity::find_by_id((region.0, category.0))
            .one(tx.conn())
            .await?
            .is_none()
    {
        found.take::<()>(Err(Invalid::one(
            "/category_id",
            "unknown_category",
            "找不到这个分类，请重新选择。",
            "There is no such category. Choose another one.",
        )));
    }
    Ok(found.finish()?)
}

/// The templates of the caller's units, and of those above and below: the only ones that they may know of.
fn within(caller: &Caller) -> Condition {
    let region = caller.actor.region;
    let mine = caller.actor.units_of(liangnuo_domain::policy::CASE_READERS);
    Condition::any()
        .add(Column::UnitId.in_subquery(above(region, &mine)))
        .add(Column::UnitId.in_subquery(below(region, &mine)))
}

/// Loads a template for a change: hidden from whoever has no case it could be for, and in the version that was read.
async fn open_template(tx: &mut Tx, by: &Caller, id: TemplateId, expected: i64) -> Result<Model, StoreError> {
    let region = by.actor.region;
    let found = Entity::find_by_id((region.0, id.0))
        .filter(within(by))
        .lock(LockType::Update)
        .one(tx.conn())
        .await?
        .ok_or(StoreError::NotFound)?;
    let path = unit_path(tx.conn(), region, UnitId(found.unit_id)).await?;
    tx.must(by, Action::EditTemplates, Resource::Unit { path: &path })?;
    if found.version != expected {
        return Err(StoreError::Stale { current: found.version });
    }
    Ok(found)
}

fn record(tx: &mut Tx, region: RegionId, id: TemplateId, code: &'static str, fields: &TemplateFields) {
    let detail = json!({"name": fields.name, "purpose": fields.purpose.code(), "unit": fields.unit});
    tx.record(NewEvent::new(region, Subject::ReplyTemplates, id.0, code, detail).in_unit(fields.unit));
}

impl Store {
    /// The templates for cases of the caller's units: their own, those of units above and below.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who writes nothing to complainants.
    pub async fn list_templates(&self, caller: &Caller, include_closed: bool) -> Result<Vec<Template>, StoreError> {
        caller.must(Action::ReadTemplates, Resource::Any)?;
        let region = caller.actor.region;
        let mut select = Entity::find()
            .filter(Column::RegionId.eq(region.0))
            .filter(within(caller));
        if !include_closed {
            select = select.filter(Column::ClosedAt.is_null());
        }
        let rows = select
            .order_by_asc(Column::Purpose)
            .order_by_asc(Column::Name)
            .order_by_asc(Column::Id)
            .limit(1_000)
            .all(self.read())
            .await?;
        self.templates_of(caller, rows).await
    }

    /// The templates that fit a case the caller may see, filled with its facts: those for its category first, then those
    /// for the categories above, then those for all; the nearest unit's before the county's.
    ///
    /// # Errors
    /// As [`Store::case`].
    pub async fn templates_for(
        &self,
        caller: &Caller,
        id: ComplaintId,
        now: Timestamp,
    ) -> Result<Vec<Template>, StoreError> {
        // Texts that are filled with its facts: that is reading it.
        let detail = self.read_case(caller, id, now).await?;
        let (case, region) = (&detail.complaint, caller.actor.region);
        let line = categories::line(self.read(), region, case.category).await?;
        let path = unit_path(self.read(), region, case.unit).await?;
        let category = Condition::any()
            .add(Column::CategoryId.is_null())
            .add(Column::CategoryId.is_in(line.iter().map(|id| id.0)));
        let kind = Condition::any()
            .add(Column::Kind.is_null())
            .add(Column::Kind.eq(case.kind.code()));
        let rows = Entity::find()
            .filter(Column::RegionId.eq(region.0))
            .filter(Column::ClosedAt.is_null())
            .filter(Column::UnitId.is_in(path.iter().map(|unit| unit.0)))
            .filter(category)
            .filter(kind)
            .order_by_asc(Column::Name)
            .limit(200)
            .all(self.read())
            .await?;
        let mut templates = self.templates_of(caller, rows).await?;
        let facts = Facts {
            number: case.number.clone(),
            title: case.title.clone(),
            unit: detail
                .units
                .get(&case.unit)
                .map(|unit| unit.name.clone())
                .unwrap_or_default(),
            received_on: case.received_at.day(),
            due_on: detail.dues.first().map(|due| due.due_on),
        };
        for template in &mut templates {
            template.fields.parts = facts.fill_parts(&template.fields.parts);
            template.fields.body = facts.fill(&template.fields.body);
        }
        let far = usize::MAX;
        templates.sort_by_key(|template| {
            let category = template.fields.category;
            let by_category = category.and_then(|id| line.iter().position(|known| *known == id));
            let by_unit = path.iter().rev().position(|unit| *unit == template.fields.unit);
            (
                by_category.unwrap_or(far),
                template.fields.kind.is_none(),
                by_unit.unwrap_or(far),
            )
        });
        Ok(templates)
    }

    /// Keeps a new template.
    ///
    /// # Errors
    /// Forbidden, a unit outside the caller's scope, a name that is taken, fields that can't be taken.
    pub async fn create_template(
        &self,
        caller: Caller,
        key: IdempotencyKey,
        fields: TemplateFields,
        now: Timestamp,
    ) -> Result<(Template, bool), StoreError> {
        caller.must(Action::EditTemplates, Resource::Any)?;
        let by = caller.clone();
        let region = caller.actor.region;
        let (id, is_replay) = self
            .write(move |writer| async move {
                let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
                let id = TemplateId(tx.ids().v7(now));
                if let Replay::Done(known) = key.claim(&tx, id.0).await? {
                    tx.rollback().await?;
                    return Ok((TemplateId(known), true));
                }
                let fields = fields.parse()?;
                check(&mut tx, &by, &fields).await?;
                let new = ActiveModel {
                    created_at: Set(now.micros()),
                    closed_at: Set(None),
                    version: Set(1),
                    ..row(region, id, &fields)
                };
                Entity::insert(new)
                    .exec_without_returning(tx.conn())
                    .await
                    .map_err(taken)?;
                record(&mut tx, region, id, "created", &fields);
                tx.commit().await?;
                Ok((id, false))
            })
            .await?;
        Ok((self.template(&caller, id).await?, is_replay))
    }

    /// Changes a template. `patch` makes the new fields out of the old.
    ///
    /// # Errors
    /// Not found, forbidden, stale, closed, fields that can't be taken.
    pub async fn edit_template(
        &self,
        caller: Caller,
        id: TemplateId,
        expected: i64,
        patch: impl FnOnce(TemplateFields) -> TemplateFields + Send + 'static,
        now: Timestamp,
    ) -> Result<Template, StoreError> {
        let by = caller.clone();
        let region = caller.actor.region;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let before = open_template(&mut tx, &by, id, expected).await?;
            let old = fields_of(&before)?;
            let fields = patch(old.clone()).parse()?;
            if before.closed_at.is_some() {
                return Err(Refusal::NotReady(Message::new(
                    "模板已停用，不能再修改。",
                    "The template is closed and can't be changed.",
                ))
                .into());
            }
            if fields == old {
                return tx.rollback().await;
            }
            check(&mut tx, &by, &fields).await?;
            let next = ActiveModel {
                version: Set(before.version + 1),
                ..row(region, id, &fields)
            };
            Entity::update(next).exec(tx.conn()).await.map_err(taken)?;
            record(&mut tx, region, id, "edited", &fields);
            tx.commit().await
        })
        .await?;
        self.template(&caller, id).await
    }

    /// Offers a template no longer.
    ///
    /// # Errors
    /// Not found, forbidden, stale.
    pub async fn close_template(
        &self,
        caller: Caller,
        id: TemplateId,
        expected: i64,
        now: Timestamp,
    ) -> Result<Template, StoreError> {
        let by = caller.clone();
        let region = caller.actor.region;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(By::Member(by.actor.member), now).await?;
            let before = open_template(&mut tx, &by, id, expected).await?;
            if before.closed_at.is_some() {
                return tx.rollback().await;
            }
            let fields = fields_of(&before)?;
            let next = ActiveModel {
                region_id: Set(region.0),
                id: Set(id.0),
                closed_at: Set(Some(now.micros())),
                version: Set(before.version + 1),
                ..ActiveModel::default()
            };
            Entity::update(next).exec(tx.conn()).await?;
            record(&mut tx, region, id, "closed", &fields);
            tx.commit().await
        })
        .await?;
        self.template(&caller, id).await
    }

    async fn template(&self, caller: &Caller, id: TemplateId) -> Result<Template, StoreError> {
        let found = Entity::find_by_id((caller.actor.region.0, id.0))
            .one(self.read())
            .await?;
        let rows = found.into_iter().collect();
        self.templates_of(caller, rows).await?.pop().ok_or(StoreError::NotFound)
    }

    async fn templates_of(&self, caller: &Caller, rows: Vec<Model>) -> Result<Vec<Template>, StoreError> {
        let region = caller.actor.region;
        let ids: Vec<UnitId> = rows.iter().map(|row| UnitId(row.unit_id)).collect();
        let names = self.unit_names(region, ids.iter().copied()).await?;
        let paths = crate::names::unit_paths(self.read(), region, ids).await?;
        rows.into_iter()
            .map(|row| {
                let unit = UnitId(row.unit_id);
                let path = paths.get(&unit).map(Vec::as_slice).unwrap_or_default();
                Ok(Template {
                    id: TemplateId(row.id),
                    fields: fields_of(&row)?,
                    unit: names.get(&unit).cloned().ok_or(nonsense("unit_id"))?,
                    closed_at: row.closed_at.map(Timestamp::from_micros),
                    may_edit: caller.must(Action::EditTemplates, Resource::Unit { path }).is_ok(),
                    version: row.version,
                })
            })
            .collect()
    }
}

/// Keeps many templates at once, for a county that is set up from nothing.
pub(crate) async fn insert_many(tx: &Tx, region: RegionId, templates: Vec<TemplateFields>) -> Result<(), StoreError> {
    if templates.is_empty() {
        return Ok(());
    }
    let mut rows = Vec::with_capacity(templates.len());
    for fields in templates {
        let fields = fields.parse()?;
        rows.push(ActiveModel {
            created_at: Set(tx.now().micros()),
            closed_at: Set(None),
            version: Set(1),
            ..row(region, TemplateId(tx.ids().v7(tx.now())), &fields)
        });
    }
    Entity::insert_many(rows).exec_without_returning(tx.conn()).await?;
    Ok(())
}
