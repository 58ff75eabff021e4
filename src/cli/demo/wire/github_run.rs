//! A completed attempt of a workflow run.
//!
//! Names and shapes of the fields: GitHub's documentation, `workflow_run`.

use super::github_piece::{Pieces, api_of, node_id, stamp};
use super::json::{Json, Object};
use crate::cli::demo::scene::{Account, RunNow};
use crate::cli::demo::splitmix::Key;

pub(super) fn workflow_run(pieces: &Pieces, run: &RunNow) -> Json {
    Object::new()
        .text("action", "completed")
        .put("workflow_run", &run_object(pieces, run))
        .put("workflow", &workflow_object(run))
        .put("repository", pieces.repository(run.repo))
        .put("organization", &pieces.organization)
        .put("sender", pieces.account(run.triggered_by))
        .put("installation", &pieces.installation)
        .end()
}

fn run_object(pieces: &Pieces, run: &RunNow) -> Json {
    let url = format!("{}/actions/runs/{}", api_of(run.repo), run.id);
    let suite = 31_000_000_000 + Key::of("suite").at(run.id).below(900_000_000);
    let previous = (run.attempt > 1).then(|| format!("{url}/attempts/{}", run.attempt - 1));
    let changes = run.change.iter().map(|(number, base)| Pieces::pull_request_in_run(run.repo, *number, (&run.branch, &run.head), base));
    Object::new()
        .plain("id", run.id)
        .text("name", run.workflow.name)
        .text("node_id", &node_id("WorkflowRun", run.id))
        .text("head_branch", &run.branch)
        .text("head_sha", &run.head)
        .text("path", &path_of(run))
        .text("display_title", &run.title)
        .plain("run_number", run.number)
        .text("event", if run.change.is_some() { "pull_request" } else { "push" })
        .text("status", "completed")
        .text("conclusion", run.conclusion)
        .plain("workflow_id", run.workflow.id)
        .plain("check_suite_id", suite)
        .text("check_suite_node_id", &node_id("CheckSuite", suite))
        .text("url", &url)
        .text("html_url", &format!("{}/actions/runs/{}", run.repo.html_url(), run.id))
        .put("pull_requests", &Json::list(changes))
        .text("created_at", &stamp(run.created_at))
        .text("updated_at", &stamp(run.completed_at))
        .put("actor", pieces.account(run.actor))
        .plain("run_attempt", run.attempt)
        .put("referenced_workflows", &Json::list([]))
        .text("run_started_at", &stamp(run.started_at))
        .put("triggering_actor", pieces.account(run.triggered_by))
        .text("jobs_url", &format!("{url}/jobs"))
        .text("logs_url", &format!("{url}/logs"))
        .text("check_suite_url", &format!("{}/check-suites/{suite}", api_of(run.repo)))
        .text("artifacts_url", &format!("{url}/artifacts"))
        .text("cancel_url", &format!("{url}/cancel"))
        .text("rerun_url", &format!("{url}/rerun"))
        .put("previous_attempt_url", &Json::text_or_null(previous.as_deref()))
        .text("workflow_url", &format!("{}/actions/workflows/{}", api_of(run.repo), run.workflow.id))
        .put("head_commit", &head_commit(run))
        .put("repository", pieces.short_repository(run.repo))
        .put("head_repository", pieces.short_repository(run.repo))
        .end()
}

fn head_commit(run: &RunNow) -> Json {
    let email = |id: u64, login: &str| format!("{id}+{login}@users.noreply.github.com");
    let (name, email) = match run.actor {
        Account::Human(who) => (who.name, email(who.github_id, who.login)),
        Account::Bot(bot) => (bot.login, email(bot.github_id, bot.login)),
    };
    let author = Object::new().text("name", name).text("email", &email).end();
    Object::new()
        .text("id", &run.head)
        .text("tree_id", &Key::of("tree").with(&run.head).hex(40))
        .text("message", &run.title)
        .text("timestamp", &stamp(run.created_at))
        .put("author", &author)
        .put("committer", &author)
        .end()
}

fn workflow_object(run: &RunNow) -> Json {
    let page = run.repo.html_url();
    Object::new()
        .plain("id", run.workflow.id)
        .text("node_id", &node_id("Workflow", run.workflow.id))
        .text("name", run.workflow.name)
        .text("path", &path_of(run))
        .text("state", "active")
        .text("created_at", "2024-02-07T10:03:11.000Z")
        .text("updated_at", "2026-03-02T16:20:37.000Z")
        .text("url", &format!("{}/actions/workflows/{}", api_of(run.repo), run.workflow.id))
        .text("html_url", &format!("{page}/blob/main/{}", path_of(run)))
        .text("badge_url", &format!("{page}/workflows/{}/badge.svg", run.workflow.name))
        .end()
}

fn path_of(run: &RunNow) -> String {
    format!(".github/workflows/{}", run.workflow.file)
}
