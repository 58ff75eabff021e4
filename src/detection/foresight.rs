//! What would have been told, as far as counts can say it.
//!
//! Of a source in shadow mode nothing is kept but counts, and no detector works on counts: whether a question was answered, a
//! run passed later, how long a change waited and how many people stand behind it takes signals that are kept. So this gives an
//! upper bound and no more. Each detector has a least condition that counts can refute; where they do not, it *may* have spoken,
//! and more than that is not claimed.

use super::{DETECTORS, Detector, ScopeKind};
use crate::base::dial::Dial;
use crate::signals::countable::Countable;

/// The least that a detector rests on. Each says it of itself, by the constants that it looks by ([`About::least`](super::About::least)).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Least {
    pub of: Countable,
    /// It is silent where fewer came in [`Self::in_days`].
    pub at_least: u64,
    pub in_days: i64,
    /// Days for which it must have listened before it can speak at all; 0 where its window alone is enough.
    pub history_days: i64,
}

/// The days of so many weeks.
#[expect(clippy::cast_possible_wrap, reason = "a few dozen weeks")]
pub(super) const fn days_of(weeks: usize) -> i64 {
    7 * weeks as i64
}

/// What counts say about one detector.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Too little came for it, if the days to come are like those that were counted.
    Silent,
    /// It listens for so many days before it can say anything.
    SilentAtFirst,
    /// Counts do not rule it out.
    MaySpeak,
}

impl Verdict {
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Silent => "silent",
            Self::SilentAtFirst => "silent_at_first",
            Self::MaySpeak => "may_speak",
        }
    }
}

/// One detector, judged by counts.
pub struct Foreseen {
    pub detector: &'static dyn Detector,
    pub least: Least,
    /// How many came in the days that were counted.
    pub came: u64,
    pub verdict: Verdict,
}

/// What each detector for this sort of place could have told, from what came in `days` days (at least one is taken).
pub fn foresee(place_kind: &str, days: i64, came: impl Fn(Countable) -> u64) -> Vec<Foreseen> {
    let days = days.max(1).unsigned_abs();
    let judged = |detector: &&'static dyn Detector| {
        let least = detector.about().least;
        let came = came(least.of);
        // What a whole window would hold, rounded up, so that the bound stays one.
        let in_window = came.saturating_mul(least.in_days.unsigned_abs().max(days)).div_ceil(days);
        let verdict = match (in_window < least.at_least, least.history_days) {
            (true, _) => Verdict::Silent,
            (false, 0) => Verdict::MaySpeak,
            (false, _) => Verdict::SilentAtFirst,
        };
        Foreseen { detector: *detector, least, came, verdict }
    };
    DETECTORS.iter().filter(|detector| scope(place_kind) == Some(detector.about().scopes)).map(judged).collect()
}

fn scope(place_kind: &str) -> Option<ScopeKind> {
    match place_kind {
        "channel" => Some(ScopeKind::Channels),
        "repository" => Some(ScopeKind::Repositories),
        _ => None,
    }
}

/// Most new patterns that this source could bring its team in one of the first weeks: each detector speaks of a source once until that
/// is closed, and the dial has a limit of its own.
pub fn patterns_per_week_max(foreseen: &[Foreseen], dial: Dial) -> usize {
    foreseen.iter().filter(|one| one.verdict == Verdict::MaySpeak).count().min(dial.new_patterns_per_week())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::detection::About;

    fn kind_of(detector: &dyn Detector) -> &'static str {
        match detector.about().scopes {
            ScopeKind::Channels => "channel",
            ScopeKind::Repositories => "repository",
        }
    }

    fn verdict(place_kind: &str, number: &str, days: i64, came: u64) -> Verdict {
        foresee(place_kind, days, |_| came).into_iter().find(|one| one.detector.about().number == number).unwrap().verdict
    }

    #[test]
    fn every_detector_can_be_refuted_by_counts_alone() {
        for detector in DETECTORS {
            let About { number, least, .. } = detector.about();
            assert!(least.at_least > 0 && least.in_days > 0 && least.history_days >= 0, "{number}");
            let nothing_came = foresee(kind_of(*detector), least.in_days, |_| 0);
            assert!(nothing_came.iter().all(|one| one.verdict == Verdict::Silent), "{number}");
        }
    }

    #[test]
    fn a_bound_is_scaled_to_the_detectors_own_window() {
        assert_eq!(verdict("channel", "D12", 7, 1), Verdict::Silent, "two in a fortnight at most");
        assert_eq!(verdict("channel", "D12", 7, 2), Verdict::MaySpeak);
        assert_eq!(verdict("channel", "D12", 14, 3), Verdict::Silent);
        assert_eq!(verdict("channel", "D12", 28, 4), Verdict::MaySpeak, "all of them may have come in one fortnight");
        assert_eq!(verdict("repository", "D11", 0, 5), Verdict::MaySpeak, "a shadow that has just begun divides by nothing");
        assert_eq!(verdict("repository", "D2", 7, 100), Verdict::SilentAtFirst);
    }

    #[test]
    fn a_detector_is_asked_about_its_own_sort_of_place_alone() {
        let numbers = |kind: &str| foresee(kind, 7, |_| 9).iter().map(|one| one.detector.about().number).collect::<Vec<_>>();
        assert!(numbers("channel").contains(&"D12") && !numbers("channel").contains(&"D11"));
        assert!(numbers("repository").contains(&"D11") && !numbers("repository").contains(&"D12"));
    }

    #[test]
    fn the_dial_limits_what_a_week_may_bring() {
        let many = || (0..12).flat_map(|_| foresee("repository", 7, |_| 99)).collect::<Vec<_>>();
        assert_eq!(patterns_per_week_max(&many(), Dial::Quiet), Dial::Quiet.new_patterns_per_week());
        assert_eq!(patterns_per_week_max(&foresee("channel", 7, |_| 0), Dial::Verbose), 0);
    }
}
