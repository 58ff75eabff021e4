//! Hands a key to SQLCipher. The one place of the program with `unsafe`.
//!
//! Never: a key in SQL text. `PRAGMA key` would leave it in statements, traces and error messages; `sqlite3_key_v2` takes it from a
//! buffer that is wiped here.

use super::sql;
use crate::base::error::{Code, Fault};
use crate::crypto::{KEY_BYTES, Key};
use rusqlite::config::DbConfig;
use rusqlite::limits::Limit;
use rusqlite::{Connection, OpenFlags};
use std::path::Path;
use std::sync::LazyLock;
use zeroize::Zeroizing;

/// `x'`, 64 hex digits, `'`: SQLCipher's form of a raw key, which skips its slow derivation from a passphrase.
const LITERAL_BYTES: usize = 2 + KEY_BYTES * 2 + 1;

/// How a connection is opened.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Access {
    Write,
    Read,
    /// Reads the file as it lies there and ignores any write-ahead log: to find out what is wrong.
    FileAlone,
}

/// Opens `path`, which must exist, with `key`. Proves nothing yet: the first read does.
///
/// Closing the connection leaves the write-ahead log alone until [`trust_the_log`] is called: a log that does not belong to
/// the file must not be written into it by a failed attempt to open it.
pub(super) fn connect(path: &Path, access: Access, key: &Key) -> Result<Connection, Fault> {
    prepare_process()?;
    let unopened = |error| Fault::new(Code::Io, format!("{} could not be opened", path.display())).because(Plain::from(error));
    let connection = match access {
        Access::Write => Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | ALWAYS),
        Access::Read => Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | ALWAYS),
        Access::FileAlone => {
            Connection::open_with_flags(immutable_uri(path), OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_URI | ALWAYS)
        }
    }
    .map_err(unopened)?;
    hand_over(&connection, key)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map_err(unopened)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DEFENSIVE, true).map_err(unopened)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DML, false).map_err(unopened)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_DQS_DDL, false).map_err(unopened)?;
    // No statement of this connection can reach another file.
    connection.set_limit(Limit::SQLITE_LIMIT_ATTACHED, 0).map_err(unopened)?;
    Ok(connection)
}

/// Lets the last close of the file write the log back and remove it; `false` takes that back.
pub(super) fn trust_the_log(connection: &Connection, is_trusted: bool) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, !is_trusted).map(|_| ())
}

/// One thread at a time uses a connection, so SQLite's own mutexes are off; a link in the place of a database is refused.
const ALWAYS: OpenFlags = OpenFlags::SQLITE_OPEN_NO_MUTEX.union(OpenFlags::SQLITE_OPEN_NOFOLLOW);

fn immutable_uri(path: &Path) -> String {
    use std::os::unix::ffi::OsStrExt;
    let mut uri = String::from("file:");
    for byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'-' | b'_' | b'.' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => uri.push(char::from(*byte)),
            other => {
                uri.push('%');
                uri.push_str(&hex::encode_upper([*other]));
            }
        }
    }
    uri.push_str("?immutable=1");
    uri
}

fn hand_over(connection: &Connection, key: &Key) -> Result<(), Fault> {
    let impossible = || Fault::new(Code::Internal, "SQLCipher did not take a key");
    let mut literal = Zeroizing::new([b'\''; LITERAL_BYTES]);
    let (prefix, rest) = literal.split_at_mut(2);
    prefix.copy_from_slice(b"x'");
    let digits = rest.get_mut(..KEY_BYTES * 2).ok_or_else(impossible)?;
    hex::encode_to_slice(key.reveal(), digits).map_err(|_| impossible())?;
    foreign::set_key(connection, literal.as_slice()).then_some(()).ok_or_else(impossible)
}

/// Before the first file: OpenSSL must be safe to use from several threads and must not read a configuration file of the host; SQLCipher must not write
/// to stderr.
fn prepare_process() -> Result<(), Fault> {
    static IS_READY: LazyLock<bool> = LazyLock::new(|| {
        foreign::ignore_host_configuration()
            && Connection::open_in_memory().is_ok_and(|connection| connection.execute_batch(sql::OF_THE_PROCESS).is_ok())
    });
    if !foreign::knows_threads() {
        return Err(Fault::new(
            Code::Internal,
            "this build's OpenSSL has no threads and would corrupt memory; build it with threads (.cargo/configure-openssl does), or install a released version",
        ));
    }
    if *IS_READY {
        return Ok(());
    }
    Err(Fault::new(Code::Internal, "the encryption library could not be started; this build is damaged, install it anew"))
}

