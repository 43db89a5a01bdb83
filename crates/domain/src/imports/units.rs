//! Units from a list: which unit a row means, and what it makes of it. The rules are those of [`crate::units`].

use std::collections::{HashMap, HashSet};

use super::{Change, Said};
use crate::{
    error::{FieldError, Invalid, Refusal},
    ids::{RegionId, UnitId},
    text,
    units::{self as rules, Event, Unit, UnitFields, UnitKind},
};

/// A row of a list of units.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnitRow {
    /// As a person counts in the file.
    pub row: i64,
    /// The code.
    pub code: Said,
    /// The name in Chinese.
    pub name: Said,
    /// The name in English.
    pub name_en: Said,
    /// What it is, as a code or a word in either language.
    pub kind: Said,
    /// The unit above: its code, its name or the end of its path.
    pub parent: Said,
    /// Name of the head.
    pub head: Said,
    /// Telephone number.
    pub hotline: Said,
    /// Address.
    pub address: Said,
    /// Opening hours.
    pub opening_hours: Said,
    /// The list says that it was closed.
    pub is_closed: bool,
    /// Rows name each other as the unit above, in a circle.
    pub is_in_circle: bool,
    /// What is wrong with its cells as such.
    pub faults: Vec<FieldError>,
}

/// The words for what a unit is, which a list may use beside the codes.
pub const KIND_WORDS: [(UnitKind, &str, &str); 6] = [
    (UnitKind::Bureau, "教育局", "Bureau"),
    (UnitKind::Office, "股室", "Office"),
    (UnitKind::School, "学校", "School"),
    (UnitKind::Kindergarten, "幼儿园", "Kindergarten"),
    (UnitKind::Branch, "党支部", "Party branch"),
    (UnitKind::Window, "窗口", "Service window"),
];

fn kind_of(word: &str) -> Result<UnitKind, Invalid> {
    let folded = text::fold(word);
    let known = KIND_WORDS
        .iter()
        .find(|(kind, zh, en)| [*zh, kind.code()].contains(&folded.trim()) || text::fold(en) == folded.trim());
    known.map(|(kind, _, _)| *kind).ok_or_else(|| {
        let words = |pick: fn(&(UnitKind, &'static str, &'static str)) -> &'static str, by: &str| {
            KIND_WORDS.iter().map(pick).collect::<Vec<_>>().join(by)
        };
        Invalid::one(
            "/kind",
            "unknown_kind",
            format!("类型应是{}之一。", words(|word| word.1, "、")),
            format!("The kind is one of {}.", words(|word| word.2, ", ")),
        )
    })
}

/// A path as it is compared: its names parted by plain strokes without spaces around.
pub(super) fn path_key(reference: &str) -> String {
    let plain = reference.replace('／', "/");
    plain.split('/').map(str::trim).collect::<Vec<_>>().join("/")
}

/// The last name of a path.
pub(super) fn tail(key: &str) -> &str {
    key.rsplit('/').next().unwrap_or(key)
}

/// What a reference stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Found {
    /// Nothing that is open.
    Nothing,
    /// This unit.
    One(UnitId),
    /// Several, none of them more than the others.
    Several,
}

/// The county's units while a list is gone through.
#[derive(Clone, Debug, Default)]
pub struct Units {
    open: HashMap<UnitId, Unit>,
    by_code: HashMap<String, UnitId>,
    by_tail: HashMap<String, Vec<UnitId>>,
    closed_codes: HashSet<String>,
    /// Which row was about which unit.
    taken: HashMap<UnitId, i64>,
}

impl Units {
    /// The tree as it stands, and which rows of the list were about which of its units.
    #[must_use]
    pub fn new(all: Vec<Unit>, taken: HashMap<UnitId, i64>) -> Self {
        let mut units = Self {
            taken,
            ..Self::default()
        };
        for unit in all {
            if unit.closed_at.is_none() {
                units.put(unit);
            } else {
                units.closed_codes.extend(unit.fields.code);
            }
        }
        units
    }

    /// Which rows were about which units so far.
    #[must_use]
    pub fn into_taken(self) -> HashMap<UnitId, i64> {
        self.taken
    }

