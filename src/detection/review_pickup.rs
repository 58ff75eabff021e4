//! D1: changes wait longer for their first review than they used to.
//!
//! Each Monday the changes of people of the last 26 whole weeks are taken, each with the *working* time from when it was ready
//! for review until the first review by another person. A change that nobody has reviewed counts by what is known: that it
//! waited until now, or until it was merged or closed. [`scan`] says since which week they take how many times as long, and
//! how strong the evidence is. It fires where that is at least [`evidence_min`], the ratio at least [`RATIO_MIN`], and enough
//! changes lie before and since.
//!
//! - Leaving out what nobody has reviewed would hide every slowdown while it lasts: the slow ones are those that still wait.
//! - A change belongs to the week in which it was ready: as a draft it waited for nobody. A bot's change, and one whose author
//!   nobody knows, is left out; a bot's review is none, and neither is a remark of the author.
//! - Reviews that came while nobody listened were not seen. So a change that waited when a gap began counts as having waited
//!   until then and no longer, whatever came later, and a look inside a gap says nothing. Gaps are those of D2: the source off,
//!   the appliance down, or [`SILENT_DAYS`] of silence in the repository.
//! - Authors enter the calculation so that a slow newcomer is not taken for a slow team; no number about one leaves it, and
//!   who reviewed is never told. Besides three authors it takes three reviewers, none behind more than half of the reviews:
//!   else it would speak of one.
//! - Levels drift from week to week in every team, so the words are "longer", never "broken"; what that drift alone can do is
//!   inside of the calculation, and of the simulation in `benches/review_pickup.rs` that calls [`judge`] and sets the thresholds.

use super::ageing_changes::SILENT_DAYS;
use super::candidate::{Candidate, Chart, Estimate, Facts, Parameter, PickupFacts, Point, Unit, number};
use super::changes::{PickUp, Timeline};
use super::foresight::{Least, days_of};
use super::history::{Scope, View};
use super::sample::{Item, balanced};
use super::stats::quantile;
use super::stats::slowdown::{BASELINE_WEEKS, SINCE_WEEKS_MIN, Slowdown, Timed, scan};
use super::stats::survival::{Curve, Lasted};
use super::work_clock::hours;
use super::{About, Cadence, Detector, Outcome, ScopeKind, Withheld};
use crate::base::clock::{Instant, SignedDuration, Window};
use crate::base::dial::Dial;
use crate::base::id::PersonId;
use crate::base::subject::Cohort;
use crate::signals::countable::Countable;
use std::collections::BTreeMap;

/// Weeks that are looked back over.
pub const WEEKS_MAX: usize = 26;
/// The least ratio that is spoken of.
pub const RATIO_MIN: f64 = 1.5;
/// Fewest changes before and since the week in question: what a median can be told of.
pub const BEFORE_MIN: usize = 30;
pub const SINCE_MIN: usize = 10;
/// The least that the median must have grown, in working hours: from one minute to two is no news.
pub const LONGER_HOURS_MIN: f64 = 1.0;
/// Up to so many weeks of history the evidence that is asked for is the same; beyond, more weeks are tried at each look.
const WEEKS_FEW: usize = 21;
/// What is asked for in addition at [`WEEKS_MAX`].
const MORE_EVIDENCE: f64 = 0.7;
/// So many of the changes that waited longest are shown first, then the typical ones.
const SLOWEST_SHOWN: usize = 5;
/// Fewest changes of a week for its median to be drawn.
const WEEK_MIN: usize = 3;
const WEEK: SignedDuration = SignedDuration::from_hours(7 * 24);

/// The evidence that is asked for, at each stop of the dial, with up to [`WEEKS_FEW`] weeks of history: by simulation, at most
/// 1 %, 5 % and 20 % of teams in which nothing but the usual drift happens are told something in a quarter (see `benches/README.md`).
pub const fn evidence_min(dial: Dial) -> f64 {
    match dial {
        Dial::Quiet => 5.5,
        Dial::Normal => 4.6,
        Dial::Verbose => 3.7,
    }
}

