//! The server against clients that mean no good: each speaks HTTP by hand, over a real socket. Limits are small, so that nothing waits.

use super::*;
use crate::audit::{self, Actor};
use crate::auth::account::{Email, NewAccount};
use crate::auth::{Scope, api_token, roles};
use crate::connectors::{connector, new_connection};
use crate::crypto::keys::Kek;
use crate::orgs::connections;
use crate::orgs::organisation;
use crate::store::OrgDb;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// Longer than any answer takes on a slow machine; a test that would hang ends here.
const PATIENCE: Duration = Duration::from_secs(20);
/// So long that no test sees its end.
const FOREVER: Duration = Duration::from_hours(1);

/// A running server with one connection and one token.
struct House {
    address: SocketAddr,
    org: OrgDb,
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
        std::thread::spawn(move || actix_web::rt::System::new().block_on(serve(parts, listener, None, Way::over(Wire::Insecure), limits)));
        Self { address, org, hook: format!("/hooks/github/{connection}"), token: token.reveal().to_owned(), _folder: folder }
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
    let start = Clock::System.now();
    let is_answered = || {
        let mut answer = String::new();
        let ended = house.send("GET /livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").read_to_string(&mut answer);
        ended.is_ok() && answer.starts_with("HTTP/1.1 200 ")
    };
    while !is_answered() {
        assert!(Clock::System.now().duration_since(start).unsigned_abs() < PATIENCE, "who asks is kept out");
    }
    drop(silent);
}
