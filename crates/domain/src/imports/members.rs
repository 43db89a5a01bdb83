//! Members from a list: which member a row means, and what it makes of the record. The rules are those of
//! [`crate::members`].

use std::collections::{HashMap, HashSet};

use super::{
    Change, Said,
    units::{Units, closed, refused, same_as},
};
use crate::{
    error::{FieldError, Invalid},
    ids::{MemberId, RegionId, UnitId},
    members::{self as rules, Event, Member, MemberFields, PublicCard},
    text,
    units::UnitKind,
};

/// A row of a list of members.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MemberRow {
    /// As a person counts in the file.
    pub row: i64,
    /// The number that the employer gave.
    pub staff_number: Said,
    /// The name in Chinese.
    pub name: Said,
    /// The name in Latin letters.
    pub name_en: Said,
    /// The home unit: its code, its name or the end of its path.
    pub unit: Said,
    /// The post in Chinese.
    pub post: Said,
    /// The post in English.
    pub post_en: Said,
    /// The party branch, named as a unit is.
    pub branch: Said,
    /// Whether the member belongs to the party.
    pub is_party_member: Said,
    /// The list says that the member left.
    pub is_closed: bool,
    /// Another row has the same name in the same unit.
    pub has_namesake: bool,
    /// What is wrong with its cells as such.
    pub faults: Vec<FieldError>,
}

/// The members that a list may mean, while it is gone through.
#[derive(Clone, Debug, Default)]
pub struct Roll {
    open: HashMap<MemberId, Member>,
    by_number: HashMap<String, MemberId>,
    by_name: HashMap<(UnitId, String), Vec<MemberId>>,
    closed_numbers: HashSet<String>,
    /// What the list said that posts are called in English: the name is the post's, whoever holds it.
    posts: HashMap<(UnitId, String), Option<String>>,
    /// Which row was about whom.
    taken: HashMap<MemberId, i64>,
}

impl Roll {
    /// Nobody, and which rows of the list were about whom.
    #[must_use]
    pub fn new(taken: HashMap<MemberId, i64>) -> Self {
        Self {
            taken,
            ..Self::default()
        }
    }

    /// Which rows were about whom so far.
    #[must_use]
    pub fn into_taken(self) -> HashMap<MemberId, i64> {
        self.taken
    }

    /// Takes records in as they are kept, but for those that the list has changed.
    pub fn know(&mut self, members: Vec<Member>) {
        for mut member in members {
            if member.closed_at.is_some() {
                self.closed_numbers.extend(member.fields.staff_number);
            } else if !self.open.contains_key(&member.id) {
                let post = member.fields.post.clone().map(|post| (member.unit, post));
                if let Some(said) = post.and_then(|post| self.posts.get(&post)) {
                    member.fields.post_en.clone_from(said);
                }
                self.put(member);
            }
        }
    }

    fn put(&mut self, member: Member) {
        if let Some(old) = self.open.remove(&member.id) {
            if let Some(number) = &old.fields.staff_number {
                self.by_number.remove(number);
            }
            if let Some(same) = self.by_name.get_mut(&(old.unit, old.fields.name)) {
                same.retain(|id| *id != old.id);
            }
        }
        if let Some(number) = &member.fields.staff_number {
            self.by_number.insert(number.clone(), member.id);
        }
        let key = (member.unit, member.fields.name.clone());
        self.by_name.entry(key).or_default().push(member.id);
        self.open.insert(member.id, member);
    }

    /// Whom a row is about; `None` if it is somebody new.
    fn known(&self, row: &MemberRow, units: &Units) -> Result<Option<&Member>, Invalid> {
        let number = text::parse_key("/staff_number", row.staff_number.text())?;
        if let Some(number) = &number {
            if let Some(id) = self.by_number.get(number) {
                return Ok(self.open.get(id));
            }
            if self.closed_numbers.contains(number) {
                return Err(closed("/staff_number"));
            }
        }
        let Some(name) = row.name.text().map(|name| text::clean(name, false)) else {
            return Err(Invalid::one(
                "/name",
                "required",
                "没有这个工号的成员；新建成员要填姓名。",
                "Nobody has this staff number; a new member needs a name.",
            ));
        };
        let Some(unit) = row.unit.text() else {
            return Err(Invalid::one(
                "/unit",
                "required",
                "请填单位：没有工号时，按单位和姓名找人；新建成员也要填单位。",
                "Fill in the unit: without a staff number a member is known by unit and name, and a new one needs a unit.",
            ));
        };
        let unit = units.named("/unit", unit)?.id;
        let same = self.by_name.get(&(unit, name)).into_iter().flatten();
        let mut same = same.filter_map(|id| self.open.get(id));
        // A number that nobody has yet may be that of somebody who has none yet.
        let one = match &number {
            Some(_) => same.find(|member| member.fields.staff_number.is_none()),
            None => same.next(),
        };
        let is_several = match &number {
            Some(_) => row.has_namesake || same.any(|member| member.fields.staff_number.is_none()),
            None => same.next().is_some(),
        };
        if one.is_some() && is_several {
            return Err(Invalid::one(
                "/name",
                "ambiguous",
                "这个单位有同名的成员，分不清是哪一位。请先在页面上给他们填工号，再导入。",
                "The unit has several members of this name. Give them staff numbers by hand first, then import again.",
            ));
        }
        Ok(one)
    }

