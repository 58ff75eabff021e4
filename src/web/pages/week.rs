//! What a week brought to a member's teams: which patterns stand out, what changed, and whether what was done helped.
//!
//! Never: a person. What is told here is about places, and was told to the team before.

use crate::base::clock::{Instant, SignedDuration, Window};
use crate::detection::candidate::Chart as Course;
use crate::detection::look::COOL_DOWN_DAYS;
use crate::patterns::{Status, Summary};
use crate::web::format;
use crate::web::pages::patterns::{self as page_of_patterns, Teams};
use crate::web::words;
use std::cmp::Reverse;

/// The week that a page speaks of, whenever it is opened.
pub const WEEK_DAYS: i64 = 7;
/// How long it is followed whether what a team did helped: a quarter of a year.
const FOLLOWED_DAYS: i64 = 91;

/// Something that happened to a pattern.
pub struct Change {
    pub href: String,
    pub title: String,
    pub word: &'static str,
    pub tone: &'static str,
    pub note: String,
}

/// Whether a pattern was told for the first time within the last week.
pub fn is_new(pattern: &Summary, now: Instant) -> bool {
    pattern.surfaced_at >= Window::days_before(now, WEEK_DAYS).from
}

/// By what the patterns that are not closed are ranked, the first to be read first: those that hold before those that were not seen
/// at the last look, those that nobody took note of before the others, and of these the furthest over their own limit.
pub fn rank(pattern: &Summary, course: &Course, teams: &Teams) -> impl Ord + use<> {
    let is_acknowledged = pattern.status != Status::Open;
    (!teams.holds(pattern), is_acknowledged, Reverse(times_the_limit(course)), Reverse(pattern.surfaced_at), pattern.id)
}

/// How often its limit goes into the last value: so numbers of unlike units can be compared. The bits of floats from nought on are in
/// the order of the floats.
fn times_the_limit(course: &Course) -> u64 {
    let last = course.points.last().map_or(0.0, |point| point.value / point.limit.unwrap_or(course.limit));
    if last.is_finite() && last > 0.0 { last.to_bits() } else { 0 }
}

/// The statement's first sentence: the one with the number that it is about.
pub fn sentence(statement: &str) -> &str {
    let end = statement.match_indices(". ").map(|(at, _)| at + 1).find(|end| statement.get(*end + 1..).is_some_and(begins_anew));
    end.and_then(|end| statement.get(..end)).unwrap_or(statement)
}

fn begins_anew(rest: &str) -> bool {
    rest.chars().next().is_some_and(|c| c.is_uppercase() || c.is_ascii_digit())
}

/// What the last week changed, the new before what is over.
pub fn changes(found: &[Summary], teams: &Teams, now: Instant) -> Vec<Change> {
    let week = Window::days_before(now, WEEK_DAYS).from;
    let came = found.iter().filter(|pattern| pattern.surfaced_at >= week && pattern.closed_at.is_none());
    let went = found.iter().filter(|pattern| pattern.closed_at.is_some_and(|closed| closed >= week));
    let new = came.map(|pattern| {
        let note = format!("{}, told on {}", words::kind(&pattern.detector), format::day(pattern.surfaced_at, &teams.zone(pattern.team)));
        change(pattern, ("New", "warn"), note)
    });
    let over = went.map(|pattern| change(pattern, page_of_patterns::state(pattern.status), teams.standing(pattern)));
    new.chain(over).collect()
}

/// What became of the patterns that the team marked as addressed. `is_heard` says whether the place of a pattern is still listened to.
pub fn outcomes(found: &[Summary], teams: &Teams, is_heard: impl Fn(&Summary) -> bool, now: Instant) -> Vec<Change> {
    let from = Window::days_before(now, FOLLOWED_DAYS).from;
    let addressed = found.iter().filter(|pattern| pattern.status == Status::Addressed);
    let recent = addressed.filter_map(|pattern| pattern.closed_at.filter(|closed| *closed >= from).map(|closed| (pattern, closed)));
    recent.map(|(pattern, closed)| outcome(pattern, closed, found, (teams, is_heard(pattern), now))).collect()
}

fn outcome(pattern: &Summary, closed: Instant, found: &[Summary], (teams, is_heard, now): (&Teams, bool, Instant)) -> Change {
    let zone = teams.zone(pattern.team);
    let day = |at: Instant| format::day(at, &zone);
    let again = found.iter().filter(|other| is_same_subject(pattern, other)).map(|other| other.surfaced_at).filter(|at| *at > closed).min();
    let silent_until = closed.saturating_add(SignedDuration::from_hours(24 * COOL_DOWN_DAYS)).unwrap_or(Instant::MAX);
    let since = now.duration_since(closed).as_hours() / 24;
    let (state, what) = match again {
        Some(again) => (("Came back", "warn"), format!("It was told again on {}.", day(again))),
        None if !is_heard => {
            (("Not known", "off"), "Its source is not listened to any more, so it cannot be seen whether it helped.".to_owned())
        }
        None if now < silent_until => (
            ("Too early", "plain"),
            format!("Nothing is told about it for {COOL_DOWN_DAYS} days, so whether it helped shows from {} on.", day(silent_until)),
        ),
        None => {
            (("Not back", "good"), format!("It was not told again in the {} since.", format::count(since.unsigned_abs(), "day", "days")))
        }
    };
    change(pattern, state, format!("Your team marked it as addressed on {}. {what}", day(closed)))
}

