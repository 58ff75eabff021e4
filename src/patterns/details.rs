//! What is kept of a finding beside its title, its statement and its sources.

use crate::analysis::Finding;
use crate::base::clock::Window;
use crate::detection::candidate::{Chart, Facts};
use serde::{Deserialize, Serialize};

/// The rest of a finding, as it is stored and shown.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Details {
    /// The detector's number in the documentation: `D2`.
    pub number: String,
    /// The detector's version: the same signals may give another answer in the next.
    pub version: u32,
    /// What the numbers are about.
    pub window: Window,
    /// What they are compared with.
    pub baseline: Window,
    pub dial: String,
    pub facts: Facts,
    pub chart: Chart,
    /// Everything that counted and could be opened: what the evidence was drawn from.
    pub sources_total: usize,
    /// What the detector was set to.
    pub parameters: Vec<Parameter>,
    pub why: String,
    pub goes_away: String,
    /// What the team might consider; people decide.
    pub options: Vec<Remedy>,
    pub worded_by: String,
}

/// A setting of the detector.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Parameter {
    pub name: String,
    pub value: f64,
}

/// Something a team might consider.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// Its lasting name.
    pub id: String,
    pub words: String,
}

impl Details {
    pub(super) fn of(finding: &Finding) -> Self {
        let candidate = &finding.candidate;
        let parameters = candidate.parameters.iter().map(|parameter| Parameter { name: parameter.name.to_owned(), value: parameter.value });
        let options = finding.options.iter().map(|option| Remedy { id: option.id.to_owned(), words: option.words.to_owned() });
        Self {
            number: candidate.number.to_owned(),
            version: candidate.version,
            window: candidate.window,
            baseline: candidate.baseline,
            dial: candidate.dial.to_string(),
            facts: candidate.facts.clone(),
            chart: candidate.chart.clone(),
            sources_total: candidate.sources_total,
            parameters: parameters.collect(),
            why: finding.why.clone(),
            goes_away: finding.goes_away.clone(),
            options: options.collect(),
            worded_by: finding.worded_by.to_owned(),
        }
    }
}
