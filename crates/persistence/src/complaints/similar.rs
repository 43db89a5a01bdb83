//! Cases that may say the same as one: proposed, and never merged without a person.

use std::collections::HashMap;

use liangnuo_domain::{
    ComplaintId, Timestamp,
    complaints::{
        Complaint, State,
        similar::{InCommon, LIKE, Words},
    },
    policy::{Action, Resource},
};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, QueryFilter, QuerySelect, QueryTrait, Statement, Value,
};
use uuid::Uuid;

use super::{CaseFilter, CaseSummary, lists::filtered, rows, summary::Row};
use crate::{
    callers::Caller,
    db::{Database, Store},
    entity::{complaint_search, complaints::Column},
    error::StoreError,
    names::unit_path,
};

/// Days before and after a case in which others are looked for.
const DAYS: i64 = 90;

/// Pairs by which they are looked for.
const PAIRS: usize = 12;

/// Texts that each pair brings, of those before the case and of those after it. What many texts have brings the nearest; what
/// is rare, and says more, brings all.
const TEXTS: usize = 60;

/// Cases whose texts are compared: those that share most of the pairs.
const COMPARED: usize = 200;

/// Cases that are proposed.
const PROPOSED: usize = 5;

/// A case that may say the same, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct SimilarCase {
    /// The case.
    pub case: CaseSummary,
    /// Words that stand in both, the longest first.
    pub shared_words: Vec<String>,
    /// Held by the same unit, or about the same one.
    pub is_same_unit: bool,
    /// In the same category.
    pub is_same_category: bool,
    /// Came in on the same day.
    pub is_same_day: bool,
    /// The other one can be merged into it.
    pub can_lead: bool,
}

#[derive(Debug, FromQueryResult)]
struct Candidate {
    id: Uuid,
    title: String,
    body: String,
    state: String,
    unit_id: Uuid,
    about_unit_id: Option<Uuid>,
    category_id: Option<Uuid>,
    is_sealed: bool,
    received_at: i64,
}

impl Candidate {
    fn in_common(&self, case: &Complaint) -> InCommon {
        let about = case.about.map(|unit| unit.0);
        InCommon {
            unit: self.unit_id == case.unit.0 || (about.is_some() && self.about_unit_id == about),
            category: case
                .category
                .is_some_and(|category| self.category_id == Some(category.0)),
        }
    }
}

impl Store {
    /// Cases that came in within ninety days of one and may say the same: the best five that the caller may see.
    ///
    /// # Errors
    /// As [`Store::case`].
    pub async fn similar_cases(
        &self,
        caller: &Caller,
        id: ComplaintId,
        now: Timestamp,
    ) -> Result<Vec<SimilarCase>, StoreError> {
        let case = rows::load_visible(self.read(), &caller.visible, id.0)
            .await?
            .ok_or(StoreError::NotFound)?;
        let path = unit_path(self.read(), case.region, case.unit).await?;
        caller.must(
            Action::ViewComplaint,
            Resource::Complaint {
                path: &path,
                is_sealed: case.is_sealed,
                is_excluded: false,
            },
        )?;
        let words = Words::of(&case.title, &case.body);
        let documents = self.documents_like(&case, &words).await?;
        let mut found: Vec<(f64, Candidate, Words)> = Vec::new();
        for candidate in self.comparable(caller, &case, documents, now).await? {
            let its = Words::of(&candidate.title, &candidate.body);
            let likeness = words.likeness(&its, candidate.in_common(&case));
            if likeness >= LIKE {
                found.push((likeness, candidate, its));
            }
        }
        // Of two that are as like, the nearer one.
        let distance = |candidate: &Candidate| (candidate.received_at - case.received_at.micros()).abs();
        found.sort_by(|(one, a, _), (two, b, _)| two.total_cmp(one).then(distance(a).cmp(&distance(b))));
        found.truncate(PROPOSED);
        self.proposed(caller, &case, &words, found, now).await
    }

