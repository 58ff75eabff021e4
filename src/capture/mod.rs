//! The four gates, in order, in memory; nothing unredacted reaches disk.
//!
//! [`begin`] is the path on one screen: verify, peek, consent, parse, opt-out, redact, score, store. There is no
//! raw inbox: until the commit at its end nothing of a delivery has touched disk or log, and a refusal leaves a count. What comes
//! from a source in shadow mode goes the same way and ends before the store ([`shadow`]).

pub mod consent;
pub mod redact;
pub mod refusals;
pub mod replay;
pub mod retention;
pub mod scored;
pub mod shadow;

mod branch;
mod claims;
mod forget;
mod glimpse;
mod kept;
mod names;
mod sql;

pub use forget::forget;
pub use glimpse::{Glimpse, glimpse};
pub use kept::{count, heard, is_gone, load, tally};

use crate::base::clock::{Clock, Instant};
use crate::base::error::{Code, Fault};
use crate::base::id::{ConnectionId, PersonId, TeamId};
use crate::base::secret::Secret;
use crate::connectors::delivery::Delivery;
use crate::connectors::{self, Account, Connector, Parsed, Peek, PlaceClaim, Site, Unverified, connector};
use crate::orgs::{connections, sources};
use crate::people::{Lookups, OptOuts, identity, opt_out};
use crate::signals::place::Place;
use crate::signals::refusal::Refusal;
use crate::signals::{Event, MessageTransition, Signal, SignalKind};
use crate::store::{Epoch, OrgDb, Tx};
use branch::BranchMarks;
use claims::Claims;
use consent::{Admitted, Who};
use names::KnownNames;
use redact::gate::{Redacted, redact};
use refusals::Refusals;
use scored::Scored;
use shadow::Shadows;
use std::sync::Arc;
use std::sync::mpsc::sync_channel;

/// How often a delivery is judged anew because somebody stepped out while it was on its way.
const TRIES_MAX: u32 = 4;

/// Longest text, in bytes, that is redacted on a thread that must not wait: each word of it may be asked for among those who stepped out.
const QUICK_TEXT_BYTES_MAX: usize = 4 * 1024;

/// What became of a delivery.
#[derive(Debug)]
pub enum Outcome {
    /// It is durable.
    Captured(SignalKind),
    /// It was captured before.
    Duplicate,
    /// It is genuine, and was not kept; counted under this reason.
    Refused(Refusal),
    /// It is of somebody who stepped out, in a source that is only tried out: nothing tells that it came, not even a count.
    Unseen,
    /// The tool wants this answer.
    Handshake(String),
    /// It is not proven to come from the tool.
    Unverified(Unverified),
    /// Nobody knows this connection.
    UnknownConnection,
}

/// What else must go, in the same transaction, when something is gone at its source. The rooms that link to signals lie below
/// this one, so whoever puts the product together hands it in.
pub type Forget = fn(&Tx<'_>, &[StoredKey]) -> Result<(), Fault>;

/// What capturing needs beside the organisation's file: what it counts and what it remembers in memory.
#[derive(Debug)]
pub struct Desk {
    pub refusals: Refusals,
    names: KnownNames,
    shadows: Shadows,
    forget: Forget,
}

impl Desk {
    pub fn new(forget: Forget) -> Self {
        Self { refusals: Refusals::default(), names: KnownNames::default(), shadows: Shadows::default(), forget }
    }
}

/// The name of a thing in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredKey {
    /// [`ConnectionId::number`]: another connection may have a thing of the same key.
    pub connection: [u8; 8],
    /// [`Signal::key`].
    pub key: String,
}

/// What was stored.
struct Stored {
    kind: SignalKind,
    /// It took the place of text that was stored before.
    replaces_text: bool,
    /// What is gone at its source with it.
    gone: Option<StoredKey>,
}

/// Why a parsed delivery was not stored.
enum NotStored {
    Refused(Refusal),
    Duplicate,
    /// Somebody stepped out, or stepped in, since the delivery was redacted.
    Overtaken,
    Fault(Fault),
}

