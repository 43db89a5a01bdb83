//! Data that tests read.

use std::path::PathBuf;

use chrono::{DateTime, Utc};
use liangnuo_documents::{Form, LedgerRow, Mapping, RowProblem, Sheet, rows};
use rust_xlsxwriter::{Workbook, Worksheet};

/// The folder of outside data, where one is given.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the tests learn of outside data"
)]
pub fn outside() -> Option<PathBuf> {
    std::env::var("LIANGNUO_TEST_DATA")
        .ok()
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

/// The time that the tests take for now: 2026-01-01 08:00 in China.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).unwrap()
}

/// A workbook with one sheet.
pub fn workbook(fill: impl FnOnce(&mut Worksheet)) -> Vec<u8> {
    let mut book = Workbook::new();
    fill(book.add_worksheet());
    book.save_to_buffer().unwrap()
}

/// A workbook of texts.
pub fn texts(lines: &[&[&str]]) -> Vec<u8> {
    workbook(|page| {
        for (line, cells) in (0_u32..).zip(lines) {
            for (column, text) in (0_u16..).zip(*cells) {
                page.write_string(line, column, *text).unwrap();
            }
        }
    })
}

/// All rows of a file with guessed headings.
pub fn read(bytes: &[u8]) -> Vec<Result<LedgerRow, Vec<RowProblem>>> {
    let sheet = Sheet::open(bytes, "ledger.xlsx").unwrap();
    let mapping = Mapping::guess(Form::Ledger, &sheet).unwrap();
    rows(&sheet, &mapping, now()).collect()
}

/// Row, column and code of all problems.
pub fn problems(read: &[Result<LedgerRow, Vec<RowProblem>>]) -> Vec<(u32, String, String)> {
    let all = read.iter().filter_map(|row| row.as_ref().err()).flatten();
    all.map(|problem| {
        (
            problem.row,
            problem.column.clone().unwrap_or_default(),
            problem.code.to_string(),
        )
    })
    .collect()
}