    async fn proposed(
        &self,
        caller: &Caller,
        case: &Complaint,
        words: &Words,
        found: Vec<(f64, Candidate, Words)>,
        now: Timestamp,
    ) -> Result<Vec<SimilarCase>, StoreError> {
        let rules = self.rules(case.region).await?;
        let ids: Vec<Uuid> = found.iter().map(|(_, candidate, _)| candidate.id).collect();
        let select = filtered(&caller.visible, &CaseFilter::default(), self.database(), now);
        let rows = Row::select(select.filter(Column::Id.is_in(ids)))
            .into_model::<Row>()
            .all(self.read())
            .await?;
        let mut summaries = HashMap::with_capacity(rows.len());
        for row in rows {
            let summary = row.summary(&rules, now)?;
            summaries.insert(summary.id.0, summary);
        }
        let similar = found.into_iter().filter_map(|(_, candidate, its)| {
            let summary = summaries.remove(&candidate.id)?;
            let InCommon { unit, category } = candidate.in_common(case);
            Some(SimilarCase {
                shared_words: words.shared(&its),
                is_same_unit: unit,
                is_same_category: category,
                is_same_day: summary.received_at.day() == case.received_at.day(),
                can_lead: summary.state.is_clocked(),
                case: summary,
            })
        });
        Ok(similar.collect())
    }

    /// The texts that share most of a case's pairs, before it and after it.
    async fn documents_like(&self, case: &Complaint, words: &Words) -> Result<Vec<i64>, StoreError> {
        let own = complaint_search::Entity::find_by_id((case.region.0, case.id.0))
            .one(self.read())
            .await?
            .and_then(|row| row.document);
        let pairs = words.sample(&case.title, &case.body, PAIRS);
        let Some(own) = own.filter(|_| !pairs.is_empty()) else {
            return Ok(Vec::new());
        };
        let backend = self.read().get_database_backend();
        let (has_pair, own_place) = match self.database() {
            Database::Sqlite => ("complaint_pairs MATCH ?", "?"),
            Database::Postgres => ("pairs @@ $1::tsquery", "$2"),
        };
        let mut shared: HashMap<i64, usize> = HashMap::new();
        for pair in pairs {
            let nearest = |side: &str, order: &str| {
                format!(
                    "SELECT rowid FROM (SELECT rowid FROM complaint_pairs WHERE {has_pair} AND rowid {side} {own_place} \
                     ORDER BY rowid {order} LIMIT {TEXTS}) AS {order}_side"
                )
            };
            let sql = format!("{} UNION ALL {}", nearest("<", "DESC"), nearest(">", "ASC"));
            let mut values: Vec<Value> = vec![pair.into(), own.into()];
            if self.database() == Database::Sqlite {
                values.extend(values.clone());
            }
            let statement = Statement::from_sql_and_values(backend, sql, values);
            for row in self.read().query_all_raw(statement).await? {
                *shared.entry(row.try_get_by_index(0)?).or_default() += 1;
            }
        }
        let mut documents: Vec<(i64, usize)> = shared.into_iter().collect();
        documents.sort_by_key(|(document, pairs)| (std::cmp::Reverse(*pairs), (document - own).abs()));
        documents.truncate(COMPARED);
        Ok(documents.into_iter().map(|(document, _)| document).collect())
    }

    /// The cases of these texts that can say the same: in the same lane, not long before or after, and not merged into
    /// another one, which stands for them.
    async fn comparable(
        &self,
        caller: &Caller,
        case: &Complaint,
        documents: Vec<i64>,
        now: Timestamp,
    ) -> Result<Vec<Candidate>, StoreError> {
        let away = |days: i64| case.received_at.plus_seconds(days * 86_400).micros();
        let ids = complaint_search::Entity::find()
            .select_only()
            .column(complaint_search::Column::ComplaintId)
            .filter(complaint_search::Column::Document.is_in(documents))
            .into_query();
        let found = filtered(&caller.visible, &CaseFilter::default(), self.database(), now)
            .select_only()
            .columns([
                Column::Id,
                Column::Title,
                Column::Body,
                Column::State,
                Column::UnitId,
                Column::AboutUnitId,
                Column::CategoryId,
                Column::IsSealed,
                Column::ReceivedAt,
            ])
            .filter(Column::Id.in_subquery(ids))
            .filter(Column::Id.ne(case.id.0))
            .into_model::<Candidate>()
            .all(self.read())
            .await?;
        let lead = case.duplicate_of.map(|lead| lead.0);
        let fits = |candidate: &Candidate| {
            let state = State::from_code(&candidate.state);
            candidate.is_sealed == case.is_sealed
                && (away(-DAYS)..=away(DAYS)).contains(&candidate.received_at)
                && !matches!(state, Some(State::Duplicate | State::Withdrawn) | None)
                && lead != Some(candidate.id)
        };
        // Few by now: to ask for the rest would only offer the database other ways to go.
        Ok(found.into_iter().filter(fits).collect())
    }
}