/// Why a delivery was not scored.
enum NotScored {
    Refused(Refusal),
    Fault(Fault),
}

impl From<Fault> for NotScored {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<NotScored> for NotStored {
    fn from(reason: NotScored) -> Self {
        match reason {
            NotScored::Refused(refusal) => Self::Refused(refusal),
            NotScored::Fault(fault) => Self::Fault(fault),
        }
    }
}

impl From<Fault> for NotStored {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// Takes one delivery, addressed to a connection of this tool, through the gates, and answers after the durable commit.
pub fn capture(desk: &Desk, org: &OrgDb, clock: &Clock, to: (&str, ConnectionId), delivery: &Delivery) -> Result<Outcome, Fault> {
    until_settled(|| {
        let (tell, told) = sync_channel(1);
        if let Some(outcome) = begin(desk, org, clock, to, delivery, move |kept| drop(tell.send(kept)))? {
            return Ok(Some(outcome));
        }
        let kept = told.recv().map_err(|_| Fault::new(Code::Fenced, "The writer has ended; restart the program"))?;
        kept.settle(desk, org)
    })
}

/// The first outcome of some tries. Where there is none nothing is kept, and its sender must be told to send it again: it may be of somebody
/// whom none of those who stepped out meanwhile has to do with.
fn until_settled(mut take: impl FnMut() -> Result<Option<Outcome>, Fault>) -> Result<Outcome, Fault> {
    for _ in 0..TRIES_MAX {
        if let Some(outcome) = take()? {
            return Ok(outcome);
        }
    }
    Err(Fault::new(Code::Overloaded, "A delivery was overtaken by people who stepped out, again and again; it is to be sent again"))
}

/// The same up to the commit, for whoever does not wait for it. Answers what became of a delivery of which nothing is stored; else `tell` is
/// told, after the commit and on the writer's thread, what there was to store ([`Kept::settle`]).
pub fn begin(
    desk: &Desk,
    org: &OrgDb,
    clock: &Clock,
    (tool, connection): (&str, ConnectionId),
    delivery: &Delivery,
    tell: impl FnOnce(Kept) + Send + 'static,
) -> Result<Option<Outcome>, Fault> {
    let (now, epoch) = (clock.now(), org.epoch());
    let Some((connection, secret)) = connections::find_with_secret(org, connection)? else {
        return Ok(Some(Outcome::UnknownConnection));
    };
    let Some(connector) = connector(tool).filter(|connector| connector.name() == connection.connector) else {
        return Ok(Some(Outcome::UnknownConnection));
    };
    let path = Path { desk, org, connector, connection: connection.id, site: Site { base_url: connection.base_url }, secret, epoch, now };
    let outcome = match path.walk(delivery)? {
        Walked::Decided(outcome) => outcome,
        Walked::ToStore(judged) => {
            path.store(*judged, tell)?;
            return Ok(None);
        }
    };
    tally_outcome(desk, connection.id, &outcome, now);
    Ok(Some(outcome))
}

fn tally_outcome(desk: &Desk, connection: ConnectionId, outcome: &Outcome, now: Instant) {
    match outcome {
        Outcome::Refused(refusal) => desk.refusals.count(connection, refusal.as_str(), now),
        Outcome::Unverified(reason) => desk.refusals.count(connection, reason.as_str(), now),
        Outcome::Duplicate => desk.refusals.count(connection, refusals::DUPLICATE, now),
        Outcome::Captured(_) => desk.refusals.count(connection, refusals::CAPTURED, now),
        Outcome::Unseen | Outcome::Handshake(_) | Outcome::UnknownConnection => {}
    }
}

/// What came of storing a delivery, once that is durable.
#[must_use]
pub struct Kept {
    connection: ConnectionId,
    now: Instant,
    result: Result<Stored, NotStored>,
}

impl Kept {
    /// Whether [`settle`](Self::settle) may wait for the disk.
    pub const fn may_wait(&self) -> bool {
        matches!(&self.result, Ok(Stored { replaces_text: true, .. }))
    }

