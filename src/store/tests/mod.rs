//! What the store promises, against real files.

mod commits;

use super::{OrgDb, Read, Store, Tx};
use crate::base::clock::{Clock, Instant};
use crate::base::error::Fault;
use crate::base::id::OrgId;
use crate::crypto::keys::Kek;
use std::path::PathBuf;
use tempfile::TempDir;

/// A data directory that is thrown away, and its master key.
struct Place {
    dir: TempDir,
    kek: Kek,
}

impl Place {
    fn new() -> Self {
        Self { dir: tempfile::tempdir().unwrap(), kek: Kek::generate().unwrap() }
    }

    fn root(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn create(&self) -> Store {
        Store::create(&self.root(), &self.kek, &clock(), true).unwrap()
    }

    fn open(&self) -> Result<Store, Fault> {
        Store::open(&self.root(), &self.kek)
    }
}

fn clock() -> Clock {
    Clock::stepped("2026-03-02T09:00:00Z".parse().unwrap_or(Instant::MIN))
}

/// An organisation with one table of our own.
fn notebook(store: &Store) -> OrgDb {
    store
        .create_org::<Fault>(
            &clock(),
            |tx, _| tx.run("CREATE TABLE note (id INTEGER PRIMARY KEY, word TEXT NOT NULL UNIQUE) STRICT", []).map(|_| ()),
            |_, _| Ok(()),
        )
        .unwrap()
}

fn add(tx: &Tx<'_>, word: &str) -> Result<i64, Fault> {
    tx.insert("INSERT INTO note (word) VALUES (?1)", [word])
}

fn words(read: &impl Read) -> Result<Vec<String>, Fault> {
    read.all("SELECT word FROM note ORDER BY id", [], |row| row.get(0))
}

fn kept(org: &OrgDb) -> Vec<String> {
    org.read(|reader| words(reader)).unwrap()
}
