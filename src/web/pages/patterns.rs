//! Patterns: what a team sees, with every source, and what it decided.

use crate::analysis::sources_in_words;
use crate::auth::{Principal, Scope, account};
use crate::base::clock::{Clock, Instant, SignedDuration};
use crate::base::error::Fault;
use crate::base::id::{PatternId, TeamId};
use crate::capture::{self, Glimpse};
use crate::detection::candidate::Evidence;
use crate::detection::{Cadence, detector};
use crate::http::forms::Field;
use crate::http::problem::Problem;
use crate::orgs::teams::{self, Team};
use crate::patterns::decide::NOTE_CHARS_MAX;
use crate::patterns::{self, Pattern, Status, Summary};
use crate::store::{OrgDb, Store};
use crate::web::admission::At;
use crate::web::chart::Chart;
use crate::web::format::{self, Moment};
use crate::web::layout::{Answer, Frame, View, page};
use crate::web::words;
use actix_web::web::{Data, Path, Query};
use askama::Template;
use jiff::tz::TimeZone;
use serde::Deserialize;
use std::collections::HashMap;

/// The patterns of one status.
#[derive(Template)]
#[template(path = "patterns/index.html")]
pub struct Index {
    pub frame: Frame,
    pub tabs: Vec<Tab>,
    pub patterns: Vec<Card>,
    pub empty_title: &'static str,
    pub empty_note: &'static str,
    pub empty_href: &'static str,
    pub empty_verb: &'static str,
}

/// One status to look at.
pub struct Tab {
    pub href: String,
    pub label: &'static str,
    pub count: String,
    pub is_current: bool,
}

/// One pattern in the list.
pub struct Card {
    pub href: String,
    pub kind: &'static str,
    pub scope: String,
    pub title: String,
    pub statement: String,
    pub sources: String,
    pub surfaced: Moment,
    /// Whether it still holds, and since when it does not.
    pub standing: String,
}

/// One pattern, whole.
#[derive(Template)]
#[template(path = "patterns/show.html")]
pub struct Show {
    pub frame: Frame,
    pub csrf: String,
    pub kind: &'static str,
    pub scope: String,
    pub title: String,
    pub statement: String,
    pub state: &'static str,
    pub tone: &'static str,
    pub surfaced: Moment,
    pub standing: String,
    pub window: String,
    pub chart: Option<Chart>,
    pub sources: Vec<Source>,
    /// Says so where not every source is shown.
    pub sources_note: String,
    pub why: String,
    pub goes_away: String,
    pub options: Vec<String>,
    pub decisions: Vec<Decided>,
    pub may_decide: bool,
    pub action: String,
    pub note: Field,
    pub note_chars_max: usize,
    pub verdicts: Vec<Verdict>,
}

/// One link to what the pattern rests on.
pub struct Source {
    pub href: Option<String>,
    pub label: String,
    pub host: String,
    /// What happened then: `opened`.
    pub happened: &'static str,
    pub at: Moment,
    /// How long it had waited when the pattern was told; empty where it does not wait.
    pub age: String,
}

/// What was decided before.
pub struct Decided {
    pub words: String,
    pub at: Moment,
    pub note: String,
}

/// One thing that can be decided.
#[derive(Clone, Copy, Debug)]
pub struct Verdict {
    pub status: &'static str,
    pub verb: &'static str,
    pub note: &'static str,
    /// What most teams say first.
    pub is_primary: bool,
}

/// What a team can decide, in the words of the buttons.
pub const VERDICTS: [Verdict; 3] = [
    Verdict { status: Status::Acknowledged.as_str(), verb: "Acknowledge", note: "We see it, and will talk about it.", is_primary: true },
    Verdict {
        status: Status::Addressed.as_str(),
        verb: "Mark as addressed",
        note: "We did something about it. This closes it.",
        is_primary: false,
    },
    Verdict {
        status: Status::Dismissed.as_str(),
        verb: "Dismiss",
        note: "Not true for us, or not useful. This closes it.",
        is_primary: false,
    },
];

/// Which status to show.
#[derive(Deserialize)]
pub struct Wanted {
    status: Option<String>,
}

const NO_STATUS: Problem = Problem::malformed("There is no such status of a pattern. Go to Patterns and choose one there.");

