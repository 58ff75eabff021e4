//! What each of GitLab's actions means, from fixtures of our own.

use super::GitLab;
use super::fixtures::{MERGE_SHA, SHA, deployment, merge_request, note, pipeline, push, user};
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
    take(&GitLab, &delivery(&GitLab, Some(kind), payload.to_string().as_bytes()), &mut Places::default())
}

fn change(payload: &Value) -> Result<Parsed, Refusal> {
    read("Merge Request Hook", payload)
}

fn word_and_time(parsed: &Parsed) -> (&'static str, String) {
    (parsed.event.transition(), parsed.occurred_at.to_string())
}

fn account(id: &str, handle: Option<&str>) -> Account {
    Account { external_id: id.to_owned(), handle: handle.map(str::to_owned) }
}

#[test]
fn an_opened_change_is_its_authors() {
    let parsed = change(&merge_request("open")).unwrap();
    assert_eq!(parsed.place.external_id(), "acme/shop/web");
    assert_eq!((parsed.author, parsed.author_kind), (Some(account("7", Some("mira"))), ActorKind::Human));
    assert_eq!(parsed.url.as_deref(), Some("https://gitlab.com/acme/shop/web/-/merge_requests/12"));
    assert_eq!((parsed.external_id.as_str(), parsed.occurred_at.to_string().as_str()), ("12", "2026-03-02T09:00:00Z"));
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
        ("open", "opened", "2026-03-02T09:00:00Z"),
        ("reopen", "reopened", "2026-03-03T10:00:00Z"),
        ("merge", "merged", "2026-03-03T10:00:00Z"),
        ("close", "closed", "2026-03-03T10:00:00Z"),
    ] {
        let parsed = change(&merge_request(action)).unwrap();
        assert_eq!(word_and_time(&parsed), (transition, at.to_owned()), "{action}");
    }
    for action in ["update", "Open", "mark_as_spam", ""] {
        assert_eq!(change(&merge_request(action)).err(), Some(Refusal::NothingToKeep), "{action}");
    }
}

#[test]
fn a_draft_is_opened_as_one_under_either_name() {
    for field in ["draft", "work_in_progress"] {
        let mut payload = merge_request("open");
        payload["object_attributes"].as_object_mut().unwrap().remove("draft");
        payload["object_attributes"][field] = json!(true);
        assert_eq!(change(&payload).unwrap().event.transition(), "opened_draft", "{field}");
    }
}

#[test]
fn an_update_is_what_was_changed() {
    let draft = |current: bool| json!({"draft": {"previous": !current, "current": current}, "title": {"previous": "a", "current": "b"}});
    let title = json!({"title": {"previous": "Before", "current": "After"}});
    for (changes, oldrev, transition) in [
        (draft(false), Value::Null, "ready_for_review"),
        (draft(true), Value::Null, "converted_to_draft"),
        (json!({}), json!(MERGE_SHA), "updated"),
        (title.clone(), json!(MERGE_SHA), "updated"),
        (title, Value::Null, "retitled"),
    ] {
        let mut payload = merge_request("update");
        payload["changes"] = changes;
        payload["object_attributes"]["oldrev"] = oldrev;
        assert_eq!(word_and_time(&change(&payload).unwrap()), (transition, "2026-03-03T10:00:00Z".to_owned()));
    }
    let mut payload = merge_request("update");
    payload["changes"] = json!({"draft": {"previous": "x", "current": "x"}});
    assert_eq!(change(&payload).err(), Some(Refusal::Malformed));
}

#[test]
fn a_merged_change_carries_its_merge_commit_or_its_head() {
    let sha = |payload: &Value| match change(payload).unwrap().event {
        Event::Change(change) => change.sha.unwrap(),
        _ => panic!("a change"),
    };
    let mut payload = merge_request("merge");
    assert_eq!(sha(&payload), MERGE_SHA);
    payload["object_attributes"]["merge_commit_sha"] = Value::Null;
    assert_eq!(sha(&payload), SHA, "its branch was moved forward");
}

