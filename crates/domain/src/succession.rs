//! Succession: a unit is merged into another one, or split up among several, and closes. What it holds goes on there; what it
//! was stays its own.

use std::collections::HashMap;

use crate::{
    codes::codes,
    error::{Invalid, Message, Refusal},
    ids::{MemberId, UnitId},
    text,
    time::Timestamp,
    units::{self, Unit, UnitKind},
};

codes! {
    /// How others came in a unit's place.
    Kind {
        /// One other took all of it.
        Merged = "merged",
        /// Several others took parts of it.
        Split = "split",
    }
}

/// Units among which one can be split up.
const PARTS: std::ops::RangeInclusive<usize> = 2..=10;

/// How much went from a unit to others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Units directly below.
    pub units: usize,
    /// Members.
    pub members: usize,
    /// Open cases.
    pub cases: usize,
}

/// Who comes in a unit's place, and with what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// In which way.
    pub kind: Kind,
    /// Who goes on: the first gets what is not given to another one below.
    pub successors: Vec<UnitId>,
    /// Units directly below it, and under whom they go on.
    pub units: Vec<(UnitId, UnitId)>,
    /// Members, and where they go on.
    pub members: Vec<(MemberId, UnitId)>,
    /// Why.
    pub reason: String,
}

/// A unit that goes on, with its path from the root.
#[derive(Clone, Debug)]
pub struct Successor {
    /// The unit.
    pub unit: Unit,
    /// From the root to the unit itself.
    pub path: Vec<UnitId>,
}

/// Who gets what of a unit that closes.
#[derive(Clone, Debug)]
pub struct Division {
    first: UnitId,
    units: HashMap<UnitId, UnitId>,
    members: HashMap<MemberId, UnitId>,
    /// Why, as it is kept.
    pub reason: String,
}

impl Division {
    /// Under whom a unit goes on.
    #[must_use]
    pub fn of_unit(&self, id: UnitId) -> UnitId {
        self.units.get(&id).copied().unwrap_or(self.first)
    }

    /// Where a member goes on.
    #[must_use]
    pub fn of_member(&self, id: MemberId) -> UnitId {
        self.members.get(&id).copied().unwrap_or(self.first)
    }

    /// Where a case goes on: with whoever handles it.
    #[must_use]
    pub fn of_case(&self, handler: Option<MemberId>) -> UnitId {
        handler.map_or(self.first, |handler| self.of_member(handler))
    }
}

/// Where in a request the successor of a place in the list stands.
#[must_use]
pub fn pointer(kind: Kind, at: usize) -> String {
    match kind {
        Kind::Merged => "/into_unit_id".to_owned(),
        Kind::Split => format!("/successor_ids/{at}"),
    }
}

/// Who gets what, if they can. `holds_units` says whether there are open units below the one that closes.
///
/// # Errors
/// The county itself; a closed unit; a successor that can't take it; a reason that is missing; parts for who is no successor.
pub fn divide(unit: &Unit, wanted: &Wanted, successors: &[Successor], holds_units: bool) -> Result<Division, Refusal> {
    units::open(unit)?;
    if unit.parent.is_none() {
        return Err(Refusal::NotReady(Message::new(
            "全县的根单位不能并入别的单位，也不能拆分。",
            "The county itself is neither merged nor split.",
        )));
    }
    let mut found = Invalid::default();
    let reason = found.take(text::parse("/reason", &wanted.reason, text::prose(2, 500)));
    if wanted.kind == Kind::Split && !PARTS.contains(&successors.len()) {
        found.take::<()>(Err(Invalid::one(
            "/successor_ids",
            "out_of_range",
            "拆分要有2到10个承接单位；只有一个时请用合并。",
            "A unit is split among two to ten others; for a single one, merge it.",
        )));
    }
    for (at, successor) in successors.iter().enumerate() {
        let is_there_before = successors.iter().take(at).any(|one| one.unit.id == successor.unit.id);
        if let Some((zh, en)) = why_not(unit, successor, holds_units, is_there_before) {
            found.take::<()>(Err(Invalid::one(pointer(wanted.kind, at), "not_a_successor", zh, en)));
        }
    }
    let units = parts(&wanted.units, &wanted.successors, ("/units", "unit_id"), &mut found);
    let members = parts(
        &wanted.members,
        &wanted.successors,
        ("/members", "member_id"),
        &mut found,
    );
    found.finish()?;
    Ok(Division {
        first: successors.first().map_or(unit.id, |successor| successor.unit.id),
        units,
        members,
        reason: reason.unwrap_or_default(),
    })
}

fn parts<T: Copy + Eq + std::hash::Hash>(
    wanted: &[(T, UnitId)],
    successors: &[UnitId],
    (list, key): (&str, &str),
    found: &mut Invalid,
) -> HashMap<T, UnitId> {
    let mut parts = HashMap::new();
    for (at, (id, to)) in wanted.iter().enumerate() {
        if !successors.contains(to) {
            found.take::<()>(Err(Invalid::one(
                format!("{list}/{at}/to_unit_id"),
                "not_a_successor",
                "只能归到上面选的承接单位。",
                "It can only go to one of the successors.",
            )));
        }
        if parts.insert(*id, *to).is_some() {
            found.take::<()>(Err(Invalid::one(
                format!("{list}/{at}/{key}"),
                "duplicate",
                "同一项只能归到一个承接单位。",
                "The same one can't go to two successors.",
            )));
        }
    }
    parts
}

