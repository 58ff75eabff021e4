//! D2: more open changes than usual are older than usual.
//!
//! At each look on a working day, the open changes older than q are counted, q being the 85th percentile of open ages
//! pooled over the 65 looks before (a quarter). It fires when on three looks running that count is at least 3, at least
//! 20 % of the open ones, and above mean + k * max(sd, 1) of the counts at those 65 looks over the same q.
//!
//! - A change's age is the team's *working* time during which it was open and ready for review: nights, weekends and its
//!   time as a draft do not age it. A change whose opening nobody saw has no age and is left out, and so is a bot's.
//! - A change that was merged while nobody listened would look open for ever. So one that was open when a gap began is left
//!   out until something is heard of it again, and a look inside a gap says nothing and is compared with nothing. A gap is
//!   the time in which the source was off or the appliance down, and [`SILENT_DAYS`] in which nothing at all was heard of
//!   the repository: it was renamed, or its deliveries do not arrive.
//! - The 85th percentile of *completed* times must not be used instead: open changes are the long ones among all
//!   (length bias), so such a line is passed by every team.
//! - k comes from the simulation in `benches/ageing_changes.rs`, which calls [`judge`]; its table is in
//!   `benches/README.md`. A repository that was just connected shows no old change at first, so what is usual there looks
//!   younger than it is: until there are 65 looks before, k is higher by [`YOUNG_DEVIATIONS`], and under [`LOOKS_MIN`]
//!   looks nothing is said.

use super::candidate::{AgeingFacts, Candidate, Chart, Estimate, Facts, Parameter, Point, Unit, number};
use super::foresight::{Least, days_of};
use super::history::{Scope, View};
use super::sample::{Item, balanced};
use super::work_clock::hours;
use super::{About, Cadence, Detector, Outcome, ScopeKind, Withheld};
use crate::base::clock::{Instant, SignedDuration, Window};
use crate::base::dial::Dial;
use crate::base::subject::Cohort;
use crate::detection::changes::Timeline;
use crate::detection::stats::{mean_and_sd, quantile};
use crate::signals::countable::Countable;

/// Looks that today is compared with: a quarter of working days.
pub const LOOKS: usize = 65;
/// Fewest of them with data: four weeks.
pub const LOOKS_MIN: usize = 20;
/// Days in which those come about: five a week.
const LOOKS_MIN_DAYS: i64 = days_of(LOOKS_MIN.div_ceil(5));
/// Looks running at which the condition must hold.
pub const RUNNING: usize = 3;
/// Looks that the chart shows: six weeks of working days.
const CHART_LOOKS: usize = 30;
/// The quantile of open ages that divides old from not old.
pub const OLD_QUANTILE: f64 = 0.85;
/// Fewest old changes that are worth a word.
pub const OLDER_MIN: usize = 3;
/// The old ones are at least one in this many of the open ones: 20 %.
pub const PART_OF_OPEN: usize = 5;
/// The least deviation: where counts hardly ever move, one more is no news.
pub const SD_MIN: f64 = 1.0;
/// After so many working days in which nothing was heard of a repository, no delivery, it is taken as not heard. A repository
/// that is as quiet by itself has too few changes for this detector.
pub const SILENT_DAYS: i32 = 3;
/// How many more deviations are asked for while there are fewer than [`LOOKS`] looks to compare with.
pub const YOUNG_DEVIATIONS: f64 = 0.75;

/// How many deviations above the mean are too many, at each stop of the dial: by simulation, at most 1 %, 5 % and 20 % of
/// teams in which nothing changes are told something in a quarter (Verbose: of teams seen for a quarter; see `benches/README.md`).
pub const fn deviations(dial: Dial) -> f64 {
    match dial {
        Dial::Quiet => 4.1,
        Dial::Normal => 3.4,
        Dial::Verbose => 2.6,
    }
}

/// What one look says about the open ages at it, compared with the looks before.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// The age that divides old from not old, in the unit of the ages.
    pub line: f64,
    pub older: usize,
    pub open: usize,
    /// How many were older than that line at each of the looks before.
    pub counts: Vec<f64>,
    pub mean: f64,
    pub sd: f64,
}

impl Verdict {
    /// How many deviations (at least [`SD_MIN`] each) the count lies above the mean, less [`YOUNG_DEVIATIONS`] where the
    /// history is young.
    pub fn excess(&self) -> f64 {
        (number(self.older) - self.mean) / self.sd.max(SD_MIN) - self.young()
    }

    fn young(&self) -> f64 {
        if self.counts.len() < LOOKS { YOUNG_DEVIATIONS } else { 0.0 }
    }

    /// Whether there are enough old changes, and a large enough part of the open ones, to speak of at all.
    pub const fn is_enough(&self) -> bool {
        self.older >= OLDER_MIN && self.older * PART_OF_OPEN >= self.open
    }

    /// The count above which it is too many.
    pub fn limit(&self, deviations: f64) -> f64 {
        self.sd.max(SD_MIN).mul_add(deviations + self.young(), self.mean)
    }

