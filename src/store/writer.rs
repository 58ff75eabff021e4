//! The one writer of a database: many writes, one durable commit.
//!
//! A thread owns the only connection that writes. It takes all writes that wait, runs each in a savepoint of its own inside
//! one transaction, commits once (one `fdatasync`), and only then answers each caller: also a caller whose own write was
//! refused, because what it saw may have been a neighbour's. A write that fails or panics is undone alone.
//!
//! Never: an answer before the commit; a second attempt at a failed commit. After a failed `fsync` the kernel may have dropped the pages
//! it could not write, and a second one would report success. The database is *fenced* instead: every later write is refused until
//! the process starts anew and reads the file from disk.

use super::access::{Epoch, Trouble, Tx, remedy};
use super::cipher::{self, Plain};
use super::directory::Directory;
use super::sql;
use crate::base::error::{Code, Fault};
use crate::crypto::random;
use rusqlite::hooks::Wal;
use rusqlite::wal::CheckpointMode;
use rusqlite::{Connection, ErrorCode, MAIN_DB};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicI32, AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};

/// Most writes that share one commit. Beyond it the gain is small (196k rows/s at 256, 233k at 1024) and the first waits longer.
const BATCH_MAX: usize = 256;
/// Most writes that wait. At a thousand commits a second this is a quarter of a second of work; a caller beyond it is told to come back.
const QUEUE_MAX: usize = 1024;
/// Pages in the write-ahead log before it is written back: SQLite's own default, 4 MB.
const CHECKPOINT_PAGES: i32 = 1000;
/// Pages (64 MB) from which writing back waits for readers, so that the log can start over.
const CHECKPOINT_PAGES_URGENT: i32 = 16_000;

/// The handle to the writing thread.
pub(super) struct Writer {
    /// `None` only while the thread is being ended.
    queue: Option<SyncSender<Work>>,
    thread: Option<JoinHandle<()>>,
    fence: Arc<OnceLock<Failure>>,
    waiting: Arc<AtomicUsize>,
    epoch: Arc<AtomicU64>,
    file: String,
}

/// Whether what was read of a database may be remembered past a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// It may not: this may change anything.
    Change,
    /// It may, unless the write itself says otherwise: it adds what nothing that is remembered tells of.
    Append,
}

/// Why a shared commit did not happen; told to every caller of the batch.
#[derive(Clone, Debug)]
struct Failure {
    code: Code,
    words: String,
}

impl Failure {
    fn fault(&self) -> Fault {
        Fault::new(self.code, self.words.clone())
    }
}

enum Work {
    Write(Box<dyn Write>),
    Check(SyncSender<Result<Vec<String>, Fault>>),
    /// Answers whether the log is empty now.
    Scrub(SyncSender<bool>),
}

