//! Local scoring: pure functions over the words of a conversation. Most signals stop here.
//!
//! [`score`] says how much a conversation looks like something a team would want to talk about; [`question()`] says whether one
//! message asks the team something. Both decide what the text detectors may look at, and what may ever become a model's
//! context; neither keeps, sends or logs a word.
//!
//! Never about a person: an author counts only as one more distinct voice. No clock, no randomness, no state: the same
//! window gives the same score everywhere, in whole thousandths, so that every score is exactly the sum of its reasons.

mod asking;
mod explain;
mod features;
mod kind;
mod lexicon;
mod pairs;
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
    /// Anything that tells two authors apart, never looked at otherwise; empty where the author is not known, who then counts
    /// for no one.
    pub author: &'a str,
    pub text: &'a str,
}

/// Scores a conversation: a thread, or messages that follow each other in a channel, in order.
pub fn score(window: &[Line<'_>]) -> Score {
    let window = window.get(..WINDOW_LINES_MAX).unwrap_or(window);
    features::weigh(window)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::dial::Dial;
    use proptest::prelude::*;

    /// Arbitrary text, with words of the tables, code, quotes and marks often enough to matter.
    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            any::<String>(),
            Just("the build is broken".to_owned()),
            Just("waiting for review".to_owned()),
            Just("not".to_owned()),
            Just("release delayed?".to_owned()),
            Just("```".to_owned()),
            Just("`".to_owned()),
            Just("\n> ".to_owned()),
            Just("\u{2019}".to_owned()),
            Just("<http".to_owned()),
            Just("İ".to_owned()),
        ];
        prop::collection::vec(piece, 0..8).prop_map(|pieces| pieces.join(" "))
    }

    fn window() -> impl Strategy<Value = Vec<(String, String)>> {
        prop::collection::vec(("[a-e]", text()), 0..12)
    }

    fn lines(window: &[(String, String)]) -> Vec<Line<'_>> {
        window.iter().map(|(author, text)| Line { author, text }).collect()
    }

    proptest! {
        #[test]
        fn a_score_lies_in_range_and_is_the_sum_of_its_reasons(window in window()) {
            let score = score(&lines(&window));
            prop_assert!((0.0..=1.0).contains(&score.value()));
            prop_assert_eq!(score.why().iter().map(|reason| reason.points).sum::<i32>(), score.points());
            let weights: f64 = score.why().iter().map(Reason::weight).sum();
            prop_assert!((weights - score.value()).abs() < 1e-9);
            prop_assert!(score.why().iter().all(|reason| reason.points != 0));
        }

        #[test]
        fn what_passes_at_one_stop_passes_at_every_louder_one(window in window()) {
            let score = score(&lines(&window));
            for dial in Dial::ALL {
                prop_assert_eq!(score.passes(dial), score.value() >= threshold(dial));
            }
            prop_assert!(!score.passes(Dial::Quiet) || score.passes(Dial::Normal));
            prop_assert!(!score.passes(Dial::Normal) || score.passes(Dial::Verbose));
        }

        #[test]
        fn who_wrote_which_name_changes_nothing(window in window(), names in Just(["ana", "ben", "cleo", "dan", "eve"]).prop_shuffle()) {
            let renamed: Vec<(String, String)> = window.iter().map(|(author, text)| {
                let place = usize::from(author.as_bytes()[0] - b'a');
                (names[place].to_owned(), text.clone())
            }).collect();
            prop_assert_eq!(score(&lines(&window)), score(&lines(&renamed)));
        }

        #[test]
        fn messages_beyond_the_window_change_nothing(window in window(), more in window()) {
            let mut longer = window.clone();
            longer.resize(WINDOW_LINES_MAX, (String::new(), String::new()));
            let cut = score(&lines(&longer));
            longer.extend(more);
            prop_assert_eq!(cut, score(&lines(&longer)));
        }

        #[test]
        fn a_question_lies_in_range(text in text()) {
            prop_assert!((0.0..=1.0).contains(&question(&text)));
        }

        #[test]
        fn code_asks_and_says_nothing(code in "[^`]*") {
            let fenced = format!("```\n{code}\n```");
            prop_assert!(question(&fenced) < QUESTION_MIN);
            prop_assert_eq!(score(&[Line { author: "a", text: &fenced }, Line { author: "b", text: "" }]).points(), 0);
        }
    }
}
