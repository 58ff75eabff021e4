//! Local scoring: pure functions over the words of a conversation. Most signals stop here.
//!
//! [`score`] says how much a conversation looks like something a team would want to talk about; [`question`] says whether one
//! message asks the team something. Both decide what the text detectors may look at, and what may ever become a model's
//! context; neither keeps, sends or logs a word.
//!
//! Never about a person: an author counts only as one more distinct voice. No clock, no randomness, no state: the same
//! window gives the same score everywhere, in whole thousandths, so that every score is exactly the sum of its reasons.

mod explain;
mod features;
mod kind;
mod lexicon;
mod plain;
mod question;

pub use explain::{Reason, Score, threshold};
pub use kind::{Kind, KindSums};
pub use question::{QUESTION_MIN, question};

/// Most messages of a window that are read, the first ones (DECISIONS, D17).
pub const WINDOW_LINES_MAX: usize = 25;

/// One message of a conversation.
#[derive(Clone, Copy, Debug)]
pub struct Line<'a> {
    /// Anything that tells two authors apart; never looked at otherwise.
    pub author: &'a str,
    pub text: &'a str,
}

/// Scores a conversation: a thread, or messages that follow each other in a channel, in order.
pub fn score(window: &[Line<'_>]) -> Score {
    let window = window.get(..WINDOW_LINES_MAX).unwrap_or(window);
    features::weigh(window)
}
