//! Units: the tree of a county's education system.

use crate::{
    codes::codes,
    error::{Invalid, Refusal},
    ids::{RegionId, UnitId},
    pinyin,
    succession::{Counts, Kind},
    text,
    time::Timestamp,
};

codes! {
    /// What a unit is.
    UnitKind {
        /// 教育局
        Bureau = "bureau",
        /// 股室
        Office = "office",
        /// 学校
        School = "school",
        /// 幼儿园
        Kindergarten = "kindergarten",
        /// 党支部
        Branch = "branch",
        /// 窗口
        Window = "window",
    }
}

/// What is kept of a unit, as typed: all but the code and the reading is published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitFields {
    /// The code that the education authority gave it, unique among the county's open units.
    pub code: Option<String>,
    /// Name in Chinese, unique among the open units under one parent.
    pub name: String,
    /// Name in English.
    pub name_en: Option<String>,
    /// How the name is read, where that is not as usual: pinyin with spaces. It is found by this, and not published.
    pub reading: Option<String>,
    /// Name of the head.
    pub head: Option<String>,
    /// Telephone number for the public.
    pub hotline: Option<String>,
    /// Address.
    pub address: Option<String>,
    /// Opening hours in words.
    pub opening_hours: Option<String>,
}

impl UnitFields {
    /// Cleans and checks every field.
    ///
    /// # Errors
    /// Every field that can't be taken.
    pub fn parse(self) -> Result<Self, Invalid> {
        let mut found = Invalid::default();
        let mut optional = |pointer: &str, value: Option<String>, max: usize| {
            found
                .take(text::parse_optional(pointer, value.as_deref(), text::line(1, max)))
                .flatten()
        };
        let name_en = optional("/name_en", self.name_en, 200);
        let head = optional("/head", self.head, 50);
        let hotline = optional("/hotline", self.hotline, 50);
        let address = optional("/address", self.address, 200);
        let opening_hours = optional("/opening_hours", self.opening_hours, 200);
        let reading = found.take(pinyin::parse("/reading", self.reading.as_deref())).flatten();
        let code = found.take(text::parse_key("/code", self.code.as_deref())).flatten();
        let name = found.take(text::parse("/name", &self.name, text::line(2, 100)));
        found.finish()?;
        Ok(Self {
            code,
            name: name.unwrap_or_default(),
            name_en,
            reading,
            head,
            hotline,
            address,
            opening_hours,
        })
    }
}

/// A unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// The county: the root's id.
    pub region: RegionId,
    /// The unit above; none for the root.
    pub parent: Option<UnitId>,
    /// What it is.
    pub kind: UnitKind,
    /// What is kept of it.
    pub fields: UnitFields,
    /// Since when it no longer exists. Units are closed, never deleted.
    pub closed_at: Option<Timestamp>,
    /// Counts the changes.
    pub version: i64,
}

/// What happened to a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// It was created.
    Created,
    /// Its fields were changed.
    Edited {
        /// The names of the changed fields.
        fields: Vec<&'static str>,
    },
    /// It moved under another unit.
    Moved {
        /// From where.
        from: UnitId,
        /// To where.
        to: UnitId,
    },
    /// Others came in its place, and it was closed.
    Succeeded {
        /// In which way.
        kind: Kind,
        /// Who.
        successors: Vec<UnitId>,
        /// How much went to them.
        counts: Counts,
        /// Why.
        reason: String,
    },
    /// It was closed.
    Closed {
        /// Why.
        reason: String,
    },
}

impl Event {
    /// The stable code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Edited { .. } => "edited",
            Self::Moved { .. } => "moved",
            Self::Succeeded { kind, .. } => kind.code(),
            Self::Closed { .. } => "closed",
        }
    }
}

pub(crate) fn open(unit: &Unit) -> Result<(), Refusal> {
    if unit.closed_at.is_some() {
        return Err(Refusal::WrongState {
            is: "closed",
            wanted: vec!["open"],
        });
    }
    Ok(())
}

/// Changes the fields.
///
/// # Errors
/// A closed unit keeps what it had.
pub fn edit(unit: &Unit, fields: UnitFields) -> Result<(Unit, Vec<Event>), Refusal> {
    open(unit)?;
    let old = &unit.fields;
    let changed: Vec<&'static str> = [
        ("code", old.code != fields.code),
        ("name", old.name != fields.name),
        ("name_en", old.name_en != fields.name_en),
        ("reading", old.reading != fields.reading),
        ("head", old.head != fields.head),
        ("hotline", old.hotline != fields.hotline),
        ("address", old.address != fields.address),
        ("opening_hours", old.opening_hours != fields.opening_hours),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect();
    let events = if changed.is_empty() {
        Vec::new()
    } else {
        vec![Event::Edited { fields: changed }]
    };
    Ok((Unit { fields, ..unit.clone() }, events))
}