    /// What a row makes of the record; done to the roll as well. `id` is that of somebody new.
    ///
    /// # Errors
    /// Everything that is wrong with the row, each at its field; the roll is then as before.
    pub fn take(
        &mut self,
        units: &Units,
        row: &MemberRow,
        region: RegionId,
        id: MemberId,
    ) -> Result<Change<Member, Event>, Invalid> {
        if !row.faults.is_empty() {
            return Err(Invalid(row.faults.clone()));
        }
        if row.is_closed {
            return Err(closed("/closed_on"));
        }
        let change = match self.known(row, units)?.cloned() {
            None => Change::Created(row.new_member(units, region, id)?),
            Some(before) => {
                if let Some(first) = self.taken.get(&before.id) {
                    return Err(same_as(*first));
                }
                self.taken.insert(before.id, row.row);
                row.changed(units, before)?
            }
        };
        match &change {
            Change::Created(next) => {
                self.taken.insert(next.id, row.row);
                self.put(next.clone());
                if next.fields.post_en.is_some() {
                    self.name_post(next);
                }
            }
            Change::Updated { before, next, .. } => {
                self.put(next.clone());
                let is_same_post = (before.unit, &before.fields.post) == (next.unit, &next.fields.post);
                let is_renamed = is_same_post && before.fields.post_en != next.fields.post_en;
                if is_renamed || (!is_same_post && next.fields.post_en.is_some()) {
                    self.name_post(next);
                }
            }
            Change::Unchanged => {}
        }
        Ok(change)
    }

    /// All who hold a post have its name in English.
    fn name_post(&mut self, holder: &Member) {
        let Some(post) = holder.fields.post.clone() else { return };
        let (key, said) = ((holder.unit, post), holder.fields.post_en.clone());
        if self.posts.get(&key) == Some(&said) {
            return;
        }
        for member in self.open.values_mut() {
            if member.unit == key.0 && member.fields.post.as_ref() == Some(&key.1) {
                member.fields.post_en.clone_from(&said);
            }
        }
        self.posts.insert(key, said);
    }
}

impl MemberRow {
    fn new_member(&self, units: &Units, region: RegionId, id: MemberId) -> Result<Member, Invalid> {
        let mut found = Invalid::default();
        let unit = found.take(self.home(units)).flatten();
        let fields = found.take(self.fields(units, MemberFields::default()));
        found.finish()?;
        let (Some(unit), Some(fields)) = (unit, fields) else {
            return Err(no_unit());
        };
        Ok(Member {
            id,
            region,
            unit,
            fields,
            card: PublicCard::default(),
            closed_at: None,
            version: 1,
        })
    }

    fn changed(&self, units: &Units, before: Member) -> Result<Change<Member, Event>, Invalid> {
        let mut found = Invalid::default();
        let unit = found.take(self.home(units)).flatten().unwrap_or(before.unit);
        let moved = rules::relocate(&before, unit).map_err(refused)?;
        let fields = found.take(self.fields(units, moved.0.fields.clone()));
        found.finish()?;
        let Some(fields) = fields else {
            return Ok(Change::Unchanged);
        };
        let (moved, mut events) = moved;
        let (next, edits) = rules::edit(&moved, fields).map_err(refused)?;
        events.extend(edits);
        Ok(if events.is_empty() {
            Change::Unchanged
        } else {
            Change::Updated { before, next, events }
        })
    }

