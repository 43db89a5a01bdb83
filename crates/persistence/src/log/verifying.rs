//! Verification: everything is read again, and nothing is believed but the key and what somebody kept outside.
//!
//! The leaves are hashed anew from the events, in pieces, a few at a time and in order; the tree over them is compared with
//! every hash of it that is kept, with the head, and with each checkpoint.

mod faults;
mod missing;
mod pieces;

use std::collections::{BTreeMap, VecDeque};

use liangnuo_domain::{
    Timestamp,
    log::{
        FaultKind, Hash,
        checkpoint::Checkpoint,
        merkle::{Frontier, Node},
    },
};
use sea_orm::{
    ColumnTrait, EntityTrait, FromQueryResult, QueryFilter, QueryOrder, QuerySelect, QueryTrait,
    sea_query::{Expr, Func},
};

pub use faults::{Fault, Flaw};

use super::{KEEPER, STEP, as_row};
use crate::{
    db::Store,
    entity::{log_checkpoints, log_entries, log_keepers, log_nodes},
    error::StoreError,
};

/// Pieces that are read at the same time: a serving process has four readers of SQLite, and others want to read, too.
const AT_ONCE: usize = 2;

/// Faults that are named; more are counted.
const NAMED: usize = 1_000;

/// What a verification found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// Entries of the log.
    pub size: u64,
    /// The root over them.
    pub root: Hash,
    /// Entries that stand for an event.
    pub events: u64,
    /// Checkpoints.
    pub checkpoints: u64,
    /// How many faults there are of each kind.
    pub kinds: BTreeMap<FaultKind, u64>,
    /// The first thousand of them.
    pub named: Vec<Fault>,
}

impl Report {
    fn add(&mut self, fault: Fault) {
        *self.kinds.entry(fault.kind()).or_default() += 1;
        if self.named.len() < NAMED {
            self.named.push(fault);
        }
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.kinds.is_empty()
    }

    /// How many faults there are.
    #[must_use]
    pub fn faults(&self) -> u64 {
        self.kinds.values().sum()
    }
}

/// How the log stood when the verification began, in one moment.
#[derive(Debug, FromQueryResult)]
struct Start {
    #[sea_orm(nested)]
    keeper: log_keepers::Model,
    entries: i64,
    nodes: i64,
}

/// Roots that somebody stated, by the size of the tree: by what the statement is found at fault.
type Stated = BTreeMap<u64, Vec<(Hash, Fault)>>;

impl Store {
    /// Reads the whole log again and says what is wrong with it: events, details, entries, hashes, signatures, and what is
    /// missing. A checkpoint that was kept `outside` is the only thing that shows that the newest part was cut off together with
    /// everything that knew of it. `progress` is told from time to time how many entries were read, and of how many.
    ///
    /// # Errors
    /// When the database does not answer, or holds what no column can.
    pub async fn verify_log(
        &self,
        outside: Option<&str>,
        now: Timestamp,
        mut progress: impl FnMut(u64, u64) + Send,
    ) -> Result<Report, StoreError> {
        let Some(start) = self.start().await? else {
            return Err(StoreError::Inconsistent {
                table: "log_keepers",
                column: "id",
            });
        };
        let size = u64::try_from(start.keeper.size).unwrap_or(0);
        let mut report = Report {
            size,
            root: [0; 32],
            events: 0,
            checkpoints: 0,
            kinds: BTreeMap::new(),
            named: Vec::new(),
        };
        let mut stated = Stated::new();
        let previous = self.read_checkpoints(&mut report, &mut stated).await?;
        if let Some(note) = outside {
            match self.log_key().open(note) {
                None => report.add(Fault::Outside(Flaw::Signature)),
                Some(kept) => state(&mut stated, &kept, Fault::Outside(Flaw::Root)),
            }
        }
        let tree = self.read_tree(size, &mut stated, &mut report, &mut progress).await?;
        for fault in stated.into_values().flatten() {
            // Of a size that the log has not, or has no longer.
            report.add(fault.1.with(Flaw::Size));
        }
        self.compare(&start, &tree, previous, &mut report);
        self.find_missing(now, &mut report).await?;
        report.root = tree.root();
        Ok(report)
    }

    async fn start(&self) -> Result<Option<Start>, StoreError> {
        let count = |query| Expr::from(sea_orm::sea_query::SubQueryStatement::SelectStatement(query));
        let entries = log_entries::Entity::find()
            .select_only()
            .expr(Func::count(Expr::col(log_entries::Column::LogIndex)))
            .into_query();
        let nodes = log_nodes::Entity::find()
            .select_only()
            .expr(Func::count(Expr::col(log_nodes::Column::Level)))
            .into_query();
        let start = log_keepers::Entity::find_by_id(KEEPER)
            .expr_as(count(entries), "entries")
            .expr_as(count(nodes), "nodes")
            .into_model()
            .one(self.read())
            .await?;
        Ok(start)
    }

