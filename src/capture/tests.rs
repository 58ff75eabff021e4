//! What happens to a delivery that is on its way while something is taken back: judged by what is committed before it, never by what
//! was remembered when it came.

use super::*;
use crate::audit::Actor;
use crate::base::clock::SignedDuration;
use crate::base::text::Slug;
use crate::connectors::new_connection;
use crate::crypto::keys::Kek;
use crate::orgs::connections::{NewConnection, SecretMaker};
use crate::orgs::shadow::Days;
use crate::orgs::sources::{Switch, TeamPlace};
use crate::store::Store;
use serde_json::json;
use std::sync::mpsc::channel;
use std::thread;
use tempfile::TempDir;

const OPEN: &str = "C0OPEN";
const WRITER: &str = "U0WRITES";

/// An organisation that listens to one open channel.
struct Scene {
    desk: Arc<Desk>,
    org: OrgDb,
    clock: Clock,
    connection: ConnectionId,
    _folder: TempDir,
}

impl Scene {
    fn new() -> Self {
        let scene = Self::silent();
        // From here on the place, the workspace and the writer are known, and a message costs one write.
        assert!(matches!(scene.say(1), Outcome::Captured(_)));
        scene
    }

    /// Nothing came yet.
    fn silent() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stepped("2026-03-02T09:00:00Z".parse().unwrap());
        let store = Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &clock, true).unwrap();
        let org = store.create_org::<Fault>(&clock, |_, _| Ok(()), |_, _| Ok(())).unwrap();
        let chat = new_connection(connector("slack").unwrap(), "Chat");
        let wish = NewConnection { secret_maker: SecretMaker::Us, needs_base_url: false, ..chat };
        let connection = connections::create(&org, wish, Actor::Operator, clock.now()).unwrap().connection.id;
        let scene = Self { desk: Arc::new(Desk::new(|_, _| Ok(()))), org, clock, connection, _folder: folder };
        scene.switch(true);
        scene
    }

    fn wish(&self, is_subscribed: bool) -> Switch {
        Switch {
            connection: self.connection,
            external_id: OPEN.to_owned(),
            place_kind: "channel",
            as_written: OPEN.to_owned(),
            label: None,
            is_subscribed,
            team: Slug::parse("web"),
        }
    }

    fn switch(&self, is_subscribed: bool) {
        sources::switch(&self.org, self.wish(is_subscribed), None, Actor::Operator, self.clock.now()).unwrap();
    }

    fn try_out(&self) {
        sources::try_out(&self.org, self.wish(false), Days::default(), None, Actor::Operator, self.clock.now()).unwrap();
    }

    fn message(&self, number: u32) -> Delivery {
        self.message_of("T0TEAM", number)
    }

    /// A message out of a workspace.
    fn message_of(&self, workspace: &str, number: u32) -> Delivery {
        let ts = format!("{}.{number:06}", self.clock.now().as_second());
        let body = json!({
            "type": "event_callback", "event_id": format!("Ev{number}"), "team_id": workspace,
            "event": { "type": "message", "channel": OPEN, "channel_type": "channel", "user": WRITER, "ts": ts, "text": "hello" },
        });
        let (tool, body) = (connector("slack").unwrap(), body.to_string().into_bytes());
        let (_, secret) = connections::find_with_secret(&self.org, self.connection).unwrap().unwrap();
        Delivery::new(tool.sign(&body, None, &secret, self.clock.now()), body)
    }

    fn say(&self, number: u32) -> Outcome {
        capture(&self.desk, &self.org, &self.clock, ("slack", self.connection), &self.message(number)).unwrap()
    }

    /// What became of a message that came while `act` waited for its commit, so that everything remembered was from before it.
    fn say_while(&self, act: impl FnOnce(&OrgDb) + Send + 'static) -> Outcome {
        let ((release, wait), (tell, entered)) = (channel::<()>(), channel());
        let held = self.org.clone();
        let held = thread::spawn(move || {
            held.write(move |_| {
                tell.send(()).unwrap();
                wait.recv().unwrap();
                Ok::<_, Fault>(())
            })
        });
        entered.recv().unwrap();
        let org = self.org.clone();
        let act = thread::spawn(move || act(&org));
        self.wait_for(1);
        let (desk, org, clock, connection, message) =
            (Arc::clone(&self.desk), self.org.clone(), self.clock.clone(), self.connection, self.message(2));
        let said = thread::spawn(move || capture(&desk, &org, &clock, ("slack", connection), &message));
        self.wait_for(2);
        release.send(()).unwrap();
        held.join().unwrap().unwrap();
        act.join().unwrap();
        said.join().unwrap().unwrap()
    }

    fn wait_for(&self, writes: usize) {
        while self.org.waiting() < writes {
            thread::yield_now();
        }
    }

    fn kept(&self) -> u64 {
        self.org.read(|reader| tally(reader, "captured")).unwrap().into_iter().map(|(_, n)| n).sum()
    }

    /// What was counted of the channel while it was tried out.
    fn counted(&self) -> u64 {
        let found = self.org.read(|reader| shadow::preview(reader, self.connection, OPEN)).unwrap();
        found.total.captured_in_all() + found.total.refused_in_all()
    }
}

