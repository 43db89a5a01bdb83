//! Imports on the wire.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use std::io::{Read, Seek};

use liangnuo_documents::{Field, Form, LedgerFile, guess};
use liangnuo_domain::imports::{ImportKind as Kind, JobState, RowOutcome};
use liangnuo_persistence::imports::{self as store, ImportChange, ImportError};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::{
    language::Language,
    paging::page,
    v1::common::{MemberRef, instant, mirror},
};

mirror! {
    /// Where a job stands.
    ImportState = JobState { Queued, Running, Succeeded, Failed }
}

mirror! {
    /// What the rows of a file are.
    ImportKind = Kind { Complaints, Units, Members }
}

mirror! {
    /// What becomes of a row.
    ImportOutcome = RowOutcome { Created, Updated, Unchanged }
}

/// What a column holds. Which there are depends on what the rows are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ImportField {
    ExternalRef,
    Author,
    Title,
    ReceivedAt,
    Body,
    Reply,
    RepliedAt,
    Kind,
    Category,
    Unit,
    Code,
    Name,
    NameEn,
    Parent,
    Head,
    Hotline,
    Address,
    OpeningHours,
    StaffNumber,
    Post,
    PostEn,
    Branch,
    IsPartyMember,
    ClosedOn,
}

impl From<Field> for ImportField {
    fn from(field: Field) -> Self {
        match field {
            Field::ExternalRef => Self::ExternalRef,
            Field::Author => Self::Author,
            Field::Title => Self::Title,
            Field::ReceivedAt => Self::ReceivedAt,
            Field::Body => Self::Body,
            Field::Reply => Self::Reply,
            Field::RepliedAt => Self::RepliedAt,
            Field::Kind | Field::UnitKind => Self::Kind,
            Field::Category => Self::Category,
            Field::Unit | Field::Home => Self::Unit,
            Field::UnitCode => Self::Code,
            Field::UnitName | Field::MemberName => Self::Name,
            Field::UnitNameEn | Field::MemberNameEn => Self::NameEn,
            Field::Parent => Self::Parent,
            Field::Head => Self::Head,
            Field::Hotline => Self::Hotline,
            Field::Address => Self::Address,
            Field::OpeningHours => Self::OpeningHours,
            Field::StaffNumber => Self::StaffNumber,
            Field::Post => Self::Post,
            Field::PostEn => Self::PostEn,
            Field::Branch => Self::Branch,
            Field::IsPartyMember => Self::IsPartyMember,
            Field::ClosedOn => Self::ClosedOn,
        }
    }
}

/// A heading with what it may be.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportHeading {
    /// Letter of the column.
    #[schema(example = "A")]
    pub column: String,
    /// The heading.
    #[schema(example = "留言编号")]
    pub heading: String,
    /// What it is taken for; null if it is not known.
    #[schema(required)]
    pub guess: Option<ImportField>,
    /// The first values, cut short.
    pub samples: Vec<String>,
}

/// What is in a file.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportInspection {
    /// The file's name.
    pub file_name: String,
    /// The sheet that was read.
    pub sheet: String,
    /// Rows below the headings.
    pub rows_total: i64,
    /// The headings in their order.
    pub headings: Vec<ImportHeading>,
    /// Fields that the file must have and no heading was taken for.
    pub missing: Vec<ImportField>,
}

/// Values and characters shown of a column.
const SAMPLES: usize = 3;
const SAMPLE_CHARS: usize = 60;

impl ImportInspection {
    /// What is in a file.
    #[must_use]
    pub fn of<R: Read + Seek>(form: Form, ledger: &LedgerFile<R>, file_name: String) -> Self {
        let sheet = ledger.sheet();
        let guesses = guess(form, sheet.headings());
        let headings = sheet.headings().iter().enumerate().map(|(at, heading)| ImportHeading {
            column: heading.column.clone(),
            heading: heading.text.clone(),
            guess: guesses
                .iter()
                .find(|(_, column)| **column == at)
                .map(|(field, _)| (*field).into()),
            samples: sheet.samples(at, SAMPLES, SAMPLE_CHARS),
        });
        Self {
            headings: headings.collect(),
            missing: form
                .required()
                .iter()
                .filter(|field| !guesses.contains_key(field))
                .map(|field| (*field).into())
                .collect(),
            sheet: sheet.name().to_owned(),
            rows_total: i64::try_from(ledger.rows_total()).unwrap_or(i64::MAX),
            file_name,
        }
    }
}

