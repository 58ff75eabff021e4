//! A throw-away organisation in a throw-away directory, with a key of its own: the real path, and nothing of the customer's.

use super::impossible;
use crate::audit::Actor;
use crate::base::clock::{Clock, Instant};
use crate::base::error::{Code, Fault};
use crate::base::id::ConnectionId;
use crate::base::secret::Secret;
use crate::base::text::Slug;
use crate::capture::{self, Desk, Outcome};
use crate::connectors::delivery::Delivery;
use crate::connectors::{Connector, connector, new_connection};
use crate::crypto::keys::Kek;
use crate::crypto::random;
use crate::orgs::connections::{self, ConnectError, NewConnection, SecretMaker};
use crate::orgs::sources::{self, Switch, SwitchError};
use crate::patterns;
use crate::privacy::{self, Asked};
use crate::store::{Glance, OrgDb, Store};
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The team of everything in the trial.
const TEAM: &str = "trial";
/// Where the links of the trial's chat would lead.
const CHAT_URL: &str = "https://trial.slack.com";
/// Syllables of a needle: 32, so that five bits choose one.
const SYLLABLES: [&str; 32] = [
    "ba", "be", "bi", "bo", "da", "de", "di", "do", "ka", "ke", "ki", "ko", "la", "le", "li", "lo", "ma", "me", "mi", "mo", "na", "ne",
    "ni", "no", "ra", "re", "ri", "ro", "ta", "te", "ti", "to",
];

/// The throw-away organisation. Dropping it removes its directory.
pub(super) struct Trial {
    folder: TempDir,
    kek: Kek,
    clock: Clock,
    store: Store,
    pub(super) org: OrgDb,
    desk: Desk,
}

/// A connection of the trial, ready to sign.
pub(super) struct Tap {
    pub(super) id: ConnectionId,
    tool: &'static dyn Connector,
    secret: Secret<String>,
}

/// A word that stands nowhere else: it looks like an ordinary one, so that nothing takes it for a secret.
pub(super) fn needle() -> Result<String, Fault> {
    let bytes = random::bytes::<12>()?;
    Ok(bytes.iter().filter_map(|byte| SYLLABLES.get(usize::from(byte % 32))).copied().collect())
}

impl Trial {
    pub(super) fn begin(now: Instant) -> Result<Self, Fault> {
        let folder = tempfile::Builder::new().prefix("smartretro-verify-").tempdir().map_err(|error| {
            Fault::new(Code::Io, "no throw-away directory could be made; set TMPDIR to one that may be written").because(error)
        })?;
        let (kek, clock) = (Kek::generate()?, Clock::stepped(now));
        let store = Store::create(&folder.path().join("data"), &kek, &clock, true)?;
        let org = store.create_org::<Fault>(&clock, |_, _| Ok(()), |_, _| Ok(()))?;
        Ok(Self { folder, kek, clock, store, org, desk: Desk::new(patterns::forget) })
    }

    pub(super) fn now(&self) -> Instant {
        self.clock.now()
    }

    pub(super) const fn store(&self) -> &Store {
        &self.store
    }

    /// Does what an admin does who connects this tool.
    pub(super) fn connect(&self, name: &str) -> Result<Tap, Fault> {
        let tool = connector(name).ok_or_else(|| impossible("the trial names an unknown connector"))?;
        let base_url = tool.needs_base_url().then(|| CHAT_URL.to_owned());
        let wish = NewConnection { base_url, secret_maker: SecretMaker::Us, ..new_connection(tool, "Trial") };
        let made = connections::create(&self.org, wish, Actor::Operator, self.now()).map_err(|error| match error {
            ConnectError::Fault(fault) => fault,
            _ => impossible("the trial's connection is refused"),
        })?;
        Ok(Tap { id: made.connection.id, tool, secret: made.secret })
    }

    /// Does what an admin does who switches a source on.
    pub(super) fn switch_on(&self, tap: &Tap, place: &str) -> Result<(), Fault> {
        let chosen = tap.tool.choose(place).map_err(|_| impossible("the trial names no place"))?;
        let switch = Switch {
            connection: tap.id,
            external_id: chosen.external_id().to_owned(),
            place_kind: chosen.kind(),
            as_written: place.to_owned(),
            label: None,
            is_subscribed: true,
            team: Slug::parse(TEAM),
        };
        sources::switch(&self.org, switch, None, Actor::Operator, self.now()).map(drop).map_err(|error| match error {
            SwitchError::NoSuchConnection => impossible("the trial's connection is gone"),
            SwitchError::Fault(fault) => fault,
        })
    }

    /// Delivers a body as the tool would: signed, through the whole path.
    pub(super) fn deliver(&self, tap: &Tap, kind: Option<&str>, body: &serde_json::Value) -> Result<Outcome, Fault> {
        self.deliver_to(tap.tool.name(), tap, kind, body)
    }

    /// The same, to the door of another tool.
    pub(super) fn deliver_to(&self, door: &str, tap: &Tap, kind: Option<&str>, body: &serde_json::Value) -> Result<Outcome, Fault> {
        let body = body.to_string().into_bytes();
        let headers = tap.tool.sign(&body, kind, &tap.secret, self.now());
        capture::capture(&self.desk, &self.org, &self.clock, (door, tap.id), &Delivery::new(headers, body))
    }

    /// Does what a person does who steps out.
    pub(super) fn step_out(&self, connector_name: &str, handle: &str) -> Result<(), Fault> {
        let asked = connector(connector_name).and_then(|tool| Asked::parse(tool, handle));
        let asked = asked.ok_or_else(|| impossible("the trial's person has no account"))?;
        privacy::step_out(&self.org, asked, self.now()).map(drop)
    }

    /// Every page of the organisation's file after decryption, free ones too, and whatever the write-ahead log holds.
    pub(super) fn pages(&self) -> Result<Vec<u8>, Fault> {
        let mut glance = self.glance()?;
        let mut pages = Vec::new();
        for seen in glance.orgs_mut() {
            pages.extend(seen.decrypted()?);
        }
        Ok(pages)
    }

    /// The trial's own files, looked at from outside.
    pub(super) fn glance(&self) -> Result<Glance, Fault> {
        Glance::open(&self.folder.path().join("data"), &self.kek)
    }

    /// Ends the trial, and answers every byte that it left on the disk.
    pub(super) fn end(self) -> Result<Vec<u8>, Fault> {
        let Self { folder, org, store, .. } = self;
        // Closed first: closing a file by other means than the database's own would lift its locks.
        drop(org);
        drop(store);
        let mut bytes = Vec::new();
        read_all(folder.path(), &mut bytes).map_err(|error| Fault::new(Code::Io, "the trial's files cannot be read").because(error))?;
        Ok(bytes)
    }
}

fn read_all(folder: &Path, into: &mut Vec<u8>) -> std::io::Result<()> {
    let names: Vec<PathBuf> = std::fs::read_dir(folder)?.map(|entry| entry.map(|entry| entry.path())).collect::<Result<_, _>>()?;
    for path in names {
        if path.is_dir() {
            read_all(&path, into)?;
        } else {
            into.extend(std::fs::read(&path)?);
        }
    }
    Ok(())
}

/// Whether these bytes hold this word.
pub(super) fn holds(bytes: &[u8], word: &str) -> bool {
    aho_corasick::AhoCorasick::new([word]).is_ok_and(|search| search.is_match(bytes))
}
