//! Lists that go out as files, a row each: read page by page and written as they are read. Text with commas is sent meanwhile;
//! a workbook can't be, since it is whole only at its end.

use std::{fs::File, io::Seek as _, sync::Arc};

use actix_web::{HttpRequest, HttpResponse, web::Bytes};
use futures_util::{StreamExt as _, stream};
use liangnuo_documents::{CsvPieces, TableCell, TableColumn, TableWriter, WriteError};
use liangnuo_persistence::{Page, PageRequest, Store, callers, exports::Export};
use tokio::sync::mpsc;

use super::{ExportFormat, NamedFor};
use crate::{
    problem::{Problem, ProblemCode},
    state::AppState,
};

/// Rows that are read at once.
const PAGE: u64 = 500;

/// How a list is read.
pub(in super::super) trait List: 'static {
    /// What a line is written from.
    type Row: Send + 'static;

    /// A page of what the caller may see.
    async fn page(
        &mut self,
        store: &Store,
        caller: &callers::Caller,
        request: &PageRequest,
    ) -> Result<Page<Self::Row>, Problem>;
}

/// How a list is written.
pub(in super::super) trait Sheet<Row>: Send + 'static {
    /// The names of the sheet and of the one with notes.
    fn names(&self) -> (&'static str, &'static str);

    /// The columns.
    fn columns(&self) -> Vec<TableColumn<'static>>;

    /// A cell for each column.
    fn cells<'a>(&'a self, row: &'a Row) -> Vec<TableCell<'a>>;
}

/// A list that is about to go out.
pub(in super::super) struct HandedOut<L, S> {
    /// How it is read.
    pub(in super::super) list: L,
    /// How it is written.
    pub(in super::super) sheet: S,
    /// The file.
    pub(in super::super) file: NamedFor,
    /// What the log says of it.
    pub(in super::super) export: Export,
    /// What a workbook says beside who took it out and when.
    pub(in super::super) notes: Vec<String>,
}

/// Answers with a list as a file, and notes in the log that it goes out.
///
/// # Errors
/// [`ProblemCode::Busy`] while others take all places; [`ProblemCode::ExportTooLarge`] for what no workbook holds; what
/// reading a page is refused for.
pub(in super::super) async fn hand_out<L: List, S: Sheet<L::Row>>(
    out: HandedOut<L, S>,
    caller: callers::Caller,
    request: &HttpRequest,
    state: Arc<AppState>,
) -> Result<HttpResponse, Problem> {
    let HandedOut {
        list,
        sheet,
        file,
        export,
        notes,
    } = out;
    let mut pages = Pages {
        list,
        request: PageRequest::first(PAGE),
        is_over: false,
        rows: 0,
        caller,
        state: state.clone(),
    };
    // What is read for a file takes a connection and a thread: a few at a time.
    let slot = state.exports.try_acquire();
    let slot = slot.map_err(|_taken| Problem::new(ProblemCode::Busy).after(10))?;
    let Some(pieces) = CsvPieces::of(file.format.table()) else {
        let exporter = state.store.exporter(&pages.caller).await?;
        let mut lines = super::notes(&exporter, &state, file.language);
        lines.extend(notes);
        let written = write(&mut pages, file.format, sheet, lines).await?;
        pages.record("made", export).await?;
        return super::answer(request, written, &file);
    };
    // What is refused is refused before a byte is sent.
    let first = pages.next().await?;
    drop(slot);
    pages.record("begun", export.clone()).await?;
    let mut head = pieces.head(&sheet.columns()).map_err(unwritten)?;
    head.extend(piece(&sheet, pieces, &first)?);
    let transfer = Transfer {
        pages,
        sheet,
        pieces,
        export: Some(export),
    };
    let rest = stream::try_unfold(transfer, Transfer::next);
    let head = stream::once(std::future::ready(Ok(Bytes::from(head))));
    Ok(super::stream(&file, head.chain(rest)))
}

/// A list, page by page.
struct Pages<L> {
    list: L,
    request: PageRequest,
    is_over: bool,
    rows: u32,
    caller: callers::Caller,
    state: Arc<AppState>,
}

