//! `/connections`.

use crate::api::caller::Caller;
use crate::api::json;
use crate::auth::Scope;
use crate::base::clock::Clock;
use crate::base::secret::Secret;
use crate::connectors::connector;
use crate::http::blocking::blocking;
use crate::http::body::Body;
use crate::http::problem::Problem;
use crate::orgs::connections::{self, ConnectError, Connection, NewConnection};
use actix_web::HttpResponse;
use actix_web::web::Data;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Wish {
    connector: String,
    name: String,
    base_url: Option<String>,
    secret: Option<String>,
}

#[derive(Serialize)]
struct View {
    id: String,
    connector: String,
    name: String,
    base_url: Option<String>,
    hook_path: String,
    created_at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    secret: Option<String>,
}

fn view(connection: Connection, secret: Option<String>) -> View {
    View {
        id: connection.id.to_string(),
        hook_path: format!("/hooks/{}/{}", connection.connector, connection.id),
        connector: connection.connector,
        name: connection.name,
        base_url: connection.base_url,
        created_at: connection.created_at.to_string(),
        secret,
    }
}

pub(in crate::api) async fn list(caller: Caller) -> Result<HttpResponse, Problem> {
    caller.needs(Scope::ReadConnections)?;
    let found = blocking(move || connections::list(&caller.org)).await?;
    let views: Vec<View> = found.into_iter().map(|connection| view(connection, None)).collect();
    Ok(json::ok(&serde_json::json!({ "connections": views })))
}

pub(in crate::api) async fn create(caller: Caller, body: Body, clock: Data<Clock>) -> Result<HttpResponse, Problem> {
    caller.needs(Scope::WriteConnections)?;
    let wish: Wish = json::read(&body)?;
    let tool = connector(&wish.connector).ok_or(Problem::senseless("There is no such connector. “github” and “slack” exist."))?;
    let wish = NewConnection { connector: tool.name(), name: wish.name, base_url: wish.base_url, secret: wish.secret.map(Secret::new) };
    let made = blocking(move || connections::create(&caller.org, wish, caller.principal.actor(), clock.now())).await;
    let made = made.map_err(problem)?;
    let secret = made.secret.reveal().clone();
    Ok(json::created(&view(made.connection, Some(secret))))
}

fn problem(error: ConnectError) -> Problem {
    match error {
        ConnectError::NameMissing => Problem::senseless("Give the connection a name, so that people can tell it from others."),
        ConnectError::BadBaseUrl => Problem::senseless("base_url must be an https:// address of a host, such as https://acme.slack.com."),
        ConnectError::BadSecret => Problem::senseless("The secret must have 16 to 256 bytes. Leave it out and one is made for you."),
        ConnectError::Fault(fault) => fault.into(),
    }
}
