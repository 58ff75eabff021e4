//! The first page after signing in: what matters this week. What stands out, what changed, what is listened to, what waits for somebody.
//!
//! It shows what the member's role lets them do, and the patterns of their own teams alone. A week in which nothing stood out says so,
//! with what was looked at.

use crate::auth::{Principal, Scope};
use crate::base::clock::{Clock, Instant};
use crate::base::error::Fault;
use crate::base::id::TeamId;
use crate::orgs::teams;
use crate::patterns::{self, Summary};
use crate::people::opt_out;
use crate::store::OrgDb;
use crate::web::admission::At;
use crate::web::chart::Chart;
use crate::web::format;
use crate::web::layout::{Answer, Frame, View, page};
use crate::web::pages::listening::{self, Heard, Quiet, Sources};
use crate::web::pages::patterns::{self as page_of_patterns, Teams};
use crate::web::pages::week::{self, Change};
use crate::web::pages::{checklist, connections, notices};
use crate::web::words;
use actix_web::web::Data;
use askama::Template;

/// Most patterns that the page shows: the rest is a click away.
const STANDING_MAX: usize = 12;
/// Most sources that it names.
const HEARD_MAX: usize = 12;

/// What matters this week.
#[derive(Template)]
#[template(path = "home/show.html")]
pub struct Show {
    pub frame: Frame,
    pub greeting: String,
    pub lead: String,
    /// What waits for this member because of their role.
    pub duties: Vec<Duty>,
    /// The patterns that are not closed, the first to be read first.
    pub standing: Vec<Standing>,
    /// How many more there are; empty where all are shown.
    pub more: String,
    /// What was looked at, where nothing stood out.
    pub quiet: Option<Quiet>,
    pub changes: Vec<Change>,
    pub outcomes: Vec<Change>,
    pub heard: Vec<Heard>,
    pub heard_note: String,
    pub stepped_out: String,
    /// Whether the member is in a team: only then the page is about one.
    pub is_in_team: bool,
    pub may_see_connections: bool,
}

/// A pattern that is not closed.
pub struct Standing {
    pub href: String,
    pub kind: &'static str,
    pub scope: String,
    pub title: String,
    pub sentence: String,
    pub state: &'static str,
    pub tone: &'static str,
    pub age: String,
    pub standing: String,
    pub chart: Option<Chart>,
}

/// Something that waits for somebody.
pub struct Duty {
    pub words: String,
    pub href: String,
    pub verb: &'static str,
}

/// What the page is made of.
struct Found {
    own: Vec<TeamId>,
    team_names: Vec<String>,
    /// Not closed, ranked.
    standing: Vec<Standing>,
    fresh: usize,
    left_out: usize,
    quiet: Option<Quiet>,
    changes: Vec<Change>,
    outcomes: Vec<Change>,
    heard: Vec<Heard>,
    sources_on: usize,
    stepped_out: u64,
    duties: Vec<Duty>,
}

/// Which duties are this member's.
#[derive(Clone, Copy)]
struct Rights {
    may_switch: bool,
    may_set_up: bool,
}

/// `GET /`.
pub async fn show(at: At, view: View, clock: Data<Clock>) -> Answer {
    let (principal, now) = (at.principal.clone(), clock.now());
    let rights = Rights { may_switch: at.may(Scope::WriteSources), may_set_up: at.may(Scope::WriteMembers) };
    let found = at.blocking(move |org| find(org, &principal, rights, now)).await?;
    let is_in_team = !found.own.is_empty();
    page(&Show {
        frame: view.frame("Home"),
        greeting: greeting(&at.member_name),
        lead: lead(&found),
        duties: found.duties,
        more: if found.left_out == 0 { String::new() } else { format!("And {} more", format::grouped(found.left_out as u64)) },
        standing: found.standing,
        quiet: found.quiet,
        changes: found.changes,
        outcomes: found.outcomes,
        heard_note: heard_note(is_in_team, found.heard.len(), found.sources_on, at.may(Scope::ReadConnections)),
        heard: found.heard.into_iter().take(HEARD_MAX).collect(),
        stepped_out: stepped_out(found.stepped_out),
        is_in_team,
        may_see_connections: at.may(Scope::ReadConnections),
    })
}

fn find(org: &OrgDb, who: &Principal, rights: Rights, now: Instant) -> Result<Found, Fault> {
    let (teams, sources) = (Teams::of(org)?, Sources::of(org)?);
    let own = org.read(|reader| teams::of_member(reader, who.member()))?;
    let found = patterns::list(org, who)?;
    let open: Vec<&Summary> = found.iter().filter(|pattern| !pattern.status.closes()).collect();
    let own_teams: Vec<_> = own.iter().filter_map(|team| teams.find(*team)).collect();
    let heard = sources.heard(&own, &teams, now);
    let is_quiet = open.is_empty() && !heard.is_empty();
    Ok(Found {
        team_names: own.iter().map(|team| teams.name(*team)).collect(),
        fresh: open.iter().filter(|pattern| week::is_new(pattern, now)).count(),
        left_out: open.len().saturating_sub(STANDING_MAX),
        quiet: if is_quiet { Some(listening::quiet(org, &own_teams, now)?) } else { None },
        standing: standing(org, who, &open, &teams, now)?,
        changes: week::changes(&found, &teams, now),
        outcomes: week::outcomes(&found, &teams, |pattern| sources.hears(pattern), now),
        sources_on: sources.on(),
        stepped_out: org.read(|reader| opt_out::count(reader))?,
        duties: duties(org, rights, &sources, &teams, now)?,
        heard,
        own,
    })
}

