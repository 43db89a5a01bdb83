//! Rows of a ledger as typed values.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::hash::{DefaultHasher, Hash, Hasher};

use chrono::{DateTime, Datelike, Days, NaiveDateTime, NaiveTime, Utc};

use crate::date::{Moment, from_serial, parse_moment, shanghai};
use crate::field::{Field, Form};
use crate::mapping::Mapping;
use crate::problem::{Problems, RowProblem};
use crate::sheet::{Cell, Row, Sheet};

/// The first year that a ledger's dates may have. What is older is a slip, or Excel's reading of a small number.
pub const FIRST_YEAR: i32 = 1990;

/// The serials that a number without a date format is taken for a date in: 1990 to 2099. Beyond them a number in a
/// date's column is a date written together (20190425) or a slip.
const SERIALS: std::ops::Range<f64> = 32_874.0..73_051.0;

/// A complaint as a ledger holds it. Texts are cleaned and within their limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LedgerRow {
    /// The row's number in Excel.
    pub row: u32,
    /// The ledger's own number.
    pub external_ref: String,
    /// Who wrote it; `None` when the cell is empty.
    pub author: Option<String>,
    /// The subject, on one line.
    pub title: String,
    /// When it came in, local time in Asia/Shanghai; midnight where the ledger has no time of day.
    pub received_at: NaiveDateTime,
    /// What was written.
    pub body: String,
    /// What was answered. It is there if and only if `replied_at` is.
    pub reply: Option<String>,
    /// When it was answered, never before `received_at`. A reply of the day of receipt without a time of day counts as
    /// given at the moment of receipt.
    pub replied_at: Option<NaiveDateTime>,
    /// The kind, in the ledger's words.
    pub kind: Option<String>,
    /// The subject area, in the ledger's words.
    pub category: Option<String>,
    /// The office or school concerned, in the ledger's words.
    pub unit: Option<String>,
}

/// Reads one row by itself. What only the whole file shows (a number that stands twice) [`RowCheck`] adds.
///
/// # Errors
/// All problems of the row.
pub fn parse_row(
    sheet: &Sheet,
    mapping: &Mapping,
    row: &Row,
    now: DateTime<Utc>,
) -> Result<LedgerRow, Vec<RowProblem>> {
    let mut reader = RowReader::new(sheet.is_1904, mapping, row, now);
    let parsed = reader.read();
    reader.end(parsed)
}

/// Reads all rows in the file's order, each as it is asked for. `now` is what "the future" is measured by.
pub fn rows<'a>(
    sheet: &'a Sheet,
    mapping: &'a Mapping,
    now: DateTime<Utc>,
) -> impl ExactSizeIterator<Item = Result<LedgerRow, Vec<RowProblem>>> {
    let mut check = RowCheck::new(sheet, mapping.clone(), now);
    sheet.rows().iter().map(move |row| check.row(row))
}

/// Reads the rows of one ledger, in the file's order, and remembers what it has seen.
#[derive(Debug)]
pub struct RowCheck {
    is_1904: bool,
    mapping: Mapping,
    now: DateTime<Utc>,
    /// Digests of the complaints' numbers, with the row where each stood first and a digest of that row. Of the numbers
    /// themselves half a million would be too much to remember.
    seen: HashMap<u128, (u32, u64)>,
}

impl RowCheck {
    /// For the rows of a ledger with these headings. `now` is what "the future" is measured by.
    #[must_use]
    pub fn new(sheet: &Sheet, mapping: Mapping, now: DateTime<Utc>) -> Self {
        Self {
            is_1904: sheet.is_1904,
            mapping,
            now,
            seen: HashMap::new(),
        }
    }

    /// The next row.
    ///
    /// # Errors
    /// All problems of the row.
    pub fn row(&mut self, row: &Row) -> Result<LedgerRow, Vec<RowProblem>> {
        let mut reader = RowReader::new(self.is_1904, &self.mapping, row, self.now);
        let parsed = reader.read();
        // A row that fails for another reason counts too: which of two rows is the right one is for a person to say.
        let key = reader.line(Field::ExternalRef);
        if !key.is_empty() {
            let digest = reader.digest();
            match self.seen.entry(wide_digest(&key)) {
                Entry::Vacant(place) => {
                    place.insert((row.number(), digest));
                }
                Entry::Occupied(first) => {
                    let (first_row, first_digest) = *first.get();
                    let column = self.mapping.column(Field::ExternalRef);
                    reader.problems.duplicate_ref(column, first_row, first_digest == digest);
                }
            }
        }
        reader.end(parsed)
    }
}

/// 128 bits, so that no two numbers of a file are taken for the same.
fn wide_digest(text: &str) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        text.hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(0) << 64 | half(1)
}

struct RowReader<'a> {
    is_1904: bool,
    mapping: &'a Mapping,
    row: &'a Row,
    earliest_refused: NaiveDateTime,
    problems: Problems,
}

impl<'a> RowReader<'a> {
    fn new(is_1904: bool, mapping: &'a Mapping, row: &'a Row, now: DateTime<Utc>) -> Self {
        // A day's grace: the clock of the system that wrote the ledger needn't agree with ours.
        let earliest_refused = shanghai(now)
            .checked_add_days(Days::new(1))
            .unwrap_or(NaiveDateTime::MAX);
        Self {
            is_1904,
            mapping,
            row,
            earliest_refused,
            problems: Problems::of_row(row.number()),
        }
    }

