//! Strangers who open connections and say little cannot keep anybody out, nor fill the memory.

use crate::support::{MONDAY, Sandbox};
use std::io::Write as _;
use std::net::TcpStream;
use std::time::{Duration, Instant};

/// Slow clients, as many as the machine lets this test have.
const SLOW: usize = 2_000;
/// Strangers who try to sign in at once, each so often.
const STRANGERS: usize = 12;
const SIGN_INS_EACH: usize = 4;
/// What either may cost, in KiB.
const GROWTH_KIB_MAX: u64 = 64 * 1024;

fn resident_kib(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.split_whitespace().next().unwrap().parse().unwrap()
}

#[test]
fn two_thousand_slow_clients_leave_the_console_answering() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let (connection, _) = server.connect("github", None);
    let before = resident_kib(server.pid());
    let head = format!("POST /hooks/github/{connection} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n");
    let body = vec![b'x'; 64 * 1024];
    let requests = [
        Vec::new(),
        head.clone().into_bytes(),
        format!("{head}content-length: 4194304\r\n\r\n").into_bytes(),
        [format!("{head}content-length: 4194304\r\n\r\n").as_bytes(), &body].concat(),
    ];
    let address = server.url.trim_start_matches("http://");
    let mut slow = Vec::new();
    for request in requests.iter().cycle().take(SLOW) {
        let Ok(mut stream) = TcpStream::connect(address) else { break };
        // Whoever is closed by the other side has been asked to leave.
        let _ = stream.write_all(request);
        slow.push(stream);
    }
    let mut longest = Duration::ZERO;
    for path in ["/livez", "/sign-in", "/api/v1/connections"] {
        let asked = Instant::now();
        assert_eq!(server.get(path).0, 200, "{path}");
        longest = longest.max(asked.elapsed());
    }
    let grown = resident_kib(server.pid()).saturating_sub(before);
    println!("{} slow clients: longest answer {longest:?}, {grown} KiB grown", slow.len());
    assert!(grown < GROWTH_KIB_MAX, "{grown} KiB");
}

#[test]
fn a_crowd_of_sign_ins_leaves_no_memory_behind() {
    let sandbox = Sandbox::new();
    let server = sandbox.serve(MONDAY);
    let before = resident_kib(server.pid());
    std::thread::scope(|scope| {
        for stranger in 0..STRANGERS {
            let server = &server;
            scope.spawn(move || {
                for nth in 0..SIGN_INS_EACH {
                    let status = server.try_to_sign_in(&format!("nobody-{stranger}-{nth}@acme.example"), "wrong horse").0;
                    assert!([422, 429].contains(&status), "{status}");
                }
            });
        }
    });
    let grown = resident_kib(server.pid()).saturating_sub(before);
    println!("{} sign-ins: {grown} KiB grown", STRANGERS * SIGN_INS_EACH);
    assert!(grown < GROWTH_KIB_MAX, "{grown} KiB: a hash needs 19 MiB, and two are computed at once");
}
