//! The figures as a file: a workbook with a sheet for each table, or one of the tables with commas.

use std::{borrow::Cow, collections::BTreeMap, fs::File, io::Seek as _};

use actix_web::{HttpRequest, HttpResponse, get, web};
use liangnuo_documents::{TableCell, TableColumn, TableWriter, WriteError};
use liangnuo_domain::{clocks::Phase, complaints::State, policy::Action};
use liangnuo_persistence::{
    exports::{Export, Exported},
    statistics::{CaseFigures, Figures},
};
use serde::Deserialize;
use utoipa::ToSchema;

use super::super::{
    complaints::query::ExportComplaintStatisticsQuery,
    exports::{self, ExportFormat},
};
use crate::{
    caller::Confirmed,
    language::Language,
    problem::{Problem, ProblemCode},
    state::AppState,
    words::Word as _,
};

/// A table of the report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StatisticsTable {
    /// By unit.
    #[default]
    Units,
    /// By category.
    Categories,
    /// By channel.
    Channels,
    /// By kind.
    Kinds,
    /// By month.
    Months,
}

impl StatisticsTable {
    const ALL: [Self; 5] = [Self::Units, Self::Categories, Self::Channels, Self::Kinds, Self::Months];

    /// The sheet's name and the heading of the first column.
    const fn names(self, language: Language) -> (&'static str, &'static str) {
        match (self, language) {
            (Self::Units, Language::Chinese) => ("按单位", "单位"),
            (Self::Units, Language::English) => ("By unit", "Unit"),
            (Self::Categories, Language::Chinese) => ("按类别", "类别"),
            (Self::Categories, Language::English) => ("By category", "Category"),
            (Self::Channels, Language::Chinese) => ("按渠道", "渠道"),
            (Self::Channels, Language::English) => ("By channel", "Channel"),
            (Self::Kinds, Language::Chinese) => ("按种类", "种类"),
            (Self::Kinds, Language::English) => ("By kind", "Kind"),
            (Self::Months, Language::Chinese) => ("按月份", "月份"),
            (Self::Months, Language::English) => ("By month", "Month"),
        }
    }
}

/// Export figures over complaints
///
/// The figures with the same filters, as a file: a workbook with a sheet for each table, or one table with commas. Each
/// export is in the log. Permissions: as the list.
#[utoipa::path(
    tag = "statistics",
    params(ExportComplaintStatisticsQuery),
    responses((
        status = 200,
        description = "The file",
        content(
            (Vec<u8> = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
            (Vec<u8> = "text/csv"),
        ),
    )),
    security(("bearer" = []))
)]
#[get("/statistics/complaints/export")]
pub async fn export_complaint_statistics(
    caller: Confirmed,
    query: web::Query<ExportComplaintStatisticsQuery>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let filter = query.filter(&caller)?;
    let format = query.format.unwrap_or_default();
    let table = query.table.unwrap_or_default();
    let language = Language::of(request.headers());
    let now = state.clock.now();
    let figures = state.store.complaint_statistics(&caller, filter, now).await?;
    let exporter = state.store.exporter(&caller).await?;
    let mut notes = exports::notes(&exporter, &state, language);
    if has_approximate(&figures) {
        let near = match language {
            Language::Chinese => "件数很多，按单位、分类、渠道、种类和月份的用时是近似值，最多差1.6%（或1分钟）。",
            Language::English => {
                "There are many cases: the days by unit, category, channel, kind and month are near, off by 1.6 % or a minute at most."
            }
        };
        notes.push(near.to_owned());
    }
    let written = tokio::task::spawn_blocking(move || write(&figures, format, table, language, &notes)).await;
    let (rows, file) = written
        .map_err(|_panic| Problem::new(ProblemCode::Internal))?
        .map_err(|error| {
            tracing::error!(error = %error, "export.write");
            Problem::new(ProblemCode::Internal)
        })?;
    let export = Export {
        of: Exported::Statistics,
        by_right_to: Action::ReadStatistics,
        format: format.code(),
        rows: Some(rows),
        filters: query.used(),
    };
    state.store.record_export(&caller, "made", export, now).await?;
    let named = exports::NamedFor {
        format,
        names: ("统计", "statistics"),
        language,
        day: now.day(),
    };
    exports::answer(&request, file, &named)
}

/// Whether days in the report are near, not exact.
fn has_approximate(figures: &CaseFigures) -> bool {
    let groups = figures.by_kind.iter().map(|(_, figures)| figures);
    groups.chain([&figures.all]).any(|figures| figures.is_approximate)
}

fn write(
    figures: &CaseFigures,
    format: ExportFormat,
    table: StatisticsTable,
    language: Language,
    notes: &[String],
) -> Result<(u32, File), WriteError> {
    let is_book = format == ExportFormat::Xlsx;
    let tables: Vec<StatisticsTable> = if is_book {
        StatisticsTable::ALL.into()
    } else {
        vec![table]
    };
    let mut writer: Option<TableWriter<File>> = None;
    for table in tables {
        let (name, heading) = table.names(language);
        let headings = headings(table, heading, language);
        let columns: Vec<TableColumn<'_>> = headings
            .iter()
            .map(|(heading, width)| TableColumn { heading, width: *width })
            .collect();
        let mut current = match writer.take() {
            None => TableWriter::begin(format.table(), tempfile::tempfile()?, name, &columns)?,
            Some(mut writer) => {
                writer.next_sheet(name, &columns)?;
                writer
            }
        };
        let all = match language {
            Language::Chinese => "合计",
            Language::English => "All",
        };
        if is_book && table != StatisticsTable::Months {
            current.row(&row(all.into(), None, &figures.all))?;
        }
        for (name, flow, figures) in rows(figures, table, language) {
            current.row(&row(name, flow, figures))?;
        }
        writer = Some(current);
    }
    let writer = writer.ok_or_else(|| std::io::Error::other("a report without tables"))?;
    let rows = writer.rows();
    let notes_name = match language {
        Language::Chinese => "说明",
        Language::English => "Notes",
    };
    let mut file = writer.finish(notes_name, notes)?;
    file.rewind()?;
    Ok((rows, file))
}

