//! Opening a ledger: which format it is, how large it may be, and its cells as rows.

use std::io::{Cursor, Read, Seek};
use std::panic::{AssertUnwindSafe, catch_unwind};

use calamine::{DataRef, Reader, SheetType, SheetVisible, Xlsx, XlsxError};
use thiserror::Error;

use crate::archive;
use crate::date::from_serial;
use crate::ledger_file::LedgerFile;
use crate::sheet::{Cell, Row, Sheet, assemble, mark_merged};

/// Largest file: a CSV file is read as it comes.
pub const MAX_FILE_BYTES: usize = 200_000_000;
/// Largest XLSX file: a workbook is held in memory.
pub const MAX_WORKBOOK_BYTES: usize = 20_000_000;
/// Most bytes that an XLSX file may unpack to.
pub const MAX_UNPACKED_BYTES: u64 = 50_000_000;
/// How many times its own size an XLSX file may unpack to.
pub const MAX_RATIO: u64 = 100;
/// Most rows that hold something, the headings included.
pub const MAX_ROWS: usize = 500_000;
/// Most columns.
pub const MAX_COLUMNS: usize = 64;
/// Most bytes of text in all cells: one shared string can stand in any number of cells.
const MAX_TEXT_BYTES: usize = 100_000_000;
/// The last row that Excel has.
const LAST_ROW: u32 = 1_048_576;

/// Why a file can't be read as a ledger at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum ReadError {
    /// It has the right format but is damaged, or cut off.
    #[error("the file is damaged or incomplete")]
    Unreadable,
    /// It exceeds a limit.
    #[error("the file is too large: {0}")]
    TooLarge(TooLarge),
    /// No visible sheet holds anything.
    #[error("the file holds no rows")]
    Empty,
    /// It is neither XLSX nor CSV.
    #[error("the file is neither an XLSX workbook nor a CSV file")]
    Unsupported,
    /// It is protected by a password.
    #[error("the workbook is protected by a password")]
    Encrypted,
}

/// The limit that a file exceeds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum TooLarge {
    /// [`MAX_FILE_BYTES`].
    #[error("more than 200 MB")]
    FileBytes,
    /// [`MAX_WORKBOOK_BYTES`].
    #[error("a workbook of more than 20 MB")]
    WorkbookBytes,
    /// [`MAX_UNPACKED_BYTES`].
    #[error("more than 50 MB unpacked")]
    UnpackedBytes,
    /// [`MAX_RATIO`].
    #[error("it unpacks to more than 100 times its size")]
    Ratio,
    /// The archive has thousands of parts.
    #[error("too many parts in the archive")]
    Entries,
    /// [`MAX_ROWS`].
    #[error("more than 500,000 rows")]
    Rows,
    /// [`MAX_COLUMNS`].
    #[error("more than 64 columns")]
    Columns,
    /// The texts of all cells together are too long.
    #[error("more than 100 MB of text")]
    Text,
    /// A record of a CSV file never ends.
    #[error("a row of more than 4 MB")]
    Record,
}

impl ReadError {
    /// The stable code that the API uses.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Unreadable => "unreadable_workbook",
            Self::TooLarge(_) => "workbook_too_large",
            Self::Empty => "empty_workbook",
            Self::Unsupported => "unsupported_format",
            Self::Encrypted => "encrypted_workbook",
        }
    }

    /// What to tell a person, in Chinese.
    #[must_use]
    pub const fn detail_zh(self) -> &'static str {
        match self {
            Self::Unreadable => "文件已损坏或不完整，请重新导出后再上传。",
            Self::TooLarge(TooLarge::FileBytes) => "文件超过200 MB，请拆分后分批导入。",
            Self::TooLarge(TooLarge::WorkbookBytes) => "工作簿超过20 MB，请另存为 CSV 后再上传。",
            Self::TooLarge(TooLarge::UnpackedBytes | TooLarge::Text) => {
                "工作簿的内容超过50 MB，请另存为 CSV 后再上传。"
            }
            Self::TooLarge(TooLarge::Record) => "有一行超过4 MB，可能是引号没有配对，请检查后再上传。",
            Self::TooLarge(TooLarge::Ratio | TooLarge::Entries) => "文件的压缩结构异常，请另存为新的工作簿后再上传。",
            Self::TooLarge(TooLarge::Rows) => "超过50万行，请拆分后分批导入。",
            Self::TooLarge(TooLarge::Columns) => "超过64列，请删去不需要的列。",
            Self::Empty => "文件里没有内容。",
            Self::Unsupported => "只支持 XLSX 工作簿和 CSV 文件；旧版 .xls 请在 Excel 中另存为 .xlsx。",
            Self::Encrypted => "工作簿设有密码，请取消密码后再上传。",
        }
    }

    /// What to tell a person, in English.
    #[must_use]
    pub const fn detail_en(self) -> &'static str {
        match self {
            Self::Unreadable => "The file is damaged or incomplete. Export it again and upload that.",
            Self::TooLarge(TooLarge::FileBytes) => "The file has more than 200 MB. Split it.",
            Self::TooLarge(TooLarge::WorkbookBytes) => {
                "The workbook has more than 20 MB. Save it as CSV and upload that."
            }
            Self::TooLarge(TooLarge::UnpackedBytes | TooLarge::Text) => {
                "The workbook's content has more than 50 MB. Save it as CSV and upload that."
            }
            Self::TooLarge(TooLarge::Record) => {
                "A row has more than 4 MB: probably a quote was opened and never closed. Check it and upload again."
            }
            Self::TooLarge(TooLarge::Ratio | TooLarge::Entries) => {
                "The file is packed in an unusual way. Save it as a new workbook and upload that."
            }
            Self::TooLarge(TooLarge::Rows) => "The file has more than 500,000 rows. Split it.",
            Self::TooLarge(TooLarge::Columns) => "The file has more than 64 columns. Delete those that aren't needed.",
            Self::Empty => "There is nothing in the file.",
            Self::Unsupported => {
                "Only XLSX workbooks and CSV files can be read. Save an old .xls file as .xlsx in Excel."
            }
            Self::Encrypted => "The workbook is protected by a password. Remove it and upload again.",
        }
    }
}

