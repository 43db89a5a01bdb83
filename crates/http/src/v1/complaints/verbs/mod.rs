//! The steps of a case. Each takes the version that was read, asks the store for one command, and answers with the case.

mod dispatch;
mod holding;
mod writing;

use actix_web::{HttpRequest, post, web};
use chrono::NaiveDate;
use liangnuo_domain::{
    CategoryId, ComplaintId,
    complaints::{ReplyParts, Watch},
};
use liangnuo_persistence::complaints::{CaseDetail, CaseStep};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::Complaint;
use crate::{
    answer::Versioned,
    caller::Caller,
    extract::{Body, IfMatch},
    language::Language,
    problem::Problem,
    state::AppState,
    v1::common::ComplaintKind,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(accept_complaint)
        .service(not_accept_complaint)
        .service(refer_complaint)
        .service(unmerge_complaint)
        .service(classify_complaint)
        .service(object_to_dispatch)
        .service(draft_complaint_reply)
        .service(approve_complaint_reply)
        .service(return_complaint_reply)
        .service(reply_complaint)
        .service(resume_complaint)
        .service(ask_complaint_extension)
        .service(extend_complaint)
        .service(refuse_complaint_extension)
        .service(ask_longer_hold)
        .service(grant_longer_hold)
        .service(refuse_longer_hold)
        .service(note_complaint_progress)
        .service(supervise_complaint)
        .service(report_complaint_progress)
        .service(lift_complaint_supervision)
        .service(mark_complaint_emergency)
        .service(conclude_complaint)
        .service(withdraw_complaint);
    dispatch::routes(config);
    holding::routes(config);
    writing::routes(config);
}

fn answer(detail: CaseDetail, request: &HttpRequest) -> Versioned<Complaint> {
    Versioned::new(
        detail.complaint.version,
        Complaint::new(detail, Language::of(request.headers())),
    )
}

/// Nothing to say: an empty object, so that fields can be added.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EmptyBody {}

/// Declares an operation that takes one step of one case. The body becomes the step by `TryFrom`, or by the expression
/// that is given.
macro_rules! step {
    ($(#[$doc:meta])* $name:ident, $path:literal, $body:ident => $step:expr) => {
        $(#[$doc])*
        #[utoipa::path(
            tag = "complaints",
            params(("complaint_id" = Uuid, Path, description = "The case"), IfMatch),
            request_body = $body,
            responses((status = 200, description = "The case after the step", body = Complaint, headers(("ETag" = String, description = "Its version")))),
            security(("bearer" = []))
        )]
        #[post($path)]
        pub async fn $name(
            caller: Caller,
            id: web::Path<Uuid>,
            expected: IfMatch,
            body: Body<$body>,
            request: HttpRequest,
            state: web::Data<AppState>,
        ) -> Result<Versioned<Complaint>, Problem> {
            let step: fn($body) -> Result<CaseStep, Problem> = $step;
            let step = step(body.value)?;
            let now = state.clock.now();
            let detail = state
                .store
                .step_case(caller.owned(), ComplaintId(*id), expected.version, step, now)
                .await?;
            Ok(answer(detail, &request))
        }
    };
}

step! {
    /// Accept a complaint
    ///
    /// Moves it from `received` to `accepted`; the clock to decide begins. Permissions: handler, campaign_office; inspector
    /// for a sealed case.
    accept_complaint, "/complaints/{complaint_id}/accept", EmptyBody => |EmptyBody {}| Ok(CaseStep::Accept)
}

/// What not accept complaint needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NotAcceptComplaint {
    /// Why; the complainant reads it.
    #[schema(min_length = 2, max_length = 2000)]
    pub reason: String,
    /// Where to go instead; the complainant reads it.
    #[schema(max_length = 2000)]
    pub where_to_go: Option<String>,
}

step! {
    /// Do not accept a complaint
    ///
    /// Ends the case with a reason and, where one is known, the place to go instead. Permissions: as accept.
    not_accept_complaint, "/complaints/{complaint_id}/not-accept", NotAcceptComplaint => |body| {
        Ok(CaseStep::NotAccept { reason: body.reason, where_to_go: body.where_to_go })
    }
}

