//! Cards of the ladder: what was given when a case was late, what the unit says to it, and what came of that.

use actix_web::{get, post, web};
use chrono::{DateTime, NaiveDate, Utc};
use liangnuo_domain::{
    CardId, MemberId, UnitId,
    cards::{CardKind, CardState, CardVerb, Ruling},
};
use liangnuo_persistence::{
    cards::{CardCount, CardFilter, CardView},
    page::PageRequest,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::{
    common::{MemberRef, UnitRef, instant, mirror},
    complaints::{query::comma, verbs::ComplaintStepReason},
};
use crate::{
    answer::Versioned,
    caller::Caller,
    extract::{Body, IfMatch},
    paging::{self, page},
    problem::Problem,
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config
        .service(list_cards)
        .service(count_cards)
        .service(appeal_card)
        .service(decide_card);
}

mirror! {
    /// Which card.
    ComplaintCardKind = CardKind { YellowCard, RedCard, CircularNotice }
}

mirror! {
    /// Where a card stands: a notice is proposed first, then dropped or issued; what stands may be appealed, and is then
    /// upheld or lifted.
    ComplaintCardState = CardState { Proposed, Standing, Appealed, Upheld, Lifted, Dropped }
}

mirror! {
    /// What can be done with a card.
    ComplaintCardAction = CardVerb { Appeal, Uphold, Lift, Issue, Drop }
}

/// What was said about a card.
#[derive(Debug, Serialize, ToSchema)]
pub struct CardRuling {
    /// Who.
    #[schema(required)]
    pub by: Option<MemberRef>,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// A card that was given for a case.
#[derive(Debug, Serialize, ToSchema)]
pub struct ComplaintCard {
    /// Its id.
    pub id: Uuid,
    /// Which.
    pub kind: ComplaintCardKind,
    /// Where it stands.
    pub state: ComplaintCardState,
    /// For which case.
    pub complaint_id: Uuid,
    /// The case's number.
    #[schema(example = "2026-000123-K")]
    pub number: String,
    /// The case in one line.
    pub title: String,
    /// The unit that held the case then.
    pub unit: UnitRef,
    /// Who handled it then.
    #[schema(required)]
    pub handler: Option<MemberRef>,
    /// The date that was missed.
    pub due_on: NaiveDate,
    /// On which day it was given.
    pub given_on: NaiveDate,
    /// The last day on which the unit can appeal it; null where it can't now.
    #[schema(required)]
    pub appeal_ends_on: Option<NaiveDate>,
    /// Of a notice: whether it was issued, and why.
    #[schema(required)]
    pub proposal: Option<CardRuling>,
    /// What the unit said.
    #[schema(required)]
    pub appeal: Option<CardRuling>,
    /// What was decided on the appeal.
    #[schema(required)]
    pub decision: Option<CardRuling>,
    /// What the caller may do now.
    pub allowed_actions: Vec<ComplaintCardAction>,
    /// Counts the changes; the ETag is `"v<version>"`.
    pub version: i64,
}

impl From<CardView> for ComplaintCard {
    fn from(view: CardView) -> Self {
        let card = view.card;
        let member = |id: MemberId| view.members.get(&id).cloned().map(MemberRef::from);
        let ruling = |ruling: Ruling| CardRuling {
            by: member(ruling.by),
            at: instant(ruling.at),
            reason: ruling.reason,
        };
        Self {
            id: card.id.0,
            kind: card.kind.into(),
            state: card.state.into(),
            complaint_id: card.complaint.0,
            number: view.number,
            title: view.title,
            unit: view.unit.into(),
            handler: card.handler.and_then(member),
            due_on: card.due_on,
            given_on: card.given_at.day(),
            appeal_ends_on: view.appeal_ends_on,
            proposal: card.proposal.map(ruling),
            appeal: card.appeal.map(ruling),
            decision: card.decision.map(ruling),
            allowed_actions: view.allowed.into_iter().map(Into::into).collect(),
            version: card.version,
        }
    }
}

fn answer(view: CardView) -> Versioned<ComplaintCard> {
    Versioned::new(view.card.version, view.into())
}

page! {
    /// A page of cards.
    ComplaintCardPage of ComplaintCard
}

/// Declares a query with the filters over cards. serde can't refuse unknown names in a flattened struct, hence the macro.
macro_rules! card_query {
    ($(#[$doc:meta])* $name:ident { $($(#[$meta:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize, IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            /// Given to this unit or one below it.
            pub unit_id: Option<Uuid>,
            /// Given to `unit_id` itself, not to the units below it.
            pub unit_only: Option<bool>,
            /// Any of these cards.
            #[serde(default, deserialize_with = "comma")]
            #[param(style = Form, explode = false, required = false)]
            pub kind: Vec<ComplaintCardKind>,
            /// In any of these states.
            #[serde(default, deserialize_with = "comma")]
            #[param(style = Form, explode = false, required = false)]
            pub state: Vec<ComplaintCardState>,
            /// Given on or after this day.
            pub given_from: Option<NaiveDate>,
            /// Given on or before this day.
            pub given_to: Option<NaiveDate>,
            $($(#[$meta])* pub $field: $type,)*
        }

        impl $name {
            fn filter(&self) -> CardFilter {
                CardFilter {
                    unit: self.unit_id.map(UnitId),
                    is_unit_alone: self.unit_only.unwrap_or_default(),
                    kinds: self.kind.iter().copied().map(Into::into).collect(),
                    states: self.state.iter().copied().map(Into::into).collect(),
                    given_from: self.given_from,
                    given_to: self.given_to,
                }
            }
        }
    };
}

card_query! {
    /// Which cards, and which page of them.
    ListCardsQuery {
        /// Rows on a page.
        #[param(minimum = 1, maximum = 100, default = 20)]
        limit: Option<i32>,
        /// `next_cursor` of the page before.
        cursor: Option<String>,
        /// Whether `total` is wanted, exact up to 10,000.
        count: Option<bool>,
    }
}

card_query! {
    /// Which cards are counted: the same filters as the list's.
    CountCardsQuery {}
}

/// List cards
///
/// Those that the caller's units got, of cases that the caller may see, newest first. Permissions: as the list of
/// complaints.
#[utoipa::path(
    tag = "cards",
    params(ListCardsQuery),
    responses((status = 200, description = "A page of cards", body = ComplaintCardPage)),
    security(("bearer" = []))
)]
#[get("/cards")]
pub async fn list_cards(
    caller: Caller,
    query: web::Query<ListCardsQuery>,
    state: web::Data<AppState>,
) -> Result<ComplaintCardPage, Problem> {
    let request: PageRequest = paging::request(query.limit, query.cursor.clone(), query.count)?;
    let page = state
        .store
        .list_cards(&caller, query.filter(), &request, state.clock.now())
        .await?;
    Ok(page.into())
}

/// How many cards a unit got.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitCards {
    /// The unit.
    pub unit: UnitRef,
    /// Yellow cards.
    pub yellow_cards: i64,
    /// Red cards.
    pub red_cards: i64,
    /// Circular notices, proposed or issued.
    pub circular_notices: i64,
}

impl From<CardCount> for UnitCards {
    fn from(count: CardCount) -> Self {
        let of = |kind: CardKind| {
            let found = count.counts.iter().find(|(known, _)| *known == kind);
            found.map_or(0, |(_, cards)| *cards)
        };
        Self {
            yellow_cards: of(CardKind::YellowCard),
            red_cards: of(CardKind::RedCard),
            circular_notices: of(CardKind::CircularNotice),
            unit: count.unit.into(),
        }
    }
}

/// Cards by unit.
#[derive(Debug, Serialize, ToSchema)]
pub struct UnitCardsList {
    /// Those with most cards first, two hundred at most.
    pub items: Vec<UnitCards>,
}

/// Count cards by unit
///
/// Each number counts what the list shows with the same filters, `unit_id` and `unit_only`. Permissions: as the list.
#[utoipa::path(
    tag = "cards",
    params(CountCardsQuery),
    responses((status = 200, description = "Units with their cards", body = UnitCardsList)),
    security(("bearer" = []))
)]
#[get("/cards/by-unit")]
pub async fn count_cards(
    caller: Caller,
    query: web::Query<CountCardsQuery>,
    state: web::Data<AppState>,
) -> Result<web::Json<UnitCardsList>, Problem> {
    let counted = state.store.count_cards(&caller, query.filter()).await?;
    Ok(web::Json(UnitCardsList {
        items: counted.into_iter().map(Into::into).collect(),
    }))
}

