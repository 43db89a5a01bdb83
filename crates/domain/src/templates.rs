//! Texts that the desk has ready: for replies, for what is not taken, for questions. Filled with the facts of a case.

use crate::{
    codes::codes,
    complaints::{Kind, ReplyParts, Verb},
    error::Invalid,
    ids::{CategoryId, UnitId},
    text,
    time::Day,
};

codes! {
    /// For which step a template is.
    Purpose {
        /// 答复
        Reply = "reply",
        /// 不予受理的理由
        NotAccept = "not_accept",
        /// 转送的理由
        Refer = "refer",
        /// 请投诉人补充
        Question = "question",
        /// 留言
        Message = "message",
    }
}

impl Purpose {
    /// The step that the text is for.
    #[must_use]
    pub const fn verb(self) -> Verb {
        match self {
            Self::Reply => Verb::Draft,
            Self::NotAccept => Verb::NotAccept,
            Self::Refer => Verb::Refer,
            Self::Question => Verb::Wait,
            Self::Message => Verb::Message,
        }
    }
}

/// A template's texts and what it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TemplateFields {
    /// For whose cases: those of this unit and all below it.
    pub unit: UnitId,
    /// For which step.
    pub purpose: Purpose,
    /// For cases of this category or one below it; for all if none.
    pub category: Option<CategoryId>,
    /// For cases of this kind; for all if none.
    pub kind: Option<Kind>,
    /// How the desk calls it.
    pub name: String,
    /// The parts of a reply.
    pub parts: ReplyParts,
    /// The text of any other step.
    pub body: String,
}

/// What stands for a fact of the case, in both languages.
const PLACEHOLDERS: &[(&str, &str)] = &[
    ("编号", "number"),
    ("标题", "title"),
    ("单位", "unit"),
    ("收到日期", "received"),
    ("到期日", "due"),
];

impl TemplateFields {
    /// Checks what was typed.
    ///
    /// # Errors
    /// Every field that can't be taken, and every placeholder that stands for nothing.
    pub fn parse(self) -> Result<Self, Invalid> {
        let mut found = Invalid::default();
        let name = found.take(text::parse("/name", &self.name, text::line(1, 60)));
        let is_reply = self.purpose == Purpose::Reply;
        let parts = if is_reply {
            let ReplyParts {
                request,
                facts,
                decision,
                basis,
            } = &self.parts;
            found.take(ReplyParts::parse(request, facts, decision, basis, false))
        } else {
            None
        };
        let body = if is_reply {
            None
        } else {
            found.take(text::parse("/body", &self.body, text::prose(2, 2_000)))
        };
        if is_reply && self.parts.body().trim().is_empty() {
            found.take::<()>(Err(Invalid::one(
                "/decision",
                "required",
                "至少写一部分。",
                "Write one part at least.",
            )));
        }
        for (pointer, text) in [
            ("/request", &self.parts.request),
            ("/facts", &self.parts.facts),
            ("/decision", &self.parts.decision),
            ("/basis", &self.parts.basis),
            ("/body", &self.body),
        ] {
            found.take(check_placeholders(pointer, text));
        }
        found.finish()?;
        Ok(Self {
            name: name.unwrap_or_default(),
            parts: parts.unwrap_or_default(),
            body: body.unwrap_or_default(),
            ..self
        })
    }
}

/// The words that stand in braces.
fn braced(text: &str) -> impl Iterator<Item = &str> {
    text.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(word, _)| word)
}

fn check_placeholders(pointer: &str, text: &str) -> Result<(), Invalid> {
    let unknown = braced(text).find(|word| !PLACEHOLDERS.iter().any(|(zh, en)| word == zh || word == en));
    let Some(word) = unknown else { return Ok(()) };
    let word: String = word.chars().take(30).collect();
    Err(Invalid::one(
        pointer,
        "unknown_placeholder",
        format!("“{{{word}}}”没有对应的内容。可以用：{{编号}}、{{标题}}、{{单位}}、{{收到日期}}、{{到期日}}。"),
        format!("\"{{{word}}}\" stands for nothing. There are {{number}}, {{title}}, {{unit}}, {{received}}, {{due}}."),
    ))
}