/// What refer complaint needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReferComplaint {
    /// Why; the complainant reads it.
    #[schema(min_length = 2, max_length = 2000)]
    pub reason: String,
    /// Which organ is in charge, and how it is reached; the complainant reads it.
    #[schema(min_length = 2, max_length = 2000)]
    pub where_to_go: String,
}

step! {
    /// Refer a complaint to another organ
    ///
    /// Ends the case here: another organ is in charge, and the complainant is told which. Permissions: handler,
    /// campaign_office; inspector for a sealed case.
    refer_complaint, "/complaints/{complaint_id}/refer", ReferComplaint => |body| {
        Ok(CaseStep::Refer { reason: body.reason, where_to_go: body.where_to_go })
    }
}

step! {
    /// Answer a duplicate by itself again
    ///
    /// Takes a case out of the one it was merged into. Permissions: handler, campaign_office; inspector for a sealed case.
    unmerge_complaint, "/complaints/{complaint_id}/unmerge", EmptyBody => |EmptyBody {}| Ok(CaseStep::Unmerge)
}

/// What classify complaint needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassifyComplaint {
    /// What is wanted. A report stays a report, and nothing else becomes one.
    pub kind: ComplaintKind,
    /// The category; none if left out.
    pub category_id: Option<Uuid>,
}

step! {
    /// Classify a complaint
    ///
    /// Sets what is wanted and the category; another kind has other clocks. Permissions: handler, campaign_office; inspector
    /// for a sealed case.
    classify_complaint, "/complaints/{complaint_id}/classify", ClassifyComplaint => |body| {
        Ok(CaseStep::Classify { kind: body.kind.into(), category: body.category_id.map(CategoryId) })
    }
}

/// A reason that is needed.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ComplaintStepReason {
    /// Why.
    #[schema(min_length = 2, max_length = 2000)]
    pub reason: String,
}

step! {
    /// Object to a wrong dispatch
    ///
    /// Within five working days of getting the case, of a hotline's order's dispatch within 24 hours; also where it came in at
    /// the unit without a dispatch. The campaign office then gives it to another unit, or back for good. Permissions: handler,
    /// unit_head.
    object_to_dispatch, "/complaints/{complaint_id}/object", ComplaintStepReason => |body| {
        Ok(CaseStep::Object { reason: body.reason })
    }
}

/// What draft complaint reply needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DraftComplaintReply {
    /// What the complainant asked, in the unit's words.
    #[schema(max_length = 10000)]
    pub request: String,
    /// What was found.
    #[schema(max_length = 10000)]
    pub facts: String,
    /// What is decided and done.
    #[schema(max_length = 10000)]
    pub decision: String,
    /// The rule, standard or pledge that it rests on.
    #[schema(max_length = 10000)]
    pub basis: String,
    /// Hand it to the head.
    pub submit: bool,
}

step! {
    /// Write the reply to a complaint
    ///
    /// Keeps a draft, or with `submit` hands it to the head; all four parts are then needed. Permissions: handler; inspector
    /// for a sealed case.
    draft_complaint_reply, "/complaints/{complaint_id}/draft", DraftComplaintReply => |body| {
        let parts = ReplyParts::parse(&body.request, &body.facts, &body.decision, &body.basis, body.submit)?;
        Ok(CaseStep::Draft { parts, submit: body.submit })
    }
}

/// What approve complaint reply needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveComplaintReply {
    /// Send it at once; true if left out.
    #[schema(default = true)]
    pub send: Option<bool>,
}

step! {
    /// Approve the reply to a complaint
    ///
    /// Approves what was handed in and, unless told otherwise, sends it. Nobody approves their own work. Permissions:
    /// unit_head; inspector for a sealed case.
    approve_complaint_reply, "/complaints/{complaint_id}/approve", ApproveComplaintReply => |body| {
        Ok(CaseStep::Approve { send: body.send.unwrap_or(true) })
    }
}

/// What return complaint reply needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnComplaintReply {
    /// What to change.
    #[schema(min_length = 2, max_length = 2000)]
    pub reason: String,
}

