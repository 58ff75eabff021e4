//! Reading connections of one database: opened when first needed, lent one at a time, each with a snapshot of its own.

use super::access::Reader;
use super::cipher::Plain;
use super::sql;
use crate::base::error::{Code, Fault};
use rusqlite::Connection;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

/// Reading connections per database. Each holds up to 2 MB of pages.
const READERS_MAX: usize = 4;
/// How long a reader waits for a connection before it is told to come back.
const PATIENCE: Duration = Duration::from_secs(5);

/// How a connection is made.
type Open = dyn Fn() -> Result<Connection, Fault> + Send + Sync;

/// The pool of reading connections.
pub(super) struct Readers {
    open: Box<Open>,
    state: Mutex<Lending>,
    returned: Condvar,
}

#[derive(Default)]
struct Lending {
    idle: Vec<Connection>,
    /// Connections that are lent.
    lent: usize,
}

impl Readers {
    pub(super) fn new(open: impl Fn() -> Result<Connection, Fault> + Send + Sync + 'static) -> Self {
        Self { open: Box::new(open), state: Mutex::default(), returned: Condvar::new() }
    }

    /// Runs `work` on one snapshot.
    pub(super) fn read<T, E: From<Fault>>(&self, work: impl FnOnce(&Reader<'_>) -> Result<T, E>) -> Result<T, E> {
        let mut loan = self.lend()?;
        let connection = match loan.connection.take() {
            Some(connection) => connection,
            None => (self.open)()?,
        };
        step(&connection, sql::SNAPSHOT)?;
        let reader = Reader::new(&connection);
        // Where `work` panics, the connection is closed on the way out and the loan ends without it.
        let result = work(&reader);
        let is_sound = reader.trouble().is_none();
        step(&connection, sql::ROLLBACK)?;
        // After a page that did not decrypt, SQLCipher keeps answering with that error: such a connection is not used again.
        loan.connection = is_sound.then_some(connection);
        result
    }

    fn lend(&self) -> Result<Loan<'_>, Fault> {
        let all_lent = |lending: &mut Lending| lending.lent >= READERS_MAX;
        let waited = self.returned.wait_timeout_while(self.state(), PATIENCE, all_lent);
        let (mut lending, waited) = waited.unwrap_or_else(PoisonError::into_inner);
        if waited.timed_out() {
            return Err(Fault::new(Code::Overloaded, "all reading connections are busy; try again in a second"));
        }
        lending.lent += 1;
        Ok(Loan { connection: lending.idle.pop(), pool: self })
    }

    fn state(&self) -> MutexGuard<'_, Lending> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The right to use one connection; gives it back when dropped, with what it holds by then.
struct Loan<'p> {
    connection: Option<Connection>,
    pool: &'p Readers,
}

impl Drop for Loan<'_> {
    fn drop(&mut self) {
        let mut lending = self.pool.state();
        lending.lent -= 1;
        lending.idle.extend(self.connection.take());
        drop(lending);
        self.pool.returned.notify_one();
    }
}

fn step(connection: &Connection, statement: &'static str) -> Result<(), Fault> {
    let attempt = || connection.prepare_cached(statement)?.execute([]);
    attempt().map(|_| ()).map_err(|error| Fault::new(Code::Store, "a snapshot could not be taken").because(Plain::from(error)))
}
