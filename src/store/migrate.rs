//! Brings a database to the schema that this program knows; refuses one that is ahead of it.
//!
//! Migrations are numbered files in `migrations/`, built into the program. A new one is a new file; one that was released never changes.

use super::access::{remedy, trouble_of};
use super::cipher::Plain;
use crate::base::error::{Code, Fault};
use refinery::Runner;
use refinery::error::Kind;
use rusqlite::Connection;
use std::error::Error as _;

mod main_schema {
    refinery::embed_migrations!("migrations/main");
}

mod org_schema {
    refinery::embed_migrations!("migrations/org");
}

/// Which of the two kinds of database.
#[derive(Clone, Copy)]
pub(super) enum Schema {
    Main,
    Org,
}

impl Schema {
    /// The newest migration that this program knows.
    pub(super) fn newest(self) -> i64 {
        self.runner().get_migrations().iter().map(|migration| i64::from(migration.version())).max().unwrap_or(0)
    }

    fn runner(self) -> Runner {
        match self {
            Self::Main => main_schema::migrations::runner(),
            Self::Org => org_schema::migrations::runner(),
        }
    }
}

/// Refuses a database that is ahead of this program, before anything is written to it. `found` is its newest migration, `file`
/// names it in messages.
pub(super) fn refuse_newer(schema: Schema, found: i64, file: &str) -> Result<(), Fault> {
    let known = schema.newest();
    if found > known {
        return Err(newer(file, found, known));
    }
    Ok(())
}

/// Applies what is missing, all in one transaction.
pub(super) fn migrate(connection: &mut Connection, schema: Schema, file: &str) -> Result<(), Fault> {
    let runner = schema.runner().set_grouped(true).set_abort_divergent(true).set_abort_missing(true);
    runner.run(connection).map(|_| ()).map_err(|error| failed(file, &error))
}

fn newer(file: &str, found: i64, known: i64) -> Fault {
    Fault::new(
        Code::NewerSchema,
        format!(
            "{file} was made by a newer version of this program (schema {found}, this one knows {known}); install that version again, or restore a backup from before the upgrade. Nothing was changed"
        ),
    )
}

fn failed(file: &str, error: &refinery::Error) -> Fault {
    let of_database = error.source().and_then(|source| source.downcast_ref::<rusqlite::Error>());
    if let Some(code) = of_database.and_then(trouble_of) {
        return Fault::new(code, format!("the schema of {file} could not be read or brought up to date: {}", remedy(code)));
    }
    let what = match (error.kind(), of_database) {
        (Kind::DivergentVersion(applied, _), _) => {
            format!("migration {applied} was changed after it had been applied; install a released version")
        }
        (Kind::MissingVersion(missing), _) => format!("migration {missing} was applied and is unknown here; install a released version"),
        (_, Some(error)) => {
            format!("a migration failed and was undone ({}); go back to the former version and report it", Plain::of(error))
        }
        _ => "the migrations of this build are damaged; install it anew".to_owned(),
    };
    Fault::new(Code::Store, format!("the schema of {file} could not be brought up to date: {what}"))
}
