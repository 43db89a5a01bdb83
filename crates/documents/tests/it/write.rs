//! Workbooks that go back to people.

use std::io::{Cursor, Read};

use liangnuo_documents::{
    Cell, Form, LedgerFile, Mapping, RowProblem, Sheet, error_workbook, rows, sample::sample_ledger, template,
};

use crate::data::{now, problems, read, texts};

const HEAD: [&str; 5] = ["留言编号", "留言用户", "留言主题", "留言时间", "留言详情"];

fn part(bytes: &[u8], name: &str) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text
}

/// The error workbook of a ledger.
fn given_back(ledger: &[u8], problems: &[RowProblem]) -> Vec<u8> {
    let name = if ledger.starts_with(b"PK") { "x.xlsx" } else { "x.csv" };
    let mut ledger = LedgerFile::open(Cursor::new(ledger), name).unwrap();
    error_workbook(&mut ledger, problems).unwrap()
}

fn failed(sheet: &Sheet) -> Vec<RowProblem> {
    let mapping = Mapping::guess(Form::Ledger, sheet).unwrap();
    rows(sheet, &mapping, now()).filter_map(Result::err).flatten().collect()
}

#[test]
fn the_error_workbook_holds_the_failed_rows_and_reads_again() {
    let sample = sample_ledger(100).unwrap();
    let sheet = Sheet::open(&sample.bytes, "x").unwrap();
    let bytes = given_back(&sample.bytes, &failed(&sheet));
    let back = Sheet::open(&bytes, "错误.xlsx").unwrap();
    assert_eq!(back.rows_total(), sample.bad.len());
    assert_eq!(back.headings(), sheet.headings(), "the added columns are taken off");
    // The row that stood twice is alone here, the other faults are the same, and so are the cells at fault.
    let again = problems(&read(&bytes));
    assert_eq!(again.len(), sample.bad.iter().filter(|bad| bad.column != "A").count());
    let original: Vec<&liangnuo_documents::Row> = sheet
        .rows()
        .iter()
        .filter(|row| sample.bad.iter().any(|bad| bad.row == row.number()))
        .collect();
    for (got, expected) in back.rows().iter().zip(original) {
        for column in 0..7 {
            assert_eq!(got.cell(column).to_text(), expected.cell(column).to_text());
        }
    }
    let strings = part(&bytes, "xl/worksheets/sheet1.xml");
    for text in [
        "行号",
        "错误列",
        "原因",
        "Reason",
        "“留言主题”不能为空。",
        "The title must not be empty.",
    ] {
        assert!(strings.contains(text), "{text}");
    }
    assert!(part(&bytes, "xl/worksheets/sheet1.xml").contains("state=\"frozen\""));
    assert_eq!(bytes, given_back(&sample.bytes, &failed(&sheet)), "the same each time");
}

#[test]
fn nothing_in_the_error_workbook_can_run() {
    let hostile = [
        "=cmd|'/C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(1)",
        "＝1",
        "＋1",
        "－1",
        "＠1",
        "\t=1",
        "\r=1",
        "<r><t>x</t></r>",
        "<r></si></r>",
        "http://example.org/",
        "{=1}",
    ];
    let lines: Vec<Vec<&str>> = hostile.iter().map(|text| vec!["1", text, text, "何时", text]).collect();
    let mut table: Vec<&[&str]> = vec![&HEAD];
    table.extend(lines.iter().map(Vec::as_slice));
    // As a CSV, since the writer of the test data would not write these as they stand.
    let mut writer = csv::Writer::from_writer(Vec::new());
    for line in &table {
        writer.write_record(*line).unwrap();
    }
    let ledger = writer.into_inner().unwrap();
    let sheet = Sheet::open(&ledger, "x.csv").unwrap();
    let bytes = given_back(&ledger, &failed(&sheet));
    let page = part(&bytes, "xl/worksheets/sheet1.xml");
    assert!(!page.contains("<f>") && !page.contains("<f ") && !page.contains("hyperlink"));
    let typed = page.matches("<c ").count();
    assert_eq!(typed, page.matches(" t=\"inlineStr\"").count(), "every cell is text");
    assert!(part(&bytes, "xl/styles.xml").contains("quotePrefix=\"1\""));
    let back = Sheet::open(&bytes, "x.xlsx").unwrap();
    for (row, text) in back.rows().iter().zip(hostile) {
        assert!(matches!(row.cell(2), Cell::Text(_)));
        assert_eq!(row.cell(2).to_text(), text.trim());
    }
}

#[test]
fn texts_longer_than_a_cell_are_cut_with_a_mark() {
    let long = "𠮷".repeat(20_000);
    let ledger = format!("{}\n1,u,题,何时,{long}", HEAD.join(","));
    let sheet = Sheet::open(ledger.as_bytes(), "x.csv").unwrap();
    let bytes = given_back(ledger.as_bytes(), &failed(&sheet));
    let back = Sheet::open(&bytes, "x.xlsx").unwrap();
    let text = back.rows()[0].cell(4).to_text();
    assert!(text.ends_with("cut here】") && text.starts_with("𠮷𠮷"));
    assert!((32_700..=32_767).contains(&text.encode_utf16().count()));
}

#[test]
fn problems_of_the_caller_go_in_too() {
    let ledger = texts(&[&HEAD, &["1", "u", "题", "2019-1-1", "文"]]);
    let own = |row, column: Option<&str>| RowProblem {
        row,
        column: column.map(str::to_owned),
        code: "unknown_unit".into(),
        detail_zh: "没有这个单位。".to_owned(),
        detail_en: "There is no such unit.".to_owned(),
    };
    let bytes = given_back(&ledger, &[own(2, None), own(2, Some("E")), own(9, None)]);
    let strings = part(&bytes, "xl/worksheets/sheet1.xml");
    assert_eq!(strings.matches("没有这个单位。").count(), 2, "said once for each row");
    assert_eq!(Sheet::open(&given_back(&ledger, &[]), "x").unwrap().rows_total(), 0);
}

#[test]
fn the_template_is_understood_by_the_guess() {
    let bytes = template().unwrap();
    let sheet = Sheet::open(&bytes, "模板.xlsx").unwrap();
    assert_eq!((sheet.name(), sheet.rows_total()), ("台账", 0));
    let mapping = Mapping::guess(Form::Ledger, &sheet).unwrap();
    for (column, field) in Form::Ledger.fields().iter().copied().enumerate() {
        assert_eq!(mapping.column(field), Some(column));
    }
    assert!(part(&bytes, "xl/sharedStrings.xml").contains("2019-04-25 09:32:09"));
    assert!(part(&bytes, "xl/worksheets/sheet2.xml").contains("<row r=\"11\""));
}
