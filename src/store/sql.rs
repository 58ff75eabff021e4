//! All SQL of the store itself: settings of a connection, the frame of a transaction, wrapped keys.

use super::access::{Read, Tx};
use super::row;
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::OrgId;
use crate::crypto::keys::Purpose;
use rusqlite::{Connection, params};

/// A setting of a connection: how it is made, how it is asked for, and what must then be answered.
pub(super) struct Setting {
    pub(super) make: &'static str,
    pub(super) ask: &'static str,
    pub(super) answer: &'static str,
}

const fn setting(make: &'static str, ask: &'static str, answer: &'static str) -> Setting {
    Setting { make, ask, answer }
}

/// What every connection has.
pub(super) const EVERYWHERE: &[Setting] = &[
    // A temporary file of SQLCipher is plain text on disk.
    setting("PRAGMA temp_store = MEMORY", "PRAGMA temp_store", "2"),
    // Functions in triggers and views of a hostile backup do not run.
    setting("PRAGMA trusted_schema = OFF", "PRAGMA trusted_schema", "0"),
    setting("PRAGMA cell_size_check = ON", "PRAGMA cell_size_check", "1"),
    setting("PRAGMA foreign_keys = ON", "PRAGMA foreign_keys", "1"),
    setting("PRAGMA mmap_size = 0", "PRAGMA mmap_size", "0"),
];

/// What the writing connection has besides.
pub(super) const OF_THE_WRITER: &[Setting] = &[
    setting("PRAGMA journal_mode = WAL", "PRAGMA journal_mode", "wal"),
    // A commit returns after its fdatasync. NORMAL lost acknowledged commits in 224 of 400 power cuts.
    setting("PRAGMA synchronous = FULL", "PRAGMA synchronous", "2"),
    setting("PRAGMA secure_delete = ON", "PRAGMA secure_delete", "1"),
    // SQLite's own checkpoint drops the error of a failed fsync; the writer runs it and looks.
    setting("PRAGMA wal_autocheckpoint = 0", "PRAGMA wal_autocheckpoint", "0"),
    // A log that grew in a busy hour shrinks to 64 MiB when it starts over.
    setting("PRAGMA journal_size_limit = 67108864", "PRAGMA journal_size_limit", "67108864"),
];

/// What a reading connection has besides.
pub(super) const OF_A_READER: &[Setting] =
    &[setting("PRAGMA query_only = ON", "PRAGMA query_only", "1"), setting("PRAGMA query_only = ON", "PRAGMA journal_mode", "wal")];

/// Process-wide settings of SQLCipher, made once before the first file is opened. It writes to stderr by itself.
///
/// `cipher_memory_security` stays off. SQLCipher locks and wipes the memory of its keys either way; the setting does the same to every page and
/// statement, which halved point reads (27k to 13k a second) and took 30 to 70 % of the writes, and it fails silently at the usual limit of 8 MB of
/// locked memory. Swap and core files are the service unit's to forbid (`MemorySwapMax=0`, `LimitCORE=0`).
///
/// Each page carries an HMAC-SHA-256: as strong as HMAC-SHA-512 for what it is to prove, 32 bytes shorter, and computed by the processor
/// itself where that knows SHA; with the other, a seventh of all the work of a delivery went there.
pub(super) const OF_THE_PROCESS: &str =
    "PRAGMA cipher_log = off; PRAGMA cipher_log_level = NONE; PRAGMA cipher_default_hmac_algorithm = HMAC_SHA256;";

/// Reads the first page: proves the key.
pub(super) const PROVE: &str = "SELECT count(*) FROM sqlite_schema";

/// The name of the state that a file and its write-ahead log are at, and of the state that this one was written upon: two random
/// numbers, which SQLite keeps in the first page for its user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct State {
    pub(super) name: i64,
    pub(super) upon: i64,
}

const NAME: &str = "user_version";
const UPON: &str = "application_id";

/// The state, read through the log where there is one.
pub(super) fn state(connection: &Connection) -> rusqlite::Result<State> {
    let ask = |pragma| connection.pragma_query_value(None, pragma, |row| row.get(0));
    Ok(State { name: ask(NAME)?, upon: ask(UPON)? })
}

/// Gives the state a new name.
pub(super) fn rename_state(connection: &Connection, name: i32) -> rusqlite::Result<()> {
    connection.pragma_update(None, UPON, state(connection)?.name)?;
    connection.pragma_update(None, NAME, name)
}

/// The number of the newest migration that was applied; `None` in a file that never saw one.
pub(super) fn newest_migration(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    if !connection.table_exists(None::<&str>, "refinery_schema_history")? {
        return Ok(None);
    }
    connection.query_row("SELECT max(version) FROM refinery_schema_history", [], |row| row.get(0))
}

pub(super) const BEGIN: &str = "BEGIN IMMEDIATE";
pub(super) const COMMIT: &str = "COMMIT";
pub(super) const ROLLBACK: &str = "ROLLBACK";
pub(super) const SAVE: &str = "SAVEPOINT one_write";
pub(super) const KEEP: &str = "RELEASE one_write";
pub(super) const UNDO: &str = "ROLLBACK TO one_write";
pub(super) const SNAPSHOT: &str = "BEGIN DEFERRED";

/// Answers one row per page whose authentication code is wrong. Reads the file itself, not its write-ahead log.
pub(super) const CHECK_PAGES: &str = "PRAGMA cipher_integrity_check";
/// Answers `ok`, or what is wrong. Reads through the write-ahead log.
pub(super) const CHECK_STRUCTURE: &str = "PRAGMA quick_check";

/// The version of SQLCipher.
pub(super) const CIPHER_VERSION: &str = "PRAGMA cipher_version";

/// One wrapped key of an organisation.
pub(super) struct WrappedKey {
    pub(super) version: u32,
    pub(super) kek_id: String,
    pub(super) wrapped: Vec<u8>,
}

/// Every organisation that has keys.
pub(super) fn orgs(read: &impl Read) -> Result<Vec<OrgId>, Fault> {
    read.all("SELECT DISTINCT org_id FROM org_key ORDER BY org_id", [], |found| Ok(OrgId::from_bytes(row::array(found, 0)?)))
}

/// The key in force of one organisation and purpose.
pub(super) fn key_in_force(read: &impl Read, org: OrgId, purpose: Purpose) -> Result<Option<WrappedKey>, Fault> {
    read.optional(
        "SELECT version, kek_id, wrapped FROM org_key WHERE org_id = ?1 AND purpose = ?2 ORDER BY version DESC LIMIT 1",
        params![org.as_bytes(), purpose.as_str()],
        |found| Ok(WrappedKey { version: found.get(0)?, kek_id: found.get(1)?, wrapped: found.get(2)? }),
    )
}

pub(super) fn insert_key(tx: &Tx<'_>, org: OrgId, purpose: Purpose, key: &WrappedKey, created_at: Instant) -> Result<(), Fault> {
    tx.run(
        "INSERT INTO org_key (org_id, purpose, version, kek_id, wrapped, created_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![org.as_bytes(), purpose.as_str(), key.version, key.kek_id, key.wrapped, created_at.as_microsecond()],
    )?;
    Ok(())
}