    fn home(&self, units: &Units) -> Result<Option<UnitId>, Invalid> {
        match &self.unit {
            Said::Keep => Ok(None),
            Said::Clear => Err(no_unit()),
            Said::Text(reference) => units.named("/unit", reference).map(|unit| Some(unit.id)),
        }
    }

    fn fields(&self, units: &Units, old: MemberFields) -> Result<MemberFields, Invalid> {
        let mut found = Invalid::default();
        let branch = match &self.branch {
            Said::Keep => Some(old.branch),
            Said::Clear => Some(None),
            Said::Text(reference) => found.take(branch(units, reference)).map(Some),
        };
        let is_party_member = match &self.is_party_member {
            Said::Keep => Some(old.is_party_member),
            Said::Clear => Some(false),
            Said::Text(word) => found.take(yes_or_no(word)),
        };
        let post = self.post.over(old.post.clone());
        // The English name is the post's: it does not go along to another post by itself.
        let post_en = if post == old.post { old.post_en } else { None };
        if post.is_none() && self.post_en.text().is_some() {
            found.take::<()>(Err(Invalid::one(
                "/post_en",
                "required",
                "只填了英文职务，请把职务也填上。",
                "The post is named in English only. Fill in its Chinese name, too.",
            )));
        }
        let name = self.name.over(Some(old.name.clone())).unwrap_or_default();
        let fields = MemberFields {
            staff_number: self.staff_number.over(old.staff_number),
            // Another name is read in another way.
            reading: old.reading.filter(|_| name == old.name),
            name,
            name_en: self.name_en.over(old.name_en),
            post_en: if post.is_some() {
                self.post_en.over(post_en)
            } else {
                None
            },
            post,
            branch: branch.flatten(),
            is_party_member: is_party_member.unwrap_or_default(),
        };
        let parsed = found.take(fields.parse());
        found.finish()?;
        parsed.ok_or_else(no_unit)
    }
}

fn no_unit() -> Invalid {
    Invalid::one("/unit", "required", "每位成员都要有单位。", "Every member has a unit.")
}

fn branch(units: &Units, reference: &str) -> Result<UnitId, Invalid> {
    let unit = units.named("/branch", reference)?;
    if unit.kind == UnitKind::Branch {
        return Ok(unit.id);
    }
    Err(Invalid::one(
        "/branch",
        "unknown_branch",
        "这个单位不是党支部。",
        "This unit is no party branch.",
    ))
}

