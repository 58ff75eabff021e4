//! Whether times have become longer: a scan over the weeks since when, on censored normal scores.
//!
//! Times of unequal authors, some still going on, with a level that wanders from week to week. Each time is replaced by its
//! normal score, so that no shape of their distribution is asked for; one that still goes on by the mean of the scores
//! beyond its age. At each candidate week the likelihood ratio of "longer by 1.5 to 2.5 times since then" is averaged over
//! those factors, and summed over the weeks (a Shiryaev-Roberts mixture): all times since that week speak, not those of a
//! window. The covariance of the scores has blocks for authors and for weeks; by its blocks it is inverted through one
//! matrix of as many rows as there are authors and weeks (Woodbury).
//!
//! Never: a number about an author. They are blocks of the covariance, so that a slow newcomer is not taken for a slow team.
//!
//! Sources: van der Waerden, "Order tests for the two-sample problem", 1952 (the scores); Shiryaev, "On Optimum Methods in
//! Quickest Detection Problems", 1963, and Roberts, "A Comparison of Some Control Chart Procedures", 1966 (the sum over change
//! points); Robinson, "That BLUP Is a Good Thing", 1991 (authors and weeks as random effects).

use super::cholesky::{Cholesky, dot};
use super::survival::{Curve, Lasted};
use crate::detection::candidate::number;
use statrs::distribution::{Continuous, ContinuousCDF, Normal};
use std::collections::BTreeSet;

/// Weeks of history before the first candidate.
pub const BASELINE_WEEKS: usize = 8;
/// A candidate is at most this many weeks back.
pub const CANDIDATE_WEEKS: usize = 13;
/// A candidate is at least this many weeks back.
pub const SINCE_WEEKS_MIN: usize = 2;
/// The factors that are tried: 1.5 to 2.5, equally spaced in their logarithm.
const FACTORS: [f64; 4] = [1.5, 1.778_446_652_245_031_5, 2.108_581_663_254_373, 2.5];
/// The shortest time that is told from none, in hours: a minute.
const HOURS_MIN: f64 = 1.0 / 60.0;
/// How much the level of a week wanders: the deviation of its logarithm, and the part that is left a week later.
const DRIFT_SD: f64 = 0.1875;
const DRIFT_KEPT: f64 = 0.6;
/// The least deviation of the logarithm of the times, where they hardly differ.
const SIGMA_MIN: f64 = 0.2;
/// The least variance between authors, of a whole near 1: a few changes of each cannot show that there is none.
const AUTHORS_MIN: f64 = 0.02;
/// The interquartile range of the normal distribution, in deviations.
const IQR_NORMAL: f64 = 1.349;
/// The highest and lowest score, as a part of one time: no single one decides.
const SCORE_EDGE: f64 = 0.25;
/// Less information than this is none.
const INFORMATION_MIN: f64 = 1e-9;
/// Two-sided 95 % of the normal distribution.
const Z_95: f64 = super::Z_95;

/// One time.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timed {
    /// The week in which it began, counted from the first of the history.
    pub week: usize,
    pub lasted: Lasted,
    /// A number for whoever caused it: 0, 1, ... in any order.
    pub author: usize,
}

/// What the scan found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Slowdown {
    /// The logarithm of the summed likelihood ratios; compared with a threshold.
    pub evidence: f64,
    /// The week since when, most likely.
    pub since: usize,
    /// How many times as long since then, with its interval of 95 %. The interval takes the week as known, so it is somewhat
    /// too narrow: say "about". A step that is large beside the spread of the times is made too small: scores are bounded.
    pub ratio: f64,
    pub low: f64,
    pub high: f64,
}

