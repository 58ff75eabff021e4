//! Making an installation: its master key, its databases, its first organisation and owner. Either all of it is there afterwards, or none.

use crate::audit::Actor;
use crate::auth::account::{AccountError, NewAccount};
use crate::base::clock::Clock;
use crate::base::error::Fault;
use crate::base::id::MemberId;
use crate::crypto::keys::Kek;
use crate::ops::traces::Traces;
use crate::orgs::organisation;
use crate::store::{OrgDb, Store};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Where an installation is made.
#[derive(Clone, Debug)]
pub struct Place {
    pub data: PathBuf,
    pub key_file: PathBuf,
    pub is_sandbox: bool,
}

/// Why none was made.
#[derive(Debug)]
pub enum FoundError {
    /// The place will not do; in words, with what to do.
    Place(String),
    Account(AccountError),
    Fault(Fault),
}

impl From<Fault> for FoundError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<AccountError> for FoundError {
    fn from(error: AccountError) -> Self {
        Self::Account(error)
    }
}

/// An installation that was just made.
pub struct Founded {
    pub store: Store,
    pub org: OrgDb,
    pub owner: MemberId,
}

impl Place {
    /// Says what is wrong with the place before anything is made there.
    pub fn check(&self) -> Result<(), FoundError> {
        if !self.is_sandbox && self.has_key_inside() {
            return Err(FoundError::Place(format!(
                "The master key must not lie in the data directory it opens ({}): give --key-file FILE in another place",
                self.key_file.display()
            )));
        }
        Ok(())
    }

    /// Whether nothing is there yet: no directory, or an empty one.
    pub fn is_vacant(&self) -> bool {
        match fs::read_dir(&self.data) {
            Ok(mut entries) => entries.next().is_none(),
            Err(error) => error.kind() == io::ErrorKind::NotFound,
        }
    }

    fn has_key_inside(&self) -> bool {
        absolute(&self.key_file).starts_with(absolute(&self.data))
    }

    /// Makes everything, and notes in `traces` what it has made. A key that is there is used, and never written over.
    pub fn found(
        &self,
        clock: &Clock,
        organisation: &str,
        owner: NewAccount,
        actor: Actor,
        traces: &mut Traces,
    ) -> Result<Founded, FoundError> {
        self.check()?;
        let lies_inside = self.has_key_inside();
        let is_new = lies_inside || !self.key_file.exists();
        let kek = if is_new { Kek::generate()? } else { Kek::read_file(&self.key_file)? };
        if is_new && !lies_inside {
            save_key(&kek, &self.key_file)?;
            traces.file(&self.key_file);
        }
        let was_there = self.data.exists();
        let store = Store::create(&self.data, &kek, clock, self.is_sandbox)?;
        traces.directory(&self.data, was_there);
        let (org, owner) = organisation::found(&store, clock, organisation, owner, actor)?;
        if lies_inside {
            save_key(&kek, &self.key_file)?;
        }
        Ok(Founded { store, org, owner })
    }
}

fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

fn save_key(kek: &Kek, key_file: &Path) -> Result<(), FoundError> {
    if let Some(folder) = key_file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        fs::create_dir_all(folder).map_err(|error| {
            FoundError::Place(format!(
                "the folder {} for the master key cannot be made ({error}); name a key file in a place that may be written (--key-file)",
                folder.display()
            ))
        })?;
    }
    Ok(kek.save(key_file)?)
}
