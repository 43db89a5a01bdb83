//! Templates of the texts that the desk writes.

use actix_web::{get, patch, post, web};
use chrono::{DateTime, Utc};
use liangnuo_domain::{CategoryId, ComplaintId, TemplateId, UnitId, complaints::ReplyParts, templates::TemplateFields};
use liangnuo_persistence::templates::Template;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::common::{ComplaintKind, TemplatePurpose, UnitRef, instant};
use crate::{
    answer::Versioned,
    caller::Caller,
    extract::{Body, IdempotencyHeader, IfMatch, Patch},
    problem::Problem,
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_reply_templates)
        .service(create_reply_template)
        .service(update_reply_template)
        .service(close_reply_template)
        .service(list_complaint_templates);
}

/// A template of a text.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplyTemplate {
    /// Its id.
    pub id: Uuid,
    /// For whose cases: those of this unit and all below it.
    pub unit: UnitRef,
    /// For which step.
    pub purpose: TemplatePurpose,
    /// For cases of this category or one below it; null for all.
    #[schema(required)]
    pub category_id: Option<Uuid>,
    /// For cases of this kind; null for all.
    #[schema(required)]
    pub kind: Option<ComplaintKind>,
    /// How the desk calls it.
    pub name: String,
    /// Of a reply: what the complainant asked.
    pub request: String,
    /// Of a reply: what was found.
    pub facts: String,
    /// Of a reply: what is decided and done.
    pub decision: String,
    /// Of a reply: what it rests on.
    pub basis: String,
    /// The text of any other step.
    pub body: String,
    /// Since when it is no longer offered.
    #[schema(required)]
    pub closed_at: Option<DateTime<Utc>>,
    /// The caller may change it.
    pub may_edit: bool,
    /// Counts the changes; the ETag is `"v<version>"`.
    pub version: i64,
}

impl From<Template> for ReplyTemplate {
    fn from(template: Template) -> Self {
        let TemplateFields {
            unit: _,
            purpose,
            category,
            kind,
            name,
            parts,
            body,
        } = template.fields;
        Self {
            id: template.id.0,
            unit: template.unit.into(),
            purpose: purpose.into(),
            category_id: category.map(|id| id.0),
            kind: kind.map(Into::into),
            name,
            request: parts.request,
            facts: parts.facts,
            decision: parts.decision,
            basis: parts.basis,
            body,
            closed_at: template.closed_at.map(instant),
            may_edit: template.may_edit,
            version: template.version,
        }
    }
}

fn answer(template: Template) -> Versioned<ReplyTemplate> {
    Versioned::new(template.version, template.into())
}

/// Templates.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReplyTemplateList {
    /// A thousand at most.
    pub items: Vec<ReplyTemplate>,
}

/// Which templates are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListReplyTemplatesQuery {
    /// Closed ones too.
    pub include_closed: Option<bool>,
}

/// List templates
///
/// Those for cases of the caller's units, of units above and below, by purpose and name. `{number}`, `{title}`, `{unit}`,
/// `{received}` and `{due}`, or `{编号}`, `{标题}`, `{单位}`, `{收到日期}` and `{到期日}`, stand for the case's. Permissions: handler,
/// unit_head, leader, campaign_office, inspector.
#[utoipa::path(
    tag = "reply-templates",
    params(ListReplyTemplatesQuery),
    responses((status = 200, description = "The templates", body = ReplyTemplateList)),
    security(("bearer" = []))
)]
#[get("/reply-templates")]
pub async fn list_reply_templates(
    caller: Caller,
    query: web::Query<ListReplyTemplatesQuery>,
    state: web::Data<AppState>,
) -> Result<web::Json<ReplyTemplateList>, Problem> {
    let include_closed = query.include_closed.unwrap_or(false);
    let found = state.store.list_templates(&caller, include_closed).await?;
    Ok(web::Json(ReplyTemplateList {
        items: found.into_iter().map(Into::into).collect(),
    }))
}

/// List the templates that fit a complaint
///
/// Filled with the case's facts; the closest category first. Permissions: whoever sees the case.
#[utoipa::path(
    tag = "reply-templates",
    params(("complaint_id" = Uuid, Path, description = "The case")),
    responses((status = 200, description = "The templates, filled", body = ReplyTemplateList)),
    security(("bearer" = []))
)]
#[get("/complaints/{complaint_id}/templates")]
pub async fn list_complaint_templates(
    caller: Caller,
    id: web::Path<Uuid>,
    state: web::Data<AppState>,
) -> Result<web::Json<ReplyTemplateList>, Problem> {
    let found = state
        .store
        .templates_for(&caller, ComplaintId(*id), state.clock.now())
        .await?;
    Ok(web::Json(ReplyTemplateList {
        items: found.into_iter().map(Into::into).collect(),
    }))
}

/// A new template.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateReplyTemplate {
    /// For whose cases: those of this unit and all below it.
    pub unit_id: Uuid,
    /// For which step.
    pub purpose: TemplatePurpose,
    /// For cases of this category or one below it.
    pub category_id: Option<Uuid>,
    /// For cases of this kind.
    pub kind: Option<ComplaintKind>,
    /// How the desk calls it.
    #[schema(min_length = 1, max_length = 60)]
    pub name: String,
    /// Of a reply: what the complainant asked.
    #[schema(max_length = 10000)]
    pub request: Option<String>,
    /// Of a reply: what was found.
    #[schema(max_length = 10000)]
    pub facts: Option<String>,
    /// Of a reply: what is decided and done.
    #[schema(max_length = 10000)]
    pub decision: Option<String>,
    /// Of a reply: what it rests on.
    #[schema(max_length = 10000)]
    pub basis: Option<String>,
    /// The text of any other step.
    #[schema(max_length = 2000)]
    pub body: Option<String>,
}

