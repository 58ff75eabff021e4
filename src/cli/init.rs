//! `init`: the master key, the databases, the first organisation and its owner.

use crate::audit::Actor;
use crate::auth::account::{AccountError, Email, NewAccount, PASSWORD_BYTES_MAX, PASSWORD_CHARS_MIN};
use crate::auth::{Scope, api_token};
use crate::base::clock::Clock;
use crate::base::error::Fault;
use crate::base::id::MemberId;
use crate::base::secret::Secret;
use crate::base::text::{one_line, shell_word};
use crate::cli::error::{CliError, output_error, unreadable};
use crate::config::Settings;
use crate::ops::founding::{FoundError, Founded, Place};
use crate::ops::traces::Traces;
use crate::orgs::organisation;
use crate::store::{OrgDb, Store};
use clap::Args;
use std::fs::{File, OpenOptions};
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use zeroize::Zeroizing;

/// A token's file is for its owner only.
const TOKEN_FILE_MODE: u32 = 0o600;
/// Any of these bits on a password's file lets someone else at it; a key's file is held to the same.
const OTHERS_MODE: u32 = 0o077;

#[derive(Debug, Args)]
pub(super) struct Flags {
    /// What the organisation is called
    #[arg(long, value_name = "NAME")]
    org: String,
    /// The owner's e-mail address, to sign in with
    #[arg(long, value_name = "EMAIL")]
    admin_email: String,
    /// A file that holds the owner's password, readable by its owner only
    #[arg(long, value_name = "FILE")]
    password_file: PathBuf,
    /// Write an API token with all of the owner's scopes to this new file (mode 0600)
    #[arg(long, value_name = "FILE")]
    token_file: Option<PathBuf>,
    /// Mark the directory for trials: a banner on every page, and only here `serve` takes --as-of and --insecure-http
    #[arg(long)]
    sandbox: bool,
    /// Print one JSON document
    #[arg(long)]
    json: bool,
}

pub(super) fn run(flags: &Flags, settings: &Settings) -> Result<ExitCode, CliError> {
    let place = Place { data: settings.data()?, key_file: settings.key_file(flags.sandbox)?, is_sandbox: flags.sandbox };
    let password = read_password(&flags.password_file)?;
    let email = Email::parse(&flags.admin_email)
        .ok_or_else(|| CliError::Usage(format!("“{}” is no e-mail address: write name@host", flags.admin_email)))?;
    check_words(flags, &password)?;
    place.check().map_err(not_founded)?;
    let mut traces = Traces::default();
    let org = make(flags, &place, (&email, password.reveal()), &mut traces)?;
    traces.keep();
    report(flags, settings, &place, &org)?;
    Ok(ExitCode::SUCCESS)
}

/// Makes everything, and notes in `traces` what it has made. The token's file comes first: it is the likeliest to be refused.
fn make(flags: &Flags, place: &Place, owner: (&Email, &str), traces: &mut Traces) -> Result<OrgDb, CliError> {
    let token_file = flags.token_file.as_deref().map(|file| new_token_file(file, traces)).transpose()?;
    let clock = Clock::System;
    let owner = first_owner(owner, &clock)?;
    let Founded { org, owner, .. } = place.found(&clock, &flags.org, owner, Actor::Operator, traces).map_err(not_founded)?;
    if let (Some(out), Some(path)) = (token_file, &flags.token_file) {
        write_token(out, owners_token(&org, owner, &clock)?.reveal()).map_err(|error| no_token_file(path, &error))?;
    }
    Ok(org)
}

/// Everything that can be wrong with what was typed is said before anything is made.
fn check_words(flags: &Flags, password: &Secret<String>) -> Result<(), CliError> {
    if one_line(&flags.org, 1).is_empty() {
        return Err(CliError::Usage("The organisation needs a name: give --org NAME".to_owned()));
    }
    if password.reveal().chars().count() < PASSWORD_CHARS_MIN || password.reveal().len() > PASSWORD_BYTES_MAX {
        return Err(CliError::Usage(format!(
            "The password in {} must have at least {PASSWORD_CHARS_MIN} characters and at most {PASSWORD_BYTES_MAX} bytes",
            flags.password_file.display()
        )));
    }
    match &flags.token_file {
        Some(file) if file.exists() => Err(CliError::Usage(format!("{} exists already; name a new file for the token", file.display()))),
        _ => Ok(()),
    }
}

