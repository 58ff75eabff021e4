//! Connections: which tools may tell us something, and how they fare.

use crate::base::clock::{Clock, Instant};
use crate::base::error::Fault;
use crate::base::id::ConnectionId;
use crate::base::secret::Secret;
use crate::capture::{Desk, refusals};
use crate::connectors::{CONNECTORS, Connector, connector};
use crate::http::forms::{Field, Form};
use crate::http::headers::IsEncrypted;
use crate::http::problem::Problem;
use crate::orgs::connections::{self, ConnectError, Connection, NewConnection};
use crate::orgs::sources;
use crate::store::OrgDb;
use crate::web::admission::At;
use crate::web::format;
use crate::web::layout::{Answer, Frame, View, page, page_with};
use crate::web::words;
use actix_web::HttpRequest;
use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Path};
use askama::Template;
use jiff::tz::TimeZone;

/// All connections.
#[derive(Template)]
#[template(path = "connections/index.html")]
pub struct Index {
    pub frame: Frame,
    pub connections: Vec<Row>,
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

/// The form for a new connection.
#[derive(Template)]
#[template(path = "connections/new.html")]
pub struct New {
    pub frame: Frame,
    pub csrf: String,
    pub tools: Vec<Tool>,
    pub connector: Field,
    pub name: Field,
    pub base_url: Field,
    pub secret: Field,
}

/// A tool that can be connected.
pub struct Tool {
    pub name: &'static str,
    pub title: &'static str,
    pub note: &'static str,
    pub is_chosen: bool,
}

/// The one page that shows the secret.
#[derive(Template)]
#[template(path = "connections/created.html")]
pub struct Created {
    pub frame: Frame,
    pub name: String,
    pub tool: &'static str,
    pub hook_url: String,
    pub secret: String,
    pub setup: &'static [&'static str],
    pub scopes: &'static [&'static str],
    pub sources_href: String,
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
    pub health: Vec<Fact>,
    pub refusals: Vec<Refused>,
    pub hook_url: String,
    pub setup: &'static [&'static str],
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
    sources_on: u64,
    captured: u64,
    last_at: Option<Instant>,
    /// Most frequent first.
    refused: Vec<(String, u64)>,
}

/// `GET /connections`.
pub async fn index(at: At, view: View, (desk, clock): (Data<Desk>, Data<Clock>)) -> Answer {
    let found = at.blocking(move |org| health_of_all(org, &desk)).await?;
    let now = clock.now();
    page(&Index { frame: view.frame("Connections"), connections: found.into_iter().map(|health| row(health, now)).collect() })
}

/// `GET /connections/new`.
pub async fn new(at: At, view: View) -> Answer {
    page(&New {
        frame: view.frame("Connect a tool"),
        csrf: at.form_token.to_string(),
        tools: tools(""),
        connector: Field::empty("connector"),
        name: Field::empty("name"),
        base_url: Field::empty("base_url"),
        secret: Field::empty("secret"),
    })
}

/// `POST /connections`. Answers the page itself, not a redirect to it: the secret is shown once and kept nowhere readable.
pub async fn create(at: At, view: View, req: HttpRequest, form: Form, clock: Data<Clock>) -> Answer {
    let Some(tool) = connector(form.text("connector")) else {
        return refused(&at, view, &form, |new| new.connector = new.connector.clone().refused("Choose one of the tools."));
    };
    let wish = wish(tool, &form);
    let actor = at.principal.actor();
    match at.blocking(move |org| connections::create(org, wish, actor, clock.now())).await {
        Ok(made) => page_with(StatusCode::CREATED, &created(view, &req, tool, &made)),
        Err(ConnectError::Fault(fault)) => Err(fault.into()),
        Err(ConnectError::NameMissing) => {
            refused(&at, view, &form, |new| new.name = new.name.clone().refused("Give it a name, so that people can tell it from others."))
        }
        Err(ConnectError::BadBaseUrl) => refused(&at, view, &form, |new| {
            new.base_url = new.base_url.clone().refused("Write the whole address of a host, beginning with https://.");
        }),
        Err(ConnectError::BadSecret) => refused(&at, view, &form, |new| {
            new.secret = new.secret.clone().refused("A secret has 16 to 256 characters. Leave it empty and one is made for you.");
        }),
    }
}

/// `GET /connections/{id}`.
pub async fn show(at: At, view: View, req: HttpRequest, id: Path<String>, (desk, clock): (Data<Desk>, Data<Clock>)) -> Answer {
    let id: ConnectionId = id.parse().map_err(|_| Problem::not_found())?;
    let found = at.blocking(move |org| health_of_one(org, &desk, id)).await?;
    let health = found.ok_or_else(Problem::not_found)?;
    let tool = connector(&health.connection.connector).ok_or_else(Problem::not_found)?;
    page(&shown(view, &req, tool, health, clock.now()))
}

/// Where the connection's own page is.
pub fn href(id: ConnectionId) -> String {
    format!("/connections/{id}")
}

/// The tools that can be connected, with the one of this name chosen.
pub fn tools(chosen: &str) -> Vec<Tool> {
    let note = |tool: &dyn Connector| tool.disclosure().reads.first().copied().unwrap_or_default();
    let tool = |tool: &&'static dyn Connector| Tool {
        name: tool.name(),
        title: tool.title(),
        note: note(*tool),
        is_chosen: tool.name() == chosen,
    };
    CONNECTORS.iter().map(tool).collect()
}