/// What the times of some weeks say.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    pub found: Slowdown,
    pub weeks: usize,
    pub changes: usize,
    pub changes_before: usize,
    /// Of the changes since then, those of which no end is known.
    pub unreviewed: usize,
    /// The age by which half were over since then; `None` where that is still to come.
    pub median_hours: Option<f64>,
    /// The same before.
    pub usual_hours: f64,
}

impl Verdict {
    /// Whether enough changes have become longer by enough to be spoken of at all.
    pub fn is_enough(&self) -> bool {
        let longer_hours = self.usual_hours * (self.found.ratio - 1.0);
        let is_longer = self.found.ratio >= RATIO_MIN && longer_hours >= LONGER_HOURS_MIN;
        is_longer && self.changes >= SINCE_MIN && self.changes_before >= BEFORE_MIN
    }

    /// The evidence, less what is asked for in addition because of the length of the history.
    pub fn excess(&self) -> f64 {
        self.found.evidence - self.more()
    }

    fn more(&self) -> f64 {
        let part = number(self.weeks.saturating_sub(WEEKS_FEW)) / number(WEEKS_MAX - WEEKS_FEW);
        part.min(1.0) * MORE_EVIDENCE
    }

    /// Whether this is to be told where so much evidence is asked for.
    pub fn holds(&self, evidence_min: f64) -> bool {
        self.is_enough() && self.excess() >= evidence_min
    }
}

/// Judges the times of `weeks` whole weeks; `None` where they are too few to tell. The pure core of the detector; the
/// simulation that sets its thresholds calls it too.
pub fn judge(times: &[Timed], weeks: usize) -> Option<Verdict> {
    let found = scan(times, weeks)?;
    let (since, before): (Vec<Timed>, Vec<Timed>) = times.iter().partition(|time| time.week >= found.since);
    Some(Verdict {
        weeks,
        changes: since.len(),
        changes_before: before.len(),
        unreviewed: since.iter().filter(|time| time.lasted.is_open).count(),
        median_hours: median(&since),
        usual_hours: median(&before)?,
        found,
    })
}

/// The age by which half of these were over; `None` where that is still to come.
fn median(times: &[Timed]) -> Option<f64> {
    Curve::of(times.iter().map(|time| time.lasted))?.quantile(0.5)
}

/// The detector.
#[derive(Clone, Copy, Debug)]
pub struct ReviewPickup;

impl Detector for ReviewPickup {
    fn about(&self) -> About {
        About {
            id: "review_pickup",
            number: "D1",
            version: 1,
            cadence: Cadence::Mondays,
            scopes: ScopeKind::Repositories,
            least: Least {
                of: Countable::Change,
                at_least: (BEFORE_MIN + SINCE_MIN) as u64,
                in_days: days_of(WEEKS_MAX),
                history_days: days_of(BASELINE_WEEKS + SINCE_WEEKS_MIN),
            },
        }
    }

