//! Empty files with the headings that an import knows, and what they mean.

use rust_xlsxwriter::{DataValidation, Note, Worksheet, XlsxError};

use crate::field::{Field, Form};
use crate::table::{CsvPieces, TableColumn, TableFormat};
use crate::write::{Styles, WriteError, new_workbook, write_headings, write_text};

/// An empty ledger with the headings that [`crate::Mapping::guess`] knows, and a second sheet that explains them.
///
/// # Errors
/// [`WriteError`] when the writer refuses.
pub fn template() -> Result<Vec<u8>, WriteError> {
    let styles = Styles::new();
    let mut book = new_workbook();
    let ledger = book.add_worksheet();
    ledger.set_name("台账")?;
    write_headings(
        ledger,
        Form::Ledger.fields().iter().map(|field| field.heading()),
        &styles.heading,
    )?;
    for (column, field) in (0_u16..).zip(Form::Ledger.fields().iter().copied()) {
        // Text, so that Excel keeps ids and dates as they are typed.
        ledger.set_column_format(column, &styles.text)?;
        ledger.set_column_width(
            column,
            if field.limit().is_none_or(|limit| limit < 1_000) {
                22
            } else {
                48
            },
        )?;
    }
    let help = book.add_worksheet();
    help.set_name("填写说明")?;
    write_headings(
        help,
        ["表头", "是否必填", "说明", "示例", "Field", "Meaning"],
        &styles.heading,
    )?;
    for (line, field) in (1_u32..).zip(Form::Ledger.fields().iter().copied()) {
        let (meaning, example, english) = explanation(field);
        let required = if field.is_required() { "必填" } else { "选填" };
        let limit = field
            .limit()
            .map(|limit| format!("最多{limit}字。"))
            .unwrap_or_default();
        let texts = [
            field.heading(),
            required,
            &format!("{meaning}{limit}"),
            example,
            field.as_str(),
            english,
        ];
        for (column, text) in texts.into_iter().enumerate() {
            write_text(help, line, column, text, &styles, false)?;
        }
    }
    for (column, width) in (0_u16..).zip([14, 10, 60, 26, 16, 60]) {
        help.set_column_width(column, width)?;
    }
    Ok(book.save_to_buffer()?)
}

