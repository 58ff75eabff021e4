//! The server: whether it answers, where the world finds it, and over which wire.

use super::facts::{Facts, Port, Server};
use super::files::of_all;
use super::place::is_sandbox;
use super::{Check, Found};
use crate::base::text::counted;
use crate::config::MetricsAddress;
use std::net::SocketAddr;

/// A certificate is replaced at the start of the program this many days before it ends.
const CERTIFICATE_DAYS_MIN: i64 = 21;
/// Writes that wait while all is well: a batch.
const WAITING_MAX: usize = 512;

pub(super) const CHECKS: &[Check] = &[
    Check {
        id: "server.answers",
        remedy: "Something holds the data directory and does not answer on its local socket: see the log of the server, and restart it.",
        look: |facts| match &facts.server {
            Server::Running(health) => Found::Good(format!("it runs at {} since {}", health.url, health.started_at)),
            Server::Stopped(_) => Found::Hint("it does not run; start it with `smartretro serve`".to_owned()),
            Server::Silent => Found::Problem("the data directory is in use, and nothing answers".to_owned()),
        },
    },
    Check {
        id: "server.writes",
        remedy: "Free or repair the disk, then restart the program: after a failed commit a database takes nothing more until then.",
        look: |facts| match &facts.server {
            Server::Running(health) => match &health.not_ready {
                Some(why) => Found::Problem(why.clone()),
                None => Found::Good("it takes deliveries".to_owned()),
            },
            _ => Found::Skipped("the server does not run".to_owned()),
        },
    },
    Check {
        id: "server.queue",
        remedy: "The disk does not keep up with the deliveries: look at its load, or move the data directory to a faster one.",
        look: |facts| match &facts.server {
            Server::Running(health) if health.waiting > WAITING_MAX => Found::Hint(waiting(health.waiting)),
            Server::Running(health) => Found::Good(waiting(health.waiting)),
            _ => Found::Skipped("the server does not run".to_owned()),
        },
    },
    Check {
        id: "server.version",
        remedy: "Restart the server, so that it runs the version that is installed.",
        look: |facts| match &facts.server {
            Server::Running(health) if health.version != env!("CARGO_PKG_VERSION") => {
                Found::Hint(format!("version {} runs, and this is {}", health.version, env!("CARGO_PKG_VERSION")))
            }
            _ => Found::Good(format!("version {}", env!("CARGO_PKG_VERSION"))),
        },
    },
    Check {
        id: "net.listen",
        remedy: "Stop the other program, or choose another address (--listen, SMARTRETRO_LISTEN).",
        look: |facts| match &facts.server {
            Server::Stopped(Port::Refused(why)) => Found::Problem(why.clone()),
            Server::Stopped(Port::Free) => Found::Good(format!("{} is free", facts.configuration.listen)),
            Server::Running(health) => Found::Good(health.url.clone()),
            Server::Silent => Found::Skipped("the server does not answer".to_owned()),
        },
    },
    Check {
        id: "net.public_url",
        remedy: "Set public_url to the address that people and tools use, such as https://retro.example.org: without it the name in a request is believed.",
        look: public_url,
    },
    Check {
        id: "net.certificate",
        remedy: "Restart the server: it makes a new certificate where the old one is about to end or does not name public_url.",
        look: |facts| {
            of_all(facts, |installation| {
                if facts.configuration.behind_proxy {
                    return Found::Good("the proxy shows a certificate of its own".to_owned());
                }
                let Some(ends_at) = installation.certificate_ends_at else {
                    return Found::Skipped("none was made yet; the first start over TLS makes one".to_owned());
                };
                let days = facts.now.duration_until(ends_at).as_hours() / 24;
                if days < 0 && !installation.is_sandbox {
                    return Found::Problem(format!("the certificate ended at {ends_at}"));
                }
                let left = counted(days.max(0).unsigned_abs(), "day", "days");
                if days < CERTIFICATE_DAYS_MIN && !installation.is_sandbox {
                    return Found::Problem(format!("the certificate ends in {left}, at {ends_at}"));
                }
                Found::Good(format!("the certificate ends in {left}"))
            })
        },
    },
    Check {
        id: "net.metrics",
        remedy: "Restart the server after a change of metrics_listen; a socket's folder must exist and be the server's to write.",
        look: metrics,
    },
];

fn public_url(facts: &Facts) -> Found {
    let listen: Option<SocketAddr> = facts.configuration.listen.parse().ok();
    let is_reached = facts.configuration.behind_proxy || listen.is_some_and(|address| !address.ip().is_loopback());
    match &facts.configuration.public_url {
        Some(url) if !url.is_https() && !is_sandbox(facts) => Found::Problem(format!("public_url = {url} is not encrypted")),
        Some(url) if is_reached && url.is_loopback() => {
            Found::Hint(format!("public_url = {url} leads every machine to itself, and this one is reached from others"))
        }
        Some(url) => Found::Good(format!("public_url = {url}")),
        None if is_reached => Found::Hint("public_url is not set, and the appliance is reached from other machines".to_owned()),
        None => Found::Good("public_url is not set, and only this machine reaches the appliance".to_owned()),
    }
}

fn metrics(facts: &Facts) -> Found {
    let Some(wanted) = &facts.configuration.metrics else {
        return Found::Good("no metrics are asked for".to_owned());
    };
    let wanted = match wanted {
        MetricsAddress::Loopback(address) => format!("http://{address}/metrics"),
        MetricsAddress::Unix(path) => format!("unix:{}", path.display()),
    };
    match &facts.server {
        Server::Running(health) => match &health.metrics {
            Some(answered) => Found::Good(format!("answered at {answered}")),
            None => Found::Problem(format!("{wanted} is asked for, and the running server answers none")),
        },
        _ => Found::Good(format!("{wanted}, once the server runs")),
    }
}

fn waiting(writes: usize) -> String {
    counted(writes as u64, "write waits", "writes wait")
}
