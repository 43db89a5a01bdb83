//! Rows of ledgers: the real one where it is given, the invented one always.

use std::collections::{BTreeMap, BTreeSet};

use chrono::Datelike;
use liangnuo_documents::sample::sample_ledger;
use liangnuo_documents::{Form, LedgerRow, Mapping, Sheet, rows};

use crate::data::{now, outside, problems, read, texts, workbook};

const HEAD: [&str; 7] = [
    "留言编号",
    "留言用户",
    "留言主题",
    "留言时间",
    "留言详情",
    "答复意见",
    "答复时间",
];

#[test]
fn the_real_ledger_is_read_without_loss() {
    let Some(folder) = outside() else { return };
    let bytes = std::fs::read(folder.join("messages-with-replies.xlsx")).unwrap();
    let sheet = Sheet::open(&bytes, "messages-with-replies.xlsx").unwrap();
    assert_eq!((sheet.rows_total(), sheet.heading_row()), (1_408, 1));
    let mapping = Mapping::guess(Form::Ledger, &sheet).unwrap();
    let read: Vec<LedgerRow> = rows(&sheet, &mapping, now()).map(Result::unwrap).collect();
    assert_eq!(read.len(), 1_408);
    assert!((2..).zip(&read).all(|(number, row)| row.row == number));

    let refs: BTreeSet<&str> = read.iter().map(|row| row.external_ref.as_str()).collect();
    assert_eq!(refs.len(), 1_408);
    assert!(refs.iter().all(|id| id.bytes().all(|byte| byte.is_ascii_digit())));
    let authors: BTreeSet<&str> = read.iter().filter_map(|row| row.author.as_deref()).collect();
    assert_eq!(authors.len(), 1_340);

    let mut years = BTreeMap::new();
    for row in &read {
        *years.entry(row.received_at.year()).or_insert(0) += 1;
    }
    let expected = [
        (2011, 3),
        (2012, 28),
        (2013, 54),
        (2014, 54),
        (2015, 60),
        (2016, 114),
        (2017, 226),
        (2018, 427),
        (2019, 441),
        (2020, 1),
    ];
    assert_eq!(years.into_iter().collect::<Vec<_>>(), expected);

    assert_eq!(format!("{:.3}", percentile(&read, 0.5)), "11.773");
    assert_eq!(format!("{:.3}", percentile(&read, 0.9)), "41.139");

    for text in read
        .iter()
        .flat_map(|row| [Some(&row.body), Some(&row.title), row.reply.as_ref()])
        .flatten()
    {
        assert_eq!(text.trim(), text);
        assert!(!text.contains("_x000D_") && !text.contains(['\t', '\r', '\u{A0}', '\0']));
    }
}

/// Days to reply at a share of the rows, interpolated.
fn percentile(rows: &[LedgerRow], share: f64) -> f64 {
    let mut days: Vec<f64> = rows
        .iter()
        .filter_map(|row| Some((row.replied_at? - row.received_at).num_seconds()))
        .map(|seconds| f64::from(i32::try_from(seconds).unwrap()) / 86_400.0)
        .collect();
    days.sort_by(f64::total_cmp);
    let place = share * f64::from(u32::try_from(days.len() - 1).unwrap());
    let below: usize = format!("{}", place.floor()).parse().unwrap();
    days[below] + (days[(below + 1).min(days.len() - 1)] - days[below]) * place.fract()
}

#[test]
fn the_sample_reads_as_it_says() {
    let sample = sample_ledger(203).unwrap();
    assert_eq!((sample.rows_total, sample.good.len(), sample.bad.len()), (203, 183, 20));
    let read = read(&sample.bytes);
    assert_eq!(read.len(), sample.rows_total);
    let good: Vec<LedgerRow> = read.iter().filter_map(|row| row.as_ref().ok()).cloned().collect();
    for (got, expected) in good.iter().zip(&sample.good) {
        assert_eq!(got, expected);
    }
    assert_eq!(good.len(), sample.good.len());
    let bad: Vec<(u32, String, String)> = sample
        .bad
        .iter()
        .map(|bad| (bad.row, bad.column.to_owned(), bad.code.as_str().to_owned()))
        .collect();
    assert_eq!(problems(&read), bad);
    assert!(good.iter().any(|row| row.body.chars().count() > 15_000));
}

#[test]
fn the_sample_is_the_same_each_time() {
    assert_eq!(sample_ledger(30).unwrap().bytes, sample_ledger(30).unwrap().bytes);
    assert_eq!(sample_ledger(0).unwrap().rows_total, 0);
}

