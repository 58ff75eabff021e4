//! `backtest --events FILE…`: what the product would have told a team, from its history in files. No server, no database,
//! no network: what it reads stays in this process.
//!
//! The files are canonical history ([`crate::signals::canonical`]), together the history of one team. Every look of the time asked for is made in
//! order, by the same functions as in the running product; nobody closes a pattern meanwhile. An actor's name is turned
//! into an id at once, and no output holds one.

use crate::analysis::{self, Cleared};
use crate::base::calendar::Calendar;
use crate::base::clock::{Instant, SignedDuration, Window};
use crate::base::dial::Dial;
use crate::base::id::{PatternId, PersonId};
use crate::crypto::hash;
use crate::detection::DETECTORS;
use crate::detection::candidate::{Candidate, Evidence};
use crate::detection::history::History;
use crate::detection::look::{Standing, look};
use crate::prefilter;
use crate::signals::canonical::{self, Format, Problem};
use crate::signals::{Event, Signal};
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;
use std::io::{self, Write};
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

/// Why there is no answer.
#[derive(Debug)]
pub enum BacktestError {
    /// A file could not be read.
    Read { file: String, source: io::Error },
    /// A file is not text.
    NotUtf8 { file: String, line: usize },
    /// Rows are wrong: the first problems of each file, and how many there are in all.
    Rows { problems: Vec<(String, Problem)>, total: usize },
    /// `--zone` names no zone.
    UnknownZone { name: String },
    /// `--from` or `--to` is no time.
    BadTime { option: &'static str, text: String },
    /// `--from` does not lie before `--to`.
    EmptyTime,
    /// The answer could not be written.
    Write(io::Error),
}

impl BacktestError {
    /// The exit status: 1 where what was given holds a problem, 2 where the command was used wrongly.
    pub const fn exit_status(&self) -> u8 {
        match self {
            Self::Rows { .. } | Self::NotUtf8 { .. } | Self::Write(_) => 1,
            Self::Read { .. } | Self::UnknownZone { .. } | Self::BadTime { .. } | Self::EmptyTime => 2,
        }
    }
}

impl fmt::Display for BacktestError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Read { file, source } => write!(f, "{file}: cannot be read ({source}); check the name and its permissions"),
            Self::NotUtf8 { file, line } => write!(f, "{file}, line {line}: not UTF-8; save the file as UTF-8"),
            Self::Rows { problems, total } => {
                for (file, problem) in problems {
                    writeln!(f, "{file}, {problem}")?;
                }
                match total.saturating_sub(problems.len()) {
                    0 => write!(f, "{total} to mend; nothing was evaluated"),
                    more => write!(f, "and {more} more; {total} to mend in all; nothing was evaluated"),
                }
            }
            Self::UnknownZone { name } => write!(f, "--zone: `{name}` is no time zone; write one such as Europe/Zurich or UTC"),
            Self::BadTime { option, text } => {
                write!(f, "{option}: `{text}` is no time; write a day (2026-03-02) or a time with its zone (2026-03-02T09:00:00Z)")
            }
            Self::EmptyTime => f.write_str("--from must lie before --to; exchange them"),
            Self::Write(source) => write!(f, "the answer could not be written ({source})"),
        }
    }
}

impl std::error::Error for BacktestError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Read { source, .. } | Self::Write(source) => Some(source),
            _ => None,
        }
    }
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

