//! Five times as many senders as keep it busy, who come back at once when they are told to come later.

use crate::ingest::{CLIENTS, REPOSITORY};
use crate::load::{Pace, Run};
use crate::support::{BIN, Sandbox, Server};
use crate::{body, load, process};
use std::process::Command;
use std::time::Duration;

/// How much more there is of it than the usual load.
const TIMES: usize = 5;
const USUAL_TIME: Duration = Duration::from_secs(6);
const OVERLOAD_TIME: Duration = Duration::from_mins(1);
/// After which it has to be as before.
const RECOVERY_TIME: Duration = Duration::from_secs(5);

pub(crate) fn table() {
    let sandbox = Sandbox::new();
    let server = Server::start_by(Command::new(BIN), &sandbox, &[]);
    let (connection, secret) = server.connect("github", None);
    assert_eq!(server.switch(&connection, REPOSITORY, true), 200, "the source could not be switched on");
    let address = server.url.trim_start_matches("http://").parse().expect("an address");
    let mut bodies = body::Bodies::new(REPOSITORY, &secret);
    let template = bodies.template(&format!("/hooks/github/{connection}"));
    let mut acknowledged = 0;
    println!(
        "| load | connections | s | taken a second | p50 ms | p99 ms | told to come later, a second | others | resident MB, most | taken by others % |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    for (name, clients, time) in [
        ("to warm up", CLIENTS, USUAL_TIME),
        ("usual", CLIENTS, USUAL_TIME),
        ("five-fold", TIMES * CLIENTS, OVERLOAD_TIME),
        ("usual, at once after it", CLIENTS, RECOVERY_TIME),
    ] {
        let run =
            load::run(address, (clients, Pace::Full), time, "202", || template.bytes.clone(), |request| bodies.renew(&template, request));
        acknowledged += run.answers();
        println!("{}", row(name, clients, &run, server.pid()));
    }
    let kept = server.api("GET", "/signals/summary", &serde_json::Value::Null).1["captured"].to_string();
    println!("\n{acknowledged} acknowledged; kept: {kept}");
}

fn row(name: &str, clients: usize, run: &Run, pid: u32) -> String {
    let later = run.unexpected.get("503").copied().unwrap_or_default();
    let others: usize = run.unexpected.values().sum::<usize>() - later;
    format!(
        "| {name} | {clients} | {:.0} | {:.0} | {:.1} | {:.1} | {:.0} | {others} | {:.1} | {:.1} |",
        run.seconds,
        run.per_second(),
        run.quantile_ms(0.5),
        run.quantile_ms(0.99),
        later as f64 / run.seconds,
        process::resident_mb(pid).0,
        run.stolen,
    )
}
