//! D7: more of the deploys to production fail than is usual here.
//!
//! Of the deploys of 28 days (what one is, and when it has failed, is in [`deploys`](super::deploys)), it fires at 3 failures or
//! more of 10 deploys or more where even the lower bound of their share, Wilson's at z = 2.576, lies above what is usual. Usual
//! is the share of the 90 days before, counted together with 20 deploys of which 2 failed: Beta(2, 18) and the data. So a
//! repository that hardly ever failed, or was just connected, is not told of its first bad week.
//!
//! That bound takes what is usual as known, each deploy as failing for itself, and the look as the only one. By it alone, 13 to 23
//! of a hundred steady repositories in which one deploy in ten fails were told something in the thirteen looks of a quarter, and up
//! to 45 where the weeks differ. So beyond it so many failures must be unlikely ([`chance_max`]) by all that is not known:
//! - the usual share is known no better than by the deploys it was learned from, so that the failures to come have a
//!   beta-binomial distribution; what is assumed counts for little there, and a repository of which less than
//!   10 deploys were heard before is told nothing;
//! - deploys of one week share what is wrong in it: the share of a week is assumed to lie about the usual one as widely as Beta(2, 18)
//!   does about its mean. So the tenth deploy of a week says less than the first, now and before;
//! - how unlikely, at each stop of the dial, is set by the simulation over all looks of a quarter.
//!
//! The contributors are the authors of the changes that the failed deploys brought, whoever or whatever deployed them.
//!
//! How often that fires where nothing changed, and how often where more fails, is printed by `benches/change_failures.rs`, which
//! calls [`judge`]; its table is in `benches/README.md`.

use super::candidate::{Candidate, ChangeFailureFacts, Chart, Estimate, Facts, Parameter, Point, Unit, number};
use super::deploys::{Deploy, Failure, deploys};
use super::foresight::Least;
use super::history::{Scope, View};
use super::sample::{Joint, balanced_jointly};
use super::stats::{Z_95, beta_binomial_tails, wilson};
use super::{About, Cadence, Detector, Outcome, ScopeKind, Withheld};
use crate::base::clock::{Instant, Window};
use crate::base::dial::Dial;
use crate::base::subject::Cohort;
use crate::signals::countable::Countable;

/// The days of the window.
pub const WINDOW_DAYS: i64 = 28;
/// The days before the window that say what is usual.
pub const BASELINE_DAYS: i64 = 90;
/// Fewest failures.
pub const FAILURES_MIN: usize = 3;
/// Fewest deploys, and fewest before to compare them with.
pub const DEPLOYS_MIN: usize = 10;
/// What is assumed before anything is known: so many deploys, of which so many failed.
pub const ASSUMED_DEPLOYS: usize = 20;
pub const ASSUMED_FAILURES: usize = 2;
/// So many of the deploys that are assumed say as much as one that was heard of, where chance is judged: else a repository that was
/// just connected, and fails more often than is assumed, would be told that this is more than usual.
const ASSUMED_PER_KNOWN: f64 = 5.0;
const WEEK_SECS: i64 = 7 * 24 * 60 * 60;
/// The points of the chart: a quarter of weeks.
const CHART_WEEKS: i64 = 13;

/// How many standard errors the share must lie above what is usual: of a normal distribution 99 % lie within.
pub const ERRORS: f64 = 2.576;

/// How likely so many failures may be where nothing changed, at each stop of the dial: by simulation, at most 1 %, 5 % and 20 % of
/// repositories in which nothing changes are told something in a quarter (see `benches/README.md`).
pub const fn chance_max(dial: Dial) -> f64 {
    match dial {
        Dial::Quiet => 0.000_7,
        Dial::Normal => 0.004,
        Dial::Verbose => 0.024,
    }
}

/// How many deploys there were, and how many of them failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Count {
    pub failures: usize,
    pub deploys: usize,
    /// For each deploy, the others of its week, in all: how far they share good and bad weeks.
    pub neighbours: usize,
}

impl Count {
    /// Counts deploys in order of time, each by its week and whether it failed.
    pub fn of(deploys: impl IntoIterator<Item = (i64, bool)>) -> Self {
        let (mut count, mut now, mut in_week) = (Self::default(), None, 0);
        for (week, has_failed) in deploys {
            in_week = if now == Some(week) { in_week + 1 } else { 0 };
            now = Some(week);
            count.failures += usize::from(has_failed);
            count.deploys += 1;
            // It and each of those before it have one neighbour more.
            count.neighbours += 2 * in_week;
        }
        count
    }