/// Why a row could not be read.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportRowError {
    /// As a person counts in the workbook: the headings are row 1.
    pub row: i64,
    /// Letter of the column; null where the row as a whole is meant.
    #[schema(required)]
    pub column: Option<String>,
    /// Stable code.
    #[schema(example = "unreadable_date")]
    pub code: String,
    /// What to do, in the language asked for.
    pub detail: String,
}

/// What a row of a list does, or in a dry run would do.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportRowChange {
    /// As a person counts in the file.
    pub row: i64,
    /// Created or updated.
    pub outcome: ImportOutcome,
    /// What it is about, by name.
    pub name: String,
    /// The codes of the fields that change; `parent` or `unit` where it moves. Empty for what is new.
    pub fields: Vec<String>,
}

impl From<ImportChange> for ImportRowChange {
    fn from(change: ImportChange) -> Self {
        Self {
            row: change.row,
            outcome: change.outcome.into(),
            name: change.name,
            fields: change.fields,
        }
    }
}

/// A job.
#[derive(Debug, Serialize, ToSchema)]
pub struct ImportJob {
    /// Its id.
    pub id: Uuid,
    /// What the rows are.
    pub kind: ImportKind,
    /// Where it stands.
    pub state: ImportState,
    /// Nothing is written.
    pub dry_run: bool,
    /// The rows are a hotline's orders.
    pub is_order: bool,
    /// Which ledger; of a list its kind.
    pub source: String,
    /// The file's name.
    pub file_name: String,
    /// Heading to field.
    pub mapping: BTreeMap<String, String>,
    /// Rows in the file.
    pub rows_total: i64,
    /// Rows that were looked at so far.
    pub rows_done: i64,
    /// New cases, units or members.
    pub rows_created: i64,
    /// Changed ones.
    pub rows_updated: i64,
    /// Known rows, as before.
    pub rows_unchanged: i64,
    /// Rows that could not be read.
    pub rows_failed: i64,
    /// The first 200 rows that could not be read; empty in a list.
    pub errors: Vec<ImportRowError>,
    /// The first 200 rows of a list that create or change something, for 30 days; empty for a ledger, and in a list of jobs.
    pub changes: Vec<ImportRowChange>,
    /// Why the job as a whole failed; `given_up` where each try failed.
    #[schema(required)]
    pub failure: Option<String>,
    /// The rows that could not be read can be downloaded: for 30 days.
    pub has_error_workbook: bool,
    /// When it was asked for.
    pub created_at: DateTime<Utc>,
    /// When it ended.
    #[schema(required)]
    pub finished_at: Option<DateTime<Utc>>,
    /// Who asked for it.
    #[schema(required)]
    pub created_by: Option<MemberRef>,
}

impl ImportJob {
    /// A job with its errors in a language.
    #[must_use]
    pub fn new(
        job: store::ImportJob,
        errors: Vec<ImportError>,
        changes: Vec<ImportChange>,
        language: Language,
    ) -> Self {
        let errors = errors.into_iter().map(|error| ImportRowError {
            row: error.row,
            column: error.column,
            code: error.code,
            detail: if language == Language::Chinese {
                error.detail_zh
            } else {
                error.detail_en
            },
        });
        Self {
            id: job.id.0,
            kind: job.kind.into(),
            state: job.state.into(),
            dry_run: job.is_dry_run,
            is_order: job.is_order,
            source: job.source,
            file_name: job.file_name,
            mapping: serde_json::from_str(&job.mapping).unwrap_or_default(),
            rows_total: job.rows_total,
            rows_done: job.rows_done,
            rows_created: job.rows_created,
            rows_updated: job.rows_updated,
            rows_unchanged: job.rows_unchanged,
            rows_failed: job.rows_failed,
            errors: errors.collect(),
            changes: changes.into_iter().map(Into::into).collect(),
            failure: job.failure,
            has_error_workbook: job.rows_failed > 0 && job.finished_at.is_some() && job.has_file,
            created_at: instant(job.created_at),
            finished_at: job.finished_at.map(instant),
            created_by: job.created_by.map(Into::into),
        }
    }
}

impl From<store::ImportJob> for ImportJob {
    fn from(job: store::ImportJob) -> Self {
        Self::new(job, Vec::new(), Vec::new(), Language::Chinese)
    }
}

page! {
    /// A page of jobs.
    ImportJobPage of ImportJob
}
