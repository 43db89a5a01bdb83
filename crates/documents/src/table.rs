//! Tables that go out: a workbook, or text with commas, written row by row so that their length costs no memory.

use std::{
    borrow::Cow,
    io::{Seek, Write},
};

use chrono::NaiveDate;
use encoding_rs::GB18030;
use rust_xlsxwriter::{ExcelDateTime, Format, FormatAlign, Workbook, XlsxError};

use crate::write::{Styles, WriteError, new_workbook, safe, starts_like_a_formula, write_headings};

/// How a table is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TableFormat {
    /// A workbook.
    Xlsx,
    /// Commas, UTF-8 with a byte order mark, without which Excel takes it for the local encoding.
    Csv,
    /// Commas, GB 18030, for older Chinese programs.
    CsvGb18030,
}

impl TableFormat {
    /// The media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            Self::Csv => "text/csv; charset=utf-8; header=present",
            Self::CsvGb18030 => "text/csv; charset=gb18030; header=present",
        }
    }

    /// How a file's name ends.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv | Self::CsvGb18030 => "csv",
        }
    }

    /// Most rows below the headings; Excel reads no more.
    #[must_use]
    pub const fn max_rows(self) -> Option<u32> {
        match self {
            Self::Xlsx => Some(1_048_575),
            Self::Csv | Self::CsvGb18030 => None,
        }
    }
}

/// What a cell holds.
#[derive(Clone, Debug, PartialEq)]
pub enum TableCell<'a> {
    /// Nothing.
    Empty,
    /// A text. It is never read as a formula.
    Text(Cow<'a, str>),
    /// A day.
    Day(NaiveDate),
    /// A number.
    Number(f64),
}

/// A column: its heading and how wide it is, in characters.
#[derive(Clone, Copy, Debug)]
pub struct TableColumn<'a> {
    /// The heading.
    pub heading: &'a str,
    /// The width in a workbook.
    pub width: u16,
}

/// Writes a table.
pub struct TableWriter<W: Write> {
    target: Target<W>,
    /// Of the sheet that is written.
    sheet: usize,
    line: u32,
    rows: u32,
}

enum Target<W: Write> {
    Xlsx {
        book: Box<Workbook>,
        into: W,
        styles: Box<Styles>,
        day: Box<Format>,
    },
    Csv {
        writer: Box<csv::Writer<W>>,
        is_gb18030: bool,
    },
}

/// Writes a table of text piece by piece, for those who send it while it is made.
#[derive(Clone, Copy, Debug)]
pub struct CsvPieces {
    is_gb18030: bool,
}

impl CsvPieces {
    /// For a format that is text; `None` for a workbook, which is whole only at its end.
    #[must_use]
    pub fn of(format: TableFormat) -> Option<Self> {
        (format != TableFormat::Xlsx).then_some(Self {
            is_gb18030: format == TableFormat::CsvGb18030,
        })
    }

    /// The beginning, with the headings.
    ///
    /// # Errors
    /// None that is known: memory takes what is written to it.
    pub fn head(self, columns: &[TableColumn<'_>]) -> Result<Vec<u8>, WriteError> {
        let mut bytes = if self.is_gb18030 {
            Vec::new()
        } else {
            BYTE_ORDER_MARK.to_vec()
        };
        let mut writer = csv_writer(&mut bytes);
        write_csv_headings(&mut writer, columns, self.is_gb18030)?;
        writer.flush()?;
        drop(writer);
        Ok(bytes)
    }

    /// The next rows.
    ///
    /// # Errors
    /// As [`CsvPieces::head`].
    pub fn rows<'a, R: AsRef<[TableCell<'a>]>>(self, rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, WriteError> {
        let mut bytes = Vec::new();
        let mut writer = csv_writer(&mut bytes);
        for row in rows {
            write_csv_row(&mut writer, row.as_ref(), self.is_gb18030)?;
        }
        writer.flush()?;
        drop(writer);
        Ok(bytes)
    }
}

const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

fn csv_writer<W: Write>(into: W) -> csv::Writer<W> {
    csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(into)
}

fn write_csv_headings<W: Write>(
    writer: &mut csv::Writer<W>,
    columns: &[TableColumn<'_>],
    is_gb18030: bool,
) -> Result<(), WriteError> {
    for column in columns {
        writer.write_field(encoded(column.heading, is_gb18030))?;
    }
    Ok(writer.write_record(None::<&[u8]>)?)
}

fn write_csv_row<W: Write>(
    writer: &mut csv::Writer<W>,
    cells: &[TableCell<'_>],
    is_gb18030: bool,
) -> Result<(), WriteError> {
    for cell in cells {
        let text: Cow<'_, str> = match cell {
            TableCell::Empty => Cow::Borrowed(""),
            TableCell::Text(text) => guarded(text),
            TableCell::Day(on) => Cow::Owned(on.to_string()),
            TableCell::Number(number) => Cow::Owned(number.to_string()),
        };
        writer.write_field(encoded(&text, is_gb18030))?;
    }
    Ok(writer.write_record(None::<&[u8]>)?)
}

impl<W: Write> std::fmt::Debug for TableWriter<W> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TableWriter")
            .field("rows", &self.rows)
            .finish_non_exhaustive()
    }
}