/// Scans the times of `weeks` whole weeks. `None` where there are too few, or too few that are over, to tell.
pub fn scan(times: &[Timed], weeks: usize) -> Option<Slowdown> {
    let first = BASELINE_WEEKS.max(weeks.saturating_sub(CANDIDATE_WEEKS));
    let last = weeks.checked_sub(SINCE_WEEKS_MIN)?;
    let scores = Scores::of(times)?;
    let model = Model::of(times, weeks, &scores)?;
    // What a factor of e is in scores, and back.
    let unit = scores.sigma * scores.residual.sqrt();
    let mut logs = Vec::new();
    let mut best: Option<(f64, usize, Contrast)> = None;
    for since in first..=last {
        let Some(contrast) = model.contrast(since) else { continue };
        let of_factors = FACTORS.map(|factor| contrast.log_ratio(factor.ln() / unit));
        let likelihood = log_sum(&of_factors) - number(FACTORS.len()).ln();
        logs.push(likelihood);
        if best.is_none_or(|(most, ..)| likelihood > most) {
            best = Some((likelihood, since, contrast));
        }
    }
    let (_, since, contrast) = best?;
    let (at, half) = (contrast.score / contrast.information, Z_95 / contrast.information.sqrt());
    Some(Slowdown {
        evidence: log_sum(&logs),
        since,
        ratio: (unit * at).exp(),
        low: (unit * (at - half)).exp(),
        high: (unit * (at + half)).exp(),
    })
}

/// The logarithm of the sum of what these are the logarithms of, however large.
fn log_sum(logs: &[f64]) -> f64 {
    let most = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    most + logs.iter().map(|log| (log - most).exp()).sum::<f64>().ln()
}

/// The times as normal scores.
struct Scores {
    /// One for each time.
    values: Vec<f64>,
    /// The deviation of the logarithm of the times.
    sigma: f64,
    /// The variance of the scores within authors, and in all.
    residual: f64,
    total: f64,
}

impl Scores {
    fn of(times: &[Timed]) -> Option<Self> {
        let lasted = |time: &Timed| Lasted { hours: time.lasted.hours.max(HOURS_MIN), ..time.lasted };
        let curve = Curve::of(times.iter().map(lasted))?;
        let n = number(times.len());
        let values: Vec<f64> = times.iter().map(|time| score(lasted(time), &curve, SCORE_EDGE / n)).collect();
        let authors = times.iter().map(|time| time.author).max()? + 1;
        let mut sums = vec![(0.0, 0.0); authors];
        for (time, score) in times.iter().zip(&values) {
            let (sum, count) = sums.get_mut(time.author)?;
            *sum += score;
            *count += 1.0;
        }
        let present = sums.iter().filter(|(_, count)| *count > 0.0);
        let free = n - number(present.clone().count());
        let squares = dot(&values, &values);
        let explained: f64 = present.map(|(sum, count)| sum * sum / count).sum();
        let residual = (squares - explained) / free;
        let sigma = sigma(&curve)?;
        (free >= 1.0 && residual > 0.0).then_some(Self { values, sigma, residual, total: squares / n })
    }
}

/// The normal score of a time that is over; of one that goes on, the mean of the scores beyond it.
fn score(time: Lasted, curve: &Curve, edge: f64) -> f64 {
    let normal = Normal::standard();
    let (before, then) = curve.at(time.hours);
    if !time.is_open {
        return normal.inverse_cdf(f64::midpoint(before, then).clamp(edge, 1.0 - edge));
    }
    if then <= 0.0 {
        return 0.0;
    }
    let over = then.min(1.0 - edge);
    normal.pdf(normal.inverse_cdf(over)) / (1.0 - over)
}

/// The deviation of the logarithm, from the quartiles; from the lower half where fewer than three quarters are over.
fn sigma(curve: &Curve) -> Option<f64> {
    let low = curve.quantile(0.25)?.ln();
    let width = match curve.quantile(0.75) {
        Some(high) => high.ln() - low,
        None => 2.0 * (curve.quantile(0.5)?.ln() - low),
    };
    Some((width / IQR_NORMAL).max(SIGMA_MIN))
}

/// How many times, and the sum of their scores, by author and week.
struct Table {
    /// A row for each author.
    rows: Vec<Vec<f64>>,
    by_author: Vec<f64>,
    by_week: Vec<f64>,
}

impl Table {
    fn of(size: (usize, usize), entries: impl Iterator<Item = (usize, usize, f64)>) -> Option<Self> {
        let (authors, weeks) = size;
        let mut table = Self { rows: vec![vec![0.0; weeks]; authors], by_author: vec![0.0; authors], by_week: vec![0.0; weeks] };
        for (author, week, value) in entries {
            *table.rows.get_mut(author)?.get_mut(week)? += value;
            *table.by_author.get_mut(author)? += value;
            *table.by_week.get_mut(week)? += value;
        }
        Some(table)
    }