/// A database error without the text of a statement or a value: the name of its code, and the part of its message that can only name
/// tables and columns.
#[derive(Debug)]
pub(super) struct Plain(String);

impl From<rusqlite::Error> for Plain {
    fn from(error: rusqlite::Error) -> Self {
        Self::of(&error)
    }
}

impl Plain {
    pub(super) fn of(error: &rusqlite::Error) -> Self {
        /// Messages of a running statement that name the schema and nothing else.
        const SCHEMA_ONLY: [&str; 5] = [
            "UNIQUE constraint failed",
            "NOT NULL constraint failed",
            "CHECK constraint failed",
            "FOREIGN KEY constraint failed",
            "datatype mismatch",
        ];
        Self(match error {
            rusqlite::Error::SqliteFailure(code, message) => {
                let named = message.as_ref().filter(|message| SCHEMA_ONLY.iter().any(|start| message.starts_with(start)));
                named.cloned().unwrap_or_else(|| code.to_string())
            }
            // Said of the text of a statement before it runs, which is our own and holds no value.
            rusqlite::Error::SqlInputError { msg, .. } => msg.clone(),
            rusqlite::Error::QueryReturnedNoRows => "no row".to_owned(),
            rusqlite::Error::InvalidColumnType(column, _, kind) => format!("column {column} holds a {kind}"),
            rusqlite::Error::FromSqlConversionFailure(column, kind, _) => format!("column {column} holds a {kind} that does not fit"),
            rusqlite::Error::IntegralValueOutOfRange(column, _) => format!("column {column} holds a number out of range"),
            rusqlite::Error::InvalidColumnIndex(column) => format!("there is no column {column}"),
            rusqlite::Error::InvalidParameterCount(given, expected) => format!("{given} parameters for {expected} places"),
            rusqlite::Error::ExecuteReturnedResults => "rows where none were expected".to_owned(),
            _ => "an error of the database library".to_owned(),
        })
    }
}

impl std::fmt::Display for Plain {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Plain {}

#[expect(
    unsafe_code,
    reason = "rusqlite has no safe call for SQLCipher's key, nor for OpenSSL's start and its build; each is a single C call"
)]
mod foreign {
    use rusqlite::{Connection, ffi};
    use std::ffi::{c_int, c_void};

    /// `OPENSSL_INIT_NO_LOAD_CONFIG` of openssl/crypto.h.
    const NO_CONFIGURATION: u64 = 0x80;

    unsafe extern "C" {
        /// `OPENSSL_init_crypto(3)`, of the OpenSSL that SQLCipher is linked with.
        fn OPENSSL_init_crypto(options: u64, settings: *const c_void) -> c_int;
        /// `OSSL_get_thread_support_flags(3)`, of the same.
        fn OSSL_get_thread_support_flags() -> u32;
    }

    /// `OSSL_THREAD_SUPPORT_FLAG_THREAD_POOL` of openssl/thread.h: there where OpenSSL was built with threads, unless somebody left it out by name.
    const THREADS: u32 = 1;

    /// Whether OpenSSL locks what several threads share. Built without threads it does not, and two readers of one database free the same memory twice.
    pub(super) fn knows_threads() -> bool {
        // SAFETY: takes nothing, changes nothing, answers a constant of the build.
        unsafe { OSSL_get_thread_support_flags() & THREADS != 0 }
    }

    /// Starts OpenSSL without its configuration file: one on the host, or named by `OPENSSL_CONF`, could load other providers.
    pub(super) fn ignore_host_configuration() -> bool {
        // SAFETY: may be called at any time from any thread; a null pointer means default settings.
        unsafe { OPENSSL_init_crypto(NO_CONFIGURATION, std::ptr::null()) == 1 }
    }

    /// Gives `literal` to SQLCipher as the key of the connection's main database.
    pub(super) fn set_key(connection: &Connection, literal: &[u8]) -> bool {
        let Ok(length) = c_int::try_from(literal.len()) else { return false };
        // SAFETY: the handle is open for as long as `connection` is borrowed and is used by this thread alone; the name ends with
        // a nul; SQLCipher copies `length` bytes out of `literal` before it returns.
        unsafe { ffi::sqlite3_key_v2(connection.handle(), c"main".as_ptr(), literal.as_ptr().cast(), length) == ffi::SQLITE_OK }
    }
}
