//! A source in shadow mode: what comes goes through every gate in memory as it would, then counters move, and it is forgotten.
//!
//! Never: a word, a name, an id or a time of a signal on disk. Nothing here calls the store's door for signals, and that door asks
//! for a source that is on. Four things a source that is on would write down are left out or held in memory until the program
//! ends: that the place was found open, which workspace came first, which deliveries were counted (as digests), and other names of
//! somebody who stepped out. So a delivery that comes again after a restart counts twice, and the numbers are for people to
//! decide by, not for anything to rest on.
//!
//! Whoever stepped out is not counted, not even as a refusal, here or at the connection: in a small channel that would be one person's count. Nor is
//! what people say among themselves, where a place turns out to be such a conversation.

use crate::base::error::Fault;
use crate::base::id::ConnectionId;
use crate::capture::claims::Claims;
use crate::capture::consent;
use crate::capture::scored::Scored;
use crate::capture::{NotScored, NotStored, Outcome, Path, TRIES_MAX, is_deletion, is_from_elsewhere, sql};
use crate::connectors::{Peek, PlaceClaim};
use crate::crypto::hash;
use crate::orgs::connections;
use crate::orgs::shadow::{self, Line};
use crate::orgs::sources::{self, Hearing};
use crate::people::OptOuts;
use crate::signals::countable::{Countable, countables};
use crate::signals::place::Place;
use crate::signals::refusal::Refusal;
use crate::signals::{Event, Signal};
use crate::store::Read;
use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Most marks that are held: the last days of a busy installation, in about 3 MB. The oldest give way.
const MARKS_MAX: usize = 65_536;
/// Bytes of a mark: 128 bits, so that no two things share one by chance.
const MARK_BYTES: usize = 16;

const CAPTURED: &str = "captured";
const STOPPED_LOCALLY: &str = "stopped_locally";
const REFUSED: &str = "refused";
const PASSES: &str = "passes";
const SEEN: &str = "seen";

/// A digest of ids, cut: it says whether the same comes again, and nothing else.
type Mark = [u8; MARK_BYTES];

fn mark(what: &str, connection: ConnectionId, parts: &[&str]) -> Mark {
    let number: &[u8] = connection.number();
    let parts: Vec<&[u8]> = std::iter::once(number).chain(parts.iter().map(|part| part.as_bytes())).collect();
    hash::in_domain(what, &parts).first_chunk().copied().unwrap_or_default()
}

/// What shadow mode remembers, until the program ends.
#[derive(Default)]
pub(super) struct Shadows(Mutex<Memory>);

#[derive(Default)]
struct Memory {
    marks: HashSet<Mark>,
    /// The same, oldest first.
    order: VecDeque<Mark>,
    /// The workspace that came first, of connections that have kept nothing yet.
    workspaces: HashMap<ConnectionId, Mark>,
}

impl Shadows {
    /// Remembers these; `false`, and nothing is remembered, where one of them is known.
    fn are_new(&self, marks: &[Mark]) -> bool {
        let mut memory = self.memory();
        if marks.iter().any(|mark| memory.marks.contains(mark)) {
            return false;
        }
        for mark in marks {
            if memory.marks.insert(*mark) {
                memory.order.push_back(*mark);
            }
        }
        while memory.order.len() > MARKS_MAX {
            if let Some(oldest) = memory.order.pop_front() {
                memory.marks.remove(&oldest);
            }
        }
        true
    }

    fn knows(&self, mark: &Mark) -> bool {
        self.memory().marks.contains(mark)
    }

    /// Takes back what [`Self::are_new`] remembered, where it came to nothing.
    fn forget(&self, marks: &[Mark]) {
        let mut memory = self.memory();
        memory.marks.retain(|mark| !marks.contains(mark));
        memory.order.retain(|mark| !marks.contains(mark));
    }

    /// Whether this workspace is the one that came first.
    fn is_first(&self, connection: ConnectionId, workspace: Mark) -> bool {
        *self.memory().workspaces.entry(connection).or_insert(workspace) == workspace
    }

    fn memory(&self) -> MutexGuard<'_, Memory> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Shadows {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shadows(..)")
    }
}