const fn explanation(field: Field) -> (&'static str, &'static str, &'static str) {
    match field {
        Field::ExternalRef => (
            "本台账中的唯一编号；再次导入同一编号时更新原记录。",
            "2019-00125",
            "The ledger's own number; unique. Importing it again updates the record.",
        ),
        Field::Author => (
            "留言人的姓名或账号；匿名的留空。",
            "用户A0012",
            "Who wrote it; empty when anonymous.",
        ),
        Field::Title => ("一句话概括。", "建议加装路灯", "The subject, on one line."),
        Field::ReceivedAt => (
            "北京时间；可以只写日期。",
            "2019-04-25 09:32:09",
            "When it came in, China's time; a date alone will do.",
        ),
        Field::Body => ("留言的全文。", "东街路口没有路灯，晚上不安全。", "What was written."),
        Field::Reply => (
            "答复的全文；未答复的留空。",
            "已列入本月安装计划。",
            "What was answered; empty when not yet.",
        ),
        Field::RepliedAt => (
            "有答复意见时必填，不得早于留言时间。",
            "2019-05-10 14:56:53",
            "When it was answered; required with a reply.",
        ),
        Field::Kind => (
            "投诉、举报、建议、咨询、表扬。",
            "建议",
            "Grievance, report, suggestion, inquiry, praise.",
        ),
        Field::Category => ("问题所属的分类。", "城乡建设", "The subject area."),
        Field::Unit => (
            "承办或被反映的单位、学校。",
            "县住建局",
            "The office or school concerned.",
        ),
        Field::UnitCode => (
            "主管部门给的编码，如学校标识码：字母、数字和“-”“_”“.”，最多32位。有编码的，再次导入时按编码认单位，可以改名称、换上级。",
            "3301000123",
            "The code that the authority gave: letters, digits, - _ . and 32 at the most. A unit with a code is known by it: its \
             name and the unit above may then change.",
        ),
        Field::UnitName => (
            "没有编码的，按上级单位加名称认单位。新建时必填，2到100字。",
            "东岭中学",
            "Without a code a unit is known by its name under the unit above. A new one needs it; 2 to 100 characters.",
        ),
        Field::UnitNameEn => ("最多200个字符。", "Dongling Middle School", "At most 200 characters."),
        Field::UnitKind => (
            "教育局、股室、学校、幼儿园、党支部或窗口。新建时必填，以后不能改。",
            "学校",
            "Bureau, Office, School, Kindergarten, Party branch or Service window. A new unit needs it; it can't be changed.",
        ),
        Field::Parent => (
            "上级单位的编码，或名称；同名的不止一个，就写路径，如“县教育局/东岭中学”。新建时必填。上级单位可以就在这张表里，前后不限。",
            "县教育局/东岭中学",
            "The code or name of the unit above; where several have the name, the path, such as Bureau/School. A new unit needs \
             it. It may stand anywhere in this file.",
        ),
        Field::Head => ("最多50字。", "何梅", "At most 50 characters."),
        Field::Hotline => (
            "群众看得到，最多50字。",
            "0000-5550100",
            "The public sees it; at most 50 characters.",
        ),
        Field::Address => ("最多200字。", "东岭路1号", "At most 200 characters."),
        Field::OpeningHours => ("最多200字。", "工作日8:30至17:30", "At most 200 characters."),
        Field::StaffNumber => (
            "单位给的编号：字母、数字和“-”“_”“.”，最多32位。有工号的，再次导入时按工号认人，可以改姓名、换单位。",
            "T0123",
            "The number that the employer gave: letters, digits, - _ . and 32 at the most. Who has one is known by it: name and \
             unit may then change.",
        ),
        Field::MemberName => (
            "没有工号的，按单位加姓名认人；同一单位有重名的，先给他们填工号。新建时必填，最多50字。",
            "周敏",
            "Without a staff number a member is known by unit and name; give namesakes in one unit staff numbers first. A new \
             member needs it; at most 50 characters.",
        ),
        Field::MemberNameEn => ("最多100个字符。", "Zhou Min", "At most 100 characters."),
        Field::Home => (
            "单位的编码，或名称；同名的不止一个，就写路径，如“县教育局/东岭中学”。新建时必填。换了单位，原职务不带过去。",
            "东岭中学",
            "The unit's code or name; where several have the name, the path, such as Bureau/School. A new member needs it. Who \
             goes to another unit leaves the post behind.",
        ),
        Field::Post => ("最多50字。", "教师", "At most 50 characters."),
        Field::PostEn => (
            "职务的英文名；同一单位的同一职务共用一个。最多100个字符。",
            "Teacher",
            "The post's name in English, shared by all who hold it in the unit. At most 100 characters.",
        ),
        Field::Branch => (
            "党支部的编码、名称或路径。",
            "东岭中学/第一党支部",
            "The code, name or path of the party branch.",
        ),
        Field::IsPartyMember => (
            "是或否；新建时不填就是否。",
            "是",
            "Yes or no; no for a new member if left empty.",
        ),
        Field::ClosedOn => ("", "", ""),
    }
}

/// What a person typing a list must know beside the columns, in Chinese and English.
const RULES: [(&str, &str); 5] = [
    (
        "空着的格子：原来的内容不变。要清空一项，填“-”。",
        "An empty cell leaves things as they are. To empty a field, write \"-\".",
    ),
    (
        "表里没有的单位或成员，什么都不会变；导入不撤销单位，也不让成员离开。",
        "What is not in the file stays as it is. An import closes nothing.",
    ),
    (
        "同一张表可以再导：只写不一样的地方，一样的行什么都不写。",
        "The same file can be imported again: only what differs is written.",
    ),
    (
        "两行说的是同一个，第二行不导入；分不清是哪一个的，也不导入，会告诉您怎么改。",
        "Of two rows about the same one the second is refused, and so is a row that could mean several; you are told what to do.",
    ),
    (
        "以“'”开头的，按后面的原样取。不要合并单元格。",
        "A text that begins with ' is taken as it is behind it. Don't merge cells.",
    ),
];

