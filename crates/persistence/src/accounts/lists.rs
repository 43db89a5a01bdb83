//! What is shown of a member's account to whoever looks after accounts.

use liangnuo_domain::{
    Doer, MemberId, Timestamp, accounts as rules,
    policy::{Action, Resource},
};

use sea_orm::EntityTrait as _;

use super::links::{LinkView, account_of, must_look_after, subject};
use crate::{callers::Caller, db::Store, entity::second_factors, error::StoreError, names::MemberName};

/// The account of a member, or how far they are from having one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountView {
    /// Whose.
    pub member: MemberName,
    /// What is typed to sign in; none where there is no account yet.
    pub login: Option<String>,
    /// Since when there is an account.
    pub created_at: Option<Timestamp>,
    /// Since when the password is what it is.
    pub password_changed_at: Option<Timestamp>,
    /// Since when there is a second factor.
    pub second_factor_at: Option<Timestamp>,
    /// The link that is good now.
    pub link: Option<LinkView>,
    /// What the caller may do now.
    pub allowed: Vec<AccountVerb>,
}

/// What can be done with a member's account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountVerb {
    /// Issue a link to make it.
    Invite,
    /// Issue a link to set another password.
    Reset,
    /// Take the link back.
    RevokeLink,
    /// Take the second factor away.
    RemoveSecondFactor,
}

impl Store {
    /// The account of a member.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] for whoever may not see the member, forbidden for who sees them and no accounts.
    pub async fn account_of_member(
        &self,
        caller: &Caller,
        id: MemberId,
        now: Timestamp,
    ) -> Result<AccountView, StoreError> {
        let region = caller.actor.region;
        let (member, path) = subject(self.read(), region, id).await?;
        let resource = Resource::Member {
            member: id,
            path: &path,
        };
        caller.must(Action::ViewAccount, resource)?;
        let account = account_of(self.read(), region, id).await?;
        let link = self.good_link_of(region, id, now).await?;
        let second_factor_at = match &account {
            Some(account) => second_factors::Entity::find_by_id(account.id).one(self.read()).await?,
            None => None,
        };
        let second_factor_at = second_factor_at.and_then(|row| row.enrolled_at);
        let issues = |doer: Doer| rules::must_be_another(id, doer).is_ok() && member.closed_at.is_none();
        let looks_after = must_look_after(self.read(), caller, id, now).await.is_ok();
        let may = |action| caller.must(action, resource).is_ok_and(issues) && looks_after;
        let may_issue = may(Action::IssueAccountLink);
        let may_revoke = link.is_some() && caller.must(Action::RevokeAccountLink, resource).is_ok();
        let verbs = [
            (AccountVerb::Invite, may_issue && account.is_none()),
            (AccountVerb::Reset, may_issue && account.is_some()),
            (AccountVerb::RevokeLink, may_revoke),
            (
                AccountVerb::RemoveSecondFactor,
                second_factor_at.is_some() && may(Action::RemoveSecondFactor),
            ),
        ];
        Ok(AccountView {
            login: account.as_ref().map(|account| account.login.clone()),
            created_at: account
                .as_ref()
                .map(|account| Timestamp::from_micros(account.created_at)),
            password_changed_at: account.map(|account| Timestamp::from_micros(account.password_changed_at)),
            second_factor_at: second_factor_at.map(Timestamp::from_micros),
            link,
            allowed: verbs
                .into_iter()
                .filter(|(_, may)| *may)
                .map(|(verb, _)| verb)
                .collect(),
            member: MemberName {
                id: member.id,
                name: member.fields.name,
                name_en: member.fields.name_en,
            },
        })
    }
}
