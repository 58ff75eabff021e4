//! What the store promises, against real files.

mod child;
mod commits;
mod diagnoses;
mod disk;
mod files;
mod known;
mod moments;

use super::{OrgDb, Read, Store, Tx};
use crate::base::clock::{Clock, Instant};
use crate::base::error::{Code, Fault};
use crate::base::id::OrgId;
use crate::crypto::keys::Kek;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Sender, channel};
use std::thread::{self, JoinHandle};
use tempfile::TempDir;

/// A data directory that is thrown away, and its master key beside it.
struct Place {
    dir: TempDir,
    kek: Kek,
}

impl Place {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let kek = Kek::create_file(&dir.path().join("master.key")).unwrap();
        Self { dir, kek }
    }

    fn root(&self) -> PathBuf {
        self.dir.path().join("data")
    }

    fn key_file(&self) -> PathBuf {
        self.dir.path().join("master.key")
    }

    fn create(&self) -> Store {
        Store::create(&self.root(), &self.kek, &clock(), true).unwrap()
    }

    fn open(&self) -> Result<Store, Fault> {
        Store::open(&self.root(), &self.kek)
    }

    fn org_file(&self, id: OrgId) -> PathBuf {
        self.root().join("orgs").join(format!("{id}.db"))
    }

    /// Opens the store and the one organisation in it.
    fn open_org(&self) -> Result<OrgDb, Fault> {
        let store = self.open()?;
        Ok(store.org(store.orgs()[0])?.unwrap())
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

/// Every file under `path`.
fn files(path: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(path).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// Holds the writer inside a write, so that what comes next has to wait and shares one commit.
struct Held {
    release: Sender<()>,
    thread: JoinHandle<Result<(), Fault>>,
}

impl Held {
    fn by(org: &OrgDb) -> Self {
        let (release, wait) = channel::<()>();
        let (tell, entered) = channel();
        let org = org.clone();
        let thread = thread::spawn(move || {
            org.write(move |_| {
                tell.send(()).unwrap();
                wait.recv().unwrap();
                Ok(())
            })
        });
        entered.recv().unwrap();
        Self { release, thread }
    }

    fn let_go(self) {
        self.release.send(()).unwrap();
        self.thread.join().unwrap().unwrap();
    }
}

/// Starts a write and returns once it waits in the queue as number `place`.
fn queued<T: Send + 'static>(
    org: &OrgDb,
    place: usize,
    work: impl FnOnce(&Tx<'_>) -> Result<T, Fault> + Send + 'static,
) -> JoinHandle<Result<T, Fault>> {
    let own = org.clone();
    // Small stacks: one test has a thousand of these.
    let thread = thread::Builder::new().stack_size(128 * 1024).spawn(move || own.write(work)).unwrap();
    while org.waiting() < place {
        thread::yield_now();
    }
    thread
}
