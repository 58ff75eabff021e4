//! What a room may do inside a transaction: [`Tx`] reads and writes, [`Reader`] reads.
//!
//! A statement is `&'static str`: whatever varies goes through parameters, so no statement can be built from input. A database
//! error becomes a [`Fault`] that names the statement and never a value.

use super::cipher::Plain;
use crate::base::error::{Code, Fault};
use rusqlite::{CachedStatement, Connection, ErrorCode, Params, Row, ffi};
use std::cell::{Cell, RefCell};

/// Characters of a statement that a fault repeats: enough to find it.
const STATEMENT_CHARS_MAX: usize = 120;

/// Reading, inside a write or a snapshot. A query of a room takes `&impl Read`, so that both may call it.
pub trait Read: sealed::Access {
    /// The one row of a query that always has one.
    ///
    /// # Errors
    /// [`Code::Store`], also where there is no row.
    fn one<T>(&self, sql: &'static str, params: impl Params, map: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>) -> Result<T, Fault> {
        self.optional(sql, params, map)?.ok_or_else(|| statement_fault(sql, &Plain::from(rusqlite::Error::QueryReturnedNoRows)))
    }

    /// The first row, or `None` where there is none.
    ///
    /// # Errors
    /// [`Code::Store`]; [`Code::Damaged`] where a page does not decrypt.
    fn optional<T>(
        &self,
        sql: &'static str,
        params: impl Params,
        map: impl FnOnce(&Row<'_>) -> rusqlite::Result<T>,
    ) -> Result<Option<T>, Fault> {
        let attempt = || {
            let mut statement = self.statement(sql)?;
            let mut rows = statement.query(params)?;
            rows.next()?.map(map).transpose()
        };
        attempt().map_err(|error| self.fault(sql, error))
    }

    /// All rows, in the order of the query.
    ///
    /// # Errors
    /// As [`Read::optional`].
    fn all<T>(&self, sql: &'static str, params: impl Params, map: impl FnMut(&Row<'_>) -> rusqlite::Result<T>) -> Result<Vec<T>, Fault> {
        let attempt = || self.statement(sql)?.query_map(params, map)?.collect::<rusqlite::Result<Vec<T>>>();
        attempt().map_err(|error| self.fault(sql, error))
    }
}

impl Read for Tx<'_> {}
impl Read for Reader<'_> {}

/// While it is the same, nothing that is [`known`](super::OrgDb::known) of a database has changed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Epoch(pub(super) u64);

/// A write in progress: one savepoint of the shared transaction. Made by the writer only.
pub struct Tx<'c> {
    session: Session<'c>,
    /// None where a write of the same commit was news.
    epoch: Option<Epoch>,
    /// Whether what is remembered of this database must be asked anew once this is committed.
    is_news: Cell<bool>,
}

/// A snapshot: every query of one reader sees the same state. Made by the pool only.
pub struct Reader<'c>(Session<'c>);

impl<'c> Tx<'c> {
    pub(super) fn new(connection: &'c Connection, epoch: Option<Epoch>) -> Self {
        Self { session: Session { connection, trouble: RefCell::new(None) }, epoch, is_news: Cell::new(false) }
    }

    /// Whether all that was [`known`](super::OrgDb::known) since `epoch` was read still holds, here, before this write is made: then it need not be
    /// asked anew.
    pub fn is_of(&self, epoch: Epoch) -> bool {
        self.epoch == Some(epoch) && !self.is_news()
    }

    pub(super) fn trouble(self) -> Option<Trouble> {
        self.session.trouble.into_inner()
    }

    /// Says, inside an [`append`](super::OrgDb::append), that this one changes what others are judged by after all.
    pub fn set_news(&self) {
        self.is_news.set(true);
    }

    pub(super) fn is_news(&self) -> bool {
        self.is_news.get()
    }

    /// Runs a statement; answers how many rows it inserted, changed or deleted.
    ///
    /// # Errors
    /// [`Code::Store`]; a broken constraint too. Where a key may be taken already, use [`Tx::insert_new`] or `ON CONFLICT … DO NOTHING`, after
    /// which this answers 0.
    pub fn run(&self, sql: &'static str, params: impl Params) -> Result<usize, Fault> {
        let attempt = || self.session.connection.prepare_cached(sql)?.execute(params);
        attempt().map_err(|error| self.session.fault(sql, error))
    }

    /// Runs an `INSERT`; answers the new row's number (`INTEGER PRIMARY KEY`).
    ///
    /// # Errors
    /// As [`Tx::run`].
    pub fn insert(&self, sql: &'static str, params: impl Params) -> Result<i64, Fault> {
        self.run(sql, params)?;
        Ok(self.session.connection.last_insert_rowid())
    }

