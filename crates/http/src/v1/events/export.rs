//! The event log as a file: what the caller may know of, a row an event.

use std::{borrow::Cow, collections::HashSet};

use actix_web::{HttpRequest, HttpResponse, get, web};
use liangnuo_documents::{TableCell, TableColumn};
use liangnuo_domain::{
    ComplaintId, MemberId, UnitId,
    complaints::{Channel, Kind, State},
    events::Subject,
    log::hex,
    policy::Action,
};
use liangnuo_persistence::{
    Page, PageRequest, Store, StoreError, callers,
    events::{EventFilter, EventList, EventNames, EventSort, Fact, FactValue, LoggedEvent},
    exports::{Export, Exported},
};
use uuid::Uuid;

use super::{
    super::exports::{self, HandedOut, List, NamedFor, Sheet, columns},
    query::ExportEventsQuery,
};
use crate::{
    caller::Confirmed,
    language::Language,
    problem::Problem,
    state::AppState,
    words::{Word as _, fact_word},
};

/// Export events
///
/// The event log with the same filters and order, all pages of it, as a file: what the list shows, and whether an event is
/// sealed; never at which place, since gaps would tell how many are hidden. A text never becomes a formula. Each export is in
/// the log itself. A file with commas begins at once and comes as it is read; one that ends without the end of the transfer is
/// not whole. Permissions: as the list.
#[utoipa::path(
    tag = "events",
    params(ExportEventsQuery),
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
#[get("/events/export")]
pub async fn export_events(
    caller: Confirmed,
    query: web::Query<ExportEventsQuery>,
    request: HttpRequest,
    state: web::Data<AppState>,
) -> Result<HttpResponse, Problem> {
    let format = query.format.unwrap_or_default();
    let language = Language::of(request.headers());
    let out = HandedOut {
        list: Events {
            filter: query.filter()?,
            sort: query.sort.unwrap_or_default().into(),
            language,
        },
        sheet: EventSheet { language },
        file: NamedFor {
            format,
            names: ("事件日志", "events"),
            language,
            day: state.clock.now().day(),
        },
        export: Export {
            of: Exported::Events,
            by_right_to: Action::ReadEvents,
            format: format.code(),
            rows: None,
            filters: query.used(),
        },
        notes: notes(&state, language).await?,
    };
    exports::hand_out(out, caller.into_inner().owned(), &request, state.into_inner()).await
}

