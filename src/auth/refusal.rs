//! Tries to do what one may not: refused by whoever was asked, and written down here.

use crate::audit::{self, Act};
use crate::auth::Principal;
use crate::auth::sign_in::Desk;
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::store::OrgDb;

/// Leaves a leaf that `who` tried `what`, which is words of ours: a route or an act, never what was sent. So many an hour for each member.
pub fn write_down(org: &OrgDb, desk: &Desk, who: &Principal, what: &str, now: Instant) -> Result<(), Fault> {
    if desk.refusals.take(&who.member().to_string(), now).is_err() {
        return Ok(());
    }
    let (actor, act) = (who.actor(), Act::AccessRefused { what: what.to_owned() });
    org.write(move |tx| audit::record(tx, now, actor, &act).map(drop))
}