fn yes_or_no(word: &str) -> Result<bool, Invalid> {
    match text::fold(word).trim() {
        "是" | "yes" | "y" | "true" | "1" | "√" | "✓" => Ok(true),
        "否" | "不是" | "no" | "n" | "false" | "0" | "×" => Ok(false),
        _ => Err(Invalid::one(
            "/is_party_member",
            "unexpected",
            "请写“是”或“否”。",
            "Write yes or no.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;
    use crate::units::{Unit, UnitFields};

    const ROOT: UnitId = UnitId(Uuid::from_u128(1));
    const SCHOOL: UnitId = UnitId(Uuid::from_u128(2));

    fn units() -> Units {
        let unit = |id, parent, name: &str, kind| Unit {
            id,
            region: ROOT,
            parent,
            kind,
            fields: UnitFields {
                name: name.to_owned(),
                ..UnitFields::default()
            },
            closed_at: None,
            version: 1,
        };
        let branch = UnitId(Uuid::from_u128(3));
        let all = vec![
            unit(ROOT, None, "教育局", UnitKind::Bureau),
            unit(SCHOOL, Some(ROOT), "东岭中学", UnitKind::School),
            unit(branch, Some(SCHOOL), "支部", UnitKind::Branch),
        ];
        Units::new(all, HashMap::new())
    }

    fn member(id: u128, number: Option<&str>, name: &str, post: Option<(&str, &str)>) -> Member {
        Member {
            id: MemberId(Uuid::from_u128(id)),
            region: ROOT,
            unit: SCHOOL,
            fields: MemberFields {
                staff_number: number.map(str::to_owned),
                name: name.to_owned(),
                post: post.map(|post| post.0.to_owned()),
                post_en: post.map(|post| post.1.to_owned()),
                ..MemberFields::default()
            },
            card: PublicCard::default(),
            closed_at: None,
            version: 1,
        }
    }

    fn roll() -> Roll {
        let mut roll = Roll::new(HashMap::new());
        roll.know(vec![
            member(1, Some("T1"), "周敏", Some(("教师", "Teacher"))),
            member(2, None, "何磊", Some(("教师", "Teacher"))),
            member(3, None, "王芳", None),
            member(4, None, "王芳", None),
        ]);
        roll
    }

    /// number, name, unit.
    fn row(number: i64, cells: [&str; 3]) -> MemberRow {
        let [staff_number, name, unit] = cells.map(Said::read);
        MemberRow {
            row: number,
            staff_number,
            name,
            unit,
            ..MemberRow::default()
        }
    }

    fn take(roll: &mut Roll, row: &MemberRow) -> Result<Change<Member, Event>, String> {
        let id = MemberId(Uuid::from_u128(1_000 + u128::try_from(row.row).unwrap()));
        roll.take(&units(), row, ROOT, id)
            .map_err(|invalid| format!("{} {}", invalid.0[0].pointer, invalid.0[0].code))
    }

    #[test]
    fn a_member_is_known_by_number_or_by_name_in_the_unit() {
        let mut known = roll();
        assert_eq!(take(&mut known, &row(2, ["T1", "", ""])), Ok(Change::Unchanged));
        assert_eq!(
            take(&mut known, &row(3, ["", "何磊", "东岭中学"])),
            Ok(Change::Unchanged)
        );
        assert_eq!(
            take(&mut known, &row(4, ["", "周敏", "东岭中学"])),
            Err(" duplicate_row".to_owned())
        );
        let mut known = roll();
        let Ok(Change::Updated { next, .. }) = take(&mut known, &row(2, ["T2", "何磊", "东岭中学"])) else {
            panic!("the only one of this name gets the number");
        };
        assert_eq!(next.id.0, Uuid::from_u128(2));
        let new = take(&mut known, &row(3, ["T3", "何磊", "东岭中学"]));
        assert!(matches!(new, Ok(Change::Created(_))), "{new:?}");
    }

    #[test]
    fn namesakes_are_never_guessed() {
        for (cells, has_namesake, error) in [
            (["", "王芳", "东岭中学"], false, "/name ambiguous"),
            (["T9", "王芳", "东岭中学"], false, "/name ambiguous"),
            (["T9", "何磊", "东岭中学"], true, "/name ambiguous"),
            (["T9", "", ""], false, "/name required"),
            (["", "何磊", ""], false, "/unit required"),
            (["T1", "", "-"], false, "/unit required"),
            (["T1", "-", ""], false, "/name required"),
            (["T9", "何磊", "没有"], false, "/unit unknown_unit"),
        ] {
            let row = MemberRow {
                has_namesake,
                ..row(2, cells)
            };
            assert_eq!(take(&mut roll(), &row), Err(error.to_owned()), "{cells:?}");
        }
    }

    #[test]
    fn moving_leaves_the_post_behind_and_a_branch_is_a_branch() {
        let Ok(Change::Updated { next, events, .. }) = take(&mut roll(), &row(2, ["T1", "", "教育局"])) else {
            panic!("they move");
        };
        assert_eq!((next.unit, next.fields.post, events.len()), (ROOT, None, 1));
        let in_branch = |branch: &str| MemberRow {
            branch: Said::read(branch),
            is_party_member: Said::read("是"),
            ..row(2, ["T1", "", ""])
        };
        let Ok(Change::Updated { next, .. }) = take(&mut roll(), &in_branch("支部")) else {
            panic!("they enter the branch");
        };
        assert!(next.fields.branch.is_some() && next.fields.is_party_member);
        assert_eq!(
            take(&mut roll(), &in_branch("东岭中学")),
            Err("/branch unknown_branch".to_owned())
        );
    }

    #[test]
    fn the_english_name_of_a_post_is_that_of_all_who_hold_it() {
        let mut known = roll();
        let renamed = MemberRow {
            post_en: Said::read("Tutor"),
            ..row(2, ["T1", "", ""])
        };
        assert!(matches!(take(&mut known, &renamed), Ok(Change::Updated { .. })));
        let other = MemberRow {
            post_en: Said::read("Tutor"),
            ..row(3, ["", "何磊", "东岭中学"])
        };
        assert_eq!(take(&mut known, &other), Ok(Change::Unchanged));
        // A record that comes in later is called so, too.
        known.know(vec![member(5, Some("T5"), "林青", Some(("教师", "Teacher")))]);
        let later = MemberRow {
            post_en: Said::read("Tutor"),
            ..row(4, ["T5", "", ""])
        };
        assert_eq!(take(&mut known, &later), Ok(Change::Unchanged));
    }
}
