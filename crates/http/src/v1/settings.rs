//! What a county counts by: lengths of clocks, the ladder, holds, the time to rate.

use actix_web::{get, patch, web};
use chrono::NaiveDate;
use liangnuo_domain::{
    MemberId,
    settings::{DutyTurn, Settings},
};
use liangnuo_persistence::settings::SettingsView;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

use super::common::MemberRef;
use crate::{
    answer::Versioned,
    caller::Caller,
    extract::{Body, IfMatch},
    problem::Problem,
    state::AppState,
};

pub(super) fn routes(config: &mut ServiceConfig<'_>) {
    config.service(get_settings).service(update_settings);
}

/// Declares the settings on the wire, whole and in part, from one list.
macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident in $low:tt ..= $high:tt),+ $(,)?) => {
        /// A county's settings. National law is a bound that they may tighten but not loosen.
        #[derive(Debug, Serialize, ToSchema)]
        pub struct CountySettings {
            $($(#[$doc])* #[schema(minimum = $low, maximum = $high)] pub $name: i32,)+
            /// An end on a day off moves to the next working day.
            pub rolls_forward: bool,
            /// Who is told at once when somebody is in danger, and when.
            pub duty: Vec<DutyTurnItem>,
            /// What each number may be, and what it is if nobody sets it.
            pub bounds: Vec<SettingBounds>,
            /// The caller may change them.
            pub may_edit: bool,
            /// Counts the changes; the ETag is `"v<version>"`.
            pub version: i64,
        }

        /// Settings to be changed; what is left out stays.
        #[derive(Debug, Default, Deserialize, ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct UpdateSettings {
            $($(#[$doc])* #[schema(minimum = $low, maximum = $high)] pub $name: Option<u32>,)+
            /// An end on a day off moves to the next working day.
            pub rolls_forward: Option<bool>,
            /// Who is told at once when somebody is in danger, and when: the whole list, in place of the one before.
            #[schema(max_items = 50)]
            pub duty: Option<Vec<DutyTurnInput>>,
        }

        impl From<SettingsView> for CountySettings {
            fn from(view: SettingsView) -> Self {
                let members = view.members;
                let Settings { $($name,)+ rolls_forward, duty } = view.settings;
                Self {
                    $($name: whole($name),)+
                    rolls_forward,
                    duty: duty
                        .into_iter()
                        .map(|turn| DutyTurnItem {
                            member_id: turn.member.0,
                            member: members.get(&turn.member).cloned().map(Into::into),
                            from: turn.from,
                            to: turn.to,
                        })
                        .collect(),
                    bounds: Settings::BOUNDS
                        .iter()
                        .map(|(name, default, least, greatest)| SettingBounds {
                            name: (*name).to_owned(),
                            default: whole(*default),
                            least: whole(*least),
                            greatest: whole(*greatest),
                        })
                        .collect(),
                    may_edit: view.may_edit,
                    version: view.version,
                }
            }
        }

        impl UpdateSettings {
            fn over(self, before: Settings) -> Settings {
                Settings {
                    $($name: self.$name.unwrap_or(before.$name),)+
                    rolls_forward: self.rolls_forward.unwrap_or(before.rolls_forward),
                    duty: self.duty.map_or(before.duty, |turns| turns.into_iter().map(Into::into).collect()),
                }
            }
        }
    };
}

settings! {
    /// Days to say whether a case is taken.
    tell_days in 1..=15,
    /// Days to decide after acceptance.
    decide_days in 1..=60,
    /// Days that the head may add to it, once.
    decide_extension_days in 0..=30,
    /// Working days for a hotline's order.
    hotline_days in 1..=15,
    /// Working days that the head may add to it, once.
    hotline_extension_days in 0..=15,
    /// Working days to answer an inquiry.
    inquiry_days in 1..=15,
    /// Working days to answer a suggestion.
    suggestion_days in 1..=60,
    /// Working days to do it again for a complainant who is not satisfied.
    redo_days in 1..=15,
    /// Working days in which a unit may object to a wrong dispatch.
    object_days in 1..=5,
    /// Days in all for which the clock may be held while the complainant is asked.
    hold_days in 1..=30,
    /// Days in all for which it may be held with the head's approval, however often that is asked for.
    longest_hold_days in 1..=90,
    /// Days after the answer in which it can be rated or asked to be done again.
    rating_days in 5..=60,
    /// Share of the time, in percent, that is left when a case becomes due soon.
    due_soon_percent in 5..=50,
    /// On which day late the yellow card is given.
    yellow_card_day in 1..=30,
    /// On which day late the red card is given.
    red_card_day in 2..=60,
    /// On which day late a circular notice is proposed.
    circular_notice_day in 3..=90,
    /// Working days after which a supervisor wants the next report, unless they say otherwise; 0 for none at intervals.
    supervision_report_days in 0..=30,
    /// Working days in which a unit may appeal a card.
    appeal_days in 1..=15,
    /// Days after the end of a case after which its contact data are erased, unless there is a legal hold.
    identity_days in 30..=1095,
    /// The same for complainants under 14; never longer than for others.
    minor_identity_days in 30..=365,
}

/// When a member is on duty.
#[derive(Debug, Serialize, ToSchema)]
pub struct DutyTurnItem {
    /// Who.
    pub member_id: Uuid,
    /// By name.
    #[schema(required)]
    pub member: Option<MemberRef>,
    /// From this day on; null for always.
    #[schema(required)]
    pub from: Option<NaiveDate>,
    /// Up to and including this day; null for without end.
    #[schema(required)]
    pub to: Option<NaiveDate>,
}

/// When a member is to be on duty.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DutyTurnInput {
    /// Who: an active member with a role that sees the cases of the whole county.
    pub member_id: Uuid,
    /// From this day on; always, if left out.
    pub from: Option<NaiveDate>,
    /// Up to and including this day; without end, if left out.
    pub to: Option<NaiveDate>,
}

impl From<DutyTurnInput> for DutyTurn {
    fn from(turn: DutyTurnInput) -> Self {
        Self {
            member: MemberId(turn.member_id),
            from: turn.from,
            to: turn.to,
        }
    }
}

/// What a number among the settings may be.
#[derive(Debug, Serialize, ToSchema)]
pub struct SettingBounds {
    /// The name of the setting.
    #[schema(example = "decide_days")]
    pub name: String,
    /// If nobody sets it.
    pub default: i32,
    /// The least it may be.
    pub least: i32,
    /// The greatest it may be; where law says so, no more than the law.
    pub greatest: i32,
}

fn whole(number: u32) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Get the settings
///
/// What the county counts by. Permissions: any member.
#[utoipa::path(
    tag = "settings",
    responses((status = 200, description = "The settings", body = CountySettings, headers(("ETag" = String, description = "Their version")))),
    security(("bearer" = []))
)]
#[get("/settings")]
pub async fn get_settings(caller: Caller, state: web::Data<AppState>) -> Result<Versioned<CountySettings>, Problem> {
    let view = state.store.settings(&caller).await?;
    Ok(Versioned::new(view.version, view.into()))
}

/// Change the settings
///
/// What is left out stays. The dates of all open cases are then computed anew; none becomes earlier than it was told.
/// Permissions: admin of the whole county.
#[utoipa::path(
    tag = "settings",
    params(IfMatch),
    request_body = UpdateSettings,
    responses((status = 200, description = "The settings after the change", body = CountySettings, headers(("ETag" = String, description = "Their version")))),
    security(("bearer" = []))
)]
#[patch("/settings")]
pub async fn update_settings(
    caller: Caller,
    expected: IfMatch,
    body: Body<UpdateSettings>,
    state: web::Data<AppState>,
) -> Result<Versioned<CountySettings>, Problem> {
    let (patch, now) = (body.value, state.clock.now());
    let view = state
        .store
        .edit_settings(caller.owned(), expected.version, move |before| patch.over(before), now)
        .await?;
    Ok(Versioned::new(view.version, view.into()))
}
