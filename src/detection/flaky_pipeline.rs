//! D11: a pipeline that fails and then passes on the same code.
//!
//! A flake is a failure (or a time-out) and then a success of the same workflow on the same commit, whether the run was
//! started again or another run of the same workflow took the commit. A workflow and commit count once in a window, in the
//! window of their success. Of 14 days it fires at 5 flakes or more that are 10 % of the completed runs or more; the
//! attempts of one run count as one run. Runs that say no commit are compared with their own earlier attempts only.
//!
//! The contributors are the authors of the changes that were run (by the run's change, else by its commit), whoever or
//! whatever started the run: the pattern is about the pipeline that the team shares.
//!
//! The numbers are absolute and the same at every stop of the dial: a failure that vanishes by itself needs no comparison
//! with an earlier time to be one.

use super::candidate::{Candidate, Chart, Estimate, Facts, FlakyFacts, Parameter, Point, Unit, number};
use super::changes::Timeline;
use super::foresight::Least;
use super::history::{Scope, Seen, View};
use super::sample::{Item, balanced};
use super::stats::{Z_95, wilson};
use super::{About, Cadence, Detector, Outcome, ScopeKind, Withheld};
use crate::base::clock::{Instant, Window};
use crate::base::id::PersonId;
use crate::base::subject::Cohort;
use crate::signals::countable::Countable;
use crate::signals::{Conclusion, Run, RunTransition};
use std::collections::{HashMap, HashSet};

/// The days of the window.
pub const WINDOW_DAYS: i64 = 14;
/// The days before the window that it is shown against.
pub const BASELINE_DAYS: i64 = 90;
/// Fewest flakes.
pub const FLAKES_MIN: usize = 5;
/// The flakes are at least one in this many of the completed runs: 10 %.
pub const PART_OF_RUNS: usize = 10;
/// The days that one point of the chart stands for.
const POINT_DAYS: i64 = 7;

/// The detector.
#[derive(Clone, Copy, Debug)]
pub struct FlakyPipeline;

/// A failure and then a success on the same code.
#[derive(Clone, Copy, Debug)]
struct Flake<'a> {
    /// The run that failed: the one to look at.
    failed: Seen<'a, Run>,
    passed_at: Instant,
}

/// What is compared: a workflow on the same code.
type Code<'a> = (&'a str, Ran<'a>);

/// The code that was run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Ran<'a> {
    /// A commit.
    Commit(&'a str),
    /// Where a run names no commit: whatever the attempts of that run had.
    Attempts(&'a str),
}

impl Detector for FlakyPipeline {
    fn about(&self) -> About {
        About {
            id: "flaky_pipeline",
            number: "D11",
            version: 1,
            cadence: Cadence::WorkingDays,
            scopes: ScopeKind::Repositories,
            least: Least { of: Countable::FailedRun, at_least: FLAKES_MIN as u64, in_days: WINDOW_DAYS, history_days: 0 },
        }
    }

    fn evaluate(&self, scope: Scope<'_>, view: &View<'_, '_>) -> Outcome {
        let runs = view.runs(scope);
        let window = Window::days_before(view.at(), WINDOW_DAYS);
        let flakes = all_flakes(runs);
        let now = Tally::of(runs, &flakes, window);
        if now.flakes.len() < FLAKES_MIN || now.flakes.len() * PART_OF_RUNS < now.runs {
            return Outcome::Nothing;
        }
        let authors = Authors::of(view.changes(scope), view.at());
        let mut items: Vec<Item<'_>> =
            now.flakes.iter().map(|flake| Item { signal: flake.failed.signal, person: authors.behind(flake.failed.event) }).collect();
        items.reverse();
        let Some(cohort) = Cohort::of(view.active_members(), items.iter().map(|item| item.person)) else {
            return Outcome::Withheld(Withheld::GroupTooSmall);
        };
        let Some(sources) = balanced(&items) else {
            return Outcome::Withheld(Withheld::TooFewSources);
        };
        let baseline = Window { to: window.from, ..Window::days_before(window.from, BASELINE_DAYS) };
        let before = Tally::of(runs, &flakes, baseline);
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
            strength: now.share() * number(PART_OF_RUNS),
            chart: chart(runs, &flakes, &before, view.at()),
            facts: Facts::FlakyPipeline(now.facts(&before)),
            evidence: sources.evidence,
            sources_total: sources.total,
            parameters: vec![
                Parameter { name: "window_days", value: 14.0 },
                Parameter { name: "flakes_min", value: number(FLAKES_MIN) },
                Parameter { name: "share_of_runs_min", value: 1.0 / number(PART_OF_RUNS) },
            ],
            cohort,
        }))
    }
}

/// The flakes and completed runs of a window.
#[derive(Debug)]
struct Tally<'a> {
    flakes: Vec<Flake<'a>>,
    runs: usize,
}

