//! `demo`: a throw-away sandbox with a sample organisation, fed with its half-year through the real path.

use super::{Planted, calendar, half_year, people, places};
use crate::analysis::sources_in_words;
use crate::api;
use crate::app::{self, Listening, Parts, Wire};
use crate::audit::Actor;
use crate::auth::account::Email;
use crate::auth::{Principal, api_token};
use crate::base::clock::Clock;
use crate::base::error::{Code, Fault};
use crate::base::id::ConnectionId;
use crate::base::secret::Secret;
use crate::base::text::Slug;
use crate::capture::{self, Outcome};
use crate::cli::error::{CliError, output_error};
use crate::cli::{init, serve};
use crate::config::LogFormat;
use crate::connectors::delivery::Delivery;
use crate::connectors::{Connector, connector, new_connection};
use crate::crypto::keys::Kek;
use crate::crypto::token::Token;
use crate::ops::log;
use crate::orgs::connections::{self, ConnectError, NewConnection, SecretMaker};
use crate::orgs::sources::{self, Switch, SwitchError};
use crate::orgs::teams;
use crate::patterns::{self, PatternIds};
use crate::privacy;
use crate::store::{OrgDb, Store};
use clap::Args;
use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::ExitCode;

/// Where the console of the demo is, unless told otherwise.
const LISTEN_DEFAULT: &str = "127.0.0.1:8080";
/// The one account of the demo.
const EMAIL: &str = "facilitator@quaywise.example";
const ORGANISATION: &str = "Quaywise (sample)";

#[derive(Debug, Args)]
pub(in crate::cli) struct Flags {
    /// Where the console listens
    #[arg(long, value_name = "ADDR:PORT", default_value = LISTEN_DEFAULT)]
    listen: String,
    /// Print the patterns with their sources, and exit
    #[arg(long)]
    once: bool,
    /// With --once: print one JSON document
    #[arg(long, requires = "once")]
    json: bool,
    /// The same half-year with nothing planted in it: no pattern should be found
    #[arg(long, conflicts_with = "without")]
    twin: bool,
    /// The same half-year with one of the plants taken out
    #[arg(long, value_name = "PLANT")]
    without: Option<String>,
}

pub(in crate::cli) fn run(flags: &Flags) -> Result<ExitCode, CliError> {
    log::start("warn", LogFormat::Text);
    let planted = planted(flags)?;
    // Feeding takes a while: that the address is taken is said before it.
    let listening = if flags.once { None } else { Some(Listening::on(&flags.listen, Wire::Insecure)?) };
    let folder = tempfile::Builder::new().prefix("smartretro-demo-").tempdir().map_err(|error| {
        CliError::Fault(Fault::new(Code::Io, "No throw-away directory could be made; set TMPDIR to one that may be written").because(error))
    })?;
    // Standing still while it is fed, so that each run is the same; for people to look around in, it runs on.
    let clock = if listening.is_none() { Clock::stepped(calendar::begins()) } else { Clock::sandbox(Some(calendar::begins())) };
    let password = Token::generate("")?;
    let demo = Demo::set_up(&folder.path().join("data"), clock, password.reveal())?;
    demo.feed(&planted)?;
    let Some(listening) = listening else {
        demo.print(flags.json)?;
        return Ok(ExitCode::SUCCESS);
    };
    app::run_until_stopped(&demo.parts, listening, |url, fingerprint| {
        drop(writeln!(
            std::io::stderr(),
            "The sample organisation is ready, in a sandbox that is gone when you stop it.\n  open      {url}\n  e-mail    {EMAIL}\n  password  {}",
            password.reveal()
        ));
        serve::announce(url, fingerprint);
    })?;
    Ok(ExitCode::SUCCESS)
}

fn planted(flags: &Flags) -> Result<Planted, CliError> {
    match &flags.without {
        None if flags.twin => Ok(Planted::none()),
        None => Ok(Planted::all()),
        Some(name) => Planted::without(name).ok_or_else(|| {
            let names: Vec<&str> = super::Plant::ALL.iter().map(|plant| plant.as_str()).collect();
            CliError::Usage(format!("nothing called “{name}” is planted; there are {}", names.join(", ")))
        }),
    }
}

/// A connection of the sample organisation, ready to sign.
struct Tap {
    tool: &'static dyn Connector,
    id: ConnectionId,
    secret: Secret<String>,
}

/// The sample organisation.
struct Demo {
    parts: Parts,
    org: OrgDb,
    owner: Principal,
    taps: Vec<Tap>,
}

impl Demo {
    /// Does what an admin would: connect, switch sources on, set the team's zone; and what a person would: step out.
    fn set_up(data: &std::path::Path, clock: Clock, password: &str) -> Result<Self, CliError> {
        let store = Store::create(data, &Kek::generate()?, &clock, true)?;
        let email = Email::parse(EMAIL).ok_or_else(|| Fault::new(Code::Internal, "the demo's address is none"))?;
        let (org, member) = init::first_organisation(&store, &clock, ORGANISATION, (&email, password))?;
        let token = init::owners_token(&org, member, &clock)?;
        let (owner, _) = api_token::resume(&store, token.reveal(), clock.now())?
            .ok_or_else(|| Fault::new(Code::Internal, "the demo's owner is unknown"))?;
        let mut demo = Self { parts: Parts::naming_patterns(store, clock, PatternIds::Derived), org, owner, taps: Vec::new() };
        for connection in places::CONNECTIONS {
            demo.connect(&connection)?;
        }
        for (tool, external_id) in places::SOURCES {
            demo.switch_on(tool, external_id)?;
        }
        if let Some(slug) = Slug::parse(places::TEAM_SLUG) {
            teams::set_zone(&demo.org, &slug, calendar::ZONE)?;
        }
        for (tool, handle) in [("github", people::OPTED_OUT.login), ("slack", people::OPTED_OUT.slack_id)] {
            let asked = connector(tool).and_then(|tool| privacy::Asked::parse(tool, handle));
            let asked = asked.ok_or_else(|| Fault::new(Code::Internal, "the demo's person who stepped out has no account"))?;
            privacy::step_out(&demo.org, asked, demo.parts.clock.now())?;
        }
        Ok(demo)
    }

