//! Looks at a data directory without owning it: beside a running server, and without changing what is looked at.
//!
//! Never writes a row, migrates, writes a log back or mends a mode. What cannot be opened is told, and the rest is looked at all the same. Several
//! processes may read one database at once; SQLite's own locks see to that, so nothing here may open a database's file by other means:
//! closing it would lift the locks of a server in the same process.

use super::access::Reader;
use super::cipher::{self, Access, Plain};
use super::install::Install;
use super::migrate::Schema;
use super::{directory, no_installation, open, sql};
use crate::base::error::{Code, Fault};
use crate::base::id::OrgId;
use crate::crypto::keys::{Kek, KeyPlace, Purpose};
use crate::crypto::{Key, random};
use rusqlite::{Connection, MAIN_DB, OpenFlags};
use std::path::{Path, PathBuf};

/// A page that a server is writing at this moment may be read half old and half new. One that is damaged stays so.
const PAGE_TRIES: usize = 3;

/// How often the states of a file and its log are compared before they are said not to belong together.
const STATE_TRIES: usize = 2;

/// A data directory as it lies there.
pub struct Glance {
    root: PathBuf,
    is_sandbox: bool,
    main: Seen,
    orgs: Vec<(OrgId, Result<Seen, Fault>)>,
}

/// One database, open for reading.
pub struct Seen {
    path: PathBuf,
    connection: Connection,
    key: Key,
    schema: Schema,
}

/// How a database's schema stands to the one that this program knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SchemaState {
    pub found: i64,
    pub known: i64,
}

/// What a database's file is to somebody without its key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sealed {
    /// Neither without a key nor with another is anything to be read.
    Yes,
    /// It is a plain database.
    OpensWithoutKey,
    /// Any key opens it.
    OpensWithAnyKey,
}

impl Glance {
    /// Looks at the data directory at `root`.
    ///
    /// # Errors
    /// Where there is no installation, the key is another one, or `main.db` cannot be read: see [`super::Store::open`].
    pub fn open(root: &Path, kek: &Kek) -> Result<Self, Fault> {
        let at = root.display().to_string();
        let text = directory::read_install(root)?.ok_or_else(|| no_installation(&at))?;
        // Databases are opened without following links, so the path must hold none.
        let root = std::fs::canonicalize(root).map_err(|error| Fault::new(Code::Io, format!("{at} could not be found")).because(error))?;
        let install = Install::parse(&text, &at)?;
        let keys = install.main_keys(kek, &at)?;
        let main = Seen::open(root.join(directory::MAIN), keys.file, Schema::Main)?;
        let ids = main.read(|reader| sql::orgs(reader))?;
        let orgs = ids.into_iter().map(|id| (id, open_org(&root, &main, (&install, kek), id))).collect();
        Ok(Self { root, is_sandbox: install.sandbox, main, orgs })
    }

    /// The directory, as an absolute path without links.
    pub fn root(&self) -> &Path {
        &self.root
    }

    pub const fn is_sandbox(&self) -> bool {
        self.is_sandbox
    }

    pub const fn main(&self) -> &Seen {
        &self.main
    }

    /// Every organisation of `main.db`, with its file or why that cannot be read.
    pub fn orgs(&self) -> &[(OrgId, Result<Seen, Fault>)] {
        &self.orgs
    }

    /// The databases of the organisations that can be read.
    pub fn orgs_mut(&mut self) -> impl Iterator<Item = &mut Seen> {
        self.orgs.iter_mut().filter_map(|(_, seen)| seen.as_mut().ok())
    }

    /// Every database that can be read.
    pub fn files(&self) -> impl Iterator<Item = &Seen> {
        std::iter::once(&self.main).chain(self.orgs.iter().filter_map(|(_, seen)| seen.as_ref().ok()))
    }
}

fn open_org(root: &Path, main: &Seen, (install, kek): (&Install, &Kek), id: OrgId) -> Result<Seen, Fault> {
    let found = main.read(|reader| sql::key_in_force(reader, id, Purpose::File))?;
    let found = found.ok_or_else(|| Fault::new(Code::Damaged, format!("main.db holds no key of organisation {id}")))?;
    install.recognise(kek, &found.kek_id, &format!("organisation {id}"))?;
    let (name, owner) = (install.id.to_string(), id.to_string());
    let place = KeyPlace { install: &name, owner: &owner, version: found.version, purpose: Purpose::File };
    let key = kek.unwrap(&place, &found.wrapped)?;
    let names = [directory::org_file(root, id), directory::unfinished_org_file(root, id)];
    let path = names.into_iter().find(|path| path.exists());
    let path = path.ok_or_else(|| Fault::new(Code::Damaged, format!("orgs/{id}.db is missing; restore it from a backup")))?;
    Seen::open(path, key, Schema::Org)
}

/// Where nobody has a database open and no log waits, it is read as it lies there: another way of opening it would leave files beside it.
fn access(path: &Path) -> Access {
    let is_beside = |suffix| directory::beside(path, suffix).exists();
    if directory::SIDECARS.into_iter().any(is_beside) { Access::Read } else { Access::FileAlone }
}

