use uuid::Uuid;

use super::*;

const ROOT: UnitId = UnitId(Uuid::from_u128(1));

fn unit(id: u128, parent: Option<u128>, name: &str, code: Option<&str>) -> Unit {
    Unit {
        id: UnitId(Uuid::from_u128(id)),
        region: ROOT,
        parent: parent.map(|id| UnitId(Uuid::from_u128(id))),
        kind: UnitKind::School,
        fields: UnitFields {
            name: name.to_owned(),
            code: code.map(str::to_owned),
            ..UnitFields::default()
        },
        closed_at: None,
        version: 1,
    }
}

fn tree() -> Units {
    let all = vec![
        unit(1, None, "石桥县教育局", Some("0")),
        unit(2, Some(1), "东岭中学", Some("100")),
        unit(3, Some(1), "西岭中学", None),
        unit(4, Some(2), "初中部", None),
        unit(5, Some(3), "初中部", None),
    ];
    Units::new(all, HashMap::new())
}

/// code, name, kind, parent.
fn row(number: i64, cells: [&str; 4]) -> UnitRow {
    let [code, name, kind, parent] = cells.map(Said::read);
    UnitRow {
        row: number,
        code,
        name,
        kind,
        parent,
        ..UnitRow::default()
    }
}

fn take(units: &mut Units, row: &UnitRow) -> Result<Change<Unit, Event>, String> {
    let id = UnitId(Uuid::from_u128(1_000 + u128::try_from(row.row).unwrap()));
    units
        .take(row, ROOT, id)
        .map_err(|invalid| format!("{} {}", invalid.0[0].pointer, invalid.0[0].code))
}

#[test]
fn a_reference_is_a_code_or_a_path_or_the_end_of_just_one() {
    let units = tree();
    let one = |id: u128| Found::One(UnitId(Uuid::from_u128(id)));
    for (reference, found) in [
        ("１００", one(2)),
        ("东岭中学", one(2)),
        ("东岭中学 ／ 初中部", one(4)),
        ("石桥县教育局/西岭中学/初中部", one(5)),
        ("初中部", Found::Several),
        ("岭中学", Found::Nothing),
        ("", Found::Nothing),
    ] {
        assert_eq!(units.find(reference), found, "{reference}");
    }
    for id in 1..=5 {
        let id = UnitId(Uuid::from_u128(id));
        assert_eq!(units.find(&units.reference(id).unwrap()), Found::One(id));
    }
}

#[test]
fn a_row_says_what_differs_and_nothing_else_is_changed() {
    let mut units = tree();
    assert_eq!(take(&mut units, &row(2, ["100", "", "", ""])), Ok(Change::Unchanged));
    let mut named = row(3, ["200", "西岭中学", "学校", "石桥县教育局"]);
    named.head = Said::read("何敏");
    let Ok(Change::Updated { next, events, .. }) = take(&mut units, &named) else {
        panic!("it gets its code and its head");
    };
    assert_eq!(next.fields.code.as_deref(), Some("200"));
    assert_eq!(
        events,
        [Event::Edited {
            fields: vec!["code", "head"]
        }]
    );
    // By its code it moves and gets another name.
    let mut units = tree();
    let Ok(Change::Updated { next, events, .. }) = take(&mut units, &row(2, ["100", "新中学", "", "西岭中学"]))
    else {
        panic!("it moves");
    };
    assert_eq!((next.parent, events.len()), (Some(UnitId(Uuid::from_u128(3))), 2));
}

#[test]
fn what_can_not_be_told_apart_or_done_is_said_at_its_field() {
    for (cells, error) in [
        (["", "初中部", "", ""], "/name ambiguous"),
        (["300", "高中部", "学校", "初中部"], "/parent ambiguous"),
        (["300", "高中部", "学校", "没有"], "/parent unknown_unit"),
        (["300", "高中部", "", "东岭中学"], "/kind required"),
        (["300", "高中部", "工厂", "东岭中学"], "/kind unknown_kind"),
        (["100", "", "幼儿园", ""], "/kind unchangeable"),
        (["100", "", "", "东岭中学/初中部"], "/parent invalid_parent"),
        (["300", "东岭中学", "学校", "0"], "/name taken"),
        (["100", "西岭中学", "", ""], "/name taken"),
        (["300", "", "", ""], "/name required"),
        (["", "高中部", "学校", ""], "/parent required"),
        (["a b", "高中部", "学校", "0"], "/code malformed"),
        (["0", "别的局", "", ""], " unchangeable"),
        (["100", "", "", "-"], "/parent required"),
        (["100", "-", "", ""], "/name required"),
    ] {
        let mut units = tree();
        assert_eq!(take(&mut units, &row(2, cells)), Err(error.to_owned()), "{cells:?}");
    }
}

#[test]
fn two_rows_about_one_unit_and_closed_units_are_refused() {
    let mut units = tree();
    let new = row(2, ["300", "南岭中学", "School", "0"]);
    assert!(matches!(take(&mut units, &new), Ok(Change::Created(_))));
    let again = row(3, ["", "南岭中学", "学校", "石桥县教育局"]);
    assert_eq!(take(&mut units, &again), Err(" duplicate_row".to_owned()));
    let closed = Unit {
        closed_at: Some(crate::Timestamp::from_micros(1)),
        ..unit(9, Some(1), "旧中学", Some("900"))
    };
    let mut units = Units::new(vec![unit(1, None, "石桥县教育局", None), closed], HashMap::new());
    assert_eq!(
        take(&mut units, &row(2, ["900", "旧中学", "学校", "石桥县教育局"])),
        Err("/code closed".to_owned())
    );
}

#[test]
fn a_word_for_a_kind_means_one_kind() {
    for (kind, zh, en) in KIND_WORDS {
        for word in [zh, en, kind.code(), &en.to_uppercase()] {
            assert_eq!(kind_of(word), Ok(kind));
        }
    }
    assert_eq!(KIND_WORDS.len(), UnitKind::ALL.len());
}
