//! Which column of a sheet holds which field: guessed, or as a person said.

use std::collections::{BTreeMap, BTreeSet};

use thiserror::Error;

use crate::field::{Field, Form};
use crate::headings::{guess, heading_key};
use crate::sheet::Sheet;
use crate::text::clean_line;

/// The columns of a sheet's fields. All required fields have one, no two fields share one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    columns: BTreeMap<Field, usize>,
}

/// What is wrong with a mapping.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MappingProblem {
    /// The sheet has no such heading.
    #[error("the sheet has no heading {heading:?}")]
    UnknownHeading {
        /// As it was given.
        heading: String,
    },
    /// More than one column has this heading; the column's letters say which is meant.
    #[error("more than one column has the heading {heading:?}; name the column by its letter")]
    AmbiguousHeading {
        /// As it was given.
        heading: String,
    },
    /// There is no such field.
    #[error("there is no field {field:?}")]
    UnknownField {
        /// Of the pair that named the field.
        heading: String,
        /// As it was given.
        field: String,
    },
    /// Two headings were given the same field.
    #[error("{field} is given to more than one column", field = field.as_str())]
    FieldTwice {
        /// Of the second pair.
        heading: String,
        /// The field.
        field: Field,
    },
    /// One column was given two fields, by two spellings of its heading.
    #[error("the column {heading:?} is given more than one field")]
    ColumnTwice {
        /// Of the second pair.
        heading: String,
    },
    /// A required field was given no column.
    #[error("no column is given for {field}", field = field.as_str())]
    MissingField {
        /// The field.
        field: Field,
    },
}

impl MappingProblem {
    /// The stable code that the API uses.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownHeading { .. } => "unknown_heading",
            Self::AmbiguousHeading { .. } => "ambiguous_heading",
            Self::UnknownField { .. } => "unknown_field",
            Self::FieldTwice { .. } => "field_twice",
            Self::ColumnTwice { .. } => "column_twice",
            Self::MissingField { .. } => "missing_field",
        }
    }

    /// The heading that it is about, as it was given; `None` for a missing field.
    #[must_use]
    pub fn heading(&self) -> Option<&str> {
        match self {
            Self::UnknownHeading { heading }
            | Self::AmbiguousHeading { heading }
            | Self::UnknownField { heading, .. }
            | Self::FieldTwice { heading, .. }
            | Self::ColumnTwice { heading } => Some(heading),
            Self::MissingField { .. } => None,
        }
    }

    /// What to tell a person, in Chinese. The `Display` form is the English one.
    #[must_use]
    pub fn detail_zh(&self) -> String {
        match self {
            Self::UnknownHeading { heading } => format!("表中没有“{heading}”这一列。"),
            Self::AmbiguousHeading { heading } => format!("有多列的表头都是“{heading}”，请用列号（如 D）指明。"),
            Self::UnknownField { field, .. } => format!("没有“{field}”这个字段。"),
            Self::FieldTwice { field, .. } => format!("“{}”对应了不止一列。", field.heading()),
            Self::ColumnTwice { heading } => format!("“{heading}”这一列对应了不止一个字段。"),
            Self::MissingField { field } => format!("没有指明哪一列是“{}”。", field.heading()),
        }
    }
}

impl Mapping {
    /// The mapping that the headings suggest.
    ///
    /// # Errors
    /// [`MappingProblem::MissingField`] for each required field that no heading suggests.
    pub fn guess(form: Form, sheet: &Sheet) -> Result<Self, Vec<MappingProblem>> {
        let columns = guess(form, sheet.headings());
        let missing: Vec<MappingProblem> = form
            .required()
            .iter()
            .copied()
            .filter(|field| !columns.contains_key(field))
            .map(|field| MappingProblem::MissingField { field })
            .collect();
        if missing.is_empty() {
            Ok(Self { columns })
        } else {
            Err(missing)
        }
    }