/// The first organisation of a fresh store, with its owner: what the demo begins with.
pub(super) fn first_organisation(store: &Store, clock: &Clock, name: &str, owner: (&Email, &str)) -> Result<(OrgDb, MemberId), CliError> {
    organisation::found(store, clock, name, first_owner(owner, clock)?, Actor::Operator).map_err(refused)
}

/// Called after their address, until they say otherwise.
fn first_owner((email, password): (&Email, &str), clock: &Clock) -> Result<NewAccount, CliError> {
    let local = email.as_str().split('@').next().unwrap_or_default();
    NewAccount::prepare(email, local, password, clock.now()).map_err(refused)
}

fn not_founded(error: FoundError) -> CliError {
    match error {
        FoundError::Place(words) => CliError::Usage(words),
        FoundError::Account(error) => refused(error),
        FoundError::Fault(fault) => CliError::Fault(fault),
    }
}

/// A token with every scope, listed as what it is.
pub(super) fn owners_token(org: &OrgDb, member: MemberId, clock: &Clock) -> Result<crate::crypto::token::Token, Fault> {
    api_token::create(org, (member, "owner, made by init"), &Scope::ALL, Actor::Operator, clock.now())
}

fn refused(error: AccountError) -> CliError {
    match error {
        AccountError::PasswordTooShort => CliError::Usage(format!("The password must have at least {PASSWORD_CHARS_MIN} characters")),
        AccountError::PasswordTooLong => CliError::Usage(format!("The password must have at most {PASSWORD_BYTES_MAX} bytes")),
        AccountError::EmailTaken => CliError::Problem("This e-mail address has an account already".to_owned()),
        AccountError::Fault(fault) => CliError::Fault(fault),
    }
}

/// The password in a file, without the line's end. A pipe or a terminal has no mode that means anything.
fn read_password(file: &Path) -> Result<Secret<String>, CliError> {
    let unreadable = |error| unreadable(file, &error);
    let mut open = File::open(file).map_err(unreadable)?;
    let meta = open.metadata().map_err(unreadable)?;
    let mode = meta.mode() & 0o7777;
    if meta.is_file() && mode & OTHERS_MODE != 0 {
        return Err(CliError::Usage(format!(
            "the password file {0} may be read or changed by others (mode {mode:04o}); run `chmod 0400 {1}` and start again",
            file.display(),
            shell_word(file)
        )));
    }
    let mut text = Zeroizing::new(String::new());
    open.read_to_string(&mut text).map_err(unreadable)?;
    Ok(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

fn new_token_file(path: &Path, traces: &mut Traces) -> Result<File, CliError> {
    let made = OpenOptions::new().write(true).create_new(true).mode(TOKEN_FILE_MODE).open(path);
    let file = made.map_err(|error| no_token_file(path, &error))?;
    traces.file(path);
    Ok(file)
}

fn no_token_file(path: &Path, error: &std::io::Error) -> CliError {
    CliError::Usage(format!(
        "the token file {} cannot be written ({error}); name a new file in a place that may be written (--token-file)",
        path.display()
    ))
}

fn write_token(mut file: File, token: &str) -> std::io::Result<()> {
    writeln!(file, "{token}")?;
    file.sync_all()
}

fn report(flags: &Flags, settings: &Settings, place: &Place, org: &OrgDb) -> Result<(), CliError> {
    let (data, key_file) = (&place.data, &place.key_file);
    if flags.json {
        let body = serde_json::json!({
            "data": data, "key_file": key_file, "organisation": org.id().to_string(), "sandbox": flags.sandbox,
        });
        return writeln!(std::io::stdout(), "{body}").map_err(output_error);
    }
    let named: Vec<String> = settings.flags().map(|(flag, path)| format!("{flag} {}", shell_word(path))).collect();
    writeln!(
        std::io::stderr(),
        "The organisation “{}” is ready in {}.\nIts master key is {}: keep a copy in a safe place, apart from the backups. Without it nothing can be read.\nNext: smartretro serve {}",
        flags.org,
        data.display(),
        key_file.display(),
        named.join(" ")
    )
    .map_err(output_error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn a_password_that_others_may_read_is_refused_with_the_remedy() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("password");
        fs::write(&file, "correct horse battery\n").unwrap();
        for mode in [0o640, 0o604, 0o644, 0o620] {
            fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
            let refused = read_password(&file).err().map(|error| error.to_string()).unwrap_or_default();
            assert!(refused.contains("chmod 0400") && !refused.contains("horse"), "{mode:o}: {refused}");
        }
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        assert_eq!(read_password(&file).unwrap().reveal(), "correct horse battery");
    }
}
