//! What all files that are handed out share: how they are written, what they say of themselves, how they go out.

mod lists;

use std::{borrow::Cow, fs::File};

use actix_files::NamedFile;
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{ContentDisposition, DispositionType},
    web::Bytes,
};
use futures_util::Stream;
use liangnuo_documents::{Field, Form, TableCell, TableColumn, TableFormat};
use liangnuo_domain::{Day, imports::Said};
use liangnuo_persistence::names::MemberName;
use serde::Deserialize;
use utoipa::ToSchema;

pub(super) use lists::{HandedOut, List, Sheet, hand_out};

use crate::{
    answer::file_named,
    language::Language,
    problem::{Problem, ProblemCode},
    state::AppState,
};

/// How a table is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, ToSchema)]
pub enum ExportFormat {
    /// A workbook.
    #[default]
    #[serde(rename = "xlsx")]
    Xlsx,
    /// Commas, UTF-8 with a byte order mark.
    #[serde(rename = "csv")]
    Csv,
    /// Commas, GB 18030, for older Chinese programs.
    #[serde(rename = "csv-gb18030")]
    CsvGb18030,
}

impl ExportFormat {
    pub(super) const fn code(self) -> &'static str {
        match self {
            Self::Xlsx => "xlsx",
            Self::Csv => "csv",
            Self::CsvGb18030 => "csv-gb18030",
        }
    }

    pub(super) const fn table(self) -> TableFormat {
        match self {
            Self::Xlsx => TableFormat::Xlsx,
            Self::Csv => TableFormat::Csv,
            Self::CsvGb18030 => TableFormat::CsvGb18030,
        }
    }
}

/// Who took it out, and when: a workbook that goes round says where it came from.
pub(super) fn notes(exporter: &MemberName, state: &AppState, language: Language) -> Vec<String> {
    let at = state.clock.now().local().format("%Y-%m-%d %H:%M");
    match language {
        Language::Chinese => vec![
            format!("导出人：{}", exporter.name),
            format!("导出时间：{at}（北京时间）"),
            "只含导出人当时有权看到的内容。导出已记入日志。".to_owned(),
        ],
        Language::English => vec![
            format!("Exported by: {}", exporter.name_en.as_deref().unwrap_or(&exporter.name)),
            format!("Exported at: {at} (China time)"),
            "Only what the exporter could see at that time. The export is in the log.".to_owned(),
        ],
    }
}

/// The columns of headings in Chinese and English, with their widths.
pub(super) fn columns(headings: &[(&'static str, &'static str, u16)], language: Language) -> Vec<TableColumn<'static>> {
    let heading = |&(chinese, english, width)| TableColumn {
        heading: match language {
            Language::Chinese => chinese,
            Language::English => english,
        },
        width,
    };
    headings.iter().map(heading).collect()
}

/// The names of the filters that are used.
pub(super) fn used<const N: usize>(filters: [(&'static str, bool); N]) -> Vec<&'static str> {
    let used = filters.into_iter().filter(|(_, is_used)| *is_used);
    used.map(|(name, _)| name).collect()
}

/// A cell of a list, as the import reads it back.
pub(super) fn spelled(value: Option<&str>) -> TableCell<'static> {
    value.map_or(TableCell::Empty, |value| {
        TableCell::Text(Cow::Owned(Said::spell(value)))
    })
}

/// The fields of a list, in the order of its columns. Whether something was closed stands there where closed ones do.
pub(super) fn list_fields(form: Form, is_with_closed: bool) -> impl Iterator<Item = &'static Field> {
    let fields = form.fields().iter();
    fields.filter(move |field| is_with_closed || **field != Field::ClosedOn)
}

/// The columns of a list that an import reads again.
pub(super) fn list_columns(form: Form, language: Language, is_with_closed: bool) -> Vec<TableColumn<'static>> {
    let column = |field: &Field| TableColumn {
        heading: match language {
            Language::Chinese => field.heading(),
            Language::English => field.heading_en(),
        },
        width: 22,
    };
    list_fields(form, is_with_closed).map(column).collect()
}

/// What a file that goes out is called.
pub(super) struct NamedFor {
    pub(super) format: ExportFormat,
    /// Chinese and English, without day and ending.
    pub(super) names: (&'static str, &'static str),
    pub(super) language: Language,
    pub(super) day: Day,
}

impl NamedFor {
    /// A name in the reader's language and one that every program can write.
    fn disposition(&self) -> ContentDisposition {
        let (chinese, english) = self.names;
        let (day, extension) = (self.day, self.format.table().extension());
        let name = match self.language {
            Language::Chinese => format!("{chinese}-{day}.{extension}"),
            Language::English => format!("{english}-{day}.{extension}"),
        };
        file_named(
            DispositionType::Attachment,
            format!("{english}-{day}.{extension}"),
            name,
        )
    }
}

/// The file as an answer.
pub(super) fn answer(request: &HttpRequest, file: File, named: &NamedFor) -> Result<HttpResponse, Problem> {
    let broken = |error: std::io::Error| {
        tracing::error!(error = %error, "export.read");
        Problem::new(ProblemCode::Internal)
    };
    let media_type = named.format.table().media_type().parse();
    let media_type = media_type.map_err(|_malformed| Problem::new(ProblemCode::Internal))?;
    // It is made for this one answer: there is nothing to compare a later one with.
    let file = NamedFile::from_file(file, "export")
        .map_err(broken)?
        .use_etag(false)
        .use_last_modified(false)
        .set_content_type(media_type)
        .set_content_disposition(named.disposition());
    Ok(file.into_response(request))
}

/// A file as an answer that is sent while it is made.
pub(super) fn stream(
    named: &NamedFor,
    pieces: impl Stream<Item = Result<Bytes, std::io::Error>> + 'static,
) -> HttpResponse {
    HttpResponse::Ok()
        .content_type(named.format.table().media_type())
        .insert_header(named.disposition())
        .streaming(pieces)
}