/// `GET /patterns`.
pub async fn index(at: At, view: View, wanted: Query<Wanted>) -> Answer {
    let principal = at.principal.clone();
    let wanted = match wanted.status.as_deref() {
        None => Status::Open,
        Some(word) => Status::parse(word).ok_or(NO_STATUS)?,
    };
    let (found, teams) = at.blocking(move |org| Ok::<_, Fault>((patterns::list(org, &principal)?, Teams::of(org)?))).await?;
    let (empty_title, empty_note) = empty(wanted);
    let is_admin = at.may(Scope::ReadConnections);
    page(&Index {
        frame: view.frame("Patterns"),
        tabs: Status::ALL.into_iter().map(|status| tab(status, wanted, &found)).collect(),
        patterns: found.iter().filter(|pattern| pattern.status == wanted).map(|pattern| card(pattern, &teams)).collect(),
        empty_title,
        empty_note,
        empty_href: if is_admin && wanted == Status::Open { "/connections" } else { "" },
        empty_verb: "See what is connected",
    })
}

/// `GET /patterns/{id}`.
pub async fn show(at: At, view: View, id: Path<String>, known: (Data<Store>, Data<Clock>)) -> Answer {
    let id: PatternId = id.parse().map_err(|_| Problem::not_found())?;
    page(&find(&at, view, known, id, Field::empty("note")).await?)
}

/// The page of a pattern of one of the member's own teams. Another team's is as if it did not exist.
pub async fn find(at: &At, view: View, (store, clock): (Data<Store>, Data<Clock>), id: PatternId, note: Field) -> Result<Show, Problem> {
    let principal = at.principal.clone();
    let found = at.blocking(move |org| found(org, &store, (&principal, clock.now()), id)).await?;
    let found = found.ok_or_else(Problem::not_found)?;
    Ok(shown(at, view, found, note))
}

/// Where the pattern's own page is.
pub fn href(id: PatternId) -> String {
    format!("/patterns/{id}")
}

/// A pattern with what the rooms know around it.
struct Found {
    pattern: Pattern,
    zone: TimeZone,
    standing: String,
    /// What is still kept of the sources, in their order.
    glimpses: Vec<Glimpse>,
    /// The names of those who decided, in the order of the decisions.
    deciders: Vec<String>,
}

fn found(org: &OrgDb, store: &Store, (who, now): (&Principal, Instant), id: PatternId) -> Result<Option<Found>, Fault> {
    let Some(pattern) = patterns::show(org, who, id)? else {
        return Ok(None);
    };
    let teams = Teams::of(org)?;
    let keys = pattern.evidence.iter().map(|evidence| evidence.id.as_str());
    let may_quote = pattern.summary.closed_at.is_none_or(|closed| now < closed + SignedDuration::from_hours(24 * QUOTED_DAYS));
    let glimpses = if may_quote {
        let connection = pattern.summary.connection;
        org.read(|reader| keys.map(|key| capture::glimpse(reader, connection, key)).collect::<Result<Vec<_>, _>>())?
    } else {
        vec![Glimpse::default(); pattern.evidence.len()]
    };
    let mut deciders = Vec::with_capacity(pattern.decisions.len());
    for decision in &pattern.decisions {
        deciders.push(account::name_of(store.main(), decision.by)?.unwrap_or_else(|| "a former member".to_owned()));
    }
    Ok(Some(Found { zone: teams.zone(pattern.summary.team), standing: teams.standing(&pattern.summary), pattern, glimpses, deciders }))
}

/// What pages need to know of the organisation's teams: their working time, and how far they have been looked at.
pub struct Teams(HashMap<TeamId, Team>);

impl Teams {
    pub fn of(org: &OrgDb) -> Result<Self, Fault> {
        Ok(Self(teams::list(org)?.iter().map(|team| (team.id, team.clone())).collect()))
    }

    /// Of an organisation that has none.
    #[cfg(test)]
    pub fn none() -> Self {
        Self(HashMap::new())
    }

    /// What the team is called.
    pub fn name(&self, team: TeamId) -> String {
        self.0.get(&team).map_or_else(String::new, |team| team.slug.to_string())
    }

    pub fn zone(&self, team: TeamId) -> TimeZone {
        self.0.get(&team).map_or(TimeZone::UTC, Team::time_zone)
    }

