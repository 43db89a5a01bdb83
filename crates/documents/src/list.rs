//! Rows of a list of units or members: the text of each cell, and what no rule about units or members could find wrong.

use std::collections::BTreeMap;

use crate::field::Field;
use crate::mapping::Mapping;
use crate::problem::{Problems, RowProblem};
use crate::sheet::{Cell, Row};
use crate::text::clean_line;

/// A row of a list.
#[derive(Clone, Debug)]
pub struct ListRow {
    /// The row's number in Excel.
    pub row: u32,
    /// What is wrong with cells as such.
    pub problems: Vec<(Field, RowProblem)>,
    texts: BTreeMap<Field, String>,
}

impl ListRow {
    /// The text of a field; empty where there is no such column, or nothing in it.
    #[must_use]
    pub fn text(&self, field: Field) -> &str {
        self.texts.get(&field).map_or("", String::as_str)
    }
}

/// Reads the cells of a row. A text is left as it is but for what Office writes in place of characters: who takes it in
/// cleans it as if it had been typed, and what went out comes back the same.
#[must_use]
pub fn list_row(mapping: &Mapping, row: &Row) -> ListRow {
    let mut problems = Vec::new();
    let mut texts = BTreeMap::new();
    for (field, column) in mapping.columns() {
        let mut found = Problems::of_row(row.number());
        match row.cell(column) {
            Cell::Error(_) => found.cell_error(Some(column)),
            Cell::Merged => found.merged(Some(column)),
            Cell::Text(text) if text.contains("_x") => _ = texts.insert(field, clean_line(text)),
            cell => _ = texts.insert(field, cell.to_raw()),
        }
        problems.extend(found.into_found().into_iter().map(|problem| (field, problem)));
    }
    ListRow {
        row: row.number(),
        problems,
        texts,
    }
}
