//! How long things last where some still go on: the Kaplan-Meier estimate.
//!
//! Kaplan and Meier, "Nonparametric Estimation from Incomplete Observations", Journal of the American Statistical
//! Association 53, 1958. What still goes on counts among those at risk up to its age, and says nothing beyond it.

use crate::detection::candidate::number;

/// Room for the rounding of shares that are multiplied up.
const ROUNDING: f64 = 1e-9;

/// One time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Lasted {
    /// How long it took, or has taken so far.
    pub hours: f64,
    /// Whether it still goes on, as far as anybody knows.
    pub is_open: bool,
}

/// The share of times that are over, by age.
#[derive(Clone, Debug)]
pub struct Curve {
    /// At each age at which some ended, in rising order.
    steps: Vec<Step>,
}

#[derive(Clone, Copy, Debug)]
struct Step {
    hours: f64,
    /// The share that was over before.
    before: f64,
    /// The share that is over then.
    then: f64,
}

impl Curve {
    /// The estimate from these times; `None` where none of them is over.
    pub fn of(times: impl IntoIterator<Item = Lasted>) -> Option<Self> {
        let mut sorted: Vec<Lasted> = times.into_iter().collect();
        sorted.sort_unstable_by(|left, right| left.hours.total_cmp(&right.hours));
        let (mut at_risk, mut lasting) = (sorted.len(), 1.0);
        let mut steps = Vec::new();
        for together in sorted.chunk_by(|left, right| left.hours.total_cmp(&right.hours).is_eq()) {
            let ended = together.iter().filter(|time| !time.is_open).count();
            if let (Some(first), 1..) = (together.first(), ended) {
                let before = 1.0 - lasting;
                lasting *= 1.0 - number(ended) / number(at_risk);
                steps.push(Step { hours: first.hours, before, then: 1.0 - lasting });
            }
            at_risk -= together.len();
        }
        (!steps.is_empty()).then_some(Self { steps })
    }

    /// The share that is over at an age: without and with what ends at that very age.
    pub fn at(&self, hours: f64) -> (f64, f64) {
        let after = self.steps.partition_point(|step| step.hours <= hours);
        match after.checked_sub(1).and_then(|index| self.steps.get(index)) {
            None => (0.0, 0.0),
            Some(step) if step.hours.total_cmp(&hours).is_eq() => (step.before, step.then),
            Some(step) => (step.then, step.then),
        }
    }

    /// The age by which this share is over; `None` where that is still to come.
    pub fn quantile(&self, share: f64) -> Option<f64> {
        self.steps.iter().find(|step| step.then >= share - ROUNDING).map(|step| step.hours)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn over(hours: f64) -> Lasted {
        Lasted { hours, is_open: false }
    }

    fn open(hours: f64) -> Lasted {
        Lasted { hours, is_open: true }
    }

    fn is_near(left: f64, right: f64) -> bool {
        (left - right).abs() < 5e-4
    }

    #[test]
    fn the_estimate_is_that_of_freireichs_remissions() {
        // The weeks in remission under 6-MP of Freireich et al., 1963, the textbook's case (Kleinbaum and Klein, "Survival
        // Analysis", table 2.1): S(6) = 0.8571, S(7) = 0.8067, S(10) = 0.7529, S(13) = 0.6902, S(16) = 0.6275, S(22) = 0.5378,
        // S(23) = 0.4482.
        let ended = [6.0, 6.0, 6.0, 7.0, 10.0, 13.0, 16.0, 22.0, 23.0].map(over);
        let going_on = [6.0, 9.0, 10.0, 11.0, 17.0, 19.0, 20.0, 25.0, 32.0, 32.0, 34.0, 35.0].map(open);
        let curve = Curve::of(ended.into_iter().chain(going_on)).unwrap();
        let expected = [(6.0, 0.8571), (7.0, 0.8067), (10.0, 0.7529), (13.0, 0.6902), (16.0, 0.6275), (22.0, 0.5378), (23.0, 0.4482)];
        for (week, lasting) in expected {
            assert!(is_near(1.0 - curve.at(week).1, lasting), "{week}");
        }
        assert!(is_near(1.0 - curve.at(22.0).0, 0.6275), "before what ends in that week");
        assert!(is_near(1.0 - curve.at(21.0).0, 0.6275) && is_near(1.0 - curve.at(40.0).1, 0.4482));
        assert_eq!(curve.at(5.9), (0.0, 0.0));
        assert_eq!((curve.quantile(0.5), curve.quantile(0.25), curve.quantile(0.56)), (Some(23.0), Some(13.0), None));
    }

    #[test]
    fn nothing_is_known_where_nothing_is_over() {
        assert!(Curve::of([]).is_none());
        assert!(Curve::of([open(1.0), open(2.0)]).is_none());
    }

    proptest! {
        #[test]
        fn without_open_times_it_is_the_share_of_those_that_are_over(hours in proptest::collection::vec(0_u8..20, 1..40)) {
            let curve = Curve::of(hours.iter().map(|hours| over(f64::from(*hours)))).unwrap();
            for age in 0_u8..21 {
                let share = |is_over: &dyn Fn(u8) -> bool| number(hours.iter().filter(|hours| is_over(**hours)).count()) / number(hours.len());
                let (before, then) = curve.at(f64::from(age));
                prop_assert!((before - share(&|hours| hours < age)).abs() < 1e-9 && (then - share(&|hours| hours <= age)).abs() < 1e-9);
            }
            let mut sorted = hours.clone();
            sorted.sort_unstable();
            prop_assert_eq!(curve.quantile(0.5), Some(f64::from(sorted[(hours.len() - 1) / 2])));
        }

        #[test]
        fn what_still_goes_on_can_only_make_times_longer(
            hours in proptest::collection::vec((0_u8..20, any::<bool>()), 1..40), age in 0_u8..21,
        ) {
            let times = || hours.iter().map(|(hours, is_open)| Lasted { hours: f64::from(*hours), is_open: *is_open });
            let as_over = Curve::of(times().map(|time| over(time.hours))).unwrap();
            if let Some(curve) = Curve::of(times()) {
                prop_assert!(curve.at(f64::from(age)).1 <= as_over.at(f64::from(age)).1 + 1e-9);
            }
        }
    }
}
