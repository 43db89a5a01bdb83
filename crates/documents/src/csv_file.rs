//! Ledgers as CSV: which encoding, which separator, and which row of Excel a record is. Read as they come, so that a long
//! one costs no memory.

use std::io::{self, Read, Seek, SeekFrom};

use encoding_rs::{Decoder, DecoderResult, Encoding, GB18030, UTF_8};

use crate::read::{ReadError, TooLarge, column_limit};
use crate::sheet::{Cell, Row};

/// Most bytes of one record. A longer one is no row that a person wrote: a quote was opened and never closed.
const MAX_RECORD_BYTES: usize = 4_000_000;

/// How a CSV file is written.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dialect {
    encoding: &'static Encoding,
    /// Bytes of the byte order mark.
    mark: u64,
    separator: u8,
}

impl Dialect {
    /// How `file` is written, as far as its beginning shows: UTF-8 or UTF-16 by the byte order mark, otherwise UTF-8; see
    /// [`Dialect::or_gb18030`].
    ///
    /// # Errors
    /// A file that can't be read.
    pub(crate) fn of(file: &mut (impl Read + Seek)) -> Result<Self, ReadError> {
        let mut start = [0; 3];
        file.rewind().map_err(broken)?;
        let mut length = 0;
        while length < start.len() {
            match file.read(start.get_mut(length..).unwrap_or_default()).map_err(broken)? {
                0 => break,
                count => length += count,
            }
        }
        let found = Encoding::for_bom(start.get(..length).unwrap_or_default());
        let (encoding, mark) = found.unwrap_or((UTF_8, 0));
        Ok(Self {
            encoding,
            mark: u64::try_from(mark).unwrap_or(0),
            separator: b',',
        })
    }

    /// What a file without a byte order mark is written in that is no UTF-8: Excel in China writes it so.
    pub(crate) fn or_gb18030(self) -> Option<Self> {
        (self.mark == 0 && self.encoding == UTF_8).then_some(Self {
            encoding: GB18030,
            ..self
        })
    }

    /// With the separator that the first line has.
    ///
    /// # Errors
    /// A file that can't be read, or is written otherwise.
    pub(crate) fn with_separator(self, file: &mut (impl Read + Seek)) -> Result<Self, ReadError> {
        let mut text = self.decoded(file)?;
        let mut start = String::new();
        // As far as one record may go, and no further.
        while text.window.len() < MAX_RECORD_BYTES && text.fill().map_err(broken)? > 0 {
            start = String::from_utf8_lossy(&text.window).into_owned();
            if start.trim_start().contains(['\n', '\r']) {
                break;
            }
        }
        Ok(Self {
            separator: separator(&start),
            ..self
        })
    }

    fn decoded<R: Read + Seek>(self, mut file: R) -> Result<Decoded<R>, ReadError> {
        file.seek(SeekFrom::Start(self.mark)).map_err(broken)?;
        Ok(Decoded {
            file,
            decoder: self.encoding.new_decoder_without_bom_handling(),
            raw: Vec::new(),
            window: Vec::new(),
            window_at: 0,
            handed_out: 0,
            has_ended: false,
        })
    }

    /// The rows that hold something, from the first on.
    ///
    /// # Errors
    /// A file that can't be read.
    pub(crate) fn rows<R: Read + Seek>(self, file: R) -> Result<CsvRows<R>, ReadError> {
        let reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .delimiter(self.separator)
            .from_reader(self.decoded(file)?);
        Ok(CsvRows {
            reader,
            record: csv::StringRecord::new(),
            row: 0,
        })
    }
}

/// Rows of a CSV file, numbered as Excel shows them.
pub(crate) struct CsvRows<R> {
    reader: csv::Reader<Decoded<R>>,
    record: csv::StringRecord,
    /// The number of the next row, from 0.
    row: u32,
}

impl<R: Read> CsvRows<R> {
    /// The next row that holds something.
    ///
    /// # Errors
    /// What can't be read, or exceeds a limit.
    pub(crate) fn read(&mut self) -> Result<Option<Row>, ReadError> {
        loop {
            let read = self.reader.read_record(&mut self.record);
            if !read.map_err(reason)? {
                return Ok(None);
            }
            let start = self.record.position().map_or(0, csv::Position::byte);
            self.row = self.row.saturating_add(self.reader.get_ref().blank_lines(start));
            let end = self.reader.position().byte();
            self.reader.get_mut().forget_before(end);
            self.row = self.row.saturating_add(1);
            if let Some(row) = row(&self.record, self.row)? {
                return Ok(Some(row));
            }
        }
    }
}

