//! Members: everybody who belongs to a unit.

use crate::{
    actor::Doer,
    error::{Invalid, Refusal},
    ids::{MemberId, RegionId, UnitId},
    pinyin, text,
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
    /// How the name is read, where that is not as usual: pinyin with spaces. It is found by this.
    pub reading: Option<String>,
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
        let reading = found.take(pinyin::parse("/reading", self.reading.as_deref())).flatten();
        let staff_number = text::parse_key("/staff_number", self.staff_number.as_deref());
        let staff_number = found.take(staff_number).flatten();
        let name = found.take(text::parse("/name", &self.name, text::line(1, 50)));
        found.finish()?;
        Ok(Self {
            staff_number,
            name: name.unwrap_or_default(),
            name_en,
            reading,
            post,
            post_en,
            branch: self.branch,
            is_party_member: self.is_party_member,
        })
    }
}

/// What the public is shown of a member: by default nothing. The name, the post and the unit, never more than that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PublicCard {
    /// Whether there is a card at all.
    pub is_public: bool,
    /// Whether it says that the member belongs to the party.
    pub shows_party: bool,
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
    /// What of it the public is shown.
    pub card: PublicCard,
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
    /// What the public is shown of the member was changed.
    CardChanged {
        /// To what.
        card: PublicCard,
    },
    /// What the member was responsible for went to somebody else.
    HandedOver {
        /// To whom.
        to: MemberId,
        /// How many cases.
        cases: usize,
        /// Why.
        reason: String,
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
            Self::CardChanged { .. } => "card_changed",
            Self::HandedOver { .. } => "handed_over",
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
        ("reading", old.reading != fields.reading),
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

/// Decides what the public is shown of a member.
///
/// # Errors
/// A closed record shows nothing; nobody is shown as of the party who is not.
pub fn show_card(member: &Member, card: PublicCard) -> Result<(Member, Vec<Event>), Refusal> {
    open(member)?;
    if card.shows_party && !(card.is_public && member.fields.is_party_member) {
        return Err(Invalid::one(
            "/shows_party",
            "unexpected",
            "只有公开的党员才能亮党员身份。",
            "Only of a member of the party who is shown at all it can be shown that they are one.",
        )
        .into());
    }
    let events = if card == member.card {
        Vec::new()
    } else {
        vec![Event::CardChanged { card }]
    };
    Ok((Member { card, ..member.clone() }, events))
}

/// Moves a member to another unit; the post stays behind, and the public is shown nothing until the head there decides.
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
            card: PublicCard::default(),
            ..member.clone()
        },
        vec![Event::Moved { from: member.unit, to }],
    ))
}

/// Whether a member can hand over to somebody, and the reason as it is kept.
///
/// # Errors
/// A closed record holds nothing; a reason that is missing; nobody hands over to themselves.
pub fn hand_over(member: &Member, to: MemberId, reason: &str) -> Result<String, Refusal> {
    open(member)?;
    let mut found = Invalid::default();
    let reason = found.take(text::parse("/reason", reason, text::prose(2, 500)));
    if to == member.id {
        found.take::<()>(Err(Invalid::one(
            "/to_member_id",
            "same_member",
            "请选择另一位成员接手。",
            "Choose somebody else to take over.",
        )));
    }
    found.finish()?;
    Ok(reason.unwrap_or_default())
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
