//! Taking down what came in by telephone, at the counter, on paper or by e-mail.

use actix_web::{HttpRequest, HttpResponse, http::header, post, web};
use chrono::{DateTime, NaiveDate, Utc};
use liangnuo_domain::{
    CategoryId, ComplaintId, Invalid, Timestamp, UnitId,
    complaints::{Arrival, Channel, Contact, Filing},
};
use liangnuo_persistence::complaints::{NewCase, Registered};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    answer::say_replayed,
    caller::Caller,
    extract::{Body, IdempotencyHeader},
    limits::Limit,
    problem::Problem,
    state::AppState,
    v1::{
        common::{ComplaintKind, UnitRef},
        public::ContactInput,
    },
};

/// How a complaint reached a desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DeskChannel {
    /// By telephone.
    Phone,
    /// At the counter.
    Counter,
    /// On paper, in the mailbox.
    Mailbox,
    /// By e-mail.
    Email,
}

impl From<DeskChannel> for Channel {
    fn from(channel: DeskChannel) -> Self {
        match channel {
            DeskChannel::Phone => Self::Phone,
            DeskChannel::Counter => Self::Counter,
            DeskChannel::Mailbox => Self::Mailbox,
            DeskChannel::Email => Self::Email,
        }
    }
}

/// What a member takes down for somebody.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterComplaint {
    /// What is wanted. A `report` goes to the county's inspectors only; who took it down can't open it any more.
    pub kind: ComplaintKind,
    /// How it came in.
    pub channel: DeskChannel,
    /// In one line.
    #[schema(min_length = 1, max_length = 100, example = "校车连着三天晚点")]
    pub title: String,
    /// In full, in the complainant's words.
    #[schema(
        min_length = 1,
        max_length = 20000,
        example = "家长来电：这周一到周三校车都晚到二十分钟。"
    )]
    pub body: String,
    /// The unit it is about. It holds the case if the caller sees its cases; else, and where none is named, the county's
    /// desk does.
    pub unit_id: Option<Uuid>,
    /// The category.
    pub category_id: Option<Uuid>,
    /// Left out if the complainant wants to stay anonymous. Nobody can read it afterwards.
    pub contact: Option<ContactInput>,
    /// When it came in: not in the future, at most 30 days ago. Now if left out. The clocks count from it.
    pub received_at: Option<DateTime<Utc>>,
    /// A hotline's order, on which the hotline's clock runs. If left out, a telephone call is one.
    pub is_order: Option<bool>,
    /// Why somebody is in danger: marks the case as an emergency and alerts those on duty.
    #[schema(min_length = 2, max_length = 2000)]
    pub emergency_reason: Option<String>,
}

/// What the complainant is told, and where the case lies. The receipt code can't be shown again later.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintRegistration {
    /// The case; null if the caller can't open it: a report, or a case that another desk holds.
    #[schema(required)]
    pub id: Option<Uuid>,
    /// The number for people; it opens nothing.
    #[schema(example = "2026-000123-K")]
    pub number: String,
    /// The receipt code: 24 characters that open the case to the complainant.
    #[schema(min_length = 24, max_length = 24, example = "7ZQ2M4K9XB3T8W1V6N5CHD0R")]
    pub receipt_code: String,
    /// What is wanted.
    pub kind: ComplaintKind,
    /// The unit that holds the case.
    pub unit: UnitRef,
    /// The day it came in.
    pub received_on: NaiveDate,
    /// By when an answer can be expected; null for praise.
    #[schema(required)]
    pub expected_by: Option<NaiveDate>,
}

impl RegisterComplaint {
    /// Checks what was typed.
    fn parse(self, now: Timestamp) -> Result<(Filing, Arrival, Option<Contact>), Problem> {
        let mut found = Invalid::default();
        let contact = self.contact.and_then(|contact| found.take(contact.parse()));
        let filing = found.take(Filing::parse(
            self.kind.into(),
            self.channel.into(),
            &self.title,
            &self.body,
            self.unit_id.map(UnitId),
            self.category_id.map(CategoryId),
            contact.is_none(),
        ));
        let received_at = self.received_at.as_ref().map(Timestamp::from_datetime);
        let arrival = found.take(Arrival::parse(received_at, self.emergency_reason.as_deref(), now));
        found.finish()?;
        let (Some(mut filing), Some(arrival)) = (filing, arrival) else {
            return Err(Problem::from(Invalid::default()));
        };
        filing.is_order = self.is_order.unwrap_or(filing.is_order);
        Ok((filing, arrival, contact))
    }
}

/// Register a complaint
///
/// Takes down what came by telephone, at the counter, on paper or by e-mail, for a complainant named or anonymous. The
/// answer holds the number and the receipt code for the complainant; `Location` and `ETag` are the case's where the caller
/// may open it. Permissions: handler and campaign_office, whichever unit it is about; the county's inspector for a report.
#[utoipa::path(
    tag = "complaints",
    params(IdempotencyHeader),
    request_body = RegisterComplaint,
    responses((status = 201, description = "Registered", body = ComplaintRegistration, headers(("ETag" = String, description = "The case's version, where the caller may open it")))),
    security(("bearer" = []))
)]
#[post("/complaints")]
pub async fn register_complaint(
    caller: Caller,
    key: IdempotencyHeader,
    body: Body<RegisterComplaint>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    state
        .limits
        .check_member(Limit::Registering, caller.actor.member, &request)?;
    let now = state.clock.now();
    let named = key.of(caller.key_owner(), "register_complaint", &body.digest);
    let (filing, arrival, contact) = body.value.parse(now)?;
    let id = ComplaintId(state.store.ids().v4());
    let new = NewCase {
        region: caller.actor.region,
        id,
        receipt_hash: state.keys.receipt_hash(&state.keys.receipt(id, key.key)),
        filing,
        contact,
        files: Vec::new(),
    };
    let registered = state
        .store
        .register_complaint(caller.owned(), new, arrival, named, now)
        .await?;
    let code = state.keys.receipt(registered.filed.id, key.key);
    Ok(answer(registered, code))
}

fn answer(registered: Registered, receipt_code: String) -> HttpResponse {
    let Registered { filed, version } = registered;
    let mut response = HttpResponse::Created();
    say_replayed(&mut response, filed.is_replay);
    if let Some(version) = version {
        response.insert_header((header::LOCATION, format!("/api/v1/complaints/{}", filed.id)));
        response.insert_header((header::ETAG, format!("\"v{version}\"")));
    } else {
        // What the caller can't open lies where the complainant finds it.
        response.insert_header((header::LOCATION, "/api/v1/public/complaints/track"));
    }
    response.json(ComplaintRegistration {
        id: version.map(|_| filed.id.0),
        number: filed.number,
        receipt_code,
        kind: filed.kind.into(),
        unit: filed.unit.into(),
        received_on: filed.received_at.day(),
        expected_by: filed.due.map(|due| due.due_on),
    })
}
