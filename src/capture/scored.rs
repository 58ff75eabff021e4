//! The local filter: each signal is scored here, in memory, before it is stored.

use crate::base::dial::Dial;
use crate::capture::redact::gate::Redacted;
use crate::prefilter;
use crate::signals::{DeployTransition, Event, RunTransition};

/// A redacted signal with its scores.
pub struct Scored {
    redacted: Redacted,
    question: f64,
    score: f64,
    may_move_a_window: bool,
}

impl Scored {
    /// Scores a message by the pure scorer; anything else by asking whether it can move a detector's window.
    pub fn of(redacted: Redacted) -> Self {
        let (question, score, may_move_a_window) = match redacted.event() {
            Event::Message(message) => score_message(message.text.as_deref().unwrap_or_default()),
            Event::Change(_) => (0.0, 0.0, true),
            Event::Run(run) => (0.0, 0.0, run.transition == RunTransition::Completed),
            Event::Deploy(deploy) => (0.0, 0.0, matches!(deploy.transition, DeployTransition::Succeeded | DeployTransition::Failed)),
            Event::Incident(incident) => (0.0, 0.0, incident.deploy.is_some()),
            Event::Review(_) => (0.0, 0.0, false),
        };
        Self { redacted, question, score, may_move_a_window }
    }

    pub const fn redacted(&self) -> &Redacted {
        &self.redacted
    }

    /// How much this is a question, 0 to 1.
    pub const fn question(&self) -> f64 {
        self.question
    }

    /// How much this is worth a look, 0 to 1.
    pub const fn score(&self) -> f64 {
        self.score
    }

    /// The stops of the dial at which this message alone would pass; none for anything but a message.
    pub fn passes(&self) -> impl Iterator<Item = Dial> {
        let is_message = matches!(self.redacted.event(), Event::Message(_));
        Dial::ALL.into_iter().filter(move |dial| is_message && self.score >= prefilter::threshold(*dial))
    }

    /// Whether this message asks the team something.
    pub fn is_question(&self) -> bool {
        self.question >= prefilter::QUESTION_MIN
    }

    pub const fn may_move_a_window(&self) -> bool {
        self.may_move_a_window
    }
}

fn score_message(text: &str) -> (f64, f64, bool) {
    if text.is_empty() {
        return (0.0, 0.0, false);
    }
    let question = prefilter::question(text);
    let score = prefilter::score(&[prefilter::Line { author: "", text }]);
    (question, score.value(), score.passes(Dial::Verbose) || question >= prefilter::QUESTION_MIN)
}
