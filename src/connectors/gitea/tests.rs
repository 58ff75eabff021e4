//! What each action of Gitea and Forgejo means, from fixtures of our own.

use super::Gitea;
use super::fixtures::{MERGE_SHA, SHA, action_run, pull_request, retitled, review, run, user};
use crate::connectors::conformance::{arrival, delivery, take};
use crate::connectors::places::Places;
use crate::connectors::{Account, Connector, Parsed, Site};
use crate::signals::place::Place;
use crate::signals::refusal::Refusal;
use crate::signals::{ActorKind, Change, ChangeTransition, Conclusion, Event, Review, ReviewTransition, Run, RunTransition};
use serde_json::{Value, json};

fn read(kind: &str, payload: &Value) -> Result<Parsed, Refusal> {
    take(&Gitea, &delivery(&Gitea, Some(kind), payload.to_string().as_bytes()), &mut Places::default())
}

fn word_and_time(parsed: &Parsed) -> (&'static str, String) {
    (parsed.event.transition(), parsed.occurred_at.to_string())
}

fn account(id: &str, handle: &str) -> Account {
    Account { external_id: id.to_owned(), handle: Some(handle.to_owned()) }
}

/// Where its page is, in an installation below a path.
fn page(kind: &str, payload: &Value) -> Option<String> {
    let delivery = delivery(&Gitea, Some(kind), payload.to_string().as_bytes());
    let site = Site { base_url: Some("https://acme.example/forge".to_owned()) };
    Gitea.peek(&delivery).unwrap().read(Place::from_external_id("acme/web").unwrap(), &site, arrival()).unwrap().url
}

#[test]
fn an_opened_change_is_its_authors() {
    let parsed = read("pull_request", &pull_request("opened")).unwrap();
    assert_eq!((parsed.place.external_id(), parsed.external_id.as_str()), ("acme/web", "12"));
    assert_eq!((parsed.author, parsed.author_kind), (Some(account("7", "mira")), ActorKind::Human), "never the sender");
    assert_eq!(
        parsed.event,
        Event::Change(Change {
            transition: ChangeTransition::Opened,
            title: Some("Retry the upload once".to_owned()),
            branch: Some("retry-upload".to_owned()),
            sha: Some(SHA.to_owned()),
        })
    );
    assert_eq!(parsed.url, None, "where the installation is was not said");
    assert_eq!(page("pull_request", &pull_request("opened")).as_deref(), Some("https://acme.example/forge/acme/web/pulls/12"));
}

#[test]
fn each_action_of_a_change_has_its_transition_and_its_own_time() {
    for (action, transition, at) in [
        ("opened", "opened", "2026-03-02T09:00:00Z"),
        ("reopened", "reopened", "2026-03-03T10:00:00Z"),
        ("synchronized", "updated", "2026-03-03T10:00:00Z"),
        ("closed", "closed", "2026-03-04T11:00:00Z"),
    ] {
        let parsed = read("pull_request", &pull_request(action)).unwrap();
        assert_eq!(word_and_time(&parsed), (transition, at.to_owned()), "{action}");
    }
    for action in ["edited", "assigned", "label_updated", "milestoned", "review_requested", "reviewed", "synchronize", "Opened", ""] {
        assert_eq!(read("pull_request", &pull_request(action)).err(), Some(Refusal::NothingToKeep), "{action}");
    }
}

#[test]
fn a_draft_is_one_by_its_field_else_by_its_title() {
    for (draft, title, expected) in [
        (json!(true), "Retry", "opened_draft"),
        (json!(false), "WIP: Retry", "opened"),
        (Value::Null, "Retry", "opened"),
        (Value::Null, "wip: Retry", "opened_draft"),
        (Value::Null, "[WIP] Retry", "opened_draft"),
        (Value::Null, "Wipe the cache", "opened"),
        (Value::Null, "Ää", "opened"),
    ] {
        let mut payload = pull_request("opened");
        payload["pull_request"]["draft"] = draft;
        payload["pull_request"]["title"] = json!(title);
        assert_eq!(read("pull_request", &payload).unwrap().event.transition(), expected, "{title}");
    }
}

#[test]
fn a_new_title_says_whether_a_draft_became_ready() {
    for (before, after, expected) in [
        ("Before", "After", "retitled"),
        ("WIP: before", "After", "ready_for_review"),
        ("Before", "[WIP] after", "converted_to_draft"),
        ("WIP: before", "WIP: after", "retitled"),
    ] {
        let mut payload = retitled(before, after);
        payload["pull_request"].as_object_mut().unwrap().remove("draft");
        let parsed = read("pull_request", &payload).unwrap();
        assert_eq!(word_and_time(&parsed), (expected, "2026-03-03T10:00:00Z".to_owned()), "{before} > {after}");
    }
}

