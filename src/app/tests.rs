//! The server against clients that mean no good: each speaks HTTP by hand, over a real socket. Limits are small, so that nothing waits.

use super::*;
use crate::audit::{self, Actor};
use crate::auth::account::{Email, NewAccount};
use crate::auth::{Scope, api_token, roles};
use crate::base::id::ConnectionId;
use crate::base::text::Slug;
use crate::connectors::{connector, new_connection};
use crate::crypto::keys::Kek;
use crate::orgs::connections;
use crate::orgs::organisation;
use crate::orgs::sources::{self, Switch};
use crate::store::OrgDb;
use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::sync::mpsc::channel;
use std::time::Duration;

/// Longer than any answer takes on a slow machine; a test that would hang ends here.
const PATIENCE: Duration = Duration::from_secs(20);
const REPOSITORY: &str = "acme/web";
/// So long that no test sees its end.
const FOREVER: Duration = Duration::from_hours(1);

/// A running server with one connection and one token.
struct House {
    address: SocketAddr,
    org: OrgDb,
    desk: Arc<capture::Desk>,
    connection: ConnectionId,
    hook: String,
    token: String,
    _folder: tempfile::TempDir,
}

impl House {
    fn serve(limits: Limits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &Clock::System, true).unwrap();
        let now = Clock::System.now();
        let owner = NewAccount::prepare(&Email::parse("ana@acme.example").unwrap(), "ana", "correct horse battery", now).unwrap();
        let (org, owner) = organisation::found(&store, &Clock::System, "Acme", owner, Actor::Operator).unwrap();
        let wish = new_connection(connector("github").unwrap(), "Code");
        let connection = connections::create(&org, wish, Actor::Operator, now).unwrap().connection.id;
        let token = api_token::create(&org, (owner, "test"), &Scope::ALL, Actor::Operator, now).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let parts = Parts::new(store, Clock::System);
        let desk = Arc::clone(&parts.desk);
        std::thread::spawn(move || actix_web::rt::System::new().block_on(serve(parts, listener, None, Way::over(Wire::Insecure), limits)));
        Self {
            address,
            org,
            desk,
            connection,
            hook: format!("/hooks/github/{connection}"),
            token: token.reveal().to_owned(),
            _folder: folder,
        }
    }

    fn send(&self, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.write_all(text.as_bytes()).unwrap();
        stream
    }

    /// Everything the server says until it closes.
    fn ask(&self, text: &str) -> String {
        let mut answer = String::new();
        let ended = self.send(text).read_to_string(&mut answer);
        assert!(ended.is_ok(), "{text:?} was answered {answer:?}, and the connection stayed open");
        answer
    }

    /// Whether somebody who comes now is answered.
    fn is_open(&self) -> bool {
        let mut answer = String::new();
        let ended = self.send("GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").read_to_string(&mut answer);
        ended.is_ok() && answer.starts_with("HTTP/1.1 200 ")
    }

    /// A signed change of a repository that is switched on.
    fn delivery(&self, number: u64, more: &str) -> String {
        let at = Clock::System.now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        let body = serde_json::json!({
            "action": "opened", "number": number,
            "pull_request": {
                "number": number, "title": "t", "draft": false, "user": { "login": "ben", "id": 7, "type": "User" },
                "created_at": at, "updated_at": at, "head": { "ref": "topic", "sha": "0123456789012345678901234567890123456789" },
            },
            "repository": { "full_name": REPOSITORY },
        })
        .to_string();
        let (_, secret) = connections::find_with_secret(&self.org, self.connection).unwrap().unwrap();
        let signed = connector("github").unwrap().sign(body.as_bytes(), Some("pull_request"), &secret, Clock::System.now());
        let mut head = format!("POST {} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n{more}", self.hook);
        for (name, value) in signed {
            write!(head, "{name}: {value}\r\n").unwrap();
        }
        format!("{head}Content-Length: {}\r\n\r\n{body}", body.len())
    }

    /// How many deliveries are counted as kept.
    fn counted(&self) -> u64 {
        let lines = self.desk.refusals.lines(&self.org).unwrap();
        lines.iter().filter(|line| line.reason == capture::refusals::CAPTURED).map(|line| line.n).sum()
    }

    /// A request whose body never ends, for each way in which a body is read.
    fn unfinished(&self) -> Vec<String> {
        let json = "Content-Type: application/json\r\n";
        let form = "Content-Type: application/x-www-form-urlencoded\r\nSec-Fetch-Site: same-origin\r\n";
        let api = format!("{json}Authorization: Bearer {}\r\n", self.token);
        let heads = [(self.hook.as_str(), json), ("/api/v1/connections", &api), ("/sign-in", form)];
        let bodies =
            ["Content-Length: 10\r\n\r\n{", "Transfer-Encoding: chunked\r\n\r\n5\r\n{", "Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n"];
        let request = |(path, head): (&str, &str), body| format!("POST {path} HTTP/1.1\r\nHost: x\r\n{head}{body}");
        heads.iter().flat_map(|head| bodies.iter().map(|body| request(*head, body))).collect()
    }
}