fn is_refused(outcome: &Outcome, reason: Refusal) -> bool {
    matches!(outcome, Outcome::Refused(refusal) if *refusal == reason)
}

#[test]
fn a_message_that_nothing_overtakes_is_kept() {
    let scene = Scene::new();
    assert!(matches!(scene.say_while(|org| org.write(|_| Ok::<_, Fault>(())).unwrap()), Outcome::Captured(_)));
    assert_eq!(scene.kept(), 2);
}

#[test]
fn a_source_that_is_switched_off_keeps_nothing_of_what_is_on_its_way() {
    let scene = Scene::new();
    let (wish, now) = (scene.wish(false), scene.clock.now());
    let outcome = scene.say_while(move |org| drop(sources::switch(org, wish, None, Actor::Operator, now).unwrap()));
    assert!(is_refused(&outcome, Refusal::NotSubscribed), "{outcome:?}");
    assert_eq!(scene.kept(), 1);
}

#[test]
fn a_source_that_is_only_counted_from_now_on_keeps_nothing_of_what_is_on_its_way() {
    let scene = Scene::new();
    let (wish, now) = (scene.wish(false), scene.clock.now());
    let outcome = scene.say_while(move |org| drop(sources::try_out(org, wish, Days::default(), None, Actor::Operator, now).unwrap()));
    assert!(is_refused(&outcome, Refusal::NotSubscribed), "{outcome:?}");
    assert_eq!((scene.kept(), scene.counted()), (1, 0));
}

#[test]
fn a_connection_that_is_removed_keeps_nothing_of_what_is_on_its_way() {
    let scene = Scene::new();
    let (connection, now) = (scene.connection, scene.clock.now());
    let outcome = scene.say_while(move |org| assert!(connections::remove(org, connection, Actor::Operator, now).unwrap()));
    assert!(is_refused(&outcome, Refusal::NotSubscribed), "{outcome:?}");
    assert_eq!(scene.kept(), 1);
}

fn step_out(org: &OrgDb, now: Instant) {
    let lookups = Lookups::of(org).unwrap();
    org.write(move |tx| {
        let named = opt_out::Named { connector: "slack", external_id: WRITER, handle: Some(WRITER), tools: &["slack"] };
        opt_out::record(tx, &lookups, named, now).map(drop)
    })
    .unwrap();
}

#[test]
fn whoever_steps_out_leaves_nothing_of_what_is_on_its_way() {
    let scene = Scene::new();
    let now = scene.clock.now();
    let outcome = scene.say_while(move |org| step_out(org, now));
    assert!(is_refused(&outcome, Refusal::OptedOut), "{outcome:?}");
    assert_eq!(scene.kept(), 1);
}