    fn connect(&mut self, wish: &places::DemoConnection) -> Result<(), CliError> {
        let tool = connector(wish.connector).ok_or_else(|| Fault::new(Code::Internal, "the demo names an unknown connector"))?;
        // No real tool signs here, so the demo may make up every secret.
        let wish =
            NewConnection { base_url: wish.base_url.map(str::to_owned), secret_maker: SecretMaker::Us, ..new_connection(tool, wish.name) };
        let made = connections::create(&self.org, wish, Actor::Operator, self.parts.clock.now()).map_err(|error| match error {
            ConnectError::Fault(fault) => fault,
            _ => Fault::new(Code::Internal, "the demo's connection is refused"),
        })?;
        self.taps.push(Tap { tool, id: made.connection.id, secret: made.secret });
        Ok(())
    }

    fn tap(&self, tool: &str) -> Result<&Tap, Fault> {
        let found = self.taps.iter().find(|tap| tap.tool.name() == tool);
        found.ok_or_else(|| Fault::new(Code::Internal, "the demo names an unknown connector"))
    }

    fn switch_on(&self, tool: &str, external_id: &str) -> Result<(), CliError> {
        let tap = self.tap(tool)?;
        let place = tap.tool.place(external_id).ok_or_else(|| Fault::new(Code::Internal, "the demo names an unknown place"))?;
        let wish = Switch {
            connection: tap.id,
            external_id: place.external_id().to_owned(),
            place_kind: place.kind(),
            as_written: external_id.to_owned(),
            label: places::label(external_id),
            is_subscribed: true,
            team: Slug::parse(places::TEAM_SLUG),
        };
        let switched = sources::switch(&self.org, wish, Some(self.owner.member()), Actor::Operator, self.parts.clock.now());
        switched.map(drop).map_err(|error| match error {
            SwitchError::NoSuchConnection => Fault::new(Code::Internal, "the demo's connection is gone").into(),
            SwitchError::Fault(fault) => fault.into(),
        })
    }

    /// Steps the clock to each delivery, signs it as its tool would, and sends it through the whole path; each day the jobs
    /// that have become due run, as they would while it is served.
    fn feed(&self, planted: &Planted) -> Result<(), CliError> {
        let clock = &self.parts.clock;
        let zone = calendar::zone();
        let mut day = None;
        let mut counts: BTreeMap<&'static str, u64> = BTreeMap::new();
        for delivery in half_year(planted) {
            let today = delivery.at.to_zoned(zone.clone()).date();
            if day.is_some_and(|day| day != today) {
                self.parts.jobs.run_due(true)?;
            }
            day = Some(today);
            clock.set(delivery.at);
            let tap = self.tap(delivery.connector)?;
            let headers = tap.tool.sign(&delivery.body, delivery.kind, &tap.secret, clock.now());
            let outcome =
                capture::capture(&self.parts.desk, &self.org, clock, (tap.tool.name(), tap.id), &Delivery::new(headers, delivery.body))?;
            *counts.entry(word(&outcome)).or_default() += 1;
        }
        clock.set(calendar::ends());
        self.parts.jobs.run_due(true)?;
        let counted = counts.iter().map(|(word, n)| format!("{n} {word}")).collect::<Vec<_>>().join(", ");
        writeln!(std::io::stderr(), "26 weeks of deliveries: {counted}").map_err(output_error)
    }

    fn print(&self, as_json: bool) -> Result<(), CliError> {
        let mut out = std::io::stdout().lock();
        let mut views = Vec::new();
        for summary in patterns::list(&self.org, &self.owner)? {
            let Some(pattern) = patterns::show(&self.org, &self.owner, summary.id)? else { continue };
            if as_json {
                views.push(api::pattern_view(&pattern));
                continue;
            }
            writeln!(out, "{}\n  {}", pattern.summary.title, pattern.summary.statement).map_err(output_error)?;
            let sources = sources_in_words(pattern.evidence.len(), pattern.summary.sources_total);
            writeln!(out, "  {sources}").map_err(output_error)?;
            for source in &pattern.evidence {
                writeln!(out, "  - {} {}", source.at, source.url).map_err(output_error)?;
            }
        }
        if as_json {
            writeln!(out, "{}", serde_json::json!({ "patterns": views })).map_err(output_error)?;
        }
        Ok(())
    }
}

const fn word(outcome: &Outcome) -> &'static str {
    match outcome {
        Outcome::Captured(_) => "captured",
        Outcome::Duplicate => "seen before",
        Outcome::Refused(_) | Outcome::Unseen => "refused",
        Outcome::Handshake(_) | Outcome::Unverified(_) | Outcome::UnknownConnection => "rejected",
    }
}