/// A record as a row; none if nothing stands in it.
fn row(record: &csv::StringRecord, number: u32) -> Result<Option<Row>, ReadError> {
    let mut cells: Vec<Cell> = record.iter().map(|value| Cell::Text(value.to_owned())).collect();
    let filled = cells
        .iter()
        .rposition(|cell| !cell.is_empty())
        .map_or(0, |last| last + 1);
    cells.truncate(filled);
    column_limit(filled)?;
    Ok((filled > 0).then_some(Row { number, cells }))
}

/// Why the CSV reader stopped.
fn reason(error: csv::Error) -> ReadError {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => broken(error),
        _ => ReadError::Unreadable,
    }
}

/// Why a file can't be read: what [`Decoded`] says, or that the file is broken.
fn broken(error: io::Error) -> ReadError {
    let said = error.get_ref().and_then(|inner| inner.downcast_ref::<ReadError>());
    said.copied().unwrap_or(ReadError::Unreadable)
}

/// A file as UTF-8. What is still needed to number the rows stays in a window: from the record that is being read on.
struct Decoded<R> {
    file: R,
    decoder: Decoder,
    /// Bytes that are read and not decoded yet.
    raw: Vec<u8>,
    /// Text from the byte `window_at` of the whole text on.
    window: Vec<u8>,
    window_at: u64,
    /// Bytes of the window that the reader has.
    handed_out: usize,
    has_ended: bool,
}

/// Bytes that are read at once.
const CHUNK: usize = 64 * 1024;

impl<R: Read> Decoded<R> {
    /// Decodes some more into the window. Gives how many bytes came; 0 at the end.
    fn fill(&mut self) -> io::Result<usize> {
        let before = self.window.len();
        while self.window.len() == before && !self.has_ended {
            if before > MAX_RECORD_BYTES + CHUNK {
                return Err(io::Error::other(ReadError::TooLarge(TooLarge::Record)));
            }
            let at = self.raw.len();
            self.raw.resize(at + CHUNK, 0);
            let count = self.file.read(self.raw.get_mut(at..).unwrap_or_default())?;
            self.raw.truncate(at + count);
            self.has_ended = count == 0;
            self.decode()?;
        }
        Ok(self.window.len() - before)
    }

    fn decode(&mut self) -> io::Result<()> {
        let room = self.decoder.max_utf8_buffer_length_without_replacement(self.raw.len());
        let mut text = String::with_capacity(room.unwrap_or(CHUNK * 4));
        let (result, read) = self
            .decoder
            .decode_to_string_without_replacement(&self.raw, &mut text, self.has_ended);
        if !matches!(result, DecoderResult::InputEmpty) {
            return Err(io::Error::other(ReadError::Unreadable));
        }
        self.raw.drain(..read);
        // Text has no NUL; a file that has is some other format under a CSV name.
        if text.contains('\0') {
            return Err(io::Error::other(ReadError::Unsupported));
        }
        self.window.extend_from_slice(text.as_bytes());
        Ok(())
    }
}

impl<R> Decoded<R> {
    /// Empty lines at the start of what the reader took for a record: it skips them, but a person counts them as rows.
    fn blank_lines(&self, start: u64) -> u32 {
        let at = |position: u64| {
            let offset = position.checked_sub(self.window_at)?;
            usize::try_from(offset).ok()
        };
        let mut rest = at(start).and_then(|at| self.window.get(at..)).unwrap_or_default();
        // The reader ends a record at the CR of a CR LF and finds the LF at the start of the next.
        let before = start.checked_sub(1).and_then(at).and_then(|at| self.window.get(at));
        if before == Some(&b'\r') {
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

    /// The text before this byte is not asked for any more, but for the one byte that tells a CR LF.
    fn forget_before(&mut self, position: u64) {
        let keep_from = position.saturating_sub(1);
        let gone = usize::try_from(keep_from.saturating_sub(self.window_at)).unwrap_or(0);
        let gone = gone.min(self.handed_out);
        // Moving what stays costs as much as it is long: not for every short record.
        if gone >= CHUNK {
            self.window.drain(..gone);
            self.handed_out -= gone;
            self.window_at += u64::try_from(gone).unwrap_or(0);
        }
    }
}

impl<R: Read> Read for Decoded<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.handed_out == self.window.len() {
            self.fill()?;
        }
        let waiting = self.window.get(self.handed_out..).unwrap_or_default();
        let count = waiting.len().min(into.len());
        if let (Some(to), Some(from)) = (into.get_mut(..count), waiting.get(..count)) {
            to.copy_from_slice(from);
        }
        self.handed_out += count;
        Ok(count)
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

#[cfg(test)]
mod tests {
    use crate::{Sheet, csv_file::separator};

    /// Row numbers and first cells, the headings' first.
    fn numbers(text: &str) -> Vec<(u32, String)> {
        let Ok(sheet) = Sheet::open(text.as_bytes(), "台账.csv") else {
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