#[test]
fn what_is_overtaken_again_and_again_is_to_be_sent_again() {
    let mut tries = 0;
    let overtaken = until_settled(|| {
        tries += 1;
        Ok(None)
    });
    assert_eq!((overtaken.map_err(|fault| fault.code()).err(), tries), (Some(Code::Overloaded), TRIES_MAX), "503, with when to try again");
    let mut tries = 0;
    let last = until_settled(|| {
        tries += 1;
        Ok((tries == TRIES_MAX).then_some(Outcome::Duplicate))
    });
    assert!(matches!(last, Ok(Outcome::Duplicate)), "{last:?}");
}

#[test]
fn a_place_that_is_found_closed_keeps_nothing_of_what_is_on_its_way() {
    let scene = Scene::new();
    let connection = scene.connection;
    let outcome = scene.say_while(move |org| Claims::of(org, connection).unwrap().remember(org, OPEN, PlaceClaim::Private).unwrap());
    assert!(is_refused(&outcome, Refusal::PrivateChannel), "{outcome:?}");
    assert_eq!(scene.kept(), 1);
}

#[test]
fn what_is_tried_out_counts_nothing_that_is_overtaken_by_its_end_or_by_who_steps_out() {
    let scene = Scene::new();
    scene.try_out();
    let (wish, now) = (scene.wish(false), scene.clock.now());
    let outcome = scene.say_while(move |org| drop(sources::switch(org, wish, None, Actor::Operator, now).unwrap()));
    assert!(is_refused(&outcome, Refusal::NotSubscribed), "{outcome:?}");
    assert_eq!((scene.kept(), scene.counted()), (1, 0));
    scene.try_out();
    let outcome = scene.say_while(move |org| step_out(org, now));
    assert!(!matches!(outcome, Outcome::Captured(_)), "{outcome:?}");
    assert_eq!((scene.kept(), scene.counted()), (1, 0));
}

#[test]
fn what_became_of_those_who_stepped_out_is_counted_without_a_time() {
    let scene = Scene::new();
    step_out(&scene.org, scene.clock.now());
    assert!(is_refused(&scene.say(2), Refusal::OptedOut));
    let lines = scene.desk.refusals.lines(&scene.org).unwrap();
    let line = lines.iter().find(|line| line.reason == Refusal::OptedOut.as_str()).unwrap();
    assert_eq!((line.n, line.last_at), (1, Instant::UNIX_EPOCH), "when they last wrote is nobody's business");
}

#[test]
fn whoever_stepped_out_moves_no_counter_where_a_source_is_tried_out() {
    let scene = Scene::new();
    step_out(&scene.org, scene.clock.now());
    scene.try_out();
    let before = scene.desk.refusals.lines(&scene.org).unwrap().iter().map(|line| line.n).sum::<u64>();
    scene.say(2);
    let lines = scene.desk.refusals.lines(&scene.org).unwrap();
    assert_eq!(lines.iter().map(|line| line.n).sum::<u64>(), before, "{lines:?}");
    assert_eq!(scene.counted(), 0);
}

/// A change of a repository, as its author's login and its title.
fn change(scene: &Scene, tap: ConnectionId, (number, login, title): (u64, &str, &str)) -> Outcome {
    let at = scene.clock.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let body = json!({
        "action": "opened", "number": number,
        "pull_request": {
            "number": number, "title": title, "draft": false, "user": { "login": login, "id": 700 + number, "type": "User" },
            "created_at": at, "updated_at": at, "head": { "ref": "topic", "sha": "0123456789012345678901234567890123456789" },
        },
        "repository": { "full_name": "acme/web" },
    });
    let (tool, body) = (connector("github").unwrap(), body.to_string().into_bytes());
    let (_, secret) = connections::find_with_secret(&scene.org, tap).unwrap().unwrap();
    let delivery = Delivery::new(tool.sign(&body, Some("pull_request"), &secret, scene.clock.now()), body);
    capture(&scene.desk, &scene.org, &scene.clock, ("github", tap), &delivery).unwrap()
}

