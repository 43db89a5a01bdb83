//! Proofs that something stands in the log, from a few hundred hashes of it.

use std::collections::{BTreeMap, BTreeSet};

use liangnuo_domain::log::{
    Hash,
    merkle::{Node, Subtree, inclusion_plan, node_hash},
};
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter, QuerySelect};

use super::{STEP, SignedCheckpoint, as_row};
use crate::{
    db::Store,
    entity::{log_entries, log_nodes},
    error::StoreError,
};

/// That a leaf stands in the log, as of its last checkpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InclusionProof {
    /// The checkpoint that it leads to.
    pub signed: SignedCheckpoint,
    /// The place of the leaf.
    pub index: u64,
    /// The hashes beside its way to the root, from the leaf upwards (RFC 9162, 2.1.3.1).
    pub path: Vec<Hash>,
}

impl Store {
    /// Proves that a leaf stands in the log. Nothing younger than the last checkpoint is known here.
    ///
    /// # Errors
    /// [`StoreError::NotFound`] if it does not, or not yet.
    pub async fn prove_inclusion(&self, leaf: &Hash) -> Result<InclusionProof, StoreError> {
        use log_entries::{Column, Entity};
        let signed = self.log_checkpoint().await?.ok_or(StoreError::NotFound)?;
        let size = signed.checkpoint.size;
        let index: Option<i64> = Entity::find()
            .select_only()
            .column(Column::LogIndex)
            .filter(Column::LeafHash.eq(leaf.to_vec()))
            .into_tuple()
            .one(self.read())
            .await?;
        let index = index
            .and_then(|index| u64::try_from(index).ok())
            .ok_or(StoreError::NotFound)?;
        let plan = inclusion_plan(index, size).ok_or(StoreError::NotFound)?;
        let path = self.hashes_of(&plan).await?;
        Ok(InclusionProof { signed, index, path })
    }

    /// The hashes of subtrees.
    async fn hashes_of(&self, plan: &[Subtree]) -> Result<Vec<Hash>, StoreError> {
        let nodes: Vec<Node> = plan.iter().flat_map(|subtree| subtree.nodes()).collect();
        let mut kept = BTreeMap::new();
        // A node's descendants on the level that is kept lie in one block; so all nodes have theirs in two blocks of a level,
        // the one that the leaf is in and the last.
        let blocks: BTreeSet<(u8, u64)> = nodes.iter().map(|node| (kept_level(*node), block(*node))).collect();
        for (level, block) in blocks {
            self.read_block(level, block, &mut kept).await?;
        }
        plan.iter()
            .map(|subtree| {
                let hashes = subtree.nodes().into_iter().map(|node| hash_of(node, &kept));
                Ok(Subtree::hash(&hashes.collect::<Option<Vec<_>>>().ok_or(GONE)?))
            })
            .collect()
    }

    /// Reads a block of 2^[`STEP`] hashes of a level that is kept.
    async fn read_block(&self, level: u8, block: u64, kept: &mut BTreeMap<(u8, u64), Hash>) -> Result<(), StoreError> {
        let (first, last) = (as_row(block << STEP), as_row(((block + 1) << STEP) - 1));
        let rows: Vec<(i64, Vec<u8>)> = if level == 0 {
            use log_entries::{Column, Entity};
            let select = Entity::find()
                .select_only()
                .columns([Column::LogIndex, Column::LeafHash]);
            let select = select.filter(Column::LogIndex.between(first, last));
            select.into_tuple().all(self.read()).await?
        } else {
            use log_nodes::{Column, Entity};
            let select = Entity::find()
                .select_only()
                .columns([Column::NodeIndex, Column::Hash])
                .filter(Column::Level.eq(i16::from(level)));
            let select = select.filter(Column::NodeIndex.between(first, last));
            select.into_tuple().all(self.read()).await?
        };
        for (index, hash) in rows {
            let hash = hash.try_into().map_err(|_length| GONE)?;
            kept.insert((level, u64::try_from(index).unwrap_or(u64::MAX)), hash);
        }
        Ok(())
    }
}

/// The level of a node's nearest descendants whose hashes are kept.
const fn kept_level(node: Node) -> u8 {
    node.level - node.level % STEP
}

/// The block in which they lie.
const fn block(node: Node) -> u64 {
    (node.index << (node.level - kept_level(node))) >> STEP
}

fn hash_of(node: Node, kept: &BTreeMap<(u8, u64), Hash>) -> Option<Hash> {
    let level = kept_level(node);
    let down = node.level - level;
    let below = kept.range((level, node.index << down)..(level, (node.index + 1) << down));
    let mut hashes: Vec<Hash> = below.map(|(_, hash)| *hash).collect();
    if hashes.len() != 1 << down {
        return None;
    }
    while hashes.len() > 1 {
        let (pairs, _) = hashes.as_chunks::<2>();
        hashes = pairs.iter().map(|[left, right]| node_hash(left, right)).collect();
    }
    hashes.pop()
}

/// A hash that a sealer wrote is not there any more.
const GONE: StoreError = StoreError::Inconsistent {
    table: "log_nodes",
    column: "hash",
};
