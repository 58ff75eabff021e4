//! D7: more of the deploys to production fail than is usual here.
//!
//! Of the deploys of 28 days (what one is, and when it has failed, is in [`deploys`](super::deploys)), it fires at 3 failures or
//! more of 10 deploys or more where even the lower bound of their share, Wilson's at z = 2.576, lies above what is usual. Usual
//! is the share of the 90 days before, counted together with 20 deploys of which 2 failed: Beta(2, 18) and the data. So a
//! repository that hardly ever failed, or was just connected, is not told of its first bad week.
//!
//! The contributors are the authors of the changes that the failed deploys brought, whoever or whatever deployed them.
//!
//! How often that fires where nothing changed, and how often where more fails, is printed by `benches/change_failures.rs`, which
//! calls [`judge`]; its table is in `benches/README.md`. The numbers are the same at every stop of the dial: there, less certainty
//! would tell most teams in which nothing changed something each quarter.

use super::candidate::{Candidate, ChangeFailureFacts, Chart, Estimate, Facts, Parameter, Point, Unit, number};
use super::deploys::{Deploy, Failure, deploys};
use super::foresight::Least;
use super::history::{Scope, View};
use super::sample::{Joint, balanced_jointly};
use super::stats::{Z_95, wilson};
use super::{About, Cadence, Detector, Outcome, ScopeKind, Withheld};
use crate::base::clock::{Instant, Window};
use crate::base::subject::Cohort;
use crate::signals::countable::Countable;

/// The days of the window.
pub const WINDOW_DAYS: i64 = 28;
/// The days before the window that say what is usual.
pub const BASELINE_DAYS: i64 = 90;
/// Fewest failures.
pub const FAILURES_MIN: usize = 3;
/// Fewest deploys.
pub const DEPLOYS_MIN: usize = 10;
/// What is assumed before anything is known: so many deploys, of which so many failed.
pub const ASSUMED_DEPLOYS: usize = 20;
pub const ASSUMED_FAILURES: usize = 2;
/// The points of the chart: a quarter of weeks.
const CHART_WEEKS: i64 = 13;

/// How many standard errors the share must lie above what is usual: of a normal distribution 99 % lie within.
pub const ERRORS: f64 = 2.576;

/// How many deploys there were, and how many of them failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Count {
    pub failures: usize,
    pub deploys: usize,
}

impl Count {
    fn of(deploys: &[Deploy<'_>], window: Window) -> Self {
        let inside = deploys.iter().filter(|deploy| window.contains(deploy.at));
        inside.fold(Self::default(), |count, deploy| Self {
            failures: count.failures + usize::from(deploy.failure.is_some()),
            deploys: count.deploys + 1,
        })
    }

    fn share(self) -> f64 {
        number(self.failures) / number(self.deploys.max(1))
    }

    /// The share that is usual after such a time.
    fn usual(self) -> f64 {
        number(self.failures + ASSUMED_FAILURES) / number(self.deploys + ASSUMED_DEPLOYS)
    }

    fn is_above(self, usual: f64) -> bool {
        self.failures >= FAILURES_MIN
            && self.deploys >= DEPLOYS_MIN
            && wilson(number(self.failures), number(self.deploys), ERRORS).0 > usual
    }
}

/// Whether more failed `now` than is usual after the time `before`. The pure core of the detector; its simulation calls it too.
pub fn judge(before: Count, now: Count) -> bool {
    now.is_above(before.usual())
}

/// The fewest failures of so many deploys that are more than usual; `None` where even all of them are not.
fn limit(before: Count, deploys: usize) -> Option<usize> {
    (FAILURES_MIN..=deploys).find(|failures| judge(before, Count { failures: *failures, deploys }))
}

/// The detector.
#[derive(Clone, Copy, Debug)]
pub struct ChangeFailures;

impl Detector for ChangeFailures {
    fn about(&self) -> About {
        About {
            id: "change_failures",
            number: "D7",
            version: 1,
            cadence: Cadence::Mondays,
            scopes: ScopeKind::Repositories,
            least: Least { of: Countable::Deploy, at_least: DEPLOYS_MIN as u64, in_days: WINDOW_DAYS, history_days: 0 },
        }
    }

    fn evaluate(&self, scope: Scope<'_>, view: &View<'_, '_>) -> Outcome {
        let all = deploys(scope, view);
        let (window, baseline) = windows(view.at());
        let (now, before) = (Count::of(&all, window), Count::of(&all, baseline));
        let Some(limit) = limit(before, now.deploys).filter(|limit| *limit <= now.failures) else {
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
            chart: chart(&all, (before, limit, now), view.at()),
            facts: Facts::ChangeFailures(facts(&failed, before, now, limit)),
            evidence: sources.evidence,
            sources_total: sources.total,
            parameters: parameters(),
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
fn chart(all: &[Deploy<'_>], (before, now_limit, now): (Count, usize, Count), at: Instant) -> Chart {
    let ends = (0..CHART_WEEKS).rev().map(|back| Window::days_before(at, back * 7).from);
    let points = ends.filter_map(|end| {
        let (window, baseline) = windows(end);
        let (now, before) = (Count::of(all, window), Count::of(all, baseline));
        let limit = limit(before, now.deploys)?;
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

fn parameters() -> Vec<Parameter> {
    vec![
        Parameter { name: "window_days", value: 28.0 },
        Parameter { name: "baseline_days", value: 90.0 },
        Parameter { name: "failures_min", value: number(FAILURES_MIN) },
        Parameter { name: "deploys_min", value: number(DEPLOYS_MIN) },
        Parameter { name: "standard_errors", value: ERRORS },
        Parameter { name: "assumed_deploys", value: number(ASSUMED_DEPLOYS) },
        Parameter { name: "assumed_failures", value: number(ASSUMED_FAILURES) },
        Parameter { name: "blame_hours", value: super::deploys::BLAME.as_secs_f64() / 3_600.0 },
    ]
}
