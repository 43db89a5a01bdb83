//! Why a row of a ledger can't be taken.

use std::borrow::Cow;

use crate::field::Field;
use crate::sheet::column_letters;

/// One reason why a row can't be taken. The texts never quote the cell: they are shown in job lists and kept longer
/// than the file, and a column mapped wrongly holds somebody's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowProblem {
    /// The row's number in Excel.
    pub row: u32,
    /// The letters of the column; `None` where the row as a whole, or no column of it, is the problem.
    pub column: Option<String>,
    /// The stable code that the API uses: of [`ProblemCode`], or the caller's own.
    pub code: Cow<'static, str>,
    /// What to tell a person, in Chinese.
    pub detail_zh: String,
    /// What to tell a person, in English.
    pub detail_en: String,
}

/// What this crate finds wrong with rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProblemCode {
    /// A required cell is empty.
    MissingValue,
    /// A formula ended in an error.
    CellError,
    /// A text is longer than its field's limit.
    TextTooLong,
    /// A date is written in a way that isn't known, or could mean two days.
    UnreadableDate,
    /// A date lies before 1990 or in the future.
    DateOutOfRange,
    /// The reply is older than the complaint.
    RepliedBeforeReceived,
    /// There is a reply, but not when.
    ReplyWithoutDate,
    /// There is the date of a reply, but no reply.
    DateWithoutReply,
    /// An earlier row has the same number.
    DuplicateRef,
    /// A cell is part of a merged one.
    MergedCell,
}

impl ProblemCode {
    /// All codes.
    pub const ALL: [Self; 10] = [
        Self::MissingValue,
        Self::CellError,
        Self::TextTooLong,
        Self::UnreadableDate,
        Self::DateOutOfRange,
        Self::RepliedBeforeReceived,
        Self::ReplyWithoutDate,
        Self::DateWithoutReply,
        Self::DuplicateRef,
        Self::MergedCell,
    ];

    /// The code that the API uses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::MissingValue => "missing_value",
            Self::CellError => "cell_error",
            Self::TextTooLong => "text_too_long",
            Self::UnreadableDate => "unreadable_date",
            Self::DateOutOfRange => "date_out_of_range",
            Self::RepliedBeforeReceived => "replied_before_received",
            Self::ReplyWithoutDate => "reply_without_date",
            Self::DateWithoutReply => "date_without_reply",
            Self::DuplicateRef => "duplicate_ref",
            Self::MergedCell => "merged_cell",
        }
    }
}

/// Gathers the problems of one row.
pub(crate) struct Problems {
    row: u32,
    found: Vec<RowProblem>,
}

impl Problems {
    pub(crate) fn of_row(row: u32) -> Self {
        Self { row, found: Vec::new() }
    }

    pub(crate) fn into_found(self) -> Vec<RowProblem> {
        self.found
    }

    pub(crate) fn missing(&mut self, field: Field, column: Option<usize>) {
        let zh = format!("“{}”不能为空。", field.heading());
        let en = format!("{} must not be empty.", name_en(field));
        self.push(column, ProblemCode::MissingValue, zh, en);
    }

    pub(crate) fn cell_error(&mut self, column: Option<usize>) {
        let zh = "单元格的公式出错，请改为文字。".to_owned();
        let en = "The cell's formula ended in an error; type the value.".to_owned();
        self.push(column, ProblemCode::CellError, zh, en);
    }

    pub(crate) fn too_long(&mut self, field: Field, column: Option<usize>, limit: usize, length: usize) {
        let zh = format!("“{}”最多{limit}个字，现有{length}个。", field.heading());
        let en = format!("{} may have {limit} characters and has {length}.", name_en(field));
        self.push(column, ProblemCode::TextTooLong, zh, en);
    }

    pub(crate) fn unreadable_date(&mut self, field: Field, column: Option<usize>) {
        let zh = format!("“{}”无法识别，请写成 2019-04-25 09:32:09 的形式。", field.heading());
        let en = format!(
            "{} can't be read as a date; write it like 2019-04-25 09:32:09.",
            name_en(field)
        );
        self.push(column, ProblemCode::UnreadableDate, zh, en);
    }

    pub(crate) fn out_of_range(&mut self, field: Field, column: Option<usize>) {
        let zh = format!("“{}”早于1990年或晚于今天，请核对。", field.heading());
        let en = format!("{} lies before 1990 or in the future.", name_en(field));
        self.push(column, ProblemCode::DateOutOfRange, zh, en);
    }

    pub(crate) fn replied_before_received(&mut self, column: Option<usize>) {
        let zh = "答复时间早于留言时间，请核对。".to_owned();
        let en = "The reply is older than the complaint.".to_owned();
        self.push(column, ProblemCode::RepliedBeforeReceived, zh, en);
    }

    pub(crate) fn reply_without_date(&mut self, column: Option<usize>) {
        let zh = "有答复意见，但没有答复时间。".to_owned();
        let en = "There is a reply, but not when it was given.".to_owned();
        self.push(column, ProblemCode::ReplyWithoutDate, zh, en);
    }

    pub(crate) fn date_without_reply(&mut self, column: Option<usize>) {
        let zh = "有答复时间，但没有答复意见。".to_owned();
        let en = "There is the date of a reply, but no reply.".to_owned();
        self.push(column, ProblemCode::DateWithoutReply, zh, en);
    }

    pub(crate) fn duplicate_ref(&mut self, column: Option<usize>, first: u32, is_identical: bool) {
        let (zh, en) = if is_identical {
            (format!("与第{first}行完全相同。"), format!("The same as row {first}."))
        } else {
            (
                format!("编号与第{first}行相同，但内容不同。"),
                format!("The same number as row {first}, with other content."),
            )
        };
        self.push(column, ProblemCode::DuplicateRef, zh, en);
    }

    pub(crate) fn merged(&mut self, column: Option<usize>) {
        let zh = "这是合并的单元格，只有第一行有内容。请取消合并，每行都填上。".to_owned();
        let en = "The cell is merged with one above, which alone holds the value. Unmerge them and fill in each row."
            .to_owned();
        self.push(column, ProblemCode::MergedCell, zh, en);
    }

    fn push(&mut self, column: Option<usize>, code: ProblemCode, detail_zh: String, detail_en: String) {
        let column = column.map(column_letters);
        self.found.push(RowProblem {
            row: self.row,
            column,
            code: code.as_str().into(),
            detail_zh,
            detail_en,
        });
    }
}

/// The field's name at the start of an English sentence.
const fn name_en(field: Field) -> &'static str {
    match field {
        Field::ExternalRef => "The number",
        Field::Author => "The author",
        Field::Title => "The title",
        Field::ReceivedAt => "The time of receipt",
        Field::Body => "The text",
        Field::Reply => "The reply",
        Field::RepliedAt => "The time of the reply",
        Field::Category => "The category",
        Field::Kind => "The kind",
        Field::Unit => "The unit",
        other => other.heading_en(),
    }
}
