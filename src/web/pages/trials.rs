//! What a source in shadow mode would have brought, as the page of its connection shows it.

use crate::base::clock::{Instant, SignedDuration, Window};
use crate::base::dial::Dial;
use crate::capture::shadow::{Counts, Preview};
use crate::detection::foresight::{Foreseen, Verdict, foresee, patterns_per_week_max};
use crate::orgs::shadow::{DAYS_DEFAULT, DAYS_MAX, KEPT_DAYS};
use crate::orgs::sources::{Mode, Source};
use crate::signals::SignalKind;
use crate::signals::countable::Countable;
use crate::web::format;
use crate::web::words;
use jiff::civil::Date;
use jiff::tz::TimeZone;

/// Most days that the table shows, the last ones: two weeks, to compare one with the other.
const DAYS_SHOWN: usize = 14;
const HOURS_PER_DAY: i64 = 24;

/// One source that is tried out, or was.
pub struct Trial {
    pub name: String,
    pub external_id: String,
    pub is_running: bool,
    /// When it began, and when it ends or ended.
    pub when: String,
    pub lead: String,
    /// Whether its messages are scored one by one.
    pub is_channel: bool,
    pub days: Vec<Day>,
    pub refused: Vec<Refused>,
    pub bound: String,
    pub foreseen: Vec<Line>,
    pub days_default: u16,
    pub days_max: u16,
}

/// One day on which something came.
pub struct Day {
    pub day: String,
    pub captured: String,
    pub refused: String,
    /// Quiet, normal, verbose.
    pub passes: [String; 3],
}

/// How many would have been turned away for one reason.
pub struct Refused {
    pub reason: &'static str,
    pub count: String,
}

/// What one detector could have said.
pub struct Line {
    pub name: &'static str,
    pub words: String,
}

impl Trial {
    /// The page's words for a source; `None` where it was not tried out, or so long ago that its counts are gone.
    pub fn of(source: &Source, preview: &Preview, (dial, zone): (Dial, &TimeZone), now: Instant) -> Option<Self> {
        let shadow = source.shadow?;
        let is_running = source.mode(now) == Mode::Shadow;
        let is_gone = shadow.to.saturating_add(SignedDuration::from_hours(HOURS_PER_DAY * KEPT_DAYS)).is_ok_and(|end| end < now);
        if is_gone {
            return None;
        }
        let listened = shadow.from.duration_until(shadow.to.min(now));
        let foreseen = foresee(&source.place_kind, listened.as_hours() / HOURS_PER_DAY, |what| preview.total.seen(what));
        Some(Self {
            name: source.label.clone().unwrap_or_else(|| source.external_id.clone()),
            external_id: source.external_id.clone(),
            is_running,
            when: when(shadow, is_running, zone),
            lead: lead(&preview.total),
            is_channel: source.place_kind == "channel",
            days: preview.days.iter().rev().take(DAYS_SHOWN).rev().map(|(day, counts)| row(day, counts)).collect(),
            refused: refused(&preview.total),
            bound: bound(patterns_per_week_max(&foreseen, dial), dial),
            foreseen: foreseen.iter().map(line).collect(),
            days_default: DAYS_DEFAULT,
            days_max: DAYS_MAX,
        })
    }
}

fn when(shadow: Window, is_running: bool, zone: &TimeZone) -> String {
    let (from, to) = (format::day(shadow.from, zone), format::moment(shadow.to, zone).words);
    if is_running {
        format!("In shadow mode since {from}. It ends on {to}; then the source is off, unless you switch it on.")
    } else {
        format!("It was in shadow mode from {from} until {to}. Now it is off: nothing goes on by itself.")
    }
}

