//! Brings a database to the schema that this program knows; refuses one that is ahead of it.
//!
//! Migrations are numbered files in `migrations/`, built into the program. A new one is a new file; one that was released never changes.

use super::cipher::Plain;
use crate::base::error::{Code, Fault};
use refinery::error::Kind;
use refinery::{Migration, Runner};
use rusqlite::Connection;

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
    fn runner(self) -> Runner {
        match self {
            Self::Main => main_schema::migrations::runner(),
            Self::Org => org_schema::migrations::runner(),
        }
    }
}

/// Applies what is missing, all in one transaction. `file` names the database in messages.
pub(super) fn migrate(connection: &mut Connection, schema: Schema, file: &str) -> Result<(), Fault> {
    let runner = schema.runner().set_grouped(true).set_abort_divergent(true).set_abort_missing(true);
    let known = runner.get_migrations().iter().map(Migration::version).max().unwrap_or(0);
    let unapplied = |error: refinery::Error| failed(file, &error);
    // Asks for the history without making its table, so that a file from the future is left exactly as it is.
    let has_history = connection.table_exists(None::<&str>, HISTORY);
    if has_history
        .map_err(|error| Fault::new(Code::Store, format!("the schema of {file} could not be read")).because(Plain::from(error)))?
    {
        let found = runner.get_last_applied_migration(connection).map_err(unapplied)?.map_or(0, |last| last.version());
        if found > known {
            return Err(newer(file, i64::from(found), i64::from(known)));
        }
    }
    runner.run(connection).map(|_| ()).map_err(unapplied)
}

/// The table in which refinery keeps what was applied.
const HISTORY: &str = "refinery_schema_history";

fn newer(file: &str, found: i64, known: i64) -> Fault {
    Fault::new(
        Code::NewerSchema,
        format!(
            "{file} was made by a newer version of this program (schema {found}, this one knows {known}); install that version again, or restore a backup from before the upgrade. Nothing was changed"
        ),
    )
}

fn failed(file: &str, error: &refinery::Error) -> Fault {
    let what = match error.kind() {
        Kind::DivergentVersion(applied, _) => {
            format!("migration {applied} was changed after it had been applied; install a released version")
        }
        Kind::MissingVersion(missing) => format!("migration {missing} was applied and is unknown here; install a released version"),
        _ => "a migration failed and was undone; check the disk, then start again or go back to the former version".to_owned(),
    };
    Fault::new(Code::Store, format!("the schema of {file} could not be brought up to date: {what}"))
}
