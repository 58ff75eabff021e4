//! The audit log, for those whose role it is: what was done, by whom and when, with the head of the log to compare.
//!
//! Never: more than the log says. Of somebody's stepping out that is a day, and nobody's name.

use crate::audit::{self, By, LogEntry, SUBJECTS, Verdict};
use crate::auth::account;
use crate::base::clock::Instant;
use crate::base::error::Fault;
use crate::base::id::MemberId;
use crate::http::problem::Problem;
use crate::orgs::{connections, teams};
use crate::store::{OrgDb, Store};
use crate::web::admission::At;
use crate::web::format::{self, Moment};
use crate::web::layout::{Answer, Frame, View, page};
use crate::web::pages::patterns::{Tab, Teams};
use actix_web::web::{Data, Query};
use askama::Template;
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::collections::HashMap;

/// Entries of one page: what can be read through without losing one's place.
const ENTRIES_PER_PAGE: u32 = 50;

/// One page of the log.
#[derive(Template)]
#[template(path = "audit/index.html")]
pub struct Index {
    pub frame: Frame,
    pub tabs: Vec<Tab>,
    pub entries: Vec<Row>,
    /// Where the entries before these are; empty where there is none.
    pub older: String,
    /// Where the newest are; empty where these are they.
    pub newest: String,
    pub head: Head,
}

/// One entry.
pub struct Row {
    pub number: i64,
    pub at: Option<Moment>,
    pub by: String,
    pub what: String,
    /// The act's lasting name.
    pub act: String,
}

/// What the whole log comes to.
pub struct Head {
    pub size: String,
    pub root: String,
    /// What is wrong with it; empty where nothing is.
    pub problem: String,
    /// What the head was at the size that was asked for, in words; empty where none was.
    pub earlier: String,
    pub earlier_root: String,
}

/// Which part of the log is asked for.
#[derive(Deserialize)]
pub struct Wanted {
    about: Option<String>,
    before: Option<i64>,
    /// How many entries the log had when somebody kept its head.
    size: Option<u64>,
}

const NO_SUBJECT: Problem = Problem::malformed("The log has no such subject. Open the audit log, and choose one there.");

/// `GET /audit`.
pub async fn index(at: At, view: View, wanted: Query<Wanted>, store: Data<Store>) -> Answer {
    let Wanted { about, before, size } = wanted.into_inner();
    let subject = about.map(|about| SUBJECTS.into_iter().find(|(name, _)| *name == about).ok_or(NO_SUBJECT)).transpose()?;
    let nouns = subject.map_or(&[][..], |(_, nouns)| nouns);
    let about = subject.map(|(name, _)| name);
    let Found { entries, head, zone } = at.blocking(move |org| find(org, &store, (nouns, before), size)).await?;
    let older = entries.last().filter(|raw| raw.row.number > 1 && entries.len() == ENTRIES_PER_PAGE as usize);
    page(&Index {
        frame: view.frame("Audit log"),
        tabs: tabs(about),
        older: older.map_or_else(String::new, |raw| address(about, Some(raw.row.number))),
        newest: before.map_or_else(String::new, |_| address(about, None)),
        entries: entries.into_iter().map(|raw| raw.in_zone(&zone)).collect(),
        head,
    })
}

/// A row before its time is put into words.
struct Raw {
    at: Option<When>,
    row: Row,
}

/// What a leaf says of when it was done.
enum When {
    At(Instant),
    /// A day in UTC, and no time of it.
    On(Instant),
}

impl Raw {
    fn in_zone(self, zone: &TimeZone) -> Row {
        let at = self.at.map(|when| match when {
            When::At(at) => format::moment(at, zone),
            When::On(day) => format::whole_day(day),
        });
        Row { at, ..self.row }
    }
}

/// What a page of the log is made of.
struct Found {
    entries: Vec<Raw>,
    head: Head,
    zone: TimeZone,
}

fn find(org: &OrgDb, store: &Store, (nouns, before): (&[&str], Option<i64>), size: Option<u64>) -> Result<Found, Fault> {
    let (entries, head) = org.read(|reader| {
        let earlier = size.map(|size| Ok::<_, Fault>((size, audit::root_of_first(reader, size)?))).transpose()?;
        Ok::<_, Fault>((audit::newest(reader, nouns, before, ENTRIES_PER_PAGE)?, head(audit::verify(reader)?, earlier)))
    })?;
    let mut names = Names::of(org, store)?;
    let entries = entries.into_iter().map(|entry| raw(entry, &mut names)).collect::<Result<_, _>>()?;
    Ok(Found { entries, head, zone: Teams::of(org)?.common_zone() })
}