    /// Whether this look, on its own, finds too many.
    pub fn holds(&self, deviations: f64) -> bool {
        self.is_enough() && self.excess() > deviations
    }
}

/// Judges the open ages `now` by those at the looks `before`; `None` where there are too few looks, or none had an open
/// change. The pure core of the detector; the simulation that sets its threshold calls it too.
pub fn judge(before: &[Vec<f64>], now: &[f64]) -> Option<Verdict> {
    if before.len() < LOOKS_MIN {
        return None;
    }
    let mut pooled: Vec<f64> = before.iter().flatten().copied().collect();
    pooled.sort_unstable_by(f64::total_cmp);
    let line = quantile(&pooled, OLD_QUANTILE)?;
    let older = |ages: &[f64]| ages.iter().filter(|age| **age > line).count();
    let counts: Vec<f64> = before.iter().map(|ages| number(older(ages))).collect();
    let (mean, sd) = mean_and_sd(&counts)?;
    Some(Verdict { line, older: older(now), open: now.len(), counts, mean, sd })
}

/// The detector.
#[derive(Clone, Copy, Debug)]
pub struct AgeingChanges;

impl Detector for AgeingChanges {
    fn about(&self) -> About {
        About {
            id: "ageing_changes",
            number: "D2",
            version: 2,
            cadence: Cadence::WorkingDays,
            scopes: ScopeKind::Repositories,
            least: Least { of: Countable::Change, at_least: OLDER_MIN as u64, in_days: LOOKS_MIN_DAYS, history_days: LOOKS_MIN_DAYS },
        }
    }

    fn evaluate(&self, scope: Scope<'_>, view: &View<'_, '_>) -> Outcome {
        let known = Known::of(scope, view);
        if known.is_gap(view.at()) {
            return Outcome::Nothing;
        }
        let deviations = deviations(view.dial());
        let (instants, ages) = known.ages_at_looks(view, LOOKS + RUNNING);
        let Some(verdict) = verdict_if_running(&ages, deviations) else {
            return Outcome::Nothing;
        };
        let mut old: Vec<(SignedDuration, Item<'_>)> = known
            .waiting(view.at(), view)
            .filter(|(_, waited)| hours(*waited) > verdict.line)
            .filter_map(|(change, waited)| {
                let person = change.author(view.at());
                change.opening(view.at()).map(|signal| (waited, Item { signal, person }))
            })
            .collect();
        old.sort_by_key(|(waited, _)| std::cmp::Reverse(*waited));
        let items: Vec<Item<'_>> = old.into_iter().map(|(_, item)| item).collect();
        let Some(cohort) = Cohort::of(view.active_members(), items.iter().map(|item| item.person)) else {
            return Outcome::Withheld(Withheld::GroupTooSmall);
        };
        let Some(sources) = balanced(&items) else {
            return Outcome::Withheld(Withheld::TooFewSources);
        };
        let limit = verdict.limit(deviations);
        let baseline_from = instants.first().copied().unwrap_or(view.at());
        let window_from = instants.iter().rev().nth(RUNNING - 1).copied().unwrap_or(view.at());
        Outcome::Fires(Box::new(Candidate {
            detector: self.id(),
            number: self.about().number,
            version: self.about().version,
            connection: scope.connection,
            scope: scope.place.clone(),
            at: view.at(),
            window: Window { from: window_from, to: view.at() },
            baseline: Window { from: baseline_from, to: view.at() },
            dial: view.dial(),
            strength: number(verdict.older) / limit.max(1.0),
            chart: chart(&verdict, &known, view),
            facts: Facts::AgeingChanges(facts(&verdict, limit, &ages, view)),
            evidence: sources.evidence,
            sources_total: sources.total,
            parameters: parameters(deviations),
            cohort,
        }))
    }
}

/// The changes of people in a repository, as far as anybody knows how they stand.
struct Known<'h, 'a> {
    /// When the first change was seen, a bot's too.
    begin: Option<Instant>,
    /// When nobody listened.
    gaps: Vec<Window>,
    /// Each with the instant until which it is known; `None` for one that is known to the end.
    changes: Vec<(&'h Timeline<'a>, Option<Instant>)>,
}

impl<'h, 'a> Known<'h, 'a> {
    fn of(scope: Scope<'_>, view: &View<'h, 'a>) -> Self {
        let changes = view.changes(scope);
        let silent = view.calendar().working_day().saturating_mul(SILENT_DAYS);
        let gaps: Vec<Window> = view.unheard(scope).into_iter().chain(view.silences(scope, silent)).collect();
        let of_people = changes.iter().filter(|change| !change.is_bots());
        Self {
            begin: changes.first().map(|change| change.first_at),
            changes: of_people.map(|change| (change, change.known_until(view.at(), &gaps))).collect(),
            gaps,
        }
    }

    fn is_gap(&self, look: Instant) -> bool {
        self.gaps.iter().any(|gap| gap.contains(look))
    }