    /// Runs an `INSERT` or `UPDATE` whose unique key may be taken: `false` where it is, and nothing was changed.
    ///
    /// # Errors
    /// As [`Tx::run`], for everything but a taken key.
    pub fn insert_new(&self, sql: &'static str, params: impl Params) -> Result<bool, Fault> {
        let attempt = || self.session.connection.prepare_cached(sql)?.execute(params);
        match attempt() {
            Ok(_) => Ok(true),
            Err(rusqlite::Error::SqliteFailure(code, _))
                if matches!(
                    code.extended_code,
                    ffi::SQLITE_CONSTRAINT_UNIQUE | ffi::SQLITE_CONSTRAINT_PRIMARYKEY | ffi::SQLITE_CONSTRAINT_ROWID
                ) =>
            {
                Ok(false)
            }
            Err(error) => Err(self.session.fault(sql, error)),
        }
    }
}

impl<'c> Reader<'c> {
    pub(super) fn new(connection: &'c Connection) -> Self {
        Self(Session { connection, trouble: RefCell::new(None) })
    }

    pub(super) fn trouble(self) -> Option<Trouble> {
        self.0.trouble.into_inner()
    }
}

/// An error that concerns the whole file, not one statement.
pub(super) struct Trouble {
    /// [`Code::Damaged`] or [`Code::Io`].
    pub(super) code: Code,
    pub(super) plain: String,
}

impl From<rusqlite::Error> for Trouble {
    fn from(error: rusqlite::Error) -> Self {
        Self { code: trouble_of(&error).unwrap_or(Code::Io), plain: Plain::from(error).to_string() }
    }
}

struct Session<'c> {
    connection: &'c Connection,
    /// Set by an error that no closure can answer for, even if it swallows it: the disk, or a page.
    trouble: RefCell<Option<Trouble>>,
}

impl Session<'_> {
    fn fault(&self, sql: &'static str, error: rusqlite::Error) -> Fault {
        let trouble = trouble_of(&error);
        let plain = Plain::from(error);
        let Some(code) = trouble else { return statement_fault(sql, &plain) };
        self.trouble.borrow_mut().get_or_insert_with(|| Trouble { code, plain: plain.to_string() });
        let words = format!("a database cannot be used: {}", remedy(code));
        Fault::new(code, words).because(plain)
    }
}

/// What to do about a file that cannot be used.
pub(super) const fn remedy(code: Code) -> &'static str {
    match code {
        Code::Damaged => "a page does not decrypt; stop the program, put the file aside and restore it from a backup",
        _ => "the disk failed or is full; free or repair it, then restart the program",
    }
}

pub(super) fn trouble_of(error: &rusqlite::Error) -> Option<Code> {
    match error.sqlite_error_code()? {
        ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Some(Code::Damaged),
        ErrorCode::SystemIoFailure | ErrorCode::DiskFull | ErrorCode::OutOfMemory | ErrorCode::CannotOpen => Some(Code::Io),
        _ => None,
    }
}

fn statement_fault(sql: &'static str, plain: &Plain) -> Fault {
    let mut shown = sql.split_whitespace().collect::<Vec<_>>().join(" ");
    if let Some((cut, _)) = shown.char_indices().nth(STATEMENT_CHARS_MAX) {
        shown.truncate(cut);
    }
    Fault::new(Code::Store, format!("a statement failed: {plain}, in `{shown}`"))
}

mod sealed {
    use super::{CachedStatement, Fault, Reader, Tx};

    /// What [`super::Read`] stands on; closed to the store.
    pub trait Access {
        fn statement(&self, sql: &'static str) -> rusqlite::Result<CachedStatement<'_>>;
        fn fault(&self, sql: &'static str, error: rusqlite::Error) -> Fault;
    }

    impl Access for Tx<'_> {
        fn statement(&self, sql: &'static str) -> rusqlite::Result<CachedStatement<'_>> {
            self.session.connection.prepare_cached(sql)
        }

        fn fault(&self, sql: &'static str, error: rusqlite::Error) -> Fault {
            self.session.fault(sql, error)
        }
    }

    impl Access for Reader<'_> {
        fn statement(&self, sql: &'static str) -> rusqlite::Result<CachedStatement<'_>> {
            self.0.connection.prepare_cached(sql)
        }

        fn fault(&self, sql: &'static str, error: rusqlite::Error) -> Fault {
            self.0.fault(sql, error)
        }
    }
}