/// The author of a change that another acts on is told by number alone: somebody who stepped out by name could not be recognised.
#[test]
fn what_another_did_to_a_change_says_nothing_of_its_author() {
    let by_nobody = |payload: &Value| {
        let parsed = change(payload).unwrap();
        assert_eq!((parsed.author, parsed.author_kind), (None, ActorKind::Unknown));
        let Event::Change(change) = parsed.event else { panic!("a change") };
        assert_eq!((change.transition, change.title, change.branch), (ChangeTransition::Merged, None, None));
        assert!(change.sha.is_some());
    };
    let mut payload = merge_request("merge");
    by_nobody(&payload);
    payload["user"].as_object_mut().unwrap().remove("id");
    by_nobody(&payload);
    payload["user"] = Value::Null;
    by_nobody(&payload);
    let mut payload = merge_request("merge");
    payload["user"] = user(7, "mira");
    let parsed = change(&payload).unwrap();
    assert_eq!((parsed.author, parsed.author_kind), (Some(account("7", Some("mira"))), ActorKind::Human));
    let Event::Change(told) = parsed.event else { panic!("a change") };
    assert!(told.title.is_some() && told.branch.is_some());
    let mut payload = merge_request("update");
    payload["changes"] = json!({"title": {"previous": "x", "current": "y"}});
    payload["user"] = user(8, "jonas");
    assert_eq!(change(&payload).err(), Some(Refusal::NothingToKeep), "a title by another");
}

#[test]
fn an_approval_is_its_reviewers() {
    for (action, transition) in [
        ("approved", ReviewTransition::Approved),
        ("approval", ReviewTransition::Approved),
        ("unapproved", ReviewTransition::Dismissed),
        ("unapproval", ReviewTransition::Dismissed),
    ] {
        let parsed = change(&merge_request(action)).unwrap();
        assert_eq!(parsed.event, Event::Review(Review { transition, change: "12".to_owned() }), "{action}");
        assert_eq!((parsed.author, parsed.author_kind), (Some(account("8", Some("jonas"))), ActorKind::Human));
        assert_eq!((parsed.external_id.as_str(), parsed.occurred_at.to_string().as_str()), ("12.1772532000", "2026-03-03T10:00:00Z"));
        assert_eq!(parsed.url.as_deref(), Some("https://gitlab.com/acme/shop/web/-/merge_requests/12"));
    }
}

#[test]
fn what_gitlab_took_back_itself_nobody_did() {
    let mut payload = merge_request("unapproved");
    payload["object_attributes"]["system"] = json!(true);
    let parsed = change(&payload).unwrap();
    assert_eq!((parsed.author, parsed.author_kind), (None, ActorKind::Unknown));
}

#[test]
fn a_token_is_no_person_and_who_is_called_like_one_can_still_step_out() {
    let token = "project_900_bot_4ffca233d8298ea194b44c0d8fbe4ca3";
    for (username, author, kind) in [
        (token, None, ActorKind::Bot),
        ("group_9_bot_4ffca233d8298ea194b44c0d8fbe4ca3", None, ActorKind::Bot),
        ("project_900_bot2", Some(account("4", Some("project_900_bot2"))), ActorKind::Unknown),
        ("ana_bot", Some(account("4", Some("ana_bot"))), ActorKind::Human),
    ] {
        let mut payload = merge_request("approved");
        payload["user"] = user(4, username);
        let parsed = change(&payload).unwrap();
        assert_eq!((parsed.author, parsed.author_kind), (author, kind), "{username}");
        let mut opened = merge_request("open");
        opened["user"] = user(7, username);
        assert_eq!(change(&opened).unwrap().author_kind, kind, "{username}");
    }
}

#[test]
fn a_user_without_a_number_is_known_by_name() {
    let mut payload = pipeline("success");
    payload["user"] = json!({"name": "Jonas", "username": "Jonas"});
    assert_eq!(read("Pipeline Hook", &payload).unwrap().author, Some(account("@jonas", Some("Jonas"))));
    payload["user"] = Value::Null;
    let parsed = read("Pipeline Hook", &payload).unwrap();
    assert_eq!((parsed.author, parsed.author_kind), (None, ActorKind::Unknown));
}

#[test]
fn a_pipeline_is_a_run_of_what_started_it() {
    let parsed = read("Pipeline Hook", &pipeline("failed")).unwrap();
    assert_eq!((parsed.external_id.as_str(), parsed.occurred_at.to_string().as_str()), ("99", "2026-03-02T09:30:00Z"));
    assert_eq!(parsed.author, Some(account("8", Some("jonas"))));
    assert_eq!(parsed.url.as_deref(), Some("https://gitlab.com/acme/shop/web/-/pipelines/99"));
    assert_eq!(
        parsed.event,
        Event::Run(Run {
            transition: RunTransition::Completed,
            workflow: "pipeline (merge_request_event)".to_owned(),
            branch: Some("retry-upload".to_owned()),
            sha: Some(SHA.to_owned()),
            conclusion: Some(Conclusion::Failure),
            attempt: 1,
            change: Some("12".to_owned()),
        })
    );
}

