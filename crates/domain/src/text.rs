//! Text that people type: cleaned once, measured in characters as a person counts them.

use std::collections::BTreeSet;

use crate::{complaints::number::is_number, error::Invalid};

/// How a text field is measured.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Fewest characters after cleaning; 0 for a field that may be empty.
    pub min: usize,
    /// Most characters after cleaning.
    pub max: usize,
    /// Whether line breaks are kept.
    pub lines: bool,
}

/// A name or title on one line.
#[must_use]
pub const fn line(min: usize, max: usize) -> Limits {
    Limits { min, max, lines: false }
}

/// A text of many lines.
#[must_use]
pub const fn prose(min: usize, max: usize) -> Limits {
    Limits { min, max, lines: true }
}

/// Trims a text, drops control characters (PostgreSQL refuses U+0000) and brings line breaks to one form.
#[must_use]
pub fn clean(raw: &str, lines: bool) -> String {
    let unified = raw.replace("\r\n", "\n").replace('\r', "\n");
    let kept: String = unified
        .chars()
        .map(|c| if !lines && (c == '\n' || c == '\t') { ' ' } else { c })
        .filter(|c| !is_unwanted(*c))
        .collect();
    kept.trim().to_owned()
}

/// Control characters but tab and line feed, and the marks that turn the reading direction around: the latter let a
/// text look like something that it isn't.
fn is_unwanted(c: char) -> bool {
    (c.is_control() && c != '\n' && c != '\t')
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Cleans a text and checks its length.
///
/// # Errors
/// `required` when nothing is left of a field that must be filled, `too_short`, `too_long`.
pub fn parse(pointer: &str, raw: &str, limits: Limits) -> Result<String, Invalid> {
    let text = clean(raw, limits.lines);
    let length = text.chars().count();
    if length == 0 && limits.min > 0 {
        return Err(Invalid::one(
            pointer,
            "required",
            "请填写这一项。",
            "Fill in this field.",
        ));
    }
    if length < limits.min {
        let min = limits.min;
        return Err(Invalid::one(
            pointer,
            "too_short",
            format!("至少写{min}个字。"),
            format!("Write at least {min} characters."),
        ));
    }
    if length > limits.max {
        let max = limits.max;
        return Err(Invalid::one(
            pointer,
            "too_long",
            format!("最多{max}个字，现在有{length}个。"),
            format!("At most {max} characters; there are {length} now."),
        ));
    }
    Ok(text)
}

/// As [`parse`], for a field that may be left out; blank is the same as absent.
///
/// # Errors
/// As [`parse`].
pub fn parse_optional(pointer: &str, raw: Option<&str>, limits: Limits) -> Result<Option<String>, Invalid> {
    match raw {
        Some(raw) if !clean(raw, limits.lines).is_empty() => parse(pointer, raw, limits).map(Some),
        Some(_) | None => Ok(None),
    }
}

/// Most characters of a key that somebody else gave: a unit's code, a member's staff number.
pub const MAX_KEY: usize = 32;

/// A key that somebody else gave, such as a school's code; blank is the same as absent. Full-width letters and digits, which
/// Chinese keyboards write, become plain ones: a key is compared letter by letter.
///
/// # Errors
/// `malformed` for anything but letters, digits, `-`, `_` and `.` that begin with a letter or digit; `too_long`.
pub fn parse_key(pointer: &str, raw: Option<&str>) -> Result<Option<String>, Invalid> {
    let Some(typed) = parse_optional(pointer, raw, line(1, MAX_KEY))? else {
        return Ok(None);
    };
    let key: String = typed.chars().map(half_width).collect();
    let is_plain = key
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    if is_plain && key.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Ok(Some(key));
    }
    Err(Invalid::one(
        pointer,
        "malformed",
        "只能用字母、数字和“-”“_”“.”，以字母或数字开头。",
        "Only letters, digits, \"-\", \"_\" and \".\", beginning with a letter or digit.",
    ))
}

/// A full-width letter, digit or sign as the plain one.
#[must_use]
pub fn half_width(c: char) -> char {
    match u32::from(c) {
        code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
        0x3000 => ' ',
        _ => c,
    }
}

/// The form in which texts are searched: lower case, full-width letters and digits brought to half width.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars().map(half_width).flat_map(char::to_lowercase).collect()
}

/// The pairs of neighbouring characters in a text, each once: an index over them finds any word of two characters or more,
/// though Chinese writes no spaces, and whatever signs stand in it (`5%`, `C+`). Spelled in ASCII, so that no database's own
/// idea of a word comes in between.
#[must_use]
pub fn pairs(text: &str) -> BTreeSet<String> {
    let folded = fold(text);
    let mut out = BTreeSet::new();
    for run in folded.split_whitespace() {
        for (one, two) in run.chars().zip(run.chars().skip(1)) {
            out.insert(format!("{:x}g{:x}", u32::from(one), u32::from(two)));
        }
    }
    out
}

