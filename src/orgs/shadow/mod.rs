//! Shadow mode: a source is tried out, and only counts are kept of it, for a time that an admin sets.
//!
//! Never: anything of a signal but that it was one. What is counted under which words is said by whoever counts; here stand the
//! counts, by day and source, and how long they live. When the time of a shadow is over the source is off: nothing goes on by
//! itself.

mod sql;

use crate::base::clock::{Instant, SignedDuration, Window};
use crate::base::error::Fault;
use crate::base::id::ConnectionId;
use crate::store::{Read, Tx};
use jiff::tz::TimeZone;

/// Days that a source is tried out where nobody says how many: one of each day of the week.
pub const DAYS_DEFAULT: u16 = 7;
/// Most days that are asked for at once, a quarter; whoever wants more asks again.
pub const DAYS_MAX: u16 = 90;
/// Days for which counts outlive their shadow, so that somebody can still decide by them.
pub const KEPT_DAYS: i64 = 35;

/// How long a source is to be tried out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Days(u16);

impl Days {
    /// `None` for none at all, and for more than [`DAYS_MAX`].
    pub fn new(days: u16) -> Option<Self> {
        (1..=DAYS_MAX).contains(&days).then_some(Self(days))
    }

    /// The instant so many days of 24 hours after `now`.
    pub(super) fn after(self, now: Instant) -> Instant {
        now.saturating_add(SignedDuration::from_hours(24 * i64::from(self.0))).unwrap_or(Instant::MAX)
    }
}

impl Default for Days {
    fn default() -> Self {
        Self(DAYS_DEFAULT)
    }
}

/// One count of one day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// In the zone of the source's team: `2026-03-09`.
    pub day: String,
    pub what: String,
    pub which: String,
    pub n: u64,
}

/// Adds one to each of these counts of a source, on the day that `now` is for its team.
pub fn count(tx: &Tx<'_>, (connection, external_id): (ConnectionId, &str), counts: &[(&str, &str)], now: Instant) -> Result<(), Fault> {
    let zone = sql::zone(tx, connection, external_id)?;
    let zone = zone.and_then(|name| TimeZone::get(&name).ok()).unwrap_or(TimeZone::UTC);
    let day = now.to_zoned(zone).date().to_string();
    counts.iter().try_for_each(|which| sql::add(tx, (connection, external_id), &day, *which))
}

/// Every count of a source's last shadow, by day.
pub fn lines(reader: &impl Read, connection: ConnectionId, external_id: &str) -> Result<Vec<Line>, Fault> {
    sql::lines(reader, connection, external_id)
}

/// Takes back what was counted of a source: a new shadow begins at nothing, and what is read is counted elsewhere.
pub(super) fn forget(tx: &Tx<'_>, connection: ConnectionId, external_id: &str) -> Result<(), Fault> {
    sql::delete(tx, connection, external_id)
}

/// Takes away the counts of shadows that are long over.
pub fn sweep(tx: &Tx<'_>, now: Instant) -> Result<(), Fault> {
    sql::delete_ended_before(tx, Window::days_before(now, KEPT_DAYS).from)
}
