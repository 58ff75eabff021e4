//! The workflow runs of a change: each of its commits is tested, its merge commit again.
//!
//! A flake is a run that fails and, repeated by its author, passes on the same commit.

use super::change::{Change, Head};
use super::episode::FLAKES;
use crate::base::clock::Instant;
use crate::cli::demo::calendar::{Days, begins, later};
use crate::cli::demo::places::WorkflowRef;
use crate::cli::demo::planted::Planted;
use crate::cli::demo::scene::{Account, RunNow, Scene, What};
use crate::cli::demo::splitmix::Key;

/// The share of runs that flake in any pipeline.
const USUAL_FLAKES: f64 = 0.012;
/// The share of runs of one workflow that flake while an episode lasts.
const PLANTED_FLAKES: f64 = 0.75;
/// Runs are numbered by the time they start, one number for this many seconds.
const SECONDS_PER_NUMBER: i64 = 1_150;

/// The runs of a change, each attempt when it is completed.
pub(super) fn scenes(planted: &Planted, days: &Days, change: &Change) -> Vec<Scene> {
    let mut runs = Vec::new();
    for (n, head) in change.heads.iter().enumerate() {
        for (place, workflow) in change.repo.workflows.iter().enumerate() {
            let key = change.key.with("run").at(n as u64).with(workflow.name);
            let is_broken = !head.is_good && place == 0;
            let flakes = !is_broken && is_flaky(planted, days, change, workflow, head.at, key);
            let first = first_attempt(change, head, workflow, key, if is_broken || flakes { "failure" } else { "success" });
            runs.extend(flakes.then(|| repeated(&first, key)));
            runs.push(first);
        }
    }
    runs.extend(runs_on_main(change));
    runs.into_iter().map(|run| Scene { at: run.completed_at, what: What::Run(run) }).collect()
}

fn runs_on_main(change: &Change) -> Vec<RunNow> {
    let Some((at, who, sha)) = change.merged() else { return Vec::new() };
    let head = Head { sha: sha.to_owned(), at, is_good: true };
    let workflows = change.repo.workflows.iter().filter(|workflow| workflow.on_main);
    let runs = workflows.map(|workflow| {
        let run = first_attempt(change, &head, workflow, change.key.with("run on main").with(workflow.name), "success");
        let title = format!("{} (#{})", change.title, change.number);
        let actor = Account::Human(who);
        RunNow { branch: "main".to_owned(), title, change: None, actor, triggered_by: actor, ..run }
    });
    runs.collect()
}

/// Whether a run that would pass fails at first.
fn is_flaky(planted: &Planted, days: &Days, change: &Change, workflow: WorkflowRef, at: Instant, key: Key) -> bool {
    let share = key.with("flake").unit();
    let day = days.day(at);
    let is_episode = FLAKES.iter().any(|flakes| {
        let is_here = flakes.repo.id == change.repo.id && flakes.workflow == workflow.name && flakes.span.contains(day);
        is_here && planted.has(flakes.plant)
    });
    // Nobody presses the button for the bot.
    let is_human = matches!(change.author, Account::Human(_));
    is_human && share < if is_episode { PLANTED_FLAKES } else { USUAL_FLAKES }
}

fn first_attempt(change: &Change, head: &Head, workflow: WorkflowRef, key: Key, conclusion: &'static str) -> RunNow {
    let created_at = later(head.at, 4 + key.with("queue").below(20));
    let started_at = later(created_at, 2);
    RunNow {
        repo: change.repo,
        workflow,
        id: 17_400_000_000 + key.with("id").below(900_000_000),
        number: u64::try_from(begins().duration_until(created_at).as_secs() / SECONDS_PER_NUMBER).unwrap_or(0) + 2_100,
        attempt: 1,
        conclusion,
        created_at,
        started_at,
        completed_at: later(started_at, length(workflow, key)),
        head: head.sha.clone(),
        branch: change.branch.clone(),
        title: change.as_of(head.at).title,
        change: Some((change.number, change.base.clone())),
        actor: change.author,
        triggered_by: change.author,
    }
}

/// The second attempt of a run, which passes.
fn repeated(first: &RunNow, key: Key) -> RunNow {
    let started_at = later(first.completed_at, 120 + key.with("pause").below(1_500));
    RunNow {
        attempt: 2,
        conclusion: "success",
        started_at,
        completed_at: later(started_at, length(first.workflow, key.with("again"))),
        ..first.clone()
    }
}

/// The length of a run, in seconds.
fn length(workflow: WorkflowRef, key: Key) -> u64 {
    let usual = u64::from(workflow.minutes) * 60;
    usual * 85 / 100 + key.with("length").below(usual * 45 / 100)
}
