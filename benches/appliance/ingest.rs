//! How many deliveries a second are durable, beside the bare server, in turn.

use crate::load::Pace;
use crate::support::{Sandbox, Server};
use crate::{body, load, process};
use std::io::{BufRead as _, BufReader};
use std::net::SocketAddr;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// Connections that send: as many as a busy organisation's tools hold open, and enough to share commits.
pub(crate) const CLIENTS: usize = 64;
/// How long each of the runs that count lasts.
const TIME: Duration = Duration::from_secs(6);
/// How long a server is warmed up.
const WARM_UP: Duration = Duration::from_secs(2);
/// Pairs of runs. Each pair is one bare run and one of the product, a moment apart, because a machine's speed drifts.
const PAIRS: usize = 5;

pub(crate) const REPOSITORY: &str = "acme/shop";
const SECRET: &str = "f52a0c1b7d6e4f3a9b8c7d6e5f4a3b2c";

pub(crate) fn table() {
    let bytes = body::Bodies::new(REPOSITORY, SECRET).template("/hooks").bytes.len();
    println!("Requests of {bytes} bytes, {CLIENTS} connections, {PAIRS} pairs of {} s\n", TIME.as_secs());
    println!(
        "| server | deliveries a second | p50 ms | p99 ms | processor µs a delivery | resident MB, most | taken by others % | ratio |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let mut ratios = Vec::new();
    for _ in 0..PAIRS {
        let bare = bare_run();
        println!("{}", row("bare", &bare, None));
        let whole = whole_run();
        let ratio = whole.run.per_second() / bare.run.per_second();
        println!("{}", row("appliance", &whole, Some(ratio)));
        ratios.push(ratio);
    }
    ratios.sort_by(f64::total_cmp);
    println!("\nThe middle one of {PAIRS} ratios: {:.2}", ratios[PAIRS / 2]);
}

/// Delivers changes of [`REPOSITORY`] until at least `most` are durable.
pub(crate) fn fill(server: &Server, connection: &str, secret: &str, most: u64) {
    let address = server.url.trim_start_matches("http://").parse().expect("an address");
    let mut bodies = body::Bodies::new(REPOSITORY, secret);
    let template = bodies.template(&format!("/hooks/github/{connection}"));
    let mut durable = 0;
    while durable < most {
        let run =
            load::run(address, (CLIENTS, Pace::Full), TIME, "202", || template.bytes.clone(), |request| bodies.renew(&template, request));
        durable += run.answers() as u64;
    }
}

struct Measured {
    run: load::Run,
    cpu_s: f64,
    resident_mb: f64,
}

fn row(name: &str, measured: &Measured, ratio: Option<f64>) -> String {
    let run = &measured.run;
    let unexpected = run.others();
    format!(
        "| {name}{unexpected} | {:.0} | {:.1} | {:.1} | {:.0} | {:.1} | {:.1} | {} |",
        run.per_second(),
        run.quantile_ms(0.5),
        run.quantile_ms(0.99),
        measured.cpu_s * 1e6 / run.answers() as f64,
        measured.resident_mb,
        run.stolen,
        ratio.map_or_else(String::new, |ratio| format!("{ratio:.2}")),
    )
}

fn measure(address: SocketAddr, pid: u32, path: &str, secret: &str) -> Measured {
    let mut bodies = body::Bodies::new(REPOSITORY, secret);
    let template = bodies.template(path);
    let mut run = |time| {
        load::run(address, (CLIENTS, Pace::Full), time, "202", || template.bytes.clone(), |request| bodies.renew(&template, request))
    };
    run(WARM_UP);
    let before = process::cpu_seconds(pid);
    let run = run(TIME);
    Measured { run, cpu_s: process::cpu_seconds(pid) - before, resident_mb: process::resident_mb(pid).0 }
}

/// A process that is ended with the run.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

fn bare_run() -> Measured {
    let folder = tempfile::tempdir().expect("a folder");
    let this = std::env::current_exe().expect("this program");
    let child = Command::new(this).arg("bare").arg(folder.path()).arg(SECRET).stdout(Stdio::piped()).spawn().expect("the bare server");
    let mut child = Running(child);
    let mut address = String::new();
    BufReader::new(child.0.stdout.take().expect("a pipe")).read_line(&mut address).expect("its address");
    measure(address.trim().parse().expect("an address"), child.0.id(), "/hooks", SECRET)
}

fn whole_run() -> Measured {
    let sandbox = Sandbox::new();
    let server = Server::start_by(Command::new(crate::support::BIN), &sandbox, &[]);
    let (connection, secret) = server.connect("github", None);
    assert_eq!(server.switch(&connection, REPOSITORY, true), 200, "the source could not be switched on");
    let address = server.url.trim_start_matches("http://").parse().expect("an address");
    measure(address, server.pid(), &format!("/hooks/github/{connection}"), &secret)
}