/// Of a month: first answered and ended in it.
type Flow = Option<(i64, i64)>;

/// The rows of a table: what each is of, and its figures.
fn rows(figures: &CaseFigures, table: StatisticsTable, language: Language) -> Vec<(Cow<'_, str>, Flow, &Figures)> {
    let name = |chinese: &'_ str, english: Option<&str>| -> Cow<'static, str> {
        let own = match (language, english) {
            (Language::English, Some(english)) => english,
            _ => chinese,
        };
        own.to_owned().into()
    };
    match table {
        StatisticsTable::Units => figures
            .by_unit
            .iter()
            .map(|(unit, figures)| (name(&unit.name, unit.name_en.as_deref()), None, figures))
            .collect(),
        StatisticsTable::Categories => figures
            .by_category
            .iter()
            .map(|row| {
                let name = row.category.as_ref().map_or_else(
                    || name("未分类", Some("Without one")),
                    |known| name(&known.name, known.name_en.as_deref()),
                );
                (name, None, &row.figures)
            })
            .collect(),
        StatisticsTable::Channels => figures
            .by_channel
            .iter()
            .map(|(channel, figures)| (channel.word(language).into(), None, figures))
            .collect(),
        StatisticsTable::Kinds => figures
            .by_kind
            .iter()
            .map(|(kind, figures)| (kind.word(language).into(), None, figures))
            .collect(),
        StatisticsTable::Months => figures
            .by_month
            .iter()
            .map(|month| {
                (
                    Cow::Borrowed(month.month.as_str()),
                    Some((month.replied, month.ended)),
                    &month.received,
                )
            })
            .collect(),
    }
}

/// Headings after the first, in both languages.
const HEADINGS: [(&str, &str); 12] = [
    ("收到", "Received"),
    ("已答复", "Answered"),
    ("已办结", "Ended"),
    ("现超期", "Late now"),
    ("答复用时中位数（天）", "Median days to answer"),
    ("答复用时90分位（天）", "90th percentile of days"),
    ("超15天答复", "Answered after 15 days"),
    ("超60天答复", "Answered after 60 days"),
    ("已评价", "Rated"),
    ("满意", "Satisfied"),
    ("满意率", "Share satisfied"),
    ("重办", "Done again"),
];
const FLOW_HEADINGS: [(&str, &str); 2] = [
    ("当月答复", "Answered in the month"),
    ("当月办结", "Ended in the month"),
];

/// The headings with their widths: the figures, where the cases stand, how those stand against their clocks.
fn headings(table: StatisticsTable, first: &'static str, language: Language) -> Vec<(String, u16)> {
    let heading = |&(chinese, english): &(&'static str, &'static str)| match language {
        Language::Chinese => chinese,
        Language::English => english,
    };
    let flow: &[_] = if table == StatisticsTable::Months {
        &FLOW_HEADINGS
    } else {
        &[]
    };
    let (state, phase) = match language {
        Language::Chinese => ("状态", "时限"),
        Language::English => ("State", "Time limit"),
    };
    let states = State::ALL.iter().map(|one| format!("{state}: {}", one.word(language)));
    let phases = Phase::ALL.iter().map(|one| format!("{phase}: {}", one.word(language)));
    let figures = HEADINGS.iter().chain(flow).map(|words| heading(words).to_owned());
    std::iter::once((first.to_owned(), 28))
        .chain(figures.chain(states).chain(phases).map(|text| (text, 14)))
        .collect()
}

#[expect(clippy::as_conversions, reason = "numbers of cases are exact in an f64")]
fn row<'a>(name: Cow<'a, str>, flow: Flow, figures: &Figures) -> Vec<TableCell<'a>> {
    let number = |count: i64| TableCell::Number(count as f64);
    let some = |value: Option<f64>| {
        value.map_or(TableCell::Empty, |value| {
            TableCell::Number((value * 100.0).round() / 100.0)
        })
    };
    let satisfied = (figures.rated > 0).then(|| figures.satisfied as f64 / figures.rated as f64);
    let mut cells = vec![
        TableCell::Text(name),
        number(figures.total),
        number(figures.replied),
        number(figures.ended),
        number(figures.overdue),
        some(figures.median_days_to_reply),
        some(figures.p90_days_to_reply),
        number(figures.over_15_days),
        number(figures.over_60_days),
        number(figures.rated),
        number(figures.satisfied),
        some(satisfied),
        number(figures.redone),
    ];
    if let Some((replied, ended)) = flow {
        cells.extend([number(replied), number(ended)]);
    }
    let count = |of: &BTreeMap<String, i64>, code: &str| number(of.get(code).copied().unwrap_or_default());
    cells.extend(State::ALL.iter().map(|state| count(&figures.by_state, state.code())));
    cells.extend(Phase::ALL.iter().map(|phase| count(&figures.by_phase, phase.code())));
    cells
}
