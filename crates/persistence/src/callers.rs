//! The caller of a request: whom a session stands for, with the roles in force now.

use liangnuo_domain::{
    AccountId, Actor, Doer, Grant, MemberId, Principal, RegionId, Role, SessionId, Timestamp, UnitId,
    imports::ImportKind,
    policy::{self, Access, Action, Resource},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};
use uuid::Uuid;

use crate::{
    db::Store,
    entity::{accounts, members, role_grants, second_factors, sessions},
    error::StoreError,
    role_grants::{in_force, role_of},
    visible::Visible,
};

/// A signed-in caller with the scope that follows from the roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// Who acts.
    pub actor: Actor,
    /// Which complaints exist for them.
    pub visible: Visible,
    /// How the session stands with proving who it is.
    pub standing: Standing,
}

/// How a session stands with proving who it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// When it was last shown, by log-in or since.
    pub confirmed_at: Timestamp,
    /// The account has a second factor.
    pub has_second_factor: bool,
    /// Neither a second factor nor another password is ever demanded of the account.
    pub is_exempt: bool,
    /// When the password was set.
    pub password_changed_at: Timestamp,
    /// Another password is demanded, whatever its age.
    pub must_change_password: bool,
    /// The password is long enough for somebody without a second factor.
    pub password_stands_alone: bool,
}

impl Standing {
    /// Nothing was shown.
    pub const NONE: Self = Self {
        confirmed_at: Timestamp::from_micros(0),
        has_second_factor: false,
        is_exempt: false,
        password_changed_at: Timestamp::from_micros(0),
        must_change_password: false,
        password_stands_alone: true,
    };
}

impl Caller {
    /// The caller for an actor whose session has shown nothing.
    #[must_use]
    pub fn new(actor: Actor) -> Self {
        let visible = Visible::to(&actor);
        Self {
            actor,
            visible,
            standing: Standing::NONE,
        }
    }

    /// Asks the policy, and says by whose right it is permitted. A command asks through `Tx::must`, so that its
    /// events say it, too.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] or, where the thing must not be known, [`StoreError::NotFound`].
    pub fn must(&self, action: Action, resource: Resource<'_>) -> Result<Doer, StoreError> {
        match policy::permit(&self.actor, action, resource) {
            Access::Allow => Ok(policy::doer(&self.actor, action, resource)),
            Access::Deny => Err(StoreError::Forbidden),
            Access::Hide => Err(StoreError::NotFound),
        }
    }

    /// Asks whether the caller may change what the whole county counts by: settings, calendar, categories.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`].
    pub fn must_edit_settings(&self) -> Result<Doer, StoreError> {
        let root = [self.actor.region];
        self.must(Action::EditSettings, Resource::Unit { path: &root })
    }