    fn at(&self, author: usize, week: usize) -> f64 {
        self.rows.get(author).and_then(|row| row.get(week)).copied().unwrap_or(0.0)
    }

    /// The sums of the blocks over the weeks from `since` on: authors, then weeks.
    fn blocks(&self, since: usize) -> Vec<f64> {
        let of_authors = self.rows.iter().map(|row| row.iter().skip(since).sum());
        let of_weeks = self.by_week.iter().enumerate().map(|(week, sum)| if week < since { 0.0 } else { *sum });
        of_authors.chain(of_weeks).collect()
    }

    fn sum(&self, since: usize) -> f64 {
        self.by_week.iter().skip(since).sum()
    }
}

/// The scores in units of their deviation within authors, and their covariance V by its blocks.
struct Model {
    counts: Table,
    sums: Table,
    root: Cholesky,
    /// The blocks of 1 and of the scores, whitened; aᵀV⁻¹b is aᵀb less the product of the two.
    of_one: Vec<f64>,
    of_scores: Vec<f64>,
}

impl Model {
    fn of(times: &[Timed], weeks: usize, scores: &Scores) -> Option<Self> {
        let authors: BTreeSet<usize> = times.iter().map(|time| time.author).collect();
        let size = (authors.last()? + 1, weeks);
        let deviation = scores.residual.sqrt();
        let counts = Table::of(size, times.iter().map(|time| (time.author, time.week, 1.0)))?;
        let sums = Table::of(size, times.iter().zip(&scores.values).map(|(time, score)| (time.author, time.week, score / deviation)))?;
        let of_authors = (scores.total - scores.residual).max(AUTHORS_MIN) / scores.residual;
        let of_weeks = (DRIFT_SD / scores.sigma).powi(2) / scores.residual;
        let root = Cholesky::of(size.0 + weeks, |row, column| {
            let by = |sums: &[f64], index: usize| sums.get(index).copied().unwrap_or(0.0);
            match (row.checked_sub(size.0), column.checked_sub(size.0)) {
                (None, _) if row == column => by(&counts.by_author, row) + 1.0 / of_authors,
                (None, _) => 0.0,
                (Some(week), None) => counts.at(column, week),
                (Some(week), Some(other)) if week == other => by(&counts.by_week, week) + wandering(week, other, weeks) / of_weeks,
                (Some(week), Some(other)) => wandering(week, other, weeks) / of_weeks,
            }
        })?;
        let (of_one, of_scores) = (root.whiten(&counts.blocks(0)), root.whiten(&sums.blocks(0)));
        Some(Self { counts, sums, root, of_one, of_scores })
    }

    /// The contrast of "since this week", the level being unknown; `None` where nothing can be told from the weeks before.
    fn contrast(&self, since: usize) -> Option<Contrast> {
        let own = self.root.whiten(&self.counts.blocks(since));
        let one_one = self.counts.sum(0) - dot(&self.of_one, &self.of_one);
        let one_scores = self.sums.sum(0) - dot(&self.of_one, &self.of_scores);
        let one_own = self.counts.sum(since) - dot(&self.of_one, &own);
        let own_own = self.counts.sum(since) - dot(&own, &own);
        let own_scores = self.sums.sum(since) - dot(&own, &self.of_scores);
        let information = own_own - one_own * one_own / one_one;
        (information > INFORMATION_MIN).then(|| Contrast { score: own_scores - one_own * one_scores / one_one, information })
    }
}

/// The inverse of the correlations of weeks, of which each keeps a part of the one before: only neighbours are linked.
fn wandering(week: usize, other: usize, weeks: usize) -> f64 {
    let kept = DRIFT_KEPT * DRIFT_KEPT;
    let own = if week == 0 || week + 1 == weeks { 1.0 } else { 1.0 + kept };
    match week.abs_diff(other) {
        0 => own / (1.0 - kept),
        1 => -DRIFT_KEPT / (1.0 - kept),
        _ => 0.0,
    }
}

/// What the scores say about a step at one week.
#[derive(Clone, Copy)]
struct Contrast {
    score: f64,
    information: f64,
}

impl Contrast {
    /// The logarithm of the likelihood ratio of a step of this height against none.
    fn log_ratio(self, step: f64) -> f64 {
        step * self.score - step * step * self.information / 2.0
    }
}