#[test]
fn each_state_of_a_pipeline_has_its_meaning() {
    let run = |status: &str| match read("Pipeline Hook", &pipeline(status)).map(|parsed| (parsed.occurred_at, parsed.event)) {
        Ok((at, Event::Run(run))) => Ok((run.transition, run.conclusion, at.to_string())),
        Ok(_) => panic!("a run"),
        Err(refusal) => Err(refusal),
    };
    let ended = |conclusion| Ok((RunTransition::Completed, Some(conclusion), "2026-03-02T09:30:00Z".to_owned()));
    assert_eq!(run("success"), ended(Conclusion::Success));
    assert_eq!(run("failed"), ended(Conclusion::Failure));
    assert_eq!(run("canceled"), ended(Conclusion::Cancelled));
    assert_eq!(run("skipped"), ended(Conclusion::Skipped));
    assert_eq!(run("running"), Ok((RunTransition::Started, None, "2026-03-02T09:01:00Z".to_owned())));
    for status in ["created", "waiting_for_resource", "preparing", "pending", "canceling", "manual", "scheduled", "next"] {
        assert_eq!(run(status), Err(Refusal::NothingToKeep), "{status}");
    }
    let mut payload = pipeline("success");
    payload["object_attributes"]["finished_at"] = Value::Null;
    assert_eq!(read("Pipeline Hook", &payload).err(), Some(Refusal::Malformed), "ended, but never");
}

#[test]
fn what_a_run_is_of_is_told_only_where_it_is_known() {
    let run = |payload: &Value| match read("Pipeline Hook", payload).unwrap().event {
        Event::Run(run) => run,
        _ => panic!("a run"),
    };
    let mut payload = pipeline("success");
    payload["object_attributes"]["source"] = json!("Deploy the secret thing");
    payload["object_attributes"]["tag"] = json!(true);
    payload["merge_request"]["target_project_id"] = json!(901);
    let of_elsewhere = run(&payload);
    assert_eq!((of_elsewhere.workflow.as_str(), of_elsewhere.branch, of_elsewhere.change), ("pipeline", None, None));
    payload["merge_request"] = Value::Null;
    payload["project"].as_object_mut().unwrap().remove("id");
    assert_eq!(run(&payload).change, None);
}

#[test]
fn a_deployment_is_its_deployers() {
    let parsed = read("Deployment Hook", &deployment("success")).unwrap();
    assert_eq!((parsed.external_id.as_str(), parsed.occurred_at.to_string().as_str()), ("500", "2026-03-05T08:09:00Z"));
    assert_eq!(parsed.author, Some(account("7", Some("mira"))));
    assert_eq!(parsed.url.as_deref(), Some("https://gitlab.com/acme/shop/web/-/jobs/796"));
    assert_eq!(
        parsed.event,
        Event::Deploy(Deploy {
            transition: DeployTransition::Succeeded,
            environment: "live eu".to_owned(),
            production: Some(true),
            branch: None,
            sha: Some(SHA.to_owned()),
        })
    );
}

#[test]
fn each_state_of_a_deployment_has_its_meaning() {
    for (status, transition) in [("created", "created"), ("running", "started"), ("success", "succeeded"), ("failed", "failed")] {
        assert_eq!(read("Deployment Hook", &deployment(status)).unwrap().event.transition(), transition);
    }
    for status in ["canceled", "blocked", "skipped", "approved", ""] {
        assert_eq!(read("Deployment Hook", &deployment(status)).err(), Some(Refusal::NothingToKeep), "{status}");
    }
}

#[test]
fn a_deployment_without_its_tier_or_commit_says_so() {
    let deploy = |payload: &Value| {
        let parsed = read("Deployment Hook", payload).unwrap();
        let Event::Deploy(deploy) = parsed.event else { panic!("a deploy") };
        (deploy.production, deploy.sha, parsed.url.unwrap())
    };
    let mut payload = deployment("success");
    for field in ["environment_tier", "short_sha", "deployable_id"] {
        payload.as_object_mut().unwrap().remove(field);
    }
    assert_eq!(deploy(&payload), (None, None, "https://gitlab.com/acme/shop/web/-/environments".to_owned()));
    payload["environment_tier"] = json!("staging");
    payload["short_sha"] = json!(&MERGE_SHA[..8]);
    assert_eq!(
        deploy(&payload),
        (Some(false), None, "https://gitlab.com/acme/shop/web/-/environments".to_owned()),
        "another commit's link"
    );
    payload["environment"] = json!(" ");
    assert_eq!(read("Deployment Hook", &payload).err(), Some(Refusal::Malformed));
}

