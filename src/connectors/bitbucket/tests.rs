//! What each event of Bitbucket means, from fixtures of our own.

use super::Bitbucket;
use super::fixtures::{JONAS, MERGE_SHA, MIRA, SHA, modified, person, pr, pullrequest, reviewer, user, verdict};
use crate::connectors::conformance::{arrival, delivery, take};
use crate::connectors::places::Places;
use crate::connectors::{Account, Connector, Parsed, Site};
use crate::signals::place::Place;
use crate::signals::refusal::Refusal;
use crate::signals::{ActorKind, Change, ChangeTransition, Event, Review, ReviewTransition};
use serde_json::{Value, json};

fn read(kind: &str, payload: &Value) -> Result<Parsed, Refusal> {
    take(&Bitbucket, &delivery(&Bitbucket, Some(kind), payload.to_string().as_bytes()), &mut Places::default())
}

fn word_and_time(parsed: &Parsed) -> (&'static str, String) {
    (parsed.event.transition(), parsed.occurred_at.to_string())
}

fn account(id: &str, handle: &str) -> Account {
    Account { external_id: id.to_owned(), handle: Some(handle.to_owned()) }
}

fn page(kind: &str, payload: &Value, base_url: Option<&str>) -> Option<String> {
    let delivery = delivery(&Bitbucket, Some(kind), payload.to_string().as_bytes());
    let peek = Bitbucket.peek(&delivery).unwrap();
    let place = Place::from_external_id(&peek.place_id).unwrap();
    peek.read(place, &Site { base_url: base_url.map(str::to_owned) }, arrival()).unwrap().url
}

fn opened() -> Event {
    Event::Change(Change {
        transition: ChangeTransition::Opened,
        title: Some("Retry the upload once".to_owned()),
        branch: Some("retry-upload".to_owned()),
        sha: Some(SHA.to_owned()),
    })
}

#[test]
fn a_change_of_cloud_is_its_authors() {
    let parsed = read("pullrequest:created", &pullrequest("OPEN")).unwrap();
    assert_eq!((parsed.place.external_id(), parsed.external_id.as_str()), ("acme/web", "12"));
    assert_eq!((parsed.author, parsed.author_kind), (Some(account(MIRA, "mira")), ActorKind::Human), "never the actor");
    assert_eq!(parsed.event, opened());
    assert_eq!(parsed.url.as_deref(), Some("https://bitbucket.org/acme/web/pull-requests/12"));
}

#[test]
fn each_event_of_a_change_of_cloud_has_its_transition_and_its_own_time() {
    for (kind, state, transition, at) in [
        ("pullrequest:created", "OPEN", "opened", "2026-03-02T09:00:00.123456Z"),
        ("pullrequest:updated", "OPEN", "ready_for_review", "2026-03-03T10:00:00.654321Z"),
        ("pullrequest:fulfilled", "MERGED", "merged", "2026-03-03T10:00:00.654321Z"),
        ("pullrequest:rejected", "DECLINED", "closed", "2026-03-03T10:00:00.654321Z"),
        ("pullrequest:rejected", "SUPERSEDED", "closed", "2026-03-03T10:00:00.654321Z"),
    ] {
        let parsed = read(kind, &pullrequest(state)).unwrap();
        assert_eq!(word_and_time(&parsed), (transition, at.to_owned()), "{kind}");
    }
    let Event::Change(merged) = read("pullrequest:fulfilled", &pullrequest("MERGED")).unwrap().event else { panic!("a change") };
    assert_eq!(merged.sha.as_deref(), Some(MERGE_SHA));
}

