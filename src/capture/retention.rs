//! What is kept is kept for a time (DECISIONS, 'What is kept').

use crate::base::clock::{Instant, SignedDuration};
use crate::base::error::Fault;
use crate::capture::sql;
use crate::orgs::shadow;
use crate::store::OrgDb;

/// Days that the redacted text of a message is kept.
pub const TEXT_DAYS: i64 = 35;
/// Days that titles, times and states are kept.
pub const SIGNAL_DAYS: i64 = 400;
/// Days that a captured delivery is recognised when it comes again.
pub const DELIVERY_DAYS: i64 = 90;

/// Takes away whatever is over its time.
pub fn sweep(org: &OrgDb, now: Instant) -> Result<(), Fault> {
    let before = move |days: i64| now.saturating_sub(SignedDuration::from_hours(24 * days)).unwrap_or(Instant::MIN);
    org.write(move |tx| {
        sql::delete_text_before(tx, before(TEXT_DAYS))?;
        sql::delete_signals_before(tx, before(SIGNAL_DAYS))?;
        sql::delete_deliveries_before(tx, before(DELIVERY_DAYS))?;
        shadow::sweep(tx, now)
    })?;
    // Where a reader needs the log just now, the next sweep empties it.
    org.scrub().map(drop)
}
