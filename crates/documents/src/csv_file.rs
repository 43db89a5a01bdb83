//! Ledgers as CSV: which encoding, which separator, and which row of Excel a record is.

use std::borrow::Cow;

use encoding_rs::{Encoding, GB18030};

use crate::read::{Gathered, ReadError};
use crate::sheet::{Cell, Sheet, assemble};

/// Reads a CSV file.
pub(crate) fn open(bytes: &[u8], file_name: &str) -> Result<Sheet, ReadError> {
    let text = decode(bytes)?;
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(separator(&text))
        .from_reader(text.as_bytes());
    let mut gathered = Gathered::default();
    let mut record = csv::StringRecord::new();
    let mut row = 0_u32;
    while reader
        .read_record(&mut record)
        .map_err(|_broken| ReadError::Unreadable)?
    {
        let start = record.position().map_or(0, csv::Position::byte);
        row = row.saturating_add(blank_lines(text.as_bytes(), start));
        for (column, value) in record.iter().enumerate() {
            let column = u32::try_from(column).unwrap_or(u32::MAX);
            gathered.put(row, column, Cell::Text(value.to_owned()))?;
        }
        row = row.saturating_add(1);
    }
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    assemble(name, gathered.into_rows(), false).ok_or(ReadError::Empty)
}

/// UTF-8 or UTF-16 by the byte order mark, UTF-8 where all bytes are, otherwise GB 18030, which Excel in China writes.
fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    let (encoding, mark) = match Encoding::for_bom(bytes) {
        Some(found) => found,
        None if std::str::from_utf8(bytes).is_ok() => (encoding_rs::UTF_8, 0),
        None => (GB18030, 0),
    };
    let text = encoding
        .decode_without_bom_handling_and_without_replacement(bytes.get(mark..).unwrap_or_default())
        .ok_or(ReadError::Unreadable)?;
    // Text has no NUL; a file that has is some other format under a CSV name.
    if text.contains('\0') {
        Err(ReadError::Unsupported)
    } else {
        Ok(text)
    }
}

/// The separator that stands most often in the first line that isn't empty, outside quotes; comma where none does.
fn separator(text: &str) -> u8 {
    let mut counts = [(b',', 0_usize), (b'\t', 0), (b';', 0)];
    let mut is_quoted = false;
    for byte in text.trim_start().bytes() {
        match byte {
            b'"' => is_quoted = !is_quoted,
            b'\n' | b'\r' if !is_quoted => break,
            _ if is_quoted => {}
            _ => {
                if let Some((_, count)) = counts.iter_mut().find(|(candidate, _)| *candidate == byte) {
                    *count += 1;
                }
            }
        }
    }
    let mut best = (b',', 0);
    for (candidate, count) in counts {
        if count > best.1 {
            best = (candidate, count);
        }
    }
    best.0
}

/// Empty lines at the start of what the reader took for a record: it skips them, but a person counts them as rows.
fn blank_lines(text: &[u8], start: u64) -> u32 {
    let start = usize::try_from(start).unwrap_or(usize::MAX);
    let mut rest = text.get(start..).unwrap_or_default();
    // The reader ends a record at the CR of a CR LF and finds the LF at the start of the next.
    if start > 0 && text.get(start - 1) == Some(&b'\r') {
        rest = rest.strip_prefix(b"\n").unwrap_or(rest);
    }
    let mut count = 0;
    while let Some(after) = rest
        .strip_prefix(b"\r\n")
        .or_else(|| rest.strip_prefix(b"\n"))
        .or_else(|| rest.strip_prefix(b"\r"))
    {
        rest = after;
        count += 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Row numbers and first cells, the headings' first.
    fn numbers(text: &str) -> Vec<(u32, String)> {
        let Ok(sheet) = open(text.as_bytes(), "台账.csv") else {
            return Vec::new();
        };
        let heading = sheet
            .headings()
            .iter()
            .map(|heading| (sheet.heading_row(), heading.text.clone()))
            .take(1);
        heading
            .chain(sheet.rows().iter().map(|row| (row.number(), row.cell(0).to_text())))
            .collect()
    }

    #[test]
    fn rows_are_numbered_as_excel_shows_them() {
        for end in ["\n", "\r\n", "\r"] {
            let text = ["编号,标题", "", "1,\"一\n\n二\"", "", "", ",", "2,三", "3,四"].join(end);
            let expected = [(1, "编号"), (3, "1"), (7, "2"), (8, "3")].map(|(row, text)| (row, text.to_owned()));
            assert_eq!(numbers(&text), expected, "{end:?}");
        }
        let expected = [(3, "a".to_owned()), (4, "1".to_owned())];
        assert_eq!(numbers("\n\na,b\n1,2"), expected, "empty lines on top");
    }

    #[test]
    fn separators() {
        assert_eq!(separator("a,b;c,d\n;;;;;"), b',');
        assert_eq!(separator("\n\"a,,,,b\"\tc\n"), b'\t');
        assert_eq!(separator("a;b"), b';');
        assert_eq!(separator("a"), b',');
    }
}
