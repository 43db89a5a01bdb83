//! The names of what the log mentions, looked up for a page at once.

use std::collections::HashMap;

use liangnuo_domain::{ComplaintId, MemberId, RegionId, UnitId, events::Subject};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{
    facts::{Fact, FactValue},
    lists::LoggedEvent,
    scope::Scope,
};
use crate::{
    db::Store,
    entity::{accounts, categories, complaints, imports, reply_templates},
    error::StoreError,
    names::{MemberName, UnitName},
};

/// Names of what is mentioned in events. What a caller is not told has none.
#[derive(Clone, Debug, Default)]
pub struct EventNames {
    /// Units.
    pub units: HashMap<UnitId, UnitName>,
    /// Members.
    pub members: HashMap<MemberId, MemberName>,
    /// Numbers of cases.
    pub cases: HashMap<ComplaintId, String>,
    /// Whose accounts are.
    pub holders: HashMap<Uuid, MemberId>,
    /// Names of categories, templates and files.
    pub others: HashMap<Uuid, Named>,
}

/// A name of something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// In Chinese.
    pub name: String,
    /// In English.
    pub name_en: Option<String>,
}

impl Named {
    const fn in_chinese(name: String) -> Self {
        Self { name, name_en: None }
    }
}

/// What a page mentions.
#[derive(Default)]
struct Mentioned {
    units: Vec<UnitId>,
    members: Vec<MemberId>,
    cases: Vec<Uuid>,
    categories: Vec<Uuid>,
    templates: Vec<Uuid>,
    imports: Vec<Uuid>,
    accounts: Vec<Uuid>,
}

impl Mentioned {
    fn in_all(events: &[LoggedEvent]) -> Self {
        let mut found = Self::default();
        for event in events {
            found.units.extend(event.unit);
            found.members.extend(event.actor.into_iter().chain(event.acting_for));
            let (id, is_told_all) = (event.subject, event.is_told_all);
            match event.action.subject() {
                Subject::Complaints if is_told_all => found.cases.push(id),
                Subject::ReplyTemplates if is_told_all => found.templates.push(id),
                Subject::Imports if is_told_all => found.imports.push(id),
                Subject::Units => found.units.push(UnitId(id)),
                Subject::Members => found.members.push(MemberId(id)),
                Subject::Categories => found.categories.push(id),
                Subject::Accounts => found.accounts.push(id),
                Subject::Complaints
                | Subject::ReplyTemplates
                | Subject::Imports
                | Subject::Calendars
                | Subject::Exports
                | Subject::LogVerifications
                | Subject::PhoneLookUps
                | Subject::RoleGrants
                | Subject::SavedViews
                | Subject::Settings
                | Subject::VaultKeys => {}
            }
            for Fact { before, value, .. } in &event.facts {
                for mentioned in [before, value].into_iter().flatten() {
                    found.add(mentioned);
                }
            }
        }
        found
    }

    fn add(&mut self, mentioned: &FactValue) {
        match mentioned {
            FactValue::Unit(id) => self.units.push(*id),
            FactValue::Member(id) => self.members.push(*id),
            FactValue::Case(id) => self.cases.push(id.0),
            FactValue::Category(id) => self.categories.push(id.0),
            FactValue::Text(_) => {}
        }
    }
}

impl Store {
    /// The names of what events mention. A case has none unless the caller is told everything of it.
    pub(super) async fn names_in_log(
        &self,
        region: RegionId,
        told: &Scope,
        events: &[LoggedEvent],
    ) -> Result<EventNames, StoreError> {
        let mut mentioned = Mentioned::in_all(events);
        let holders = self.holders(region, mentioned.accounts).await?;
        mentioned.members.extend(holders.values());
        let mut others = self.categories_named(region, mentioned.categories).await?;
        others.extend(self.templates_named(region, mentioned.templates).await?);
        others.extend(self.files_named(region, mentioned.imports).await?);
        Ok(EventNames {
            units: self.unit_names(region, mentioned.units).await?,
            members: self.member_names(region, mentioned.members).await?,
            cases: self.case_numbers(told, mentioned.cases).await?,
            holders,
            others,
        })
    }

    async fn holders(&self, region: RegionId, ids: Vec<Uuid>) -> Result<HashMap<Uuid, MemberId>, StoreError> {
        use accounts::{Column, Entity};
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(Uuid, Uuid)> = Entity::find()
            .select_only()
            .columns([Column::Id, Column::MemberId])
            .filter(Column::RegionId.eq(region.0))
            .filter(Column::Id.is_in(ids))
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(|(id, holder)| (id, MemberId(holder))).collect())
    }

    async fn case_numbers(&self, told: &Scope, ids: Vec<Uuid>) -> Result<HashMap<ComplaintId, String>, StoreError> {
        use complaints::{Column, Entity};
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(Uuid, String)> = Entity::find()
            .select_only()
            .columns([Column::Id, Column::Number])
            .filter(told.cases())
            .filter(Column::Id.is_in(ids))
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(rows.into_iter().map(|(id, number)| (ComplaintId(id), number)).collect())
    }

    async fn categories_named(&self, region: RegionId, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Named>, StoreError> {
        use categories::{Column, Entity};
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(Uuid, String, Option<String>)> = Entity::find()
            .select_only()
            .columns([Column::Id, Column::Name, Column::NameEn])
            .filter(Column::RegionId.eq(region.0))
            .filter(Column::Id.is_in(ids))
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(rows
            .into_iter()
            .map(|(id, name, name_en)| (id, Named { name, name_en }))
            .collect())
    }

    async fn templates_named(&self, region: RegionId, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Named>, StoreError> {
        use reply_templates::{Column, Entity};
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(Uuid, String)> = Entity::find()
            .select_only()
            .columns([Column::Id, Column::Name])
            .filter(Column::RegionId.eq(region.0))
            .filter(Column::Id.is_in(ids))
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(rows
            .into_iter()
            .map(|(id, name)| (id, Named::in_chinese(name)))
            .collect())
    }

    async fn files_named(&self, region: RegionId, ids: Vec<Uuid>) -> Result<HashMap<Uuid, Named>, StoreError> {
        use imports::{Column, Entity};
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let rows: Vec<(Uuid, String)> = Entity::find()
            .select_only()
            .columns([Column::Id, Column::FileName])
            .filter(Column::RegionId.eq(region.0))
            .filter(Column::Id.is_in(ids))
            .into_tuple()
            .all(self.read())
            .await?;
        Ok(rows
            .into_iter()
            .map(|(id, name)| (id, Named::in_chinese(name)))
            .collect())
    }
}
