//! Members: everybody who belongs to a unit.

use crate::{
    actor::Doer,
    error::{Invalid, Refusal},
    ids::{MemberId, RegionId, UnitId},
    text,
    time::Timestamp,
};

/// What is kept of a member, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberFields {
    /// The number that the employer gave, unique among the county's members who have not left.
    pub staff_number: Option<String>,
    /// Name in Chinese.
    pub name: String,
    /// Name in Latin letters.
    pub name_en: Option<String>,
    /// The post held, in Chinese.
    pub post: Option<String>,
    /// The post held, in English.
    pub post_en: Option<String>,
    /// The party branch, which may span units.
    pub branch: Option<UnitId>,
    /// Whether the member belongs to the party.
    pub is_party_member: bool,
}

impl MemberFields {
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
        let name_en = optional("/name_en", self.name_en, 100);
        let post = optional("/post", self.post, 50);
        let post_en = optional("/post_en", self.post_en, 100);
        let staff_number = text::parse_key("/staff_number", self.staff_number.as_deref());
        let staff_number = found.take(staff_number).flatten();
        let name = found.take(text::parse("/name", &self.name, text::line(1, 50)));
        found.finish()?;
        Ok(Self {
            staff_number,
            name: name.unwrap_or_default(),
            name_en,
            post,
            post_en,
            branch: self.branch,
            is_party_member: self.is_party_member,
        })
    }
}

/// A member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Their id.
    pub id: MemberId,
    /// The county.
    pub region: RegionId,
    /// The home unit.
    pub unit: UnitId,
    /// What is kept of them.
    pub fields: MemberFields,
    /// Since when they no longer belong to the county's staff. Members are closed, never deleted.
    pub closed_at: Option<Timestamp>,
    /// Counts the changes.
    pub version: i64,
}

/// What happened to a member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// The record was created.
    Created,
    /// Fields were changed.
    Edited {
        /// The names of the changed fields.
        fields: Vec<&'static str>,
    },
    /// The member went to another unit.
    Moved {
        /// From where.
        from: UnitId,
        /// To where.
        to: UnitId,
    },
    /// The member left.
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
            Self::Closed { .. } => "closed",
        }
    }
}

pub(crate) fn open(member: &Member) -> Result<(), Refusal> {
    if member.closed_at.is_some() {
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
/// A closed record keeps what it had.
pub fn edit(member: &Member, fields: MemberFields) -> Result<(Member, Vec<Event>), Refusal> {
    open(member)?;
    let old = &member.fields;
    let changed: Vec<&'static str> = [
        ("staff_number", old.staff_number != fields.staff_number),
        ("name", old.name != fields.name),
        ("name_en", old.name_en != fields.name_en),
        ("post", old.post != fields.post || old.post_en != fields.post_en),
        ("branch_id", old.branch != fields.branch),
        ("is_party_member", old.is_party_member != fields.is_party_member),
    ]
    .into_iter()
    .filter_map(|(name, differs)| differs.then_some(name))
    .collect();
    let events = if changed.is_empty() {
        Vec::new()
    } else {
        vec![Event::Edited { fields: changed }]
    };
    Ok((
        Member {
            fields,
            ..member.clone()
        },
        events,
    ))
}

/// Moves a member to another unit; the post stays behind.
///
/// # Errors
/// A closed record stays where it was.
pub fn relocate(member: &Member, to: UnitId) -> Result<(Member, Vec<Event>), Refusal> {
    open(member)?;
    if member.unit == to {
        return Ok((member.clone(), Vec::new()));
    }
    let fields = MemberFields {
        post: None,
        post_en: None,
        ..member.fields.clone()
    };
    Ok((
        Member {
            unit: to,
            fields,
            ..member.clone()
        },
        vec![Event::Moved { from: member.unit, to }],
    ))
}

/// A member leaves.
///
/// # Errors
/// A reason that is missing; open cases that somebody else must take first; one's own record, or that of the one whose
/// deputy one is in doing this.
pub fn close(
    member: &Member,
    reason: &str,
    open_cases: u64,
    by: Doer,
    at: Timestamp,
) -> Result<(Member, Vec<Event>), Refusal> {
    open(member)?;
    let reason = text::parse("/reason", reason, text::prose(2, 500))?;
    if by.is_one_with(Doer::own(member.id)) {
        return Err(Refusal::OwnWork);
    }
    if open_cases > 0 {
        return Err(Refusal::NotReady(crate::error::Message::new(
            format!("这位成员手上还有{open_cases}件未办结的来件，先交办给别人。"),
            format!("The member still handles {open_cases} open cases. Assign them to somebody else first."),
        )));
    }
    Ok((
        Member {
            closed_at: Some(at),
            ..member.clone()
        },
        vec![Event::Closed { reason }],
    ))
}
