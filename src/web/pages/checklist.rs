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

/// How things stand.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Standing {
    has_key_copy: bool,
    is_connected: bool,
    is_reading: bool,
    has_heard: bool,
    has_invited: bool,
    has_team: bool,
}

/// The order in which it is best done, and whether it is.
const ITEMS: [(Check, Words); 6] = [
    (
        |standing| standing.has_key_copy,
        (
            "Keep a copy of the master key",
            "It lies on this machine in the file that --key-file names (smartretro.key beside the configuration, unless named otherwise). Without it nothing can be read, backups neither. Keep a copy in a safe place, apart from the backups.",
            "I have put a copy in a safe place",
            "",
        ),
    ),
    (
        |standing| standing.is_connected,
        ("Connect a tool", "GitHub or Slack. You get an address and a secret to enter there.", "Connect a tool", "/connections/new"),
    ),
    (
        |standing| standing.is_reading,
        (
            "Switch on a source",
            "A repository or a channel that the team agreed to share. Until then nothing of it is read.",
            "Choose sources",
            "/connections",
        ),
    ),
    (
        |standing| standing.has_heard,
        (
            "Hear a first delivery",
            "The page of the connection says what arrived, and what was turned away and why.",
            "Look at the connections",
            "/connections",
        ),
    ),
    (
        |standing| standing.has_invited,
        (
            "Invite your team",
            "Each gets a link that works once. Tell them what is read, and that anybody may step out at any time.",
            "Invite",
            "/members",
        ),
    ),
    (
        |standing| standing.has_team,
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
            left => format!("{left} things are left. Each ticks itself when it is done."),
        },
        items,
    })
}

/// `POST /checklist/key-copy`.
pub async fn confirm_key_copy(at: At, _form: Form, clock: Data<Clock>) -> Answer {
    let (actor, now) = (at.principal.actor(), clock.now());
    at.blocking(move |org| confirmations::confirm_key_copy(org, actor, now)).await?;
    Ok(see_other("/checklist"))
}

fn standing(org: &OrgDb, now: Instant) -> Result<Standing, Fault> {
    let connected = connections::list(org)?;
    let mut is_reading = false;
    for connection in &connected {
        is_reading |= sources::list(org, connection.id)?.iter().any(|source| source.is_subscribed);
    }
    let all = teams::list(org)?;
    org.read(|reader| {
        let mut has_team = false;
        for team in &all {
            has_team |= team_members::list(reader, team.id)?.len() > 1;
        }
        Ok(Standing {
            has_key_copy: confirmations::key_copy(reader)?.is_some(),
            is_connected: !connected.is_empty(),
            is_reading,
            has_heard: capture::tally(reader, "captured")?.iter().any(|(_, n)| *n > 0),
            has_invited: roles::all(reader)?.len() > 1 || !invitations::list(reader, now)?.is_empty(),
            has_team,
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
        let nothing = Standing::default();
        assert_eq!(next(nothing), Some("Keep a copy of the master key"));
        assert_eq!(next(Standing { has_key_copy: true, is_connected: true, ..nothing }), Some("Switch on a source"));
        let all = Standing { has_key_copy: true, is_connected: true, is_reading: true, has_heard: true, has_invited: true, has_team: true };
        assert_eq!(next(all), None);
        assert_eq!(items(&all).iter().filter(|item| item.is_done).count(), ITEMS.len());
    }
}