fn standing(org: &OrgDb, who: &Principal, open: &[&Summary], teams: &Teams, now: Instant) -> Result<Vec<Standing>, Fault> {
    let mut ranked = Vec::new();
    for summary in open {
        let Some(pattern) = patterns::show(org, who, summary.id)? else { continue };
        let (state, tone) = if week::is_new(summary, now) { ("New", "warn") } else { page_of_patterns::state(summary.status) };
        let row = Standing {
            href: page_of_patterns::href(summary.id),
            kind: words::kind(&summary.detector),
            scope: page_of_patterns::scope(summary),
            title: summary.title.clone(),
            sentence: week::sentence(&summary.statement).to_owned(),
            state,
            tone,
            age: format!("Told {}", format::ago(summary.surfaced_at, now)),
            standing: teams.standing(summary),
            chart: Chart::of(&pattern.details.chart, &teams.zone(summary.team)),
        };
        ranked.push((week::rank(summary, &pattern.details.chart, teams), row));
    }
    ranked.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(ranked.into_iter().map(|(_, row)| row).take(STANDING_MAX).collect())
}

/// What waits for somebody of these rights.
fn duties(org: &OrgDb, rights: Rights, sources: &Sources, teams: &Teams, now: Instant) -> Result<Vec<Duty>, Fault> {
    let mut duties = Vec::new();
    if rights.may_set_up
        && let Some((left, next)) = checklist::left(org, now)?
    {
        let things = if left == 1 { "1 thing is left".to_owned() } else { format!("{left} things are left") };
        duties.push(Duty {
            words: format!("Getting started: {things}. Next: {next}."),
            href: "/checklist".to_owned(),
            verb: "Open the list",
        });
    }
    if rights.may_switch {
        let due = notices::count_due(org, now)?;
        if due > 0 {
            duties.push(Duty { words: notices_due(due), href: "/notices".to_owned(), verb: "Open the notices" });
        }
        duties.extend(sources.ended(teams, now).into_iter().map(|ended| Duty {
            words: format!("The shadow mode of {} ended on {}, and it is off. Make it real, or leave it so.", ended.name, ended.on),
            href: format!("{}/sources", connections::href(ended.connection)),
            verb: "See what it counted",
        }));
    }
    Ok(duties)
}

fn greeting(name: &str) -> String {
    match name.split_whitespace().next() {
        Some(first) => format!("Hello, {first}"),
        None => "Hello".to_owned(),
    }
}

fn lead(found: &Found) -> String {
    let (open, fresh) = ((found.standing.len() + found.left_out) as u64, found.fresh as u64);
    let team = match found.team_names.as_slice() {
        [] if found.sources_on == 0 => return "Nothing is listened to yet.".to_owned(),
        [] => {
            let who = "An owner, an admin or a team’s facilitator can put you into one.";
            return format!("You are in no team, so no pattern is shown to you. {who}");
        }
        [one] => format!("your team {one}"),
        _ => "your teams".to_owned(),
    };
    let new = match fresh {
        0 => "none of them new this week".to_owned(),
        fresh if fresh == open => "new this week".to_owned(),
        fresh => format!("{} of them new this week", format::grouped(fresh)),
    };
    match (open, found.heard.is_empty()) {
        (0, true) => format!("Nothing is listened to for {team} yet."),
        (0, false) => format!("Nothing stands out in {team} this week."),
        (1, _) if fresh == 0 => format!("1 pattern stands out in {team}. It is not new."),
        (1, _) => format!("1 pattern stands out in {team}, {new}."),
        (open, _) => format!("{} patterns stand out in {team}, {new}.", format::grouped(open)),
    }
}

fn heard_note(is_in_team: bool, heard: usize, on: usize, may_see_all: bool) -> String {
    let all = match on {
        0 => "Nothing is read: every source is off until somebody switches it on.".to_owned(),
        on => format!("In the whole organisation, {} on.", format::count(on as u64, "source is", "sources are")),
    };
    let own = match (is_in_team, heard) {
        (false, _) => String::new(),
        (true, 0) => "Nothing is read for your teams: every source is off until an admin switches it on.".to_owned(),
        (true, 1..=HEARD_MAX) => "This and nothing else is read for your teams.".to_owned(),
        (true, heard) => format!("These and {} more are read for your teams, and nothing else.", heard - HEARD_MAX),
    };
    if !may_see_all {
        own
    } else if own.is_empty() || on == 0 {
        all
    } else {
        format!("{own} {all}")
    }
}

fn stepped_out(number: u64) -> String {
    let asked = match number {
        0 => "nobody asked to so far".to_owned(),
        number => format!("{} so far", format::count(number, "request", "requests")),
    };
    format!("Anybody may step out at any time; {asked}.")
}

fn notices_due(number: u64) -> String {
    match number {
        1 => "The readers of 1 source have yet to be told how it is listened to.".to_owned(),
        number => format!("The readers of {} sources have yet to be told how they are listened to.", format::grouped(number)),
    }
}