/// A write with its types hidden: run once, answered once.
trait Write: Send {
    /// Whether what it did is kept.
    fn run(&mut self, tx: &Tx<'_>) -> bool;
    fn kind(&self) -> Kind;
    /// Hands the caller its result, or the failure of the shared commit.
    fn answer(self: Box<Self>, failure: Option<&Failure>);
}

struct Ticket<T, E, F, R> {
    kind: Kind,
    work: Option<F>,
    result: Option<Result<T, E>>,
    reply: R,
}

impl<T, E, F, R> Write for Ticket<T, E, F, R>
where
    T: Send,
    E: From<Fault> + Send,
    F: FnOnce(&Tx<'_>) -> Result<T, E> + Send,
    R: FnOnce(Result<T, E>) + Send,
{
    fn run(&mut self, tx: &Tx<'_>) -> bool {
        self.result = self.work.take().map(|work| work(tx));
        matches!(self.result, Some(Ok(_)))
    }

    fn kind(&self) -> Kind {
        self.kind
    }

    fn answer(self: Box<Self>, failure: Option<&Failure>) {
        let result = match (failure, self.result) {
            (Some(failure), _) => Err(E::from(failure.fault())),
            (None, Some(result)) => result,
            (None, None) => Err(E::from(Fault::new(
                Code::Internal,
                "a write broke off and was undone; this is a fault of the program, please report it",
            ))),
        };
        (self.reply)(result);
    }
}

impl Writer {
    /// Starts the thread that owns `connection` and, until that is closed, the `directory`; `file` names the database in messages.
    /// `is_log_fresh` says that nothing was written since the log was last written back whole.
    pub(super) fn start(mut connection: Connection, file: &str, is_log_fresh: bool, directory: Arc<Directory>) -> Result<Self, Fault> {
        let (queue, work) = sync_channel(QUEUE_MAX);
        let fence = Arc::new(OnceLock::new());
        let waiting = Arc::new(AtomicUsize::new(0));
        let epoch = Arc::new(AtomicU64::new(0));
        let log_pages = Arc::new(AtomicI32::new(0));
        let hook_pages = Arc::clone(&log_pages);
        let hook = move |_: &mut Wal, pages: i32| {
            hook_pages.store(pages, Ordering::Relaxed);
            Ok(())
        };
        connection
            .wal_hook(Some(hook))
            .map_err(|error| Fault::new(Code::Store, "the writer could not be set up").because(Plain::from(error)))?;
        let desk = Desk {
            connection,
            file: file.to_owned(),
            fence: Arc::clone(&fence),
            waiting: Arc::clone(&waiting),
            epoch: Arc::clone(&epoch),
            log_pages,
            checkpoint_at: CHECKPOINT_PAGES,
            is_log_fresh,
            _directory: directory,
        };
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || desk.serve(&work))
            .map_err(|error| Fault::new(Code::Io, "the writer's thread could not be started").because(error))?;
        Ok(Self { queue: Some(queue), thread: Some(thread), fence, waiting, epoch, file: file.to_owned() })
    }

    pub(super) fn write<T, E, F>(&self, kind: Kind, work: F) -> Result<T, E>
    where
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
    {
        let (reply, answer) = sync_channel(1);
        // A caller that no longer waits has nothing to be told.
        self.write_then(kind, work, move |result| drop(reply.send(result)))?;
        answer.recv().unwrap_or_else(|_| Err(E::from(self.gone())))
    }

    /// As [`write`](Self::write), for whoever does not wait: `reply` is called on the writer's thread, after the commit. It must be short. It is
    /// dropped uncalled where the writer ends first.
    pub(super) fn write_then<T, E, F, R>(&self, kind: Kind, work: F, reply: R) -> Result<(), Fault>
    where
        T: Send + 'static,
        E: From<Fault> + Send + 'static,
        F: FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
        R: FnOnce(Result<T, E>) + Send + 'static,
    {
        if let Some(failure) = self.fence.get() {
            return Err(failure.fault());
        }
        self.enqueue(Work::Write(Box::new(Ticket { kind, work: Some(work), result: None, reply })))
    }

    pub(super) fn check(&self) -> Result<Vec<String>, Fault> {
        let (reply, answer) = sync_channel(1);
        self.enqueue(Work::Check(reply))?;
        answer.recv().unwrap_or_else(|_| Err(self.gone()))
    }

    pub(super) fn scrub(&self) -> Result<bool, Fault> {
        let (reply, answer) = sync_channel(1);
        self.enqueue(Work::Scrub(reply))?;
        answer.recv().map_err(|_| self.gone())
    }

    pub(super) fn fenced(&self) -> Option<String> {
        self.fence.get().map(|failure| failure.words.clone())
    }

    /// Moves after each commit that may have changed what is remembered, before the write that moved it is answered.
    pub(super) fn epoch(&self) -> Epoch {
        Epoch(self.epoch.load(Ordering::Acquire))
    }

    /// How many writes wait for the running batch to end.
    pub(super) fn waiting(&self) -> usize {
        self.waiting.load(Ordering::SeqCst)
    }

    fn enqueue(&self, work: Work) -> Result<(), Fault> {
        if self.is_own_thread() {
            return Err(Fault::new(
                Code::Internal,
                "a write waits for another write of the same database; this is a fault of the program, please report it",
            ));
        }
        let queue = self.queue.as_ref().ok_or_else(|| self.gone())?;
        // Counted before it is sent, so that the writer cannot take it off first.
        self.waiting.fetch_add(1, Ordering::SeqCst);
        queue
            .try_send(work)
            .inspect_err(|_| {
                self.waiting.fetch_sub(1, Ordering::SeqCst);
            })
            .map_err(|refused| match refused {
                TrySendError::Full(_) => {
                    Fault::new(Code::Overloaded, format!("{QUEUE_MAX} writes to {} are waiting already; try again in a second", self.file))
                }
                TrySendError::Disconnected(_) => self.gone(),
            })
    }

    fn is_own_thread(&self) -> bool {
        self.thread.as_ref().is_some_and(|thread| thread.thread().id() == thread::current().id())
    }

    fn gone(&self) -> Fault {
        Fault::new(Code::Fenced, format!("the writer of {} has ended; restart the program", self.file))
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.queue = None;
        let Some(thread) = self.thread.take() else { return };
        // The last handle may have been owned by a write itself; a thread cannot wait for its own end.
        if thread.thread().id() != thread::current().id() {
            let _ = thread.join();
        }
    }
}

/// What the writing thread has before it.
struct Desk {
    connection: Connection,
    file: String,
    fence: Arc<OnceLock<Failure>>,
    waiting: Arc<AtomicUsize>,
    epoch: Arc<AtomicU64>,
    /// Pages in the write-ahead log after the last commit; set by SQLite's hook.
    log_pages: Arc<AtomicI32>,
    checkpoint_at: i32,
    /// All of the log is written back, so the next commit may be the first of one that starts over: it names the state anew (see
    /// `open::log_belongs`). Set only where SQLite said so: a name that is given twice in one log would make a healthy file look foreign.
    is_log_fresh: bool,
    /// Dropped after the connection: the directory stays ours until the file is closed.
    _directory: Arc<Directory>,
}

impl Desk {
    fn serve(mut self, work: &Receiver<Work>) {
        while let Ok(first) = work.recv() {
            let mut batch = Vec::new();
            let mut checks = Vec::new();
            let mut scrubs = Vec::new();
            for work in std::iter::once(first).chain(work.try_iter().take(BATCH_MAX - 1)) {
                self.waiting.fetch_sub(1, Ordering::SeqCst);
                match work {
                    Work::Write(write) => batch.push(write),
                    Work::Check(reply) => checks.push(reply),
                    Work::Scrub(reply) => scrubs.push(reply),
                }
            }
            self.commit_and_answer(batch);
            for reply in checks {
                let _ = reply.send(self.check());
            }
            if scrubs.is_empty() {
                self.write_log_back();
            } else {
                let is_done = self.empty_log();
                for reply in scrubs {
                    let _ = reply.send(is_done);
                }
            }
        }
        let may_tidy = self.fence.get().is_none();
        let _ = cipher::trust_the_log(&self.connection, may_tidy);
    }