#[test]
fn a_system_hook_tells_of_merge_requests_alone() {
    let project = change(&merge_request("open")).unwrap();
    assert_eq!(read("System Hook", &merge_request("open")), Ok(project), "the same");
    assert_eq!(read("System Hook", &push()).err(), Some(Refusal::CarriesCode));
    assert_eq!(read("System Hook", &pipeline("success")).err(), Some(Refusal::KindNotRead));
    assert_eq!(read("System Hook", &json!({"event_name": "user_create", "email": "a@b.example"})).err(), Some(Refusal::KindNotRead));
    let mut payload = merge_request("open");
    payload["object_attributes"].as_object_mut().unwrap().remove("action");
    assert_eq!(read("System Hook", &payload).err(), Some(Refusal::NothingToKeep));
}

#[test]
fn a_body_must_call_itself_as_its_header_does() {
    assert_eq!(read("Merge Request Hook", &note()).err(), Some(Refusal::Malformed));
    assert_eq!(read("Pipeline Hook", &merge_request("open")).err(), Some(Refusal::Malformed));
    let mut payload = merge_request("open");
    payload["object_kind"] = json!("confidential_merge_request");
    assert_eq!(change(&payload).err(), Some(Refusal::Malformed));
    let naked = crate::connectors::delivery::Delivery::new(Vec::new(), merge_request("open").to_string().into_bytes());
    assert_eq!(GitLab.peek(&naked).err(), Some(Refusal::Malformed), "no header names a kind");
}

#[test]
fn nothing_of_a_confidential_issue_or_a_comment_is_parsed() {
    for (kind, refusal) in [
        ("Issue Hook", Refusal::KindNotRead),
        ("Confidential Issue Hook", Refusal::KindNotRead),
        ("Note Hook", Refusal::CarriesCode),
        ("Confidential Note Hook", Refusal::CarriesCode),
        ("Job Hook", Refusal::CarriesCode),
    ] {
        let delivery = delivery(&GitLab, Some(kind), b"\xff not even JSON");
        assert_eq!(GitLab.peek(&delivery).err(), Some(refusal), "{kind}");
    }
}

#[test]
fn a_project_is_one_place_in_any_case_and_at_any_depth() {
    assert_eq!(GitLab.place("Acme/Shop/Web"), Place::from_external_id("acme/shop/web"));
    assert!(GitLab.place("acme/web").is_some() && GitLab.place("a/b/c/d/e").is_some());
    for bad in
        ["acme", "acme/", "/acme/web", "acme//web", "acme/web/-/issues", "acme/-web", "~acme/web", "acme/web/..", "acme/web?x", "C0123"]
    {
        assert!(GitLab.choose(bad).is_err(), "{bad}");
    }
}

#[test]
fn where_a_delivery_belongs_is_told_though_the_rest_is_missing() {
    let mut payload = merge_request("open");
    payload["object_attributes"] = Value::Null;
    let delivery = delivery(&GitLab, Some("Merge Request Hook"), payload.to_string().as_bytes());
    let peek = GitLab.peek(&delivery).unwrap();
    assert_eq!(peek.place_id, "acme/shop/web");
    assert_eq!(peek.read(GitLab.place("acme/shop/web").unwrap(), &Site::default(), arrival()).err(), Some(Refusal::Malformed));
}

#[test]
fn links_lead_to_the_customers_own_gitlab() {
    let delivery = delivery(&GitLab, Some("Merge Request Hook"), merge_request("open").to_string().as_bytes());
    let site = Site { base_url: Some("https://gitlab.acme.example/forge".to_owned()) };
    let parsed = GitLab.peek(&delivery).unwrap().read(GitLab.place("acme/shop/web").unwrap(), &site, arrival()).unwrap();
    assert_eq!(parsed.url.as_deref(), Some("https://gitlab.acme.example/forge/acme/shop/web/-/merge_requests/12"));
}
