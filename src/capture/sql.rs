//! `signal`, `delivery_seen`, `place_claim`, `tally`, `connection_tally`.

use crate::base::clock::{Instant, micros};
use crate::base::error::Fault;
use crate::base::id::{ConnectionId, OrgId, PersonId};
use crate::capture::StoredKey;
use crate::capture::claims::Lookup;
use crate::capture::refusals::Line;
use crate::capture::scored::Scored;
use crate::connectors::PlaceClaim;
use crate::crypto::hash;
use crate::orgs::sources::TeamPlace;
use crate::signals::place::Place;
use crate::signals::{
    ActorKind, Change, ChangeTransition, Conclusion, Deploy, DeployTransition, Event, Incident, IncidentTransition, Message,
    MessageTransition, Review, ReviewTransition, Run, RunTransition, Signal, SignalKind,
};
use crate::store::{Read, Tx, row};
use rusqlite::{Row, named_params};

/// Bytes of a delivery's key: four of the second it tells of and 96 bits of digest, so that two deliveries of one second never share one by
/// chance. What comes together lies together: by the digest alone each would be written into a page of its own, all over the file.
const KEY_BYTES: usize = 16;
/// Those of the second.
const SECOND_BYTES: usize = 4;

/// Rows that are looked through at once for names: a thousand short texts, little memory.
const WORDS_PER_PAGE: u32 = 1_000;

pub(super) fn place_claim(reader: &impl Read, connection: ConnectionId, lookup: &Lookup) -> Result<PlaceClaim, Fault> {
    let word: Option<String> = reader.optional(
        "SELECT claim FROM place_claim WHERE connection = ?1 AND lookup = ?2",
        (connection.number(), lookup.as_slice()),
        |row| row.get(0),
    )?;
    Ok(word.as_deref().and_then(PlaceClaim::parse).unwrap_or(PlaceClaim::Silent))
}

pub(super) fn put_place_claim(tx: &Tx<'_>, connection: ConnectionId, lookup: &Lookup, claim: PlaceClaim) -> Result<(), Fault> {
    tx.run(
        "INSERT INTO place_claim (connection, lookup, claim) VALUES (?1, ?2, ?3)
         ON CONFLICT (connection, lookup) DO UPDATE SET claim = excluded.claim",
        (connection.number(), lookup.as_slice(), claim.as_str()),
    )?;
    Ok(())
}

pub(super) fn count_place_claims(reader: &impl Read, connection: ConnectionId) -> Result<u64, Fault> {
    reader.one("SELECT count(*) FROM place_claim WHERE connection = ?1", (connection.number(),), |row| row::count(row, 0))
}

/// Answers `false` where this delivery was captured before.
pub(super) fn remember_delivery(tx: &Tx<'_>, connection: ConnectionId, delivery: (&str, Instant), now: Instant) -> Result<bool, Fault> {
    let key = delivery_key(connection, delivery);
    let row = (key.as_slice(), now.as_microsecond());
    let inserted = tx.run("INSERT INTO delivery_seen (key, received_at) VALUES (?1, ?2) ON CONFLICT (key) DO NOTHING", row)?;
    Ok(inserted == 1)
}

/// A delivery that comes again tells of the same second.
fn delivery_key(connection: ConnectionId, (dedupe_key, occurred_at): (&str, Instant)) -> [u8; KEY_BYTES] {
    let mut key = [0; KEY_BYTES];
    let (second, digest) = key.split_at_mut(SECOND_BYTES);
    // The lower half: until the year 2106, and no fault beyond, where the neighbours are others.
    second.iter_mut().zip(occurred_at.as_second().to_be_bytes().into_iter().skip(SECOND_BYTES)).for_each(|(byte, of)| *byte = of);
    let whole = hash::in_domain("delivery", &[connection.number(), dedupe_key.as_bytes()]);
    digest.iter_mut().zip(whole).for_each(|(byte, of)| *byte = of);
    key
}

/// Whether this delivery was captured before.
pub(super) fn was_delivered(reader: &impl Read, connection: ConnectionId, delivery: (&str, Instant)) -> Result<bool, Fault> {
    let key = delivery_key(connection, delivery);
    Ok(reader.optional("SELECT 1 FROM delivery_seen WHERE key = ?1", (key.as_slice(),), |row| row.get::<_, i64>(0))?.is_some())
}

