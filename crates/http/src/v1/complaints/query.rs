//! How cases are narrowed down: the same names for the list and for the figures, so that every figure opens its list.

use chrono::{DateTime, NaiveDate, Utc};
use liangnuo_domain::{CategoryId, MemberId, Timestamp, UnitId};
use liangnuo_persistence::complaints::{CaseFilter, CaseSort};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::super::{
    common::{ComplaintChannel, ComplaintKind, ComplaintPhase, ComplaintState, OrgUnitKind},
    exports::ExportFormat,
    statistics::report::StatisticsTable,
};
use crate::{
    caller::Caller,
    paging,
    problem::{Problem, ProblemCode},
};

/// `a,b,c` as a list of codes or numbers.
pub(crate) fn comma<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let text = String::deserialize(deserializer)?;
    text.split(',')
        .filter(|code| !code.trim().is_empty())
        .map(|code| {
            let code = code.trim();
            serde_json::from_value(serde_json::Value::String(code.to_owned()))
                .or_else(|_no_text| serde_json::from_str(code))
                .map_err(|_unknown| serde::de::Error::custom("unknown code in a list"))
        })
        .collect()
}

/// How the list is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
pub enum ComplaintSort {
    /// Newest first.
    #[default]
    #[serde(rename = "-received_at")]
    NewestFirst,
    /// Oldest first.
    #[serde(rename = "received_at")]
    OldestFirst,
    /// Due first; cases without a clock are left out.
    #[serde(rename = "due_at")]
    DueFirst,
    /// Due last; cases without a clock are left out.
    #[serde(rename = "-due_at")]
    DueLast,
    /// What fits `q` best first: the best two hundred in one piece, without a cursor. Without `q`, newest first.
    #[serde(rename = "relevance")]
    Relevance,
}

impl From<ComplaintSort> for CaseSort {
    fn from(sort: ComplaintSort) -> Self {
        match sort {
            ComplaintSort::NewestFirst => Self::NewestFirst,
            ComplaintSort::OldestFirst => Self::OldestFirst,
            ComplaintSort::DueFirst => Self::DueFirst,
            ComplaintSort::DueLast => Self::DueLast,
            ComplaintSort::Relevance => Self::Relevance,
        }
    }
}

