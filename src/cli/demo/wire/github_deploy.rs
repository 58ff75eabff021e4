//! Deployments and their states.
//!
//! Names and shapes of the fields: GitHub's documentation, `deployment` and `deployment_status`.

use super::github_piece::{Pieces, api_of, node_id, stamp};
use super::json::{Json, Object};
use crate::base::clock::Instant;
use crate::cli::demo::people::DEPLOYER;
use crate::cli::demo::scene::{Account, DeploymentNow};

fn deployment_object(pieces: &Pieces, deployment: &DeploymentNow) -> Json {
    let url = format!("{}/deployments/{}", api_of(deployment.repo), deployment.id);
    Object::new()
        .text("url", &url)
        .plain("id", deployment.id)
        .text("node_id", &node_id("Deployment", deployment.id))
        .text("task", "deploy")
        .text("original_environment", deployment.environment)
        .text("environment", deployment.environment)
        .null("description")
        .text("created_at", &stamp(deployment.created_at))
        .text("updated_at", &stamp(deployment.created_at))
        .text("statuses_url", &format!("{url}/statuses"))
        .text("repository_url", &api_of(deployment.repo))
        .put("creator", pieces.account(Account::Bot(&DEPLOYER)))
        .text("sha", &deployment.sha)
        .text("ref", "main")
        .put("payload", &Object::new().end())
        .plain("transient_environment", false)
        .plain("production_environment", deployment.environment == "production")
        .null("performed_via_github_app")
        .end()
}

/// A deployment that begins.
pub(super) fn deployed(pieces: &Pieces, deployment: &DeploymentNow) -> Json {
    Object::new()
        .text("action", "created")
        .put("deployment", &deployment_object(pieces, deployment))
        .null("workflow")
        .null("workflow_run")
        .put("repository", pieces.repository(deployment.repo))
        .put("organization", &pieces.organization)
        .put("sender", pieces.account(Account::Bot(&DEPLOYER)))
        .put("installation", &pieces.installation)
        .end()
}

/// A new state of a deployment.
pub(super) fn deployment_status(pieces: &Pieces, at: Instant, deployment: &DeploymentNow, id: u64, state: &str) -> Json {
    let url = format!("{}/deployments/{}", api_of(deployment.repo), deployment.id);
    let log = format!("{}/deployments/{}", deployment.repo.html_url(), deployment.environment);
    let status = Object::new()
        .text("url", &format!("{url}/statuses/{id}"))
        .plain("id", id)
        .text("node_id", &node_id("DeploymentStatus", id))
        .text("state", state)
        .put("creator", pieces.account(Account::Bot(&DEPLOYER)))
        .text("description", "")
        .text("environment", deployment.environment)
        .text("target_url", &log)
        .text("created_at", &stamp(at))
        .text("updated_at", &stamp(at))
        .text("deployment_url", &url)
        .text("repository_url", &api_of(deployment.repo))
        .text("environment_url", "")
        .text("log_url", &log)
        .null("performed_via_github_app")
        .end();
    Object::new()
        .text("action", "created")
        .put("deployment_status", &status)
        .put("deployment", &deployment_object(pieces, deployment))
        .null("check_run")
        .null("workflow")
        .null("workflow_run")
        .put("repository", pieces.repository(deployment.repo))
        .put("organization", &pieces.organization)
        .put("sender", pieces.account(Account::Bot(&DEPLOYER)))
        .put("installation", &pieces.installation)
        .end()
}
