//! Opens one database: key, proof, settings, schema. Says which of four things is wrong where it cannot.
//!
//! | what | how it is told apart | what to do |
//! |---|---|---|
//! | wrong key | the master key's check value, or a wrapped key that does not unwrap (both before any file is opened) | name the right key file |
//! | stale log | the key is right, and the file opens only when its write-ahead log is left aside; or the two are at states of which neither was written upon the other | put the log aside |
//! | damaged file | the key is right and the file does not open alone either | restore a backup |
//! | newer schema | the history of migrations goes further than this program | install the newer version |

use super::access::{Trouble, remedy, trouble_of};
use super::cipher::{self, Access, Plain};
use super::directory::{self, Directory};
use super::migrate::{self, Schema};
use super::readers::Readers;
use super::sql::{self, Setting, State};
use super::writer::Writer;
use crate::base::error::{Code, Fault};
use crate::crypto::{Key, random};
use rusqlite::types::Value;
use rusqlite::wal::CheckpointMode;
use rusqlite::{Connection, MAIN_DB};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

/// How long the writer waits for a reader's lock: only when it wants the log to start over.
const WRITER_PATIENCE: Duration = Duration::from_millis(250);
/// Statements that a connection keeps compiled.
const STATEMENTS_MAX: usize = 128;

/// Whether a database is to be made or must be there. Told apart, so that an emptied file is not taken for a new one.
pub(super) enum File {
    New(PathBuf),
    Existing(PathBuf),
}

/// An open database: one writer, some readers.
pub(super) struct Database {
    // Dropped in this order: SQLite writes the log back when the writer closes last.
    readers: Readers,
    writer: Writer,
}

impl Database {
    /// Opens a file, or makes it, and brings its schema up to date.
    pub(super) fn open(directory: &Arc<Directory>, file: File, key: Key, schema: Schema) -> Result<Self, Fault> {
        let (path, is_new) = match file {
            File::New(path) => (path, true),
            File::Existing(path) => (path, false),
        };
        let file = path.file_name().map_or_else(|| path.display().to_string(), |name| name.display().to_string());
        if is_new {
            directory::make_file(&path)?;
        }
        // Up to `settle`, the file is only read: whatever is wrong with it, it stays as it was found.
        let mut connection = open_and_prove(&path, &key)?;
        let newest = sql::newest_migration(&connection).map_err(|error| diagnose(&path, &key, error))?;
        if newest.is_none() && !is_new {
            return Err(Fault::new(
                Code::Damaged,
                format!("{} is empty; put it aside, restore it from a backup and start again. Nothing was changed", path.display()),
            ));
        }
        migrate::refuse_newer(schema, newest.unwrap_or(0), &file)?;
        settle(&connection, &file)?;
        let is_behind = newest.unwrap_or(0) < schema.newest();
        if is_behind {
            sql::rename_state(&connection, i32::from_le_bytes(random::bytes()?)).map_err(|error| unset(&file, error))?;
        }
        migrate::migrate(&mut connection, schema, &file)?;
        let writer = Writer::start(connection, &file, !is_behind, Arc::clone(directory))?;
        let readers = Readers::new(move || {
            let connection = cipher::connect(&path, Access::Read, &key)?;
            apply(&connection, sql::EVERYWHERE, &file)?;
            apply(&connection, sql::OF_A_READER, &file)?;
            connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
            Ok(connection)
        });
        Ok(Self { readers, writer })
    }

    pub(super) fn readers(&self) -> &Readers {
        &self.readers
    }

    pub(super) fn writer(&self) -> &Writer {
        &self.writer
    }
}

fn open_and_prove(path: &Path, key: &Key) -> Result<Connection, Fault> {
    if !path.exists() {
        return Err(Fault::new(Code::Damaged, format!("{} is missing; restore it from a backup", path.display())));
    }
    directory::tighten_file(path)?;
    let connection = cipher::connect(path, Access::Write, key)?;
    let proof = prove(&connection).and_then(|()| sql::state(&connection));
    match proof {
        Ok(state) if log_belongs(path, key, state) => Ok(connection),
        Ok(_) => Err(stale(path)),
        Err(error) => {
            drop(connection);
            Err(diagnose(path, key, error))
        }
    }
}

