//! An invented ledger with the dirt of real ones, for tests where no outside data is given. Same input, same bytes.
//!
//! Every tenth row is bad, from the eighth on (the 8th, 18th, 28th ... row that holds something, headings not counted),
//! with the faults of [`FAULTS`] in turn; all others are good. A blank row stands before the first row of every 25.
//! Good rows are of 2011 to 2020, four of five are answered, the 13th has a text of some 20,000 characters, and the
//! authors repeat after 40.

use chrono::{Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use rust_xlsxwriter::{Format, Worksheet, XlsxError};

use crate::field;
use crate::ledger::LedgerRow;
use crate::problem::ProblemCode;
use crate::write::{WriteError, new_workbook};

/// The faults of the bad rows, in turn, and the columns that they are reported for.
pub const FAULTS: [(ProblemCode, &str); 8] = [
    (ProblemCode::MissingValue, "C"),
    (ProblemCode::UnreadableDate, "D"),
    (ProblemCode::RepliedBeforeReceived, "G"),
    (ProblemCode::ReplyWithoutDate, "G"),
    (ProblemCode::DuplicateRef, "A"),
    (ProblemCode::DateOutOfRange, "D"),
    (ProblemCode::TextTooLong, "C"),
    (ProblemCode::DateWithoutReply, "F"),
];

/// An invented ledger, and what reading it must give.
#[derive(Clone, Debug)]
pub struct SampleLedger {
    /// The XLSX file; its headings are those of the real platform and are all guessed.
    pub bytes: Vec<u8>,
    /// Rows that hold something, without the headings.
    pub rows_total: usize,
    /// The rows that can be read, as [`crate::rows`] gives them.
    pub good: Vec<LedgerRow>,
    /// The rows that can't, each with one problem.
    pub bad: Vec<BadRow>,
}

/// A row that can't be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadRow {
    /// The row's number in Excel.
    pub row: u32,
    /// The letters of the column at fault.
    pub column: &'static str,
    /// The code of its one problem.
    pub code: ProblemCode,
}

/// Makes a ledger of so many rows; `rows / 10` of them are bad, and one more where `rows % 10` is 8 or 9.
///
/// # Errors
/// [`WriteError`] for more rows than a sheet has.
pub fn sample_ledger(rows: usize) -> Result<SampleLedger, WriteError> {
    let mut book = new_workbook();
    let page = book.add_worksheet();
    page.set_name("留言台账")?;
    for (column, field) in (0_u16..).zip(field::Form::Ledger.fields().iter().take(7)) {
        page.write_string(0, column, field.heading())?;
    }
    let mut good: Vec<LedgerRow> = Vec::new();
    let mut bad = Vec::new();
    let mut line = 0_u32;
    for index in 0..rows {
        line += if index % 25 == 0 { 2 } else { 1 };
        let mut row = invented(index, line + 1);
        let fault = FAULTS.into_iter().cycle().nth(index / 10).filter(|_| index % 10 == 7);
        if let Some((code, column)) = fault {
            if code == ProblemCode::DuplicateRef {
                row.external_ref = good.last().map(|last| last.external_ref.clone()).unwrap_or_default();
            }
            write_bad(page, line, &row, code)?;
            bad.push(BadRow {
                row: row.row,
                column,
                code,
            });
        } else {
            write_good(page, line, index, &row)?;
            good.push(row);
        }
    }
    let bytes = book.save_to_buffer().map_err(WriteError::from)?;
    Ok(SampleLedger {
        bytes,
        rows_total: rows,
        good,
        bad,
    })
}

const PLACES: [&str; 8] = [
    "青石镇",
    "柳林街道",
    "白鹭乡",
    "东山镇",
    "云溪街道",
    "石桥乡",
    "南湖镇",
    "枫林街道",
];
const TOPICS: [&str; 9] = [
    "路灯长期不亮",
    "小区停水未提前通知",
    "校车路线调整",
    "垃圾清运不及时",
    "老旧电梯维修",
    "学区划分咨询",
    "施工噪音扰民",
    "公交班次太少",
    "农村道路破损",
];

/// A pseudo-random number of a row: by `SplitMix64`, so that neighbours differ.
fn mixed(index: usize, salt: u64, below: u64) -> u64 {
    let mut z = u64::try_from(index)
        .unwrap_or_default()
        .wrapping_add(salt)
        .wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    (z ^ (z >> 31)) % below.max(1)
}

