//! The handles to data: [`MainDb`] for the installation, [`OrgDb`] for one organisation. Cheap to clone; the file is closed with the last one.
//!
//! Two types, not one with a name inside: a function that takes an [`OrgDb`] cannot be handed the installation's tables, nor another
//! organisation's.

use super::access::{Epoch, Reader, Tx};
use super::directory::Directory;
use super::install::Keys;
use super::memory::Memory;
use super::migrate::Schema;
use super::open::{Database, File};
use super::writer::Kind;
use crate::base::error::{Code, Fault};
use crate::base::id::OrgId;
use crate::crypto::{Key, keys};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// What both handles share.
struct Opened {
    database: Database,
    root: Key,
    /// Sub-keys that were derived before: every delivery needs half a dozen.
    subkeys: Mutex<HashMap<&'static str, Key>>,
    memory: Memory,
}

impl Opened {
    fn open(directory: &Arc<Directory>, file: File, keys: Keys, schema: Schema) -> Result<Arc<Self>, Fault> {
        let database = Database::open(directory, file, keys.file, schema)?;
        Ok(Arc::new(Self { database, root: keys.root, subkeys: Mutex::default(), memory: Memory::default() }))
    }
}

macro_rules! handle {
    () => {
        /// The same data for a thread that must not wait: what is remembered is answered, [`append_then`](Self::append_then) takes, and everything
        /// else is a fault of [`Code::NotAtHand`], before anything was done.
        #[must_use]
        pub fn at_hand(&self) -> Self {
            Self { may_wait: false, ..self.clone() }
        }

        /// The same data for whoever may wait.
        #[must_use]
        pub fn in_rooms(&self) -> Self {
            Self { may_wait: true, ..self.clone() }
        }

        /// Goes on where this handle is one of a thread that may wait: before work that takes long without any database.
        ///
        /// # Errors
        /// [`Code::NotAtHand`].
        pub fn may_take_long(&self) -> Result<(), Fault> {
            self.waiting_for().map(drop)
        }

        /// The database, for whoever may wait for it.
        fn waiting_for(&self) -> Result<&Database, Fault> {
            let not_at_hand = || Fault::new(Code::NotAtHand, "This has to be read or written, and whoever asked must not wait for it");
            self.may_wait.then_some(&self.opened.database).ok_or_else(not_at_hand)
        }

        /// Runs `work` in a savepoint of its own and answers after the commit that made it durable, which it may share with others.
        /// An `Err` or a panic undoes `work` alone. Blocks; never call it inside another write of the same database.
        ///
        /// # Errors
        /// Those of `work`; [`Overloaded`] where too many writes wait; [`Fenced`] after a failed commit.
        ///
        /// [`Overloaded`]: crate::base::error::Code::Overloaded
        /// [`Fenced`]: crate::base::error::Code::Fenced
        pub fn write<T, E>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
        where
            T: Send + 'static,
            E: From<Fault> + Send + 'static,
        {
            self.waiting_for()?.writer().write(Kind::Change, work)
        }

        /// Runs `work` on one snapshot of what is committed. Blocks while all reading connections are lent.
        ///
        /// # Errors
        /// Those of `work`; [`Overloaded`](crate::base::error::Code::Overloaded) after five seconds without a connection.
        pub fn read<T, E: From<Fault>>(&self, work: impl FnOnce(&Reader<'_>) -> Result<T, E>) -> Result<T, E> {
            self.waiting_for()?.readers().read(work)
        }

        /// As [`write`](Self::write), for what changes nothing that is ever [`known`](Self::known): what is remembered stays so. A write that finds
        /// on its way that it does says so by [`Tx::set_news`].
        ///
        /// # Errors
        /// As `write`.
        pub fn append<T, E>(&self, work: impl FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static) -> Result<T, E>
        where
            T: Send + 'static,
            E: From<Fault> + Send + 'static,
        {
            self.waiting_for()?.writer().write(Kind::Append, work)
        }

        /// As [`append`](Self::append), for whoever does not wait: `reply` is called on the writer's own thread, after the commit, and must be short. Where
        /// the writer ends before, it is dropped uncalled.
        ///
        /// # Errors
        /// Those of `write` that are known at once; then `reply` is dropped.
        pub fn append_then<T, E>(
            &self,
            work: impl FnOnce(&Tx<'_>) -> Result<T, E> + Send + 'static,
            reply: impl FnOnce(Result<T, E>) + Send + 'static,
        ) -> Result<(), Fault>
        where
            T: Send + 'static,
            E: From<Fault> + Send + 'static,
        {
            self.opened.database.writer().write_then(Kind::Append, work, reply)
        }

        /// The answer of `read` to a question about something, from memory where nothing was written since that may have changed it. For what
        /// every delivery asks; `question` names the query, `about` all that it depends on.
        ///
        /// # Errors
        /// As [`read`](Self::read).
        pub fn known<T, E>(&self, question: &'static str, about: &[u8], read: impl FnOnce(&Reader<'_>) -> Result<T, E>) -> Result<Arc<T>, E>
        where
            T: Send + Sync + 'static,
            E: From<Fault>,
        {
            self.opened.memory.answer(self.opened.database.writer().epoch(), (question, about), || self.read(read))
        }

        /// The epoch as of now: asked for before what is to be compared by [`Tx::is_of`].
        pub fn epoch(&self) -> Epoch {
            self.opened.database.writer().epoch()
        }

        /// Why this database takes no more writes, where that is so: for health checks.
        pub fn fenced(&self) -> Option<String> {
            self.opened.database.writer().fenced()
        }

        /// Writes the write-ahead log back and empties it, so that no older state of a page that was changed is left at rest: after a
        /// deletion that was promised to somebody. `false` where a reader still needs the log; then try again.
        ///
        /// # Errors
        /// [`Overloaded`](crate::base::error::Code::Overloaded), and where the writer is gone.
        pub fn scrub(&self) -> Result<bool, Fault> {
            self.waiting_for()?.writer().scrub()
        }

        /// How many writes wait for the running batch to end: for health checks.
        pub fn waiting(&self) -> usize {
            self.opened.database.writer().waiting()
        }

        /// Checks every page's authentication code and the structure; one line per finding, none where all is well. Reads the whole
        /// file (about 50 MB/s on two cores) and lets no write pass meanwhile.
        ///
        /// # Errors
        /// [`Damaged`](crate::base::error::Code::Damaged) where the check itself cannot go on.
        pub fn check(&self) -> Result<Vec<String>, Fault> {
            self.waiting_for()?.writer().check()
        }

        /// The sub-key for `label`: the same on every call, unlike that of any other label or database.
        ///
        /// It is derived (HKDF-SHA256) from a random root of its own, wrapped beside the file's key: a rotation of the file's key
        /// leaves lookups and sealed columns as they are.
        ///
        /// # Errors
        /// Never in practice; see [`keys::subkey`].
        pub fn subkey(&self, label: &'static str) -> Result<Key, Fault> {
            let mut subkeys = self.opened.subkeys.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(key) = subkeys.get(label) {
                return Ok(key.clone());
            }
            let key = keys::subkey(&self.opened.root, label)?;
            subkeys.insert(label, key.clone());
            Ok(key)
        }
    };
}

/// The handle to `main.db`: accounts, sessions, wrapped keys, the installation's audit.
#[derive(Clone)]
pub struct MainDb {
    opened: Arc<Opened>,
    may_wait: bool,
}

impl MainDb {
    pub(super) fn open(directory: &Arc<Directory>, file: File, keys: Keys) -> Result<Self, Fault> {
        Opened::open(directory, file, keys, Schema::Main).map(|opened| Self { opened, may_wait: true })
    }

    handle!();
}

/// The only handle to one organisation's data.
#[derive(Clone)]
pub struct OrgDb {
    id: OrgId,
    opened: Arc<Opened>,
    may_wait: bool,
}

impl OrgDb {
    pub(super) fn open(directory: &Arc<Directory>, file: File, id: OrgId, keys: Keys) -> Result<Self, Fault> {
        Opened::open(directory, file, keys, Schema::Org).map(|opened| Self { id, opened, may_wait: true })
    }

    /// Whose data this is.
    pub const fn id(&self) -> OrgId {
        self.id
    }

    handle!();
}
