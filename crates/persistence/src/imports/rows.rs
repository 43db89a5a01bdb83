//! Rows as they were read from a ledger, and as what they come in.

use std::collections::HashMap;

use liangnuo_domain::{
    CategoryId, ReplyId, Timestamp, UnitId,
    complaints::{Channel, Filing, Kind, SentReply},
    imports::{members::MemberRow, units::UnitRow},
};
use uuid::Uuid;

/// A row as it was read from the ledger.
#[derive(Clone, Debug, PartialEq)]
pub struct RowToImport {
    /// As a person counts in the workbook.
    pub row: i64,
    /// The ledger's own number.
    pub external_ref: String,
    /// Keyed hash of who wrote.
    pub author_hash: Option<Vec<u8>>,
    /// What is wanted: a code or a Chinese word; a grievance if blank.
    pub kind: Option<String>,
    /// In one line.
    pub title: String,
    /// In full.
    pub body: String,
    /// When it came in.
    pub received_at: Timestamp,
    /// The answer with its time.
    pub reply: Option<(String, Timestamp)>,
    /// A category's name.
    pub category: Option<String>,
    /// A unit's name.
    pub unit: Option<String>,
    /// Hash of all that the row says, to tell whether it has changed.
    pub row_hash: Vec<u8>,
}

/// A row that could not be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowFailure {
    /// As a person counts in the workbook.
    pub row: i64,
    /// The letter of the column.
    pub column: Option<String>,
    /// Stable code.
    pub code: String,
    /// In Chinese.
    pub detail_zh: String,
    /// In English.
    pub detail_en: String,
}

/// The letters of the columns that a batch may complain about, by the codes of their fields.
#[derive(Clone, Debug, Default)]
pub struct Columns(pub HashMap<&'static str, String>);

impl Columns {
    /// The letter of a field's column.
    pub(super) fn of(&self, field: &str) -> Option<&String> {
        self.0.get(field)
    }
}

/// The next rows of a file.
#[derive(Clone, Debug)]
pub enum Rows {
    /// Of a ledger.
    Complaints(Vec<RowToImport>),
    /// Of a list of units, those first that others name as the unit above.
    Units(Vec<UnitRow>),
    /// Of a list of members.
    Members(Vec<MemberRow>),
}

impl Rows {
    /// How many.
    pub(super) fn len(&self) -> i64 {
        let rows = match self {
            Self::Complaints(rows) => rows.len(),
            Self::Units(rows) => rows.len(),
            Self::Members(rows) => rows.len(),
        };
        i64::try_from(rows).unwrap_or(i64::MAX)
    }
}

/// What the names in a batch stand for.
pub(super) struct Names {
    pub units: HashMap<String, Option<UnitId>>,
    pub categories: HashMap<String, Option<CategoryId>>,
}

fn kind_of(text: Option<&str>) -> Option<Kind> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else {
        return Some(Kind::Grievance);
    };
    match text {
        "投诉" => Some(Kind::Grievance),
        "举报" => Some(Kind::Report),
        "建议" => Some(Kind::Suggestion),
        "咨询" => Some(Kind::Inquiry),
        "表扬" | "感谢" => Some(Kind::Praise),
        code => Kind::from_code(code),
    }
}

impl RowToImport {
    pub(super) fn failure(&self, column: Option<&String>, code: &str, zh: &str, en: &str) -> RowFailure {
        RowFailure {
            row: self.row,
            column: column.cloned(),
            code: code.to_owned(),
            detail_zh: zh.to_owned(),
            detail_en: en.to_owned(),
        }
    }

    /// The row as a filing, with its desk.
    pub(super) fn filing(&self, names: &Names, columns: &Columns, is_order: bool) -> Result<Filing, RowFailure> {
        let kind = kind_of(self.kind.as_deref()).ok_or_else(|| {
            self.failure(
                columns.of("kind"),
                "unknown_kind",
                "类型应是投诉、举报、建议、咨询或表扬。",
                "The kind is one of grievance, report, suggestion, inquiry, praise.",
            )
        })?;
        let about = match self.unit.as_deref() {
            None => None,
            Some(name) => Some(names.units.get(name).copied().flatten().ok_or_else(|| {
                self.failure(
                    columns.of("unit"),
                    "unknown_unit",
                    "没有这个名称的单位，或同名的不止一个。",
                    "No unit has this name, or several do.",
                )
            })?),
        };
        let category = match self.category.as_deref() {
            None => None,
            Some(name) => Some(names.categories.get(name).copied().flatten().ok_or_else(|| {
                self.failure(
                    columns.of("category"),
                    "unknown_category",
                    "没有这个名称的分类，或同名的不止一个。",
                    "No category has this name, or several do.",
                )
            })?),
        };
        Ok(Filing {
            kind,
            channel: Channel::Import,
            title: self.title.clone(),
            body: self.body.clone(),
            about,
            category,
            // Nobody left data to be reached by; the ledger's author is kept as a hash.
            is_anonymous: self.author_hash.is_none(),
            is_order,
        })
    }

    pub(super) fn reply(&self, id: Uuid, unit: UnitId) -> Option<SentReply> {
        self.reply.as_ref().map(|(body, at)| SentReply {
            id: ReplyId(id),
            parts: None,
            body: body.clone(),
            unit,
            drafted_by: None,
            approved_by: None,
            at: *at,
        })
    }
}