/// Declares a query with the filters over cases and further parameters. serde can't refuse unknown names in a flattened
/// struct, hence the macro.
macro_rules! case_query {
    ($(#[$doc:meta])* $name:ident { $($(#[$meta:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, Deserialize, IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            /// Words of two characters or more, with spaces between: each stands in title, text, replies or number.
            /// Empty finds all.
            #[param(max_length = 100)]
            pub q: Option<String>,
            /// Any of these states.
            #[serde(default, deserialize_with = "comma")]
            #[param(style = Form, explode = false, required = false)]
            pub state: Vec<ComplaintState>,
            /// Any of these phases.
            #[serde(default, deserialize_with = "comma")]
            #[param(style = Form, explode = false, required = false)]
            pub phase: Vec<ComplaintPhase>,
            /// Any of these ways in which it came in.
            #[serde(default, deserialize_with = "comma")]
            #[param(style = Form, explode = false, required = false)]
            pub channel: Vec<ComplaintChannel>,
            /// Any of these kinds.
            #[serde(default, deserialize_with = "comma")]
            #[param(style = Form, explode = false, required = false)]
            pub kind: Vec<ComplaintKind>,
            /// Held by this unit or one below it.
            pub unit_id: Option<Uuid>,
            /// Handled by this member, or by the caller: `me`.
            #[param(example = "me", max_length = 36)]
            pub handler_id: Option<String>,
            /// In this category or one below it.
            pub category_id: Option<Uuid>,
            /// Received on or after this day.
            pub received_from: Option<NaiveDate>,
            /// Received on or before this day.
            pub received_to: Option<NaiveDate>,
            /// First answered on or after this day.
            pub replied_from: Option<NaiveDate>,
            /// First answered on or before this day.
            pub replied_to: Option<NaiveDate>,
            /// Due before this instant.
            pub due_before: Option<DateTime<Utc>>,
            /// Answered after more than so many days.
            #[param(minimum = 0, maximum = 100_000)]
            pub days_to_reply_over: Option<f64>,
            /// Rated as not satisfied, or rated as satisfied.
            pub is_rated_unsatisfied: Option<bool>,
            /// Rated by the complainant, or not.
            pub is_rated: Option<bool>,
            /// Answered at least once, or not.
            pub is_replied: Option<bool>,
            /// Whose work ended on or after this day.
            pub ended_from: Option<NaiveDate>,
            /// Whose work ended on or before this day.
            pub ended_to: Option<NaiveDate>,
            /// Held by `unit_id` itself, not by the units below it.
            pub unit_only: Option<bool>,
            /// Held by a unit of this kind.
            #[param(inline)]
            pub unit_kind: Option<OrgUnitKind>,
            /// In `category_id` itself, not in those below it.
            pub category_only: Option<bool>,
            /// In any category, or in none.
            pub has_category: Option<bool>,
            /// Received in this year.
            #[param(minimum = 1900, maximum = 9999)]
            pub year: Option<i32>,
            /// Marked as an emergency, or not.
            pub is_emergency: Option<bool>,
            /// Under supervision, or not.
            pub is_supervised: Option<bool>,
            /// Done again for a complainant who was not satisfied, or not.
            pub is_redone: Option<bool>,
            /// Waiting for a decision on more time, or not.
            pub is_extension_asked: Option<bool>,
            /// Under the supervision of this member, or of the caller: `me`.
            #[param(example = "me", max_length = 36)]
            pub supervisor_id: Option<String>,
            /// Whose next report to the supervisor is due before this instant.
            pub report_due_before: Option<DateTime<Utc>>,
            /// Handled by somebody, or by nobody yet.
            pub has_handler: Option<bool>,
            /// Filed without contact data, or with them.
            pub is_anonymous: Option<bool>,
            /// Rated with any of these levels, 5 is best.
            #[serde(default, deserialize_with = "comma")]
            #[param(style = Form, explode = false, required = false, example = json!([1, 2]))]
            pub satisfaction: Vec<i16>,
            /// Due at this instant or later.
            pub due_from: Option<DateTime<Utc>>,
            $($(#[$meta])* pub $field: $type,)*
        }

        impl $name {
            /// The names of the filters that narrow something down.
            #[must_use]
            pub fn used(&self) -> Vec<&'static str> {
                $crate::v1::exports::used([
                    ("q", self.q.is_some()),
                    ("state", !self.state.is_empty()),
                    ("phase", !self.phase.is_empty()),
                    ("channel", !self.channel.is_empty()),
                    ("kind", !self.kind.is_empty()),
                    ("unit_id", self.unit_id.is_some()),
                    ("handler_id", self.handler_id.is_some()),
                    ("category_id", self.category_id.is_some()),
                    ("received_from", self.received_from.is_some()),
                    ("received_to", self.received_to.is_some()),
                    ("replied_from", self.replied_from.is_some()),
                    ("replied_to", self.replied_to.is_some()),
                    ("due_before", self.due_before.is_some()),
                    ("days_to_reply_over", self.days_to_reply_over.is_some()),
                    ("is_rated_unsatisfied", self.is_rated_unsatisfied.is_some()),
                    ("is_rated", self.is_rated.is_some()),
                    ("is_replied", self.is_replied.is_some()),
                    ("ended_from", self.ended_from.is_some()),
                    ("ended_to", self.ended_to.is_some()),
                    ("unit_only", self.unit_only.is_some()),
                    ("unit_kind", self.unit_kind.is_some()),
                    ("category_only", self.category_only.is_some()),
                    ("has_category", self.has_category.is_some()),
                    ("year", self.year.is_some()),
                    ("is_emergency", self.is_emergency.is_some()),
                    ("is_supervised", self.is_supervised.is_some()),
                    ("is_redone", self.is_redone.is_some()),
                    ("is_extension_asked", self.is_extension_asked.is_some()),
                    ("supervisor_id", self.supervisor_id.is_some()),
                    ("report_due_before", self.report_due_before.is_some()),
                    ("has_handler", self.has_handler.is_some()),
                    ("is_anonymous", self.is_anonymous.is_some()),
                    ("satisfaction", !self.satisfaction.is_empty()),
                    ("due_from", self.due_from.is_some()),
                ])
            }

            /// The filter that was asked for.
            ///
            /// # Errors
            /// A value that can't be taken.
            pub fn filter(&self, caller: &Caller) -> Result<CaseFilter, Problem> {
                let handler = self.handler_id.as_deref().map(|text| member("handler_id", text, caller)).transpose()?;
                let instant = |at: DateTime<Utc>| Timestamp::from_datetime(&at);
                if self.q.as_ref().is_some_and(|q| q.chars().count() > 100 || q.contains('\0')) {
                    return Err(unreadable("q"));
                }
                if self.year.is_some_and(|year| !(1900..=9999).contains(&year)) {
                    return Err(unreadable("year"));
                }
                if self.satisfaction.iter().any(|level| !(1..=5).contains(level)) {
                    return Err(unreadable("satisfaction"));
                }
                if self.days_to_reply_over.is_some_and(|days| !(0.0..=100_000.0).contains(&days)) {
                    return Err(unreadable("days_to_reply_over"));
                }
                Ok(CaseFilter {
                    q: self.q.clone(),
                    states: self.state.iter().copied().map(Into::into).collect(),
                    phases: self.phase.iter().copied().map(Into::into).collect(),
                    channels: self.channel.iter().copied().map(Into::into).collect(),
                    kinds: self.kind.iter().copied().map(Into::into).collect(),
                    unit: self.unit_id.map(UnitId),
                    handler,
                    category: self.category_id.map(CategoryId),
                    received_from: self.received_from,
                    received_to: self.received_to,
                    replied_from: self.replied_from,
                    replied_to: self.replied_to,
                    due_before: self.due_before.map(instant),
                    days_to_reply_over: self.days_to_reply_over,
                    is_rated_unsatisfied: self.is_rated_unsatisfied,
                    is_rated: self.is_rated,
                    is_replied: self.is_replied,
                    ended_from: self.ended_from,
                    ended_to: self.ended_to,
                    is_unit_alone: self.unit_only.unwrap_or_default(),
                    unit_kind: self.unit_kind.map(Into::into),
                    is_category_alone: self.category_only.unwrap_or_default(),
                    has_category: self.has_category,
                    year: self.year,
                    is_emergency: self.is_emergency,
                    is_supervised: self.is_supervised,
                    is_redone: self.is_redone,
                    is_extension_asked: self.is_extension_asked,
                    supervisor: self.supervisor_id.as_deref().map(|text| member("supervisor_id", text, caller)).transpose()?,
                    report_due_before: self.report_due_before.map(instant),
                    has_handler: self.has_handler,
                    is_anonymous: self.is_anonymous,
                    satisfaction: self.satisfaction.clone(),
                    due_from: self.due_from.map(instant),
                })
            }
        }
    };
}

fn unreadable(name: &str) -> Problem {
    Problem::new(ProblemCode::MalformedQuery).with_detail(
        format!("查询条件 {name} 的值不对。"),
        format!("The value of {name} can't be taken."),
    )
}

fn member(name: &str, text: &str, caller: &Caller) -> Result<MemberId, Problem> {
    if text == "me" {
        return Ok(caller.actor.member);
    }
    text.parse().map_err(|_malformed| unreadable(name))
}

case_query! {
    /// Filters, order and page of a list of cases.
    ListComplaintsQuery {
        /// How the list is sorted.
        #[param(inline)]
        sort: Option<ComplaintSort>,
        /// Rows on a page.
        #[param(minimum = 1, maximum = 100, default = 20)]
        limit: Option<i32>,
        /// `next_cursor` of the page before.
        cursor: Option<String>,
        /// Whether `total` is wanted, exact up to 10,000.
        count: Option<bool>,
    }
}

case_query! {
    /// Filters and order of an export: the same as the list's.
    ExportComplaintsQuery {
        /// How the file is written.
        #[param(inline)]
        format: Option<ExportFormat>,
        /// How the rows are sorted.
        #[param(inline)]
        sort: Option<ComplaintSort>,
    }
}

case_query! {
    /// Filters of the figures over cases: the same as the list's.
    ComplaintStatisticsQuery {}
}

case_query! {
    /// Filters of the report of figures: the same as the list's.
    ExportComplaintStatisticsQuery {
        /// How the file is written.
        #[param(inline)]
        format: Option<ExportFormat>,
        /// Which table a file of commas holds; a workbook holds all. By default that of the units.
        #[param(inline)]
        table: Option<StatisticsTable>,
    }
}

impl ListComplaintsQuery {
    /// The page that was asked for.
    ///
    /// # Errors
    /// A limit out of range.
    pub fn page(&self) -> Result<liangnuo_persistence::PageRequest, Problem> {
        paging::request(self.limit, self.cursor.clone(), self.count)
    }
}