    fn put(&mut self, unit: Unit) {
        if let Some(old) = self.open.remove(&unit.id) {
            if let Some(code) = &old.fields.code {
                self.by_code.remove(code);
            }
            let key = path_key(&old.fields.name);
            if let Some(same) = self.by_tail.get_mut(tail(&key)) {
                same.retain(|id| *id != old.id);
            }
        }
        if let Some(code) = &unit.fields.code {
            self.by_code.insert(code.clone(), unit.id);
        }
        let key = path_key(&unit.fields.name);
        self.by_tail.entry(tail(&key).to_owned()).or_default().push(unit.id);
        self.open.insert(unit.id, unit);
    }

    /// An open unit.
    #[must_use]
    pub fn get(&self, id: UnitId) -> Option<&Unit> {
        self.open.get(&id)
    }

    /// From the root to the unit.
    #[must_use]
    pub fn path(&self, id: UnitId) -> Vec<UnitId> {
        let mut path = Vec::new();
        let mut at = Some(id);
        while let Some(unit) = at.and_then(|id| self.open.get(&id)) {
            path.push(unit.id);
            at = unit.parent;
        }
        path.reverse();
        path
    }

    /// The names from the root to the unit, as a list writes them.
    #[must_use]
    pub fn full_name(&self, id: UnitId) -> String {
        let names = self.path(id);
        let names = names.iter().filter_map(|id| self.open.get(id));
        names
            .map(|unit| unit.fields.name.as_str())
            .collect::<Vec<_>>()
            .join("/")
    }

    /// How a list names a unit so that it is this one: by its code, else by its whole path.
    #[must_use]
    pub fn reference(&self, id: UnitId) -> Option<String> {
        let unit = self.open.get(&id)?;
        Some(unit.fields.code.clone().unwrap_or_else(|| self.full_name(id)))
    }

    /// The open unit that a reference stands for: a code; else a path from the root; else the end of just one path.
    #[must_use]
    pub fn find(&self, reference: &str) -> Found {
        let plain: String = reference.trim().chars().map(text::half_width).collect();
        if let Some(id) = self.by_code.get(&plain) {
            return Found::One(*id);
        }
        self.find_path(reference)
    }

    /// As [`Units::find`], but by name or path alone.
    fn find_path(&self, reference: &str) -> Found {
        let key = path_key(&text::clean(reference, false));
        let ends_so = format!("/{key}");
        let (mut whole, mut ends) = (Vec::new(), Vec::new());
        for id in self.by_tail.get(tail(&key)).into_iter().flatten() {
            let full = path_key(&self.full_name(*id));
            if full == key {
                whole.push(*id);
            } else if full.ends_with(&ends_so) {
                ends.push(*id);
            }
        }
        match (whole.as_slice(), ends.as_slice()) {
            ([one], _) | ([], [one]) => Found::One(*one),
            ([], []) => Found::Nothing,
            _ => Found::Several,
        }
    }

    /// The unit that a cell names.
    ///
    /// # Errors
    /// `unknown_unit`, `ambiguous`.
    pub fn named(&self, pointer: &str, reference: &str) -> Result<&Unit, Invalid> {
        self.one(pointer, self.find(reference))
    }

    fn one(&self, pointer: &str, found: Found) -> Result<&Unit, Invalid> {
        match found {
            Found::One(id) => self.open.get(&id).ok_or_else(|| unknown_unit(pointer)),
            Found::Nothing => Err(unknown_unit(pointer)),
            Found::Several => Err(Invalid::one(
                pointer,
                "ambiguous",
                "不止一个单位叫这个名称。请写编码，或写完整路径，如“县教育局/东岭中学”。",
                "Several units have this name. Write the code, or the whole path, such as \"Bureau/School\".",
            )),
        }
    }

    fn named_below(&self, parent: UnitId, name: &str) -> Option<&Unit> {
        let key = path_key(name);
        let same = self.by_tail.get(tail(&key)).into_iter().flatten();
        let mut same = same.filter_map(|id| self.open.get(id));
        same.find(|unit| unit.parent == Some(parent) && unit.fields.name == name)
    }

