//! Reads a list of units or members.

use std::{
    borrow::Cow,
    collections::HashMap,
    fs::File,
    hash::{DefaultHasher, Hash as _, Hasher as _},
};

use liangnuo_documents::{Field, LedgerFile, ListRow, Mapping, ReadError, RowProblem, list_row};
use liangnuo_domain::{
    FieldError, Message,
    imports::{Said, in_order, members::MemberRow, units::UnitRow},
};
use liangnuo_persistence::imports::{Rows, Run};
use tokio::sync::mpsc;

use super::{BATCH, Part, columns, mapping};

/// Hands the rows of a list of units over, those first that others name as the unit above: for that all are read before the
/// first is handed over. An `Err` is the code of why the file as a whole can't be read.
pub(super) fn read_units(run: &Run, file: File, parts: &mpsc::Sender<Part>) -> Result<(), String> {
    let (mut list, mapping) = open(run, file)?;
    let mut rows = Vec::new();
    for row in list.rows().map_err(code)? {
        rows.push(unit_row(&list_row(&mapping, &row.map_err(code)?)));
    }
    let columns = columns(run, list.sheet(), &mapping);
    drop(list);
    // Nobody listens any more when the worker was told to stop.
    if parts.blocking_send(Part::Columns(columns)).is_err() {
        return Ok(());
    }
    let mut hand = Hand::of(run, parts);
    for row in in_order(rows) {
        if !hand.over(row, Rows::Units) {
            return Ok(());
        }
    }
    hand.end(Rows::Units);
    Ok(())
}

/// Hands the rows of a list of members over, in the file's order. They are gone through twice: whether a name stands twice in
/// a unit shows only so.
pub(super) fn read_members(run: &Run, file: File, parts: &mpsc::Sender<Part>) -> Result<(), String> {
    let (mut list, mapping) = open(run, file)?;
    let mut names: HashMap<u64, bool> = HashMap::new();
    for row in list.rows().map_err(code)? {
        let row = list_row(&mapping, &row.map_err(code)?);
        names
            .entry(name_key(&row))
            .and_modify(|is_several| *is_several = true)
            .or_insert(false);
    }
    let columns = columns(run, list.sheet(), &mapping);
    if parts.blocking_send(Part::Columns(columns)).is_err() {
        return Ok(());
    }
    let mut hand = Hand::of(run, parts);
    for row in list.rows().map_err(code)? {
        let row = list_row(&mapping, &row.map_err(code)?);
        let has_namesake = names.get(&name_key(&row)).copied().unwrap_or_default();
        let row = MemberRow {
            has_namesake,
            ..member_row(&row)
        };
        if !hand.over(row, Rows::Members) {
            return Ok(());
        }
    }
    hand.end(Rows::Members);
    Ok(())
}

fn open(run: &Run, file: File) -> Result<(LedgerFile<File>, Mapping), String> {
    let list = LedgerFile::open_list(file, &run.file_name).map_err(code)?;
    let mapping = mapping(run, list.sheet())?;
    Ok((list, mapping))
}

fn code(error: ReadError) -> String {
    error.code().to_owned()
}

/// Rows on their way to the worker, by batches. No batch holds rows that are done and others.
struct Hand<'a, Row> {
    parts: &'a mpsc::Sender<Part>,
    batch: Vec<Row>,
    /// Rows that an earlier worker has done, and that were not yet handed over.
    done: usize,
}

impl<'a, Row> Hand<'a, Row> {
    fn of(run: &Run, parts: &'a mpsc::Sender<Part>) -> Self {
        Self {
            parts,
            batch: Vec::with_capacity(BATCH),
            done: usize::try_from(run.rows_done).unwrap_or(0),
        }
    }

    /// `false` when nobody listens any more.
    fn over(&mut self, row: Row, rows: impl Fn(Vec<Row>) -> Rows) -> bool {
        self.batch.push(row);
        let is_whole = self.batch.len() == BATCH || self.batch.len() == self.done;
        !is_whole || self.end(rows)
    }

    fn end(&mut self, rows: impl Fn(Vec<Row>) -> Rows) -> bool {
        let batch = std::mem::take(&mut self.batch);
        if batch.is_empty() {
            return true;
        }
        let length = batch.len();
        let part = if self.done > 0 {
            Part::Done(rows(batch))
        } else {
            Part::Rows(rows(batch), Vec::new())
        };
        self.done = self.done.saturating_sub(length);
        self.parts.blocking_send(part).is_ok()
    }
}

/// A name in a unit, as the row says both.
fn name_key(row: &ListRow) -> u64 {
    let mut hasher = DefaultHasher::new();
    (row.text(Field::Home).trim(), row.text(Field::MemberName).trim()).hash(&mut hasher);
    hasher.finish()
}

fn said(row: &ListRow, field: Field) -> Said {
    Said::read(row.text(field))
}

fn faults(row: &ListRow) -> Vec<FieldError> {
    let faults = row.problems.iter().map(|(field, problem)| FieldError {
        pointer: format!("/{}", field.as_str()),
        code: known_code(problem),
        detail: Message::new(problem.detail_zh.clone(), problem.detail_en.clone()),
    });
    faults.collect()
}

const fn known_code(problem: &RowProblem) -> &'static str {
    match &problem.code {
        Cow::Borrowed(code) => code,
        Cow::Owned(_) => "cell_error",
    }
}

fn unit_row(row: &ListRow) -> UnitRow {
    UnitRow {
        row: i64::from(row.row),
        code: said(row, Field::UnitCode),
        name: said(row, Field::UnitName),
        name_en: said(row, Field::UnitNameEn),
        kind: said(row, Field::UnitKind),
        parent: said(row, Field::Parent),
        head: said(row, Field::Head),
        hotline: said(row, Field::Hotline),
        address: said(row, Field::Address),
        opening_hours: said(row, Field::OpeningHours),
        is_closed: !row.text(Field::ClosedOn).trim().is_empty(),
        is_in_circle: false,
        faults: faults(row),
    }
}

fn member_row(row: &ListRow) -> MemberRow {
    MemberRow {
        row: i64::from(row.row),
        staff_number: said(row, Field::StaffNumber),
        name: said(row, Field::MemberName),
        name_en: said(row, Field::MemberNameEn),
        unit: said(row, Field::Home),
        post: said(row, Field::Post),
        post_en: said(row, Field::PostEn),
        branch: said(row, Field::Branch),
        is_party_member: said(row, Field::IsPartyMember),
        is_closed: !row.text(Field::ClosedOn).trim().is_empty(),
        has_namesake: false,
        faults: faults(row),
    }
}
