//! Files that are broken, or made to break the reader.

use std::io::{Cursor, Read, Write};

use liangnuo_documents::{Cell, LedgerFile, ReadError, Sheet, TooLarge, sample::sample_ledger};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

use crate::data::{texts, workbook};

fn open(bytes: &[u8]) -> Result<Sheet, ReadError> {
    Sheet::open(bytes, "ledger.xlsx")
}

/// The workbook with one part replaced or added.
fn with_part(bytes: &[u8], name: &str, content: &[u8]) -> Vec<u8> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    for other in names.iter().filter(|other| *other != name) {
        let mut part = Vec::new();
        archive.by_name(other).unwrap().read_to_end(&mut part).unwrap();
        writer.start_file(other.as_str(), SimpleFileOptions::default()).unwrap();
        writer.write_all(&part).unwrap();
    }
    writer.start_file(name, SimpleFileOptions::default()).unwrap();
    writer.write_all(content).unwrap();
    writer.finish().unwrap().into_inner()
}

fn sheet_of(rows: &str) -> Vec<u8> {
    let xml = format!(
        "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData></worksheet>"
    );
    with_part(&texts(&[&["a"]]), "xl/worksheets/sheet1.xml", xml.as_bytes())
}

#[test]
fn bombs_are_refused_before_they_unpack() {
    let small = texts(&[&["a", "b"]]);
    let ratio = with_part(&small, "xl/media/x.bin", &vec![0; 30_000_000]);
    assert!(ratio.len() < 200_000);
    assert_eq!(open(&ratio).unwrap_err(), ReadError::TooLarge(TooLarge::Ratio));
    let size = with_part(&small, "xl/media/x.bin", &vec![0; 50_000_001]);
    assert_eq!(open(&size).unwrap_err(), ReadError::TooLarge(TooLarge::UnpackedBytes));
}

#[test]
fn bombs_that_lie_about_their_size_are_refused_as_well() {
    let honest = with_part(&texts(&[&["a"]]), "xl/media/x.bin", &vec![0; 51_000_000]);
    let mut lying = honest.clone();
    let size = 51_000_000_u32.to_le_bytes();
    let places: Vec<usize> = lying
        .windows(4)
        .enumerate()
        .filter(|(_, four)| *four == size)
        .map(|(at, _)| at)
        .collect();
    assert!(!places.is_empty());
    for place in places {
        lying[place..place + 4].copy_from_slice(&1_000_u32.to_le_bytes());
    }
    assert!(matches!(
        open(&lying).unwrap_err(),
        ReadError::TooLarge(_) | ReadError::Unreadable
    ));
}

#[test]
fn a_table_that_claims_more_strings_than_it_holds_is_refused() {
    for claim in [
        "uniqueCount=\"99999999999999\"",
        "uniqueCount = '184467440737095516160'",
    ] {
        let strings = format!("<sst count=\"1\" {claim}><si><t>a</t></si></sst>");
        let bytes = with_part(&texts(&[&["a"]]), "xl/sharedStrings.xml", strings.as_bytes());
        assert_eq!(open(&bytes).unwrap_err(), ReadError::Unreadable);
    }
}

#[test]
fn a_cell_at_the_far_end_costs_nothing() {
    let far = |reference: &str| {
        open(&sheet_of(&format!(
            "<row><c r=\"{reference}\" t=\"b\"><v>1</v></c></row>"
        )))
    };
    assert_eq!(far("XFD1048576").unwrap_err(), ReadError::TooLarge(TooLarge::Columns));
    assert_eq!(far("BM1").unwrap().headings().len(), 65);
    assert_eq!(far("A1048576").unwrap().heading_row(), 1_048_576);
    for beyond in ["A1048577", "A4294967296", "ZZZZZZZZZZZZZ1", "A0", "1", "A", ""] {
        assert!(far(beyond).is_err(), "{beyond}");
    }
}

