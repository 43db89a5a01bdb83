//! Filing a complaint.

use actix_web::{HttpResponse, get, http::header, post, web};
use chrono::NaiveDate;
use liangnuo_domain::{
    CategoryId, ComplaintId, Invalid, UnitId,
    complaints::{Channel, Contact, Filing, Guardian, Relation},
};
use liangnuo_persistence::complaints::NewCase;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use crate::{
    answer::say_replayed,
    challenge::Challenge,
    extract::{Body, IdempotencyHeader},
    limits::CountedFiling,
    problem::Problem,
    state::AppState,
    v1::common::{ComplaintKind, UnitRef, mirror},
    v1::public::uploads::{self, UploadClaim},
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_challenge).service(file_complaint);
}

/// Get a proof-of-work challenge
///
/// In ALTCHA's v1 form. The solution, base64 of JSON `{algorithm, challenge, number, salt, signature}`, goes into the
/// `altcha` field of one POST within half an hour. Permissions: none.
#[utoipa::path(tag = "public", responses((status = 200, description = "A challenge", body = Challenge)))]
#[get("/public/challenge")]
pub async fn get_challenge(state: web::Data<AppState>) -> Result<web::Json<Challenge>, Problem> {
    Ok(web::Json(state.challenges.make(state.clock.now())?))
}

/// How to reach a complainant who wants to be known.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactInput {
    /// How the complainant wants to be called.
    #[schema(min_length = 1, max_length = 50)]
    pub name: String,
    /// Telephone number.
    #[schema(max_length = 20)]
    pub phone: Option<String>,
    /// E-mail address.
    #[schema(max_length = 254)]
    pub email: Option<String>,
    /// For a complainant under 14, and for nobody else: who consented. Whoever files without a contact needs none.
    pub guardian: Option<GuardianInput>,
}

mirror! {
    /// What a guardian is to the child.
    GuardianRelation = Relation { Parent, Grandparent, Other }
}

/// A guardian's consent, without which nothing is kept that names a child under 14.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GuardianInput {
    /// The guardian's name.
    #[schema(min_length = 1, max_length = 50)]
    pub name: String,
    /// What they are to the child.
    pub relation: GuardianRelation,
    /// They have read what is kept, and agree.
    pub has_consented: bool,
}

impl ContactInput {
    /// Checks what was typed.
    ///
    /// # Errors
    /// Every field that can't be taken.
    pub fn parse(&self) -> Result<Contact, Invalid> {
        let mut found = Invalid::default();
        let contact = found.take(Contact::parse(&self.name, self.phone.as_deref(), self.email.as_deref()));
        let guardian = self
            .guardian
            .as_ref()
            .and_then(|said| found.take(Guardian::parse(&said.name, said.relation.into(), said.has_consented)));
        found.finish()?;
        let contact = contact.ok_or_else(Invalid::default)?;
        Ok(Contact { guardian, ..contact })
    }
}

/// What a complainant files.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct FileComplaint {
    /// What is wanted. A `report` goes to the county's inspectors only.
    pub kind: ComplaintKind,
    /// In one line.
    #[schema(min_length = 1, max_length = 100, example = "食堂饭菜偏凉")]
    pub title: String,
    /// In full.
    #[schema(min_length = 1, max_length = 20000, example = "孩子这学期中午吃到的饭菜是凉的。")]
    pub body: String,
    /// The unit it is about.
    pub unit_id: Option<Uuid>,
    /// The category.
    pub category_id: Option<Uuid>,
    /// Left out by whoever wants to stay anonymous.
    pub contact: Option<ContactInput>,
    /// Files that were sent before with `begin_upload`.
    #[serde(default)]
    #[schema(max_items = 10)]
    pub uploads: Vec<UploadClaim>,
    /// The solution of a challenge from `get_challenge`.
    #[schema(min_length = 1, max_length = 4000)]
    pub altcha: String,
}

/// The receipt. It is the only way back to the case, and can't be shown again later.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintReceipt {
    /// The number for people; it opens nothing.
    #[schema(example = "2026-000123-K")]
    pub number: String,
    /// The receipt code: 24 characters that open the case. Keep it.
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

/// File a complaint
///
/// Named or anonymous. The answer holds the number and the receipt code. The same request with the same Idempotency-Key
/// has one effect and one answer. Permissions: none.
#[utoipa::path(
    tag = "public",
    params(IdempotencyHeader),
    request_body = FileComplaint,
    responses((status = 201, description = "Filed", body = ComplaintReceipt)),
)]
#[post("/public/complaints")]
pub async fn file_complaint(
    _counted: CountedFiling,
    key: IdempotencyHeader,
    body: Body<FileComplaint>,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let now = state.clock.now();
    let region = super::tracking::region(&state).await?;
    let input = body.value;
    // Not of the proof: whoever sends again may have had to solve a new challenge.
    let asked = format!(
        "{:?}",
        (
            input.kind,
            &input.title,
            &input.body,
            input.unit_id,
            input.category_id,
            &input.contact,
            input.uploads.iter().map(|upload| upload.id).collect::<Vec<_>>(),
        )
    );
    let mut found = Invalid::default();
    let contact = input.contact.and_then(|contact| found.take(contact.parse()));
    let filing = found.take(Filing::parse(
        input.kind.into(),
        Channel::Web,
        &input.title,
        &input.body,
        input.unit_id.map(UnitId),
        input.category_id.map(CategoryId),
        contact.is_none(),
    ));
    let files = found
        .take(uploads::claims(&input.uploads, &state.keys))
        .unwrap_or_default();
    found.finish()?;
    let Some(filing) = filing else {
        return Err(Problem::from(Invalid::default()));
    };
    let id = ComplaintId(state.store.ids().v4());
    let code = state.keys.receipt(id, key.key);
    let new = NewCase {
        region,
        id,
        receipt_hash: state.keys.receipt_hash(&code),
        filing,
        contact,
        files,
    };
    let proof = state.challenges.proof(&input.altcha, now);
    let filed = state
        .store
        .file_complaint(new, key.of("public", "file_complaint", asked.as_bytes()), proof, now)
        .await?;
    let receipt = ComplaintReceipt {
        number: filed.number,
        receipt_code: state.keys.receipt(filed.id, key.key),
        kind: filed.kind.into(),
        unit: filed.unit.into(),
        received_on: filed.received_at.day(),
        expected_by: filed.due.map(|due| due.due_on),
    };
    let mut response = HttpResponse::Created();
    response.insert_header((header::LOCATION, "/api/v1/public/complaints/track"));
    say_replayed(&mut response, filed.is_replay);
    Ok(response.json(receipt))
}