    fn evaluate(&self, scope: Scope<'_>, view: &View<'_, '_>) -> Outcome {
        let Some(pickups) = Pickups::of(scope, view) else {
            return Outcome::Nothing;
        };
        let verdict = judge(&pickups.times(), pickups.weeks);
        let Some(verdict) = verdict.filter(|verdict| verdict.holds(evidence_min(view.dial()))) else {
            return Outcome::Nothing;
        };
        let since: Vec<&Waited<'_, '_>> = pickups.all.iter().filter(|waited| waited.timed.week >= verdict.found.since).collect();
        let reviewers = pickups.all.iter().filter_map(|waited| waited.reviewer).map(Some);
        let cohort = Cohort::of(view.active_members(), since.iter().map(|waited| Some(waited.author)));
        let Some(cohort) = cohort.filter(|_| Cohort::of(view.active_members(), reviewers).is_some()) else {
            return Outcome::Withheld(Withheld::GroupTooSmall);
        };
        let Some(sources) = balanced(&telling(since, verdict.median_hours, view.at())) else {
            return Outcome::Withheld(Withheld::TooFewSources);
        };
        let facts = facts(&verdict, view);
        let begins = pickups.begins(verdict.found.since);
        Outcome::Fires(Box::new(Candidate {
            detector: self.id(),
            number: self.about().number,
            version: self.about().version,
            connection: scope.connection,
            scope: scope.place.clone(),
            at: view.at(),
            window: Window { from: begins, to: view.at() },
            baseline: Window { from: pickups.begins(0), to: begins },
            dial: view.dial(),
            strength: facts.evidence / facts.evidence_min,
            chart: chart(&pickups, &verdict),
            parameters: parameters(&facts),
            facts: Facts::ReviewPickup(facts),
            evidence: sources.evidence,
            sources_total: sources.total,
            cohort,
        }))
    }
}

/// One change of a person, and how long it waited.
struct Waited<'h, 'a> {
    change: &'h Timeline<'a>,
    author: PersonId,
    reviewer: Option<PersonId>,
    timed: Timed,
}

/// The changes of people in the weeks that count.
struct Pickups<'h, 'a> {
    at: Instant,
    weeks: usize,
    all: Vec<Waited<'h, 'a>>,
}

