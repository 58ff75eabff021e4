//! What a backtest answers: patterns as one JSON document, or as text for people.

use super::BacktestError;
use crate::analysis::{Cleared, sources_in_words};
use crate::base::clock::{Instant, Window};
use crate::base::dial::Dial;
use crate::base::id::PatternId;
use crate::detection::candidate::Evidence;
use serde::Serialize;
use std::collections::BTreeMap;
use std::io::{self, Write};

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
    /// What the evidence was drawn from.
    sources_total: usize,
    evidence: &'a [Evidence],
}

impl<'a> PatternLine<'a> {
    /// The id of the detector that found it.
    pub const fn detector(&self) -> &'static str {
        self.detector
    }

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
            sources_total: finding.candidate.sources_total,
            evidence: &finding.candidate.evidence,
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    patterns: Vec<PatternLine<'a>>,
}

impl Report {
    pub(super) fn withhold(&mut self, detector: &'static str, reason: &'static str) {
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
        let (patterns, signals, looks) =
            (counted(self.told.len(), "pattern"), counted(self.signals, "signal"), counted(self.looks, "look"));
        writeln!(out, "{patterns} from {signals} in {looks}, dial at {}", self.dial)?;
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
            writeln!(out, "  {}:", sources_in_words(finding.candidate.evidence.len(), finding.candidate.sources_total))?;
            for source in &finding.candidate.evidence {
                writeln!(out, "  - {} {} {}", source.at, source.kind, source.url)?;
            }
        }
        for ((detector, reason), looks) in &self.withheld {
            writeln!(out, "\nWithheld: {detector}, {reason}, at {}", counted(*looks, "look"))?;
        }
        Ok(())
    }
}

fn counted(count: usize, noun: &str) -> String {
    if count == 1 { format!("1 {noun}") } else { format!("{count} {noun}s") }
}