impl<L: List> Pages<L> {
    /// The next page; empty after the last one.
    async fn next(&mut self) -> Result<Vec<L::Row>, Problem> {
        if self.is_over {
            return Ok(Vec::new());
        }
        let page = self.list.page(&self.state.store, &self.caller, &self.request).await?;
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
struct Transfer<L, S> {
    pages: Pages<L>,
    sheet: S,
    pieces: CsvPieces,
    /// To be noted when all has gone out.
    export: Option<Export>,
}

impl<L: List, S: Sheet<L::Row>> Transfer<L, S> {
    /// The next piece. An error breaks the connection off: what is not whole must not look as if it were.
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, std::io::Error> {
        let stopping = self.pages.state.stopping.clone();
        let piece = stopping.unless_over(self.piece()).await;
        match piece.unwrap_or_else(|| Err(Problem::new(ProblemCode::Busy))) {
            Ok(piece) => Ok(piece.map(|bytes| (bytes, self))),
            Err(problem) => {
                tracing::warn!(cause = %problem, rows = self.pages.rows, "export.broken");
                Err(std::io::Error::other("the export broke off"))
            }
        }
    }

    async fn piece(&mut self) -> Result<Option<Bytes>, Problem> {
        if self.pages.is_over {
            // What can't be noted is not handed out whole.
            if let Some(export) = self.export.take() {
                self.pages.record("made", export).await?;
            }
            return Ok(None);
        }
        let state = self.pages.state.clone();
        // The place is held while reading alone: whoever takes the file slowly keeps nobody from theirs.
        let _slot = state
            .exports
            .acquire()
            .await
            .map_err(|_closed| Problem::new(ProblemCode::Busy))?;
        let page = self.pages.next().await?;
        let bytes = piece(&self.sheet, self.pieces, &page)?;
        Ok(Some(bytes.into()))
    }
}

fn piece<Row>(sheet: &impl Sheet<Row>, pieces: CsvPieces, rows: &[Row]) -> Result<Vec<u8>, Problem> {
    pieces.rows(rows.iter().map(|row| sheet.cells(row))).map_err(unwritten)
}

fn unwritten(error: WriteError) -> Problem {
    tracing::error!(error = %error, "export.write");
    Problem::new(ProblemCode::Internal)
}

/// What goes to the thread that writes a workbook.
enum Part<Row> {
    Rows(Vec<Row>),
    End,
}

/// Reads page by page and writes as it goes, so that no length of a list costs memory. A workbook is whole only at its
/// end. The file has no name from the beginning on: whatever happens, nothing of it stays.
async fn write<L: List, S: Sheet<L::Row>>(
    pages: &mut Pages<L>,
    format: ExportFormat,
    sheet: S,
    notes: Vec<String>,
) -> Result<File, Problem> {
    let max_rows = format.table().max_rows();
    let (parts, arriving) = mpsc::channel::<Part<L::Row>>(2);
    let writing = tokio::task::spawn_blocking(move || write_table(arriving, format, &sheet, &notes));
    while !pages.is_over {
        let page = pages.next().await?;
        if max_rows.is_some_and(|max| pages.rows > max) {
            return Err(Problem::new(ProblemCode::ExportTooLarge));
        }
        // Only a writer that failed is gone; what it says comes below.
        if parts.send(Part::Rows(page)).await.is_err() {
            break;
        }
    }
    let _ = parts.send(Part::End).await;
    let written = writing.await.map_err(|_panic| Problem::new(ProblemCode::Internal))?;
    written.map_err(unwritten)
}

fn write_table<Row>(
    mut parts: mpsc::Receiver<Part<Row>>,
    format: ExportFormat,
    sheet: &impl Sheet<Row>,
    notes: &[String],
) -> Result<File, WriteError> {
    let (name, notes_name) = sheet.names();
    let columns = sheet.columns();
    let mut table = TableWriter::begin(format.table(), tempfile::tempfile()?, name, &columns)?;
    loop {
        match parts.blocking_recv() {
            Some(Part::Rows(page)) => {
                for row in &page {
                    table.row(&sheet.cells(row))?;
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