impl Path<'_> {
    /// What [`Path::walk`] does from the question on whether the place is open, with a count at its end.
    pub(super) fn walk_in_shadow(
        &self,
        (peek, place): (&Peek<'_>, &Place),
        hearing: Hearing,
        (claims, known): (&Claims, PlaceClaim),
    ) -> Result<Outcome, Fault> {
        // It ends in a write that is waited for.
        self.org.may_take_long()?;
        let open = mark("shadow open", self.connection, &[&peek.place_id]);
        let was_open = if self.desk.shadows.knows(&open) { PlaceClaim::Open } else { PlaceClaim::Silent };
        let holds = known.and(was_open).and(peek.claim);
        if let Some(refusal) = holds.refusal() {
            // That a place is closed is written down whatever its mode: it keeps people's words out.
            claims.remember(self.org, &peek.place_id, known.and(peek.claim))?;
            return self.refuse_in_shadow(place, refusal);
        }
        let bound = connections::workspace(self.org, self.connection)?;
        if is_from_elsewhere(peek, bound.as_ref().as_ref()) || !self.is_of_first_workspace(peek)? {
            return self.refuse_in_shadow(place, Refusal::OtherWorkspace);
        }
        self.desk.shadows.are_new(&[open]);
        for _ in 0..TRIES_MAX {
            match self.count((peek, place), hearing) {
                Ok(()) => return Ok(Outcome::Refused(Refusal::Shadow)),
                Err(NotStored::Duplicate) => return Ok(Outcome::Duplicate),
                Err(NotStored::Refused(refusal)) => return self.refuse_in_shadow(place, refusal),
                Err(NotStored::Fault(fault)) => return Err(fault),
                Err(NotStored::Overtaken) => {}
            }
        }
        Ok(Outcome::Unseen)
    }

    fn is_of_first_workspace(&self, peek: &Peek<'_>) -> Result<bool, Fault> {
        let Some(workspace) = &peek.workspace else { return Ok(true) };
        if connections::workspace(self.org, self.connection)?.is_some() {
            return Ok(true);
        }
        Ok(self.desk.shadows.is_first(self.connection, mark("shadow workspace", self.connection, &[workspace])))
    }

    fn refuse_in_shadow(&self, place: &Place, refusal: Refusal) -> Result<Outcome, Fault> {
        if refusal == Refusal::OptedOut {
            return Ok(Outcome::Unseen);
        }
        if !matches!(refusal, Refusal::NotSubscribed | Refusal::GroupMessage | Refusal::DirectMessage) {
            let (connection, now, place_id) = (self.connection, self.now, place.external_id().to_owned());
            self.org.append(move |tx| {
                if !sources::hearing(tx, connection, &place_id, now)?.is_some_and(|hearing| hearing.is_shadow) {
                    return Ok::<_, Fault>(());
                }
                shadow::count(tx, (connection, &place_id), &[(REFUSED, refusal.as_str())], now)
            })?;
        }
        Ok(Outcome::Refused(refusal))
    }

    /// Reads, consents, redacts, scores and counts.
    fn count(&self, (peek, place): (&Peek<'_>, &Place), hearing: Hearing) -> Result<(), NotStored> {
        let (scored, judged_by) =
            self.score((peek, place), |parsed, who| consent::admit(parsed, Some(hearing.team), who).map_err(NotScored::Refused))?;
        let signal = scored.redacted().signal(None, scored.question());
        let connection = self.connection;
        let gone = mark("shadow gone", connection, &[signal.place.external_id(), &signal.external_id]);
        let delivered = mark("shadow delivery", connection, &[scored.redacted().dedupe_key()]);
        if self.desk.shadows.knows(&delivered) {
            return Err(NotStored::Duplicate);
        }
        if matches!(signal.event, Event::Message(_)) && self.desk.shadows.knows(&gone) {
            return Err(NotStored::Refused(Refusal::AlreadyGone));
        }
        let marks: Vec<Mark> =
            [Some(delivered), Some(mark_of(connection, &signal)), is_deletion(&signal).then_some(gone)].into_iter().flatten().collect();
        if !self.desk.shadows.are_new(&marks) {
            return Err(NotStored::Duplicate);
        }
        self.write_counts(scored, signal, judged_by).inspect_err(|_| self.desk.shadows.forget(&marks))
    }

    fn write_counts(&self, scored: Scored, signal: Signal, judged_by: Arc<OptOuts>) -> Result<(), NotStored> {
        let (connection, now) = (self.connection, self.now);
        self.org.append(move |tx| {
            let place_id = signal.place.external_id();
            if !sources::hearing(tx, connection, place_id, now)?.is_some_and(|hearing| hearing.is_shadow) {
                return Err(NotStored::Refused(Refusal::NotSubscribed));
            }
            if OptOuts::load(tx)? != *judged_by {
                return Err(NotStored::Overtaken);
            }
            if sql::was_delivered(tx, connection, scored.redacted().delivery())? {
                return Err(NotStored::Duplicate);
            }
            if matches!(sql::fate(tx, connection, &signal)?, sql::Fate::Gone) {
                return Err(NotStored::Refused(Refusal::AlreadyGone));
            }
            if sql::is_stored(tx, connection, &signal)? {
                return Err(NotStored::Duplicate);
            }
            Ok(shadow::count(tx, (connection, place_id), &counts(&scored), now)?)
        })
    }
}

/// One transition of one thing, as the store tells them apart.
fn mark_of(connection: ConnectionId, signal: &Signal) -> Mark {
    let (kind, at) = (signal.event.kind().as_str(), signal.occurred_at.to_string());
    mark("shadow signal", connection, &[signal.place.external_id(), kind, &signal.external_id, signal.event.transition(), &at])
}

/// Which counters a signal moves.
fn counts(scored: &Scored) -> Vec<(&'static str, &'static str)> {
    let event = scored.redacted().event();
    let kind = event.kind().as_str();
    let mut counts = vec![(CAPTURED, kind)];
    counts.extend((!scored.may_move_a_window()).then_some((STOPPED_LOCALLY, kind)));
    counts.extend(scored.passes().map(|dial| (PASSES, dial.as_str())));
    counts.extend(countables(event, scored.is_question()).into_iter().map(|what| (SEEN, what.as_str())));
    counts
}

/// What a source's last shadow counted, or one day of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// What would have been kept, by kind of signal. Each of them would have been scored.
    pub captured: BTreeMap<String, u64>,
    /// How many of these can move no detector's window: they would have been kept and looked at no further.
    pub stopped_locally: u64,
    /// What would have been turned away after its place was read, by reason; nobody who stepped out.
    pub refused: BTreeMap<String, u64>,
    /// Messages that would pass the local filter, by stop of the dial.
    pub passes: BTreeMap<String, u64>,
    seen: BTreeMap<String, u64>,
}