#[test]
fn one_string_in_a_million_cells_is_refused() {
    let mut rows = String::new();
    for row in 1..=200 {
        rows.push_str(&format!("<row r=\"{row}\"><c r=\"A{row}\" t=\"s\"><v>0</v></c></row>"));
    }
    let strings = format!("<sst><si><t>{}</t></si></sst>", "a".repeat(600_000));
    let bytes = with_part(&sheet_of(&rows), "xl/sharedStrings.xml", strings.as_bytes());
    assert_eq!(open(&bytes).unwrap_err(), ReadError::TooLarge(TooLarge::Text));
}

#[test]
fn rows_out_of_order_are_refused() {
    let rows = "<row r=\"2\"><c r=\"A2\"><v>1</v></c></row><row r=\"1\"><c r=\"A1\"><v>1</v></c></row>";
    assert_eq!(open(&sheet_of(rows)).unwrap_err(), ReadError::Unreadable);
}

#[test]
fn truncated_and_mutated_files_give_an_error_or_a_sheet() {
    let bytes = sample_ledger(20).unwrap().bytes;
    for end in (0..bytes.len()).step_by(397) {
        assert!(open(&bytes[..end]).is_err(), "cut at {end}");
    }
    let mut archive = ZipArchive::new(Cursor::new(bytes.as_slice())).unwrap();
    for name in [
        "xl/worksheets/sheet1.xml",
        "xl/sharedStrings.xml",
        "xl/styles.xml",
        "xl/workbook.xml",
    ] {
        let mut part = Vec::new();
        archive.by_name(name).unwrap().read_to_end(&mut part).unwrap();
        for step in 0..24_usize {
            let mut mutated = part.clone();
            let at = (step * 7_919 + 13) % mutated.len();
            mutated[at] = [b'9', b'<', b'"', b'&', 0xFF, b'Z', b'>', b' '][step % 8];
            let _ = open(&with_part(&bytes, name, &mutated));
        }
    }
}

#[test]
fn other_formats_are_named() {
    let compound = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and so on";
    assert_eq!(open(compound).unwrap_err(), ReadError::Unsupported);
    let mut encrypted = compound.to_vec();
    encrypted.extend("EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes));
    assert_eq!(open(&encrypted).unwrap_err().code(), "encrypted_workbook");
    assert_eq!(
        open(b"<html><table><tr><td>1</td></tr></table></html>").unwrap_err(),
        ReadError::Unsupported
    );
    assert_eq!(open(b"a,b\n1,2").unwrap_err(), ReadError::Unsupported);
    assert_eq!(open(b"").unwrap_err(), ReadError::Empty);
    assert_eq!(open(&workbook(|_| {})).unwrap_err(), ReadError::Empty);
    assert_eq!(open(b"PK\x05\x06").unwrap_err(), ReadError::Unreadable);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    writer.start_file("hello.txt", SimpleFileOptions::default()).unwrap();
    let archive = writer.finish().unwrap().into_inner();
    assert_eq!(open(&archive).unwrap_err(), ReadError::Unsupported);
    let mut large = b"PK\x03\x04".to_vec();
    large.resize(20_000_001, 0);
    assert_eq!(open(&large).unwrap_err(), ReadError::TooLarge(TooLarge::WorkbookBytes));
}

#[test]
fn formulas_give_their_last_result_and_never_their_text() {
    let bytes = workbook(|page| {
        for column in 0..10_u16 {
            page.write_string(0, column, format!("h{column}")).unwrap();
            let formula = rust_xlsxwriter::Formula::new("=HYPERLINK(\"http://example.org/\"&A1)");
            page.write_formula(1, column, formula.set_result(format!("r{column}")))
                .unwrap();
        }
    });
    let sheet = open(&bytes).unwrap();
    for column in 0..10 {
        assert_eq!(*sheet.rows()[0].cell(column), Cell::Text(format!("r{column}")));
    }
    let never_calculated = "<row r=\"1\"><c r=\"A1\"><v>1</v></c></row><row r=\"2\"><c r=\"A2\"><f>1+1</f></c></row>";
    let bytes = sheet_of(never_calculated);
    assert_eq!(open(&bytes).unwrap().rows_total(), 0);
    // In a list an empty cell says something: there it is none.
    let list = LedgerFile::open_list(Cursor::new(bytes), "list.xlsx").unwrap();
    assert!(matches!(list.sheet().rows()[0].cell(0), Cell::Error(_)));
}

/// Bytes that are made up as they are asked for, so that a large file costs nothing.
struct Endless {
    head: &'static [u8],
    unit: &'static [u8],
    at: u64,
    length: u64,
}

impl std::io::Read for Endless {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let size = u64::try_from(self.unit.len()).unwrap();
        let count = into.len().min(usize::try_from(self.length - self.at).unwrap());
        for place in &mut into[..count] {
            let at = usize::try_from(self.at).unwrap();
            *place = *self
                .head
                .get(at)
                .unwrap_or(&self.unit[usize::try_from(self.at % size).unwrap()]);
            self.at += 1;
        }
        Ok(count)
    }
}

