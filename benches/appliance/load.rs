//! A load generator: one thread, many connections that stay open, each with one request on its way. Cheap, because it shares the
//! processors with the server that it measures.

use crate::process;
use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::collections::BTreeMap;
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

/// Connections from one address: behind one address there are not more people than that.
const CLIENTS_PER_ADDRESS: usize = 64;

/// What a run showed.
pub(crate) struct Run {
    pub(crate) seconds: f64,
    /// The share of the processors that other machines of the same host took meanwhile, in percent.
    pub(crate) stolen: f64,
    /// Of answers with the status that was expected, in microseconds, sorted.
    latencies_us: Vec<u32>,
    /// How many answers had each other status.
    pub(crate) unexpected: BTreeMap<String, usize>,
}

impl Run {
    pub(crate) fn answers(&self) -> usize {
        self.latencies_us.len()
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.latencies_us.len() as f64 / self.seconds
    }

    /// The other answers in words, behind a blank; nothing where there were none.
    pub(crate) fn others(&self) -> String {
        let others: Vec<String> = self.unexpected.iter().map(|(status, count)| format!("{count} × {status}")).collect();
        if others.is_empty() { String::new() } else { format!(" (also {})", others.join(", ")) }
    }

    /// The latency in milliseconds that this share of answers did not exceed.
    pub(crate) fn quantile_ms(&self, share: f64) -> f64 {
        let last = self.latencies_us.len().saturating_sub(1);
        let at = (last as f64 * share).round() as usize;
        self.latencies_us.get(at).map_or(f64::NAN, |us| f64::from(*us) / 1000.0)
    }
}

struct Client {
    stream: TcpStream,
    request: Vec<u8>,
    sent: usize,
    answer: Vec<u8>,
    since: Instant,
}

/// How requests follow one another.
#[derive(Clone, Copy)]
pub(crate) enum Pace {
    /// Each client asks again as soon as it was answered.
    Full,
    /// So many a second by all clients together, on time whether or not earlier ones were answered, as far as there are clients. Latency counts from
    /// when a request was due.
    PerSecond(u32),
}

/// Has `clients` ask `address` for `time`: `first` makes a client's first request, `renew` makes it another in place, `expected`
/// is the status that counts. What is on its way at the end is waited for.
pub(crate) fn run(
    address: SocketAddr,
    (clients, pace): (usize, Pace),
    time: Duration,
    expected: &str,
    first: impl Fn() -> Vec<u8>,
    mut renew: impl FnMut(&mut [u8]),
) -> Run {
    let mut poll = Poll::new().expect("epoll");
    let mut events = Events::with_capacity(clients);
    let mut open: Vec<Client> = (0..clients).map(|at| connect(address, &poll, at, first())).collect();
    let mut idle: Vec<usize> = (0..clients).rev().collect();
    let (all, stolen) = process::all_and_stolen();
    let start = Instant::now();
    let mut run = Run { seconds: 0.0, stolen: 0.0, latencies_us: Vec::with_capacity(1 << 18), unexpected: BTreeMap::new() };
    let (mut asked, mut chunk) = (0_u32, vec![0; 256 * 1024]);
    loop {
        let now = Instant::now();
        let is_over = now - start >= time;
        let due = |asked: u32| match pace {
            Pace::Full => now,
            Pace::PerSecond(rate) => start + Duration::from_secs(1) * asked / rate,
        };
        while !is_over && due(asked) <= now {
            let Some(at) = idle.pop() else { break };
            let client = &mut open[at];
            renew(&mut client.request);
            (client.sent, client.since) = (0, due(asked));
            write(client);
            asked += 1;
        }
        if is_over && idle.len() == clients {
            break;
        }
        // A pause of less than a millisecond is none: the generator must leave the processors to the server.
        let patience = if idle.is_empty() || is_over { Duration::from_secs(30) } else { due(asked).saturating_duration_since(now) };
        poll.poll(&mut events, Some(patience)).expect("epoll");
        assert!(!events.is_empty() || patience < Duration::from_secs(30), "the server has stopped answering");
        for event in &events {
            let at = event.token().0;
            let client = &mut open[at];
            if event.is_writable() {
                write(client);
            }
            if event.is_readable() {
                while let Some(answer) = read(client, &mut chunk) {
                    if answer.status == expected {
                        run.latencies_us.push(u32::try_from(client.since.elapsed().as_micros()).unwrap_or(u32::MAX));
                    } else {
                        *run.unexpected.entry(answer.status).or_default() += 1;
                    }
                    client.sent = client.request.len();
                    idle.push(at);
                }
            }
        }
    }
    run.seconds = start.elapsed().as_secs_f64();
    let (all_after, stolen_after) = process::all_and_stolen();
    run.stolen = 100.0 * (stolen_after - stolen) / (all_after - all).max(1.0);
    run.latencies_us.sort_unstable();
    run
}

fn connect(address: SocketAddr, poll: &Poll, at: usize, request: Vec<u8>) -> Client {
    let stream = connect_from(Ipv4Addr::from_bits(Ipv4Addr::LOCALHOST.to_bits() + (at / CLIENTS_PER_ADDRESS) as u32), address)
        .expect("a connection");
    stream.set_nodelay(true).expect("a socket option");
    stream.set_nonblocking(true).expect("a socket option");
    let mut stream = TcpStream::from_std(stream);
    poll.registry().register(&mut stream, Token(at), Interest::READABLE | Interest::WRITABLE).expect("epoll");
    Client { stream, sent: request.len(), request, answer: Vec::with_capacity(1024), since: Instant::now() }
}

/// Connects from one of this machine's own addresses: a server may have its limits for each.
fn connect_from(from: Ipv4Addr, address: SocketAddr) -> std::io::Result<std::net::TcpStream> {
    let socket = rustix::net::socket(rustix::net::AddressFamily::INET, rustix::net::SocketType::STREAM, None)?;
    rustix::net::bind(&socket, &SocketAddr::from((from, 0)))?;
    rustix::net::connect(&socket, &address)?;
    Ok(socket.into())
}

fn write(client: &mut Client) {
    while client.sent < client.request.len() {
        match client.stream.write(&client.request[client.sent..]) {
            Ok(bytes) => client.sent += bytes,
            Err(error) if error.kind() == ErrorKind::WouldBlock => return,
            Err(error) => panic!("the server closed a connection: {error}"),
        }
    }
}

struct Answer {
    status: String,
}

/// The next whole answer; `None` where more bytes have to come.
fn read(client: &mut Client, chunk: &mut [u8]) -> Option<Answer> {
    loop {
        if let Some(answer) = whole(&mut client.answer) {
            return Some(answer);
        }
        match client.stream.read(chunk) {
            Ok(0) => panic!("the server closed a connection"),
            Ok(bytes) => client.answer.extend_from_slice(&chunk[..bytes]),
            Err(error) if error.kind() == ErrorKind::WouldBlock => return None,
            Err(error) => panic!("the server closed a connection: {error}"),
        }
    }
}

/// Takes a whole answer of known length off the front.
fn whole(bytes: &mut Vec<u8>) -> Option<Answer> {
    let head = bytes.windows(4).position(|end| end == b"\r\n\r\n")? + 4;
    let text = std::str::from_utf8(&bytes[..head]).expect("a head in ASCII");
    let status = text.get(9..12).expect("a status").to_owned();
    let length = text.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().expect("a length"))
    });
    let end = head + length.unwrap_or(0);
    if bytes.len() < end {
        return None;
    }
    bytes.drain(..end);
    Some(Answer { status })
}