/// An empty list in the language asked for: headings with notes, a sheet that explains them, examples on a sheet of their own
/// so that nobody imports them.
///
/// # Errors
/// [`WriteError`] when the writer refuses.
pub fn list_template(form: Form, kinds: &[&str], is_english: bool) -> Result<Vec<u8>, WriteError> {
    let fields = shown(form);
    let styles = Styles::new();
    let mut book = new_workbook();
    let page = book.add_worksheet();
    page.set_name(match (form, is_english) {
        (Form::Units, false) => "单位",
        (Form::Units, true) => "Units",
        (_, false) => "成员",
        (_, true) => "Members",
    })?;
    begin_list(page, &fields, &styles, is_english)?;
    for (column, field) in (0_u16..).zip(&fields) {
        let (zh, _, en) = explanation(*field);
        page.insert_note(
            0,
            column,
            &Note::new(if is_english { en } else { zh }).add_author_prefix(false),
        )?;
        let words: &[&str] = match field {
            Field::UnitKind => kinds,
            Field::IsPartyMember if is_english => &["Yes", "No"],
            Field::IsPartyMember => &["是", "否"],
            _ => continue,
        };
        let validation = DataValidation::new().allow_list_strings(words)?;
        page.add_data_validation(1, column, 10_000, column, &validation)?;
    }
    let examples = book.add_worksheet();
    examples.set_name(if is_english { "Examples" } else { "示例" })?;
    begin_list(examples, &fields, &styles, is_english)?;
    for (line, cells) in (1_u32..).zip(example_rows(form, is_english)) {
        for (column, text) in cells.iter().enumerate() {
            write_text(examples, line, column, text, &styles, false)?;
        }
    }
    let help = book.add_worksheet();
    help.set_name(if is_english {
        "How to fill it in"
    } else {
        "填写说明"
    })?;
    let headings = if is_english {
        ["Column", "What to write"]
    } else {
        ["表头", "怎么填"]
    };
    write_headings(help, headings, &styles.heading)?;
    let columns = fields.iter().map(|field| {
        let (zh, _, en) = explanation(*field);
        (heading(*field, is_english), if is_english { en } else { zh })
    });
    let rules = RULES.iter().map(|(zh, en)| ("", if is_english { *en } else { *zh }));
    for (line, (name, text)) in (1_u32..).zip(columns.chain(rules)) {
        write_text(help, line, 0, name, &styles, false)?;
        write_text(help, line, 1, text, &styles, false)?;
    }
    help.set_column_width(1, 110)?;
    Ok(book.save_to_buffer()?)
}

/// The headings alone, with commas. There is no place for an explanation: every row below would be taken in.
///
/// # Errors
/// [`WriteError`] when the writer refuses.
pub fn csv_template(form: Form, is_english: bool) -> Result<Vec<u8>, WriteError> {
    let column = |field: &Field| TableColumn {
        heading: heading(*field, is_english),
        width: 0,
    };
    let columns: Vec<TableColumn<'_>> = shown(form).iter().map(column).collect();
    match CsvPieces::of(TableFormat::Csv) {
        Some(pieces) => pieces.head(&columns),
        None => Ok(Vec::new()),
    }
}

/// The columns that a person fills in: that something was closed is only ever read.
fn shown(form: Form) -> Vec<Field> {
    let fields = form.fields().iter().copied();
    fields.filter(|field| *field != Field::ClosedOn).collect()
}

const fn heading(field: Field, is_english: bool) -> &'static str {
    if is_english {
        field.heading_en()
    } else {
        field.heading()
    }
}

fn begin_list(page: &mut Worksheet, fields: &[Field], styles: &Styles, is_english: bool) -> Result<(), XlsxError> {
    let headings = fields.iter().map(|field| heading(*field, is_english));
    write_headings(page, headings, &styles.heading)?;
    for column in (0_u16..).take(fields.len()) {
        // Text, so that Excel keeps the zeros in front of a code.
        page.set_column_format(column, &styles.text)?;
    }
    Ok(())
}

fn example_rows(form: Form, is_english: bool) -> Vec<Vec<&'static str>> {
    match (form, is_english) {
        (Form::Members, false) => vec![
            vec![
                "T0123",
                "周敏",
                "Zhou Min",
                "东岭中学",
                "教师",
                "Teacher",
                "东岭中学/第一党支部",
                "是",
            ],
            vec!["", "何磊", "", "3301000123", "教务主任", "", "", "否"],
        ],
        (Form::Members, true) => vec![
            vec![
                "T0123",
                "周敏",
                "Zhou Min",
                "东岭中学",
                "教师",
                "Teacher",
                "东岭中学/第一党支部",
                "Yes",
            ],
            vec!["", "何磊", "", "3301000123", "教务主任", "", "", "No"],
        ],
        (_, false) => vec![
            vec![
                "3301000123",
                "东岭中学",
                "Dongling Middle School",
                "学校",
                "县教育局",
                "何梅",
                "0000-5550100",
                "东岭路1号",
                "工作日8:30至17:30",
            ],
            vec!["", "第一党支部", "", "党支部", "3301000123", "-", "", "", ""],
        ],
        (_, true) => vec![
            vec![
                "3301000123",
                "东岭中学",
                "Dongling Middle School",
                "School",
                "县教育局",
                "何梅",
                "0000-5550100",
                "东岭路1号",
                "工作日8:30至17:30",
            ],
            vec!["", "第一党支部", "", "Party branch", "3301000123", "-", "", "", ""],
        ],
    }
}
