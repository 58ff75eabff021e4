//! Replacing the secret of a connection.

use crate::base::clock::Clock;
use crate::connectors::Connector;
use crate::http::forms::{Field, Form};
use crate::http::problem::Problem;
use crate::orgs::connections::{self, ConnectError, Connection, SecretMaker};
use crate::web::admission::At;
use crate::web::layout::{Answer, Frame, View, page, page_with, see_other};
use crate::web::pages::connections::{find, href};
use crate::web::pages::new_connections::{created, secret_complaint, secret_in};
use actix_web::HttpRequest;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;

/// The form for another secret.
#[derive(Template)]
#[template(path = "connections/secret.html")]
pub struct Show {
    pub frame: Frame,
    pub csrf: String,
    pub name: String,
    pub tool: &'static str,
    pub href: String,
    pub needs_secret: bool,
    pub hint: &'static str,
    pub secret: Field,
}

/// `GET /connections/{id}/secret`.
pub async fn show(at: At, view: View, id: Path<String>) -> Answer {
    let (connection, tool) = find(&at, &id).await?;
    page(&shown(&at, view, &connection, tool, Field::empty("secret")))
}

/// `POST /connections/{id}/secret`.
pub async fn create(at: At, view: View, req: HttpRequest, id: Path<String>, form: Form, clock: Data<Clock>) -> Answer {
    let (connection, tool) = find(&at, &id).await?;
    let (id, actor, given) = (connection.id, at.principal.actor(), (secret_in(&form), tool.secret_maker()));
    match at.blocking(move |org| connections::replace_secret(org, id, given, actor, clock.now())).await {
        Ok(Some(made)) if made.made_by == SecretMaker::Us => page(&created(view, &req, tool, &made)),
        Ok(Some(_)) => Ok(see_other(&href(id))),
        Ok(None) => Err(Problem::not_found()),
        Err(ConnectError::Fault(fault)) => Err(fault.into()),
        Err(error) => {
            let secret = Field::empty("secret").refused(secret_complaint(&error).unwrap_or_default());
            page_with(StatusCode::UNPROCESSABLE_ENTITY, &shown(&at, view, &connection, tool, secret))
        }
    }
}

fn shown(at: &At, view: View, connection: &Connection, tool: &'static dyn Connector, secret: Field) -> Show {
    Show {
        frame: view.frame("Replace the secret"),
        csrf: at.form_token.to_string(),
        name: connection.name.clone(),
        tool: tool.title(),
        href: href(connection.id),
        needs_secret: tool.secret_maker() == SecretMaker::Tool,
        hint: tool.disclosure().hints.secret,
        secret,
    }
}

impl Show {
    fn complaints(&self) -> Vec<&Field> {
        [&self.secret].into_iter().filter(|field| field.is_bad()).collect()
    }
}
