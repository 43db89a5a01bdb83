//! A ledger's sheet as it was read: headings and rows of cells, numbered as a person sees them in Excel.

use chrono::{NaiveDateTime, NaiveTime};

use calamine::Dimensions;

use crate::read::ReadError;
use crate::text::{clean_line, clean_text, is_blank};

/// A sheet of a workbook, or a CSV file.
#[derive(Clone, Debug)]
pub struct Sheet {
    pub(crate) name: String,
    pub(crate) heading_row: u32,
    pub(crate) headings: Vec<Heading>,
    pub(crate) rows: Vec<Row>,
    pub(crate) is_1904: bool,
}

/// The heading of a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// The column's letters: `A`, `AB`.
    pub column: String,
    /// What stands in the heading row, cleaned; empty when nothing does.
    pub text: String,
}

/// A row that isn't blank.
#[derive(Clone, Debug)]
pub struct Row {
    pub(crate) number: u32,
    pub(crate) cells: Vec<Cell>,
}

/// A cell as the file holds it.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing, or nothing that can be seen.
    Empty,
    /// Text, as typed: not cleaned.
    Text(String),
    /// A number.
    Number(f64),
    /// A number that the workbook shows as a date, in local time.
    DateTime(NaiveDateTime),
    /// TRUE or FALSE.
    Bool(bool),
    /// A formula's error, such as `#N/A`; in lists also a formula that nobody calculated.
    Error(String),
    /// Nothing of its own: part of a merged cell that begins in a row above. Only in lists.
    Merged,
}

const EMPTY: Cell = Cell::Empty;

impl Sheet {
    /// The sheet's name; for CSV the file's.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The number of the row that holds the headings, 1 in most files.
    #[must_use]
    pub fn heading_row(&self) -> u32 {
        self.heading_row
    }

    /// The headings of all columns that hold something, from A without a gap.
    #[must_use]
    pub fn headings(&self) -> &[Heading] {
        &self.headings
    }

    /// How many rows hold something, without the heading row.
    #[must_use]
    pub fn rows_total(&self) -> usize {
        self.rows.len()
    }

    /// The rows that hold something, in the file's order.
    #[must_use]
    pub fn rows(&self) -> &[Row] {
        &self.rows
    }

    /// The first texts of a column that aren't empty, on one line and cut to `max_chars`: for showing a person what the
    /// column holds.
    #[must_use]
    pub fn samples(&self, column: usize, count: usize, max_chars: usize) -> Vec<String> {
        let texts = self.rows.iter().map(|row| row.cell(column).to_line());
        texts
            .filter(|text| !text.is_empty())
            .take(count)
            .map(|text| text.chars().take(max_chars).collect())
            .collect()
    }
}

impl Heading {
    pub(crate) fn new(index: usize, text: &str) -> Self {
        Self {
            column: column_letters(index),
            text: clean_line(text),
        }
    }
}

impl Row {
    /// The row's number in Excel: 1 is the first row of the file.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The cell of a column, [`Cell::Empty`] where the row is shorter.
    #[must_use]
    pub fn cell(&self, column: usize) -> &Cell {
        self.cells.get(column).unwrap_or(&EMPTY)
    }
}

impl Cell {
    /// The cell as clean text of many lines ([`clean_text`]); empty for nothing and for a formula's error.
    #[must_use]
    pub fn to_text(&self) -> String {
        match self {
            Self::Text(text) => clean_text(text),
            Self::Empty | Self::Merged | Self::Error(_) => String::new(),
            Self::Number(_) | Self::DateTime(_) | Self::Bool(_) => self.to_raw(),
        }
    }

    /// The cell as clean text on one line ([`clean_line`]).
    #[must_use]
    pub fn to_line(&self) -> String {
        match self {
            Self::Text(text) => clean_line(text),
            Self::Empty | Self::Merged | Self::Number(_) | Self::DateTime(_) | Self::Bool(_) | Self::Error(_) => {
                self.to_text()
            }
        }
    }

