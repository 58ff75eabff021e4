//! The machinery of encrypted SQLite; knows no domain table.
//!
//! A data directory holds `install.json` (in the open: ids and wrapped keys), `main.db`, one `orgs/<id>.db` per organisation, and `lock`.
//! Every act commits in exactly one file, and is answered after the commit is on disk.
//!
//! Never: a plaintext byte of a database on disk, in a log or in a temporary file; an acknowledged write that a power cut can take
//! back; a second process on the same directory.
//!
//! What it cannot see: an earlier copy of a write-ahead log put beside a *later* copy of its file, where the log did not start over between the
//! two (it does at every clean start, and whenever 4 MB of it are written back). Every other pair that does not belong together is recognised.

mod access;
mod cipher;
mod directory;
mod glance;
mod handle;
mod install;
mod memory;
mod migrate;
mod open;
mod readers;
pub mod row;
mod sql;
mod writer;

pub use access::{Epoch, Read, Reader, Tx};
pub use glance::{Glance, SchemaState, Sealed, Seen};
pub use handle::{MainDb, OrgDb};

use crate::base::clock::Clock;
use crate::base::error::{Code, Fault};
use crate::base::id::OrgId;
use crate::crypto::keys::{Kek, KeyPlace, Purpose};
use crate::crypto::{Key, random};
use directory::Directory;
use install::{Install, Keys};
use open::File;
use sql::WrappedKey;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// An open data directory. Cheap to clone; the directory is given up with the last handle to it or to one of its databases.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
    main: MainDb,
    may_wait: bool,
}

struct Inner {
    directory: Arc<Directory>,
    install: Install,
    kek: Kek,
    /// Every organisation, with its database once someone asked for it.
    orgs: Mutex<BTreeMap<OrgId, Arc<Mutex<Option<OrgDb>>>>>,
}

impl Store {
    /// Makes a data directory at `root`, which must not exist or be empty. It counts as made once `install.json` is there, which is written last.
    ///
    /// # Errors
    /// [`Code::Config`] where `root` holds something, [`Code::DirectoryInUse`], [`Code::Io`].
    pub fn create(root: &Path, kek: &Kek, clock: &Clock, sandbox: bool) -> Result<Self, Fault> {
        let directory = Arc::new(Directory::create(root)?);
        let (install, keys) = Install::new(kek, clock.now(), sandbox)?;
        let main = MainDb::open(&directory, File::New(directory.main()), keys)?;
        directory.write_install(&install.to_text()?)?;
        Ok(Self::assemble(directory, install, kek, main, Vec::new()))
    }

    /// Opens the data directory at `root`.
    ///
    /// # Errors
    /// [`Code::DirectoryInUse`]; [`Code::WrongKey`], [`Code::StaleWal`], [`Code::Damaged`], [`Code::NewerSchema`], each with what to do; [`Code::Config`]
    /// where there is no installation.
    pub fn open(root: &Path, kek: &Kek) -> Result<Self, Fault> {
        let directory = Arc::new(Directory::own(root)?);
        let at = directory.root().display().to_string();
        let text = directory::read_install(directory.root())?.ok_or_else(|| no_installation(&at))?;
        let install = Install::parse(&text, &at)?;
        let keys = install.main_keys(kek, &at)?;
        let main = MainDb::open(&directory, File::Existing(directory.main()), keys)?;
        let orgs = main.read(|reader| sql::orgs(reader))?;
        directory.sweep(|id| orgs.binary_search(&id).is_ok())?;
        Ok(Self::assemble(directory, install, kek, main, orgs))
    }

    fn assemble(directory: Arc<Directory>, install: Install, kek: &Kek, main: MainDb, orgs: Vec<OrgId>) -> Self {
        let orgs = Mutex::new(orgs.into_iter().map(|id| (id, Arc::default())).collect());
        Self { inner: Arc::new(Inner { directory, install, kek: kek.clone(), orgs }), main, may_wait: true }
    }

    /// Whether the installation at `root` was made for trials; known before any key is.
    ///
    /// # Errors
    /// [`Code::Config`] where there is no installation, [`Code::Damaged`], [`Code::Io`].
    pub fn is_sandbox_at(root: &Path) -> Result<bool, Fault> {
        let at = root.display().to_string();
        let text = directory::read_install(root)?.ok_or_else(|| no_installation(&at))?;
        Ok(Install::parse(&text, &at)?.sandbox)
    }

    /// Looks at this directory as somebody else would, through connections of its own.
    ///
    /// # Errors
    /// As [`Glance::open`].
    pub fn glance(&self) -> Result<Glance, Fault> {
        Glance::open(self.root(), &self.inner.kek)
    }

    /// Whether this directory was made for trials.
    pub fn sandbox(&self) -> bool {
        self.inner.install.sandbox
    }

    /// The data directory, as an absolute path without links.
    pub fn root(&self) -> &Path {
        self.inner.directory.root()
    }

    /// The same for a thread that must not wait: of databases that are open, what is remembered ([`OrgDb::at_hand`]).
    #[must_use]
    pub fn at_hand(&self) -> Self {
        Self { main: self.main.at_hand(), may_wait: false, ..self.clone() }
    }

    /// The installation's database.
    pub fn main(&self) -> &MainDb {
        &self.main
    }

    /// Every organisation, oldest first.
    pub fn orgs(&self) -> Vec<OrgId> {
        self.known().keys().copied().collect()
    }