impl Seen {
    fn open(path: PathBuf, key: Key, schema: Schema) -> Result<Self, Fault> {
        if !path.exists() {
            return Err(Fault::new(Code::Damaged, format!("{} is missing; restore it from a backup", path.display())));
        }
        let connection = cipher::connect(&path, access(&path), &key)?;
        let name = path.file_name().map_or_else(String::new, |name| name.display().to_string());
        // A server may write its log back between the two looks at the state.
        let belongs = |_| match open::prove(&connection).and_then(|()| sql::state(&connection)) {
            Ok(state) => Ok(open::log_belongs(&path, &key, state)),
            Err(error) => Err(open::diagnose(&path, &key, error)),
        };
        let looks = (0..STATE_TRIES).map(belongs).collect::<Result<Vec<bool>, Fault>>()?;
        if !looks.contains(&true) {
            return Err(open::stale(&path));
        }
        open::apply(&connection, sql::EVERYWHERE, &name)?;
        Ok(Self { path, connection, key, schema })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The file's name, for messages.
    pub fn name(&self) -> String {
        self.path.file_name().map_or_else(String::new, |name| name.display().to_string())
    }

    /// Length of the file, in bytes.
    pub fn bytes(&self) -> u64 {
        std::fs::metadata(&self.path).map_or(0, |meta| meta.len())
    }

    /// Length of the write-ahead log beside it, in bytes.
    pub fn log_bytes(&self) -> u64 {
        std::fs::metadata(directory::log_of(&self.path)).map_or(0, |meta| meta.len())
    }

    /// Runs `work` on one snapshot.
    ///
    /// # Errors
    /// Those of `work`, and where no snapshot can be taken.
    pub fn read<T>(&self, work: impl FnOnce(&Reader<'_>) -> Result<T, Fault>) -> Result<T, Fault> {
        self.step(sql::SNAPSHOT)?;
        let result = work(&Reader::new(&self.connection));
        self.step(sql::ROLLBACK)?;
        result
    }

    /// How far its schema is.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn schema(&self) -> Result<SchemaState, Fault> {
        let found = sql::newest_migration(&self.connection).map_err(|error| self.failed(error))?;
        Ok(SchemaState { found: found.unwrap_or(0), known: self.schema.newest() })
    }

    /// One line per page whose authentication code is wrong. Reads the whole file.
    ///
    /// # Errors
    /// Where the check itself cannot go on.
    pub fn check_pages(&self) -> Result<Vec<String>, Fault> {
        let mut wrong = self.ask(sql::CHECK_PAGES)?;
        for _ in 1..PAGE_TRIES {
            if wrong.is_empty() {
                break;
            }
            let again = self.ask(sql::CHECK_PAGES)?;
            wrong.retain(|line| again.contains(line));
        }
        Ok(wrong)
    }

    /// One line per fault of its structure.
    ///
    /// # Errors
    /// Where the check itself cannot go on.
    pub fn check_structure(&self) -> Result<Vec<String>, Fault> {
        Ok(self.ask(sql::CHECK_STRUCTURE)?.into_iter().filter(|answer| answer != "ok").collect())
    }

    /// What encrypts it: the version of SQLCipher.
    ///
    /// # Errors
    /// Where it cannot be asked.
    pub fn cipher_version(&self) -> Result<String, Fault> {
        Ok(self.ask(sql::CIPHER_VERSION)?.pop().unwrap_or_default())
    }

    /// Whether the file gives nothing away without its own key.
    ///
    /// # Errors
    /// Where the file cannot be opened at all, or there is no randomness.
    pub fn sealed(&self) -> Result<Sealed, Fault> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX | OpenFlags::SQLITE_OPEN_NOFOLLOW;
        let plain = Connection::open_with_flags(&self.path, flags).map_err(|error| self.failed(error))?;
        if open::prove(&plain).is_ok() {
            return Ok(Sealed::OpensWithoutKey);
        }
        Ok(if self.opens_with(&random::key()?)? { Sealed::OpensWithAnyKey } else { Sealed::Yes })
    }

    /// Whether this one and another are encrypted with the same key.
    pub fn shares_key_with(&self, other: &Self) -> bool {
        self.key.reveal() == other.key.reveal()
    }

    /// Whether the key of another database opens this one.
    ///
    /// # Errors
    /// Where the file cannot be opened at all.
    pub fn opens_with_key_of(&self, other: &Self) -> Result<bool, Fault> {
        self.opens_with(&other.key)
    }

    fn opens_with(&self, key: &Key) -> Result<bool, Fault> {
        Ok(open::prove(&cipher::connect(&self.path, Access::Read, key)?).is_ok())
    }

    /// Every page as it is after decryption, free ones too. For small files: it lies in memory whole.
    ///
    /// # Errors
    /// Where a page cannot be read.
    pub fn decrypted(&mut self) -> Result<Vec<u8>, Fault> {
        let pages = self.connection.serialize(MAIN_DB).map(|data| data.to_vec());
        pages.map_err(|error| self.failed(error))
    }

