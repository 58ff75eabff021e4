//! A load generator: one thread, many connections that stay open, each with one request on its way. Cheap, because it shares the
//! processors with the server that it measures.

use mio::net::TcpStream;
use mio::{Events, Interest, Poll, Token};
use std::io::{ErrorKind, Read as _, Write as _};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

/// What a run showed.
pub(crate) struct Run {
    pub(crate) seconds: f64,
    /// Of answers with the status that was expected, in microseconds, sorted.
    latencies_us: Vec<u32>,
    /// The status lines of the others.
    pub(crate) unexpected: Vec<String>,
}

impl Run {
    pub(crate) fn answers(&self) -> usize {
        self.latencies_us.len()
    }

    pub(crate) fn per_second(&self) -> f64 {
        self.latencies_us.len() as f64 / self.seconds
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

/// Keeps `clients` requests on their way to `address` for `time`: `first` makes a client's first, `renew` makes it another in place, `expected`
/// is the status that counts. What is on its way at the end is waited for.
pub(crate) fn run(
    address: SocketAddr,
    clients: usize,
    time: Duration,
    expected: &str,
    first: impl Fn() -> Vec<u8>,
    mut renew: impl FnMut(&mut [u8]),
) -> Run {
    let mut poll = Poll::new().expect("epoll");
    let mut events = Events::with_capacity(clients);
    let mut open: Vec<Client> = (0..clients)
        .map(|at| {
            let stream = std::net::TcpStream::connect(address).expect("a connection");
            stream.set_nodelay(true).expect("a socket option");
            stream.set_nonblocking(true).expect("a socket option");
            let mut stream = TcpStream::from_std(stream);
            poll.registry().register(&mut stream, Token(at), Interest::READABLE | Interest::WRITABLE).expect("epoll");
            Client { stream, request: first(), sent: 0, answer: Vec::with_capacity(1024), since: Instant::now() }
        })
        .collect();
    let start = Instant::now();
    let mut run = Run { seconds: 0.0, latencies_us: Vec::with_capacity(1 << 18), unexpected: Vec::new() };
    for client in &mut open {
        renew(&mut client.request);
        client.since = Instant::now();
        write(client);
    }
    let mut waiting = clients;
    let mut chunk = vec![0; 256 * 1024];
    while waiting > 0 {
        poll.poll(&mut events, Some(Duration::from_secs(30))).expect("epoll");
        assert!(!events.is_empty(), "the server has stopped answering");
        for event in &events {
            let client = &mut open[event.token().0];
            if event.is_writable() {
                write(client);
            }
            if event.is_readable() {
                while let Some(answer) = read(client, &mut chunk) {
                    let status = answer.status;
                    if status == expected {
                        run.latencies_us.push(u32::try_from(client.since.elapsed().as_micros()).unwrap_or(u32::MAX));
                    } else if run.unexpected.len() < 20 {
                        run.unexpected.push(status);
                    }
                    if start.elapsed() >= time {
                        waiting -= 1;
                        client.sent = client.request.len();
                        break;
                    }
                    renew(&mut client.request);
                    client.sent = 0;
                    client.since = Instant::now();
                    write(client);
                }
            }
        }
    }
    run.seconds = start.elapsed().as_secs_f64();
    run.latencies_us.sort_unstable();
    run
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