    fn parent_of(&self, row: &UnitRow) -> Result<Option<&Unit>, Invalid> {
        match &row.parent {
            Said::Keep => Ok(None),
            Said::Clear => Err(Invalid::one(
                "/parent",
                "required",
                "除教育局外，每个单位都要有上级单位。",
                "Every unit but the root has one above it.",
            )),
            Said::Text(reference) => match self.named("/parent", reference) {
                Err(_) if row.is_in_circle && self.find(reference) == Found::Nothing => Err(Invalid::one(
                    "/parent",
                    "parent_circle",
                    "几行互相把对方写成上级单位，绕成了一圈。请改正其中一行的上级单位。",
                    "Rows name each other as the unit above, in a circle. Correct the unit above in one of them.",
                )),
                found => found.map(Some),
            },
        }
    }

    /// The unit that a row is about; `None` if it is a new one.
    fn known(&self, row: &UnitRow) -> Result<Option<&Unit>, Invalid> {
        let code = text::parse_key("/code", row.code.text())?;
        if let Some(code) = &code {
            if let Some(id) = self.by_code.get(code) {
                return Ok(self.open.get(id));
            }
            if self.closed_codes.contains(code) {
                return Err(closed("/code"));
            }
        }
        let Some(name) = row.name.text().map(|name| text::clean(name, false)) else {
            return Err(required(
                "/name",
                "没有这个编码的单位；新建单位要填名称。",
                "No unit has this code; a new unit needs a name.",
            ));
        };
        let unit = match self.parent_of(row)? {
            Some(parent) => self.named_below(parent.id, &name),
            None => match self.find_path(&name) {
                Found::Nothing => {
                    return Err(required(
                        "/parent",
                        "没有叫这个名称的单位；新建单位要填上级单位。",
                        "No unit has this name; a new unit needs the unit above it.",
                    ));
                }
                found => Some(self.one("/name", found)?),
            },
        };
        match (unit, code) {
            (Some(unit), Some(_)) if unit.fields.code.is_some() => Err(taken_name()),
            (unit, _) => Ok(unit),
        }
    }

    /// What a row makes of the tree; done to the tree as well. `id` is that of a new unit.
    ///
    /// # Errors
    /// Everything that is wrong with the row, each at its field; the tree is then as before.
    pub fn take(&mut self, row: &UnitRow, region: RegionId, id: UnitId) -> Result<Change<Unit, Event>, Invalid> {
        if !row.faults.is_empty() {
            return Err(Invalid(row.faults.clone()));
        }
        if row.is_closed {
            return Err(closed("/closed_on"));
        }
        let known = self.known(row)?.cloned();
        let change = match known {
            None => Change::Created(self.new_unit(row, region, id)?),
            Some(before) => {
                if let Some(first) = self.taken.get(&before.id) {
                    return Err(same_as(*first));
                }
                self.taken.insert(before.id, row.row);
                self.changed(row, before)?
            }
        };
        match &change {
            Change::Created(next) => {
                self.taken.insert(next.id, row.row);
                self.put(next.clone());
            }
            Change::Updated { next, .. } => self.put(next.clone()),
            Change::Unchanged => {}
        }
        Ok(change)
    }

    fn new_unit(&self, row: &UnitRow, region: RegionId, id: UnitId) -> Result<Unit, Invalid> {
        let mut found = Invalid::default();
        let parent = found.take(self.parent_of(row)).flatten();
        let kind = found.take(match &row.kind {
            Said::Text(word) => kind_of(word),
            Said::Keep | Said::Clear => Err(required("/kind", "新建单位要填类型。", "A new unit needs its kind.")),
        });
        if let Some(parent) = parent {
            found.take(rules::can_hold(parent).map_err(refused));
        }
        let fields = found.take(row.fields(UnitFields::default()).parse());
        found.finish()?;
        let (Some(parent), Some(kind), Some(fields)) = (parent, kind, fields) else {
            return Err(unknown_unit("/parent"));
        };
        Ok(Unit {
            id,
            region,
            parent: Some(parent.id),
            kind,
            fields,
            closed_at: None,
            version: 1,
        })
    }