fn is_same_subject(one: &Summary, other: &Summary) -> bool {
    (one.team, one.connection, &one.detector, &one.scope) == (other.team, other.connection, &other.detector, &other.scope)
}

fn change(pattern: &Summary, (word, tone): (&'static str, &'static str), note: String) -> Change {
    Change { href: page_of_patterns::href(pattern.id), title: pattern.title.clone(), word, tone, note }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::id::{ConnectionId, OrgId, PatternId, TeamId};
    use crate::detection::candidate::{Point, Unit};
    use crate::signals::place::Place;

    const NOW: &str = "2026-11-23T09:00:00Z";

    fn at(text: &str) -> Instant {
        text.parse().unwrap()
    }

    fn pattern(id: u8, status: Status, surfaced: &str, closed: Option<&str>) -> Summary {
        Summary {
            id: PatternId::from_bytes([id; 16]),
            team: TeamId::from_bytes([1; 16]),
            detector: "flaky_pipeline".to_owned(),
            connection: ConnectionId::new(OrgId::from_bytes([1; 16]), [1; 8]),
            scope: Place::from_external_id("acme/web").unwrap(),
            scope_label: None,
            title: format!("pattern {id}"),
            statement: String::new(),
            status,
            surfaced_at: at(surfaced),
            last_seen_at: at(surfaced),
            closed_at: closed.map(at),
            sources: 3,
            sources_total: 3,
        }
    }

    fn course(value: f64, limit: f64) -> Course {
        let point = Point { at: at(NOW), value, limit: None };
        Course { title: String::new(), unit: Unit::Count, points: vec![point], told: 1, usual: None, limit }
    }

    #[test]
    fn the_furthest_over_its_limit_is_read_first_and_what_was_acknowledged_last() {
        let (teams, early, late) = (Teams::none(), "2026-11-16T06:00:00Z", "2026-11-20T06:00:00Z");
        let seen = [
            (pattern(1, Status::Open, early, None), course(12.0, 10.0)),
            (pattern(2, Status::Acknowledged, late, None), course(90.0, 10.0)),
            (pattern(3, Status::Open, early, None), course(0.6, 0.2)),
            (pattern(4, Status::Open, late, None), course(12.0, 10.0)),
            (pattern(5, Status::Open, late, None), course(1.0, 0.0)),
        ];
        let mut order: Vec<_> = seen.iter().map(|(pattern, course)| (rank(pattern, course, &teams), pattern.title.as_str())).collect();
        order.sort();
        assert_eq!(order.into_iter().map(|(_, title)| title).collect::<Vec<_>>(), [3, 4, 1, 5, 2].map(|n| format!("pattern {n}")));
    }

    #[test]
    fn a_week_shows_what_came_and_what_went_and_nothing_else() {
        let found = [
            pattern(1, Status::Open, "2026-11-20T06:00:00Z", None),
            pattern(2, Status::Open, "2026-11-02T06:00:00Z", None),
            pattern(3, Status::Lapsed, "2026-10-02T06:00:00Z", Some("2026-11-17T06:00:00Z")),
            pattern(4, Status::Dismissed, "2026-10-02T06:00:00Z", Some("2026-11-01T06:00:00Z")),
            pattern(5, Status::Addressed, "2026-11-19T06:00:00Z", Some("2026-11-20T10:00:00Z")),
        ];
        let seen: Vec<_> = changes(&found, &Teams::none(), at(NOW)).into_iter().map(|change| (change.title, change.word)).collect();
        assert_eq!(seen, [("pattern 1".into(), "New"), ("pattern 3".into(), "Went away"), ("pattern 5".into(), "Addressed")]);
    }

    #[test]
    fn whether_it_helped_is_said_only_where_it_can_be_known() {
        let said = |closed: &str, others: &[Summary], is_heard: bool| {
            let first = pattern(1, Status::Addressed, "2026-09-01T06:00:00Z", Some(closed));
            let found: Vec<Summary> = [first].into_iter().chain(others.iter().cloned()).collect();
            outcomes(&found, &Teams::none(), |_| is_heard, at(NOW)).into_iter().map(|change| (change.word, change.note)).next()
        };
        let (word, note) = said("2026-11-20T06:00:00Z", &[], true).unwrap();
        assert_eq!(word, "Too early");
        assert!(note.ends_with("shows from 18 December 2026 on."), "{note}");
        let (word, note) = said("2026-10-14T09:00:00Z", &[], true).unwrap();
        assert_eq!((word, note.ends_with("not told again in the 40 days since.")), ("Not back", true), "{note}");
        assert_eq!(said("2026-10-14T09:00:00Z", &[], false).unwrap().0, "Not known");
        let again = pattern(2, Status::Open, "2026-11-12T06:00:00Z", None);
        let mut elsewhere = again.clone();
        elsewhere.scope = Place::from_external_id("acme/api").unwrap();
        assert_eq!(said("2026-10-14T09:00:00Z", &[elsewhere], true).unwrap().0, "Not back");
        assert_eq!(said("2026-10-14T09:00:00Z", &[again], true).unwrap().0, "Came back");
        assert!(said("2026-08-01T06:00:00Z", &[], true).is_none(), "that is long ago");
    }

    #[test]
    fn one_sentence_is_one_sentence() {
        assert_eq!(sentence("Of 4.2 days, e.g. this. And more."), "Of 4.2 days, e.g. this.");
        assert_eq!(sentence("Only one."), "Only one.");
        assert_eq!(sentence(""), "");
    }
}
