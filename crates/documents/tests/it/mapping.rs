//! Mappings that people give.

use liangnuo_documents::{Field, Form, Mapping, Sheet};

use crate::data::texts;

fn sheet() -> Sheet {
    let bytes = texts(&[
        &["编号", "标题", "时间", "内容", "时间", ""],
        &["1", "2", "3", "4", "5", "6"],
    ]);
    Sheet::open(&bytes, "x").unwrap()
}

fn codes(pairs: &[(&str, &str)]) -> Vec<String> {
    let problems = Mapping::resolve(Form::Ledger, &sheet(), pairs.iter().copied()).unwrap_err();
    problems
        .iter()
        .map(|problem| format!("{} {}", problem.code(), problem.heading().unwrap_or("-")))
        .collect()
}

#[test]
fn a_mapping_names_headings_or_letters() {
    let pairs = [
        ("编 号", "external_ref"),
        ("标题", "title"),
        ("e", "received_at"),
        ("内容", "body"),
        ("F", "unit"),
    ];
    let mapping = Mapping::resolve(Form::Ledger, &sheet(), pairs).unwrap();
    assert_eq!(mapping.column(Field::ReceivedAt), Some(4));
    assert_eq!(mapping.column(Field::Reply), None);
    let shown: Vec<(String, &str)> = mapping
        .pairs(&sheet())
        .into_iter()
        .map(|(heading, field)| (heading, field.as_str()))
        .collect();
    let expected = [
        ("编号", "external_ref"),
        ("标题", "title"),
        ("内容", "body"),
        ("E", "received_at"),
        ("F", "unit"),
    ];
    assert_eq!(shown, expected.map(|(heading, field)| (heading.to_owned(), field)));
}

#[test]
fn everything_wrong_is_said_at_once() {
    let pairs = [
        ("编号", "external_ref"),
        ("编号", "title"),
        ("不存在", "received_at"),
        ("时间", "replied_at"),
        ("标题", "external_ref"),
        ("内容", "content"),
    ];
    let expected = [
        "column_twice 编号",
        "unknown_heading 不存在",
        "ambiguous_heading 时间",
        "field_twice 标题",
        "unknown_field 内容",
        "missing_field -",
    ];
    assert_eq!(codes(&pairs), expected);
}

#[test]
fn required_fields_must_be_there() {
    assert_eq!(codes(&[]), ["missing_field -"; 4]);
    let bytes = texts(&[&["编号", "备注"], &["1", "2"]]);
    let problems = Mapping::guess(Form::Ledger, &Sheet::open(&bytes, "x").unwrap()).unwrap_err();
    let texts: Vec<String> = problems
        .iter()
        .map(liangnuo_documents::MappingProblem::detail_zh)
        .collect();
    assert_eq!(
        texts,
        [
            "没有指明哪一列是“留言主题”。",
            "没有指明哪一列是“留言时间”。",
            "没有指明哪一列是“留言详情”。"
        ]
    );
    assert_eq!(problems[0].to_string(), "no column is given for title");
}
