//! The first page after signing in: what is new, and what to do next.

use crate::auth::{Principal, Scope};
use crate::base::clock::{Clock, Instant};
use crate::base::error::Fault;
use crate::orgs::{connections, sources};
use crate::patterns::{self, Status};
use crate::people::opt_out;
use crate::store::OrgDb;
use crate::web::admission::At;
use crate::web::chart::Chart;
use crate::web::format;
use crate::web::layout::{Answer, Frame, View, page};
use crate::web::pages::notices;
use crate::web::pages::patterns::{self as page_of_patterns, Teams};
use crate::web::words;
use actix_web::web::Data;
use askama::Template;

/// Most patterns that the overview shows: the rest is a click away.
const WAITING_MAX: usize = 12;

/// The overview.
#[derive(Template)]
#[template(path = "home/show.html")]
pub struct Show {
    pub frame: Frame,
    pub greeting: String,
    pub lead: &'static str,
    /// What waits for the team's word, newest first.
    pub patterns: Vec<Waiting>,
    pub tiles: Vec<Tile>,
    /// That readers of sources have yet to be told something; empty where they were, or where it is not for this member to do.
    pub notices_due: String,
    pub steps: Vec<Step>,
}

/// A pattern that is not closed.
pub struct Waiting {
    pub href: String,
    pub kind: &'static str,
    pub scope: String,
    pub title: String,
    pub state: &'static str,
    pub tone: &'static str,
    pub age: String,
    pub standing: String,
    pub chart: Option<Chart>,
}

/// One number that leads to its page.
pub struct Tile {
    pub href: &'static str,
    pub number: String,
    pub label: &'static str,
    pub note: String,
}

/// One step of getting started.
pub struct Step {
    pub title: &'static str,
    pub note: &'static str,
    pub verb: &'static str,
    pub href: &'static str,
    pub is_done: bool,
    pub is_next: bool,
}

/// What the overview counts.
struct Counts {
    open_patterns: u64,
    acknowledged_patterns: u64,
    connections: u64,
    sources_on: u64,
    stepped_out: u64,
    notices_due: u64,
}

/// `GET /`.
pub async fn show(at: At, view: View, clock: Data<Clock>) -> Answer {
    let principal = at.principal.clone();
    let now = clock.now();
    let (counts, patterns) = at.blocking(move |org| Ok::<_, Fault>((count(org, &principal, now)?, waiting(org, &principal, now)?))).await?;
    page(&Show {
        frame: view.frame("Home"),
        greeting: greeting(&at.member_name),
        lead: if counts.open_patterns == 0 { "Nothing waits for your team’s word." } else { "Something waits for your team’s word." },
        patterns,
        tiles: tiles(&at, &counts),
        notices_due: if at.may(Scope::WriteSources) { notices_due(counts.notices_due) } else { String::new() },
        steps: if at.may(Scope::WriteConnections) { steps(&counts) } else { Vec::new() },
    })
}

fn count(org: &OrgDb, who: &Principal, now: Instant) -> Result<Counts, Fault> {
    let found = patterns::list(org, who)?;
    let of = |status: Status| found.iter().filter(|pattern| pattern.status == status).count() as u64;
    let connected = connections::list(org)?;
    let mut sources_on = 0;
    for connection in &connected {
        sources_on += sources::list(org, connection.id)?.into_iter().filter(|source| source.is_subscribed).count();
    }
    Ok(Counts {
        open_patterns: of(Status::Open),
        acknowledged_patterns: of(Status::Acknowledged),
        connections: connected.len() as u64,
        sources_on: sources_on as u64,
        stepped_out: org.read(|reader| opt_out::count(reader))?,
        notices_due: notices::count_due(org, now)?,
    })
}