#[test]
fn whoever_was_seen_a_moment_ago_is_named_in_nothing_that_is_kept_from_then_on() {
    let scene = Scene::new();
    let wish = new_connection(connector("github").unwrap(), "Code");
    let tap = connections::create(&scene.org, wish, Actor::Operator, scene.clock.now()).unwrap().connection.id;
    let code = Switch { connection: tap, external_id: "acme/web".to_owned(), place_kind: "repository", ..scene.wish(true) };
    sources::switch(&scene.org, code, None, Actor::Operator, scene.clock.now()).unwrap();
    // Nothing but deliveries comes between: what is remembered of names is what they themselves make new.
    for said in [(1, "ben", "Faster cart"), (2, "quintanaroo", "Smaller cart"), (3, "ben", "As quintanaroo asked for")] {
        assert!(matches!(change(&scene, tap, said), Outcome::Captured(_)));
    }
    let place = TeamPlace { connection: tap, place_kind: "repository".to_owned(), external_id: "acme/web".to_owned(), moved_at: None };
    let kept = scene.org.read(|reader| load(reader, &place, &[SignalKind::Change], Instant::MIN)).unwrap();
    let titles: Vec<&str> =
        kept.iter().filter_map(|signal| if let Event::Change(change) = &signal.event { change.title.as_deref() } else { None }).collect();
    assert_eq!(titles.len(), 3);
    assert!(titles.iter().all(|title| !title.contains("quintanaroo")), "{titles:?}");
}

/// What is kept of the messages, each with its text where it still has one.
fn messages(scene: &Scene) -> Vec<Option<String>> {
    let place = TeamPlace { connection: scene.connection, place_kind: "channel".to_owned(), external_id: OPEN.to_owned(), moved_at: None };
    let kept = scene.org.read(|reader| load(reader, &place, &[SignalKind::Message], Instant::MIN)).unwrap();
    kept.into_iter().filter_map(|signal| if let Event::Message(message) = signal.event { Some(message.text) } else { None }).collect()
}

#[test]
fn what_is_kept_for_a_time_is_gone_when_it_is_over_and_not_before() {
    let scene = Scene::new();
    let days = |days: i64| scene.clock.now() + SignedDuration::from_hours(24 * days);
    let moment = SignedDuration::from_mins(1);
    let swept_at = |at: Instant| retention::sweep(&scene.org, at).unwrap();
    swept_at(days(retention::TEXT_DAYS));
    assert_eq!(messages(&scene), [Some("hello".to_owned())]);
    swept_at(days(retention::TEXT_DAYS) + moment);
    assert_eq!(messages(&scene), [None], "the text is gone, that there was a message is not");
    swept_at(days(retention::SIGNAL_DAYS));
    assert_eq!(messages(&scene), [None]);
    swept_at(days(retention::SIGNAL_DAYS) + moment);
    assert!(messages(&scene).is_empty());
}

#[test]
fn what_a_trial_counted_is_gone_as_long_after_its_end_as_its_readers_were_told() {
    let scene = Scene::new();
    scene.try_out();
    scene.say(2);
    let end = scene.clock.now() + SignedDuration::from_hours(24 * (7 + 35));
    retention::sweep(&scene.org, end).unwrap();
    assert_eq!(scene.counted(), 1);
    retention::sweep(&scene.org, end + SignedDuration::from_mins(1)).unwrap();
    assert_eq!(scene.counted(), 0);
}

