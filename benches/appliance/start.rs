//! How long the appliance takes from its start until it is ready, and what it holds in memory when nobody asks anything of it.

use crate::support::{BIN, Sandbox, Server};
use crate::{ingest, process};
use std::process::Command;
use std::time::{Duration, Instant};

/// Starts that are timed; the middle one counts, and the slowest.
const STARTS: usize = 9;
/// Deliveries in the larger file: ten at a busy minute of every working hour of half a year.
const MANY: u64 = 200_000;
/// What is done at the start beside answering has ended by then.
const SETTLED: Duration = Duration::from_secs(3);

pub(crate) fn table() {
    println!("| organisation's file | MB | ready ms, middle of {STARTS} | slowest | resident MB, idle |");
    println!("|---|---|---|---|---|");
    let sandbox = Sandbox::new();
    row("new, nothing connected", &sandbox);
    let (connection, secret) = {
        let server = Server::start_by(Command::new(BIN), &sandbox, &[]);
        let (connection, secret) = server.connect("github", None);
        assert_eq!(server.switch(&connection, ingest::REPOSITORY, true), 200, "the source could not be switched on");
        (connection, secret)
    };
    row("a repository is read", &sandbox);
    let server = Server::start_by(Command::new(BIN), &sandbox, &[]);
    ingest::fill(&server, &connection, &secret, MANY);
    std::thread::sleep(SETTLED);
    let (most, after) = process::resident_mb(server.pid());
    server.kill();
    row(&format!("{MANY} deliveries, killed"), &sandbox);
    println!(
        "\nWhile it took {MANY} deliveries from {} connections at once: {most:.1} MB at most; afterwards {after:.1} MB.",
        ingest::CLIENTS
    );
}

fn row(name: &str, sandbox: &Sandbox) {
    let mut ready_ms: Vec<f64> = Vec::new();
    let mut resident_mb = 0.0;
    for start in 0..STARTS {
        let from = Instant::now();
        let server = Server::start_by(Command::new(BIN), sandbox, &[]);
        assert_eq!(server.get("/readyz").0, 200, "it is ready");
        ready_ms.push(from.elapsed().as_secs_f64() * 1e3);
        if start + 1 == STARTS {
            std::thread::sleep(SETTLED);
            resident_mb = process::resident_mb(server.pid()).1;
        }
        server.kill();
    }
    ready_ms.sort_unstable_by(f64::total_cmp);
    let bytes: u64 = std::fs::read_dir(sandbox.data().join("orgs"))
        .expect("the organisations' folder")
        .map(|entry| entry.and_then(|entry| entry.metadata()).map_or(0, |file| file.len()))
        .sum();
    println!("| {name} | {:.1} | {:.0} | {:.0} | {resident_mb:.1} |", bytes as f64 / 1e6, ready_ms[STARTS / 2], ready_ms[STARTS - 1]);
}
