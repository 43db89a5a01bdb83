//! The list of cases as a file: what the caller may see, a row a case. Text with commas is sent as it is read; a workbook
//! can't be, since it is whole only at its end.

use std::{borrow::Cow, collections::HashMap, fs::File, io::Seek as _, sync::Arc};

use actix_web::{
    HttpRequest, HttpResponse, get,
    web::{self, Bytes},
};
use futures_util::{StreamExt as _, stream};
use liangnuo_documents::{CsvPieces, TableCell, TableColumn, TableWriter, WriteError};
use liangnuo_domain::{CategoryId, Timestamp, policy::Action};
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
    caller::{Caller, Confirmed},
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
/// export is in the log. A file with commas begins at once and comes as it is read; one that ends without the end of the
/// transfer is not whole. A workbook takes seconds before it begins. Permissions: as the list.
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
    caller: Confirmed,
    query: web::Query<ExportComplaintsQuery>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let format = query.format.unwrap_or_default();
    let language = Language::of(request.headers());
    let export = Export {
        of: Exported::Complaints,
        by_right_to: Action::ListComplaints,
        format: format.code(),
        rows: None,
        filters: query.used(),
    };
    let mut cases = Cases {
        filter: query.filter(&caller)?,
        sort: query.sort.unwrap_or_default().into(),
        request: PageRequest::first(PAGE),
        is_over: false,
        rows: 0,
        now: state.clock.now(),
        caller: caller.into_inner(),
        state: state.clone().into_inner(),
    };
    let categories = paths(&state, &cases.caller, language).await?;
    let sheet = Sheet { language, categories };
    let file = exports::NamedFor {
        format,
        names: ("办件", "cases"),
        language,
        day: cases.now.day(),
    };
    // What is read for a file takes a connection and a thread: a few at a time.
    let slot = state.exports.try_acquire();
    let slot = slot.map_err(|_taken| Problem::new(ProblemCode::Busy).after(10))?;
    let Some(pieces) = CsvPieces::of(format.table()) else {
        let exporter = state.store.exporter(&cases.caller).await?;
        let notes = exports::notes(&exporter, &state, language);
        let written = write(&mut cases, format, sheet, notes).await?;
        cases.record("made", export).await?;
        return exports::answer(&request, written, &file);
    };
    // What is refused is refused before a byte is sent.
    let first = cases.next().await?;
    drop(slot);
    cases.record("begun", export.clone()).await?;
    let mut head = pieces.head(&columns(language)).map_err(unwritten)?;
    head.extend(sheet.piece(pieces, &first)?);
    let transfer = Transfer {
        cases,
        sheet,
        pieces,
        export: Some(export),
    };
    let rest = stream::try_unfold(transfer, Transfer::next);
    let head = stream::once(std::future::ready(Ok(Bytes::from(head))));
    Ok(exports::stream(&file, head.chain(rest)))
}

/// The cases of an export, page by page.
struct Cases {
    state: Arc<AppState>,
    caller: Caller,
    filter: CaseFilter,
    sort: CaseSort,
    request: PageRequest,
    is_over: bool,
    rows: u32,
    now: Timestamp,
}

impl Cases {
    /// The next page; empty after the last one.
    async fn next(&mut self) -> Result<Vec<CaseSummary>, Problem> {
        if self.is_over {
            return Ok(Vec::new());
        }
        let (filter, store) = (self.filter.clone(), &self.state.store);
        let page = store
            .list_cases(&self.caller, filter, self.sort, &self.request, self.now)
            .await?;
        self.rows = self
            .rows
            .saturating_add(u32::try_from(page.items.len()).unwrap_or(u32::MAX));
        self.is_over = page.next_cursor.is_none();
        self.request.cursor = page.next_cursor;
        Ok(page.items)
    }

    async fn record(&self, action: &'static str, export: Export) -> Result<(), Problem> {
        let export = Export {
            rows: (action == "made").then_some(self.rows),
            ..export
        };
        let now = self.state.clock.now();
        Ok(self
            .state
            .store
            .record_export(&self.caller, action, export, now)
            .await?)
    }
}

/// A file of text that is sent as it is read: a page is read when the one before has gone out, so that neither a long list
/// nor a slow reader costs memory.
struct Transfer {
    cases: Cases,
    sheet: Sheet,
    pieces: CsvPieces,
    /// To be noted when all has gone out.
    export: Option<Export>,
}

impl Transfer {
    /// The next piece. An error breaks the connection off: what is not whole must not look as if it were.
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, std::io::Error> {
        let stopping = self.cases.state.stopping.clone();
        let piece = stopping.unless_over(self.piece()).await;
        match piece.unwrap_or_else(|| Err(Problem::new(ProblemCode::Busy))) {
            Ok(piece) => Ok(piece.map(|bytes| (bytes, self))),
            Err(problem) => {
                tracing::warn!(cause = %problem, rows = self.cases.rows, "export.broken");
                Err(std::io::Error::other("the export broke off"))
            }
        }
    }