impl Sheet {
    /// Reads the first visible sheet of an XLSX workbook that holds anything, or a CSV file (UTF-8 with or without a
    /// byte order mark, UTF-16 with one, GB 18030; comma, semicolon or tab). The content decides which of the two
    /// it is; the name only tells a CSV file from some other text.
    ///
    /// # Errors
    /// See [`ReadError`]. Limits are checked before anything is unpacked or parsed.
    pub fn open(bytes: &[u8], file_name: &str) -> Result<Self, ReadError> {
        LedgerFile::open(Cursor::new(bytes), file_name)?.into_sheet()
    }
}

/// What a file is.
pub(crate) enum Format {
    Xlsx,
    Csv,
}

/// The compound file of old Office formats, which also holds an encrypted XLSX.
const COMPOUND_FILE: &[u8] = &[0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1];

/// What a file is, by its content. A workbook comes with its bytes.
pub(crate) fn sniff(file: &mut (impl Read + Seek), file_name: &str) -> Result<(Format, Vec<u8>), ReadError> {
    let damaged = |_broken| ReadError::Unreadable;
    let length = file.seek(std::io::SeekFrom::End(0)).map_err(damaged)?;
    file.rewind().map_err(damaged)?;
    let mut start = Vec::new();
    file.by_ref().take(512).read_to_end(&mut start).map_err(damaged)?;
    if start.is_empty() {
        return Err(ReadError::Empty);
    }
    if length > u64::try_from(MAX_FILE_BYTES).unwrap_or(u64::MAX) {
        return Err(ReadError::TooLarge(TooLarge::FileBytes));
    }
    let is_archive = start.starts_with(b"PK\x03\x04") || start.starts_with(b"PK\x05\x06");
    if is_archive || start.starts_with(COMPOUND_FILE) {
        if length > u64::try_from(MAX_WORKBOOK_BYTES).unwrap_or(u64::MAX) {
            return Err(ReadError::TooLarge(TooLarge::WorkbookBytes));
        }
        let mut bytes = start;
        file.read_to_end(&mut bytes).map_err(damaged)?;
        return if is_archive {
            Ok((Format::Xlsx, bytes))
        } else if names_encrypted_package(&bytes) {
            Err(ReadError::Encrypted)
        } else {
            Err(ReadError::Unsupported)
        };
    }
    let name = file_name.to_ascii_lowercase();
    let is_named_text = [".csv", ".tsv", ".txt"]
        .iter()
        .any(|extension| name.ends_with(extension));
    if !is_named_text || looks_like_markup(&start) {
        return Err(ReadError::Unsupported);
    }
    Ok((Format::Csv, Vec::new()))
}

/// An encrypted workbook is a compound file with a stream of this name.
fn names_encrypted_package(bytes: &[u8]) -> bool {
    let name: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    bytes.windows(name.len()).any(|window| window == name)
}

/// Many systems export an HTML table under a spreadsheet's name.
fn looks_like_markup(bytes: &[u8]) -> bool {
    let start = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes).trim_ascii_start();
    let start: Vec<u8> = start.iter().take(16).map(u8::to_ascii_lowercase).collect();
    ["<!doctype", "<html", "<table", "<?xml", "<head", "<meta"]
        .iter()
        .any(|tag| start.starts_with(tag.as_bytes()))
}

