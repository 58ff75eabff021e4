//! The data directory: where its files lie, who may see them, and that one process owns it.

use crate::base::error::{Code, Fault};
use crate::base::id::OrgId;
use std::fs::{self, DirBuilder, File, OpenOptions, Permissions, TryLockError};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Owner only.
const DIRECTORY_MODE: u32 = 0o700;
/// Owner only.
const FILE_MODE: u32 = 0o600;

const LOCK: &str = "lock";
const INSTALL: &str = "install.json";
pub(super) const MAIN: &str = "main.db";
const ORGS: &str = "orgs";
/// The end of the name of an organisation's file that is not yet, or not known to be, complete.
const UNFINISHED: &str = ".db.new";
/// What SQLite puts beside a database.
pub(super) const SIDECARS: [&str; 2] = ["-wal", "-shm"];

/// The text of `install.json` in `root`; `None` where there is none.
pub(super) fn read_install(root: &Path) -> Result<Option<String>, Fault> {
    let path = root.join(INSTALL);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(None),
        Err(error) => Err(io_fault(&path, "could not be read; check its permissions", error)),
    }
}

/// Where an organisation's file lies.
pub(super) fn org_file(root: &Path, id: OrgId) -> PathBuf {
    root.join(ORGS).join(format!("{id}.db"))
}

/// Where it is made before it is known to `main.db`.
pub(super) fn unfinished_org_file(root: &Path, id: OrgId) -> PathBuf {
    root.join(ORGS).join(format!("{id}{UNFINISHED}"))
}

/// A data directory that this process owns until the value is dropped.
pub(super) struct Directory {
    root: PathBuf,
    /// Locked as long as the value lives; the kernel lifts the lock however the process ends.
    lock: File,
}

impl Drop for Directory {
    fn drop(&mut self) {
        // Closing alone would leave the lock to a child that was forked a moment ago and has not yet closed its copy.
        let _ = self.lock.unlock();
    }
}

impl Directory {
    /// Makes a data directory, or takes an empty one.
    pub(super) fn create(root: &Path) -> Result<Self, Fault> {
        make_directory(root).map_err(|error| {
            let words = "could not be made; name a directory in a place that exists and may be written (--data)";
            Fault::new(Code::Config, format!("{} {words}", root.display())).because(error)
        })?;
        if let Some(entry) = entries(root)?.first() {
            let found = entry.file_name().unwrap_or_default().display();
            return Err(Fault::new(
                Code::Config,
                format!(
                    "{} is not empty (it holds {found}); name a new directory, or empty this one if an earlier `init` broke off",
                    root.display()
                ),
            ));
        }
        let directory = Self::own(root)?;
        let orgs = directory.root.join(ORGS);
        make_directory(&orgs).map_err(|error| io_fault(&orgs, "could not be made", error))?;
        Ok(directory)
    }

    /// Takes a data directory that exists.
    pub(super) fn own(root: &Path) -> Result<Self, Fault> {
        // Databases are opened without following links, so the path must hold none.
        let root = fs::canonicalize(root).map_err(|error| io_fault(root, "could not be found; make it with `smartretro init`", error))?;
        tighten(&root, DIRECTORY_MODE)?;
        for name in [LOCK, INSTALL] {
            let path = root.join(name);
            if path.exists() {
                tighten(&path, FILE_MODE)?;
            }
        }
        let path = root.join(LOCK);
        let opened = OpenOptions::new().create(true).append(true).mode(FILE_MODE).open(&path);
        let lock = opened.map_err(|error| io_fault(&path, "could not be opened", error))?;
        match lock.try_lock() {
            Ok(()) => Ok(Self { root, lock }),
            Err(TryLockError::WouldBlock) => Err(Fault::new(
                Code::DirectoryInUse,
                format!("{} is in use by another process; stop that one, or choose another directory", root.display()),
            )),
            Err(TryLockError::Error(error)) => Err(io_fault(&path, "could not be locked", error)),
        }
    }

    pub(super) fn root(&self) -> &Path {
        &self.root
    }

    pub(super) fn main(&self) -> PathBuf {
        self.root.join(MAIN)
    }

    pub(super) fn org(&self, id: OrgId) -> PathBuf {
        org_file(&self.root, id)
    }

    /// Where an organisation's file is made before it is known to `main.db`.
    pub(super) fn unfinished_org(&self, id: OrgId) -> PathBuf {
        unfinished_org_file(&self.root, id)
    }