    async fn piece(&mut self) -> Result<Option<Bytes>, Problem> {
        if self.cases.is_over {
            // What can't be noted is not handed out whole.
            if let Some(export) = self.export.take() {
                self.cases.record("made", export).await?;
            }
            return Ok(None);
        }
        let state = self.cases.state.clone();
        // The place is held while reading alone: whoever takes the file slowly keeps nobody from theirs.
        let _slot = state
            .exports
            .acquire()
            .await
            .map_err(|_closed| Problem::new(ProblemCode::Busy))?;
        let page = self.cases.next().await?;
        let bytes = self.sheet.piece(self.pieces, &page)?;
        Ok(Some(bytes.into()))
    }
}

/// The paths of all categories, such as `教育文体/教育收费`.
async fn paths(state: &AppState, caller: &Caller, language: Language) -> Result<HashMap<CategoryId, String>, Problem> {
    let mut paths: HashMap<CategoryId, String> = HashMap::new();
    // Parents come before children.
    for category in state.store.list_categories(caller.actor.region, true).await? {
        let name = named(language, &category.name, category.name_en.as_deref());
        let above = category.parent.and_then(|parent| paths.get(&parent));
        let path = above.map_or_else(|| name.to_owned(), |above| format!("{above}/{name}"));
        paths.insert(category.id, path);
    }
    Ok(paths)
}

fn named<'a>(language: Language, chinese: &'a str, english: Option<&'a str>) -> &'a str {
    match (language, english) {
        (Language::English, Some(english)) => english,
        (Language::English | Language::Chinese, _) => chinese,
    }
}

fn unwritten(error: WriteError) -> Problem {
    tracing::error!(error = %error, "export.write");
    Problem::new(ProblemCode::Internal)
}

/// What goes to the thread that writes a workbook.
enum Part {
    Rows(Vec<CaseSummary>),
    End,
}

/// Reads page by page and writes as it goes, so that no length of a list costs memory. A workbook is whole only at its
/// end. The file has no name from the beginning on: whatever happens, nothing of it stays.
async fn write(cases: &mut Cases, format: ExportFormat, sheet: Sheet, notes: Vec<String>) -> Result<File, Problem> {
    let max_rows = format.table().max_rows();
    let (pages, arriving) = mpsc::channel::<Part>(2);
    let writing = tokio::task::spawn_blocking(move || write_table(arriving, format, &sheet, &notes));
    while !cases.is_over {
        let page = cases.next().await?;
        if max_rows.is_some_and(|max| cases.rows > max) {
            return Err(Problem::new(ProblemCode::ExportTooLarge));
        }
        // Only a writer that failed is gone; what it says comes below.
        if pages.send(Part::Rows(page)).await.is_err() {
            break;
        }
    }
    let _ = pages.send(Part::End).await;
    let written = writing.await.map_err(|_panic| Problem::new(ProblemCode::Internal))?;
    written.map_err(unwritten)
}

fn write_table(
    mut parts: mpsc::Receiver<Part>,
    format: ExportFormat,
    sheet: &Sheet,
    notes: &[String],
) -> Result<File, WriteError> {
    let (name, notes_name) = match sheet.language {
        Language::Chinese => ("办件", "说明"),
        Language::English => ("Cases", "Notes"),
    };
    let columns = columns(sheet.language);
    let mut table = TableWriter::begin(format.table(), tempfile::tempfile()?, name, &columns)?;
    loop {
        match parts.blocking_recv() {
            Some(Part::Rows(page)) => {
                for case in &page {
                    table.row(&sheet.cells(case))?;
                }
            }
            Some(Part::End) => break,
            // Nobody waits for it any more.
            None => return Err(std::io::Error::from(std::io::ErrorKind::Interrupted).into()),
        }
    }
    let mut file = table.finish(notes_name, notes)?;
    file.rewind()?;
    Ok(file)
}

const HEADINGS: [(&str, &str, u16); 15] = [
    ("编号", "Number", 18),
    ("事由", "Matter", 48),
    ("种类", "Kind", 10),
    ("渠道", "Channel", 10),
    ("分类", "Category", 26),
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

/// How a row is written.
struct Sheet {
    language: Language,
    /// Categories by their path.
    categories: HashMap<CategoryId, String>,
}

impl Sheet {
    fn piece(&self, pieces: CsvPieces, cases: &[CaseSummary]) -> Result<Vec<u8>, Problem> {
        pieces
            .rows(cases.iter().map(|case| self.cells(case)))
            .map_err(unwritten)
    }

    fn cells<'a>(&'a self, case: &'a CaseSummary) -> [TableCell<'a>; 15] {
        let language = self.language;
        let text = |text: &'a str| TableCell::Text(Cow::Borrowed(text));
        let yes_or_no = |is: bool| match (is, language) {
            (true, Language::Chinese) => text("是"),
            (true, Language::English) => text("yes"),
            (false, _) => TableCell::Empty,
        };
        let day = |at: Option<Timestamp>| at.map_or(TableCell::Empty, |at| TableCell::Day(at.day()));
        let category = case.category.and_then(|id| self.categories.get(&id));
        [
            text(&case.number),
            text(&case.title),
            text(case.kind.word(language)),
            text(case.channel.word(language)),
            category.map_or(TableCell::Empty, |path| text(path)),
            text(named(language, &case.unit.name, case.unit.name_en.as_deref())),
            case.handler.as_ref().map_or(TableCell::Empty, |handler| {
                text(named(language, &handler.name, handler.name_en.as_deref()))
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
}