    fn ask(&self, statement: &'static str) -> Result<Vec<String>, Fault> {
        let attempt = || self.connection.prepare(statement)?.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>();
        attempt().map_err(|error| self.failed(error))
    }

    fn step(&self, statement: &'static str) -> Result<(), Fault> {
        let attempt = || self.connection.prepare_cached(statement)?.execute([]);
        attempt().map(|_| ()).map_err(|error| self.failed(error))
    }

    fn failed(&self, error: rusqlite::Error) -> Fault {
        Fault::new(Code::Damaged, format!("{} could not be looked at", self.name())).because(Plain::from(error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Clock;
    use crate::store::Store;
    use std::fs;

    fn made(folder: &Path) -> (Kek, PathBuf, Store, OrgId) {
        let (kek, data) = (Kek::generate().unwrap(), folder.join("data"));
        let store = Store::create(&data, &kek, &Clock::System, true).unwrap();
        let id = store.create_org::<Fault>(&Clock::System, |_, _| Ok(()), |_, _| Ok(())).unwrap().id();
        (kek, data, store, id)
    }

    #[test]
    fn a_directory_is_looked_at_beside_its_server_and_nothing_is_changed() {
        let folder = tempfile::tempdir().unwrap();
        let (kek, data, store, id) = made(folder.path());
        let org = store.org(id).unwrap().unwrap();
        let glance = Glance::open(&data, &kek).unwrap();
        assert!(glance.is_sandbox() && glance.orgs().len() == 1 && glance.files().count() == 2);
        for seen in glance.files() {
            assert_eq!((seen.check_pages().unwrap(), seen.check_structure().unwrap()), (vec![], vec![]), "{}", seen.name());
            assert_eq!(seen.sealed().unwrap(), Sealed::Yes);
            let schema = seen.schema().unwrap();
            assert_eq!(schema.found, schema.known);
            assert!(seen.cipher_version().unwrap().starts_with("4."));
        }
        let [main, own]: [&Seen; 2] = glance.files().collect::<Vec<_>>().try_into().ok().unwrap();
        assert!(!own.opens_with_key_of(main).unwrap() && !main.opens_with_key_of(own).unwrap() && own.opens_with_key_of(own).unwrap());
        org.write(|tx| tx.run("INSERT INTO heartbeat (only, at) VALUES (1, 7)", ()).map(drop)).unwrap();
        assert!(
            own.read(|reader| super::super::Read::one(reader, "SELECT at FROM heartbeat", (), |row| row.get::<_, i64>(0)))
                .is_ok_and(|at| at == 7)
        );
    }

    #[test]
    fn the_decrypted_pages_hold_what_was_written_and_the_file_does_not() {
        let folder = tempfile::tempdir().unwrap();
        let (kek, data, store, id) = made(folder.path());
        let org = store.org(id).unwrap().unwrap();
        org.write(|tx| tx.run("INSERT INTO tally (what, which, n) VALUES ('needle-4711', 'x', 1)", ()).map(drop)).unwrap();
        let mut glance = Glance::open(&data, &kek).unwrap();
        let seen = glance.orgs[0].1.as_mut().ok().unwrap();
        let holds = |bytes: &[u8]| bytes.windows(11).any(|window| window == b"needle-4711");
        assert!(holds(&seen.decrypted().unwrap()));
        assert!(org.scrub().unwrap());
        drop((org, store, glance));
        assert!(!holds(&fs::read(directory::org_file(&data, id)).unwrap()));
    }

    #[test]
    fn a_plain_file_and_a_damaged_page_are_seen() {
        let folder = tempfile::tempdir().unwrap();
        let (kek, data, store, id) = made(folder.path());
        drop(store);
        let path = directory::org_file(&data, id);
        let mut bytes = fs::read(&path).unwrap();
        let place = bytes.len() - 100;
        bytes[place] ^= 1;
        fs::write(&path, &bytes).unwrap();
        let glance = Glance::open(&data, &kek).unwrap();
        let seen = glance.orgs()[0].1.as_ref().ok().unwrap();
        assert!(!seen.check_pages().unwrap().is_empty());
        assert_eq!(fs::read_dir(data.join("orgs")).unwrap().count(), 1, "nothing is left beside it");
        drop(glance);
        fs::remove_file(&path).unwrap();
        let plain = Connection::open(&path).unwrap();
        plain.execute_batch("CREATE TABLE a (b)").unwrap();
        drop(plain);
        let glance = Glance::open(&data, &kek).unwrap();
        assert!(glance.orgs()[0].1.as_ref().is_err_and(|fault| fault.code() == Code::Damaged));
        let looked_at = Seen { path, connection: Connection::open_in_memory().unwrap(), key: random::key().unwrap(), schema: Schema::Org };
        assert_eq!(looked_at.sealed().unwrap(), Sealed::OpensWithoutKey);
    }
}