    fn changed(&self, row: &UnitRow, before: Unit) -> Result<Change<Unit, Event>, Invalid> {
        let mut found = Invalid::default();
        let is_other_kind = match &row.kind {
            Said::Keep => Some(false),
            Said::Clear => Some(true),
            Said::Text(word) => found.take(kind_of(word)).map(|kind| kind != before.kind),
        };
        if is_other_kind == Some(true) {
            found.take::<()>(Err(Invalid::one(
                "/kind",
                "unchangeable",
                "单位的类型不能改。类型变了的，撤销原单位，另建一个。",
                "A unit's kind can't be changed. Close it and create another one.",
            )));
        }
        let parent = found.take(self.parent_of(row)).flatten();
        let fields = found.take(row.fields(before.fields.clone()).parse());
        found.finish()?;
        let Some(fields) = fields else {
            return Ok(Change::Unchanged);
        };
        let is_root = before.parent.is_none();
        if is_root && (parent.is_some() || fields != before.fields) {
            return Err(Invalid::one(
                "",
                "unchangeable",
                "最上级的单位不能用导入来改，请在页面上修改。",
                "The root is not changed by an import. Change it by hand.",
            ));
        }
        let (moved, mut events) = match parent {
            Some(parent) => rules::relocate(&before, parent, &self.path(parent.id)).map_err(refused)?,
            None => (before.clone(), Vec::new()),
        };
        let (next, edits) = rules::edit(&moved, fields).map_err(refused)?;
        events.extend(edits);
        if events.is_empty() {
            return Ok(Change::Unchanged);
        }
        let other = next
            .parent
            .and_then(|parent| self.named_below(parent, &next.fields.name));
        if other.is_some_and(|other| other.id != next.id) {
            return Err(taken_name());
        }
        Ok(Change::Updated { before, next, events })
    }
}

impl UnitRow {
    fn fields(&self, old: UnitFields) -> UnitFields {
        let name = self.name.over(Some(old.name.clone())).unwrap_or_default();
        UnitFields {
            code: self.code.over(old.code),
            // Another name is read in another way.
            reading: old.reading.filter(|_| name == old.name),
            name,
            name_en: self.name_en.over(old.name_en),
            head: self.head.over(old.head),
            hotline: self.hotline.over(old.hotline),
            address: self.address.over(old.address),
            opening_hours: self.opening_hours.over(old.opening_hours),
        }
    }
}

fn required(pointer: &str, zh: &str, en: &str) -> Invalid {
    Invalid::one(pointer, "required", zh, en)
}

fn unknown_unit(pointer: &str) -> Invalid {
    Invalid::one(
        pointer,
        "unknown_unit",
        "没有这个编码或名称的单位，或者它已撤销。请核对写法；要新建的单位，先导入单位。",
        "No open unit has this code or name. Check the spelling; a new unit has to be imported or created first.",
    )
}

fn taken_name() -> Invalid {
    Invalid::one(
        "/name",
        "taken",
        "同一上级单位下已有另一个单位叫这个名称。",
        "Another unit below the same one has this name already.",
    )
}

/// The row is about what no longer exists.
pub(super) fn closed(pointer: &str) -> Invalid {
    Invalid::one(
        pointer,
        "closed",
        "这一行说的已撤销或已离开，导入不改它，也不重新建它。",
        "What this row is about was closed. An import neither changes it nor creates it anew.",
    )
}

/// An earlier row was about the same.
pub(super) fn same_as(first: i64) -> Invalid {
    Invalid::one(
        "",
        "duplicate_row",
        format!("与第{first}行说的是同一个，只留一行。"),
        format!("Row {first} is about the same one. Keep one of them."),
    )
}

/// What the rules say no to, at the column of the list.
pub(super) fn refused(refusal: Refusal) -> Invalid {
    match refusal {
        Refusal::Invalid(mut invalid) => {
            for field in &mut invalid.0 {
                if let Some(column) = field.pointer.strip_suffix("_id") {
                    field.pointer = column.to_owned();
                }
            }
            invalid
        }
        other => {
            let said = other.message();
            Invalid::one("", other.code(), said.zh, said.en)
        }
    }
}

#[cfg(test)]
#[path = "units_tests.rs"]
mod tests;
