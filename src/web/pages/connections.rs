//! Connections: which tools may tell us something, and how they fare.

use crate::auth::Scope;
use crate::base::clock::{Clock, Instant};
use crate::base::error::Fault;
use crate::base::id::ConnectionId;
use crate::base::url::WebAddress;
use crate::capture::{Desk, refusals};
use crate::connectors::{Connector, connector};
use crate::http::forms::Field;
use crate::http::origin;
use crate::http::problem::Problem;
use crate::orgs::connections::{self, Connection};
use crate::orgs::sources::{self, Mode};
use crate::store::OrgDb;
use crate::web::admission::At;
use crate::web::format;
use crate::web::layout::{Answer, Frame, View, page};
use crate::web::pages::patterns::Teams;
use crate::web::pages::production;
use crate::web::words;
use actix_web::HttpRequest;
use actix_web::web::{Data, Path};
use askama::Template;
use jiff::tz::TimeZone;

/// All connections.
#[derive(Template)]
#[template(path = "connections/index.html")]
pub struct Index {
    pub frame: Frame,
    pub csrf: String,
    pub connections: Vec<Row>,
    /// What environments are called that are production.
    pub production: Field,
    pub may_change: bool,
}

/// One connection in the list.
pub struct Row {
    pub href: String,
    pub name: String,
    pub tool: &'static str,
    pub base_url: String,
    pub state: State,
    pub sources: String,
    pub last_delivery: String,
}

/// How a connection fares, in a word and a colour that is never the only sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct State {
    pub words: &'static str,
    pub tone: &'static str,
}

/// One connection and its health.
#[derive(Template)]
#[template(path = "connections/show.html")]
pub struct Show {
    pub frame: Frame,
    pub name: String,
    pub tool: &'static str,
    pub base_url: String,
    pub state: State,
    pub sources_href: String,
    /// What people call the sources that are on.
    pub reads: Vec<String>,
    pub may_change: bool,
    pub health: Vec<Fact>,
    pub refusals: Vec<Refused>,
    pub hook_url: String,
    /// Whether only this machine can reach that address.
    pub is_local: bool,
    pub setup: &'static [&'static str],
    pub secret_href: String,
    pub removal_href: String,
}

/// One line of health.
pub struct Fact {
    pub label: &'static str,
    pub value: String,
    pub note: String,
}

/// How many deliveries were turned away for one reason.
pub struct Refused {
    pub reason: &'static str,
    pub count: String,
}

/// What is known of how a connection fares.
struct Health {
    connection: Connection,
    /// What people call the sources that are on.
    reads: Vec<String>,
    in_shadow: u64,
    captured: u64,
    last_at: Option<Instant>,
    /// Most frequent first.
    refused: Vec<(String, u64)>,
}

/// `GET /connections`.
pub async fn index(at: At, view: View, wired: (Data<Desk>, Data<Clock>)) -> Answer {
    page(&shown_all(&at, view, wired, None).await?)
}

/// The page of all, with the form on it as it was sent where something was wrong with it.
pub async fn shown_all(at: &At, view: View, (desk, clock): (Data<Desk>, Data<Clock>), sent: Option<Field>) -> Result<Index, Problem> {
    let now = clock.now();
    let (found, production) = at.blocking(move |org| Ok::<_, Fault>((health_of_all(org, &desk, now)?, production::field(org)?))).await?;
    Ok(Index {
        frame: view.frame("Connections"),
        csrf: at.form_token.to_string(),
        connections: found.into_iter().map(|health| row(health, now)).collect(),
        production: sent.unwrap_or(production),
        may_change: at.may(Scope::WriteConnections),
    })
}

impl Index {
    fn complaints(&self) -> Vec<&Field> {
        [&self.production].into_iter().filter(|field| field.is_bad()).collect()
    }
}

/// `GET /connections/{id}`.
pub async fn show(at: At, view: View, req: HttpRequest, id: Path<String>, (desk, clock): (Data<Desk>, Data<Clock>)) -> Answer {
    let id: ConnectionId = id.parse().map_err(|_| Problem::not_found())?;
    let now = clock.now();
    let (found, zone) =
        at.blocking(move |org| Ok::<_, Fault>((health_of_one(org, &desk, id, now)?, Teams::of(org)?.common_zone()))).await?;
    let health = found.ok_or_else(Problem::not_found)?;
    let tool = connector(&health.connection.connector).ok_or_else(Problem::not_found)?;
    page(&Show { may_change: at.may(Scope::WriteConnections), ..shown(view, &req, tool, health, (now, &zone)) })
}

/// The connection of this id with its tool.
pub async fn find(at: &At, id: &str) -> Result<(Connection, &'static dyn Connector), Problem> {
    let id: ConnectionId = id.parse().map_err(|_| Problem::not_found())?;
    let connection = at.blocking(move |org| connections::find(org, id)).await?.ok_or_else(Problem::not_found)?;
    let tool = connector(&connection.connector).ok_or_else(Problem::not_found)?;
    Ok((connection, tool))
}

/// Where the connection's own page is.
pub fn href(id: ConnectionId) -> String {
    format!("/connections/{id}")
}

/// The address that the tool sends to.
pub fn hook_url(req: &HttpRequest, connection: &Connection) -> String {
    format!("{}/hooks/{}/{}", origin::address(req), connection.connector, connection.id)
}

