//! Memberships that nothing came of: somebody's account was made for an organisation, and the role in the organisation's own file was not.
//!
//! Joining takes two commits in two files ([`super::join`]), and the second may fail so late that nothing more can be written, or the process
//! may end between them. Such an account opens nothing, but it keeps an address and a name of somebody who is no member of anything, and it may
//! stand before an organisation in which they are one. Never: the end of a membership whose second commit may still come.

use crate::audit::Actor;
use crate::auth::{account, roles};
use crate::base::clock::{Instant, Stopwatch};
use crate::base::error::Fault;
use crate::base::id::{MemberId, OrgId};
use crate::store::{MainDb, OrgDb};
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Longer than anybody's joining takes from its first commit to its second: both wait for a disk, and neither for a person.
const JOINING_MAX: Duration = Duration::from_mins(10);

/// Who was seen without a role, and since when.
#[derive(Debug, Default)]
pub struct Orphans(HashMap<(OrgId, MemberId), Stopwatch>);

impl Orphans {
    /// Forgets the members of `org` who were found without a role before and are without one still, and their accounts where they have no
    /// other membership. Answers how many.
    ///
    /// # Errors
    /// Where one of the two files cannot be read or written.
    pub fn sweep(&mut self, main: &MainDb, org: &OrgDb, now: Instant) -> Result<usize, Fault> {
        self.sweep_after(JOINING_MAX, main, org, now)
    }

    fn sweep_after(&mut self, joining_max: Duration, main: &MainDb, org: &OrgDb, now: Instant) -> Result<usize, Fault> {
        let id = org.id();
        let members = account::of_org(main, id)?;
        let with_role: HashSet<MemberId> = org.read(|reader| roles::all(reader))?.into_iter().map(|(member, _)| member).collect();
        let without: HashSet<MemberId> =
            members.into_iter().map(|(member, _)| member).filter(|member| !with_role.contains(member)).collect();
        self.0.retain(|(of, member), _| *of != id || without.contains(member));
        let mut forgotten = 0;
        for member in without {
            let since = self.0.entry((id, member)).or_insert_with(Stopwatch::start);
            if since.elapsed() >= joining_max {
                account::forget(main, member, id, Actor::Member(member), now)?;
                self.0.remove(&(id, member));
                forgotten += 1;
            }
        }
        Ok(forgotten)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::auth::Role;
    use crate::auth::account::{Email, NewAccount};
    use crate::base::clock::Clock;
    use crate::crypto::keys::Kek;
    use crate::orgs::organisation;
    use crate::store::Store;

    fn account(address: &str, now: Instant) -> NewAccount {
        NewAccount::prepare(&Email::parse(address).unwrap(), "somebody", "correct horse battery", now).unwrap()
    }

    #[test]
    fn an_account_without_a_role_is_forgotten_once_nobody_can_be_joining_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stepped("2026-03-02T09:00:00Z".parse().unwrap());
        let (now, store) = (clock.now(), Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &clock, true).unwrap());
        let main = store.main();
        let (org, _) = organisation::found(&store, &clock, "Acme", account("ana@acme.example", now), Actor::Operator).unwrap();
        let (other, ben) = organisation::found(&store, &clock, "Other", account("ben@acme.example", now), Actor::Operator).unwrap();
        // The first commit of two who join, and no second.
        let (late, id) = (account("late@acme.example", now), org.id());
        let actor = Actor::Member(late.member());
        main.write(move |tx| late.insert(tx, id, Role::Member, actor, now)).unwrap();
        account::join(main, ben, id, Role::Member, now).unwrap();
        let exists = |address: &str| account::exists(main, &Email::parse(address).unwrap()).unwrap();
        let members = |org: &OrgDb| account::of_org(main, org.id()).unwrap().len();

        let mut orphans = Orphans::default();
        for _ in 0..2 {
            assert_eq!(orphans.sweep(main, &org, now).unwrap(), 0, "they may be joining at this moment");
        }
        assert!(exists("late@acme.example") && members(&org) == 3);
        assert_eq!(orphans.sweep_after(Duration::ZERO, main, &org, now).unwrap(), 2);
        assert_eq!(orphans.sweep_after(Duration::ZERO, main, &other, now).unwrap(), 0);
        assert!(!exists("late@acme.example"), "the address is free");
        assert!(exists("ben@acme.example"), "who belongs elsewhere keeps their account");
        assert_eq!((members(&org), members(&other)), (1, 1));
    }

    #[test]
    fn whoever_got_their_role_meanwhile_is_no_suspect_any_more() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stepped("2026-03-02T09:00:00Z".parse().unwrap());
        let (now, store) = (clock.now(), Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &clock, true).unwrap());
        let main = store.main();
        let (org, _) = organisation::found(&store, &clock, "Acme", account("ana@acme.example", now), Actor::Operator).unwrap();
        let (late, id) = (account("late@acme.example", now), org.id());
        let (member, actor) = (late.member(), Actor::Member(late.member()));
        main.write(move |tx| late.insert(tx, id, Role::Member, actor, now)).unwrap();
        let mut orphans = Orphans::default();
        orphans.sweep(main, &org, now).unwrap();
        assert_eq!(orphans.0.len(), 1);
        org.write(move |tx| account::give_role(tx, member, Role::Member, actor, now)).unwrap();
        assert_eq!(orphans.sweep_after(Duration::ZERO, main, &org, now).unwrap(), 0);
        assert!(orphans.0.is_empty() && account::of_org(main, id).unwrap().len() == 2);
    }
}
