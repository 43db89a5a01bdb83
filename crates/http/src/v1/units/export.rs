//! The list of units as a file, in the columns of the import: taken out, changed in a spreadsheet and taken in again.

use std::collections::HashMap;

use actix_web::{HttpRequest, HttpResponse, get, web};
use liangnuo_documents::{Field, Form, TableCell, TableColumn};
use liangnuo_domain::{UnitId, imports::units::KIND_WORDS, policy::Action};
use liangnuo_persistence::{
    Page, PageRequest, Store, callers,
    exports::{Export, Exported},
    units::{UnitFilter, UnitView},
};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::word;
use crate::{
    caller::Confirmed,
    language::Language,
    problem::Problem,
    state::AppState,
    v1::{
        common::OrgUnitKind,
        exports::{self, ExportFormat, HandedOut, List, NamedFor, Sheet, list_columns, spelled},
    },
};

/// Filters of the list, and how the file is written.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ExportUnitsQuery {
    /// Part of the name, in either language, or of the code.
    #[param(max_length = 100)]
    pub q: Option<String>,
    /// What it is.
    #[param(inline)]
    pub kind: Option<OrgUnitKind>,
    /// Directly below this unit.
    pub parent_id: Option<Uuid>,
    /// Closed ones too, with a column that says so.
    pub include_closed: Option<bool>,
    /// How the file is written.
    #[param(inline)]
    pub format: Option<ExportFormat>,
}

impl ExportUnitsQuery {
    fn used(&self) -> Vec<&'static str> {
        exports::used([
            ("q", self.q.is_some()),
            ("kind", self.kind.is_some()),
            ("parent_id", self.parent_id.is_some()),
            ("include_closed", self.include_closed == Some(true)),
        ])
    }
}

/// Export units
///
/// The list of units with the same filters, all pages of it, as a file in the columns that `import_units` reads: what comes back
/// unchanged changes nothing. A text never becomes a formula. Each export is in the log. Needs a confirmation. Permissions: as
/// the list.
#[utoipa::path(
    tag = "units",
    params(ExportUnitsQuery),
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
#[get("/units/export")]
pub async fn export_units(
    caller: Confirmed,
    query: web::Query<ExportUnitsQuery>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let format = query.format.unwrap_or_default();
    let language = Language::of(request.headers());
    let filters = query.used();
    let query = query.into_inner();
    let is_with_closed = query.include_closed.unwrap_or(false);
    let out = HandedOut {
        list: UnitList {
            filter: UnitFilter {
                q: word(query.q)?,
                kind: query.kind.map(Into::into),
                parent: query.parent_id.map(UnitId),
                include_closed: is_with_closed,
            },
        },
        sheet: UnitSheet {
            language,
            references: state.store.unit_references(caller.actor.region).await?,
            is_with_closed,
        },
        file: NamedFor {
            format,
            names: ("单位", "units"),
            language,
            day: state.clock.now().day(),
        },
        export: Export {
            of: Exported::Units,
            by_right_to: Action::ViewUnit,
            format: format.code(),
            rows: None,
            filters,
        },
        notes: Vec::new(),
    };
    exports::hand_out(out, caller.into_inner().owned(), &request, state.into_inner()).await
}

/// The units of an export.
struct UnitList {
    filter: UnitFilter,
}

impl List for UnitList {
    type Row = UnitView;

    async fn page(
        &mut self,
        store: &Store,
        caller: &callers::Caller,
        request: &PageRequest,
    ) -> Result<Page<UnitView>, Problem> {
        let filter = self.filter.clone();
        let region = caller.actor.region;
        Ok(store.list_units(region, Some(caller), filter, request).await?)
    }
}

/// How a unit is written.
struct UnitSheet {
    language: Language,
    references: HashMap<UnitId, String>,
    is_with_closed: bool,
}

impl UnitSheet {
    /// The unit above, so that an import knows which one is meant.
    fn parent(&self, row: &UnitView) -> Option<String> {
        let parent = row.unit.parent?;
        let known = self.references.get(&parent).cloned();
        Some(known.unwrap_or_else(|| {
            row.path
                .iter()
                .map(|unit| unit.name.as_str())
                .collect::<Vec<_>>()
                .join("/")
        }))
    }
}

impl Sheet<UnitView> for UnitSheet {
    fn names(&self) -> (&'static str, &'static str) {
        match self.language {
            Language::Chinese => ("单位", "说明"),
            Language::English => ("Units", "Notes"),
        }
    }

    fn columns(&self) -> Vec<TableColumn<'static>> {
        list_columns(Form::Units, self.language, self.is_with_closed)
    }

    fn cells<'a>(&'a self, row: &'a UnitView) -> Vec<TableCell<'a>> {
        let fields = &row.unit.fields;
        let kind = KIND_WORDS.iter().find(|(kind, _, _)| *kind == row.unit.kind);
        let kind = kind.map(|(_, zh, en)| match self.language {
            Language::Chinese => *zh,
            Language::English => *en,
        });
        let parent = self.parent(row);
        let cell = |field: &Field| match field {
            Field::UnitCode => spelled(fields.code.as_deref()),
            Field::UnitName => spelled(Some(&fields.name)),
            Field::UnitNameEn => spelled(fields.name_en.as_deref()),
            Field::UnitKind => spelled(kind),
            Field::Parent => spelled(parent.as_deref()),
            Field::Head => spelled(fields.head.as_deref()),
            Field::Hotline => spelled(fields.hotline.as_deref()),
            Field::Address => spelled(fields.address.as_deref()),
            Field::OpeningHours => spelled(fields.opening_hours.as_deref()),
            Field::ClosedOn => spelled(row.unit.closed_at.map(|at| at.day().to_string()).as_deref()),
            _ => TableCell::Empty,
        };
        exports::list_fields(Form::Units, self.is_with_closed)
            .map(cell)
            .collect()
    }
}