step! {
    /// Give the reply to a complaint back
    ///
    /// The writer gets it back with a reason. Permissions: unit_head; inspector for a sealed case.
    return_complaint_reply, "/complaints/{complaint_id}/return", ReturnComplaintReply => |body| {
        Ok(CaseStep::Return { reason: body.reason })
    }
}

step! {
    /// Send the reply to a complaint
    ///
    /// Sends the approved reply; the complainant can rate it. Permissions: handler, unit_head; inspector for a sealed case.
    reply_complaint, "/complaints/{complaint_id}/reply", EmptyBody => |EmptyBody {}| Ok(CaseStep::Reply)
}

step! {
    /// Wait no longer for the complainant
    ///
    /// The held clock runs again, and the end moves by the days it was held. Permissions: handler, unit_head; inspector for a
    /// sealed case.
    resume_complaint, "/complaints/{complaint_id}/resume", EmptyBody => |EmptyBody {}| Ok(CaseStep::Resume)
}

/// What ask complaint extension needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskComplaintExtension {
    /// How much more, in what the clock counts; see `extension_days` and `extension_clock` of the case.
    #[schema(minimum = 1, maximum = 30)]
    pub days: u32,
    /// Why; if it is given, the complainant reads it.
    #[schema(min_length = 2, max_length = 2000)]
    pub reason: String,
}

step! {
    /// Ask for more time for a complaint
    ///
    /// Before the clock that can be extended has run out, once for each clock; the head decides. A supervision with an earlier
    /// date is no hindrance, and stays. Permissions: handler; inspector for a sealed case.
    ask_complaint_extension, "/complaints/{complaint_id}/extension", AskComplaintExtension => |body| {
        Ok(CaseStep::AskExtension { days: body.days, reason: body.reason })
    }
}

step! {
    /// Give a complaint the time that was asked for
    ///
    /// The complainant reads the reason. Nobody decides on their own request. Permissions: unit_head, leader; inspector for a
    /// sealed case.
    extend_complaint, "/complaints/{complaint_id}/extension/grant", EmptyBody => |EmptyBody {}| Ok(CaseStep::Extend)
}

step! {
    /// Do not give a complaint more time
    ///
    /// The one who asked reads the reason. Permissions: unit_head, leader; inspector for a sealed case.
    refuse_complaint_extension, "/complaints/{complaint_id}/extension/refuse", ComplaintStepReason => |body| {
        Ok(CaseStep::RefuseExtension { reason: body.reason })
    }
}

/// What ask longer hold needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AskLongerHold {
    /// How many more days; see `longer_hold_days` of the case.
    #[schema(minimum = 1, maximum = 90)]
    pub days: u32,
    /// Why.
    #[schema(min_length = 2, max_length = 2000)]
    pub reason: String,
}

step! {
    /// Ask for a longer wait for the complainant
    ///
    /// More days than the county gives by itself; the head decides, and all of them together stay within the county's bound.
    /// Permissions: handler; inspector for a sealed case.
    ask_longer_hold, "/complaints/{complaint_id}/longer-hold", AskLongerHold => |body| {
        Ok(CaseStep::AskLongerHold { days: body.days, reason: body.reason })
    }
}

step! {
    /// Give a complaint the longer wait that was asked for
    ///
    /// While the complainant is asked, the clock is held for so much longer; else the days are there for the next question.
    /// Nobody decides on their own request. Permissions: unit_head, leader; inspector for a sealed case.
    grant_longer_hold, "/complaints/{complaint_id}/longer-hold/grant", EmptyBody => |EmptyBody {}| Ok(CaseStep::GrantLongerHold)
}

step! {
    /// Do not give a complaint a longer wait
    ///
    /// The one who asked reads the reason. Permissions: unit_head, leader; inspector for a sealed case.
    refuse_longer_hold, "/complaints/{complaint_id}/longer-hold/refuse", ComplaintStepReason => |body| {
        Ok(CaseStep::RefuseLongerHold { reason: body.reason })
    }
}

/// What note complaint progress needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NoteComplaintProgress {
    /// What was done; the complainant does not see it.
    #[schema(min_length = 2, max_length = 2000)]
    pub note: String,
}

