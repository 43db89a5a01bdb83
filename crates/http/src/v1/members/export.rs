//! The list of members as a file, in the columns of the import: taken out, changed in a spreadsheet and taken in again.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, get, web};
use liangnuo_documents::{Field, Form, TableCell, TableColumn};
use liangnuo_domain::{Timestamp, UnitId, policy::Action};
use liangnuo_persistence::{
    Page, PageRequest, Store, callers,
    exports::{Export, Exported},
    members::{MemberFilter, MemberView},
    names::UnitName,
};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use crate::{
    caller::Confirmed,
    language::Language,
    problem::Problem,
    state::AppState,
    v1::{
        exports::{self, ExportFormat, HandedOut, List, NamedFor, Sheet, list_columns, spelled},
        units::word,
    },
};

/// Filters of the list, and how the file is written.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportMembersQuery {
    /// Part of the name or of the staff number.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// In this unit or one below it.
    pub unit_id: Option<Uuid>,
    /// Those who left, too, with a column that says so.
    pub include_closed: Option<bool>,
    /// How the file is written.
    #[param(inline)]
    pub format: Option<ExportFormat>,
}

impl ExportMembersQuery {
    fn used(&self) -> Vec<&'static str> {
        exports::used([
            ("q", self.q.is_some()),
            ("unit_id", self.unit_id.is_some()),
            ("include_closed", self.include_closed == Some(true)),
        ])
    }
}

/// Export members
///
/// The list of members with the same filters, all pages of it, as a file in the columns that `import_members` reads: what comes
/// back unchanged changes nothing. A text never becomes a formula. Each export is in the log. Needs a confirmation.
/// Permissions: as the list.
#[utoipa::path(
    tag = "members",
    params(ExportMembersQuery),
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
#[get("/members/export")]
pub async fn export_members(
    caller: Confirmed,
    query: web::Query<ExportMembersQuery>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let format = query.format.unwrap_or_default();
    let language = Language::of(request.headers());
    let filters = query.used();
    let query = query.into_inner();
    let is_with_closed = query.include_closed.unwrap_or(false);
    let now = state.clock.now();
    let out = HandedOut {
        list: MemberList {
            filter: MemberFilter {
                q: word(query.q)?,
                unit: query.unit_id.map(UnitId),
                include_closed: is_with_closed,
            },
            now,
        },
        sheet: MemberSheet {
            language,
            references: state.store.unit_references(caller.actor.region).await?,
            is_with_closed,
        },
        file: NamedFor {
            format,
            names: ("成员", "members"),
            language,
            day: now.day(),
        },
        export: Export {
            of: Exported::Members,
            by_right_to: Action::ListMembers,
            format: format.code(),
            rows: None,
            filters,
        },
        notes: Vec::new(),
    };
    exports::hand_out(out, caller.into_inner().owned(), &request, state.into_inner()).await
}

/// The members of an export.
struct MemberList {
    filter: MemberFilter,
    now: Timestamp,
}

impl List for MemberList {
    type Row = MemberView;

    async fn page(
        &mut self,
        store: &Store,
        caller: &callers::Caller,
        request: &PageRequest,
    ) -> Result<Page<MemberView>, Problem> {
        let filter = self.filter.clone();
        Ok(store.list_members(caller, filter, request, self.now).await?)
    }
}

/// How a member is written.
struct MemberSheet {
    language: Language,
    references: HashMap<UnitId, String>,
    is_with_closed: bool,
}

impl MemberSheet {
    fn reference(&self, unit: &UnitName) -> String {
        let known = self.references.get(&unit.id).cloned();
        known.unwrap_or_else(|| unit.name.clone())
    }
}

impl Sheet<MemberView> for MemberSheet {
    fn names(&self) -> (&'static str, &'static str) {
        match self.language {
            Language::Chinese => ("成员", "说明"),
            Language::English => ("Members", "Notes"),
        }
    }

    fn columns(&self) -> Vec<TableColumn<'static>> {
        list_columns(Form::Members, self.language, self.is_with_closed)
    }

    fn cells<'a>(&'a self, row: &'a MemberView) -> Vec<TableCell<'a>> {
        let fields = &row.member.fields;
        let unit = self.reference(&row.unit);
        let branch = row.branch.as_ref().map(|branch| self.reference(branch));
        let is_party_member = match (fields.is_party_member, self.language) {
            (true, Language::Chinese) => "是",
            (true, Language::English) => "Yes",
            (false, Language::Chinese) => "否",
            (false, Language::English) => "No",
        };
        let cell = |field: &Field| match field {
            Field::StaffNumber => spelled(fields.staff_number.as_deref()),
            Field::MemberName => spelled(Some(&fields.name)),
            Field::MemberNameEn => spelled(fields.name_en.as_deref()),
            Field::Home => spelled(Some(&unit)),
            Field::Post => spelled(fields.post.as_deref()),
            Field::PostEn => spelled(fields.post_en.as_deref()),
            Field::Branch => spelled(branch.as_deref()),
            Field::IsPartyMember => spelled(Some(is_party_member)),
            Field::ClosedOn => spelled(row.member.closed_at.map(|at| at.day().to_string()).as_deref()),
            _ => TableCell::Empty,
        };
        exports::list_fields(Form::Members, self.is_with_closed)
            .map(cell)
            .collect()
    }
}
