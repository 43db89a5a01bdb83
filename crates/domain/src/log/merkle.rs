//! The tree of RFC 9162 (Certificate Transparency 2.0), section 2.1: a list that only grows, with one hash for all of it.
//!
//! The tree is never held. A [`Frontier`] of at most 64 hashes is enough to append and to know the root; a proof is a
//! plan of subtrees ([`inclusion_plan`], [`consistency_plan`]), whose hashes somebody fetches ([`Subtree::nodes`]).

use sha2::{Digest, Sha256};

/// A SHA-256.
pub type Hash = [u8; 32];

/// The hash of a leaf: the prefix keeps a leaf from passing for an inner node.
#[must_use]
pub fn leaf_hash(data: &[u8]) -> Hash {
    Sha256::new().chain_update([0]).chain_update(data).finalize().into()
}

/// The hash of an inner node.
#[must_use]
pub fn node_hash(left: &Hash, right: &Hash) -> Hash {
    Sha256::new()
        .chain_update([1])
        .chain_update(left)
        .chain_update(right)
        .finalize()
        .into()
}

/// The root of a tree without leaves.
#[must_use]
pub fn empty_root() -> Hash {
    Sha256::new().finalize().into()
}

/// A complete subtree of 2^`level` leaves: the `index`-th of its level.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Node {
    /// 0 for a leaf.
    pub level: u8,
    /// From the left, from 0.
    pub index: u64,
}

/// The right edge of a tree: its complete subtrees, the largest first. All that appending needs.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frontier {
    size: u64,
    peaks: Vec<Hash>,
}

impl Frontier {
    /// A frontier as it was kept; `None` unless there are as many peaks as a tree of this size has.
    #[must_use]
    pub fn restore(size: u64, peaks: Vec<Hash>) -> Option<Self> {
        (u64::from(size.count_ones()) == u64::try_from(peaks.len()).ok()?).then_some(Self { size, peaks })
    }

    /// The number of leaves.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The complete subtrees' hashes, the largest first.
    #[must_use]
    pub fn peaks(&self) -> &[Hash] {
        &self.peaks
    }

    /// Appends a leaf. `completed` is told of every inner node that it completes.
    pub fn push(&mut self, leaf: Hash, mut completed: impl FnMut(Node, Hash)) {
        let mut hash = leaf;
        let mut node = Node {
            level: 0,
            index: self.size,
        };
        // Each subtree of the same height to the left makes one of twice the size.
        while node.index % 2 == 1 {
            let Some(left) = self.peaks.pop() else { break };
            hash = node_hash(&left, &hash);
            node = Node {
                level: node.level + 1,
                index: node.index / 2,
            };
            completed(node, hash);
        }
        self.peaks.push(hash);
        self.size += 1;
    }

    /// The root.
    #[must_use]
    pub fn root(&self) -> Hash {
        fold(&self.peaks).unwrap_or_else(empty_root)
    }
}

/// The hash of neighbouring complete subtrees, each larger than what is to its right.
fn fold(hashes: &[Hash]) -> Option<Hash> {
    let (last, rest) = hashes.split_last()?;
    Some(rest.iter().rev().fold(*last, |right, left| node_hash(left, &right)))
}

/// Leaves from `start` up to, not including, `end`, as the tree divides them: a complete subtree, or its right edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subtree {
    /// The first leaf.
    pub start: u64,
    /// The one after the last leaf.
    pub end: u64,
}

impl Subtree {
    const fn size(self) -> u64 {
        self.end - self.start
    }

    /// Where the tree divides: after the largest power of two that leaves something to the right.
    const fn middle(self) -> u64 {
        let half = self.size().next_power_of_two() / 2;
        self.start + half
    }

    /// The complete subtrees that it is made of, the largest first. [`Subtree::hash`] takes their hashes.
    #[must_use]
    pub fn nodes(self) -> Vec<Node> {
        let mut nodes = Vec::new();
        let mut at = self.start;
        while at < self.end {
            // The largest that begins here and fits.
            let level = (self.end - at).ilog2().min(at.trailing_zeros());
            nodes.push(Node {
                level: u8::try_from(level).unwrap_or(63),
                index: at >> level,
            });
            at += 1 << level;
        }
        nodes
    }

    /// Its hash, from those of [`Subtree::nodes`].
    #[must_use]
    pub fn hash(hashes: &[Hash]) -> Hash {
        fold(hashes).unwrap_or_else(empty_root)
    }
}

