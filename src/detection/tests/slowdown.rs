//! The scan beside its own definition, worked out the long way: every covariance written down and inverted as a whole.

use crate::detection::stats::slowdown::{Slowdown, Timed, scan};
use crate::detection::stats::survival::Lasted;
use proptest::prelude::*;
use statrs::distribution::{Continuous, ContinuousCDF, Normal};

fn number(count: usize) -> f64 {
    crate::detection::candidate::number(count)
}

/// The share over by an age: before what ends at it, and with it, by the product over the ages at which some ended.
fn over(times: &[Timed], age: f64) -> (f64, f64) {
    let product = |takes: &dyn Fn(f64) -> bool| {
        let mut ages: Vec<f64> = times.iter().filter(|time| !time.lasted.is_open).map(|time| time.lasted.hours).collect();
        ages.sort_by(f64::total_cmp);
        ages.dedup();
        let left = ages.into_iter().filter(|age| takes(*age)).map(|age| {
            let at_risk = times.iter().filter(|time| time.lasted.hours >= age).count();
            let ended = times.iter().filter(|time| !time.lasted.is_open && time.lasted.hours <= age && time.lasted.hours >= age).count();
            1.0 - number(ended) / number(at_risk)
        });
        1.0 - left.product::<f64>()
    };
    (product(&|other| other < age), product(&|other| other <= age))
}

fn quantile(times: &[Timed], share: f64) -> Option<f64> {
    let mut ages: Vec<f64> = times.iter().filter(|time| !time.lasted.is_open).map(|time| time.lasted.hours).collect();
    ages.sort_by(f64::total_cmp);
    ages.into_iter().find(|age| over(times, *age).1 >= share - 1e-9)
}

fn inverted(mut matrix: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let size = matrix.len();
    for (row, line) in matrix.iter_mut().enumerate() {
        line.extend((0..size).map(|column| if row == column { 1.0 } else { 0.0 }));
    }
    for pivot in 0..size {
        let best = (pivot..size).max_by(|left, right| matrix[*left][pivot].abs().total_cmp(&matrix[*right][pivot].abs())).unwrap();
        matrix.swap(pivot, best);
        let scale = matrix[pivot][pivot];
        let own: Vec<f64> = matrix[pivot].iter().map(|value| value / scale).collect();
        for (row, line) in matrix.iter_mut().enumerate() {
            let factor = line[pivot];
            for (value, own) in line.iter_mut().zip(&own) {
                *value = if row == pivot { *own } else { *value - factor * own };
            }
        }
    }
    matrix.into_iter().map(|line| line[size..].to_vec()).collect()
}

fn product(left: &[f64], matrix: &[Vec<f64>], right: &[f64]) -> f64 {
    let of_line = |line: &Vec<f64>| line.iter().zip(right).map(|(value, right)| value * right).sum::<f64>();
    left.iter().zip(matrix).map(|(left, line)| left * of_line(line)).sum()
}