/// Why one can't go on in a unit's place.
fn why_not(
    unit: &Unit,
    successor: &Successor,
    holds_units: bool,
    is_there_before: bool,
) -> Option<(&'static str, &'static str)> {
    let Successor { unit: next, path } = successor;
    let is_branch = |unit: &Unit| unit.kind == UnitKind::Branch;
    if next.id == unit.id {
        return Some(("不能并入自己。", "A unit can't succeed itself."));
    }
    if is_there_before {
        return Some(("同一个单位选了两次。", "The same unit stands here twice."));
    }
    if next.closed_at.is_some() {
        return Some(("这个单位已经撤销。", "This unit is closed."));
    }
    // Whoever is accused as a unit is never the root: its inspectors must be able to look.
    if next.parent.is_none() {
        return Some((
            "不能并入全县的根单位，请选一个下属单位。",
            "A unit can't be merged into the county itself. Choose one below it.",
        ));
    }
    if path.contains(&unit.id) {
        return Some((
            "不能并入它的下级。请先把那个下级移出来。",
            "A unit can't be merged into one below it. Move that one out first.",
        ));
    }
    if is_branch(unit) != is_branch(next) {
        return Some((
            "党支部只能并入党支部，其他单位不能并入党支部。",
            "A branch is merged into a branch, and nothing else is.",
        ));
    }
    if holds_units && units::can_hold(next).is_err() {
        return Some((
            "它有下级单位，而窗口和党支部下不能设单位。",
            "It has units below it, and a window or branch holds none.",
        ));
    }
    None
}

/// Closes the unit in whose place others came.
#[must_use]
pub fn close(unit: &Unit, at: Timestamp) -> Unit {
    Unit {
        closed_at: Some(at),
        ..unit.clone()
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::units::UnitFields;

    fn id(n: u128) -> UnitId {
        UnitId(Uuid::from_u128(n))
    }

    fn unit(n: u128, parent: Option<u128>, kind: UnitKind) -> Unit {
        Unit {
            id: id(n),
            region: id(1),
            parent: parent.map(id),
            kind,
            fields: UnitFields::default(),
            closed_at: None,
            version: 1,
        }
    }

    fn successor(n: u128, kind: UnitKind) -> Successor {
        Successor {
            unit: unit(n, Some(1), kind),
            path: vec![id(1), id(n)],
        }
    }

    fn wanted(kind: Kind, successors: &[Successor]) -> Wanted {
        Wanted {
            kind,
            successors: successors.iter().map(|successor| successor.unit.id).collect(),
            units: Vec::new(),
            members: Vec::new(),
            reason: "布局调整".to_owned(),
        }
    }

    fn codes(outcome: Result<Division, Refusal>) -> Vec<(String, &'static str)> {
        match outcome.unwrap_err() {
            Refusal::Invalid(invalid) => invalid.0.into_iter().map(|error| (error.pointer, error.code)).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn who_can_go_on_in_a_unit_s_place() {
        let school = unit(2, Some(1), UnitKind::School);
        let merge = |next: Successor, holds_units| {
            let successors = [next];
            divide(&school, &wanted(Kind::Merged, &successors), &successors, holds_units)
        };
        let refused = [("/into_unit_id".to_owned(), "not_a_successor")];
        assert!(merge(successor(3, UnitKind::School), true).is_ok());
        assert!(merge(successor(3, UnitKind::Window), false).is_ok());
        assert_eq!(codes(merge(successor(3, UnitKind::Window), true)), refused);
        assert_eq!(codes(merge(successor(3, UnitKind::Branch), false)), refused);
        assert_eq!(codes(merge(successor(2, UnitKind::School), false)), refused);
        let root = Successor {
            unit: unit(1, None, UnitKind::Bureau),
            path: vec![id(1)],
        };
        assert_eq!(codes(merge(root, false)), refused);
        let below = Successor {
            unit: unit(4, Some(2), UnitKind::School),
            path: vec![id(1), id(2), id(4)],
        };
        assert_eq!(codes(merge(below, false)), refused);
        let mut closed = successor(3, UnitKind::School);
        closed.unit.closed_at = Some(Timestamp::from_micros(1));
        assert_eq!(codes(merge(closed, false)), refused);
        let county = unit(1, None, UnitKind::Bureau);
        let others = [successor(3, UnitKind::School)];
        let outcome = divide(&county, &wanted(Kind::Merged, &others), &others, false);
        assert_eq!(outcome.unwrap_err().code(), "not_ready");
    }

    #[test]
    fn what_is_not_given_to_another_one_goes_to_the_first() {
        let school = unit(2, Some(1), UnitKind::School);
        let successors = [successor(3, UnitKind::School), successor(4, UnitKind::School)];
        let member = |n: u128| MemberId(Uuid::from_u128(n));
        let mut split = wanted(Kind::Split, &successors);
        split.members = vec![(member(9), id(4))];
        split.units = vec![(id(8), id(4))];
        let division = divide(&school, &split, &successors, true).unwrap();
        assert_eq!(
            (division.of_member(member(9)), division.of_member(member(7))),
            (id(4), id(3))
        );
        assert_eq!((division.of_unit(id(8)), division.of_unit(id(7))), (id(4), id(3)));
        assert_eq!(
            (division.of_case(Some(member(9))), division.of_case(None)),
            (id(4), id(3))
        );

        split.members.push((member(9), id(5)));
        split.reason = String::new();
        assert_eq!(
            codes(divide(&school, &split, &successors, true)),
            [
                ("/reason".to_owned(), "required"),
                ("/members/1/to_unit_id".to_owned(), "not_a_successor"),
                ("/members/1/member_id".to_owned(), "duplicate"),
            ]
        );
        let alone = wanted(Kind::Split, &successors[..1]);
        assert_eq!(
            codes(divide(&school, &alone, &successors[..1], false)),
            [("/successor_ids".to_owned(), "out_of_range")]
        );
    }
}
