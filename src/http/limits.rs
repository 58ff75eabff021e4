//! How much a request may bring, how long it may take, and how many there may be at once.
//!
//! Whoever can reach the port can open connections, so that nothing here may depend on a caller's good will.

use std::time::Duration;

/// Largest form, in bytes: several times the longest note (500 characters of four bytes, percent-encoded).
pub const FORM_BYTES_MAX: usize = 32 * 1024;
/// Most fields of one form: the largest form has five.
pub const FORM_FIELDS_MAX: usize = 32;
/// Largest JSON body of the API, in bytes: every one of them is a handful of short strings.
pub const JSON_BYTES_MAX: usize = 32 * 1024;
/// What an overloaded program asks its callers to wait, in seconds: queues drain in less.
pub const OVERLOAD_RETRY_S: u64 = 2;

/// How long a client may take to send a request's head.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How long a client may take to send a request's body: the largest delivery at 3.4 Mbit/s.
const BODY_TIME: Duration = Duration::from_secs(10);
/// How long a connection on which nothing happens is kept.
const IDLE_TIME: Duration = Duration::from_mins(1);
/// Bytes of deliveries that are held at once, from the first byte to the commit: eight of the largest, thousands of the usual.
const DELIVERY_BYTES_AT_ONCE: usize = 8 * 4 * 1024 * 1024;
/// Deliveries of one organisation that are at work at once, from the last byte to the commit: half as many again as keep the disk busy. With more of them
/// each only waits longer.
const DELIVERIES_AT_WORK: usize = 96;
/// How long a delivery waits for a place among them: in this time a burst of all connections that one network may have finds places, and what is taken in
/// takes at most about twice as long as usual.
const ADMISSION_WAIT: Duration = Duration::from_millis(25);
/// How long whoever is one too many waits for being told so. Many come back at once, whatever they are told, and to turn one away costs a third of
/// what it costs to take its delivery: a thousand of them then cost an eighth of a processor.
const OVERLOAD_PAUSE: Duration = Duration::from_millis(500);
/// Connections at once. One that waits for its client costs a file and some 20 KiB.
const CONNECTIONS_MAX: usize = 1_000;
/// Connections from one network at once: an office behind one address, each browser with six.
const CONNECTIONS_PER_NETWORK_MAX: usize = 250;

/// What the doors allow.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// For the head of a request.
    pub head_time: Duration,
    /// For the body of a request, from its head to its last byte.
    pub body_time: Duration,
    /// For a connection without a request.
    pub idle_time: Duration,
    /// Bytes of deliveries that are held at once.
    pub delivery_bytes: usize,
    /// Deliveries of one organisation that are at work at once.
    pub deliveries_at_work: usize,
    /// How long a delivery waits for a place among them.
    pub admission_wait: Duration,
    /// How long whoever is one too many waits for being told so.
    pub overload_pause: Duration,
    /// Connections at once.
    pub connections: usize,
    /// Connections from one network at once.
    pub connections_per_network: usize,
}

impl Limits {
    /// The same, with no more connections than half of the files that this process may open: the databases need some too.
    #[must_use]
    pub fn within(self, open_files: usize) -> Self {
        Self { connections: self.connections.min(open_files / 2), ..self }
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_time: HEAD_TIME,
            body_time: BODY_TIME,
            idle_time: IDLE_TIME,
            delivery_bytes: DELIVERY_BYTES_AT_ONCE,
            deliveries_at_work: DELIVERIES_AT_WORK,
            admission_wait: ADMISSION_WAIT,
            overload_pause: OVERLOAD_PAUSE,
            connections: CONNECTIONS_MAX,
            connections_per_network: CONNECTIONS_PER_NETWORK_MAX,
        }
    }
}
