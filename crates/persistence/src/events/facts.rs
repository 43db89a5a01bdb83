//! What stands in the detail of an event, one fact a line, and which of it is told to whom.

use liangnuo_domain::{
    CategoryId, ComplaintId, MemberId, UnitId,
    events::{Action, Subject},
};
use serde_json::Value;

/// A line of an event's detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Which: a code such as `unit` or `days`; of a change of settings, the setting.
    pub name: String,
    /// What it was before, of a change.
    pub before: Option<FactValue>,
    /// What it is.
    pub value: Option<FactValue>,
}

/// The value of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactValue {
    /// A code, a number, a day, or the words that somebody wrote.
    Text(String),
    /// A unit.
    Unit(UnitId),
    /// A member.
    Member(MemberId),
    /// Another case.
    Case(ComplaintId),
    /// A category of cases.
    Category(CategoryId),
}

/// The facts of an event. Without `is_told_all` those alone that an administrator of the log is told: codes, ids and the
/// names of fields, of what is no case; never words that somebody wrote. How many cases something was about nobody is told
/// but by its order of magnitude: beside the number that a caller counts, the exact one would tell that some are hidden.
pub(super) fn facts(action: Action, detail: &Value, is_told_all: bool) -> Vec<Fact> {
    let subject = action.subject();
    let Some(fields) = detail.as_object() else {
        return Vec::new();
    };
    let mut found = Vec::new();
    if let (Some(from), Some(to)) = (fields.get("from"), fields.get("to")) {
        let name = moved(subject);
        found.push(Fact {
            name: name.to_owned(),
            before: value(subject, name, from),
            value: value(subject, name, to),
        });
    }
    for (name, said) in fields {
        let is_said_above = matches!(name.as_str(), "from" | "to" | "before");
        if is_said_above || IDS_OF_PARTS.contains(&name.as_str()) {
            continue;
        }
        match said {
            Value::Array(several) => found.extend(several.iter().map(|one| fact(subject, name, None, Some(one)))),
            one if COUNTS.contains(&name.as_str()) => found.push(magnitude(name, one)),
            Value::Object(change) => found.push(fact(subject, name, change.get("from"), change.get("to"))),
            // The only change that is written down beside the value: a category's name.
            one => {
                let before = fields.get("before").filter(|before| name == "name" && *before != one);
                found.push(fact(subject, name, before, Some(one)));
            }
        }
    }
    found.retain(|fact| {
        let says_something = fact.before.is_some() || fact.value.is_some();
        says_something && (is_told_all || is_outline(subject, &fact.name))
    });
    found
}

/// Messages, replies and files are read in the case, not by their ids.
const IDS_OF_PARTS: [&str; 3] = ["message", "reply", "attachment"];

/// Numbers of cases.
const COUNTS: [&str; 5] = ["rows", "created", "updated", "failed", "cases"];

/// The largest power of ten that a number reaches.
fn magnitude(name: &str, count: &Value) -> Fact {
    let reached = count.as_u64().map(|count| match count.checked_ilog10() {
        Some(digits) => 10_u64.pow(digits),
        None => 0,
    });
    Fact {
        name: format!("{name}_at_least"),
        before: None,
        value: reached.map(|count| FactValue::Text(count.to_string())),
    }
}

/// What moves when an event says from where to where.
const fn moved(subject: Subject) -> &'static str {
    match subject {
        Subject::Units => "parent",
        Subject::Members => "unit",
        _ => "due_on",
    }
}

fn fact(subject: Subject, name: &str, before: Option<&Value>, now: Option<&Value>) -> Fact {
    Fact {
        name: name.to_owned(),
        before: before.and_then(|before| value(subject, name, before)),
        value: now.and_then(|now| value(subject, name, now)),
    }
}

fn value(subject: Subject, name: &str, said: &Value) -> Option<FactValue> {
    let text = match said {
        Value::String(text) => text.clone(),
        Value::Bool(_) | Value::Number(_) => said.to_string(),
        Value::Null | Value::Array(_) | Value::Object(_) => return None,
    };
    Some(match name {
        "parent" if subject == Subject::Categories => FactValue::Category(text.parse().ok()?),
        "unit" | "units" | "parent" | "successors" => FactValue::Unit(text.parse().ok()?),
        "handler" | "member" | "members" | "holder" => FactValue::Member(text.parse().ok()?),
        "into" => FactValue::Case(text.parse().ok()?),
        "category" => FactValue::Category(text.parse().ok()?),
        _ => FactValue::Text(text),
    })
}

