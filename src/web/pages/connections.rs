//! Connections: which tools may tell us something, and how they fare.

use crate::http::forms::Field;
use crate::web::layout::Frame;
use askama::Template;

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
    pub state: &'static str,
    pub tone: &'static str,
    pub sources: String,
    pub last_delivery: String,
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
}

impl New {
    fn complaints(&self) -> Vec<&Field> {
        [&self.connector, &self.name, &self.base_url].into_iter().filter(|field| field.is_bad()).collect()
    }
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
    pub state: &'static str,
    pub tone: &'static str,
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