    fn in_window(deploys: &[Deploy<'_>], window: Window) -> Self {
        let week = |at: Instant| window.from.duration_until(at).as_secs() / WEEK_SECS;
        let inside = deploys.iter().filter(|deploy| window.contains(deploy.at));
        Self::of(inside.map(|deploy| (week(deploy.at), deploy.failure.is_some())))
    }

    fn share(self) -> f64 {
        number(self.failures) / number(self.deploys.max(1))
    }

    /// The share that is usual after such a time.
    fn usual(self) -> f64 {
        number(self.failures + ASSUMED_FAILURES) / number(self.deploys + ASSUMED_DEPLOYS)
    }

    /// How many times as much their failures vary as those of deploys that fail each for itself.
    fn unevenness(self) -> f64 {
        let neighbours = number(self.neighbours) / number(self.deploys.max(1));
        1.0 + neighbours / number(ASSUMED_DEPLOYS + 1)
    }

    /// The definition: enough of them, and a share whose lower bound lies above what is usual.
    fn is_above(self, usual: f64) -> bool {
        self.failures >= FAILURES_MIN
            && self.deploys >= DEPLOYS_MIN
            && wilson(number(self.failures), number(self.deploys), ERRORS).0 > usual
    }
}

/// How likely at least so many failures `now` are where nothing changed since the time `before`; `None` where they are not above
/// what is usual by the definition. The pure core of the detector; its simulation calls it too.
pub fn judge(before: Count, now: Count) -> Option<f64> {
    let can_tell = before.deploys >= DEPLOYS_MIN && now.is_above(before.usual());
    can_tell.then(|| chances(before, now).get(now.failures).copied()).flatten()
}

/// How likely at least 0, 1, 2 … failures of the deploys `now` are where nothing changed since the time `before`.
fn chances(before: Count, now: Count) -> Vec<f64> {
    // What is known of the usual share: little of what is assumed, and the deploys before as far as each says something of its own.
    let (assumed, heard) = (number(ASSUMED_DEPLOYS) / ASSUMED_PER_KNOWN, number(before.deploys) / before.unevenness());
    let known = assumed + heard;
    let mean = (assumed * number(ASSUMED_FAILURES) / number(ASSUMED_DEPLOYS) + heard * before.share()) / known;
    // The variance of the failures, as a multiple of that of deploys that fail each for itself with a share that is known. A beta
    // distribution of this certainty gives the same.
    let deploys = number(now.deploys);
    let spread = known.mul_add(now.unevenness(), deploys) / (known + 1.0);
    let certainty = (deploys - spread) / (spread - 1.0);
    beta_binomial_tails(now.deploys, mean, certainty)
}

/// The fewest failures of as many deploys as now that are more than usual; `None` where even all of them are not.
fn limit(before: Count, now: Count, dial: Dial) -> Option<usize> {
    if now.deploys < DEPLOYS_MIN || before.deploys < DEPLOYS_MIN {
        return None;
    }
    let chances = chances(before, now);
    (FAILURES_MIN..=now.deploys).find(|failures| {
        let is_above = Count { failures: *failures, ..now }.is_above(before.usual());
        is_above && chances.get(*failures).is_some_and(|chance| *chance <= chance_max(dial))
    })
}

/// The detector.
#[derive(Clone, Copy, Debug)]
pub struct ChangeFailures;

impl Detector for ChangeFailures {
    fn about(&self) -> About {
        About {
            id: "change_failures",
            number: "D7",
            version: 2,
            cadence: Cadence::Mondays,
            scopes: ScopeKind::Repositories,
            least: Least { of: Countable::Deploy, at_least: DEPLOYS_MIN as u64, in_days: WINDOW_DAYS, history_days: WINDOW_DAYS },
        }
    }

