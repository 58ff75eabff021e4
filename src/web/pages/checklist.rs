//! What is left to do after the first start. Each item ticks itself from how things stand; only of the copy of the key must somebody say it.

use crate::auth::roles;
use crate::base::clock::{Clock, Instant};
use crate::base::error::Fault;
use crate::capture;
use crate::http::blocking::blocking;
use crate::http::forms::Form;
use crate::members::invitations;
use crate::orgs::{confirmations, connections, sources, team_members, teams};
use crate::store::OrgDb;
use crate::web::admission::At;
use crate::web::layout::{Answer, Frame, View, page, see_other};
use actix_web::web::Data;
use askama::Template;

/// The list.
#[derive(Template)]
#[template(path = "checklist/show.html")]
pub struct Show {
    pub frame: Frame,
    pub csrf: String,
    pub lead: String,
    pub items: Vec<Item>,
}

/// One thing to do.
pub struct Item {
    pub title: &'static str,
    pub note: &'static str,
    pub verb: &'static str,
    /// Where it is done; empty where it is said here.
    pub href: &'static str,
    pub is_done: bool,
    pub is_next: bool,
}

/// How things stand, in numbers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Standing {
    key_copies: usize,
    connections: usize,
    sources_on: usize,
    kinds_captured: usize,
    /// Members, and those who are invited.
    people: usize,
    largest_team: usize,
}

/// The order in which it is best done, and whether it is.
const ITEMS: [(Check, Words); 6] = [
    (
        |standing| standing.key_copies > 0,
        (
            "Keep a copy of the master key",
            "It lies on this machine in the file that --key-file names (smartretro.key beside the configuration, unless named otherwise). Without it nothing can be read, backups neither. Keep a copy in a safe place, apart from the backups.",
            "I have put a copy in a safe place",
            "",
        ),
    ),
    (
        |standing| standing.connections > 0,
        (
            "Connect a tool",
            "Where your team’s code is, or its chat. You get an address and a secret to enter there.",
            "Connect a tool",
            "/connections/new",
        ),
    ),
    (
        |standing| standing.sources_on > 0,
        (
            "Switch on a source",
            "A repository or a channel that the team agreed to share. Until then nothing of it is read.",
            "Choose sources",
            "/connections",
        ),
    ),
    (
        |standing| standing.kinds_captured > 0,
        (
            "Hear a first delivery",
            "The page of the connection says what arrived, and what was turned away and why.",
            "Look at the connections",
            "/connections",
        ),
    ),
    (
        |standing| standing.people > 1,
        (
            "Invite your team",
            "Each gets a link that works once. Tell them what is read, and that anybody may step out at any time.",
            "Invite",
            "/members",
        ),
    ),
    (
        |standing| standing.largest_team > 1,
        ("Put people into a team", "A team’s patterns are shown to those who are in it, and to nobody else.", "Open the teams", "/teams"),
    ),
];

type Check = fn(&Standing) -> bool;
/// Title, note, verb, where.
type Words = (&'static str, &'static str, &'static str, &'static str);

/// `GET /checklist`.
pub async fn show(at: At, view: View, clock: Data<Clock>) -> Answer {
    let (org, now) = (at.org.clone(), clock.now());
    let standing = blocking(move || standing(&org, now)).await?;
    let items = items(&standing);
    let left = items.iter().filter(|item| !item.is_done).count();
    page(&Show {
        frame: view.frame("Getting started"),
        csrf: at.form_token.to_string(),
        lead: match left {
            0 => "All is done. Each morning at six it looks at each team, and it speaks only when the numbers are clear.".to_owned(),
            1 => "One thing is left.".to_owned(),
            left => format!("{left} things are left. Each but the first ticks itself when it is done."),
        },
        items,
    })
}

/// How many things are left to do, and what the next is called; `None` where all is done.
pub fn left(org: &OrgDb, now: Instant) -> Result<Option<(usize, &'static str)>, Fault> {
    let items = items(&standing(org, now)?);
    let left = items.iter().filter(|item| !item.is_done).count();
    Ok(items.into_iter().find(|item| item.is_next).map(|next| (left, next.title)))
}

/// `POST /checklist/key-copy`.
pub async fn confirm_key_copy(at: At, _form: Form, clock: Data<Clock>) -> Answer {
    let (actor, now) = (at.principal.actor(), clock.now());
    at.blocking(move |org| confirmations::confirm_key_copy(org, actor, now)).await?;
    Ok(see_other("/checklist"))
}

fn standing(org: &OrgDb, now: Instant) -> Result<Standing, Fault> {
    let connected = connections::list(org)?;
    let mut sources_on = 0;
    for connection in &connected {
        sources_on += sources::list(org, connection.id)?.iter().filter(|source| source.is_subscribed).count();
    }
    let all = teams::list(org)?;
    org.read(|reader| {
        let mut largest_team = 0;
        for team in all.iter() {
            largest_team = team_members::list(reader, team.id)?.len().max(largest_team);
        }
        Ok(Standing {
            key_copies: usize::from(confirmations::key_copy(reader)?.is_some()),
            connections: connected.len(),
            sources_on,
            kinds_captured: capture::tally(reader, "captured")?.len(),
            people: roles::all(reader)?.len() + invitations::list(reader, now)?.len(),
            largest_team,
        })
    })
}

fn items(standing: &Standing) -> Vec<Item> {
    let next = ITEMS.iter().position(|(is_done, _)| !is_done(standing));
    let item = |(index, (is_done, (title, note, verb, href))): (usize, &(Check, Words))| Item {
        title,
        note,
        verb,
        href,
        is_done: is_done(standing),
        is_next: next == Some(index),
    };
    ITEMS.iter().enumerate().map(item).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_thing_is_the_first_that_is_left() {
        let next = |standing: Standing| items(&standing).into_iter().find(|item| item.is_next).map(|item| item.title);
        let fresh = Standing { people: 1, largest_team: 1, ..Standing::default() };
        assert_eq!(next(fresh), Some("Keep a copy of the master key"));
        assert_eq!(next(Standing { key_copies: 1, connections: 1, ..fresh }), Some("Switch on a source"));
        let all = Standing { key_copies: 1, connections: 1, sources_on: 1, kinds_captured: 2, people: 2, largest_team: 2 };
        assert_eq!(next(all), None);
        assert_eq!(items(&all).iter().filter(|item| item.is_done).count(), ITEMS.len());
    }
}
