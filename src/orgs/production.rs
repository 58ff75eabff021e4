//! What an organisation calls the environments that are production, where its tools do not say so.
//!
//! Never a judgement of a tool's word: what a tool says to be production is, whatever it is called.

use crate::audit::{self, Act, Actor};
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::orgs::sql;
use crate::store::{OrgDb, Read};

/// Most names: every region of a large product.
pub const NAMES_MAX: usize = 20;
/// Longest name, in characters: longer ones could not be told apart on a page.
pub const NAME_CHARS_MAX: usize = 100;
/// What stands between two names, on a page and in the file; so it stands in none.
pub const BETWEEN: char = ',';

/// Names of environments in small letters, each once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names(Vec<String>);

impl Names {
    /// `None` for no name at all, too many, and one that is empty, too long, or holds anything but plain ASCII letters, digits, signs and
    /// inner spaces.
    pub fn parse<S: AsRef<str>>(names: &[S]) -> Option<Self> {
        let is_name = |name: &str| {
            let is_plain = name.bytes().all(|b| b == b' ' || b.is_ascii_graphic()) && !name.contains(BETWEEN);
            is_plain && !name.is_empty() && name.len() <= NAME_CHARS_MAX && name.trim() == name
        };
        if names.is_empty() || names.len() > NAMES_MAX || !names.iter().all(|name| is_name(name.as_ref())) {
            return None;
        }
        let mut all: Vec<String> = Vec::new();
        for name in names.iter().map(|name| name.as_ref().to_ascii_lowercase()) {
            if !all.contains(&name) {
                all.push(name);
            }
        }
        Some(Self(all))
    }

    pub fn as_slice(&self) -> &[String] {
        &self.0
    }

    /// All of them in one line.
    pub fn line(&self) -> String {
        self.0.join(", ")
    }
}

/// The names that the organisation gave; `None` where it gave none, and those of the detectors hold.
pub fn names(reader: &impl Read) -> Result<Option<Names>, Fault> {
    let kept = sql::production(reader)?;
    Ok(kept.and_then(|kept| Names::parse(&kept.split(BETWEEN).map(str::trim).collect::<Vec<_>>())))
}

/// Gives them, for every look from the next one on.
pub fn give(org: &OrgDb, names: Names, actor: Actor, now: Instant) -> Result<(), Fault> {
    org.write(move |tx| {
        let audited = audit::record(tx, now, actor, &Act::ProductionNamed { names: names.line() })?;
        sql::set_production(&audited, &names.line())
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Clock;
    use crate::crypto::keys::Kek;
    use crate::store::Store;

    #[test]
    fn names_are_small_and_each_stands_once() {
        let names = Names::parse(&["Prod EU", "live", "prod eu", "PROD-us_1"]).unwrap();
        assert_eq!(names.line(), "prod eu, live, prod-us_1");
        for bad in [vec![], vec![""], vec![" prod"], vec!["a,b"], vec!["a\nb"], vec!["pröd"], vec!["x"; NAMES_MAX + 1]] {
            assert_eq!(Names::parse(&bad), None, "{bad:?}");
        }
        assert_eq!(Names::parse(&["x".repeat(NAME_CHARS_MAX + 1)]), None);
        assert!(Names::parse(&["x".repeat(NAME_CHARS_MAX)]).is_some() && Names::parse(&["x"; NAMES_MAX]).is_some());
    }

    #[test]
    fn what_is_given_is_found_again_and_stands_in_the_log() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stepped("2026-03-02T09:00:00Z".parse().unwrap());
        let store = Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &clock, true).unwrap();
        let now = clock.now();
        let in_file = move |tx: &crate::store::Tx<'_>, id| {
            let audited = audit::record(tx, now, Actor::Operator, &Act::OrganisationCreated { name: "Acme".to_owned() })?;
            sql::insert_organisation(&audited, id, "Acme", now)
        };
        let org = store.create_org::<Fault>(&clock, in_file, |_, _| Ok(())).unwrap();
        assert_eq!(org.read(|reader| names(reader)).unwrap(), None);
        let given = Names::parse(&["Prod EU", "live"]).unwrap();
        give(&org, given.clone(), Actor::Operator, now).unwrap();
        assert_eq!(org.read(|reader| names(reader)).unwrap(), Some(given));
        let log = org.read(|reader| audit::entries(reader)).unwrap();
        assert!(log.last().unwrap().1.contains("prod eu, live"), "{log:?}");
    }
}
