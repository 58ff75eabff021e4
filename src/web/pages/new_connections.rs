//! Connecting a tool: which one, what to do there first, and what it needs.

use crate::base::clock::Clock;
use crate::base::error::Fault;
use crate::base::secret::Secret;
use crate::connectors::{CONNECTORS, Connector, Hints, connector, new_connection};
use crate::http::forms::{Field, Form};
use crate::http::problem::Problem;
use crate::orgs::connections::{self, ConnectError, Created as Made, NewConnection, SecretMaker};
use crate::web::admission::At;
use crate::web::layout::{Answer, Frame, View, page, page_with, see_other};
use crate::web::pages::connections::{hook_url, href, is_local};
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Query};
use askama::Template;
use serde::Deserialize;

/// The choice between the tools.
#[derive(Template)]
#[template(path = "connections/choose.html")]
pub struct Choose {
    pub frame: Frame,
    pub tools: Vec<Tool>,
}

/// A tool that can be connected.
pub struct Tool {
    pub name: &'static str,
    pub title: &'static str,
    pub note: &'static str,
    pub href: String,
    pub is_chosen: bool,
}

/// The form for a connection to one tool.
#[derive(Template)]
#[template(path = "connections/new.html")]
pub struct New {
    pub frame: Frame,
    pub csrf: String,
    pub tool: &'static str,
    pub tool_name: &'static str,
    /// Whatever is sent with it makes one connection.
    pub id: String,
    pub prepare: &'static [&'static str],
    pub hints: &'static Hints,
    pub needs_base_url: bool,
    pub needs_secret: bool,
    pub name: Field,
    pub base_url: Field,
    pub secret: Field,
}

/// The one page that shows a secret that was made.
#[derive(Template)]
#[template(path = "connections/created.html")]
pub struct Created {
    pub frame: Frame,
    pub name: String,
    pub tool: &'static str,
    pub hook_url: String,
    pub is_local: bool,
    /// `None` where the admin brought it.
    pub secret: Option<String>,
    pub setup: &'static [&'static str],
    pub scopes: &'static [&'static str],
    pub sources_href: String,
}

/// Which tool to connect.
#[derive(Deserialize)]
pub struct Wanted {
    connector: Option<String>,
}

/// `GET /connections/new`.
pub async fn show(at: At, view: View, wanted: Query<Wanted>) -> Answer {
    match wanted.connector.as_deref() {
        None => page(&Choose { frame: view.frame("Connect a tool"), tools: tools("") }),
        Some(name) => {
            let tool = connector(name).ok_or_else(Problem::not_found)?;
            let id = at.blocking(connections::reserve).await?;
            page(&new(&at, view, tool, id.to_string()))
        }
    }
}

/// `POST /connections`. Answers the page itself, not a redirect to it: a secret that was made is shown once and kept nowhere
/// readable. A reload makes no second connection: it leads to the first.
pub async fn create(at: At, view: View, req: HttpRequest, form: Form, clock: Data<Clock>) -> Answer {
    let tool = connector(form.text("connector")).ok_or(Problem::malformed("Choose one of the tools, on the page before."))?;
    let id = form.text("id").parse().ok();
    let wish = wish(tool, &form, id);
    let actor = at.principal.actor();
    let error = match at.blocking(move |org| connections::create(org, wish, actor, clock.now())).await {
        Ok(made) => return page_with(StatusCode::CREATED, &created(view, &req, tool, &made)),
        Err(error) => error,
    };
    match (error, id) {
        (ConnectError::Exists, Some(id)) => Ok(see_other(&href(id))),
        (error, _) => {
            let mut new = new(&at, view, tool, form.text("id").to_owned());
            (new.name, new.base_url) = (Field::sent("name", &form), Field::sent("base_url", &form));
            new.complain(error)?;
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &new)
        }
    }
}

/// The tools that can be connected, with the one of this name chosen.
pub fn tools(chosen: &str) -> Vec<Tool> {
    let tool = |tool: &&'static dyn Connector| Tool {
        name: tool.name(),
        title: tool.title(),
        note: tool.disclosure().reads.first().copied().unwrap_or_default(),
        href: format!("/connections/new?connector={}", tool.name()),
        is_chosen: tool.name() == chosen,
    };
    CONNECTORS.iter().map(tool).collect()
}

/// What a form says about a secret; nothing where the field is empty.
pub fn secret_in(form: &Form) -> Option<Secret<String>> {
    Some(form.text("secret")).filter(|text| !text.is_empty()).map(|text| Secret::new(text.to_owned()))
}

/// The page after a connection was made, or its secret replaced.
pub fn created(view: View, req: &HttpRequest, tool: &'static dyn Connector, made: &Made) -> Created {
    let hook_url = hook_url(req, &made.connection);
    Created {
        frame: view.frame("Connection created"),
        name: made.connection.name.clone(),
        tool: tool.title(),
        is_local: is_local(&hook_url),
        hook_url,
        secret: (made.made_by == SecretMaker::Us).then(|| made.secret.reveal().clone()),
        setup: tool.disclosure().setup,
        scopes: tool.disclosure().scopes,
        sources_href: format!("{}/sources", href(made.connection.id)),
    }
}

fn wish(tool: &'static dyn Connector, form: &Form, id: Option<crate::base::id::ConnectionId>) -> NewConnection {
    let base_url = Some(form.text("base_url")).filter(|text| !text.is_empty()).map(str::to_owned);
    NewConnection { id, base_url, secret: secret_in(form), ..new_connection(tool, form.text("name")) }
}

/// The empty form. A secret that was typed is never sent back.
fn new(at: &At, view: View, tool: &'static dyn Connector, id: String) -> New {
    New {
        frame: view.frame(format!("Connect {}", tool.title())),
        csrf: at.form_token.to_string(),
        tool: tool.title(),
        tool_name: tool.name(),
        id,
        prepare: tool.disclosure().prepare,
        hints: &tool.disclosure().hints,
        needs_base_url: tool.needs_base_url(),
        needs_secret: tool.secret_maker() == SecretMaker::Tool,
        name: Field::empty("name"),
        base_url: Field::empty("base_url"),
        secret: Field::empty("secret"),
    }
}

/// What is wrong with a secret, in the words of a form.
pub const fn secret_complaint(error: &ConnectError) -> Option<&'static str> {
    match error {
        ConnectError::SecretMissing => Some("Copy it from the tool: it signs with it, and one that is made up here would never fit."),
        ConnectError::BadSecret => Some("A secret has 16 to 256 characters: plain letters, digits and signs."),
        _ => None,
    }
}

impl New {
    fn complain(&mut self, error: ConnectError) -> Result<(), Fault> {
        let (field, words) = match error {
            ConnectError::Fault(fault) => return Err(fault),
            ConnectError::NameMissing => (&mut self.name, "Give it a name, so that people can tell it from others."),
            ConnectError::NameTooLong => (&mut self.name, "This name is too long. Keep it to 80 characters."),
            ConnectError::BaseUrlMissing => (&mut self.base_url, "Write the address: links to messages are made with it."),
            ConnectError::BadBaseUrl => (&mut self.base_url, "Write the whole address of a host, beginning with https://."),
            ConnectError::Exists => (&mut self.name, "This form was sent before. Open Connections to see what it made."),
            error => (&mut self.secret, secret_complaint(&error).unwrap_or_default()),
        };
        *field = field.clone().refused(words);
        Ok(())
    }

    fn complaints(&self) -> Vec<&Field> {
        [&self.name, &self.base_url, &self.secret].into_iter().filter(|field| field.is_bad()).collect()
    }
}