    /// Checks what the checkpoints say of themselves and of each other; gives the hash of the last.
    async fn read_checkpoints(&self, report: &mut Report, stated: &mut Stated) -> Result<Option<Hash>, StoreError> {
        let rows = log_checkpoints::Entity::find()
            .order_by_asc(log_checkpoints::Column::Number)
            .all(self.read())
            .await?;
        let (mut previous, mut number): (Option<Checkpoint>, i64) = (None, 0);
        for row in rows {
            report.checkpoints += 1;
            number += 1;
            let fault = |flaw| Fault::Checkpoint {
                number: row.number,
                flaw,
            };
            let Some(checkpoint) = self.log_key().open(&row.note) else {
                report.add(fault(Flaw::Signature));
                previous = Checkpoint::parse(&row.note).map(|(checkpoint, _)| checkpoint);
                continue;
            };
            let says = (as_row(checkpoint.size), checkpoint.at.micros());
            if says != (row.size, row.made_at) {
                report.add(fault(Flaw::Columns));
            }
            let follows = previous.as_ref().map(Checkpoint::hash) == checkpoint.previous;
            let has_grown = previous.as_ref().is_none_or(|before| before.size <= checkpoint.size);
            if row.number != number || !follows || !has_grown {
                report.add(fault(Flaw::Chain));
            }
            number = row.number;
            state(stated, &checkpoint, fault(Flaw::Root));
            previous = Some(checkpoint);
        }
        Ok(previous.map(|last| last.hash()))
    }

    /// Builds the tree from all entries, and compares its roots and inner hashes on the way. What was stated of a size that was
    /// reached is taken out of `stated`.
    async fn read_tree(
        &self,
        size: u64,
        stated: &mut Stated,
        report: &mut Report,
        progress: &mut (impl FnMut(u64, u64) + Send),
    ) -> Result<Frontier, StoreError> {
        let mut tree = Frontier::default();
        check_roots(&tree, stated, report);
        let mut reading = VecDeque::new();
        let mut begin = 0;
        loop {
            while begin < size && reading.len() < AT_ONCE {
                let end = (begin + pieces::PIECE).min(size);
                let store = self.clone();
                reading.push_back(tokio::spawn(async move { store.read_piece(begin, end).await }));
                begin = end;
            }
            let Some(next) = reading.pop_front() else {
                return Ok(tree);
            };
            let piece = next
                .await
                .map_err(|_panic| StoreError::Bug("verification panicked"))??;
            report.events += piece.events;
            for fault in piece.faults {
                report.add(fault);
            }
            let mut nodes = Vec::new();
            for hash in piece.hashes {
                tree.push(hash, |node, hash| {
                    if node.level % STEP == 0 {
                        nodes.push((node, hash));
                    }
                });
                check_roots(&tree, stated, report);
            }
            self.compare_nodes(&nodes, report).await?;
            progress(tree.size(), size);
        }
    }

    async fn compare_nodes(&self, nodes: &[(Node, Hash)], report: &mut Report) -> Result<(), StoreError> {
        use log_nodes::{Column, Entity};
        let mut levels: Vec<u8> = nodes.iter().map(|(node, _)| node.level).collect();
        levels.sort_unstable();
        levels.dedup();
        for level in levels {
            let of_level = || nodes.iter().filter(|(node, _)| node.level == level);
            let indexes = of_level().map(|(node, _)| as_row(node.index));
            let kept: Vec<(i64, Vec<u8>)> = Entity::find()
                .select_only()
                .columns([Column::NodeIndex, Column::Hash])
                .filter(Column::Level.eq(i16::from(level)))
                .filter(Column::NodeIndex.is_in(indexes))
                .into_tuple()
                .all(self.read())
                .await?;
            let kept: BTreeMap<i64, Vec<u8>> = kept.into_iter().collect();
            for (node, hash) in of_level() {
                if kept.get(&as_row(node.index)).map(Vec::as_slice) != Some(hash.as_slice()) {
                    report.add(Fault::Node {
                        level,
                        index: node.index,
                    });
                }
            }
        }
        Ok(())
    }

    /// What is kept of the whole tree, beside what the entries come to.
    fn compare(&self, start: &Start, tree: &Frontier, previous: Option<Hash>, report: &mut Report) {
        let Start { keeper, entries, nodes } = start;
        if *entries != keeper.size {
            report.add(Fault::Head(Flaw::Size));
        }
        let expected: u64 = (STEP..64).step_by(STEP.into()).map(|level| tree.size() >> level).sum();
        if *nodes != as_row(expected) {
            report.add(Fault::Head(Flaw::Nodes));
        }
        if keeper.peaks != tree.peaks().concat() {
            report.add(Fault::Head(Flaw::Root));
        }
        if keeper.size == 0 && keeper.note.is_empty() && previous.is_none() {
            return;
        }
        match self.log_key().open(&keeper.note) {
            None => report.add(Fault::Head(Flaw::Signature)),
            Some(head) if as_row(head.size) != keeper.size => report.add(Fault::Head(Flaw::Columns)),
            Some(head) if head.root != tree.root() => report.add(Fault::Head(Flaw::Root)),
            Some(head) if head.previous != previous => report.add(Fault::Head(Flaw::Chain)),
            Some(_) => {}
        }
    }
}

fn state(stated: &mut Stated, checkpoint: &Checkpoint, fault: Fault) {
    stated
        .entry(checkpoint.size)
        .or_default()
        .push((checkpoint.root, fault));
}

fn check_roots(tree: &Frontier, stated: &mut Stated, report: &mut Report) {
    // Nearly no size is one that somebody stated.
    let Some(roots) = stated.remove(&tree.size()) else {
        return;
    };
    let root = tree.root();
    for (stated, fault) in roots {
        if stated != root {
            report.add(fault);
        }
    }
}