impl Counts {
    fn add(&mut self, line: &Line) {
        let by_name = match line.what.as_str() {
            CAPTURED => &mut self.captured,
            REFUSED => &mut self.refused,
            PASSES => &mut self.passes,
            SEEN => &mut self.seen,
            STOPPED_LOCALLY => {
                self.stopped_locally = self.stopped_locally.saturating_add(line.n);
                return;
            }
            // A count of a newer version.
            _ => return,
        };
        let count = by_name.entry(line.which.clone()).or_default();
        *count = count.saturating_add(line.n);
    }

    pub fn captured_in_all(&self) -> u64 {
        self.captured.values().sum()
    }

    pub fn refused_in_all(&self) -> u64 {
        self.refused.values().sum()
    }

    /// How many of this sort came.
    pub fn seen(&self, what: Countable) -> u64 {
        self.seen.get(what.as_str()).copied().unwrap_or(0)
    }
}

/// What is known of a source's last shadow.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preview {
    pub total: Counts,
    /// The days on which something came, oldest first; `2026-03-09` in the zone of the source's team.
    pub days: Vec<(String, Counts)>,
}

/// What was counted of a source in its last shadow.
pub fn preview(reader: &impl Read, connection: ConnectionId, external_id: &str) -> Result<Preview, Fault> {
    let mut preview = Preview::default();
    for line in shadow::lines(reader, connection, external_id)? {
        preview.total.add(&line);
        if preview.days.last().is_none_or(|(day, _)| *day != line.day) {
            preview.days.push((line.day.clone(), Counts::default()));
        }
        if let Some((_, counts)) = preview.days.last_mut() {
            counts.add(&line);
        }
    }
    Ok(preview)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::OrgId;

    fn number(n: usize) -> Mark {
        let mut mark = [0; MARK_BYTES];
        mark[..8].copy_from_slice(&n.to_le_bytes());
        mark
    }

    #[test]
    fn what_is_remembered_is_bounded_and_the_oldest_gives_way() {
        let shadows = Shadows::default();
        for n in 0..=MARKS_MAX {
            assert!(shadows.are_new(&[number(n)]));
        }
        assert!(!shadows.knows(&number(0)) && shadows.knows(&number(1)) && shadows.knows(&number(MARKS_MAX)));
        assert_eq!(shadows.memory().marks.len(), MARKS_MAX);
    }

    #[test]
    fn a_delivery_of_which_one_part_is_known_is_not_remembered() {
        let shadows = Shadows::default();
        assert!(shadows.are_new(&[number(1), number(2)]));
        assert!(!shadows.are_new(&[number(2), number(3)]));
        assert!(!shadows.knows(&number(3)));
        shadows.forget(&[number(1), number(2)]);
        assert!(shadows.are_new(&[number(2), number(3)]));
    }

    #[test]
    fn a_mark_tells_connections_purposes_and_ids_apart() {
        let connection = |n: u8| ConnectionId::new(OrgId::from_bytes([1; 16]), [n; 8]);
        let marks = [
            mark("a", connection(1), &["x", "y"]),
            mark("a", connection(2), &["x", "y"]),
            mark("b", connection(1), &["x", "y"]),
            mark("a", connection(1), &["xy"]),
        ];
        assert_eq!(marks.iter().collect::<HashSet<_>>().len(), marks.len());
    }
}
