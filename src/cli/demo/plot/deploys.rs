//! Deployments: staging in the morning, production after lunch, on the weekdays of a repository on which there is something new.
//! In a planted stretch many that go to production fail, or are taken back for what ran before.

use super::Stage;
use super::change::Change;
use super::episode::breaks_on;
use crate::base::clock::Instant;
use crate::cli::demo::calendar::{Day, WEEKS, is_workday, later};
use crate::cli::demo::places::{REPOS, RepoRef};
use crate::cli::demo::scene::{DeploymentNow, What};
use crate::cli::demo::splitmix::Key;

const PRODUCTION: &str = "production";
/// Environments with the minute of the day at which they are deployed to.
const ENVIRONMENTS: [(&str, f64); 2] = [("staging", 610.0), (PRODUCTION, 820.0)];
/// The share of deployments that fail and are repeated.
const FAILING: f64 = 0.04;
/// The share of deployments to production that go wrong in a planted stretch, and of those the share that is taken back.
const PLANTED_WRONG: f64 = 0.9;
const TAKEN_BACK: f64 = 0.35;
/// Seconds until a failed deployment is repeated.
const REPEATED_AFTER: u64 = 3_100;
/// Seconds until what ran before is deployed again.
const TAKEN_BACK_AFTER: u64 = 5_400;

/// How a deployment goes.
#[derive(Clone, Copy, PartialEq)]
enum Course {
    Well,
    /// It fails, and is repeated.
    Fails,
    /// It succeeds, and what ran before is deployed again.
    TakenBack,
}

pub(super) fn tell(stage: &mut Stage) {
    for repo in REPOS {
        for (environment, minute) in ENVIRONMENTS {
            let mut running: Option<String> = None;
            for day in (0..WEEKS).flat_map(|week| repo.deploy_days.iter().map(move |weekday| week * 7 + weekday)) {
                let key = Key::of("deploy").with(repo.name).with(environment).at(day);
                let at = stage.days.at(day, minute + 35.0 * key.with("minute").unit());
                let newest = newest_on_main(repo, &stage.changes, at);
                if is_workday(day) && running.as_ref() != Some(&newest) {
                    let course = course(stage, repo, environment, day, key);
                    let before = running.replace(newest).filter(|_| course == Course::TakenBack);
                    go(stage, (repo, environment, at), key, (course, before));
                }
            }
        }
    }
}

fn course(stage: &Stage, repo: RepoRef, environment: &str, day: Day, key: Key) -> Course {
    if key.with("fails").chance(FAILING) {
        return Course::Fails;
    }
    let is_planted = environment == PRODUCTION && breaks_on(stage.planted, repo, day);
    match is_planted && key.with("goes wrong").chance(PLANTED_WRONG) {
        true if key.with("taken back").chance(TAKEN_BACK) => Course::TakenBack,
        true => Course::Fails,
        false => Course::Well,
    }
}

/// One deployment, and what follows from its course.
fn go(stage: &mut Stage, (repo, environment, at): (RepoRef, &'static str, Instant), key: Key, (course, before): (Course, Option<String>)) {
    let started = |sha: String, at: Instant, key: Key| DeploymentNow {
        repo,
        id: 2_900_000_000 + key.with("id").below(90_000_000),
        sha,
        environment,
        created_at: at,
    };
    let deployment = started(newest_on_main(repo, &stage.changes, at), at, key.at(0));
    let repetition = (course == Course::Fails).then(|| started(deployment.sha.clone(), later(at, REPEATED_AFTER), key.at(1)));
    let older = before.map(|sha| started(sha, later(at, TAKEN_BACK_AFTER), key.at(2)));
    deploy(stage, deployment, if course == Course::Fails { "failure" } else { "success" });
    for deployment in [repetition, older].into_iter().flatten() {
        deploy(stage, deployment, "success");
    }
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
