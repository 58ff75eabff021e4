//! Whether a message asks the team something and expects an answer.
//!
//! Never a judgement of who asks. Unanswered questions (D12) rest on it, so it would rather miss one than invent one.

use super::plain::Plain;

/// From here on a message is a question.
pub const QUESTION_MIN: f64 = 0.5;

/// How sure it is that `text` is a question to the team that expects an answer, 0 to 1.
pub fn question(text: &str) -> f64 {
    let plain = Plain::of(text);
    if plain.words().any(|word| word == "?") { 0.6 } else { 0.0 }
}