    /// Counts it, and answers what became of the delivery; no value where somebody stepped out or in while it was on its way: then it must
    /// [`begin`] again.
    pub fn settle(self, desk: &Desk, org: &OrgDb) -> Result<Option<Outcome>, Fault> {
        let outcome = match self.result {
            Ok(stored) => {
                if stored.replaces_text {
                    // What was edited or taken back must not live on in the log. Where a reader is in the way, the sweep tries again.
                    org.scrub()?;
                }
                Outcome::Captured(stored.kind)
            }
            Err(NotStored::Duplicate) => Outcome::Duplicate,
            Err(NotStored::Refused(refusal)) => Outcome::Refused(refusal),
            Err(NotStored::Fault(fault)) => return Err(fault),
            Err(NotStored::Overtaken) => return Ok(None),
        };
        tally_outcome(desk, self.connection, &outcome, self.now);
        Ok(Some(outcome))
    }
}

/// How far a delivery came in memory.
enum Walked {
    Decided(Outcome),
    ToStore(Box<Judged>),
}

/// A delivery that may be kept, by what was known when it was judged.
struct Judged {
    scored: Scored,
    /// That proved it.
    secret: Secret<String>,
    /// Read before anything else was: all of this is of it, or newer. None where the connection is yet to be bound to the workspace.
    epoch: Option<Epoch>,
    opt_outs: Arc<OptOuts>,
    /// Whose it is, where they are known by every name that it tells of.
    person: Option<PersonId>,
    /// That it says it comes from.
    workspace: Option<String>,
    place: claims::Lookup,
}

impl Judged {
    /// Whether what it was judged by still holds, in the transaction that stores it: asked where something was written since.
    fn still_holds(&self, tx: &Tx<'_>, org: &OrgDb, connection: ConnectionId) -> Result<(), NotStored> {
        let place_id = self.scored.redacted().place().external_id();
        if sources::subscription(tx, connection, place_id)?.is_none() {
            return Err(NotStored::Refused(Refusal::NotSubscribed));
        }
        // It may have been found closed since this was judged: the strictest word holds.
        if let Some(closed) = sql::place_claim(tx, connection, &self.place)?.and(PlaceClaim::Open).refusal() {
            return Err(NotStored::Refused(closed));
        }
        if OptOuts::load(tx)? != *self.opt_outs || !connections::signs_with(tx, org, connection, &self.secret)? {
            return Err(NotStored::Overtaken);
        }
        match &self.workspace {
            Some(workspace) if !connections::belongs_to(tx, connection, workspace)? => Err(NotStored::Refused(Refusal::OtherWorkspace)),
            _ => Ok(()),
        }
    }
}

impl From<Refusal> for Walked {
    fn from(refusal: Refusal) -> Self {
        Self::Decided(Outcome::Refused(refusal))
    }
}

/// One delivery on its way.
struct Path<'a> {
    desk: &'a Desk,
    org: &'a OrgDb,
    connector: &'static dyn Connector,
    connection: ConnectionId,
    site: Site,
    secret: Secret<String>,
    /// As of which all that is known is asked.
    epoch: Epoch,
    now: Instant,
}

impl Path<'_> {
    fn walk(&self, delivery: &Delivery) -> Result<Walked, Fault> {
        if let Err(reason) = self.connector.verify(delivery, &self.secret, self.now) {
            return Ok(Walked::Decided(Outcome::Unverified(reason)));
        }
        if let Some(answer) = self.connector.handshake(delivery) {
            return Ok(Walked::Decided(Outcome::Handshake(answer)));
        }
        let peek = match self.connector.peek(delivery) {
            Ok(peek) => peek,
            Err(refusal) => return Ok(refusal.into()),
        };
        let Some(place) = self.connector.place(&peek.place_id) else {
            // A direct message, or no place of this tool: nothing is remembered about it.
            return Ok(peek.claim.refusal().unwrap_or(Refusal::UnknownPlace).into());
        };
        let claims = Claims::of(self.org, self.connection)?;
        let known = claims.known(self.org, &peek.place_id)?;
        let hearing = sources::known_hearing(self.org, self.connection, &peek.place_id, self.now)?;
        if let Some(hearing) = hearing.filter(|hearing| hearing.is_shadow) {
            return self.walk_in_shadow((&peek, &place), hearing, (&claims, known)).map(Walked::Decided);
        }
        let holds = known.and(peek.claim);
        if let Some(refusal) = holds.refusal() {
            claims.remember(self.org, &peek.place_id, holds)?;
            return Ok(refusal.into());
        }
        let Some(hearing) = hearing else {
            return Ok(Refusal::NotSubscribed.into());
        };
        let bound = connections::workspace(self.org, self.connection)?;
        if is_from_elsewhere(&peek, bound.as_ref().as_ref()) {
            return Ok(Refusal::OtherWorkspace.into());
        }
        let epoch = (bound.is_some() || peek.workspace.is_none()).then_some(self.epoch);
        // Only of a place that is switched on is it written down that it was found open.
        claims.remember(self.org, &peek.place_id, holds)?;
        // Reads, consents, redacts and scores.
        match self.score((&peek, &place), |parsed, who| self.admit(parsed, Some(hearing.team), who)) {
            Ok((scored, opt_outs)) => {
                let place = claims.lookup(&peek.place_id);
                let person = self.known_person(scored.redacted())?;
                Ok(Walked::ToStore(Box::new(Judged {
                    scored,
                    secret: self.secret.clone(),
                    epoch,
                    opt_outs,
                    person,
                    workspace: peek.workspace,
                    place,
                })))
            }
            Err(NotScored::Refused(refusal)) => Ok(refusal.into()),
            Err(NotScored::Fault(fault)) => Err(fault),
        }
    }