fn lead(counts: &Counts) -> String {
    let captured = counts.captured_in_all();
    if captured == 0 && counts.refused_in_all() == 0 {
        return "Nothing came that could be counted.".to_owned();
    }
    let kinds: Vec<String> =
        SignalKind::ALL.iter().filter_map(|kind| counts.captured.get(kind.as_str()).map(|n| words::signals(*kind, *n))).collect();
    let kept = if kinds.is_empty() {
        "Nothing would have been kept".to_owned()
    } else {
        format!("{} would have been kept", words::listed(&kinds))
    };
    let scored = match (captured, captured.saturating_sub(counts.stopped_locally)) {
        (0, _) => String::new(),
        (_, 0) => " None of it could move a pattern: all would have ended at the local filter.".to_owned(),
        (_, on) => format!(" The local filter would have scored each, and {} could move a pattern.", format::grouped(on)),
    };
    format!("{kept}, and {} turned away.{scored}", format::grouped(counts.refused_in_all()))
}

fn row(day: &str, counts: &Counts) -> Day {
    let passes = Dial::ALL.map(|dial| format::grouped(counts.passes.get(dial.as_str()).copied().unwrap_or(0)));
    let short = day.parse::<Date>().map_or_else(|_| day.to_owned(), |date| date.strftime("%-d %b").to_string());
    Day { day: short, captured: format::grouped(counts.captured_in_all()), refused: format::grouped(counts.refused_in_all()), passes }
}

fn refused(counts: &Counts) -> Vec<Refused> {
    let mut refused: Vec<_> = counts.refused.iter().collect();
    refused.sort_by(|a, b| b.1.cmp(a.1).then_with(|| a.0.cmp(b.0)));
    refused.into_iter().map(|(word, n)| Refused { reason: words::reason(word), count: format::grouped(*n) }).collect()
}

fn bound(most: usize, dial: Dial) -> String {
    match most {
        0 => "No pattern in the first weeks, if they are like these days.".to_owned(),
        most => format!(
            "At most {} in a week, at the team’s present stop of the dial ({dial}).",
            format::count(most as u64, "new pattern", "new patterns")
        ),
    }
}

fn line(one: &Foreseen) -> Line {
    let came = counted(one.least.of, one.came);
    let words = match one.verdict {
        Verdict::Silent => {
            format!("would have been silent: {came}, and it says nothing below {} in {} days", one.least.at_least, one.least.in_days)
        }
        Verdict::SilentAtFirst => format!("silent at first: it listens for {} days before it says anything", one.least.history_days),
        Verdict::MaySpeak => {
            format!("might have spoken: {came}, and from {} in {} days on it looks closer", one.least.at_least, one.least.in_days)
        }
    };
    Line { name: words::kind(one.detector.id()), words }
}

fn counted(what: Countable, n: u64) -> String {
    let (one, many) = match what {
        Countable::Message => ("message", "messages"),
        Countable::Question => ("question", "questions"),
        Countable::Change => ("pull request", "pull requests"),
        Countable::Review => ("review", "reviews"),
        Countable::Run => ("workflow run", "workflow runs"),
        Countable::FailedRun => ("failed workflow run", "failed workflow runs"),
        Countable::Deploy => ("deployment", "deployments"),
    };
    format::count(n, one, many)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_came_is_told_in_a_sentence() {
        let mut counts = Counts::default();
        assert_eq!(lead(&counts), "Nothing came that could be counted.");
        counts.captured.extend([("change".to_owned(), 2), ("run".to_owned(), 1), ("review".to_owned(), 1)]);
        counts.refused.insert("bot_message".to_owned(), 3);
        counts.stopped_locally = 1;
        assert_eq!(
            lead(&counts),
            "2 pull request events, 1 review and 1 workflow run event would have been kept, and 3 turned away. \
             The local filter would have scored each, and 3 could move a pattern."
        );
        counts.stopped_locally = 4;
        assert!(lead(&counts).ends_with("all would have ended at the local filter."));
    }

    #[test]
    fn a_day_is_short_and_one_that_cannot_be_read_stands_as_it_is() {
        assert_eq!(row("2026-11-16", &Counts::default()).day, "16 Nov");
        assert_eq!(row("a day", &Counts::default()).day, "a day");
    }
}
