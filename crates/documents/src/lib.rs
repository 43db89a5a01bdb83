//! Documents of Liangnuo: a county's complaint ledger and lists of its units and members, in and out, and the files that people
//! attach ([`attachment`]).
//!
//! A ledger comes as an XLSX workbook or a CSV file. [`LedgerFile`] reads it within limits, [`Mapping`] says which
//! column holds what, [`RowCheck`] reads it row by row into [`LedgerRow`]s or [`RowProblem`]s, and [`error_workbook`] gives
//! the rows that failed back for correction. [`TableWriter`] writes lists that go out. Pure functions over bytes that
//! somebody else holds: no clock, no database.

mod archive;
pub mod attachment;
mod csv_file;
mod date;
mod field;
mod headings;
mod ledger;
mod ledger_file;
mod list;
mod mapping;
mod problem;
mod read;
pub mod sample;
mod sheet;
mod table;
mod template;
mod text;
mod write;

pub use date::{Moment, parse_moment, shanghai};
pub use field::{Field, Form, MAX_AUTHOR, MAX_BODY, MAX_EXTERNAL_REF, MAX_NAME, MAX_REPLY, MAX_TITLE};
pub use headings::guess;
pub use ledger::{FIRST_YEAR, LedgerRow, RowCheck, parse_row, rows};
pub use ledger_file::{LedgerFile, LedgerRows};
pub use list::{ListRow, list_row};
pub use mapping::{Mapping, MappingProblem};
pub use problem::{ProblemCode, RowProblem};
pub use read::{
    MAX_COLUMNS, MAX_FILE_BYTES, MAX_RATIO, MAX_ROWS, MAX_UNPACKED_BYTES, MAX_WORKBOOK_BYTES, ReadError, TooLarge,
};
pub use sheet::{Cell, Heading, Row, Sheet, column_letters};
pub use table::{CsvPieces, TableCell, TableColumn, TableFormat, TableWriter};
pub use template::{csv_template, list_template, template};
pub use text::{clean_line, clean_text};
pub use write::{WriteError, error_workbook};
