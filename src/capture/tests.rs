//! What happens to a delivery that is on its way while something is taken back: judged by what is committed before it, never by what
//! was remembered when it came.

use super::*;
use crate::audit::Actor;
use crate::base::text::Slug;
use crate::connectors::new_connection;
use crate::crypto::keys::Kek;
use crate::orgs::connections::{NewConnection, SecretMaker};
use crate::orgs::shadow::Days;
use crate::orgs::sources::Switch;
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
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stepped("2026-03-02T09:00:00Z".parse().unwrap());
        let store = Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &clock, true).unwrap();
        let org = store.create_org::<Fault>(&clock, |_, _| Ok(()), |_, _| Ok(())).unwrap();
        let chat = new_connection(connector("slack").unwrap(), "Chat");
        let wish = NewConnection { secret_maker: SecretMaker::Us, needs_base_url: false, ..chat };
        let connection = connections::create(&org, wish, Actor::Operator, clock.now()).unwrap().connection.id;
        let scene = Self { desk: Arc::new(Desk::new(|_, _| Ok(()))), org, clock, connection, _folder: folder };
        scene.switch(true);
        // From here on the place, the workspace and the writer are known, and a message costs one write.
        assert!(matches!(scene.say(1), Outcome::Captured(_)));
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
        let ts = format!("{}.{number:06}", self.clock.now().as_second());
        let body = json!({
            "type": "event_callback", "event_id": format!("Ev{number}"), "team_id": "T0TEAM",
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
        opt_out::record(tx, &lookups, named, Actor::Operator, now).map(drop)
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