    /// The values, `None` when a required one has a problem. Reads on after the first problem, so that a person
    /// corrects a row once.
    fn read(&mut self) -> Option<LedgerRow> {
        let external_ref = self.text(Field::ExternalRef);
        let author = self.text(Field::Author);
        let title = self.text(Field::Title);
        let received = self.moment(Field::ReceivedAt);
        let body = self.text(Field::Body);
        let reply = self.text(Field::Reply);
        let replied = self.moment(Field::RepliedAt);
        let kind = self.text(Field::Kind);
        let category = self.text(Field::Category);
        let unit = self.text(Field::Unit);
        self.check_pair();
        let replied_at = self.in_order(received, replied);
        Some(LedgerRow {
            row: self.row.number(),
            external_ref: external_ref?,
            author,
            title: title?,
            received_at: received?.at,
            body: body?,
            reply,
            replied_at,
            kind,
            category,
            unit,
        })
    }

    fn end(self, parsed: Option<LedgerRow>) -> Result<LedgerRow, Vec<RowProblem>> {
        let problems = self.problems.into_found();
        match parsed {
            Some(row) if problems.is_empty() => Ok(row),
            _ => Err(problems),
        }
    }

    fn cell(&self, field: Field) -> Option<&'a Cell> {
        self.mapping.column(field).map(|column| self.row.cell(column))
    }

    fn line(&self, field: Field) -> String {
        self.cell(field).map(Cell::to_line).unwrap_or_default()
    }

    fn is_filled(&self, field: Field) -> bool {
        self.cell(field).is_some_and(|cell| !cell.is_empty())
    }

    fn text(&mut self, field: Field) -> Option<String> {
        let column = self.mapping.column(field);
        let cell = self.cell(field)?;
        if matches!(cell, Cell::Error(_)) {
            self.problems.cell_error(column);
            return None;
        }
        let has_lines = matches!(field, Field::Body | Field::Reply);
        let text = if has_lines { cell.to_text() } else { cell.to_line() };
        if text.is_empty() {
            if field.is_required() {
                self.problems.missing(field, column);
            }
            return None;
        }
        let length = text.chars().count();
        match field.limit() {
            Some(limit) if length > limit => {
                self.problems.too_long(field, column, limit, length);
                None
            }
            _ => Some(text),
        }
    }

    fn moment(&mut self, field: Field) -> Option<Moment> {
        let column = self.mapping.column(field);
        let cell = self.cell(field)?;
        if cell.is_empty() {
            if field.is_required() {
                self.problems.missing(field, column);
            }
            return None;
        }
        let read = match cell {
            Cell::DateTime(at) => Some(whole_day(*at)),
            Cell::Number(value) if SERIALS.contains(value) => from_serial(*value, self.is_1904).map(whole_day),
            Cell::Number(_) | Cell::Text(_) => parse_moment(&cell.to_line()),
            Cell::Error(_) => {
                self.problems.cell_error(column);
                return None;
            }
            Cell::Bool(_) | Cell::Empty | Cell::Merged => None,
        };
        let Some(moment) = read else {
            self.problems.unreadable_date(field, column);
            return None;
        };
        if moment.at.year() < FIRST_YEAR || moment.at > self.earliest_refused {
            self.problems.out_of_range(field, column);
            return None;
        }
        Some(moment)
    }

    fn check_pair(&mut self) {
        match (self.is_filled(Field::Reply), self.is_filled(Field::RepliedAt)) {
            (true, false) => {
                let column = self
                    .mapping
                    .column(Field::RepliedAt)
                    .or(self.mapping.column(Field::Reply));
                self.problems.reply_without_date(column);
            }
            (false, true) => {
                let column = self
                    .mapping
                    .column(Field::Reply)
                    .or(self.mapping.column(Field::RepliedAt));
                self.problems.date_without_reply(column);
            }
            _ => {}
        }
    }

    /// The time of the reply if it isn't before the receipt. Where a time of day is missing only the days compare, and
    /// a reply of the same day then counts from the receipt, so that no answer ever took less than no time.
    fn in_order(&mut self, received: Option<Moment>, replied: Option<Moment>) -> Option<NaiveDateTime> {
        let replied = replied?;
        let Some(received) = received else {
            return Some(replied.at);
        };
        let is_same_day = replied.at.date() == received.at.date();
        if replied.at >= received.at {
            Some(replied.at)
        } else if is_same_day && !replied.has_time {
            Some(received.at)
        } else {
            self.problems
                .replied_before_received(self.mapping.column(Field::RepliedAt));
            None
        }
    }

    /// A digest of the mapped cells, only to say whether two rows are the same.
    fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        for &field in Form::Ledger.fields() {
            self.cell(field).map(Cell::to_text).hash(&mut hasher);
        }
        hasher.finish()
    }
}

/// A serial without a fraction is a date without a time.
fn whole_day(at: NaiveDateTime) -> Moment {
    Moment {
        at,
        has_time: at.time() != NaiveTime::MIN,
    }
}
