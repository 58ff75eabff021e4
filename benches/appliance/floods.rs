//! What a crowd of strangers costs those who work: how they are answered, and how long a page of the console takes meanwhile.

use crate::process;
use crate::support::{BIN, Sandbox, Server};
use std::collections::BTreeMap;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

const SIGN_INS: usize = 1_000;
const SLOW_CLIENTS: usize = 2_000;
const BODY_BYTES: u64 = 10_000_000_000;
const HEADERS: usize = 10_000;
/// Strangers that act at once where each does a thing and goes.
const STRANGERS: usize = 32;
/// Pause between two looks at the console.
const LOOK_EVERY: Duration = Duration::from_millis(10);
/// How long slow clients sit there.
const SITTING: Duration = Duration::from_secs(5);

type Answers = BTreeMap<String, usize>;

pub(crate) fn table() {
    println!("| flood | answers | pages of the console meanwhile | middle ms | slowest ms | resident MB before | most |");
    println!("|---|---|---|---|---|---|---|");
    row("nobody", |_, _| {
        thread::sleep(SITTING);
        Answers::new()
    });
    row("1,000 sign-ins with a wrong password", sign_ins);
    row("2,000 slow clients", |address, _| slow_clients(address));
    row("a body of 10 GB, announced", |address, server| one(|| announced_body(address, server)));
    row("a body of 10 GB, in pieces", |address, server| one(|| endless_body(address, server)));
    row("10,000 headers, by 32 at once", |address, _| crowd(STRANGERS * 8, |_| many_headers(address)));
}

/// Runs a flood against a server of its own, while somebody who is signed in opens the first page again and again.
fn row(name: &str, flood: impl FnOnce(&str, &Server) -> Answers) {
    let sandbox = Sandbox::new();
    let server = Server::start_by(Command::new(BIN), &sandbox, &[]);
    let session = server.sign_in().1.expect("a session");
    let address = server.url.trim_start_matches("http://").to_owned();
    for _ in 0..20 {
        page(&address, &session);
    }
    let before = process::resident_mb(server.pid()).1;
    let is_over = AtomicBool::new(false);
    let (answers, mut waits) = thread::scope(|scope| {
        let looking = scope.spawn(|| {
            let mut waits = Vec::new();
            while !is_over.load(Ordering::Relaxed) {
                waits.push(page(&address, &session));
                thread::sleep(LOOK_EVERY);
            }
            waits
        });
        let answers = flood(&address, &server);
        is_over.store(true, Ordering::Relaxed);
        (answers, looking.join().expect("a visitor"))
    });
    waits.sort_by(f64::total_cmp);
    let answers: Vec<String> = answers.iter().map(|(answer, n)| format!("{n} × {answer}")).collect();
    println!(
        "| {name} | {} | {} | {:.1} | {:.1} | {before:.1} | {:.1} |",
        answers.join(", "),
        waits.len(),
        waits[waits.len() / 2],
        waits.last().expect("a page"),
        process::resident_mb(server.pid()).0,
    );
}

/// Opens the first page over a connection of its own, and answers how many milliseconds it took.
fn page(address: &str, session: &str) -> f64 {
    let asked = Instant::now();
    let mut stream = TcpStream::connect(address).expect("a connection");
    write!(stream, "GET / HTTP/1.1\r\nHost: bench\r\nCookie: {session}\r\nConnection: close\r\n\r\n").expect("a request");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    let waited = asked.elapsed().as_secs_f64() * 1000.0;
    // Whoever is turned away waited for ever.
    if answer.starts_with(b"HTTP/1.1 200") { waited } else { f64::INFINITY }
}

fn one(act: impl FnOnce() -> String) -> Answers {
    Answers::from([(act(), 1)])
}