fn wish(tool: &'static dyn Connector, form: &Form) -> NewConnection {
    let given = |name: &str| Some(form.text(name)).filter(|text| !text.is_empty()).map(str::to_owned);
    NewConnection {
        connector: tool.name(),
        name: form.text("name").to_owned(),
        base_url: given("base_url"),
        secret: given("secret").map(Secret::new),
    }
}

/// The form once more, with what is wrong. A secret that was typed is not sent back.
fn refused(at: &At, view: View, form: &Form, complain: impl FnOnce(&mut New)) -> Answer {
    let mut new = New {
        frame: view.frame("Connect a tool"),
        csrf: at.form_token.to_string(),
        tools: tools(form.text("connector")),
        connector: Field::sent("connector", form),
        name: Field::sent("name", form),
        base_url: Field::sent("base_url", form),
        secret: Field::empty("secret"),
    };
    complain(&mut new);
    page_with(StatusCode::UNPROCESSABLE_ENTITY, &new)
}

impl New {
    fn complaints(&self) -> Vec<&Field> {
        [&self.connector, &self.name, &self.base_url, &self.secret].into_iter().filter(|field| field.is_bad()).collect()
    }
}

fn created(view: View, req: &HttpRequest, tool: &'static dyn Connector, made: &connections::Created) -> Created {
    Created {
        frame: view.frame("Connection created"),
        name: made.connection.name.clone(),
        tool: tool.title(),
        hook_url: hook_url(req, &made.connection),
        secret: made.secret.reveal().clone(),
        setup: tool.disclosure().setup,
        scopes: tool.disclosure().scopes,
        sources_href: format!("{}/sources", href(made.connection.id)),
    }
}

/// The address that the tool sends to, under the name by which this very page was asked for.
fn hook_url(req: &HttpRequest, connection: &Connection) -> String {
    let is_encrypted = req.app_data::<Data<IsEncrypted>>().is_none_or(|data| data.0);
    let scheme = if is_encrypted { "https" } else { "http" };
    let host = req.headers().get(header::HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    format!("{scheme}://{host}/hooks/{}/{}", connection.connector, connection.id)
}

fn health_of_all(org: &OrgDb, desk: &Desk) -> Result<Vec<Health>, Fault> {
    let lines = desk.refusals.lines(org)?;
    connections::list(org)?.into_iter().map(|connection| health(org, connection, &lines)).collect()
}

fn health_of_one(org: &OrgDb, desk: &Desk, id: ConnectionId) -> Result<Option<Health>, Fault> {
    let lines = desk.refusals.lines(org)?;
    connections::find(org, id)?.map(|connection| health(org, connection, &lines)).transpose()
}

fn health(org: &OrgDb, connection: Connection, lines: &[refusals::Line]) -> Result<Health, Fault> {
    let sources_on = sources::list(org, connection.id)?.iter().filter(|source| source.is_subscribed).count() as u64;
    let mine = || lines.iter().filter(|line| line.connection == connection.id);
    let captured = mine().filter(|line| line.reason == refusals::CAPTURED).map(|line| line.n).sum();
    let mut refused: Vec<_> = mine().filter(|line| line.reason != refusals::CAPTURED).map(|line| (line.reason.clone(), line.n)).collect();
    refused.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    let last_at = mine().map(|line| line.last_at).max();
    Ok(Health { connection, sources_on, captured, last_at, refused })
}

impl Health {
    const fn state(&self) -> State {
        match (self.last_at, self.sources_on) {
            (None, _) => State { words: "Waiting for a first delivery", tone: "warn" },
            (Some(_), 0) => State { words: "No source is on", tone: "off" },
            (Some(_), _) => State { words: "Listening", tone: "good" },
        }
    }
}

fn row(health: Health, now: Instant) -> Row {
    Row {
        href: href(health.connection.id),
        state: health.state(),
        tool: connector(&health.connection.connector).map_or("", |tool| tool.title()),
        sources: format!("{} on", format::count(health.sources_on, "source", "sources")),
        last_delivery: match health.last_at {
            Some(at) => format!("Last delivery {}", format::ago(at, now)),
            None => "Nothing arrived yet".to_owned(),
        },
        name: health.connection.name,
        base_url: health.connection.base_url.unwrap_or_default(),
    }
}

fn shown(view: View, req: &HttpRequest, tool: &'static dyn Connector, health: Health, now: Instant) -> Show {
    let exact = |at: Instant| format::moment(at, &TimeZone::UTC).words;
    let fact = |label, value: String, note: String| Fact { label, value, note };
    Show {
        frame: view.frame(health.connection.name.clone()),
        tool: tool.title(),
        state: health.state(),
        sources_href: format!("{}/sources", href(health.connection.id)),
        health: vec![
            match health.last_at {
                Some(at) => fact("Last delivery", format::ago(at, now), exact(at)),
                None => fact("Last delivery", "Nothing arrived yet".to_owned(), String::new()),
            },
            fact("Sources on", format::grouped(health.sources_on), String::new()),
            fact("Taken in", format::count(health.captured, "delivery", "deliveries"), String::new()),
            fact("Connected", exact(health.connection.created_at), String::new()),
        ],
        refusals: health.refused.iter().map(|(word, n)| Refused { reason: words::reason(word), count: format::grouped(*n) }).collect(),
        hook_url: hook_url(req, &health.connection),
        setup: tool.disclosure().setup,
        name: health.connection.name,
        base_url: health.connection.base_url.unwrap_or_default(),
    }
}