    fn commit_and_answer(&mut self, mut batch: Vec<Box<dyn Write>>) {
        if batch.is_empty() {
            return;
        }
        let outcome = match self.fence.get() {
            Some(failure) => Err(failure.clone()),
            None => self.commit_together(&mut batch),
        };
        for write in batch {
            write.answer(outcome.as_ref().err());
        }
    }

    fn commit_together(&mut self, batch: &mut [Box<dyn Write>]) -> Result<(), Failure> {
        let mut is_news = false;
        let outcome = self.step(sql::BEGIN).and_then(|()| {
            if self.is_log_fresh {
                self.rename_state()?;
            }
            for write in batch.iter_mut() {
                // Only this thread moves the epoch: what was known of it holds until a write of this very batch is news.
                let epoch = (!is_news).then(|| Epoch(self.epoch.load(Ordering::Relaxed)));
                is_news |= self.run_alone(write.as_mut(), epoch)?;
            }
            self.step(sql::COMMIT)
        });
        if outcome.is_err() && !self.connection.is_autocommit() {
            // Nothing was committed. Where even this fails, the fence or the next BEGIN says so.
            let _ = self.step(sql::ROLLBACK);
        }
        self.is_log_fresh &= outcome.is_err();
        if is_news {
            self.epoch.fetch_add(1, Ordering::Release);
        }
        outcome
    }

    fn rename_state(&self) -> Result<(), Failure> {
        let name = random::bytes().map_err(|fault| Failure { code: fault.code(), words: fault.to_string() })?;
        sql::rename_state(&self.connection, i32::from_le_bytes(name)).map_err(|error| self.fence(&Trouble::from(error)))
    }

