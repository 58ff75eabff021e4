//! When nobody listened: the stretches in which a source was off, or the appliance down. What happened then did not arrive,
//! and no tool sends it again.
//!
//! An outage is found by a heartbeat: where the last lies longer ago than [`OUTAGE_MIN`], nobody listened since. A machine that
//! slept, or a clock that was set forward, looks the same, and to be careful counts as one.

use crate::base::clock::{Instant, SignedDuration, Window};
use crate::base::error::Fault;
use crate::base::id::{ConnectionId, OrgId};
use crate::orgs::sql;
use crate::store::{OrgDb, Read};

/// Shortest outage that is remembered: Slack sends an event again within about an hour, so what a shorter one cost is little.
pub const OUTAGE_MIN: SignedDuration = SignedDuration::from_hours(1);
/// How often the heart beats: often enough to date an outage, seldom enough to cost an idle disk nothing.
pub const BEAT_EVERY: SignedDuration = SignedDuration::from_mins(5);
/// Days for which a stretch is kept: as long as the changes that may have been open in it.
const KEPT_DAYS: i64 = 400;

/// A stretch in which nobody listened; one that goes on ends at the end of time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// The source by its connection and external id; `None` for all of them.
    pub of: Option<(ConnectionId, String)>,
    pub during: Window,
}

/// Every stretch that is kept.
pub fn list(reader: &impl Read, org: OrgId) -> Result<Vec<Stretch>, Fault> {
    sql::unheard(reader, org)
}

/// Says that somebody listens at `now`, and remembers the outage that is over with it.
pub fn beat(org: &OrgDb, now: Instant) -> Result<(), Fault> {
    let last = org.read(|reader| sql::heartbeat(reader))?;
    let since = last.map(|last| last.duration_until(now));
    if since.is_some_and(|since| SignedDuration::ZERO <= since && since < BEAT_EVERY) {
        return Ok(());
    }
    org.write(move |tx| {
        if let Some(last) = last.filter(|_| since.is_some_and(|since| since >= OUTAGE_MIN)) {
            sql::insert_outage(tx, Window { from: last, to: now })?;
        }
        if last.is_some_and(|last| last > now) {
            // The clock was ahead: an outage that it made up must not reach into the future.
            sql::cut_unheard(tx, now)?;
        }
        sql::put_heartbeat(tx, now)
    })
}

/// Forgets stretches that no change can have been open in.
pub fn sweep(org: &OrgDb, now: Instant) -> Result<(), Fault> {
    org.write(move |tx| sql::delete_unheard_before(tx, Window::days_before(now, KEPT_DAYS).from))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::Actor;
    use crate::auth::account::{Email, NewAccount};
    use crate::base::clock::Clock;
    use crate::crypto::keys::Kek;
    use crate::orgs::connections::{self, NewConnection, SecretMaker};
    use crate::orgs::organisation;
    use crate::orgs::sources::{self, Switch};
    use crate::store::Store;

    fn at(text: &str) -> Instant {
        format!("2026-03-{text}Z").parse().unwrap()
    }

    fn organisation() -> (OrgDb, tempfile::TempDir) {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stepped(at("02T09:00:00"));
        let store = Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &clock, true).unwrap();
        let owner =
            NewAccount::prepare(&Email::parse("a@acme.example").unwrap(), "a", "correct horse battery staple", clock.now()).unwrap();
        (organisation::found(&store, &clock, "Acme", owner, Actor::Operator).unwrap().0, folder)
    }

    fn stretches(org: &OrgDb) -> Vec<Stretch> {
        org.read(|reader| list(reader, org.id())).unwrap()
    }

    #[test]
    fn an_hour_without_a_heartbeat_is_an_outage() {
        let (org, _folder) = organisation();
        for beats_at in ["02T09:00:00", "02T09:04:59", "02T09:30:00", "02T10:29:59", "02T11:29:59", "02T11:31:00"] {
            beat(&org, at(beats_at)).unwrap();
        }
        let outage = Window { from: at("02T10:29:59"), to: at("02T11:29:59") };
        assert_eq!(stretches(&org), [Stretch { of: None, during: outage }]);
        beat(&org, "2027-03-02T00:00:00Z".parse().unwrap()).unwrap();
        assert_eq!(stretches(&org).len(), 2);
        beat(&org, at("02T11:45:00")).unwrap();
        let made_up = Window { from: at("02T11:29:59"), to: at("02T11:45:00") };
        assert_eq!(stretches(&org)[1].during, made_up, "a clock that leaps and is set back leaves no outage in the future");
        sweep(&org, "2027-04-10T00:00:00Z".parse().unwrap()).unwrap();
        assert_eq!(stretches(&org), []);
    }

    #[test]
    fn a_source_is_not_heard_from_when_it_is_switched_off_until_it_is_on_again() {
        let (org, _folder) = organisation();
        let wish = NewConnection {
            id: None,
            connector: "github",
            secret_maker: SecretMaker::Us,
            needs_base_url: false,
            name: "Code".to_owned(),
            base_url: None,
            secret: None,
        };
        let connection = connections::create(&org, wish, Actor::Operator, at("02T09:00:00")).unwrap().connection.id;
        let switch = |is_subscribed: bool, label: Option<&str>, now: &str| {
            let wish = Switch {
                connection,
                external_id: "acme/web".to_owned(),
                place_kind: "repository",
                as_written: "acme/web".to_owned(),
                label: label.map(str::to_owned),
                is_subscribed,
                team: None,
            };
            sources::switch(&org, wish, None, Actor::Operator, at(now)).unwrap();
        };
        switch(true, None, "02T09:00:00");
        assert_eq!(stretches(&org), [], "before it was ever on, nothing was begun that could be missed");
        switch(false, None, "03T09:00:00");
        switch(false, Some("web"), "03T10:00:00");
        let of = Some((connection, "acme/web".to_owned()));
        assert_eq!(stretches(&org), [Stretch { of: of.clone(), during: Window { from: at("03T09:00:00"), to: Instant::MAX } }]);
        switch(true, None, "04T09:00:00");
        switch(true, Some("the web"), "05T09:00:00");
        assert_eq!(stretches(&org), [Stretch { of, during: Window { from: at("03T09:00:00"), to: at("04T09:00:00") } }]);
    }
}