/// Whether an address leads to the very machine it is opened on, so that no tool elsewhere can deliver to it.
pub fn is_local(url: &str) -> bool {
    let origin = url.match_indices('/').nth(2).map_or(url, |(end, _)| url.split_at(end).0);
    WebAddress::parse_origin(origin).is_some_and(|address| address.is_loopback())
}

fn health_of_all(org: &OrgDb, desk: &Desk, now: Instant) -> Result<Vec<Health>, Fault> {
    let lines = desk.refusals.lines(org)?;
    connections::list(org)?.into_iter().map(|connection| health(org, connection, &lines, now)).collect()
}

fn health_of_one(org: &OrgDb, desk: &Desk, id: ConnectionId, now: Instant) -> Result<Option<Health>, Fault> {
    let lines = desk.refusals.lines(org)?;
    connections::find(org, id)?.map(|connection| health(org, connection, &lines, now)).transpose()
}

fn health(org: &OrgDb, connection: Connection, lines: &[refusals::Line], now: Instant) -> Result<Health, Fault> {
    let found = sources::list(org, connection.id)?;
    let in_shadow = found.iter().filter(|source| source.mode(now) == Mode::Shadow).count() as u64;
    let on = found.iter().filter(|source| source.is_subscribed);
    let reads: Vec<String> = on.map(|source| source.label.as_ref().unwrap_or(&source.external_id).clone()).collect();
    let mine = || lines.iter().filter(|line| line.connection == connection.id);
    let captured = mine().filter(|line| line.reason == refusals::CAPTURED).map(|line| line.n).sum();
    let mut refused: Vec<_> = mine().filter(|line| line.reason != refusals::CAPTURED).map(|line| (line.reason.clone(), line.n)).collect();
    refused.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let last_at = mine().filter_map(refusals::Line::came_at).max();
    Ok(Health { connection, reads, in_shadow, captured, last_at, refused })
}

impl Health {
    const fn state(&self) -> State {
        match (self.last_at, self.reads.is_empty(), self.in_shadow) {
            (None, ..) => State { words: "Waiting for a first delivery", tone: "warn" },
            (Some(_), true, 0) => State { words: "No source is on", tone: "off" },
            (Some(_), true, _) => State { words: "In shadow mode", tone: "plain" },
            (Some(_), false, _) => State { words: "Listening", tone: "good" },
        }
    }
}

fn row(health: Health, now: Instant) -> Row {
    Row {
        href: href(health.connection.id),
        state: health.state(),
        tool: connector(&health.connection.connector).map_or("", |tool| tool.title()),
        sources: {
            let on = format::count(health.reads.len() as u64, "source", "sources");
            if health.in_shadow == 0 {
                format!("{on} on")
            } else {
                format!("{on} on, {} in shadow mode", format::grouped(health.in_shadow))
            }
        },
        last_delivery: match health.last_at {
            Some(at) => format!("Last delivery {}", format::ago(at, now)),
            None => "Nothing arrived yet".to_owned(),
        },
        name: health.connection.name,
        base_url: health.connection.base_url.unwrap_or_default(),
    }
}

fn shown(view: View, req: &HttpRequest, tool: &'static dyn Connector, health: Health, (now, zone): (Instant, &TimeZone)) -> Show {
    let exact = |at: Instant| format::moment(at, zone).words;
    let (id, hook_url) = (health.connection.id, hook_url(req, &health.connection));
    let fact = |label, value: String, note: String| Fact { label, value, note };
    Show {
        frame: view.frame(health.connection.name.clone()),
        tool: tool.title(),
        state: health.state(),
        sources_href: format!("{}/sources", href(health.connection.id)),
        may_change: false,
        health: vec![
            match health.last_at {
                Some(at) => fact("Last delivery", format::ago(at, now), exact(at)),
                None => fact("Last delivery", "Nothing arrived yet".to_owned(), String::new()),
            },
            fact("Sources on", format::grouped(health.reads.len() as u64), String::new()),
            fact("In shadow mode", format::grouped(health.in_shadow), String::new()),
            fact("Taken in", format::count(health.captured, "delivery", "deliveries"), String::new()),
            fact("Connected", exact(health.connection.created_at), String::new()),
        ],
        refusals: health.refused.iter().map(|(word, n)| Refused { reason: words::reason(word), count: format::grouped(*n) }).collect(),
        is_local: is_local(&hook_url),
        hook_url,
        setup: tool.disclosure().setup,
        secret_href: format!("{}/secret", href(id)),
        removal_href: format!("{}/removal", href(id)),
        reads: health.reads,
        name: health.connection.name,
        base_url: health.connection.base_url.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_that_only_this_machine_reaches_is_recognised() {
        for local in ["http://127.0.0.1:8080/hooks/x", "https://localhost:8443/", "https://[::1]:8443/hooks/x", "https://127.3.4.5/"] {
            assert!(is_local(local), "{local}");
        }
        for open in
            ["https://retro.acme.example/hooks", "https://10.0.0.7:8443/", "https://localhost.acme.example/", "https://[2001:db8::1]/"]
        {
            assert!(!is_local(open), "{open}");
        }
    }
}
