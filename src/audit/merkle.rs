//! The head of a log: the root of its Merkle tree (RFC 6962, 2.1), over leaf hashes in order.

use crate::crypto::hash;

/// The root of the tree of no leaves: the hash of nothing (RFC 6962, 2.1).
pub fn empty_root() -> [u8; hash::DIGEST_BYTES] {
    hash::sha256(&[])
}

/// A tree that grows leaf by leaf and keeps nothing but the roots of its complete parts: one for each bit of its size.
#[derive(Debug, Default)]
pub struct Tree {
    /// The largest part first.
    parts: Vec<Part>,
    size: u64,
}

#[derive(Debug)]
struct Part {
    height: u32,
    root: [u8; hash::DIGEST_BYTES],
}

impl Tree {
    /// Appends a leaf by its hash ([`super::leaf_hash`]).
    pub fn push(&mut self, leaf_hash: [u8; hash::DIGEST_BYTES]) {
        let mut part = Part { height: 0, root: leaf_hash };
        while let Some(left) = self.parts.pop_if(|left| left.height == part.height) {
            part = Part { height: part.height + 1, root: node(&left.root, &part.root) };
        }
        self.parts.push(part);
        self.size += 1;
    }

    pub const fn size(&self) -> u64 {
        self.size
    }

    /// The root over all leaves so far.
    pub fn root(&self) -> [u8; hash::DIGEST_BYTES] {
        let parts = self.parts.iter().rev().map(|part| part.root);
        parts.reduce(|right, left| node(&left, &right)).unwrap_or_else(empty_root)
    }
}

/// An inner node: SHA-256 of a one byte, the left and the right.
fn node(left: &[u8], right: &[u8]) -> [u8; hash::DIGEST_BYTES] {
    hash::sha256(&[&[1], left, right].concat())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::leaf_hash;

    /// The definition of RFC 6962, word by word: split at the largest power of two below the size.
    fn by_definition(leaves: &[[u8; 32]]) -> [u8; 32] {
        match leaves {
            [] => empty_root(),
            [one] => *one,
            many => {
                let split = 1 << (many.len() - 1).ilog2();
                node(&by_definition(&many[..split]), &by_definition(&many[split..]))
            }
        }
    }

    #[test]
    fn the_root_is_that_of_the_definition_at_every_size() {
        let leaves: Vec<[u8; 32]> = (0_u32..70).map(|n| leaf_hash(&n.to_le_bytes())).collect();
        let mut tree = Tree::default();
        for size in 0..=leaves.len() {
            assert_eq!((tree.root(), tree.size()), (by_definition(&leaves[..size]), size as u64), "{size}");
            if let Some(leaf) = leaves.get(size) {
                tree.push(*leaf);
            }
        }
    }

    /// The test vectors of the reference implementation (google/certificate-transparency, `merkle_tree_test.cc`).
    #[test]
    fn the_roots_are_those_of_the_reference() {
        let mut tree = Tree::default();
        let hex_root = |tree: &Tree| hex::encode(tree.root());
        assert_eq!(hex_root(&tree), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
        let inputs: [&[u8]; 3] = [b"", b"\x00", b"\x10"];
        let roots = [
            "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
            "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
            "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        ];
        for (input, root) in inputs.iter().zip(roots) {
            tree.push(leaf_hash(input));
            assert_eq!(hex_root(&tree), root);
        }
    }
}
