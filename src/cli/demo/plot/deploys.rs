//! Deployments: staging in the morning, production after lunch, on the weekdays of a repository.

use super::Stage;
use super::change::Change;
use crate::base::clock::Instant;
use crate::cli::demo::calendar::{WEEKS, is_workday, later};
use crate::cli::demo::places::{REPOS, RepoRef};
use crate::cli::demo::scene::{DeploymentNow, What};
use crate::cli::demo::splitmix::Key;

/// Environments with the minute of the day at which they are deployed to.
const ENVIRONMENTS: [(&str, f64); 2] = [("staging", 610.0), ("production", 820.0)];
/// The share of deployments that fail and are repeated.
const FAILING: f64 = 0.04;
/// Seconds until a failed deployment is repeated.
const REPEATED_AFTER: u64 = 3_100;

pub(super) fn tell(stage: &mut Stage) {
    for repo in REPOS {
        for day in (0..WEEKS).flat_map(|week| repo.deploy_days.iter().map(move |weekday| week * 7 + weekday)) {
            if !is_workday(day) {
                continue;
            }
            for (environment, minute) in ENVIRONMENTS {
                let key = Key::of("deploy").with(repo.name).with(environment).at(day);
                let at = stage.days.at(day, minute + 35.0 * key.with("minute").unit());
                let fails = key.with("fails").chance(FAILING);
                let deployment = started(stage, repo, environment, at, key.at(0));
                deploy(stage, deployment, if fails { "failure" } else { "success" });
                if fails {
                    let repetition = started(stage, repo, environment, later(at, REPEATED_AFTER), key.at(1));
                    deploy(stage, repetition, "success");
                }
            }
        }
    }
}

fn started(stage: &Stage, repo: RepoRef, environment: &'static str, at: Instant, key: Key) -> DeploymentNow {
    let id = 2_900_000_000 + key.with("id").below(90_000_000);
    DeploymentNow { repo, id, sha: newest_on_main(repo, &stage.changes, at), environment, created_at: at }
}

/// A deployment with its states up to `end`.
fn deploy(stage: &mut Stage, deployment: DeploymentNow, end: &'static str) {
    let key = Key::of("status").at(deployment.id);
    for (place, (state, after)) in [("in_progress", 6), (end, 150 + key.with("length").below(240))].into_iter().enumerate() {
        let id = 5_200_000_000 + key.at(place as u64).below(90_000_000);
        stage.happens(later(deployment.created_at, after), What::DeploymentStatus { deployment: deployment.clone(), id, state });
    }
    stage.happens(deployment.created_at, What::Deployment(deployment));
}

/// The last merge commit before `at`; before the first one, a commit of the time before.
fn newest_on_main(repo: RepoRef, changes: &[Change], at: Instant) -> String {
    let merges = changes.iter().filter(|change| change.repo.id == repo.id).filter_map(Change::merged);
    let newest = merges.filter(|(merged_at, ..)| *merged_at <= at).max_by_key(|(merged_at, ..)| *merged_at);
    newest.map_or_else(|| Key::of("main before").with(repo.name).hex(40), |(_, _, sha)| sha.to_owned())
}