impl<'h, 'a> Pickups<'h, 'a> {
    /// `None` where a gap lasts.
    fn of(scope: Scope<'_>, view: &View<'h, 'a>) -> Option<Self> {
        let silences = view.silences(scope, view.calendar().working_day().saturating_mul(SILENT_DAYS));
        let unheard = view.unheard(scope);
        // A silence that lasts ends with the view.
        if unheard.iter().any(|gap| gap.contains(view.at())) || silences.last().is_some_and(|silence| silence.to == view.at()) {
            return None;
        }
        let gaps = [unheard, silences].concat();
        let of_people = view.changes(scope).iter().filter(|change| !change.is_bots());
        let picked_up = of_people.filter_map(|change| {
            let pick_up = change.picked_up(view.at(), &gaps, view.clock())?;
            // Of what was lost from its first moment on, nothing at all is known.
            let is_known = !gaps.iter().any(|gap| gap.contains(pick_up.ready_at));
            is_known.then_some((change, change.author(view.at())?, pick_up))
        });
        let picked_up: Vec<(&Timeline<'a>, PersonId, PickUp)> = picked_up.collect();
        let begin = picked_up.iter().map(|(.., pick_up)| pick_up.ready_at).min().unwrap_or(view.at());
        let weeks = usize::try_from(begin.duration_until(view.at()).as_secs() / WEEK.as_secs()).map_or(0, |weeks| weeks.min(WEEKS_MAX));
        let mut pickups = Self { at: view.at(), weeks, all: Vec::new() };
        let mut authors: BTreeMap<PersonId, usize> = BTreeMap::new();
        for (change, author, pick_up) in picked_up {
            let Some(week) = pickups.week_of(pick_up.ready_at) else { continue };
            let next = authors.len();
            let lasted = Lasted { hours: hours(pick_up.waited), is_open: pick_up.reviewer.is_none() };
            let timed = Timed { week, lasted, author: *authors.entry(author).or_insert(next) };
            pickups.all.push(Waited { change, author, reviewer: pick_up.reviewer, timed });
        }
        Some(pickups)
    }

    fn times(&self) -> Vec<Timed> {
        self.all.iter().map(|waited| waited.timed).collect()
    }

    /// When a week begins: they are counted so that the last ends with the look.
    fn begins(&self, week: usize) -> Instant {
        let back = i32::try_from(self.weeks.saturating_sub(week)).unwrap_or(i32::MAX);
        self.at.checked_sub(WEEK.saturating_mul(back)).unwrap_or(self.at)
    }

    /// The week of `at`; `None` before the first.
    fn week_of(&self, at: Instant) -> Option<usize> {
        let begin = self.begins(0);
        let passed = begin.duration_until(at).as_secs() / WEEK.as_secs();
        usize::try_from(passed).ok().filter(|week| begin <= at && *week < self.weeks)
    }
}

fn facts(verdict: &Verdict, view: &View<'_, '_>) -> PickupFacts {
    let Slowdown { since, ratio, low, high, evidence } = verdict.found;
    PickupFacts {
        ratio: Estimate { value: ratio, low, high },
        weeks: verdict.weeks - since,
        weeks_before: since,
        changes: verdict.changes,
        changes_before: verdict.changes_before,
        unreviewed: verdict.unreviewed,
        median_hours: verdict.median_hours,
        usual_hours: verdict.usual_hours,
        evidence,
        evidence_min: evidence_min(view.dial()) + verdict.more(),
        reviews_may_be_unseen: view.someone_stepped_out(),
    }
}

/// What tells most, first: the changes that waited longest, then those nearest to the median.
fn telling<'a>(mut since: Vec<&Waited<'_, 'a>>, median_hours: Option<f64>, at: Instant) -> Vec<Item<'a>> {
    since.sort_by(|left, right| right.timed.lasted.hours.total_cmp(&left.timed.lasted.hours));
    if let (Some(median), Some(rest)) = (median_hours, since.get_mut(SLOWEST_SHOWN..)) {
        let from_median = |waited: &Waited<'_, '_>| (waited.timed.lasted.hours - median).abs();
        rest.sort_by(|left, right| from_median(left).total_cmp(&from_median(right)));
    }
    let opening = |waited: &Waited<'_, 'a>| waited.change.opening(at).map(|signal| Item { signal, person: Some(waited.author) });
    since.into_iter().filter_map(opening).collect()
}

/// The median of each week's changes, at its beginning. A week with too few of them, or whose median is still to come, has none.
fn chart(pickups: &Pickups<'_, '_>, verdict: &Verdict) -> Chart {
    let times = pickups.times();
    let of_week = |week: usize| {
        let own: Vec<Timed> = times.iter().filter(|time| time.week == week).copied().collect();
        let value = Some(own).filter(|own| own.len() >= WEEK_MIN).and_then(|own| median(&own))?;
        Some((week, Point { at: pickups.begins(week), value, limit: None }))
    };
    let points: Vec<(usize, Point)> = (0..pickups.weeks).filter_map(of_week).collect();
    let (told, before): (Vec<_>, Vec<_>) = points.iter().partition(|(week, _)| *week >= verdict.found.since);
    let mut usual: Vec<f64> = before.iter().map(|(_, point)| point.value).collect();
    usual.sort_unstable_by(f64::total_cmp);
    let band = |share: f64| quantile(&usual, share).unwrap_or(verdict.usual_hours);
    Chart {
        title: "Working hours until half of a week's changes had their first review".to_owned(),
        unit: Unit::Hours,
        told: told.len(),
        points: points.iter().map(|(_, point)| *point).collect(),
        usual: Some(Estimate { value: verdict.usual_hours, low: band(0.1), high: band(0.9) }),
        limit: verdict.usual_hours * RATIO_MIN,
    }
}

fn parameters(facts: &PickupFacts) -> Vec<Parameter> {
    vec![
        Parameter { name: "weeks", value: number(facts.weeks + facts.weeks_before) },
        Parameter { name: "weeks_max", value: number(WEEKS_MAX) },
        Parameter { name: "baseline_weeks", value: number(BASELINE_WEEKS) },
        Parameter { name: "evidence_min", value: facts.evidence_min },
        Parameter { name: "ratio_min", value: RATIO_MIN },
        Parameter { name: "changes_before_min", value: number(BEFORE_MIN) },
        Parameter { name: "changes_since_min", value: number(SINCE_MIN) },
        Parameter { name: "longer_hours_min", value: LONGER_HOURS_MIN },
    ]
}
