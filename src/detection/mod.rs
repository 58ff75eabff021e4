//! Detectors: pure functions of a team's signals and an instant.
//!
//! A [`Detector`] sees a [`View`]: the signals that had occurred by an instant, and nothing later. It answers with an
//! [`Outcome`]: nothing, withheld because the group is too small, or a [`Candidate`] with numbers and evidence. It reads no
//! clock and no store, of texts only what was redacted ([`conversation_pattern`] alone does), and what it hands on holds no person. [`look::look`] is the one function that serves the
//! running product, the demo and `backtest`: it adds what a team may be told and how often.
//!
//! A new detector is one file and one line in [`DETECTORS`]; the conformance tests then say what is missing.

pub mod ageing_changes;
pub mod candidate;
pub mod change_failures;
pub mod changes;
pub mod conversation_pattern;
pub mod conversations;
pub mod deploys;
pub mod flaky_pipeline;
pub mod foresight;
pub mod history;
pub mod look;
pub mod review_pickup;
pub mod sample;
pub mod stats;
pub mod unanswered_questions;
pub mod words;
pub mod work_clock;

#[cfg(test)]
pub(crate) mod tests;

use candidate::Candidate;
use foresight::Least;
use history::{Scope, View};

/// Every detector. There is no other way to a pattern.
pub static DETECTORS: &[&dyn Detector] = &[
    &review_pickup::ReviewPickup,
    &ageing_changes::AgeingChanges,
    &change_failures::ChangeFailures,
    &flaky_pipeline::FlakyPipeline,
    &unanswered_questions::UnansweredQuestions,
    &conversation_pattern::ConversationPattern,
];

/// One kind of pattern: how it is found in a team's signals.
pub trait Detector: Sync {
    /// What is known of it before it looks at anything.
    fn about(&self) -> About;

    /// What the view says about one scope.
    fn evaluate(&self, scope: Scope<'_>, view: &View<'_, '_>) -> Outcome;

    /// [`About::id`], which is asked everywhere.
    fn id(&self) -> &'static str {
        self.about().id
    }
}

/// A detector's entry in the list.
#[derive(Clone, Copy, Debug)]
pub struct About {
    /// The lasting name in the store, the API and URLs: `ageing_changes`.
    pub id: &'static str,
    /// Its number in the documentation: `D2`.
    pub number: &'static str,
    /// Counts up whenever the same signals may give another answer.
    pub version: u32,
    pub cadence: Cadence,
    /// What it is about: each scope is evaluated on its own.
    pub scopes: ScopeKind,
    /// What counts alone can refute it by.
    pub least: Least,
}

/// On which looks a detector is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cadence {
    WorkingDays,
    Mondays,
}

/// The sort of place that a detector is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ScopeKind {
    Channels,
    Repositories,
}

/// What a detector says about a scope.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Its condition does not hold, or there is too little history to tell.
    Nothing,
    /// Its condition holds, but it may not be told.
    Withheld(Withheld),
    /// Its condition holds.
    Fires(Box<Candidate>),
}

/// Why a condition that holds is not told. Counted, never shown with what was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Withheld {
    /// Fewer than five active, fewer than three people behind it, or one person behind more than half of it.
    GroupTooSmall,
    /// Fewer than three sources that a person can open.
    TooFewSources,
}

impl Withheld {
    /// The reason as it is counted and printed.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::GroupTooSmall => "group_too_small",
            Self::TooFewSources => "too_few_sources",
        }
    }
}

/// The detector of this id.
pub fn detector(id: &str) -> Option<&'static dyn Detector> {
    DETECTORS.iter().copied().find(|detector| detector.id() == id)
}