impl std::io::Seek for Endless {
    fn seek(&mut self, to: std::io::SeekFrom) -> std::io::Result<u64> {
        self.at = match to {
            std::io::SeekFrom::Start(at) => at,
            std::io::SeekFrom::End(by) => self.length.saturating_add_signed(by),
            std::io::SeekFrom::Current(by) => self.at.saturating_add_signed(by),
        };
        Ok(self.at)
    }
}

#[test]
fn limits_of_text_files_hold_without_holding_the_file() {
    let open = |head, unit, length| {
        let at = 0;
        LedgerFile::open(Endless { head, unit, at, length }, "l.csv").map(|ledger| ledger.rows_total())
    };
    assert_eq!(open(b"", b"1,2,3\n", 60_000).unwrap(), 9_999);
    assert_eq!(
        open(b"", b"1\n", 2 * 500_001).unwrap_err(),
        ReadError::TooLarge(TooLarge::Rows)
    );
    assert_eq!(
        open(b"", b"1\n", 200_000_001).unwrap_err(),
        ReadError::TooLarge(TooLarge::FileBytes)
    );
    // A quote that is never closed, and a line that never ends.
    assert_eq!(
        open(b"\"", b"a,b\n", 5_000_000).unwrap_err(),
        ReadError::TooLarge(TooLarge::Record)
    );
    assert_eq!(
        open(b"", b"ab", 5_000_000).unwrap_err(),
        ReadError::TooLarge(TooLarge::Record)
    );
    // What shows only far into the file: no UTF-8 and no GB 18030 either.
    assert_eq!(open(b"", b"a,\xFF\n", 100).unwrap_err(), ReadError::Unreadable);
}

#[test]
fn merged_cells_are_told_from_empty_ones_in_lists_alone() {
    let row = |number: u32, text: &str| {
        format!(
            "<row r=\"{number}\"><c r=\"A{number}\" t=\"inlineStr\"><is><t>{text}</t></is></c><c r=\"B{number}\" t=\"inlineStr\"><is><t>x</t></is></c></row>"
        )
    };
    let merged = |regions: &str| {
        let rows: String = (1..=4)
            .map(|number| row(number, if number > 2 { "" } else { "甲" }))
            .collect();
        let xml = format!(
            "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\"><sheetData>{rows}</sheetData><mergeCells>{regions}</mergeCells></worksheet>"
        );
        with_part(&texts(&[&["a"]]), "xl/worksheets/sheet1.xml", xml.as_bytes())
    };
    let list = |bytes: &[u8]| LedgerFile::open_list(Cursor::new(bytes.to_vec()), "list.xlsx");
    let bytes = merged("<mergeCell ref=\"A2:A4\"/>");
    let found = list(&bytes).unwrap();
    let cells: Vec<&Cell> = found.sheet().rows().iter().map(|row| row.cell(0)).collect();
    assert_eq!(cells, [&Cell::Text("甲".to_owned()), &Cell::Merged, &Cell::Merged]);
    assert!(
        open(&bytes)
            .unwrap()
            .rows()
            .iter()
            .all(|row| *row.cell(0) != Cell::Merged)
    );
    // A region that reaches far beyond the rows costs no more than the rows; very many of them are refused.
    assert!(list(&merged("<mergeCell ref=\"A1:XFD1048576\"/>")).is_ok());
    let many = "<mergeCell ref=\"A1:XFD1048576\"/>".repeat(10_000);
    assert_eq!(list(&merged(&many)).unwrap_err(), ReadError::Unreadable);
}