impl<W: Write + Seek + Send> TableWriter<W> {
    /// Begins a table at an empty place.
    ///
    /// # Errors
    /// [`WriteError`] when the file can't be written.
    pub fn begin(
        format: TableFormat,
        mut into: W,
        sheet: &str,
        columns: &[TableColumn<'_>],
    ) -> Result<Self, WriteError> {
        let target = match format {
            TableFormat::Xlsx => {
                let styles = Styles::new();
                let day = Format::new().set_num_format("yyyy-mm-dd").set_align(FormatAlign::Top);
                let mut book = new_workbook();
                begin_sheet(&mut book, sheet, columns, &styles)?;
                Target::Xlsx {
                    book: Box::new(book),
                    into,
                    styles: Box::new(styles),
                    day: Box::new(day),
                }
            }
            TableFormat::Csv | TableFormat::CsvGb18030 => {
                let is_gb18030 = format == TableFormat::CsvGb18030;
                if !is_gb18030 {
                    into.write_all(BYTE_ORDER_MARK)?;
                }
                let mut writer = csv_writer(into);
                write_csv_headings(&mut writer, columns, is_gb18030)?;
                Target::Csv {
                    writer: Box::new(writer),
                    is_gb18030,
                }
            }
        };
        Ok(Self {
            target,
            sheet: 0,
            line: 0,
            rows: 0,
        })
    }

    /// Begins a further sheet of a workbook; the one before is then whole. A CSV file holds one table: there it writes
    /// nothing and gives `false`.
    ///
    /// # Errors
    /// [`WriteError`] when the file can't be written.
    pub fn next_sheet(&mut self, sheet: &str, columns: &[TableColumn<'_>]) -> Result<bool, WriteError> {
        let Target::Xlsx { book, styles, .. } = &mut self.target else {
            return Ok(false);
        };
        begin_sheet(book, sheet, columns, styles)?;
        self.sheet += 1;
        self.line = 0;
        Ok(true)
    }

    /// Rows that were written.
    #[must_use]
    pub const fn rows(&self) -> u32 {
        self.rows
    }

    /// Writes the next row.
    ///
    /// # Errors
    /// [`WriteError`] when the file can't be written, or a workbook is full.
    pub fn row(&mut self, cells: &[TableCell<'_>]) -> Result<(), WriteError> {
        match &mut self.target {
            Target::Xlsx { book, styles, day, .. } => {
                let page = book.worksheet_from_index(self.sheet)?;
                self.line += 1;
                let line = self.line;
                for (column, cell) in (0_u16..).zip(cells) {
                    match cell {
                        TableCell::Empty => {}
                        TableCell::Text(text) => {
                            page.write_string_with_format(line, column, safe(text), styles.of(text, false))?;
                        }
                        TableCell::Day(on) => {
                            page.write_datetime_with_format(line, column, excel_day(*on)?, day)?;
                        }
                        TableCell::Number(number) => {
                            page.write_number(line, column, *number)?;
                        }
                    }
                }
            }
            Target::Csv { writer, is_gb18030 } => write_csv_row(writer, cells, *is_gb18030)?,
        }
        self.rows += 1;
        Ok(())
    }

    /// Ends the table; it is then whole. In a workbook `notes` stand on a sheet of their own: each a line.
    ///
    /// # Errors
    /// [`WriteError`] when the file can't be written.
    pub fn finish(self, notes_sheet: &str, notes: &[String]) -> Result<W, WriteError> {
        match self.target {
            Target::Xlsx {
                mut book,
                mut into,
                styles,
                ..
            } => {
                let page = book.add_worksheet_with_constant_memory()?;
                page.set_name(notes_sheet)?;
                page.set_column_width(0, 80)?;
                for (line, note) in (0_u32..).zip(notes) {
                    page.write_string_with_format(line, 0, safe(note), styles.of(note, false))?;
                }
                book.save_to_writer(&mut into)?;
                Ok(into)
            }
            Target::Csv { writer, .. } => Ok(writer.into_inner().map_err(csv::IntoInnerError::into_error)?),
        }
    }
}

fn begin_sheet(
    book: &mut Workbook,
    name: &str,
    columns: &[TableColumn<'_>],
    styles: &Styles,
) -> Result<(), WriteError> {
    let page = book.add_worksheet_with_constant_memory()?;
    page.set_name(name)?;
    write_headings(page, columns.iter().map(|column| column.heading), &styles.heading)?;
    for (at, column) in (0_u16..).zip(columns) {
        page.set_column_width(at, column.width)?;
    }
    Ok(())
}

fn excel_day(day: NaiveDate) -> Result<ExcelDateTime, XlsxError> {
    use chrono::Datelike as _;
    let part = |number: u32| u8::try_from(number).unwrap_or(1);
    ExcelDateTime::from_ymd(
        u16::try_from(day.year()).unwrap_or(1900),
        part(day.month()),
        part(day.day()),
    )
}

/// A text that a spreadsheet takes for text: OWASP ASVS 1.2.10.
fn guarded(text: &str) -> Cow<'_, str> {
    if starts_like_a_formula(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

fn encoded(text: &str, is_gb18030: bool) -> Cow<'_, [u8]> {
    if is_gb18030 {
        GB18030.encode(text).0
    } else {
        Cow::Borrowed(text.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Cursor;

    use calamine::{Data, Reader as _, Xlsx};
    use proptest::prelude::*;

    use super::*;

    const COLUMNS: [TableColumn<'static>; 3] = [
        TableColumn {
            heading: "编号",
            width: 18,
        },
        TableColumn {
            heading: "收到",
            width: 12,
        },
        TableColumn {
            heading: "天数",
            width: 8,
        },
    ];

    fn write(format: TableFormat, texts: &[String]) -> Vec<u8> {
        let mut table = TableWriter::begin(format, Cursor::new(Vec::new()), "办件", &COLUMNS).unwrap();
        for text in texts {
            let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
            table
                .row(&[
                    TableCell::Text(text.into()),
                    TableCell::Day(day),
                    TableCell::Number(1.5),
                ])
                .unwrap();
        }
        table.finish("说明", &["导出人：何梅".to_owned()]).unwrap().into_inner()
    }

    #[test]
    fn pieces_make_up_the_same_file() {
        let texts: Vec<String> = ["=1+1", "食堂，\"冷\"", "𠮷"].map(str::to_owned).to_vec();
        let day = NaiveDate::from_ymd_opt(2026, 11, 23).unwrap();
        for format in [TableFormat::Csv, TableFormat::CsvGb18030] {
            let pieces = CsvPieces::of(format).unwrap();
            let mut file = pieces.head(&COLUMNS).unwrap();
            for page in texts.chunks(2) {
                let row = |text: &'_ String| {
                    [
                        TableCell::Text(text.clone().into()),
                        TableCell::Day(day),
                        TableCell::Number(1.5),
                    ]
                };
                file.extend(pieces.rows(page.iter().map(row)).unwrap());
            }
            assert_eq!(file, write(format, &texts));
        }
        assert!(CsvPieces::of(TableFormat::Xlsx).is_none());
    }

    #[test]
    fn the_three_formats_say_the_same() {
        let text = "=1+1，\"食堂\"\n两行".to_owned();
        let mut book = Xlsx::new(Cursor::new(write(TableFormat::Xlsx, std::slice::from_ref(&text)))).unwrap();
        let sheet = book.worksheet_range("办件").unwrap();
        assert_eq!(sheet.get_value((0, 0)), Some(&Data::String("编号".into())));
        assert_eq!(sheet.get_value((1, 0)), Some(&Data::String(text.clone())));
        assert!(matches!(sheet.get_value((1, 1)), Some(Data::DateTime(_))));
        assert_eq!(sheet.get_value((1, 2)), Some(&Data::Float(1.5)));
        assert_eq!(
            book.worksheet_range("说明").unwrap().get_value((0, 0)),
            Some(&Data::String("导出人：何梅".into()))
        );
        let expected = "编号,收到,天数\r\n\"'=1+1，\"\"食堂\"\"\n两行\",2026-11-23,1.5\r\n";
        let utf8 = String::from_utf8(write(TableFormat::Csv, std::slice::from_ref(&text))).unwrap();
        assert_eq!(utf8, format!("\u{feff}{expected}"));
        let old = write(TableFormat::CsvGb18030, &[text]);
        assert_eq!(GB18030.decode_without_bom_handling(&old).0, expected);
    }

    proptest! {
        #[test]
        fn nothing_that_goes_out_is_a_formula(text in "[=+\\-@＝＋－＠\t\r\n',\"<>&r一-龥a-z]{0,12}") {
            let texts = [text.clone()];
            let mut book = Xlsx::new(Cursor::new(write(TableFormat::Xlsx, &texts))).unwrap();
            let formulas = book.worksheet_formula("办件").unwrap();
            prop_assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()));
            for format in [TableFormat::Csv, TableFormat::CsvGb18030] {
                let raw = write(format, &texts);
                let decoded = if format == TableFormat::Csv {
                    String::from_utf8(raw).unwrap()
                } else {
                    GB18030.decode_without_bom_handling(&raw).0.into_owned()
                };
                let mut reader = csv::Reader::from_reader(decoded.trim_start_matches('\u{feff}').as_bytes());
                let record = reader.records().next().unwrap().unwrap();
                prop_assert!(!starts_like_a_formula(&record[0]), "{record:?}");
                prop_assert_eq!(record[0].strip_prefix('\'').filter(|_| starts_like_a_formula(&text)).unwrap_or(&record[0]), text.as_str());
            }
        }
    }
}