impl<'a> Tally<'a> {
    fn of(runs: &[Seen<'a, Run>], flakes: &[Flake<'a>], window: Window) -> Self {
        let completed = runs.iter().filter(|run| run.event.transition == RunTransition::Completed && window.contains(run.at()));
        let distinct: HashSet<&str> = completed.map(|run| run.signal.external_id.as_str()).collect();
        let mut counted = HashSet::new();
        let flakes = flakes.iter().filter(|flake| window.contains(flake.passed_at) && counted.insert(code(&flake.failed)));
        Self { flakes: flakes.copied().collect(), runs: distinct.len() }
    }

    fn share(&self) -> f64 {
        number(self.flakes.len()) / number(self.runs.max(1))
    }

    fn facts(&self, before: &Self) -> FlakyFacts {
        let (low, high) = wilson(number(self.flakes.len().min(self.runs)), number(self.runs), Z_95);
        let workflows: HashSet<&str> = self.flakes.iter().map(|flake| flake.failed.event.workflow.as_str()).collect();
        FlakyFacts {
            flakes: self.flakes.len(),
            runs: self.runs,
            share: Estimate { value: self.share(), low, high },
            usual_share: (before.runs > 0).then(|| before.share()),
            workflows: workflows.len(),
            days: WINDOW_DAYS,
        }
    }
}

/// Every flake among the runs, in the order of their successes.
fn all_flakes<'a>(runs: &[Seen<'a, Run>]) -> Vec<Flake<'a>> {
    let mut failed: HashMap<Code<'a>, Seen<'a, Run>> = HashMap::new();
    let mut flakes = Vec::new();
    for run in runs.iter().filter(|run| run.event.transition == RunTransition::Completed) {
        match run.event.conclusion {
            Some(Conclusion::Failure | Conclusion::TimedOut) => {
                failed.entry(code(run)).or_insert(*run);
            }
            Some(Conclusion::Success) => {
                if let Some(failed) = failed.remove(&code(run)) {
                    flakes.push(Flake { failed, passed_at: run.at() });
                }
            }
            _ => {}
        }
    }
    flakes
}

fn code<'a>(run: &Seen<'a, Run>) -> Code<'a> {
    let ran = run.event.sha.as_deref().map_or(Ran::Attempts(&run.signal.external_id), Ran::Commit);
    (&run.event.workflow, ran)
}

/// Who wrote the changes of a repository.
struct Authors {
    by_number: HashMap<String, Option<PersonId>>,
    by_commit: HashMap<String, Option<PersonId>>,
}

impl Authors {
    fn of(changes: &[Timeline<'_>], at: Instant) -> Self {
        let mut commits: Vec<(Instant, &str, Option<PersonId>)> = Vec::new();
        let mut by_number = HashMap::new();
        for change in changes {
            let author = change.author(at);
            by_number.insert(change.number.to_owned(), author);
            commits.extend(change.commits(at).map(|(mentioned, sha)| (mentioned, sha, author)));
        }
        commits.sort_by_key(|(mentioned, ..)| *mentioned);
        let mut by_commit = HashMap::new();
        for (_, sha, author) in commits {
            by_commit.entry(sha.to_owned()).or_insert(author);
        }
        Self { by_number, by_commit }
    }

    /// The author of the change that was run: by its number, else by the commit.
    fn behind(&self, run: &Run) -> Option<PersonId> {
        let by_number = run.change.as_ref().and_then(|number| self.by_number.get(number).copied().flatten());
        by_number.or_else(|| run.sha.as_ref().and_then(|sha| self.by_commit.get(sha).copied().flatten()))
    }
}

/// Week by week, the share in the window that ended then: measured as the limit is.
fn chart(runs: &[Seen<'_, Run>], flakes: &[Flake<'_>], before: &Tally<'_>, at: Instant) -> Chart {
    let weeks = BASELINE_DAYS / POINT_DAYS;
    let ends = (0..=weeks).rev().map(|back| Window::days_before(at, back * POINT_DAYS).from);
    let points: Vec<Point> = ends
        .filter_map(|end| {
            let tally = Tally::of(runs, flakes, Window::days_before(end, WINDOW_DAYS));
            (tally.runs > 0).then(|| Point { at: end, value: tally.share(), limit: None })
        })
        .collect();
    let usual = (before.runs > 0).then(|| {
        let (low, high) = wilson(number(before.flakes.len().min(before.runs)), number(before.runs), Z_95);
        Estimate { value: before.share(), low, high }
    });
    Chart {
        title: "Runs that failed and then passed on the same code, as a share of the 14 days before".to_owned(),
        unit: Unit::Share,
        points,
        told: 1,
        usual,
        limit: 1.0 / number(PART_OF_RUNS),
    }
}
