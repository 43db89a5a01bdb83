//! Ledgers as CSV.

use encoding_rs::GB18030;
use liangnuo_documents::{Form, LedgerFile, LedgerRow, Mapping, ReadError, RowCheck, Sheet, rows};

use crate::data::now;

const LEDGER: &str = "留言编号,留言用户,留言主题,留言时间,留言详情\r\n1,王𠮷,关于㐂㙍村的路,2019年4月25日 下午3:05,\"第一行,\"\"好\"\"\r\n第二行€\"\r\n\r\n2,,题,20190425,文\r\n";

fn read(bytes: &[u8]) -> Vec<LedgerRow> {
    let sheet = Sheet::open(bytes, "C:\\temp\\台账.CSV").unwrap();
    assert_eq!(sheet.name(), "台账.CSV");
    let mapping = Mapping::guess(Form::Ledger, &sheet).unwrap();
    rows(&sheet, &mapping, now()).map(Result::unwrap).collect()
}

fn check(bytes: &[u8]) {
    let read = read(bytes);
    assert_eq!(read.len(), 2);
    assert_eq!(read[0].author.as_deref(), Some("王𠮷"));
    assert_eq!(read[0].title, "关于㐂㙍村的路");
    assert_eq!(read[0].body, "第一行,\"好\"\n第二行€");
    assert_eq!(read[0].received_at.to_string(), "2019-04-25 15:05:00");
    assert_eq!((read[1].row, read[1].author.as_deref()), (4, None));
}

#[test]
fn all_encodings_read_alike() {
    check(LEDGER.as_bytes());
    check(format!("\u{FEFF}{LEDGER}").as_bytes());
    let (gb, _, is_lossy) = GB18030.encode(LEDGER);
    assert!(!is_lossy && std::str::from_utf8(&gb).is_err());
    check(&gb);
    check(LEDGER.replace(",", "\t").replace("第一行\t", "第一行,").as_bytes());
    let utf16: Vec<u8> = "\u{FEFF}"
        .encode_utf16()
        .chain(LEDGER.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    check(&utf16);
}

#[test]
fn what_is_no_text_is_no_ledger() {
    assert_eq!(
        Sheet::open(b"\xFF\xFF\x00\x01", "a.csv").unwrap_err(),
        ReadError::Unreadable
    );
    assert_eq!(Sheet::open(b"a,b\n1,\0", "a.csv").unwrap_err(), ReadError::Unsupported);
    assert_eq!(Sheet::open(b"\n\n,,\n", "a.csv").unwrap_err(), ReadError::Empty);
    assert_eq!(Sheet::open(b"", "a.csv").unwrap_err(), ReadError::Empty);
    assert_eq!(
        Sheet::open(b" <TABLE><tr>", "a.csv").unwrap_err(),
        ReadError::Unsupported
    );
    let wide = ["x"; 69].join(",");
    assert_eq!(
        Sheet::open(wide.as_bytes(), "a.csv").unwrap_err().code(),
        "workbook_too_large"
    );
}

#[test]
fn a_long_file_is_read_as_a_short_one() {
    // Longer than what is read at once, with characters, line ends and empty lines across every border.
    for end in ["\n", "\r\n", "\r"] {
        let mut text = format!("留言编号,留言用户,留言主题,留言时间,留言详情{end}");
        let mut expected = Vec::new();
        let mut line = 1;
        for n in 0..6_000_u32 {
            let blank = usize::try_from(n % 3).unwrap();
            text.push_str(&end.repeat(blank));
            text.push_str(&format!(
                "{n},用户{n},题目{n},2019-04-25,\"详情{}{end}第二行\"{end}",
                "𠮷".repeat(blank * 7)
            ));
            line += u32::try_from(blank).unwrap() + 1;
            expected.push((line, format!("题目{n}")));
        }
        let gb = GB18030.encode(&text).0.into_owned();
        for bytes in [text.clone().into_bytes(), gb] {
            let mut ledger = LedgerFile::open(std::io::Cursor::new(&bytes), "l.csv").unwrap();
            assert_eq!(ledger.rows_total(), expected.len());
            let mapping = Mapping::guess(Form::Ledger, ledger.sheet()).unwrap();
            let mut check = RowCheck::new(ledger.sheet(), mapping, now());
            let read: Vec<(u32, String)> = ledger
                .rows()
                .unwrap()
                .map(|row| check.row(&row.unwrap()).unwrap())
                .map(|row| (row.row, row.title))
                .collect();
            assert_eq!(read, expected, "{end:?}");
        }
    }
}