#[test]
fn a_call_for_more_than_its_token_may_is_refused_and_written_down() {
    let house = House::serve(Limits::default());
    let owner = house.org.read(|reader| roles::all(reader)).unwrap()[0].0;
    let call = |scopes: &[Scope], path: &str, body: &str| {
        let token = api_token::create(&house.org, (owner, "narrow"), scopes, Actor::Operator, Clock::System.now()).unwrap();
        let head =
            format!("Host: x\r\nContent-Type: application/json\r\nAuthorization: Bearer {}\r\nConnection: close\r\n", token.reveal());
        house.ask(&format!("POST {path} HTTP/1.1\r\n{head}Content-Length: {}\r\n\r\n{body}", body.len()))
    };
    let refusals = || {
        let log = house.org.read(|reader| audit::entries(reader)).unwrap();
        log.iter().filter(|(leaf, _)| leaf.contains("\"act\":\"access.refused\"")).count()
    };
    let answer = call(&[Scope::WriteTokens], "/api/v1/tokens", r#"{"name":"x","scopes":["decide"]}"#);
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert_eq!(refusals(), 1);
    let into_a_team = r#"{"email":"x@acme.example","role":"member","team":"01900000-0000-7000-8000-000000000000"}"#;
    let answer = call(&[Scope::WriteMembers], "/api/v1/invitations", into_a_team);
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    let answer = call(&[Scope::ReadPatterns], "/api/v1/tokens", r#"{"name":"x","scopes":["patterns:read"]}"#);
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    assert_eq!(refusals(), 2, "the door's own refusal too");
}

#[test]
fn a_body_that_does_not_come_is_given_up_on_every_route() {
    let house = House::serve(Limits { body_time: Duration::from_millis(20), ..Limits::default() });
    std::thread::scope(|scope| {
        for request in house.unfinished() {
            let house = &house;
            scope.spawn(move || {
                let answer = house.ask(&request);
                assert!(answer.starts_with("HTTP/1.1 408 "), "{request:?}: {answer}");
            });
        }
    });
}

#[test]
fn a_head_that_does_not_come_is_given_up() {
    let house = House::serve(Limits { head_time: Duration::from_millis(20), ..Limits::default() });
    let answer = house.ask("GET /livez HTTP/1.1\r\nHost: x\r\n");
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[test]
fn a_delivery_to_no_connection_is_answered_before_its_body_is_read() {
    let house = House::serve(Limits { body_time: FOREVER, ..Limits::default() });
    let stranger = house.hook.replace(|c: char| c.is_ascii_digit(), "a");
    let request = format!("POST {stranger} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 4194304\r\n\r\n");
    let answer = house.ask(&request);
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
}

#[test]
fn whoever_waited_longest_gives_its_seat_to_one_that_asks() {
    let seats = 4;
    let house = House::serve(Limits { idle_time: FOREVER, connections_per_network: seats, ..Limits::default() });
    let come = || {
        let mut client = house.send("GET /livez HTTP/1.1\r\nHost: x\r\n\r\n");
        assert_eq!(client.read(&mut [0; 4]).unwrap(), 4, "an answer has begun, so that its client is waited for now");
        client
    };
    let mut idle: Vec<TcpStream> = (0..seats).map(|_| come()).collect();
    let answer = house.ask("GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(idle[0].read_to_end(&mut Vec::new()).is_ok(), "who waited longest was not asked to leave");
}

#[test]
fn clients_that_say_nothing_keep_nobody_out() {
    let limits = Limits { head_time: FOREVER, body_time: FOREVER, idle_time: FOREVER, connections_per_network: 16, ..Limits::default() };
    let house = House::serve(limits);
    let mut silent = vec![house.send("")];
    for _ in 0..8 {
        silent.extend(house.unfinished().iter().map(|request| house.send(request)));
        silent.push(house.send("GET /livez HTTP/1.1\r\n"));
    }
    // While a request of everybody who has a seat is looked at there is none to give away: who comes again finds one.
    until("who asks is let in", || house.is_open());
    drop(silent);
}

/// Goes on asking until it is so.
fn until(what: &str, is_so: impl Fn() -> bool) {
    let start = Clock::System.now();
    while !is_so() {
        assert!(Clock::System.now().duration_since(start).unsigned_abs() < PATIENCE, "never: {what}");
        std::thread::yield_now();
    }
}

#[test]
fn what_a_sender_began_is_settled_where_they_leave_before_the_commit() {
    // With one seat nobody is let in as long as the server has not noticed that the sender is gone.
    let house = House::serve(Limits { connections_per_network: 1, ..Limits::default() });
    let wish = Switch {
        connection: house.connection,
        external_id: REPOSITORY.to_owned(),
        place_kind: "repository",
        as_written: REPOSITORY.to_owned(),
        label: None,
        is_subscribed: true,
        team: Slug::parse("web"),
    };
    sources::switch(&house.org, wish, None, Actor::Operator, Clock::System.now()).unwrap();
    let answer = house.ask(&house.delivery(1, "Connection: close\r\n"));
    assert!(answer.starts_with("HTTP/1.1 202 ") && house.counted() == 1, "{answer}");

    let ((release, wait), (tell, entered), org) = (channel::<()>(), channel(), house.org.clone());
    let held = std::thread::spawn(move || {
        org.write(move |_| {
            tell.send(()).unwrap();
            wait.recv().unwrap();
            Ok::<_, Fault>(())
        })
    });
    entered.recv().unwrap();
    let sender = house.send(&house.delivery(2, "Expect: 100-continue\r\n"));
    until("its commit is waited for", || house.org.waiting() == 1);
    // What was sent to somebody who leaves without having read it makes them leave at once, in both directions.
    assert_eq!(sender.peek(&mut [0]).unwrap(), 1);
    drop(sender);
    until("the server sees that they are gone", || house.is_open());
    release.send(()).unwrap();
    held.join().unwrap().unwrap();
    until("it is counted", || house.counted() == 2);
}

#[test]
fn whoever_comes_when_enough_deliveries_are_at_work_is_told_when_to_come_back() {
    let house =
        House::serve(Limits { deliveries_at_work: 0, admission_wait: Duration::ZERO, overload_pause: Duration::ZERO, ..Limits::default() });
    let answer = house.ask(&house.delivery(1, "Connection: close\r\n")).to_lowercase();
    assert!(answer.starts_with("http/1.1 503") && answer.contains("\r\nretry-after: 2\r\n"), "{answer}");
    assert_eq!(house.counted(), 0);
}

#[test]
fn whoever_waits_to_be_told_so_keeps_nobody_out() {
    let limits = Limits {
        deliveries_at_work: 0,
        admission_wait: Duration::ZERO,
        overload_pause: FOREVER,
        connections_per_network: 2,
        ..Limits::default()
    };
    let house = House::serve(limits);
    let waiting = [1, 2].map(|number| house.send(&house.delivery(number, "")));
    for _ in 0..3 {
        until("somebody else is answered", || house.is_open());
    }
    drop(waiting);
}

#[test]
fn a_burst_waits_for_its_places_and_is_taken_in() {
    let house = House::serve(Limits { deliveries_at_work: 2, admission_wait: FOREVER, ..Limits::default() });
    let burst: Vec<TcpStream> = (1..=40).map(|number| house.send(&house.delivery(number, "Connection: close\r\n"))).collect();
    for mut sender in burst {
        let mut answer = String::new();
        sender.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 202"), "{answer}");
    }
}
