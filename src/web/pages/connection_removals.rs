//! Removing a connection.

use crate::base::clock::Clock;
use crate::http::forms::Form;
use crate::http::problem::Problem;
use crate::orgs::connections;
use crate::web::admission::At;
use crate::web::layout::{Answer, Frame, View, page, see_other};
use crate::web::pages::connections::{find, href};
use actix_web::web::{Data, Path};
use askama::Template;

/// What removing it means.
#[derive(Template)]
#[template(path = "connections/removal.html")]
pub struct Show {
    pub frame: Frame,
    pub csrf: String,
    pub name: String,
    pub tool: &'static str,
    pub href: String,
}

/// `GET /connections/{id}/removal`.
pub async fn show(at: At, view: View, id: Path<String>) -> Answer {
    let (connection, tool) = find(&at, &id).await?;
    page(&Show {
        frame: view.frame("Remove this connection"),
        csrf: at.form_token.to_string(),
        name: connection.name,
        tool: tool.title(),
        href: href(connection.id),
    })
}

/// `POST /connections/{id}/removal`.
pub async fn create(at: At, id: Path<String>, _form: Form, clock: Data<Clock>) -> Answer {
    let (connection, _) = find(&at, &id).await?;
    let actor = at.principal.actor();
    let is_removed = at.blocking(move |org| connections::remove(org, connection.id, actor, clock.now())).await?;
    if is_removed { Ok(see_other("/connections")) } else { Err(Problem::not_found()) }
}