#[test]
fn a_state_speaks_against_a_key_that_is_not_signed() {
    for (kind, state, expected) in [
        ("pullrequest:created", "MERGED", Refusal::Malformed),
        ("pullrequest:created", "DECLINED", Refusal::Malformed),
        ("pullrequest:updated", "MERGED", Refusal::NothingToKeep),
        ("pullrequest:updated", "SUPERSEDED", Refusal::NothingToKeep),
        ("pullrequest:fulfilled", "OPEN", Refusal::Malformed),
        ("pullrequest:fulfilled", "DECLINED", Refusal::Malformed),
        ("pullrequest:rejected", "OPEN", Refusal::Malformed),
        ("pullrequest:rejected", "MERGED", Refusal::Malformed),
    ] {
        assert_eq!(read(kind, &pullrequest(state)).err(), Some(expected), "{kind} {state}");
    }
    assert_eq!(read("pullrequest:approved", &pullrequest("OPEN")).err(), Some(Refusal::Malformed), "no approval");
    assert_eq!(read("pullrequest:changes_request_created", &verdict("approval")).err(), Some(Refusal::Malformed));
    assert_eq!(read("pr:opened", &pullrequest("OPEN")).err(), Some(Refusal::Malformed), "of the other product");
}

#[test]
fn an_update_is_told_as_what_holds_after_it() {
    for (draft, created, updated) in [
        (json!(true), "opened_draft", "converted_to_draft"),
        (json!(false), "opened", "ready_for_review"),
        (Value::Null, "opened", "updated"),
    ] {
        let mut payload = pullrequest("OPEN");
        payload["pullrequest"]["draft"] = draft;
        assert_eq!(read("pullrequest:created", &payload).unwrap().event.transition(), created);
        assert_eq!(read("pullrequest:updated", &payload).unwrap().event.transition(), updated);
    }
}

#[test]
fn an_abbreviated_commit_is_none_and_what_is_no_commit_is_malformed() {
    let read_with = |hash: &str| {
        let mut payload = pullrequest("OPEN");
        payload["pullrequest"]["source"]["commit"]["hash"] = json!(hash);
        read("pullrequest:created", &payload).map(|parsed| match parsed.event {
            Event::Change(change) => change.sha,
            _ => panic!("a change"),
        })
    };
    assert_eq!(read_with(SHA), Ok(Some(SHA.to_owned())));
    assert_eq!(read_with(&SHA[..12]), Ok(None));
    for bad in ["", "main", &SHA[..6], "fn main() {}", &format!("{SHA}0"), &SHA[..12].replace('0', "g")] {
        assert_eq!(read_with(bad), Err(Refusal::Malformed), "{bad}");
    }
    let mut payload = pullrequest("OPEN");
    payload["pullrequest"]["source"]["branch"] = Value::Null;
    payload["pullrequest"]["source"]["commit"] = Value::Null;
    let Event::Change(change) = read("pullrequest:created", &payload).unwrap().event else { panic!("a change") };
    assert_eq!((change.branch, change.sha), (None, None), "a branch that is gone");
}

#[test]
fn a_review_of_cloud_is_its_reviewers() {
    for (kind, name, transition) in [
        ("pullrequest:approved", "approval", ReviewTransition::Approved),
        ("pullrequest:unapproved", "approval", ReviewTransition::Dismissed),
        ("pullrequest:changes_request_created", "changes_request", ReviewTransition::ChangesRequested),
        ("pullrequest:changes_request_removed", "changes_request", ReviewTransition::Dismissed),
    ] {
        let parsed = read(kind, &verdict(name)).unwrap();
        assert_eq!(parsed.event, Event::Review(Review { transition, change: "12".to_owned() }));
        assert_eq!(
            (parsed.occurred_at.to_string().as_str(), parsed.external_id.as_str()),
            ("2026-03-02T15:00:00.5Z", "12.1772463600500000")
        );
        assert_eq!((parsed.author, parsed.author_kind), (Some(account(JONAS, "jonas")), ActorKind::Human));
        assert_eq!(parsed.url.as_deref(), Some("https://bitbucket.org/acme/web/pull-requests/12"));
    }
}

