//! What the list and the export of the event log are asked for.

use chrono::NaiveDate;
use liangnuo_domain::{MemberId, events::Action};
use liangnuo_persistence::events::{EventFilter, EventSort};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::{
    super::{complaints::query::comma, exports::ExportFormat, units::word},
    EventAction, EventActorKind, EventSubjectKind,
};
use crate::problem::Problem;

/// How the log is sorted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
pub enum LogEventSort {
    /// Newest first.
    #[default]
    #[serde(rename = "-at")]
    NewestFirst,
    /// Oldest first.
    #[serde(rename = "at")]
    OldestFirst,
}

impl From<LogEventSort> for EventSort {
    fn from(sort: LogEventSort) -> Self {
        match sort {
            LogEventSort::NewestFirst => Self::NewestFirst,
            LogEventSort::OldestFirst => Self::OldestFirst,
        }
    }
}

/// Declares a query with the filters of the log and further parameters. serde can't refuse unknown names in a flattened
/// struct, hence the macro.
macro_rules! event_query {
    ($(#[$doc:meta])* $name:ident { $($(#[$meta:meta])* $field:ident: $type:ty),* $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Deserialize, IntoParams)]
        #[serde(deny_unknown_fields)]
        #[into_params(parameter_in = Query)]
        pub struct $name {
            /// The number of a case, or the whole name of who acted. Empty finds all.
            #[param(max_length = 100, example = "2026-000123-K")]
            pub q: Option<String>,
            /// Any of these actions.
            #[serde(default, deserialize_with = "comma")]
            #[param(style = Form, explode = false, required = false)]
            pub action: Vec<EventAction>,
            /// About such a thing.
            #[param(inline)]
            pub subject_kind: Option<EventSubjectKind>,
            /// About this thing.
            pub subject_id: Option<Uuid>,
            /// Done by such a one.
            #[param(inline)]
            pub actor_kind: Option<EventActorKind>,
            /// Done by this member.
            pub actor_id: Option<Uuid>,
            /// Done in this member's place.
            pub acting_for_id: Option<Uuid>,
            /// On this day or later.
            #[param(example = "2026-11-01")]
            pub from: Option<NaiveDate>,
            /// On this day or before.
            #[param(example = "2026-11-30")]
            pub to: Option<NaiveDate>,
            $($(#[$meta])* pub $field: $type,)*
        }

        impl $name {
            /// The names of the filters that narrow something down.
            #[must_use]
            pub fn used(&self) -> Vec<&'static str> {
                $crate::v1::exports::used([
                    ("q", self.q.as_deref().is_some_and(|q| !q.trim().is_empty())),
                    ("action", !self.action.is_empty()),
                    ("subject_kind", self.subject_kind.is_some()),
                    ("subject_id", self.subject_id.is_some()),
                    ("actor_kind", self.actor_kind.is_some()),
                    ("actor_id", self.actor_id.is_some()),
                    ("acting_for_id", self.acting_for_id.is_some()),
                    ("from", self.from.is_some()),
                    ("to", self.to.is_some()),
                ])
            }

            /// The filter that was asked for.
            ///
            /// # Errors
            /// A value that can't be taken.
            pub fn filter(&self) -> Result<EventFilter, Problem> {
                let mut actions: Vec<Action> = self.action.iter().map(|action| action.0).collect();
                actions.sort_unstable();
                actions.dedup();
                Ok(EventFilter {
                    q: word(self.q.clone())?,
                    subject_kind: self.subject_kind.map(Into::into),
                    subject: self.subject_id,
                    actions,
                    actor: self.actor_id.map(MemberId),
                    actor_kind: self.actor_kind.map(Into::into),
                    acting_for: self.acting_for_id.map(MemberId),
                    from: self.from,
                    to: self.to,
                })
            }
        }
    };
}

event_query! {
    /// Filters, order and page of the event log.
    ListEventsQuery {
        /// How the list is sorted.
        #[param(inline)]
        sort: Option<LogEventSort>,
        /// Rows on a page.
        #[param(minimum = 1, maximum = 100, default = 20)]
        limit: Option<i32>,
        /// `next_cursor` of the page before.
        cursor: Option<String>,
        /// Whether `total` is wanted, exact up to 10,000.
        count: Option<bool>,
    }
}

event_query! {
    /// Filters and order of an export of the event log: the same as the list's.
    ExportEventsQuery {
        /// How the file is written.
        #[param(inline)]
        format: Option<ExportFormat>,
        /// How the rows are sorted.
        #[param(inline)]
        sort: Option<LogEventSort>,
    }
}
