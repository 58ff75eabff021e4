//! What each of GitHub's actions means, from fixtures of our own.

use super::GitHub;
use super::fixtures::{MERGE_SHA, SHA, deployment, deployment_status, pull_request, review, run, user};
use crate::connectors::conformance::{arrival, delivery, take};
use crate::connectors::places::Places;
use crate::connectors::{Account, Connector, Parsed, Site};
use crate::signals::place::Place;
use crate::signals::refusal::Refusal;
use crate::signals::{
    ActorKind, Change, ChangeTransition, Conclusion, Deploy, DeployTransition, Event, Review, ReviewTransition, Run, RunTransition,
};
use serde_json::{Value, json};

fn read(kind: &str, payload: &Value) -> Result<Parsed, Refusal> {
    take(&GitHub, &delivery(&GitHub, Some(kind), payload.to_string().as_bytes()), &mut Places::default())
}

fn word_and_time(parsed: &Parsed) -> (&'static str, String) {
    (parsed.event.transition(), parsed.occurred_at.to_string())
}

fn account(id: &str, handle: &str) -> Account {
    Account { external_id: id.to_owned(), handle: Some(handle.to_owned()) }
}

#[test]
fn an_opened_change_is_its_authors() {
    let parsed = read("pull_request", &pull_request("opened")).unwrap();
    assert_eq!(parsed.place.external_id(), "acme/web");
    assert_eq!(parsed.external_id, "12");
    assert_eq!((parsed.author, parsed.author_kind), (Some(account("7", "mira")), ActorKind::Human), "never the sender");
    assert_eq!(parsed.url.as_deref(), Some("https://github.com/acme/web/pull/12"));
    assert_eq!(
        parsed.event,
        Event::Change(Change {
            transition: ChangeTransition::Opened,
            title: Some("Retry the upload once".to_owned()),
            branch: Some("retry-upload".to_owned()),
            sha: Some(SHA.to_owned()),
        })
    );
}

#[test]
fn each_action_of_a_change_has_its_transition_and_its_own_time() {
    for (action, transition, at) in [
        ("opened", "opened", "2026-03-02T09:00:00Z"),
        ("reopened", "reopened", "2026-03-03T10:00:00Z"),
        ("ready_for_review", "ready_for_review", "2026-03-03T10:00:00Z"),
        ("converted_to_draft", "converted_to_draft", "2026-03-03T10:00:00Z"),
        ("synchronize", "updated", "2026-03-03T10:00:00Z"),
        ("closed", "closed", "2026-03-04T11:00:00Z"),
    ] {
        let parsed = read("pull_request", &pull_request(action)).unwrap();
        assert_eq!(word_and_time(&parsed), (transition, at.to_owned()), "{action}");
    }
    for action in ["edited", "assigned", "labeled", "review_requested", "enqueued", "locked", "Opened", ""] {
        assert_eq!(read("pull_request", &pull_request(action)).err(), Some(Refusal::NothingToKeep), "{action}");
    }
}

#[test]
fn a_draft_is_opened_as_one() {
    let mut payload = pull_request("opened");
    payload["pull_request"]["draft"] = json!(true);
    assert_eq!(read("pull_request", &payload).unwrap().event.transition(), "opened_draft");
}

#[test]
fn an_edit_counts_only_where_the_title_changed() {
    let mut payload = pull_request("edited");
    payload["changes"] = json!({"title": {"from": "Before"}, "body": {"from": ""}});
    let parsed = read("pull_request", &payload).unwrap();
    assert_eq!(word_and_time(&parsed), ("retitled", "2026-03-03T10:00:00Z".to_owned()));
}

#[test]
fn a_merged_change_carries_its_merge_commit() {
    let mut payload = pull_request("closed");
    payload["pull_request"]["merged"] = json!(true);
    assert_eq!(read("pull_request", &payload).err(), Some(Refusal::Malformed), "merged, but never");
    payload["pull_request"]["merged_at"] = json!("2026-03-04T10:59:59Z");
    let parsed = read("pull_request", &payload).unwrap();
    assert_eq!(word_and_time(&parsed), ("merged", "2026-03-04T10:59:59Z".to_owned()));
    let Event::Change(change) = parsed.event else { panic!("a change") };
    assert_eq!(change.sha.as_deref(), Some(MERGE_SHA));
}

#[test]
fn a_bot_is_no_person_and_an_unknown_kind_of_user_can_still_step_out() {
    for (login, kind, author, actor_kind) in [
        ("renovate[bot]", "Bot", None, ActorKind::Bot),
        ("renovate[bot]", "User", Some(account("4", "renovate[bot]")), ActorKind::Unknown),
        ("Copilot", "Bot", None, ActorKind::Bot),
        ("acme", "Organization", None, ActorKind::Unknown),
        ("imported", "Mannequin", Some(account("4", "imported")), ActorKind::Human),
        ("next", "NewKind", Some(account("4", "next")), ActorKind::Unknown),
    ] {
        let mut payload = pull_request("opened");
        payload["pull_request"]["user"] = user(4, login, kind);
        let parsed = read("pull_request", &payload).unwrap();
        assert_eq!((parsed.author, parsed.author_kind), (author, actor_kind), "{login} {kind}");
    }
    let mut payload = pull_request("opened");
    payload["pull_request"]["user"] = Value::Null;
    let parsed = read("pull_request", &payload).unwrap();
    assert_eq!((parsed.author, parsed.author_kind), (None, ActorKind::Unknown), "an account that was deleted");
}