fn picked(list: &[&'static str], number: u64) -> &'static str {
    list.iter()
        .cycle()
        .nth(usize::try_from(number).unwrap_or_default())
        .copied()
        .unwrap_or_default()
}

fn seconds(number: u64) -> TimeDelta {
    TimeDelta::seconds(i64::try_from(number).unwrap_or_default())
}

/// A row as it must come out of reading.
fn invented(index: usize, row: u32) -> LedgerRow {
    let place = picked(&PLACES, mixed(index, 1, 8));
    let topic = picked(&TOPICS, mixed(index, 2, 9));
    let first = NaiveDate::from_ymd_opt(2011, 3, 1).unwrap_or_default();
    let day = first
        .checked_add_days(Days::new(mixed(index, 3, 3_400)))
        .unwrap_or(first);
    // A date cell holds a whole day, the other forms a time.
    let received_at = match Form::of(index) {
        Form::DateCell => day.and_time(NaiveTime::MIN),
        Form::Slashes | Form::Chinese | Form::Iso => {
            day.and_time(NaiveTime::MIN) + seconds(mixed(index, 4, 1_440) * 60)
        }
    };
    let times = if index == 12 {
        1_000
    } else {
        1 + usize::try_from(mixed(index, 5, 12)).unwrap_or_default()
    };
    let plea = format!("{place}的{topic}，已经反映过多次，请核实。");
    let body = format!("尊敬的领导：\n{}\n\n盼复。", plea.repeat(times));
    let is_answered = index % 5 != 4;
    let reply = is_answered.then(|| format!("您好，关于{topic}的问题已收悉。\n经核实，已责成{place}于本月内办结。"));
    LedgerRow {
        row,
        external_ref: (2_500 + index * 3).to_string(),
        author: Some(format!("U{:06}", 1_000 + index % 40)),
        title: format!("反映{place}{topic}的问题"),
        received_at,
        body,
        replied_at: reply
            .is_some()
            .then(|| received_at + seconds(60 + mixed(index, 6, 40 * 86_400))),
        reply,
        kind: None,
        category: None,
        unit: None,
    }
}

/// The form in which a time is written.
#[derive(Clone, Copy)]
enum Form {
    Slashes,
    Chinese,
    Iso,
    DateCell,
}

impl Form {
    fn of(index: usize) -> Self {
        match index % 6 {
            1 => Self::Chinese,
            3 => Self::Iso,
            5 => Self::DateCell,
            _ => Self::Slashes,
        }
    }
}

fn slashes(at: NaiveDateTime) -> String {
    at.format("%Y/%-m/%-d %-H:%M:%S").to_string()
}

/// Text as it comes out of a web page: line breaks and tabs around it, `_x000D_` at the ends of its lines.
fn dirty(index: usize, text: &str) -> String {
    match index % 3 {
        // The writer turns the CR into the escape, as Excel does.
        0 => format!("\n\t\t\t\t\t\n\t\t\t\t\t{}\n\t\t\t\t", text.replace('\n', "\r\n\t\t\t")),
        // An export of an export: the escape itself has become text.
        1 => format!("\u{3000}{}\u{A0}", text.replace('\n', "_x000D_\n")),
        _ => text.to_owned(),
    }
}

fn write_good(page: &mut Worksheet, line: u32, index: usize, row: &LedgerRow) -> Result<(), XlsxError> {
    match row.external_ref.parse::<u32>() {
        Ok(number) if index % 4 != 3 => page.write_number(line, 0, number)?,
        _ => page.write_string(line, 0, &row.external_ref)?,
    };
    page.write_string(line, 1, row.author.as_deref().unwrap_or_default())?;
    page.write_string(line, 2, dirty(index, &row.title))?;
    match Form::of(index) {
        Form::DateCell => {
            let format = Format::new().set_num_format("yyyy/m/d");
            // Excel's day 0 in the calendar that chrono counts in.
            let zero = NaiveDate::from_ymd_opt(1899, 12, 30).unwrap_or_default();
            let serial = u32::try_from((row.received_at.date() - zero).num_days()).unwrap_or_default();
            page.write_number_with_format(line, 3, serial, &format)?
        }
        Form::Chinese => page.write_string(line, 3, row.received_at.format("%Y年%-m月%-d日 %-H时%-M分").to_string())?,
        Form::Iso => {
            let utc = row.received_at - TimeDelta::hours(8);
            page.write_string(line, 3, utc.format("%Y-%m-%dT%H:%M:%SZ").to_string())?
        }
        Form::Slashes => page.write_string(line, 3, slashes(row.received_at))?,
    };
    page.write_string(line, 4, dirty(index, &row.body))?;
    if let (Some(reply), Some(replied_at)) = (&row.reply, row.replied_at) {
        page.write_string(line, 5, dirty(index, reply))?;
        page.write_string(line, 6, slashes(replied_at))?;
    }
    Ok(())
}

fn write_bad(page: &mut Worksheet, line: u32, row: &LedgerRow, code: ProblemCode) -> Result<(), XlsxError> {
    let mut title = row.title.clone();
    let mut received = slashes(row.received_at);
    let mut replied = Some(row.received_at + TimeDelta::days(3));
    match code {
        ProblemCode::MissingValue => "\n\t\u{3000}".clone_into(&mut title),
        ProblemCode::TextTooLong => title = "长".repeat(crate::MAX_TITLE + 1),
        ProblemCode::UnreadableDate => "去年春天".clone_into(&mut received),
        ProblemCode::DateOutOfRange => "1919/5/4 8:00:00".clone_into(&mut received),
        ProblemCode::RepliedBeforeReceived => replied = Some(row.received_at - TimeDelta::days(2)),
        ProblemCode::ReplyWithoutDate => replied = None,
        // A merged cell is a fault of lists alone.
        ProblemCode::CellError
        | ProblemCode::DateWithoutReply
        | ProblemCode::DuplicateRef
        | ProblemCode::MergedCell => {}
    }
    page.write_string(line, 0, &row.external_ref)?;
    page.write_string(line, 1, row.author.as_deref().unwrap_or_default())?;
    page.write_string(line, 2, title)?;
    page.write_string(line, 3, received)?;
    page.write_string(line, 4, &row.body)?;
    if code != ProblemCode::DateWithoutReply {
        page.write_string(line, 5, "已办结。")?;
    }
    if let Some(replied) = replied {
        page.write_string(line, 6, slashes(replied))?;
    }
    Ok(())
}
