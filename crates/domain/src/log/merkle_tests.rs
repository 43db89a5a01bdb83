//! The tree against the RFC's own recursive definitions, and against a crate by somebody else.

use std::{collections::HashMap, ops::Range};

use ct_merkle::mem_backed_tree::MemoryBackedTree;
use proptest::prelude::*;

use super::*;

/// Sizes for which everything is compared: past 2^8, so that each shape of edge comes up.
const SIZES: u64 = 300;

fn data(n: u64) -> Vec<u8> {
    format!("event {n}").into_bytes()
}

fn leaves(size: u64) -> Vec<Hash> {
    (0..size).map(|n| leaf_hash(&data(n))).collect()
}

/// The RFC's definitions over one list, word for word. They ask for the same roots again and again, so these are kept.
struct Definition {
    leaves: Vec<Hash>,
    roots: HashMap<Range<usize>, Hash>,
}

impl Definition {
    fn over(leaves: Vec<Hash>) -> Self {
        let roots = HashMap::new();
        Self { leaves, roots }
    }

    /// 2.1.1: MTH.
    fn root(&mut self, range: Range<usize>) -> Hash {
        if let Some(known) = self.roots.get(&range) {
            return *known;
        }
        let root = match range.len() {
            0 => empty_root(),
            1 => self.leaves[range.start],
            n => {
                let middle = range.start + split(n);
                node_hash(&self.root(range.start..middle), &self.root(middle..range.end))
            }
        };
        self.roots.insert(range, root);
        root
    }

    /// 2.1.3.1: PATH.
    fn path(&mut self, index: usize, range: Range<usize>) -> Vec<Hash> {
        if range.len() == 1 {
            return Vec::new();
        }
        let middle = range.start + split(range.len());
        let (left, right) = (range.start..middle, middle..range.end);
        let (inside, beside) = if index < middle { (left, right) } else { (right, left) };
        let mut path = self.path(index, inside);
        path.push(self.root(beside));
        path
    }

    /// 2.1.4.1: SUBPROOF, `old` counted from the start of the list.
    fn proof(&mut self, old: usize, range: Range<usize>, is_known: bool) -> Vec<Hash> {
        if old == range.end {
            return if is_known { Vec::new() } else { vec![self.root(range)] };
        }
        let middle = range.start + split(range.len());
        let (left, right) = (range.start..middle, middle..range.end);
        let (mut proof, beside) = if old <= middle {
            (self.proof(old, left, is_known), right)
        } else {
            (self.proof(old, right, false), left)
        };
        proof.push(self.root(beside));
        proof
    }
}

/// The largest power of two that is smaller than `n`, counted up.
fn split(n: usize) -> usize {
    let mut k = 1;
    while k * 2 < n {
        k *= 2;
    }
    k
}

/// What a store would hold: every complete subtree's hash.
fn stored(leaves: &[Hash]) -> (Frontier, HashMap<Node, Hash>) {
    let (mut frontier, mut nodes) = (Frontier::default(), HashMap::new());
    for leaf in leaves {
        nodes.insert(
            Node {
                level: 0,
                index: frontier.size(),
            },
            *leaf,
        );
        frontier.push(*leaf, |node, hash| {
            assert!(nodes.insert(node, hash).is_none(), "{node:?} was completed twice");
        });
    }
    (frontier, nodes)
}

fn follow(plan: &[Subtree], nodes: &HashMap<Node, Hash>) -> Vec<Hash> {
    plan.iter()
        .map(|subtree| {
            let hashes: Vec<Hash> = subtree.nodes().iter().map(|node| nodes[node]).collect();
            Subtree::hash(&hashes)
        })
        .collect()
}

#[test]
fn known_values_of_the_rfcs_hashes() {
    // SHA-256 of nothing, and of one zero byte: from FIPS 180-4 and any tool.
    assert_eq!(
        crate::log::hex(&empty_root()),
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    );
    assert_eq!(
        crate::log::hex(&leaf_hash(b"")),
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d"
    );
}

#[test]
fn roots_paths_and_proofs_are_the_definitions_for_all_sizes() {
    let all = leaves(SIZES);
    let mut definition = Definition::over(all.clone());
    for size in 0..=SIZES {
        let whole = 0..usize::try_from(size).unwrap();
        let (frontier, nodes) = stored(&all[whole.clone()]);
        let root = definition.root(whole.clone());
        assert_eq!(frontier.root(), root, "root of {size}");
        assert_eq!(
            Frontier::restore(size, frontier.peaks().to_vec()),
            Some(frontier.clone())
        );
        for index in 0..size {
            let at = usize::try_from(index).unwrap();
            let path = follow(&inclusion_plan(index, size).unwrap(), &nodes);
            assert_eq!(path, definition.path(at, whole.clone()), "path of {index} in {size}");
            assert!(includes(index, size, &all[at], &path, &root));
        }
        for old in 1..=size {
            let at = usize::try_from(old).unwrap();
            let proof = follow(&consistency_plan(old, size).unwrap(), &nodes);
            assert_eq!(proof, definition.proof(at, whole.clone(), true), "{old} in {size}");
            assert!(extends(old, size, &definition.root(0..at), &root, &proof));
        }
        assert_eq!(inclusion_plan(size, size), None);
        assert_eq!(consistency_plan(0, size), None);
        assert_eq!(consistency_plan(size + 1, size), None);
    }
}