step! {
    /// Note a step of the work on a complaint
    ///
    /// For the staff alone. Permissions: handler, unit_head; inspector for a sealed case.
    note_complaint_progress, "/complaints/{complaint_id}/note", NoteComplaintProgress => |body| {
        Ok(CaseStep::Note { note: body.note })
    }
}

/// What supervise complaint needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SuperviseComplaint {
    /// Why.
    #[schema(min_length = 2, max_length = 2000)]
    pub reason: String,
    /// By when it is to be done; binds if it is stricter than the clocks.
    pub due_on: Option<NaiveDate>,
    /// After how many working days a report is due at the latest; 0 where only news is to be reported. If left out, the
    /// county's setting `supervision_report_days`.
    #[schema(minimum = 0, maximum = 30)]
    pub report_days: Option<u32>,
}

step! {
    /// Put a complaint under supervision
    ///
    /// From the first state on, with a reason and perhaps a date of its own. It stays, whatever is answered meanwhile, until it
    /// is lifted or the case ends; reports are due as long, and the supervisor is told of reports, answers, objections,
    /// requests for time and cards. Permissions: leader, campaign_office; inspector for a sealed case.
    supervise_complaint, "/complaints/{complaint_id}/supervise", SuperviseComplaint => |body| {
        Ok(CaseStep::Supervise(Watch { reason: body.reason, due_on: body.due_on, report_days: body.report_days }))
    }
}

/// What report complaint progress needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReportComplaintProgress {
    /// How far the work has come; the complainant does not see it.
    #[schema(min_length = 2, max_length = 2000)]
    pub report: String,
}

step! {
    /// Report on a complaint under supervision
    ///
    /// The supervisor is told how far the work has come; the next report counts from now. Permissions: handler, unit_head;
    /// inspector for a sealed case.
    report_complaint_progress, "/complaints/{complaint_id}/supervise/report", ReportComplaintProgress => |body| {
        Ok(CaseStep::Report { report: body.report })
    }
}

step! {
    /// Lift the supervision of a complaint
    ///
    /// The clocks bind again as before. Permissions: as supervise.
    lift_complaint_supervision, "/complaints/{complaint_id}/supervise/lift", ComplaintStepReason => |body| {
        Ok(CaseStep::LiftSupervision { reason: body.reason })
    }
}

step! {
    /// Mark a complaint as an emergency
    ///
    /// Danger to a child or threat to life: head, campaign office and leaders are alerted at once, and the complainant's page
    /// shows the numbers to call. Permissions: handler, unit_head, campaign_office; inspector for a sealed case.
    mark_complaint_emergency, "/complaints/{complaint_id}/emergency", ComplaintStepReason => |body| {
        Ok(CaseStep::MarkEmergency { reason: body.reason })
    }
}

/// What conclude complaint needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConcludeComplaint {
    /// In words; needed where the complainant is not satisfied.
    #[schema(max_length = 2000)]
    pub reason: Option<String>,
}

step! {
    /// Conclude a complaint
    ///
    /// Closes praise, which needs no answer, or a case whose complainant can neither rate the answer nor ask for it to be done
    /// again any more; one who is not satisfied is given a reason. What nobody rates in time is concluded by the product
    /// itself. Permissions: handler, unit_head; inspector for a sealed case.
    conclude_complaint, "/complaints/{complaint_id}/conclude", ConcludeComplaint => |body| {
        Ok(CaseStep::Conclude { reason: body.reason })
    }
}

/// What withdraw complaint needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WithdrawComplaint {
    /// What the complainant said.
    #[schema(min_length = 2, max_length = 2000)]
    pub reason: String,
}

step! {
    /// Withdraw a complaint for its complainant
    ///
    /// On the complainant's wish, told by telephone or at the counter. Permissions: handler, campaign_office; inspector for a
    /// sealed case.
    withdraw_complaint, "/complaints/{complaint_id}/withdraw", WithdrawComplaint => |body| {
        Ok(CaseStep::Withdraw { reason: body.reason })
    }
}