/// Whether this very transition is stored.
pub(super) fn is_stored(reader: &impl Read, connection: ConnectionId, signal: &Signal) -> Result<bool, Fault> {
    let found: Option<i64> = reader.optional(
        "SELECT 1 FROM signal
         WHERE connection = ?1 AND place_id = ?2 AND kind = ?3 AND external_id = ?4 AND transition = ?5 AND occurred_at = ?6",
        (
            connection.number(),
            signal.place.external_id(),
            signal.event.kind().as_str(),
            &signal.external_id,
            signal.event.transition(),
            signal.occurred_at.as_microsecond(),
        ),
        |row| row.get(0),
    )?;
    Ok(found.is_some())
}

/// What an incoming signal meets among the earlier ones of the same thing.
pub(super) enum Fate {
    /// Nothing newer is known.
    Newest,
    /// A message that was edited since: its text is no longer what stands at its source.
    Overwritten,
    /// A message that was deleted.
    Gone,
}

pub(super) fn fate(reader: &impl Read, connection: ConnectionId, signal: &Signal) -> Result<Fate, Fault> {
    let Event::Message(_) = &signal.event else {
        return Ok(Fate::Newest);
    };
    let later: Vec<(String, i64)> = reader.all(
        "SELECT transition, occurred_at FROM signal
         WHERE connection = ?1 AND place_id = ?2 AND kind = 'message' AND external_id = ?3",
        (connection.number(), signal.place.external_id(), &signal.external_id),
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    if later.iter().any(|(transition, _)| transition == MessageTransition::Deleted.as_str()) {
        return Ok(Fate::Gone);
    }
    let at = signal.occurred_at.as_microsecond();
    Ok(if later.iter().any(|(_, other)| *other > at) { Fate::Overwritten } else { Fate::Newest })
}

pub(super) fn is_deleted(reader: &impl Read, connection: [u8; 8], place_id: &str, external_id: &str) -> Result<bool, Fault> {
    let found: Option<i64> = reader.optional(
        "SELECT 1 FROM signal
         WHERE connection = ?1 AND place_id = ?2 AND kind = 'message' AND external_id = ?3 AND transition = 'deleted' LIMIT 1",
        (connection, place_id, external_id),
        |row| row.get(0),
    )?;
    Ok(found.is_some())
}

/// Removes the text of everything that this transition of a message replaces; answers whether there was any.
pub(super) fn clear_older_text(tx: &Tx<'_>, connection: ConnectionId, signal: &Signal) -> Result<bool, Fault> {
    if !matches!(signal.event, Event::Message(_)) {
        return Ok(false);
    }
    let cleared = tx.run(
        "UPDATE signal SET text = NULL
         WHERE connection = ?1 AND place_id = ?2 AND kind = 'message' AND external_id = ?3 AND text IS NOT NULL",
        (connection.number(), signal.place.external_id(), &signal.external_id),
    )?;
    Ok(cleared > 0)
}

/// The columns that only some kinds have.
#[derive(Default)]
struct Parts<'a> {
    title: Option<&'a str>,
    text: Option<&'a str>,
    branch: Option<&'a str>,
    sha: Option<&'a str>,
    parent: Option<&'a str>,
    workflow: Option<&'a str>,
    environment: Option<&'a str>,
    production: Option<bool>,
    conclusion: Option<&'static str>,
    attempt: Option<u32>,
    question: f64,
}

fn parts(event: &Event) -> Parts<'_> {
    match event {
        Event::Message(message) => {
            Parts { text: message.text.as_deref(), parent: message.thread.as_deref(), question: message.question, ..Parts::default() }
        }
        Event::Change(change) => {
            Parts { title: change.title.as_deref(), branch: change.branch.as_deref(), sha: change.sha.as_deref(), ..Parts::default() }
        }
        Event::Review(review) => Parts { parent: Some(&review.change), ..Parts::default() },
        Event::Run(run) => Parts {
            workflow: Some(&run.workflow),
            branch: run.branch.as_deref(),
            sha: run.sha.as_deref(),
            conclusion: run.conclusion.map(Conclusion::as_str),
            attempt: Some(run.attempt),
            parent: run.change.as_deref(),
            ..Parts::default()
        },
        Event::Deploy(deploy) => Parts {
            environment: Some(&deploy.environment),
            production: deploy.production,
            branch: deploy.branch.as_deref(),
            sha: deploy.sha.as_deref(),
            ..Parts::default()
        },
        Event::Incident(incident) => Parts { title: incident.title.as_deref(), parent: incident.deploy.as_deref(), ..Parts::default() },
    }
}