#[test]
fn a_row_with_all_errors_reports_them_all() {
    let long = "长".repeat(201);
    let bytes = workbook(|page| {
        for (column, heading) in (0_u16..).zip(HEAD) {
            page.write_string(0, column, heading).unwrap();
        }
        page.write_string(1, 0, "7").unwrap();
        page.write_string(1, 2, "题").unwrap();
        page.write_string(1, 3, "2019-1-1").unwrap();
        page.write_string(1, 4, "文").unwrap();
        page.write_string(2, 0, "7").unwrap();
        page.write_string(2, 1, long.as_str()).unwrap();
        page.write_string(2, 2, long.as_str()).unwrap();
        page.write_string(2, 3, "昨天").unwrap();
        page.write_string(2, 6, "3019-1-1").unwrap();
        page.write_string(3, 5, "已办").unwrap();
        page.write_formula(3, 2, rust_xlsxwriter::Formula::new("NA()").set_result("#N/A"))
            .unwrap();
    });
    let found: Vec<(u32, String, String)> = problems(&read(&bytes));
    let found: Vec<(u32, &str, &str)> = found
        .iter()
        .map(|(row, column, code)| (*row, column.as_str(), code.as_str()))
        .collect();
    let expected = [
        (3, "B", "text_too_long"),
        (3, "C", "text_too_long"),
        (3, "D", "unreadable_date"),
        (3, "E", "missing_value"),
        (3, "G", "date_out_of_range"),
        (3, "F", "date_without_reply"),
        (3, "A", "duplicate_ref"),
        (4, "A", "missing_value"),
        (4, "C", "cell_error"),
        (4, "D", "missing_value"),
        (4, "E", "missing_value"),
        (4, "G", "reply_without_date"),
    ];
    assert_eq!(found, expected);
}

#[test]
fn duplicates_say_whether_they_differ() {
    let first = ["1", "u", "题", "2019-1-1", "文", "", ""];
    let other = ["1", "u", "题", "2019-1-1", "另文", "", ""];
    let read = read(&texts(&[&HEAD, &first, &other, &first]));
    assert!(read[0].is_ok());
    let details: Vec<&str> = read
        .iter()
        .filter_map(|row| row.as_ref().err())
        .map(|row| row[0].detail_en.as_str())
        .collect();
    assert_eq!(
        details,
        ["The same number as row 2, with other content.", "The same as row 2."]
    );
}

#[test]
fn a_reply_of_the_same_day_is_no_earlier_than_the_complaint() {
    let at = |received: &str, replied: &str| {
        let read = read(&texts(&[&HEAD, &["1", "", "题", received, "文", "答", replied]]));
        read[0]
            .as_ref()
            .map(|row| row.replied_at.unwrap().to_string())
            .map_err(|found| found[0].code.to_string())
    };
    assert_eq!(at("2019-4-25 9:32", "2019-4-25").unwrap(), "2019-04-25 09:32:00");
    assert_eq!(at("2019-4-25", "2019-4-25 8:00").unwrap(), "2019-04-25 08:00:00");
    assert_eq!(
        at("2019-4-25 9:32", "2019-4-25 9:31").unwrap_err(),
        "replied_before_received"
    );
    assert_eq!(
        at("2019-4-25 9:32", "2019-4-24").unwrap_err(),
        "replied_before_received"
    );
    assert_eq!(at("2025-12-31", "2026-1-2").unwrap(), "2026-01-02 00:00:00");
    assert_eq!(at("2025-12-31", "2026-1-3").unwrap_err(), "date_out_of_range");
}

#[test]
fn a_printed_ledger_has_a_title_blank_rows_and_hidden_sheets() {
    let mut book = rust_xlsxwriter::Workbook::new();
    book.add_worksheet().set_name("空").unwrap();
    let secret = book.add_worksheet();
    secret.set_hidden(true).write_string(0, 0, "不看").unwrap();
    let page = book.add_worksheet();
    page.write_string(1, 0, "某县投诉台账").unwrap();
    for (column, heading) in (1_u16..).zip(HEAD) {
        page.write_string(3, column, heading).unwrap();
    }
    for (column, text) in (1_u16..).zip(["12", "", "题", "2019.4.25", "文"]) {
        page.write_string(6, column, text).unwrap();
    }
    page.write_string(8, 2, " \u{3000}").unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let sheet = Sheet::open(&bytes, "x").unwrap();
    assert_eq!(
        (sheet.name(), sheet.heading_row(), sheet.rows_total()),
        ("Sheet3", 4, 1)
    );
    assert_eq!(sheet.headings()[1].column, "B");
    assert_eq!(sheet.samples(3, 3, 10), ["题"]);
    let read = read(&bytes);
    assert_eq!(read[0].as_ref().unwrap().row, 7);
}

#[test]
fn dates_come_as_cells_serials_and_numbers() {
    let bytes = workbook(|page| {
        for (column, heading) in (0_u16..).zip(HEAD) {
            page.write_string(0, column, heading).unwrap();
        }
        let date = rust_xlsxwriter::Format::new().set_num_format("yyyy/m/d h:mm:ss");
        let serial = 43_580.397_326_388_89;
        for row in 1..=3 {
            page.write_number(row, 0, 9_000 + row).unwrap();
            page.write_string(row, 2, "题").unwrap();
            page.write_string(row, 4, "文").unwrap();
        }
        page.write_number_with_format(1, 3, serial, &date).unwrap();
        page.write_number(2, 3, serial).unwrap();
        page.write_number(3, 3, 20_190_425_093_209.0).unwrap();
    });
    for (row, id) in read(&bytes).into_iter().zip(["9001", "9002", "9003"]) {
        let row = row.unwrap();
        assert_eq!(
            (row.external_ref.as_str(), row.received_at.to_string().as_str()),
            (id, "2019-04-25 09:32:09")
        );
    }
}