#[test]
fn a_review_is_its_reviewers() {
    for (action, state, transition, at) in [
        ("submitted", "approved", ReviewTransition::Approved, "2026-03-02T15:00:00Z"),
        ("submitted", "changes_requested", ReviewTransition::ChangesRequested, "2026-03-02T15:00:00Z"),
        ("submitted", "commented", ReviewTransition::Commented, "2026-03-02T15:00:00Z"),
        ("dismissed", "dismissed", ReviewTransition::Dismissed, "2026-03-03T10:00:00Z"),
    ] {
        let parsed = read("pull_request_review", &review(action, state)).unwrap();
        assert_eq!(parsed.event, Event::Review(Review { transition, change: "12".to_owned() }));
        assert_eq!((parsed.occurred_at.to_string().as_str(), parsed.external_id.as_str()), (at, "800"));
        assert_eq!(parsed.author, Some(account("8", "jonas")));
        assert_eq!(parsed.url.as_deref(), Some("https://github.com/acme/web/pull/12#pullrequestreview-800"));
    }
    for (action, state) in [("edited", "approved"), ("submitted", "pending")] {
        assert_eq!(read("pull_request_review", &review(action, state)).err(), Some(Refusal::NothingToKeep));
    }
}

#[test]
fn a_run_names_the_change_of_its_own_repository() {
    let parsed = read("workflow_run", &run("completed")).unwrap();
    assert_eq!((parsed.external_id.as_str(), parsed.occurred_at.to_string().as_str()), ("700", "2026-03-02T09:30:00Z"));
    assert_eq!(parsed.author, Some(account("8", "jonas")), "who started this attempt");
    assert_eq!(parsed.url.as_deref(), Some("https://github.com/acme/web/actions/runs/700/attempts/2"));
    assert_eq!(
        parsed.event,
        Event::Run(Run {
            transition: RunTransition::Completed,
            workflow: "CI".to_owned(),
            branch: Some("retry-upload".to_owned()),
            sha: Some(SHA.to_owned()),
            conclusion: Some(Conclusion::Failure),
            attempt: 2,
            change: Some("12".to_owned()),
        })
    );
}

#[test]
fn both_words_for_a_beginning_are_one_signal() {
    let [requested, in_progress] = ["requested", "in_progress"].map(|action| read("workflow_run", &run(action)).unwrap());
    assert_eq!(word_and_time(&requested), ("started", "2026-03-02T09:20:00Z".to_owned()));
    assert_eq!(
        (requested.external_id, requested.occurred_at, requested.event),
        (in_progress.external_id, in_progress.occurred_at, in_progress.event)
    );
}

#[test]
fn a_run_without_a_name_is_called_by_its_workflows_number() {
    let mut payload = run("completed");
    payload["workflow"] = Value::Null;
    payload["workflow_run"]["name"] = json!(" ");
    payload["workflow_run"]["conclusion"] = json!("a_word_of_next_year");
    let Event::Run(run) = read("workflow_run", &payload).unwrap().event else { panic!("a run") };
    assert_eq!((run.workflow.as_str(), run.conclusion), ("workflow 600", None));
}

#[test]
fn a_deployment_is_its_creators_whoever_reports_on_it() {
    let created = read("deployment", &deployment()).unwrap();
    assert_eq!(created.occurred_at.to_string(), "2026-03-05T08:00:00Z");
    assert_eq!(created.url.as_deref(), Some("https://github.com/acme/web/deployments/activity_log?environments_filter=live%20eu"));
    let deploy = |transition| {
        Event::Deploy(Deploy {
            transition,
            environment: "live eu".to_owned(),
            production: Some(true),
            branch: Some("main".to_owned()),
            sha: Some(SHA.to_owned()),
        })
    };
    assert_eq!(created.event, deploy(DeployTransition::Created));
    for (state, transition) in [
        ("in_progress", DeployTransition::Started),
        ("success", DeployTransition::Succeeded),
        ("failure", DeployTransition::Failed),
        ("error", DeployTransition::Failed),
        ("inactive", DeployTransition::Retired),
    ] {
        let parsed = read("deployment_status", &deployment_status(state)).unwrap();
        assert_eq!((parsed.event, parsed.author), (deploy(transition), Some(account("7", "mira"))));
        assert_eq!((parsed.external_id.as_str(), parsed.occurred_at.to_string().as_str()), ("500", "2026-03-05T08:09:00Z"));
    }
    for state in ["queued", "pending", "waiting"] {
        assert_eq!(read("deployment_status", &deployment_status(state)).err(), Some(Refusal::NothingToKeep));
    }
}

