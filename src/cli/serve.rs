//! `serve`: the appliance.

use crate::app::{self, Announced, Listening, Parts, Wire};
use crate::base::clock::{Clock, Instant};
use crate::cli::error::CliError;
use crate::config::{self, Overrides, Settings};
use crate::crypto::keys::Kek;
use crate::ops::founding::{FoundError, Place};
use crate::ops::{log, process};
use crate::store::Store;
use clap::Args;
use std::fmt;
use std::io::Write as _;
use std::path::Path;
use std::process::ExitCode;

#[derive(Debug, Args)]
pub(super) struct Flags {
    #[arg(
        long,
        value_name = "ADDR:PORT",
        help = "Where to listen; port 0 picks a free one [env: SMARTRETRO_LISTEN] [default: 127.0.0.1:8443]"
    )]
    listen: Option<String>,
    #[arg(long, help = "Speak plain HTTP to a proxy on this machine [env: SMARTRETRO_BEHIND_PROXY]")]
    behind_proxy: bool,
    /// Start the clock of a sandbox at this instant, and let it run
    #[arg(long, value_name = "TIME", value_parser = parse_time)]
    as_of: Option<Instant>,
    /// Speak plain HTTP in a sandbox
    #[arg(long)]
    insecure_http: bool,
}

/// A time as it is typed.
pub(super) fn parse_time(word: &str) -> Result<Instant, NoTime> {
    word.parse().map_err(|_| NoTime)
}

/// The word is no time.
#[derive(Clone, Copy, Debug)]
pub(super) struct NoTime;

impl fmt::Display for NoTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("write a time with its zone, such as 2026-03-02T09:00:00Z")
    }
}

impl std::error::Error for NoTime {}

pub(super) fn run(flags: &Flags, said: Overrides) -> Result<ExitCode, CliError> {
    let said = Overrides { listen: flags.listen.clone(), behind_proxy: flags.behind_proxy.then_some(true), ..said };
    let settings = config::load(said)?;
    log::start(&settings.log, settings.log_format);
    process::protect();
    let data = settings.data()?;
    let wire = match (flags.insecure_http, settings.behind_proxy) {
        (true, _) => Wire::Insecure,
        (false, true) => Wire::BehindProxy,
        (false, false) => Wire::Tls,
    };
    let place = Place { key_file: settings.key_file(false)?, data: data.clone(), is_sandbox: false };
    if place.is_vacant() {
        return set_up(flags, place, settings, wire);
    }
    let is_sandbox = Store::is_sandbox_at(&data)?;
    if !is_sandbox && (flags.as_of.is_some() || flags.insecure_http) {
        return Err(no_sandbox("--as-of and --insecure-http are", &data));
    }
    let clock = if is_sandbox { Clock::sandbox(flags.as_of) } else { Clock::System };
    let store = open(&settings, &data, is_sandbox)?;
    if store.sandbox() != is_sandbox {
        // What was read before the key was known is a claim; what the key opened is proven.
        return Err(CliError::Problem(format!("{} was changed while it was opened; start again", data.display())));
    }
    let listening = Listening::on(&settings.listen, wire)?.known_as(settings.public_url).with_metrics(settings.metrics_listen);
    app::run_until_stopped(&Parts::new(store, clock), listening, announce)?;
    Ok(ExitCode::SUCCESS)
}

/// A first start: the set-up page, then the appliance at the same address.
fn set_up(flags: &Flags, place: Place, settings: Settings, wire: Wire) -> Result<ExitCode, CliError> {
    if flags.as_of.is_some() || flags.insecure_http {
        return Err(no_sandbox("--as-of and --insecure-http are", &place.data));
    }
    place.check().map_err(|error| match error {
        FoundError::Place(words) => CliError::Usage(words),
        FoundError::Account(_) => CliError::Usage("the place cannot be used".to_owned()),
        FoundError::Fault(fault) => CliError::Fault(fault),
    })?;
    let listening = Listening::on(&settings.listen, wire)?.known_as(settings.public_url).with_metrics(settings.metrics_listen);
    if let Some(store) = app::serve_until_set_up(place, &Clock::System, &listening, announce_set_up)? {
        app::run_until_stopped(&Parts::new(store, Clock::System), listening, announce)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Says where the set-up page is. Whoever reads this may own the appliance: it is the operator.
fn announce_set_up(said: &Announced<'_>) {
    announce(said.url, said.fingerprint);
    drop(writeln!(
        std::io::stderr().lock(),
        "There is no data yet. To set the appliance up, open this link; it works once, for 30 minutes:\n{}",
        said.link
    ));
}

/// Why a directory that is in use takes nothing of what `flags` name.
pub(super) fn no_sandbox(flags: &str, data: &Path) -> CliError {
    CliError::Usage(format!("{flags} for sandboxes, and {} is none: make one with `smartretro init --sandbox`", data.display()))
}

/// Opens an existing data directory with its master key.
pub(super) fn open(settings: &Settings, data: &Path, is_sandbox: bool) -> Result<Store, CliError> {
    let kek = Kek::read_file(&settings.key_file(is_sandbox)?)?;
    Ok(Store::open(data, &kek)?)
}

/// Says where the appliance listens, in the line that scripts wait for.
pub(super) fn announce(url: &str, fingerprint: Option<&str>) {
    let mut out = std::io::stderr().lock();
    if let Some(fingerprint) = fingerprint {
        drop(writeln!(out, "certificate SHA-256 {fingerprint}"));
    }
    drop(writeln!(out, "listening on {url}"));
}
