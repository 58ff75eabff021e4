//! The log as people read it, newest first. Reading changes nothing and proves nothing: for that there is [`crate::audit::verify()`].

use crate::audit::sql;
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::MemberId;
use crate::store::Read;
use serde::Deserialize;

/// One entry as it is stored.
pub(super) struct Kept {
    pub(super) seq: i64,
    pub(super) leaf: String,
    pub(super) detail: Option<String>,
}

/// One entry as it is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Its place in the log, from 1.
    pub number: i64,
    /// What the leaf says; `None` for one that cannot be read, which [`crate::audit::verify()`] reports.
    pub said: Option<Said>,
    /// What was done, in words; `None` where it was erased.
    pub detail: Option<String>,
}

/// What a leaf says in the open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    pub at: Instant,
    pub by: By,
    /// The act’s lasting name: `source.switched_on`.
    pub act: String,
}

/// Who acted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Member {
        id: MemberId,
        via_token: bool,
    },
    Operator,
    /// Nobody may know.
    Withheld,
}

#[derive(Deserialize)]
struct Leaf {
    at: Instant,
    actor: String,
    act: String,
}

/// What a leaf’s actor is called before the id of a member, and after it where a token was used.
const MEMBER: &str = "member:";
const VIA_TOKEN: &str = " via token";

/// The newest `most` entries before the entry `before`, of acts whose names begin with one of `nouns`; of all where there is none.
///
/// # Errors
/// Where the log cannot be read.
pub fn newest(reader: &impl Read, nouns: &[&str], before: Option<i64>, most: u32) -> Result<Vec<LogEntry>, Fault> {
    let nouns = nouns.iter().fold(String::new(), |all, noun| format!("{all} {noun} "));
    let kept = sql::entries_before(reader, before.unwrap_or(i64::MAX), &nouns, most)?;
    Ok(kept.into_iter().map(|Kept { seq, leaf, detail }| LogEntry { number: seq, said: said(&leaf), detail }).collect())
}

fn said(leaf: &str) -> Option<Said> {
    let Leaf { at, actor, act } = serde_json::from_str(leaf).ok()?;
    Some(Said { at, by: by(&actor)?, act })
}

fn by(actor: &str) -> Option<By> {
    let Some(id) = actor.strip_prefix(MEMBER) else {
        return match actor {
            "operator" => Some(By::Operator),
            "withheld" => Some(By::Withheld),
            _ => None,
        };
    };
    let (id, via_token) = id.strip_suffix(VIA_TOKEN).map_or((id, false), |id| (id, true));
    Some(By::Member { id: id.parse().ok()?, via_token })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::audit::{Act, Actor, record};
    use crate::base::clock::Clock;
    use crate::crypto::keys::Kek;
    use crate::store::Store;

    #[test]
    fn what_an_actor_is_written_as_is_read_back() {
        let id = MemberId::from_bytes([7; 16]);
        for (actor, expected) in [
            (Actor::Member(id), By::Member { id, via_token: false }),
            (Actor::MemberViaToken(id), By::Member { id, via_token: true }),
            (Actor::Operator, By::Operator),
            (Actor::Withheld, By::Withheld),
        ] {
            assert_eq!(by(&actor.to_string()), Some(expected));
        }
        assert_eq!([by("member:nobody"), by("nobody")], [None, None]);
    }

    #[test]
    fn the_log_is_read_newest_first_page_by_page_and_by_what_it_is_about() {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stepped("2026-03-02T09:00:00Z".parse().unwrap());
        let store = Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &clock, true).unwrap();
        let org = store.create_org::<Fault>(&clock, |_, _| Ok(()), |_, _| Ok(())).unwrap();
        let at = clock.now();
        org.write(move |tx| {
            for slug in ["one", "two", "three"] {
                record(tx, at, Actor::Operator, &Act::TeamCreated { slug: slug.to_owned() })?;
                record(tx, at, Actor::Operator, &Act::PersonSteppedOut)?;
            }
            Ok::<_, Fault>(())
        })
        .unwrap();
        let read = |nouns: &[&str], before, most| {
            let found = org.read(|reader| newest(reader, nouns, before, most)).unwrap();
            found.into_iter().map(|entry| (entry.number, entry.said.unwrap().act)).collect::<Vec<_>>()
        };
        let entry = |number, act: &str| (number, act.to_owned());
        assert_eq!(read(&[], None, 2), [entry(6, "person.stepped_out"), entry(5, "team.created")]);
        assert_eq!(read(&[], Some(2), 9), [entry(1, "team.created")]);
        assert_eq!(read(&["team"], None, 2), [entry(5, "team.created"), entry(3, "team.created")]);
        assert_eq!(read(&["team", "person"], Some(3), 9), [entry(2, "person.stepped_out"), entry(1, "team.created")]);
        assert_eq!(read(&["tea", "tokens"], None, 9), [], "a part of a noun is none");
    }
}
