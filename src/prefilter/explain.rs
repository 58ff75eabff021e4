//! A score and its reasons: named, weighted features whose sum it is.
//!
//! Never a word of the message: a reason is the name of a feature of ours and a number.

use super::kind::KindSums;
use crate::base::dial::Dial;

/// Points of a whole score: weights are whole thousandths, so that sums are exact on every machine.
pub(super) const WHOLE: i32 = 1_000;

/// Fewest points that pass, for each stop of the dial.
///
/// Measured on the 153 labelled conversations (40 of them worth it) whose words were not read when the tables were written
/// (`tests/measured` prints it anew): Quiet precision 0.64, recall 0.35; Normal 0.71, 0.62; Verbose 0.52, 0.82. Quiet asks for
/// strong signs; Verbose misses little; the group sizes and thresholds of the detectors come after either.
const QUIET_MIN: i32 = 500;
const NORMAL_MIN: i32 = 350;
const VERBOSE_MIN: i32 = 150;

/// One named part of a score.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reason {
    pub feature: &'static str,
    /// Thousandths of the score; negative where the feature speaks against.
    pub points: i32,
}

impl Reason {
    /// The part of the score, 1 being the whole.
    pub fn weight(&self) -> f64 {
        to_unit(self.points)
    }
}

/// How much a conversation looks like something the team would want to talk about, with every reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Score {
    points: i32,
    why: Vec<Reason>,
    kinds: KindSums,
}

impl Score {
    /// The score that `reasons` add up to. Where they leave 0 to 1, a reason of its own (`floor`, `ceiling`) brings the sum back.
    pub(super) fn of(mut why: Vec<Reason>, kinds: KindSums) -> Self {
        why.retain(|reason| reason.points != 0);
        let sum: i32 = why.iter().map(|reason| reason.points).fold(0, i32::saturating_add);
        let points = sum.clamp(0, WHOLE);
        if points > sum {
            why.push(Reason { feature: "floor", points: points - sum });
        } else if points < sum {
            why.push(Reason { feature: "ceiling", points: points - sum });
        }
        Self { points, why, kinds }
    }

    /// 0 to 1: the sum of the weights in [`Score::why`].
    pub fn value(&self) -> f64 {
        to_unit(self.points)
    }

    /// The same as whole thousandths, for a store and for exact sums.
    pub const fn points(&self) -> i32 {
        self.points
    }

    /// Every feature that took part, in the order of the tables.
    pub fn why(&self) -> &[Reason] {
        &self.why
    }

    /// What the words gave to each kind.
    pub const fn kinds(&self) -> &KindSums {
        &self.kinds
    }

    /// Whether the score is high enough at this stop of the dial. What passes at one stop passes at every louder one.
    pub const fn passes(&self, dial: Dial) -> bool {
        self.points >= points_min(dial)
    }
}

/// The threshold of a stop, 0 to 1.
pub fn threshold(dial: Dial) -> f64 {
    to_unit(points_min(dial))
}

const fn points_min(dial: Dial) -> i32 {
    match dial {
        Dial::Quiet => QUIET_MIN,
        Dial::Normal => NORMAL_MIN,
        Dial::Verbose => VERBOSE_MIN,
    }
}

fn to_unit(points: i32) -> f64 {
    f64::from(points) / f64::from(WHOLE)
}
