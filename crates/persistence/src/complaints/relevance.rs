//! Lists of cases by relevance: what has the words in its title comes first, however old it is.

use std::collections::HashMap;

use liangnuo_domain::{RegionId, Timestamp, clocks::Rules, text};
use sea_orm::{ColumnTrait, FromQueryResult, QueryFilter, QuerySelect, Select};
use uuid::Uuid;

use super::{
    lists::CaseSort,
    search::{Place, relevance},
    summary::{CaseSummary, Row},
};
use crate::{
    db::Store,
    entity::{
        complaint_search,
        complaints::{Column, Entity},
    },
    error::StoreError,
    join::join_in_order,
    page::{self, Page, Source, Total},
};

/// Cases that are ranked of each kind, the newest that fit.
const CANDIDATES: u64 = 500;

/// Cases in a list by relevance.
const BEST: usize = 200;

/// What is looked at to rank a case.
#[derive(Debug, FromQueryResult)]
struct Candidate {
    id: Uuid,
    title: String,
    content: String,
    received_at: i64,
}

impl Store {
    /// The best two hundred of a selection: first those with all words in the title, then those with any of them there, then
    /// the others that fit, and of each kind the best of the newest five hundred.
    pub(super) async fn most_relevant(
        &self,
        select: Select<Entity>,
        (region, q): (RegionId, &str),
        rules: &Rules,
        now: Timestamp,
    ) -> Result<Page<CaseSummary>, StoreError> {
        let words = text::search_words(q);
        let places: &[Place] = match words.len() {
            0 => &[Place::Text],
            // Of a single word all is any.
            1 => &[Place::Title, Place::Text],
            _ => &[Place::Title, Place::PartOfTitle, Place::Text],
        };
        let mut found = HashMap::new();
        for (nth, place) in places.iter().enumerate() {
            let fitting = self.search(select.clone(), (q, *place), region);
            for candidate in self.candidates(fitting).await? {
                let score = relevance(&words, &candidate.title, &candidate.content);
                let rank = (places.len() - nth, score, candidate.received_at);
                found.entry(candidate.id).or_insert(rank);
            }
            // What is found in the next place comes after all of these.
            if found.len() >= BEST {
                break;
            }
        }
        let mut ranked: Vec<(Uuid, (usize, usize, i64))> = found.into_iter().collect();
        // Of two that fit alike, the newer one.
        ranked.sort_unstable_by_key(|(id, rank)| std::cmp::Reverse((*rank, *id)));
        ranked.truncate(BEST);
        let place: HashMap<Uuid, usize> = ranked.iter().enumerate().map(|(at, (id, _))| (*id, at)).collect();
        let mut rows = Row::select(select.filter(Column::Id.is_in(place.keys().copied())))
            .into_model::<Row>()
            .all(self.read())
            .await?;
        rows.sort_by_key(|row| place.get(&row.id).copied());
        let total = Some(Total {
            rows: u64::try_from(rows.len()).unwrap_or(u64::MAX),
            is_capped: false,
        });
        let items = rows
            .into_iter()
            .map(|row| row.summary(rules, now))
            .collect::<Result<_, _>>()?;
        Ok(Page {
            items,
            next_cursor: None,
            total,
        })
    }

    async fn candidates(&self, fitting: Source<Entity>) -> Result<Vec<Candidate>, StoreError> {
        let text_of = [
            (complaint_search::Column::RegionId, Column::RegionId),
            (complaint_search::Column::ComplaintId, Column::Id),
        ];
        let with_text = |select| {
            join_in_order(select, complaint_search::Entity, text_of)
                .select_only()
                .columns([Column::Id, Column::Title, Column::ReceivedAt])
                .column(complaint_search::Column::Content)
        };
        page::first(self, fitting, with_text, CaseSort::NewestFirst.sort(), CANDIDATES).await
    }
}
