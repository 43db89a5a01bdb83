//! Who has a duty over a case at the moment that something happens to it.

use liangnuo_domain::{
    MemberId, Role, UnitId,
    complaints::Complaint,
    policy::{self, Action, CASE_READERS},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

use super::audience::Audience;
use crate::{
    entity::{members, role_grants},
    error::StoreError,
    join::join_in_order,
    names::unit_path,
    role_grants::in_force,
    settings,
    tx::Tx,
};

/// Who holds the roles over a case's unit now.
pub(super) struct Duty {
    /// From the root to the unit.
    path: Vec<UnitId>,
    holders: Vec<(Role, UnitId, MemberId)>,
    /// Who is away, and who stands in.
    deputies: Vec<(MemberId, MemberId)>,
    /// Who is on duty today; asked for in danger alone.
    on_duty: Vec<MemberId>,
}

impl Duty {
    pub(super) async fn of(tx: &Tx, case: &Complaint, is_danger: bool) -> Result<Self, StoreError> {
        let at = tx.now();
        let path = unit_path(tx.conn(), case.region, case.unit).await?;
        let roles = if case.is_sealed {
            // Of a sealed case only the root's inspectors are told.
            vec![Role::Inspector]
        } else {
            CASE_READERS.to_vec()
        };
        let same = [
            (members::Column::RegionId, role_grants::Column::RegionId),
            (members::Column::Id, role_grants::Column::MemberId),
        ];
        let select = join_in_order(role_grants::Entity::find(), members::Entity, same);
        let rows = select
            .filter(role_grants::Column::RegionId.eq(case.region.0))
            .filter(role_grants::Column::UnitId.is_in(path.iter().map(|unit| unit.0)))
            .filter(role_grants::Column::Role.is_in(roles.iter().map(|role| role.code())))
            .filter(in_force(at))
            .filter(members::Column::ClosedAt.is_null())
            .all(tx.conn())
            .await?;
        let deputies = rows
            .iter()
            .filter_map(|row| Some((MemberId(row.acting_for?), MemberId(row.member_id))))
            .collect();
        let holders = rows
            .into_iter()
            .filter_map(|row| {
                let role = Role::from_code(&row.role)?;
                Some((role, UnitId(row.unit_id), MemberId(row.member_id)))
            })
            .collect();
        let on_duty = if is_danger {
            settings::on_duty(tx, case.region, at.day()).await?
        } else {
            Vec::new()
        };
        Ok(Self {
            path,
            holders,
            deputies,
            on_duty,
        })
    }

    pub(super) fn members(&self, case: &Complaint, audience: Audience, supervisor: Option<MemberId>) -> Vec<MemberId> {
        match audience {
            Audience::Member(member) => vec![member],
            Audience::Supervisor => supervisor.map_or_else(Vec::new, |by| self.watching(case, by)),
            Audience::Handlers => case
                .handler
                .map_or_else(|| self.desk(case), |handler| self.with_deputies(handler)),
            Audience::Nearest(role) => self.nearest(case, role, &[]),
            Audience::NearestBut(role, members) => self.nearest(case, role, &members),
            Audience::OnDuty => {
                let sees = |member: &MemberId| self.holders.iter().any(|(_, _, holder)| holder == member);
                self.on_duty.iter().copied().filter(sees).collect()
            }
            Audience::Above(role) => self.at(case, role, None),
        }
    }

    fn with_deputies(&self, member: MemberId) -> Vec<MemberId> {
        let deputies = self.deputies.iter().filter(|(away, _)| *away == member);
        std::iter::once(member)
            .chain(deputies.map(|(_, deputy)| *deputy))
            .collect()
    }

    /// Whoever supervises the case, or all who may if that one may not any more: it must be lifted by somebody.
    fn watching(&self, case: &Complaint, by: MemberId) -> Vec<MemberId> {
        let roles = policy::roles_for(Action::SuperviseComplaint, case.is_sealed);
        let able: Vec<MemberId> = self
            .holders
            .iter()
            .filter(|(role, ..)| roles.contains(role))
            .map(|(_, _, member)| *member)
            .collect();
        if able.contains(&by) { vec![by] } else { able }
    }

    fn at(&self, case: &Complaint, role: Role, unit: Option<UnitId>) -> Vec<MemberId> {
        let role = if case.is_sealed { Role::Inspector } else { role };
        self.holders
            .iter()
            .filter(|(held, at, _)| *held == role && unit.is_none_or(|unit| unit == *at))
            .map(|(_, _, member)| *member)
            .collect()
    }

    /// Who looks at a case that nobody handles.
    fn desk(&self, case: &Complaint) -> Vec<MemberId> {
        let handlers = self.nearest(case, Role::Handler, &[]);
        if handlers.is_empty() {
            self.at(case, Role::CampaignOffice, None)
        } else {
            handlers
        }
    }

    fn nearest(&self, case: &Complaint, role: Role, but: &[MemberId]) -> Vec<MemberId> {
        self.path
            .iter()
            .rev()
            .map(|unit| {
                let mut found = self.at(case, role, Some(*unit));
                found.retain(|member| !but.contains(member));
                found
            })
            .find(|members| !members.is_empty())
            .unwrap_or_default()
    }
}
