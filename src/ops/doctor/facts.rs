//! What the checks judge: everything they need to know, gathered beforehand, so that each of them is a pure function.

use crate::audit::Verdict;
use crate::base::clock::Instant;
use crate::base::url::WebAddress;
use crate::config::MetricsAddress;
use crate::ops::health::ServerHealth;
use std::path::PathBuf;

/// An installation and the machine it stands on, at one moment.
#[derive(Clone, Debug)]
pub struct Facts {
    pub now: Instant,
    pub configuration: Configuration,
    pub data: Data,
    pub key: KeyFile,
    /// What is in the databases, or why they cannot be read at all.
    pub installation: Result<Installation, Unreadable>,
    pub server: Server,
    pub host: Host,
}

/// Why something could not be looked at, in the words of the fault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    pub words: String,
    /// The key is another one.
    pub is_wrong_key: bool,
}

#[derive(Clone, Debug)]
pub struct Configuration {
    /// The file, where it is there.
    pub file: Option<Entry>,
    pub unknown_variables: Vec<String>,
    pub contradictions: Vec<String>,
    pub listen: String,
    pub behind_proxy: bool,
    pub public_url: Option<WebAddress>,
    pub metrics: Option<MetricsAddress>,
    pub log: String,
}

/// A thing in the file system.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub path: PathBuf,
    /// The permission bits.
    pub mode: u32,
    pub owner: u32,
    pub device: u64,
    pub kind: EntryKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    File,
    Directory,
    Link,
    Socket,
    Other,
}

#[derive(Clone, Debug)]
pub struct Data {
    pub path: PathBuf,
    /// The directory itself, where it is there.
    pub root: Option<Entry>,
    /// Everything below it.
    pub entries: Vec<Entry>,
    pub space: Option<Space>,
}

/// The file system of the data directory.
#[derive(Clone, Debug)]
pub struct Space {
    pub free_bytes: u64,
    pub inodes: u64,
    pub free_inodes: u64,
    /// As the kernel calls it; `None` for one that is not on the list of those to beware of.
    pub beware: Option<&'static str>,
}

#[derive(Clone, Debug)]
pub struct KeyFile {
    pub path: PathBuf,
    pub entry: Option<Entry>,
    pub is_inside_data: bool,
}

#[derive(Clone, Debug, Default)]
pub struct Installation {
    pub is_sandbox: bool,
    /// Every database, whether it can be read or not.
    pub files: Vec<DatabaseFacts>,
    /// How many organisations `main.db` knows.
    pub organisations: usize,
    /// Files of organisations that `main.db` does not know, and whatever else does not belong.
    pub strangers: Vec<PathBuf>,
    pub certificate_ends_at: Option<Instant>,
    /// Organisations in which nobody is an owner.
    pub ownerless: usize,
    pub tokens_that_end: u64,
    pub teams: Vec<TeamFacts>,
    pub sources: Vec<SourceFacts>,
    pub connections: Vec<ConnectionFacts>,
    pub last_written_at: Option<Instant>,
    pub oldest_text_at: Option<Instant>,
}

#[derive(Clone, Debug)]
pub struct DatabaseFacts {
    pub name: String,
    /// Why it cannot be read.
    pub problem: Option<String>,
    pub bytes: u64,
    pub log_bytes: u64,
    /// Its newest migration, and the newest that this program knows.
    pub schema: (i64, i64),
    /// What is wrong with its pages; `None` where that was not looked at.
    pub pages: Option<Vec<String>>,
    pub structure: Option<Vec<String>>,
    pub cipher: String,
    pub audit: Option<Verdict>,
}

#[derive(Clone, Debug)]
pub struct TeamFacts {
    pub slug: String,
    pub zone: String,
    pub looked_at: Instant,
    pub has_sources: bool,
}

#[derive(Clone, Debug)]
pub struct SourceFacts {
    pub connection: String,
    pub external_id: String,
    pub changed_at: Instant,
    pub heard_at: Option<Instant>,
}

#[derive(Clone, Debug)]
pub struct ConnectionFacts {
    pub id: String,
    pub connector: String,
    pub created_at: Instant,
    /// What became of deliveries, and when last.
    pub came: Vec<(String, Instant)>,
}

/// Whether the appliance runs on this data directory.
#[derive(Clone, Debug)]
pub enum Server {
    /// It does, and says this of itself.
    Running(Box<ServerHealth>),
    /// Something holds the directory and does not answer.
    Silent,
    /// It does not; this became of the attempt to listen where it would.
    Stopped(Port),
}

/// Whether an address may be listened on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Port {
    Free,
    /// Why not.
    Refused(String),
}

/// The machine, and what it grants this process.
#[derive(Clone, Debug)]
pub struct Host {
    pub user: u32,
    pub umask: Option<u32>,
    pub open_files: u64,
    pub is_dumpable: bool,
    /// The least of the machine's memory and what its group of processes may take, in bytes.
    pub memory_bytes: Option<u64>,
    /// Where memory may be written to, other than compressed memory.
    pub swap: Vec<String>,
}