/// The method as it is written down: the evidence, the week, the ratio and its interval.
fn long_way(times: &[Timed], weeks: usize) -> Option<Slowdown> {
    let n = number(times.len());
    let normal = Normal::standard();
    let score = |time: &Timed| {
        let (before, then) = over(times, time.lasted.hours);
        if time.lasted.is_open {
            let over = then.min(1.0 - 0.25 / n);
            if over > 0.0 { normal.pdf(normal.inverse_cdf(over)) / (1.0 - over) } else { 0.0 }
        } else {
            normal.inverse_cdf(f64::midpoint(before, then).clamp(0.25 / n, 1.0 - 0.25 / n))
        }
    };
    let scores: Vec<f64> = times.iter().map(score).collect();
    let low = quantile(times, 0.25)?.ln();
    let width = quantile(times, 0.75).map_or_else(|| Some(2.0 * (quantile(times, 0.5)?.ln() - low)), |high| Some(high.ln() - low))?;
    let sigma = (width / 1.349).max(0.2);
    let mean_of = |author: usize| {
        let own: Vec<f64> = times.iter().zip(&scores).filter(|(time, _)| time.author == author).map(|(_, score)| *score).collect();
        own.iter().sum::<f64>() / number(own.len())
    };
    let mut authors: Vec<usize> = times.iter().map(|time| time.author).collect();
    authors.sort_unstable();
    authors.dedup();
    let within = times.iter().zip(&scores).map(|(time, score)| (score - mean_of(time.author)).powi(2)).sum::<f64>();
    let residual = within / (n - number(authors.len()));
    let total = scores.iter().map(|score| score * score).sum::<f64>() / n;
    let unit = sigma * residual.sqrt();
    let y: Vec<f64> = scores.iter().map(|score| score / residual.sqrt()).collect();
    let of_authors = (total - residual).max(0.02) / residual;
    let of_weeks = (0.1875 / sigma).powi(2) / residual;
    let covariance = |left: usize, right: usize| {
        let (one, other) = (times[left], times[right]);
        let own = if left == right { 1.0 } else { 0.0 };
        let shared = if one.author == other.author { of_authors } else { 0.0 };
        own + shared + of_weeks * 0.6_f64.powi(i32::try_from(one.week.abs_diff(other.week)).unwrap())
    };
    let v = inverted((0..times.len()).map(|left| (0..times.len()).map(|right| covariance(left, right)).collect()).collect());
    let one = vec![1.0; times.len()];
    let one_one = product(&one, &v, &one);
    let mut sum = 0.0;
    let mut best: Option<(f64, usize, f64, f64)> = None;
    for since in weeks.saturating_sub(13).max(8)..=weeks.checked_sub(2)? {
        let c: Vec<f64> = times.iter().map(|time| if time.week >= since { 1.0 } else { 0.0 }).collect();
        let (c_one, c_y, c_c) = (product(&c, &v, &one), product(&c, &v, &y), product(&c, &v, &c));
        let (score, information) = (c_y - c_one * product(&one, &v, &y) / one_one, c_c - c_one * c_one / one_one);
        if information <= 1e-9 {
            continue;
        }
        let steps = (0..4).map(|step| (1.5_f64.ln() + f64::from(step) / 3.0 * (2.5_f64.ln() - 1.5_f64.ln())) / unit);
        let likelihood = steps.map(|step| (step * score - step * step * information / 2.0).exp()).sum::<f64>() / 4.0;
        sum += likelihood;
        if best.is_none_or(|(most, ..)| likelihood > most) {
            best = Some((likelihood, since, score, information));
        }
    }
    let (_, since, score, information) = best?;
    let ratio = |deviations: f64| (unit * (score / information + deviations / information.sqrt())).exp();
    Some(Slowdown { evidence: sum.ln(), since, ratio: ratio(0.0), low: ratio(-1.959_963_985), high: ratio(1.959_963_985) })
}

fn times(weeks: usize) -> impl Strategy<Value = Vec<Timed>> {
    let time = (0..weeks, -2.0_f64..4.0, 0_u8..10, 0_usize..5);
    // Hours in steps, so that some fall together.
    let timed = time.prop_map(|(week, log, open, author)| Timed {
        week,
        lasted: Lasted { hours: (log.exp() * 4.0).round() / 4.0 + 0.25, is_open: open < 3 },
        author: author * 2,
    });
    proptest::collection::vec(timed, 20..60)
}

fn is_near(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-6 * right.abs().max(1.0)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_scan_is_what_its_definition_says((weeks, times) in (10_usize..27).prop_flat_map(|weeks| (Just(weeks), times(weeks)))) {
        let (short, long) = (scan(&times, weeks), long_way(&times, weeks));
        prop_assert_eq!(short.is_some(), long.is_some());
        if let (Some(short), Some(long)) = (short, long) {
            prop_assert!(is_near(short.evidence, long.evidence), "{:?} {:?}", short, long);
            prop_assert_eq!(short.since, long.since);
            prop_assert!(is_near(short.ratio, long.ratio) && is_near(short.low, long.low) && is_near(short.high, long.high), "{:?} {:?}", short, long);
        }
    }

    /// How an hour is long, and how authors are numbered, plays no part.
    #[test]
    fn units_and_names_play_no_part(times in times(16), hour in 1.0_f64..60.0) {
        let same: Vec<Timed> = times.iter().map(|time| Timed {
            lasted: Lasted { hours: time.lasted.hours * hour, ..time.lasted },
            author: 8 - time.author,
            ..*time
        }).collect();
        if let (Some(one), Some(other)) = (scan(&times, 16), scan(&same, 16)) {
            prop_assert!(is_near(one.evidence, other.evidence) && is_near(one.ratio, other.ratio), "{:?} {:?}", one, other);
        }
    }
}

