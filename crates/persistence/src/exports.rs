//! Lists that somebody took out: each is in the log, with who, what and how many rows.

use liangnuo_domain::{
    Timestamp,
    policy::{Action, Resource},
};
use serde_json::json;

use crate::{
    callers::Caller,
    db::Store,
    error::StoreError,
    events::{NewEvent, Subject},
    names::MemberName,
};

/// What can be taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exported {
    /// Cases.
    Complaints,
    /// The event log.
    Events,
    /// Members.
    Members,
    /// Figures.
    Statistics,
    /// Units.
    Units,
}

impl Exported {
    /// The plural resource name.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Complaints => "complaints",
            Self::Events => "events",
            Self::Members => "members",
            Self::Statistics => "statistics",
            Self::Units => "units",
        }
    }
}

/// A list that is about to be handed out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// What is listed.
    pub of: Exported,
    /// The right by which it is listed.
    pub by_right_to: Action,
    /// The code of the format.
    pub format: &'static str,
    /// How many rows; not known before a file that is sent as it is read is at its end.
    pub rows: Option<u32>,
    /// What it was narrowed down by: names of filters, not their values, which may name people.
    pub filters: Vec<&'static str>,
}

impl Store {
    /// Who takes something out, for the mark on it.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn exporter(&self, caller: &Caller) -> Result<MemberName, StoreError> {
        let member = caller.actor.member;
        let mut names = self.member_names(caller.actor.region, [member]).await?;
        names.remove(&member).ok_or(StoreError::NotFound)
    }

    /// Notes in the log that a list goes out: `begun` where it is sent as it is read, and `made` when it is whole. What
    /// can't be noted must not be handed out.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn record_export(
        &self,
        caller: &Caller,
        action: &'static str,
        export: Export,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        let (region, home) = (caller.actor.region, caller.actor.home_unit);
        let doer = caller.must(export.by_right_to, Resource::Any)?;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(doer.into(), now).await?;
            let detail = json!({
                "of": export.of.code(),
                "format": export.format,
                "rows": export.rows,
                "filters": export.filters,
            });
            let id = tx.ids().v4();
            tx.record(NewEvent::new(region, Subject::Exports, id, action, detail).in_unit(home));
            tx.commit().await
        })
        .await
    }
}
