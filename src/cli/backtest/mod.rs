//! `backtest --events FILE…`: what the product would have told a team, from its history in files. No server, no database,
//! no network: what it reads stays in this process.
//!
//! The files are canonical history ([`canonical`]), together the history of one team. Every look of the time asked for is
//! made in order, by the same functions as in the running product; nobody closes a pattern meanwhile. An actor's name is
//! turned into an id at once, and no output holds one.

pub(super) mod command;
mod error;
mod report;
#[cfg(test)]
mod tests;

use crate::analysis;
use crate::base::calendar::Calendar;
use crate::base::clock::{Instant, SignedDuration, Window};
use crate::base::dial::Dial;
use crate::base::id::PersonId;
use crate::capture::redact::{self, Names, SOMEONE};
use crate::crypto::hash;
use crate::detection::DETECTORS;
use crate::detection::history::History;
use crate::detection::look::{Standing, look};
use crate::detection::words;
use crate::signals::canonical::{self, Format};
use crate::signals::{Event, Signal};
use crate::{patterns, prefilter};
pub use error::BacktestError;
pub use report::{PatternLine, Report, Told};
use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};
use std::io::Read as _;
use std::path::PathBuf;

/// The days after the last signal in which a look on a working day is sure to fall.
const DAYS_AFTER_LAST: i64 = 7;

/// A file's name, for messages, and its text.
pub struct File {
    pub name: String,
    pub text: String,
}

/// What is asked for.
pub struct Options {
    /// Looks after this instant; by default from the first signal on.
    pub from: Option<Instant>,
    /// Looks up to this instant, and no later signal; by default the first look on a working day after the last signal.
    pub to: Option<Instant>,
    pub dial: Dial,
    pub calendar: Calendar,
}

impl Options {
    /// Options from the words of the command line. A day stands for its first instant in the zone.
    pub fn parse(from: Option<&str>, to: Option<&str>, dial: Dial, zone: Option<&str>) -> Result<Self, BacktestError> {
        let calendar = match zone {
            None => Calendar::default(),
            Some(name) => {
                let zone = jiff::tz::TimeZone::get(name).map_err(|_| BacktestError::UnknownZone { name: name.to_owned() })?;
                Calendar::in_zone(zone)
            }
        };
        let time = |option: &'static str, text: Option<&str>| match text {
            None => Ok(None),
            Some(text) => instant(text, &calendar).map(Some).ok_or_else(|| BacktestError::BadTime { option, text: text.to_owned() }),
        };
        let (from, to) = (time("--from", from)?, time("--to", to)?);
        if let (Some(from), Some(to)) = (from, to)
            && from >= to
        {
            return Err(BacktestError::EmptyTime);
        }
        Ok(Self { from, to, dial, calendar })
    }
}

fn instant(text: &str, calendar: &Calendar) -> Option<Instant> {
    if let Ok(at) = text.parse() {
        return Some(at);
    }
    let day: jiff::civil::Date = text.parse().ok().filter(|_| text.len() == "2026-03-02".len())?;
    day.to_zoned(calendar.zone().clone()).ok().map(|zoned| zoned.timestamp())
}

/// The files' texts; `-` is standard input.
pub fn read(paths: &[PathBuf]) -> Result<Vec<File>, BacktestError> {
    let read = |path: &PathBuf| {
        let is_input = path.as_os_str() == "-";
        let name = if is_input { "standard input".to_owned() } else { path.display().to_string() };
        let mut bytes = Vec::new();
        let read = if is_input { std::io::stdin().read_to_end(&mut bytes).map(drop) } else { std::fs::read(path).map(|read| bytes = read) };
        read.map_err(|source| BacktestError::Read { file: name.clone(), source })?;
        match String::from_utf8(bytes) {
            Ok(text) => Ok(File { name, text }),
            Err(error) => {
                let whole = error.as_bytes().get(..error.utf8_error().valid_up_to()).unwrap_or_default();
                let line = 1 + whole.iter().fold(0, |lines, byte| lines + usize::from(*byte == b'\n'));
                Err(BacktestError::NotUtf8 { file: name, line })
            }
        }
    };
    paths.iter().map(read).collect()
}