#[test]
fn a_merged_change_carries_its_merge_commit() {
    let mut payload = pull_request("closed");
    payload["pull_request"]["merged"] = json!(true);
    assert_eq!(read("pull_request", &payload).err(), Some(Refusal::Malformed), "merged, but never");
    payload["pull_request"]["merged_at"] = json!("2026-03-04T11:59:59+01:00");
    payload["pull_request"]["merge_commit_sha"] = json!(MERGE_SHA);
    let parsed = read("pull_request", &payload).unwrap();
    assert_eq!(word_and_time(&parsed), ("merged", "2026-03-04T10:59:59Z".to_owned()));
    let Event::Change(change) = parsed.event else { panic!("a change") };
    assert_eq!(change.sha.as_deref(), Some(MERGE_SHA));
}

#[test]
fn an_account_of_the_tools_own_is_no_person() {
    for (id, author, kind) in [
        (7, Some(account("7", "mira")), ActorKind::Human),
        (0, None, ActorKind::Unknown),
        (-1, None, ActorKind::Unknown),
        (-2, None, ActorKind::Bot),
        (-3, None, ActorKind::Unknown),
    ] {
        let mut payload = pull_request("opened");
        payload["pull_request"]["user"] = user(id, "mira");
        let parsed = read("pull_request", &payload).unwrap();
        assert_eq!((parsed.author, parsed.author_kind), (author, kind), "{id}");
    }
}

#[test]
fn a_review_is_its_senders_and_its_verdict_is_in_the_body() {
    for (verdict, transition) in [
        ("pull_request_review_approved", ReviewTransition::Approved),
        ("pull_request_approved", ReviewTransition::Approved),
        ("pull_request_review_rejected", ReviewTransition::ChangesRequested),
        ("pull_request_rejected", ReviewTransition::ChangesRequested),
        ("pull_request_review_comment", ReviewTransition::Commented),
        ("pull_request_comment", ReviewTransition::Commented),
    ] {
        for kind in ["pull_request_approved", "pull_request_rejected", "pull_request_comment"] {
            let parsed = read(kind, &review(verdict)).unwrap();
            assert_eq!(parsed.event, Event::Review(Review { transition, change: "12".to_owned() }), "the header is not signed");
            assert_eq!((parsed.occurred_at.to_string().as_str(), parsed.external_id.as_str()), ("2026-03-03T10:00:00Z", "12.1772532000"));
            assert_eq!((parsed.author, parsed.author_kind), (Some(account("8", "jonas")), ActorKind::Human));
        }
    }
    assert_eq!(read("pull_request_comment", &review("pull_request_review_dismissed")).err(), Some(Refusal::NothingToKeep));
    assert_eq!(
        page("pull_request_approved", &review("pull_request_approved")).as_deref(),
        Some("https://acme.example/forge/acme/web/pulls/12")
    );
}

#[test]
fn a_body_means_nothing_else_under_another_header() {
    assert_eq!(read("pull_request", &review("pull_request_approved")).err(), Some(Refusal::NothingToKeep));
    assert_eq!(read("pull_request_approved", &pull_request("opened")).err(), Some(Refusal::Malformed), "no review");
    assert_eq!(read("pull_request", &run("completed")).err(), Some(Refusal::NothingToKeep), "it holds a change too");
    assert_eq!(read("workflow_run", &action_run("success", "success")).err(), Some(Refusal::Malformed));
    assert_eq!(read("action_run_success", &run("completed")).err(), Some(Refusal::Malformed));
}

#[test]
fn a_run_of_gitea_is_told_as_it_begins_and_as_it_ends() {
    let parsed = read("workflow_run", &run("completed")).unwrap();
    assert_eq!(parsed.author, Some(account("8", "jonas")), "who started this attempt");
    assert_eq!((parsed.external_id.as_str(), word_and_time(&parsed)), ("700", ("completed", "2026-03-02T09:30:00Z".to_owned())));
    let expected = Run {
        transition: RunTransition::Completed,
        workflow: "CI".to_owned(),
        branch: Some("retry-upload".to_owned()),
        sha: Some(SHA.to_owned()),
        conclusion: Some(Conclusion::Failure),
        attempt: 2,
        change: Some("12".to_owned()),
    };
    assert_eq!(parsed.event, Event::Run(expected.clone()));
    let parsed = read("workflow_run", &run("in_progress")).unwrap();
    assert_eq!(word_and_time(&parsed), ("started", "2026-03-02T09:20:00Z".to_owned()));
    assert_eq!(parsed.event, Event::Run(Run { transition: RunTransition::Started, conclusion: None, ..expected }));
    assert_eq!(read("workflow_run", &run("requested")).err(), Some(Refusal::NothingToKeep));
}

#[test]
fn a_time_that_has_not_come_is_none() {
    for zero in ["1970-01-01T00:00:00Z", "1970-01-01T01:00:00+01:00", "0001-01-01T00:00:00Z"] {
        let mut payload = run("completed");
        payload["workflow_run"]["completed_at"] = json!(zero);
        assert_eq!(read("workflow_run", &payload).err(), Some(Refusal::Malformed), "{zero}");
    }
}