    fn known_person(&self, redacted: &Redacted) -> Result<Option<PersonId>, Fault> {
        let Some(author) = redacted.author() else {
            return Ok(None);
        };
        let lookups = Lookups::of(self.org)?;
        identity::known(self.org, &lookups, self.connector.name(), (&author.external_id, author.handle.as_deref()))
    }

    /// Reads, consents by `admit`, redacts and scores: in memory, all of it. Answers by which opt-outs it was judged, too.
    fn score(
        &self,
        (peek, place): (&Peek<'_>, &Place),
        admit: impl FnOnce(Parsed, &Who<'_>) -> Result<Admitted, NotScored>,
    ) -> Result<(Scored, Arc<OptOuts>), NotScored> {
        let parsed = peek.read(place.clone(), &self.site, self.now).map_err(NotScored::Refused)?;
        if matches!(&parsed.event, Event::Message(message) if message.text.as_ref().is_some_and(|text| text.len() > QUICK_TEXT_BYTES_MAX)) {
            self.org.may_take_long()?;
        }
        let lookups = Lookups::of(self.org)?;
        let opt_outs = OptOuts::known(self.org)?;
        let tool = self.connector.name();
        let known = self.desk.names.of(self.org, tool, &opt_outs)?;
        let who = Who { lookups: &lookups, connector: tool, opted_out: &opt_outs };
        let accounts = parsed.author.iter().chain(&parsed.others);
        let names = known.with_new(accounts.filter_map(|account| {
            let handle = account.handle.as_deref()?;
            Some((handle.to_owned(), lookups.pseudonym(tool, handle)))
        }));
        let admitted = admit(parsed, &who)?;
        let redacted = redact(admitted, &names, &BranchMarks::of(self.org)?);
        Ok((Scored::of(redacted), opt_outs))
    }

    /// The first opt-out gate. Whoever is refused here under a name that was not known as theirs is remembered by it.
    fn admit(&self, parsed: Parsed, team: Option<TeamId>, who: &Who<'_>) -> Result<Admitted, NotScored> {
        let author = parsed.author.clone();
        consent::admit(parsed, team, who).map_err(|refusal| {
            let unlearnt = author.filter(|author| refusal == Refusal::OptedOut && who.has_more_to_learn(author));
            let followed = unlearnt.map_or(Ok(()), |author| self.follow(author));
            followed.map_or_else(NotScored::Fault, |()| NotScored::Refused(refusal))
        })
    }

    /// Somebody who stepped out was met under another name: what was kept under any of their names goes as well.
    fn follow(&self, met: Account) -> Result<(), Fault> {
        let (lookups, connector, forget_links) = (Lookups::of(self.org)?, self.connector.name(), self.desk.forget);
        self.org.write(move |tx| {
            let (external_id, handle) = (met.external_id.as_str(), met.handle.as_deref());
            let tools = connectors::names();
            let Some(leaving) = opt_out::follow(tx, &lookups, opt_out::Named { connector, external_id, handle, tools: &tools })? else {
                return Ok(());
            };
            forget_links(tx, &forget(tx, &leaving)?)
        })?;
        // What was there a moment ago must not live on in the log. Where a reader is in the way, the sweep tries again.
        self.org.scrub().map(drop)
    }

    /// Stores what still holds in the transaction that makes it durable, and tells.
    fn store(&self, judged: Judged, tell: impl FnOnce(Kept) + Send + 'static) -> Result<(), Fault> {
        let (connection, connector, now) = (self.connection, self.connector.name(), self.now);
        let forget = self.desk.forget;
        let org = self.org.clone();
        let write = move |tx: &Tx<'_>| {
            let is_as_judged = judged.epoch.is_some_and(|epoch| tx.is_of(epoch));
            if !is_as_judged {
                judged.still_holds(tx, &org, connection)?;
            }
            let redacted = judged.scored.redacted();
            if !sql::remember_delivery(tx, connection, redacted.delivery(), now)? {
                return Err(NotStored::Duplicate);
            }
            let person = match judged.person.filter(|_| is_as_judged) {
                Some(person) => Some(person),
                None => person_behind(tx, &Lookups::of(&org)?, connector, redacted)?,
            };
            let kept = store_signal(tx, connection, &judged.scored, person, now)?;
            forget(tx, kept.gone.as_slice())?;
            Ok(kept)
        };
        self.org.append_then(write, move |result| tell(Kept { connection, now, result }))
    }
}

/// Whether it says that it comes from another workspace than the connection is bound to.
fn is_from_elsewhere(peek: &Peek<'_>, bound: Option<&String>) -> bool {
    peek.workspace.as_ref().zip(bound).is_some_and(|(said, bound)| said != bound)
}

fn person_behind(tx: &Tx<'_>, lookups: &Lookups, connector: &str, redacted: &Redacted) -> Result<Option<PersonId>, Fault> {
    let Some(author) = redacted.author() else {
        return Ok(None);
    };
    identity::resolve(tx, lookups, connector, (&author.external_id, author.handle.as_deref())).map(Some)
}

fn store_signal(
    tx: &Tx<'_>,
    connection: ConnectionId,
    scored: &Scored,
    person: Option<PersonId>,
    now: Instant,
) -> Result<Stored, NotStored> {
    let mut replaces_text = false;
    let signal = scored.redacted().signal(person, scored.question());
    let kind = signal.event.kind();
    match sql::fate(tx, connection, &signal)? {
        sql::Fate::Gone => return Err(NotStored::Refused(Refusal::AlreadyGone)),
        sql::Fate::Overwritten => sql::insert(tx, connection, &signal.without_text(), scored, now)?,
        sql::Fate::Newest => {
            replaces_text = sql::clear_older_text(tx, connection, &signal)?;
            sql::insert(tx, connection, &signal, scored, now)?
        }
    }
    .then_some(())
    .ok_or(NotStored::Duplicate)?;
    sql::count(tx, "captured", kind.as_str())?;
    sql::count(tx, "scored", kind.as_str())?;
    if !scored.may_move_a_window() {
        sql::count(tx, "stopped_locally", kind.as_str())?;
    }
    let gone = is_deletion(&signal).then(|| StoredKey { connection: *connection.number(), key: signal.key() });
    Ok(Stored { kind, replaces_text, gone })
}

fn is_deletion(signal: &Signal) -> bool {
    matches!(&signal.event, Event::Message(message) if message.transition == MessageTransition::Deleted)
}

#[cfg(test)]
mod tests;
