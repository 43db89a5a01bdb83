//! Text that people type: cleaned once, measured in characters as a person counts them.

use std::collections::BTreeSet;

use crate::error::Invalid;

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

/// The form in which texts are searched: lower case, full-width letters and digits brought to half width.
#[must_use]
pub fn fold(text: &str) -> String {
    text.chars()
        .map(|c| match u32::from(c) {
            code @ 0xFF01..=0xFF5E => char::from_u32(code - 0xFEE0).unwrap_or(c),
            0x3000 => ' ',
            _ => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// The runs of letters and digits in a folded text: what lies between punctuation and spaces.
fn runs(folded: &str) -> impl Iterator<Item = &str> {
    folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|run| !run.is_empty())
}

/// The pairs of neighbouring letters in a text, each once: an index over them finds any word of two letters or more,
/// though Chinese writes no spaces. Spelled in ASCII, so that no database's own idea of a word comes in between.
#[must_use]
pub fn pairs(text: &str) -> BTreeSet<String> {
    let folded = fold(text);
    let mut out = BTreeSet::new();
    for run in runs(&folded) {
        for (one, two) in run.chars().zip(run.chars().skip(1)) {
            out.insert(format!("{:x}g{:x}", u32::from(one), u32::from(two)));
        }
    }
    out
}

/// A word that is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SearchWord {
    /// As it must stand in the folded text.
    pub folded: String,
    /// The pairs that the text must have; none for a word without two letters in a row.
    pub pairs: BTreeSet<String>,
    /// Whether having the pairs is enough, or the text must be looked at.
    pub is_exact: bool,
}

/// The words of a search, as people type them with spaces between: each must stand in the text.
#[must_use]
pub fn search_words(typed: &str) -> Vec<SearchWord> {
    fold(typed)
        .split_whitespace()
        .map(|word| SearchWord {
            pairs: pairs(word),
            is_exact: word.chars().count() == 2 && word.chars().all(char::is_alphanumeric),
            folded: word.to_owned(),
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
            pairs("饭菜，偏凉！"),
            pairs("偏凉饭菜")
                .into_iter()
                .filter(|p| pairs("饭菜 偏凉").contains(p))
                .collect()
        );
        assert!(pairs("饭。菜").is_empty() && pairs("a b").is_empty());
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
        fn nothing_that_stands_in_a_text_is_missed(text in "[一二三四五，。 a-c]{0,40}", from in 0_usize..40, length in 2_usize..6) {
            let part: String = text.chars().skip(from).take(length).collect();
            for word in search_words(&part) {
                prop_assert!(word.pairs.is_subset(&pairs(&text)));
            }
        }
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
