//! The caller of a request: whom a session stands for, with the roles in force now.

use liangnuo_domain::{
    AccountId, Actor, Grant, MemberId, Role, SessionId, Timestamp, UnitId,
    policy::{self, Access, Action, Resource},
};
use sea_orm::{ColumnTrait, Condition, EntityTrait, QueryFilter};

use crate::{
    db::Store,
    entity::{accounts, members, role_grants, sessions},
    error::StoreError,
    visible::Visible,
};

/// A signed-in caller with the scope that follows from the roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Who acts.
    pub actor: Actor,
    /// Which complaints exist for them.
    pub visible: Visible,
}

impl Caller {
    /// The caller for an actor.
    #[must_use]
    pub fn new(actor: Actor) -> Self {
        let visible = Visible::to(&actor);
        Self { actor, visible }
    }

    /// Asks the policy.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] or, where the thing must not be known, [`StoreError::NotFound`].
    pub fn must(&self, action: Action, resource: Resource<'_>) -> Result<(), StoreError> {
        match policy::permit(&self.actor, action, resource) {
            Access::Allow => Ok(()),
            Access::Deny => Err(StoreError::Forbidden),
            Access::Hide => Err(StoreError::NotFound),
        }
    }

    /// Asks whether the caller may change what the whole county counts by: settings, calendar, categories.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`].
    pub fn must_edit_settings(&self) -> Result<(), StoreError> {
        let root = [self.actor.region];
        self.must(Action::EditSettings, Resource::Unit { path: &root })
    }

    /// Asks whether the caller may do something anywhere, in the open or in the sealed lane; each thing is asked about by
    /// itself.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`].
    pub(crate) fn must_somewhere(&self, action: Action) -> Result<(), StoreError> {
        let may = |is_sealed| self.actor.holds(policy::roles_for(action, is_sealed));
        if may(false) || may(true) {
            return Ok(());
        }
        Err(StoreError::Forbidden)
    }

    /// Asks whether the caller may assign cases at all; each case is asked about by itself.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`].
    pub fn must_assign(&self) -> Result<(), StoreError> {
        self.must(Action::AssignComplaint, Resource::Any)
    }

    /// Asks whether the caller may import: a ledger may name any unit, so the right is needed over the whole county.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`].
    pub fn must_import(&self) -> Result<(), StoreError> {
        self.must(
            Action::ImportComplaints,
            Resource::Unit {
                path: &[self.actor.region],
            },
        )
    }
}

impl Store {
    /// Whom a session stands for now.
    ///
    /// # Errors
    /// [`StoreError::SessionEnded`] when the session, the account or the member has ended.
    pub async fn caller_of(&self, session: SessionId, now: Timestamp) -> Result<Caller, StoreError> {
        let session = sessions::Entity::find_by_id(session.0)
            .one(self.read())
            .await?
            .filter(|row| row.ended_at.is_none() && row.expires_at > now.micros())
            .ok_or(StoreError::SessionEnded)?;
        let account = accounts::Entity::find_by_id(session.account_id)
            .one(self.read())
            .await?
            .filter(|row| row.disabled_at.is_none())
            .ok_or(StoreError::SessionEnded)?;
        let member = members::Entity::find_by_id((account.region_id, account.member_id))
            .one(self.read())
            .await?
            .filter(|row| row.closed_at.is_none())
            .ok_or(StoreError::SessionEnded)?;
        let grants = self.grants_of(&member, now).await?;
        Ok(Caller::new(Actor {
            region: UnitId(member.region_id),
            member: MemberId(member.id),
            account: AccountId(account.id),
            session: SessionId(session.id),
            home_unit: UnitId(member.unit_id),
            branch: member.branch_id.map(UnitId),
            grants,
        }))
    }

    /// The roles of a member that are in force at `now`; everybody is a member at home.
    async fn grants_of(&self, member: &members::Model, now: Timestamp) -> Result<Vec<Grant>, StoreError> {
        let rows = role_grants::Entity::find()
            .filter(role_grants::Column::RegionId.eq(member.region_id))
            .filter(role_grants::Column::MemberId.eq(member.id))
            .filter(role_grants::Column::ValidFrom.lte(now.micros()))
            .filter(
                Condition::any()
                    .add(role_grants::Column::ValidTo.is_null())
                    .add(role_grants::Column::ValidTo.gt(now.micros())),
            )
            .all(self.read())
            .await?;
        let mut grants = vec![Grant {
            role: Role::Member,
            unit: UnitId(member.unit_id),
        }];
        for row in rows {
            let role = Role::from_code(&row.role).ok_or(StoreError::Inconsistent {
                table: "role_grants",
                column: "role",
            })?;
            grants.push(Grant {
                role,
                unit: UnitId(row.unit_id),
            });
        }
        grants.dedup();
        Ok(grants)
    }
}
