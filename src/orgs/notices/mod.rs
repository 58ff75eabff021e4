//! Notices: whoever writes in a source is told when it begins to be listened to, when that changes and when it ends.
//!
//! Here stands which notice is due and who says that it was posted; its words are made in `surfacing`. Where a notice was not
//! posted before the next change, the newer takes its place: its words say how things stand, whole.

mod sql;

use crate::audit::{self, Act, Audited};
use crate::auth::Human;
use crate::base::clock::{Instant, SignedDuration, Window};
use crate::base::error::Fault;
use crate::base::id::{ConnectionId, MemberId};
use crate::orgs::sources::Mode;
use crate::store::{OrgDb, Read, Tx};
use std::sync::Arc;

/// SHA-256 of what the readers of a source are told that is read, never read and kept.
pub type Told = [u8; 32];

/// What a notice is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    Starts,
    /// Another mode, another team, another end of the shadow.
    Changes,
    Stops,
}

impl Change {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Starts => "starts",
            Self::Changes => "changes",
            Self::Stops => "stops",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [Self::Starts, Self::Changes, Self::Stops].into_iter().find(|change| change.as_str() == word)
    }

    /// What readers are told who knew of the one mode and now meet the other; `None` where nothing is different for them.
    pub(super) fn between(was: Mode, is: Mode, is_same: bool) -> Option<Self> {
        match (was, is) {
            (Mode::Off, Mode::Off) => None,
            (Mode::Off, _) => Some(Self::Starts),
            (_, Mode::Off) => Some(Self::Stops),
            _ => (!is_same).then_some(Self::Changes),
        }
    }
}

/// A notice that fell due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    pub change: Change,
    /// What starts, what it changed to, what stopped; never [`Mode::Off`].
    pub mode: Mode,
    /// When it fell due: the notice's name, so that nobody confirms a text that another has replaced.
    pub at: Instant,
    /// When the source began to be listened to, in whatever mode; with breaks, where readers were not told of what was before.
    pub since: Instant,
    /// It was read before, since then: what was kept is kept still.
    pub is_after_reading: bool,
    /// Whoever switched it, whom readers may ask; `None` for somebody at the machine.
    pub by: Option<MemberId>,
}

/// That a notice was posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Posted {
    pub at: Instant,
    pub by: MemberId,
    pub told: Told,
}

/// The last notice of a source, with what its words need.
#[derive(Clone, Debug)]
pub struct Notice {
    pub due: Due,
    pub posted: Option<Posted>,
    /// It may be removed: its readers are told of that too.
    pub connection: ConnectionId,
    pub connection_name: String,
    pub connector: String,
    pub external_id: String,
    pub place_kind: String,
    pub label: Option<String>,
    pub team_slug: String,
    /// Of the team: an IANA name.
    pub zone: String,
    pub(in crate::orgs) is_subscribed: bool,
    /// The last stretch in shadow mode.
    pub shadow: Option<Window>,
}

impl Notice {
    /// How its source stands.
    pub fn mode(&self, now: Instant) -> Mode {
        Mode::of(self.is_subscribed, self.shadow, now)
    }

    /// Of a source in the team `web`, for tests of its words.
    #[cfg(test)]
    pub(crate) fn sample(
        due: Due,
        (connection, connector): (ConnectionId, &str),
        (external_id, label): (&str, Option<&str>),
        (is_subscribed, shadow): (bool, Option<Window>),
    ) -> Self {
        Self {
            due,
            posted: None,
            connection,
            connection_name: "Chat".to_owned(),
            connector: connector.to_owned(),
            external_id: external_id.to_owned(),
            place_kind: if connector == "slack" { "channel" } else { "repository" }.to_owned(),
            label: label.map(str::to_owned),
            team_slug: "web".to_owned(),
            zone: "UTC".to_owned(),
            is_subscribed,
            shadow,
        }
    }
}

/// Why a notice cannot be confirmed.
#[derive(Debug)]
pub enum ConfirmError {
    /// There is no notice of such a source.
    NoSuchNotice,
    /// Another has taken its place: its text must be posted instead.
    Replaced,
    Fault(Fault),
}

impl From<Fault> for ConfirmError {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

/// The last notice of every source that was ever listened to, posted or not, the newest first.
pub fn list(org: &OrgDb) -> Result<Arc<Vec<Notice>>, Fault> {
    org.known("notices", &[], |reader| of(reader, org))
}

fn of(reader: &impl Read, org: &OrgDb) -> Result<Vec<Notice>, Fault> {
    sql::list(reader, org.id())
}

/// A person says, and the proof that they are there is used up by it, that the notice which fell due at `due_at` was posted where its readers are, with words that told this.
pub fn confirm(
    org: &OrgDb,
    (connection, external_id): (ConnectionId, String),
    (due_at, told): (Instant, Told),
    by: Human,
    now: Instant,
) -> Result<(), ConfirmError> {
    if connection.org() != org.id() {
        return Err(ConfirmError::NoSuchNotice);
    }
    org.write(move |tx| {
        let (due, _) = sql::due(tx, connection, &external_id)?.ok_or(ConfirmError::NoSuchNotice)?;
        if due.at != due_at {
            return Err(ConfirmError::Replaced);
        }
        let act = Act::NoticePosted { connection, external_id: external_id.clone(), change: due.change.as_str() };
        let audited = audit::record(tx, now, by.actor(), &act)?;
        Ok(sql::set_posted(&audited, connection, &external_id, &Posted { at: now, by: by.member(), told })?)
    })
}

/// What was said of a source before this change: its readers may know nothing yet.
pub(super) struct Before {
    due: Option<(Due, bool)>,
}

impl Before {
    pub(super) fn of(tx: &Tx<'_>, connection: ConnectionId, external_id: &str) -> Result<Self, Fault> {
        Ok(Self { due: sql::due(tx, connection, external_id)? })
    }

    /// Makes the notice of this change due, in the transaction of the act that changed it.
    pub(super) fn fall_due(
        self,
        audited: &Audited<'_>,
        (connection, external_id): (ConnectionId, &str),
        (change, was, mode): (Change, Mode, Mode),
        by: Option<MemberId>,
        now: Instant,
    ) -> Result<(), Fault> {
        let is_unknown = self.due.as_ref().is_some_and(|(due, is_posted)| !is_posted && due.change == Change::Starts);
        // Two changes in one microsecond are still two.
        let earliest = self.due.as_ref().map_or(now, |(due, _)| due.at + SignedDuration::from_micros(1));
        // Of a stretch that nobody was told of, a new beginning tells too.
        let untold = self.due.filter(|(_, is_posted)| change != Change::Starts || !is_posted).map(|(due, _)| due);
        let since = untold.as_ref().map_or(now, |due| due.since);
        let is_after_reading = was == Mode::On || untold.is_some_and(|due| due.is_after_reading || due.mode == Mode::On);
        // Whoever was not told of a beginning is told of it, not of a change.
        let change = if change == Change::Changes && is_unknown { Change::Starts } else { change };
        sql::put(audited, connection, external_id, &Due { change, mode, at: now.max(earliest), since, is_after_reading, by })
    }
}