#[test]
fn a_deployment_of_a_commit_names_no_branch() {
    let mut payload = deployment();
    payload["deployment"]["ref"] = json!(SHA);
    let Event::Deploy(deploy) = read("deployment", &payload).unwrap().event else { panic!("a deployment") };
    assert_eq!(deploy.branch, None);
}

#[test]
fn what_stands_in_the_place_of_a_commit_is_one() {
    for sha in ["", "main", "fn main() {}", &SHA[1..], &format!("{SHA}0"), &SHA.replace('0', "g")] {
        let mut payload = pull_request("opened");
        payload["pull_request"]["head"]["sha"] = json!(sha);
        assert_eq!(read("pull_request", &payload).err(), Some(Refusal::Malformed), "{sha}");
    }
}

#[test]
fn an_absurd_time_is_refused() {
    for (at, expected) in [
        ("2026-06-01T12:10:00Z", None),
        ("2026-06-01T12:10:01Z", Some(Refusal::AbsurdTime)),
        ("2006-12-31T23:59:59Z", Some(Refusal::AbsurdTime)),
        ("9999-12-31T23:59:59Z", Some(Refusal::Malformed)),
        ("yesterday", Some(Refusal::Malformed)),
        ("1772442000", Some(Refusal::Malformed)),
    ] {
        let mut payload = pull_request("opened");
        payload["pull_request"]["created_at"] = json!(at);
        assert_eq!(read("pull_request", &payload).err(), expected, "{at}");
    }
}

#[test]
fn the_kind_decides_before_the_body_is_read() {
    for (kind, expected) in [
        ("push", Refusal::CarriesCode),
        ("pull_request_review_comment", Refusal::CarriesCode),
        ("ping", Refusal::NotAnEvent),
        ("issues", Refusal::KindNotRead),
        ("pull_request", Refusal::Malformed),
    ] {
        assert_eq!(GitHub.peek(&delivery(&GitHub, Some(kind), b"{ not JSON")).err(), Some(expected), "{kind}");
    }
    assert_eq!(GitHub.peek(&delivery(&GitHub, None, b"{}")).err(), Some(Refusal::Malformed), "no kind at all");
}

#[test]
fn a_place_is_one_well_formed_repository() {
    for name in ["", "acme", "acme/web/x", "../web", "acme/w b", "D0123"] {
        let mut payload = pull_request("opened");
        payload["repository"]["full_name"] = json!(name);
        assert_eq!(read("pull_request", &payload).err(), Some(Refusal::Malformed), "{name}");
    }
    let payload = pull_request("opened").to_string();
    let doubled = payload.replacen('{', r#"{"repository":{"full_name":"acme/other"},"#, 1);
    assert_eq!(GitHub.peek(&delivery(&GitHub, Some("pull_request"), doubled.as_bytes())).err(), Some(Refusal::Malformed));
}

#[test]
fn a_repository_is_the_same_however_its_name_is_written() {
    let mut payload = pull_request("opened");
    payload["repository"]["full_name"] = json!("Acme/Web");
    let delivery = delivery(&GitHub, Some("pull_request"), payload.to_string().as_bytes());
    let peek = GitHub.peek(&delivery).unwrap();
    assert_eq!(peek.place_id, "acme/web");
    assert_eq!(GitHub.place("ACME/web"), Place::from_external_id("acme/web"));
    assert!(Place::from_external_id("acme/shop/web").is_some() && GitHub.place("acme/shop/web").is_none(), "owners are not nested here");
}

#[test]
fn a_text_is_not_decoded_before_somebody_reads_the_delivery() {
    // Half of a pair of surrogates: valid to skip, and no text.
    let mut payload = pull_request("opened");
    payload["pull_request"]["title"] = json!("half");
    let payload = payload.to_string().replace(r#""half""#, r#""\ud800""#);
    let delivery = delivery(&GitHub, Some("pull_request"), payload.as_bytes());
    let peek = GitHub.peek(&delivery).unwrap();
    assert_eq!(peek.read(Place::from_external_id("acme/web").unwrap(), &Site::default(), arrival()).err(), Some(Refusal::Malformed));
}

#[test]
fn where_a_delivery_belongs_is_told_before_what_it_lacks() {
    let mut payload = pull_request("opened");
    payload["pull_request"] = json!([]);
    let delivery = delivery(&GitHub, Some("pull_request"), payload.to_string().as_bytes());
    let peek = GitHub.peek(&delivery).unwrap();
    assert_eq!(peek.place_id, "acme/web");
    assert_eq!(peek.read(Place::from_external_id("acme/web").unwrap(), &Site::default(), arrival()).err(), Some(Refusal::Malformed));
}

#[test]
fn links_lead_to_the_installation_that_sent() {
    let delivery = delivery(&GitHub, Some("pull_request"), pull_request("opened").to_string().as_bytes());
    let peek = GitHub.peek(&delivery).unwrap();
    let site = Site { base_url: Some("https://git.acme.example".to_owned()) };
    let parsed = peek.read(Place::from_external_id("acme/web").unwrap(), &site, arrival()).unwrap();
    assert_eq!(parsed.url.as_deref(), Some("https://git.acme.example/acme/web/pull/12"));
}
