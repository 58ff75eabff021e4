//! What is listened to: teams, sources, connections, tokens.

use super::facts::{ConnectionFacts, Facts, Installation, Server};
use super::files::of_all;
use super::{Check, Found, none_of};
use crate::base::clock::{Instant, SignedDuration};
use crate::base::text::counted;
use crate::capture::refusals;
use crate::connectors::{Unverified, connector};
use jiff::tz::TimeZone;

/// A source that said nothing for so long may have lost its webhook. Teams have quiet weeks.
const QUIET_DAYS: i64 = 7;
/// A connection over which nothing ever came was not set up to its end.
const UNHEARD_DAYS: i64 = 1;
/// A look comes every day; a long weekend of a stopped server explains no more than this.
const LOOK_DAYS_MAX: i64 = 2;
/// How recent a forged or stale delivery must be to be spoken of.
const RECENT_DAYS: i64 = 7;
/// How long before its end a token is spoken of.
pub(super) const TOKEN_DAYS: i64 = 14;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "organisation.owner",
        remedy: "Without an owner nobody can give roles: restore the organisation's file from a backup, or make a new organisation.",
        look: |facts| {
            of_all(facts, |installation| match (installation.organisations, installation.ownerless) {
                (0, _) => Found::Problem("there is no organisation".to_owned()),
                (_, 0) => Found::Good(format!(
                    "{}, each with an owner",
                    counted(installation.organisations as u64, "organisation", "organisations")
                )),
                (_, ownerless) => Found::Problem(counted(ownerless as u64, "organisation has no owner", "organisations have no owner")),
            })
        },
    },
    Check {
        id: "tokens.lasting",
        remedy: "Make new API tokens before the old ones end, and give them to the programs that use them.",
        look: |facts| {
            of_all(facts, |installation| match installation.tokens_that_end {
                0 => Found::Good(format!("no token ends in the next {TOKEN_DAYS} days")),
                some => Found::Hint(format!("{some} token(s) end in the next {TOKEN_DAYS} days")),
            })
        },
    },
    Check {
        id: "teams.zones",
        remedy: "Set the team's zone to a name of the IANA database, such as Europe/Zurich; until then UTC is used.",
        look: |facts| {
            of_all(facts, |installation| {
                let unknown = installation.teams.iter().filter(|team| TimeZone::get(&team.zone).is_err());
                none_of("every team's zone is known", unknown.map(|team| format!("{} ({})", team.slug, team.zone)), Found::Problem)
            })
        },
    },
    Check {
        id: "teams.looks",
        remedy: "The daily looks do not get their turn: see the log for `background work failed`.",
        look: |facts| of_all(facts, |installation| looks(facts, installation)),
    },
    Check {
        id: "sources.on",
        remedy: "Switch on the sources that the team agreed to, on the page of their connection: all are off at first.",
        look: |facts| {
            of_all(facts, |installation| match installation.sources.len() {
                0 => Found::Hint("no source is on, so nothing is heard".to_owned()),
                on => Found::Good(format!("{on} on")),
            })
        },
    },
    Check {
        id: "sources.heard",
        remedy: "Look at the tool's own list of recent deliveries for this address: a webhook may have been switched off or lost its events.",
        look: |facts| {
            of_all(facts, |installation| {
                let before = facts.now - SignedDuration::from_hours(24 * QUIET_DAYS);
                let quiet = installation
                    .sources
                    .iter()
                    .filter(|source| source.heard_at.unwrap_or(source.changed_at).max(source.changed_at) < before);
                let good = format!("every source that is on was heard in the last {QUIET_DAYS} days");
                none_of(&good, quiet.map(|source| format!("{} on {}", source.external_id, source.connection)), Found::Hint)
            })
        },
    },
    Check {
        id: "connections.tools",
        remedy: "This version does not know the tool: install the version that made the connection, or remove it.",
        look: |facts| {
            of_all(facts, |installation| {
                let unknown = installation.connections.iter().filter(|connection| connector(&connection.connector).is_none());
                none_of("every connection's tool is known", unknown.map(|connection| connection.id.clone()), Found::Problem)
            })
        },
    },
    Check {
        id: "connections.heard",
        remedy: "Finish the set-up in the tool: the connection's page shows the address and the steps.",
        look: |facts| {
            of_all(facts, |installation| {
                let before = facts.now - SignedDuration::from_hours(24 * UNHEARD_DAYS);
                let unheard =
                    installation.connections.iter().filter(|connection| connection.came.is_empty() && connection.created_at < before);
                none_of("something came over every connection", unheard.map(|connection| connection.id.clone()), Found::Hint)
            })
        },
    },
    Check {
        id: "connections.signed",
        remedy: "The tool signs with another secret: replace it on the connection's page, or somebody else posts to its address.",
        look: |facts| {
            of_all(facts, |installation| unproven(facts, installation, &[Unverified::BadSignature, Unverified::MissingSignature]))
        },
    },
    Check {
        id: "connections.fresh",
        remedy: "Set the machine's clock (NTP); if it is right, deliveries are held up for minutes on their way, or recorded ones are sent again.",
        look: |facts| of_all(facts, |installation| unproven(facts, installation, &[Unverified::StaleTimestamp])),
    },
];

fn looks(facts: &Facts, installation: &Installation) -> Found {
    let Server::Running(health) = &facts.server else { return Found::Skipped("the server does not run".to_owned()) };
    let missed = SignedDuration::from_hours(24 * LOOK_DAYS_MAX);
    // A server that was just started has them before it; a sandbox has a time of its own.
    let since = |at: Instant| at.duration_until(health.now).min(health.started_at.duration_until(facts.now));
    let late = installation.teams.iter().filter(|team| team.has_sources && since(team.looked_at) > missed);
    none_of("every team was looked at", late.map(|team| format!("{} (last at {})", team.slug, team.looked_at)), Found::Problem)
}

/// Connections over which deliveries came lately that were not proven for one of these reasons, and no proven one after them: a problem
/// where none was ever proven.
fn unproven(facts: &Facts, installation: &Installation, reasons: &[Unverified]) -> Found {
    let recent = facts.now - SignedDuration::from_hours(24 * RECENT_DAYS);
    let proven_before = |connection: &ConnectionFacts| {
        let last = |is_meant: &dyn Fn(&str) -> bool| connection.came.iter().filter(|(reason, _)| is_meant(reason)).map(|(_, at)| *at).max();
        let unproven = last(&|reason| reasons.iter().any(|meant| meant.as_str() == reason));
        let all = [Unverified::BadSignature, Unverified::MissingSignature, Unverified::StaleTimestamp];
        let proven = last(&|reason| reason == refusals::CAPTURED || all.iter().all(|other| other.as_str() != reason));
        let is_last = unproven.is_some_and(|at| at > recent && proven.is_none_or(|proven| proven < at));
        is_last.then_some(proven.is_some())
    };
    let turned_away =
        |wanted: bool| installation.connections.iter().filter(move |one| proven_before(one) == Some(wanted)).map(|one| one.id.clone());
    // What was proven before may have been followed by somebody who only knows the address.
    match none_of("the last delivery of every connection was proven", turned_away(false), Found::Problem) {
        Found::Good(good) => none_of(&good, turned_away(true), Found::Hint),
        never_proven => never_proven,
    }
}