/// Which subtrees prove that the leaf `index` is in a tree of `size`: from the leaf upwards (RFC 9162, 2.1.3.1). None if
/// there is no such leaf.
#[must_use]
pub fn inclusion_plan(index: u64, size: u64) -> Option<Vec<Subtree>> {
    if index >= size {
        return None;
    }
    let mut plan = Vec::new();
    let mut whole = Subtree { start: 0, end: size };
    while whole.size() > 1 {
        let (left, right) = halves(whole);
        let (inside, beside) = if index < right.start {
            (left, right)
        } else {
            (right, left)
        };
        plan.push(beside);
        whole = inside;
    }
    plan.reverse();
    Some(plan)
}

const fn halves(whole: Subtree) -> (Subtree, Subtree) {
    let middle = whole.middle();
    (
        Subtree {
            start: whole.start,
            end: middle,
        },
        Subtree {
            start: middle,
            end: whole.end,
        },
    )
}

/// Which subtrees prove that a tree of `size` begins with the tree of `old` leaves (RFC 9162, 2.1.4.1). None unless
/// 0 < `old` <= `size`.
#[must_use]
pub fn consistency_plan(old: u64, size: u64) -> Option<Vec<Subtree>> {
    if old == 0 || old > size {
        return None;
    }
    let mut plan = Vec::new();
    let mut whole = Subtree { start: 0, end: size };
    // The old tree as a whole needs no proof of itself: whoever checks has its root.
    let mut is_known = true;
    while old != whole.end {
        let (left, right) = halves(whole);
        if old <= right.start {
            plan.push(right);
            whole = left;
        } else {
            plan.push(left);
            whole = right;
            is_known = false;
        }
    }
    if !is_known {
        plan.push(whole);
    }
    plan.reverse();
    Some(plan)
}

/// Whether `path` proves that `leaf` stands at `index` in the tree of `size` with this root (RFC 9162, 2.1.3.2).
#[must_use]
pub fn includes(index: u64, size: u64, leaf: &Hash, path: &[Hash], root: &Hash) -> bool {
    if index >= size {
        return false;
    }
    let (mut climb, mut hash) = (
        Climb {
            at: index,
            last: size - 1,
        },
        *leaf,
    );
    for beside in path {
        hash = match climb.up() {
            None => return false,
            Some(Side::Left) => node_hash(beside, &hash),
            Some(Side::Right) => node_hash(&hash, beside),
        };
    }
    climb.last == 0 && hash == *root
}

/// Whether `path` proves that the tree of `size` with `root` begins with the tree of `old` leaves with `old_root` (RFC
/// 9162, 2.1.4.2).
#[must_use]
pub fn extends(old: u64, size: u64, old_root: &Hash, root: &Hash, path: &[Hash]) -> bool {
    if old == 0 || old > size {
        return false;
    }
    if old == size {
        return path.is_empty() && old_root == root;
    }
    // The old root stands for its own hash where the old tree is one complete subtree.
    let (first, rest) = if old.is_power_of_two() {
        (old_root, path)
    } else {
        let Some((first, rest)) = path.split_first() else {
            return false;
        };
        (first, rest)
    };
    let (mut at, mut last) = (old - 1, size - 1);
    while at % 2 == 1 {
        at >>= 1;
        last >>= 1;
    }
    let mut climb = Climb { at, last };
    let (mut old_hash, mut hash) = (*first, *first);
    for beside in rest {
        match climb.up() {
            None => return false,
            Some(Side::Left) => {
                old_hash = node_hash(beside, &old_hash);
                hash = node_hash(beside, &hash);
            }
            Some(Side::Right) => hash = node_hash(&hash, beside),
        }
    }
    climb.last == 0 && old_hash == *old_root && hash == *root
}

/// On which side of a node the hash of a path stands.
enum Side {
    Left,
    Right,
}

/// The way from a node up to the root, as both proofs go it: the node's place in its level, and the last place there.
struct Climb {
    at: u64,
    last: u64,
}

impl Climb {
    /// One hash of the path further; none where the root was reached before the path's end.
    fn up(&mut self) -> Option<Side> {
        if self.last == 0 {
            return None;
        }
        let side = if self.at % 2 == 1 || self.at == self.last {
            while self.at != 0 && self.at.is_multiple_of(2) {
                self.at >>= 1;
                self.last >>= 1;
            }
            Side::Left
        } else {
            Side::Right
        };
        self.at >>= 1;
        self.last >>= 1;
        Some(side)
    }
}

#[cfg(test)]
#[path = "merkle_tests.rs"]
mod tests;