/// Makes every look of the time asked for over the history in `files`.
pub fn run(files: &[File], options: &Options) -> Result<Report, BacktestError> {
    let (signals, names) = signals(files, options)?;
    let history = History::new(&signals, &options.calendar).with_names(names.clone());
    let mut report =
        Report { told: Vec::new(), signals: signals.len(), looks: 0, span: None, dial: options.dial, withheld: BTreeMap::new() };
    let Some((first, last)) = history.span() else {
        return Ok(report);
    };
    let span = Window { from: options.from.unwrap_or(first), to: options.to.unwrap_or_else(|| first_look_after(last, &options.calendar)) };
    if span.from >= span.to {
        return Err(BacktestError::AfterHistory { last_look: span.to });
    }
    report.span = Some(span);
    let mut standings: Vec<Standing> = Vec::new();
    for at in options.calendar.looks(span.from, span.to) {
        let look = look(DETECTORS, &history, at, options.dial, &standings);
        look.update(&mut standings);
        report.looks += 1;
        for held in &look.withheld {
            report.withhold(held.subject.detector, held.why.as_str());
        }
        for candidate in look.fired {
            let (standing, id, detector) = (Standing::opened(&candidate), patterns::derived_id(&candidate), candidate.detector);
            match analysis::analyse(candidate, &|word| names.contains(word)) {
                Ok(cleared) => {
                    standings.push(standing);
                    report.told.push(Told { id, cleared });
                }
                Err(dropped) => report.withhold(detector, dropped.as_str()),
            }
        }
    }
    Ok(report)
}

/// The signals of all files, and the words of which their actors' names are made.
fn signals(files: &[File], options: &Options) -> Result<(Vec<Signal>, HashSet<String>), BacktestError> {
    let (mut signals, mut problems, mut total) = (Vec::new(), Vec::new(), 0);
    let called = RefCell::new(HashSet::new());
    let person = |name: &str| {
        called.borrow_mut().extend(words::of_name(name));
        person(name)
    };
    for file in files {
        let reading = canonical::parse(&file.text, Format::of(&file.name, &file.text), &person);
        total += reading.problems_total;
        problems.extend(reading.problems.into_iter().map(|problem| (file.name.clone(), problem)));
        signals.extend(reading.rows);
    }
    if total > 0 {
        return Err(BacktestError::Rows { problems, total });
    }
    let first = signals.iter().map(|signal: &Signal| signal.occurred_at).min();
    signals.retain(|signal| options.to.is_none_or(|to| signal.occurred_at <= to));
    if let Some(first) = first.filter(|_| signals.is_empty()) {
        return Err(BacktestError::BeforeHistory { first });
    }
    // As in the running product a text is redacted before it is scored or read.
    let names = Names::none(|_| SOMEONE.to_owned());
    for signal in &mut signals {
        if let Event::Message(message) = &mut signal.event {
            message.text = message.text.as_deref().map(|text| redact::text(text, &names).text);
            message.question = message.text.as_deref().map_or(0.0, prefilter::question);
        }
    }
    Ok((signals, called.into_inner()))
}

/// An id in place of a name. Where the name is an id already (history that this product wrote), it is that one.
fn person(name: &str) -> PersonId {
    name.parse().unwrap_or_else(|_| {
        let digest = hash::in_domain("backtest person", &[name.as_bytes()]);
        PersonId::from_bytes(digest.first_chunk().copied().unwrap_or_default())
    })
}

fn first_look_after(last: Instant, calendar: &Calendar) -> Instant {
    let week = last.saturating_add(SignedDuration::from_hours(24 * DAYS_AFTER_LAST)).unwrap_or(Instant::MAX);
    calendar.looks(last, week).into_iter().find(|look| calendar.is_working_look(*look)).unwrap_or(week)
}