    fn evaluate(&self, scope: Scope<'_>, view: &View<'_, '_>) -> Outcome {
        let all = deploys(scope, view);
        let (window, baseline) = windows(view.at());
        let (now, before) = (Count::in_window(&all, window), Count::in_window(&all, baseline));
        let Some(limit) = limit(before, now, view.dial()).filter(|limit| *limit <= now.failures) else {
            return Outcome::Nothing;
        };
        let failed: Vec<&Deploy<'_>> = all.iter().filter(|deploy| window.contains(deploy.at) && deploy.failure.is_some()).collect();
        let authors = failed.iter().flat_map(|deploy| &deploy.authors).map(|author| Some(*author));
        let Some(cohort) = Cohort::of(view.active_members(), authors) else {
            return Outcome::Withheld(Withheld::GroupTooSmall);
        };
        let mut items: Vec<Joint<'_>> = failed.iter().flat_map(|deploy| sources(deploy)).collect();
        items.reverse();
        let Some(sources) = balanced_jointly(&items) else {
            return Outcome::Withheld(Withheld::TooFewSources);
        };
        Outcome::Fires(Box::new(Candidate {
            detector: self.id(),
            number: self.about().number,
            version: self.about().version,
            connection: scope.connection,
            scope: scope.place.clone(),
            at: view.at(),
            window,
            baseline,
            dial: view.dial(),
            strength: number(now.failures) / number(limit),
            chart: chart(&all, (before, limit, now), view),
            facts: Facts::ChangeFailures(facts(&failed, before, now, limit)),
            evidence: sources.evidence,
            sources_total: sources.total,
            parameters: parameters(view.dial()),
            cohort,
        }))
    }
}

/// What is judged by an instant, and what it is compared with.
fn windows(at: Instant) -> (Window, Window) {
    let window = Window::days_before(at, WINDOW_DAYS);
    (window, Window::days_before(window.from, BASELINE_DAYS))
}

/// What is shown for a failed deploy: the deployment, and what took a change of it back or names it.
fn sources<'a>(deploy: &'a Deploy<'_>) -> Vec<Joint<'a>> {
    let also = match deploy.failure {
        Some(Failure::Reverted(revert)) => revert,
        Some(Failure::Incident(incident)) => Some(incident),
        Some(Failure::Reported | Failure::WentBack) | None => None,
    };
    let also = also.map(|signal| Joint { signal, people: signal.actor.as_slice() });
    [Joint { signal: deploy.shown, people: &deploy.authors }].into_iter().chain(also).collect()
}

fn facts(failed: &[&Deploy<'_>], before: Count, now: Count, limit: usize) -> ChangeFailureFacts {
    let (low, high) = wilson(number(now.failures), number(now.deploys), ERRORS);
    let because = |is_it: fn(Failure<'_>) -> bool| failed.iter().filter(|deploy| deploy.failure.is_some_and(is_it)).count();
    ChangeFailureFacts {
        failures: now.failures,
        deploys: now.deploys,
        share: Estimate { value: now.share(), low, high },
        usual_share: before.usual(),
        usual_failures: before.failures,
        usual_deploys: before.deploys,
        limit,
        reported: because(|failure| matches!(failure, Failure::Reported)),
        went_back: because(|failure| matches!(failure, Failure::WentBack)),
        reverted: because(|failure| matches!(failure, Failure::Reverted(_))),
        incidents: because(|failure| matches!(failure, Failure::Incident(_))),
        days: WINDOW_DAYS,
        usual_days: BASELINE_DAYS,
    }
}

/// Week by week the share in the window that ended then, with the share that would have been too many of as many deploys. Weeks
/// with too few deploys to be judged, or of which no share would have been too many, are left out.
fn chart(all: &[Deploy<'_>], (before, now_limit, now): (Count, usize, Count), view: &View<'_, '_>) -> Chart {
    let ends = (0..CHART_WEEKS).rev().map(|back| Window::days_before(view.at(), back * 7).from);
    let points = ends.filter_map(|end| {
        let (window, baseline) = windows(end);
        let (now, before) = (Count::in_window(all, window), Count::in_window(all, baseline));
        let limit = limit(before, now, view.dial())?;
        Some(Point { at: end, value: now.share(), limit: Some(number(limit) / number(now.deploys)) })
    });
    let (low, high) = wilson(number(before.failures + ASSUMED_FAILURES), number(before.deploys + ASSUMED_DEPLOYS), Z_95);
    Chart {
        title: "Deploys to production that failed, as a share of the 28 days before".to_owned(),
        unit: Unit::Share,
        points: points.collect(),
        told: 1,
        usual: Some(Estimate { value: before.usual(), low, high }),
        limit: number(now_limit) / number(now.deploys.max(1)),
    }
}

fn parameters(dial: Dial) -> Vec<Parameter> {
    vec![
        Parameter { name: "window_days", value: 28.0 },
        Parameter { name: "baseline_days", value: 90.0 },
        Parameter { name: "failures_min", value: number(FAILURES_MIN) },
        Parameter { name: "deploys_min", value: number(DEPLOYS_MIN) },
        Parameter { name: "standard_errors", value: ERRORS },
        Parameter { name: "chance_max", value: chance_max(dial) },
        Parameter { name: "assumed_deploys", value: number(ASSUMED_DEPLOYS) },
        Parameter { name: "assumed_failures", value: number(ASSUMED_FAILURES) },
        Parameter { name: "blame_hours", value: super::deploys::BLAME.as_secs_f64() / 3_600.0 },
    ]
}
