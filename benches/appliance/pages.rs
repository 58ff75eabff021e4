//! How many pages a second are read by people who are signed in, and how long one waits for a page.

use crate::load::Pace;
use crate::support::{BIN, Sandbox, Server};
use crate::{load, process};
use std::process::Command;
use std::time::Duration;

/// Connections that ask: more people than look at once in a company of thousands.
const CLIENTS: usize = 64;
const TIME: Duration = Duration::from_secs(6);
const WARM_UP: Duration = Duration::from_secs(2);
/// How many pages a second are asked for where the wait is what counts.
const RATE: u32 = 4_000;
/// Rows of the longer pages.
const ROWS: usize = 50;

pub(crate) fn table() {
    let sandbox = Sandbox::new();
    let server = Server::start_by(Command::new(BIN), &sandbox, &[]);
    let (connection, _) = server.connect("github", None);
    for row in 0..ROWS {
        assert_eq!(server.switch(&connection, &format!("acme/repository-{row}"), true), 200, "a source could not be switched on");
    }
    let session = server.sign_in().1.expect("a session");
    let token = format!("Authorization: Bearer {}", sandbox.token);
    let cookie = format!("Cookie: {session}");
    println!("{CLIENTS} connections, {} s each; the load generator is on the same machine\n", TIME.as_secs());
    println!(
        "| page | rows | bytes | a second | p50 ms | p99 ms | processor µs a page | p50 and p99 ms at {RATE} a second | resident MB, most | taken by others % |"
    );
    println!("|---|---|---|---|---|---|---|---|---|---|");
    let pages = [
        (format!("/connections/{connection}"), ROWS, &cookie),
        (format!("/connections/{connection}/sources"), ROWS, &cookie),
        ("/notices".to_owned(), ROWS, &cookie),
        ("/".to_owned(), 0, &cookie),
        ("/patterns".to_owned(), 0, &cookie),
        (format!("/api/v1/connections/{connection}/sources"), ROWS, &token),
        ("/livez".to_owned(), 0, &cookie),
    ];
    for (path, rows, proof) in pages {
        let request = format!("GET {path} HTTP/1.1\r\nHost: bench\r\n{proof}\r\n\r\n").into_bytes();
        let bytes = Server::agent().get(format!("{}{path}", server.url)).header(proof_name(proof), proof_value(proof)).call();
        let bytes = bytes.and_then(|mut answer| answer.body_mut().read_to_vec()).expect("a page").len();
        let address = server.url.trim_start_matches("http://").parse().expect("an address");
        let run = |pace, time| load::run(address, (CLIENTS, pace), time, "200", || request.clone(), |_| ());
        run(Pace::Full, WARM_UP);
        let before = process::cpu_seconds(server.pid());
        let full = run(Pace::Full, TIME);
        let cpu_s = process::cpu_seconds(server.pid()) - before;
        // Who cannot give so many has no wait at that pace.
        let paced = (full.per_second() > f64::from(RATE)).then(|| run(Pace::PerSecond(RATE), TIME));
        let waits = paced.map_or_else(|| "-".to_owned(), |run| format!("{:.1}, {:.1}", run.quantile_ms(0.5), run.quantile_ms(0.99)));
        let run = full;
        let unexpected = run.others();
        let name = path.replace(&connection, "{id}");
        println!(
            "| `{name}`{unexpected} | {rows} | {bytes} | {:.0} | {:.1} | {:.1} | {:.0} | {waits} | {:.1} | {:.1} |",
            run.per_second(),
            run.quantile_ms(0.5),
            run.quantile_ms(0.99),
            cpu_s * 1e6 / run.answers() as f64,
            process::resident_mb(server.pid()).0,
            run.stolen,
        );
    }
}

fn proof_name(proof: &str) -> &str {
    proof.split(": ").next().unwrap_or_default()
}

fn proof_value(proof: &str) -> &str {
    proof.split(": ").nth(1).unwrap_or_default()
}