    /// The zone of pages about more than one team: theirs, where they share one.
    pub fn common_zone(&self) -> TimeZone {
        let mut zones = self.0.values().map(|team| team.zone.as_str());
        let first = zones.next().unwrap_or("UTC");
        if zones.all(|zone| zone == first) { TimeZone::get(first).unwrap_or(TimeZone::UTC) } else { TimeZone::UTC }
    }

    pub fn find(&self, team: TeamId) -> Option<&Team> {
        self.0.get(&team)
    }

    /// Whether a pattern still holds, as far as its team has been looked at, in words.
    pub fn standing(&self, pattern: &Summary) -> String {
        standing(pattern, self.asked_at(pattern), &self.zone(pattern.team))
    }

    /// Whether its condition held when it was last asked for.
    pub fn holds(&self, pattern: &Summary) -> bool {
        self.asked_at(pattern).is_none_or(|asked_at| asked_at <= pattern.last_seen_at)
    }

    /// The last look at which the detector of this pattern was asked.
    fn asked_at(&self, pattern: &Summary) -> Option<Instant> {
        let team = self.0.get(&pattern.team)?;
        match detector(&pattern.detector).map(|detector| detector.about().cadence) {
            Some(Cadence::Mondays) => team.calendar().monday_look_until(team.looked_at),
            Some(Cadence::WorkingDays) | None => team.calendar().working_look_until(team.looked_at),
        }
    }
}

/// `looked_at` is the last look at which the detector of this pattern was asked.
fn standing(pattern: &Summary, looked_at: Option<Instant>, zone: &TimeZone) -> String {
    let day = |at: Instant| format::day(at, zone);
    let seen = day(pattern.last_seen_at);
    match (pattern.status, pattern.closed_at) {
        (Status::Lapsed, Some(closed)) => format!("Went away on {}; last seen on {seen}", day(closed)),
        (Status::Addressed | Status::Dismissed, Some(closed)) => format!("Closed on {}; last seen on {seen}", day(closed)),
        _ if looked_at.is_some_and(|looked_at| looked_at > pattern.last_seen_at) => format!("Last seen on {seen}, not since"),
        _ => format!("Still so on {seen}"),
    }
}

fn tab(status: Status, wanted: Status, found: &[Summary]) -> Tab {
    let count = found.iter().filter(|pattern| pattern.status == status).count();
    let href = if status == Status::Open { "/patterns".to_owned() } else { format!("/patterns?status={status}") };
    Tab { href, label: state(status).0, count: format::grouped(count as u64), is_current: status == wanted }
}

fn card(pattern: &Summary, teams: &Teams) -> Card {
    Card {
        href: href(pattern.id),
        kind: words::kind(&pattern.detector),
        scope: scope(pattern),
        title: pattern.title.clone(),
        statement: pattern.statement.clone(),
        sources: sources_in_words(pattern.sources, pattern.sources_total),
        surfaced: format::moment(pattern.surfaced_at, &teams.zone(pattern.team)),
        standing: teams.standing(pattern),
    }
}

/// The word for a status, and its tone.
pub const fn state(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Open => ("Open", "warn"),
        Status::Acknowledged => ("Acknowledged", "good"),
        Status::Addressed => ("Addressed", "good"),
        Status::Dismissed => ("Dismissed", "off"),
        Status::Lapsed => ("Went away", "off"),
    }
}

const fn empty(status: Status) -> (&'static str, &'static str) {
    match status {
        Status::Open => (
            "No open pattern",
            "Each morning at six it looks at what your team agreed to share, and it speaks only when the numbers are clear. Silence is the usual state.",
        ),
        Status::Acknowledged => ("Nothing acknowledged", "What your team has seen and wants to talk about stands here."),
        Status::Addressed => ("Nothing addressed", "What your team did something about stands here."),
        Status::Dismissed => ("Nothing dismissed", "What was not true for your team, or not useful, stands here."),
        Status::Lapsed => (
            "Nothing went away by itself",
            "A pattern that was not seen for four weeks, or whose source was switched off, goes away and stands here.",
        ),
    }
}

/// Days after which the sources of a closed pattern are links alone (DECISIONS, 'What is kept').
const QUOTED_DAYS: i64 = 30;

/// What people call the place, and the tool's own name for it where the two differ.
pub fn scope(pattern: &Summary) -> String {
    pattern.scope_label.clone().unwrap_or_else(|| pattern.scope.external_id().to_owned())
}

