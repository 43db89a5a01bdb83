//! The list of cases as a file: what the caller may see, a row a case.

use std::{borrow::Cow, collections::HashMap};

use actix_web::{HttpRequest, HttpResponse, get, web};
use liangnuo_documents::{TableCell, TableColumn};
use liangnuo_domain::{CategoryId, Timestamp, policy::Action};
use liangnuo_persistence::{
    Page, PageRequest, Store, callers,
    complaints::{CaseFilter, CaseSort, CaseSummary},
    exports::{Export, Exported},
};

use super::{
    super::exports::{self, HandedOut, List, NamedFor, Sheet, columns},
    query::ExportComplaintsQuery,
};
use crate::{
    caller::{Caller, Confirmed},
    language::Language,
    problem::Problem,
    state::AppState,
    words::Word as _,
};

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
    let now = state.clock.now();
    let out = HandedOut {
        list: Cases {
            filter: query.filter(&caller)?,
            sort: query.sort.unwrap_or_default().into(),
            now,
        },
        sheet: CaseSheet {
            language,
            categories: paths(&state, &caller, language).await?,
        },
        file: NamedFor {
            format,
            names: ("办件", "cases"),
            language,
            day: now.day(),
        },
        export: Export {
            of: Exported::Complaints,
            by_right_to: Action::ListComplaints,
            format: format.code(),
            rows: None,
            filters: query.used(),
        },
        notes: Vec::new(),
    };
    exports::hand_out(out, caller.into_inner().owned(), &request, state.into_inner()).await
}

/// The cases of an export.
struct Cases {
    filter: CaseFilter,
    sort: CaseSort,
    now: Timestamp,
}

impl List for Cases {
    type Row = CaseSummary;

    async fn page(
        &mut self,
        store: &Store,
        caller: &callers::Caller,
        request: &PageRequest,
    ) -> Result<Page<CaseSummary>, Problem> {
        let filter = self.filter.clone();
        Ok(store.list_cases(caller, filter, self.sort, request, self.now).await?)
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

/// How a case is written.
struct CaseSheet {
    language: Language,
    /// Categories by their path.
    categories: HashMap<CategoryId, String>,
}

impl Sheet<CaseSummary> for CaseSheet {
    fn names(&self) -> (&'static str, &'static str) {
        match self.language {
            Language::Chinese => ("办件", "说明"),
            Language::English => ("Cases", "Notes"),
        }
    }

    fn columns(&self) -> Vec<TableColumn<'static>> {
        columns(&HEADINGS, self.language)
    }

    fn cells<'a>(&'a self, case: &'a CaseSummary) -> Vec<TableCell<'a>> {
        let language = self.language;
        let text = |text: &'a str| TableCell::Text(Cow::Borrowed(text));
        let yes_or_no = |is: bool| match (is, language) {
            (true, Language::Chinese) => text("是"),
            (true, Language::English) => text("yes"),
            (false, _) => TableCell::Empty,
        };
        let day = |at: Option<Timestamp>| at.map_or(TableCell::Empty, |at| TableCell::Day(at.day()));
        let category = case.category.and_then(|id| self.categories.get(&id));
        vec![
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