/// Moves a unit under another one. `path` goes from the root to the new parent.
///
/// # Errors
/// The root stays where it is; nothing moves below itself; a branch or window holds no other unit.
pub fn relocate(unit: &Unit, parent: &Unit, path: &[UnitId]) -> Result<(Unit, Vec<Event>), Refusal> {
    open(unit)?;
    let Some(from) = unit.parent else {
        return Err(invalid_parent("根单位不能移动。", "The root unit can't be moved."));
    };
    can_hold(parent)?;
    if path.contains(&unit.id) {
        return Err(invalid_parent(
            "不能移到自己或下级单位之下。",
            "A unit can't be moved below itself.",
        ));
    }
    if from == parent.id {
        return Ok((unit.clone(), Vec::new()));
    }
    Ok((
        Unit {
            parent: Some(parent.id),
            ..unit.clone()
        },
        vec![Event::Moved { from, to: parent.id }],
    ))
}

/// Whether other units may stand under this one.
///
/// # Errors
/// A closed unit, a branch or a window.
pub fn can_hold(parent: &Unit) -> Result<(), Refusal> {
    if parent.closed_at.is_some() {
        return Err(invalid_parent("上级单位已经撤销。", "The parent unit is closed."));
    }
    if matches!(parent.kind, UnitKind::Branch | UnitKind::Window) {
        return Err(invalid_parent(
            "党支部和窗口下不能再设单位。",
            "A branch or window can't hold other units.",
        ));
    }
    Ok(())
}

fn invalid_parent(zh: &str, en: &str) -> Refusal {
    Invalid::one("/parent_id", "invalid_parent", zh, en).into()
}

/// Closes a unit for good.
///
/// # Errors
/// The root; a unit that still has open units, members or cases; a reason that is missing.
pub fn close(unit: &Unit, reason: &str, holds_anything: bool, at: Timestamp) -> Result<(Unit, Vec<Event>), Refusal> {
    open(unit)?;
    let reason = text::parse("/reason", reason, text::prose(2, 500))?;
    if unit.parent.is_none() || holds_anything {
        return Err(Refusal::NotReady(crate::error::Message::new(
            "这个单位下还有未撤销的单位、在册成员或未办结的来件，先移交再撤销。",
            "The unit still holds open units, members or open cases. Hand them over first.",
        )));
    }
    Ok((
        Unit {
            closed_at: Some(at),
            ..unit.clone()
        },
        vec![Event::Closed { reason }],
    ))
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn unit(n: u128, parent: Option<u128>) -> Unit {
        Unit {
            id: UnitId(Uuid::from_u128(n)),
            region: UnitId(Uuid::from_u128(1)),
            parent: parent.map(|p| UnitId(Uuid::from_u128(p))),
            kind: UnitKind::School,
            fields: UnitFields {
                name: "柳湾小学".into(),
                ..UnitFields::default()
            },
            closed_at: None,
            version: 1,
        }
    }

    #[test]
    fn nothing_moves_below_itself() {
        let (a, b) = (unit(2, Some(1)), unit(3, Some(2)));
        let path = [UnitId(Uuid::from_u128(1)), a.id, b.id];
        assert_eq!(relocate(&a, &b, &path).unwrap_err().code(), "invalid_field");
        assert_eq!(relocate(&unit(1, None), &b, &path).unwrap_err().code(), "invalid_field");
        let root = unit(1, None);
        let (moved, events) = relocate(&b, &root, &[root.id]).unwrap();
        assert_eq!((moved.parent, events.len()), (Some(root.id), 1));
    }

    #[test]
    fn a_unit_that_holds_something_is_not_closed() {
        let now = Timestamp::from_micros(0);
        assert_eq!(
            close(&unit(2, Some(1)), "撤并", true, now).unwrap_err().code(),
            "not_ready"
        );
        let (closed, _) = close(&unit(2, Some(1)), "撤并", false, now).unwrap();
        assert_eq!(edit(&closed, closed.fields.clone()).unwrap_err().code(), "wrong_state");
    }

    #[test]
    fn an_edit_names_what_changed_and_nothing_else() {
        let before = unit(2, Some(1));
        let fields = UnitFields {
            hotline: Some("0000-5550100".into()),
            ..before.fields.clone()
        };
        let (_, events) = edit(&before, fields).unwrap();
        assert_eq!(
            events,
            vec![Event::Edited {
                fields: vec!["hotline"]
            }]
        );
        assert!(edit(&before, before.fields.clone()).unwrap().1.is_empty());
    }
}