/// Whether a fact is told to who administers the log, too. Exhaustive: of a new kind of thing somebody decides here.
fn is_outline(subject: Subject, name: &str) -> bool {
    let told: &[&str] = match subject {
        Subject::Calendars | Subject::Categories | Subject::Settings => return true,
        Subject::Accounts => &["member", "kind"],
        Subject::Exports => &["of", "format", "filters", "rows_at_least"],
        Subject::Imports => &[
            "kind",
            "dry_run",
            "state",
            "created_at_least",
            "updated_at_least",
            "failed_at_least",
        ],
        Subject::LogVerifications => &["state", "faults"],
        Subject::PhoneLookUps => &["cases_at_least"],
        Subject::Members => &["unit", "role", "fields", "member", "is_public", "shows_party"],
        Subject::ReplyTemplates => &["unit", "purpose"],
        Subject::RoleGrants => &["member", "role", "unit", "from", "to", "holder"],
        Subject::Units => &["kind", "parent", "fields", "successors", "moved_units", "moved_members"],
        Subject::Complaints | Subject::SavedViews | Subject::VaultKeys => &[],
    };
    told.contains(&name)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use uuid::Uuid;

    use super::*;

    fn all(subject: Subject, past_tense: &str, detail: Value) -> Vec<Fact> {
        facts(Action::of(subject, past_tense).unwrap(), &detail, true)
    }

    fn text(name: &str, value: &str) -> Fact {
        Fact {
            name: name.to_owned(),
            before: None,
            value: Some(FactValue::Text(value.to_owned())),
        }
    }

    #[test]
    fn references_are_told_from_words() {
        let id = Uuid::from_u128(7);
        let detail = json!({"state": "assigned", "unit": id, "handler": null, "note": "请三日内答复", "message": id});
        assert_eq!(
            all(Subject::Complaints, "assigned", detail),
            [
                text("note", "请三日内答复"),
                text("state", "assigned"),
                Fact {
                    value: Some(FactValue::Unit(UnitId(id))),
                    ..text("unit", "")
                },
            ]
        );
    }

    #[test]
    fn changes_show_both_sides() {
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let changed = |name: &str, before: &str, now: &str| Fact {
            before: Some(FactValue::Text(before.to_owned())),
            ..text(name, now)
        };
        assert_eq!(
            all(
                Subject::Settings,
                "changed",
                json!({"hold_days": {"from": 10, "to": 7}})
            ),
            [changed("hold_days", "10", "7")]
        );
        assert_eq!(
            all(
                Subject::Categories,
                "edited",
                json!({"name": "食堂", "before": "伙食", "position": 3})
            ),
            [changed("name", "伙食", "食堂"), text("position", "3")]
        );
        assert_eq!(
            all(Subject::Units, "moved", json!({"from": one, "to": two})),
            [Fact {
                name: "parent".to_owned(),
                before: Some(FactValue::Unit(UnitId(one))),
                value: Some(FactValue::Unit(UnitId(two))),
            }]
        );
        assert_eq!(
            all(Subject::Members, "edited", json!({"fields": ["name", "post"]})),
            [text("fields", "name"), text("fields", "post")]
        );
    }

    #[test]
    fn the_administrator_of_the_log_is_told_no_case_and_no_words() {
        let outline = |subject, past_tense, detail: Value| {
            let told = facts(Action::of(subject, past_tense).unwrap(), &detail, false);
            told.into_iter().map(|fact| fact.name).collect::<Vec<_>>()
        };
        let none = Vec::<String>::new();
        let case = json!({"state": "assigned", "unit": Uuid::nil(), "reason": "因为", "days": 3});
        assert_eq!(outline(Subject::Complaints, "assigned", case), none);
        assert_eq!(
            outline(Subject::Members, "closed", json!({"reason": "被举报，停职"})),
            none
        );
        let rows = json!({"of": "complaints", "format": "csv", "rows": 57, "filters": ["state"]});
        assert_eq!(
            outline(Subject::Exports, "made", rows),
            ["filters", "format", "of", "rows_at_least"]
        );
        let setting = json!({"hold_days": {"from": 10, "to": 7}});
        assert_eq!(outline(Subject::Settings, "changed", setting), ["hold_days"]);
    }

    #[test]
    fn of_numbers_of_cases_the_order_of_magnitude_is_told() {
        let told = |rows: u64| all(Subject::Exports, "made", json!({"rows": rows}));
        for (rows, reached) in [(0, "0"), (9, "1"), (10, "10"), (1_408, "1000"), (20_000, "10000")] {
            assert_eq!(told(rows), [text("rows_at_least", reached)]);
        }
    }

    #[test]
    fn a_detail_that_was_deleted_says_nothing() {
        assert_eq!(all(Subject::Units, "closed", Value::Null), []);
    }
}