/// What a template is filled with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// The case's number.
    pub number: String,
    /// The case in one line.
    pub title: String,
    /// The unit that holds it.
    pub unit: String,
    /// The day it came in.
    pub received_on: Day,
    /// The day by which it is due; stays open if there is none.
    pub due_on: Option<Day>,
}

impl Facts {
    /// A text with the facts of the case in it. A fact is put in once: braces within a title mean nothing.
    #[must_use]
    pub fn fill(&self, text: &str) -> String {
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(open) = rest.find('{') {
            let (before, from) = rest.split_at(open);
            out.push_str(before);
            let known = from.find('}').and_then(|close| {
                let word = from.get(1..close)?;
                Some((self.fact(word)?, close + 1))
            });
            if let Some((fact, length)) = known {
                out.push_str(&fact);
                rest = from.get(length..).unwrap_or_default();
            } else {
                out.push('{');
                rest = from.get(1..).unwrap_or_default();
            }
        }
        out.push_str(rest);
        out
    }

    /// The parts of a reply with the facts in them.
    #[must_use]
    pub fn fill_parts(&self, parts: &ReplyParts) -> ReplyParts {
        ReplyParts {
            request: self.fill(&parts.request),
            facts: self.fill(&parts.facts),
            decision: self.fill(&parts.decision),
            basis: self.fill(&parts.basis),
        }
    }

    fn fact(&self, word: &str) -> Option<String> {
        use chrono::Datelike as _;
        let (zh, _) = PLACEHOLDERS.iter().find(|(zh, en)| word == *zh || word == *en)?;
        let day = |day: Day| format!("{}年{}月{}日", day.year(), day.month(), day.day());
        match *zh {
            "编号" => Some(self.number.clone()),
            "标题" => Some(self.title.clone()),
            "单位" => Some(self.unit.clone()),
            "收到日期" => Some(day(self.received_on)),
            _ => self.due_on.map(day),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;

    fn facts() -> Facts {
        Facts {
            number: "2026-000123-K".into(),
            title: "食堂{编号}饭菜偏凉".into(),
            unit: "柳湾小学".into(),
            received_on: "2026-11-03".parse().unwrap(),
            due_on: None,
        }
    }

    fn template(purpose: Purpose, decision: &str, body: &str) -> TemplateFields {
        TemplateFields {
            unit: UnitId(Uuid::from_u128(1)),
            purpose,
            category: None,
            kind: None,
            name: "供餐".into(),
            parts: ReplyParts {
                decision: decision.into(),
                ..ReplyParts::default()
            },
            body: body.into(),
        }
    }

    #[test]
    fn facts_are_put_in_once_and_what_is_not_known_stays() {
        assert_eq!(
            facts().fill("您{收到日期}反映的“{title}”（{编号}）由{单位}办理，{到期日}前答复。{"),
            "您2026年11月3日反映的“食堂{编号}饭菜偏凉”（2026-000123-K）由柳湾小学办理，{到期日}前答复。{"
        );
    }

    #[test]
    fn a_template_says_what_it_is_for() {
        assert!(template(Purpose::Reply, "已整改", "").parse().is_ok());
        assert_eq!(
            template(Purpose::Reply, " ", "").parse().unwrap_err().0[0].pointer,
            "/decision"
        );
        assert!(template(Purpose::Question, "", "请补充日期").parse().is_ok());
        assert_eq!(
            template(Purpose::Question, "", "").parse().unwrap_err().0[0].pointer,
            "/body"
        );
        let unknown = template(Purpose::Message, "", "{姓名}您好").parse().unwrap_err();
        assert_eq!(unknown.0[0].code, "unknown_placeholder");
    }

    proptest! {
        #[test]
        fn filling_never_fails_and_leaves_plain_text_alone(text in "[^{}]{0,50}", odd in ".{0,80}") {
            prop_assert_eq!(facts().fill(&text), text);
            let _ = facts().fill(&odd);
        }
    }
}
