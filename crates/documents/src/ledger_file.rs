//! A ledger that is read as it is needed: a workbook is held in memory, a CSV file is gone through from the start.

use std::io::{Read, Seek};

use crate::csv_file::{CsvRows, Dialect};
use crate::read::{Format, MAX_ROWS, ReadError, TooLarge, open_xlsx, sniff};
use crate::sheet::{Row, Sheet, assemble, title_rows};

/// Rows of a CSV file that stand for the rest: the headings are found in them, and samples taken from them.
const FIRST_ROWS: usize = 200;

/// A ledger in a file.
#[derive(Debug)]
pub struct LedgerFile<R> {
    sheet: Sheet,
    rows_total: usize,
    csv: Option<(R, Dialect)>,
}

impl<R: Read + Seek> LedgerFile<R> {
    /// Finds out what the file is, and goes through it once: whatever is wrong with the file as a whole is known then. See
    /// [`Sheet::open`] for what is taken.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub fn open(file: R, file_name: &str) -> Result<Self, ReadError> {
        Self::open_marked(file, file_name, false)
    }

    /// As [`LedgerFile::open`], for lists: an empty cell says something there, and so it is told from one that a merged cell
    /// covers, or whose formula nobody calculated.
    ///
    /// # Errors
    /// See [`ReadError`].
    pub fn open_list(file: R, file_name: &str) -> Result<Self, ReadError> {
        Self::open_marked(file, file_name, true)
    }

    fn open_marked(mut file: R, file_name: &str, is_list: bool) -> Result<Self, ReadError> {
        let (format, bytes) = sniff(&mut file, file_name)?;
        match format {
            Format::Xlsx => {
                let sheet = open_xlsx(&bytes, is_list)?;
                Ok(Self {
                    rows_total: sheet.rows_total(),
                    sheet,
                    csv: None,
                })
            }
            Format::Csv => {
                let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
                let dialect = Dialect::of(&mut file)?;
                let (survey, dialect) = match (Survey::of(&mut file, dialect), dialect.or_gb18030()) {
                    // All that shows that it is no UTF-8 is that it can't be read as such.
                    (Err(ReadError::Unreadable), Some(other)) => Survey::of(&mut file, other)?,
                    (surveyed, _) => surveyed?,
                };
                let rows_total = survey.rows.saturating_sub(1 + title_rows(&survey.first));
                let sheet = assemble(name.to_owned(), survey.first, survey.width, false).ok_or(ReadError::Empty)?;
                Ok(Self {
                    sheet,
                    rows_total,
                    csv: Some((file, dialect)),
                })
            }
        }
    }

    /// The headings, and the rows that samples are taken from: all of a workbook, the first of a CSV file.
    #[must_use]
    pub const fn sheet(&self) -> &Sheet {
        &self.sheet
    }

    /// How many rows hold something, without the heading row.
    #[must_use]
    pub const fn rows_total(&self) -> usize {
        self.rows_total
    }

    /// The rows below the headings, from the first on.
    ///
    /// # Errors
    /// A file that can't be read.
    pub fn rows(&mut self) -> Result<LedgerRows<'_, R>, ReadError> {
        let Self { sheet, csv, .. } = self;
        let source = match csv {
            Some((file, dialect)) => Source::Csv(Box::new(dialect.rows(file)?)),
            None => Source::Sheet(sheet.rows.iter()),
        };
        Ok(LedgerRows {
            source,
            heading_row: sheet.heading_row,
            width: sheet.headings.len(),
        })
    }

    /// The whole of it in memory.
    ///
    /// # Errors
    /// A file that can't be read.
    pub(crate) fn into_sheet(mut self) -> Result<Sheet, ReadError> {
        if self.csv.is_some() {
            self.sheet.rows = self.rows()?.collect::<Result<_, _>>()?;
        }
        Ok(self.sheet)
    }
}

/// The rows of a ledger, one after the other.
pub struct LedgerRows<'a, R> {
    source: Source<'a, R>,
    heading_row: u32,
    width: usize,
}

enum Source<'a, R> {
    Sheet(std::slice::Iter<'a, Row>),
    Csv(Box<CsvRows<&'a mut R>>),
}

impl<R: Read> Iterator for LedgerRows<'_, R> {
    /// A row, or why the file can't be read any further.
    type Item = Result<Row, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        match &mut self.source {
            Source::Sheet(rows) => rows.next().cloned().map(Ok),
            Source::Csv(rows) => loop {
                let mut row = match rows.read().transpose()? {
                    Ok(row) => row,
                    Err(error) => return Some(Err(error)),
                };
                // What stands above the headings is a title.
                if row.number > self.heading_row {
                    row.cells.truncate(self.width);
                    return Some(Ok(row));
                }
            },
        }
    }
}

/// What going once through a CSV file shows.
struct Survey {
    first: Vec<Row>,
    rows: usize,
    /// Columns of the widest row.
    width: usize,
}

impl Survey {
    fn of(file: &mut (impl Read + Seek), dialect: Dialect) -> Result<(Self, Dialect), ReadError> {
        let dialect = dialect.with_separator(file)?;
        let mut survey = Self {
            first: Vec::new(),
            rows: 0,
            width: 0,
        };
        let mut rows = dialect.rows(file)?;
        while let Some(row) = rows.read()? {
            survey.width = survey.width.max(row.cells.len());
            survey.rows += 1;
            if survey.rows > MAX_ROWS {
                return Err(ReadError::TooLarge(TooLarge::Rows));
            }
            if survey.first.len() < FIRST_ROWS {
                survey.first.push(row);
            }
        }
        Ok((survey, dialect))
    }
}