#[test]
fn an_app_is_no_person_and_an_unknown_kind_of_account_can_still_step_out() {
    let mira = || Some(account(MIRA, "mira"));
    for (kind, author, actor_kind) in [
        (json!("user"), mira(), ActorKind::Human),
        (Value::Null, mira(), ActorKind::Human),
        (json!("app_user"), None, ActorKind::Bot),
        (json!("team"), None, ActorKind::Unknown),
        (json!("of_next_year"), mira(), ActorKind::Unknown),
    ] {
        let mut payload = pullrequest("OPEN");
        payload["pullrequest"]["author"]["type"] = kind;
        let parsed = read("pullrequest:created", &payload).unwrap();
        assert_eq!((parsed.author, parsed.author_kind), (author, actor_kind));
    }
    let mut payload = pullrequest("OPEN");
    payload["pullrequest"]["author"] = user("fn main() {}", "mira", "user");
    assert_eq!(read("pullrequest:created", &payload).err(), Some(Refusal::Malformed), "no id of an account");
    for (kind, author, actor_kind) in [
        ("NORMAL", Some(account("7", "mira")), ActorKind::Human),
        ("SERVICE", None, ActorKind::Bot),
        ("NEXT", Some(account("7", "mira")), ActorKind::Unknown),
    ] {
        let mut payload = pr("pr:opened");
        payload["pullRequest"]["author"]["user"] = person(7, "mira", kind);
        let parsed = read("pr:opened", &payload).unwrap();
        assert_eq!((parsed.author, parsed.author_kind), (author, actor_kind), "{kind}");
    }
}

#[test]
fn a_change_of_data_center_is_its_authors() {
    let parsed = read("pr:opened", &pr("pr:opened")).unwrap();
    assert_eq!((parsed.place.external_id(), parsed.external_id.as_str()), ("shop/web", "12"));
    assert_eq!((parsed.author, parsed.author_kind), (Some(account("7", "mira")), ActorKind::Human));
    assert_eq!(parsed.event, opened());
    assert_eq!(parsed.url, None, "where the installation is was not said");
}

#[test]
fn each_event_of_a_change_of_data_center_has_its_transition_and_its_own_time() {
    for (kind, transition, at) in [
        ("pr:opened", "opened", "2026-03-02T09:00:00.123Z"),
        ("pr:from_ref_updated", "updated", "2026-03-03T10:00:00.456Z"),
        ("pr:merged", "merged", "2026-03-04T11:00:00.789Z"),
        ("pr:declined", "closed", "2026-03-04T11:00:00.789Z"),
        ("pr:deleted", "closed", "2026-03-04T11:00:01Z"),
    ] {
        let parsed = read(kind, &pr(kind)).unwrap();
        assert_eq!(word_and_time(&parsed), (transition, at.to_owned()), "{kind}");
    }
    let Event::Change(merged) = read("pr:merged", &pr("pr:merged")).unwrap().event else { panic!("a change") };
    assert_eq!(merged.sha.as_deref(), Some(MERGE_SHA));
    let mut closed_before = pr("pr:deleted");
    closed_before["pullRequest"]["state"] = json!("MERGED");
    assert_eq!(read("pr:deleted", &closed_before).err(), Some(Refusal::NothingToKeep));
}

#[test]
fn an_edit_counts_only_where_the_title_changed() {
    assert_eq!(word_and_time(&read("pr:modified", &modified("Before")).unwrap()), ("retitled", "2026-03-03T10:00:00.456Z".to_owned()));
    assert_eq!(read("pr:modified", &modified("Retry the upload once")).err(), Some(Refusal::NothingToKeep), "another target");
    assert_eq!(read("pr:modified", &pr("pr:modified")).err(), Some(Refusal::NothingToKeep));
}

#[test]
fn the_body_of_data_center_names_the_event_itself() {
    for kind in ["pr:opened", "pr:modified", "pr:from_ref_updated", "pr:merged", "pr:declined", "pr:deleted"] {
        for said in ["pr:opened", "pr:merged", "pr:reviewer:approved", ""] {
            let taken = read(kind, &pr(said)).err();
            assert_eq!(taken == Some(Refusal::Malformed), kind != said, "{kind} {said}");
        }
    }
    assert_eq!(read("pr:reviewer:approved", &reviewer("pr:reviewer:needs_work")).err(), Some(Refusal::Malformed));
}