/// How the log stood last, as everybody is told: what the events of the file can be held against.
async fn notes(state: &AppState, language: Language) -> Result<Vec<String>, Problem> {
    let signed = match state.store.log_checkpoint().await {
        Ok(signed) => signed,
        // Verification names it; the file goes out without it.
        Err(StoreError::Inconsistent { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    let lines = signed.map(|signed| {
        let stood = signed.checkpoint;
        let (at, root) = (stood.at.local().format("%Y-%m-%d %H:%M"), hex(&stood.root));
        match language {
            Language::Chinese => format!("最近的检查点：{at}（北京时间），共{}项，根散列{root}", stood.size),
            Language::English => {
                format!(
                    "Last checkpoint: {at} (China time), {} entries, root hash {root}",
                    stood.size
                )
            }
        }
    });
    Ok(lines.into_iter().collect())
}

/// The events of an export.
struct Events {
    filter: EventFilter,
    sort: EventSort,
    language: Language,
}

/// What a line says of an event.
struct Line {
    event: LoggedEvent,
    by: String,
    acting_for: Option<String>,
    subject: String,
    unit: Option<String>,
    /// What else there is to say, as far as the caller is told.
    details: String,
    is_sealed: bool,
}

impl List for Events {
    type Row = Line;

    async fn page(
        &mut self,
        store: &Store,
        caller: &callers::Caller,
        request: &PageRequest,
    ) -> Result<Page<Line>, Problem> {
        let filter = self.filter.clone();
        let EventList { page, names } = store.list_events(caller, filter, self.sort, request).await?;
        let ids = page.items.iter().map(|event| event.id);
        let sealed: HashSet<Uuid> = store.sealed_among(ids).await?;
        let speaker = Speaker {
            names: &names,
            language: self.language,
        };
        Ok(page.map(|event| speaker.line(event, &sealed)))
    }
}

/// Says what ids stand for, as far as the caller is told.
struct Speaker<'a> {
    names: &'a EventNames,
    language: Language,
}

impl Speaker<'_> {
    fn line(&self, event: LoggedEvent, sealed: &HashSet<Uuid>) -> Line {
        let by = event.actor.and_then(|id| self.member(id));
        Line {
            by: by.unwrap_or_else(|| event.actor_kind.word(self.language).to_owned()),
            acting_for: event.acting_for.and_then(|id| self.member(id)),
            subject: self.subject(&event),
            unit: event.unit.and_then(|id| self.unit(id)),
            details: self.details(&event.facts),
            is_sealed: sealed.contains(&event.id),
            event,
        }
    }

    fn named(&self, chinese: &str, english: Option<&str>) -> String {
        match (self.language, english) {
            (Language::English, Some(english)) => english.to_owned(),
            (Language::English | Language::Chinese, _) => chinese.to_owned(),
        }
    }

    fn member(&self, id: MemberId) -> Option<String> {
        let member = self.names.members.get(&id)?;
        Some(self.named(&member.name, member.name_en.as_deref()))
    }

    fn unit(&self, id: UnitId) -> Option<String> {
        let unit = self.names.units.get(&id)?;
        Some(self.named(&unit.name, unit.name_en.as_deref()))
    }

    /// Every fact by its name, with all of its values: as the console says them.
    fn details(&self, facts: &[Fact]) -> String {
        let (comma, semicolon, colon) = match self.language {
            Language::Chinese => ("、", "；", "："),
            Language::English => (", ", "; ", ": "),
        };
        let mut lines: Vec<(&str, String)> = Vec::new();
        for fact in facts {
            let value = fact.value.as_ref().map(|value| self.value(&fact.name, value));
            let before = fact.before.as_ref().map(|before| self.value(&fact.name, before));
            let said = match (before, value) {
                (Some(before), Some(value)) => format!("{before} → {value}"),
                (Some(before), None) => format!("{before} →"),
                (None, Some(value)) => value,
                (None, None) => continue,
            };
            match lines.iter_mut().find(|(name, _)| *name == fact.name) {
                Some((_, values)) => {
                    values.push_str(comma);
                    values.push_str(&said);
                }
                None => lines.push((&fact.name, said)),
            }
        }
        let lines = lines
            .into_iter()
            .map(|(name, said)| format!("{}{colon}{said}", fact_word(name, self.language)));
        lines.collect::<Vec<_>>().join(semicolon)
    }

    /// What stands for an id is its name; for a code its word, where there is one.
    fn value(&self, name: &str, value: &FactValue) -> String {
        let known = match value {
            FactValue::Text(text) => match name {
                "state" => State::from_code(text).map(|it| it.word(self.language).to_owned()),
                "kind" => Kind::from_code(text).map(|it| it.word(self.language).to_owned()),
                "channel" => Channel::from_code(text).map(|it| it.word(self.language).to_owned()),
                _ => None,
            }
            .or_else(|| Some(text.clone())),
            FactValue::Unit(id) => self.unit(*id),
            FactValue::Member(id) => self.member(*id),
            FactValue::Case(id) => self.names.cases.get(id).cloned(),
            FactValue::Category(id) => {
                let named = self.names.others.get(&id.0);
                named.map(|named| self.named(&named.name, named.name_en.as_deref()))
            }
        };
        known.unwrap_or_else(|| "—".to_owned())
    }

    /// The thing by its name, as the console says it; by the beginning of its id where it has none that is told.
    fn subject(&self, event: &LoggedEvent) -> String {
        let id = event.subject;
        let in_words = |chinese: &str, english: &str| Some(self.named(chinese, Some(english)));
        let own = match event.action.subject() {
            Subject::Complaints => self.names.cases.get(&ComplaintId(id)).cloned(),
            Subject::Units => self.unit(UnitId(id)),
            Subject::Members => self.member(MemberId(id)),
            Subject::Accounts => {
                let holder = self.names.holders.get(&id).and_then(|holder| self.member(*holder));
                holder.map(|who| match self.language {
                    Language::Chinese => format!("{who}的账号"),
                    Language::English => format!("Account of {who}"),
                })
            }
            Subject::Settings => in_words("全县的设置", "The county's settings"),
            Subject::Calendars => in_words("全县的工作日历", "The county's working days"),
            Subject::Categories
            | Subject::Exports
            | Subject::Imports
            | Subject::LogVerifications
            | Subject::PhoneLookUps
            | Subject::ReplyTemplates
            | Subject::RoleGrants
            | Subject::SavedViews
            | Subject::VaultKeys => {
                let named = self.names.others.get(&id);
                named.map(|named| self.named(&named.name, named.name_en.as_deref()))
            }
        };
        own.unwrap_or_else(|| {
            let short: String = id.to_string().chars().take(8).collect();
            format!("{} {short}", event.action.subject().word(self.language))
        })
    }
}

const HEADINGS: [(&str, &str, u16); 12] = [
    ("时间（北京时间）", "Time (China)", 20),
    ("谁", "Who", 14),
    ("代谁", "In whose place", 14),
    ("做了什么", "What", 26),
    ("代码", "Code", 26),
    ("对象类型", "Kind of thing", 14),
    ("对象", "Thing", 26),
    ("单位", "Unit", 26),
    ("详情", "Details", 40),
    ("已封存", "Sealed", 10),
    ("事件标识", "Event id", 38),
    ("对象标识", "Thing id", 38),
];

/// How an event is written.
struct EventSheet {
    language: Language,
}

impl Sheet<Line> for EventSheet {
    fn names(&self) -> (&'static str, &'static str) {
        match self.language {
            Language::Chinese => ("事件日志", "说明"),
            Language::English => ("Events", "Notes"),
        }
    }

    fn columns(&self) -> Vec<TableColumn<'static>> {
        columns(&HEADINGS, self.language)
    }

    fn cells<'a>(&'a self, line: &'a Line) -> Vec<TableCell<'a>> {
        const fn text(text: &str) -> TableCell<'_> {
            TableCell::Text(Cow::Borrowed(text))
        }
        let language = self.language;
        let own = |text: String| TableCell::Text(Cow::Owned(text));
        let maybe = |name: Option<&'a String>| name.map_or(TableCell::Empty, |name| text(name));
        let event = &line.event;
        vec![
            // Of what a complainant did nobody is told the hour.
            own(event.at.map_or_else(
                || event.on.to_string(),
                |at| at.local().format("%Y-%m-%d %H:%M:%S").to_string(),
            )),
            text(&line.by),
            maybe(line.acting_for.as_ref()),
            text(event.action.word(language)),
            text(event.action.code()),
            text(event.action.subject().word(language)),
            text(&line.subject),
            maybe(line.unit.as_ref()),
            text(&line.details),
            text(match (line.is_sealed, language) {
                (true, Language::Chinese) => "是",
                (true, Language::English) => "yes",
                (false, Language::Chinese) => "等待中",
                (false, Language::English) => "waiting",
            }),
            own(event.id.to_string()),
            own(event.subject.to_string()),
        ]
    }
}