fn waiting(org: &OrgDb, who: &Principal, now: Instant) -> Result<Vec<Waiting>, Fault> {
    let teams = Teams::of(org)?;
    let mut waiting = Vec::new();
    for summary in patterns::list(org, who)?.into_iter().filter(|pattern| !pattern.status.closes()).take(WAITING_MAX) {
        let Some(pattern) = patterns::show(org, who, summary.id)? else { continue };
        let (state, tone) = page_of_patterns::state(summary.status);
        waiting.push(Waiting {
            href: page_of_patterns::href(summary.id),
            kind: words::kind(&summary.detector),
            scope: page_of_patterns::scope(&summary),
            state,
            tone,
            age: format!("Surfaced {}", format::ago(summary.surfaced_at, now)),
            standing: teams.standing(&summary),
            chart: Chart::of(&pattern.details.chart, &teams.zone(summary.team)),
            title: summary.title,
        });
    }
    Ok(waiting)
}

fn greeting(name: &str) -> String {
    match name.split_whitespace().next() {
        Some(first) => format!("Hello, {first}"),
        None => "Hello".to_owned(),
    }
}

fn notices_due(number: u64) -> String {
    match number {
        0 => String::new(),
        1 => "The readers of 1 source have yet to be told how it is listened to.".to_owned(),
        number => format!("The readers of {} sources have yet to be told how they are listened to.", format::grouped(number)),
    }
}

fn tiles(at: &At, counts: &Counts) -> Vec<Tile> {
    let plural = |number: u64, one: &'static str, many: &'static str| if number == 1 { one } else { many };
    let patterns = Tile {
        href: "/patterns",
        number: format::grouped(counts.open_patterns),
        label: plural(counts.open_patterns, "open pattern", "open patterns"),
        note: match counts.acknowledged_patterns {
            0 => "Of the teams you belong to".to_owned(),
            acknowledged => format!("And {} that your team acknowledged", format::grouped(acknowledged)),
        },
    };
    let sources = Tile {
        href: "/connections",
        number: format::grouped(counts.sources_on),
        label: plural(counts.sources_on, "source on", "sources on"),
        note: if counts.sources_on == 0 { "Nothing is read" } else { "Everything else stays unread" }.to_owned(),
    };
    let stepped_out = Tile {
        href: "/opt-outs",
        number: format::grouped(counts.stepped_out),
        label: plural(counts.stepped_out, "request to step out", "requests to step out"),
        note: "Anyone may, at any time".to_owned(),
    };
    let all = [(Scope::ReadPatterns, patterns), (Scope::ReadConnections, sources), (Scope::StepOut, stepped_out)];
    all.into_iter().filter(|(scope, _)| at.may(*scope)).map(|(_, tile)| tile).collect()
}

/// What is left to do before the first pattern can come; nothing once a source is on and a pattern is there.
fn steps(counts: &Counts) -> Vec<Step> {
    let done = [counts.connections > 0, counts.sources_on > 0, counts.open_patterns + counts.acknowledged_patterns > 0];
    if done.iter().skip(1).all(|is_done| *is_done) {
        return Vec::new();
    }
    let next = done.iter().position(|is_done| !is_done);
    let words = [
        ("Connect a tool", "GitHub or Slack. You get an address and a secret to enter there.", "Connect a tool", "/connections/new"),
        ("Switch on a source", "A repository or a channel. Until then nothing of it is read.", "Choose sources", "/connections"),
        (
            "Give it time",
            "Each morning at six it looks at each team, and it speaks only when the numbers are clear. The first weeks are often silent.",
            "",
            "",
        ),
    ];
    let place = |(index, ((title, note, verb, href), is_done))| Step { title, note, verb, href, is_done, is_next: next == Some(index) };
    words.into_iter().zip(done).enumerate().map(place).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_step_is_the_first_that_is_left() {
        let counts = |connections, sources_on, open_patterns| Counts {
            open_patterns,
            acknowledged_patterns: 0,
            connections,
            sources_on,
            stepped_out: 0,
            notices_due: 0,
        };
        let next = |counts| steps(&counts).into_iter().find(|step| step.is_next).map(|step| step.title);
        assert_eq!(next(counts(0, 0, 0)), Some("Connect a tool"));
        assert_eq!(next(counts(1, 0, 0)), Some("Switch on a source"));
        assert_eq!(next(counts(1, 3, 0)), Some("Give it time"));
        assert!(steps(&counts(1, 3, 1)).is_empty());
    }
}
