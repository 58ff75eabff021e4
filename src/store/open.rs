//! Opens one database: key, proof, settings, schema. Says which of four things is wrong where it cannot.
//!
//! | what | how it is told apart | what to do |
//! |---|---|---|
//! | wrong key | the master key's check value, or a wrapped key that does not unwrap (both before any file is opened) | name the right key file |
//! | stale log | the key is right, the file does not open, and it opens when its write-ahead log is left aside | put the log aside |
//! | damaged file | the key is right and the file does not open alone either | restore a backup |
//! | newer schema | the history of migrations goes further than this program | install the newer version |

use super::cipher::{self, Access, Plain};
use super::directory;
use super::migrate::{self, Schema};
use super::readers::Readers;
use super::sql::{self, Setting};
use super::writer::Writer;
use crate::base::error::{Code, Fault};
use crate::crypto::Key;
use rusqlite::Connection;
use rusqlite::types::Value;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How long the writer waits for a reader's lock: only when it wants the log to start over.
const WRITER_PATIENCE: Duration = Duration::from_millis(250);
/// Statements that a connection keeps compiled.
const STATEMENTS_MAX: usize = 128;

/// An open database: one writer, some readers.
pub(super) struct Database {
    // Dropped in this order: SQLite writes the log back when the writer closes last.
    readers: Readers,
    writer: Writer,
}

impl Database {
    /// Opens `path` and brings its schema up to date.
    pub(super) fn open(path: PathBuf, key: Key, schema: Schema) -> Result<Self, Fault> {
        let file = path.file_name().map_or_else(|| path.display().to_string(), |name| name.display().to_string());
        directory::tighten_file(&path)?;
        let mut connection = open_and_prove(&path, &key)?;
        apply(&connection, sql::EVERYWHERE, &file)?;
        apply(&connection, sql::OF_THE_WRITER, &file)?;
        migrate::migrate(&mut connection, schema, &file)?;
        let set = |error| Fault::new(Code::Store, format!("{file} could not be set up")).because(Plain::from(error));
        cipher::trust_the_log(&connection, true).map_err(set)?;
        connection.busy_timeout(WRITER_PATIENCE).map_err(set)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_MAX);
        let writer = Writer::start(connection, &file)?;
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
    let connection = cipher::connect(path, Access::Write, key)?;
    match prove(&connection) {
        Ok(()) => Ok(connection),
        Err(error) => {
            drop(connection);
            Err(diagnose(path, key, error))
        }
    }
}

/// Reads the first page.
fn prove(connection: &Connection) -> rusqlite::Result<()> {
    connection.query_row(sql::PROVE, [], |_| Ok(()))
}

/// Why a file that was keyed with its own key cannot be read. Opens it once more, for reading, without its log.
fn diagnose(path: &Path, key: &Key, error: rusqlite::Error) -> Fault {
    let log = directory::log_of(path);
    let has_log = log.metadata().is_ok_and(|meta| meta.len() > 0);
    let opens_alone = || cipher::connect(path, Access::FileAlone, key).is_ok_and(|connection| prove(&connection).is_ok());
    let fault = if has_log && opens_alone() {
        Fault::new(
            Code::StaleWal,
            format!(
                "{0} is sound, but the write-ahead log beside it belongs to another state of it (a copy or a restore brought them together); move {1} out of the directory and start again: the log's last writes stay in it. Nothing was changed",
                path.display(),
                log.display()
            ),
        )
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

/// Makes each setting and looks whether it holds.
fn apply(connection: &Connection, settings: &[Setting], file: &str) -> Result<(), Fault> {
    for setting in settings {
        let attempt = || {
            connection.prepare(setting.make)?.query([])?.next()?;
            connection.query_row(setting.ask, [], |row| row.get::<_, Value>(0))
        };
        let answer =
            attempt().map_err(|error| Fault::new(Code::Store, format!("{file} could not be set up")).because(Plain::from(error)))?;
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