    /// Asks whether the caller may look for the cases of a telephone number: at the root's own desk alone.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`].
    pub fn must_find_by_phone(&self) -> Result<Doer, StoreError> {
        let root = [self.actor.region];
        self.must(Action::FindByPhone, Resource::Unit { path: &root })
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
    pub fn must_assign(&self) -> Result<Doer, StoreError> {
        self.must(Action::AssignComplaint, Resource::Any)
    }

    /// Asks whether the caller may attach files anywhere; each case is asked about by itself.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`].
    pub fn must_attach(&self) -> Result<(), StoreError> {
        self.must_somewhere(Action::AttachToComplaint)
    }

    /// Asks whether the caller may import files of a kind: a row may name any unit, so the right is needed over the whole
    /// county.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`].
    pub fn must_import(&self, kind: ImportKind) -> Result<Doer, StoreError> {
        let action = match kind {
            ImportKind::Complaints => Action::ImportComplaints,
            ImportKind::Units => Action::ImportUnits,
            ImportKind::Members => Action::ImportMembers,
        };
        self.must(
            action,
            Resource::Unit {
                path: &[self.actor.region],
            },
        )
    }

    /// The kinds of files that the caller may import, and whose runs they see.
    ///
    /// # Errors
    /// [`StoreError::Forbidden`] for who may import nothing.
    pub fn imports(&self) -> Result<Vec<ImportKind>, StoreError> {
        let kinds = ImportKind::ALL.iter().copied();
        let kinds: Vec<ImportKind> = kinds.filter(|kind| self.must_import(*kind).is_ok()).collect();
        if kinds.is_empty() {
            return Err(StoreError::Forbidden);
        }
        Ok(kinds)
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
        let (grants, stands_for) = self.rights_of(&member, now).await?;
        let second_factor = second_factors::Entity::find_by_id(account.id).one(self.read()).await?;
        let standing = Standing {
            confirmed_at: Timestamp::from_micros(session.confirmed_at),
            has_second_factor: second_factor.is_some_and(|row| row.enrolled_at.is_some()),
            is_exempt: account.is_exempt,
            password_changed_at: Timestamp::from_micros(account.password_changed_at),
            must_change_password: account.must_change_password,
            password_stands_alone: account.password_stands_alone,
        };
        let caller = Caller::new(Actor {
            region: UnitId(member.region_id),
            member: MemberId(member.id),
            account: AccountId(account.id),
            session: SessionId(session.id),
            home_unit: UnitId(member.unit_id),
            branch: member.branch_id.map(UnitId),
            grants,
            stands_for,
        });
        Ok(Caller { standing, ..caller })
    }

    /// The roles of a member that are in force at `now`, and those whose deputy the member is; everybody is a member at home.
    async fn rights_of(
        &self,
        member: &members::Model,
        now: Timestamp,
    ) -> Result<(Vec<Grant>, Vec<Principal>), StoreError> {
        let rows = role_grants::Entity::find()
            .filter(role_grants::Column::RegionId.eq(member.region_id))
            .filter(role_grants::Column::MemberId.eq(member.id))
            .filter(in_force(now))
            .all(self.read())
            .await?;
        let mut grants = vec![Grant::own(Role::Member, UnitId(member.unit_id))];
        for row in &rows {
            grants.push(Grant {
                acting_for: row.acting_for.map(MemberId),
                ..Grant::own(role_of(row)?, UnitId(row.unit_id))
            });
        }
        let holders = rows.iter().filter_map(|row| row.acting_for).collect();
        let stands_for = self.principals(member.region_id, holders, now).await?;
        Ok((grants, stands_for))
    }

    /// In whose place a member acts now, whatever for.
    pub(crate) async fn stands_for(
        &self,
        region: RegionId,
        member: MemberId,
        now: Timestamp,
    ) -> Result<Vec<MemberId>, StoreError> {
        let rows = role_grants::Entity::find()
            .filter(role_grants::Column::RegionId.eq(region.0))
            .filter(role_grants::Column::MemberId.eq(member.0))
            .filter(in_force(now))
            .all(self.read())
            .await?;
        let holders = rows.iter().filter_map(|row| row.acting_for).collect();
        let principals = self.principals(region.0, holders, now).await?;
        Ok(principals.into_iter().map(|principal| principal.member).collect())
    }

    /// Those in whose place somebody acts who is a deputy of `holders`: these, and those whose deputies they are themselves.
    async fn principals(
        &self,
        region: Uuid,
        mut holders: Vec<Uuid>,
        now: Timestamp,
    ) -> Result<Vec<Principal>, StoreError> {
        let mut known: Vec<Principal> = Vec::new();
        while !holders.is_empty() {
            let people = members::Entity::find()
                .filter(members::Column::RegionId.eq(region))
                .filter(members::Column::Id.is_in(holders.iter().copied()))
                .all(self.read())
                .await?;
            let rows = role_grants::Entity::find()
                .filter(role_grants::Column::RegionId.eq(region))
                .filter(role_grants::Column::MemberId.is_in(holders))
                .filter(in_force(now))
                .all(self.read())
                .await?;
            for person in people {
                let mut line = Vec::new();
                for row in rows.iter().filter(|row| row.member_id == person.id) {
                    if role_of(row)?.is_in_line() {
                        line.push(UnitId(row.unit_id));
                    }
                }
                known.push(Principal {
                    member: MemberId(person.id),
                    home_unit: UnitId(person.unit_id),
                    branch: person.branch_id.map(UnitId),
                    line,
                });
            }
            holders = rows.iter().filter_map(|row| row.acting_for).collect();
            holders.retain(|holder| known.iter().all(|principal| principal.member.0 != *holder));
        }
        Ok(known)
    }
}