/// Has so many acts done by [`STRANGERS`] at once.
fn crowd(acts: usize, act: impl Fn(usize) -> String + Sync) -> Answers {
    let mut answers = Answers::new();
    thread::scope(|scope| {
        let act = &act;
        let strangers: Vec<_> = (0..STRANGERS)
            .map(|stranger| scope.spawn(move || (stranger..acts).step_by(STRANGERS).map(act).collect::<Vec<String>>()))
            .collect();
        for stranger in strangers {
            for answer in stranger.join().expect("a stranger") {
                *answers.entry(answer).or_default() += 1;
            }
        }
    });
    answers
}

fn sign_ins(address: &str, server: &Server) -> Answers {
    let form = exchange(address, format!("GET /sign-in HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n").as_bytes());
    let cookie = form.split("__Host-visit=").nth(1).and_then(|rest| rest.split(';').next()).expect("a cookie");
    let hidden = form.split("<input").find(|input| input.contains("type=\"hidden\"") && input.contains("csrf")).expect("a form");
    let token = hidden.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("a token");
    crowd(SIGN_INS, |number| {
        let body = format!("csrf={token}&email=somebody{}%40acme.example&password=wrong+horse+battery", number % 50);
        let request = format!(
            "POST /sign-in HTTP/1.1\r\nHost: {address}\r\nOrigin: {}\r\nCookie: __Host-visit={cookie}\r\nContent-Type: application/x-www-form-urlencoded\r\n\
             Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
            server.url,
            body.len()
        );
        status(&exchange(address, request.as_bytes()))
    })
}

/// Clients of four kinds: silent, in the middle of a head, of a body, or with a first piece of it sent.
fn slow_clients(address: &str) -> Answers {
    let head = "POST /api/v1/connections HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\n";
    let with_body = format!("{head}Content-Length: 4096\r\n\r\n{{");
    let kinds = ["", "GET / HT", head, &with_body];
    let open: Vec<TcpStream> = kinds
        .iter()
        .cycle()
        .take(SLOW_CLIENTS)
        .filter_map(|kind| {
            let mut stream = TcpStream::connect(address).ok()?;
            // Whoever is closed by the other side has been asked to leave.
            let _ = stream.write_all(kind.as_bytes());
            Some(stream)
        })
        .collect();
    thread::sleep(SITTING);
    Answers::from([("came in".to_owned(), open.len())])
}

fn announced_body(address: &str, server: &Server) -> String {
    let id = server.connect("github", None).0;
    let request = format!(
        "POST /hooks/github/{id} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {BODY_BYTES}\r\n\r\n"
    );
    send_until_refused(address, &request, &vec![b'x'; 64 * 1024])
}

fn endless_body(address: &str, server: &Server) -> String {
    let id = server.connect("github", None).0;
    let request =
        format!("POST /hooks/github/{id} HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n");
    let mut chunk = b"10000\r\n".to_vec();
    chunk.resize(chunk.len() + 0x10000, b'x');
    chunk.extend_from_slice(b"\r\n");
    send_until_refused(address, &request, &chunk)
}

/// Sends `piece` after `piece` until [`BODY_BYTES`] are sent or the other side closes, and answers what it said and how much was sent.
fn send_until_refused(address: &str, request: &str, piece: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    stream.write_all(request.as_bytes()).expect("a head");
    let mut sent = 0_u64;
    while sent < BODY_BYTES && stream.write_all(piece).is_ok() {
        sent += piece.len() as u64;
    }
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    format!("{} after {:.1} MB", status(&String::from_utf8_lossy(&answer)), sent as f64 / 1e6)
}

fn many_headers(address: &str) -> String {
    let headers: Vec<String> = (0..HEADERS).map(|number| format!("X-Header-{number}: {number}\r\n")).collect();
    let request = format!("GET / HTTP/1.1\r\nHost: bench\r\n{}\r\n", headers.concat());
    status(&exchange(address, request.as_bytes()))
}

/// Sends a request and reads until the other side closes; an answer that came before all was sent counts.
fn exchange(address: &str, request: &[u8]) -> String {
    let mut stream = TcpStream::connect(address).expect("a connection");
    let _ = stream.write_all(request);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

fn status(answer: &str) -> String {
    answer.get(9..12).map_or_else(|| "closed".to_owned(), str::to_owned)
}