/// Appeal a card
///
/// Within the working days set for it, with a reason; of a circular notice once it was issued. Permissions: unit_head over
/// the unit that got it; inspector for a sealed case.
#[utoipa::path(
    tag = "cards",
    params(("card_id" = Uuid, Path, description = "The card"), IfMatch),
    request_body = ComplaintStepReason,
    responses((status = 200, description = "The card after the step", body = ComplaintCard, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/cards/{card_id}/appeal")]
pub async fn appeal_card(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<ComplaintStepReason>,
    state: web::Data<AppState>,
) -> Result<Versioned<ComplaintCard>, Problem> {
    let now = state.clock.now();
    let view = state
        .store
        .appeal_card(caller.owned(), CardId(*id), expected.version, body.value.reason, now)
        .await?;
    Ok(answer(view))
}

/// What was decided on a card.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CardOutcome {
    /// Of an appeal: the card stays.
    Uphold,
    /// Of an appeal: the card is taken back.
    Lift,
    /// Of a proposed notice: it is issued inside the county's offices.
    Issue,
    /// Of a proposed notice: it is not issued.
    Drop,
}

impl From<CardOutcome> for CardVerb {
    fn from(outcome: CardOutcome) -> Self {
        match outcome {
            CardOutcome::Uphold => Self::Uphold,
            CardOutcome::Lift => Self::Lift,
            CardOutcome::Issue => Self::Issue,
            CardOutcome::Drop => Self::Drop,
        }
    }
}

/// What decide card needs.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DecideCard {
    /// What is decided.
    pub outcome: CardOutcome,
    /// Why; the unit reads it.
    #[schema(min_length = 2, max_length = 2000)]
    pub reason: String,
}

/// Decide on a card
///
/// On an appeal, or on whether a proposed circular notice is issued. Not by somebody of the unit that got it, nor by whoever
/// handled the case or made the appeal. Permissions: leader, campaign_office over the unit; inspector for a sealed case.
#[utoipa::path(
    tag = "cards",
    params(("card_id" = Uuid, Path, description = "The card"), IfMatch),
    request_body = DecideCard,
    responses((status = 200, description = "The card after the decision", body = ComplaintCard, headers(("ETag" = String, description = "Its version")))),
    security(("bearer" = []))
)]
#[post("/cards/{card_id}/decide")]
pub async fn decide_card(
    caller: Caller,
    id: web::Path<Uuid>,
    expected: IfMatch,
    body: Body<DecideCard>,
    state: web::Data<AppState>,
) -> Result<Versioned<ComplaintCard>, Problem> {
    let DecideCard { outcome, reason } = body.value;
    let now = state.clock.now();
    let view = state
        .store
        .decide_card(
            caller.owned(),
            CardId(*id),
            expected.version,
            (outcome.into(), reason),
            now,
        )
        .await?;
    Ok(answer(view))
}
