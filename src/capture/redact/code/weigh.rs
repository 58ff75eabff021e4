//! The weight of what a line is made of: is it talk or is it code?
//!
//! A weight is in hundredths of a natural logarithm of odds: 100 makes code 2.7 times as likely.

use super::measure::{Measures, Trait};

/// How sure it is that a line is code.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Likeness {
    /// Reads as a sentence.
    Talk,
    /// Could be either: goes with its neighbours.
    Unsure,
    /// Code, if anything near it is.
    Likely,
    /// Code.
    Sure,
}

/// From this weight on a line is code, wherever it stands.
const SURE: i32 = 150;
/// From this weight on a line is code next to code.
const LIKELY: i32 = -50;
/// Below this weight a line is talk, wherever it stands.
const TALK: i32 = -250;

/// The weight of a line of which nothing is known.
const BIAS: i32 = -50;

/// The weight of one count of each trait. Fitted to lines of fifty languages against lines of chat by logistic regression,
/// then rounded, and set against the fit where the sample was one-sided (chats in other languages than English).
#[rustfmt::skip]
const BY_TRAIT: &[(Trait, i32)] = &[
    (Trait::IndentedLittle, 120),
    (Trait::IndentedMuch, 220),
    (Trait::StatementStart, 70),
    (Trait::CommandStart, 60),
    (Trait::Command, 300),
    (Trait::StartsWithBracket, 60),
    (Trait::StartsWithSign, 70),
    (Trait::StartsWithComment, 200),
    (Trait::StartsWithCapitalWord, -40),
    (Trait::EndsWithSemicolon, 270),
    (Trait::EndsOpen, 150),
    (Trait::EndsClosed, 110),
    (Trait::EndsWithComma, 20),
    (Trait::EndsWithColon, -20),
    (Trait::EndsWithBackslash, 200),
    (Trait::EndsAsSentence, -70),
    (Trait::EndsAsQuestion, -230),
    (Trait::Assignment, 130),
    (Trait::Call, 90),
    (Trait::Operator, 90),
    (Trait::Flag, 110),
    (Trait::Snake, 50),
    (Trait::Camel, 30),
    (Trait::Dotted, 25),
    (Trait::Path, 20),
    (Trait::Pair, 60),
    (Trait::Quoted, 20),
    (Trait::Sigil, 60),
    (Trait::Bracketed, 75),
    (Trait::Scope, 100),
    (Trait::Hex, 80),
    (Trait::Number, 20),
    (Trait::LevelWord, 150),
    (Trait::ClockTime, 75),
    (Trait::TalkWord, -80),
    (Trait::BothWord, -15),
    (Trait::PlainWord, -8),
    (Trait::ForeignWord, -45),
    (Trait::CapitalWord, 5),
    (Trait::Mention, -130),
    (Trait::Link, -130),
    (Trait::Smiley, -220),
    (Trait::CommaInside, -25),
    (Trait::SentenceInside, -50),
    (Trait::Nothing, 10),
    (Trait::ShareCode, 18),
    (Trait::SharePlain, -10),
    (Trait::ShareNumber, 10),
    (Trait::FewTokens, -10),
    (Trait::NoLetters, 60),
];

/// The weight of all that was counted.
pub(super) fn weigh(measures: &Measures) -> i32 {
    BIAS + BY_TRAIT.iter().map(|(of, weight)| weight * i32::from(measures.count(*of))).sum::<i32>()
}

/// What a weight says.
pub(super) const fn likeness(weight: i32) -> Likeness {
    if weight >= SURE {
        Likeness::Sure
    } else if weight >= LIKELY {
        Likeness::Likely
    } else if weight >= TALK {
        Likeness::Unsure
    } else {
        Likeness::Talk
    }
}
