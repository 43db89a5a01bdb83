//! Workbooks that go back to a person: the rows that failed with the reasons, and what all workbooks share.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook, Worksheet, XlsxError,
};
use thiserror::Error;

use crate::ledger_file::LedgerFile;
use crate::problem::RowProblem;
use crate::sheet::Row;

/// The columns that an error workbook has behind the ledger's own.
pub(crate) const ERROR_HEADINGS: [&str; 4] = ["行号", "错误列", "原因", "Reason"];

/// Most UTF-16 units of a cell in Excel.
const MAX_CELL_UNITS: usize = 32_767;

/// What stands at the end of a text that is too long for a cell.
const CUT_MARK: &str = "……【原文过长，此处已截断 / cut here】";

/// A workbook or a table couldn't be written.
#[derive(Debug, Error)]
pub enum WriteError {
    /// The writer refuses: more rows than Excel has, no room left.
    #[error("the workbook can't be written")]
    Workbook(#[from] XlsxError),
    /// A row of text could not be written.
    #[error("the table can't be written")]
    Text(#[from] csv::Error),
    /// The file could not be written.
    #[error("the file can't be written")]
    File(#[from] std::io::Error),
}

/// Writes the rows that failed: the ledger's own columns as they were, then the row's number in the original file, the
/// columns at fault, and the reasons in Chinese and English. After correction it can be imported as it is; the added
/// columns are recognised and ignored.
///
/// Every cell is typed text. What a spreadsheet could take for a formula is marked as quoted text, so that nothing runs
/// in it, not even when somebody edits the cell.
///
/// # Errors
/// [`WriteError`] when the writer refuses (more rows than Excel has, out of memory).
pub fn error_workbook<R: Read + Seek>(
    ledger: &mut LedgerFile<R>,
    problems: &[RowProblem],
) -> Result<Vec<u8>, WriteError> {
    let mut by_row: BTreeMap<u32, Vec<&RowProblem>> = BTreeMap::new();
    for problem in problems {
        by_row.entry(problem.row).or_default().push(problem);
    }
    let styles = Styles::new();
    let mut book = new_workbook();
    let page = book.add_worksheet_with_constant_memory()?;
    page.set_name("需更正的行")?;
    let own = ledger.sheet().headings().to_vec();
    let texts = own.iter().map(|heading| heading.text.as_str()).chain(ERROR_HEADINGS);
    write_headings(page, texts, &styles.heading)?;
    let mut rows = ledger.rows().map_err(std::io::Error::other)?;
    let mut reached = rows.next().transpose().map_err(std::io::Error::other)?;
    for (line, (number, problems)) in (1_u32..).zip(&by_row) {
        // Both are in the order of the file.
        while reached.as_ref().is_some_and(|row| row.number() < *number) {
            reached = rows.next().transpose().map_err(std::io::Error::other)?;
        }
        if let Some(row) = reached.as_ref().filter(|row| row.number() == *number) {
            write_row(page, line, row, own.len(), problems, &styles)?;
        }
        let columns = join(problems.iter().filter_map(|problem| problem.column.clone()), "、");
        let zh = join(problems.iter().map(|problem| problem.detail_zh.clone()), "");
        let en = join(problems.iter().map(|problem| problem.detail_en.clone()), " ");
        for (column, text) in (own.len()..).zip([number.to_string(), columns, zh, en]) {
            write_text(page, line, column, &text, &styles, false)?;
        }
    }
    Ok(book.save_to_buffer()?)
}

/// The formats of the workbooks that this crate writes.
pub(crate) struct Styles {
    pub(crate) heading: Format,
    pub(crate) text: Format,
    quoted: Format,
    fault: Format,
    quoted_fault: Format,
}

impl Styles {
    pub(crate) fn new() -> Self {
        let text = Format::new().set_num_format("@").set_align(FormatAlign::Top);
        let fault = text.clone().set_background_color(Color::RGB(0x00FD_E7E7));
        let heading = Format::new()
            .set_bold()
            .set_num_format("@")
            .set_font_color(Color::White)
            .set_background_color(Color::RGB(0x001F_4E79))
            .set_border_bottom(FormatBorder::Thin)
            .set_align(FormatAlign::VerticalCenter);
        Self {
            heading,
            quoted: text.clone().set_quote_prefix(),
            quoted_fault: fault.clone().set_quote_prefix(),
            text,
            fault,
        }
    }

    pub(crate) fn of(&self, text: &str, is_fault: bool) -> &Format {
        match (starts_like_a_formula(text), is_fault) {
            (false, false) => &self.text,
            (false, true) => &self.fault,
            (true, false) => &self.quoted,
            (true, true) => &self.quoted_fault,
        }
    }
}

/// A workbook without the time of writing in it: the same input gives the same bytes.
pub(crate) fn new_workbook() -> Workbook {
    let mut book = Workbook::new();
    if let Ok(fixed) = ExcelDateTime::from_ymd(2011, 1, 1) {
        book.set_properties(&DocProperties::new().set_creation_datetime(&fixed));
    }
    book
}

pub(crate) fn write_headings<'a>(
    page: &mut Worksheet,
    texts: impl IntoIterator<Item = &'a str>,
    format: &Format,
) -> Result<(), XlsxError> {
    for (column, text) in (0_u16..).zip(texts) {
        page.write_string_with_format(0, column, safe(text), format)?;
        page.set_column_width(column, 22)?;
    }
    page.set_freeze_panes(1, 0)?;
    Ok(())
}

fn write_row(
    page: &mut Worksheet,
    line: u32,
    row: &Row,
    width: usize,
    problems: &[&RowProblem],
    styles: &Styles,
) -> Result<(), XlsxError> {
    for column in 0..width {
        let letters = crate::sheet::column_letters(column);
        let is_fault = problems
            .iter()
            .any(|problem| problem.column.as_deref() == Some(letters.as_str()));
        write_text(page, line, column, &row.cell(column).to_raw(), styles, is_fault)?;
    }
    Ok(())
}

pub(crate) fn write_text(
    page: &mut Worksheet,
    line: u32,
    column: usize,
    text: &str,
    styles: &Styles,
    is_fault: bool,
) -> Result<(), XlsxError> {
    let column = u16::try_from(column).map_err(|_beyond| XlsxError::RowColumnLimitError)?;
    page.write_string_with_format(line, column, safe(text), styles.of(text, is_fault))?;
    Ok(())
}

/// The first character that makes a spreadsheet read a formula, or that hides one behind white space.
pub(crate) fn starts_like_a_formula(text: &str) -> bool {
    text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

/// The text as a cell can hold it.
pub(crate) fn safe(text: &str) -> String {
    // The writer takes a text of this form for the XML of rich text and would copy it unescaped. A space in front, which
    // reading takes off again, makes it text.
    let guarded = if text.starts_with("<r>") {
        format!(" {text}")
    } else {
        text.to_owned()
    };
    if guarded.encode_utf16().count() <= MAX_CELL_UNITS {
        return guarded;
    }
    let mut left = MAX_CELL_UNITS - CUT_MARK.encode_utf16().count();
    let kept = guarded.chars().take_while(|c| match left.checked_sub(c.len_utf16()) {
        Some(rest) => {
            left = rest;
            true
        }
        None => false,
    });
    kept.chain(CUT_MARK.chars()).collect()
}

/// Joins texts, each only once.
fn join(texts: impl Iterator<Item = String>, separator: &str) -> String {
    let mut unique: Vec<String> = Vec::new();
    for text in texts {
        if !unique.contains(&text) {
            unique.push(text);
        }
    }
    unique.join(separator)
}