/// `count` times a week by four authors, spread over a factor of 16, from `slow` on `factor` times as long.
fn steady(weeks: usize, count: usize, slow: usize, factor: f64) -> Vec<Timed> {
    let of_week = |week: usize| {
        (0..count).map(move |n| {
            let spread = 4.0_f64.powf(2.0 * (number(n) + 0.5) / number(count) - 1.0);
            let hours = 8.0 * spread * if week >= slow { factor } else { 1.0 };
            Timed { week, lasted: Lasted { hours, is_open: false }, author: n % 4 }
        })
    };
    (0..weeks).flat_map(of_week).collect()
}

#[test]
fn the_week_and_the_ratio_of_a_step_are_found() {
    for since in [8, 10, 14] {
        let found = scan(&steady(16, 12, since, 2.0), 16).unwrap();
        assert_eq!(found.since, since);
        assert!((1.7..2.6).contains(&found.ratio) && found.low < found.ratio && found.ratio < found.high, "{found:?}");
        assert!(found.low < 2.0 && 2.0 < found.high, "{found:?}");
        assert!(found.evidence > 4.0, "{found:?}");
    }
    let unchanged = scan(&steady(16, 12, 16, 2.0), 16).unwrap();
    assert!(unchanged.evidence < 0.0 && (0.9..1.1).contains(&unchanged.ratio), "{unchanged:?}");
    let faster = scan(&steady(16, 12, 12, 0.5), 16).unwrap();
    assert!(faster.evidence < 0.0, "only what is longer is looked for: {faster:?}");
}

#[test]
fn a_step_is_looked_for_from_two_to_thirteen_weeks_back_after_eight() {
    assert!(scan(&steady(9, 12, 99, 1.0), 9).is_none(), "nine weeks leave no candidate");
    assert_eq!(scan(&steady(10, 12, 4, 3.0), 10).unwrap().since, 8, "the first that has eight before it");
    assert_eq!(scan(&steady(26, 12, 10, 3.0), 26).unwrap().since, 13, "the first that is not older than 13 weeks");
    assert_eq!(scan(&steady(16, 12, 15, 9.0), 16).unwrap().since, 14, "the last has two weeks");
    assert!(scan(&steady(1, 12, 99, 1.0), 1).is_none());
    assert!(scan(&[], 16).is_none());
}

#[test]
fn an_open_time_speaks_by_its_age() {
    let mut still_open = steady(16, 12, 12, 1.0);
    for time in still_open.iter_mut().filter(|time| time.week >= 12) {
        time.lasted = Lasted { hours: 40.0, is_open: true };
    }
    let all = scan(&still_open, 16).unwrap();
    assert!(all.evidence > 5.5 && all.since == 12, "{all:?}");
    let dropped: Vec<Timed> = still_open.iter().copied().filter(|time| !time.lasted.is_open).collect();
    assert!(scan(&dropped, 16).is_none_or(|found| found.evidence < 0.0), "what is left out says nothing");
    for time in still_open.iter_mut().filter(|time| time.week >= 12) {
        time.lasted.hours = 1.0;
    }
    assert!(scan(&still_open, 16).unwrap().evidence < 1.0, "being young is nothing unusual");
}

#[test]
fn a_slow_newcomer_is_not_a_slow_team() {
    let mut times = steady(16, 12, 99, 1.0);
    // From week 12 on a quarter of the work is that of somebody new, and takes three times as long.
    for time in times.iter_mut().filter(|time| time.week >= 12 && time.author == 3) {
        time.author = 4;
        time.lasted.hours *= 3.0;
    }
    let newcomer = scan(&times, 16).unwrap();
    assert!(newcomer.evidence < 2.0, "{newcomer:?}");
    let everybody = scan(&steady(16, 12, 12, 1.75), 16).unwrap();
    assert!(everybody.evidence > newcomer.evidence + 2.0, "{everybody:?} {newcomer:?}");
}

#[test]
fn a_great_many_times_are_no_trouble() {
    let found = scan(&steady(26, 400, 18, 4.0), 26).unwrap();
    assert!(found.evidence.is_finite() && found.evidence > 50.0 && found.since == 18, "{found:?}");
    let the_same: Vec<Timed> =
        steady(16, 12, 99, 1.0).into_iter().map(|time| Timed { lasted: Lasted { hours: 8.0, is_open: false }, ..time }).collect();
    assert!(scan(&the_same, 16).is_none_or(|found| found.evidence < 1.0), "times that never differ");
    let none: Vec<Timed> = the_same.iter().map(|time| Timed { lasted: Lasted { hours: 0.0, is_open: false }, ..*time }).collect();
    assert!(scan(&none, 16).is_none_or(|found| found.evidence < 1.0), "no time at all");
}