#[test]
fn an_independent_crate_comes_to_the_same() {
    let mut theirs = MemoryBackedTree::<Sha256, Vec<u8>>::new();
    let (mut frontier, mut nodes) = (Frontier::default(), HashMap::new());
    for size in 1..=SIZES {
        let leaf = leaf_hash(&data(size - 1));
        nodes.insert(
            Node {
                level: 0,
                index: size - 1,
            },
            leaf,
        );
        frontier.push(leaf, |node, hash| {
            nodes.insert(node, hash);
        });
        theirs.push(data(size - 1));
        assert_eq!(
            frontier.root().as_slice(),
            theirs.root().as_bytes().as_slice(),
            "{size}"
        );
        for index in 0..size {
            let path = follow(&inclusion_plan(index, size).unwrap(), &nodes).concat();
            let proof = theirs.prove_inclusion(usize::try_from(index).unwrap());
            assert_eq!(path, proof.as_bytes(), "{index} in {size}");
        }
        for old in 1..size {
            let path = follow(&consistency_plan(old, size).unwrap(), &nodes).concat();
            let proof = theirs.prove_consistency(usize::try_from(size - old).unwrap());
            assert_eq!(path, proof.as_bytes(), "{old} in {size}");
        }
    }
}

#[test]
fn a_frontier_of_another_size_is_not_restored() {
    let (frontier, _) = stored(&leaves(6));
    for size in [0, 1, 2, 4, 7, 8] {
        assert_eq!(Frontier::restore(size, frontier.peaks().to_vec()), None, "{size}");
    }
}

/// What somebody might try with a proof.
#[derive(Clone, Debug)]
enum Forgery {
    FlipBit { hash: prop::sample::Index, bit: u8 },
    DropOne(prop::sample::Index),
    AddOne,
    SwapEnds,
}

fn forgery() -> impl Strategy<Value = Forgery> {
    prop_oneof![
        (any::<prop::sample::Index>(), any::<u8>()).prop_map(|(hash, bit)| Forgery::FlipBit { hash, bit }),
        any::<prop::sample::Index>().prop_map(Forgery::DropOne),
        Just(Forgery::AddOne),
        Just(Forgery::SwapEnds),
    ]
}

impl Forgery {
    fn of(&self, path: &[Hash]) -> Vec<Hash> {
        let mut forged = path.to_vec();
        match self {
            Self::AddOne => forged.push([7; 32]),
            _ if forged.is_empty() => {}
            Self::FlipBit { hash, bit } => {
                let at = hash.index(forged.len());
                forged[at][usize::from(bit / 8)] ^= 1 << (bit % 8);
            }
            Self::DropOne(at) => {
                forged.remove(at.index(forged.len()));
            }
            Self::SwapEnds => {
                let last = forged.len() - 1;
                forged.swap(0, last);
            }
        }
        forged
    }
}

proptest! {
    #[test]
    fn forged_proofs_prove_nothing(size in 1_u64..200, a in any::<prop::sample::Index>(), forgery in forgery()) {
        let all = leaves(size);
        let (frontier, nodes) = stored(&all);
        let root = frontier.root();
        let at = a.index(all.len());
        let index = u64::try_from(at).unwrap();
        let path = follow(&inclusion_plan(index, size).unwrap(), &nodes);
        let forged = forgery.of(&path);
        prop_assert_eq!(includes(index, size, &all[at], &forged, &root), forged == path);
        let old = index + 1;
        let proof = follow(&consistency_plan(old, size).unwrap(), &nodes);
        let forged = forgery.of(&proof);
        let old_root = Definition::over(all.clone()).root(0..at + 1);
        prop_assert_eq!(extends(old, size, &old_root, &root, &forged), forged == proof);
        // Another leaf, place, size or root.
        prop_assert!(!includes(index, size, &[9; 32], &path, &root));
        prop_assert!(!includes(index, size, &all[at], &path, &[9; 32]));
        prop_assert!(size == 1 || !includes((index + 1) % size, size, &all[at], &path, &root));
        prop_assert!(!extends(old, size, &[9; 32], &root, &proof));
        prop_assert!(!extends(old, size, &old_root, &[9; 32], &proof));
    }
}
