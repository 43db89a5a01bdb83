//! Cleaning of the text in a ledger's cells.
//!
//! County ledgers are copied out of web pages: line breaks arrive as `_x000D_`, paragraphs behind runs of tabs, spaces
//! as U+00A0. All of that is layout of the page it came from, and none of it is what the resident wrote.

use std::borrow::Cow;

/// Length of `_xHHHH_`, the form in which Office writes a character that XML can't hold.
const ESCAPE_LENGTH: usize = 7;

/// Runs of this many blank lines or more become one blank line.
const BLANK_RUN: usize = 3;

/// Cleans a text of many lines. Applying it twice gives the same as once, and it never makes a text longer.
///
/// - `_xHHHH_` escapes are decoded, also doubly escaped ones (`_x005F_x000D_`), which exports of exports hold;
/// - CR, CR LF, vertical tab, form feed, NEL, U+2028 and U+2029 become a line feed;
/// - tabs before a line's first character go (with the spaces between them), other tabs become a space;
/// - white space at the ends of lines and of the whole text goes, the full-width space included;
/// - three and more blank lines become one;
/// - no-break spaces become spaces; U+0000 and all other control characters, zero-width spaces, byte order marks and
///   the marks that turn the reading direction go.
///
/// Everything else stays as it is.
#[must_use]
pub fn clean_text(raw: &str) -> String {
    let decoded = decode(raw);
    let mut text = String::with_capacity(decoded.len());
    let mut blank = 0_usize;
    for line in decoded.split('\n') {
        let line = clean_end_and_indent(line);
        if line.is_empty() {
            blank += 1;
            continue;
        }
        if !text.is_empty() {
            let kept = if blank >= BLANK_RUN { 1 } else { blank };
            text.extend(std::iter::repeat_n('\n', kept + 1));
        }
        blank = 0;
        text.push_str(&line);
    }
    text.trim().to_owned()
}

/// Cleans a text that stands on one line (a title, a name, an id): as [`clean_text`], with each line break and the
/// white space around it made one space.
#[must_use]
pub fn clean_line(raw: &str) -> String {
    let text = clean_text(raw);
    if !text.contains('\n') {
        return text;
    }
    let lines: Vec<&str> = text
        .split('\n')
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    lines.join(" ")
}

/// Whether nothing a person could see is left of the text. Cheaper than cleaning it.
#[must_use]
pub(crate) fn is_blank(raw: &str) -> bool {
    raw.chars().all(|c| c.is_whitespace() || is_dropped(c)) || clean_text(raw).is_empty()
}

/// Full-width forms of ASCII as their half-width forms, for comparing headings and reading dates.
#[must_use]
pub(crate) fn fold_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(u32::from(c) - 0xFEE0).unwrap_or(c),
        '\u{3000}' | '\u{A0}' => ' ',
        other => other,
    }
}

fn clean_end_and_indent(line: &str) -> Cow<'_, str> {
    let indent = line.len() - line.trim_start().len();
    let leading = line.get(..indent).unwrap_or_default();
    let after_tabs = leading.rfind('\t').map_or(0, |tab| tab + 1);
    let kept = line.get(after_tabs..).unwrap_or_default().trim_end();
    if kept.contains('\t') {
        Cow::Owned(kept.replace('\t', " "))
    } else {
        Cow::Borrowed(kept)
    }
}

/// Decodes escapes and brings single characters to their form in one pass over a stack, so that an escape that only
/// appears by decoding another, or by dropping a character from its middle, is decoded too. That is what makes the
/// cleaning idempotent.
fn decode(raw: &str) -> String {
    let mut out = Stack {
        text: String::with_capacity(raw.len()),
        after_cr: false,
    };
    for c in raw.chars() {
        let mut next = Some(c);
        while let Some(c) = next {
            out.push(c);
            next = if c == '_' { out.pop_escape() } else { None };
        }
    }
    out.text
}

struct Stack {
    text: String,
    /// The last character kept was a line feed made of a carriage return: a line feed that follows belongs to it.
    after_cr: bool,
}

impl Stack {
    fn push(&mut self, c: char) {
        let kept = match c {
            '\r' => {
                self.text.push('\n');
                self.after_cr = true;
                return;
            }
            '\n' if self.after_cr => {
                self.after_cr = false;
                return;
            }
            '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
            '\u{A0}' | '\u{2007}' | '\u{202F}' => ' ',
            other if is_dropped(other) => return,
            other => other,
        };
        self.after_cr = false;
        self.text.push(kept);
    }

    /// Takes an escape off the end and returns the character it stands for. A lone half of a surrogate pair stands for
    /// none and stays as it was written.
    fn pop_escape(&mut self) -> Option<char> {
        let start = self.text.len().checked_sub(ESCAPE_LENGTH)?;
        let hex = self.text.get(start..)?.strip_prefix("_x")?.strip_suffix('_')?;
        if !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let decoded = char::from_u32(u32::from_str_radix(hex, 16).ok()?)?;
        self.text.truncate(start);
        Some(decoded)
    }
}

fn is_dropped(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t' | '\r' | '\u{B}' | '\u{C}' | '\u{85}'))
        || matches!(c, '\u{200B}' | '\u{2060}' | '\u{FEFF}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layout_goes_and_the_words_stay() {
        let raw = "\n\t\t\t\t\t\n\t\t\t\t\t2019年4月以来，\u{A0}路灯不亮_x000D_\n\t \t请尽快修。  \n\t\t\t";
        assert_eq!(clean_text(raw), "2019年4月以来， 路灯不亮\n请尽快修。");
    }

    #[test]
    fn escapes_are_decoded_once_twice_and_in_lower_case() {
        assert_eq!(clean_text("a_x000D_b_x005F_x000D_c_x000a_d"), "a\nb\nc\nd");
        assert_eq!(clean_text("_x0041_ _xD83D_ _xZZZZ_ __x0042_"), "A _xD83D_ _xZZZZ_ _B");
        assert_eq!(
            clean_text("x_x00_x0001_0D_y"),
            "x\ny",
            "an escape that appears by dropping its middle"
        );
    }

    #[test]
    fn blank_lines_collapse_from_three_on() {
        assert_eq!(
            clean_text("a\n\nb\n\n\nc\n\n\n\nd\n \n\u{3000}\n\t\ne"),
            "a\n\nb\n\n\nc\n\nd\n\ne"
        );
    }

    #[test]
    fn indents_of_a_paragraph_stay_and_tabs_within_a_line_become_spaces() {
        assert_eq!(clean_text("一\n\u{3000}\u{3000}二\t三"), "一\n\u{3000}\u{3000}二 三");
    }

    #[test]
    fn marks_that_hide_or_turn_text_go_and_joined_emoji_stay() {
        assert_eq!(clean_text("\u{FEFF}a\0b\u{200B}c\u{202E}d\u{7F}"), "abcd");
        assert_eq!(clean_text("👨\u{200D}👩"), "👨\u{200D}👩");
    }

    #[test]
    fn one_line_has_no_line_break() {
        assert_eq!(clean_line("\t关于 \r\n\n\t 路灯"), "关于 路灯");
        assert_eq!(clean_line("  a  b "), "a  b");
    }

    #[test]
    fn blank_is_what_cleans_to_nothing() {
        for raw in ["", " \t\n", "\u{3000}\u{A0}\0", "_x000D_\n"] {
            assert!(is_blank(raw), "{raw:?}");
        }
        assert!(!is_blank("_"));
    }
}
