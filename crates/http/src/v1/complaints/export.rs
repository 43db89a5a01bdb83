//! The list of cases as a file: what the caller may see, a row a case, written as it is read.

use std::{borrow::Cow, fs::File, io::Seek as _};

use actix_web::{HttpRequest, HttpResponse, get, web};
use liangnuo_documents::{TableCell, TableColumn, TableWriter, WriteError};
use liangnuo_domain::policy::Action;
use liangnuo_persistence::{
    PageRequest,
    complaints::{CaseFilter, CaseSort, CaseSummary},
    exports::{Export, Exported},
};
use tokio::sync::mpsc;

use super::{
    super::exports::{self, ExportFormat},
    query::ExportComplaintsQuery,
};
use crate::{
    caller::Caller,
    language::Language,
    problem::{Problem, ProblemCode},
    state::AppState,
    words::Word as _,
};

/// Rows that are read at once.
const PAGE: u64 = 500;

/// Export complaints
///
/// The list of cases with the same filters and order, all pages of it, as a file. A text never becomes a formula. Each
/// export is in the log. Permissions: as the list.
#[utoipa::path(
    tag = "complaints",
    params(ExportComplaintsQuery),
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
#[get("/complaints/export")]
pub async fn export_complaints(
    caller: Caller,
    query: web::Query<ExportComplaintsQuery>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let filter = query.filter(&caller)?;
    let sort = query.sort.unwrap_or_default().into();
    let format = query.format.unwrap_or_default();
    let language = Language::of(request.headers());
    // A long one takes a while of one connection and one thread: not all of them at once.
    let _slot = state
        .exports
        .try_acquire()
        .map_err(|_taken| Problem::new(ProblemCode::Busy).after(10))?;
    let exporter = state.store.exporter(&caller).await?;
    let sheet = Sheet {
        format,
        language,
        notes: exports::notes(&exporter, &state, language),
    };
    let (rows, file) = write(&state, &caller, (filter, sort), sheet).await?;
    let export = Export {
        of: Exported::Complaints,
        by_right_to: Action::ListComplaints,
        format: format.code(),
        rows,
        filters: query.used(),
    };
    let now = state.clock.now();
    state.store.record_export(&caller, export, now).await?;
    let names = ("办件", "cases");
    exports::answer(&request, file, format, names, language, now.day())
}

/// What the writing thread needs to know.
struct Sheet {
    format: ExportFormat,
    language: Language,
    notes: Vec<String>,
}

/// Reads page by page and writes as it goes, so that no length of a list costs memory. The file has no name from the
/// beginning on: whatever happens, nothing of it stays.
async fn write(
    state: &AppState,
    caller: &Caller,
    (filter, sort): (CaseFilter, CaseSort),
    sheet: Sheet,
) -> Result<(u32, File), Problem> {
    let now = state.clock.now();
    let max_rows = sheet.format.table().max_rows();
    let (pages, arriving) = mpsc::channel::<Vec<CaseSummary>>(2);
    let writing = tokio::task::spawn_blocking(move || write_table(arriving, &sheet));
    let mut request = PageRequest::first(PAGE);
    let mut count = 0_u32;
    loop {
        let page = state
            .store
            .list_cases(caller, filter.clone(), sort, &request, now)
            .await?;
        count = count.saturating_add(u32::try_from(page.items.len()).unwrap_or(u32::MAX));
        if max_rows.is_some_and(|max| count > max) {
            return Err(Problem::new(ProblemCode::ExportTooLarge));
        }
        // Only a writer that failed is gone; what it says comes below.
        let is_written = pages.send(page.items).await.is_ok();
        request.cursor = page.next_cursor;
        if !is_written || request.cursor.is_none() {
            break;
        }
    }
    drop(pages);
    let written = writing.await.map_err(|_panic| Problem::new(ProblemCode::Internal))?;
    written.map_err(|error| {
        tracing::error!(error = %error, "export.write");
        Problem::new(ProblemCode::Internal)
    })
}

fn write_table(mut pages: mpsc::Receiver<Vec<CaseSummary>>, sheet: &Sheet) -> Result<(u32, File), WriteError> {
    let (name, notes_name) = match sheet.language {
        Language::Chinese => ("办件", "说明"),
        Language::English => ("Cases", "Notes"),
    };
    let columns = columns(sheet.language);
    let mut table = TableWriter::begin(sheet.format.table(), tempfile::tempfile()?, name, &columns)?;
    while let Some(page) = pages.blocking_recv() {
        for case in page {
            table.row(&cells(&case, sheet.language))?;
        }
    }
    let rows = table.rows();
    let mut file = table.finish(notes_name, &sheet.notes)?;
    file.rewind()?;
    Ok((rows, file))
}

const HEADINGS: [(&str, &str, u16); 14] = [
    ("编号", "Number", 18),
    ("事由", "Matter", 48),
    ("种类", "Kind", 10),
    ("渠道", "Channel", 10),
    ("承办单位", "Unit", 26),
    ("承办人", "Handler", 12),
    ("状态", "State", 14),
    ("时限", "Time limit", 14),
    ("收到日期", "Received", 12),
    ("到期日", "Due", 12),
    ("到期日暂定", "Due is provisional", 12),
    ("首次答复日期", "First answered", 14),
    ("满意度（5最好）", "Satisfaction (5 is best)", 16),
    ("匿名", "Anonymous", 8),
];

fn columns(language: Language) -> Vec<TableColumn<'static>> {
    HEADINGS
        .iter()
        .map(|&(chinese, english, width)| TableColumn {
            heading: if language == Language::Chinese {
                chinese
            } else {
                english
            },
            width,
        })
        .collect()
}

fn cells(case: &CaseSummary, language: Language) -> [TableCell<'_>; 14] {
    let text = |text: &'static str| TableCell::Text(Cow::Borrowed(text));
    let yes_or_no = |is: bool| match (is, language) {
        (true, Language::Chinese) => text("是"),
        (true, Language::English) => text("yes"),
        (false, _) => TableCell::Empty,
    };
    let name = |chinese: &'_ str, english: Option<&str>| -> String {
        match (language, english) {
            (Language::English, Some(english)) => english.to_owned(),
            (Language::English | Language::Chinese, _) => chinese.to_owned(),
        }
    };
    let day = |at: Option<liangnuo_domain::Timestamp>| at.map_or(TableCell::Empty, |at| TableCell::Day(at.day()));
    [
        TableCell::Text(Cow::Borrowed(&case.number)),
        TableCell::Text(Cow::Borrowed(&case.title)),
        text(case.kind.word(language)),
        text(case.channel.word(language)),
        TableCell::Text(name(&case.unit.name, case.unit.name_en.as_deref()).into()),
        case.handler.as_ref().map_or(TableCell::Empty, |handler| {
            TableCell::Text(name(&handler.name, handler.name_en.as_deref()).into())
        }),
        text(case.state.word(language)),
        text(case.phase.word(language)),
        // Days only: of an anonymous complainant nobody may learn the hour.
        day(Some(case.received_at)),
        day(case.due_at),
        yes_or_no(case.due_is_provisional),
        day(case.replied_at),
        case.satisfaction
            .map_or(TableCell::Empty, |level| TableCell::Number(f64::from(level))),
        yes_or_no(case.is_anonymous),
    ]
}