    /// The mapping that a person gave, as pairs of heading and field code. A heading is found by its text, by its text
    /// without regard to spaces, width and case, or by the column's letters, in this order.
    ///
    /// # Errors
    /// All problems of all pairs, and the required fields that no pair named.
    pub fn resolve<'a>(
        form: Form,
        sheet: &Sheet,
        pairs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self, Vec<MappingProblem>> {
        let mut mapping = Self {
            columns: BTreeMap::new(),
        };
        let mut problems = Vec::new();
        let mut named = BTreeSet::new();
        for (heading, field) in pairs {
            named.extend(form.parse(field));
            problems.extend(mapping.add(form, sheet, heading, field).err());
        }
        // A field that was named, only with a wrong heading, is not missing as well.
        let unnamed = form.required().iter().copied().filter(|field| !named.contains(field));
        problems.extend(unnamed.map(|field| MappingProblem::MissingField { field }));
        if problems.is_empty() {
            Ok(mapping)
        } else {
            Err(problems)
        }
    }

    /// The column of a field, counted from 0.
    #[must_use]
    pub fn column(&self, field: Field) -> Option<usize> {
        self.columns.get(&field).copied()
    }

    /// The fields with their columns, counted from 0.
    pub(crate) fn columns(&self) -> impl Iterator<Item = (Field, usize)> {
        self.columns.iter().map(|(field, column)| (*field, *column))
    }

    /// The mapping as the API shows it: headings (the column's letters where a heading is empty or stands twice) and
    /// their fields, in the sheet's order.
    #[must_use]
    pub fn pairs(&self, sheet: &Sheet) -> Vec<(String, Field)> {
        let mut by_column: Vec<(usize, Field)> = self.columns.iter().map(|(field, column)| (*column, *field)).collect();
        by_column.sort_unstable();
        let headings = sheet.headings();
        let named = by_column.into_iter().filter_map(|(column, field)| {
            let heading = headings.get(column)?;
            let is_unique = headings.iter().filter(|other| other.text == heading.text).count() == 1;
            let name = if is_unique && !heading.text.is_empty() {
                &heading.text
            } else {
                &heading.column
            };
            Some((name.clone(), field))
        });
        named.collect()
    }

    fn add(&mut self, form: Form, sheet: &Sheet, heading: &str, field: &str) -> Result<(), MappingProblem> {
        let Some(known) = form.parse(field) else {
            return Err(MappingProblem::UnknownField {
                heading: heading.to_owned(),
                field: field.to_owned(),
            });
        };
        let column = find(sheet, heading)?;
        if self.columns.contains_key(&known) {
            return Err(MappingProblem::FieldTwice {
                heading: heading.to_owned(),
                field: known,
            });
        }
        if self.columns.values().any(|taken| *taken == column) {
            return Err(MappingProblem::ColumnTwice {
                heading: heading.to_owned(),
            });
        }
        self.columns.insert(known, column);
        Ok(())
    }
}

fn find(sheet: &Sheet, heading: &str) -> Result<usize, MappingProblem> {
    let text = clean_line(heading);
    let key = heading_key(heading);
    let headings = sheet.headings();
    let columns = |is_it: &dyn Fn(&crate::Heading) -> bool| -> Vec<usize> {
        headings
            .iter()
            .enumerate()
            .filter(|(_, heading)| is_it(heading))
            .map(|(column, _)| column)
            .collect()
    };
    let mut found = columns(&|heading| !text.is_empty() && heading.text == text);
    if found.is_empty() {
        found = columns(&|heading| !key.is_empty() && heading_key(&heading.text) == key);
    }
    if found.is_empty() {
        found = columns(&|heading| heading.column.eq_ignore_ascii_case(&text));
    }
    match found.as_slice() {
        [column] => Ok(*column),
        [] => Err(MappingProblem::UnknownHeading {
            heading: heading.to_owned(),
        }),
        _ => Err(MappingProblem::AmbiguousHeading {
            heading: heading.to_owned(),
        }),
    }
}