fn shown(at: &At, view: View, Found { pattern, zone, standing, glimpses, deciders }: Found, note: Field) -> Show {
    let Pattern { summary, details, evidence, decisions } = pattern;
    let scope = scope(&summary);
    let (state, tone) = state(summary.status);
    let decided = decisions.into_iter().zip(deciders).map(|(decision, name)| Decided {
        words: format!("{} by {name},", self::state(decision.status).0),
        at: format::moment(decision.at, &zone),
        note: decision.note.unwrap_or_default(),
    });
    Show {
        frame: view.frame(summary.title.clone()),
        csrf: at.form_token.to_string(),
        kind: words::kind(&summary.detector),
        state,
        tone,
        surfaced: format::moment(summary.surfaced_at, &zone),
        standing,
        window: format!("about {} to {}", format::day(details.window.from, &zone), format::day(details.window.to, &zone)),
        chart: Chart::of(&details.chart, &zone),
        sources: evidence.iter().zip(&glimpses).map(|source| self::source(source, &scope, (summary.surfaced_at, &zone))).collect(),
        sources_note: if summary.sources_total > evidence.len() {
            sources_in_words(evidence.len(), summary.sources_total)
        } else {
            String::new()
        },
        why: details.why,
        goes_away: details.goes_away,
        options: details.options.into_iter().map(|remedy| remedy.words).collect(),
        decisions: decided.collect(),
        may_decide: at.may(Scope::Decide) && !summary.status.closes(),
        action: format!("{}/status", href(summary.id)),
        note,
        note_chars_max: NOTE_CHARS_MAX,
        verdicts: VERDICTS.into_iter().filter(|verdict| verdict.status != summary.status.as_str()).collect(),
        title: summary.title,
        statement: summary.statement,
        scope,
    }
}

fn source((evidence, glimpse): (&Evidence, &Glimpse), place: &str, (surfaced_at, zone): (Instant, &TimeZone)) -> Source {
    let (href, host) = format::outside_link(&evidence.url).map_or((None, String::new()), |(href, host)| (Some(href), host));
    let age = if words::waits(&evidence.id) {
        format::ago(evidence.at, surfaced_at).replace(" ago", " before this was told")
    } else {
        String::new()
    };
    Source {
        href,
        label: words::source(&evidence.id, place, glimpse),
        host,
        happened: words::happened(&evidence.id),
        at: format::moment(evidence.at, zone),
        age,
    }
}

impl Show {
    fn complaints(&self) -> Vec<&Field> {
        [&self.note].into_iter().filter(|field| field.is_bad()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{ConnectionId, OrgId};
    use crate::signals::place::Place;

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    #[test]
    fn a_pattern_says_whether_it_still_holds() {
        let mut pattern = Summary {
            id: PatternId::from_bytes([1; 16]),
            team: TeamId::from_bytes([1; 16]),
            detector: "flaky_pipeline".to_owned(),
            scope: Place::from_external_id("acme/web").unwrap(),
            connection: ConnectionId::new(OrgId::from_bytes([1; 16]), [1; 8]),
            scope_label: None,
            title: String::new(),
            statement: String::new(),
            status: Status::Open,
            surfaced_at: at("2026-11-02T06:00:00Z"),
            last_seen_at: at("2026-11-04T06:00:00Z"),
            closed_at: None,
            sources: 3,
            sources_total: 3,
        };
        let said = |pattern: &Summary, looked_at: &str| standing(pattern, Some(at(looked_at)), &TimeZone::UTC);
        assert_eq!(said(&pattern, "2026-11-04T06:00:00Z"), "Still so on 4 November 2026");
        assert_eq!(said(&pattern, "2026-11-05T06:00:00Z"), "Last seen on 4 November 2026, not since");
        pattern.status = Status::Acknowledged;
        assert_eq!(said(&pattern, "2026-11-05T06:00:00Z"), "Last seen on 4 November 2026, not since");
        (pattern.status, pattern.closed_at) = (Status::Lapsed, Some(at("2026-12-02T06:00:00Z")));
        assert_eq!(said(&pattern, "2026-12-03T06:00:00Z"), "Went away on 2 December 2026; last seen on 4 November 2026");
        pattern.status = Status::Dismissed;
        assert_eq!(said(&pattern, "2026-12-03T06:00:00Z"), "Closed on 2 December 2026; last seen on 4 November 2026");
    }
}