/// Makes the settings that last, and writes back a log that a crash left behind.
fn settle(connection: &Connection, file: &str) -> Result<(), Fault> {
    apply(connection, sql::EVERYWHERE, file)?;
    apply(connection, sql::OF_THE_WRITER, file)?;
    let attempt = || {
        cipher::trust_the_log(connection, true)?;
        connection.busy_timeout(WRITER_PATIENCE)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        connection.wal_checkpoint_v2(Some(MAIN_DB), CheckpointMode::TRUNCATE)
    };
    attempt().map(|_| ()).map_err(|error| unset(file, error))
}

/// Whether the log beside a file, through which `state` was read, was written upon this very file.
///
/// The first commit into a log that may start over names the state anew and notes the name that it found. The log may start over only once
/// all of it is written back, so that a healthy file alone is at the log's own state (some of the log is written back) or at the one that the log was
/// written upon (nothing is). Anything else means that a copy or a restore brought two histories of one file together, which
/// SQLite itself would mix without a word.
pub(super) fn log_belongs(path: &Path, key: &Key, state: State) -> bool {
    if !has_log(path) {
        return true;
    }
    let alone = cipher::connect(path, Access::FileAlone, key).ok().and_then(|connection| sql::state(&connection).ok());
    // A file that cannot be read alone and can be read with its log was being written back when the power went.
    alone.is_none_or(|alone| [state.name, state.upon].contains(&alone.name))
}

fn has_log(path: &Path) -> bool {
    directory::log_of(path).metadata().is_ok_and(|meta| meta.len() > 0)
}

/// Reads the first page.
pub(super) fn prove(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row(sql::PROVE, [], |_| Ok(()))
}

/// Why a file that was keyed with its own key cannot be read. Opens it once more, for reading, without its log.
///
/// Only what was read and does not decrypt is judged. A disk that is full or fails says nothing about the log, and advice to put that aside would lose
/// what is in it.
pub(super) fn diagnose(path: &Path, key: &Key, error: rusqlite::Error) -> Fault {
    if trouble_of(&error) != Some(Code::Damaged) {
        return unset(&path.display().to_string(), error);
    }
    let opens_alone = || cipher::connect(path, Access::FileAlone, key).is_ok_and(|connection| prove(&connection).is_ok());
    let fault = if has_log(path) && opens_alone() {
        stale(path)
    } else {
        Fault::new(
            Code::Damaged,
            format!(
                "{} is damaged (the master key is the right one); put the file aside, restore it from a backup and start again. Nothing was changed",
                path.display()
            ),
        )
    };
    fault.because(Plain::from(error))
}

pub(super) fn stale(path: &Path) -> Fault {
    Fault::new(
        Code::StaleWal,
        format!(
            "the write-ahead log beside {} belongs to another state of it (a copy or a restore brought them together); if the file is the one you want, move {} out of the directory and start again: what is only in the log stays there. Nothing was changed",
            path.display(),
            directory::log_of(path).display()
        ),
    )
}

fn unset(file: &str, error: rusqlite::Error) -> Fault {
    let trouble = Trouble::from(error);
    Fault::new(Code::Io, format!("{file} could not be set up ({}): {}", trouble.plain, remedy(trouble.code)))
}

/// Makes each setting and looks whether it holds.
pub(super) fn apply(connection: &Connection, settings: &[Setting], file: &str) -> Result<(), Fault> {
    for setting in settings {
        let attempt = || {
            connection.prepare(setting.make)?.query([])?.next()?;
            connection.query_row(setting.ask, [], |row| row.get::<_, Value>(0))
        };
        let answer = attempt().map_err(|error| unset(file, error))?;
        let is_set = match answer {
            Value::Integer(number) => number.to_string() == setting.answer,
            Value::Text(text) => text == setting.answer,
            _ => false,
        };
        if !is_set {
            return Err(Fault::new(
                Code::Internal,
                format!("{file} refused a setting that protects it (`{}`); this build is damaged, install it anew", setting.make),
            ));
        }
    }
    Ok(())
}