/// Answers `false`, and writes nothing, where the very same transition is known.
pub(super) fn insert(tx: &Tx<'_>, connection: ConnectionId, signal: &Signal, scored: &Scored, now: Instant) -> Result<bool, Fault> {
    let parts = parts(&signal.event);
    let inserted = tx.run(
        "INSERT INTO signal (connection, place_kind, place_id, kind, external_id, transition, occurred_at, received_at, person_id,
             actor_kind, url, title, text, branch, sha, parent, workflow, environment, production, conclusion, attempt, question, score)
         VALUES (:connection, :place_kind, :place_id, :kind, :external_id, :transition, :occurred_at, :received_at, :person_id,
             :actor_kind, :url, :title, :text, :branch, :sha, :parent, :workflow, :environment, :production, :conclusion, :attempt,
             :question, :score)
         ON CONFLICT (connection, place_id, kind, external_id, transition, occurred_at) DO NOTHING",
        named_params! {
            ":connection": connection.number(),
            ":place_kind": signal.place.kind(),
            ":place_id": signal.place.external_id(),
            ":kind": signal.event.kind().as_str(),
            ":external_id": signal.external_id,
            ":transition": signal.event.transition(),
            ":occurred_at": signal.occurred_at.as_microsecond(),
            ":received_at": now.as_microsecond(),
            ":person_id": signal.actor.as_ref().map(PersonId::as_bytes),
            ":actor_kind": signal.actor_kind.as_str(),
            ":url": signal.url,
            ":title": parts.title,
            ":text": parts.text,
            ":branch": parts.branch,
            ":sha": parts.sha,
            ":parent": parts.parent,
            ":workflow": parts.workflow,
            ":environment": parts.environment,
            ":production": parts.production,
            ":conclusion": parts.conclusion,
            ":attempt": parts.attempt,
            ":question": parts.question,
            ":score": scored.score(),
        },
    )?;
    Ok(inserted == 1)
}

pub(super) fn load(reader: &impl Read, place: &TeamPlace, kind: SignalKind, from: Instant) -> Result<Vec<Signal>, Fault> {
    let rows = reader.all(
        "SELECT place_kind, place_id, kind, external_id, transition, occurred_at, person_id, actor_kind, url, title,
                 text, branch, sha, parent, workflow, environment, production, conclusion, attempt, question
             FROM signal
             WHERE connection = ?1 AND place_id = ?2 AND place_kind = ?3 AND kind = ?4 AND occurred_at >= ?5
               AND (?6 IS NULL OR received_at > ?6)
               AND (person_id IS NULL OR NOT EXISTS (
                   SELECT 1 FROM identity JOIN opt_out ON opt_out.lookup = identity.lookup
                   WHERE identity.person_id = signal.person_id))
             ORDER BY occurred_at, id",
        (
            place.connection.number(),
            &place.external_id,
            &place.place_kind,
            kind.as_str(),
            from.as_microsecond(),
            place.moved_at.map(Instant::as_microsecond),
        ),
        signal_of,
    )?;
    Ok(rows.into_iter().flatten().collect())
}

/// What one transition of a thing left behind, of what people may be shown.
pub(super) struct Seen {
    pub is_deleted: bool,
    pub title: Option<String>,
    pub workflow: Option<String>,
    pub text: Option<String>,
}

/// Every transition of a thing, in order of time.
pub(super) fn seen(reader: &impl Read, connection: ConnectionId, (kind, place, id): (&str, &str, &str)) -> Result<Vec<Seen>, Fault> {
    reader.all(
        "SELECT transition, title, workflow, text FROM signal
         WHERE connection = ?1 AND place_id = ?2 AND kind = ?3 AND external_id = ?4 ORDER BY occurred_at, id",
        (connection.number(), place, kind, id),
        |row| {
            let is_deleted = row.get::<_, String>(0)? == MessageTransition::Deleted.as_str();
            Ok(Seen { is_deleted, title: row.get(1)?, workflow: row.get(2)?, text: row.get(3)? })
        },
    )
}