fn raw(LogEntry { number, said, detail }: LogEntry, names: &mut Names<'_>) -> Result<Raw, Fault> {
    let what = detail
        .map_or_else(|| "What was done was erased; that something was, and when, stays.".to_owned(), |detail| names.put_into(&detail));
    let Some(said) = said else {
        let row = Row { number, at: None, by: String::new(), what: "This entry cannot be read.".to_owned(), act: String::new() };
        return Ok(Raw { at: None, row });
    };
    let by = match said.by {
        By::Operator => "the operator, on the machine".to_owned(),
        By::Withheld => "not written down".to_owned(),
        By::Member { id, via_token: false } => names.of_member(id)?,
        By::Member { id, via_token: true } => format!("{}, with a token", names.of_member(id)?),
    };
    let at = if said.by == By::Withheld { When::On(said.at) } else { When::At(said.at) };
    Ok(Raw { at: Some(at), row: Row { number, at: None, by, what, act: said.act } })
}

/// What ids are called.
struct Names<'a> {
    store: &'a Store,
    members: HashMap<MemberId, String>,
    /// An id as it is written, and what stands for it.
    all: Vec<(String, String)>,
}

impl<'a> Names<'a> {
    fn of(org: &OrgDb, store: &'a Store) -> Result<Self, Fault> {
        let members: HashMap<MemberId, String> =
            account::of_org(store.main(), org.id())?.into_iter().map(|(id, profile)| (id, profile.name)).collect();
        let mut all: Vec<(String, String)> = members.iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
        all.extend(teams::list(org)?.iter().map(|team| (team.id.to_string(), team.slug.to_string())));
        for connection in connections::list(org)? {
            let (id, name) = (connection.id.to_string(), format!("“{}”", connection.name));
            // Where the detail has the name already, it is not said twice.
            all.extend([(format!("{name} ({id})"), name.clone()), (id, name)]);
        }
        Ok(Self { store, members, all })
    }

    fn of_member(&mut self, id: MemberId) -> Result<String, Fault> {
        if let Some(name) = self.members.get(&id) {
            return Ok(name.clone());
        }
        let name = account::name_of(self.store.main(), id)?.unwrap_or_else(|| "a former member".to_owned());
        self.members.insert(id, name.clone());
        Ok(name)
    }

    /// The detail with the names of today where it has ids. The log itself keeps the ids.
    fn put_into(&self, detail: &str) -> String {
        self.all.iter().fold(detail.to_owned(), |detail, (id, name)| if detail.contains(id) { detail.replace(id, name) } else { detail })
    }
}

fn tabs(about: Option<&str>) -> Vec<Tab> {
    let tab = |name: Option<&'static str>, label| Tab { href: address(name, None), label, count: String::new(), is_current: about == name };
    let all = tab(None, "Everything");
    [all].into_iter().chain(SUBJECTS.into_iter().map(|(name, _)| tab(Some(name), label(name)))).collect()
}

fn label(subject: &str) -> &'static str {
    match subject {
        "reading" => "What is read",
        "people" => "Members and teams",
        "access" => "Access",
        "patterns" => "Patterns",
        "stepping-out" => "Stepping out",
        _ => "Installation",
    }
}

fn address(about: Option<&str>, before: Option<i64>) -> String {
    let about = about.map(|about| format!("about={about}"));
    let before = before.map(|before| format!("before={before}"));
    let asked: Vec<String> = [about, before].into_iter().flatten().collect();
    if asked.is_empty() { "/audit".to_owned() } else { format!("/audit?{}", asked.join("&")) }
}

fn head(verdict: Verdict, earlier: Option<(u64, Option<String>)>) -> Head {
    let (earlier, earlier_root) = match earlier {
        None => (String::new(), String::new()),
        Some((size, Some(root))) => (format!("The head when the log had {}", format::count(size, "entry", "entries")), root),
        Some((size, None)) => (format!("The log never had {}.", format::count(size, "entry", "entries")), String::new()),
    };
    Head {
        size: format::count(verdict.size, "entry", "entries"),
        root: verdict.root,
        problem: verdict.problem.unwrap_or_default(),
        earlier,
        earlier_root,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_what_is_asked_for_and_nothing_else() {
        assert_eq!(address(None, None), "/audit");
        assert_eq!(address(Some("people"), None), "/audit?about=people");
        assert_eq!(address(None, Some(7)), "/audit?before=7");
        assert_eq!(address(Some("people"), Some(7)), "/audit?about=people&before=7");
    }

    #[test]
    fn every_subject_has_a_heading_of_its_own() {
        let mut labels: Vec<&str> = SUBJECTS.into_iter().map(|(name, _)| label(name)).collect();
        labels.sort_unstable();
        labels.dedup();
        assert_eq!(labels.len(), SUBJECTS.len());
    }
}