/// Create a template
///
/// For a reply with one part at least, for any other step with a text. Permissions: unit_head within the own subtree,
/// campaign_office.
#[utoipa::path(
    tag = "reply-templates",
    params(IdempotencyHeader),
    request_body = CreateReplyTemplate,
    responses((status = 201, description = "Created", body = ReplyTemplate, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/reply-templates")]
pub async fn create_reply_template(
    caller: Caller,
    key: IdempotencyHeader,
    body: Body<CreateReplyTemplate>,
    state: web::Data<AppState>,
) -> Result<Versioned<ReplyTemplate>, Problem> {
    let key = key.of(caller.key_owner(), "create_reply_template", &body.digest);
    let new = body.value;
    let fields = TemplateFields {
        unit: UnitId(new.unit_id),
        purpose: new.purpose.into(),
        category: new.category_id.map(CategoryId),
        kind: new.kind.map(Into::into),
        name: new.name,
        parts: ReplyParts {
            request: new.request.unwrap_or_default(),
            facts: new.facts.unwrap_or_default(),
            decision: new.decision.unwrap_or_default(),
            basis: new.basis.unwrap_or_default(),
        },
        body: new.body.unwrap_or_default(),
    };
    let (template, is_replay) = state
        .store
        .create_template(caller.owned(), key, fields, state.clock.now())
        .await?;
    let location = format!("/api/v1/reply-templates/{}", template.id);
    Ok(answer(template).created(location, is_replay))
}

/// Fields to be changed; what is left out stays, null empties.
#[derive(Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UpdateReplyTemplate {
    /// For cases of this category or one below it.
    #[serde(default)]
    #[schema(value_type = Option<Uuid>)]
    pub category_id: Patch<Uuid>,
    /// For cases of this kind.
    #[serde(default)]
    #[schema(value_type = Option<ComplaintKind>)]
    pub kind: Patch<ComplaintKind>,
    /// How the desk calls it.
    #[schema(min_length = 1, max_length = 60)]
    pub name: Option<String>,
    /// Of a reply: what the complainant asked.
    #[schema(max_length = 10000)]
    pub request: Option<String>,
    /// Of a reply: what was found.
    #[schema(max_length = 10000)]
    pub facts: Option<String>,
    /// Of a reply: what is decided and done.
    #[schema(max_length = 10000)]
    pub decision: Option<String>,
    /// Of a reply: what it rests on.
    #[schema(max_length = 10000)]
    pub basis: Option<String>,
    /// The text of any other step.
    #[schema(max_length = 2000)]
    pub body: Option<String>,
}

impl UpdateReplyTemplate {
    fn over(self, before: TemplateFields) -> TemplateFields {
        TemplateFields {
            category: self.category_id.over(before.category.map(|id| id.0)).map(CategoryId),
            kind: self.kind.over(before.kind.map(Into::into)).map(Into::into),
            name: self.name.unwrap_or(before.name),
            parts: ReplyParts {
                request: self.request.unwrap_or(before.parts.request),
                facts: self.facts.unwrap_or(before.parts.facts),
                decision: self.decision.unwrap_or(before.parts.decision),
                basis: self.basis.unwrap_or(before.parts.basis),
            },
            body: self.body.unwrap_or(before.body),
            unit: before.unit,
            purpose: before.purpose,
        }
    }
}

/// Change a template
///
/// What was written with it stays as it is. Permissions: as create.
#[utoipa::path(
    tag = "reply-templates",
    params(("template_id" = Uuid, Path, description = "The template"), IfMatch),
    request_body = UpdateReplyTemplate,
    responses((status = 200, description = "The template after the change", body = ReplyTemplate, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[patch("/reply-templates/{template_id}")]
pub async fn update_reply_template(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<UpdateReplyTemplate>,
    state: web::Data<AppState>,
) -> Result<Versioned<ReplyTemplate>, Problem> {
    let (patch, now) = (body.value, state.clock.now());
    let template = state
        .store
        .edit_template(
            caller.owned(),
            TemplateId(*id),
            expected.version,
            move |before| patch.over(before),
            now,
        )
        .await?;
    Ok(answer(template))
}

/// Nothing to say: an empty object, so that fields can be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseReplyTemplate {}

/// Close a template
///
/// It is no longer offered. Permissions: as create.
#[utoipa::path(
    tag = "reply-templates",
    params(("template_id" = Uuid, Path, description = "The template"), IfMatch),
    request_body = CloseReplyTemplate,
    responses((status = 200, description = "The template after the change", body = ReplyTemplate, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/reply-templates/{template_id}/close")]
pub async fn close_reply_template(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<CloseReplyTemplate>,
    state: web::Data<AppState>,
) -> Result<Versioned<ReplyTemplate>, Problem> {
    let CloseReplyTemplate {} = body.value;
    let now = state.clock.now();
    let template = state
        .store
        .close_template(caller.owned(), TemplateId(*id), expected.version, now)
        .await?;
    Ok(answer(template))
}