    /// Runs one write in its savepoint and undoes it where it failed or broke off. Answers whether what is remembered is old now.
    fn run_alone(&self, write: &mut dyn Write, epoch: Option<Epoch>) -> Result<bool, Failure> {
        self.step(sql::SAVE)?;
        let tx = Tx::new(&self.connection, epoch);
        let is_kept = catch_unwind(AssertUnwindSafe(|| write.run(&tx))).unwrap_or(false);
        let is_news = is_kept && (write.kind() == Kind::Change || tx.is_news());
        if let Some(trouble) = tx.trouble() {
            return Err(self.fence(&trouble));
        }
        if self.connection.is_autocommit() {
            return Err(self.fence(&Trouble { code: Code::Io, plain: "the transaction ended early".to_owned() }));
        }
        if !is_kept {
            self.step(sql::UNDO)?;
        }
        self.step(sql::KEEP)?;
        Ok(is_news)
    }

    fn step(&self, statement: &'static str) -> Result<(), Failure> {
        let attempt = || self.connection.prepare_cached(statement)?.execute([]);
        attempt().map(|_| ()).map_err(|error| {
            // Constraint or lock: nothing reached the disk, the batch is refused, the file is sound.
            let is_sound = matches!(error.sqlite_error_code(), Some(ErrorCode::ConstraintViolation | ErrorCode::DatabaseBusy));
            if is_sound {
                let plain = Plain::from(error);
                return Failure { code: Code::Store, words: format!("a commit to {} was refused and undone: {plain}", self.file) };
            }
            self.fence(&Trouble::from(error))
        })
    }

    /// Closes the database for writes until the process starts anew.
    fn fence(&self, trouble: &Trouble) -> Failure {
        let file = &self.file;
        let words = format!("writing {file} failed and it takes no more writes: {} ({})", remedy(trouble.code), trouble.plain);
        tracing::error!(file, why = trouble.plain, "a database takes no more writes: {}", remedy(trouble.code));
        self.fence.get_or_init(|| Failure { code: Code::Fenced, words }).clone()
    }

    /// Writes the log back into the file once it is long. Callers have their answers by now.
    fn write_log_back(&mut self) {
        let pages = self.log_pages.load(Ordering::Relaxed);
        if pages < self.checkpoint_at || self.fence.get().is_some() {
            return;
        }
        let mode = if pages < CHECKPOINT_PAGES_URGENT { CheckpointMode::PASSIVE } else { CheckpointMode::RESTART };
        if !self.checkpoint(mode) {
            // A reader that holds an old snapshot keeps the log from starting over: look again only once it has grown.
            self.checkpoint_at = pages.saturating_add(CHECKPOINT_PAGES);
        }
    }

    /// Writes the whole log back and cuts it to nothing; `false` where a reader still needs it.
    fn empty_log(&mut self) -> bool {
        self.fence.get().is_none() && self.checkpoint(CheckpointMode::TRUNCATE)
    }

    /// Writes the log back; whether all of it.
    fn checkpoint(&mut self, mode: CheckpointMode) -> bool {
        match self.connection.wal_checkpoint_v2(Some(MAIN_DB), mode) {
            Ok((log, done)) if log == done => {
                self.checkpoint_at = CHECKPOINT_PAGES;
                self.is_log_fresh = true;
                true
            }
            Ok(_) => false,
            Err(error) if error.sqlite_error_code() == Some(ErrorCode::DatabaseBusy) => {
                // A reader holds the log. All of it may be written back all the same, and then it starts over once the reader has gone: ask again,
                // in the mode that waits for nobody, to know.
                if !matches!(mode, CheckpointMode::PASSIVE) {
                    self.checkpoint(CheckpointMode::PASSIVE);
                }
                false
            }
            Err(error) => {
                self.fence(&Trouble::from(error));
                false
            }
        }
    }

    /// Runs between two commits, so that no page changes under it.
    fn check(&self) -> Result<Vec<String>, Fault> {
        let of_pages = self.ask(sql::CHECK_PAGES)?;
        if !of_pages.is_empty() {
            return Ok(of_pages);
        }
        match self.ask(sql::CHECK_STRUCTURE) {
            Ok(answers) => Ok(answers.into_iter().filter(|answer| answer != "ok").collect()),
            Err(fault) => Ok(vec![
                "every page of the file is sound".to_owned(),
                format!("what was read through the write-ahead log is not ({fault}): the log may belong to another state of the file"),
            ]),
        }
    }

    fn ask(&self, statement: &'static str) -> Result<Vec<String>, Fault> {
        let attempt = || self.connection.prepare(statement)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>();
        attempt().map_err(|error| Fault::new(Code::Damaged, format!("{} could not be checked", self.file)).because(Plain::from(error)))
    }
}