/// `is_list`: cells that look filled and hold nothing are told from empty ones, since an empty one says something there.
pub(crate) fn open_xlsx(bytes: &[u8], is_list: bool) -> Result<Sheet, ReadError> {
    archive::check(bytes)?;
    // The parser is foreign code over a stranger's file. A panic in it (a cell named A4294967296 overflows its row where
    // overflows are checked) is one more way of saying that the file can't be read.
    catch_unwind(AssertUnwindSafe(|| parse_xlsx(bytes, is_list))).unwrap_or(Err(ReadError::Unreadable))
}

fn parse_xlsx(bytes: &[u8], is_list: bool) -> Result<Sheet, ReadError> {
    let mut book = Xlsx::new(Cursor::new(bytes)).map_err(unreadable)?;
    let is_1904 = book.has_1904_epoch();
    let names: Vec<String> = book
        .sheets_metadata()
        .iter()
        .filter(|sheet| sheet.typ == SheetType::WorkSheet && sheet.visible == SheetVisible::Visible)
        .map(|sheet| sheet.name.clone())
        .collect();
    for name in names {
        let mut gathered = Gathered::default();
        let mut cells = book.worksheet_cells_reader(&name).map_err(unreadable)?;
        while let Some(cell) = cells.next_cell_with_formula_metadata().map_err(unreadable)? {
            let (row, column) = cell.pos;
            let value = match to_cell(&cell.value, is_1904) {
                // A person sees a value there, and the file has none.
                Cell::Empty if is_list && cell.formula.is_some() => Cell::Error(UNCALCULATED.to_owned()),
                value => value,
            };
            gathered.put(row, column, value)?;
        }
        drop(cells);
        let mut rows = gathered.into_rows();
        let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or_default();
        if is_list && !rows.is_empty() {
            let regions = book.merge_cells_by_sheet_name(&name).map_err(unreadable)?;
            mark_merged(&mut rows, &regions, width)?;
        }
        if let Some(sheet) = assemble(name, rows, width, is_1904) {
            return Ok(sheet);
        }
    }
    Err(ReadError::Empty)
}

/// What stands for a formula that a program wrote and none calculated.
const UNCALCULATED: &str = "#CALC!";

fn unreadable(error: XlsxError) -> ReadError {
    if matches!(error, XlsxError::Password) {
        ReadError::Encrypted
    } else {
        ReadError::Unreadable
    }
}

fn to_cell(value: &DataRef<'_>, is_1904: bool) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Int(value) => Cell::Text(value.to_string()),
        DataRef::Float(value) => Cell::Number(*value),
        DataRef::Bool(value) => Cell::Bool(*value),
        DataRef::Error(error) => Cell::Error(error.to_string()),
        DataRef::DateTime(value) => match from_serial(value.as_f64(), is_1904) {
            Some(at) if value.is_datetime() => Cell::DateTime(at),
            _ => Cell::Number(value.as_f64()),
        },
    }
}

/// Refuses more columns than a ledger may have. Those of an error workbook come on top and are taken off again.
pub(crate) const fn column_limit(columns: usize) -> Result<(), ReadError> {
    if columns > MAX_COLUMNS + crate::write::ERROR_HEADINGS.len() {
        return Err(ReadError::TooLarge(TooLarge::Columns));
    }
    Ok(())
}

/// Rows under construction, with the limits that only the cells show.
#[derive(Default)]
struct Gathered {
    rows: Vec<Row>,
    text_bytes: usize,
}

impl Gathered {
    /// Puts a cell at a position counted from 0. Cells come in the order of rows; a file where they don't was made to
    /// confuse.
    fn put(&mut self, row: u32, column: u32, cell: Cell) -> Result<(), ReadError> {
        if cell.is_empty() {
            return Ok(());
        }
        let number = row
            .checked_add(1)
            .filter(|number| *number <= LAST_ROW)
            .ok_or(ReadError::Unreadable)?;
        let column = usize::try_from(column).unwrap_or(usize::MAX);
        column_limit(column.saturating_add(1))?;
        if let Cell::Text(text) = &cell {
            self.text_bytes = self.text_bytes.saturating_add(text.len());
            if self.text_bytes > MAX_TEXT_BYTES {
                return Err(ReadError::TooLarge(TooLarge::Text));
            }
        }
        match self.rows.last().map(|last| last.number) {
            Some(last) if last > number => return Err(ReadError::Unreadable),
            Some(last) if last == number => {}
            _ if self.rows.len() >= MAX_ROWS => return Err(ReadError::TooLarge(TooLarge::Rows)),
            _ => self.rows.push(Row {
                number,
                cells: Vec::new(),
            }),
        }
        if let Some(last) = self.rows.last_mut() {
            if last.cells.len() <= column {
                last.cells.resize(column + 1, Cell::Empty);
            }
            if let Some(place) = last.cells.get_mut(column) {
                *place = cell;
            }
        }
        Ok(())
    }

    fn into_rows(self) -> Vec<Row> {
        self.rows
    }
}