#[test]
fn what_an_older_gitea_leaves_out_of_a_run_is_not_made_up() {
    let mut payload = run("completed");
    let run = payload["workflow_run"].as_object_mut().unwrap();
    for name in ["pull_requests", "trigger_actor", "head_branch"] {
        run.remove(name);
    }
    run.insert("run_attempt".to_owned(), json!(0));
    payload["workflow"] = Value::Null;
    let parsed = read("workflow_run", &payload).unwrap();
    assert_eq!(parsed.author, Some(account("7", "mira")));
    let Event::Run(run) = parsed.event else { panic!("a run") };
    assert_eq!((run.workflow.as_str(), run.branch, run.attempt, run.change), ("workflow", None, 1, None));
}

#[test]
fn a_run_of_forgejo_is_told_as_it_ends() {
    for (kind, action, status, conclusion) in [
        ("action_run_success", "success", "success", Conclusion::Success),
        ("action_run_recover", "recover", "success", Conclusion::Success),
        ("action_run_failure", "failure", "failure", Conclusion::Failure),
        ("action_run_failure", "failure", "cancelled", Conclusion::Cancelled),
        ("action_run_failure", "failure", "skipped", Conclusion::Skipped),
    ] {
        let parsed = read(kind, &action_run(action, status)).unwrap();
        assert_eq!(parsed.author, Some(account("8", "jonas")));
        assert_eq!((parsed.external_id.as_str(), word_and_time(&parsed)), ("700", ("completed", "2026-03-02T09:30:00Z".to_owned())));
        let expected = Run {
            transition: RunTransition::Completed,
            workflow: "ci.yml".to_owned(),
            branch: Some("retry-upload".to_owned()),
            sha: Some(SHA.to_owned()),
            conclusion: Some(conclusion),
            attempt: 1,
            change: None,
        };
        assert_eq!(parsed.event, Event::Run(expected));
    }
    for (action, status) in [("success", "failure"), ("failure", "success"), ("failure", "running"), ("failure", "")] {
        assert_eq!(read("action_run_failure", &action_run(action, status)).err(), Some(Refusal::Malformed), "{action} {status}");
    }
}

#[test]
fn a_run_of_a_change_names_no_branch() {
    let mut payload = action_run("success", "success");
    payload["run"]["prettyref"] = json!("#12");
    let Event::Run(run) = read("action_run_success", &payload).unwrap().event else { panic!("a run") };
    assert_eq!((run.branch, run.change.as_deref()), (None, Some("12")));
}

#[test]
fn a_run_is_linked_by_the_one_of_its_numbers_that_the_tool_uses() {
    let runs = "https://acme.example/forge/acme/web/actions/runs/";
    for (link, expected) in [("https://x/a/b/actions/runs/40", 40), ("https://x/a/b/actions/runs/700", 700), ("https://x/9", 40), ("", 40)]
    {
        let mut payload = run("completed");
        payload["workflow_run"]["html_url"] = json!(link);
        assert_eq!(page("workflow_run", &payload), Some(format!("{runs}{expected}")), "{link}");
        let mut payload = action_run("success", "success");
        payload["run"]["run_html_url"] = json!(link);
        assert_eq!(page("action_run_success", &payload), Some(format!("{runs}{expected}")), "{link}");
    }
}

#[test]
fn the_kind_decides_before_the_body_is_read() {
    for (kind, expected) in [
        ("push", Refusal::CarriesCode),
        ("status", Refusal::CarriesCode),
        ("issue_comment", Refusal::KindNotRead),
        ("workflow_job", Refusal::KindNotRead),
        ("pull_request", Refusal::Malformed),
    ] {
        assert_eq!(Gitea.peek(&delivery(&Gitea, Some(kind), b"{ not JSON")).err(), Some(expected), "{kind}");
    }
    assert_eq!(Gitea.peek(&delivery(&Gitea, None, b"{}")).err(), Some(Refusal::Malformed), "no kind at all");
}

#[test]
fn a_place_is_one_well_formed_repository_however_its_name_is_written() {
    for name in ["", "acme", "acme/web/x", "../web", "acme/w b", "D0123"] {
        let mut payload = pull_request("opened");
        payload["repository"]["full_name"] = json!(name);
        assert_eq!(read("pull_request", &payload).err(), Some(Refusal::Malformed), "{name}");
    }
    let mut payload = pull_request("opened");
    payload["repository"]["full_name"] = json!("Acme/Web");
    assert_eq!(read("pull_request", &payload).unwrap().place.external_id(), "acme/web");
    assert_eq!(Gitea.place("ACME/web"), Place::from_external_id("acme/web"));
    assert_eq!(Gitea.place("acme/tools/web"), None);
}

#[test]
fn where_a_delivery_belongs_is_told_before_what_it_lacks() {
    let mut change = pull_request("opened");
    change["pull_request"] = json!([]);
    let mut ended = action_run("success", "success");
    ended["run"]["id"] = json!([]);
    ended["run"].as_object_mut().unwrap().remove("status");
    for (kind, payload) in [("pull_request", change), ("action_run_success", ended)] {
        let delivery = delivery(&Gitea, Some(kind), payload.to_string().as_bytes());
        let peek = Gitea.peek(&delivery).unwrap();
        assert_eq!(peek.place_id, "acme/web");
        assert_eq!(peek.read(Place::from_external_id("acme/web").unwrap(), &Site::default(), arrival()).err(), Some(Refusal::Malformed));
    }
}