#[test]
fn a_secret_that_was_replaced_and_a_connection_that_was_removed_prove_nothing_from_then_on() {
    let scene = Scene::new();
    let sent = |delivery: &Delivery| capture(&scene.desk, &scene.org, &scene.clock, ("slack", scene.connection), delivery).unwrap();
    let signed_before = scene.message(2);
    let given = (None, SecretMaker::Us);
    assert!(connections::replace_secret(&scene.org, scene.connection, given, Actor::Operator, scene.clock.now()).unwrap().is_some());
    let outcome = sent(&signed_before);
    assert!(matches!(outcome, Outcome::Unverified(_)), "{outcome:?}");
    assert!(matches!(scene.say(2), Outcome::Captured(_)));
    let signed_before = scene.message(3);
    assert!(connections::remove(&scene.org, scene.connection, Actor::Operator, scene.clock.now()).unwrap());
    let outcome = sent(&signed_before);
    assert!(matches!(outcome, Outcome::UnknownConnection), "{outcome:?}");
    assert_eq!(scene.kept(), 2);
}

#[test]
fn of_two_workspaces_that_speak_first_at_once_one_is_heard() {
    let scene = Scene::silent();
    Claims::of(&scene.org, scene.connection).unwrap().remember(&scene.org, OPEN, PlaceClaim::Open).unwrap();
    let other = scene.message_of("T0OTHER", 3);
    let (desk, clock, connection) = (Arc::clone(&scene.desk), scene.clock.clone(), scene.connection);
    let (tell, told) = channel();
    let first = scene.say_while(move |org| tell.send(capture(&desk, org, &clock, ("slack", connection), &other).unwrap()).unwrap());
    let other = told.recv().unwrap();
    assert!(matches!(other, Outcome::Captured(_)), "it came first: {other:?}");
    assert!(is_refused(&first, Refusal::OtherWorkspace), "{first:?}");
    assert_eq!(scene.kept(), 1);
}

#[test]
fn what_an_old_secret_proved_is_not_kept_once_it_is_replaced() {
    let scene = Scene::new();
    let (connection, now) = (scene.connection, scene.clock.now());
    let outcome = scene.say_while(move |org| {
        let given = (None, SecretMaker::Us);
        assert!(connections::replace_secret(org, connection, given, Actor::Operator, now).unwrap().is_some());
    });
    assert!(matches!(outcome, Outcome::Unverified(_)), "{outcome:?}");
    assert_eq!(scene.kept(), 1);
}

#[test]
fn one_body_under_another_kind_is_not_kept_a_second_time() {
    let scene = Scene::new();
    let wish = new_connection(connector("github").unwrap(), "Code");
    let tap = connections::create(&scene.org, wish, Actor::Operator, scene.clock.now()).unwrap().connection.id;
    let code = Switch { connection: tap, external_id: "acme/web".to_owned(), place_kind: "repository", ..scene.wish(true) };
    sources::switch(&scene.org, code, None, Actor::Operator, scene.clock.now()).unwrap();
    let body = json!({
        "action": "created",
        "deployment": {
            "id": 500, "sha": "0123456789012345678901234567890123456789", "ref": "main", "environment": "live",
            "creator": { "login": "mira", "id": 7, "type": "User" }, "created_at": "2026-03-02T08:00:00Z",
        },
        "deployment_status": { "state": "success", "created_at": "2026-03-02T08:09:00Z" },
        "repository": { "full_name": "acme/web" },
    });
    let body = body.to_string().into_bytes();
    let tool = connector("github").unwrap();
    let (_, secret) = connections::find_with_secret(&scene.org, tap).unwrap().unwrap();
    let send = |kind: &str| {
        // GitHub signs the body alone.
        let delivery = Delivery::new(tool.sign(&body, Some(kind), &secret, scene.clock.now()), body.clone());
        capture(&scene.desk, &scene.org, &scene.clock, ("github", tap), &delivery).unwrap()
    };
    assert!(matches!(send("deployment_status"), Outcome::Captured(_)));
    let again = send("deployment");
    assert!(!matches!(again, Outcome::Captured(_)), "{again:?}");
}