/// What an index keeps of a text: its pairs, those of its title a second time and marked as such, and the numbers of cases
/// that it names, each as one, since the pairs of digits stand in nearly every text.
#[must_use]
pub fn terms(title: &str, text: &str) -> BTreeSet<String> {
    let mut out = pairs(text);
    out.extend(pairs(title).iter().map(|pair| title_term(pair)));
    let folded = fold(text);
    let runs = folded.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    out.extend(runs.filter_map(number_term));
    out
}

/// The term that says that a pair stands in the title.
#[must_use]
pub fn title_term(pair: &str) -> String {
    format!("t{pair}")
}

/// The term of a case's number; `None` for any other text.
fn number_term(folded: &str) -> Option<String> {
    // A look at the form first: the check character takes longer.
    let looks_like_one = folded.len() >= "2026-000001-K".len() && folded.split('-').count() == 3;
    (looks_like_one && is_number(folded)).then(|| format!("n{}", folded.replace('-', "")))
}

/// A word that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchWord {
    /// As it must stand in the folded text.
    pub folded: String,
    /// The pairs that the text must have; none for a single character.
    pub pairs: BTreeSet<String>,
    /// What the index must have: the pairs, or the one term of a case's number.
    pub terms: BTreeSet<String>,
    /// Whether having the terms is enough, or the text must be looked at.
    pub is_exact: bool,
}

/// The words of a search, as people type them with spaces between: each must stand in the text.
#[must_use]
pub fn search_words(typed: &str) -> Vec<SearchWord> {
    fold(typed)
        .split_whitespace()
        .map(|word| {
            let number = number_term(word);
            let pairs = pairs(word);
            SearchWord {
                is_exact: number.is_some() || word.chars().count() == 2,
                terms: number.map_or_else(|| pairs.clone(), |number| BTreeSet::from([number])),
                pairs,
                folded: word.to_owned(),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn two_letters_next_to_each_other_are_a_pair() {
        assert_eq!(
            pairs("饭菜 偏凉"),
            pairs("偏凉饭菜")
                .into_iter()
                .filter(|p| pairs("饭菜 偏凉").contains(p))
                .collect()
        );
        assert!(pairs("a b").is_empty() && pairs("饭").is_empty());
        assert_eq!(pairs("5%"), BTreeSet::from(["35g25".to_owned()]));
        assert_eq!(pairs("ＡＢ"), pairs("ab"));
        let words = search_words("  饭菜偏凉 食堂 C3 ");
        assert_eq!(
            words.iter().map(|w| w.is_exact).collect::<Vec<_>>(),
            [false, true, true]
        );
    }

    proptest! {
        /// Whatever stands in a text is found by its pairs.
        #[test]
        fn nothing_that_stands_in_a_text_is_missed(text in "[一二三四五，。 a-c%+]{0,40}", from in 0_usize..40, length in 2_usize..6) {
            let part: String = text.chars().skip(from).take(length).collect();
            for word in search_words(&part) {
                prop_assert!(word.terms.is_subset(&terms("", &text)));
            }
        }
    }

    #[test]
    fn a_number_is_one_term_wherever_it_stands() {
        let number = crate::complaints::number::number(2026, 123);
        let word = search_words(&number).remove(0);
        assert!(word.is_exact && word.terms.len() == 1 && word.pairs.len() > 5);
        for text in [
            format!("见{number}号件"),
            format!("({number})"),
            format!("同 {}。", number.to_lowercase()),
        ] {
            assert!(word.terms.is_subset(&terms("", &text)), "{text}");
        }
        let other = crate::complaints::number::number(2026, 124);
        assert!(!word.terms.is_subset(&terms("", &other)));
        assert!(search_words("2026-000123-").iter().all(|word| !word.is_exact));
        let title = terms("食堂", "食堂太吵");
        assert!(pairs("食堂").iter().all(|pair| title.contains(&title_term(pair))));
        assert!(pairs("太吵").iter().all(|pair| !title.contains(&title_term(pair))));
    }

    #[test]
    fn control_characters_and_direction_marks_go() {
        assert_eq!(clean(" a\u{0}b\u{202E}c\r\nd\te ", true), "abc\nd\te");
        assert_eq!(clean("a\nb", false), "a b");
    }

    #[test]
    fn length_counts_characters_not_bytes() {
        assert!(parse("/t", &"承".repeat(100), line(1, 100)).is_ok());
        assert_eq!(
            parse("/t", &"承".repeat(101), line(1, 100)).unwrap_err().0[0].code,
            "too_long"
        );
        assert_eq!(parse("/t", " \u{0} ", line(1, 100)).unwrap_err().0[0].code, "required");
        assert_eq!(parse_optional("/t", Some("  "), line(2, 10)).unwrap(), None);
    }

    #[test]
    fn folding_brings_widths_and_cases_together() {
        assert_eq!(fold("ＡＢＣ１２　Éa"), "abc12 éa");
    }
}