    /// Gives a finished file its name; harmless where it has it already.
    pub(super) fn finish_org(&self, id: OrgId) -> Result<(), Fault> {
        let (from, to) = (self.unfinished_org(id), self.org(id));
        if !from.exists() {
            return Ok(());
        }
        let renamed = fs::rename(&from, &to).and_then(|()| sync_directory(&self.root.join(ORGS)));
        renamed.map_err(|error| io_fault(&from, "could not be renamed", error))
    }

    /// Removes a file that was not finished. What cannot be removed now is swept at the next start.
    pub(super) fn discard_org(&self, id: OrgId) {
        let path = self.unfinished_org(id);
        for sidecar in SIDECARS {
            let _ = fs::remove_file(beside(&path, sidecar));
        }
        let _ = fs::remove_file(&path);
    }

    /// Removes files of organisations that were never finished: a crash came before their row. `is_known` says whether `main.db` has the row.
    ///
    /// A complete file without a row is left alone: it may belong to a newer `main.db` than the one that was restored here.
    pub(super) fn sweep(&self, is_known: impl Fn(OrgId) -> bool) -> Result<(), Fault> {
        for path in entries(&self.root.join(ORGS))? {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            let id = name.split_once('.').and_then(|(id, _)| id.parse().ok());
            match id {
                Some(id) if name.contains(UNFINISHED) && !is_known(id) => {
                    fs::remove_file(&path).map_err(|error| io_fault(&path, "could not be removed", error))?;
                    tracing::info!(org.id = %id, "the file of an organisation that was never finished is removed");
                }
                Some(id) if name.ends_with(".db") && !is_known(id) => {
                    tracing::warn!(org.id = %id, "a file in orgs/ is unknown to main.db and is left alone; if main.db was restored, restore the newer one");
                }
                _ => {}
            }
        }
        Ok(())
    }

    /// Writes `install.json`: whole or not at all.
    pub(super) fn write_install(&self, text: &str) -> Result<(), Fault> {
        let (path, draft) = (self.root.join(INSTALL), self.root.join(format!("{INSTALL}.new")));
        let write = || {
            let mut file = OpenOptions::new().write(true).create(true).truncate(true).mode(FILE_MODE).open(&draft)?;
            file.set_permissions(Permissions::from_mode(FILE_MODE))?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&draft, &path)?;
            sync_directory(&self.root)
        };
        write().map_err(|error| io_fault(&path, "could not be written", error))
    }
}

/// Makes an empty database file that only its owner can open; SQLite gives what it puts beside it the same mode.
pub(super) fn make_file(path: &Path) -> Result<(), Fault> {
    let make = || {
        let file = OpenOptions::new().write(true).create_new(true).mode(FILE_MODE).open(path)?;
        // The umask only takes bits away: set them as they must be.
        file.set_permissions(Permissions::from_mode(FILE_MODE))?;
        file.sync_all()?;
        path.parent().map_or(Ok(()), sync_directory)
    };
    make().map_err(|error| io_fault(path, "could not be made", error))
}

/// Takes everyone else's rights to a database and what lies beside it, in case a copy or a restore gave some.
pub(super) fn tighten_file(path: &Path) -> Result<(), Fault> {
    tighten(path, FILE_MODE)?;
    for sidecar in SIDECARS {
        let beside = beside(path, sidecar);
        if beside.exists() {
            tighten(&beside, FILE_MODE)?;
        }
    }
    Ok(())
}

/// The write-ahead log of a database.
pub(super) fn log_of(path: &Path) -> PathBuf {
    beside(path, "-wal")
}

pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

fn tighten(path: &Path, mode: u32) -> Result<(), Fault> {
    let change = || {
        if fs::metadata(path)?.permissions().mode() & 0o7777 & !mode == 0 {
            return Ok(());
        }
        tracing::warn!(path = %path.display(), "others had rights to this path; they are taken away");
        fs::set_permissions(path, Permissions::from_mode(mode))
    };
    change().map_err(|error| io_fault(path, "could not be kept to its owner", error))
}

fn make_directory(path: &Path) -> io::Result<()> {
    match DirBuilder::new().mode(DIRECTORY_MODE).create(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        other => other,
    }?;
    fs::set_permissions(path, Permissions::from_mode(DIRECTORY_MODE))
}

fn entries(path: &Path) -> Result<Vec<PathBuf>, Fault> {
    let list = || fs::read_dir(path)?.map(|entry| entry.map(|entry| entry.path())).collect::<io::Result<Vec<_>>>();
    list().map_err(|error| io_fault(path, "could not be listed", error))
}

fn sync_directory(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn io_fault(path: &Path, what: &str, error: io::Error) -> Fault {
    Fault::new(Code::Io, format!("{} {what}", path.display())).because(error)
}