    /// The database of an organisation, opened at the first call and kept; `None` where there is no such organisation.
    ///
    /// # Errors
    /// As [`Store::open`], for this one file.
    pub fn org(&self, id: OrgId) -> Result<Option<OrgDb>, Fault> {
        let Some(slot) = self.known().get(&id).cloned() else { return Ok(None) };
        if !self.may_wait {
            let opened = slot.try_lock().ok().and_then(|slot| slot.clone());
            let not_at_hand =
                || Fault::new(Code::NotAtHand, "This organisation's file has yet to be opened, and whoever asked must not wait for it");
            return opened.map(|org| Some(org.at_hand())).ok_or_else(not_at_hand);
        }
        // Locked per organisation: a file that takes long to recover holds up nobody else.
        let mut slot = slot.lock().unwrap_or_else(PoisonError::into_inner);
        if slot.is_none() {
            *slot = Some(self.open_org(id)?);
        }
        Ok(slot.clone())
    }

    /// Makes an organisation. `in_file` runs in its new file, then `in_main` in the commit of `main.db` that makes it known; where either
    /// fails, there is no such organisation.
    ///
    /// # Errors
    /// Those of the two closures, and what opening and committing can meet.
    pub fn create_org<E>(
        &self,
        clock: &Clock,
        in_file: impl FnOnce(&Tx<'_>, OrgId) -> Result<(), E> + Send + 'static,
        in_main: impl FnOnce(&Tx<'_>, OrgId) -> Result<(), E> + Send + 'static,
    ) -> Result<OrgDb, E>
    where
        E: From<Fault> + Send + 'static,
    {
        let now = clock.now();
        let id = OrgId::new(now, random::bytes()?);
        let keys = Keys::generate()?;
        let file_key = self.wrap(id, Purpose::File, &keys.file)?;
        let root_key = self.wrap(id, Purpose::Root, &keys.root)?;
        let made = self.make_org_file(id, keys, in_file).and_then(|()| {
            self.main.write(move |tx| {
                sql::insert_key(tx, id, Purpose::File, &file_key, now)?;
                sql::insert_key(tx, id, Purpose::Root, &root_key, now)?;
                in_main(tx, id)
            })
        });
        if let Err(error) = made {
            // After a failed commit nobody knows whether the row reached the disk: the next start does, and sweeps or finishes.
            if self.main.fenced().is_none() {
                self.inner.directory.discard_org(id);
            }
            return Err(error);
        }
        self.known().insert(id, Arc::default());
        let opened = self.org(id)?;
        opened.ok_or_else(|| E::from(Fault::new(Code::Internal, "a new organisation is not known")))
    }

    fn make_org_file<E: From<Fault> + Send + 'static>(
        &self,
        id: OrgId,
        keys: Keys,
        fill: impl FnOnce(&Tx<'_>, OrgId) -> Result<(), E> + Send + 'static,
    ) -> Result<(), E> {
        let path = self.inner.directory.unfinished_org(id);
        let org = OrgDb::open(&self.inner.directory, File::New(path.clone()), id, keys)?;
        org.write(move |tx| fill(tx, id))?;
        // Closed, so that its log is written back: from here on the file is whole by itself.
        drop(org);
        if directory::log_of(&path).exists() {
            return Err(E::from(Fault::new(Code::Io, "the file of a new organisation could not be closed; check the disk")));
        }
        Ok(())
    }

    fn open_org(&self, id: OrgId) -> Result<OrgDb, Fault> {
        let keys = Keys { file: self.unwrap(id, Purpose::File)?, root: self.unwrap(id, Purpose::Root)? };
        self.inner.directory.finish_org(id)?;
        OrgDb::open(&self.inner.directory, File::Existing(self.inner.directory.org(id)), id, keys)
    }

    fn wrap(&self, org: OrgId, purpose: Purpose, key: &Key) -> Result<WrappedKey, Fault> {
        let (install, owner) = (self.inner.install.id.to_string(), org.to_string());
        let place = KeyPlace { install: &install, owner: &owner, version: 1, purpose };
        Ok(WrappedKey { version: 1, kek_id: self.inner.kek.id(&install)?.to_string(), wrapped: self.inner.kek.wrap(&place, key)? })
    }

    fn unwrap(&self, org: OrgId, purpose: Purpose) -> Result<Key, Fault> {
        let (install, owner) = (self.inner.install.id.to_string(), org.to_string());
        let found = self.main.read(|reader| sql::key_in_force(reader, org, purpose))?;
        let found = found.ok_or_else(|| {
            Fault::new(Code::Damaged, format!("main.db holds no {purpose} key of organisation {org}; restore it from a backup"))
        })?;
        self.inner.install.recognise(&self.inner.kek, &found.kek_id, &format!("organisation {org}"))?;
        self.inner.kek.unwrap(&KeyPlace { install: &install, owner: &owner, version: found.version, purpose }, &found.wrapped)
    }

    fn known(&self) -> MutexGuard<'_, BTreeMap<OrgId, Arc<Mutex<Option<OrgDb>>>>> {
        self.inner.orgs.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn no_installation(at: &str) -> Fault {
    Fault::new(Code::Config, format!("{at} holds no installation; make one with `smartretro init`, or name another directory (--data)"))
}

#[cfg(test)]
mod tests;
