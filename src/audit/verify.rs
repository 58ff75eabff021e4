//! Whether a log is whole: every entry there, each leaf the one that was written, each detail the one that its leaf commits to.
//!
//! It cannot see a log that somebody with the master key wrote anew from its first entry: for that, keep the head elsewhere and compare it.

use crate::audit::leaf::leaf_hash;
use crate::audit::merkle::Tree;
use crate::audit::sql;
use crate::base::error::Fault;
use crate::crypto::hash;
use crate::store::Read;

/// Entries that are read at once: half a megabyte.
const ENTRIES_PER_PAGE: u32 = 1_000;
/// What keeps entries from being changed and removed while the file is written to by this program.
const TRIGGERS: [&str; 2] = ["audit_entry_leaf_is_final", "audit_entry_stays"];

/// What was found of one log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verdict {
    pub size: u64,
    /// The root of the tree over all leaves, in hex.
    pub root: String,
    /// The first thing that is wrong.
    pub problem: Option<String>,
}

/// One entry as it is kept.
pub(super) struct Entry {
    pub(super) seq: i64,
    pub(super) leaf: Vec<u8>,
    pub(super) leaf_hash: Vec<u8>,
    /// Gone where the detail was erased.
    pub(super) salt: Option<Vec<u8>>,
    pub(super) detail: Option<String>,
}

/// The part of a leaf that is looked at here.
#[derive(serde::Deserialize)]
struct Committed {
    detail: String,
}

/// Looks through the whole log of one file.
///
/// # Errors
/// Where it cannot be read.
pub fn verify(reader: &impl Read) -> Result<Verdict, Fault> {
    let (mut tree, mut last, mut problem) = (Tree::default(), 0, None);
    loop {
        let page = sql::entries_after(reader, last, ENTRIES_PER_PAGE)?;
        if page.is_empty() {
            break;
        }
        for entry in page {
            problem = problem.or_else(|| wrong_with(&entry, last + 1));
            tree.push(leaf_hash(&entry.leaf));
            last = entry.seq;
        }
    }
    let given = sql::last_seq_given(reader)?;
    if last != given {
        problem = problem.or_else(|| Some(format!("entries up to {given} were written and those after {last} are gone")));
    }
    let triggers = sql::triggers(reader)?;
    if let Some(missing) = TRIGGERS.iter().find(|name| !triggers.iter().any(|trigger| trigger == *name)) {
        problem = problem.or_else(|| Some(format!("the lock {missing}, which keeps entries from being changed, is gone")));
    }
    Ok(Verdict { size: tree.size(), root: hex::encode(tree.root()), problem })
}

/// The root over the first `size` entries, in hex: what the head was when the log had so many. `None` where it has fewer.
///
/// # Errors
/// Where it cannot be read.
pub fn root_of_first(reader: &impl Read, size: u64) -> Result<Option<String>, Fault> {
    let (mut tree, mut last) = (Tree::default(), 0);
    while tree.size() < size {
        let page = sql::entries_after(reader, last, ENTRIES_PER_PAGE)?;
        let Some(end) = page.last().map(|entry| entry.seq) else { return Ok(None) };
        let left = usize::try_from(size - tree.size()).unwrap_or(usize::MAX);
        page.iter().take(left).for_each(|entry| tree.push(leaf_hash(&entry.leaf)));
        last = end;
    }
    Ok(Some(hex::encode(tree.root())))
}

fn wrong_with(entry: &Entry, expected: i64) -> Option<String> {
    let seq = entry.seq;
    if seq != expected {
        return Some(format!("entry {expected} is gone"));
    }
    if entry.leaf_hash != leaf_hash(&entry.leaf) {
        return Some(format!("the leaf of entry {seq} is not the one that was written"));
    }
    let Ok(committed) = serde_json::from_slice::<Committed>(&entry.leaf) else {
        return Some(format!("the leaf of entry {seq} cannot be read"));
    };
    match (&entry.salt, &entry.detail) {
        (Some(salt), Some(detail)) if hex::encode(hash::sha256(&[salt, detail.as_bytes()].concat())) != committed.detail => {
            Some(format!("the detail of entry {seq} is not the one that its leaf commits to"))
        }
        // An erased detail leaves neither.
        (Some(_), None) | (None, Some(_)) => Some(format!("the detail of entry {seq} is half gone")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Act, Actor, record};
    use crate::base::clock::Clock;
    use crate::crypto::keys::Kek;
    use crate::store::{OrgDb, Store};

    fn log(folder: &std::path::Path) -> OrgDb {
        let clock = Clock::stepped("2026-03-02T09:00:00Z".parse().unwrap());
        let store = Store::create(&folder.join("data"), &Kek::generate().unwrap(), &clock, true).unwrap();
        let org = store.create_org::<Fault>(&clock, |_, _| Ok(()), |_, _| Ok(())).unwrap();
        org.write(move |tx| {
            for name in ["one", "two", "three", "four"] {
                record(tx, clock.now(), Actor::Operator, &Act::TeamCreated { slug: name.to_owned() })?;
            }
            Ok::<_, Fault>(())
        })
        .unwrap();
        org
    }

    fn verdict(org: &OrgDb) -> Verdict {
        org.read(|reader| verify(reader)).unwrap()
    }

    #[test]
    fn a_log_that_was_left_alone_is_whole_and_its_head_moves_with_each_entry() {
        let folder = tempfile::tempdir().unwrap();
        let org = log(folder.path());
        let before = verdict(&org);
        assert_eq!((before.size, before.problem.clone()), (4, None));
        let at = "2026-03-02T10:00:00Z".parse().unwrap();
        org.write(move |tx| record(tx, at, Actor::Operator, &Act::PersonSteppedOut).map(drop)).unwrap();
        let after = verdict(&org);
        assert_eq!((after.size, after.problem), (5, None));
        assert_ne!(before.root, after.root);
    }

    #[test]
    fn the_head_of_an_earlier_day_is_found_again() {
        let folder = tempfile::tempdir().unwrap();
        let org = log(folder.path());
        let first = |size| org.read(|reader| root_of_first(reader, size)).unwrap();
        let before = verdict(&org);
        let at = "2026-03-02T10:00:00Z".parse().unwrap();
        org.write(move |tx| record(tx, at, Actor::Operator, &Act::PersonSteppedOut).map(drop)).unwrap();
        assert_eq!(first(4), Some(before.root));
        assert_eq!(first(5), Some(verdict(&org).root));
        assert_ne!(first(3), first(4));
        assert_eq!(first(6), None);
    }

    #[test]
    fn whatever_is_done_to_a_log_is_seen() {
        for (tamper, words) in sql::TAMPERING {
            let folder = tempfile::tempdir().unwrap();
            let org = log(folder.path());
            let tampered = org.write(move |tx| tamper.iter().try_for_each(|statement| tx.run(statement, ()).map(drop)));
            assert!(tampered.is_ok(), "{tamper:?}");
            let problem = verdict(&org).problem.unwrap_or_default();
            assert!(problem.contains(words), "{tamper:?}: {problem}");
        }
    }

    #[test]
    fn an_erased_detail_leaves_a_whole_log() {
        let folder = tempfile::tempdir().unwrap();
        let org = log(folder.path());
        let before = verdict(&org);
        org.write(|tx| sql::erase_detail(tx, 2)).unwrap();
        assert_eq!(verdict(&org), before);
    }
}