    /// The cell as a person would type it, nothing cleaned.
    #[must_use]
    pub(crate) fn to_raw(&self) -> String {
        match self {
            Self::Empty | Self::Merged => String::new(),
            Self::Text(text) | Self::Error(text) => text.clone(),
            Self::Number(value) => number_text(*value),
            Self::DateTime(at) if at.time() == NaiveTime::MIN => at.format("%Y-%m-%d").to_string(),
            Self::DateTime(at) => at.format("%Y-%m-%d %H:%M:%S").to_string(),
            Self::Bool(true) => "TRUE".to_owned(),
            Self::Bool(false) => "FALSE".to_owned(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        match self {
            Self::Empty | Self::Merged => true,
            Self::Text(text) => is_blank(text),
            Self::Number(_) | Self::DateTime(_) | Self::Bool(_) | Self::Error(_) => false,
        }
    }
}

/// A number as Excel shows it: 15 significant digits, an integer without a point, no exponent.
fn number_text(value: f64) -> String {
    let rounded = format!("{value:.14e}").parse::<f64>().unwrap_or(value);
    if rounded == 0.0 {
        "0".to_owned()
    } else {
        rounded.to_string()
    }
}

/// The letters of a column counted from 0: 0 is `A`, 26 is `AA`.
#[must_use]
pub fn column_letters(index: usize) -> String {
    let mut letters = Vec::new();
    let mut rest = index;
    loop {
        let digit = u8::try_from(rest % 26).unwrap_or_default();
        letters.push(char::from(b'A' + digit));
        match (rest / 26).checked_sub(1) {
            Some(next) => rest = next,
            None => break,
        }
    }
    letters.iter().rev().collect()
}

/// Marks the cells that a merged one covers in the rows below its first, as far as there are rows. Whoever merges cells means
/// the value for all of the rows; a file holds it in the first alone.
///
/// Regions come from a stranger's file: more marks than the sheet has cells are a file made to confuse.
pub(crate) fn mark_merged(rows: &mut [Row], regions: &[Dimensions], width: usize) -> Result<(), ReadError> {
    let mut left = rows.len().saturating_mul(width);
    for Dimensions { start, end } in regions {
        let columns =
            usize::try_from(start.1).unwrap_or(usize::MAX)..width.min(usize::try_from(end.1).unwrap_or(0) + 1);
        // Numbers count from 1: the first of the region's rows is left as it is.
        let from = rows.partition_point(|row| row.number <= start.0 + 1);
        let to = rows.partition_point(|row| row.number <= end.0.saturating_add(1));
        for row in rows.get_mut(from..to).unwrap_or_default() {
            left = left.checked_sub(columns.len()).ok_or(ReadError::Unreadable)?;
            if row.cells.len() < columns.end {
                row.cells.resize(columns.end, Cell::Empty);
            }
            for cell in row.cells.get_mut(columns.clone()).unwrap_or_default() {
                if cell.is_empty() {
                    *cell = Cell::Merged;
                }
            }
        }
    }
    Ok(())
}

/// Makes a sheet of numbered rows that aren't blank, the widest of which has `width` columns: finds the headings and
/// squares the columns. `None` when there is no row at all.
pub(crate) fn assemble(name: String, rows: Vec<Row>, width: usize, is_1904: bool) -> Option<Sheet> {
    let skipped = title_rows(&rows);
    let mut rows = rows.into_iter().skip(skipped);
    let heading = rows.next()?;
    let mut rows: Vec<Row> = rows.collect();
    let mut headings: Vec<Heading> = (0..width)
        .map(|column| Heading::new(column, &heading.cell(column).to_line()))
        .collect();
    drop_error_columns(&mut headings, &mut rows);
    Some(Sheet {
        name,
        heading_row: heading.number,
        headings,
        rows,
        is_1904,
    })
}

/// How many rows stand above the headings. Ledgers are often printed, with the county's name in one merged cell on
/// top: a row with a single cell, above one with more, is such a title.
pub(crate) fn title_rows(rows: &[Row]) -> usize {
    const LOOKED_AT: usize = 5;
    let filled = |row: &Row| row.cells.iter().filter(|cell| !cell.is_empty()).count();
    let first_wide = rows.iter().take(LOOKED_AT).position(|row| filled(row) > 1);
    first_wide.unwrap_or_default()
}

/// Takes off the columns that [`crate::error_workbook`] added, so that a corrected error workbook reads as a ledger.
fn drop_error_columns(headings: &mut Vec<Heading>, rows: &mut [Row]) {
    let Some(start) = headings.len().checked_sub(crate::write::ERROR_HEADINGS.len()) else {
        return;
    };
    let tail = headings.get(start..).unwrap_or_default();
    if start > 0
        && tail
            .iter()
            .map(|heading| heading.text.as_str())
            .eq(crate::write::ERROR_HEADINGS)
    {
        headings.truncate(start);
        for row in rows {
            row.cells.truncate(start);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_have_excels_letters() {
        let letters: Vec<String> = [0, 25, 26, 51, 52, 701, 702].into_iter().map(column_letters).collect();
        assert_eq!(letters, ["A", "Z", "AA", "AZ", "BA", "ZZ", "AAA"]);
    }

    #[test]
    fn numbers_read_as_excel_shows_them() {
        for (value, expected) in [
            (2549.0, "2549"),
            (20_190_425_000_123.0, "20190425000123"),
            (0.1 + 0.2, "0.3"),
            (-1.5, "-1.5"),
            (-0.0, "0"),
            (1e15, "1000000000000000"),
        ] {
            assert_eq!(number_text(value), expected);
        }
    }
}
