//! What a cell of a list says. An empty one says nothing: whatever is there stays. Emptying a field takes a mark of its own.

/// The signs that empty a field, as people type them.
const MARKS: [&str; 4] = ["-", "－", "—", "——"];

/// The sign in front of a text that is to be taken as it is: the one that spreadsheets know, too.
const QUOTE: char = '\'';

/// What a cell says of a field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Said {
    /// Nothing: what is there stays.
    #[default]
    Keep,
    /// The field shall be empty.
    Clear,
    /// The field shall be this.
    Text(String),
}

impl Said {
    /// Reads a cell.
    #[must_use]
    pub fn read(cell: &str) -> Self {
        let text = cell.trim();
        if MARKS.contains(&text) {
            return Self::Clear;
        }
        match text.strip_prefix(QUOTE).unwrap_or(text) {
            "" => Self::Keep,
            said => Self::Text(said.to_owned()),
        }
    }

    /// Spells a value so that reading it says just that.
    #[must_use]
    pub fn spell(value: &str) -> String {
        if MARKS.contains(&value) || value.starts_with(QUOTE) {
            format!("{QUOTE}{value}")
        } else {
            value.to_owned()
        }
    }

    /// What the field is afterwards.
    #[must_use]
    pub fn over(&self, old: Option<String>) -> Option<String> {
        match self {
            Self::Keep => old,
            Self::Clear => None,
            Self::Text(text) => Some(text.clone()),
        }
    }

    /// The text, if the cell says one.
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Keep | Self::Clear => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_cell_keeps_and_a_stroke_clears() {
        let old = || Some("旧".to_owned());
        assert_eq!(Said::read(" \u{3000}").over(old()), old());
        for mark in MARKS {
            assert_eq!(Said::read(mark).over(old()), None);
        }
        assert_eq!(Said::read(" 新 ").over(old()).as_deref(), Some("新"));
        assert_eq!(Said::read("-5").over(None).as_deref(), Some("-5"));
    }

    #[test]
    fn whatever_is_spelled_reads_as_itself() {
        for value in ["-", "——", "'", "'-", "''", "=1+1", "甲", "'甲'"] {
            assert_eq!(Said::read(&Said::spell(value)), Said::Text(value.to_owned()), "{value}");
            // Files with commas put the quote before what a spreadsheet would run.
            if value == "=1+1" {
                assert_eq!(Said::read("'=1+1"), Said::Text(value.to_owned()));
            }
        }
    }
}