/// The files' texts.
pub fn read(paths: &[PathBuf]) -> Result<Vec<File>, BacktestError> {
    let read = |path: &PathBuf| {
        let name = path.display().to_string();
        let bytes = std::fs::read(path).map_err(|source| BacktestError::Read { file: name.clone(), source })?;
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

/// What the team would have been told.
#[derive(Debug)]
pub struct Report {
    pub told: Vec<Told>,
    pub signals: usize,
    /// The looks that were made, those on days off included.
    pub looks: usize,
    pub span: Option<Window>,
    pub dial: Dial,
    /// How often a condition held that may not be told, by detector and reason. Looks, not patterns.
    pub withheld: BTreeMap<(&'static str, &'static str), usize>,
}

/// A pattern, and when it would have been told.
#[derive(Debug)]
pub struct Told {
    pub id: PatternId,
    pub cleared: Cleared,
}

/// Makes every look of the time asked for over the history in `files`.
pub fn run(files: &[File], options: &Options) -> Result<Report, BacktestError> {
    let signals = signals(files, options)?;
    let history = History::new(&signals, &options.calendar);
    let mut report =
        Report { told: Vec::new(), signals: signals.len(), looks: 0, span: None, dial: options.dial, withheld: BTreeMap::new() };
    let Some((first, last)) = history.span() else {
        return Ok(report);
    };
    let span = Window { from: options.from.unwrap_or(first), to: options.to.unwrap_or_else(|| first_look_after(last, &options.calendar)) };
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
            let (standing, id, detector) = (Standing::opened(&candidate), pattern_id(&candidate), candidate.detector);
            match analysis::analyse(candidate) {
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

fn signals(files: &[File], options: &Options) -> Result<Vec<Signal>, BacktestError> {
    let (mut signals, mut problems, mut total) = (Vec::new(), Vec::new(), 0);
    for file in files {
        let reading = canonical::parse(&file.text, Format::of(&file.name, &file.text), &person);
        total += reading.problems_total;
        problems.extend(reading.problems.into_iter().map(|problem| (file.name.clone(), problem)));
        signals.extend(reading.rows);
    }
    if total > 0 {
        return Err(BacktestError::Rows { problems, total });
    }
    signals.retain(|signal: &Signal| options.to.is_none_or(|to| signal.occurred_at <= to));
    for signal in &mut signals {
        if let Event::Message(message) = &mut signal.event {
            message.question = message.text.as_deref().map_or(0.0, prefilter::question);
        }
    }
    Ok(signals)
}

/// An id in place of a name. Where the name is an id already (history that this product wrote), it is that one.
fn person(name: &str) -> PersonId {
    name.parse().unwrap_or_else(|_| {
        let digest = hash::in_domain("backtest person", &[name.as_bytes()]);
        PersonId::from_bytes(digest.first_chunk().copied().unwrap_or_default())
    })
}

/// The same history gives the same ids, so that two answers can be compared.
fn pattern_id(candidate: &Candidate) -> PatternId {
    let parts = [candidate.detector.as_bytes(), candidate.scope.external_id().as_bytes()];
    let digest = hash::in_domain("backtest pattern", &parts);
    PatternId::new(candidate.at, digest.first_chunk().copied().unwrap_or_default())
}

fn first_look_after(last: Instant, calendar: &Calendar) -> Instant {
    let week = last.saturating_add(SignedDuration::from_hours(24 * DAYS_AFTER_LAST)).unwrap_or(Instant::MAX);
    calendar.looks(last, week).into_iter().find(|look| calendar.is_working_look(*look)).unwrap_or(week)
}

/// One pattern as `backtest` and `demo` print it. Its keys are part of the product's face.
#[derive(Debug, Serialize)]
pub struct PatternLine<'a> {
    id: String,
    detector: &'static str,
    title: &'a str,
    statement: &'a str,
    scope: &'a str,
    window: Window,
    surfaced_at: Instant,
    options: Vec<&'static str>,
    evidence: &'a [Evidence],
}

impl<'a> PatternLine<'a> {
    pub fn of(told: &'a Told) -> Self {
        let finding = told.cleared.finding();
        Self {
            id: told.id.to_string(),
            detector: finding.candidate.detector,
            title: &finding.title,
            statement: &finding.statement,
            scope: finding.candidate.scope.external_id(),
            window: finding.candidate.window,
            surfaced_at: finding.candidate.at,
            options: finding.options.iter().map(|option| option.words).collect(),
            evidence: &finding.candidate.evidence,
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    patterns: Vec<PatternLine<'a>>,
}

impl Report {
    fn withhold(&mut self, detector: &'static str, reason: &'static str) {
        *self.withheld.entry((detector, reason)).or_default() += 1;
    }

    /// One JSON document.
    pub fn write_json(&self, out: &mut impl Write) -> Result<(), BacktestError> {
        let document = Document { patterns: self.told.iter().map(PatternLine::of).collect() };
        serde_json::to_writer_pretty(&mut *out, &document).map_err(|error| BacktestError::Write(error.into()))?;
        writeln!(out).and_then(|()| out.flush()).map_err(BacktestError::Write)
    }

    /// The same for people, with what was withheld.
    pub fn write_text(&self, out: &mut impl Write) -> Result<(), BacktestError> {
        self.text(out).and_then(|()| out.flush()).map_err(BacktestError::Write)
    }

    fn text(&self, out: &mut impl Write) -> io::Result<()> {
        let count = self.told.len();
        let patterns = if count == 1 { "pattern" } else { "patterns" };
        writeln!(out, "{count} {patterns} from {} signals in {} looks, dial at {}", self.signals, self.looks, self.dial)?;
        if let Some(span) = self.span {
            writeln!(out, "from {} to {}", span.from, span.to)?;
        }
        for told in &self.told {
            let finding = told.cleared.finding();
            writeln!(out, "\n{} ({}, {})", finding.title, finding.candidate.number, finding.candidate.detector)?;
            writeln!(out, "  told {}", finding.candidate.at)?;
            for part in [&finding.statement, &finding.why, &finding.goes_away] {
                writeln!(out, "  {part}")?;
            }
            writeln!(out, "  To consider:")?;
            for option in &finding.options {
                writeln!(out, "  - {}", option.words)?;
            }
            writeln!(out, "  Sources:")?;
            for source in &finding.candidate.evidence {
                writeln!(out, "  - {} {} {}", source.at, source.kind, source.url)?;
            }
        }
        for ((detector, reason), looks) in &self.withheld {
            let times = if *looks == 1 { "look" } else { "looks" };
            writeln!(out, "\nWithheld: {detector}, {reason}, at {looks} {times}")?;
        }
        Ok(())
    }
}