/// `None` for a row whose words this version does not know.
fn signal_of(row: &Row<'_>) -> rusqlite::Result<Option<Signal>> {
    let (place_kind, place_id, kind): (String, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
    let transition: String = row.get(4)?;
    let Some(place) = Place::parse(&place_kind, &place_id) else { return Ok(None) };
    let Some(event) = event_of(row, &kind, &transition)? else { return Ok(None) };
    let person: Option<[u8; 16]> = row.get(6)?;
    let actor_kind: String = row.get(7)?;
    Ok(Some(Signal {
        place,
        external_id: row.get(3)?,
        occurred_at: micros(row.get(5)?),
        actor: person.map(PersonId::from_bytes),
        actor_kind: ActorKind::parse(&actor_kind).unwrap_or(ActorKind::Unknown),
        url: row.get(8)?,
        event,
    }))
}

fn event_of(row: &Row<'_>, kind: &str, transition: &str) -> rusqlite::Result<Option<Event>> {
    let Some(kind) = SignalKind::parse(kind) else { return Ok(None) };
    let event = match kind {
        SignalKind::Message => {
            let (text, thread, question) = (row.get(10)?, row.get(13)?, row.get(19)?);
            MessageTransition::parse(transition).map(|transition| Event::Message(Message { transition, thread, text, question }))
        }
        SignalKind::Change => {
            let (title, branch, sha) = (row.get(9)?, row.get(11)?, row.get(12)?);
            ChangeTransition::parse(transition).map(|transition| Event::Change(Change { transition, title, branch, sha }))
        }
        SignalKind::Review => {
            let change: Option<String> = row.get(13)?;
            let change = change.unwrap_or_default();
            ReviewTransition::parse(transition).map(|transition| Event::Review(Review { transition, change }))
        }
        SignalKind::Run => {
            let conclusion: Option<String> = row.get(17)?;
            let (workflow, attempt): (Option<String>, Option<u32>) = (row.get(14)?, row.get(18)?);
            let (branch, sha, change) = (row.get(11)?, row.get(12)?, row.get(13)?);
            RunTransition::parse(transition).map(|transition| {
                Event::Run(Run {
                    transition,
                    workflow: workflow.unwrap_or_default(),
                    branch,
                    sha,
                    conclusion: conclusion.as_deref().and_then(Conclusion::parse),
                    attempt: attempt.unwrap_or(1),
                    change,
                })
            })
        }
        SignalKind::Deploy => {
            let environment: Option<String> = row.get(15)?;
            let (production, branch, sha) = (row.get(16)?, row.get(11)?, row.get(12)?);
            DeployTransition::parse(transition).map(|transition| {
                Event::Deploy(Deploy { transition, environment: environment.unwrap_or_default(), production, branch, sha })
            })
        }
        SignalKind::Incident => {
            let (title, deploy) = (row.get(9)?, row.get(13)?);
            IncidentTransition::parse(transition).map(|transition| Event::Incident(Incident { transition, title, deploy }))
        }
    };
    Ok(event)
}

pub(super) fn keys_of_person(reader: &impl Read, person: PersonId) -> Result<Vec<StoredKey>, Fault> {
    reader.all(
        "SELECT DISTINCT connection, kind || ':' || place_id || ':' || external_id FROM signal WHERE person_id = ?1",
        (person.as_bytes(),),
        |row| Ok(StoredKey { connection: row.get(0)?, key: row.get(1)? }),
    )
}

pub(super) fn delete_of_person(tx: &Tx<'_>, person: PersonId) -> Result<(), Fault> {
    tx.run("DELETE FROM signal WHERE person_id = ?1", (person.as_bytes(),))?;
    Ok(())
}

/// What a person may be named in.
pub(super) struct Words {
    pub(super) id: i64,
    pub(super) text: Option<String>,
    pub(super) title: Option<String>,
    pub(super) workflow: Option<String>,
    pub(super) environment: Option<String>,
    /// Of a deployment it holds the environment.
    pub(super) url: Option<String>,
}

/// The next rows in which there are words, in the order of their ids. Empty at the end.
pub(super) fn words_after(reader: &impl Read, id: i64) -> Result<Vec<Words>, Fault> {
    reader.all(
        "SELECT id, text, title, workflow, environment, url FROM signal
         WHERE id > ?1 AND coalesce(text, title, workflow, environment) IS NOT NULL ORDER BY id LIMIT ?2",
        (id, WORDS_PER_PAGE),
        |row| {
            let (text, title, workflow, environment) = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
            Ok(Words { id: row.get(0)?, text, title, workflow, environment, url: row.get(5)? })
        },
    )
}

pub(super) fn put_words(tx: &Tx<'_>, words: &Words) -> Result<(), Fault> {
    tx.run(
        "UPDATE signal SET text = ?2, title = ?3, workflow = ?4, environment = ?5, url = ?6 WHERE id = ?1",
        (words.id, &words.text, &words.title, &words.workflow, &words.environment, &words.url),
    )?;
    Ok(())
}

pub(super) fn delete_text_before(tx: &Tx<'_>, received_before: Instant) -> Result<(), Fault> {
    tx.run("UPDATE signal SET text = NULL WHERE text IS NOT NULL AND received_at < ?1", (received_before.as_microsecond(),))?;
    Ok(())
}

pub(super) fn delete_signals_before(tx: &Tx<'_>, received_before: Instant) -> Result<(), Fault> {
    tx.run("DELETE FROM signal WHERE received_at < ?1", (received_before.as_microsecond(),))?;
    Ok(())
}

pub(super) fn delete_deliveries_before(tx: &Tx<'_>, received_before: Instant) -> Result<(), Fault> {
    tx.run("DELETE FROM delivery_seen WHERE received_at < ?1", (received_before.as_microsecond(),))?;
    Ok(())
}

pub(super) fn count(tx: &Tx<'_>, what: &str, which: &str) -> Result<(), Fault> {
    tx.run("INSERT INTO tally (what, which, n) VALUES (?1, ?2, 1) ON CONFLICT (what, which) DO UPDATE SET n = n + 1", (what, which))?;
    Ok(())
}

pub(super) fn heard(reader: &impl Read, place: &TeamPlace, from: Instant) -> Result<Vec<(SignalKind, u64)>, Fault> {
    let rows = reader.all(
        "SELECT kind, count(*) FROM signal
         WHERE connection = ?1 AND place_id = ?2 AND place_kind = ?3 AND occurred_at >= ?4 AND (?5 IS NULL OR received_at > ?5)
         GROUP BY kind",
        (
            place.connection.number(),
            &place.external_id,
            &place.place_kind,
            from.as_microsecond(),
            place.moved_at.map(Instant::as_microsecond),
        ),
        |row| Ok((SignalKind::parse(&row.get::<_, String>(0)?), row::count(row, 1)?)),
    )?;
    Ok(rows.into_iter().filter_map(|(kind, n)| Some((kind?, n))).collect())
}

pub(super) fn tally(reader: &impl Read, what: &str) -> Result<Vec<(String, u64)>, Fault> {
    reader.all("SELECT which, n FROM tally WHERE what = ?1 ORDER BY which", (what,), |row| Ok((row.get(0)?, row::count(row, 1)?)))
}

pub(super) fn add_connection_tally(tx: &Tx<'_>, line: &Line) -> Result<(), Fault> {
    tx.run(
        "INSERT INTO connection_tally (connection, reason, n, last_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (connection, reason) DO UPDATE SET n = n + excluded.n, last_at = max(last_at, excluded.last_at)",
        (line.connection.number(), &line.reason, i64::try_from(line.n).unwrap_or(i64::MAX), line.last_at.as_microsecond()),
    )?;
    Ok(())
}

pub(super) fn connection_tally(reader: &impl Read, org: OrgId) -> Result<Vec<Line>, Fault> {
    reader.all("SELECT connection, reason, n, last_at FROM connection_tally ORDER BY connection, reason", (), |row| {
        Ok(Line {
            connection: ConnectionId::new(org, row.get(0)?),
            reason: row.get(1)?,
            n: row::count(row, 2)?,
            last_at: micros(row.get(3)?),
        })
    })
}