    /// The last `count` looks outside of gaps, as far as they have data, the one of the view last, and the open ages in
    /// working hours at each.
    fn ages_at_looks(&self, view: &View<'_, '_>, count: usize) -> (Vec<Instant>, Vec<Vec<f64>>) {
        let Some(begin) = self.begin else {
            return (Vec::new(), Vec::new());
        };
        // Twice as many as are wanted, so that a gap does not make the history look young.
        let mut instants = view.working_looks_before(2 * count);
        instants.retain(|look| *look >= begin && !self.is_gap(*look));
        instants.drain(..instants.len().saturating_sub(count - 1));
        instants.push(view.at());
        let ages = |look: &Instant| self.waiting(*look, view).map(|(_, waited)| hours(waited)).collect();
        let ages = instants.iter().map(ages).collect();
        (instants, ages)
    }

    /// The changes that are known to wait at `look`, and for how long they have.
    fn waiting(&self, look: Instant, view: &View<'_, '_>) -> impl Iterator<Item = (&'h Timeline<'a>, SignedDuration)> {
        let known = self.changes.iter().filter(move |(_, until)| until.is_none_or(|until| look <= until));
        known.filter_map(move |(change, _)| change.waited(look, view.clock()).map(|waited| (*change, waited)))
    }
}

/// The verdict of the last look, where it and the ones just before all find too many.
fn verdict_if_running(ages: &[Vec<f64>], deviations: f64) -> Option<Verdict> {
    let mut last = None;
    for back in (0..RUNNING).rev() {
        last = Some(verdict_at(ages, back).filter(|verdict| verdict.holds(deviations))?);
    }
    last
}

/// What the look `back` looks before the last says, by the line of its own day.
fn verdict_at(ages: &[Vec<f64>], back: usize) -> Option<Verdict> {
    let (now, before) = ages.get(..ages.len().checked_sub(back)?)?.split_last()?;
    judge(before.get(before.len().saturating_sub(LOOKS)..)?, now)
}

fn facts(verdict: &Verdict, limit: f64, ages: &[Vec<f64>], view: &View<'_, '_>) -> AgeingFacts {
    let before = ages.iter().rev().skip(1).take(verdict.counts.len());
    let usual_open = before.map(|ages| number(ages.len())).sum::<f64>() / number(verdict.counts.len().max(1));
    let day_hours = hours(view.calendar().working_day()).max(f64::MIN_POSITIVE);
    AgeingFacts {
        older: verdict.older,
        open: verdict.open,
        line_hours: verdict.line,
        line_days: verdict.line / day_hours,
        usual: usual(verdict),
        usual_open,
        limit,
        looks: verdict.counts.len(),
        running: RUNNING,
    }
}

/// The mean of the earlier counts, and the range that four of five of them fell into.
fn usual(verdict: &Verdict) -> Estimate {
    let mut counts = verdict.counts.clone();
    counts.sort_unstable_by(f64::total_cmp);
    Estimate {
        value: verdict.mean,
        low: quantile(&counts, 0.1).unwrap_or(verdict.mean),
        high: quantile(&counts, 0.9).unwrap_or(verdict.mean),
    }
}

/// The looks of the last weeks, each counted by the line and the limit of its own day, as it was judged. Counts are whole: what
/// is above a limit is above the whole number below it.
fn chart(verdict: &Verdict, known: &Known<'_, '_>, view: &View<'_, '_>) -> Chart {
    let (instants, ages) = known.ages_at_looks(view, LOOKS + CHART_LOOKS);
    let deviations = deviations(view.dial());
    let point = |(back, at): (usize, &Instant)| {
        verdict_at(&ages, back).map(|look| Point { at: *at, value: number(look.older), limit: Some(look.limit(deviations).floor()) })
    };
    let mut points: Vec<Point> = instants.iter().rev().take(CHART_LOOKS).enumerate().filter_map(point).collect();
    points.reverse();
    Chart {
        title: "Open changes that had waited long, on each working day".to_owned(),
        unit: Unit::Count,
        points,
        told: RUNNING,
        usual: Some(usual(verdict)),
        limit: verdict.limit(deviations).floor(),
    }
}

fn parameters(deviations: f64) -> Vec<Parameter> {
    vec![
        Parameter { name: "looks", value: number(LOOKS) },
        Parameter { name: "looks_min", value: number(LOOKS_MIN) },
        Parameter { name: "old_quantile", value: OLD_QUANTILE },
        Parameter { name: "older_min", value: number(OLDER_MIN) },
        Parameter { name: "share_of_open_min", value: 1.0 / number(PART_OF_OPEN) },
        Parameter { name: "deviations", value: deviations },
        Parameter { name: "deviations_more_while_young", value: YOUNG_DEVIATIONS },
        Parameter { name: "deviation_min", value: SD_MIN },
        Parameter { name: "looks_running", value: number(RUNNING) },
    ]
}