#[test]
fn a_review_of_data_center_is_its_participants_at_the_events_own_time() {
    for (kind, transition) in [
        ("pr:reviewer:approved", ReviewTransition::Approved),
        ("pr:reviewer:needs_work", ReviewTransition::ChangesRequested),
        ("pr:reviewer:changes_requested", ReviewTransition::ChangesRequested),
        ("pr:reviewer:unapproved", ReviewTransition::Dismissed),
    ] {
        let parsed = read(kind, &reviewer(kind)).unwrap();
        assert_eq!(parsed.event, Event::Review(Review { transition, change: "12".to_owned() }));
        assert_eq!((parsed.occurred_at.to_string().as_str(), parsed.external_id.as_str()), ("2026-03-04T11:00:01Z", "12.1772622001"));
        assert_eq!((parsed.author, parsed.author_kind), (Some(account("8", "jonas")), ActorKind::Human));
    }
}

#[test]
fn links_lead_to_the_installation_that_sent() {
    let base = Some("https://acme.example/bitbucket");
    let in_project = "https://acme.example/bitbucket/projects/SHOP/repos/web/pull-requests/12";
    assert_eq!(page("pr:opened", &pr("pr:opened"), base).as_deref(), Some(in_project));
    let mut payload = pr("pr:opened");
    payload["pullRequest"]["toRef"]["repository"]["project"]["key"] = json!("~MIRA");
    assert_eq!(read("pr:opened", &payload).unwrap().place.external_id(), "~mira/web", "a person's own");
    assert_eq!(page("pr:opened", &payload, base).as_deref(), Some("https://acme.example/bitbucket/users/mira/repos/web/pull-requests/12"));
}

#[test]
fn the_kind_decides_before_the_body_is_read() {
    for (kind, expected) in [
        ("repo:push", Refusal::CarriesCode),
        ("pr:comment:added", Refusal::CarriesCode),
        ("diagnostics:ping", Refusal::NotAnEvent),
        ("issue:created", Refusal::KindNotRead),
        ("pullrequest:created", Refusal::Malformed),
        ("pr:opened", Refusal::Malformed),
    ] {
        assert_eq!(Bitbucket.peek(&delivery(&Bitbucket, Some(kind), b"{ not JSON")).err(), Some(expected), "{kind}");
    }
    assert_eq!(Bitbucket.peek(&delivery(&Bitbucket, None, b"{}")).err(), Some(Refusal::Malformed), "no kind at all");
}

#[test]
fn a_place_is_one_well_formed_repository_however_its_name_is_written() {
    for name in ["", "acme", "acme/web/x", "../web", "acme/w b", "~/web", "a~b/web", "acme/~web"] {
        let mut payload = pullrequest("OPEN");
        payload["repository"]["full_name"] = json!(name);
        assert_eq!(read("pullrequest:created", &payload).err(), Some(Refusal::Malformed), "{name}");
    }
    for (key, slug) in [("", "web"), ("SHOP", ""), ("SHOP/x", "web"), ("SHOP", "../web"), ("SHOP", "web/x")] {
        let mut payload = pr("pr:opened");
        payload["pullRequest"]["toRef"]["repository"]["slug"] = json!(slug);
        payload["pullRequest"]["toRef"]["repository"]["project"]["key"] = json!(key);
        assert_eq!(read("pr:opened", &payload).err(), Some(Refusal::Malformed), "{key} {slug}");
    }
    assert_eq!(Bitbucket.place("SHOP/Web"), Place::from_external_id("shop/web"));
    assert!(Bitbucket.choose("~Ana/web").is_ok() && Bitbucket.choose("acme/tools/web").is_err());
}

#[test]
fn where_a_delivery_belongs_is_told_before_what_it_lacks() {
    let mut of_cloud = pullrequest("OPEN");
    of_cloud["pullrequest"] = json!([]);
    let mut of_data_center = pr("pr:opened");
    of_data_center["pullRequest"].as_object_mut().unwrap().remove("title");
    for (kind, payload, place) in [("pullrequest:created", of_cloud, "acme/web"), ("pr:opened", of_data_center, "shop/web")] {
        let delivery = delivery(&Bitbucket, Some(kind), payload.to_string().as_bytes());
        let peek = Bitbucket.peek(&delivery).unwrap();
        assert_eq!(peek.place_id, place);
        assert_eq!(peek.read(Place::from_external_id(place).unwrap(), &Site::default(), arrival()).err(), Some(Refusal::Malformed));
    }
}
