//! The cases of a telephone number, found by its blind index: nothing is opened, and the number is kept nowhere.

use liangnuo_domain::{
    Timestamp,
    identity::{self, Use},
    policy::{self, Action},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QueryOrder, QuerySelect, QueryTrait};
use serde_json::json;

use super::uses;
use crate::{
    callers::Caller,
    complaints::{CaseSummary, summaries},
    db::Store,
    entity::{complaint_contacts, complaints},
    error::StoreError,
    events::{NewEvent, Subject},
    vault,
    visible::Visible,
};

/// Cases that are shown of a number, the newest.
const MOST: u64 = 100;

/// What was found.
#[derive(Clone, Debug)]
pub struct FoundByPhone {
    /// The cases, newest first.
    pub cases: Vec<CaseSummary>,
    /// How often the caller may look today.
    pub left_today: i64,
}

impl Store {
    /// The cases whose complainant left this telephone number, as far as the caller may see them by the roles that may look.
    /// Nothing is returned before it is in the log that somebody looked, why, and how many there were; never the number.
    ///
    /// # Errors
    /// Forbidden, no number, a reason that is missing, [`StoreError::TooOften`].
    pub async fn find_by_phone(
        &self,
        caller: Caller,
        (phone, why): (String, String),
        now: Timestamp,
    ) -> Result<FoundByPhone, StoreError> {
        let doer = caller.must_find_by_phone()?;
        let (phone, reason) = (identity::phone_to_find(&phone), identity::look_up_reason(&why));
        let mut found = liangnuo_domain::Invalid::default();
        let (phone, reason) = (found.take(phone), found.take(reason));
        found.finish()?;
        let (Some(phone), Some(reason)) = (phone, reason) else {
            return Err(StoreError::Bug("a field that was checked is not there"));
        };
        let rules = self.rules(caller.actor.region).await?;
        self.write(move |writer| async move {
            let mut tx = writer.begin_write(doer.into(), now).await?;
            let left_today = uses::count(&tx, &caller, Use::LookUp, now).await?;
            // While keys change, a row is found by the key that it is sealed with.
            let indexes = vault::indexes(&tx, phone.reveal()).await?;
            let own = complaint_contacts::Entity::find()
                .select_only()
                .column(complaint_contacts::Column::ComplaintId)
                .filter(complaint_contacts::Column::RegionId.eq(caller.actor.region.0))
                .filter(complaint_contacts::Column::PhoneIndex.is_in(indexes));
            let roles = policy::roles_for(Action::FindByPhone, false);
            let visible = Visible::by(&caller.actor, roles);
            let select = complaints::Entity::find()
                .filter(visible.condition())
                .filter(complaints::Column::Id.in_subquery(own.into_query()))
                .order_by_desc(complaints::Column::ReceivedAt)
                .order_by_desc(complaints::Column::Id)
                .limit(MOST);
            let cases = summaries(tx.conn(), select, &rules, now).await?;
            tx.record(NewEvent::new(
                caller.actor.region,
                Subject::PhoneLookUps,
                tx.ids().v7(now),
                "made",
                json!({"reason": reason, "cases": cases.len()}),
            ));
            tx.commit().await?;
            Ok(FoundByPhone { cases, left_today })
        })
        .await
    }
}
